package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// step is one command of a document, with what it is said to print.
type step struct {
	line    int
	command string
	want    []string // lines; "..." stands for any
	shown   bool     // whether the document shows what comes out (a console block)
}

// steps reads the commands of a Markdown document. In a ```console block, lines
// that begin with "$ " are commands, those that begin with "> " go on with one,
// and the rest is what it prints, to the letter, where "..." alone stands for any
// lines. A ```sh block is one command, that must succeed. A block that follows
// the line <!-- needs PROGRAM --> is left out where has says that it is not here.
func steps(text string, has func(program string) bool) ([]step, error) {
	var out []step
	var block []string
	kind, start, skip := "", 0, false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		fence := strings.TrimSpace(line)
		switch {
		case kind == "" && strings.HasPrefix(fence, "```"):
			kind, start, block = strings.TrimPrefix(fence, "```"), i+2, nil
			if kind == "" {
				kind = "text"
			}
		case kind != "" && fence == "```":
			if !skip {
				found, err := stepsOf(kind, block, start)
				if err != nil {
					return nil, err
				}
				out = append(out, found...)
			}
			kind, skip = "", false
		case kind != "":
			block = append(block, line)
		case strings.HasPrefix(fence, "<!-- needs ") && strings.HasSuffix(fence, " -->"):
			skip = !has(strings.TrimSuffix(strings.TrimPrefix(fence, "<!-- needs "), " -->"))
		case fence != "":
			skip = false
		}
	}
	if kind != "" {
		return nil, fmt.Errorf("the block that begins at line %d has no end", start-1)
	}
	return out, nil
}

func stepsOf(kind string, block []string, start int) ([]step, error) {
	switch kind {
	case "sh":
		return []step{{line: start, command: strings.Join(block, "\n")}}, nil
	case "console":
	default:
		return nil, nil
	}
	var out []step
	for i, line := range block {
		command, is := strings.CutPrefix(line, "$ ")
		more, goesOn := strings.CutPrefix(line, "> ")
		switch {
		case is:
			out = append(out, step{line: start + i, command: command, shown: true})
		case len(out) == 0:
			return nil, fmt.Errorf("line %d: a console block begins with \"$ \" and a command", start+i)
		case goesOn && len(out[len(out)-1].want) == 0:
			out[len(out)-1].command += "\n" + more
		default:
			out[len(out)-1].want = append(out[len(out)-1].want, line)
		}
	}
	return out, nil
}

// fits reports whether got is want, where a line "..." of want stands for any
// lines, none included.
func fits(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if want[0] != "..." {
		return len(got) > 0 && lineFits(want[0], got[0]) && fits(want[1:], got[1:])
	}
	for i := range len(got) + 1 {
		if fits(want[1:], got[i:]) {
			return true
		}
	}
	return false
}

// lineFits compares one line; "..." within it stands for any words.
func lineFits(want, got string) bool {
	parts := strings.Split(strings.TrimRight(want, " "), "...")
	got, ok := strings.CutPrefix(strings.TrimRight(got, " "), parts[0])
	for i, part := range parts[1:] {
		if i == len(parts)-2 {
			return ok && strings.HasSuffix(got, part)
		}
		at := strings.Index(got, part)
		if at < 0 {
			return false
		}
		got = got[at+len(part):]
	}
	return ok && got == ""
}

// linesOf are the lines of what was printed; blank ones at the end do not count.
func linesOf(s string) []string {
	s = strings.TrimRight(s, "\n")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// TestReadme runs what README.md shows, in order, in one folder, as a reader
// would. What is shown is all that comes out, on either stream; a command that
// is shown to print what it prints may end with any code but that of a crash.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if errors.Is(err, os.ErrNotExist) {
		t.Fatal("there is no README.md")
	}
	if err != nil {
		t.Fatal(err)
	}
	all, err := steps(string(text), func(program string) bool { _, err := exec.LookPath(program); return err == nil })
	if err != nil {
		t.Fatalf("README.md: %v", err)
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh to type the commands into")
	}
	work := t.TempDir()
	env, err := scriptSetup(work)
	if err != nil {
		t.Fatal(err)
	}
	at := work
	for _, s := range all {
		out, err := typed(s, &at, env, work)
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || !s.shown) {
			t.Fatalf("README.md:%d: %s: %v\n%s", s.line, s.command, err, out)
		}
		if strings.Contains(string(out), "goroutine ") || strings.Contains(string(out), "not found") && exit != nil && exit.ExitCode() == 127 {
			t.Fatalf("README.md:%d: %s:\n%s", s.line, s.command, out)
		}
		if want, got := linesOf(strings.Join(s.want, "\n")), linesOf(string(out)); s.shown && !fits(want, got) {
			t.Errorf("README.md:%d: %s (-shown +printed)\n%s", s.line, s.command, cmp.Diff(want, got))
		}
	}
}

// typed runs one step where the one before left off. In an sh block every command counts.
func typed(s step, at *string, env []string, work string) ([]byte, error) {
	place := filepath.Join(work, ".place")
	head := ""
	if !s.shown {
		head = "set -e\n"
	}
	c := exec.Command("sh", "-c", "trap 'pwd > \""+place+"\"' EXIT\n"+head+s.command)
	c.Dir, c.Env = *at, append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	if b, readErr := os.ReadFile(place); readErr == nil {
		*at = strings.TrimSpace(string(b))
	}
	return out, err
}

// TestStepsOfADocument: what is read from a document is what is meant.
func TestStepsOfADocument(t *testing.T) {
	doc := "# Title\n\n```console\n$ one\na\n...\n$ two \\\n>   more\n```\n\n" +
		"<!-- needs ab -->\n```sh\nskipped\n```\n\n```sh\nthree\nfour\n```\n\n<!-- needs ab -->\n\ntext\n\n```console\n$ five\n```\n\n```yaml\n$ no\n```\n"
	got, err := steps(doc, func(string) bool { return false })
	want := []step{
		{line: 4, command: "one", want: []string{"a", "..."}, shown: true},
		{line: 7, command: "two \\\n  more", shown: true},
		{line: 17, command: "three\nfour"},
		{line: 26, command: "five", shown: true},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(step{})); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	for _, bad := range []string{"```console\nprinted\n```\n", "```sh\nnever closed\n"} {
		if _, err := steps(bad, func(string) bool { return true }); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestFits(t *testing.T) {
	cases := []struct {
		want, got string
		fits      bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "", false}, {"a\nb", "a\nb", true}, {"a\nb", "a", false},
		{"...", "", true}, {"...", "a\nb", true}, {"a\n...", "a", true}, {"a\n...\nc", "a\nb\nb\nc", true},
		{"a\n...\nc", "a\nb", false}, {"...\nc", "c\nd\nc", true}, {"...\nc\n...", "a\nc", true}, {"a ", "a", true}, {"a ... c", "a b c", true}, {"a ... c", "a b", false}, {"a...", "a", true}, {"a...b...c", "aXbYbZc", true}, {"...c", "abc", true}, {"a...", "b", false}, {"a", "ab", false},
	}
	for _, c := range cases {
		if got := fits(linesOf(c.want), linesOf(c.got)); got != c.fits {
			t.Errorf("fits(%q, %q) is %t", c.want, c.got, got)
		}
	}
}
