package trail

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func (b *box) hookFile(path, script string) {
	b.Helper()
	p := filepath.Join(b.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(script), 0o777); err != nil {
		b.Fatal(err)
	}
}

func TestHooksHandOver(t *testing.T) {
	for _, hook := range commitHooks {
		for _, path := range []string{".git/hooks", "my hooks"} {
			if path != ".git/hooks" && hook != "commit-msg" {
				continue // one stands for all: where hooks lie does not depend on which
			}
			t.Run(hook+" in "+path, func(t *testing.T) {
				b := newBox(t)
				b.write("a", "1")
				b.git("add", "a")
				b.git("commit", "-qm", "start")
				b.write("staged", "theirs")
				b.git("add", "staged")
				if path != ".git/hooks" {
					b.git("config", "core.hooksPath", path)
				}
				b.hookFile(path+"/"+hook, "#!/bin/sh\ntouch '"+b.dir+"/.git/ran'\n")
				b.write(".git/info/exclude", "my hooks\nignored\n")
				r := b.open()
				var ids []string
				for p, text := range map[string]string{"a": "2", "d/*new": "2", "ignored": "2"} {
					b.write(p, text)
				}
				c := b.act(r, "act: é\n\nSendctl-Action: note", map[string]string{"a": "2", "d/*new": "2", "ignored": "2"})
				res, err := r.Record(context.Background(), c, func(id string) error { ids = append(ids, id); return nil })
				if err != nil {
					t.Fatal(err)
				}
				if !res.HandedOver || res.Warning != "" || res.ID != b.git("rev-parse", "HEAD") || len(ids) != 1 || ids[0] != "" {
					t.Errorf("got %+v, ready %q", res, ids)
				}
				if _, err := os.Stat(filepath.Join(b.dir, ".git/ran")); err != nil {
					t.Errorf("the hook did not run")
				}
				if got := b.git("log", "-1", "--format=%an %ae %ad %cd|%B", "--date=raw"); got != "M. Eyre eyre@thornelaw.example 1763730309 +0100 1763730309 +0100|act: é\n\nSendctl-Action: note" {
					t.Errorf("commit: %s", got)
				}
				b.clean("A  staged")
			})
		}
	}
}

func TestFailingHookLeavesEverything(t *testing.T) {
	b := newBox(t)
	b.record(b.open(), "start", map[string]string{"a": "1"})
	b.hookFile(".git/hooks/commit-msg", "#!/bin/sh\nexit 1\n")
	b.write("staged", "theirs")
	b.git("add", "staged")
	b.write("a", "2")
	b.write("new", "2")
	head, index := b.git("rev-parse", "HEAD"), b.git("ls-files", "-s", "-t")
	r := b.open()
	if _, err := r.Record(context.Background(), b.act(r, "act", map[string]string{"a": "2", "new": "2"}), nil); err == nil || !strings.Contains(err.Error(), "commit-msg") {
		t.Fatalf("got %v", err)
	}
	if b.git("rev-parse", "HEAD") != head || b.git("ls-files", "-s", "-t") != index {
		t.Errorf("something changed:\n%s", b.git("ls-files", "-s", "-t"))
	}
	b.clean(" M a\nA  staged\n?? new")
}

func TestHookThatChangesAFileIsTold(t *testing.T) {
	b := newBox(t)
	b.record(b.open(), "start", map[string]string{"a": "1"})
	b.hookFile(".git/hooks/pre-commit", "#!/bin/sh\necho more >> a\ngit add a\n")
	r := b.open()
	res := b.record(r, "act", map[string]string{"a": "2"})
	if !strings.Contains(res.Warning, "a in the commit") {
		t.Errorf("got %+v", res)
	}
}

func TestOwnHookStaysOut(t *testing.T) {
	b := newBox(t)
	b.hookFile(".git/hooks/pre-commit", ownHookMark+"\nexit 1\n")
	if res := b.record(b.open(), "act", map[string]string{"a": "2"}); res.HandedOver {
		t.Error("handed over for our own hook")
	}
	b.hookFile(".git/hooks/post-commit", "#!/bin/sh\n")
	if res := b.record(b.open(), "act", map[string]string{"a": "3"}); !res.HandedOver {
		t.Error("not handed over")
	}
	b.clean("")
}

func TestSigning(t *testing.T) {
	b := newBox(t)
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("no ssh-keygen")
	}
	key := filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	pub, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	allowed := filepath.Join(t.TempDir(), "allowed")
	if err := os.WriteFile(allowed, []byte("eyre@thornelaw.example "+string(pub)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.git("config", "gpg.format", "ssh")
	b.git("config", "gpg.ssh.allowedSignersFile", allowed)
	b.git("config", "user.signingkey", key)
	b.git("config", "commit.gpgsign", "true")

	if res := b.record(b.open(), "by git", map[string]string{"a": "1"}); !res.HandedOver {
		t.Error("not handed over")
	}
	if out, err := b.tryGit(b.dir, "verify-commit", "HEAD"); err != nil {
		t.Errorf("%v %s", err, out)
	}
	r := b.open()
	b.write("a", "2")
	c := b.act(r, "by us", map[string]string{"a": "2"})
	c.Sign = func(payload []byte) ([]byte, error) {
		cmd := exec.Command("ssh-keygen", "-Y", "sign", "-n", "git", "-f", key)
		cmd.Stdin = strings.NewReader(string(payload))
		return cmd.Output()
	}
	res, err := r.Record(context.Background(), c, nil)
	if err != nil || res.HandedOver {
		t.Fatalf("%+v %v", res, err)
	}
	if out, err := b.tryGit(b.dir, "verify-commit", "HEAD"); err != nil || !strings.Contains(out, "Good") {
		t.Errorf("%v %s", err, out)
	}
	b.clean("")
}

func TestHandOverOnUnbornBranchAndDetached(t *testing.T) {
	b := newBox(t)
	b.hookFile(".git/hooks/post-commit", "#!/bin/sh\n")
	r := b.open()
	if res := b.record(r, "first", map[string]string{"a": "1", "d/b": "1"}); !res.HandedOver || res.Branch != "main" || res.ID != b.git("rev-parse", "HEAD") {
		t.Errorf("%+v", res)
	}
	b.git("checkout", "-q", "--detach")
	if res := b.record(r, "second", map[string]string{"a": "2"}, "d/b"); res.Branch != "" || res.ID != b.git("rev-parse", "HEAD") {
		t.Errorf("%+v", res)
	}
	b.clean("")
}

func TestHandOverWaitsForGit(t *testing.T) {
	b := newBox(t)
	r := b.open()
	b.record(r, "start", map[string]string{"a": "1"})
	b.hookFile(".git/hooks/post-commit", "#!/bin/sh\n")
	b.write(".git/index.lock", "")
	r.patience = 200 * time.Millisecond
	b.write("a", "2")
	b.write("new", "2")
	var busy *BusyError
	if _, err := r.Record(context.Background(), b.act(r, "act", map[string]string{"a": "2", "new": "2"}), nil); !errors.As(err, &busy) {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(filepath.Join(b.dir, ".git/index.lock")); err != nil {
		t.Fatal(err)
	}
	b.clean(" M a\n?? new")
}
