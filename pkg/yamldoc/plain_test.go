package yamldoc

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// held reads src both ways: whatever readPlain takes must have no finding and be
// the same tree, with every place and comment, the other way. It reports whether
// readPlain took it.
func held(t interface {
	Helper()
	Fatalf(string, ...any)
}, src []byte) bool {
	t.Helper()
	if len(src) > MaxSize {
		return false
	}
	at := newPlaces(src)
	root := readPlain(src, at)
	if root == nil {
		return false
	}
	doc, found := judge("x", src, at)
	if len(found) > 0 {
		t.Fatalf("taken, but %s: %s at %v\n%q", found[0].Rule, found[0].Message, found[0].Span.Start, src)
	}
	if doc == nil {
		t.Fatalf("taken, but no tree\n%q", src)
	}
	if !reflect.DeepEqual(doc.root, root) {
		diff := cmp.Diff(doc.root, root, cmp.AllowUnexported(Node{}, Pair{}))
		t.Fatalf("another tree:\n%s\n%q", diff, src)
	}
	return true
}

// repositoryFiles gives every YAML file of the repository by its path.
func repositoryFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".yaml" && filepath.Ext(path) != ".yml":
			return nil
		}
		src, err := os.ReadFile(path)
		rel, _ := filepath.Rel(root, path)
		files[filepath.ToSlash(rel)] = src
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestPlainTakesTheFiles holds the share of real files that are read quickly:
// all that sendctl ships and writes, and never one that has a fault.
func TestPlainTakesTheFiles(t *testing.T) {
	must := []string{"schemas/", "examples/", "testdata/e2e/record/", "testdata/ok/", "testdata/pathways/", "testdata/school/"}
	taken, all := 0, 0
	for name, src := range repositoryFiles(t) {
		all++
		if held(t, src) {
			taken++
			continue
		}
		for _, prefix := range must {
			if strings.HasPrefix(name, prefix) {
				t.Errorf("%s is declined", name)
			}
		}
	}
	t.Logf("%d of %d files taken", taken, all)
}

// TestPlainTakes holds that the ways people write are read quickly.
func TestPlainTakes(t *testing.T) {
	for _, src := range []string{
		"a: it's 5% of 10:1#no\n", "a: 'it''s'\n", "a: \"\\\"b\\\" \\u00e9\"\n", "a: -0.5 # c\n", "a: 2026-01-01\n", "a:\nb: # c\n", "\"no\": b\n", "key with space: v\n",
		"- - a\n  - b: c\n    d:\n    - e\n-\n", "a: [b c, 'd', \"e\", 1, {f: [], g: {}}] # c\n", "# c\n\na:\n  # d\n  - b\n# e\n", "a: |\n  b\n\n    c\n  \n# d\n", "a: >-\r\n    b\r\n\r\n    c\r\n", "[a]\n", "a: {b: c}\n",
	} {
		if !held(t, []byte(src)) {
			t.Errorf("declined: %q", src)
		}
	}
}

// tricky are texts on which readers of YAML have come to grief.
func tricky() []string {
	deep := func(n int) string { return strings.Repeat("- ", n) + "x\n" }
	flowDeep := func(n int) string { return "a: " + strings.Repeat("[", n) + strings.Repeat("]", n) + "\n" }
	var keys strings.Builder
	for i := range 3 * fewKeys {
		keys.WriteString("k" + strings.Repeat("x", i) + ": v\n")
	}
	return []string{
		"a: 1:2\n", "- - x\n", "a: - b\n", "a:  'it''s'\n", "key with space: v\n", "a: b # c\n", "a: b#c\n", "a: b #c\n", "a: b # \n", "a: b #\n", "a: 'b'# c\n",
		"a: 0o7\n", "a: 1_000\n", "a: .5\n", "a: 5.\n", "a: +1\n", "a: -1\n", "a: - 1\n", "a: 1e3\n", "a: 0x1F\n", "a: 007\n", "a: 1234567890123456\n", "a: 123456789012345\n", "a: -0\n", "a: -0.50\n", "a: .inf\n", "a: .nan\n", "a: 1.2.3\n",
		"a: 2026-01-01\n", "a: 2026-1-1\n", "a: 2026-02-30\n", "a: 2026-01-01T10:00:00Z\n", "a: 2026-01-01 10:00\n", "a: 12:30:45\n", "a: 12:30 to 13:00\n", "a: 0000-01-01\n",
		"a: ~\n", "a: null\n", "a: Yes\n", "a: y\n", "a: no\n", "a: ON\n", "a: true\n", "a: True\n", "a: <<\n", "<<: a\n", "=: a\n", "a: =\n", "1: a\n", "true: a\n", "2026-01-01: a\n", "no: a\n", "'no': a\n", ": a\n", "'': a\n", "~: a\n",
		"a: 'x' y\n", "a: \"x\" y\n", "a: \"x\"y\n", "a: 'x\n", "a: \"x\n", "a: 'x\n  y'\n", "a: \"x\\\n  y\"\n", "a: \"\\\"\n", "a: \"\\\\\"\n", "a: \"\\q\"\n", "a: \"\\x4\"\n", "a: \"\\x+4\"\n", "a: \"\\u00e9\\U0001F600\"\n", "a: \"\\ud800\"\n", "a: \"\\U00110000\"\n", "a: \"\\0\\e\\_\"\n", "a: '\\n'\n", "a: ''''\n", "a: '''\n", "a: 'b''\n", "a: ''\n", "a: \"\"\n", "a: \"x\ty\"\n",
		"\"a\": b\n", "'a': b\n", "\"a\" : b\n", "\"a\":b\n", "a :b\n", "a : b\n", "a:b: c\n", "a: b: c\n", "a: b:\n", "a: 'b': c\n", "'a' b: c\n", "\"a\\n\": b\n", "it's: b\n", "a\"b: c\n", "[a]: b\n", "{a: b}: c\n", "a[0]: b\n", "-a: b\n", "-1: b\n", "--: b\n", "a: -b\n", "a: --\n", "a: ?b\n", "a: :b\n", "?a: b\n", ":a: b\n", "a: ,b\n", "a: b, c\n", "a: b]\n", "a: b}\n",
		"a: [a, b\n", "a: [a, b]\n", "a: [a,b]\n", "a: [ a , b ]\n", "a: [a, b,]\n", "a: [a, b, ]\n", "a: [,]\n", "a: [a,,b]\n", "a: []\n", "a: [ ]\n", "a: {}\n", "a: { }\n", "a: {b}\n", "a: {b: }\n", "a: {b:}\n", "a: {b: c}\n", "a: {b:c}\n", "a: {\"b\":c}\n", "a: {\"b\": c}\n", "a: {b : c}\n", "a: {b: c, b: d}\n", "a: {b: c, 'b': d}\n", "a: [b: c]\n", "a: [b c, d e]\n", "a: [b #c]\n", "a: [b] # c\n", "a: [b]# c\n", "a: [b] c\n", "a: [b]: c\n", "a: [no]\n", "a: [01]\n", "a: [1, -2, 2026-01-01]\n", "a: [-]\n", "a: [- b]\n", "a: [-b]\n", "a: [-1b]\n", "a: [b?c]\n", "a: [b?]\n", "a: [?b]\n", "a: [*b]\n", "a: [b*]\n", "a: ['x', \"y\"]\n", "a: ['x'y]\n", "a: [\n  b]\n", "a: [b,\n  c]\n", "a: [[b], {c: [d]}]\n", "a: [é, b é]\n", "a: [b\u00a0c]\n", "[a, b]\n", "{a: b}\n", "[a]\n[b]\n", "[]\n", "{}\n", "- [a]\n- {b: c}\n", "a: {no: b}\n", "a: {1: b}\n", "a: {b: c d }\n", "a: {b: it's}\n", "a: {b: (c)}\n",
		"? a\n", "? a\n: b\n", "--- a\n", "---\na: b\n", "---a: b\n", "a: ---\n", "...\n", "a: b\n...\n", "a: b\n---\nc: d\n", "a: b\n--- c\n", "... a: b\n", "a: b\n... c: d\n", "%YAML 1.2\n---\na: b\n", "a: %b\n", "a: |\n  x\n---\n", " ---\n", "  ---: b\n", " --- a: b\n", " ...  a: >-\n  b\n", "a: &b c\n", "a: *b\n", "a: !b c\n", "a: !!str c\n", "a: @b\n", "a: `b`\n",
		"a: |+\n  b\n", "a: >2\n    b\n", "a: |2\n    b\n", "a: |\n", "a: |\nb: c\n", "a: |\n  b\n", "a: |\n  b\n\n\n", "a: |-\n  b\n\nc: d\n", "a: |\n\n  b\n", "a: |\n   \n  b\n", "a: |\n  \n    b\n", "a: |\n  \n  b\n", "a: >\n  b\n  \tc\n", "a: >\n  b\n  \t\n", "a: |\n  b \n\nc: d\n", "a: |-\n  b \n\n", "a: >-\n  b \n\n  \nc: d\n", "a: |\n  b\n   \n", "a: |\n  b \n", "a: |\n  b\n    \n  c\n", "a: |\n  b\n \n  c\n", "a: |\n    b\n  c\n", "a: |\n    b\n  # c\nd: e\n", "a: |\n  b\n# c\nd: e\n", "a: |\n  b\n  # c\n", "a: |\n\tb\n", "a: |\n  \tb\n", "a: |\n  b\n  \tc\n", "a: |\n  b\n\tc\n", "a: |\n  b\n\t\n", "a: |\n  b\n  \t\n  c\n", "a: | # c\n  b\n", "a: |# c\n  b\n", "a: | b\n", "a: |- \n  b\n", "a: |-+\n  b\n", "a: |\n b\n", "a: |\nb\n", "- |\n  b\n- >\n  c\n  d\n", "- a: |\n  b\n", "- a: |\n    b\n  c: d\n", "- - |\n   b\n", "a:\n- |\n b\n", "a: >\n  b\n  c\n\n  d\n\n\n  e\n", "a: >\n  b\n    c\n  d\n", "a: >-\n  b \n  c\n", "a: >\n  b\n   \n  c\n", "a: |\r\n  b\r\n  c\r\n", "a: >\r\n  b\r\n\r\n  c\r\n", "a: |\n  é\n  b: c # d\n", "a: |\n  - b\n", "a: |\n  ---\n", "|\n  a\n", ">\n  a\n",
		"a:\n  b\n", "a: b\n c: d\n", "a: b\n  c\n", "a: b\n# x\n  c\n", "a: b\n\n  c\n", "a:\n  - b\n  c: d\n", "a:\n- b\nc: d\n", "a:\n- b\n- c: d\n  e: f\n", "- a:\n  - b\n  c: d\n", "- a:\n    b: c\n   d: e\n", "a:\n    b: c\n  d: e\n", "a:\n  b: c\n    d: e\n", "  a: b\n  c: d\n", "  a: b\nc: d\n", "a: b\n- c\n", "- a\nb: c\n", "- a\n - b\n", "- - a\n - b\n", "- - a\n  - b\n", "-   a: b\n    c: d\n", "-   a: b\n  c: d\n", "-\n  a: b\n", "-\n  - a\n", "-\n- a\n", "-\n  a\n", "a:\n  [b]\n", "a:\n  'b'\n", "a:\n  |\n  b\n", "- a: b\n- c\n", "a: b\na: c\n", "a: b\n'a': c\n",
		"a: b  \n", "a:  \n", "a: ", "a:", "- ", "-", "a: b", "a:\n", "a: \nb:\n", "-\n", "- \n", "- \n- \n", "\n", "", " \n", "#\n", "# a\n", "a\n", "'a'\n", "\n\na: b\n\n", "a: b\n  \nc: d\n", "a: b\n\t\nc: d\n", "a:\tb\n", "a: b\t\n", "\ta: b\n", "a: b\tc\n", "a: b # c\td\n", "#\tc\na: b\n", "  \t# c\na: b\n", "a: b\n\t# c\n", "-\ta\n",
		"a: # c\n  b: d\n", "a: # c\n- d\n", "a: # c\nb: d\n", "a: #c\n", "a:# c\n", "- # c\n  a: b\n", "- # c\n- d\n", "- # c\n", "- - # c\n", "- - # c\n    a: b\n", "- #c\n", "a: b # c # d\n", "a: b\n# c\n  # d\ne: f\n", "# a\n#b\na: b\n", "a:\n  # c\n  b: d\n  # e\nf: g\n# h\n", "a:\n# c\n  - b\n# d\n  - e\n", "a: 'b' # c\n", "a: [b] # c\n- d\n", "a: b #\u00e9\n", "é: b # c\n", "a: b # c\r\n", "- a # b\n  # c\n- d\n",
		"a: b\u0085c\n", "a: b\u2028c\n", "a: b\u2029c\n", "\ufeffa: b\n", "a: \ufeffb\n", "a: \U0001F469\u200d\U0001F467 b # \u00e9\n", "a: \xed\xa0\x80\n", "a: \xff\n", "a: \ufffd\n", "a: \ufffe\n", "a: \U0001ffff\n", "a: \u00a0\n", "a: \u00a0b\u00a0\n", "\u00a0: a\n", "a: b\rc: d\n", "a: b\r\nc: d\r\n", "a: b\r\nc: d\n", "a: b\r\r\n", "a: \x00\n", "a: \x1b\n", "a: \x7f\n", "# \u202e\na: b\n", "# \x07\na: b\n", "a: \u200e\n",
		strings.Repeat("k", 999) + ": v\n", strings.Repeat("k", 1024) + ": v\n", strings.Repeat("k", 1025) + ": v\n", "\"" + strings.Repeat("k", 1100) + "\": v\n", "a: " + strings.Repeat("word ", 4000) + "\n", "a: \"" + strings.Repeat("é ", 4000) + "\" # c\n", "a: " + strings.Repeat("é", 600) + " # c\n", "- " + strings.Repeat("x", 2000) + "\n", "a: " + strings.Repeat(" ", 2000) + "b # c\n", "a: b" + strings.Repeat(" ", 2000) + "# c\n", "a: b\n" + strings.Repeat("\n", 700) + "# c\nd: e\n", "#" + strings.Repeat(" c", 2000) + "\na: b\n",
		deep(31), deep(32), deep(33), flowDeep(31), flowDeep(32), keys.String(), keys.String() + "k: again\n", keys.String() + "k" + strings.Repeat("x", 2*fewKeys) + ": again\n", "a:\n" + strings.Repeat("  - b: [c]\n", 2000),
	}
}

// TestTrickyTexts holds the two ways against each other on each text alone, as
// an item of a list, and with a key before and behind it.
func TestTrickyTexts(t *testing.T) {
	for _, s := range tricky() {
		for _, src := range []string{s, "k:\n  - " + strings.ReplaceAll(s, "\n", "\n    "), "z: 1\n" + s, s + "zz: 1\n"} {
			held(t, []byte(src))
		}
	}
}

// Eight bytes at a time say what each of them says.
func TestCharactersEightAtATime(t *testing.T) {
	odd := []byte{0, 1, 0x0a, 0x1f, 0x20, 0x21, 0x41, 0x7e, 0x7f, 0x80, 0x81, 0x9f, 0xa0, 0xc3, 0xff}
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.ByteRange(0x20, 0x7e)), 0, 20).Draw(t, "bytes")
		ascii, visible := true, true
		for _, c := range b {
			ascii = ascii && c < 0x80
			visible = visible && c >= 0x20 && c < 0x7f
		}
		if isASCII(b) != ascii || printable(string(b)) != visible {
			t.Fatalf("%q: ASCII %t, visible %t", b, isASCII(b), printable(string(b)))
		}
	})
	for _, c := range odd { // each at every place among others
		for at := range 17 {
			b := []byte("abcdefghijklmnopq")
			b[at] = c
			if got, want := printable(string(b)), c >= 0x20 && c < 0x7f; got != want {
				t.Errorf("%q: %t", b, got)
			}
		}
	}
}
