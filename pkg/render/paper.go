package render

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/report"
)

// LetterFile lays out one letter about a request.
func LetterFile(name string, v report.LetterFile) []Line {
	var p page
	p.tone(Heading, 0, "%s: the letter of %s about the %s request (%s)", name, v.Date.Long(), v.KindWords, v.ID)
	p.add(0, "%s.", report.Capital(strings.TrimSuffix(v.WhatWords, ".")))
	if v.Reference != "" {
		p.add(0, "Its reference: %s", report.Sentence(v.Reference))
	}
	if v.Words != "" {
		p.add(0, "%s", report.Quoted(v.Words))
	}
	if v.By != "" {
		p.add(0, "Recorded by %s.", v.ByName)
	}
	p.aboutRequest(v.About)
	p.corrected(v.Corrected)
	return p
}

// aboutRequest says of which request this is a part.
func (p *page) aboutRequest(a report.About) {
	if a.Sent.IsZero() {
		p.add(0, "The request is %s.", a.Request)
		return
	}
	p.add(0, "The request is %s, sent on %s.", a.Request, a.Sent.Long())
}

// DecisionFile lays out one decision of a panel.
func DecisionFile(name string, v report.DecisionFile) []Line {
	var p page
	p.tone(Heading, 0, "%s: the panel of %s on the %s request (%s)", name, v.Panel.Long(), v.KindWords, v.ID)
	p.add(0, "The result: %s.", join("; ", v.ResultWords, granted(v.Grants)))
	if v.Words != "" {
		p.add(0, "%s", report.Quoted(v.Words))
	}
	p.list("The reasons", v.ReasonsWords)
	p.list("The conditions", v.Conditions)
	if len(v.Scores) > 0 {
		p.head("The scores")
		for _, x := range v.Scores {
			p.add(2, "%s: %s.", report.Capital(x.CriterionWords), outOfMost(x.Score, x.Of))
		}
		p.add(2, "%s.", join("; ", "Together: "+outOfMost(v.Total, v.TotalOf), prefixed("the second reader's total: ", v.SecondTotal)))
	}
	p.list("The two questions of the law, as the panel answered them", v.LegalWords)
	p.list("What the panel says to the setting", v.Feedback)
	p.list("What would change the decision", v.WouldChange)
	p.head("Who decided")
	p.add(2, "%s.", report.Capital(orNotSaid(join("; ", strings.Join(v.Members, ", "), prefixed("in the chair: ", v.ChairName), prefixed("moderated by ", v.ModeratorName), recused(v.Recused)))))
	if told := join("; ", onDay("the family and the setting were told on ", v.Notified), onDay("and of the right of appeal on ", v.AppealTold)); told != "" {
		p.add(2, "%s.", report.Capital(told))
	}
	p.aboutRequest(v.About)
	p.corrected(v.Corrected)
	return p
}

func granted(m *report.RequestMoney) string {
	if m == nil {
		return ""
	}
	return report.Granted(m.Money, m.From, m.To)
}

func outOfMost(n, of string) string {
	if of == "" {
		return n
	}
	return n + " of " + of
}

func recused(n string) string {
	if n == "" || n == "0" {
		return ""
	}
	return n + " took no part, for a connection with the family or the setting"
}

func onDay(words string, d date.Date) string {
	if d.IsZero() {
		return ""
	}
	return words + d.Long()
}

func orNotSaid(s string) string {
	if s == "" {
		return "not recorded"
	}
	return s
}

// ImpactFile lays out what short-term resource changed.
func ImpactFile(name string, v report.ImpactFile) []Line {
	var p page
	p.tone(Heading, 0, "%s: what the %s request changed, %s (%s)", name, v.KindWords, v.Date.Long(), v.ID)
	for _, o := range v.Outcomes {
		p.add(2, "%s: %s", report.Capital(strings.TrimSuffix(o.Outcome, ".")), report.Sentence(join("; ", beforeAfter(o), o.Words)))
	}
	if v.Verdict != "" {
		p.add(0, "Taken together: %s", report.Quoted(v.Verdict))
	}
	if v.By != "" {
		p.add(0, "Recorded by %s.", v.ByName)
	}
	p.aboutRequest(v.About)
	p.corrected(v.Corrected)
	return p
}

func beforeAfter(o report.RequestOutcome) string {
	switch {
	case o.Before != "" && o.After != "":
		return "from " + o.Before + " to " + o.After
	case o.After != "":
		return "now " + o.After
	case o.Before != "":
		return "it was " + o.Before
	}
	return ""
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
	p.add(indent, "%s: %s, %s (%s).", x.Date.Long(), x.HowWords, join("; ", join(" with ", x.ByName, x.WithWords), prefixed("about ", x.AboutWords)), x.ID)
	if x.Told != "" {
		p.add(indent+2, "They were told: %s", report.Sentence(x.Told))
	}
	if x.Said != "" {
		p.add(indent+2, "They said: %s", report.Quoted(x.Said))
	}
	for _, a := range x.Agreed {
		p.add(indent+2, "It was agreed: %s", report.Sentence(a))
	}
	if x.CopyGiven {
		p.add(indent+2, "They were given a copy.")
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
	p.add(0, "The sealed file says %s, and should say %s.", report.OrNothing(v.Was), v.Is)
	p.add(0, "Why: %s", report.Quoted(v.Because))
	p.add(0, "By %s.", v.ByName)
	return p
}
