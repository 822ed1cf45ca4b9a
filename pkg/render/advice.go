package render

import "github.com/sendctl/sendctl/pkg/report"

// Advised lays out all the advice on a learner.
func Advised(v report.Advised) []Line {
	var p page
	if len(v.Advice) == 0 {
		p.add(0, "No advice is recorded for %s. To record some: sendctl advice %s", v.Name, v.Learner)
		return p
	}
	for i, a := range v.Advice {
		if i > 0 {
			p.gap()
		}
		p = append(p, Advice(a)...)
	}
	if v.Open > 0 {
		p.gap()
		p.add(0, "Next: sendctl advice %s act (%s waiting).", v.Learner, number(v.Open))
	}
	return p
}

// Advice lays out one professional's advice in sentences.
func Advice(a report.Advice) []Line {
	var p page
	id := ""
	if a.ID != "" {
		id = "advice " + a.ID
	}
	p.tone(Heading, 0, "%s", join(", ", "The advice of "+a.Date.Long(), a.ByName, id))
	if a.Restricted {
		p.tone(Alarm, 2, "Not for everyone who may read the record.")
	}
	if who := join(", ", a.RoleWords, a.Organisation, a.Qualification); who != "" {
		p.add(2, "%s.", report.Capital(who))
	}
	asked, seen := "", ""
	if !a.Asked.IsZero() {
		asked = "asked " + a.Asked.Long()
	}
	if !a.Seen.IsZero() {
		seen = "seen " + a.Seen.Long()
	}
	if when := join("; ", asked, seen); when != "" {
		p.add(2, "%s.", report.Capital(when))
	}
	if a.Consent == "" {
		p.add(2, "Who agreed to their being asked is not recorded.")
	} else {
		p.add(2, "Agreed to by %s.", a.ConsentName)
	}
	for _, x := range a.Findings {
		p.add(2, "Found: %s", report.Sentence(x))
	}
	if len(a.Findings)+len(a.Scores)+len(a.Recommendations) == 0 {
		p.add(2, "What it found is not noted here.")
	}
	for _, x := range a.Scores {
		p.add(2, "Measured: %s: %s.", x.What, x.Value)
	}
	for _, x := range a.Recommendations {
		p.add(2, "%s. %s", x.ID, report.Sentence(x.Words))
		p.add(6, "%s", came(x))
	}
	if !a.Shared.IsZero() {
		p.add(2, "The parents had it on %s.", a.Shared.Long())
	}
	if !a.ReviewOn.IsZero() {
		p.add(2, "How it went is looked at by %s.", a.ReviewOn.Long())
	}
	return p
}

// came says what came of a recommendation.
func came(x report.Recommended) string {
	switch {
	case x.NotFollowed != "":
		return "Not followed: " + report.Sentence(x.NotFollowed)
	case !x.Done.IsZero() && x.Action == "":
		return "In place since " + x.Done.Long() + "."
	case !x.Done.IsZero():
		return "In place since " + x.Done.Long() + ": " + report.Sentence(x.Action)
	case x.Action != "":
		return "OPEN; decided: " + report.Sentence(x.Action)
	}
	return "OPEN; nothing has come of it yet."
}
