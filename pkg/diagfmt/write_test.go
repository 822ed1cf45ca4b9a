package diagfmt

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/diag"
)

type fataler interface{ Fatal(...any) }

func written(t fataler, format string, fs []diag.Finding, opt Options) string {
	var b bytes.Buffer
	if err := Write(&b, format, fs, Count(fs, len(opt.Files)), opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// fullOptions have all that a format can make use of.
func fullOptions() Options {
	return Options{
		Sources: sources, Known: keys, Files: []string{"sendctl.yaml", cycleFile, "people.yaml"}, Within: "pupils/2025 26", Version: "1.2.3",
		Rules: []Rule{
			{Name: "result-number", ID: "SEN601", Severity: diag.Error, About: "a result is a number", Source: "Code of Practice, chapter 6", Help: "Why it matters.\n\n## Put it right"},
			{Name: "applies", ID: "SEN602", Severity: diag.Warning, About: "A cause applies or does not."},
			{Name: "because-short", ID: "SEN603", Severity: diag.Advice, About: "reasons are short", Help: "Short."},
		},
	}
}

// odd draws findings with anything in them that a folder, its file names and its keys
// could bring about.
func odd(t *rapid.T) []diag.Finding {
	text := rapid.OneOf(
		rapid.StringOf(rapid.RuneFrom([]rune("a:, %0Ae=\x1b\u009b\u202e\u2028\u200b\n\r\t\"'[x](1){0}]]><&;\x00\ufffe\U000e0041é家"))),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(t, "bytes")) }),
		rapid.SampledFrom([]string{"", "learners/bk7m2xqt/learner.yaml", "sendctl.yaml", "plan.targets[0].due", "result-number", "::error::x", "##[error]x", "::"}))
	place := func() diag.Span {
		n := rapid.IntRange(-1, 5)
		return diag.Span{Start: diag.Pos{Line: n.Draw(t, "line"), Col: n.Draw(t, "col")}, End: diag.Pos{Line: n.Draw(t, "end line"), Col: n.Draw(t, "end col")}}
	}
	var out []diag.Finding
	for range rapid.IntRange(0, 6).Draw(t, "findings") {
		f := diag.Finding{
			Rule: text.Draw(t, "rule"), Severity: diag.Severity(rapid.IntRange(0, 4).Draw(t, "severity")), File: text.Draw(t, "file"), Path: text.Draw(t, "path"),
			Span: place(), Message: text.Draw(t, "message"), Hint: text.Draw(t, "hint"), Value: text.Draw(t, "value"),
		}
		for range rapid.IntRange(0, 2).Draw(t, "related") {
			f.Related = append(f.Related, diag.Related{File: text.Draw(t, "file"), Path: text.Draw(t, "path"), Span: place(), Message: text.Draw(t, "message")})
		}
		out = append(out, f)
	}
	return out
}

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("testdata/schemas/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryReportIsOfItsSchema(t *testing.T) {
	sarif, codequality := schema(t, "sarif-2.1.0.json"), schema(t, "gitlab-codequality.json")
	holds := func(t fataler, fs []diag.Finding, opt Options) {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(written(t, "sarif", fs, opt)))
		if err == nil {
			err = sarif.Validate(v)
		}
		if err != nil {
			t.Fatal("sarif", err)
		}
		v, err = jsonschema.UnmarshalJSON(strings.NewReader(written(t, "gitlab", fs, opt)))
		if err != nil {
			t.Fatal("gitlab", err)
		}
		for _, entry := range v.([]any) { // GitLab holds each entry to it, and reads no further than one that fails
			if err := codequality.Validate(entry); err != nil {
				t.Fatal("gitlab", err)
			}
		}
	}
	holds(t, findings(), fullOptions())
	holds(t, nil, Options{})
	rapid.Check(t, func(t *rapid.T) {
		opt := fullOptions()
		opt.ShowValues = rapid.Bool().Draw(t, "show")
		holds(t, odd(t), opt)
	})
	// The schemas do refuse something.
	var v any
	if err := json.Unmarshal([]byte(strings.Replace(written(t, "sarif", findings(), Options{}), `"startLine": 10`, `"startLine": 0`, 1)), &v); err != nil || sarif.Validate(v) == nil {
		t.Error("SARIF with a line 0 is taken", err)
	}
}

// sarifLog is what the tests look at, read by keys that the writer's types know nothing of.
type sarifLog struct {
	Runs []struct {
		ColumnKind string
		Tool       struct {
			Driver struct{ Rules []struct{ ID string } }
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           *struct {
						StartLine, StartColumn, EndLine, EndColumn int
						Snippet                                    struct{ Text string }
					}
				}
			}
			RelatedLocations    []struct{ ID int }
			PartialFingerprints map[string]string
			Properties          map[string]string
		}
	}
}

func TestSARIFPlaces(t *testing.T) {
	opt := fullOptions()
	opt.ShowValues = true
	var log sarifLog
	if err := json.Unmarshal([]byte(written(t, "sarif", findings(), opt)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if run.ColumnKind != "unicodeCodePoints" {
		t.Error("columns count", run.ColumnKind)
	}
	sorted := diag.Sort(findings())
	if len(run.Results) != len(sorted) {
		t.Fatalf("%d results for %d findings", len(run.Results), len(sorted))
	}
	for i, f := range sorted {
		r := run.Results[i]
		if got := run.Tool.Driver.Rules[r.RuleIndex].ID; got != r.RuleID {
			t.Errorf("%s: its index leads to %s", r.RuleID, got)
		}
		if rule, ok := opt.ruleOf(f.Rule); ok && r.RuleID != rule.ID {
			t.Errorf("%s has the id %s, want %s", f.Rule, r.RuleID, rule.ID)
		}
		at := r.Locations[0].PhysicalLocation
		if name, err := url.PathUnescape(at.ArtifactLocation.URI); err != nil || name != strings.TrimSuffix("pupils/2025 26/"+f.File, "/") {
			t.Errorf("%s is at %s: %v", f.File, at.ArtifactLocation.URI, err)
		}
		switch {
		case f.Span.Start.Line == 0 && at.Region != nil:
			t.Errorf("%s is about a whole file and has a region", f.Rule)
		case f.Span.Start.Line == 0 && r.Properties["value"] != f.Value:
			t.Errorf("%s: its value is %q, want %q", f.Rule, r.Properties["value"], f.Value)
		case f.Span.Start.Line > 0 && (at.Region.StartLine != f.Span.Start.Line || at.Region.StartColumn != f.Span.Start.Col):
			t.Errorf("%s is at %+v, want %+v", f.Rule, *at.Region, f.Span)
		case f.Span.Start.Line > 0 && f.Span.End.Col > f.Span.Start.Col && at.Region.EndColumn != f.Span.End.Col:
			t.Errorf("%s ends at %d, want %d", f.Rule, at.Region.EndColumn, f.Span.End.Col)
		case f.Span.Start.Line > 0 && at.Region.Snippet.Text != f.Value:
			t.Errorf("%s: its snippet is %q, want %q", f.Rule, at.Region.Snippet.Text, f.Value)
		}
		if len(r.RelatedLocations) != len(f.Related) {
			t.Errorf("%s has %d related places, want %d", f.Rule, len(r.RelatedLocations), len(f.Related))
		}
	}
}

// What does not count is a suppressed result, and why is told in nobody's words.
func TestSuppressedInReports(t *testing.T) {
	sarif := schema(t, "sarif-2.1.0.json")
	opt := fullOptions()
	fs := findings()
	opt.Suppressed = []diag.Suppressed{
		{Finding: fs[1], How: diag.Waived, By: "eyre", Until: "2026-12-18", Because: "seventeen days", At: &diag.Related{File: "learners/bk7m2xqt/learner.yaml", Span: span(4, 3, 9)}},
		{Finding: fs[3], How: diag.Baseline},
	}
	type results struct {
		Runs []struct {
			Results []struct {
				RuleID       string
				Suppressions []struct {
					Kind, Justification string
					Location            *struct {
						PhysicalLocation struct{ Region struct{ StartLine int } }
					}
				}
			}
		}
	}
	for _, show := range []bool{false, true} {
		opt.ShowValues = show
		text := written(t, "sarif", fs[5:], opt)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err == nil {
			err = sarif.Validate(v)
		}
		if err != nil {
			t.Fatal(err)
		}
		var log results
		if err := json.Unmarshal([]byte(text), &log); err != nil {
			t.Fatal(err)
		}
		got := log.Runs[0].Results
		for i, r := range got {
			if counts := len(r.Suppressions) == 0; counts != (i < len(got)-2) {
				t.Errorf("result %d of %d has the suppressions %v", i, len(got), r.Suppressions)
			}
		}
		waived, known := got[len(got)-2], got[len(got)-1]
		if s := waived.Suppressions[0]; waived.RuleID != "SEN602" || s.Kind != "inSource" || s.Location.PhysicalLocation.Region.StartLine != 4 || strings.Contains(s.Justification, "seventeen") != show {
			t.Errorf("the waived one is %+v", waived)
		}
		if s := known.Suppressions[0]; known.RuleID != "SEN601" || s.Kind != "external" || s.Location != nil {
			t.Errorf("the one of the baseline is %+v", known)
		}
		for _, format := range []string{"json", "ndjson", "sarif"} {
			if got := written(t, format, fs[5:], opt); strings.Contains(got, "seventeen") != show {
				t.Errorf("%s, values shown %v: %s", format, show, got)
			}
		}
		for _, format := range []string{"github", "gitlab", "junit"} {
			if got := written(t, format, fs[5:], opt); strings.Contains(got, "applies") || strings.Contains(got, "seventeen") {
				t.Errorf("%s tells of what does not count: %s", format, got)
			}
		}
	}
}

// SARIF reads marks in messages: a link and a place to be filled in.
func TestSARIFMarks(t *testing.T) {
	tests := []struct{ text, want string }{
		{"plan.targets[0] is late", "plan.targets[0] is late"},
		{"[here](http://x) it is", `\[here\](http://x) it is`},
		{"{0} and {12}", "{{0}} and {{12}}"},
		{"a {word}", "a {word}"},
	}
	for _, tt := range tests {
		if got := sarifPlain(tt.text); got != tt.want {
			t.Errorf("%q is written %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSARIFVersion(t *testing.T) {
	for version, want := range map[string]string{"v0.3.1": "0.3.1", "0.3.1-4-g7db9926": "0.3.1-4-g7db9926", "f5f9bf3-dirty": "0.0.0+f5f9bf3-dirty", "7db9926": "0.0.0+7db9926", "": "0.0.0"} {
		if got := sarifVersion(version); got != want {
			t.Errorf("%q is %q, want %q", version, got, want)
		}
	}
}

// command is a line as GitHub's runner reads it, written from how it does so: the first
// "::" after the one in front ends the properties, which commas part.
type command struct {
	name, data string
	properties map[string]string
}

func readCommand(line string) (command, bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "::")
	info, data, found := strings.Cut(rest, "::")
	if !ok || !found {
		return command{}, false
	}
	name, props, _ := strings.Cut(info, " ")
	c := command{name: name, properties: map[string]string{}}
	for _, p := range strings.Split(strings.TrimSpace(props), ",") {
		if key, value, _ := strings.Cut(p, "="); key != "" && value != "" {
			for _, m := range [][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%3A", ":"}, {"%2C", ","}, {"%25", "%"}} {
				value = strings.ReplaceAll(value, m[0], m[1])
			}
			c.properties[key] = value
		}
	}
	for _, m := range [][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%25", "%"}} {
		data = strings.ReplaceAll(data, m[0], m[1])
	}
	c.data = data
	return c, true
}

// Whatever a file is called, the runner reads as many commands as there are findings,
// each with the properties it was given and no others.
func TestGitHubReadsEachFindingBack(t *testing.T) {
	check := func(t interface {
		Fatal(...any)
		Fatalf(string, ...any)
	}, fs []diag.Finding, opt Options) {
		sorted := diag.Sort(slices.Clone(fs))
		out := written(t, "github", fs, opt)
		lines := strings.Split(out, "\n")
		if len(lines) != len(sorted)+1 {
			t.Fatalf("%d findings in %d lines:\n%s", len(sorted), len(lines)-1, out)
		}
		for i, f := range sorted {
			c, ok := readCommand(lines[i])
			if !ok {
				t.Fatalf("no command: %q", lines[i])
			}
			want := map[diag.Severity]string{diag.Warning: "warning", diag.Advice: "notice", diag.Info: "notice"}[f.Severity]
			if want == "" {
				want = "error"
			}
			if c.name != want {
				t.Fatalf("%q is a %s, want %s", lines[i], c.name, want)
			}
			if !strings.Contains(c.data, visible(f.Message)) {
				t.Fatalf("%q lost its message: %q", f.Message, c.data)
			}
			has := map[string]string{"title": opt.title(f.Rule)}
			if f.File != "" {
				has["file"] = visible(opt.inRepository(f.File))
			}
			got := maps.Clone(c.properties)
			line, col := number(t, got, "line"), number(t, got, "col")
			endLine, endCol := number(t, got, "endLine"), number(t, got, "endColumn")
			if diff := cmp.Diff(has, got); diff != "" {
				t.Fatal(diff)
			}
			if f.File != "" && line != max(f.Span.Start.Line, 0) || endLine < line || endCol < col && endCol != 0 || col > 0 && line != endLine {
				t.Fatalf("%q is at %d:%d-%d:%d, want %+v", lines[i], line, col, endLine, endCol, f.Span)
			}
		}
	}
	check(t, findings(), fullOptions())
	rapid.Check(t, func(t *rapid.T) { check(t, odd(t), fullOptions()) })
}

// number takes a property away and gives its number, 0 where it is not there.
func number(t fataler, from map[string]string, key string) int {
	v, ok := from[key]
	delete(from, key)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatal(key, v, err)
	}
	return n
}

// junitReport is a report as a reader of XML has it.
type junitReport struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Suites   []struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Cases    []struct {
			Name     string `xml:"name,attr"`
			Class    string `xml:"classname,attr"`
			Failures []struct {
				Text string `xml:",chardata"`
			} `xml:"failure"`
			Out string `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func TestJUnitCounts(t *testing.T) {
	files := []string{"a.yaml", "b.yaml", "c.yaml", "a.yaml"}
	fs := []diag.Finding{
		{Rule: "one", Severity: diag.Error, File: "a.yaml", Message: "first"},
		{Rule: "two", Severity: diag.Error, File: "a.yaml", Message: "second"},
		{Rule: "three", Severity: diag.Warning, File: "b.yaml", Message: "third"},
		{Rule: "four", Severity: diag.Advice, File: "b.yaml", Message: "fourth"},
		{Rule: "five", Severity: diag.Error, File: "learners/bk7m2xqt", Message: "fifth"},
	}
	tests := []struct {
		name     string
		failOn   diag.Severity
		failures int
	}{{"errors", 0, 2}, {"errors by name", diag.Error, 2}, {"warnings too", diag.Warning, 3}, {"all", diag.Info, 3}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r junitReport
			if err := xml.Unmarshal([]byte(written(t, "junit", fs, Options{Files: files, FailOn: tt.failOn})), &r); err != nil {
				t.Fatal(err)
			}
			failed := 0
			told := ""
			for _, c := range r.Suites[0].Cases {
				failed += len(c.Failures)
				told += c.Out
				for _, f := range c.Failures {
					told += f.Text
				}
			}
			if len(r.Suites[0].Cases) != 4 || r.Tests != 4 || r.Suites[0].Tests != 4 || r.Failures != tt.failures || r.Suites[0].Failures != tt.failures || failed != tt.failures {
				t.Errorf("%d tests and %d failures, %d cases of which %d failed; want 4 and %d", r.Tests, r.Failures, len(r.Suites[0].Cases), failed, tt.failures)
			}
			for _, f := range fs {
				if strings.Count(told, ": "+f.Message+" [") != 1 {
					t.Errorf("%q is not told once in %q", f.Message, told)
				}
			}
		})
	}
}

func TestJUnitIsSoundXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := odd(t)
		d := xml.NewDecoder(strings.NewReader(written(t, "junit", fs, Options{Files: []string{"sendctl.yaml"}})))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestNDJSONIsOneObjectALine(t *testing.T) {
	fs := diag.Sort(findings())
	lines := strings.Split(strings.TrimSuffix(written(t, "ndjson", fs, Options{}), "\n"), "\n")
	if len(lines) != len(fs)+1 {
		t.Fatalf("%d findings in %d lines", len(fs), len(lines))
	}
	var whole struct{ Findings []any }
	if err := json.Unmarshal([]byte(written(t, "json", fs, Options{})), &whole); err != nil {
		t.Fatal(err)
	}
	for i, l := range lines[:len(fs)] {
		var one any
		if err := json.Unmarshal([]byte(l), &one); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.Findings[i], one); diff != "" {
			t.Error("not what json has:", diff)
		}
	}
	var last struct {
		Format  string
		Summary Summary
	}
	if err := json.Unmarshal([]byte(lines[len(fs)]), &last); err != nil || last.Format != JSONFormat || last.Summary != Count(fs, 0) {
		t.Errorf("the last line is %q: %v", lines[len(fs)], err)
	}
}

// The same findings are the same bytes, in whatever order they were found and however
// often they were told.
func TestTheSameFindingsAreTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := odd(t)
		for i := range fs { // no two that differ in nothing that they are ordered by
			fs[i].Message += strconv.Itoa(i)
		}
		other := rapid.Permutation(fs).Draw(t, "order")
		if len(fs) > 0 {
			other = append(other, other[0])
		}
		before := slices.Clone(other)
		for _, format := range Formats() {
			a, b := written(t, format, fs, fullOptions()), written(t, format, other, fullOptions())
			if format == "json" || format == "ndjson" {
				continue // the summary is the caller's
			}
			if a != b {
				t.Fatalf("%s:\n%s\nand\n%s", format, a, b)
			}
		}
		if diff := cmp.Diff(before, other); diff != "" {
			t.Fatal("the caller's findings were changed:", diff)
		}
	})
}

func TestFingerprintsStay(t *testing.T) {
	fs := []diag.Finding{
		{Rule: "due-late", File: "learners/bk7m2xqt/a.yaml", Path: "plan.targets[0].due", Span: span(10, 1, 5), Message: "is 17 days late", Value: "2026-01-02"},
		{Rule: "due-late", File: "learners/bk7m2xqt/a.yaml", Path: "plan.targets[1].due", Span: span(11, 1, 5), Message: "is 17 days late"},
		{Rule: "due-early", File: "learners/bk7m2xqt/a.yaml", Path: "plan.targets[1].due", Span: span(11, 1, 5), Message: "is early"},
		{Rule: "due-late", File: "learners/jv6fpqgg/a.yaml", Path: "plan.targets[0].due", Span: span(10, 1, 5), Message: "is 17 days late"},
		{Rule: "syntax", File: "learners/jv6fpqgg/a.yaml", Span: span(3, 1, 5), Message: "is a tab"},
		{Rule: "syntax", File: "learners/jv6fpqgg/a.yaml", Span: span(4, 1, 5), Message: "is a tab"},
	}
	was := Fingerprints(fs, Options{})
	if each := slices.Compact(slices.Sorted(slices.Values(was))); len(each) != len(fs) {
		t.Fatalf("%d fingerprints for %d findings", len(each), len(fs))
	}
	for i := range fs { // another day, and a comment on top
		fs[i].Span.Start.Line += 7
		fs[i].Span.End.Line += 7
		fs[i].Message = strings.Replace(fs[i].Message, "17", "18", 1)
		fs[i].Value = "something else"
	}
	if diff := cmp.Diff(was, Fingerprints(fs, Options{})); diff != "" {
		t.Error("they changed with the line, the day or the value:", diff)
	}
	// They are known to others, who compare them from run to run: they may not change.
	if want := "55918189e8184116671aa24fb1370fc4855e87d6"; was[0] != want {
		t.Errorf("the first is %s, want %s", was[0], want)
	}
}

func TestUnknownFormat(t *testing.T) {
	tests := []struct{ typed, want string }{
		{"sarf", `"sarf" is no format of findings; did you mean "sarif"?`},
		{"JUnit", `"JUnit" is no format of findings; did you mean "junit"?`},
		{"pdf", `"pdf" is no format of findings; there are: text, json, ndjson, sarif, github, gitlab, junit`},
		{"a\x1b", `"a\x1b" is no format of findings; there are: text, json, ndjson, sarif, github, gitlab, junit`},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		err := Write(&b, tt.typed, findings(), Summary{}, Options{})
		var unknown *UnknownFormatError
		if !errors.As(err, &unknown) || err.Error() != tt.want || b.Len() > 0 {
			t.Errorf("%s: %v, want %s", tt.typed, err, tt.want)
		}
	}
}
