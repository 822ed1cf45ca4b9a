package rules

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// retentionDue: nothing is kept for ever. `retention due` lists the same records.
var retentionDue = Rule{
	Name: "retention-due", ID: "SEN1507", Severity: diag.Warning,
	About:  "A record is removed when its retention period is over, unless a hold keeps it.",
	Source: "UK GDPR, article 5(1)(e); the years are the setting's policy",
	check: func(l *look) {
		who := l.record.Identity
		if _, _, receipt, ok := l.handover(); ok && receipt {
			return // that copy goes sooner: see copy-kept
		}
		if joined := l.record.Learner.Value.Joined; !joined.IsZero() && joined.Age(who.Value.Born) > l.limit("oldest-age") {
			return // the date of birth is mistyped: see birth-date
		}
		if l.here() {
			return // nothing is removed of somebody on roll: whether the years or the birth are mistyped, that is told
		}
		years, ok := l.yearsKept()
		if ok && years < l.leastKept() {
			return // that is told where the years stand
		}
		if born := who.Value.Born; ok && years > 0 && !born.IsZero() && l.reached(date.New(born.Year()+years, born.Month(), born.Day())) && !l.held() {
			l.find(docOf(who), "born", "the retention period of this record is over, and no hold keeps it", "remove it: sendctl purge "+l.record.ID+"; or say why it stays: sendctl retention hold "+l.record.ID)
		}
	},
}

// yearsKept is for how many years after birth the record is kept, by the longest of the
// policies that apply to it.
func (l *look) yearsKept() (years int, ok bool) {
	own, v := l.folder.Setting.Value.Policies, l.record.Learner.Value
	years, ok = policy(l.folder, "retention-years-from-birth")
	longer := func(n learner.Number) {
		if x, given := n.Int(); given && x > years {
			years, ok = x, true
		}
	}
	for _, p := range v.SENProvision {
		if p.Code == ehcPlan {
			longer(own.RetentionYearsWithPlan)
		}
	}
	if v.Characteristics != nil && v.Characteristics.CaredFor {
		longer(own.RetentionYearsCaredFor)
	}
	return years, ok
}

// leastKept is for how many years after birth a record is kept at least: where a setting
// says fewer, a figure is mistyped. A nursery passes its records on while its children are small.
func (l *look) leastKept() int {
	switch l.folder.Setting.Value.Phase {
	case "early-years", "nursery":
		return 0
	}
	return l.limit("retention-years-least")
}
