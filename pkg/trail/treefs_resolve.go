package trail

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// RevisionError says that a revision names no commit, or more than one.
type RevisionError struct {
	Rev       string
	Ambiguous bool // several commits begin with these digits
}

func (e *RevisionError) Error() string {
	if e.Ambiguous {
		return fmt.Sprintf("several commits begin with %q: give more digits", e.Rev)
	}
	return fmt.Sprintf("no commit is called %q", e.Rev)
}

// Resolve gives the id of the commit that rev names: HEAD (or @), a full id, a
// tag, a branch, a branch of a remote (origin/main), a full ref name, or at
// least four digits that begin one commit's id; in that order. A tag is followed
// to its commit. What names none, HEAD of an unborn branch too, is a *RevisionError.
func (r *Repo) Resolve(rev string) (id string, err error) {
	store, err := r.openStore()
	if err != nil {
		return "", fmt.Errorf("find a commit: %w", err)
	}
	found, err := r.resolve(store, rev)
	if err != nil {
		return "", fmt.Errorf("find a commit: %w", err)
	}
	return found.String(), nil
}

func (r *Repo) resolve(store *objects.Store, rev string) (objects.ID, error) {
	if rev == "HEAD" || rev == "@" {
		h, err := r.head()
		if err != nil {
			return objects.ID{}, err
		}
		if h.id.IsZero() {
			return objects.ID{}, &RevisionError{Rev: rev}
		}
		return peel(store, objects.ID(h.id), rev)
	}
	if id, err := objects.ParseID(rev); err == nil {
		return peel(store, id, rev)
	}
	if checkBranch(rev) == nil {
		for _, ref := range []string{rev, "refs/" + rev, "refs/tags/" + rev, "refs/heads/" + rev, "refs/remotes/" + rev} {
			if !strings.HasPrefix(ref, "refs/") {
				continue
			}
			id, err := r.readRef(ref)
			if err != nil {
				return objects.ID{}, err
			}
			if !id.IsZero() {
				return peel(store, objects.ID(id), rev)
			}
		}
	}
	if len(rev) < 4 || len(rev) > 40 || strings.Trim(strings.ToLower(rev), "0123456789abcdef") != "" {
		return objects.ID{}, &RevisionError{Rev: rev}
	}
	ids, err := store.Prefix(rev)
	if err != nil {
		return objects.ID{}, err
	}
	var found objects.ID
	for _, id := range ids {
		c, err := peel(store, id, rev)
		if errors.As(err, new(*RevisionError)) {
			continue // a tree or a blob
		}
		if err != nil {
			return objects.ID{}, err
		}
		if !found.IsZero() && found != c {
			return objects.ID{}, &RevisionError{Rev: rev, Ambiguous: true}
		}
		found = c
	}
	if found.IsZero() {
		return objects.ID{}, &RevisionError{Rev: rev}
	}
	return found, nil
}

// peel follows tags to a commit.
func peel(store *objects.Store, id objects.ID, rev string) (objects.ID, error) {
	const deepest = 32 // tags of tags
	for range deepest {
		kind, _, err := store.Stat(id)
		if err != nil {
			return objects.ID{}, err
		}
		switch kind {
		case objects.Commit:
			return id, nil
		case objects.Tag:
			raw, err := store.Of(objects.Tag, id)
			if err != nil {
				return objects.ID{}, err
			}
			if id, _, err = objects.TagTarget(raw); err != nil {
				return objects.ID{}, fmt.Errorf("tag %s: %w", rev, err)
			}
		default:
			return objects.ID{}, &RevisionError{Rev: rev}
		}
	}
	return objects.ID{}, &RevisionError{Rev: rev}
}
