package linter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

const openCycle = "learners/bk7m2xqt/cycles/2026-11-02-sen-support-plan-vnz9.yaml"

func sourcesOf(files map[string]string) func(string) []byte {
	return func(name string) []byte {
		if s, ok := files[name]; ok {
			return []byte(s)
		}
		return nil
	}
}

// at is a finding of a rule at a path, as it would be found in a source.
func at(t fataler, rule, file, path, source string) diag.Finding {
	f := diag.Finding{Rule: rule, Severity: diag.Warning, File: file, Path: path, Message: "is late by 17 days"}
	doc, _ := yamldoc.Parse(file, []byte(source))
	if doc == nil {
		t.Fatalf("cannot be read:\n%s", source)
	}
	p, err := yamldoc.ParsePath(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if n := doc.Find(p); n != nil {
		f.Span, f.Value = n.Span, n.Value
	}
	return f
}

type fataler interface{ Fatalf(string, ...any) }

func entryOf(x diag.Finding, source string) Entry {
	return newKeys(sourcesOf(map[string]string{x.File: source})).of(x)
}

func TestBaseline(t *testing.T) {
	const src = "format: cycle/v1\nopened: 2026-11-02\nplan:\n  date: 2026-11-03\n  targets:\n    - {id: t1, due: 2027-01-20}\n    - {id: t2, due: 2027-01-20}\n"
	source := sourcesOf(map[string]string{openCycle: src, "people.yaml": "format: people/v1\n"})
	opened, target := at(t, "review-overdue", openCycle, "opened", src), at(t, "target-smart", openCycle, "plan.targets[1].due", src)
	folder := diag.Finding{Rule: "senco-award", Severity: diag.Advice, File: "people.yaml"}
	unread := diag.Finding{Rule: "yaml-syntax", Severity: diag.Error, File: openCycle, Span: target.Span}
	broken := diag.Finding{Rule: "sealed", Severity: diag.Error, File: openCycle}

	b, refused := NewBaseline([]diag.Finding{target, opened, unread, folder, target, broken}, source)
	if diff := cmp.Diff([]diag.Finding{unread, broken}, refused); diff != "" {
		t.Error(diff)
	}
	text := string(b.Bytes())
	lines := strings.SplitAfter(text, "\n")
	if lines[0] != `{"format":"sendctl-baseline/1"}`+"\n" || b.Len() != 4 || len(lines) != 6 {
		t.Fatalf("got\n%s", text)
	}
	if !strings.HasPrefix(lines[1], `{"rule":"senco-award","file":"people.yaml","hash":"`) || !strings.HasPrefix(lines[2], `{"rule":"review-overdue","learner":"bk7m2xqt","file":"cycles/2026-11-02-sen-support-plan-vnz9.yaml","path":"opened","hash":"`) ||
		!strings.Contains(lines[3], `"path":"plan.targets[t2].due"`) || lines[3] != lines[4] {
		t.Errorf("got\n%s", text)
	}
	for _, word := range []string{"2026-11-03", "2027-01-20", "17"} {
		if strings.Contains(strings.ReplaceAll(text, `"hash":"`, ""), word+`"`) {
			t.Errorf("a value is in it:\n%s", text)
		}
	}
	again, err := ReadBaseline("b", []byte(text))
	if err != nil || string(again.Bytes()) != text {
		t.Errorf("read again: %v\n%s", err, again.Bytes())
	}
	everywhere := func(string, string) bool { return true }

	// All of it is there; two equal findings use two entries, a third counts.
	c := again.Compare([]diag.Finding{opened, target, target, target, folder, broken}, nil, source, everywhere)
	if diff := cmp.Diff([]diag.Finding{target, broken}, c.Left); diff != "" || len(c.Suppressed) != 4 || len(c.Stale) != 0 {
		t.Errorf("%s%+v", diff, c)
	}
	// One of the two is gone; what a waiver covers is not stale.
	c = again.Compare([]diag.Finding{target}, []diag.Suppressed{{Finding: opened}}, source, everywhere)
	if len(c.Left) != 0 || len(c.Suppressed) != 1 || len(c.Stale) != 2 || c.Stale[0].Rule != "senco-award" || c.Stale[1].Path != "plan.targets[t2].due" {
		t.Errorf("%+v", c)
	}
	shorter := again.Without(c.Stale)
	if shorter.Len() != 2 || len(shorter.Compare([]diag.Finding{target, opened}, nil, source, everywhere).Stale) != 0 {
		t.Errorf("shortened to\n%s", shorter.Bytes())
	}
	// What this run did not look at is not stale.
	c = again.Compare(nil, nil, source, Options{Paths: []string{"people.yaml"}}.Judged(Result{}))
	if len(c.Stale) != 1 || c.Stale[0].Rule != "senco-award" {
		t.Errorf("%+v", c.Stale)
	}
}

func TestReadBaseline(t *testing.T) {
	const head, good = `{"format":"sendctl-baseline/1"}` + "\n", `{"rule":"review-overdue","learner":"bk7m2xqt","file":"learner.yaml","hash":"00ff"}` + "\n"
	for _, tt := range []struct {
		name, text string
		line       int // 0 is fine
	}{
		{"nothing in it", head, 0},
		{"an entry", head + good, 0},
		{"the same twice", head + good + good, 0},
		{"no last line end", head + strings.TrimSpace(good), 0},
		{"line ends of another system", strings.ReplaceAll(head+good, "\n", "\r\n"), 0},
		{"empty", "", 1},
		{"no header", good, 1},
		{"of a later version", `{"format":"sendctl-baseline/2"}` + "\n", 1},
		{"a conflict of git", head + "<<<<<<< HEAD\n" + good, 2},
		{"cut off", head + good + good[:30], 3},
		{"a blank line", head + "\n" + good, 2},
		{"a key more", head + `{"rule":"x","file":"people.yaml","hash":"00","line":3}` + "\n", 2},
		{"no hash", head + `{"rule":"x","file":"people.yaml"}` + "\n", 2},
		{"a hash that is none", head + `{"rule":"x","file":"people.yaml","hash":"Jude"}` + "\n", 2},
		{"no learner", head + `{"rule":"x","learner":"jude","file":"learner.yaml","hash":"00"}` + "\n", 2},
		{"two in a line", head + strings.TrimSpace(good) + good, 2},
		{"an array", head + "[]\n", 2},
		{"binary", head + "\x00\x01\n", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := ReadBaseline("old.jsonl", []byte(tt.text))
			var bad *BaselineError
			switch {
			case tt.line == 0 && err != nil:
				t.Fatal(err)
			case tt.line == 0:
				if again, err := ReadBaseline("old.jsonl", b.Bytes()); err != nil || again.Len() != b.Len() {
					t.Errorf("written and read: %v", err)
				}
			case !errors.As(err, &bad) || bad.Line != tt.line || !strings.HasPrefix(err.Error(), fmt.Sprintf("old.jsonl:%d: ", tt.line)):
				t.Errorf("got %v, want line %d", err, tt.line)
			case strings.Contains(err.Error(), "Jude") || strings.Contains(err.Error(), "jude"):
				t.Errorf("a word of the file is told: %v", err)
			}
		})
	}
}

func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte(`{"format":"sendctl-baseline/1"}` + "\n" + `{"rule":"x","file":"people.yaml","hash":"00"}` + "\n"))
	f.Add([]byte("{\"format\":\"sendctl-baseline/1\"}\n{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		base, err := ReadBaseline("b", b)
		if err != nil {
			return
		}
		again, err := ReadBaseline("b", base.Bytes())
		if err != nil || string(again.Bytes()) != string(base.Bytes()) {
			t.Fatalf("%v: %q", err, base.Bytes())
		}
	})
}

// What does not concern a value leaves its key alone: lines that move, comments, the
// order of keys, other entries, quotes. The value itself does not.
func TestKeysStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z]{1,6}( [a-z]{1,6})?`)
		value := word.Draw(t, "value")
		block := func(n int, outcome string) []string {
			return []string{fmt.Sprintf("    - id: t%d", n), "      outcome: " + outcome, fmt.Sprintf("      due: 2027-01-%02d", 10+n)}
		}
		build := func(first, outcome string, groups []int, targets []int, comments bool) string {
			var parts [][]string
			for _, g := range groups {
				switch g {
				case 0:
					parts = append(parts, []string{"opened: 2026-11-02"})
				case 1:
					parts = append(parts, []string{"stage: x" + first})
				case 2:
					p := []string{"plan:", "  targets:"}
					for _, n := range targets {
						o := "other"
						if n == 1 {
							o = outcome
						}
						p = append(p, block(n, o)...)
					}
					parts = append(parts, p)
				}
			}
			var lines []string
			for _, p := range parts {
				for _, l := range p {
					if comments {
						lines = append(lines, "# a word", "")
					}
					lines = append(lines, l)
				}
			}
			return strings.Join(lines, "\n") + "\n"
		}
		key := func(src string, targets []int, whole bool) Entry {
			p := fmt.Sprintf("plan.targets[%d]", slices.Index(targets, 1))
			if !whole {
				p += ".outcome"
			}
			return entryOf(at(t, "target-smart", openCycle, p, src), src)
		}
		whole := rapid.Bool().Draw(t, "the entry as a whole")
		was := build("a", value, []int{0, 1, 2}, []int{1, 2}, false)
		groups := rapid.Permutation([]int{0, 1, 2}).Draw(t, "groups")
		targets := rapid.Permutation([]int{1, 2, 3}).Draw(t, "targets")
		written := value
		if rapid.Bool().Draw(t, "quoted") {
			written = `"` + value + `"`
		}
		now := build(word.Draw(t, "beside"), written, groups, targets, rapid.Bool().Draw(t, "comments"))
		a := key(was, []int{1, 2}, whole)
		if b := key(now, targets, whole); a != b {
			t.Fatalf("%+v\n%+v\n%s", a, b, now)
		}
		if changed := build("a", value+"x", groups, targets, false); key(changed, targets, whole) == a {
			t.Fatalf("the value changed, and the key did not:\n%s", changed)
		}
		other := at(t, "target-wording", openCycle, "plan.targets[0].outcome", was)
		if e := entryOf(other, was); e.Hash == key(was, []int{1, 2}, false).Hash {
			t.Fatal("two rules have one hash")
		}
	})
}

// An id that two entries bear, or one that may be a name, stands for neither.
func TestKeysOfOddIDs(t *testing.T) {
	const src = "family:\n  - {id: jude, relation: mother}\ntargets:\n  - {id: t1, due: 1}\n  - {id: t1, due: 2}\n"
	for path, want := range map[string]string{"family[0].relation": "family[0].relation", "targets[0].due": "targets[t1].due", "targets[1].due": "targets[1].due", "targets[7]": "targets[7]"} {
		if got := entryOf(at(t, "r", openCycle, path, src), src).Path; got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// Of who the child is a hash tells too little to find it out by trying.
func TestIdentityKeepsAShortHash(t *testing.T) {
	const p, src = "learners/bk7m2xqt/identity.yaml", "born: 2016-03-01\n"
	if e := entryOf(at(t, "born", p, "born", src), src); len(e.Hash) != 2 {
		t.Errorf("got %+v", e)
	}
}
