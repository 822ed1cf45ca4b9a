package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/linter"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/trail"
)

// selection is what a validation looks at.
type selection struct {
	folder  *folder.Folder
	paths   []string       // slash paths; nil is the whole folder
	named   bool           // each path was typed, so each must hold something
	disk    linter.FS      // where it is the folder as it lies on the disk
	gone    []diag.Finding // what was taken away, which the folder alone cannot show
	nothing string         // said where nothing of the record is to be checked
	source  func(file string) []byte
}

// sinceForked is --changed without a revision.
const sinceForked = "(where this branch began)"

// workAnyway is work for whoever only judges: that one of the folder's own files cannot be
// read, or is of a format too old or too new, is a finding to them. f is nil then.
func (e *Env) workAnyway(ctx context.Context) (desk *casework.Desk, f *folder.Folder, err error) {
	desk, f, err = e.work(ctx)
	if err == nil || e.desk == nil || !is[*recordfile.VersionError](err) && !is[*fs.PathError](err) {
		return desk, f, err
	}
	if err := e.desk.Recover(ctx); err != nil { // it was that, and not the folder
		return nil, nil, err
	}
	return e.desk, nil, nil
}

// onto takes the folder as it lies on the disk, to be read whole. f is as it was opened
// before, or nil.
func (s *selection) onto(e *Env, f *folder.Folder) error {
	root, err := e.root()
	if err != nil {
		return err
	}
	if s.disk, err = linter.Disk(root); err != nil {
		return err
	}
	s.folder, err = folder.OpenAnyway(s.disk, f)
	return err
}

// close ends the use of what was selected.
func (s *selection) close() {
	if s.disk != nil {
		_ = s.disk.Close()
	}
}

// selected is what a validation is asked to look at. It is to be closed, with an error too.
func (e *Env) selected(ctx context.Context, args []string, o validateOptions) (selection, error) {
	var s selection
	var err error
	switch {
	case o.staged && o.changed != "":
		err = usage("--staged and --changed are two questions; ask one")
	case o.staged && len(args) > 0:
		err = usage("--staged checks what is staged and takes no PATH")
	case o.staged:
		s, err = e.stagedOnes(ctx)
	case o.changed != "":
		s, err = e.changedOnes(ctx, o.changed, args)
	default:
		s, err = e.namedOnes(ctx, args)
	}
	s.source = func(name string) []byte {
		b, _, err := s.folder.ReadFile(name)
		if err != nil {
			return nil
		}
		return b
	}
	return s, err
}

// namedOnes are the files and folders typed; all where none is.
func (e *Env) namedOnes(ctx context.Context, args []string) (selection, error) {
	s := selection{named: true}
	_, f, err := e.workAnyway(ctx)
	if err != nil && !errors.Is(err, trail.ErrNotRepository) { // a folder without a history will do
		return s, err
	}
	if err := s.onto(e, f); err != nil {
		return s, err
	}
	s.paths, err = e.wanted(s.folder, args)
	return s, err
}

// wanted turns the paths typed into slash paths of the folder; none is all of it.
func (e *Env) wanted(f *folder.Folder, args []string) ([]string, error) {
	root, err := e.root()
	if err != nil {
		return nil, err
	}
	var out []string
	all := len(args) == 0
	for _, a := range args {
		if a == "" {
			return nil, usage("an empty PATH names nothing, so nothing was checked: is a variable not set?")
		}
		if ids.ValidLearner(a) {
			if id, err := f.Find(a, false); err == nil {
				out = append(out, path.Join("learners", id))
				continue
			}
		}
		abs := a
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(e.dir(), a)
		}
		rel, inside := within(root, abs)
		if !inside { // one of the two may be named by a link
			rel, inside = within(withoutLinks(root), filepath.Join(withoutLinks(filepath.Dir(abs)), filepath.Base(abs)))
		}
		if !inside {
			return nil, fmt.Errorf("%s lies outside the record folder, so nothing was checked", a)
		}
		p := filepath.ToSlash(rel)
		if _, err := fs.Lstat(f.FS(), p); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				// As everywhere, the beginning of an id will do; what is there comes first.
				if id, err := f.Find(a, false); err == nil {
					out = append(out, path.Join("learners", id))
					continue
				}
				return nil, fmt.Errorf("%s is not there, so nothing was checked", a)
			}
			return nil, fmt.Errorf("%s: %w", a, err)
		}
		if p == "." { // but every other path typed must be there too
			all = true
			continue
		}
		out = append(out, p)
	}
	if all {
		return nil, nil
	}
	return out, nil
}

// within is a path as seen from a folder, and whether it lies there.
func within(dir, p string) (rel string, inside bool) {
	rel, err := filepath.Rel(dir, p)
	return rel, err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// stagedOnes are the records as they are staged, where anything of them is.
func (e *Env) stagedOnes(ctx context.Context) (selection, error) {
	var s selection
	desk, _, err := e.workAnyway(ctx)
	if err != nil {
		return s, err
	}
	fsys, err := desk.Repo.IndexFS()
	if err != nil {
		return s, err
	}
	if s.folder, err = folder.OpenAnyway(fsys, nil); err != nil {
		return s, err
	}
	staged, err := desk.Repo.Staged(ctx)
	if err != nil {
		return s, err
	}
	if s.paths = linter.BearOn(staged); s.paths != nil && len(s.paths) == 0 {
		s.nothing = "Nothing of the record is staged, so nothing was checked."
	}
	s.gone, err = desk.Gone(fsys, staged)
	return s, err
}

// changedOnes are the records that differ from a commit: what is committed since, what
// is not committed yet, and what git does not know yet.
func (e *Env) changedOnes(ctx context.Context, rev string, args []string) (selection, error) {
	var s selection
	desk, f, err := e.workAnyway(ctx)
	if err != nil {
		return s, err
	}
	if err := s.onto(e, f); err != nil {
		return s, err
	}
	if len(args) > 0 {
		if _, err := desk.Repo.Commit(ctx, args[0]); rev == sinceForked && len(args) == 1 && err == nil {
			return s, usage("--changed takes its commit after an equals sign: --changed=%s", args[0])
		}
		return s, usage("--changed checks what differs from a commit and takes no PATH")
	}
	base, words, err := e.changedSince(ctx, desk, rev)
	if err != nil {
		return s, err
	}
	changed, err := desk.Repo.Differs(ctx, base)
	if p := linter.BearOn(changed); err == nil && p != nil && len(p) == 0 && rev == sinceForked {
		base, words, changed, err = e.changedLast(ctx, desk, base, words)
	}
	if err != nil {
		return s, err
	}
	if s.paths = linter.BearOn(changed); s.paths != nil && len(s.paths) == 0 {
		s.nothing = "Nothing of the record differs from " + words + ", so nothing was checked."
		return s, nil
	}
	if !e.flags.json {
		e.say("Checking what differs from %s.", words)
	}
	if base == "" {
		return s, nil
	}
	was, err := desk.Repo.CommitFS(base)
	if err != nil {
		return s, err
	}
	before := func(p string) ([]byte, error) {
		if info, err := fs.Lstat(was, p); err == nil && !info.Mode().IsRegular() { // a folder or a link, which is no file of the record
			return nil, &fs.PathError{Op: "read", Path: p, Err: fs.ErrNotExist}
		}
		return fs.ReadFile(was, p)
	}
	s.gone, err = casework.TakenAway(before, s.disk, changed, base[:12])
	return s, err
}

// changedLast is what the last commit changed, for --changed on a branch that has nothing
// of its own: that is what a run on the main branch, after a push or a merge, is to look
// at. Where the commit before it is not here, what differs is the whole folder.
func (e *Env) changedLast(ctx context.Context, desk *casework.Desk, base, words string) (string, string, []string, error) {
	head, _, err := desk.Repo.Head()
	if err != nil || head == "" || head != base {
		return base, words, nil, err
	}
	before, err := desk.Repo.Commit(ctx, head+"^1")
	if errors.As(err, new(*trail.RevisionError)) {
		before, err = "", nil
	}
	if err != nil {
		return "", "", nil, err
	}
	changed, err := desk.Repo.Differs(ctx, before)
	words = fmt.Sprintf("the commit before the last one, since nothing here is newer than commit %.12s", head)
	if before == "" {
		words = fmt.Sprintf("an empty folder, since nothing here is newer than commit %.12s and the one before it is not here", head)
	}
	return before, words, changed, err
}

// changedSince gives the commit that --changed compares with, "" where there is none
// yet, and what to call it.
func (e *Env) changedSince(ctx context.Context, desk *casework.Desk, rev string) (id, words string, err error) {
	if rev != sinceForked {
		id, err = desk.Repo.Commit(ctx, rev)
		var unknown *trail.RevisionError
		if errors.As(err, &unknown) {
			return "", "", usage("--changed: %w", err)
		}
		return id, rev, err
	}
	id, upstream, err := desk.Repo.Forked(ctx)
	if err != nil {
		return "", "", err
	}
	if id != "" {
		return id, fmt.Sprintf("commit %.12s, where this branch parted from %s", id, upstream), nil
	}
	if id, _, err = desk.Repo.Head(); id == "" {
		return "", "an empty folder, since nothing is committed yet", err
	}
	return id, fmt.Sprintf("the last commit, %.12s", id), err
}
