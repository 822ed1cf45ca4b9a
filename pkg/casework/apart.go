package casework

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/trail"
)

// This file holds what must not be brought together: a history that still holds
// what was removed for good, and a history that is another one.

// RemovedError says that a copy still holds what was removed from the whole history.
type RemovedError struct {
	Here     bool   // it is this copy that holds it
	Learner  string // whose it was
	Commit   string // one commit that holds it
	Removals []string
	Merge    string   // the merge here that brought it back, where one did
	Unshared []string // acts that only this copy has, where it is this one: commit and subject, the newest first
}

func (e *RemovedError) Error() string {
	what := fmt.Sprintf("of learner %s (removal %s; commit %.12s holds it)", e.Learner, strings.Join(e.Removals, ", "), e.Commit)
	if !e.Here {
		return "the other copy still holds what was removed for good here, " + what + "; nothing was taken over or sent. " +
			"Have it removed there too: where it is the shared copy, put this folder's history in its place (git push --force-with-lease, once everybody knows); " +
			"whoever else has such a clone deletes it and clones again"
	}
	if e.Merge != "" {
		return "an old history was merged here, and with it came what was removed for good, " + what + "; nothing was taken over or sent. " +
			fmt.Sprintf("Take that merge back (git reset --hard %.12s^1) where it is the last thing that happened here, else remove it again: sendctl purge %s", e.Merge, e.Learner)
	}
	text := "this copy still holds what was removed for good elsewhere, " + what + "; nothing was taken over or sent. Clone the folder anew, with git clone, into another place; "
	if len(e.Unshared) > 0 {
		text += fmt.Sprintf("record there again what only this copy has (%s: %s); ", count(len(e.Unshared), "act", "acts"), strings.Join(e.Unshared[:min(len(e.Unshared), 10)], "; "))
		if len(e.Unshared) > 10 {
			text = strings.TrimSuffix(text, "); ") + " …); "
		}
	}
	return text + "and then delete this copy, its backups too"
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// StrangeError says that another copy is not a copy of this folder's history.
type StrangeError struct {
	Missing int // seals that are here and not there
}

func (e *StrangeError) Error() string {
	if e.Missing == 0 {
		return "the other copy does not share this folder's history, and no seal stands here to know it by: it is another folder, or its history was written anew. Nothing was taken over or sent"
	}
	return fmt.Sprintf("the other copy does not share this folder's history, and %s that stand here are not there: it is another folder, or its history was written anew and something was dropped. "+
		"Nothing was taken over or sent. Look with: sendctl audit verify, in both copies. Where the other copy is the right one, clone it anew; where this one is, give it a new, empty place to be shared in",
		count(e.Missing, "seal", "seals"))
}

// removedAt is what is known to be removed, by learner.
type removedAt map[string][]learner.Removal

func (j *joining) removals(sides ...sight) (removedAt, error) {
	out := removedAt{}
	seen := map[string]bool{}
	for _, s := range sides {
		f, err := folder.Open(s.fs())
		if errors.Is(err, folder.ErrNotFolder) {
			continue // another folder altogether, which is refused for that
		}
		if err != nil {
			return nil, err
		}
		for _, r := range f.Removals {
			if r.Doc != nil && !seen[r.Value.ID] {
				seen[r.Value.ID] = true
				out[r.Value.Learner] = append(out[r.Value.Learner], r.Value)
			}
		}
	}
	return out, nil
}

// refuseRemoved looks through every commit that only one side has for what either
// side says was removed, and through what was ever merged into ours: an old history
// that plain git brought in is on no side alone.
func (j *joining) refuseRemoved(ours, theirs sight) error {
	gone, err := j.removals(ours, theirs)
	if err != nil || len(gone) == 0 {
		return err
	}
	s := &searching{joining: j, gone: gone, clean: map[objects.ID]bool{}, seals: map[objects.ID]string{}}
	for _, side := range []struct {
		commits []string
		here    bool
	}{{j.in, false}, {j.out, true}} {
		for _, c := range side.commits {
			id, by, err := s.holds(c)
			if err != nil {
				return err
			}
			if id != "" {
				e := &RemovedError{Here: side.here, Learner: id, Commit: c, Removals: by}
				if side.here {
					if e.Unshared, err = j.unshared(gone); err != nil {
						return err
					}
				}
				return e
			}
		}
	}
	merges, err := j.desk.Repo.Merges(j.ctx, ours.commit)
	if err != nil {
		return err
	}
	for _, m := range merges {
		for _, p := range m.Parents {
			id, by, err := s.holds(p)
			if err != nil {
				return err
			}
			if id != "" {
				return &RemovedError{Here: true, Learner: id, Commit: p, Removals: by, Merge: m.ID}
			}
		}
	}
	return nil
}

// unshared lists our own acts that are not on the other side under another id: a
// history that was written anew keeps author and time, and the subject of whatever lost
// nothing. Acts of which nothing but what was removed is left are not to be recorded again.
func (j *joining) unshared(gone removedAt) ([]string, error) {
	type act struct {
		who  objects.Ident
		what string
	}
	there, then := map[act]bool{}, map[objects.Ident]bool{}
	for _, id := range j.in {
		c, err := j.desk.Repo.Joining(id)
		if err != nil {
			return nil, err
		}
		there[act{c.Author, subjectOf(c)}], then[c.Author] = true, true
	}
	var out []string
	for _, id := range j.out {
		c, err := j.desk.Repo.Joining(id)
		if err != nil {
			return nil, err
		}
		if len(c.Parents) > 1 || there[act{c.Author, subjectOf(c)}] {
			continue
		}
		parent := ""
		if len(c.Parents) == 1 {
			parent = c.Parents[0]
		}
		diff, err := j.desk.Repo.Differences(parent, id)
		if err != nil {
			return nil, err
		}
		left := slices.DeleteFunc(slices.Clone(diff), func(d trail.Difference) bool { return gone.names(d.Path) })
		if len(diff) > 0 && len(left) == 0 || len(left) < len(diff) && then[c.Author] {
			continue
		}
		out = append(out, id[:12]+" "+subjectOf(c))
	}
	return out, nil
}

func subjectOf(c trail.Joined) string {
	subject, _, _ := strings.Cut(c.Message, "\n")
	return subject
}

// names reports whether a path of the record folder is one of what was removed.
func (g removedAt) names(p string) bool {
	at, ok := strings.CutPrefix(p, "learners/")
	id, at, _ := strings.Cut(at, "/")
	if !ok {
		return false
	}
	return slices.ContainsFunc(g[id], func(r learner.Removal) bool { return r.What == "learner" || bears(at, r.Files) })
}

// bears reports whether a file of a learner's folder, or a seal's, bears one of the ids.
func bears(at string, list []string) bool {
	name := path.Base(at)
	stem := strings.TrimSuffix(name, path.Ext(name))
	return slices.ContainsFunc(list, func(id string) bool {
		if strings.HasPrefix(at, seal.Dir+"/") {
			return stem == id || strings.HasPrefix(stem, id+"-")
		}
		return path.Ext(name) == ".yaml" && strings.HasSuffix(stem, "-"+id)
	})
}

// searching looks into raw trees; one that was looked at is not looked at again.
type searching struct {
	*joining
	gone  removedAt
	clean map[objects.ID]bool   // trees of a learner without anything removed
	seals map[objects.ID]string // hashes of seals
}

func (s *searching) holds(commit string) (learnerID string, by []string, err error) {
	store, err := s.desk.Repo.Objects()
	if err != nil {
		return "", nil, err
	}
	for id, list := range s.gone {
		at, ok, err := s.treeAt(store, commit, s.desk.Repo.Prefix()+"learners/"+id)
		if err != nil {
			return "", nil, err
		}
		if !ok || s.clean[at] {
			continue
		}
		names, err := s.files(store, at, "")
		if err != nil {
			return "", nil, err
		}
		for _, r := range list {
			held, err := s.has(store, names, r)
			if err != nil {
				return "", nil, err
			}
			if held {
				by = append(by, r.ID)
			}
		}
		if len(by) > 0 {
			return id, by, nil
		}
		s.clean[at] = true
	}
	return "", nil, nil
}

// treeAt finds a folder of a commit.
func (s *searching) treeAt(store *objects.Store, commit, p string) (objects.ID, bool, error) {
	c, err := objects.ParseID(commit)
	if err != nil {
		return objects.ID{}, false, err
	}
	raw, err := store.Of(objects.Commit, c)
	if err != nil {
		return objects.ID{}, false, err
	}
	var h objects.Header
	if err := objects.ReadHeader(raw, &h); err != nil {
		return objects.ID{}, false, err
	}
	at := h.Tree
	for part := range strings.SplitSeq(p, "/") {
		tree, err := store.Of(objects.Tree, at)
		if err != nil {
			return objects.ID{}, false, err
		}
		e, ok, err := objects.FindEntry(tree, part)
		if err != nil || !ok || !e.IsTree() {
			return objects.ID{}, false, err
		}
		at = e.ID
	}
	return at, true, nil
}

type treeFile struct {
	path string
	id   objects.ID
}

func (s *searching) files(store *objects.Store, tree objects.ID, at string) ([]treeFile, error) {
	raw, err := store.Of(objects.Tree, tree)
	if err != nil {
		return nil, err
	}
	var out []treeFile
	for e, err := range objects.Entries(raw) {
		if err != nil {
			return nil, err
		}
		p := path.Join(at, string(e.Name))
		if e.IsTree() {
			below, err := s.files(store, e.ID, p)
			if err != nil {
				return nil, err
			}
			out = append(out, below...)
			continue
		}
		out = append(out, treeFile{p, e.ID})
	}
	return out, nil
}

// has reports whether a learner's files hold what a removal took out. A learner
// who came back after it, from another setting, is here by right.
func (s *searching) has(store *objects.Store, files []treeFile, r learner.Removal) (bool, error) {
	if r.What == "learner" && len(files) > 0 && !slices.ContainsFunc(files, func(f treeFile) bool { return cameAfter(f.path, r.Date) }) {
		return true, nil
	}
	if r.What == "learner" {
		return false, nil
	}
	for _, f := range files {
		if bears(f.path, r.Files) {
			return true, nil
		}
		if !strings.HasPrefix(f.path, "seals/") || len(r.Seals) == 0 {
			continue
		}
		hash, ok := s.seals[f.id]
		if !ok {
			b, err := store.Of(objects.Blob, f.id)
			if err != nil {
				return false, err
			}
			hash = seal.Hash(b)
			s.seals[f.id] = hash
		}
		if slices.Contains(r.Seals, hash) || slices.Contains(r.Seals, strings.TrimPrefix(hash, "sha256:")) {
			return true, nil
		}
	}
	return false, nil
}

// cameAfter reads the day from the name of an arrival.
func cameAfter(p string, day date.Date) bool {
	rest, ok := strings.CutPrefix(p, "arrivals/")
	if !ok || len(rest) < 10 {
		return false
	}
	d, err := date.Parse(rest[:10])
	return err == nil && !d.Before(day)
}

// refuseStrange refuses a history that shares nothing with ours, unless every seal
// of ours stands there too, or was removed.
func (j *joining) refuseStrange(ours, theirs sight) error {
	gone, err := j.removals(ours, theirs)
	if err != nil {
		return err
	}
	removed := map[string]bool{}
	for _, list := range gone {
		for _, r := range list {
			for _, h := range r.Seals {
				removed[strings.TrimPrefix(h, "sha256:")] = true
			}
		}
	}
	missing := 0
	err = fs.WalkDir(ours.fs(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != seal.Extension {
			return err
		}
		mine, err := fs.ReadFile(ours.fs(), p)
		if err != nil {
			return err
		}
		other, err := readAll(theirs.fs(), p)
		if err != nil {
			return err
		}
		if !bytes.Equal(mine, other) && !removed[strings.TrimPrefix(seal.Hash(mine), "sha256:")] {
			missing++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if missing > 0 {
		return &StrangeError{Missing: missing}
	}
	// Without a single seal there is nothing to know the folder by.
	if first, err := j.sealed(ours); err != nil || !first {
		return &StrangeError{}
	}
	return nil
}

func (j *joining) sealed(s sight) (found bool, err error) {
	err = fs.WalkDir(s.fs(), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && path.Ext(p) == seal.Extension {
			found = true
			return fs.SkipAll
		}
		return err
	})
	return found, err
}
