package audit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// removalRecord writes a removal record by hand, sealed into the setting's chain, and
// commits everything with it.
func (b *box) removalRecord(learner, what, by, with, key string, seals ...string) string {
	b.Helper()
	day := b.now.Format("2006-01-02")
	p := "removals/" + day + "-wkbr.yaml"
	text := "format: removal/v1\nid: wkbr\ndate: " + day + "\nlearner: " + learner + "\nwhat: " + what + "\nseals:\n"
	for _, s := range seals {
		text += "  - " + s + "\n"
	}
	text += "because: Recorded on the wrong child.\nby: " + by + "\nwith: " + with + "\n"
	b.write(p, text)
	return p
}

// Row 17: a removal is counted and shown for ever, and takes a record that is sealed.
func TestRemovalForged(t *testing.T) {
	hashes := func(b *box, learner string) (out []string) {
		for name := range b.seals(learner) {
			out = append(out, b.hash("learners/"+learner+"/seals/"+name))
		}
		return out
	}
	runAttacks(t, []attack{
		{name: "a learner taken out by plain git, with a record without a seal", damage: func(b *box) {
			gone := hashes(b, b.mo)
			b.git("rm", "-rqf", "learners/"+b.mo)
			b.removalRecord(b.mo, "learner", "grimes", "eyre", "", gone...)
			b.commit("purge: " + b.mo)
		}, words: []string{"{mo}|removals/"}},
		{name: "a learner taken out, the record names only one of the seals", damage: func(b *box) {
			gone := hashes(b, b.mo)
			b.git("rm", "-rqf", "learners/"+b.mo)
			p := b.removalRecord(b.mo, "learner", "grimes", "eyre", "", gone[:1]...)
			b.forge(forgery{path: p, act: "purge", by: "grimes"})
			b.commit("purge: " + b.mo)
		}, words: []string{"{mo}"}},
		{name: "one file taken out, the record is of another learner", damage: func(b *box) {
			gone := b.hash(b.seal(b.jude, b.fix2, "correct"))
			b.git("rm", "-qf", b.seal(b.jude, b.fix2, "correct"), b.correction(b.jude, b.fix2))
			p := b.removalRecord(b.mo, "file", "grimes", "eyre", "", gone)
			b.forge(forgery{path: p, act: "purge", by: "grimes"})
			b.commit("purge: " + b.mo)
		}, words: []string{"{jude}|{fix2}"}},
		{name: "the record altered after it was sealed", damage: func(b *box) {
			gone := hashes(b, b.mo)
			b.git("rm", "-rqf", "learners/"+b.mo)
			p := b.removalRecord(b.mo, "learner", "grimes", "eyre", "", gone[:1]...)
			b.forge(forgery{path: p, act: "purge", by: "grimes"})
			b.write(p, strings.Replace(b.read(p), "because:", "  - "+gone[1]+"\nbecause:", 1))
			b.commit("purge: " + b.mo)
		}, words: []string{"{mo}|removals/"}},
		{name: "one person alone", damage: func(b *box) {
			gone := hashes(b, b.mo)
			b.git("rm", "-rqf", "learners/"+b.mo)
			p := b.removalRecord(b.mo, "learner", "grimes", "grimes", "", gone...)
			b.forge(forgery{path: p, act: "purge", by: "grimes"})
			b.commit("purge: " + b.mo)
		}, verdict: unproven, words: []string{"{mo}|removals/"}},
		{name: "unsigned, by somebody with a key", school: "signed", damage: func(b *box) {
			gone := hashes(b, b.mo)
			b.git("rm", "-rqf", "learners/"+b.mo)
			p := b.removalRecord(b.mo, "learner", "grimes", "eyre", "", gone...)
			b.forge(forgery{path: p, act: "purge", by: "grimes"})
			b.commit("purge: " + b.mo)
		}, verdict: unproven, words: []string{"grimes|{mo}"}},
		{name: "signed by somebody else", school: "signed", damage: func(b *box) {
			gone := hashes(b, b.mo)
			b.git("rm", "-rqf", "learners/"+b.mo)
			p := b.removalRecord(b.mo, "learner", "grimes", "eyre", "", gone...)
			b.forge(forgery{path: p, act: "purge", by: "grimes", key: "malory"})
			b.commit("purge: " + b.mo)
		}, words: []string{"grimes|removals/"}},
		{name: "a seal called removed, and still there", damage: func(b *box) {
			p := b.removalRecord(b.jude, "file", "grimes", "eyre", "", b.hash(b.seal(b.jude, b.fix2, "correct")))
			b.forge(forgery{path: p, act: "purge", by: "grimes"})
			fakeResult(b)
			b.commit("purge: " + b.jude)
		}, words: []string{"{jude}"}},
	})
	purged := func(b *box) {
		b.at("2026-02-15 09:00")
		args := []string{"purge", b.mo, "--because", "The retention period is over.", "--with", "eyre"}
		if b.key("eyre") != "" { // who has a key signs
			text := filepath.Join(b.TempDir(), "removal.txt")
			write(b.T, text, b.sendctl(append(args, "--approval-text")...))
			b.sh("ssh-keygen -q -Y sign -f " + keyFile(b.T, "eyre") + " -n sendctl-removal " + text)
			args = append(args, "--approval", text+".sig")
		}
		b.sendctl(append(args, "--yes")...)
	}
	runAttacks(t, []attack{
		{name: "after purge: the record taken away", before: purged, damage: func(b *box) {
			b.git("rm", "-rq", "removals")
			b.commit("edit: tidy")
		}, words: []string{"removals/|removal"}},
		{name: "after purge: the record and its seal taken away", before: purged, damage: func(b *box) {
			b.git("rm", "-rq", "removals", "seals")
			b.commit("edit: tidy")
		}, words: []string{"removal|setting"}},
		{name: "after purge: the record's reason altered", before: purged, damage: func(b *box) {
			b.swap(b.only("removals/*.yaml"), "The retention period is over", "A parent asked for it")
			b.commit("edit: tidy")
		}, words: []string{"removals/"}},
		{name: "after purge: the removed learner merged in again", before: func(b *box) {
			old := b.copy()
			purged(b)
			b.git("remote", "add", "old", "file://"+old.dir)
			old.as("grimes").correct(old.jude, old.first, "15")
		}, damage: func(b *box) {
			b.git("fetch", "-q", "old")
			b.git("merge", "-q", "--allow-unrelated-histories", "-X", "theirs", "--no-edit", "old/main")
		}, verdict: unproven, words: []string{"{mo}"}},
	})
	t.Run("honest: purge of a learner", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.proven()
		kept := b.checkpoint("--full")
		short := b.checkpoint()
		purged(b)
		r := b.proven()
		if r.Checked.Removals != 1 {
			t.Errorf("%d removals counted", r.Checked.Removals)
		}
		b.notes(b.mo, "remov")
		b.proven("--checkpoint", kept)
		b.proven("--checkpoint", short)
		b.correct(b.jude, b.first, "15")
		b.notes(b.mo, "remov")
		b.clone().notes(b.mo, "remov")
	})
	t.Run("honest: purge in a school that signs", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		demand(b)
		purged(b)
		b.notes(b.mo, "remov")
	})
}

// Row 18: demonstrations passed off as real, and the other way round.
func TestDemonstration(t *testing.T) {
	stamp := func(b *box) string {
		text := b.read("sendctl.yaml")
		return text[strings.Index(text, "demonstration:"):strings.Index(text, "policies:")]
	}
	runAttacks(t, []attack{
		{name: "the flag dropped", school: "demonstration", damage: func(b *box) {
			b.swap("sendctl.yaml", stamp(b), "")
			b.commit("edit: tidy")
		}, words: []string{"demonstration"}},
		{name: "the flag dropped in the whole history", school: "demonstration", damage: func(b *box) {
			b.git("filter-branch", "-f", "--tree-filter", "sed -i '/^demonstration:/,/^policies:/{/^policies:/!d}' sendctl.yaml", "HEAD")
			b.remove(".git/logs")
			if strings.Contains(b.read("sendctl.yaml"), "demonstration") {
				b.Fatal("it is there")
			}
		}, words: []string{"demonstration"}},
		{name: "the flag dropped and an act after it", school: "demonstration", damage: func(b *box) {
			b.swap("sendctl.yaml", stamp(b), "")
			b.commit("edit: tidy")
			b.forged(forgery{learner: b.jude})
		}, words: []string{"demonstration"}},
		{name: "the flag dropped and put back, an act in between", school: "demonstration", damage: func(b *box) {
			text := b.read("sendctl.yaml")
			b.swap("sendctl.yaml", stamp(b), "")
			b.forged(forgery{learner: b.jude})
			b.write("sendctl.yaml", text)
			b.commit("edit: tidy")
		}, words: []string{"demonstration"}},
		{name: "a seal without the stamp", school: "demonstration", damage: func(b *box) {
			b.forged(forgery{learner: b.jude})
		}, words: []string{"demonstration", "{jude}"}},
		{name: "a learner of a demonstration copied into a real folder", damage: func(b *box) {
			demo := school(b.T, "demonstration")
			if err := os.CopyFS(b.path("learners/"+demo.jude), os.DirFS(demo.path("learners/"+demo.jude))); err != nil {
				b.Fatal(err)
			}
			b.commit("edit: a learner")
		}, words: []string{"demonstration"}},
		{name: "a seal of a demonstration in a real folder", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, demo: "2026-03-02"})
		}, words: []string{"demonstration", "{jude}"}},
		{name: "a real folder made a demonstration", damage: func(b *box) {
			b.swap("sendctl.yaml", "policies:", "demonstration: {today: 2026-03-02}\npolicies:")
			b.commit("edit: tidy")
		}, words: []string{"demonstration"}},
		{name: "a demonstration's history with a real folder on top", school: "demonstration", damage: func(b *box) {
			real := school(b.T, "plain")
			b.git("fetch", "-q", "file://"+real.dir, "main")
			b.git("reset", "-q", "--hard", b.git("commit-tree", "FETCH_HEAD^{tree}", "-p", "HEAD", "-p", "FETCH_HEAD", "-m", "Merge"))
		}, words: []string{"demonstration|learner"}},
	})
	t.Run("honest: a demonstration says that it is one", func(t *testing.T) {
		t.Parallel()
		b := school(t, "demonstration")
		r := b.proven()
		if r.Demonstration != "2026-03-02" {
			t.Errorf("demonstration %q", r.Demonstration)
		}
		if _, text := b.verify(); !strings.Contains(strings.ToLower(text), "demonstration") {
			t.Errorf("the words do not say it:\n%s", text)
		}
		b.forged(forgery{learner: b.jude, demo: "2026-03-02"})
		b.swap("sendctl.yaml", "2026-03-02", "2026-04-02")
		b.commit("edit: the made-up day moves on")
		b.proven()
	})
}
