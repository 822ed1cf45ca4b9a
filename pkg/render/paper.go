package render

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

// RequestFile lays out one request with all that followed on it.
func RequestFile(name string, v report.RequestFile) []Line {
	p := page(Request(name, v.Request))
	p.corrected(v.Corrected)
	return p
}

// LetterFile lays out one letter about a request.
func LetterFile(name string, v report.LetterFile) []Line {
	var p page
	p.tone(Heading, 0, "%s: letter %s about the %s request", name, v.ID, v.KindWords)
	p.letters(report.Request{Letters: []report.RequestLetter{v.RequestLetter}})
	p.aboutRequest(v.About)
	p.corrected(v.Corrected)
	return p
}

// DecisionFile lays out one decision of a panel.
func DecisionFile(name string, v report.DecisionFile) []Line {
	var p page
	p.tone(Heading, 0, "%s: decision %s on the %s request", name, v.ID, v.KindWords)
	p.decision(v.RequestDecision)
	p.aboutRequest(v.About)
	p.corrected(v.Corrected)
	return p
}

// ImpactFile lays out what short-term resource changed.
func ImpactFile(name string, v report.ImpactFile) []Line {
	var p page
	p.tone(Heading, 0, "%s: impact %s of the %s request", name, v.ID, v.KindWords)
	p.impact(v.RequestImpact)
	p.add(2, "Recorded by %s.", v.ByName)
	p.aboutRequest(v.About)
	p.corrected(v.Corrected)
	return p
}

// aboutRequest says of which request this is a part.
func (p *page) aboutRequest(a report.About) {
	p.gap()
	if a.Sent.IsZero() {
		p.add(0, "The request is %s.", a.Request)
		return
	}
	p.add(0, "The request is %s, sent on %s.", a.Request, a.Sent.Long())
}

// Contact lays out one entry of the contact log.
func Contact(name string, v report.ContactEntry) []Line {
	var p page
	p.tone(Heading, 0, "%s: contact log, %s", name, v.ID)
	p.contact(0, v)
	return p
}

// ContactLog lays out the whole contact log, the latest entry first.
func ContactLog(name string, v report.ContactLog) []Line {
	var p page
	p.tone(Heading, 0, "%s: contact log, the latest first", name)
	if len(v.Contacts) == 0 {
		p.add(0, "Nothing is logged yet. To log something: sendctl contact %s", v.ID)
	}
	for _, x := range v.Contacts {
		p.gap()
		p.contact(0, x)
	}
	return p
}

// contact tells one entry of the contact log.
func (p *page) contact(indent int, x report.ContactEntry) {
	if x.Date.IsZero() {
		p.add(indent, "%s is not in the contact log.", x.ID)
		return
	}
	p.add(indent, "%s: %s, %s (%s).", x.Date.Long(), x.HowWords, join("; ", join(" with ", x.ByName, x.WithWords), prefixed("about ", x.Subject())), x.ID)
	for _, l := range x.Lines() {
		p.add(indent+2, "%s", l)
	}
}

// CorrectionFile lays out one correction by itself.
func CorrectionFile(name string, v report.CorrectionFile) []Line {
	var p page
	p.tone(Heading, 0, "%s: the correction of %s (%s)", name, v.Date.Long(), v.ID)
	what := v.Corrects
	if v.CorrectsWords != v.Corrects {
		what = v.CorrectsWords + " (" + v.Corrects + ")"
	}
	p.add(0, "It puts right %s: %s.", what, strings.TrimPrefix(v.Where, "the "))
	p.add(0, "It said %s, and should say %s.", report.OrNothing(v.Was), v.Is)
	p.add(0, "Why: %s", report.Quoted(v.Because))
	p.add(0, "By %s.", v.ByName)
	return p
}
