package audit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/audit"
)

// Rows 10 and 11: two histories shown to two people; a folder that went back.
func TestSplitViewAndRollback(t *testing.T) {
	kept := func(b *box) []string {
		b.as("eyre").at("2026-02-11 09:00")
		b.correct(b.jude, b.first, "15")
		return []string{"--checkpoint", b.checkpoint()}
	}
	full := func(b *box) []string {
		b.as("eyre").at("2026-02-11 09:00")
		b.correct(b.jude, b.first, "15")
		return []string{"--checkpoint", b.checkpoint("--full")}
	}
	back := func(b *box) {
		b.git("reset", "-q", "--hard", "HEAD~3")
		b.remove(".git/logs")
	}
	other := func(b *box) {
		b.git("reset", "-q", "--hard", "HEAD~1")
		b.remove(".git/logs")
		b.at("2026-02-11 09:30")
		b.correct(b.jude, b.first, "20")
	}
	runAttacks(t, []attack{
		{name: "rollback against a given checkpoint", flags: kept, damage: back, words: []string{"checkpoint"}},
		{name: "rollback against a given checkpoint with its list", flags: full, damage: back, words: []string{"checkpoint", "{jude}"}},
		{name: "rollback of one act against a given checkpoint", flags: kept, damage: func(b *box) {
			b.git("reset", "-q", "--hard", "HEAD~1")
			b.remove(".git/logs")
		}, words: []string{"checkpoint"}},
		{name: "rollback against what is remembered", before: func(b *box) {
			b.as("eyre").at("2026-02-11 09:00")
			b.correct(b.jude, b.first, "15")
			b.as("grimes")
		}, remembered: true, damage: back, words: []string{"{jude}"}},
		{name: "rollback to the beginning", remembered: true, damage: func(b *box) {
			b.git("reset", "-q", "--hard", strings.Fields(b.git("rev-list", "--max-parents=0", "HEAD"))[0])
			b.remove(".git/logs")
		}, words: []string{"{jude}|{mo}"}},
		{name: "rollback of a clone that remembers what its server held", before: func(b *box) {
			b.server()
		}, remembered: true, damage: func(b *box) {
			b.git("reset", "-q", "--hard", "HEAD~2")
			b.git("push", "-q", "--force", "origin", "main")
			b.remove(".git/logs")
		}, words: []string{"{jude}"}},
		{name: "the server rolled back and pulled by force", before: func(b *box) {
			b.server()
		}, remembered: true, damage: func(b *box) {
			evil := b.cloneOf(b.git("config", "remote.origin.url"))
			evil.git("push", "-q", "--force", "origin", "HEAD~2:main")
			b.git("fetch", "-q", "origin")
			b.git("reset", "-q", "--hard", "origin/main")
		}, words: []string{"{jude}"}},
		{name: "the server rewritten and pulled by force, only the reflog", before: func(b *box) {
			b.server()
		}, damage: func(b *box) {
			evil := b.cloneOf(b.git("config", "remote.origin.url"))
			evil.gitWith([]string{"GIT_SEQUENCE_EDITOR=sed -i -e '/review: " + b.mo + "/d' -e '/correct: " + b.mo + "/d'"}, "rebase", "-q", "-i", "--root")
			evil.git("push", "-q", "--force", "origin", "main")
			b.git("fetch", "-q", "origin")
			b.git("reset", "-q", "--hard", "origin/main")
		}, words: []string{"{mo}"}},
		{name: "split view: a checkpoint of each", flags: kept, damage: other, words: []string{"checkpoint"}},
		{name: "split view: a checkpoint of each, with its list", flags: full, damage: other, words: []string{"checkpoint", "{jude}"}},
		{name: "split view: two checkpoints given", flags: func(b *box) []string {
			one := b.copy()
			two := b.copy()
			one.as("grimes").correct(b.jude, b.first, "15")
			two.as("grimes").correct(b.jude, b.first, "20")
			return []string{"--checkpoint", one.checkpoint(), "--checkpoint", two.checkpoint()}
		}, damage: func(b *box) {}, words: []string{"checkpoint"}},
		{name: "split view: two checkpoints, the folder extends one of them", flags: func(b *box) []string {
			one := b.copy()
			one.as("grimes").correct(b.jude, b.first, "15")
			b.as("grimes").correct(b.jude, b.first, "20")
			return []string{"--checkpoint", one.checkpoint("--full"), "--checkpoint", b.checkpoint("--full")}
		}, damage: func(b *box) {}, words: []string{"checkpoint", "{jude}"}},
		{name: "a checkpoint of another school", flags: func(b *box) []string {
			return []string{"--checkpoint", school(b.T, "signed").checkpoint()}
		}, damage: func(b *box) {}, verdict: unproven, words: []string{"checkpoint"}},
		{name: "a checkpoint with one digit altered", flags: func(b *box) []string {
			p := b.checkpoint()
			text, err := os.ReadFile(p)
			if err != nil {
				b.Fatal(err)
			}
			at := strings.Index(string(text), "sha256:") + len("sha256:")
			digit := "0"
			if text[at] == '0' {
				digit = "1"
			}
			write(b.T, p, string(text[:at])+digit+string(text[at+1:]))
			return []string{"--checkpoint", p}
		}, damage: func(b *box) {}, verdict: unproven, words: []string{"checkpoint"}},
		{name: "a signed checkpoint altered", school: "signed", flags: func(b *box) []string {
			p := b.checkpoint("--full")
			text, err := os.ReadFile(p)
			if err != nil {
				b.Fatal(err)
			}
			write(b.T, p, strings.Replace(string(text), "by: grimes", "by: eyre", 1))
			return []string{"--checkpoint", p}
		}, damage: func(b *box) {}, verdict: unproven, words: []string{"checkpoint"}},
	})
	t.Run("honest: an old checkpoint, a newer one, and the past only longer", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"plain", "signed"} {
			b := school(t, name)
			one, two := b.checkpoint(), b.checkpoint("--full")
			b.at("2026-02-12 09:00")
			b.correct(b.jude, b.first, "15")
			three := b.checkpoint()
			b.at("2026-02-13 09:00")
			b.correct(b.mo, b.moFirst, "15")
			b.proven("--checkpoint", one, "--checkpoint", two, "--checkpoint", three)
			b.clone().proven("--checkpoint", one, "--checkpoint", two, "--checkpoint", three)
		}
	})
	t.Run("honest: two laptops' checkpoints, and the two merged", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.server()
		c := b.cloneOf(b.git("config", "remote.origin.url"))
		c.as("eyre").at("2026-02-11 09:00")
		c.correct(b.jude, b.first, "15")
		b.at("2026-02-11 10:00")
		b.correct(b.jude, b.first, "16")
		one, two := b.checkpoint(), c.checkpoint("--full")
		b.git("pull", "-q", "--no-rebase", "--no-edit", "file://"+c.dir, "main")
		b.proven("--checkpoint", one, "--checkpoint", two)
		r, _ := c.verify("--checkpoint", one)
		if r.Verdict == audit.Proven {
			t.Error("the other laptop's act is not here, and nothing is said")
		}
		b.git("push", "-q", "origin", "main")
		c.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
		c.proven("--checkpoint", one, "--checkpoint", two)
	})
	t.Run("forget", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.as("eyre").at("2026-02-11 09:00")
		b.correct(b.jude, b.first, "15")
		b.as("grimes")
		b.proven()
		b.git("reset", "-q", "--hard", "HEAD~3")
		b.remove(".git/logs")
		b.broken(b.jude, "--forget|sendctl")
		b.main("audit", "verify", "--forget")
		b.proven()
	})
}

// Row 12: merges that lose something, and histories moved into the place of others.
func TestEvilMerge(t *testing.T) {
	// sides leaves two branches that both sealed something: main and side.
	sides := func(b *box) {
		b.git("branch", "side")
		b.as("grimes").at("2026-02-11 09:00")
		b.correct(b.jude, b.first, "15")
		b.git("checkout", "-q", "side")
		b.as("eyre").at("2026-02-11 10:00")
		b.correct(b.mo, b.moFirst, "16")
		b.git("checkout", "-q", "main")
		b.as("grimes").at("2026-02-12 09:00")
	}
	mo, jude := []string{"{mo}"}, []string{"{jude}"}
	tree := func(b *box, ref string) string { return b.git("rev-parse", ref+"^{tree}") }
	runAttacks(t, []attack{
		{name: "merge -s ours", before: sides, damage: func(b *box) { b.git("merge", "-q", "-s", "ours", "--no-edit", "side") }, words: mo},
		{name: "merge -s theirs by plumbing", before: sides, damage: func(b *box) {
			b.git("reset", "-q", "--hard", b.git("commit-tree", "side^{tree}", "-p", "main", "-p", "side", "-m", "Merge branch 'side'"))
		}, words: jude},
		{name: "commit-tree with a tree without a seal of either", before: sides, damage: func(b *box) {
			b.git("reset", "-q", "--hard", b.git("commit-tree", tree(b, "main~1"), "-p", "main", "-p", "side", "-m", "Merge branch 'side'"))
		}, words: []string{"{jude}|{mo}"}},
		{name: "a merge that alters what was sealed", before: sides, damage: func(b *box) {
			b.git("merge", "-q", "--no-commit", "--no-ff", "side")
			fakeResult(b)
			b.commit("Merge branch 'side'")
		}, words: []string{"{jude}", "{first}"}},
		{name: "a merge that takes out an older seal", before: sides, damage: func(b *box) {
			b.git("merge", "-q", "--no-commit", "--no-ff", "side")
			b.git("rm", "-q", b.seal(b.jude, b.fix2, "correct"), b.correction(b.jude, b.fix2))
			b.commit("Merge branch 'side'")
		}, words: []string{"{jude}", "{fix2}"}},
		{name: "an octopus that loses one arm", before: func(b *box) {
			sides(b)
			b.git("checkout", "-q", "-b", "third", "side~1")
			b.as("bell").at("2026-02-11 11:00")
			b.correct(b.mo, b.moFirst, "12")
			b.git("checkout", "-q", "main")
		}, damage: func(b *box) {
			b.git("merge", "-q", "--no-edit", "side")
			t := tree(b, "HEAD")
			b.git("reset", "-q", "--hard", b.git("commit-tree", t, "-p", "HEAD~1", "-p", "side", "-p", "third", "-m", "Merge branches 'side' and 'third'"))
		}, words: mo},
		{name: "merge -s ours, and much honest work after it", before: sides, damage: func(b *box) {
			b.git("merge", "-q", "-s", "ours", "--no-edit", "side")
			b.forged(forgery{learner: b.jude, by: "grimes"})
			b.forged(forgery{learner: b.mo, by: "grimes"})
		}, words: mo},
		{name: "merge -s ours within a side that is merged", before: sides, damage: func(b *box) {
			b.git("checkout", "-q", "-b", "deep", "side~1")
			b.git("merge", "-q", "-s", "ours", "--no-edit", "--no-ff", "side")
			b.git("checkout", "-q", "main")
			b.git("merge", "-q", "--no-edit", "deep")
		}, words: mo},
		{name: "an orphan branch moved onto main", before: sides, damage: func(b *box) {
			b.git("checkout", "-q", "--orphan", "new")
			b.git("rm", "-rqf", "--cached", "learners/"+b.mo)
			b.remove("learners/" + b.mo)
			b.git("commit", "-q", "--no-verify", "-m", "init: record folder")
			b.git("branch", "-M", "new", "main")
		}, remembered: true, words: mo},
		{name: "an orphan branch moved onto main, only the reflog", damage: func(b *box) {
			b.git("checkout", "-q", "--orphan", "new")
			b.git("rm", "-rqf", "--cached", "learners/"+b.mo)
			b.remove("learners/" + b.mo)
			b.git("commit", "-q", "--no-verify", "-m", "init: record folder")
			b.git("update-ref", "refs/heads/main", "new")
			b.git("checkout", "-q", "main")
		}, words: mo},
		{name: "another school's history merged and its records left out", damage: func(b *box) {
			other := school(b.T, "signed")
			b.git("fetch", "-q", "file://"+other.dir, "main")
			b.git("merge", "-q", "--allow-unrelated-histories", "-s", "ours", "--no-edit", "FETCH_HEAD")
		}, words: []string{"learner"}},
		{name: "one's own history under another school's", damage: func(b *box) {
			other := school(b.T, "signed")
			b.git("fetch", "-q", "file://"+other.dir, "main")
			b.git("reset", "-q", "--hard", b.git("commit-tree", "FETCH_HEAD^{tree}", "-p", "FETCH_HEAD", "-p", "main", "-m", "Merge"))
		}, words: []string{"{jude}|{mo}"}},
		{name: "a parent twice, and nothing of it kept", before: sides, damage: func(b *box) {
			raw := "tree " + tree(b, "main") + "\nparent " + b.head() + "\nparent " + b.head() + "\nparent " + b.git("rev-parse", "side") + "\nauthor M. Eyre <eyre@thornelaw.example> 1770800000 +0000\ncommitter M. Eyre <eyre@thornelaw.example> 1770800000 +0000\n\nMerge branch 'side'\n"
			write(b.T, b.dir+"/.git/raw", raw)
			b.git("reset", "-q", "--hard", b.git("hash-object", "-t", "commit", "-w", "--literally", ".git/raw"))
		}, words: mo},
		{name: "cherry-picked without its seal", before: sides, damage: func(b *box) {
			b.git("cherry-pick", "--no-commit", "side")
			b.git("rm", "-qf", b.only("learners/"+b.mo+"/seals/*"+strings.TrimPrefix(b.newest("learners/"+b.mo+"/corrections"), "x")+"*"))
			b.commit("correct: " + b.mo + " 2026-02-11 initial-concerns")
		}, words: mo},
	})
	for _, honest := range []struct {
		name string
		do   func(*box)
	}{
		{"merge", func(b *box) { b.git("merge", "-q", "--no-edit", "side") }},
		{"merge --no-ff", func(b *box) { b.git("merge", "-q", "--no-ff", "--no-edit", "side") }},
		{"merge --squash", func(b *box) { b.git("merge", "-q", "--squash", "side"); b.commit("Merge side") }},
		{"rebase", func(b *box) { b.git("checkout", "-q", "side"); b.git("rebase", "-q", "main") }},
		{"cherry-pick", func(b *box) { b.git("cherry-pick", "side") }},
		{"the other way round", func(b *box) { b.git("checkout", "-q", "side"); b.git("merge", "-q", "--no-edit", "main") }},
		{"the side left where it is", func(b *box) {}},
		{"an octopus", func(b *box) {
			b.git("checkout", "-q", "-b", "third", "side~1")
			b.commit("edit: nothing")
			b.git("checkout", "-q", "main")
			b.git("merge", "-q", "--no-edit", "side", "third")
		}},
		{"merge and rebase --rebase-merges", func(b *box) {
			b.git("merge", "-q", "--no-edit", "side")
			b.git("rebase", "-q", "--rebase-merges", "HEAD~2")
		}},
	} {
		t.Run("honest: "+honest.name, func(t *testing.T) {
			t.Parallel()
			b := school(t, "plain")
			sides(b)
			honest.do(b)
			b.proven()
			b.correct(b.jude, b.second, "20")
			b.proven()
		})
	}
}

// newest gives the id in the name of the last file of a folder.
func (b *box) newest(dir string) string {
	b.Helper()
	m, _ := filepath.Glob(b.path(dir + "/*.yaml"))
	if len(m) == 0 {
		b.Fatal("none")
	}
	stem := strings.TrimSuffix(filepath.Base(m[len(m)-1]), ".yaml")
	return stem[strings.LastIndex(stem, "-")+1:]
}
