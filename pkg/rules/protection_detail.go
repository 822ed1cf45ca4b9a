package rules

import "github.com/sendctl/sendctl/pkg/diag"

// protectionDetail: what is said of a child's safety has a system, and readers, of its
// own.
var protectionDetail = Rule{
	Name: "protection-detail", ID: "SEN1505", Severity: diag.Warning,
	About:   "No file describes a child-protection matter; learner.yaml only points to the safeguarding system.",
	Source:  "Keeping children safe in education (child-protection files are kept apart); UK GDPR, article 9",
	check:   (*look).protectionDetails,
	setting: (*look).protectionDetails,
}

func (l *look) protectionDetails() {
	one, told, who, harm := phrasesOf("child-protection-any"), phrasesOf("child-protection"), phrasesOf("child-protection-who"), phrasesOf("child-protection-harm")
	for d := range l.everywhere {
		for p := range d.passages {
			if one.in(p.words) && (told.in(p.words) || who.in(p.words) && harm.in(p.words)) {
				move := "move it there, and set safeguarding.see_other_system: true in learner.yaml; "
				if l.record == nil {
					move = "move it there; "
				}
				l.findIn(d, p, "this seems to be about child protection, which belongs in the safeguarding system", move+l.instead(d.doc, "take it out here"))
			}
		}
	}
}
