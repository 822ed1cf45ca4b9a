package trail

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Rewritable refuses, by name (a *RefusedError), whatever would make a rewriting of the
// whole history less than whole: what other places hold, what is half done, what git
// would keep all the same. Nothing is changed.
func (r *Repo) Rewritable(ctx context.Context) error {
	if err := r.supported(); err != nil {
		return err
	}
	if _, err := exec.LookPath("git"); err != nil {
		return refuse("git is not installed or not on PATH", "the history is rewritten with its help")
	}
	if _, branch, err := r.Head(); err != nil || branch == "" {
		if err != nil {
			return err
		}
		return refuse("HEAD is detached", "the removal is recorded on a branch; `git switch` to one first")
	}
	border, err := r.Border()
	if err != nil {
		return err
	}
	if len(border) > 0 {
		return refuse("this is a shallow clone", "the history that it lacks would keep everything; `git fetch --unshallow` brings it, or do this in the clone that others take theirs from")
	}
	if r.Promised() {
		return refuse("this is a partial clone", "objects that it lacks cannot be judged; make a whole clone with `git clone` and do this there")
	}
	if b, err := os.ReadFile(filepath.Join(r.commonDir, "objects", "info", "alternates")); err == nil && len(bytes.TrimSpace(b)) > 0 {
		return refuse("this clone borrows objects from another repository (objects/info/alternates)", "what goes here would stay there; `git repack -a -d` and removing that file makes it whole, then do this in both")
	}
	if r.gitDir != r.commonDir {
		return refuse("this is a linked work tree", "do this in the main one, after `git worktree remove` of the others")
	}
	if list, err := os.ReadDir(filepath.Join(r.commonDir, "worktrees")); err == nil && len(list) > 0 {
		return refuse("this repository has other linked work trees", "their files and indexes would keep what goes; `git worktree list` shows them, `git worktree remove` and `git worktree prune` take them away")
	}
	if err := r.underway(); err != nil {
		return err
	}
	for _, name := range []string{"BISECT_LOG", "sequencer"} {
		if _, err := os.Lstat(filepath.Join(r.gitDir, name)); err == nil {
			return refuse("a bisect or a row of cherry-picks is under way in this folder", "finish it first: `git status` says how")
		}
	}
	ways, err := r.Redirected()
	if err != nil {
		return err
	}
	if len(ways) > 0 {
		return refuse("git shows another history here than is recorded ("+ways[0]+")", "take that away first: `git replace -d`, or remove info/grafts")
	}
	if v, ok := r.Config("extensions.preciousobjects"); ok && v != "false" {
		return refuse("extensions.preciousObjects is set", "git then never deletes an object; others may borrow from this repository: see to them first")
	}
	if kept, _ := filepath.Glob(filepath.Join(r.commonDir, "objects", "pack", "*.keep")); len(kept) > 0 {
		return refuse("a pack is marked to be kept ("+filepath.Base(kept[0])+")", "git would keep everything in it; remove that file first")
	}
	if _, err := os.Lstat(filepath.Join(r.top, ".gitmodules")); err == nil {
		return refuse("this repository has submodules", "they have histories of their own, which this does not reach")
	}
	out, err := r.gitContext(ctx, nil, []string{"GIT_OPTIONAL_LOCKS=0"}, "status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=none")
	if err != nil {
		return err
	}
	if first, _, found := bytes.Cut(out, []byte{0}); found && len(first) > 3 {
		return refuse(string(first[3:])+" is changed and not committed", "record it first or put it back; `git status` shows all that is")
	}
	return nil
}

// Remove writes everything that a rewriting needs and moves nothing: the new objects,
// and on top of the present branch, rewritten, the commit c. The moves are all that
// MoveRefs has to do. Until then they are objects that nothing names.
func (r *Repo) Remove(ctx context.Context, cut Cut, c Commit) (*Rewriting, []RefMove, error) {
	acts, err := r.prepare(&c)
	if err != nil {
		return nil, nil, err
	}
	if err := r.checkAttributes(acts); err != nil {
		return nil, nil, err
	}
	p, err := r.newPacking()
	if err != nil {
		return nil, nil, err
	}
	w, err := r.rewriteTo(ctx, cut, p)
	if err != nil {
		p.drop()
		return nil, nil, err
	}
	if err := r.hook.reach("rewritten"); err != nil {
		p.drop()
		return nil, nil, err
	}
	if err := p.finish(); err != nil {
		return nil, nil, fmt.Errorf("write the new history: %w", err)
	}
	h, err := r.head()
	if err != nil {
		return nil, nil, err
	}
	if h.ref == "" || h.id.IsZero() {
		return nil, nil, refuse("HEAD is on no branch with a commit", "`git switch` to one first")
	}
	base := w.Of(objects.ID(h.id))
	if base.IsZero() {
		return nil, nil, refuse("nothing would be left of "+h.branch(), "a record folder is there by its settings; this branch has none")
	}
	tip, err := r.onTop(plumbing.Hash(base), c, acts)
	if err != nil {
		return nil, nil, err
	}
	moves := slices.DeleteFunc(slices.Clone(w.Moves), func(m RefMove) bool { return m.Name == h.ref })
	moves = append(moves, RefMove{Name: h.ref, Old: objects.ID(h.id), New: objects.ID(tip)})
	return w, moves, nil
}

// onTop writes a commit with the acts' files upon a base that no ref need name.
func (r *Repo) onTop(base plumbing.Hash, c Commit, acts []act) (plumbing.Hash, error) {
	tree, err := r.treeOf(base)
	if err != nil {
		return base, err
	}
	t := r.newTrees()
	t.read = map[plumbing.Hash][]byte{}
	var changes []change
	var made []newObject
	for _, a := range acts {
		e := entry{}
		if !a.delete {
			e = entry{mode: modeFile, id: a.blob.id}
			made = append(made, a.blob)
		}
		changes = append(changes, change{a.path, e})
	}
	root, err := t.rewrite(tree, changes)
	if err != nil {
		return base, err
	}
	w := &writing{repo: r, commit: c}
	commit, err := w.object(root, base)
	if err != nil {
		return base, err
	}
	_, err = r.writeObjects(append(append(made, t.made...), commit))
	return commit.id, err
}

// MoveRefs moves or deletes all refs in one transaction of git's. A ref that is there
// already is passed over; one that is neither where it was nor where it goes stops all.
func (r *Repo) MoveRefs(ctx context.Context, moves []RefMove, by Ident) error {
	refs, err := r.Refs("refs/")
	if err != nil {
		return err
	}
	at := map[string]objects.ID{}
	for _, ref := range refs {
		at[ref.Name] = ref.ID
	}
	var in strings.Builder
	for _, m := range moves {
		switch {
		case at[m.Name] == m.New:
		case m.New.IsZero():
			fmt.Fprintf(&in, "delete %s\x00%s\x00", m.Name, m.Old)
		default:
			fmt.Fprintf(&in, "update %s\x00%s\x00%s\x00", m.Name, m.New, m.Old)
		}
	}
	if in.Len() == 0 {
		return nil
	}
	env := []string{"GIT_COMMITTER_NAME=" + clean(by.Name), "GIT_COMMITTER_EMAIL=" + clean(by.Email)}
	_, err = r.patientGit(ctx, in.String(), env, "update-ref", "-z", "--stdin", "-m", "sendctl: a removal")
	return err
}

// Matching lists the files of the work tree that a Cut takes: those that git tracks,
// and those that it does not. Slash paths from the repository's top.
func (r *Repo) Matching(ctx context.Context, cut Cut) (tracked, others []string, err error) {
	out, err := r.gitContext(ctx, nil, nil, "ls-files", "-z", "-s")
	if err != nil {
		return nil, nil, err
	}
	known := map[string]bool{}
	for rec := range bytes.SplitSeq(out, []byte{0}) {
		head, name, ok := bytes.Cut(rec, []byte{'\t'})
		if f := bytes.Fields(head); ok && len(f) == 3 {
			id, err := objects.ParseID(string(f[1]))
			if err != nil {
				return nil, nil, err
			}
			known[string(name)] = true
			if cuts(cut, string(name), id) {
				tracked = append(tracked, string(name))
			}
		}
	}
	var walk func(dir, place string, all bool) error
	walk = func(dir, place string, all bool) error {
		list, err := os.ReadDir(filepath.Join(r.top, filepath.FromSlash(dir)))
		if err != nil {
			return err
		}
		for _, d := range list {
			p := path.Join(dir, d.Name())
			if dir == "" && d.Name() == ".git" {
				continue
			}
			e := objects.TreeEntry{Name: []byte(d.Name()), Mode: objects.ModeFile}
			if d.IsDir() {
				e.Mode = objects.ModeTree
			}
			goes, below := cut.Entry(place, e)
			switch {
			case d.IsDir():
				if _, err := os.Lstat(filepath.Join(r.top, filepath.FromSlash(p), ".git")); err == nil {
					continue // a repository of its own
				}
				if err := walk(p, below, all || goes); err != nil {
					return err
				}
			case (all || goes) && !known[p]:
				others = append(others, p)
			}
		}
		return nil
	}
	err = walk("", "", false)
	return slices.Compact(tracked), others, err
}

// cuts judges a file by its whole path.
func cuts(cut Cut, name string, id objects.ID) bool {
	place := ""
	parts := strings.Split(name, "/")
	for i, part := range parts {
		e := objects.TreeEntry{Name: []byte(part), Mode: objects.ModeTree}
		if i == len(parts)-1 {
			e.Mode, e.ID = objects.ModeFile, id
		}
		goes, below := cut.Entry(place, e)
		if goes {
			return true
		}
		place = below
	}
	return false
}

// ClearFiles takes what a Cut takes out of the index and the work tree, and brings the
// files of the commit on top into both. Files that nobody recorded are left, and listed.
func (r *Repo) ClearFiles(ctx context.Context, cut Cut, on []string) (left []string, err error) {
	tracked, others, err := r.Matching(ctx, cut)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(r.top)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, p := range others {
		// What sendctl and systems leave lying is nobody's record.
		if name := path.Base(p); strings.HasPrefix(name, ".sendctl-") || name == ".DS_Store" {
			tracked = append(tracked, p)
		} else {
			left = append(left, p)
		}
	}
	for _, p := range tracked {
		if err := root.Remove(filepath.FromSlash(p)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("remove %s: %w", p, err)
		}
		for dir := path.Dir(p); dir != "." && root.Remove(filepath.FromSlash(dir)) == nil; dir = path.Dir(dir) {
		}
	}
	// The index comes after the files: it is by the index that one cut off in between
	// knows whose they are.
	if err := r.hook.reach("files removed"); err != nil {
		return nil, err
	}
	if len(tracked) > 0 {
		if _, err := r.patientGit(ctx, strings.Join(tracked, "\x00")+"\x00", nil, "update-index", "-z", "--force-remove", "--stdin"); err != nil {
			return nil, err
		}
	}
	args := []string{"--literal-pathspecs", "checkout", "-q", "HEAD", "--"}
	for _, p := range on {
		full, err := r.full(p)
		if err != nil {
			return nil, err
		}
		args = append(args, full)
	}
	if _, err := r.patientGit(ctx, "", nil, args...); err != nil {
		return nil, err
	}
	_, err = r.patientGit(ctx, "", nil, "update-index", "-q", "--clear-resolve-undo", "--refresh")
	if exitedWith(err, 1) { // something else was changed meanwhile: a person's to record
		err = nil
	}
	if err == nil { // the index keeps the names of folders that are gone until their trees are worked out anew
		_, err = r.patientGit(ctx, "", nil, "write-tree")
	}
	return left, err
}

// Expire forgets whatever still leads to objects that no ref names: reflogs, the notes
// that git keeps of its last steps, what it remembers of settled conflicts; and then
// has git delete those objects.
func (r *Repo) Expire(ctx context.Context) error {
	var logs []string
	top := filepath.Join(r.commonDir, "logs")
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(top, p)
		if name := filepath.ToSlash(rel); err == nil && name != "refs/stash" { // what is put away lies in there
			logs = append(logs, name)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range logs {
		// A log is emptied whole: git's own expiring leaves some of it where a ref is gone.
		if err := os.Truncate(filepath.Join(top, filepath.FromSlash(name)), 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("empty the reflog %s: %w", name, err)
		}
	}
	for _, name := range []string{"FETCH_HEAD", "ORIG_HEAD", "AUTO_MERGE", "COMMIT_EDITMSG", "MERGE_MSG", "MERGE_RR", "SQUASH_MSG", "TAG_EDITMSG", "NOTES_EDITMSG", "gitk.cache"} {
		if err := os.Remove(filepath.Join(r.gitDir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, name := range []string{"rr-cache", "lost-found", filepath.Join("objects", "info", "commit-graphs"), filepath.Join("refs", "original")} {
		if err := os.RemoveAll(filepath.Join(r.commonDir, name)); err != nil {
			return err
		}
	}
	_ = os.Remove(filepath.Join(r.commonDir, "objects", "info", "commit-graph"))
	midx, _ := filepath.Glob(filepath.Join(r.commonDir, "objects", "pack", "multi-pack-index*"))
	for _, name := range midx {
		_ = os.Remove(name)
	}
	if err := r.danglingHeads(); err != nil {
		return err
	}
	if err := r.hook.reach("expired"); err != nil {
		return err
	}
	_, err = r.patientGit(ctx, "", nil, "-c", "gc.cruftPacks=false", "-c", "gc.bigPackThreshold=0", "-c", "gc.recentObjectsHook=", "-c", "gc.packRefs=true",
		"-c", "gc.reflogExpire=never", "-c", "gc.reflogExpireUnreachable=never", "-c", "core.multiPackIndex=true", "gc", "--prune=now", "--quiet")
	if err != nil {
		return err
	}
	if len(midx) > 0 {
		if _, err := r.patientGit(ctx, "", nil, "multi-pack-index", "write"); err != nil {
			return err
		}
	}
	return nil
}

// danglingHeads removes symbolic refs, such as refs/remotes/origin/HEAD, to branches
// that are gone.
func (r *Repo) danglingHeads() error {
	refs, err := r.Refs("refs/")
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, ref := range refs {
		there[ref.Name] = true
	}
	err = filepath.WalkDir(filepath.Join(r.commonDir, "refs", "remotes"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		if to, symbolic := strings.CutPrefix(string(b), "ref:"); err == nil && symbolic && !there[strings.TrimSpace(to)] {
			return os.Remove(p)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Left reads every object that the repository holds and lists, in words, those that are
// gone by right or still lead to something that is: nothing, where all went well.
func (r *Repo) Left(ctx context.Context, cut Cut, gone []objects.ID) (read int, left []string, err error) {
	away := map[objects.ID]bool{}
	for _, id := range gone {
		away[id] = true
	}
	out, err := r.gitContext(ctx, nil, nil, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname) %(objecttype)")
	if err != nil {
		return 0, nil, err
	}
	store, err := r.ownStore()
	if err != nil {
		return 0, nil, err
	}
	defer store.Close()
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		hex, kind, _ := strings.Cut(lines.Text(), " ")
		id, err := objects.ParseID(hex)
		if err != nil {
			return read, left, err
		}
		read++
		if away[id] {
			left = append(left, kind+" "+hex)
			continue
		}
		switch kind {
		case "tree":
			raw, err := store.Of(objects.Tree, id)
			if err != nil {
				return read, left, err
			}
			for e, err := range objects.Entries(raw) {
				if err != nil {
					return read, left, err
				}
				if goes, _ := cut.Entry("", e); goes || away[e.ID] {
					left = append(left, kind+" "+hex)
					break
				}
			}
		case "commit", "tag":
			_, raw, err := store.Object(id)
			if err != nil {
				return read, left, err
			}
			_, text := splitCommit(raw)
			if !bytes.Equal(cut.Message(text, false), text) {
				left = append(left, kind+" "+hex)
			}
		}
	}
	return read, left, lines.Err()
}
