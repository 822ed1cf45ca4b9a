package trail

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// source reads objects by id. The error is plumbing.ErrObjectNotFound, perhaps
// wrapped, when there is none.
type source interface {
	Object(id plumbing.Hash) (plumbing.ObjectType, []byte, error)
}

func (r *Repo) objects() source {
	r.sourceOnce.Do(func() {
		if r.source == nil {
			r.source = &storageSource{repo: r}
		}
	})
	return r.source
}

// storageSource reads loose objects itself and leaves packs and alternates to
// go-git. One goroutine at a time.
type storageSource struct {
	repo    *Repo
	storage *filesystem.Storage
}

func (s *storageSource) Object(id plumbing.Hash) (plumbing.ObjectType, []byte, error) {
	path := s.repo.looseObject(id)
	b, err := os.ReadFile(path)
	if err == nil {
		kind, data, err := inflate(b)
		if err != nil {
			return 0, nil, fmt.Errorf("object %s is damaged: %w", id, err)
		}
		return kind, data, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return 0, nil, fmt.Errorf("read object %s: %w", id, err)
	}
	// Twice: a repack may have moved everything since the packs were listed.
	for try := range 2 {
		if s.storage == nil || try > 0 {
			s.storage = filesystem.NewStorageWithOptions(osfs.New(s.repo.commonDir, osfs.WithBoundOS()), cache.NewObjectLRU(8*cache.MiByte),
				filesystem.Options{AlternatesFS: osfs.New("/", osfs.WithBoundOS())})
		}
		o, err := s.storage.EncodedObject(plumbing.AnyObject, id)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			continue
		}
		if err != nil {
			return 0, nil, fmt.Errorf("read object %s: %w", id, err)
		}
		rd, err := o.Reader()
		if err != nil {
			return 0, nil, fmt.Errorf("read object %s: %w", id, err)
		}
		data, err := io.ReadAll(rd)
		return o.Type(), data, errors.Join(err, rd.Close())
	}
	return 0, nil, fmt.Errorf("object %s: %w", id, plumbing.ErrObjectNotFound)
}

// object reads one object of a certain kind.
func (r *Repo) object(id plumbing.Hash, kind plumbing.ObjectType) ([]byte, error) {
	got, data, err := r.objects().Object(id)
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
