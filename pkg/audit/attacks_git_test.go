package audit_test

import (
	"encoding/hex"
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

// Row 13: acts past the tool.
func TestPastTheTool(t *testing.T) {
	var all []attack
	for _, act := range []string{"review", "correct", "advance", "send", "letter", "decide", "impact", "agree"} {
		all = append(all, attack{name: "a commit that says " + act + " and seals nothing", damage: func(b *box) {
			b.swap("learners/"+b.jude+"/learner.yaml", "language: English", "language: Polish")
			b.commit(b.actMessage(act, b.jude, "2026-02-10"))
		}, words: []string{"{jude}", act}})
	}
	all = append(all,
		attack{name: "review: without trailers", damage: func(b *box) {
			b.swap("learners/"+b.jude+"/learner.yaml", "language: English", "language: Polish")
			b.commit("review: " + b.jude + " 2026-02-10 initial-concerns")
		}, words: []string{"{jude}", "review"}},
		attack{name: "review: of nothing", damage: func(b *box) {
			b.commit("review: " + b.jude + " 2026-02-10 initial-concerns")
		}, words: []string{"{jude}", "review"}},
		attack{name: "a review typed by hand, the message says so", damage: func(b *box) {
			b.openCycleReviewed(b.jude, "grimes")
			b.commit("review: " + b.jude + " 2026-02-10 initial-concerns")
		}, words: []string{"{jude}", "wkbn|review"}},
		attack{name: "a review typed by hand, the message says edit", damage: func(b *box) {
			b.openCycleReviewed(b.jude, "grimes")
			b.commit("edit: " + b.jude + " cycle")
		}, words: []string{"{jude}", "wkbn"}},
		attack{name: "a review typed by hand into a planned cycle", before: func(b *box) {
			acts, _ := filepath.Abs(answers + "jude")
			b.act("plan", b.mo, "--answers", acts+"/plan-2.yaml", "--set", "plan.date=2026-02-10", "--set", "plan.starts=2026-02-10", "--set", "plan.review_on=2026-03-20")
		}, damage: func(b *box) {
			p := "learners/" + b.mo + "/cycles/2026-02-10-initial-concerns-" + b.newest("learners/"+b.mo+"/cycles") + ".yaml"
			text := b.read(b.cycle(b.jude, b.second))
			b.write(p, b.read(p)+text[strings.Index(text, "review:\n"):])
			b.commit("edit: " + b.mo)
		}, words: []string{"{mo}"}},
		attack{name: "a correction typed by hand", damage: func(b *box) {
			b.typedCorrection(b.jude, "wkbn")
			b.commit("edit: " + b.jude)
		}, words: []string{"{jude}", "wkbn"}},
		attack{name: "a move typed by hand", damage: func(b *box) {
			b.write("learners/"+b.jude+"/moves/2026-02-10-passport-wkbn.yaml", "format: move/v1\nlearner: "+b.jude+"\nid: wkbn\ndate: 2026-02-10\nfrom: initial-concerns\nto: passport\nbecause: It was time.\ndecided_by: eyre\n")
			b.swap("learners/"+b.jude+"/learner.yaml", "stage: initial-concerns", "stage: passport")
			b.commit("edit: " + b.jude)
		}, words: []string{"{jude}", "wkbn"}},
		attack{name: "acts past the tool, long ago", damage: func(b *box) {
			b.typedCorrection(b.jude, "wkbn")
			b.commit("edit: " + b.jude)
			b.correct(b.mo, b.moFirst, "15")
			b.correct(b.mo, b.moFirst, "16")
		}, words: []string{"{jude}", "wkbn"}},
	)
	runAttacks(t, all)
	t.Run("honest: edits, notes and plans by plain git", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.swap("learners/"+b.jude+"/learner.yaml", "language: English", "language: Polish")
		b.commit("Put the language right")
		b.commit("reviewed the spelling")
		b.commit("review the spelling of the handbook")
		b.write("handbook/README.md", "How we work.\n")
		b.commit("docs: review: how we work")
		b.act("contact", b.mo, "--with", "mum", "--how", "call", "--about", "plan", "--told", "how it goes")
		b.proven()
	})
}

// Row 14: what git may show people, or not have.
func TestGitShowsAnother(t *testing.T) {
	old := func(b *box) string { return b.find("review: " + b.mo) }
	blob := func(b *box, p string) string { return b.git("rev-parse", "HEAD:"+p) }
	loose := func(b *box, id string) string {
		p := ".git/objects/" + id[:2] + "/" + id[2:]
		if _, err := os.Stat(b.path(p)); err != nil {
			b.loosen()
		}
		return p
	}
	runAttacks(t, []attack{
		{name: "git replace of a commit", damage: func(b *box) {
			b.git("replace", old(b), b.git("commit-tree", "HEAD~9^{tree}", "-m", "review: nothing"))
		}, words: []string{"git replace"}},
		{name: "git replace --edit of a sealed file", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			fakeResult(b)
			b.git("replace", blob(b, p), b.git("hash-object", "-w", p))
		}, words: []string{"replace"}},
		{name: "git replace of a tree, the work tree as replaced", damage: func(b *box) {
			b.sh("git rm -rq learners/" + b.mo)
			t := b.git("write-tree")
			b.git("reset", "-q", "--hard")
			b.git("replace", b.git("rev-parse", "HEAD^{tree}"), t)
			b.git("checkout", "-q", "-f", "main")
		}, words: []string{"replace"}},
		{name: "git replace --graft", damage: func(b *box) { b.git("replace", "--graft", "HEAD~2") }, words: []string{"replace"}},
		{name: "git replace, packed", damage: func(b *box) {
			b.git("replace", "--graft", "HEAD~2")
			b.git("pack-refs", "--all")
		}, words: []string{"replace"}},
		{name: "grafts", damage: func(b *box) { b.write(".git/info/grafts", b.git("rev-parse", "HEAD~2")+"\n") }, words: []string{"graft"}},
		{name: "a history made shallow by hand", damage: func(b *box) { b.write(".git/shallow", b.head()+"\n") }, verdict: audit.CannotTell, words: []string{"shallow"}},
		{name: "a history made shallow by hand, and what came before lost", damage: func(b *box) {
			b.git("rm", "-rq", "learners/"+b.mo)
			b.commit("edit: tidy")
			b.write(".git/shallow", b.head()+"\n")
			b.remove(".git/logs")
			b.git("gc", "-q", "--prune=now")
		}, verdict: unproven, words: []string{"shallow"}},
		{name: "a smudge filter shows another file", damage: func(b *box) {
			b.git("config", "filter.kind.smudge", "sed s/"+strings.ReplaceAll(result1, " ", "\\ ")+"/result:\\ 24/")
			b.git("config", "filter.kind.clean", "sed s/result:\\ 24/"+strings.ReplaceAll(result1, " ", "\\ ")+"/")
			b.write(".git/info/attributes", b.cycle(b.jude, b.first)+" filter=kind\n")
			b.remove(b.cycle(b.jude, b.first))
			b.git("checkout", "-q", ".")
			if !strings.Contains(b.read(b.cycle(b.jude, b.first)), "result: 24") || b.git("status", "--porcelain") != "" {
				b.Fatal("the filter does nothing")
			}
		}, words: []string{"{jude}", "{first}"}},
		{name: "a smudge filter hides that the commit has another file", damage: func(b *box) {
			text := b.read(b.cycle(b.jude, b.first))
			fakeResult(b)
			b.commit("edit: tidy")
			b.git("config", "filter.kind.smudge", "sed s/result:\\ 24/"+strings.ReplaceAll(result1, " ", "\\ ")+"/")
			b.write(".git/info/attributes", b.cycle(b.jude, b.first)+" filter=kind\n")
			b.write(b.cycle(b.jude, b.first), text)
		}, words: []string{"{jude}", "{first}"}},
		{name: "a sealed file's object is missing", damage: func(b *box) {
			b.remove(loose(b, blob(b, b.cycle(b.jude, b.first))))
		}, verdict: audit.CannotTell, words: []string{"{first}|missing|object"}},
		{name: "an old object of what is not sealed is missing", damage: func(b *box) {
			b.remove(loose(b, b.git("rev-parse", b.root()+":people.yaml")))
		}, verdict: audit.CannotTell, words: []string{"missing|object"}},
		{name: "a seal's object is missing", damage: func(b *box) {
			b.remove(loose(b, blob(b, b.seal(b.jude, b.first, "review"))))
		}, verdict: audit.CannotTell, words: []string{"missing|object"}},
		{name: "an old commit is missing", damage: func(b *box) { b.remove(loose(b, old(b))) }, verdict: audit.CannotTell, words: []string{"missing|object"}},
		{name: "an old tree is missing", damage: func(b *box) { b.remove(loose(b, b.git("rev-parse", old(b)+":learners"))) }, verdict: audit.CannotTell, words: []string{"missing|object"}},
		{name: "an old tree of seals is missing", damage: func(b *box) { b.remove(loose(b, b.git("rev-parse", old(b)+":learners/"+b.mo+"/seals"))) }, verdict: audit.CannotTell, words: []string{"missing|object"}},
		{name: "the last commit is missing", damage: func(b *box) { b.remove(loose(b, b.head())) }, verdict: audit.CannotTell, words: []string{"missing|object"}},
		{name: "an object in another's place", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			text := b.read(p)
			id := blob(b, p)
			fakeResult(b)
			other := b.git("hash-object", "-w", p)
			b.sh("chmod u+w " + loose(b, id) + "; cp -f " + loose(b, other) + " " + loose(b, id))
			b.write(p, text)
		}, verdict: unproven, words: []string{"{first}|object"}},
		{name: "an old seal's object in another's place", damage: func(b *box) {
			b.git("rm", "-q", b.seal(b.jude, b.fix2, "correct"), b.correction(b.jude, b.fix2))
			id := b.git("rev-parse", "HEAD:"+b.seal(b.jude, b.fix2, "correct"))
			other := b.git("rev-parse", "HEAD:"+b.seal(b.jude, b.fix, "correct"))
			b.commit("edit: tidy")
			b.sh("chmod u+w " + loose(b, id) + "; cp -f " + loose(b, other) + " " + loose(b, id))
		}, verdict: unproven, words: []string{"{fix2}|object"}},
		{name: "a corrupted object", damage: func(b *box) {
			p := loose(b, blob(b, b.seal(b.jude, b.first, "review")))
			b.sh("chmod u+w " + p + "; printf 'xxxx' | dd of=" + p + " bs=1 seek=12 conv=notrunc 2>/dev/null")
		}, verdict: unproven, words: []string{"object"}},
		{name: "an empty object", damage: func(b *box) {
			p := loose(b, old(b))
			b.sh("chmod u+w " + p + "; : > " + p)
		}, verdict: unproven, words: []string{"object"}},
		{name: "a corrupted pack", damage: func(b *box) {
			b.git("repack", "-q", "-a", "-d")
			b.sh("for p in .git/objects/pack/*.pack; do chmod u+w $p; printf 'xxxxxxxx' | dd of=$p bs=1 seek=3000 conv=notrunc 2>/dev/null; done")
		}, verdict: unproven, words: []string{"object|pack"}},
		{name: "a commit-graph that tells another history", damage: func(b *box) {
			// The graph of a history without Mo's, put into the place of the true one.
			evil := b.copy()
			evil.git("commit-graph", "write", "--reachable")
			b.git("rm", "-rq", "learners/"+b.mo)
			b.commit("edit: tidy")
			b.sh("mkdir -p .git/objects/info && cp " + evil.dir + "/.git/objects/info/commit-graph .git/objects/info/")
		}, words: []string{"{mo}"}},
		{name: "a tree with one name twice", damage: func(b *box) {
			seals := b.git("ls-tree", "HEAD:learners/"+b.jude+"/seals")
			twice := ""
			for line := range strings.Lines(seals + "\n") {
				twice += line
				if strings.Contains(line, b.fix+"-correct") {
					twice += strings.Replace(line, blob(b, b.seal(b.jude, b.fix, "correct")), blob(b, b.seal(b.jude, b.fix2, "correct")), 1)
				}
			}
			b.tree(twice, "learners/"+b.jude+"/seals")
		}, verdict: unproven, words: []string{"tree|{fix}|{jude}"}},
	})
	clones := []struct {
		name string
		args []string
		word string
	}{
		{"shallow, depth 1", []string{"--depth", "1"}, "shallow"},
		{"shallow, depth 3", []string{"--depth", "3"}, "shallow"},
		{"partial, without blobs", []string{"--filter=blob:none"}, "partial|missing|object"},
		{"partial, without trees", []string{"--filter=tree:0"}, "partial|missing|object"},
	}
	for _, c := range clones {
		t.Run("a clone: "+c.name, func(t *testing.T) {
			t.Parallel()
			b := school(t, "plain")
			b.git("config", "uploadpack.allowFilter", "true")
			b.git("config", "uploadpack.allowAnySHA1InWant", "true")
			clone := b.clone(append(c.args, "--no-local")...)
			clone.cannotTell(c.word)
			if strings.HasPrefix(c.name, "shallow") {
				clone.git("fetch", "-q", "--unshallow")
				clone.proven()
			}
		})
	}
	t.Run("a partial clone that has everything by now", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("config", "uploadpack.allowFilter", "true")
		b.git("config", "uploadpack.allowAnySHA1InWant", "true")
		clone := b.clone("--filter=blob:none", "--no-local")
		clone.git("fetch", "-q", "--refetch", "--no-filter", "origin")
		if r, _ := clone.verify(); r.Verdict == audit.Broken {
			t.Errorf("%s", told(r))
		}
	})
	t.Run("no history at all", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.remove(".git")
		if code, out, said := b.main("audit", "verify"); code == 0 || code == 1 {
			t.Errorf("exit code %d\n%s%s", code, out, said)
		}
	})
	t.Run("nothing to check", func(t *testing.T) {
		t.Parallel()
		b := &box{T: t, dir: t.TempDir()}
		b.at("2025-09-01 09:00")
		b.sendctl("init", ".", "--name", "Thornelaw Academy", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "grimes", "--role", "teacher")
		b.cannotTell("seal|nothing")
	})
	t.Run("a repository without a commit", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.remove(".git")
		b.git("init", "-q")
		b.cannotTell("commit")
	})
}

// tree commits a folder's tree with other entries, as mktree would not write it.
func (b *box) tree(entries, at string) {
	b.Helper()
	var raw []byte
	for line := range strings.Lines(entries) {
		head, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		f := strings.Fields(head)
		mode := strings.TrimPrefix(f[0], "0")
		id, err := hex.DecodeString(f[2])
		if err != nil {
			b.Fatal(err)
		}
		raw = append(raw, []byte(mode+" "+name+"\x00")...)
		raw = append(raw, id...)
	}
	write(b.T, b.dir+"/.git/raw", string(raw))
	id := b.git("hash-object", "-t", "tree", "-w", "--literally", ".git/raw")
	for at != "" {
		dir, name := filepath.ToSlash(filepath.Dir(at)), filepath.Base(at)
		if dir == "." {
			dir = ""
		}
		var out strings.Builder
		for line := range strings.Lines(b.git("ls-tree", "HEAD:"+dir) + "\n") {
			if strings.HasSuffix(line, "\t"+name+"\n") {
				line = "040000 tree " + id + "\t" + name + "\n"
			}
			out.WriteString(line)
		}
		write(b.T, b.dir+"/.git/raw", out.String())
		id = b.sh("git mktree < .git/raw")
		at = dir
	}
	b.git("update-ref", "refs/heads/main", b.git("commit-tree", id, "-p", "HEAD", "-m", "edit: tidy"))
}
