package audit_test

import (
	"os"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/audit"
)

// Attacks that leave no gap behind: only what git keeps beside the history shows them.
func TestCutOut(t *testing.T) {
	// A seal that no other follows; what comes after it seals nothing.
	after := func(b *box) (sealed string) {
		b.as("grimes").at("2026-02-11 09:00").correct(b.mo, b.moFirst, "15")
		sealed = b.head()
		b.at("2026-02-11 10:00").write("README", "hello\n")
		b.commit("a readme")
		return sealed
	}
	t.Run("a tip rebased away, what came after it kept", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		sealed := after(b)
		b.git("rebase", "-q", "--onto", sealed+"~1", sealed)
		b.broken("rewritten", b.mo, "was cut out")
	})
	t.Run("honest: reset of both, and the other done anew", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		after(b)
		b.git("reset", "-q", "--hard", "HEAD~2")
		b.write("README", "hello again\n")
		b.commit("a readme")
		b.proven()
	})
	t.Run("begun anew without a tip, beside the old branch", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.at("2026-02-11 09:00")
		dropTip(b)
		beginAnew(b)
		b.broken("rewritten", b.mo, "begun anew")
	})
	t.Run("begun anew without a tip, in the place of the old branch", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.at("2026-02-11 09:00")
		dropTip(b)
		beginAnew(b)
		b.git("branch", "-M", "anew", "main")
		b.broken("rewritten", b.mo, "begun anew")
	})
	t.Run("honest: begun anew with all of it", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("checkout", "-q", "--orphan", "anew")
		b.commit("init: record folder")
		b.git("branch", "-M", "anew", "main")
		b.proven()
	})
	t.Run("honest: a branch of other things", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("checkout", "-q", "--orphan", "pages")
		b.git("rm", "-rqf", ".")
		b.write("index.html", "hello")
		b.commit("pages")
		b.git("checkout", "-q", "main")
		b.proven()
	})
	t.Run("pushed over by somebody, and followed", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		c := b.cloneOf(b.server())
		b.as("grimes").at("2026-02-11 09:00").correct(b.mo, b.moFirst, "15")
		b.git("push", "-q", "origin", "main")
		c.as("grimes").git("pull", "-q", "origin", "main")
		b.git("reset", "-q", "--hard", "HEAD~1")
		b.git("push", "-qf", "origin", "main")
		c.git("fetch", "-q")
		c.git("reset", "-q", "--hard", "origin/main")
		c.broken("rewritten on the server", b.mo)
	})
}

// dropTip records what beginAnew leaves out again: nothing follows it.
func dropTip(b *box) {
	b.as("grimes").correct(b.mo, b.moFirst, "15")
}

func beginAnew(b *box) {
	b.Helper()
	files := strings.Fields(b.git("show", "--diff-filter=A", "--name-only", "--format=", "HEAD"))
	b.git("checkout", "-q", "--orphan", "anew")
	b.git(append([]string{"rm", "-qf"}, files...)...)
	b.commit("init: record folder")
}

// A merge that only takes over what a commit before it did is not its doing, nor
// excused by it.
func TestMergeOfAnAlteredSide(t *testing.T) {
	t.Parallel()
	b := school(t, "plain")
	b.git("checkout", "-q", "-b", "side")
	file := b.cycle(b.jude, b.first)
	b.write(file, b.read(file)+"# x\n")
	altered := b.commit("edit: tidy")
	b.git("checkout", "-q", "main")
	b.commit("nothing")
	b.git("merge", "-q", "-X", "theirs", "--no-edit", "side")
	b.broken("file-changed", file, altered)
}

// A merge or rebase that stopped is finished, not called tampering.
func TestStoppedHalfway(t *testing.T) {
	t.Parallel()
	b := school(t, "plain")
	file := b.cycle(b.jude, b.first)
	blob := b.git("rev-parse", "HEAD:"+file)
	b.git("update-index", "--force-remove", file)
	stages := b.path("stages")
	write(t, stages, "100644 "+blob+" 1\t"+file+"\n100644 "+blob+" 2\t"+file+"\n100644 "+blob+" 3\t"+file+"\n")
	b.sh("git update-index --index-info < stages && rm stages")
	b.cannotTell("merge-under-way", file)
}

func TestDemandTakenBack(t *testing.T) {
	demand := func(b *box, yes bool) string {
		text := b.read("sendctl.yaml")
		text = strings.ReplaceAll(strings.ReplaceAll(text, "require_signatures: true\n", ""), "require_signatures: false\n", "")
		if yes {
			text += "require_signatures: true\n"
		}
		b.write("sendctl.yaml", text)
		return b.commit("edit: sendctl.yaml")
	}
	t.Run("is told loudly", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		demand(b, true)
		off := demand(b, false)
		r, _ := b.verify()
		if r.Verdict != audit.Proven {
			t.Errorf("%s", told(r))
		}
		b.holds(r, audit.Note, []string{"signatures-not-demanded", off, "look at this"})
	})
	t.Run("does not launder what came meanwhile", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		demand(b, true)
		demand(b, false)
		b.as("grimes").at("2026-02-11 09:00").git("config", "gpg.format", "openpgp")
		b.correct(b.mo, b.moFirst, "15")
		demand(b, true)
		b.cannotTell("unsigned", b.mo, "not demanded")
	})
}

// What was cherry-picked without what it follows is told once, with where that lies.
func TestPartialCherryPick(t *testing.T) {
	t.Parallel()
	b := school(t, "plain")
	b.as("grimes").at("2026-02-11 09:00").git("checkout", "-q", "-b", "side")
	b.correct(b.mo, b.moFirst, "15")
	b.at("2026-02-11 10:00").act("correct", b.mo, b.moFirst, "review.targets[t1].score", "--is", "1", "--because", "Looked again.")
	b.git("checkout", "-q", "main")
	b.git("cherry-pick", "side")
	b.broken("seal-gone", b.mo, "git merge side")
	b.git("merge", "-q", "--no-edit", "side")
	b.proven()
}

// A school that lost every key begins anew: nothing can vouch for the new one, and
// nothing shows that it is a forger's.
func TestEveryKeyLost(t *testing.T) {
	t.Parallel()
	b := school(t, "plain")
	b.git("config", "gpg.format", "ssh")
	b.as("eyre").at("2026-02-11 09:00")
	b.sendctl("people", "add-key", "eyre", "--key", public(t, "eyre"))
	b.at("2026-02-12 09:00").sendctl("people", "revoke-key", "eyre", "--because", "The laptop was lost.", "--date", "2026-02-12")
	b.proven()
	b.at("2026-02-14 09:00").git("config", "user.signingkey", keyFile(t, "eyre-2"))
	b.sendctl("people", "add-key", "eyre", "--key", public(t, "eyre-2"))
	b.cannotTell("key-added", "eyre", "no key counted any more")
	b.at("2026-02-14 10:00").sendctl("people", "add-key", "bell", "--key", public(t, "bell"))
	b.cannotTell("key-added", "bell", "vouched for only by")
}

// A checkpoint in full of a large school is longer than a file of a record may be.
func TestLongCheckpoint(t *testing.T) {
	t.Parallel()
	b := school(t, "plain")
	name := t.TempDir() + "/checkpoint.txt"
	b.sendctl("audit", "checkpoint", "--full", "--output", name)
	if code, _, said := b.main("audit", "verify", "--checkpoint", name); code != 0 {
		t.Fatal(code, said)
	}
	if err := os.WriteFile(name, make([]byte, audit.MaxCheckpoint+2), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := b.main("audit", "verify", "--checkpoint", name); code != 3 {
		t.Errorf("exit code %d", code)
	}
}
