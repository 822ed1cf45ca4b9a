package trail

import (
	"context"
	"os"
	"strings"
)

// Staged lists the slash paths of the record folder at which the index differs
// from the last commit: what the next commit would change. In a hook it is the
// index that git is about to commit from (GIT_INDEX_FILE), which `git commit -a`
// makes anew. Git itself is asked, since it is git that runs hooks.
func (r *Repo) Staged(ctx context.Context) ([]string, error) {
	var env []string
	if index := os.Getenv("GIT_INDEX_FILE"); index != "" {
		env = append(env, "GIT_INDEX_FILE="+index)
	}
	against := "HEAD"
	if id, _, err := r.Head(); err != nil {
		return nil, err
	} else if id == "" {
		against = "4b825dc642cb6eb9a060e54bf8d69288fbee4904" // the empty tree
	}
	out, err := r.gitContext(ctx, nil, env, "diff-index", "--cached", "--name-only", "--no-renames", "-z", against)
	if err != nil {
		return nil, err
	}
	var paths []string
	for p := range strings.SplitSeq(string(out), "\x00") {
		if rel, ok := strings.CutPrefix(p, r.prefix); ok && rel != "" {
			paths = append(paths, rel)
		}
	}
	return paths, nil
}
