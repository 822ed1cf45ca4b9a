package trail

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Ref is one ref and the object it names.
type Ref struct {
	Name string // "refs/heads/main"
	ID   objects.ID
}

// Objects is the store of raw objects, for whoever must prove something by them:
// replace refs and grafts are not followed. It is the Repo's own and goes with it:
// only who opened the Repo for themselves alone, as audit does, has it verify.
func (r *Repo) Objects() (*objects.Store, error) { return r.openStore() }

// Prefix is where the record folder lies in the repository's trees: "" at the top,
// else a slash path that ends in "/".
func (r *Repo) Prefix() string { return r.prefix }

// Border lists the commits whose parents a shallow clone left behind; empty for a
// whole clone.
func (r *Repo) Border() ([]objects.ID, error) {
	at, err := r.shallow()
	if err != nil {
		return nil, err
	}
	out := make([]objects.ID, 0, len(at))
	for id := range at {
		out = append(out, id)
	}
	slices.SortFunc(out, func(a, b objects.ID) int { return bytes.Compare(a[:], b[:]) })
	return out, nil
}

// Promised reports whether this is a partial clone, where objects may be missing on
// purpose.
func (r *Repo) Promised() bool { return r.promised() }

// Refs lists the refs whose names begin with prefix ("refs/", "refs/remotes/"),
// sorted by name; symbolic ones are left out.
func (r *Repo) Refs(prefix string) ([]Ref, error) {
	if err := r.supported(); err != nil {
		return nil, err
	}
	at := map[string]objects.ID{}
	raw, err := os.ReadFile(filepath.Join(r.commonDir, "packed-refs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read packed-refs: %w", err)
	}
	for line := range bytes.Lines(raw) {
		if len(line) < 42 || line[40] != ' ' {
			continue // a header, or what a tag points at
		}
		if name := string(bytes.TrimRight(line[41:], "\r\n")); strings.HasPrefix(name, prefix) {
			id, err := objects.ParseID(string(line[:40]))
			if err != nil {
				return nil, fmt.Errorf("read packed-refs: %w", err)
			}
			at[name] = id
		}
	}
	err = filepath.WalkDir(filepath.Join(r.commonDir, "refs"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(p, ".lock") {
			return err
		}
		rel, err := filepath.Rel(r.commonDir, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if !strings.HasPrefix(name, prefix) {
			return nil
		}
		b, err := os.ReadFile(p)
		if err != nil || bytes.HasPrefix(b, []byte("ref:")) {
			return err
		}
		id, err := objects.ParseID(string(bytes.TrimSpace(b)))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		at[name] = id
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the refs: %w", err)
	}
	out := make([]Ref, 0, len(at))
	for name, id := range at {
		out = append(out, Ref{name, id})
	}
	slices.SortFunc(out, func(a, b Ref) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// Step is one line of a reflog: from where to where, when on this machine's clock,
// and by what ("commit: note …", "reset: moving to …", "pull: …").
type Step struct {
	From, To objects.ID
	Email    string // of whoever did it, as git knew them
	When     time.Time
	What     string
}

// Steps reads the reflog of a branch ("main"), of a ref by its whole name
// ("refs/remotes/origin/main"), or of HEAD where branch is "", oldest first. Git
// forgets old ones in time, and there may be none.
func (r *Repo) Steps(branch string) ([]Step, error) {
	name := filepath.Join(r.gitDir, "logs", "HEAD")
	switch {
	case strings.HasPrefix(branch, "refs/"):
		name = filepath.Join(r.commonDir, "logs", filepath.FromSlash(branch))
	case branch != "":
		name = filepath.Join(r.commonDir, "logs", "refs", "heads", filepath.FromSlash(branch))
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the reflog: %w", err)
	}
	var out []Step
	for line := range bytes.Lines(raw) {
		if len(line) < 82 {
			continue
		}
		from, errFrom := objects.ParseID(string(line[:40]))
		to, errTo := objects.ParseID(string(line[41:81]))
		if err := errors.Join(errFrom, errTo); err != nil {
			return nil, fmt.Errorf("read the reflog: %w", err)
		}
		who, what, _ := bytes.Cut(bytes.TrimRight(line[82:], "\n"), []byte("\t"))
		by := objects.ParseIdent(who)
		out = append(out, Step{from, to, by.Email, by.When(), string(what)})
	}
	return out, nil
}

// Redirected says in what ways git shows people another history than the objects
// hold: replace refs ("refs/replace/ID"), a file of grafts. Empty is as it should be.
func (r *Repo) Redirected() ([]string, error) {
	refs, err := r.Refs("refs/replace/")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, ref := range refs {
		out = append(out, ref.Name)
	}
	b, err := os.ReadFile(filepath.Join(r.commonDir, "info", "grafts"))
	if err == nil && len(bytes.TrimSpace(b)) > 0 {
		out = append(out, "info/grafts")
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read info/grafts: %w", err)
	}
	return out, nil
}
