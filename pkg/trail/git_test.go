package trail

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// box is a folder with a real git beside it, and no configuration but its own.
type box struct {
	*testing.T
	dir string
}

// isolate keeps the machine's git configuration and identity out.
func isolate(t testing.TB) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for _, name := range []string{"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
		"GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE",
		"GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE", "EMAIL"} {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
}

// newBox is a fresh repository made by git, with an identity.
func newBox(t *testing.T) *box {
	t.Helper()
	isolate(t)
	b := &box{t, t.TempDir()}
	b.git("init", "-q", "-b", "main")
	b.git("config", "user.name", "M. Eyre")
	b.git("config", "user.email", "eyre@thornelaw.example")
	return b
}

func (b *box) git(args ...string) string {
	b.Helper()
	return b.gitIn(b.dir, args...)
}

func (b *box) gitIn(dir string, args ...string) string {
	b.Helper()
	out, err := b.tryGit(dir, args...)
	if err != nil {
		b.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (b *box) tryGit(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return strings.TrimRight(out.String(), "\n"), err
}

func (b *box) write(path, text string) {
	b.Helper()
	p := filepath.Join(b.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
		b.Fatal(err)
	}
}

func (b *box) remove(path string) {
	b.Helper()
	p := filepath.Join(b.dir, filepath.FromSlash(path))
	if err := os.Remove(p); err != nil {
		b.Fatal(err)
	}
	for p = filepath.Dir(p); p != b.dir && os.Remove(p) == nil; p = filepath.Dir(p) { // as git: no empty folders
	}
}

func (b *box) open() *Repo {
	b.Helper()
	r, err := Open(b.dir)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// someTime is when all acts of the tests happen.
var someTime = time.Date(2025, 11, 21, 14, 5, 9, 0, time.FixedZone("", 3600))

// act makes a commit of files given as "path": content, nil bytes for deleted.
func (b *box) act(r *Repo, message string, files map[string]string, gone ...string) Commit {
	b.Helper()
	author, err := r.Author(someTime)
	if err != nil {
		b.Fatal(err)
	}
	c := Commit{Message: message, Author: author, Committer: author}
	for p, text := range files {
		c.Files = append(c.Files, File{Path: p, Data: []byte(text)})
	}
	for _, p := range gone {
		c.Files = append(c.Files, File{Path: p, Delete: true})
	}
	return c
}

// record writes the files and commits them.
func (b *box) record(r *Repo, message string, files map[string]string, gone ...string) Result {
	b.Helper()
	for p, text := range files {
		b.write(r.prefix+p, text)
	}
	for _, p := range gone {
		b.remove(r.prefix + p)
	}
	res, err := r.Record(context.Background(), b.act(r, message, files, gone...), nil)
	if err != nil {
		b.Fatalf("record: %v", err)
	}
	return res
}

// clean demands what git itself would leave: fsck has nothing to say and the
// status is as given.
func (b *box) clean(status string) {
	b.Helper()
	b.cleanIn(b.dir, status)
}

func (b *box) cleanIn(dir, status string) {
	b.Helper()
	out, err := b.tryGit(dir, "fsck", "--strict", "--full", "--no-dangling")
	var told []string
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "notice: ") { // of an unborn branch
			told = append(told, line)
		}
	}
	if err != nil || len(told) > 0 {
		b.Errorf("git fsck: %v\n%s", err, out)
	}
	if got := b.gitIn(dir, "status", "--porcelain", "-uall"); got != status {
		b.Errorf("git status:\n%s\nwant:\n%s", got, status)
	}
	for _, leftover := range []string{"index.lock", "HEAD.lock", "refs/heads/main.lock"} {
		if _, err := os.Lstat(filepath.Join(dir, ".git", leftover)); err == nil {
			b.Errorf("%s is left", leftover)
		}
	}
	tmps, _ := filepath.Glob(filepath.Join(dir, ".git", "sendctl", "tmp-*"))
	if len(tmps) > 0 {
		b.Errorf("left over: %v", tmps)
	}
}

// verifyCacheTree has git check its tree cache against the index.
func (b *box) verifyCacheTree() {
	b.Helper()
	cmd := exec.Command("git", "status")
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "GIT_TEST_CHECK_CACHE_TREE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Errorf("tree cache: %v\n%s", err, out)
	}
}
