package diagfmt

import (
	"fmt"
	"io"

	"github.com/sendctl/sendctl/pkg/diag"
)

// GitLab writes findings as a code quality report, which GitLab compares between two
// branches by the fingerprints: see Fingerprints. An error is critical there, a warning
// major, advice minor. A finding about a whole file is at its first line, for GitLab
// takes none without a line. No value of the record is printed, whatever opt.ShowValues
// says: a merge request is no place for it.
func GitLab(w io.Writer, fs []diag.Finding, opt Options) error {
	type lines struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		Rule        string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	out := make([]issue, len(fs))
	names := Fingerprints(fs, opt)
	for i, f := range fs {
		severity := "critical"
		switch f.Severity {
		case diag.Warning:
			severity = "major"
		case diag.Advice:
			severity = "minor"
		case diag.Info:
			severity = "info"
		}
		file := opt.inRepository(f.File)
		if file == "" {
			file = "."
		}
		out[i] = issue{told(f), visible(f.Rule), names[i], severity, location{visible(file), lines{max(f.Span.Start.Line, 1)}}}
	}
	if err := writeJSON(w, out); err != nil {
		return fmt.Errorf("write findings for GitLab: %w", err)
	}
	return nil
}
