package audit_test

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/audit"
)

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
