package trail

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/sendctl/sendctl/pkg/objects"
)

// openStore gives the object store for reading, opened at the first use. Everything
// shares it until Close: another one would map the packs and unpack their bases
// anew, which for the log of one learner was most of the work.
func (r *Repo) openStore() (*objects.Store, error) {
	r.storeOnce.Do(func() { r.store, r.storeErr = r.ownStore() })
	return r.store, r.storeErr
}

// ownStore opens a store of the caller's own, who closes it.
func (r *Repo) ownStore() (*objects.Store, error) {
	if err := r.supported(); err != nil {
		return nil, err
	}
	return objects.Open(r.commonDir)
}

// storeSource is the source that reads packs in place.
type storeSource struct{ store *objects.Store }

func (s *storeSource) Object(id plumbing.Hash) (plumbing.ObjectType, []byte, error) {
	kind, data, err := s.store.Object(objects.ID(id))
	var missing *objects.MissingError
	if errors.As(err, &missing) {
		return 0, nil, fmt.Errorf("object %s: %w", id, plumbing.ErrObjectNotFound)
	}
	if err != nil {
		return 0, nil, err
	}
	return plumbing.ObjectType(kind), data, nil // both number as packs do
}

// shallow lists the commits whose parents a shallow clone left behind.
func (r *Repo) shallow() (map[objects.ID]bool, error) {
	raw, err := os.ReadFile(filepath.Join(r.commonDir, "shallow"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the shallow border: %w", err)
	}
	at := map[objects.ID]bool{}
	for line := range bytes.Lines(raw) {
		id, err := objects.ParseID(string(bytes.TrimSpace(line)))
		if err != nil {
			return nil, fmt.Errorf("read the shallow border: %w", err)
		}
		at[id] = true
	}
	return at, nil
}
