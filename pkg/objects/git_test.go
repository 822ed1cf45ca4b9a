package objects

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gitRepo is a repository made by the real git, blind to the machine's configuration.
type gitRepo struct {
	t   testing.TB
	dir string
}

func newGitRepo(t testing.TB, args ...string) *gitRepo {
	t.Helper()
	r := &gitRepo{t: t, dir: t.TempDir()}
	r.git(append([]string{"init", "-q", "-b", "main"}, args...)...)
	return r
}

func (r *gitRepo) common() string { return filepath.Join(r.dir, ".git") }

func (r *gitRepo) git(args ...string) string {
	r.t.Helper()
	return r.feed("", args...)
}

func (r *gitRepo) feed(input string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Stdin = strings.NewReader(input)
	cmd.Env = append(os.Environ(), "HOME="+r.dir, "XDG_CONFIG_HOME="+r.dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_DIR=", "LC_ALL=C",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org")
	cmd.Env = dropEmpty(cmd.Env)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, errs.String())
	}
	return out.String()
}

func dropEmpty(env []string) []string {
	var kept []string
	for _, e := range env {
		if !strings.HasPrefix(e, "GIT_DIR=") && !strings.HasPrefix(e, "GIT_WORK_TREE=") && !strings.HasPrefix(e, "GIT_INDEX_FILE=") {
			kept = append(kept, e)
		}
	}
	return kept
}

// grow adds n commits on main through fast-import, each changing one of a few
// long files a little, so that packs are full of deltas.
func (r *gitRepo) grow(from, n int) {
	r.t.Helper()
	var in strings.Builder
	for i := from; i < from+n; i++ {
		msg := fmt.Sprintf("commit %d\n\nbody\n", i)
		fmt.Fprintf(&in, "commit refs/heads/main\nmark :%d\ncommitter C <c@example.org> %d +0100\ndata %d\n%s", i+1, 1700000000+i*60, len(msg), msg)
		if i == from && from > 0 {
			in.WriteString("from refs/heads/main^0\n")
		}
		var file strings.Builder
		for line := range 120 {
			fmt.Fprintf(&file, "line %d of file %d, version %d\n", line, i%7, (i+line)/97)
		}
		fmt.Fprintf(&in, "M 100644 inline dir%d/sub/file%d.txt\ndata %d\n%s\n", i%3, i%7, file.Len(), file.String())
	}
	r.feed(in.String(), "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--date-format=raw")
}

// loosen turns every packed object into a loose one.
func (r *gitRepo) loosen() {
	r.t.Helper()
	packs, err := filepath.Glob(filepath.Join(r.common(), "objects/pack/*"))
	if err != nil {
		r.t.Fatal(err)
	}
	away := r.t.TempDir()
	var body []string
	for _, p := range packs {
		to := filepath.Join(away, filepath.Base(p))
		if err := os.Rename(p, to); err != nil {
			r.t.Fatal(err)
		}
		if strings.HasSuffix(to, ".pack") {
			body = append(body, to)
		}
	}
	for _, p := range body {
		raw, err := os.ReadFile(p)
		if err != nil {
			r.t.Fatal(err)
		}
		r.feed(string(raw), "unpack-objects", "-q")
	}
}

type object struct {
	id   ID
	kind Kind
	data []byte
}

// all asks git for every object it knows.
func (r *gitRepo) all() []object {
	r.t.Helper()
	out := []byte(r.git("cat-file", "--batch-all-objects", "--batch", "--unordered"))
	var list []object
	for len(out) > 0 {
		line, rest, _ := bytes.Cut(out, []byte{'\n'})
		var hexID, kind string
		var size int
		if _, err := fmt.Sscan(string(line), &hexID, &kind, &size); err != nil {
			r.t.Fatal(err)
		}
		id, err := ParseID(hexID)
		if err != nil {
			r.t.Fatal(err)
		}
		list = append(list, object{id, kindOf(kind), rest[:size]})
		out = rest[size+1:]
	}
	return list
}
