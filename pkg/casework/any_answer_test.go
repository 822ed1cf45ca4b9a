package casework_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	yaml "go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/rules"
)

// awkward is what people and programs type: what looks like YAML and is meant as
// words, what is not meant to be typed, what is very long.
var awkward = []string{
	"no", "1:4", "- x", "# y", "null", "~", "true", "2025-12-01", "1e3", "0x1f", "=", "<<", "*a", "&a b", "!tag", "%x", "@x", "`x`", "? x", "---", "...",
	"a: b", "a:", "it's \"so\": he said", `back\slash \n`, "two\nlines", "two\r\nlines", "\nthree\n\n\nlines\n", "tab\there", " both ends ", "# y\n- x\na: b\n--- \n",
	"{a: b}", "[a, b]", "'", `"`, "''", "x #y", "zero\x00byte", "bell\a", "\x1b[31mred\x1b[0m", "\u202eleft", "\ufeffmark", "\u2028line", "bad\xff\xfe", "e\u0301", "👩‍👩‍👧", "Łódź 上海",
	strings.Repeat("long ", 20_000), strings.Repeat("x", 100_000), strings.Repeat("line\n", 3000), "plain words", "will do it", "x",
}

var someDays = []string{"2025-11-20", "2025-11-21", "2025-11-28", "2025-12-01", "2025-12-02", "2025-12-24", "2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02", "2026-07-17", "2027-03-01", "1999-12-31", "9999-12-31"}
var someNumbers = []string{"0", "1", "2", "3", "570", "3.5", "-1", "0.005", "007", "1e9", "999999999999999999999", "12.345", "-0"}

// drive answers a form's own questions at random, as somebody at its prompt would:
// what the form does not take is tried again, and it gives up where nothing is taken.
func drive(t *rapid.T, s form.Script) (form.Answers, bool) {
	a := form.Answers{}
	for range 120 {
		q, ok := s.Next(a)
		if !ok {
			return a, true
		}
		if q.Default != "" && rapid.IntRange(0, 2).Draw(t, q.Path+" as it is") > 0 {
			if x, err := q.Given([]string{q.Default}); err == nil {
				a[q.Path] = x
				continue
			}
			t.Fatalf("the default of %s is refused", q.Path)
		}
		if q.Optional && rapid.Bool().Draw(t, q.Path+" skipped") {
			a[q.Path] = form.Answer{Skipped: true}
			continue
		}
		taken := false
		for range 12 {
			x, err := q.Given(given(t, q))
			if err == nil {
				a[q.Path], taken = x, true
				break
			}
			if strings.ContainsAny(err.Error(), "\n\x1b\a") {
				t.Fatalf("%s is refused in words not fit for a screen: %q", q.Path, err)
			}
		}
		if !taken {
			if !q.Optional {
				return a, false
			}
			a[q.Path] = form.Answer{Skipped: true}
		}
	}
	t.Fatal("there is no end of questions")
	return nil, false
}

func given(t *rapid.T, q form.Question) []string {
	var values []string
	for _, o := range q.Options {
		values = append(values, o.Value)
	}
	switch q.Kind {
	case form.Choice:
		return []string{rapid.SampledFrom(values).Draw(t, q.Path)}
	case form.Many:
		return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, min(3, len(values)), rapid.ID[string]).Draw(t, q.Path)
	case form.YesNo:
		return []string{rapid.SampledFrom([]string{"yes", "no"}).Draw(t, q.Path)}
	case form.Date:
		return []string{rapid.SampledFrom(someDays).Draw(t, q.Path)}
	case form.Number:
		return []string{rapid.SampledFrom(someNumbers).Draw(t, q.Path)}
	case form.List:
		return rapid.SliceOfN(rapid.SampledFrom(awkward), 1, 3).Draw(t, q.Path)
	}
	return []string{rapid.SampledFrom(awkward).Draw(t, q.Path)}
}

// anyAct is an act whose answers are drawn: it gives the form and what records its answers.
type anyAct struct {
	name string
	from []string
	act  func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error)
}

func anyDocument(kind string) func(*casework.Desk, casework.Case, *rapid.T) (form.Script, func(form.Answers) error, error) {
	return func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		w, err := casework.StartWriting(c, kind, func(string) bool { return false })
		if err != nil {
			return nil, nil, err
		}
		return w.Form(), func(a form.Answers) error {
			v, err := w.Text(a, nil)
			if err != nil {
				return err
			}
			_, err = d.WriteDocument(context.Background(), w, v)
			return err
		}, nil
	}
}

var anyActs = []anyAct{
	{"advance", []string{"reviewed", "asked", "granted"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		var stages []string
		for _, o := range casework.OtherStages(c) {
			stages = append(stages, o.Value)
		}
		p, err := casework.StartAdvance(c, rapid.SampledFrom(stages).Draw(t, "to"), nil)
		if err != nil {
			return nil, nil, err
		}
		return p.Form(), func(a form.Answers) error {
			step, err := p.Step(a, nil)
			if err != nil {
				return err
			}
			_, err = d.Advance(context.Background(), p, step, p.Table(step))
			return err
		}, nil
	}},
	{"passport", []string{"reviewed", "asked"}, anyDocument("passport")},
	{"profile", []string{"reviewed", "asked"}, anyDocument("profile")},
	{"agree", []string{"asked"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		g, err := casework.StartAgreeing(c, "passport")
		if err != nil {
			return nil, nil, err
		}
		return g.Form(), func(a form.Answers) error {
			var x casework.Consent
			if err := casework.Fill(&x, g.Form(), a, nil); err != nil {
				return err
			}
			_, err := d.AgreeDocument(context.Background(), g, x)
			return err
		}, nil
	}},
	{"read", []string{"asked"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		s, err := casework.ReadForm(c, "passport")
		return s, func(a form.Answers) error {
			var x casework.Reader
			if err := casework.Fill(&x, s, a, nil); err != nil {
				return err
			}
			_, err := d.ReadDocument(context.Background(), c.ID(), "passport", x)
			return err
		}, err
	}},
	{"advice", []string{"asked"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		return casework.AdviceForm(c), func(a form.Answers) error {
			adv, with, err := casework.AdviceOf(c, a, nil)
			if err != nil {
				return err
			}
			_, err = d.Advise(context.Background(), c.ID(), adv, with)
			return err
		}, nil
	}},
	{"advice act", []string{"asked"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		s, err := casework.ActForm(c)
		return s, func(a form.Answers) error {
			var x casework.Acted
			if err := casework.Fill(&x, s, a, nil); err != nil {
				return err
			}
			_, err := d.ActOn(context.Background(), c.ID(), x)
			return err
		}, err
	}},
	{"request open", []string{"reviewed", "asked"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		kind, _ := c.Folder.Pathway.Value.Request(rapid.SampledFrom([]string{"star", "cosa"}).Draw(t, "kind"))
		q, err := casework.StartRequest(c, kind)
		if err != nil {
			return nil, nil, err
		}
		return q.Form(), func(a form.Answers) error {
			x, _, err := q.Request(a, nil)
			if err != nil {
				return err
			}
			_, err = d.OpenRequest(context.Background(), x)
			return err
		}, nil
	}},
	{"request cite", []string{"asked"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		l, err := casework.PickRequest(c, "cite", "")
		if err != nil {
			return nil, nil, err
		}
		x := casework.Citation{Item: rapid.SampledFrom(l.Kind.Evidence).Draw(t, "item")}
		if x.None = rapid.Bool().Draw(t, "none"); !x.None {
			item := x.Item
			if x, err = casework.Cite(c, ".", ".", rapid.SampledFrom([]string{"learner", "passport", "profile", "contacts", "x", "", "..", "box_test.go"}).Draw(t, "cites")); err != nil {
				return nil, nil, err
			}
			x.Item, x.Pages = item, rapid.SampledFrom([]string{"", "3", "3-5"}).Draw(t, "pages")
		}
		because := func(form.Answers) []form.Question {
			if !x.None {
				return nil
			}
			return []form.Question{{Path: "because", Ask: "Why?", Kind: form.Words}}
		}
		return because, func(a form.Answers) error {
			x.Because = casework.Reason(a.Text("because"))
			_, _, err := d.CiteEvidence(context.Background(), c.ID(), l.Request.Value.ID, x, c.Today)
			return err
		}, nil
	}},
	{"request send", []string{"asked"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		l, err := casework.PickRequest(c, "send", "")
		if err != nil {
			return nil, nil, err
		}
		s := casework.StartSend(c, l)
		return s.Form(), func(a form.Answers) error {
			_, _, err := d.SendRequest(context.Background(), s, a)
			return err
		}, nil
	}},
	{"request letter", []string{"sent", "granted"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		l, err := casework.PickRequest(c, "letter", "")
		if err != nil {
			return nil, nil, err
		}
		s, err := casework.LetterForm(c, l)
		return s, func(a form.Answers) error {
			x, err := casework.LetterOf(c, l, a, nil)
			if err != nil {
				return err
			}
			_, err = d.Letter(context.Background(), x)
			return err
		}, err
	}},
	{"request decided", []string{"sent", "granted"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		l, err := casework.PickRequest(c, "decided", "")
		if err != nil {
			return nil, nil, err
		}
		s, err := casework.DecisionForm(c, l)
		return s, func(a form.Answers) error {
			x, err := casework.DecisionOf(c, l, a, nil)
			if err != nil {
				return err
			}
			_, err = d.Decide(context.Background(), x)
			return err
		}, err
	}},
	{"request impact", []string{"granted"}, func(d *casework.Desk, c casework.Case, t *rapid.T) (form.Script, func(form.Answers) error, error) {
		l, err := casework.PickRequest(c, "impact", "")
		if err != nil {
			return nil, nil, err
		}
		return casework.ImpactForm(c, l), func(a form.Answers) error {
			x, err := casework.ImpactOf(c, l, a, nil)
			if err != nil {
				return err
			}
			_, err = d.Impact(context.Background(), x)
			return err
		}, nil
	}},
}

// Whatever is answered to an act's own questions, it is refused with nothing changed,
// or it leaves a record without a fault in which every word stands as it was meant.
func TestWhateverIsAnswered(t *testing.T) {
	for _, x := range anyActs {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			boxes := map[string]*box{}
			for _, from := range x.from {
				boxes[from] = fresh(t, from)
			}
			recorded, refused, gaveUp, refusals := 0, 0, 0, map[string]int{}
			tries := 3 // each copies a folder; all that rapid draws are tried where there is time
			if os.Getenv("CASEWORK_EVERY_STEP") != "" {
				tries = 1 << 30
			}
			rapid.Check(t, func(rt *rapid.T) {
				if tries--; tries < 0 && recorded > 0 { // draws that are all refused show too little
					return
				}
				fine := false
				defer func() {
					if !fine {
						tries = 1 << 30 // what failed is made smaller, and tried more often for that
					}
				}()
				from := rapid.SampledFrom(x.from).Draw(rt, "from")
				b := boxes[from]
				before, head := b.bytes(), b.head()
				c := b.caseOf("2026-03-01")
				script, record, err := x.act(b.desk(nil), c, rt)
				if err != nil {
					refused++
					fine = true
					return
				}
				a, ok := drive(rt, script)
				if !ok {
					gaveUp++
					fine = true
					return
				}
				if err = record(a); err != nil {
					refused++
					fitToSay(rt, err)
					refusals[err.Error()]++
					if diff := cmp.Diff(before, b.bytes()); diff != "" || b.head() != head {
						rt.Fatalf("refused (%v), and yet something changed (-before +after):\n%s", err, diff)
					}
					fine = true
					return
				}
				recorded++
				boxes[from] = fresh(t, from)
				r := b.caseOf("2026-03-01")
				for _, f := range rules.Learner(r.Folder, r.Record) {
					if f.Severity == diag.Error {
						rt.Fatalf("the record has a fault now: %+v", f)
					}
				}
				kept := b.words()
				for _, q := range script(a) {
					if q.Kind != form.Words && q.Kind != form.Line && q.Kind != form.List || strings.HasSuffix(q.Path, ".role") {
						continue
					}
					for _, w := range append(a.Items(q.Path), a.Text(q.Path)) {
						if w := string(learner.Clean(w)); w != "" && !kept[w] {
							rt.Fatalf("%s: %.80q was answered, and is not in the record", q.Path, w)
						}
					}
				}
				if status := b.git("status", "--porcelain", "--untracked-files=all"); status != "" {
					rt.Fatalf("git status: %s", status)
				}
				fine = true
			})
			t.Logf("recorded %d times, refused %d times, no answer found %d times", recorded, refused, gaveUp)
			for words, n := range refusals {
				t.Logf("%d times: %s", n, words)
			}
			if recorded == 0 {
				t.Error("it was never recorded")
			}
		})
	}
}

// fitToSay checks that a refusal can be shown: nothing of a record, no escapes.
func fitToSay(t *rapid.T, err error) {
	text := err.Error()
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) || len(text) > 5000 {
		t.Fatalf("refused in words not fit for a screen: %.200q", text)
	}
	for _, name := range []string{"Jude", "Ashworth", "plain words"} {
		if strings.Contains(text, name) {
			t.Fatalf("refused with a value of the record: %.200q", text)
		}
	}
	var stopped *os.PathError
	if errors.As(err, &stopped) {
		t.Fatalf("refused by the disk: %v", err)
	}
}

// bytes are the files of the record.
func (b *box) bytes() map[string]string {
	b.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(b.dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".git" {
				return fs.SkipDir
			}
			return err
		}
		text, err := os.ReadFile(p)
		out[p] = string(text)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// words are all the values of the learner's files, as another YAML reader has them.
func (b *box) words() map[string]bool {
	b.Helper()
	out := map[string]bool{}
	var add func(n *yaml.Node)
	add = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			out[n.Value] = true
		}
		for _, c := range n.Content {
			add(c)
		}
	}
	for p, text := range b.bytes() {
		if !strings.HasSuffix(p, ".yaml") {
			continue
		}
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(text), &n); err != nil {
			b.Fatalf("%s: %v", strings.TrimPrefix(p, b.dir), err)
		}
		add(&n)
	}
	return out
}
