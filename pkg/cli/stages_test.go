package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/term"
)

// stages runs the page about the stages in a folder, and gives what it printed.
func stages(t *testing.T, dir string, asJSON bool, args ...string) (text string, err error) {
	t.Helper()
	var out, talk bytes.Buffer
	e := &Env{Streams: &term.Streams{In: strings.NewReader(""), Out: &out, Err: &talk, Width: 80}, Getenv: func(string) string { return "" }, Dir: dir, Version: "test"}
	e.flags.json = asJSON
	c := newStagesCmd(e)
	c.SilenceErrors, c.SilenceUsage = true, true
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&talk)
	err = c.Execute()
	return out.String(), err
}

// Where there is no record folder the page is that of the built-in pathway, and
// says so; in a folder it is the folder's own.
func TestStagesPage(t *testing.T) {
	nowhere := t.TempDir()
	text, err := stages(t, nowhere, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"No record folder here", "SEN Support Plan (sen-support-plan, ssp, support-plan)", "Request: COSA (cosa, ehcna)", "Left the setting"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	for i, line := range strings.Split(text, "\n") {
		if n := len([]rune(line)); n > helpWidth {
			t.Errorf("line %d: %d columns: %s", i+1, n, line)
		}
	}
	one, err := stages(t, nowhere, false, "ehcna")
	if err != nil || !strings.Contains(one, "Request: COSA") || strings.Contains(one, "Initial Concerns (") {
		t.Errorf("%v\n%s", err, one)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"sendctl.yaml": "format: setting/v1\nname: Small\npathway: small\nrequire_signatures: false\n",
		"people.yaml":  "format: people/v1\npeople: []\n",
		"pathway.yaml": "format: pathway/v1\nid: small\nversion: 3\ntitle: Small\nstages:\n  - {id: leaf, words: Leaf, cycles: true}\nrequests: []\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err = stages(t, folder, false)
	if err != nil || !strings.Contains(text, "The pathway of this record folder: Small (small/3).") || !strings.Contains(text, "Leaf (leaf)") || strings.Contains(text, "COSA") {
		t.Errorf("%v\n%s", err, text)
	}
	if err := os.WriteFile(filepath.Join(folder, "pathway.yaml"), []byte("format: ["), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := stages(t, folder, false); exitCode(err) != exitFindings {
		t.Errorf("a broken pathway gave %v", err)
	}
}

func TestStagesPageWrongWords(t *testing.T) {
	dir := t.TempDir()
	for typed, want := range map[string]string{"pasport": `did you mean "passport"`, "staar": `did you mean "star"`, "zzz": "no stage or request"} {
		_, err := stages(t, dir, false, typed)
		if exitCode(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", typed, err)
		}
	}
	if _, err := stages(t, dir, false, "passport", "profile"); exitCode(err) != exitUsage {
		t.Errorf("two stages: %v", err)
	}
	if _, err := stages(t, filepath.Join(dir, "gone"), false); exitCode(err) != exitFailed {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestStagesJSON(t *testing.T) {
	text, err := stages(t, t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	var v report.Stages
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	if v.Format != "sendctl-stages/1" || !v.BuiltIn || v.Pathway != ownPathway || len(v.Stages) < 5 || len(v.Requests) < 2 {
		t.Errorf("%+v", v)
	}
}

// The built-in pathway can be read without a fault, and each stage says what
// anyone may expect of it.
func TestOwnPathwayGuidesEveryStage(t *testing.T) {
	p, builtIn, err := (&Env{Streams: &term.Streams{}, Dir: t.TempDir()}).pathway(t.Context())
	if err != nil || !builtIn {
		t.Fatalf("%t, %v", builtIn, err)
	}
	for _, s := range report.StagesOf(p, "", true).Stages {
		if s.Enter == "" || s.Leave == "" || len(s.Holds) == 0 || len(s.TakesPart) == 0 || len(s.Help) == 0 || s.Source == "" {
			t.Errorf("%s: the guide has a gap", s.Stage)
		}
	}
}

// At a terminal of 80 columns the table of what is due fits, whatever is in it.
func TestDueFitsATerminal(t *testing.T) {
	var out bytes.Buffer
	e := &Env{Streams: &term.Streams{In: strings.NewReader(""), Out: &out, Err: &bytes.Buffer{}, OutTTY: true, Width: 80}}
	today := date.MustParse("2026-11-22")
	due := []report.Due{
		{ID: "bk7m2xqt", Name: "Wilhelmina-Charlotte", On: date.MustParse("2026-05-08"), Overdue: 198, WhatWords: "decide whether to assess, and write to the family and the setting", WhoName: "the local authority"},
		{ID: "bk7m2xqt", Name: "Ada", On: date.MustParse("2026-09-22"), Overdue: 61, Waits: true, WhatWords: "passport to look at again", WhoName: "A. Fotheringay-Smythe"},
		{ID: "bk7m2xqt", Name: "Ada", On: date.MustParse("2026-11-23"), Overdue: -1, WhatWords: "review"},
	}
	if err := e.printDue(due, today, 14); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if n := len([]rune(line)); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{"2026-05-08  198 days late  bk7m2xqt", "for 61 days", "tomorrow", "passport to look"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q was cut:\n%s", want, out.String())
		}
	}
}
