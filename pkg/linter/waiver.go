package linter

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Waivers are those of one file: of learner.yaml for the files of that learner, of
// sendctl.yaml for the files of the folder itself and what only shows in all records
// together.
type Waivers struct {
	Path string // of the file they stand in
	Doc  *yamldoc.Doc
	List []learner.Waiver
}

// WaiversOf are the waivers of a learner's record.
func WaiversOf(f recordfile.File[learner.Learner]) Waivers {
	return Waivers{Path: f.Path, Doc: f.Doc, List: f.Value.Waivers}
}

// WaiversOfSetting are the waivers of the folder itself.
func WaiversOfSetting(f recordfile.File[learner.Setting]) Waivers {
	return Waivers{Path: f.Path, Doc: f.Doc, List: f.Value.Waivers}
}

// Living is what became of findings under waivers.
type Living struct {
	// Left are the findings that still count, with those about the waivers themselves.
	Left []diag.Finding
	// Suppressed are those that a waiver covers on the day.
	Suppressed []diag.Suppressed
	// Until is the first day on which the same findings and waivers come out otherwise;
	// zero is never.
	Until date.Date
}

// Apply parts findings into those that a waiver covers on the day and those that none
// does. All that every rule found of the learner, or of the folder, must be among
// them: a waiver under which nothing is found is told of, since it is no longer needed.
// whole says that the rules of the whole folder were among those.
func (w Waivers) Apply(found []diag.Finding, day date.Date, whole bool) Living {
	if len(w.List) == 0 {
		return Living{Left: found}
	}
	var out Living
	sooner := func(d date.Date) {
		if out.Until.IsZero() || d.Before(out.Until) {
			out.Until = d
		}
	}
	used := make([]bool, len(w.List))
	holds := make([]bool, len(w.List))
	for i, x := range w.List {
		switch {
		case x.From.IsZero() || x.Until.IsZero(): // that was told when the file was read
		case day.Before(x.From):
			sooner(x.From)
		case !day.After(x.Until):
			holds[i] = true
			sooner(x.Until.AddDays(1))
		}
	}
	for _, x := range found {
		at := -1
		for i := range w.List {
			if w.covers(w.List[i], x) {
				used[i] = true
				if at < 0 && holds[i] && waivable(x) {
					at = i
				}
			}
		}
		if at < 0 {
			out.Left = append(out.Left, x)
			continue
		}
		out.Suppressed = append(out.Suppressed, w.suppressed(at, x))
	}
	for i, x := range w.List {
		rule, known := ruleNamed(x.Rule)
		switch {
		case !known: // a rule of its own tells of that
		case never(rule):
			out.Left = append(out.Left, w.told(i, WaiverRefused,
				"this waiver has no effect: what the rule finds makes the record unreadable, untrue or unlawful, and cannot be waived",
				"put right what the rule finds, and take this waiver out"))
		case !holds[i] || used[i]:
		case rule.Whole && path.Dir(w.Path) != ".":
			out.Left = append(out.Left, w.told(i, WaiverUnused, "this waiver has no effect here: the rule judges the folder as a whole", "write it in sendctl.yaml"))
		case !rule.Whole || whole:
			hint := "take this waiver out"
			if path.Dir(w.Path) == "." && !rule.Whole {
				hint += "; one for what is found in a learner's record goes into that learner's learner.yaml"
			}
			out.Left = append(out.Left, w.told(i, WaiverUnused, "this waiver is not needed: the rule finds nothing here any more", hint))
		}
	}
	return out
}

// The names under which waivers themselves are told of here.
const (
	WaiverRefused = "waiver-refused"
	WaiverUnused  = "waiver-unused"
)

// covers reports whether a finding is of the rule and at the place of a waiver. One of
// a learner covers only files of that learner.
func (w Waivers) covers(x learner.Waiver, found diag.Finding) bool {
	if x.Rule != found.Rule {
		return false
	}
	if dir := path.Dir(w.Path); dir != "." && !below(found.File, dir) {
		return false
	}
	if base := strings.TrimSuffix(path.Base(found.File), path.Ext(found.File)); x.File != "" && base != x.File && !strings.HasSuffix(base, "-"+x.File) {
		return false
	}
	rest, ok := strings.CutPrefix(found.Path, x.At)
	return x.At == "" || ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func (w Waivers) suppressed(i int, x diag.Finding) diag.Suppressed {
	by := w.List[i]
	at := w.told(i, "", "", "")
	return diag.Suppressed{
		Finding: x, How: diag.Waived, By: by.By, Until: by.Until.String(), Because: string(by.Because),
		At: &diag.Related{File: at.File, Path: at.Path, Span: at.Span, Message: "the waiver"},
	}
}

// told is a finding about waiver i.
func (w Waivers) told(i int, rule, message, hint string) diag.Finding {
	f := diag.Finding{Rule: rule, Severity: diag.Warning, File: w.Path, Path: fmt.Sprintf("waivers[%d]", i), Message: message, Hint: hint}
	if w.Doc != nil {
		if n := w.Doc.Find(yamldoc.Path{yamldoc.KeyStep("waivers"), yamldoc.IndexStep(i)}); n != nil {
			f.Span = n.Span
		}
	}
	return f
}

// waivable reports whether a finding may be waived at all.
func waivable(x diag.Finding) bool {
	rule, known := ruleNamed(x.Rule)
	if !known || never(rule) {
		return false
	}
	return x.Severity != diag.Error || rule.Group().Name != "protection"
}

// never reports whether nothing that a rule finds may be waived: that a file cannot be
// read, that what it names is not there, or what is plainly wrong from the first day.
func never(r rules.Rule) bool {
	return r.Guards || slices.Contains([]string{"format", "references"}, r.Group().Name)
}

// ruleBook is every rule by its name: each finding asks for its own.
var ruleBook = sync.OnceValue(func() map[string]rules.Rule {
	out := map[string]rules.Rule{}
	for _, r := range rules.All() {
		out[r.Name] = r
	}
	return out
})

func ruleNamed(name string) (rules.Rule, bool) {
	r, ok := ruleBook()[name]
	return r, ok
}
