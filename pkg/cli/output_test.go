package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/term"
)

// outputFolder is a record folder in the folder pupils of a git repository, a place
// outside it, and an environment that works in it.
func outputFolder(t *testing.T) (e *Env, out, talk *bytes.Buffer, repository, elsewhere string) {
	t.Helper()
	repository, elsewhere = t.TempDir(), t.TempDir()
	for _, dir := range []string{".git", "pupils/learners", "reports"} {
		if err := os.MkdirAll(filepath.Join(repository, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(repository, "pupils/sendctl.yaml"), []byte("format: setting/v1\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out, talk = &bytes.Buffer{}, &bytes.Buffer{}
	e = &Env{Streams: &term.Streams{In: strings.NewReader(""), Out: out, Err: talk, Width: 80}, Getenv: func(string) string { return "" },
		Dir: filepath.Join(repository, "pupils"), Version: "test"}
	return e, out, talk, repository, elsewhere
}

func outputFindings() []diag.Finding {
	return []diag.Finding{{Rule: "references", Severity: diag.Error, File: "learners/bk7m2xqt/learner.yaml", Path: "class", Message: "leads nowhere", Value: "seventeen"}}
}

func outputsOf(t *testing.T, words ...string) *outputs {
	t.Helper()
	var o outputs
	for _, w := range words {
		if err := o.Set(w); err != nil {
			t.Fatal(err)
		}
	}
	return &o
}

func TestOutputWords(t *testing.T) {
	tests := []struct {
		typed string
		want  output
		err   string
	}{
		{"sarif", output{"sarif", ""}, ""},
		{"sarif:-", output{"sarif", ""}, ""},
		{"sarif:/dev/stdout", output{"sarif", ""}, ""},
		{"junit:a.xml", output{"junit", "a.xml"}, ""},
		{`json:C:\reports\a.json`, output{"json", `C:\reports\a.json`}, ""},
		{"sarif:", output{}, `there is no file after the colon of "sarif:"`},
		{"sarf:a", output{}, `"sarf" is no format of findings; did you mean "sarif"?`},
		{"", output{}, `"" is no format of findings; there are: text, json, ndjson, sarif, github, gitlab, junit`},
		{":a", output{}, `"" is no format of findings; there are: text, json, ndjson, sarif, github, gitlab, junit`},
	}
	for _, tt := range tests {
		var o outputs
		err := o.Set(tt.typed)
		if tt.err != "" {
			if err == nil || err.Error() != tt.err || len(o.list) > 0 {
				t.Errorf("%q: %v, want %s", tt.typed, err, tt.err)
			}
			continue
		}
		if err != nil || len(o.list) != 1 || o.list[0] != tt.want {
			t.Errorf("%q is %v (%v), want %v", tt.typed, o.list, err, tt.want)
		}
	}
}

func TestOutputsThatCannotBe(t *testing.T) {
	e, _, _, repository, elsewhere := outputFolder(t)
	if err := os.Symlink(filepath.Join(repository, "pupils"), filepath.Join(elsewhere, "link")); err != nil {
		t.Skip("no links here:", err)
	}
	if err := os.Symlink(filepath.Join(repository, "pupils/sendctl.yaml"), filepath.Join(elsewhere, "setting")); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(elsewhere, "out")
	tests := []struct {
		name  string
		words []string
		json  bool
		show  bool
		want  string // "" is fine
	}{
		{"none", nil, false, true, ""},
		{"json by the flag", nil, true, true, ""},
		{"json by both", []string{"json"}, true, false, ""},
		{"one of each", []string{"github", "sarif:" + out, "junit:" + out + "2"}, false, false, ""},
		{"json and a file", []string{"sarif:" + out}, true, false, ""},
		{"two on stdout", []string{"sarif", "junit"}, false, false, "sarif and junit cannot both go to stdout"},
		{"two on stdout, one by the flag", []string{"sarif"}, true, false, "json and sarif cannot both go to stdout"},
		{"one twice", []string{"text", "text:-"}, false, false, "both go to stdout"},
		{"two in a file", []string{"sarif:" + out, "json:" + elsewhere + "/./out"}, false, false, "cannot both go to"},
		{"values for all to see", []string{"github"}, false, true, "--show-values does not go with --output github"},
		{"values in a report", []string{"junit:" + out}, false, true, "--show-values does not go with --output junit"},
		{"values in SARIF", []string{"sarif:" + out}, false, true, ""},
		{"no folder", []string{"sarif:nowhere/out"}, false, false, "there is no folder nowhere to write out in"},
		{"a file of the record", []string{"json:sendctl.yaml"}, false, false, "would be a file of the record"},
		{"a file among the record's", []string{"json:learners/out.json"}, false, false, "would be a file of the record"},
		{"the same by a link", []string{"json:" + filepath.Join(elsewhere, "link/people.yaml")}, false, false, "would be a file of the record"},
		{"the file itself behind a link", []string{"json:" + filepath.Join(elsewhere, "setting")}, false, false, "would be a file of the record"},
		{"beside the record", []string{"sarif:findings.sarif", "junit:../reports/junit.xml"}, false, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e.flags.json = tt.json
			err := outputsOf(t, tt.words...).ready(e, tt.show)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || exitCode(err) != exitUsage):
				t.Errorf("%v (code %d), want %s", err, exitCode(err), tt.want)
			}
		})
	}
}

func TestOutputsAreWritten(t *testing.T) {
	e, out, talk, repository, elsewhere := outputFolder(t)
	sarif := filepath.Join(elsewhere, "a.sarif")
	if err := os.WriteFile(sarif, []byte("of last time"), 0o666); err != nil {
		t.Fatal(err)
	}
	fs := outputFindings()
	opt := diagfmt.Options{Files: []string{"sendctl.yaml"}, Color: func(_ diag.Severity, s string) string { return "<" + s + ">" }}
	o := outputsOf(t, "text", "sarif:"+sarif, "junit:../reports/junit.xml", "text:"+filepath.Join(elsewhere, "a.txt"))
	if err := o.write(e, fs, diagfmt.Count(fs, 1), opt, "Checked."); err != nil {
		t.Fatal(err)
	}
	if want := "learners/bk7m2xqt/learner.yaml: <error>: leads nowhere [references]\n  <at class>\n"; out.String() != want {
		t.Errorf("stdout is %q, want %q", out, want)
	}
	if talk.String() != "Checked.\n" {
		t.Errorf("stderr is %q", talk)
	}
	for name, want := range map[string]string{
		sarif: `"uri": "pupils/learners/bk7m2xqt/learner.yaml"`,
		filepath.Join(repository, "reports/junit.xml"): `<testcase name="sendctl.yaml"`,
		filepath.Join(elsewhere, "a.txt"):              "learners/bk7m2xqt/learner.yaml: error: leads nowhere [references]\n  at class\n",
	} {
		b, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s: %v", want, name, err)
		}
	}
	b, _ := os.ReadFile(sarif)
	for _, want := range []string{`"id": "SEN`, `"name": "references"`, `"version": "0.0.0+test"`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %s in the SARIF file", want)
		}
	}
	for _, dir := range []string{elsewhere, filepath.Join(repository, "reports")} {
		if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
			t.Error("left behind:", left)
		}
	}
}

// What lies behind a link is written, as a log that a container hands in; one that leads
// nowhere makes no file.
func TestOutputGoesThroughALink(t *testing.T) {
	e, _, _, _, elsewhere := outputFolder(t)
	log, link, lost := filepath.Join(elsewhere, "log"), filepath.Join(elsewhere, "link"), filepath.Join(elsewhere, "lost")
	if err := os.WriteFile(log, []byte(strings.Repeat("of last time", 1000)), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{link: log, lost: filepath.Join(elsewhere, "nowhere")} {
		if err := os.Symlink(to, name); err != nil {
			t.Skip("no links here:", err)
		}
	}
	fs := outputFindings()
	o := outputsOf(t, "json:"+link)
	if err := errors.Join(o.ready(e, false), o.write(e, fs, diagfmt.Count(fs, 1), diagfmt.Options{}, "")); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != log {
		t.Errorf("the link was replaced: %q, %v", to, err)
	}
	if b, err := os.ReadFile(log); err != nil || !json.Valid(b) {
		t.Errorf("behind the link is %q: %v", b, err)
	}
	o = outputsOf(t, "json:"+lost)
	if err := errors.Join(o.ready(e, false), o.write(e, fs, diagfmt.Count(fs, 1), diagfmt.Options{}, "")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a link that leads nowhere: %v", err)
	}
}

// Several runs may write one report at once: one of them stays, whole.
func TestOutputsAtOnce(t *testing.T) {
	e, _, _, _, elsewhere := outputFolder(t)
	fs := outputFindings()
	name := filepath.Join(elsewhere, "a.json")
	old := filepath.Join(elsewhere, ".a.json.1.part")
	if err := errors.Join(os.WriteFile(old, nil, 0o600), os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour))); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			o := outputsOf(t, "json:"+name)
			if err := o.write(e, fs, diagfmt.Count(fs, 1), diagfmt.Options{}, ""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if b, err := os.ReadFile(name); err != nil || !json.Valid(b) {
		t.Errorf("%q: %v", b, err)
	}
	if left, _ := filepath.Glob(filepath.Join(elsewhere, ".*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

func TestJSONToStdoutStandsAlone(t *testing.T) {
	e, out, talk, _, _ := outputFolder(t)
	e.flags.json = true
	o := outputsOf(t)
	if err := o.write(e, nil, diagfmt.Summary{}, diagfmt.Options{}, "Checked."); err != nil || talk.Len() > 0 || !strings.HasPrefix(out.String(), "{") {
		t.Errorf("%v: %q and %q", err, out, talk)
	}
}

// What cannot be written is an error that scripts can tell from findings; it leaves what
// was there and keeps nothing else from being written.
func TestOutputThatCannotBeWritten(t *testing.T) {
	e, out, _, _, elsewhere := outputFolder(t)
	if err := os.Mkdir(filepath.Join(elsewhere, "taken"), 0o777); err != nil {
		t.Fatal(err)
	}
	fs := outputFindings()
	o := outputsOf(t, "sarif:"+filepath.Join(elsewhere, "taken"), "text", "json:"+filepath.Join(elsewhere, "fine"))
	if err := o.ready(e, false); err != nil {
		t.Fatal(err)
	}
	err := o.write(e, fs, diagfmt.Count(fs, 1), diagfmt.Options{}, "")
	if err == nil || exitCode(err) != exitFailed || !strings.Contains(err.Error(), "write the findings as sarif") {
		t.Errorf("%v has the code %d, want %d", err, exitCode(err), exitFailed)
	}
	if out.Len() == 0 {
		t.Error("nothing on stdout")
	}
	if b, err := os.ReadFile(filepath.Join(elsewhere, "fine")); err != nil || len(b) == 0 {
		t.Error("the other file is not there:", err)
	}
	entries, err := os.ReadDir(elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, x := range entries {
		names = append(names, x.Name())
	}
	if diff := cmp.Diff([]string{"fine", "taken"}, names); diff != "" {
		t.Error(diff)
	}
	e.Out = writerThatFails{}
	if err := outputsOf(t).write(e, fs, diagfmt.Summary{}, diagfmt.Options{}, ""); err == nil {
		t.Error("a stdout that is full is no error")
	}
}

type writerThatFails struct{}

func (writerThatFails) Write([]byte) (int, error) { return 0, errors.New("no space") }
