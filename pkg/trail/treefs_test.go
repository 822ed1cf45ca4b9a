package trail

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func snapshotRepo(t *testing.T) *histRepo {
	r := newHistRepo(t)
	r.write("sendctl.yaml", "format: setting/v1\n")
	r.write("learners/bk7m2xqt/identity.yaml", "format: identity/v1\n")
	r.write("learners/bk7m2xqt/cycles/2025-09-29-initial-concerns-k4f7.yaml", strings.Repeat("words\n", 2000))
	r.write("learners/bk7m2xqt.txt", "sorts before the folder in git, after it by name\n")
	r.write("learners/bk7m2xqt-x/empty", "")
	r.write("sub/inner/file", "x")
	r.git("add", ".")
	r.git("update-index", "--chmod=+x", "sub/inner/file")
	r.git("commit", "-q", "-m", "first")
	return r
}

// onDisk reads all files of a folder but .git.
func onDisk(t *testing.T, fsys fs.FS) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == ".git" {
			return fs.SkipDir
		}
		if d.IsDir() {
			return nil
		}
		b, err := fs.ReadFile(fsys, name)
		got[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestCommitFS(t *testing.T) {
	r := snapshotRepo(t)
	want := onDisk(t, os.DirFS(r.dir))
	r.write("sendctl.yaml", "changed later\n")
	r.write("later", "later\n")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "second")
	r.git("repack", "-adq")
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := repo.CommitFS("main")
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(fsys, "later", "learners/bk7m2xqt/identity.yaml", "learners/bk7m2xqt.txt"); err != nil {
		t.Error(err)
	}
	id := strings.TrimSpace(r.git("rev-parse", "main^"))
	old, err := repo.CommitFS(id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, onDisk(t, old)); diff != "" {
		t.Error(diff)
	}
	if _, err := fs.Stat(old, "later"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file of later: %v", err)
	}
	if _, err := fs.ReadFile(old, "sendctl.yaml/x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("below a file: %v", err)
	}
	info, err := fs.Stat(old, "sub/inner/file")
	if err != nil || info.Mode() != 0o555 || info.Size() != 1 {
		t.Errorf("%v %v", info, err)
	}
	inner, err := Open(filepath.Join(r.dir, "sub"))
	if err != nil {
		t.Fatal(err)
	}
	below, err := inner.CommitFS("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"inner/file": "x"}, onDisk(t, below)); diff != "" {
		t.Error(diff)
	}
}

func TestCommitFSWithLinks(t *testing.T) {
	r := newHistRepo(t)
	r.feed("commit refs/heads/main\ncommitter C <c@example.org> 1700000000 +0000\ndata 1\nm\nM 120000 inline a/link\ndata 4\nfile\nM 100644 inline a/file\ndata 1\nx\n"+
		"M 160000 1111111111111111111111111111111111111111 module\n", "fast-import", "--quiet", "--date-format=raw")
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := repo.CommitFS("main")
	if err != nil {
		t.Fatal(err)
	}
	if to, err := fs.ReadLink(fsys, "a/link"); err != nil || to != "file" {
		t.Errorf("%q %v", to, err)
	}
	if _, err := fs.ReadFile(fsys, "a/link"); err == nil {
		t.Error("the link was followed")
	}
	if list, err := fs.ReadDir(fsys, "module"); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

func TestIndexFS(t *testing.T) {
	for _, version := range []string{"2", "3", "4"} {
		r := snapshotRepo(t)
		r.git("update-index", "--index-version", version)
		r.write("sendctl.yaml", "staged\n")
		r.write("learners/bk7m2xqt/advice/new.yaml", "staged too\n")
		r.git("add", ".")
		if version == "3" {
			r.write("intended", "x")
			r.git("add", "-N", "intended")
		}
		want := onDisk(t, os.DirFS(r.dir))
		delete(want, "intended")
		r.write("sendctl.yaml", "not staged\n")
		repo, err := Open(r.dir)
		if err != nil {
			t.Fatal(err)
		}
		fsys, err := repo.IndexFS()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, onDisk(t, fsys)); diff != "" {
			t.Errorf("version %s:\n%s", version, diff)
		}
		if err := fstest.TestFS(fsys, "sendctl.yaml", "learners/bk7m2xqt/advice/new.yaml"); err != nil {
			t.Error(err)
		}
	}
	r := newHistRepo(t)
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := repo.IndexFS()
	if err != nil {
		t.Fatal(err)
	}
	if got := onDisk(t, fsys); len(got) != 0 {
		t.Errorf("no index: %v", got)
	}
	hooked := snapshotRepo(t)
	hooked.write("one", "1")
	hooked.write("two", "2")
	hooked.git("add", ".")
	seen := filepath.Join(t.TempDir(), "seen")
	hooked.write(".git/hooks/pre-commit", "#!/bin/sh\nprintf %s \"$GIT_INDEX_FILE\" >'"+seen+"'\ncp \"$GIT_INDEX_FILE\" '"+seen+".index'\n")
	if err := os.Chmod(filepath.Join(hooked.dir, ".git/hooks/pre-commit"), 0o755); err != nil {
		t.Fatal(err)
	}
	hooked.git("commit", "-q", "-m", "only one", "--", "one")
	name, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	if repo, err = Open(hooked.dir); err != nil {
		t.Fatal(err)
	}
	rel := string(name)
	if !filepath.IsAbs(rel) {
		rel = filepath.Join(hooked.dir, rel)
	}
	held, err := os.ReadFile(seen + ".index") // git has taken its own away
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(rel, held, 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_INDEX_FILE", string(name))
	if fsys, err = repo.IndexFS(); err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(fsys, "two"); err == nil {
		t.Error("in a hook of `git commit one`, two is said to be committed")
	}
	t.Setenv("GIT_INDEX_FILE", filepath.Join(r.dir, ".git/index"))
	if fsys, err = repo.IndexFS(); err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(fsys, "two"); err != nil {
		t.Errorf("another repository's index was read: %v", err)
	}
	x := snapshotRepo(t)
	x.git("update-index", "--split-index")
	if repo, err = Open(x.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := repo.IndexFS(); !errors.As(err, new(*RefusedError)) {
		t.Errorf("a split index: %v", err)
	}
}

func TestResolve(t *testing.T) {
	r := newHistRepo(t)
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repo.Resolve("HEAD"); !errors.As(err, new(*RevisionError)) {
		t.Errorf("unborn: %v", err)
	}
	r.build(manyCommits(150)) // more than fast-import leaves loose
	r.git("tag", "plain", "main~2")
	r.git("tag", "-a", "-m", "t", "annotated", "main~3")
	r.git("tag", "-a", "-m", "t", "twice", "annotated")
	r.git("tag", "tree", "main^{tree}")
	r.git("tag", "c7", "main~4") // hides the branch, as in git
	r.git("update-ref", "refs/remotes/origin/main", "main~5")
	r.git("pack-refs", "--all")
	r.git("branch", "loose", "main~6")
	r.git("checkout", "-q", "-f", "--detach", "main~1")
	id := strings.TrimSpace(r.git("rev-parse", "main~9"))
	for _, rev := range []string{"HEAD", "@", "main", "plain", "annotated", "twice", "c7", "c9", "origin/main", "refs/heads/loose", "heads/loose", "loose", id, id[:7], strings.ToUpper(id[:9])} {
		want := strings.TrimSpace(r.git("rev-parse", "-q", "--verify", rev+"^{commit}"))
		if got, err := repo.Resolve(rev); err != nil || got != want {
			t.Errorf("%s: %s, git %s: %v", rev, got, want, err)
		}
	}
	for _, rev := range []string{"", "nothing", "tree", "..", "abc", "0000000", "main@{1}", "/etc", "refs/heads/../../HEAD", strings.TrimSpace(r.git("rev-parse", "main^{tree}"))[:12]} {
		if got, err := repo.Resolve(rev); !errors.As(err, new(*RevisionError)) {
			t.Errorf("%q: %s %v", rev, got, err)
		}
	}
	// Each four digits: one commit or none as git has it.
	for _, line := range strings.Fields(r.git("rev-list", "main", "-n", "60")) {
		same := 0
		for _, other := range strings.Fields(r.git("rev-list", "--all")) {
			if other[:4] == line[:4] {
				same++
			}
		}
		got, err := repo.Resolve(line[:4])
		if same == 1 && got != line {
			t.Errorf("%s: %s %v", line[:4], got, err)
		}
		if same > 1 && err == nil {
			t.Errorf("%s is ambiguous", line[:4])
		}
	}
}
