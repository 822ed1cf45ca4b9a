package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Retention says until when one record is kept, and why.
type Retention struct {
	ID       string    `json:"id"`
	Name     string    `json:"name,omitempty"`
	State    string    `json:"state"` // a code: due, held, kept, later, unknown
	Born     date.Date `json:"born"`
	Years    int       `json:"years_from_birth,omitempty"`
	Policy   string    `json:"policy,omitempty"` // a code: record, plan, cared-for, handed-over
	Why      string    `json:"why_words"`
	On       date.Date `json:"on"`           // the first day on which it may go, or the day by which it must
	Overdue  int       `json:"overdue_days"` // days since On, negative while there is time
	Held     []Held    `json:"held,omitempty"`
	Handover *Passed   `json:"handover,omitempty"`
	Do       string    `json:"do,omitempty"` // the command to type
}

// The codes of Retention.State.
const (
	RetentionDue     = "due"     // nothing speaks for keeping it
	RetentionHeld    = "held"    // it would be due, and a hold keeps it
	RetentionKept    = "kept"    // handed over, and a copy is kept for a reason, without a day
	RetentionLater   = "later"   // its day has not come
	RetentionUnknown = "unknown" // no day can be counted
)

// RetentionOf counts until when a record is kept, as of today. Only the last setting
// keeps: what was handed over, and answered with a receipt, goes within 15 school
// days; all else some years after birth, as the setting's policy has it.
func RetentionOf(f *folder.Folder, r *folder.Record, today date.Date) Retention {
	s := speaker{f, r}
	v := Retention{ID: r.ID, Name: s.name(), Born: r.Identity.Value.Born, Held: s.held(today), Handover: s.passed(today)}
	if v.Name == v.ID {
		v.Name = ""
	}
	v.Years, v.Policy, v.Why = s.policy()
	switch h := v.Handover; {
	case h != nil && h.Receipt != nil && h.RemoveBy.IsZero():
		v.Policy, v.State = "handed-over", RetentionKept
		v.Why = fmt.Sprintf("handed over to %s on %s, with a receipt; a copy is kept: %s", h.To, h.Date.Long(), Quoted(h.Because))
		v.Do = "sendctl purge " + r.ID
		return v
	case h != nil && h.Receipt != nil:
		v.Policy, v.On = "handed-over", h.RemoveBy
		v.Why = fmt.Sprintf("handed over to %s on %s, with a receipt of %s", h.To, h.Date.Long(), h.Receipt.Date.Long())
	case v.Years == 0:
		v.State, v.Why = RetentionUnknown, "no policy says how long (policies: retention_years_from_birth in sendctl.yaml)"
		return v
	case v.Born.IsZero():
		v.State, v.Why = RetentionUnknown, "the day of birth is not known, so no day can be counted"
		return v
	default:
		v.On = yearsAfter(v.Born, v.Years)
	}
	v.Overdue = v.On.DaysUntil(today)
	switch {
	case v.Overdue < 0:
		v.State = RetentionLater
		if v.Policy == "handed-over" { // "by" that day, and not from it on
			v.State = RetentionDue
		}
	case len(v.Held) > 0:
		v.State = RetentionHeld
	default:
		v.State = RetentionDue
	}
	if len(v.Held) > 0 && v.State == RetentionDue {
		v.State = RetentionHeld
	}
	if len(v.Held) > 0 {
		v.Why += "; held since " + v.Held[0].From.Long() + ": " + Quoted(v.Held[0].Because)
	}
	switch {
	case v.State == RetentionHeld:
		v.Do = "sendctl retention release " + r.ID
	case v.State == RetentionDue && v.Policy != "handed-over" && !left(f, r):
		// Nobody that old is on roll: the years or the birth are mistyped, and nothing may go for that.
		v.State, v.On, v.Overdue = RetentionUnknown, date.Date{}, 0
		v.Why += "; but the learner is still on roll: record that they left, or check the years in sendctl.yaml and the date of birth"
		v.Do = "sendctl show " + r.ID
	case v.State == RetentionDue:
		v.Do = "sendctl purge " + r.ID
	}
	return v
}

// yearsAfter is the anniversary of a birth. Who was born on 29 February has it on
// 1 March of a year without one: no record goes a day too early.
func yearsAfter(born date.Date, years int) date.Date {
	return date.New(born.Year()+years, born.Month(), born.Day())
}

// policy is for how many years after birth the record is kept, by the longest of the
// policies that apply to it.
func (s speaker) policy() (years int, code, words string) {
	own, usual := s.folder.Setting.Value.Policies, s.folder.Pathway.Value.Thresholds
	years, ok := own.RetentionYearsFromBirth.Int()
	if !ok {
		years, _ = usual.RetentionYearsFromBirth.Int()
	}
	code = "record"
	is := s.record.Learner.Value
	why := "an SEN record"
	longer := func(n int, ok bool, c, w string) {
		if ok && n > years {
			years, code, why = n, c, w
		}
	}
	for _, p := range is.SENProvision {
		if p.Code == "E" {
			n, ok := own.RetentionYearsWithPlan.Int()
			longer(n, ok, "plan", "there was an EHC plan")
		}
	}
	if c := is.Characteristics; c != nil && c.CaredFor {
		n, ok := own.RetentionYearsCaredFor.Int()
		longer(n, ok, "cared-for", "the learner was in care")
	}
	return years, code, fmt.Sprintf("%s: kept %s from birth", why, Plural(years, "year", "years"))
}

// SortRetention puts what is longest due first; what has no day comes last.
func SortRetention(all []Retention) {
	slices.SortStableFunc(all, func(a, b Retention) int {
		if a.On.IsZero() != b.On.IsZero() {
			if a.On.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(a.On.Compare(b.On), strings.Compare(a.ID, b.ID))
	})
}
