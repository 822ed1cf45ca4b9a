package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// The rules of waivers judge those of a learner's record and those of the setting alike.

func (l *look) learnersWaivers(visit func(d doc, at string, w learner.Waiver)) {
	eachWaiver(docOf(l.record.Learner), l.record.Learner.Value.Waivers, visit)
}

func (l *look) settingsWaivers(visit func(d doc, at string, w learner.Waiver)) {
	eachWaiver(docOf(l.folder.Setting), l.folder.Setting.Value.Waivers, visit)
}

func eachWaiver(d doc, all []learner.Waiver, visit func(d doc, at string, w learner.Waiver)) {
	for i, w := range all {
		visit(d, fmt.Sprintf("waivers[%d].", i), w)
	}
}

var waiverUnknown = Rule{
	Name: "waiver-unknown", ID: "SEN1608", Severity: diag.Warning,
	About:   "A waiver names a rule that exists, and the adult of people.yaml who decided on it.",
	Source:  "records: everyone can look up what is waived",
	check:   func(l *look) { l.learnersWaivers(l.waiverUnknown) },
	setting: func(l *look) { l.settingsWaivers(l.waiverUnknown) },
}

func (l *look) waiverUnknown(d doc, at string, w learner.Waiver) {
	l.waiverOfNobody(d, at, w)
	if w.Rule == "" {
		return
	}
	names := namesOfRules()
	if slices.Contains(names, w.Rule) {
		return
	}
	hint := "sendctl explain lists the rules"
	if name := l.nameOf(w.Rule); name != "" {
		hint = numberHint + name
	} else if near := nearRules(w.Rule, names); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	l.find(d, at+"rule", "no rule has this name, so this waives nothing", hint)
}

// waiverOfNobody finds one whose maker cannot be asked why. One that came with a record may
// be by an adult of the setting it came from.
func (l *look) waiverOfNobody(d doc, at string, w learner.Waiver) {
	_, known := l.folder.Person(w.By)
	if !known && l.record != nil {
		_, known = l.folder.PersonIn(l.record, w.By)
	}
	if known || w.By == "" || !l.adultsKnown() {
		return
	}
	var adults []string
	for _, p := range l.folder.People.Value.People {
		adults = append(adults, p.ID)
	}
	hint := "write the id of whoever decided; sendctl people lists the adults"
	if near := diag.Suggest(w.By, adults); near != "" {
		hint = "did you mean \"" + near + "\"?"
	}
	l.find(d, at+"by", "this waiver was decided by nobody whom people.yaml has", hint)
}

// nearRules are the rules that a name may mean: the one it is a slip of; else, since the
// first word is what somebody remembers of a rule, those that share it.
func nearRules(name string, names []string) string {
	near := diag.Suggest(name, names)
	first, rest, ok := strings.Cut(name, "-")
	if !ok {
		return inQuotes(near)
	}
	var alike, rests []string
	for _, n := range names {
		if tail, ok := strings.CutPrefix(n, first+"-"); ok {
			alike, rests = append(alike, inQuotes(n)), append(rests, tail)
		}
	}
	slip := diag.Suggest(rest, rests)
	if i := slices.IndexFunc(rests, func(tail string) bool { return len(rest) > 2 && strings.HasPrefix(tail, rest) }); slip == "" && i >= 0 {
		slip = rests[i] // cut short
	}
	if slip != "" {
		return inQuotes(first + "-" + slip)
	}
	if n := len(alike); n > 1 && n <= 6 {
		return strings.Join(alike[:n-1], ", ") + " or " + alike[n-1]
	} else if n == 1 {
		return alike[0]
	}
	return inQuotes(near)
}

func inQuotes(name string) string {
	if name == "" {
		return ""
	}
	return `"` + name + `"`
}

const numberHint = "this is a rule's number; write its name: rule: "

// namesOfRules are the names that a waiver may bear. They are those of the pages, of
// which each rule has one: a rule cannot name All, of which it is one.
var namesOfRules = sync.OnceValue(func() []string {
	var out []string
	files, _ := pages.ReadDir("pages") // it is there: it is built in
	for _, f := range files {
		if name, ok := strings.CutSuffix(f.Name(), ".md"); ok {
			out = append(out, name)
		}
	}
	return out
})

var waiverExpired = Rule{
	Name: "waiver-expired", ID: "SEN1609", Severity: diag.Warning,
	About:   "A waiver that has ended is taken out, or somebody decides again.",
	Source:  "good practice: somebody looks again at what was waived",
	check:   func(l *look) { l.learnersWaivers(l.waiverExpired) },
	setting: func(l *look) { l.settingsWaivers(l.waiverExpired) },
}

func (l *look) waiverExpired(d doc, at string, w learner.Waiver) {
	if !w.Until.Before(w.From) && l.past(w.Until) {
		l.find(d, at+"until", "the last day of this waiver has passed, and what it covered counts again", "put right what it covered and take the waiver out, or decide again with a new from and until")
	}
}

var waiverTooLong = Rule{
	Name: "waiver-too-long", ID: "SEN1610", Severity: diag.Warning,
	About:   "A waiver lasts for a year at most.",
	Source:  "good practice: somebody looks again at what was waived",
	check:   func(l *look) { l.learnersWaivers(l.waiverTooLong) },
	setting: func(l *look) { l.settingsWaivers(l.waiverTooLong) },
}

func (l *look) waiverTooLong(d doc, at string, w learner.Waiver) {
	if w.From.IsZero() || w.Until.IsZero() {
		return
	}
	if months := l.limit("waiver-months"); w.Until.After(monthsAfter(w.From, months)) {
		l.find(d, at+"until", fmt.Sprintf("this waiver lasts for longer than %d months", months), "choose an earlier day, and decide again when it comes")
	}
}
