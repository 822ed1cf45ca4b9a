package rules_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/date"
)

// laid judges the made-up school with one text of a file replaced, and gives what was
// found: rule, place and line.
func laid(t *testing.T, file, old, now string) []string {
	t.Helper()
	disk := madeUp(t)
	src := string(disk[file].Data)
	if strings.Count(src, old) == 0 {
		t.Fatalf("%s does not hold %q", file, old)
	}
	disk[file] = &fstest.MapFile{Data: []byte(strings.Replace(src, old, now, 1))}
	var out []string
	for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
		for _, w := range []string{"Ashworth", "Jude", "Helen", "07700", "943", "jude"} {
			if strings.Contains(x.Message+x.Hint+x.Path, w) {
				t.Errorf("the finding tells %q: %s", w, inWords(x))
			}
		}
		if x.Span.Start.Line == 0 {
			t.Errorf("no place: %s", inWords(x))
		}
		out = append(out, strings.TrimSpace(x.Rule+" "+x.Path))
	}
	return out
}

func TestComments(t *testing.T) {
	files := pageFiles()
	for _, c := range []struct{ file, old, now, want string }{
		{"cycle", "    words: Quick", "    # Jude was upset\n    words: Quick", "name-outside"},
		{"cycle", "was right.", "was right.  # mum Helen Ashworth 07700 900123", "contact-details-outside,name-outside"},
		{"learner", "aspirations:", "# CP plan since March, NHS 943 476 5919\naspirations:", "number-outside,protection-detail"},
		{"learner", "aspirations:", "# asked again in May\naspirations:", ""},
		{"identity", "name: Jude", "# Jude Ashworth, 07700 900123\nname: Jude", ""},
		{"identity", "name: Jude", "# on a CP plan\nname: Jude", "protection-detail"},
		{"cycle", "    words: Quick and proud.", "    words: >  # Jude\n      Quick # 1 Jude", "name-outside do[0].words,name-outside"},
		{"people", "name: M. Eyre", "name: M. Eyre (works with Jude Ashworth)", "name-outside people[0].name"},
		{"people", "  - id: hart", "  # ring 07700 900123 for K.\n  - id: hart", "contact-details-outside"},
		{"setting", "name: Thornelaw Academy", "name: Thornelaw Academy 01670 123456", "contact-details-outside name"},
		{"pathway", "# The graduated approach", "# For Jude Ashworth: the graduated approach", "name-outside"},
		{"pathway", "# The graduated approach", "# Jude has a child in need plan: the graduated approach", "protection-detail"},
	} {
		got := strings.Join(laid(t, files[c.file], c.old, c.now), ",")
		if got != c.want {
			t.Errorf("%s, %q: found %q, want %q", c.file, c.now, got, c.want)
		}
	}
}

// TestWordsThatBecameAKey: of a sentence with a colon in it nothing stands in a finding.
func TestWordsThatBecameAKey(t *testing.T) {
	file := pageFiles()["cycle"]
	const at = "    words: Quick"
	for _, c := range []struct{ line, want string }{
		{"Mrs Ashworth rang 07700 900123: she is worried", "yaml-key do[0].(a key)"},
		{"jude: was there", "unknown-key do[0].(a key)"},
		{"jude-ashworth: {words: Helen was there}", "unknown-key do[0].(a key),name-outside do[0].(a key)"},
		{"Jude: [Jude]", "unknown-key do[0].(a key)"},
		{"feelings: happy", "unknown-key do[0].feelings"},
		{"by07700900123: rang", "unknown-key do[0].(a key)"},
	} {
		got := strings.Join(laid(t, file, at, "    "+c.line+"\n"+at), ",")
		if got != c.want {
			t.Errorf("%s: found %q, want %q", c.line, got, c.want)
		}
	}
	for line, want := range map[string]string{"jude: was there": "unknown-key (a key)", "jude-x: 2": "unknown-key (a key)", "feelings: happy": "unknown-key feelings"} {
		if got := strings.Join(laid(t, pageFiles()["learner"], "aspirations:", line+"\naspirations:"), ","); got != want {
			t.Errorf("%s: found %q, want %q", line, got, want)
		}
	}
}
