package trail

import (
	"context"
	"slices"
	"strings"
)

// Commit gives the id of the commit that a revision names in git's own grammar
// (HEAD~2, main@{yesterday}); one that names none is a *RevisionError.
func (r *Repo) Commit(ctx context.Context, rev string) (string, error) {
	out, err := r.gitContext(ctx, nil, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if exitedWith(err, 1) || exitedWith(err, 128) {
		return "", &RevisionError{Rev: rev}
	}
	return strings.TrimSpace(string(out)), err
}

// Forked gives the commit at which the present branch parted from the one it is set up
// to follow, and that one's name, such as origin/main. Both are "" where there is none,
// or the two have no commit in common.
func (r *Repo) Forked(ctx context.Context) (id, upstream string, err error) {
	if r.Upstream() == "" {
		return "", "", nil
	}
	out, err := r.gitContext(ctx, nil, nil, "rev-parse", "--verify", "--quiet", "--abbrev-ref", "@{upstream}")
	if exitedWith(err, 1) || exitedWith(err, 128) { // set up, and never fetched
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	upstream = strings.TrimSpace(string(out))
	bases, err := r.MergeBases(ctx, "HEAD", "@{upstream}")
	if err != nil || len(bases) == 0 {
		return "", "", err
	}
	return bases[0], upstream, nil
}

// Differs lists, sorted, the slash paths of the record folder at which the work tree or
// the index differs from a commit, files that git does not know yet among them. Those
// that it is told to ignore are not, nor those that a sparse checkout leaves out: what
// lies here says nothing of them. rev "" is a folder without a commit.
func (r *Repo) Differs(ctx context.Context, rev string) ([]string, error) {
	if rev == "" {
		rev = "4b825dc642cb6eb9a060e54bf8d69288fbee4904" // the empty tree
	}
	var paths []string
	for _, args := range [][]string{
		{"diff-index", "--cached", "--name-only", "--no-renames", "-z", rev, "--"},
		{"diff", "--no-ext-diff", "--name-only", "--no-renames", "-z", rev, "--"},
		{"ls-files", "--others", "--exclude-standard", "-z"},
	} {
		out, err := r.gitContext(ctx, nil, nil, args...)
		if err != nil {
			return nil, err
		}
		for p := range strings.SplitSeq(string(out), "\x00") {
			if rel, ok := strings.CutPrefix(p, r.prefix); ok && rel != "" {
				paths = append(paths, rel)
			}
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	left := map[string]bool{}
	if err := r.Known(ctx, func(p []byte, how Held) {
		if how == LeftOut {
			left[string(p)] = true
		}
	}); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(paths, func(p string) bool { return left[p] }), nil
}
