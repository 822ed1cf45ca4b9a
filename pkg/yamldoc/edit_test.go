package yamldoc

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func path(t testing.TB, s string) Path {
	t.Helper()
	p, err := ParsePath(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEdits(t *testing.T) {
	type edit = func(t *testing.T) Edit
	set := func(p string, v Value, after ...string) edit {
		return func(t *testing.T) Edit { return SetAfter(path(t, p), v, after...) }
	}
	push := func(p string, v Value) edit { return func(t *testing.T) Edit { return Append(path(t, p), v) } }
	del := func(p string) edit { return func(t *testing.T) Edit { return Delete(path(t, p)) } }
	for _, tt := range []struct {
		name, src string
		edit      edit
		want      string
	}{
		{"trailing comment stays", "a: 1   # c\nb: 2\n", set("a", Raw("12")), "a: 12   # c\nb: 2\n"},
		{"quotes are followed", "a: 'x'\nb: \"y\"\n", set("a", Words("it's")), "a: 'it''s'\nb: \"y\"\n"},
		{"the same value is no change", "a: 'x'\n", set("a", Words("x")), "a: 'x'\n"},
		{"words in flow are quoted", "a: {b: 1, c: x}\n", set("a.c", Words("x y")), "a: {b: 1, c: \"x y\"}\n"},
		{"flow map grows", "a: { b: 1 }  # c\n", set("a.c", Code("N")), "a: { b: 1, c: \"N\" }  # c\n"},
		{"flow list grows", "a: [x,\n  y, ] # c\n", push("a", Code("z")), "a: [x,\n  y, z, ] # c\n"},
		{"missing key at the end", "a: 1\nb:\n  c: 1\n# end\n", set("b.d", Raw("2")), "a: 1\nb:\n  c: 1\n  d: 2\n# end\n"},
		{"missing key after a sibling", "a: 1 # c\nb: 2\n", set("x", Code("k"), "zz", "a"), "a: 1 # c\nx: k\nb: 2\n"},
		{"empty value is filled", "a:  # c\nb: 1\n", set("a", Words("x")), "a: x  # c\nb: 1\n"},
		{"empty value becomes a list", "a:  # c\nb: 1\n", push("a", Words("x")), "a:  # c\n  - x\nb: 1\n"},
		{"empty brackets become dashes", "a: [] # c\n", push("a", Words("x")), "a: # c\n  - x\n"},
		{"empty brackets take codes", "a: [] # c\n", push("a", Code("x")), "a: [x] # c\n"},
		{"missing list", "a: 1\n", push("b", FlowMap(KV{"x", Raw("1")})), "a: 1\nb:\n  - {x: 1}\n"},
		{"dashes at the key's column", "a:\n- x\n- y # c\nb: 1\n", push("a", Words("z")), "a:\n- x\n- y # c\n- z\nb: 1\n"},
		{"new list as the old ones", "a:\n- x\nb: 1\n", set("c", ListOf(Code("q"))), "a:\n- x\nb: 1\nc:\n- q\n"},
		{"four spaces", "a:\n    b:\n        - x\n", set("a.c", MapOf(KV{"d", Raw("1")})), "a:\n    b:\n        - x\n    c:\n        d: 1\n"},
		{"wide dashes", "a:\n  -   x: 1\n      y: 2\n", push("a", MapOf(KV{"x", Raw("3")}, KV{"z", Raw("4")})), "a:\n  -   x: 1\n      y: 2\n  -   x: 3\n      z: 4\n"},
		{"CRLF", "a: 1\r\nl:\r\n  - x\r\n", push("l", Words("p\nq")), "a: 1\r\nl:\r\n  - x\r\n  - |-\r\n    p\r\n    q\r\n"},
		{"no final newline", "a: 1\nb: 2", set("c", Raw("3")), "a: 1\nb: 2\nc: 3\n"},
		{"literal at the end", "a: |\n  x\n", set("b", Raw("1")), "a: |\n  x\nb: 1\n"},
		{"literal kept at the end", "a: |+\n  x\n\n\nc: 1\n", set("b", Raw("1"), "a"), "a: |+\n  x\n\n\nb: 1\nc: 1\n"},
		{"literal becomes a line", "a: |- # c\n  x\n  y\nb: 1\n", set("a", Words("z")), "a: z # c\nb: 1\n"},
		{"line becomes a literal", "a: z # c\nb: 1\n", set("a", Words("x\n\n  y")), "a: |- # c\n  x\n\n    y\nb: 1\n"},
		{"block becomes a line", "a: # c\n  - x\n  - y\nb: 1\n", set("a", Code("q")), "a: q # c\nb: 1\n"},
		{"line becomes a block", "a: q # c\nb: 1\n", set("a", MapOf(KV{"x", ListOf(Code("z"))})), "a: # c\n  x:\n    - z\nb: 1\n"},
		{"block becomes a block", "a: # c\n  # d\n  - x\n  - y\nb: 1\n", set("a", ListOf(Words("z"))), "a: # c\n  # d\n  - z\nb: 1\n"},
		{"item becomes a map", "l:\n  - x # c\n  - y\n", set("l[0]", MapOf(KV{"a", Raw("1")}, KV{"b", Raw("2")})), "l:\n  - a: 1\n    b: 2 # c\n  - y\n"},
		{"folded lines", "a: one\n  two # c\nb: 1\n", set("a", Words("x")), "a: x # c\nb: 1\n"},
		{"delete a key", "a: 1\n# about b\nb:\n  - x # gone\n\n# about c\nc: 1\n", del("b"), "a: 1\n# about b\n\n# about c\nc: 1\n"},
		{"delete the first key of an item", "l:\n  - a: 1\n    b: 2\n", del("l[0].a"), "l:\n  - b: 2\n"},
		{"delete the first key before a comment", "l:\n  - a: 1\n    # about b\n    b: 2\n", del("l[0].a"), "l:\n  -\n    # about b\n    b: 2\n"},
		{"delete an item", "l:\n  - id: a\n    b: 2\n  # about c\n  - id: c\n", del("l[a]"), "l:\n  # about c\n  - id: c\n"},
		{"delete the last item", "l: # c\n  - a\nb: 1\n", del("l[0]"), "l: [] # c\nb: 1\n"},
		{"delete in flow", "a: [x, y, z]\n", del("a[1]"), "a: [x, z]\n"},
		{"delete first in flow", "a: {x: 1, y: 2}\n", del("a.x"), "a: {y: 2}\n"},
		{"delete last in flow", "a: [ x, y ] # c\n", del("a[y]"), "a: [ x ] # c\n"},
		{"delete in nested list", "l:\n  - - a\n    - b\n", del("l[0][0]"), "l:\n  - - b\n"},
		{"root in braces", "{a: 1}\n", set("b", Words("x y")), "{a: 1, b: \"x y\"}\n"},
		{"empty root", "# top\n{}\n", set("a", ListOf(Code("x"))), "# top\na:\n  - x\n"},
		{"odd key", "\"a b\": 1\n", set(`["c d"]`, Raw("2")), "\"a b\": 1\n\"c d\": 2\n"},
		{"code like a number", "a: x\n", set("a", Code("0123")), "a: \"0123\"\n"},
		{"no space after a JSON colon", "{\"a\":1}\n", set("a", Raw("2")), "{\"a\":2}\n"},
		{"value on the next line", "a:\n  x # c\nb: 1\n", set("a", Words("z")), "a:\n  z # c\nb: 1\n"},
		{"mend a bare code", "a: N\nb: 1\n", set("a", Code("N")), "a: \"N\"\nb: 1\n"},
	} {
		doc, _ := Parse("x.yaml", []byte(tt.src))
		if doc == nil {
			t.Errorf("%s: no tree", tt.name)
			continue
		}
		got, err := doc.Edit(tt.edit(t))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, string(got.Bytes())); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
		if string(doc.Bytes()) != tt.src {
			t.Errorf("%s: the old document changed", tt.name)
		}
	}
}

func TestSeveralEditsInOneGo(t *testing.T) {
	doc, _ := Parse("cycle.yaml", readCycle(t))
	got, err := doc.Edit(
		Set(path(t, "review.targets[t1].score"), Raw("1")),
		Append(path(t, "plan.home"), MapOf(KV{"who", Code("dad")}, KV{"words", Words("a: b")})),
		Delete(path(t, "review.progress")),
		SetAfter(path(t, "plan.costed"), Raw("true"), "date"),
	)
	if err != nil {
		t.Fatal(err)
	}
	was, now := strings.Split(string(doc.Bytes()), "\n"), strings.Split(string(got.Bytes()), "\n")
	gone, come := 0, 0
	have := map[string]int{}
	for _, l := range was {
		have[l]++
	}
	for _, l := range now {
		if have[l]--; have[l] < 0 {
			come++
		}
	}
	gone = len(was) - (len(now) - come)
	if gone != 2 || come != 4 {
		t.Errorf("%d lines gone, %d come\n%s", gone, come, got.Bytes())
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		src  string
		edit Edit
		line int
	}{
		{"a: |\n  x", Set(path(t, "b"), Raw("1")), 1},
		{"a: 1\nb: 2\n", Set(path(t, "c.d"), Raw("1")), 1},
		{"a: 1\nb: x\n", Set(path(t, "b.d"), Raw("1")), 2},
		{"a: 1\nb: x\n", Append(path(t, "b"), Raw("1")), 2},
		{"a: 1\nb: [x]\n", Set(path(t, "b[4]"), Raw("1")), 2},
		{"a: 1\n", Delete(path(t, "b")), 1},
		{"a: 1\n", Delete(path(t, "a")), 1},
		{"a: 1\n", Delete(nil), 1},
	} {
		doc, _ := Parse("x.yaml", []byte(tt.src))
		got, err := doc.Edit(tt.edit)
		var refused *RefusedError
		if got != nil || !errors.As(err, &refused) {
			t.Errorf("%q: %v", tt.src, err)
			continue
		}
		if refused.Finding.Span.Start.Line != tt.line || refused.Finding.Rule != "edit-refused" {
			t.Errorf("%q: %+v", tt.src, refused.Finding)
		}
	}
	doc, _ := Parse("x.yaml", []byte("a: 1\n"))
	for _, v := range []Value{nil, Raw("N"), Raw("01"), Raw(""), Words("\xff"), MapOf(KV{"a", Raw("1")}, KV{"a", Raw("1")}), ListOf(nil)} {
		if got, err := doc.Edit(Set(path(t, "b"), v)); err == nil {
			t.Errorf("%v written as %q", v, got.Bytes())
		}
	}
}

// What Replaces promises, Edit does: the value is set, every other path says what it
// said, by id too, and the promise holds of the next value.
func TestReplacesIsDone(t *testing.T) {
	cycle := readCycle(t)
	promised := 0
	texts := append([]string{"", "x", "t1", "a: b", "a #b", "- a", "'", `"`, `\`, "[a]", "{", "no", "N", "1:4", "2025-02-30", "é ü", " trimmed ", "#", "&a", "*a", "!a", "%", "@", "`", "~", "...", "---", "?", "? a", "a:", "|", ">-", "two\nlines", "a\tb", "\u202e", "\u0085", "<<", "=", strings.Repeat("x", 5000)}, nasty()...)
	rapid.Check(t, func(t *rapid.T) {
		doc := drawFile(t)
		if rapid.IntRange(0, 3).Draw(t, "real") == 0 {
			if doc, _ = Parse("x", cycle); doc == nil {
				t.Fatal("the cycle cannot be read")
			}
		}
		paths := allPaths(doc.Root(), nil)
		for range 4 {
			p := rapid.SampledFrom(paths).Draw(t, "path")
			v := Words(rapid.SampledFrom(texts).Draw(t, "text"))
			if rapid.IntRange(0, 4).Draw(t, "raw") == 0 {
				v = Raw(rapid.SampledFrom([]string{"1", "-2", "0.50", "true", "2025-11-21"}).Draw(t, "number"))
			}
			if !doc.Replaces(p, v) {
				continue
			}
			promised++
			next, err := doc.Edit(Set(p, v))
			if err != nil {
				t.Fatalf("%s to %v: %v, in\n%s", p, v, err, doc.Bytes())
			}
			if n := next.Find(p); n == nil || !same(n, meaningOf(v)) || !next.Replaces(p, v) || !next.Replaces(p, Words("another")) {
				t.Fatalf("%s to %v: %v, in\n%s", p, v, n, next.Bytes())
			}
			var was, is []string
			for _, q := range paths {
				if at, ok := doc.Canonical(q); !ok || at.String() == p.String() {
					continue
				}
				for _, id := range []string{"t1", "p1", "x", "a", "no"} {
					a, _ := doc.Canonical(append(q[:len(q):len(q)], IDStep(id)))
					b, _ := next.Canonical(append(q[:len(q):len(q)], IDStep(id)))
					was, is = append(was, a.String()), append(is, b.String())
				}
				if len(doc.Find(q).Pairs)+len(doc.Find(q).Items) == 0 && !same(doc.Find(q), next.Find(q)) {
					t.Fatalf("%s to %v changes %s in\n%s", p, v, q, doc.Bytes())
				}
			}
			if !slices.Equal(was, is) {
				t.Fatalf("%s to %v: ids lead elsewhere in\n%s", p, v, doc.Bytes())
			}
			doc = next
		}
	})
	if promised < 50 {
		t.Errorf("only %d values replaced: this proves too little", promised)
	}
}
