package rules

import "github.com/sendctl/sendctl/pkg/diag"

// protectionDetail: what is said of a child's safety has a system, and readers, of its
// own.
var protectionDetail = Rule{
	Name: "protection-detail", ID: "SEN1505", Severity: diag.Warning,
	About:  "No file of the record tells of a child-protection matter; learner.yaml only points to the safeguarding system.",
	Source: "Keeping children safe in education (child-protection files are kept apart); UK GDPR, article 9",
	check: func(l *look) {
		told := phrasesOf("child-protection")
		for _, d := range l.written() {
			for _, v := range d.texts {
				if told.in(v.Value) {
					l.find(d.doc, d.place(v), "this seems to tell of a child-protection matter, which belongs in the safeguarding system",
						"move it there, and set safeguarding.see_other_system: true in learner.yaml; "+l.instead(d.doc, "take it out here"))
				}
			}
		}
	},
}
