package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Held is how git holds a file.
type Held uint8

// What Known tells of a file.
const (
	Tracked  Held = iota + 1 // in the index, and belongs in the work tree
	LeftOut                  // in the index, and a sparse checkout leaves it out
	Unmerged                 // has several sides in the index, since a merge has not ended
	Removed                  // in the last commit, and no more in the index
)

// Known visits the slash paths of the record folder that git has in its index or in the
// last commit: first those of the index, in the order of their bytes, then those that were
// removed. A path is good until visit returns; one that is unmerged comes once for each
// side.
func (r *Repo) Known(ctx context.Context, visit func(path []byte, how Held)) error {
	tell := func(p []byte, how Held) {
		if rel, ok := bytes.CutPrefix(p, []byte(r.prefix)); ok && len(rel) > 0 {
			visit(rel, how)
		}
	}
	plain := true
	var tree plumbing.Hash // that the index holds; zero where it does not say
	err := objects.Look(r.indexPath(), func(b []byte) error {
		x := &rawIndex{buf: b}
		if err := x.header(); err != nil {
			return err
		}
		if err := x.walk(func(e *indexEntry, _ []byte) error {
			if len(e.path) == 0 || e.path[len(e.path)-1] == '/' { // of a split index, and of a sparse one
				plain = false
			}
			return nil
		}); err != nil {
			return err
		}
		if err := x.checkExtensions(); errors.As(err, new(*RefusedError)) {
			plain = false
		} else if err != nil {
			return err
		}
		tree = x.tree()
		if !plain {
			return nil
		}
		return x.walk(func(e *indexEntry, _ []byte) error {
			switch {
			case e.intent():
			case e.stage() != 0:
				tell(e.path, Unmerged)
			case e.skipWorktree():
				tell(e.path, LeftOut)
			default:
				tell(e.path, Tracked)
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the index: %w", err)
	}
	if !plain {
		if err := r.listed(ctx, tell); err != nil {
			return err
		}
	}
	return r.removed(ctx, tree, tell)
}

// listed has git itself read an index of a kind that is not read here.
func (r *Repo) listed(ctx context.Context, tell func([]byte, Held)) error {
	out, err := r.gitContext(ctx, nil, nil, "ls-files", "--cached", "--full-name", "-t", "-z")
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(string(out), "\x00") {
		tag, p, ok := strings.Cut(line, " ")
		switch {
		case !ok:
		case tag == "S":
			tell([]byte(p), LeftOut)
		case tag == "M":
			tell([]byte(p), Unmerged)
		default:
			tell([]byte(p), Tracked)
		}
	}
	return nil
}

// removed tells what the last commit has and the index has not. Mostly the index says of
// itself that it holds the very tree of that commit, so that nothing can be.
func (r *Repo) removed(ctx context.Context, tree plumbing.Hash, tell func([]byte, Held)) error {
	head, err := r.head()
	if err != nil || head.id.IsZero() {
		return err
	}
	if !tree.IsZero() {
		if of, err := r.treeOf(head.id); err == nil && of == tree {
			return nil
		}
	}
	// sendctl reads and writes a folder whoever owns it, on a shared drive say; what git asks
	// of its owner is about programs that its settings name, and none is run here.
	out, err := r.gitContext(ctx, nil, nil, "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "diff-index", "--cached", "--diff-filter=D", "--name-only", "--no-renames", "-z", "HEAD", "--")
	if err != nil {
		return err
	}
	for p := range strings.SplitSeq(string(out), "\x00") {
		tell([]byte(p), Removed)
	}
	return nil
}

// tree is the id of the tree that the index holds, as its tree cache has it; zero where
// that does not say. walk must have been done.
func (x *rawIndex) tree() (id plumbing.Hash) {
	_ = x.extensions(func(name string, data []byte) error { // what is odd in it was told already
		if name == "TREE" {
			if n, _, err := readNode(data); err == nil && n.count >= 0 && len(n.name) == 0 {
				id = n.id
			}
		}
		return nil
	})
	return id
}
