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

func (r *Repo) objects() (source, error) {
	store, err := r.openStore()
	if err != nil {
		return nil, fmt.Errorf("open the repository's objects: %w", err)
	}
	return &storeSource{store}, nil
}

// Close lets go of packs held open for reading. Neither a Repo nor an FS of its
// is used after that; a process that ends anyway need not call it.
func (r *Repo) Close() error {
	if r.store == nil {
		return nil
	}
	return r.store.Close()
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
