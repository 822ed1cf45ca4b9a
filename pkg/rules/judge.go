package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Verdict is what every rule says of one record.
type Verdict struct {
	Findings []diag.Finding
	Facts    Facts
	// Until is the first day on which the same bytes may be judged otherwise: a review
	// falls due, a birthday comes. Zero is never.
	Until date.Date
}

// Judge judges one record by every rule, on a day. Of a sealed file that was changed it
// says that, and nothing that only follows from it.
func Judge(f *folder.Folder, r *folder.Record, day date.Date) Verdict {
	return (&look{folder: f, record: asRead(r)}).judge(day)
}

// Lone judges a record of which one file alone is at hand, and with it what can be said
// of that file by itself. What other rules find, that want the other files, is for the
// caller to leave out.
func Lone(f *folder.Folder, r *folder.Record, day date.Date) Verdict {
	return (&look{folder: f, record: asRead(r), lone: true}).judge(day)
}

func (l *look) judge(day date.Date) Verdict {
	f, r := l.folder, l.record
	found, told := l.every()
	var dropped []diag.Finding // of sealed files that were changed: how
	found = slices.DeleteFunc(found, func(x diag.Finding) bool {
		drop := follows(r, told, x)
		if drop && l.changed[x.File] && breaks(r, &x) {
			dropped = append(dropped, x)
		}
		return drop
	})
	late := NotYet(r, day)
	found = append(found, oneOfMany(late)...)
	l.day, l.byID = day, nameByID
	for rule := range eachRule {
		if rule.Guards || rule.Whole || rule.check == nil {
			continue
		}
		found = append(found, slices.DeleteFunc(onceTold(r, l.by(rule)), func(x diag.Finding) bool {
			drop := told.silent(x)
			if drop && l.changed[x.File] && breaks(r, &x) {
				dropped = append(dropped, x)
			}
			return drop
		})...)
	}
	all := slices.Clone(found)
	found = slices.DeleteFunc(found, func(x diag.Finding) bool { return alsoGiven(all, x) || l.followsFrom(all, &x) })
	found = oneEach(unfinished(found, halfReviews(found), r), l.lacking)
	alsoBroken(found, dropped)
	v := Verdict{Facts: l.factsOf()}
	v.Until = l.until
	if tomorrow := day.AddDays(1); len(late) > 0 && (v.Until.IsZero() || tomorrow.Before(v.Until)) {
		v.Until = tomorrow // what lies ahead today need not then
	}
	unsaid(f, r, found)
	numbered(found)
	v.Findings = diag.Sort(found)
	return v
}

// oneOfMany tells once of a record in which many dates lie ahead: then it is rather today
// that is wrong, the clock of a computer or a --today of long ago.
func oneOfMany(late []diag.Finding) []diag.Finding {
	const many = 6
	if len(late) < many {
		return late
	}
	all := diag.Sort(late)
	one := all[0]
	one.Message = fmt.Sprintf("this and %d more dates of the record lie after the day on which it is judged", len(all)-1)
	one.Hint = "look at the clock of this computer, or at the day after --today; where that is right, one figure of each date is mistyped"
	for _, x := range all[1:min(len(all), 4)] {
		one.Related = append(one.Related, diag.Related{File: x.File, Path: x.Path, Span: x.Span, Message: "another"})
	}
	return []diag.Finding{one}
}

// Whole judges the folder as a whole on a day, given the facts of every record.
func Whole(f *folder.Folder, facts []Facts, day date.Date) []diag.Finding {
	found := slices.Concat(f.Findings, Pathway(f), Setting(f, day), f.Strays())
	for rule := range eachRule {
		check := rule.setting
		if rule.Whole {
			check = rule.check
		}
		if check != nil {
			l := &look{rule: *rule, folder: f, facts: facts, day: day, byID: nameByID}
			check(l)
			found = append(found, slices.DeleteFunc(l.out, func(x diag.Finding) bool { return x.Path != "" && samePlace(x, f.Findings) })...)
		}
	}
	numbered(found)
	return diag.Sort(found)
}

// numbered says the name of a rule where a waiver bears its number, which is no name in
// form either.
func numbered(found []diag.Finding) {
	for i, x := range found {
		if x.Rule == "shape" && strings.HasPrefix(x.Path, "waivers[") && strings.HasSuffix(x.Path, "].rule") {
			if name := nameByID(x.Value); name != "" {
				found[i].Hint = numberHint + name
			}
		}
	}
}

// reached reports whether a day has come. A rule asks for today by nothing else: so the
// first day on which the answer turns is known, and with it how long a verdict holds.
func (l *look) reached(day date.Date) bool {
	if day.IsZero() || l.day.IsZero() {
		return false
	}
	if !l.day.Before(day) {
		return true
	}
	if l.until.IsZero() || day.Before(l.until) {
		l.until = day
	}
	return false
}

// past reports whether a day is over.
func (l *look) past(day date.Date) bool { return !day.IsZero() && l.reached(day.AddDays(1)) }
