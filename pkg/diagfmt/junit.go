package diagfmt

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// JUnit writes findings as test results, in the XML that began with Ant's JUnit task and
// that every CI counts. Each of opt.Files is a test, and so is whatever else a finding
// names; it failed when a finding in it is as grave as opt.FailOn. The failure tells all
// of those, and what is less grave is what the test printed. No value of the record is
// printed, whatever opt.ShowValues says.
//
// There is no time in it, so that the same findings are the same bytes.
func JUnit(w io.Writer, fs []diag.Finding, opt Options) error {
	type failure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	type testCase struct {
		Name    string   `xml:"name,attr"`
		Class   string   `xml:"classname,attr"`
		Failure *failure `xml:"failure"`
		Out     string   `xml:"system-out,omitempty"`
	}
	type suite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	least := opt.FailOn
	if least == 0 {
		least = diag.Error
	}
	of := map[string][]diag.Finding{}
	names := slices.Clone(opt.Files)
	for _, f := range fs {
		of[f.File] = append(of[f.File], f)
		names = append(names, f.File)
	}
	slices.Sort(names)
	s := suite{Name: "sendctl validate"}
	for _, name := range slices.Compact(names) {
		c := testCase{Name: visible(name), Class: className(name)}
		if name == "" {
			c.Name = "the record folder"
		}
		var failed, other []diag.Finding
		for _, f := range of[name] {
			if f.Severity <= least {
				failed = append(failed, f)
			} else {
				other = append(other, f)
			}
		}
		var err error
		if len(failed) > 0 {
			s.Failures++
			gravest := failed[0]
			for _, f := range failed {
				if f.Severity < gravest.Severity {
					gravest = f
				}
			}
			says := visible(gravest.Message)
			if n := len(failed) - 1; n > 0 {
				says = fmt.Sprintf("%s, and %d more", says, n)
			}
			c.Failure = &failure{Message: says, Type: cmp.Or(visible(gravest.Rule), "sendctl")}
			c.Failure.Text, err = plainly(failed)
		}
		if err == nil {
			c.Out, err = plainly(other)
		}
		if err != nil {
			return fmt.Errorf("write findings as JUnit: %w", err)
		}
		s.Cases = append(s.Cases, c)
	}
	s.Tests = len(s.Cases)
	out := struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Suites   []suite  `xml:"testsuite"`
	}{Name: "sendctl", Tests: s.Tests, Failures: s.Failures, Suites: []suite{s}}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write findings as JUnit: %w", err)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// className is a file's folder in the shape in which a CI groups tests.
func className(file string) string {
	dir := path.Dir(file)
	if dir == "." {
		return "folder"
	}
	return visible(strings.ReplaceAll(dir, "/", "."))
}

// plainly is findings as text without values or lines of the files.
func plainly(fs []diag.Finding) (string, error) {
	var b strings.Builder
	err := Text(&b, fs, Options{})
	return b.String(), err
}
