package audit_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Rows 2, 3 and 13 for everything that is ever sealed: the made-up school has at
// least one of each act.
func TestEveryKindOfAct(t *testing.T) {
	t.Parallel()
	whole := school(t, "demo")
	whole.proven()
	paths, _ := filepath.Glob(whole.path("learners/*/seals/*.seal"))
	oneOf := map[string]string{} // act and folder of what it seals, to one of its seals
	for _, p := range paths {
		rel, _ := filepath.Rel(whole.dir, p)
		s := whole.parsed(filepath.ToSlash(rel))
		dir, _, _ := strings.Cut(s.Path, "/")
		oneOf[s.Act+" of "+dir] = filepath.ToSlash(rel)
	}
	if len(oneOf) < 8 {
		t.Fatalf("only %v", slices.Sorted(maps.Keys(oneOf)))
	}
	for kind, p := range oneOf {
		s := whole.parsed(p)
		file := "learners/" + s.Learner + "/" + s.Path
		try := func(name, id string, damage func(*box)) {
			t.Run(kind+", "+name, func(t *testing.T) {
				t.Parallel()
				b := &box{t, filepath.Join(t.TempDir(), "copy"), whole.now, whole.ids}
				copyTree(t, whole.dir, b.dir)
				damage(b)
				b.broken(s.Learner, id)
			})
		}
		if !s.Living() {
			try("the file altered", s.File, func(b *box) { b.write(file, b.read(file)+"# one more\n"); b.commit("edit: tidy") })
			try("the file gone", s.File, func(b *box) { b.git("rm", "-q", file); b.commit("edit: tidy") })
			try("the seal never made", "wkbn", func(b *box) {
				// The act as somebody types it who does not seal: the same file under another id.
				next := strings.ReplaceAll(file, s.File, "wkbn")
				b.write(next, strings.ReplaceAll(b.read(file), s.File, "wkbn"))
				b.commit("edit: tidy")
			})
		}
		try("file and seal gone", s.File, func(b *box) { b.git("rm", "-q", file, p); b.commit("edit: tidy") })
		try("the seal gone", s.File, func(b *box) { b.git("rm", "-q", p); b.commit("edit: tidy") })
	}
}

// A passport goes on changing; what was agreed does not.
func TestLivingDocuments(t *testing.T) {
	draft := func(b *box) {
		b.as("eyre").at("2026-02-11 09:00")
		b.act("passport", b.jude, "--with", "learner,mum", "--know", "I draw.", "--hard-when", "long lists", "--help-me-by", "Read to me.", "--shared-with", "grimes,bell", "--review-on", "2026-06-11")
	}
	agreed := func(b *box) {
		draft(b)
		b.at("2026-02-12 09:00")
		b.act("passport", b.jude, "agree", "--with", "learner,mum")
	}
	p := func(b *box) string { return "learners/" + b.jude + "/passport.yaml" }
	words := []string{"{jude}", "passport"}
	runAttacks(t, []attack{
		{name: "agreed words changed by hand", before: agreed, damage: func(b *box) {
			b.swap(p(b), "long lists", "anything")
			b.commit("edit: tidy")
		}, words: words},
		{name: "agreed by hand", before: draft, damage: func(b *box) {
			b.write(p(b), b.read(p(b))+"agreed:\n  - {who: learner, date: 2026-02-11}\n  - {who: mum, date: 2026-02-11}\n")
			b.commit("edit: tidy")
		}, words: words},
		{name: "the agreed document taken away", before: agreed, damage: func(b *box) {
			b.git("rm", "-q", p(b))
			b.commit("edit: tidy")
		}, words: words},
		{name: "the seal of what was agreed taken away", before: agreed, damage: func(b *box) {
			b.git("rm", "-q", b.only("learners/"+b.jude+"/seals/*-agree.seal"))
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "agree"}},
		{name: "who agreed taken out", before: agreed, damage: func(b *box) {
			text := b.read(p(b))
			b.write(p(b), text[:strings.Index(text, "agreed:")])
			b.commit("edit: tidy")
		}, words: words},
	})
	t.Run("honest: written on, and agreed again", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		draft(b)
		b.proven()
		b.swap(p(b), "long lists", "lists")
		b.commit("edit: a draft in better words")
		b.proven()
		b.at("2026-02-12 09:00").act("passport", b.jude, "agree", "--with", "learner,mum")
		b.proven()
		b.at("2026-02-13 09:00").act("passport", b.jude, "--help-me-by", "Read it with me.")
		b.proven()
		b.at("2026-02-14 09:00").act("passport", b.jude, "agree", "--with", "learner,mum")
		b.at("2026-02-15 09:00").act("passport", b.jude, "read", "--by", "grimes,bell")
		b.proven()
	})
}
