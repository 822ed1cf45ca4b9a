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

// openStore opens the object store for reading. The caller closes it.
func (r *Repo) openStore() (*objects.Store, error) {
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
