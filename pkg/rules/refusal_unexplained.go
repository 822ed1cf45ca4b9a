package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
)

// refusalUnexplained: a family that is refused must know why, and how to appeal.
var refusalUnexplained = Rule{
	Name: "refusal-unexplained", ID: "SEN1106", Severity: diag.Warning,
	About:  "When an assessment or a plan is refused, the decision gives the reasons and the day the family was told about mediation and appeal.",
	Source: "Children and Families Act 2014, sections 51 and 52",
	check: func(l *look) {
		if !l.here() {
			return
		}
		for _, x := range l.sentRequests() {
			n := len(x.Decisions)
			if n == 0 || !x.Kind.Statutory() {
				continue
			}
			f := x.Decisions[n-1]
			v, d := f.Value, docOf(f)
			if f.Doc == nil || !refused(v.Result) || !resultOf(x.Kind, v.Result) || l.past(decidedOn(v).AddDays(365)) {
				continue
			}
			id := l.record.ID + " " + shown(v.ID)
			if len(v.Reasons) == 0 && v.Words == "" {
				l.find(d, "result", "this was refused, and no reason is recorded", "add what the letter says: sendctl correct "+id+" words")
			}
			if v.AppealTold.IsZero() {
				l.find(d, "result", "this was refused, and nothing says that the family was told about mediation and appeal", "tell them, and add the day: sendctl correct "+id+" appeal_told")
			}
		}
	},
}

// refused reports whether a result of a request for an assessment is a refusal, as
// `request` takes it too.
func refused(result string) bool {
	return slices.Contains([]string{"declined", "not-agreed", "refused", "no-plan"}, result)
}
