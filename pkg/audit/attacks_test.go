package audit_test

import (
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/audit"
)

// attack is damage done to a school's folder by the real git, and what verify must
// say of it. Before the damage, and after what honestly came before it, a copy of the
// folder is proven: that is each attack's control.
type attack struct {
	name       string
	school     string     // "plain" where empty
	before     func(*box) // honest; part of the control
	remembered bool       // verify ran here before the damage
	damage     func(*box)
	flags      func(*box) []string // for verify, made before the damage
	verdict    audit.Verdict       // Broken where empty; unproven takes either
	never      string              // is in no message
	words      []string            // of one finding of that weight; {jude}, {first} … stand for ids
}

func runAttacks(t *testing.T, attacks []attack) {
	t.Helper()
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			name := a.school
			if name == "" {
				name = "plain"
			}
			b := school(t, name)
			control(t, name)
			if a.before != nil {
				a.before(b)
			}
			if a.remembered {
				b.proven()
			} else if a.before != nil {
				b.copy().proven()
			}
			var flags []string
			if a.flags != nil {
				flags = a.flags(b)
			}
			a.damage(b)
			if a.verdict == "" {
				a.verdict = audit.Broken
			}
			b.want(a.verdict, flags, b.named(a.words))
			if r, text := b.verify(flags...); a.never != "" && strings.Contains(told(r)+text, a.never) {
				b.Errorf("%q is told:\n%s", a.never, text)
			}
		})
	}
}

func (b *box) named(words []string) []string {
	r := strings.NewReplacer("{jude}", b.jude, "{mo}", b.mo, "{first}", b.first, "{second}", b.second, "{fix}", b.fix, "{fix2}", b.fix2, "{moFirst}", b.moFirst, "{moFix}", b.moFix)
	out := []string{}
	for _, w := range words {
		out = append(out, r.Replace(w))
	}
	return out
}

// find gives the one commit whose subject begins so.
func (b *box) find(subject string) string {
	b.Helper()
	out := strings.Fields(b.git("log", "--format=%H", "--grep=^"+subject))
	if len(out) != 1 {
		b.Fatalf("%s: %d commits", subject, len(out))
	}
	return out[0]
}

const result1 = "result: 19" // of Jude's first review, and of Mo's
const result2 = "result: 25" // of Jude's second

// fakeResult changes a figure of Jude's first review in the work tree.
func fakeResult(b *box) { b.swap(b.cycle(b.jude, b.first), result1, "result: 24") }

// Row 1: history rewritten so that sealed files changed or went. Nothing but what the
// clone remembers, its reflog or a checkpoint can tell a folder made anew.
func TestHistoryRewritten(t *testing.T) {
	// drop takes commits out with rebase -i, as if they had never been.
	drop := func(subjects ...string) func(*box) {
		return func(b *box) {
			script := "sed -i"
			for _, s := range subjects {
				script += " -e '/^pick [0-9a-f]* " + strings.NewReplacer("{mo}", b.mo, "{jude}", b.jude).Replace(s) + "/d'"
			}
			b.gitWith([]string{"GIT_SEQUENCE_EDITOR=" + script}, "rebase", "-q", "-i", "--root")
		}
	}
	// rewriteAll makes the first review anew in the whole history, and everything that
	// follows in the chain: seals, hashes in messages.
	rewriteAll := func(b *box) {
		old := b.copy()
		fakeResult(b)
		b.resealed(b.jude, b.first+"-review.seal", b.fix+"-correct.seal", b.second+"-review.seal", b.fix2+"-correct.seal")
		dir := b.TempDir()
		script := ""
		for _, p := range []string{b.cycle(b.jude, b.first), b.seal(b.jude, b.first, "review"), b.seal(b.jude, b.fix, "correct"), b.seal(b.jude, b.second, "review"), b.seal(b.jude, b.fix2, "correct")} {
			name := dir + "/" + strings.ReplaceAll(p, "/", "_")
			b.sh("cp " + p + " " + name)
			script += "if test -f " + p + " && { ! echo " + p + " | grep -q cycles || grep -q '" + result1 + "' " + p + "; }; then cp " + name + " " + p + "; fi\n"
		}
		oldHash, newHash := strings.TrimPrefix(old.hash(old.cycle(b.jude, b.first)), "sha256:"), strings.TrimPrefix(b.hash(b.cycle(b.jude, b.first)), "sha256:")
		b.git("checkout", "-q", ".")
		b.git("filter-branch", "-f", "--tree-filter", script, "--msg-filter", "sed s/"+oldHash+"/"+newHash+"/", "HEAD")
		b.git("update-ref", "-d", "refs/original/refs/heads/main")
	}
	gone := []string{"{jude}"}
	runAttacks(t, []attack{
		{name: "filter-branch alters a sealed file everywhere", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			b.git("filter-branch", "-f", "--tree-filter", "test ! -f "+p+" || sed -i 's/"+result1+"/result: 24/' "+p, "HEAD")
		}, words: []string{"cycles/", "{first}", "{jude}"}},
		{name: "filter-branch alters it and seals anew, remembered", remembered: true, damage: rewriteAll, words: gone},
		{name: "filter-branch alters it and seals anew, reflog only", damage: rewriteAll, words: gone},
		{name: "filter-branch alters it and seals anew, a checkpoint", flags: checkpoint(), damage: func(b *box) {
			rewriteAll(b)
			b.remove(".git/logs")
		}, words: []string{"{jude}|checkpoint"}},
		{name: "rebase -i drops a learner's review, remembered", remembered: true, damage: drop("review: {mo}", "correct: {mo}"), words: []string{"{mo}"}},
		{name: "rebase -i drops a learner's review, reflog only", damage: drop("review: {mo}", "correct: {mo}"), words: []string{"{mo}"}},
		{name: "rebase -i drops a correction in the middle of a chain", damage: drop("correct: {jude} 2025-11-24"), words: []string{"{jude}"}},
		{name: "amend of somebody else's review, remembered", remembered: true, before: func(b *box) {
			b.as("eyre").git("reset", "-q", "--hard", "HEAD~1") // her own act
			b.as("grimes")
		}, damage: func(b *box) {
			b.swap(b.cycle(b.jude, b.second), result2, "result: 29")
			b.resealed(b.jude, b.second+"-review.seal")
			b.git("add", "-A")
			b.git("commit", "-q", "--no-verify", "--amend", "--no-edit")
		}, words: []string{"{jude}"}},
		{name: "amend without sealing anew", damage: func(b *box) {
			b.swap(b.cycle(b.jude, b.second), result2, "result: 29")
			b.git("commit", "-q", "-a", "--no-verify", "--amend", "--no-edit")
		}, words: []string{"{jude}", "{second}"}},
		{name: "commit-tree makes one commit of it and leaves a learner's seals out", damage: func(b *box) {
			b.git("rm", "-rqf", "learners/"+b.mo+"/seals")
			b.swapCycleReview(b.mo, b.moFirst)
			b.git("add", "-A")
			b.git("reset", "-q", "--soft", b.git("commit-tree", b.git("write-tree"), "-m", "init: record folder"))
		}, words: []string{"{mo}"}},
		{name: "commit-tree makes one commit of it without a learner, remembered", remembered: true, damage: func(b *box) {
			b.git("rm", "-rqf", "learners/"+b.mo)
			b.git("reset", "-q", "--soft", b.git("commit-tree", b.git("write-tree"), "-m", "init: record folder"))
			b.remove(".git/logs")
		}, words: []string{"{mo}"}},
		{name: "fast-export, sed, fast-import", remembered: true, damage: func(b *box) {
			b.sh("git fast-export --all | sed 's/" + result1 + "/result: 11/' | git -c core.ignorecase=false fast-import --quiet --force")
			b.git("reset", "-q", "--hard", "main")
		}, words: []string{"{jude}"}},
		{name: "fast-export, sed of words of the same length in seals, fast-import", remembered: true, damage: func(b *box) {
			b.sh("git fast-export --all | sed 's/^by: eyre/by: bell/' | git fast-import --quiet --force")
			b.git("reset", "-q", "--hard", "main")
		}, words: []string{"{jude}|{mo}"}},
		{name: "filter-branch removes a learner from all history, no removal record", remembered: true, damage: func(b *box) {
			b.git("filter-branch", "-f", "--index-filter", "git rm -rq --cached --ignore-unmatch learners/"+b.mo, "--prune-empty", "HEAD")
			b.git("checkout", "-q", "-f", "main")
			b.sh("git clean -fdq")
		}, words: []string{"{mo}"}},
		{name: "a chain that follows what is not there", damage: func(b *box) {
			// Everything of Jude's but the last two seals, in a history of one commit.
			b.git("rm", "-qf", b.seal(b.jude, b.fix, "correct"), b.correction(b.jude, b.fix))
			b.git("reset", "-q", "--soft", b.git("commit-tree", b.git("write-tree"), "-m", "init: record folder"))
			b.remove(".git/logs")
		}, words: []string{"{jude}", "{second}"}},
	})
}

// swapCycleReview takes the review out of a cycle's file, so that the file looks open.
func (b *box) swapCycleReview(learner, id string) {
	b.Helper()
	p := b.cycle(learner, id)
	text := b.read(p)
	at := strings.Index(text, "\nreview:")
	if at < 0 {
		b.Fatal("no review")
	}
	b.write(p, text[:at+1])
}

// checkpoint makes a checkpoint outside the folder and gives it to verify.
func checkpoint() func(*box) []string {
	return func(b *box) []string { return []string{"--checkpoint", b.checkpoint()} }
}

// checkpoint writes a checkpoint of the folder as it is and gives the file.
func (b *box) checkpoint(args ...string) string {
	b.Helper()
	p := b.TempDir() + "/checkpoint.txt"
	write(b.T, p, b.sendctl(append([]string{"audit", "checkpoint"}, args...)...))
	return p
}

// Row 2: a sealed file altered.
func TestSealedFileAltered(t *testing.T) {
	where := []string{"learners/{jude}/cycles/|cycles/", "{first}", "{jude}"}
	runAttacks(t, []attack{
		{name: "in a later commit", damage: func(b *box) { fakeResult(b); b.commit("edit: typo") }, words: where},
		{name: "in a later commit, and the commit squashed away", damage: func(b *box) {
			fakeResult(b)
			b.git("add", "-A")
			b.git("reset", "-q", "--soft", b.git("commit-tree", b.git("write-tree"), "-m", "init: record folder"))
			b.remove(".git/logs")
		}, words: where},
		{name: "only in the work tree", damage: fakeResult, words: where},
		{name: "only in the index", damage: func(b *box) {
			text := b.read(b.cycle(b.jude, b.first))
			fakeResult(b)
			b.git("add", "-A")
			b.write(b.cycle(b.jude, b.first), text)
		}, words: where},
		{name: "in the last commit, the work tree put back", damage: func(b *box) {
			text := b.read(b.cycle(b.jude, b.first))
			fakeResult(b)
			b.commit("edit: typo")
			b.write(b.cycle(b.jude, b.first), text)
		}, words: where},
		{name: "with its seal made anew", damage: func(b *box) {
			fakeResult(b)
			b.resealed(b.jude, b.first+"-review.seal", b.fix+"-correct.seal", b.second+"-review.seal", b.fix2+"-correct.seal")
			b.commit("edit: typo")
		}, words: []string{"{jude}"}},
		{name: "the newest one with its seal made anew", damage: func(b *box) {
			b.swap(b.correction(b.jude, b.fix2), "Counted once more.", "Miscounted.")
			b.resealed(b.jude, b.fix2+"-correct.seal")
			b.commit("edit: typo")
		}, words: []string{"{jude}", "{fix2}"}},
		{name: "one blank line more", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			b.write(p, b.read(p)+"\n")
			b.commit("edit: tidy")
		}, words: where},
		{name: "line ends of Windows", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			b.write(p, strings.ReplaceAll(b.read(p), "\n", "\r\n"))
			b.commit("edit: tidy")
		}, words: where},
		{name: "hidden by assume-unchanged", damage: func(b *box) {
			b.git("update-index", "--assume-unchanged", b.cycle(b.jude, b.first))
			fakeResult(b)
		}, words: where},
		{name: "hidden by skip-worktree", damage: func(b *box) {
			b.git("update-index", "--skip-worktree", b.cycle(b.jude, b.first))
			fakeResult(b)
		}, words: where},
		{name: "a link in its place", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			b.sh("mkdir -p attachments && mv " + p + " attachments/x.yaml && ln -s ../../../attachments/x.yaml " + p)
			b.commit("edit: tidy")
		}, words: where},
		{name: "emptied", damage: func(b *box) { b.write(b.cycle(b.jude, b.first), ""); b.commit("edit: tidy") }, words: where},
		{name: "the seal altered in one digit", damage: func(b *box) {
			p := b.seal(b.jude, b.first, "review")
			s := b.parsed(p)
			digit := "0"
			if strings.HasSuffix(s.Salt, "0") {
				digit = "1"
			}
			b.swap(p, s.Salt, s.Salt[:31]+digit)
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{first}"}},
		{name: "the seal altered only in the work tree", damage: func(b *box) {
			b.swap(b.seal(b.jude, b.first, "review"), "by: grimes", "by: eyre")
		}, words: []string{"{jude}", "{first}"}},
		{name: "the seal altered only in the index", damage: func(b *box) {
			p := b.seal(b.jude, b.first, "review")
			text := b.read(p)
			b.swap(p, "by: grimes", "by: eyre")
			b.git("add", "-A")
			b.write(p, text)
		}, words: []string{"{jude}", "{first}"}},
		{name: "the seal with another line end", damage: func(b *box) {
			p := b.seal(b.jude, b.first, "review")
			b.write(p, strings.ReplaceAll(b.read(p), "\n", "\r\n"))
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{first}"}},
		{name: "by revert of the review", damage: func(b *box) {
			b.git("revert", "--no-edit", b.find("correct: "+b.jude+" 2026"))
			b.git("revert", "--no-edit", b.find("review: "+b.jude+" 2026"))
		}, words: []string{"{jude}", "{second}"}},
	})
	t.Run("altered and put back", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		text := b.read(b.cycle(b.jude, b.first))
		fakeResult(b)
		b.commit("edit: typo")
		b.broken(b.named(where)...)
		b.write(b.cycle(b.jude, b.first), text)
		b.commit("edit: back")
		b.notes(b.named([]string{"{jude}", "{first}"})...)
	})
	t.Run("altered and put back, also where it is not the last commit", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("rm", "-q", b.cycle(b.jude, b.first), b.seal(b.jude, b.first, "review"))
		bad := b.commit("edit: tidy")
		b.git("revert", "--no-edit", "HEAD")
		b.correct(b.mo, b.moFirst, "16")
		b.notes(b.named([]string{"{jude}", "{first}", bad[:7]})...)
	})
}

// Row 3: a sealed file or its seal deleted or moved.
func TestSealedFileGone(t *testing.T) {
	rm := func(paths ...func(*box) string) func(*box) {
		return func(b *box) {
			for _, p := range paths {
				b.git("rm", "-rq", p(b))
			}
			b.commit("edit: tidy")
		}
	}
	file := func(b *box) string { return b.cycle(b.jude, b.first) }
	itsSeal := func(b *box) string { return b.seal(b.jude, b.first, "review") }
	last := func(b *box) string { return b.correction(b.jude, b.fix2) }
	lastSeal := func(b *box) string { return b.seal(b.jude, b.fix2, "correct") }
	middle := func(b *box) string { return b.correction(b.jude, b.fix) }
	middleSeal := func(b *box) string { return b.seal(b.jude, b.fix, "correct") }
	first := []string{"{jude}", "{first}"}
	runAttacks(t, []attack{
		{name: "the file", damage: rm(file), words: first},
		{name: "the seal", damage: rm(itsSeal), words: first},
		{name: "both", damage: rm(file, itsSeal), words: first},
		{name: "the newest file", damage: rm(last), words: []string{"{jude}", "{fix2}"}},
		{name: "the newest seal", damage: rm(lastSeal), words: []string{"{jude}", "{fix2}"}},
		{name: "both of the newest", damage: rm(last, lastSeal), words: []string{"{jude}", "{fix2}"}},
		{name: "both of one in the middle", damage: rm(middle, middleSeal), words: []string{"{jude}", "{fix}"}},
		{name: "every seal of a learner", damage: rm(func(b *box) string { return "learners/" + b.jude + "/seals" }), words: []string{"{jude}"}},
		{name: "every seal of everybody", damage: func(b *box) {
			b.git("rm", "-rq", "learners/"+b.jude+"/seals", "learners/"+b.mo+"/seals")
			b.commit("edit: tidy")
		}, words: []string{"{jude}"}},
		{name: "a whole learner", damage: rm(func(b *box) string { return "learners/" + b.mo }), words: []string{"{mo}"}},
		{name: "all learners", damage: rm(func(*box) string { return "learners" }), words: []string{"{mo}"}},
		{name: "the file moved to another name", damage: func(b *box) {
			b.git("mv", file(b), strings.Replace(file(b), "initial-concerns-", "passport-", 1))
			b.commit("edit: tidy")
		}, words: first},
		{name: "the file moved to another learner", damage: func(b *box) {
			b.git("mv", file(b), strings.Replace(file(b), b.jude, b.mo, 1))
			b.commit("edit: tidy")
		}, words: first},
		{name: "the seal moved to another name", damage: func(b *box) {
			b.git("mv", itsSeal(b), b.seal(b.jude, b.first, "move"))
			b.commit("edit: tidy")
		}, words: first},
		{name: "the seal moved out of its folder", damage: func(b *box) {
			b.sh("mkdir -p attachments")
			b.git("mv", itsSeal(b), "attachments/"+b.first+"-review.seal")
			b.commit("edit: tidy")
		}, words: first},
		{name: "the seal moved one folder down", damage: func(b *box) {
			b.sh("mkdir -p learners/" + b.jude + "/seals/old")
			b.git("mv", itsSeal(b), "learners/"+b.jude+"/seals/old/"+b.first+"-review.seal")
			b.commit("edit: tidy")
		}, words: first},
		{name: "the learner under another id", damage: func(b *box) {
			b.git("mv", "learners/"+b.mo, "learners/bk7m2xqt")
			b.commit("edit: tidy")
		}, words: []string{"{mo}"}},
		{name: "the file, only in the work tree", damage: func(b *box) { b.remove(b.cycle(b.jude, b.first)) }, words: first},
		{name: "the seal, only in the work tree", damage: func(b *box) { b.remove(b.seal(b.jude, b.first, "review")) }, words: first},
		{name: "the newest seal and its file, only in the work tree", damage: func(b *box) {
			b.remove(lastSeal(b))
			b.remove(last(b))
		}, words: []string{"{jude}", "{fix2}"}},
		{name: "the seal, only in the index", damage: func(b *box) { b.git("rm", "-q", "--cached", b.seal(b.jude, b.first, "review")) }, words: first},
		{name: "a learner ignored and untracked", damage: func(b *box) {
			b.write(".gitignore", "learners/"+b.mo+"\n")
			b.git("rm", "-rq", "--cached", "learners/"+b.mo)
			b.commit("edit: tidy")
		}, words: []string{"{mo}"}},
		{name: "a repository of its own in the learner's place", damage: func(b *box) {
			b.git("rm", "-rq", "--cached", "learners/"+b.mo)
			b.sh("cd learners/" + b.mo + " && git init -q && git add -A && git commit -q -m x && cd ../.. && git add learners && git commit -q --no-verify -m 'edit: tidy'")
		}, words: []string{"{mo}"}},
		{name: "a learner left out as the record folder is moved", damage: func(b *box) {
			b.git("rm", "-rq", "learners/"+b.mo)
			b.sh("mkdir records; git mv .gitattributes .sendctl .vscode learners pathway.yaml people.yaml sendctl.yaml records/")
			b.commit("The records get a folder of their own")
			b.dir += "/records"
			b.remove("../.git/logs")
		}, words: []string{"{mo}"}},
		{name: "a learner left out, and what was here moved into a copy beside it", damage: func(b *box) {
			b.sh("mkdir old; git mv learners/" + b.mo + " old/")
			b.commit("Archive")
		}, words: []string{"{mo}"}},
		{name: "another file under the id of a sealed one", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			b.write(strings.Replace(p, "2025-09-29", "2025-09-30", 1), strings.Replace(b.read(p), result1, "result: 24", 1))
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{first}"}},
		{name: "a sealed file and a living one, the seal a link", damage: func(b *box) {
			p := b.seal(b.jude, b.first, "review")
			b.sh("mkdir -p attachments && mv " + p + " attachments/x.seal && ln -s ../../../attachments/x.seal " + p)
			b.commit("edit: tidy")
		}, words: first},
		{name: "a folder in the seal's place", damage: func(b *box) {
			p := b.seal(b.jude, b.first, "review")
			b.sh("mv " + p + " t; mkdir " + p + "; mv t " + p + "/x.seal")
			b.commit("edit: tidy")
		}, words: first},
		{name: "taken out and another seal put under its name", damage: func(b *box) {
			b.git("rm", "-q", lastSeal(b))
			b.forge(forgery{learner: b.jude, path: strings.TrimPrefix(last(b), "learners/"+b.jude+"/"), by: "grimes"})
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{fix2}"}},
	})
	t.Run("everything", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("rm", "-rq", ".")
		b.write("README", "gone\n")
		b.commit("edit: tidy")
		if code, out, said := b.main("audit", "verify"); code == 0 {
			t.Errorf("exit code 0\n%s%s", out, said)
		}
	})
}
