package yamldoc

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readCycle(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("testdata/cycle.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestCycleHasNoFault(t *testing.T) {
	if _, found := Parse("cycle.yaml", readCycle(t)); len(found) > 0 {
		t.Errorf("findings: %+v", found)
	}
}

// told gives findings as "line:col rule".
func told(t *testing.T, src string) []string {
	t.Helper()
	_, found := Parse("x.yaml", []byte(src))
	out := []string{}
	for _, f := range found {
		if f.Message == "" || f.Severity == 0 || f.File != "x.yaml" {
			t.Errorf("%q: unfinished finding %+v", src, f)
		}
		out = append(out, fmt.Sprintf("%d:%d %s", f.Span.Start.Line, f.Span.Start.Col, f.Rule))
	}
	return out
}

func TestStrictIntake(t *testing.T) {
	deep := strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)
	for _, tt := range []struct {
		src  string
		want []string
	}{
		{"a: 1\n", nil},
		{"---\na: 1\n", nil},
		{"# note\n--- # begin\na: 1\n", nil},
		{"a: 1\r\nb: x\n", nil},
		{"- a\n- b: 1\n", nil},
		{"{\"a\": [1, 2], b: {c: \"x: y\"}}\n", nil},
		{"a: &x 1\n", []string{"1:4 yaml-anchor"}},
		{"a: &x 1\nb: *x\n", []string{"1:4 yaml-anchor", "2:4 yaml-anchor"}},
		{"a: &x\nb: 2\n", []string{"1:4 yaml-anchor"}},
		{"a: &x\n  b: 2\n", []string{"1:4 yaml-anchor"}},
		{"a: !!str 1\n", []string{"1:4 yaml-tag"}},
		{"a: !x {b: 1}\n", []string{"1:4 yaml-tag"}},
		{"a: !\n", []string{"1:4 yaml-tag"}},
		{"a: {b: 1}\nc:\n  <<: {d: 1}\n", []string{"3:3 yaml-merge"}},
		{"%YAML 1.2\n---\na: 1\n", []string{"1:1 yaml-directive"}},
		{"a: 1\n---\nb: 1\n", []string{"2:1 yaml-document"}},
		{"a: 1\n...\n", []string{"2:1 yaml-document"}},
		{"--- a\n", []string{"1:1 yaml-document", "1:5 yaml-root"}},
		{"a: 1\nb: 2\na: 3\n", []string{"3:1 yaml-duplicate-key"}},
		{"a: {b: 1, \"b\": 2}\n", []string{"1:11 yaml-duplicate-key"}},
		{"? a\n: 1\n", []string{"1:1 yaml-key"}},
		{"[a]: 1\n", []string{"1:1 yaml-key"}},
		{"{[a]: 1}\n", []string{"1:2 yaml-key"}},
		{"1: x\n", []string{"1:1 yaml-bare-code"}},
		{"on: x\nn: u\nTrue: z\n2025-01-01: x\n", []string{"1:1 yaml-bare-code", "2:1 yaml-bare-code", "3:1 yaml-bare-code", "4:1 yaml-bare-code"}},
		{"\"on\": x\n'n': u\n", nil},
		{"\ufeffa: 1\nb: no\n", []string{"1:1 yaml-bom", "2:4 yaml-bare-code"}},
		{"\xff\xfea\x00", []string{"1:1 yaml-encoding"}},
		{"a: caf\xe9\n", []string{"1:7 yaml-encoding"}},
		{"a: x\x07\nb: no\n", []string{"1:5 yaml-control", "2:4 yaml-bare-code"}},
		{"a: x\x00\n", []string{"1:5 yaml-control"}},
		{"a: \u0091x\u0092\n", []string{"1:4 yaml-control", "1:6 yaml-control"}},
		{"a: \"x\x7f\"\n", []string{"1:6 yaml-control"}},
		{"a: x\u202ey\n", []string{"1:5 yaml-bidi"}},
		{"a: x\u2066y\n", []string{"1:5 yaml-bidi"}},
		{"a: x\rb: y\n", []string{"1:5 yaml-line-end"}},
		{"a: x\u0085\n", []string{"1:5 yaml-line-end"}},
		{"a: x\u2028y\n", []string{"1:5 yaml-line-end"}},
		{"a: x\u2029y\n", []string{"1:5 yaml-line-end"}},
		{"a: 👩‍👩‍👧 é\n", nil},
		{"a: 1", []string{"1:5 yaml-final-newline"}},
		{"", []string{"1:1 yaml-empty"}},
		{"\n# nothing\n", []string{"1:1 yaml-empty"}},
		{"hello\n", []string{"1:1 yaml-root"}},
		{"a:\tx\n", []string{"1:3 yaml-tab"}},
		{"a: x\t# c\n", []string{"1:5 yaml-tab"}},
		{"a: x\ty\n", []string{"1:5 yaml-tab"}},
		{"a: |\n  x\n  \ty\n", nil},
		{"a: \"x\ty\" # \t\n", nil},
		{"a: \"x\"# c\n", []string{"1:7 yaml-comment"}},
		{"a: " + deep[1:len(deep)-1] + "\n", nil},
		{"a: " + deep + "\n", []string{"1:35 yaml-depth"}},
		{"a: N\nb: {c: N}\nd: [N]\n", []string{"1:4 yaml-bare-code", "2:8 yaml-bare-code", "3:5 yaml-bare-code"}},
	} {
		want := tt.want
		if want == nil {
			want = []string{}
		}
		if diff := cmp.Diff(want, told(t, tt.src)); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", tt.src, diff)
		}
	}
}

func TestSizeIsJudgedFirst(t *testing.T) {
	doc, found := Parse("x.yaml", []byte(strings.Repeat("[", MaxSize+1)))
	if doc != nil || len(found) != 1 || found[0].Rule != "yaml-size" {
		t.Errorf("doc %v, findings %+v", doc, found)
	}
}

func TestDuplicateKeyNamesTheFirst(t *testing.T) {
	_, found := Parse("x.yaml", []byte("a:\n  b: 1\n  c: 2\n  b: 3\n"))
	if len(found) != 1 || len(found[0].Related) != 1 || found[0].Related[0].Span.Start.Line != 2 || found[0].Path != "a" {
		t.Errorf("findings %+v", found)
	}
}

func TestBareValues(t *testing.T) {
	refused := strings.Fields("y Y n N yes Yes YES no NO on On off OFF True TRUE False FALSE ~ null Null NULL " +
		"0123 00 1_000 0x1F 0X1F 0o17 0b101 1e3 1E3 1.5e-3 .5 5. +1 +1.0 -01 -.5 .inf -.inf .Inf .nan .NAN 1:4 1:1 190:20:30 10:30:00.5 -1:30 " +
		"2025-2-3 2025-02-30 2025-13-01 0000-01-01 2025-11-21T10:00:00Z 2025-11-21t10:00:00 = << 1234567890123456")
	refused = append(refused, "2025-11-21 10:00:00", "2025-11-21 10:00:00 +01:00", "2001-12-14 21:59:43.10 -5")
	for _, s := range refused {
		doc, found := Parse("x.yaml", []byte("code: "+s+"\n"))
		if len(found) != 1 || found[0].Span.Start.Col != 7 || found[0].Path != "code" || found[0].Value != s {
			t.Errorf("%s: findings %+v", s, found)
			continue
		}
		if doc.Root().Get("code").Value != s {
			t.Errorf("%s: read as %q", s, doc.Root().Get("code").Value)
		}
		if q, found := Parse("x.yaml", []byte("code: \""+s+"\"\n")); len(found) != 0 || q.Root().Get("code").Tag != Str {
			t.Errorf("%s in quotes: findings %+v", s, found)
		}
	}
	for s, want := range map[string]Tag{
		"true": Bool, "false": Bool, "0": Int, "12": Int, "-1": Int, "6000.00": Float, "0.5": Float, "-0.25": Float,
		"123456789012345": Int, "2025-11-21": Date, "2024-02-29": Date, "K": Str, "SPLD": Str, "northumberland/1": Str,
		"2025-26": Str, "1 to 1": Str, "97 percent": Str, "it's fine": Str, "12 o'clock": Str, "yes please": Str,
		"2025-11-21 was wet": Str, "1.2.3": Str, "10-15": Str, "a#b": Str, "C:\\work": Str, "nope": Str, "-x": Str,
	} {
		doc, found := Parse("x.yaml", []byte("a: "+s+"\n"))
		if len(found) > 0 {
			t.Errorf("%s: %+v", s, found)
			continue
		}
		if n := doc.Root().Get("a"); n.Tag != want || n.Value != s {
			t.Errorf("%s: %s %q, want %s", s, n.Tag, n.Value, want)
		}
	}
	if doc, found := Parse("x", []byte("a:\nb: x\n")); len(found) > 0 || doc.Root().Get("a").Tag != Null {
		t.Errorf("empty value: %+v", found)
	}
}

func TestBareCodeHintShowsTheRepair(t *testing.T) {
	_, found := Parse("x.yaml", []byte("sen_provision:\n  - {from: 2021-09-06, code: N}\n"))
	if len(found) != 1 || found[0].Hint != `put quotes round it: code: "N"` || found[0].Path != "sen_provision[0].code" {
		t.Errorf("findings %+v", found)
	}
	for _, secret := range []string{"07700900123", "0x12345678901", "2017-02-30", "2017-03-08T10:00:00Z", "1234567890123456789"} {
		_, found := Parse("x.yaml", []byte("Helen Ashworth: "+secret+"\n"))
		if len(found) != 1 || strings.Contains(found[0].Message+found[0].Hint+found[0].Path, secret) || strings.Contains(found[0].Message+found[0].Hint+found[0].Path, "Helen") {
			t.Errorf("%s: %+v", secret, found)
		}
	}
}

func TestLostWords(t *testing.T) {
	for _, tt := range []struct{ src, at, value string }{
		{"a: {who: mum, words: Relieved, mostly}\n", "1:22", `a: {who: mum, words: "Relieved, mostly"}`},
		{"a: {words: well, so, then, who: mum}\n", "1:12", `a: {words: "well, so, then", who: mum}`},
		{"a: {mostly}\n", "1:5", `a: {"mostly"}`},
		{"a: {who: , words: x}\n", "1:5", "who:"},
		{"a: [x, b: c d]\n", "1:8", `a: [x, "b: c d"]`},
		{"- {words: see http://x.example}\n", "1:11", `- {words: "see http://x.example"}`},
		{"a: {b: one\n    two}\n", "1:8", `a: {b: "one two"}`},
		{"words: see #4 below\n", "1:8", `words: "see #4 below"`},
		{"l:\n  - #1 in class\n", "2:5", `- "#1 in class"`},
		{"words: #1 in class\n", "1:8", `words: "#1 in class"`},
		{"a: {words: he said: no}\n", "1:12", `a: {words: "he said: no"}`},
		{"a: x\n  -y\n", "2:3", "-y"},
		{"a: x\n  b:2\n", "2:3", "b:2"},
	} {
		_, found := Parse("x.yaml", []byte(tt.src))
		if len(found) != 1 {
			t.Errorf("%q: %+v", tt.src, found)
			continue
		}
		f := found[0]
		if at := fmt.Sprintf("%d:%d", f.Span.Start.Line, f.Span.Start.Col); f.Rule != lostWords || at != tt.at || f.Value != tt.value {
			t.Errorf("%q: %s at %s, value %q", tt.src, f.Rule, at, f.Value)
		}
		if strings.Contains(f.Message+f.Hint+f.Path, "mostly") {
			t.Errorf("%q: words in %+v", tt.src, f)
		}
	}
	for _, fine := range []string{"a: {words: on the desk}\n", "a: b # c\n", "a: \"x\" #c\n", "a: b#c\n", "a: # c\n  - x\n", "a: one\n  two three\n"} {
		if got := told(t, fine); len(got) > 0 {
			t.Errorf("%q: %v", fine, got)
		}
	}
}

func TestSniff(t *testing.T) {
	for src, want := range map[string]string{
		"format: cycle/v1\n":                         "cycle/v1",
		"\ufeff# x\nformat:   \"cycle/v9\"  # c\r\n": "cycle/v9",
		"a: 'x\n\tbad: [\nformat: move/v1 # c":       "move/v1",
		"a:\n  format: x\n":                          "",
		"format:\n":                                  "",
		"formats: x\nformat:x\n":                     "",
		"":                                           "",
	} {
		if got, ok := Sniff([]byte(src)); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", src, got, ok, want)
		}
	}
}

func TestSpans(t *testing.T) {
	src := "a: é x # note\nb:\n  - 'it''s' \n  - {c: \"\\\"q\", d: [1, 2 ]}\n  -\n  - |- # head\n    one\n\n    two\n  - k: v\n    l: w x\n      y\ne:\n"
	doc, found := Parse("x", []byte(src))
	if len(found) > 0 {
		t.Fatal(found)
	}
	for path, want := range map[string]string{
		"a": "é x", "b[0]": "'it''s'", "b[1]": "{c: \"\\\"q\", d: [1, 2 ]}", "b[1].c": "\"\\\"q\"", "b[1].d": "[1, 2 ]", "b[2]": "",
		"b[3]": "|- # head\n    one\n\n    two", "b[4]": "k: v\n    l: w x\n      y", "b[4].l": "w x\n      y", "e": "", "": strings.TrimRight(src, "\n"),
	} {
		p, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		n := doc.Find(p)
		if got := src[n.Span.Start.Offset:n.Span.End.Offset]; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if n := doc.Root().Get("a"); n.Comment != "note" || n.Span.End.Col != 7 || n.Span.End.Line != 1 {
		t.Errorf("a: %+v", n)
	}
}

func TestPaths(t *testing.T) {
	src := "targets:\n  - id: t1\n    score: 1\n  - {id: t2, score: 2}\nprovision:\n  - {provision: p1, n2: 3}\nwith: [mum, dad]\nodd key: {a.b: 1}\n"
	doc, found := Parse("x", []byte(src))
	if len(found) > 0 {
		t.Fatal(found)
	}
	for path, want := range map[string]string{
		"targets[t2].score": "2", "targets[0].score": "1", "provision[p1].n2": "3", "with[dad]": "dad", `["odd key"]["a.b"]`: "1",
		"targets[t9].score": "", "targets[7]": "", "with.x": "", "targets[-1]": "",
	} {
		p, err := ParsePath(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if p.String() != path {
			t.Errorf("%s prints as %s", path, p)
		}
		n := doc.Find(p)
		if (n == nil) != (want == "") || n != nil && n.Value != want {
			t.Errorf("%s: %+v", path, n)
		}
		c, ok := doc.Canonical(p)
		if ok != (want != "") || ok && doc.Find(c) != n {
			t.Errorf("%s: canonical %s %v", path, c, ok)
		}
	}
	for _, bad := range []string{".a", "a.", "a..b", "a[", "a[]", "A", "a b", `a["x`, "a[1]b", "a[99999999999999999999]"} {
		if p, err := ParsePath(bad); err == nil {
			t.Errorf("%q read as %v", bad, p)
		}
	}
}

// TestLargeTextsStayQuick holds the worst shapes of a file at the size limit: a
// reader with a square in it would not come back.
func TestLargeTextsStayQuick(t *testing.T) {
	for name, unit := range map[string]string{
		"flow": "[1, {a: é}], ", "comments": "# x\n", "keys": "", "quotes": "\"a\" 'b' ", "dashes": "- ", "colons": "a: ", "brackets": "[", "braces": "{", "lost": "b,", "pairs": "b: c,", "codes": "N,", "anchors": "&a ", "open": "'x\n", "tabs": "\t\n", "hash": "- a #b\n", "controls": "\x01", "joined": "a\n -b\n",
	} {
		var src string
		switch name {
		case "flow", "lost", "codes", "pairs":
			src = "a: {l: [" + strings.Repeat(unit, MaxSize/len(unit)-10) + "1]}\n"
			if name == "lost" {
				src = "a: {w: " + strings.Repeat("b,", MaxSize/2-10) + "}\n"
			}
		case "keys":
			var b strings.Builder
			for i := 0; b.Len() < MaxSize-20; i++ {
				fmt.Fprintf(&b, "k%d: v\n", i)
			}
			src = b.String()
		default:
			src = "a: 1\n" + strings.Repeat(unit, MaxSize/len(unit)-10) + "\n"
		}
		Parse(name, []byte(src))
	}
}

// TestOneCauseIsToldOnce: what spoils a whole file is one fault, however often it stands there.
func TestOneCauseIsToldOnce(t *testing.T) {
	text := "format: cycle/v1\nlearner: x\nwords: some text\n"
	wide := strings.Join(strings.Split(text, ""), "\x00")
	for src, rule := range map[string]string{
		wide:                                   "yaml-encoding",
		"\x00" + wide:                          "yaml-encoding",
		strings.ReplaceAll(text, " ", "\x00"):  "yaml-control",
		strings.ReplaceAll(text, "\n", "\r"):   "yaml-line-end",
		"a: {per_week:4, minutes: 30}\n":       "yaml-lost-words",
		"a: {hourly: 15,20}\n":                 "yaml-lost-words",
		"a: \"C:\\Users\"\nb: 1\n":             "yaml-syntax",
		"a:\n  * one\n  * two\n":               "yaml-syntax",
		strings.Repeat("\x00\x01\x02\xff", 90): "yaml-control",
	} {
		_, found := Parse("x", []byte(src))
		if len(found) != 1 || found[0].Rule != rule || found[0].Hint == "" {
			t.Errorf("%.30q: want one %s, told %v", src, rule, found)
		}
	}
}
