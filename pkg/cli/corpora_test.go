package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/term"
)

// validated runs validate over a folder as a person would, without a history.
func validateFolder(t *testing.T, dir string, args ...string) (code int, said string) {
	t.Helper()
	var out, talk bytes.Buffer
	e := &Env{Streams: &term.Streams{In: strings.NewReader(""), Out: &out, Err: &talk, Width: 80},
		Args: append([]string{"validate"}, args...), Getenv: func(string) string { return "" }, Dir: dir, Version: "test", Now: func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }}
	code = Main(e)
	// How many rules there are is no business of a corpus.
	n := fmt.Sprintf("by %d rules", len(rules.All()))
	return code, strings.ReplaceAll(out.String()+talk.String(), n, "by all rules")
}

// subfolders lists the folders of a corpus; a corpus that was not found is a fault.
func subfolders(t *testing.T, corpus string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("..", "..", "testdata", corpus))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		t.Fatalf("testdata/%s is empty", corpus)
	}
	return names
}

// TestOKFolders: nothing is found in a folder of testdata/ok, but for what is owed in
// one that has an .out file beside it.
func TestOKFolders(t *testing.T) {
	for _, name := range subfolders(t, "ok") {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "..", "testdata", "ok", name)
			code, said := validateFolder(t, dir)
			owed, err := os.ReadFile(dir + ".out")
			if err == nil && *update {
				owed, err = []byte(said), os.WriteFile(dir+".out", []byte(said), 0o666)
			}
			if code != exitFine || err == nil && said != string(owed) || err != nil && !strings.HasSuffix(said, ": no fault.\n") {
				t.Errorf("exit code %d:\n%s", code, said)
			}
		})
	}
}

// TestBadFolders: every folder of testdata/bad is laid over testdata/ok/school
// (a file GONE in it names what is taken away), and validate says of it, to the
// letter, what the .out file beside it says, and nothing of what is written there.
func TestBadFolders(t *testing.T) {
	bad := filepath.Join("..", "..", "testdata", "bad")
	names := subfolders(t, "bad")
	if len(names) < 30 {
		t.Errorf("only %d bad folders; one was lost", len(names))
	}
	outs, err := filepath.Glob(filepath.Join(bad, "*.out"))
	if err != nil || !*update && len(outs) != len(names) {
		t.Errorf("%d .out files for %d folders (%v)", len(outs), len(names), err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			dir := layOver(t, filepath.Join(bad, name))
			code, said := validateFolder(t, dir)
			if strings.Contains(said, dir) {
				t.Error("the folder's own place on the disk is told")
			}
			golden := filepath.Join(bad, name+".out")
			said = "exit code " + string(rune('0'+code)) + "\n" + said
			if *update {
				if err := os.WriteFile(golden, []byte(said), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), said); diff != "" {
				t.Errorf("if the change is meant: go test ./pkg/cli -run BadFolders -update (-have +made)\n%s", diff)
			}
			if code == exitFine && !strings.Contains(said, "warning: ") && !strings.Contains(said, "advice: ") {
				t.Error("nothing was found")
			}
			for _, word := range []string{"Zebedee", "Quillfeather", "Ottoline", "Marchbanks", "Adelaide", "library", "quiet table", "\x1b"} {
				if strings.Contains(said, word) {
					t.Errorf("%q is told", word)
				}
			}
		})
	}
}

// layOver makes the sound school with a bad folder's files in place of its own.
func layOver(t *testing.T, over string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "ok", "school"))); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(over, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(over, p)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if rel == "GONE" {
			for line := range strings.Lines(string(b)) {
				if err := os.RemoveAll(filepath.Join(dir, filepath.FromSlash(strings.TrimSpace(line)))); err != nil {
					return err
				}
			}
			return nil
		}
		to := filepath.Join(dir, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestBadFoldersCoverTheRules: every rule of a record has a bad folder that it
// alone or with others finds.
func TestBadFoldersCoverTheRules(t *testing.T) {
	outs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "bad", "*.out"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, p := range outs {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			line = strings.TrimSpace(line)
			if i := strings.LastIndex(line, " ["); i >= 0 && strings.HasSuffix(line, "]") {
				found[line[i+2:len(line)-1]] = true
			}
		}
	}
	for _, want := range []string{"cycle-open", "dates-in-order", "file", "file-name", "file-owner", "format", "gate", "keys", "missing", "pathway",
		"references", "sealed", "shape", "unknown-key", "stage-moves"} {
		if !found[want] {
			t.Errorf("no bad folder is found by %q; there are: %v", want, slices.Sorted(maps.Keys(found)))
		}
	}
}
