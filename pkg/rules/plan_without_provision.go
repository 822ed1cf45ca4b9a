package rules

import "github.com/sendctl/sendctl/pkg/diag"

// planWithoutProvision: targets and the day of the review are asked for by the shape of
// the file. Where a passport or profile is what is given, teaching may be all there is.
var planWithoutProvision = Rule{
	Name: "plan-without-provision", ID: "SEN608", Severity: diag.Error,
	About:  "A plan says what will be given to reach its targets.",
	Source: "Code of Practice, chapter 6 (plan)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || len(c.Plan.Provision) > 0 {
			return
		}
		stage, _ := l.folder.Pathway.Value.Stage(c.Stage)
		taught := len(c.Plan.Universal) > 0
		if taught && (stage.Document != "" || !l.supportStage(c.Stage)) {
			return
		}
		l.find(d, "plan.targets", "this plan has targets, and nothing is given to reach them", "write plan.provision: what, by whom, how often and for which targets (sendctl edit "+l.record.ID+")")
	},
}
