package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// planWithoutProvision: targets and the day of the review are asked for by the shape of
// the file. Where a passport or profile is what is given, teaching may be all there is.
var planWithoutProvision = Rule{
	Name: "plan-without-provision", ID: "SEN608", Severity: diag.Error,
	About:  "A plan says what will be given to reach its targets.",
	Source: "Code of Practice, chapter 6 (plan)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || len(c.Plan.Provision) > 0 || len(c.Plan.Targets) == 0 {
			return
		}
		stage, _ := l.folder.Pathway.Value.Stage(c.Stage)
		taught := len(c.Plan.Universal) > 0
		if taught && (stage.Document != "" || !l.supportStage(c.Stage)) {
			return
		}
		l.find(d, thereOr(d, "plan.provision", "plan.targets"), "this plan has targets, but no support to reach them", "write plan.provision: what, by whom, how often and for which targets (sendctl edit "+l.record.ID+")")
	},
}

// alsoGiven reports whether a finding of a note, that it names no provision of its plan,
// only follows from there being none. An act that brings that about is refused all the same.
func alsoGiven(found []diag.Finding, x diag.Finding) bool {
	return x.Rule == "references" && strings.HasPrefix(x.Path, "do[") && strings.HasSuffix(x.Path, "].provision") &&
		slices.ContainsFunc(found, func(y diag.Finding) bool { return y.Rule == "plan-without-provision" && y.File == x.File })
}
