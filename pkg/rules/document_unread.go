package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// documentUnread is about those closest to the learner; `due` lists everybody it is
// shared with. Who made it or agreed it knows what it says.
var documentUnread = Rule{
	Name: "document-unread", ID: "SEN710", Severity: diag.Warning,
	About:  "The teacher and key adults have read the current passport or profile.",
	Source: "Code of Practice, chapter 6 (plan); Northumberland graduated approach, 2018",
	check: func(l *look) {
		team := l.record.Learner.Value.Team
		for _, p := range papers(l.record) {
			if len(p.agreed) == 0 || !l.tells() {
				continue
			}
			var waits []string
			for _, id := range append([]string{team.ResponsibleTeacher}, team.KeyAdults...) {
				read := slices.ContainsFunc(l.record.Readings.Value.Readings, func(x learner.Reading) bool {
					return x.Document == p.kind && x.Version == p.version && x.Who == id
				})
				if _, known := l.folder.Person(id); known && !read && !slices.Contains(p.makers(), id) && !slices.Contains(waits, id) {
					waits = append(waits, id)
				}
			}
			since := p.made
			for _, a := range p.agreed {
				if a.Date.After(since) {
					since = a.Date
				}
			}
			if len(waits) > 0 && l.afterSchoolDays(since, l.limit("reading-days")) {
				l.find(p.doc, thereOr(p.doc, "shared_with", "version"), "the adults closest to the learner have not all read this version of the "+p.words,
					"share it with them; once read: sendctl "+p.kind+" "+l.record.ID+" read --by "+strings.Join(waits, ","))
			}
		}
	},
}
