package trail

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// headState is where HEAD points: ref is "refs/heads/main" or "" when detached;
// id is zero on an unborn branch.
type headState struct {
	ref string
	id  plumbing.Hash
}

func (h headState) branch() string { return strings.TrimPrefix(h.ref, "refs/heads/") }

// Head is the last commit, "" on a branch without one, and the branch, ""
// when HEAD is detached.
func (r *Repo) Head() (id, branch string, err error) {
	if err := r.supported(); err != nil {
		return "", "", err
	}
	h, err := r.head()
	if err != nil {
		return "", "", err
	}
	if !h.id.IsZero() {
		id = h.id.String()
	}
	return id, h.branch(), nil
}

func (r *Repo) head() (headState, error) {
	b, err := os.ReadFile(filepath.Join(r.gitDir, "HEAD"))
	if err != nil {
		return headState{}, fmt.Errorf("read HEAD: %w", err)
	}
	ref, ok := strings.CutPrefix(string(b), "ref:")
	if !ok {
		id, err := parseID(b)
		if err != nil {
			return headState{}, fmt.Errorf("read HEAD: %w", err)
		}
		return headState{id: id}, nil
	}
	ref = strings.TrimSpace(ref)
	if !strings.HasPrefix(ref, "refs/heads/") || strings.Contains(ref, "..") {
		return headState{}, refuse("HEAD points to "+ref, "that is not a branch; `git switch` to one")
	}
	id, err := r.readRef(ref)
	return headState{ref: ref, id: id}, err
}

// readRef gives the value of a branch, zero when there is none: the loose file
// first, then packed-refs, so that a packing in between is not missed.
func (r *Repo) readRef(ref string) (plumbing.Hash, error) {
	b, err := os.ReadFile(filepath.Join(r.commonDir, filepath.FromSlash(ref)))
	switch {
	case err == nil:
		if bytes.HasPrefix(b, []byte("ref:")) {
			return plumbing.ZeroHash, refuse(ref+" is a symbolic ref", "sendctl does not follow one branch to another")
		}
		id, err := parseID(b)
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("read %s: %w", ref, err)
		}
		return id, nil
	case errors.Is(err, fs.ErrNotExist) || isDir(filepath.Join(r.commonDir, filepath.FromSlash(ref))):
	default:
		return plumbing.ZeroHash, fmt.Errorf("read %s: %w", ref, err)
	}
	b, err = os.ReadFile(filepath.Join(r.commonDir, "packed-refs"))
	if errors.Is(err, fs.ErrNotExist) {
		return plumbing.ZeroHash, nil
	}
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("read packed-refs: %w", err)
	}
	for line := range bytes.Lines(b) {
		if len(line) > 41 && line[40] == ' ' && string(bytes.TrimRight(line[41:], "\r\n")) == ref {
			return parseID(line[:40])
		}
	}
	return plumbing.ZeroHash, nil
}

func isDir(p string) bool {
	st, err := os.Stat(p)
	return err == nil && st.IsDir()
}

func parseID(b []byte) (plumbing.Hash, error) {
	s := strings.TrimSpace(string(b))
	if !plumbing.IsHash(s) || len(s) != 40 {
		return plumbing.ZeroHash, errors.New("not an object id")
	}
	return plumbing.NewHash(s), nil
}

// replaceRef renames the prepared file over the ref, whose lock is held. Git
// may have left empty folders where the file must go.
func replaceRef(tmp, path string) error {
	err := os.Rename(tmp, path)
	if err != nil && isDir(path) {
		if removeEmpty(path) == nil {
			err = os.Rename(tmp, path)
		}
	}
	return err
}

func removeEmpty(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		if !e.IsDir() {
			return fmt.Errorf("%s is not empty", dir)
		}
		if err := removeEmpty(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return os.Remove(dir)
}
