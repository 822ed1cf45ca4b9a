package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
)

// responsibleTeacher: that one is named is asked for by the shape of the file, that they
// are in people.yaml by references. Here is only who cannot be.
var responsibleTeacher = Rule{
	Name: "responsible-teacher", ID: "SEN621", Severity: diag.Warning,
	About:  "A teacher or key person of the setting is responsible for the learner's progress, even when others give the support.",
	Source: "Code of Practice, chapters 5 and 6 (the class or subject teacher stays responsible)",
	check: func(l *look) {
		if !l.tells() {
			return
		}
		judge := func(d doc, at, id string) {
			p, ok := l.folder.Person(id)
			switch {
			case !ok:
			case p.Organisation != "":
				l.find(d, at, "the person named as responsible here is from another organisation", "name the class or subject teacher; name others who help under the provision they give")
			case p.Role == "teaching-assistant" || p.Role == "midday-supervisor":
				l.find(d, at, "the person named as responsible here is support staff, not the teacher", "name the class or subject teacher; name the person who gives the support under the provision")
			}
		}
		is := l.record.Learner
		judge(docOf(is), "team.responsible_teacher", is.Value.Team.ResponsibleTeacher)
		if c, d, ok := l.open(); ok && c.ResponsibleTeacher != is.Value.Team.ResponsibleTeacher {
			judge(d, "responsible_teacher", c.ResponsibleTeacher)
		}
	},
}
