package rules

import "github.com/sendctl/sendctl/pkg/diag"

// duplicateLearner: sex is left out of what is compared, since it is often not filled
// in yet where a child is entered a second time. Two with one UPN are told elsewhere.
var duplicateLearner = Rule{
	Name: "duplicate-learner", ID: "SEN314", Severity: diag.Warning, Whole: true,
	About:  "No two records look like those of one child: the same legal name and date of birth, or the UPN of one as the former UPN of the other.",
	Source: "DfE census rule 1620",
	check: func(l *look) {
		told := map[[2]string]bool{}
		upns, people := map[string]Facts{}, map[string]Facts{}
		for _, f := range l.facts {
			if o, ok := people[f.Person.Hash]; ok && f.Person.Hash != "" {
				told[[2]string{o.Learner, f.Learner}] = true
				if f.UPN.Hash == "" || f.UPN.Hash != o.UPN.Hash {
					l.both(f.Learner, f.Person, o.Learner, o.Person, "another learner has this legal name and this date of birth: it may be one child kept twice",
						"compare both with the school's own system; where it is one child, keep one record")
				}
			} else if f.Person.Hash != "" {
				people[f.Person.Hash] = f
			}
			if f.UPN.Hash != "" {
				upns[f.UPN.Hash] = f
			}
		}
		for _, f := range l.facts {
			o, ok := upns[f.FormerUPN.Hash]
			if !ok || f.FormerUPN.Hash == "" || o.Learner == f.Learner || told[[2]string{o.Learner, f.Learner}] || told[[2]string{f.Learner, o.Learner}] {
				continue
			}
			l.both(f.Learner, f.FormerUPN, o.Learner, o.UPN, "this former UPN is the UPN of another learner: it may be one child kept twice",
				"compare both with the school's own system; where it is one child, keep one record")
		}
	},
}
