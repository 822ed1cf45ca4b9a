package audit_test

import (
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/audit"
)

// Row 16: YAML tricks, in a file that is sealed for all to see, and in one that is not.
func TestYAMLTricks(t *testing.T) {
	tricks := []struct {
		name  string
		trick func(text string) string
	}{
		{"a key twice", func(s string) string { return s + "because: Another reason.\n" }},
		{"a key twice, in quotes", func(s string) string { return s + "\"because\": Another reason.\n" }},
		{"an anchor", func(s string) string { return strings.Replace(s, "because: Counted", "because: &a Counted", 1) }},
		{"an alias", func(s string) string {
			return strings.Replace(strings.Replace(s, "is: ", "is: &a ", 1), "because: Counted once more.", "because: *a", 1)
		}},
		{"a merge key", func(s string) string { return s + "<<: {is: 3}\n" }},
		{"a tag", func(s string) string { return strings.Replace(s, "because: Counted", "because: !!str Counted", 1) }},
		{"a right-to-left override", func(s string) string { return strings.Replace(s, "Counted", "\u202eCounted", 1) }},
		{"a bidi isolate", func(s string) string { return strings.Replace(s, "Counted", "\u2066Counted\u2069", 1) }},
		{"a bidi override in a comment", func(s string) string { return s + "# tidy \u202e yes\n" }},
		{"a right-to-left mark", func(s string) string { return strings.Replace(s, "Counted", "\u200fCounted", 1) }},
		{"a lone carriage return", func(s string) string { return strings.Replace(s, "because: ", "because: x\rbecause: ", 1) }},
		{"a line separator", func(s string) string { return strings.Replace(s, "Counted once", "Counted\u2028once", 1) }},
		{"a next-line", func(s string) string { return strings.Replace(s, "Counted once", "Counted\u0085once", 1) }},
		{"a second document", func(s string) string { return s + "---\n" + s }},
		{"the end of a document", func(s string) string { return s + "...\nis: 3\n" }},
		{"a directive", func(s string) string { return "%YAML 1.1\n---\n" + s }},
		{"a look-alike in a key", func(s string) string { return strings.Replace(s, "because:", "bec\u0430use:", 1) }},
		{"a look-alike in an id", func(s string) string { return strings.Replace(s, "id: wkbn", "id: wkbn\u0430", 1) }},
		{"a look-alike of who", func(s string) string { return strings.Replace(s, "by: grimes", "by: grim\u0435s", 1) }},
		{"an escape character", func(s string) string { return strings.Replace(s, "Counted", "\x1b[2KCounted", 1) }},
		{"a zero byte", func(s string) string { return strings.Replace(s, "Counted", "\x00Counted", 1) }},
		{"a zero-width space in who", func(s string) string { return strings.Replace(s, "by: grimes", "by: grimes\u200b", 1) }},
	}
	mild := []string{"an escape character", "a zero byte"} // no text, which may be a plain mishap
	var all []attack
	for _, trick := range tricks {
		verdict := audit.Broken
		for _, m := range mild {
			if trick.name == m {
				verdict = unproven
			}
		}
		all = append(all,
			attack{name: trick.name + ", sealed", damage: func(b *box) {
				p := b.typedCorrection(b.jude, "wkbn")
				text := b.read("learners/" + b.jude + "/" + p)
				next := trick.trick(text)
				if next == text {
					b.Fatal("no trick")
				}
				b.write("learners/"+b.jude+"/"+p, next)
				b.forge(forgery{learner: b.jude, path: p, by: "grimes"})
				b.commit(b.actMessage("correct", b.jude, "2026-02-10", "learners/"+b.jude+"/"+p))
			}, verdict: verdict, words: []string{"{jude}", "wkbn"}})
	}
	living := func(name string, file string, trick func(b *box, text string) string, words ...string) attack {
		return attack{name: name, damage: func(b *box) {
			p := b.named([]string{file})[0]
			text := b.read(p)
			next := trick(b, text)
			if next == text {
				b.Fatal("no trick")
			}
			b.write(p, next)
			b.commit("edit: tidy")
		}, words: words}
	}
	all = append(all,
		living("a key twice in what is not sealed", "learners/{jude}/learner.yaml", func(_ *box, s string) string { return s + "stage: passport\n" }, "{jude}", "learner.yaml"),
		living("an anchor in what is not sealed", "learners/{jude}/identity.yaml", func(_ *box, s string) string { return strings.Replace(s, "format: ", "format: &a ", 1) }, "{jude}", "identity.yaml"),
		living("a bidi control in a name", "learners/{jude}/identity.yaml", func(_ *box, s string) string { return strings.Replace(s, "Jude", "\u202eJude", 1) }, "{jude}", "identity.yaml"),
		living("a key twice in people.yaml", "people.yaml", func(_ *box, s string) string { return s + "people: []\n" }, "people.yaml"),
		living("a key twice in sendctl.yaml", "sendctl.yaml", func(_ *box, s string) string { return s + "require_signatures: true\n" }, "sendctl.yaml"),
		living("a second document in people.yaml", "people.yaml", func(_ *box, s string) string { return s + "---\n" + s }, "people.yaml"),
		attack{name: "a look-alike of a learner", damage: func(b *box) {
			twin := strings.Replace(b.mo, b.mo[:1], "\u0430", 1)
			b.sh("cp -r learners/" + b.mo + " learners/" + twin)
			b.commit("edit: tidy")
		}, words: []string{"\u0430|learners/"}},
		attack{name: "a look-alike of a sealed file", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			b.write(strings.Replace(p, "initial", "init\u0456al", 1), strings.Replace(b.read(p), result1, "result: 24", 1))
			b.commit("edit: tidy")
		}, words: []string{"{jude}"}},
		attack{name: "a sealed file and another of its name in capitals", damage: func(b *box) {
			p := b.cycle(b.jude, b.first)
			b.write(strings.Replace(p, "initial", "Initial", 1), strings.Replace(b.read(p), result1, "result: 24", 1))
			b.commit("edit: tidy")
		}, verdict: unproven, words: []string{"{jude}"}},
	)
	runAttacks(t, all)

	t.Run("a slip of the hand in what is not sealed", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.write("learners/"+b.jude+"/learner.yaml", b.read("learners/"+b.jude+"/learner.yaml")+"team: {senco: eyre\n")
		b.commit("edit: team")
		b.cannotTell(b.jude, "learner.yaml")
	})
	t.Run("honest: words in other scripts, emoji, line ends of Windows all through", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.act("contact", b.jude, "--with", "mum", "--how", "call", "--about", "plan", "--told", "Спасибо, merci, 谢谢 😀 — «ça va»", "--said", "Шукран شكرا")
		p := "learners/" + b.mo + "/learner.yaml"
		b.write(p, strings.ReplaceAll(b.read(p), "\n", "\r\n"))
		b.commit("edit: an editor of Windows")
		b.proven()
	})
}
