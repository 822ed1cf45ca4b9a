package diagfmt

import "github.com/sendctl/sendctl/pkg/diag"

// Options says how findings are printed. The zero Options print them plainly,
// without the lines they speak of.
type Options struct {
	// ShowValues prints what the record says. Only for the eyes of the person at
	// this terminal; never in a log.
	ShowValues bool
	// Color marks text that belongs to a finding of the severity; nil leaves it plain.
	Color func(diag.Severity, string) string
	// Sources gives the bytes of a file by the name findings have for it, nil when
	// there are none. It is asked once for each run of findings in one file.
	Sources func(file string) []byte
	// Known reports whether a word is a key of some record file. In a masked line
	// such keys are shown, and those the finding's path names; anything else that
	// looks like a key may be somebody's words. May be nil.
	Known func(key string) bool
}

// Summary counts what a run found. More counts may be added to it.
type Summary struct {
	Files    int `json:"files"` // files checked; the caller knows
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Advice   int `json:"advice"`
	Info     int `json:"info"`
}

// Count gives the summary of findings in a number of files checked.
func Count(fs []diag.Finding, files int) Summary {
	s := Summary{Files: files}
	for _, f := range fs {
		switch f.Severity {
		case diag.Error:
			s.Errors++
		case diag.Warning:
			s.Warnings++
		case diag.Advice:
			s.Advice++
		case diag.Info:
			s.Info++
		}
	}
	return s
}
