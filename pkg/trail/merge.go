package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/sendctl/sendctl/pkg/objects"
)

// A merge is recorded by the same protocol as any other commit: its files lie in
// the work tree already, and exactly the paths at which it differs from the head
// are changed in the index. Git itself is not asked to make it, because it would
// take everything that is staged. What git would run for a merge is run here:
// the hooks pre-merge-commit, prepare-commit-msg, commit-msg and post-merge.

// raw keeps replace refs out of what git is asked.
var raw = []string{"GIT_NO_REPLACE_OBJECTS=1"}

// MergeBases are the best common ancestors of two commits, as `git merge-base
// --all`; none where they share no history.
func (r *Repo) MergeBases(ctx context.Context, a, b string) ([]string, error) {
	out, err := r.gitContext(ctx, nil, raw, "merge-base", "--all", "--end-of-options", a, b)
	if exitedWith(err, 1) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(out)), nil
}

// Beyond lists the commits that `from` reaches and none of `not` does, the newest first.
func (r *Repo) Beyond(ctx context.Context, from string, not ...string) ([]string, error) {
	args := []string{"rev-list", "--topo-order", from}
	for _, n := range not {
		if n != "" {
			args = append(args, "^"+n)
		}
	}
	out, err := r.gitContext(ctx, nil, raw, append(args, "--")...)
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(out)), nil
}

// Joined is a commit as one reads it who brings histories together.
type Joined struct {
	ID      string
	Parents []string
	Author  objects.Ident
	Message string
}

// Merges lists the merges that `from` reaches and none of `not` does, the oldest first.
func (r *Repo) Merges(ctx context.Context, from string, not ...string) ([]Joined, error) {
	args := []string{"rev-list", "--topo-order", "--reverse", "--min-parents=2", from}
	for _, n := range not {
		if n != "" {
			args = append(args, "^"+n)
		}
	}
	out, err := r.gitContext(ctx, nil, raw, append(args, "--")...)
	if err != nil {
		return nil, err
	}
	var list []Joined
	for _, id := range strings.Fields(string(out)) {
		j, err := r.Joining(id)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

// Joining reads the parents and the message of one commit, a merge or not.
func (r *Repo) Joining(id string) (Joined, error) {
	store, err := r.openStore()
	if err != nil {
		return Joined{}, err
	}
	at, err := objects.ParseID(id)
	if err != nil {
		return Joined{}, err
	}
	b, err := store.Of(objects.Commit, at)
	if err != nil {
		return Joined{}, err
	}
	info, err := objects.ParseCommit(b)
	if err != nil {
		return Joined{}, fmt.Errorf("commit %s: %w", id, err)
	}
	j := Joined{ID: id, Author: info.Author, Message: string(info.Message)}
	for _, p := range info.Parents {
		j.Parents = append(j.Parents, p.String())
	}
	return j, nil
}

// Difference is a path at which two commits hold something else.
type Difference struct {
	Path     string     // of the record folder; of the repository where Outside
	From, To objects.ID // zero where there is nothing
	Mode     uint32     // in To; in From where To has nothing
	Outside  bool       // the path does not lie in the record folder
}

// Differences compares the trees of two commits, by raw objects: what is the same
// in both is not read. "" stands for an empty tree. Sorted by path.
func (r *Repo) Differences(from, to string) ([]Difference, error) {
	store, err := r.openStore()
	if err != nil {
		return nil, err
	}
	top := func(commit string) (place, error) {
		if commit == "" {
			return place{}, nil
		}
		id, err := r.resolve(store, commit)
		if err != nil {
			return place{}, err
		}
		b, err := store.Of(objects.Commit, id)
		if err != nil {
			return place{}, err
		}
		var h objects.Header
		if err := objects.ReadHeader(b, &h); err != nil {
			return place{}, fmt.Errorf("commit %s: %w", commit, err)
		}
		return placeOf(objects.TreeEntry{Mode: objects.ModeTree, ID: h.Tree}), nil
	}
	a, err := top(from)
	if err != nil {
		return nil, err
	}
	b, err := top(to)
	if err != nil {
		return nil, err
	}
	var out []Difference
	if err := r.compare(store, "", a, b, &out); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Difference) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

func (r *Repo) compare(store *objects.Store, at string, a, b place, out *[]Difference) error {
	if a == b {
		return nil
	}
	below := func(p place) (map[string]place, error) {
		m := map[string]place{}
		if p.mode != objects.ModeTree {
			return m, nil
		}
		raw, err := store.Of(objects.Tree, p.id)
		if err != nil {
			return nil, err
		}
		for e, err := range objects.Entries(raw) {
			if err != nil {
				return nil, fmt.Errorf("tree of %q: %w", at, err)
			}
			m[string(e.Name)] = placeOf(e)
		}
		return m, nil
	}
	file := func(p place) bool { return p != place{} && p.mode != objects.ModeTree }
	if file(a) || file(b) {
		d := Difference{Path: at}
		if file(a) {
			d.From, d.Mode = a.id, a.mode
		}
		if file(b) {
			d.To, d.Mode = b.id, b.mode
		}
		rel, ok := strings.CutPrefix(at, r.prefix)
		if d.Outside = !ok; ok {
			d.Path = rel
		}
		*out = append(*out, d)
	}
	as, err := below(a)
	if err != nil {
		return err
	}
	bs, err := below(b)
	if err != nil {
		return err
	}
	child := func(name string) string {
		if at == "" {
			return name
		}
		return at + "/" + name
	}
	for name, x := range as {
		if err := r.compare(store, child(name), x, bs[name], out); err != nil {
			return err
		}
	}
	for name, y := range bs {
		if _, both := as[name]; !both {
			if err := r.compare(store, child(name), place{}, y, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// Safe reports whether a path of somebody else's tree may be written to disk: no part
// of it is git's own folder under any of the names that Windows and macOS take for
// that one. Git refuses the like when it checks files out.
func Safe(p string) bool {
	if p == "" || strings.ContainsAny(p, "\\\x00") {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		plain := strings.Map(func(c rune) rune {
			switch {
			case c >= 0x200c && c <= 0x200f, c >= 0x202a && c <= 0x202e, c >= 0x206a && c <= 0x206f, c == 0xfeff:
				return -1 // passed over by HFS+
			}
			return c
		}, strings.ToLower(part))
		plain, _, _ = strings.Cut(plain, ":") // a stream of NTFS
		plain = strings.TrimRight(plain, ". ")
		if plain == "" || plain == ".git" || strings.HasPrefix(plain, "git~") {
			return false
		}
	}
	return true
}

// Forward moves the present branch to a commit that follows its head, by the same
// protocol as Record: locks, compare and swap, reflog, and the index patched for
// exactly the paths that differ. The files lie in the work tree already. base is
// the head that they were worked out on; "" is a branch without a commit.
//
// Errors: as Record.
func (r *Repo) Forward(ctx context.Context, base, to string, by Ident, what string) (Result, error) {
	if err := r.supported(); err != nil {
		return Result{}, err
	}
	if err := r.underway(); err != nil {
		return Result{}, err
	}
	id, err := parseID([]byte(to))
	if err != nil {
		return Result{}, err
	}
	store, err := r.openStore()
	if err != nil {
		return Result{}, err
	}
	diff, err := r.Differences(base, to)
	if err != nil {
		return Result{}, err
	}
	w := &writing{repo: r, forward: id, commit: Commit{Message: what, Author: by, Committer: by, Base: base}}
	for _, d := range diff {
		if !Safe(d.Path) {
			return Result{}, refuse("commit "+to[:12], "it holds a path that reaches into git's own folder")
		}
		if d.Outside {
			return Result{}, refuse(d.Path, "it changed in the other history and does not belong to the record folder; bring it in with `git merge`")
		}
		a := act{path: r.prefix + d.Path, delete: d.To.IsZero()}
		if d.Mode&0o170000 != 0o100000 {
			return Result{}, refuse(d.Path, "it is no ordinary file in one of the two histories; bring it in with `git merge`")
		}
		if !a.delete {
			if a.data, err = store.Of(objects.Blob, d.To); err != nil {
				return Result{}, err
			}
			a.mode, a.blob = d.Mode, newObject{id: plumbing.Hash(d.To), kind: plumbing.BlobObject, data: a.data}
		}
		w.acts = append(w.acts, a)
	}
	if err := r.checkAttributes(w.acts); err != nil {
		return Result{}, err
	}
	if err := w.checkHooks(); err != nil {
		return Result{}, err
	}
	return w.run(ctx)
}

// PostMerge runs the hook post-merge, as git does once a merge stands; what it
// says of failure changes nothing.
func (r *Repo) PostMerge(ctx context.Context) error {
	_, err := r.runHook(ctx, "post-merge", nil, "0")
	return err
}

// commitObject gives the commit to move to, with all that has to be written for it.
func (w *writing) commitObject(ctx context.Context, root, parent plumbing.Hash, objects []newObject) (plumbing.Hash, []newObject, error) {
	switch {
	case !w.forward.IsZero():
		tree, err := w.repo.treeOf(w.forward)
		if err != nil {
			return plumbing.ZeroHash, nil, err
		}
		if tree != root {
			return plumbing.ZeroHash, nil, fmt.Errorf("moving to commit %s would leave another folder than it holds", w.forward)
		}
		return w.forward, nil, nil
	case w.bySign:
		if _, err := w.repo.writeObjects(objects); err != nil {
			return plumbing.ZeroHash, nil, err
		}
		id, err := w.signedByGit(ctx, root, parent)
		return id, nil, err
	}
	commit, err := w.object(root, parent)
	if err != nil {
		return plumbing.ZeroHash, nil, err
	}
	return commit.id, append(objects, commit), nil
}

// signedByGit has git make the commit object, because it knows how to sign it.
func (w *writing) signedByGit(ctx context.Context, root, parent plumbing.Hash) (plumbing.Hash, error) {
	args := []string{"commit-tree", "-S"}
	if !parent.IsZero() {
		args = append(args, "-p", parent.String())
	}
	for _, p := range w.commit.Parents {
		args = append(args, "-p", p)
	}
	args = append(args, "-F", "-", root.String())
	out, err := w.repo.gitContext(ctx, strings.NewReader(w.commit.Message), w.commit.identEnv(), args...)
	if err != nil {
		return plumbing.ZeroHash, refuse("commit.gpgsign", "git could not sign the merge, so nothing was recorded: %v", err)
	}
	return parseID(out)
}

// identEnv hands author and committer to git.
func (c Commit) identEnv() []string {
	var env []string
	for who, i := range map[string]Ident{"AUTHOR": c.Author, "COMMITTER": c.Committer} {
		env = append(env, "GIT_"+who+"_NAME="+clean(i.Name), "GIT_"+who+"_EMAIL="+clean(i.Email),
			fmt.Sprintf("GIT_%s_DATE=@%d %s", who, i.When.Unix(), i.zone()))
	}
	return env
}

// prepareMerge checks the parents, decides who signs, and lets the hooks that may
// change the message do so.
func (w *writing) prepareMerge(ctx context.Context) error {
	r := w.repo
	for _, p := range w.commit.Parents {
		id, err := parseID([]byte(p))
		if err != nil {
			return fmt.Errorf("a parent of the merge: %w", err)
		}
		if _, err := r.treeOf(id); err != nil {
			return fmt.Errorf("a parent of the merge: %w", err)
		}
	}
	all, err := r.effective()
	if err != nil {
		return err
	}
	w.bySign = w.commit.Sign == nil && all.truth("commit.gpgsign", false)
	if err := w.checkHooks(); err != nil {
		return err
	}
	private, err := r.privateDir()
	if err != nil {
		return err
	}
	file, err := writeTemp(private, "message", []byte(w.commit.Message), false, nil)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	ran := false
	for _, h := range []struct {
		name string
		args []string
	}{{"prepare-commit-msg", []string{file, "merge"}}, {"commit-msg", []string{file}}} {
		did, err := r.runHook(ctx, h.name, nil, h.args...)
		if err != nil {
			return refuse("the hook "+h.name, "it would not let the merge through, so nothing was recorded: %v", err)
		}
		ran = ran || did
	}
	if !ran {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return refuse("a hook", "it emptied the message of the merge, so nothing was recorded")
	}
	w.commit.Message = strings.TrimRight(string(b), "\n") + "\n"
	return nil
}

// checkHooks refuses hooks that only git itself can serve.
func (w *writing) checkHooks() error {
	all, err := w.repo.effective()
	if err != nil {
		return err
	}
	for _, name := range w.repo.activeHooks(all) {
		if name == "reference-transaction" || name == "post-index-change" {
			return refuse("the hook "+name, "it cannot be served when two histories are brought together; take it away for the moment, or bring them together with `git merge`")
		}
	}
	for key := range all {
		if strings.HasPrefix(key, "hook.") && strings.HasSuffix(key, ".event") {
			return refuse(key, "hooks named in git's configuration cannot be served when two histories are brought together; bring them together with `git merge`")
		}
	}
	return nil
}

// askMergeHook shows the prepared index to the hook pre-merge-commit.
func (w *writing) askMergeHook(ctx context.Context, index string) error {
	if len(w.commit.Parents) == 0 {
		return nil
	}
	if _, err := w.repo.runHook(ctx, "pre-merge-commit", []string{"GIT_INDEX_FILE=" + index}); err != nil {
		return refuse("the hook pre-merge-commit", "it would not let the merge through, so nothing was recorded: %v", err)
	}
	return nil
}

// runHook runs a hook as git does, if there is one that may be run.
func (r *Repo) runHook(ctx context.Context, name string, env []string, args ...string) (ran bool, err error) {
	all, err := r.effective()
	if err != nil {
		return false, err
	}
	p := filepath.Join(r.hooksDir(all), name)
	if !runnable(p) || name == "pre-merge-commit" && isOwnHook(p, "pre-commit") {
		return false, nil
	}
	cmd := exec.CommandContext(ctx, p, args...)
	if runtime.GOOS == "windows" {
		cmd = exec.CommandContext(ctx, "sh", append([]string{p}, args...)...)
	}
	cmd.Dir = r.top
	cmd.Env = append(append(plainEnv(), "GIT_EDITOR=:", "GIT_DIR="+r.gitDir), env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		text := strings.TrimSpace(said.String())
		if text == "" {
			text = "it gave no reason"
		}
		return true, errors.New(text)
	}
	return true, nil
}

// reflogWord is what git would write before the subject in the reflog.
func (w *writing) reflogWord(h headState) string {
	switch {
	case !w.forward.IsZero():
		return "sendctl sync"
	case len(w.commit.Parents) > 0:
		return "commit (merge)"
	case h.id.IsZero():
		return "commit (initial)"
	}
	return "commit"
}

// runnable gives a file taken over from elsewhere the right to be run that it has there.
func (w *writing) runnable(a act, p string, st fs.FileInfo) (fs.FileInfo, error) {
	if !a.exec && a.mode == 0 {
		return st, nil
	}
	all, err := w.repo.effective()
	if err != nil || !all.truth("core.filemode", true) {
		return st, err
	}
	now := st.Mode().Perm()
	want := now &^ 0o111
	if a.exec || a.mode == modeExecutable {
		want = now | now&0o444>>2
	}
	if want == now {
		return st, nil
	}
	if err := os.Chmod(p, want); err != nil {
		return st, err
	}
	return os.Lstat(p)
}

// Unfinished lists the commits that a `git merge` which stopped was to bring in;
// empty where none is under way.
func (r *Repo) Unfinished() ([]string, error) {
	b, err := os.ReadFile(filepath.Join(r.gitDir, "MERGE_HEAD"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read MERGE_HEAD: %w", err)
	}
	return strings.Fields(string(b)), nil
}

// GiveUp takes back a `git merge` that stopped, as `git merge --abort` does: index
// and work tree are as before it.
func (r *Repo) GiveUp(ctx context.Context) error {
	if _, err := r.gitContext(ctx, nil, nil, "merge", "--abort"); err != nil {
		return refuse("a merge is under way in this folder", "git could not take it back: %v", err)
	}
	return nil
}

// Staging is what the index holds at a path of the record folder: the blob, and
// whether it is a conflict of a merge. Zero where it holds nothing.
func (r *Repo) Staging(paths []string) (map[string]objects.ID, map[string]bool, error) {
	states, err := r.states(paths)
	if err != nil {
		return nil, nil, err
	}
	ids, conflicts := map[string]objects.ID{}, map[string]bool{}
	for _, s := range states {
		rel := strings.TrimPrefix(s.path, r.prefix)
		if s.held.unmerged {
			conflicts[rel] = true
		} else if s.held.counts() {
			ids[rel] = objects.ID(s.held.id)
		}
	}
	return ids, conflicts, nil
}

// MergeText is what git makes of three versions of a file line by line; nil where
// lines conflict, or where one side has no such file.
func (r *Repo) MergeText(ctx context.Context, base, ours, theirs []byte) ([]byte, error) {
	if ours == nil || theirs == nil {
		return nil, nil
	}
	private, err := r.privateDir()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, b := range [][]byte{ours, base, theirs} {
		name, err := writeTemp(private, "side", b, false, nil)
		if err != nil {
			return nil, err
		}
		defer os.Remove(name)
		names = append(names, name)
	}
	out, err := r.gitContext(ctx, nil, nil, append([]string{"merge-file", "-p", "--"}, names...)...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, nil
	}
	return out, err
}
