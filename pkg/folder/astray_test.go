package folder_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/diag"
)

// What lies where nothing is read is told with where it belongs; what is meant as part of
// the record weighs as an error.
func TestAstray(t *testing.T) {
	const jude = "learners/jv6fpqgg"
	for _, tt := range []struct {
		put    string
		holds  string
		at     string // of the finding
		weight diag.Severity
		hint   string
	}{
		{jude + "/cycles/x.yaml.txt", "x", jude + "/cycles/x.yaml.txt", diag.Error, "take the .txt off"},
		{jude + "/identity.YAML.TXT", "x", jude + "/identity.YAML.TXT", diag.Error, "take the .txt off"},
		{jude + "/cycles/x.yml", "x", jude + "/cycles/x.yml", diag.Error, "all end in .yaml"},
		{jude + "/cycles/notes.md", "x", jude + "/cycles/notes.md", diag.Warning, "files here end in .yaml and lie directly in cycles/"},
		{jude + "/cycles/2026/x.yaml", "torn: [", jude + "/cycles/2026", diag.Error, "files here end in .yaml and lie directly in cycles/"},
		{jude + "/cycles/2026/deep/x.yml", "x", jude + "/cycles/2026", diag.Error, "lie directly in cycles/"},
		{jude + "/cycles/2026/notes.md", "x", jude + "/cycles/2026", diag.Warning, "lie directly in cycles/"},
		{jude + "/seals/2026/notes.md", "x", jude + "/seals/2026", diag.Warning, "files here end in .seal and lie directly in seals/"},
		{jude + "/cycle/x.yaml", "format: cycle/v1\n", jude + "/cycle", diag.Error, "did you mean cycles/?"},
		{jude + "/cycle/x.md", "x", jude + "/cycle", diag.Warning, "did you mean cycles/?"},
		{jude + "/Cycles/x.yaml", "x", jude + "/Cycles", diag.Error, "in small letters: cycles"},
		{jude + "/old/x.yaml", "format: cycle/v1\n", jude + "/old", diag.Error, "attachments/"},
		{jude + "/old/x.yaml", "a: pipeline\n", jude + "/old", diag.Warning, "attachments/"},
		{jude + "/note.txt", "x", jude + "/note.txt", diag.Warning, "reports and pictures go under attachments/"},
		{jude + "/learner.yaml~", "x", jude + "/learner.yaml~", diag.Warning, "looks like a copy"},
		{jude + "/learner (1).yaml", "x", jude + "/learner (1).yaml", diag.Error, "looks like a copy"},
		{"learners/x.yaml", "x", "learners/x.yaml", diag.Error, "into the folder of its learner"},
		{"learners/JV6FPQGG/x.yaml", "x", "learners/JV6FPQGG", diag.Error, "in small letters: jv6fpqgg"},
		{"learners/Jude/x.yaml", "x", "learners/Jude", diag.Error, "eight letters and digits"},
	} {
		disk := school(t)
		disk[tt.put] = &fstest.MapFile{Data: []byte(tt.holds)}
		f := open(t, disk)
		r, err := f.Load("jv6fpqgg")
		if err != nil {
			t.Fatal(err)
		}
		got := append(r.Findings, f.Strays()...)
		if len(got) != 1 || got[0].File != tt.at || got[0].Severity != tt.weight || !strings.Contains(got[0].Hint, tt.hint) {
			t.Errorf("%s: %+v", tt.put, got)
			continue
		}
		if folder := tt.put != tt.at; folder == strings.Contains(got[0].Message, "file") {
			t.Errorf("%s: %s", tt.put, got[0].Message)
		}
	}
}

// A file of another kind is told where that kind lies.
func TestBelongs(t *testing.T) {
	const jude = "learners/jv6fpqgg/"
	disk := school(t)
	cycle := disk[jude+"cycles/2025-11-28-initial-concerns-nrdv.yaml"].Data
	for _, tt := range []struct {
		at   string
		data []byte
		want string
	}{
		{jude + "advice/2026-01-01-aaaa.yaml", cycle, "belongs in cycles/ of the learner's folder"},
		{jude + "contacts.yaml", cycle, "belongs in cycles/ of the learner's folder"},
		{jude + "requests/2026-01-01-cosa-aaaa.yaml", []byte("format: letter/v1\n"), "belongs in requests/ of the learner's folder, under a name that ends in -letter-ID.yaml"},
		{jude + "passport.yaml", []byte("format: learner/v1\n"), "belongs in learner.yaml of"},
		{jude + "advice/2026-01-01-aaaa.yaml", bytes.Replace(cycle, []byte("cycle/v1"), []byte("cycles/v1"), 1), "write as the first line: format: advice/v1"},
		{jude + "advice/2026-01-01-aaaa.yaml", []byte("x: 1\n"), "write as the first line: format: advice/v1"},
	} {
		disk := school(t)
		disk[tt.at] = &fstest.MapFile{Data: tt.data}
		r, err := open(t, disk).Load("jv6fpqgg")
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) != 1 || r.Findings[0].Rule != "format" || !strings.Contains(r.Findings[0].Hint, tt.want) {
			t.Errorf("%s: %+v", tt.at, r.Findings)
		}
	}
}
