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

func TestRecordOnUnbornBranch(t *testing.T) {
	b := newBox(t)
	r := b.open()
	res := b.record(r, "review: bk7m2xqt 2025-11-21 initial-concerns\n\nSendctl-Action: review", map[string]string{
		"learners/bk7m2xqt/learner.yaml": "a\n", "sendctl.yaml": "b\n"})
	b.clean("")
	if got := b.git("rev-parse", "HEAD"); got != res.ID {
		t.Errorf("HEAD is %s, Record said %s", got, res.ID)
	}
	want := "M. Eyre <eyre@thornelaw.example> 1763730309 +0100|M. Eyre <eyre@thornelaw.example> 1763730309 +0100|review: bk7m2xqt 2025-11-21 initial-concerns\n\nSendctl-Action: review\n"
	if got := b.git("log", "--date=raw", "--format=%an <%ae> %ad|%cn <%ce> %cd|%B"); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("log: %s", cmp.Diff(want, got))
	}
	for _, ref := range []string{"HEAD", "main"} {
		if got := b.git("log", "-g", "--format=%gs", ref); got != "commit (initial): review: bk7m2xqt 2025-11-21 initial-concerns" {
			t.Errorf("reflog of %s: %s", ref, got)
		}
	}
}

// TestRecordAsGit makes the same commits with git and with Record, and demands
// the same ids: trees, modes, order of names, messages and all.
func TestRecordAsGit(t *testing.T) {
	steps := []struct {
		files map[string]string
		gone  []string
	}{
		{files: map[string]string{"a/b/c": "1", "a-b": "2", "a.b": "3", "ab": "4", "z/1/2/3/4": "deep"}},
		{files: map[string]string{"a/b/c": "changed", "a/b-c": "x", "a/b.c": "y", "a0": "z"}},
		{files: map[string]string{"ä ö/ü": "letters"}, gone: []string{"z/1/2/3/4"}},
		{files: map[string]string{"z": "a file where a folder was"}},
		{gone: []string{"a/b/c", "a-b"}},
		{files: map[string]string{"crlf": "a\r\nb\r\n", "bin": "\x00\xff\r\n", "empty": ""}},
	}
	for _, version := range []string{"2", "4"} {
		t.Run("index version "+version, func(t *testing.T) {
			ours := newBox(t)
			ours.git("config", "index.version", version)
			theirs := &box{t, t.TempDir()}
			theirs.git("init", "-q", "-b", "main")
			r := ours.open()
			for i, s := range steps {
				res := ours.record(r, fmt.Sprintf("step %d", i), s.files, s.gone...)
				if i == 0 { // Record starts with version 2; from here on it keeps what is there
					ours.git("update-index", "--index-version", version)
				}
				for p, text := range s.files {
					theirs.write(p, text)
				}
				for _, p := range s.gone {
					theirs.remove(p)
				}
				theirs.git("add", "-A")
				t.Setenv("GIT_AUTHOR_DATE", "1763730309 +0100")
				t.Setenv("GIT_COMMITTER_DATE", "1763730309 +0100")
				theirs.git("-c", "user.name=M. Eyre", "-c", "user.email=eyre@thornelaw.example", "commit", "-q", "-m", fmt.Sprintf("step %d", i))
				if want := theirs.git("rev-parse", "HEAD"); want != res.ID {
					t.Fatalf("step %d: %s, git has %s", i, res.ID, want)
				}
				ours.clean("")
				ours.verifyCacheTree()
				if got, want := ours.git("ls-files", "-s"), theirs.git("ls-files", "-s"); got != want {
					t.Errorf("step %d: index: %s", i, cmp.Diff(want, got))
				}
			}
			if got := ours.git("log", "-g", "--format=%gs"); got != ours.git("log", "-g", "--format=%gs", "main") || strings.Count(got, "\n") != len(steps)-1 {
				t.Errorf("reflogs:\n%s", got)
			}
		})
	}
}

func TestOtherStagedWorkStays(t *testing.T) {
	b := newBox(t)
	b.write("mine/a", "1")
	b.write("theirs/a", "1")
	b.write("both/a", "1")
	b.git("add", "-A")
	b.git("commit", "-qm", "start")
	b.write("theirs/a", "staged")
	b.write("both/staged", "staged")
	b.write("new/staged", "staged")
	b.git("add", "-A")
	b.write("theirs/a", "and changed again")
	r := b.open()
	b.record(r, "act", map[string]string{"mine/a": "2", "both/mine": "2", "new/mine": "2"})
	b.clean("A  both/staged\nA  new/staged\nMM theirs/a")
	b.verifyCacheTree()
	if got := b.git("show", "--name-only", "--format="); got != "both/mine\nmine/a\nnew/mine" {
		t.Errorf("committed:\n%s", got)
	}
	b.git("commit", "-qm", "theirs")
	if got := b.git("show", "--name-only", "--format="); got != "both/staged\nnew/staged\ntheirs/a" {
		t.Errorf("git then committed:\n%s", got)
	}
	b.clean(" M theirs/a")
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name  string
		setup func(b *box)
		files map[string]string
		gone  []string
		want  string
	}{
		{"other content staged", func(b *box) { b.write("a", "staged"); b.git("add", "a") }, map[string]string{"a": "ours"}, nil, "something else is staged"},
		{"new file staged otherwise", func(b *box) { b.write("n", "staged"); b.git("add", "n") }, map[string]string{"n": "ours"}, nil, "something else is staged"},
		{"deletion staged", func(b *box) { b.git("rm", "-q", "--cached", "a") }, map[string]string{"a": "ours"}, nil, "something else is staged"},
		{"file becomes folder", func(b *box) {}, map[string]string{"d/a/x": "ours"}, nil, "file"},
		{"folder becomes file", func(b *box) {}, map[string]string{"d": "ours"}, nil, "folder"},
		{"merge under way", func(b *box) {
			b.git("switch", "-qc", "side")
			b.write("a", "side")
			b.git("commit", "-qam", "side")
			b.git("switch", "-q", "main")
			b.write("a", "main")
			b.git("commit", "-qam", "main")
			_, _ = b.tryGit(b.dir, "merge", "side")
		}, map[string]string{"d/a": "ours"}, nil, "a merge is under way"},
		{"symbolic link", func(b *box) {
			if err := os.Symlink("a", filepath.Join(b.dir, "l")); err != nil {
				b.Skip(err)
			}
			b.git("add", "l")
			b.git("commit", "-qm", "link")
		}, map[string]string{"l": "ours"}, nil, "not an ordinary file"},
		{"split index", func(b *box) { b.git("update-index", "--split-index") }, map[string]string{"a": "ours"}, nil, "split"},
		{"filter", func(b *box) { b.write(".gitattributes", "*.x filter=crypt\n") }, map[string]string{"f.x": "ours"}, nil, "filter"},
		{"ident", func(b *box) { b.write("e/.gitattributes", "*.x ident\n") }, map[string]string{"e/f.x": "$Id$"}, nil, "ident"},
		{"encoding", func(b *box) { b.write(".git/info/attributes", "*.x working-tree-encoding=UTF-16\n") }, map[string]string{"f.x": "ours"}, nil, "working-tree-encoding"},
		{"autocrlf", func(b *box) { b.git("config", "core.autocrlf", "input") }, map[string]string{"f": "a\r\n"}, nil, "line ends"},
		{"autocrlf covered elsewhere only", func(b *box) {
			b.git("config", "core.autocrlf", "true")
			b.write("e/.gitattributes", "* -text\n")
		}, map[string]string{"e/f": "a\r\n", "f": "a\r\n"}, nil, "f: git would change its line ends"},
		{"text attribute", func(b *box) { b.write(".gitattributes", "f text\n") }, map[string]string{"f": "a\r\n"}, nil, "line ends"},
		{"outside", func(b *box) {}, map[string]string{"../f": "ours"}, nil, "not a path"},
		{"into .git", func(b *box) {}, map[string]string{".GIT/config": "ours"}, nil, "not a path"},
		{"both file and folder", func(b *box) {}, map[string]string{"q": "", "q/r": ""}, nil, "both a file and a folder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			b.write("a", "1")
			b.write("d/a", "1")
			b.git("add", "-A")
			b.git("commit", "-qm", "start")
			c.setup(b)
			r := b.open()
			head, status := b.git("rev-parse", "HEAD"), b.git("status", "--porcelain")
			_, err := r.Record(context.Background(), b.act(r, "act", c.files, c.gone...), nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			b.clean(b.git("status", "--porcelain", "-uall"))
			if b.git("rev-parse", "HEAD") != head || b.git("status", "--porcelain") != status {
				t.Errorf("something changed")
			}
		})
	}
}

// TestCRLFIsKept: under "* -text" line ends are bytes, whatever is configured.
func TestCRLFIsKept(t *testing.T) {
	b := newBox(t)
	b.git("config", "core.autocrlf", "true")
	r := b.open()
	b.record(r, "act", map[string]string{".gitattributes": "* -text\n", "d/crlf": "a\r\nb\r\n", "attachments/x.png": "\x89PNG\r\n\x1a\n\x00"})
	b.clean("")
	if got, err := r.HeadFile("d/crlf"); err != nil || string(got) != "a\r\nb\r\n" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := r.HeadFile("d"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder: %v", err)
	}
}

func TestNothingToCommit(t *testing.T) {
	b := newBox(t)
	r := b.open()
	b.record(r, "one", map[string]string{"a": "1"})
	if _, err := r.Record(context.Background(), b.act(r, "two", map[string]string{"a": "1"}), nil); !errors.Is(err, ErrNoChange) {
		t.Errorf("got %v", err)
	}
}
