package cli

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/term"
)

// helpPages renders the help of every command and topic of the real tree, by
// file name.
func helpPages(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	var walk func(c *cobra.Command, words []string)
	walk = func(c *cobra.Command, words []string) {
		var out bytes.Buffer
		e := &Env{Streams: &term.Streams{In: strings.NewReader(""), Out: &out, Err: io.Discard, Width: 80},
			Args: append([]string{"help"}, words...), Getenv: func(string) string { return "" }, Dir: t.TempDir(), Version: "test"}
		if code := Main(e); code != exitFine {
			t.Fatalf("help %v: exit code %d", words, code)
		}
		pages[strings.Join(append([]string{"sendctl"}, words...), "-")+".txt"] = out.String()
		for _, sub := range c.Commands() {
			if sub.Name() != "completion" && !sub.Hidden { // completion is cobra's own
				walk(sub, append(slices.Clone(words), sub.Name()))
			}
		}
	}
	walk(newRoot(&Env{Streams: &term.Streams{}}), nil)
	return pages
}

// TestHelp holds every page of help to testdata/help, so that a change of words
// is seen by whoever reviews it.
func TestHelp(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata", "help")
	pages := helpPages(t)
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for name, text := range pages {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(files(t, dir), pages); diff != "" {
		t.Errorf("help is not what testdata/help says (-have +made); if the change is meant: go test ./pkg/cli -run TestHelp -update\n%s", diff)
	}
}

// TestHelpFitsAndTeaches: no page needs a wide window, and every command shows an
// example and where its exit codes are told.
func TestHelpFitsAndTeaches(t *testing.T) {
	pages := helpPages(t)
	topics := []string{"sendctl-exit-codes.txt", "sendctl-records.txt", "sendctl-environment.txt", "sendctl-json.txt", "sendctl-stages.txt", "sendctl-audit-trail.txt"}
	for _, name := range topics {
		if pages[name] == "" {
			t.Errorf("there is no topic %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		text := pages[name]
		for i, line := range strings.Split(text, "\n") {
			if n := len([]rune(line)); n > helpWidth {
				t.Errorf("%s:%d: %d columns: %s", name, i+1, n, line)
			}
			if strings.TrimRight(line, " \t") != line {
				t.Errorf("%s:%d: ends in a blank", name, i+1)
			}
		}
		if slices.Contains(topics, name) {
			continue
		}
		if !strings.Contains(text, "Exit codes: sendctl help exit-codes") {
			t.Errorf("%s does not say where the exit codes are told", name)
		}
		if name != "sendctl.txt" && !strings.Contains(text, "\nExamples:\n  sendctl ") {
			t.Errorf("%s has no example", name)
		}
	}
}

// TestHelpKnowsEveryExitCode: the page lists exactly the codes there are.
func TestHelpKnowsEveryExitCode(t *testing.T) {
	var listed []string
	for line := range strings.Lines(exitCodes) {
		if f := strings.Fields(line); len(f) > 1 && strings.Trim(f[0], "0123456789") == "" {
			listed = append(listed, f[0])
		}
	}
	if got, want := strings.Join(listed, " "), "0 1 2 3 4 5 6 7 130"; got != want {
		t.Errorf("help exit-codes lists %s, want %s", got, want)
	}
}
