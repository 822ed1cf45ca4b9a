package diagfmt

import "github.com/sendctl/sendctl/pkg/diag"

// Options says how findings are printed. The zero Options print them plainly,
// without the lines they speak of.
type Options struct {
	// ShowValues prints what the record says. Only for the eyes of the person at
	// this terminal; never in a log. Formats that are Published leave values out all
	// the same.
	ShowValues bool
	// Color marks text that belongs to a finding of the severity; nil leaves it plain. It
	// and Known may be asked by several at once, too.
	Color func(diag.Severity, string) string
	// Sources gives the bytes of a file by the name findings have for it, nil when
	// there are none. It is asked once for each run of findings in one file, and for
	// several files at once.
	Sources func(file string) []byte
	// Known reports whether a word is a key of some record file. In a masked line
	// such keys are shown, and those the finding's path names; anything else that
	// looks like a key may be somebody's words. May be nil.
	Known func(key string) bool
	// Suppressed are findings that do not count, in the order of diag.Sort. text lists
	// those that are waived; json, ndjson and sarif tell of all. Why somebody waived one is their
	// words, and shown only with ShowValues.
	Suppressed []diag.Suppressed
	// Rules are the rules that may have found something, for the formats that carry
	// what a rule is about: sarif, and the titles of github and gitlab. A finding of a
	// rule that is not among them is named by its rule alone.
	Rules []Rule
	// Files are the files that were looked at, as findings name them. junit counts each
	// as a test, those without a fault too.
	Files []string
	// FailOn is the least grave severity that turns a run red; zero is diag.Error. What
	// is less grave is told in junit and is no failure there.
	FailOn diag.Severity
	// Within is where the record folder lies in the repository that a CI shows, as a
	// slash path; "" where they are the same. github, gitlab and sarif need it to find
	// the file; the other formats name files from the record folder.
	Within string
	// Place gives a finding's path in a form that stays when an entry is put in before
	// it, for Fingerprints; nil takes the path as it is. It must hold no value.
	Place func(diag.Finding) string
	// Version is sendctl's own, for sarif.
	Version string
}

// Rule is what a format says of a rule.
type Rule struct {
	Name     string // upn-check-letter, as findings have it
	ID       string // SEN301
	Severity diag.Severity
	About    string // what it demands, one sentence
	Source   string // what it rests on
	Help     string // its page, as Markdown; may be empty
}

// ruleOf finds a rule by the name that findings have for it.
func (o Options) ruleOf(name string) (Rule, bool) {
	for _, r := range o.Rules {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
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
