package trail

import (
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
)

// source reads objects by id. The error is plumbing.ErrObjectNotFound, perhaps
// wrapped, when there is none. Tests hold the one used against go-git.
type source interface {
	Object(id plumbing.Hash) (plumbing.ObjectType, []byte, error)
}

// objects is the source, opened at the first use.
func (r *Repo) objects() (source, error) {
	r.sourceOnce.Do(func() {
		store, err := r.openStore()
		if err != nil {
			r.sourceErr = fmt.Errorf("open the repository's objects: %w", err)
			return
		}
		r.source, r.closeSource = &storeSource{store}, store.Close
	})
	return r.source, r.sourceErr
}

// Close lets go of packs held open for reading. A Repo is not used after that;
// a process that ends anyway need not call it.
func (r *Repo) Close() error {
	if r.closeSource == nil {
		return nil
	}
	return r.closeSource()
}

// object reads one object of a certain kind.
func (r *Repo) object(id plumbing.Hash, kind plumbing.ObjectType) ([]byte, error) {
	from, err := r.objects()
	if err != nil {
		return nil, err
	}
	got, data, err := from.Object(id)
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		if r.promised() {
			return nil, refuse("object "+id.String()+" is not here", "this is a partial clone; `git fetch --refetch --no-filter` brings everything")
		}
		return nil, fmt.Errorf("the repository is damaged (see git fsck): %w", err)
	}
	if err != nil {
		return nil, err
	}
	if got != kind {
		return nil, fmt.Errorf("object %s is a %s, not a %s", id, got, kind)
	}
	return data, nil
}
