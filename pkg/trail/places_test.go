package trail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name  string
		setup func(b *box)
	}{
		{"packed refs", func(b *box) { b.git("pack-refs", "--all", "--prune") }},
		{"packed objects", func(b *box) { b.git("gc", "-q", "--prune=now") }},
		{"detached HEAD", func(b *box) { b.git("checkout", "-q", "--detach") }},
		{"branch with folders", func(b *box) { b.git("checkout", "-q", "-b", "a/b/c"); b.git("pack-refs", "--all", "--prune") }},
		{"empty folder in the way", func(b *box) {
			b.git("pack-refs", "--all", "--prune")
			if err := os.MkdirAll(filepath.Join(b.dir, ".git/refs/heads/main/x"), 0o777); err != nil {
				b.Fatal(err)
			}
		}},
		{"index version 4", func(b *box) { b.git("update-index", "--index-version", "4") }},
		{"index version 3", func(b *box) { b.write("note", ""); b.git("add", "-N", "note") }},
		{"untracked cache", func(b *box) {
			b.git("config", "core.untrackedCache", "true")
			b.git("update-index", "--untracked-cache")
			b.write("new/one", "as yet untracked")
			b.git("status")
		}},
		{"commit-graph", func(b *box) { b.git("commit-graph", "write", "--reachable", "--changed-paths") }},
		{"skipHash", func(b *box) { b.git("config", "index.skipHash", "true"); b.git("update-index", "--force-write-index") }},
		{"index threads", func(b *box) { b.git("config", "index.threads", "2"); b.git("update-index", "--force-write-index") }},
		{"worktreeConfig", func(b *box) { b.git("config", "extensions.worktreeConfig", "true") }},
		{"alternates", func(b *box) {
			other := b.TempDir()
			b.git("clone", "-q", "--bare", b.dir, other)
			b.git("repack", "-adq")
			packs, _ := filepath.Glob(filepath.Join(b.dir, ".git/objects/pack/*"))
			for _, p := range packs {
				if err := os.Remove(p); err != nil {
					b.Fatal(err)
				}
			}
			b.write(".git/objects/info/alternates", filepath.Join(other, "objects")+"\n")
		}},
		{"shared by a group", func(b *box) { b.git("config", "core.sharedRepository", "group") }},
		{"file system monitor", func(b *box) {
			b.hookFile(".git/monitor", "#!/bin/sh\nprintf 'token\\000/\\000'\n")
			b.git("config", "core.fsmonitor", ".git/monitor")
			b.git("update-index", "--fsmonitor")
			b.git("status")
		}},
		{"no reflogs", func(b *box) { b.git("config", "core.logAllRefUpdates", "false") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			for _, p := range []string{"learners/a/x", "learners/b/x", "new-er", "z/y/x"} {
				b.write(p, "1\n")
			}
			b.git("add", "-A")
			b.git("commit", "-qm", "start")
			c.setup(b)
			before := b.git("status", "--porcelain", "-uall")
			logs := strings.Count(b.git("log", "-g", "--format=%gs"), "\n")
			start := b.git("rev-parse", "HEAD")
			r := b.open()
			b.record(r, "one", map[string]string{"learners/a/x": "2\n", "learners/c/new": "2\n", "new/one": "2\n"})
			res := b.record(r, "two", map[string]string{"learners/c/new": "3\n"}, "z/y/x")
			want := strings.TrimPrefix(strings.ReplaceAll(before, "?? new/one", ""), "\n")
			b.clean(want)
			b.verifyCacheTree()
			if got := b.git("rev-parse", "HEAD"); got != res.ID {
				t.Errorf("HEAD %s, want %s", got, res.ID)
			}
			if got := b.git("rev-parse", "HEAD~2"); got != start {
				t.Errorf("HEAD~2 %s, want %s", got, start)
			}
			if got := strings.Count(b.git("log", "-g", "--format=%gs"), "\n") - logs; got != 2 {
				t.Errorf("%d new lines in the reflog", got)
			}
			b.git("rm", "-q", "--cached", "learners/b/x")
			b.git("commit", "-qm", "git goes on")
			b.record(b.open(), "three", map[string]string{"learners/b/x": "again"})
			b.clean(want)
		})
	}
}

func TestLinkedWorktree(t *testing.T) {
	b := newBox(t)
	b.write("a", "1")
	b.git("add", "-A")
	b.git("commit", "-qm", "start")
	dir := filepath.Join(t.TempDir(), "linked")
	b.git("worktree", "add", "-q", "-b", "side", dir)
	l := &box{t, dir}
	r := l.open()
	res := l.record(r, "in the linked one", map[string]string{"a": "2"})
	if res.Branch != "side" || b.git("rev-parse", "side") != res.ID || b.git("rev-parse", "main") == res.ID {
		t.Errorf("got %+v", res)
	}
	if r.CommonDir() != b.open().GitDir() || r.GitDir() == r.CommonDir() || r.PrivateDir() != filepath.Join(r.GitDir(), "sendctl") {
		t.Errorf("git %s common %s private %s", r.GitDir(), r.CommonDir(), r.PrivateDir())
	}
	l.clean("")
	b.clean("")
	if got := l.git("log", "-g", "--format=%gs", "-1"); got != "commit: in the linked one" {
		t.Errorf("reflog %s", got)
	}
}

func TestFolderInsideARepository(t *testing.T) {
	b := newBox(t)
	b.write("elsewhere", "1")
	b.git("add", "-A")
	b.git("commit", "-qm", "start")
	b.write("school/records/a", "1")
	r, err := Open(filepath.Join(b.dir, "school", "records"))
	if err != nil {
		t.Fatal(err)
	}
	b.record(r, "act", map[string]string{"a": "1", "d/b": "2"})
	b.clean("")
	if got, err := r.HeadFile("d/b"); err != nil || string(got) != "2" {
		t.Errorf("%q %v", got, err)
	}
	b.write("elsewhere", "2")
	b.write("school/records/a", "2")
	got, err := r.Dirty([]string{""})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Change{{Path: "a", Unstaged: true}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSHA256IsRefused(t *testing.T) {
	isolate(t)
	b := &box{t, t.TempDir()}
	if out, err := b.tryGit(b.dir, "init", "-q", "--object-format=sha256"); err != nil {
		t.Skip(out)
	}
	b.git("config", "user.name", "x y")
	b.git("config", "user.email", "x@y.example")
	r := b.open()
	var refused *RefusedError
	if _, err := r.Record(context.Background(), b.act(r, "m", map[string]string{"a": ""}), nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "sha256") {
		t.Errorf("got %v", err)
	}
	if lines := r.Check(); len(lines) != 1 || !strings.Contains(lines[0], "sha256") {
		t.Errorf("check says %q", lines)
	}
}

func TestOpenElsewhere(t *testing.T) {
	isolate(t)
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNotRepository) {
		t.Errorf("got %v", err)
	}
	bare := t.TempDir()
	b := &box{t, bare}
	b.git("init", "-q", "--bare")
	if _, err := Open(bare); !errors.Is(err, ErrNotRepository) {
		t.Errorf("bare: %v", err)
	}
}

func TestInit(t *testing.T) {
	isolate(t)
	dir := filepath.Join(t.TempDir(), "new", "school")
	r, err := Init(dir, "main")
	if err != nil {
		t.Fatal(err)
	}
	theirs := &box{t, t.TempDir()}
	theirs.git("init", "-q", "-b", "main")
	b := &box{t, dir}
	if got, want := b.git("config", "--list", "--local"), theirs.git("config", "--list", "--local"); got != want {
		t.Error(cmp.Diff(want, got))
	}
	names := func(root string) (list []string) {
		_ = filepath.WalkDir(filepath.Join(root, ".git"), func(p string, d fs.DirEntry, _ error) error {
			if !strings.HasSuffix(p, ".sample") {
				rel, _ := filepath.Rel(root, p)
				list = append(list, rel)
			}
			return nil
		})
		return list
	}
	if diff := cmp.Diff(names(theirs.dir), names(dir)); diff != "" {
		t.Error(diff)
	}
	id, branch, err := r.Head()
	if id != "" || branch != "main" || err != nil {
		t.Errorf("%q %q %v", id, branch, err)
	}
	t.Setenv("GIT_AUTHOR_NAME", "A")
	t.Setenv("GIT_AUTHOR_EMAIL", "a@b.example")
	b.record(r, "first", map[string]string{"a": "1"})
	b.clean("")
	if _, err := Init(dir, "-x"); err == nil {
		t.Error("a bad branch name is taken")
	}
}

func TestDirtyAndRecover(t *testing.T) {
	b := newBox(t)
	r := b.open()
	b.record(r, "start", map[string]string{"l/a": "1", "l/b": "1", "l/c": "1", "l/d": "1", "l/gone": "1", "other": "1"})
	b.write("l/a", "2")
	b.write("l/b", "2")
	b.git("add", "l/b")
	b.write("l/c", "2")
	b.git("add", "l/c")
	b.write("l/c", "3")
	b.write("l/new", "")
	b.write("l/ignored", "")
	b.write(".git/info/exclude", "ignored\n")
	b.remove("l/gone")
	b.write("other", "2")
	got, err := r.Dirty([]string{"l", "not/there"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{
		{Path: "l/a", Unstaged: true}, {Path: "l/b", Staged: true}, {Path: "l/c", Staged: true, Unstaged: true},
		{Path: "l/gone", Unstaged: true, Deleted: true}, {Path: "l/new", Untracked: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The index of before a commit, as a crash leaves it.
	b.git("add", "-A")
	b.git("commit", "-qm", "all")
	index, err := os.ReadFile(r.indexPath())
	if err != nil {
		t.Fatal(err)
	}
	b.record(r, "act", map[string]string{"l/a": "9", "l/fresh": "9"}, "l/b")
	if err := os.WriteFile(r.indexPath(), index, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := r.Recover(context.Background(), []string{"l"}); err != nil {
		t.Fatal(err)
	}
	b.clean("")
	b.write("l/a", "edited since")
	if err := r.Recover(context.Background(), []string{"l"}); err != nil {
		t.Fatal(err)
	}
	b.clean(" M l/a")
}

// TestImport: an act of many files becomes one pack.
func TestImport(t *testing.T) {
	b := newBox(t)
	r := b.open()
	files := map[string]string{"large": strings.Repeat("0123456789", 100000), "empty": ""}
	for i := range 300 {
		files[fmt.Sprintf("learners/%d/learner.yaml", i)] = strings.Repeat(fmt.Sprint(i), i)
	}
	b.record(r, "import", files)
	b.clean("")
	b.verifyCacheTree()
	packs, _ := filepath.Glob(filepath.Join(b.dir, ".git/objects/pack/*"))
	if len(packs) != 2 {
		t.Errorf("packs: %v", packs)
	}
	b.git("verify-pack", packs[0])
	b.record(r, "act", map[string]string{"learners/7/learner.yaml": "8"})
	b.git("gc", "-q", "--prune=now")
	b.clean("")
}

func TestSharedRepository(t *testing.T) {
	b := newBox(t)
	b.git("config", "core.sharedRepository", "group")
	r := b.open()
	res := b.record(r, "act", map[string]string{"a": "1"})
	for path, want := range map[string]fs.FileMode{
		"objects/" + res.ID[:2]:                    0o770 | fs.ModeSetgid | fs.ModeDir,
		"objects/" + res.ID[:2] + "/" + res.ID[2:]: 0o440,
		"refs/heads/main":                          0o660,
		"logs/HEAD":                                0o660,
		"index":                                    0o660,
	} {
		st, err := os.Stat(filepath.Join(b.dir, ".git", path))
		if err != nil {
			t.Fatal(err)
		}
		if st.Mode()&want != want {
			t.Errorf("%s has %v, want at least %v", path, st.Mode(), want)
		}
	}
}

func TestUnknownKindsAreRefused(t *testing.T) {
	for setting, want := range map[string]string{"extensions.refStorage=reftable": "reftable", "extensions.newThing=true": "newthing", "core.repositoryFormatVersion=7": "7"} {
		b := newBox(t)
		r := b.open()
		c := b.act(r, "m", map[string]string{"a": ""})
		key, value, _ := strings.Cut(setting, "=")
		b.git("config", key, value)
		var refused *RefusedError
		if _, err := b.open().Record(context.Background(), c, nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestPartialCloneWithoutTrees(t *testing.T) {
	b := newBox(t)
	b.record(b.open(), "start", map[string]string{"d/a": "1"})
	b.git("config", "uploadpack.allowFilter", "true")
	dir := filepath.Join(t.TempDir(), "part")
	if out, err := b.tryGit(b.dir, "clone", "-q", "--no-checkout", "--filter=tree:0", "file://"+b.dir, dir); err != nil {
		t.Skip(out)
	}
	p := &box{t, dir}
	p.git("config", "user.name", "x y")
	p.git("config", "user.email", "x@y.example")
	r := p.open()
	var refused *RefusedError
	if _, err := r.Record(context.Background(), p.act(r, "m", map[string]string{"d/b": ""}), nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "partial clone") {
		t.Errorf("got %v", err)
	}
}

func TestCheck(t *testing.T) {
	b := newBox(t)
	if lines := b.open().Check(); len(lines) != 0 {
		t.Errorf("an ordinary repository: %q", lines)
	}
	b.hookFile(".git/hooks/commit-msg", "#!/bin/sh\n")
	b.git("config", "commit.gpgsign", "true")
	b.git("config", "core.autocrlf", "true")
	b.write(".git/index.lock", "")
	got := strings.Join(b.open().Check(), "\n")
	for _, want := range []string{"commit-msg", "gpgsign", "autocrlf", "index.lock"} {
		if !strings.Contains(got, want) {
			t.Errorf("no word of %s in %q", want, got)
		}
	}
}
