package yamldoc

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// marks are what a slip of the hand puts into a file, or what makes a reader
// think of something else.
func marks() []string {
	return []string{
		"#", " #", " # c", "# ", ":", ": ", ":\n", " : ", "-", "- ", "-\n", "- - ", "[", "]", "{", "}", "[]", "{}", "[a, b]", "{a: b}", "'", "''", "\"", "\\", "\\x41", "\\u00e9", "\\ud800", "\\U0001F600", "\\e",
		",", ", ", "&", "*", "!", "|", "|\n", "|-\n", "|+\n", "|2\n", ">", ">\n", ">-\n", "%", "@", "`", "?", "? ", "~", "<<: ", "=", "\t", " ", "  ", "\n", "\n\n", "\r\n", "\r", " \n", "---\n", "--- ", "...\n", "%YAML 1.2\n",
		"a: b\n", "- a\n", "yes", "no", "null", "012", "1_0", "1:2", ".5", "1e3", "2025-02-30", "2026-01-01", "\u00e9", "\U0001F469\u200d\U0001F467", "\u00a0", "\u0085", "\u2028", "\u202e", "\ufeff", "\ufffd", "\ufffe", "\xff", "\xed\xa0\x80", "\x00", "\x07", "\x7f", "  # own line\n", "\n#c\n",
	}
}

// mutate makes one slip in src. It works on lines, or on bytes of one.
func mutate(t *rapid.T, src string) string {
	lines := strings.SplitAfter(src, "\n")
	i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
	line := lines[i]
	at := rapid.IntRange(0, len(line)).Draw(t, "at")
	switch rapid.IntRange(0, 11).Draw(t, "slip") {
	case 0:
		lines = slices.Delete(lines, i, i+1)
	case 1:
		lines = slices.Insert(lines, i, line)
	case 2:
		j := rapid.IntRange(0, len(lines)-1).Draw(t, "other line")
		lines[i], lines[j] = lines[j], lines[i]
	case 3:
		lines[i] = strings.Repeat(" ", rapid.IntRange(1, 4).Draw(t, "deeper")) + line
	case 4:
		n := len(line) - len(strings.TrimLeft(line, " "))
		lines[i] = line[min(n, rapid.IntRange(1, 4).Draw(t, "shallower")):]
	case 5:
		lines[i] = strings.Map(func(r rune) rune {
			switch r {
			case '\'':
				return '"'
			case '"':
				return '\''
			}
			return r
		}, line)
	case 6:
		lines[i] = line[:at] + line[min(at+rapid.IntRange(1, 3).Draw(t, "less"), len(line)):]
	case 7:
		lines[i] = strings.ReplaceAll(line, "\n", "\r\n")
	case 8:
		return strings.ReplaceAll(src, "\n", "\r\n")
	default:
		// A mark is likeliest to matter where the line's own marks are.
		if j := strings.IndexAny(line[at:], ":-'\"[]{},#|>\n"); j >= 0 && rapid.Bool().Draw(t, "at a mark") {
			at += j + rapid.IntRange(0, 1).Draw(t, "behind it")
		}
		lines[i] = line[:at] + rapid.SampledFrom(marks()).Draw(t, "mark") + line[at:]
	}
	return strings.Join(lines, "")
}

// excerpts gives pieces of the repository's files, short enough to be read many
// thousand times: some lines that are indented at least as far as the first,
// moved to the margin.
func excerpts(t testing.TB) []string {
	files := repositoryFiles(t)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		lines := strings.SplitAfter(string(files[name]), "\n")
		for i := 0; i < len(lines); i += 5 {
			margin := lines[i][:len(lines[i])-len(strings.TrimLeft(lines[i], " "))]
			var b strings.Builder
			for _, line := range lines[i:min(i+12, len(lines))] {
				inner, ok := strings.CutPrefix(line, margin)
				if !ok && strings.TrimSpace(line) != "" {
					break
				}
				b.WriteString(inner)
			}
			out = append(out, b.String())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestPlainIsNeverWrong makes slips in real files and in pieces of them: whatever
// is taken then must be what the library reads.
func TestPlainIsNeverWrong(t *testing.T) {
	var whole []string
	for _, src := range repositoryFiles(t) {
		if len(src) < 6000 {
			whole = append(whole, string(src))
		}
	}
	slices.Sort(whole)
	pieces := excerpts(t)
	taken, all := 0, 0
	slip := func(t *rapid.T) {
		from := pieces
		if rapid.IntRange(0, 19).Draw(t, "from") == 0 {
			from = whole
		}
		src := rapid.SampledFrom(from).Draw(t, "text")
		for range rapid.IntRange(1, 3).Draw(t, "slips") {
			src = mutate(t, src)
		}
		if rapid.IntRange(0, 9).Draw(t, "moved") == 0 {
			// The library reads in pieces; where they end is not ours to know.
			src = "#" + strings.Repeat("x", rapid.IntRange(0, 2000).Draw(t, "by")) + "\n" + src
		}
		all++
		if held(t, []byte(src)) {
			taken++
		}
	}
	for range 300 {
		if rapid.Check(t, slip); t.Failed() {
			return
		}
	}
	if taken*4 < all {
		t.Errorf("only %d of %d texts taken: this proves too little", taken, all)
	}
}

// TestPlainTakesWhatIsWritten holds that every file Encode can write is read
// quickly: whatever the words, sendctl's own files are plain.
func TestPlainTakesWhatIsWritten(t *testing.T) {
	many(t, func(t *rapid.T) {
		v := MapOf(KV{"a", drawValue(t, 3)}, KV{"b", drawValue(t, 2)})
		out, err := Encode(v)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if !held(t, out) {
			t.Fatalf("declined:\n%s", out)
		}
	})
}

// TestPlainOfOddFiles holds the two ways against each other on files laid out by
// other people's habits.
func TestPlainOfOddFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held(t, drawFile(t).Bytes())
	})
}

func FuzzPlain(f *testing.F) {
	for _, s := range tricky() {
		f.Add([]byte(s))
	}
	for _, s := range slips() {
		f.Add([]byte(s.src))
	}
	for i, s := range excerpts(f) {
		if i%20 == 0 {
			f.Add([]byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 {
			return
		}
		held(t, src)
		held(t, []byte(fmt.Sprintf("k:\n  - %s\n", src)))
	})
}
