package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// handOver has git itself commit the files of the act, because hooks or
// signing are git's business. why names the reason.
func (r *Repo) handOver(ctx context.Context, c Commit, acts []act, ready func(string) error, why string) (Result, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return Result{}, refuse(why, "git itself has to make this commit, and git is not installed or not on PATH")
	}
	x, err := readIndex(r.indexPath())
	if err != nil {
		return Result{}, err
	}
	w := &writing{repo: r, commit: c, acts: acts, index: x}
	if w.found, _, err = r.look(x, w.paths()); err != nil {
		return Result{}, err
	}
	if err := x.checkExtensions(); err != nil {
		return Result{}, err
	}
	h, err := r.head()
	if err != nil {
		return Result{}, err
	}
	base, err := r.treeOf(h.id)
	if err != nil {
		return Result{}, err
	}
	changes, err := w.changes(r.newTrees(), base)
	if err != nil {
		return Result{}, err
	}
	var paths, unknown []string
	for _, a := range acts {
		held := w.found[a.path]
		if a.delete && w.first[a.path].isZero() && held.isZero() {
			continue // not there before either: git would not know the name
		}
		paths = append(paths, a.path)
		if err := r.sameOnDisk(a); err != nil {
			return Result{}, err
		}
		if !a.delete && held.isZero() {
			unknown = append(unknown, a.path)
		}
	}
	if ready != nil {
		if err := ready(""); err != nil {
			return Result{}, err
		}
	}
	id, err := r.commitByGit(ctx, c, paths, unknown)
	if err != nil {
		if said := hookSaid(err); said != "" {
			err = refuse(why, "it would not let the commit through, so nothing was recorded: %s", said)
		} else {
			err = fmt.Errorf("git was asked to commit because of %s: %w", why, err)
		}
		return Result{}, errors.Join(err, r.forget(unknown))
	}
	res := Result{ID: id, Branch: h.branch(), HandedOver: true}
	res.Warning = r.compareWith(id, changes)
	if c.Sign != nil && res.Warning == "" {
		if all, err := r.effective(); err == nil && !all.truth("commit.gpgsign", false) {
			res.Warning = "the commit is not signed: because of " + why + " git made it, and commit.gpgsign is off"
		}
	}
	return res, nil
}

// hookSaid is what was printed when git ended with code 1, which is how it ends
// when a hook said no; "" for any other failure.
func hookSaid(err error) string {
	if !exitedWith(err, 1) {
		return ""
	}
	_, said, _ := strings.Cut(err.Error(), "exit status 1: ")
	if said = strings.TrimSpace(said); said == "" {
		return "it gave no reason"
	}
	return said
}

// sameOnDisk makes sure that what git is about to read is what the act says.
func (r *Repo) sameOnDisk(a act) error {
	b, err := os.ReadFile(r.disk(a.path))
	if a.delete {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return refuse(a.path, "is to be deleted and still is on disk")
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", a.path, err)
	}
	if !bytes.Equal(b, a.data) {
		return refuse(a.path, "was changed on disk meanwhile; look at it and try again")
	}
	return nil
}

func (r *Repo) commitByGit(ctx context.Context, c Commit, paths, unknown []string) (id string, err error) {
	private, err := r.privateDir()
	if err != nil {
		return "", err
	}
	listed := func(paths []string) (string, error) {
		return writeTemp(private, "paths", []byte(strings.Join(paths, "\x00")+"\x00"), false, nil)
	}
	env := []string{"GIT_LITERAL_PATHSPECS=1"}
	if len(unknown) > 0 {
		list, err := listed(unknown)
		if err != nil {
			return "", err
		}
		defer os.Remove(list)
		if _, err := r.patientGit(ctx, "", env, "add", "-f", "-N", "--pathspec-from-file="+list, "--pathspec-file-nul"); err != nil {
			return "", err
		}
	}
	list, err := listed(paths)
	if err != nil {
		return "", err
	}
	defer os.Remove(list)
	for who, i := range map[string]Ident{"AUTHOR": c.Author, "COMMITTER": c.Committer} {
		env = append(env, "GIT_"+who+"_NAME="+clean(i.Name), "GIT_"+who+"_EMAIL="+clean(i.Email),
			fmt.Sprintf("GIT_%s_DATE=@%d %s", who, i.When.Unix(), i.zone()))
	}
	args := []string{"-c", "core.abbrev=40", "-c", "i18n.commitEncoding=UTF-8", "commit", "--only", "--no-edit", "--cleanup=verbatim", "-F", "-",
		"--pathspec-from-file=" + list, "--pathspec-file-nul"}
	all, err := r.effective()
	if err != nil {
		return "", err
	}
	if names := r.activeHooks(all); !slices.Contains(names, "pre-commit") && !slices.Contains(names, "commit-msg") {
		// Only our own pre-commit hook may be there, and it would check again
		// what is already checked, under a lock that is already ours.
		args = slices.Insert(args, 6, "--no-verify")
	}
	out, err := r.patientGit(ctx, c.Message, env, args...)
	if err != nil {
		return "", err
	}
	// "[main (root-commit) 40 hex digits] subject"; hooks print to standard error.
	m := regexp.MustCompile(`(?m)^\[.*?([0-9a-f]{40})\] `).FindSubmatch(out)
	if m == nil {
		head, err := r.head()
		return head.id.String(), err
	}
	return string(m[1]), nil
}

// patientGit runs git again while another git holds a lock.
func (r *Repo) patientGit(ctx context.Context, stdin string, env []string, args ...string) ([]byte, error) {
	deadline := time.Now().Add(r.patience)
	for {
		out, err := r.gitContext(ctx, strings.NewReader(stdin), env, args...)
		if err == nil {
			return out, nil
		}
		text := err.Error()
		if !locked(text) {
			return out, err
		}
		if time.Now().After(deadline) {
			file := lockIn(text)
			if strings.Contains(text, gcRuns) {
				file = filepath.Join(r.commonDir, "gc.pid")
			}
			if file != "" {
				return out, &BusyError{Lock: file, Holder: holder(file)}
			}
			return out, err
		}
		select {
		case <-ctx.Done():
			return out, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// gcRuns is what git says where another is clearing up: perhaps the one of a sendctl
// that was killed.
const gcRuns = "gc is already running"

// locked reports whether git gave up because somebody else was at the same thing.
func locked(said string) bool {
	return strings.Contains(said, ".lock': File exists") || strings.Contains(said, "cannot lock ref") || strings.Contains(said, gcRuns)
}

// lockIn is the lock that stood in git's way, as git names it; "" where it names none.
func lockIn(said string) string {
	_, rest, ok := strings.Cut(said, "Unable to create '")
	file, _, end := strings.Cut(rest, "': File exists")
	if !ok || !end {
		return ""
	}
	return path.Clean(file) // git writes SHARED/./refs of the place that it sends to
}

// compareWith says in words where a commit does not hold what was asked for.
func (r *Repo) compareWith(id string, changes []change) string {
	commit, err := parseID([]byte(id))
	if err != nil {
		return "git made the commit, but did not say which"
	}
	tree, err := r.treeOf(commit)
	if err != nil {
		return fmt.Sprintf("git made the commit, but it cannot be read: %v", err)
	}
	t := r.newTrees()
	for _, c := range changes {
		if e, err := t.lookup(tree, c.path); err != nil || e.id != c.id {
			return c.path + " in the commit that git made is not what was given: a hook changed it"
		}
	}
	return ""
}

// forget takes names without content that we announced out of the index again.
func (r *Repo) forget(unknown []string) error {
	if len(unknown) == 0 {
		return nil
	}
	held, err := r.takeLock(context.Background(), r.indexPath())
	if err != nil {
		return err
	}
	defer held.release()
	x, err := readIndex(r.indexPath())
	if err != nil {
		return err
	}
	found, smudge, err := r.look(x, unknown)
	if err != nil {
		return err
	}
	var edits []indexEdit
	for _, p := range unknown {
		if found[p].intent {
			edits = append(edits, indexEdit{path: p})
		}
	}
	if len(edits) == 0 {
		return nil
	}
	tmp, err := r.writeIndexTemp(filepath.Join(r.PrivateDir()), x, edits, smudge, nil, time.Now())
	if err != nil {
		return err
	}
	return os.Rename(tmp, r.indexPath())
}
