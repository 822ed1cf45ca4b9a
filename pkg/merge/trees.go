package merge

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Trees merges two sides of a record folder by meaning. base is what both began
// with, nil or empty where nothing is known of it. The folders are read only at
// opt.Paths and, for context, within the folders of the learners these lie in.
// An error means that a folder cannot be read; what cannot be merged is a Question.
func Trees(base, ours, theirs fs.FS, opt Options) (Result, error) {
	t := &trees{base: side{base}, ours: side{ours}, theirs: side{theirs}, answers: opt.Answers}
	paths := opt.Paths
	if paths == nil {
		var err error
		if paths, err = differing(base, ours, theirs); err != nil {
			return Result{}, err
		}
	}
	if err := t.readRemovals(); err != nil {
		return Result{}, err
	}
	paths = slices.Clone(paths)
	slices.Sort(paths)
	of := map[string][]string{}
	var learners []string
	for _, p := range slices.Compact(paths) {
		id := learnerOf(p)
		if of[id] == nil {
			learners = append(learners, id)
		}
		of[id] = append(of[id], p)
	}
	slices.Sort(learners)
	for _, id := range learners {
		if err := t.merge(id, of[id]); err != nil {
			return Result{}, err
		}
	}
	byPath := func(a, b string) int { return strings.Compare(a, b) }
	slices.SortStableFunc(t.result.Changes, func(a, b Change) int { return byPath(a.Path, b.Path) })
	slices.SortStableFunc(t.result.Questions, func(a, b Question) int { return cmp.Or(byPath(a.Path, b.Path), byPath(a.At, b.At)) })
	slices.SortStableFunc(t.result.Notes, func(a, b Note) int { return cmp.Or(byPath(a.Path, b.Path), byPath(a.Beside, b.Beside)) })
	return t.result, nil
}

type trees struct {
	base, ours, theirs side
	answers            map[string]Choice
	removed            removed
	result             Result
}

// side is one of the three folders; its files may be nil.
type side struct{ fsys fs.FS }

// read gives the bytes of a file, nil where there is none.
func (s side) read(p string) ([]byte, error) {
	if s.fsys == nil {
		return nil, nil
	}
	b, err := fs.ReadFile(s.fsys, p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	if b == nil {
		b = []byte{}
	}
	return b, nil
}

// list gives the names of the files in a folder, none where there is no such folder.
func (s side) list(dir string) ([]string, error) {
	if s.fsys == nil {
		return nil, nil
	}
	entries, err := fs.ReadDir(s.fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// learnerOf is the learner in whose folder a path lies, "" where it lies in none.
func learnerOf(p string) string {
	rest, ok := strings.CutPrefix(p, "learners/")
	id, _, deeper := strings.Cut(rest, "/")
	if !ok || !deeper {
		return ""
	}
	return id
}

// dirOf is the folder of a learner, or the record folder itself.
func dirOf(learner string) string {
	if learner == "" {
		return ""
	}
	return path.Join("learners", learner)
}

// versions are the bytes of one file on the three sides; nil is no file.
type versions struct{ base, ours, theirs []byte }

func same3(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }

// merge merges what lies in one learner's folder, or, for "", in none.
func (t *trees) merge(id string, paths []string) error {
	w := &whole{
		asking: asking{learner: id, answers: t.answers}, trees: t, dir: dirOf(id),
		files: map[string]*versions{}, out: map[string][]byte{}, was: map[string][]byte{},
	}
	for _, p := range paths {
		v, err := t.versions(p)
		if err != nil {
			return err
		}
		w.files[p] = v
		w.was[p] = v.ours
	}
	if id != "" {
		w.cited = citedIn(w.files)
	}
	if err := w.readSeals(); err != nil {
		return err
	}
	w.dropRemoved()
	w.keepRecord()
	w.mergeSeals()
	w.giveNewIDs()
	for _, p := range paths {
		if _, done := w.out[p]; !done {
			w.path = p
			w.out[p] = w.file(p, w.files[p])
		}
	}
	w.look()
	if w.err != nil {
		return w.err
	}
	for p, b := range w.out {
		if !same3(b, w.was[p]) {
			t.result.Changes = append(t.result.Changes, Change{Path: p, Bytes: b})
		}
	}
	t.result.Questions = append(t.result.Questions, w.questions...)
	t.result.Notes = append(t.result.Notes, w.notes...)
	t.result.Answered = append(t.result.Answered, w.answered...)
	return nil
}

func (t *trees) versions(p string) (*versions, error) {
	var v versions
	for _, x := range []struct {
		from side
		to   *[]byte
	}{{t.base, &v.base}, {t.ours, &v.ours}, {t.theirs, &v.theirs}} {
		b, err := x.from.read(p)
		if err != nil {
			return nil, err
		}
		*x.to = b
	}
	return &v, nil
}

// whole is the merging of one learner's folder.
type whole struct {
	asking
	trees   *trees
	dir     string
	files   map[string]*versions // by path below the record folder
	out     map[string][]byte    // what each path comes to; nil is no file
	was     map[string][]byte    // what our side holds there
	seals   sealsOf
	covered map[string][]covering // by path
	err     error                 // the first of reading
}

// file merges one file whose seals, if any, were seen to.
func (w *whole) file(p string, v *versions) []byte {
	k, record := recordfile.KindAt(p)
	switch id := idOf(p); {
	case record && v.base != nil && (v.ours == nil) != (v.theirs == nil) && w.cited.needed(id, v.ours == nil):
		w.note(RuleDeleted, "", id+" was taken out on one side, and something that was recorded on the other names it: so it stays")
		if v.ours != nil {
			return v.ours
		}
		return v.theirs
	case same3(v.ours, v.theirs) || same3(v.base, v.theirs):
		return v.ours
	case same3(v.base, v.ours):
		return v.theirs
	case v.ours == nil || v.theirs == nil:
		return w.deletedFile(p, v)
	case w.attachment(p):
		return w.twoAttachments(p, v)
	case record && (k == recordfile.Passport || k == recordfile.Profile) && w.agreed(p, v):
		return w.living(p, k, v)
	case record:
		return w.recordFile(k, v.base, v.ours, v.theirs)
	}
	if w.askWhole(RuleForeign, "This file, which is not part of the record, was changed here and in the other copy. Which of the two stands?", v.base, v.ours, v.theirs, Ours, Theirs) == Theirs {
		return v.theirs
	}
	return v.ours
}

// deletedFile is a file that one side took out and the other changed.
func (w *whole) deletedFile(p string, v *versions) []byte {
	there := v.ours
	if there == nil {
		there = v.theirs
	}
	if w.attachment(p) {
		w.note(RuleAttachment, "", "this was taken out on one side and changed on the other, so it stays: take it out again if nobody needs it")
		return there
	}
	if out, ok := w.deletedLog(p, v.base, there, v.ours == nil); ok {
		return out
	}
	ask := "This file was changed here and taken out in the other copy. Shall it stay (ours), or go (theirs)?"
	if v.ours == nil {
		ask = "This file was taken out here and changed in the other copy. Shall it stay out (ours), or stay as it was changed (theirs)?"
	}
	switch w.askWhole(RuleDeleted, ask, v.base, v.ours, v.theirs, Ours, Theirs) {
	case Ours:
		return v.ours
	case Theirs:
		return v.theirs
	}
	return there
}

func (w *whole) attachment(p string) bool {
	return w.learner != "" && strings.HasPrefix(p, w.dir+"/attachments/")
}

// twoAttachments keeps both: one is cited by the hash of its bytes, so neither name matters.
func (w *whole) twoAttachments(p string, v *versions) []byte {
	stays, goes := v.ours, v.theirs
	if seal.Hash(goes) < seal.Hash(stays) {
		stays, goes = goes, stays // the same in every clone
	}
	beside := w.beside(p, recordfile.Late, goes)
	w.note(RuleAttachment, beside, "two different files had this name; both are kept, the other one as "+path.Base(beside))
	return stays
}

// beside puts bytes into a new file beside p and gives its path. The name comes of
// the bytes, so that every clone gives it the same one.
func (w *whole) beside(p, word string, b []byte) string {
	for try := byte(0); ; try++ {
		to := besidePath(p, word, letters(b, fileID, try))
		have, known := w.out[to]
		if v := w.files[to]; !known && v != nil {
			have = v.ours
			if have == nil {
				have = v.theirs
			}
		} else if !known {
			have = w.ours(to)
			w.was[to] = have
		}
		if have == nil || bytes.Equal(have, b) {
			w.out[to] = b
			return to
		}
	}
}

const fileID = 4 // characters of a file's id

func besidePath(p, word, id string) string {
	ext := path.Ext(p)
	return strings.TrimSuffix(p, ext) + "-" + word + "-" + id + ext
}

// differing walks the three folders and lists the paths at which any differs from
// another.
func differing(folders ...fs.FS) ([]string, error) {
	seen := map[string]bool{}
	for _, f := range folders {
		if f == nil {
			continue
		}
		err := fs.WalkDir(f, ".", func(p string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && p == "." {
				return nil
			}
			if err == nil && d.IsDir() && d.Name() == ".git" {
				return fs.SkipDir
			}
			if err == nil && !d.IsDir() {
				seen[p] = true
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("merge: %w", err)
		}
	}
	out := []string{}
	for p := range seen {
		var first []byte
		for i, f := range folders {
			b, err := side{f}.read(p)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				first = b
			} else if !same3(first, b) {
				out = append(out, p)
				break
			}
		}
	}
	slices.Sort(out)
	return out, nil
}
