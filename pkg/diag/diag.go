package diag

import (
	"cmp"
	"slices"
	"strings"
)

// Severity says how much a finding matters. Its zero value is invalid, so that
// a finding nobody graded shows up as a fault of ours.
type Severity uint8

// The severities, gravest first.
const (
	Error Severity = iota + 1
	Warning
	Advice
	Info
)

var severityNames = [...]string{Error: "error", Warning: "warning", Advice: "advice", Info: "info"}

// String gives the word printed for s.
func (s Severity) String() string {
	if s == 0 || int(s) >= len(severityNames) {
		return "invalid"
	}
	return severityNames[s]
}

// MarshalText gives the word, for JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Pos is a place in a text. Line and Col count from 1; Col counts characters,
// not bytes; Offset counts bytes from 0. Line 0 means "the whole file".
type Pos struct {
	Line   int `json:"line"`
	Col    int `json:"column"`
	Offset int `json:"-"`
}

// Span is the text from Start up to, and not including, End.
type Span struct {
	Start Pos `json:"start"`
	End   Pos `json:"end"`
}

// Related is another place that a finding speaks of.
type Related struct {
	File    string `json:"file"`
	Path    string `json:"path,omitempty"`
	Span    Span   `json:"span"`
	Message string `json:"message"`
}

// Excerpt is the line that a finding speaks of, as anyone may see it: with every value
// masked, and no longer than a screen is wide. It has no text where nobody made it.
type Excerpt struct {
	Text string
	// At is how many characters stand before those that are marked, and Width how many
	// these are, 1 or more.
	At, Width int
}

// Finding is one thing found wrong. Message and Hint never hold a value of the
// record: they name ids, keys and places. Value is the text at Span, printed
// only when asked for.
type Finding struct {
	Rule     string    `json:"rule"`
	Severity Severity  `json:"severity"`
	File     string    `json:"file"` // slash-separated, from the root of the record folder
	Path     string    `json:"path,omitempty"`
	Span     Span      `json:"span"`
	Message  string    `json:"message"`
	Hint     string    `json:"hint,omitempty"` // what to type or write next
	Value    string    `json:"-"`
	Excerpt  Excerpt   `json:"-"`
	Lost     string    `json:"-"` // the file or folder that is not there, where that is why File is told of
	Related  []Related `json:"related,omitempty"`
	// Fixable says that `sendctl validate --fix` can put it right by itself.
	Fixable bool `json:"fixable,omitempty"`
}

// Suppressed is a finding that is told and does not count: somebody has decided to live
// with it for a while, or it was there before anyone looked.
type Suppressed struct {
	Finding
	How string `json:"how"` // Waived or Baseline
	// Of a waiver: where it stands, the id of the adult who decided it, and the last day
	// on which it holds (YYYY-MM-DD).
	At    *Related `json:"at,omitempty"`
	By    string   `json:"by,omitempty"`
	Until string   `json:"until,omitempty"`
	// Because is somebody's words, printed only where Finding.Value would be.
	Because string `json:"-"`
}

// How a finding came not to count.
const (
	Waived   = "waived"   // by a waiver of learner.yaml or sendctl.yaml
	Baseline = "baseline" // by the file given with --baseline
)

// Sort orders findings by file, place and rule, and drops doubles: of several
// that say the same about the same place, the gravest stays. It reuses fs.
func Sort(fs []Finding) []Finding {
	if !sorted(fs) { // mostly they are: of records judged one after the other
		slices.SortStableFunc(fs, func(a, b Finding) int { return compare(&a, &b) })
	}
	// Doubles need not be neighbours: another severity may stand between them. But both
	// begin at one place, and at most places only one does.
	type said struct {
		rule, path, message string
		span                Span
	}
	seen := map[said]bool{}
	out := fs[:0]
	for from, to := 0, 0; from < len(fs); from = to {
		for to = from + 1; to < len(fs) && comparePlaces(&fs[from], &fs[to]) == 0; to++ {
		}
		if to == from+1 {
			out = append(out, fs[from])
			continue
		}
		clear(seen)
		for _, f := range fs[from:to] {
			if k := (said{f.Rule, f.Path, f.Message, f.Span}); !seen[k] {
				seen[k] = true
				out = append(out, f)
			}
		}
	}
	clear(fs[len(out):])
	return out
}

func sorted(fs []Finding) bool {
	for i := 1; i < len(fs); i++ {
		if compare(&fs[i-1], &fs[i]) > 0 {
			return false
		}
	}
	return true
}

func compare(a, b *Finding) int {
	if at := comparePlaces(a, b); at != 0 {
		return at
	}
	return cmp.Or(
		cmp.Compare(a.Severity, b.Severity),
		strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Path, b.Path),
		strings.Compare(a.Message, b.Message),
		cmp.Compare(a.Span.End.Line, b.Span.End.Line),
		cmp.Compare(a.Span.End.Col, b.Span.End.Col),
	)
}

// comparePlaces compares where two findings begin.
func comparePlaces(a, b *Finding) int {
	if at := strings.Compare(a.File, b.File); at != 0 {
		return at
	}
	return cmp.Or(cmp.Compare(a.Span.Start.Line, b.Span.Start.Line), cmp.Compare(a.Span.Start.Col, b.Span.Start.Col))
}

// Worst is the gravest severity among fs, or 0 when there is none. A finding
// that nobody graded counts as an Error: it may not pass for nothing.
func Worst(fs []Finding) Severity {
	var worst Severity
	for _, f := range fs {
		s := f.Severity
		if s < Error || s > Info {
			s = Error
		}
		if worst == 0 || s < worst {
			worst = s
		}
	}
	return worst
}
