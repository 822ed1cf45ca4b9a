package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Known visits, in the order of their bytes, the slash paths of the record folder that
// git has in its index and that belong in the work tree: what a sparse checkout leaves
// out is none of them. A path is good until visit returns; a path unmerged comes once for
// each side.
func (r *Repo) Known(ctx context.Context, visit func(path []byte)) error {
	tell := func(p []byte, left bool) {
		if rel, ok := bytes.CutPrefix(p, []byte(r.prefix)); ok && len(rel) > 0 && !left {
			visit(rel)
		}
	}
	plain := true
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
		if !plain {
			return nil
		}
		return x.walk(func(e *indexEntry, _ []byte) error {
			tell(e.path, e.intent() || e.skipWorktree())
			return nil
		})
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the index: %w", err)
	}
	if plain {
		return nil
	}
	out, err := r.gitContext(ctx, nil, nil, "ls-files", "--cached", "--full-name", "-t", "-z")
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(string(out), "\x00") {
		if tag, p, ok := strings.Cut(line, " "); ok {
			tell([]byte(p), tag == "S")
		}
	}
	return nil
}
