package diagfmt

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/diag"
)

// asEncoded is what encoding/json makes of a value, with what could steer a terminal
// taken out of it by a second look at each character.
func asEncoded(t fataler, indent string, values ...any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	for _, v := range values {
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	var out []byte
	for _, r := range b.String() {
		if r == '\n' || !hazardous(r) {
			out = append(out, string(r)...)
		} else {
			out = appendEscape(out, r)
		}
	}
	return string(out)
}

// What is laid out piece by piece is to the last byte what encoding/json writes of all.
func TestJSONIsAsEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := odd(t)
		var fs []diag.Finding
		for range rapid.SampledFrom([]int{0, 1, 1, 1, 200, 300}).Draw(t, "times") { // of many, each core lays out a part
			fs = append(fs, some...)
		}
		for i := range fs {
			fs[i].Fixable = i%3 == 0
		}
		opt := Options{ShowValues: rapid.Bool().Draw(t, "values")}
		for i, f := range odd(t) {
			opt.Suppressed = append(opt.Suppressed, diag.Suppressed{Finding: f, How: diag.Waived, By: f.File, Until: f.Path, Because: f.Hint})
			if i%2 == 0 {
				opt.Suppressed[i].At = &diag.Related{File: f.File, Message: f.Message}
			}
		}
		sum := Count(fs, 7)
		all := struct {
			Format     string            `json:"format"`
			Findings   []shownFinding    `json:"findings"`
			Suppressed []shownSuppressed `json:"suppressed,omitempty"`
			Summary    Summary           `json:"summary"`
		}{JSONFormat, []shownFinding{}, nil, sum}
		var lines []any
		for _, f := range fs {
			all.Findings = append(all.Findings, shownIn(&f, opt))
			lines = append(lines, all.Findings[len(all.Findings)-1])
		}
		for _, x := range opt.Suppressed {
			all.Suppressed = append(all.Suppressed, suppressedIn(x, opt))
			lines = append(lines, all.Suppressed[len(all.Suppressed)-1])
		}
		lines = append(lines, struct {
			Format  string  `json:"format"`
			Summary Summary `json:"summary"`
		}{JSONFormat, sum})
		var b bytes.Buffer
		if err := JSON(&b, slices.Clone(fs), sum, opt); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asEncoded(t, "  ", all), b.String()); diff != "" {
			t.Fatal(diff)
		}
		b.Reset()
		if err := NDJSON(&b, slices.Clone(fs), sum, opt); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asEncoded(t, "", lines...), b.String()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// So is any other value: numbers, truths, lists and objects with nothing in them.
func TestAnyJSONIsAsEncoded(t *testing.T) {
	word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", `\`, `\\"`, `"{[`, "\u007f\u0085é", "\u2028", "\U000e0041", "<&>", "\xff"}))
	var value func(depth int) *rapid.Generator[any]
	value = func(depth int) *rapid.Generator[any] {
		return rapid.Custom(func(t *rapid.T) any {
			switch n := rapid.IntRange(0, 6).Draw(t, "kind"); {
			case n == 0:
				return nil
			case n == 1:
				return rapid.Bool().Draw(t, "truth")
			case n == 2:
				return rapid.Float64().Draw(t, "number")
			case n == 3 || depth == 0:
				return word.Draw(t, "text")
			case n == 4:
				return rapid.MapOfN(word, value(depth-1), 0, 3).Draw(t, "object")
			}
			return rapid.SliceOfN(value(depth-1), 0, 3).Draw(t, "list")
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		v := value(3).Draw(t, "value")
		for range rapid.IntRange(0, 20).Draw(t, "deeper") {
			v = []any{v}
		}
		var b bytes.Buffer
		if err := writeJSON(&b, v); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asEncoded(t, "  ", v), b.String()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Of many findings each core writes a part: all the parts are as if written one by one.
func TestTextOfMany(t *testing.T) {
	opt := Options{Sources: sources, Known: keys}
	var fs []diag.Finding
	var want bytes.Buffer
	for i := range 900 {
		f := findings()[i%len(findings())]
		fs = append(fs, f)
		if err := Text(&want, []diag.Finding{f}, opt); err != nil {
			t.Fatal(err)
		}
	}
	var got bytes.Buffer
	if err := Text(&got, fs, opt); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkWrite(b *testing.B) {
	opt := Options{Sources: sources, Known: keys}
	var fs []diag.Finding
	for i := range 10000 {
		f := findings()[i%len(findings())]
		f.Span.Start.Col = i // no two are one
		fs = append(fs, f)
	}
	fs = diag.Sort(fs)
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				if err := Write(io.Discard, format, fs, Count(fs, len(fs)), opt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
