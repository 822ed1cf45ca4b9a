package diagfmt

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

const cycleFile = "learners/bk7m2xqt/cycles/2025-09-29-initial-concerns-k4f7.yaml"

const cycle = `format: cycle/v1
learner: bk7m2xqt
assess:
  strengths:
    - number patterns
  concerns:
    - by: grimes
      words: |-
        Reads slowly.
        words: guesses the rest
  other_explanations:
    - {cause: eal, applies: "it, words: depends"}
review:
  targets:
    - target: t1   # Jude's own
      result: seventeen
      because: "Nearly doubled, still short of what was hoped for at the start of the cycle, as both parents said at the meeting."
  grade: 4
`

func span(line, from, to int) diag.Span {
	return diag.Span{Start: diag.Pos{Line: line, Col: from}, End: diag.Pos{Line: line, Col: to}}
}

func findings() []diag.Finding {
	return []diag.Finding{
		{Rule: "syntax", Severity: diag.Error, File: cycleFile, Span: span(10, 9, 14), Message: "is inside a text"},
		{Rule: "applies", Severity: diag.Warning, File: cycleFile, Path: "assess.other_explanations[0].applies",
			Span: span(12, 28, 48), Message: "is neither true nor false", Value: "it, words: depends"},
		{Rule: "target-known", Severity: diag.Info, File: cycleFile, Path: "review.targets[0].target", Span: span(15, 15, 17), Message: "is no target of this cycle"},
		{Rule: "result-number", Severity: diag.Error, File: cycleFile, Path: "review.targets[0].result", Span: span(16, 15, 24),
			Message: "is not a number", Hint: "write digits, for example 17", Value: "seventeen",
			Related: []diag.Related{{File: cycleFile, Path: "plan.targets[0]", Span: span(2, 1, 8), Message: "the target"}}},
		{Rule: "because-short", Severity: diag.Advice, File: cycleFile, Path: "review.targets[0].because", Span: span(17, 83, 95), Message: "is long"},
		{Rule: "unknown-key", Severity: diag.Error, File: cycleFile, Path: "review.grade", Span: span(18, 3, 8), Message: `"grade" is not a key of a review`, Hint: `leave it out`},
		{Rule: "missing", Severity: diag.Error, File: cycleFile, Span: span(99, 1, 1), Message: "past the end"},
		{Rule: "no-identity", Severity: diag.Error, File: "learners/bk7m2xqt", Message: "there is no identity.yaml"},
		{Rule: "file-name", Severity: diag.Warning, File: "learners/\x1b[31mx\u202e.yaml", Message: "key \"a\x07\u009b\" is odd", Hint: "rename\nit", Value: "v\x1b"},
		{Severity: diag.Error, File: "", Message: "nothing is known"},
	}
}

func sources(file string) []byte {
	if file == cycleFile {
		return []byte(cycle)
	}
	return nil
}

func keys(key string) bool {
	return strings.Contains(" format learner assess strengths concerns by words other_explanations cause applies review targets target result because ", " "+key+" ")
}

func TestGolden(t *testing.T) {
	mark := func(s diag.Severity, text string) string { return "<" + s.String() + ">" + text + "</>" }
	tests := map[string]func(w *bytes.Buffer) error{
		"plain.txt":  func(w *bytes.Buffer) error { return Text(w, findings(), Options{}) },
		"masked.txt": func(w *bytes.Buffer) error { return Text(w, findings(), Options{Sources: sources}) },
		"known.txt":  func(w *bytes.Buffer) error { return Text(w, findings(), Options{Sources: sources, Known: keys}) },
		"shown.txt": func(w *bytes.Buffer) error {
			return Text(w, findings(), Options{Sources: sources, ShowValues: true, Color: mark})
		},
		"masked.json": func(w *bytes.Buffer) error {
			return JSON(w, findings(), Count(findings(), 3), Options{Sources: sources})
		},
		"shown.json": func(w *bytes.Buffer) error {
			return JSON(w, findings()[:2], Count(findings()[:2], 1), Options{ShowValues: true})
		},
		"none.json": func(w *bytes.Buffer) error { return JSON(w, nil, Summary{}, Options{}) },
	}
	for _, format := range Formats()[2:] {
		tests["masked."+format] = func(w *bytes.Buffer) error {
			return Write(w, format, findings(), Count(findings(), 3), fullOptions())
		}
		tests["none."+format] = func(w *bytes.Buffer) error {
			return Write(w, format, nil, Count(nil, 1), Options{Files: []string{"sendctl.yaml"}})
		}
		tests["shown."+format] = func(w *bytes.Buffer) error {
			opt := fullOptions()
			opt.ShowValues = true
			return Write(w, format, findings(), Count(findings(), 3), opt)
		}
	}
	for name, write := range tests {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (go test -update writes it anew)", diff)
			}
			if filepath.Ext(name) == ".json" && !json.Valid(got.Bytes()) {
				t.Error("not JSON")
			}
			if name[:5] != "shown" || Published(strings.TrimPrefix(filepath.Ext(name), ".")) {
				for _, word := range []string{"seventeen", "Jude", "guesses", "patterns", "depends", "doubled", "grimes"} {
					if strings.Contains(got.String(), word) {
						t.Errorf("%q of the record is printed", word)
					}
				}
			}
		})
	}
}

func TestMaskLine(t *testing.T) {
	tests := []struct{ name, before, line, want string }{
		{"a key and its value", "", "stage: passport", "stage: ********"},
		{"a key alone", "", "stage:", "stage:"},
		{"an unknown key", "", "jude: x", "*******"},
		{"a key in capitals", "", "Stage: x", "********"},
		{"a list item", "stage:", "  - two words", "  - *********"},
		{"a key behind a dash", "stage:", "  - words: x", "  - words: *"},
		{"a list in a list", "stage:", "  - - x", "  - - *"},
		{"in double quotes", "", `words: "x: y" # z`, `words: "*********`},
		{"in single quotes", "", `words: 'it''s'`, `words: '******`},
		{"a comment", "", "# Jude", "#*****"},
		{"a comment behind a value", "", "stage: x # Jude", "stage: ********"},
		{"a comment behind a key", "", "stage: # Jude", "stage: #*****"},
		{"a block of text opens", "", "words: |-", "words: |-"},
		{"a quotation that looks like one", "", "words: > 5", "words: ***"},
		{"a list of codes", "", "stage: [mum, dad]", "stage: [***, ***]"},
		{"a mapping in one line", "", "stage: {words: x y, by: 'z', stage: [q]}", "stage: {words: ***, by: '*', stage: [*]}"},
		{"an unknown key in one line", "", "stage: {jude: x}", "stage: {*******}"},
		{"a key inside quotes in one line", "", `stage: {words: "x, by: y", by: z}`, `stage: {words: "********", by: *}`},
		{"an escaped quote in one line", "", `stage: {words: "x\", by: y", by: z}`, `stage: {words: "*******************`},
		{"a doubled quote in one line", "", `stage: {words: 'x'', by: y', by: z}`, `stage: {words: '*******************`},
		{"a key behind a key in one line", "", `stage: {words: by: z}`, `stage: {words: *****}`},
		{"inside a block of text", "words: |", "  by: x", "  *****"},
		{"inside a block of text, deeper", "words: |\n  by:", "    by: x", "    *****"},
		{"inside a block of text in a list", "stage:\n  - |", "    by: x", "    *****"},
		{"after a block of text", "stage:\n  words: |\n    by: x", "  by: x", "  by: *"},
		{"below a value", "words: he said", "  by: x", "  *****"},
		{"below a quoted value", `words: "he said`, "by: x", "*****"},
		{"below a closed one", `words: "he \" said"`, "by: x", "by: *"},
		{"below a list item that is text", "stage:\n  - he said", "    by: x", "    *****"},
		{"beside a key behind a dash", "stage:\n  - words: x", "    by: x", "    by: *"},
		{"below a list with a dash alone", "stage:\n  -\n    words: x", "    by: x", "    by: *"},
		{"below a comment", "stage:\n# about Jude", "  by: x", "  by: *"},
		{"below a key with a comment", "stage: # about Jude", "  by: x", "  by: *"},
		{"a tab", "", "\tby: x", "******"},
		{"other scripts", "", "words: ძია 家", "words: *****"},
		{"nothing", "", "", ""},
	}
	known := func(key string) bool { return key == "stage" || key == "words" || key == "by" }
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := append(strings.Split(tt.before, "\n"), tt.line)
			got := maskLine(lines, inQuotes(lines), len(lines)-1, known)
			if got != tt.want {
				t.Errorf("maskLine(%q) = %q, want %q", tt.line, got, tt.want)
			}
		})
	}
}

// Every value is in letters that no key, rule or message has, so that any run of
// them in the output came from a value. The document is one a person could have
// written, and its values are full of things that look like keys.
func TestNoValueIsPrinted(t *testing.T) {
	value := rapid.StringMatching(`[ΓΔΘΛΞΠΣΦΨΩ]{3,9}( ?[:,#"'{}\[\]|>-]{0,2} ?(by:|words:|)? ?[ΓΔΘΛΞΠΣΦΨΩ]{3,9}){0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "entries") {
			v := value.Draw(t, "value")
			switch rapid.IntRange(0, 6).Draw(t, "shape") {
			case 0:
				b.WriteString("words: " + v + "\n")
			case 1:
				b.WriteString("words: \"" + v + "\n  by: " + value.Draw(t, "more") + "\"\n")
			case 2:
				b.WriteString("words: |\n  " + v + "\n  by: " + value.Draw(t, "more") + "\n\n    words: " + value.Draw(t, "more") + "\n")
			case 3:
				b.WriteString("assess:\n  - words: {by: " + v + ", words: \"" + value.Draw(t, "more") + "\"} # " + v + "\n    by: '" + v + "'\n")
			case 4:
				b.WriteString("assess:\n  - " + v + "\n    by: " + value.Draw(t, "more") + "\n")
			case 5:
				b.WriteString(v + "\n\t" + v + "\r\n# " + v + "\n")
			case 6:
				b.WriteString("by: [" + v + ", '" + value.Draw(t, "more") + "']\n" + v + ": " + v + "\n")
			}
		}
		source := b.String()
		lines := strings.Split(source, "\n")
		var fs []diag.Finding
		for n := range len(lines) + 1 {
			from := rapid.IntRange(0, 60).Draw(t, "from")
			fs = append(fs, diag.Finding{Rule: "r", Severity: diag.Error, File: "f", Path: "assess[0].words", Message: "m",
				Span:  diag.Span{Start: diag.Pos{Line: n + 1, Col: from}, End: diag.Pos{Line: n + 1, Col: from + rapid.IntRange(-5, 60).Draw(t, "length")}},
				Value: "ΓΔΘ"})
		}
		opt := Options{Sources: func(string) []byte { return []byte(source) }, Known: keys}
		for _, format := range Formats() {
			text := written(t, format, fs, opt)
			if at := strings.IndexAny(text, "ΓΔΘΛΞΠΣΦΨΩ"); at >= 0 {
				t.Fatalf("a value is printed as %s:\n%s\nof\n%s", format, text, source)
			}
		}
		// Kept beside the finding, the line says the same and holds no more.
		kept := slices.Clone(fs)
		Excerpt(kept, opt.Sources, keys)
		if got, want := written(t, "text", kept, Options{}), written(t, "text", fs, opt); got != want {
			t.Fatalf("with the lines kept:\n%s\nand with the file read:\n%s", got, want)
		}
		// One character stands for one, or the mark below would be out of place.
		for n, l := range lines {
			got := maskLine(lines, inQuotes(lines), n, keys)
			if utf8.RuneCountInString(got) != utf8.RuneCountInString(l) {
				t.Fatalf("%q is masked as %q", l, got)
			}
		}
	})
}

func TestNothingSteersTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(t, "bytes")) })
		odd := rapid.OneOf(raw, rapid.StringOf(rapid.RuneFrom([]rune("a:\x1b\u009b\u202e\u2028\u200b\n\r\t\"[x]\x00\U000e0041"))))
		source := odd.Draw(t, "source")
		fs := []diag.Finding{{Rule: odd.Draw(t, "rule"), Severity: diag.Warning, File: odd.Draw(t, "file"), Path: odd.Draw(t, "path"),
			Span: span(rapid.IntRange(0, 3).Draw(t, "line"), 1, 5), Message: odd.Draw(t, "message"), Hint: odd.Draw(t, "hint"), Value: odd.Draw(t, "value"),
			Related: []diag.Related{{File: odd.Draw(t, "file"), Message: odd.Draw(t, "message")}}}}
		opt := Options{Sources: func(string) []byte { return []byte(source) }, Known: func(string) bool { return true }, ShowValues: rapid.Bool().Draw(t, "show")}
		var object bytes.Buffer
		if err := JSON(&object, fs, Summary{}, opt); err != nil {
			t.Fatal(err)
		}
		for _, format := range Formats() {
			out := written(t, format, fs, opt)
			if !utf8.ValidString(out) {
				t.Fatalf("not UTF-8: %q", out)
			}
			for _, r := range out {
				if r != '\n' && hazardous(r) {
					t.Fatalf("%U in %q", r, out)
				}
			}
		}
		var back struct{ Findings []struct{ Message string } }
		if err := json.Unmarshal(object.Bytes(), &back); err != nil {
			t.Fatal(err)
		}
		if want := strings.ToValidUTF8(fs[0].Message, "\uFFFD"); utf8.ValidString(fs[0].Message) && back.Findings[0].Message != want {
			t.Fatalf("message came back as %q, was %q", back.Findings[0].Message, want)
		}
	})
}

func TestSourcesAreAskedOncePerFile(t *testing.T) {
	asked := 0
	opt := Options{Sources: func(string) []byte { asked++; return []byte(cycle) }}
	if err := Text(&bytes.Buffer{}, findings()[:7], opt); err != nil {
		t.Fatal(err)
	}
	if asked != 1 {
		t.Errorf("asked %d times for one file", asked)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAWriteThatFailsIsSaid(t *testing.T) {
	for _, format := range Formats() {
		if Write(full{}, format, findings(), Summary{}, Options{}) == nil {
			t.Errorf("%s: no error from a full disk", format)
		}
	}
}
