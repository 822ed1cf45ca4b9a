package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-git/go-git/v5/plumbing"
)

// File is one file of an act.
type File struct {
	Path   string // slash-separated, relative to Root
	Data   []byte // the very bytes of the file on disk
	Delete bool   // the file is gone; Data is not looked at
	Exec   bool   // a new file may be run, as another commit has it; one that is there keeps its mode
}

// Commit is one act to record.
type Commit struct {
	Message   string // subject, empty line, trailers; stored as it is, with a final newline
	Author    Ident
	Committer Ident
	Files     []File
	// Parents are further parents, after the head: the commit is a merge. It may
	// then change no file at all.
	Parents []string
	// Empty wants the commit although it changes no file: its message says something.
	Empty bool
	// Base, where it is given, is the head that the files were worked out on: where
	// the branch is elsewhere, Record gives a *MovedError and does nothing.
	Base string
	// Sign turns the commit's bytes into an armoured signature. Nil means
	// unsigned, or signed by git where commit.gpgsign is on.
	Sign func(payload []byte) (armored []byte, err error)
}

// Result tells what Record did.
type Result struct {
	ID         string
	Branch     string // "" when HEAD is detached
	HandedOver bool   // git made the commit: a hook or commit.gpgsign asked for it
	Bytes      int64  // added under .git as objects; 0 when handed over
	// Warning is set when the commit stands but is not all that was asked
	// for: a hook changed a file of it, or git could not be told to sign.
	Warning string
}

// act is a File checked and named.
type act struct {
	path   string // in the work tree
	data   []byte
	delete bool
	exec   bool
	mode   uint32 // of a file that is taken over from another commit; 0 otherwise
	blob   newObject
}

// attempts bounds how often a commit is rebuilt on a branch that moved.
const attempts = 20

// Record commits exactly c.Files on the present branch, beside whatever git
// does at the same time. Other staged work stays staged. The work tree is not
// written: the files already lie there.
//
// ready, which may be nil, is called once the commit is durable and just
// before the branch moves, with the id it will have; again with another id if
// the branch moved meanwhile. When git has to make the commit itself the id
// cannot be known before: ready is then called once with "". Its error stops
// everything, and nothing has happened.
//
// One thing no lock can stop: git commit reads the index before it locks it.
// One that did so just before Record, and locked just after, puts the old index
// back, and though its own commit fails, the next one undoes the act (plain
// gits do that to each other, far more often). Recover, given the paths of the
// last act, mends the index before that happens.
//
// Errors: *BusyError, *RefusedError, *NoIdentityError, *MovedError, ErrNoChange. On any
// error branch and index are as before.
func (r *Repo) Record(ctx context.Context, c Commit, ready func(id string) error) (Result, error) {
	if err := r.supported(); err != nil {
		return Result{}, err
	}
	acts, err := r.prepare(&c)
	if err != nil {
		return Result{}, err
	}
	if err := r.underway(); err != nil {
		return Result{}, err
	}
	w := &writing{repo: r, commit: c, acts: acts, ready: ready}
	if len(c.Parents) > 0 || c.Empty && len(acts) == 0 {
		if err := w.prepareMerge(ctx); err != nil {
			return Result{}, err
		}
	} else {
		why, err := r.needsGit(c)
		if err != nil {
			return Result{}, err
		}
		if why != "" {
			if err := r.checkAttributes(acts); err != nil {
				return Result{}, err
			}
			return r.handOver(ctx, c, acts, ready, why)
		}
	}
	if err := r.checkAttributes(acts); err != nil {
		return Result{}, err
	}
	return w.run(ctx)
}

// run carries a commit through under git's own locks.
func (w *writing) run(ctx context.Context) (Result, error) {
	r := w.repo
	held, err := r.takeLock(ctx, r.indexPath())
	if err != nil {
		return Result{}, err
	}
	defer held.release()
	if err := r.hook.reach("index locked"); err != nil {
		return Result{}, err
	}
	if err := w.start(); err != nil {
		return Result{}, err
	}
	for range attempts {
		res, moved, err := w.try(ctx)
		if err != nil {
			return Result{}, err
		}
		if !moved {
			return res, nil
		}
	}
	return Result{}, &BusyError{Lock: filepath.Join(r.gitDir, "HEAD"), Holder: fmt.Sprintf("someone who moved the branch %d times meanwhile", attempts)}
}

// prepare checks what is asked for and names the blobs.
func (r *Repo) prepare(c *Commit) ([]act, error) {
	if !utf8.ValidString(c.Message) || strings.IndexByte(c.Message, 0) >= 0 || strings.TrimSpace(c.Message) == "" {
		return nil, errors.New("the message of a commit must be plain text and say something")
	}
	c.Message = strings.TrimRight(c.Message, "\n") + "\n"
	if !c.Author.usable() || !c.Committer.usable() {
		return nil, &NoIdentityError{Missing: []string{"user.name", "user.email"}}
	}
	if len(c.Files) == 0 && len(c.Parents) == 0 && !c.Empty {
		return nil, ErrNoChange
	}
	acts := make([]act, 0, len(c.Files))
	for _, f := range c.Files {
		full, err := r.full(f.Path)
		if err != nil {
			return nil, err
		}
		a := act{path: full, data: f.Data, delete: f.Delete, exec: f.Exec}
		if !f.Delete {
			a.blob = makeObject(plumbing.BlobObject, f.Data)
		}
		acts = append(acts, a)
	}
	slices.SortFunc(acts, func(a, b act) int { return strings.Compare(a.path, b.path) })
	taken := map[string]bool{}
	for _, a := range acts {
		if taken[a.path] {
			return nil, fmt.Errorf("%s is in the act twice", a.path)
		}
		taken[a.path] = true
	}
	for _, a := range acts {
		for i, c := range []byte(a.path) {
			if c == '/' && taken[a.path[:i]] {
				return nil, refuse(a.path[:i], "is both a file and a folder in this act")
			}
		}
	}
	return acts, nil
}

// Halfway refuses to go on in the middle of a rebase, where HEAD is on no branch.
func (r *Repo) Halfway() error {
	for _, name := range []string{"rebase-merge", "rebase-apply"} {
		if _, err := os.Lstat(filepath.Join(r.gitDir, name)); err == nil {
			return refuse("a rebase is under way in this folder", "finish it with `git rebase --continue`; or take it back with `git rebase --abort`, and bring both sides together with `sendctl sync`")
		}
	}
	return nil
}

// underway refuses to step into a merge or the like, as git commit --only does.
func (r *Repo) underway() error {
	if err := r.Halfway(); err != nil {
		return err
	}
	for _, u := range []struct{ file, what, finish string }{
		{"MERGE_HEAD", "a merge", "sendctl sync` or `git merge --abort"},
		{"CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick --continue` or `git cherry-pick --abort"},
		{"REVERT_HEAD", "a revert", "git revert --continue` or `git revert --abort"},
	} {
		if _, err := os.Lstat(filepath.Join(r.gitDir, u.file)); err == nil {
			return refuse(u.what+" is under way in this folder", "finish it first: `%s`", u.finish)
		}
	}
	for _, name := range []string{"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"} {
		if os.Getenv(name) != "" {
			return refuse(name+" is set", "a git command is under way and runs sendctl from within; record once it is done")
		}
	}
	return nil
}

// writing is one Record under way.
type writing struct {
	repo   *Repo
	commit Commit
	acts   []act
	index  *rawIndex
	found  map[string]held
	smudge map[int]bool
	ready  func(string) error

	forward plumbing.Hash // the branch is moved to this commit instead of a new one
	bySign  bool          // git signs the commit, as commit.gpgsign asks

	stats  map[string]statData // of files that are on disk as given
	modes  map[string]uint32   // of files on disk
	seenAt time.Time           // when they were compared

	read  map[plumbing.Hash][]byte // trees, whichever commit had them
	first map[string]entry         // what HEAD had at the first try; nil before
}

// start reads all that the act needs: the index and the files on one side, the
// trees along the paths on the other, at the same time.
func (w *writing) start() error {
	r := w.repo
	w.read = map[plumbing.Hash][]byte{}
	var reading sync.WaitGroup
	reading.Go(func() {
		// A fault shows up again, and is reported, in try.
		h, err := r.head()
		if err != nil {
			return
		}
		base, err := r.treeOf(h.id)
		if err != nil {
			return
		}
		t := &trees{repo: r, read: w.read}
		for _, a := range w.acts {
			if _, err := t.lookup(base, a.path); err != nil {
				return
			}
		}
	})
	defer reading.Wait()
	var err error
	if w.index, err = readIndex(r.indexPath()); err != nil {
		return err
	}
	if w.found, w.smudge, err = r.look(w.index, w.paths()); err != nil {
		return err
	}
	if err := w.index.checkExtensions(); err != nil {
		return err
	}
	w.readDisk()
	return nil
}

func (w *writing) paths() []string {
	paths := make([]string, len(w.acts))
	for i, a := range w.acts {
		paths[i] = a.path
	}
	return paths
}

// readDisk takes the stat data of each file that really holds the given bytes.
// One that does not (someone edits right now) gets none, and git will see it
// as changed.
func (w *writing) readDisk() {
	w.stats, w.modes, w.seenAt = map[string]statData{}, map[string]uint32{}, time.Now()
	for _, a := range w.acts {
		if a.delete {
			continue
		}
		p := w.repo.disk(a.path)
		st, err := os.Lstat(p)
		if err != nil || !st.Mode().IsRegular() {
			continue
		}
		if st, err = w.runnable(a, p, st); err != nil {
			continue
		}
		w.modes[a.path] = modeFile
		if st.Mode().Perm()&0o100 != 0 {
			w.modes[a.path] = modeExecutable
		}
		if b, err := os.ReadFile(p); err == nil && bytes.Equal(b, a.data) {
			w.stats[a.path] = fileStat(st)
		}
	}
}

// try builds the commit on the branch as it is now and moves the branch,
// unless it has moved: then everything is to be done again.
func (w *writing) try(ctx context.Context) (res Result, moved bool, err error) {
	r := w.repo
	if err := ctx.Err(); err != nil {
		return Result{}, false, err
	}
	h, err := r.head()
	if err != nil {
		return Result{}, false, err
	}
	t := r.newTrees()
	t.read = w.read
	if w.commit.Base != "" && h.id.String() != w.commit.Base {
		return Result{}, false, &MovedError{Base: w.commit.Base}
	}
	base, err := r.treeOf(h.id)
	if err != nil {
		return Result{}, false, err
	}
	changes, err := w.changes(t, base)
	if err != nil {
		return Result{}, false, err
	}
	root, err := t.rewrite(base, changes)
	if err != nil {
		return Result{}, false, err
	}
	objects := t.made
	if root.IsZero() {
		empty := makeObject(plumbing.TreeObject, nil)
		root = empty.id
		objects = append(objects, empty)
	}
	for _, a := range w.acts {
		if !a.delete && w.first[a.path].id != a.blob.id {
			objects = append(objects, a.blob)
		}
	}
	to, made, err := w.commitObject(ctx, root, h.id, objects)
	if err != nil {
		return Result{}, false, err
	}
	res = Result{ID: to.String(), Branch: h.branch()}
	private, err := r.privateDir()
	if err != nil {
		return Result{}, false, err
	}
	var (
		preparing sync.WaitGroup
		indexTmp  string
		indexErr  error
		refTmp    string
	)
	preparing.Go(func() { indexTmp, indexErr = w.writeIndex(private, t, changes) })
	if res.Bytes, err = r.writeObjects(made); err == nil {
		// Renaming the objects happened before this sync, so a disk that keeps
		// its order has them on it once this is through.
		refTmp, err = writeTemp(private, "ref", []byte(to.String()+"\n"), true, nil)
	}
	preparing.Wait()
	defer os.Remove(refTmp)
	defer os.Remove(indexTmp)
	if err := errors.Join(err, indexErr); err != nil {
		return Result{}, false, err
	}
	if err := r.hook.reach("prepared"); err != nil {
		return Result{}, false, err
	}
	if err := w.askMergeHook(ctx, indexTmp); err != nil {
		return Result{}, false, err
	}
	if w.ready != nil {
		if err := w.ready(to.String()); err != nil {
			return Result{}, false, err
		}
	}
	moved, err = w.moveBranch(ctx, h, to, refTmp, indexTmp)
	if moved || err != nil {
		return Result{}, moved, err
	}
	// What is reported as recorded is to outlive a power cut. index.lock is
	// still ours meanwhile, which is as well: a `git commit` that had read the
	// old index before we replaced it runs into the lock and gives up, instead
	// of putting the old index back.
	syncFolder(r.refFolder(h))
	return res, false, nil
}

// treeOf is the tree of a commit; zero for none.
func (r *Repo) treeOf(commit plumbing.Hash) (plumbing.Hash, error) {
	if commit.IsZero() {
		return plumbing.ZeroHash, nil
	}
	b, err := r.object(commit, plumbing.CommitObject)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	id, ok := bytes.CutPrefix(b, []byte("tree "))
	if !ok || len(id) < 41 {
		return plumbing.ZeroHash, fmt.Errorf("commit %s is damaged", commit)
	}
	return parseID(id[:40])
}

// changes compares the act with HEAD and the index, and refuses what would
// lose somebody's work.
func (w *writing) changes(t *trees, base plumbing.Hash) ([]change, error) {
	all, err := w.repo.effective()
	if err != nil {
		return nil, err
	}
	heads := map[string]entry{}
	var changes []change
	differs := false
	for _, a := range w.acts {
		head, err := t.lookup(base, a.path)
		if err != nil {
			return nil, err
		}
		heads[a.path] = head
		if !head.isZero() && head.mode&0o170000 != 0o100000 {
			return nil, refuse(a.path, "is not an ordinary file in the last commit")
		}
		want := entry{}
		if !a.delete {
			want = entry{mode: modeFile, id: a.blob.id}
			held := w.found[a.path]
			switch {
			case a.mode != 0:
				want.mode = a.mode
			case !head.isZero():
				want.mode = head.mode
			case a.exec:
				want.mode = modeExecutable
			case held.counts():
				want.mode = held.mode
			case all.truth("core.filemode", true) && w.modes[a.path] != 0:
				want.mode = w.modes[a.path]
			}
		}
		if w.first == nil {
			if err := stagedOther(a.path, w.found[a.path], head, want); err != nil {
				return nil, err
			}
		} else if head != w.first[a.path] && head != want {
			return nil, refuse(a.path, "someone else committed another version of it meanwhile; look at it and try again")
		}
		differs = differs || head != want
		changes = append(changes, change{path: a.path, entry: want})
	}
	if w.first == nil {
		if !differs && len(w.commit.Parents) == 0 && !w.commit.Empty && w.forward.IsZero() {
			return nil, ErrNoChange
		}
		w.first = heads
	}
	return changes, nil
}

// stagedOther refuses a path whose index entry is neither HEAD's nor ours.
func stagedOther(path string, held held, head, want entry) error {
	if held.unmerged {
		return refuse(path, "the index has it as a conflict of a merge; settle that first with `git add` or `git checkout`")
	}
	if held.skipped {
		return refuse(path, "a sparse checkout leaves it out; `git sparse-checkout disable` brings it back")
	}
	have := entry{}
	if held.counts() {
		have = held.entry
	}
	if have == head || have == want || held.intent && head.isZero() {
		return nil
	}
	return refuse(path, "something else is staged for it; commit that with git, or `git restore --staged` it")
}

// object encodes the commit, signed if asked.
func (w *writing) object(tree, parent plumbing.Hash) (newObject, error) {
	var head strings.Builder
	fmt.Fprintf(&head, "tree %s\n", tree)
	if !parent.IsZero() {
		fmt.Fprintf(&head, "parent %s\n", parent)
	}
	for _, p := range w.commit.Parents {
		fmt.Fprintf(&head, "parent %s\n", p)
	}
	fmt.Fprintf(&head, "author %s\ncommitter %s\n", w.commit.Author, w.commit.Committer)
	signature := ""
	if w.commit.Sign != nil {
		sig, err := w.commit.Sign([]byte(head.String() + "\n" + w.commit.Message))
		if err != nil {
			return newObject{}, fmt.Errorf("sign the commit: %w", err)
		}
		if len(bytes.TrimSpace(sig)) == 0 {
			return newObject{}, errors.New("sign the commit: the signature is empty")
		}
		signature = "gpgsig " + strings.ReplaceAll(strings.TrimRight(string(sig), "\n"), "\n", "\n ") + "\n"
	}
	return makeObject(plumbing.CommitObject, []byte(head.String()+signature+"\n"+w.commit.Message)), nil
}

// writeIndex prepares the index that goes with the new commit, in a file of ours.
func (w *writing) writeIndex(private string, t *trees, changes []change) (string, error) {
	delta := map[string]int{}
	edits := make([]indexEdit, 0, len(changes))
	for _, c := range changes {
		d := 0
		if had := w.found[c.path].counts(); c.isZero() && had {
			d = -1
		} else if !c.isZero() && !had {
			d = 1
		}
		for dir := c.path; dir != "" && d != 0; {
			dir, _ = splitPath(dir)
			delta[dir] += d
		}
		edits = append(edits, indexEdit{path: c.path, entry: c.entry, stat: w.stats[c.path]})
	}
	return w.repo.writeIndexTemp(private, w.index, edits, w.smudge, newCacheTree(t.turned, delta), w.seenAt)
}

// moveBranch takes the locks git takes, looks once more, writes both reflogs,
// puts the new index in place and moves the branch. moved says that someone
// was faster.
//
// The index goes first: `git commit` reads HEAD, then the index, and only then
// locks. Were the branch first, one that starts in between would take our
// commit for its parent and the old index for its content, and undo the act
// without a word. This way round its HEAD is the old one and git refuses.
func (w *writing) moveBranch(ctx context.Context, h headState, to plumbing.Hash, refTmp, indexTmp string) (moved bool, err error) {
	r := w.repo
	headPath := filepath.Join(r.gitDir, "HEAD")
	headLock, err := r.takeLock(ctx, headPath)
	if err != nil {
		return false, err
	}
	defer headLock.release()
	target := headPath
	if h.ref != "" {
		target = filepath.Join(r.commonDir, filepath.FromSlash(h.ref))
		refLock, err := r.takeLock(ctx, target)
		if err != nil {
			return false, err
		}
		defer refLock.release()
	}
	if err := r.hook.reach("branch locked"); err != nil {
		return false, err
	}
	now, err := r.head()
	if err != nil {
		return false, err
	}
	if now != h {
		return true, nil
	}
	if err := r.appendReflogs(h, to, w.commit.Committer, w.reflogWord(h), subject(w.commit.Message)); err != nil {
		return false, err
	}
	if err := r.hook.reach("reflogs written"); err != nil {
		return false, err
	}
	if err := os.Rename(indexTmp, r.indexPath()); err != nil {
		return false, fmt.Errorf("write the index: %w", err)
	}
	err = r.hook.reach("index written")
	if err == nil {
		r.share(refTmp)
		err = replaceRef(refTmp, target)
	}
	if err != nil {
		return false, errors.Join(fmt.Errorf("move the branch: %w", err), r.putBack(w.index))
	}
	// From here on the commit stands: nothing may be reported as failed.
	_ = r.hook.reach("branch moved")
	return false, nil
}

// refFolder holds the file that names the commit.
func (r *Repo) refFolder(h headState) string {
	if h.ref == "" {
		return r.gitDir
	}
	return filepath.Dir(filepath.Join(r.commonDir, filepath.FromSlash(h.ref)))
}

// syncFolder makes a rename last. Where folders cannot be synced (Windows) the
// disk does it in its own time.
func syncFolder(path string) {
	if f, err := os.Open(path); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}

// putBack restores the index as it was read; its lock is held.
func (r *Repo) putBack(x *rawIndex) error {
	if x.buf == nil {
		return os.Remove(r.indexPath())
	}
	private, err := r.privateDir()
	if err != nil {
		return err
	}
	tmp, err := writeTemp(private, "index", x.buf, false, nil)
	if err != nil {
		return fmt.Errorf("put the index back: %w", err)
	}
	r.matchMode(tmp)
	return errors.Join(os.Chtimes(tmp, x.written, x.written), os.Rename(tmp, r.indexPath()))
}
