package rules

import "github.com/sendctl/sendctl/pkg/diag"

// duplicateLearner: sex is left out of what is compared, since it is often not filled
// in yet where a child is entered a second time. Two with one UPN are told elsewhere.
var duplicateLearner = Rule{
	Name: "duplicate-learner", ID: "SEN314", Severity: diag.Warning, Whole: true,
	About:  "No two records look like the same child: the same legal name and date of birth, or one's UPN as the other's former UPN.",
	Source: "DfE census rule 1620",
	check: func(l *look) {
		told := map[[2]string]bool{}
		people := make(map[string]int, len(l.facts)) // the first of each
		upns := map[string]int{}                     // who has it, of those that another one had
		for i := range l.facts {
			f := &l.facts[i]
			if f.FormerUPN.Hash != "" {
				upns[f.FormerUPN.Hash] = -1
			}
			if f.Person.Hash == "" {
				continue
			}
			first, ok := people[f.Person.Hash]
			if !ok {
				people[f.Person.Hash] = i
				continue
			}
			o := &l.facts[first]
			told[[2]string{o.Learner, f.Learner}] = true
			if f.UPN.Hash == "" || f.UPN.Hash != o.UPN.Hash {
				l.both(f.Learner, f.Person, o.Learner, o.Person, "another learner has this legal name and date of birth: they may be one child, entered twice",
					"compare both with the school's own system; if it is one child, keep one record")
			}
		}
		if len(upns) == 0 {
			return
		}
		for i := range l.facts {
			if _, ok := upns[l.facts[i].UPN.Hash]; ok {
				upns[l.facts[i].UPN.Hash] = i
			}
		}
		for i := range l.facts {
			f := &l.facts[i]
			if f.FormerUPN.Hash == "" || upns[f.FormerUPN.Hash] < 0 {
				continue
			}
			o := &l.facts[upns[f.FormerUPN.Hash]]
			if o.Learner == f.Learner || told[[2]string{o.Learner, f.Learner}] || told[[2]string{f.Learner, o.Learner}] {
				continue
			}
			l.both(f.Learner, f.FormerUPN, o.Learner, o.UPN, "this former UPN is another learner's UPN: they may be one child, entered twice",
				"compare both with the school's own system; if it is one child, keep one record")
		}
	},
}
