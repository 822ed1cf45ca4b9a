package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/report"
)

// Requests lays out all of a learner's requests: how each stands, what is due, and
// what is missing.
func Requests(who string, all []report.Request) []Line {
	var p page
	if len(all) == 0 {
		p.add(0, "%s: no request.", who)
		return p
	}
	for i, v := range all {
		if i > 0 {
			p.gap()
		}
		p.tone(Heading, 0, "%s: %s request %s, %s", who, v.KindWords, v.ID, v.StateWords)
		p.begun(v)
		if v.Asks != nil {
			p.add(2, "Asks for %s.", moneyFor(v.Asks))
		}
		if v.State == report.RequestDraft {
			p.add(2, "%s.", ready(v))
			for _, x := range v.Readiness {
				if x.State == "missing" {
					p.add(4, "Missing: %s%s (%s)", report.Sentence(x.Words), supply(x), x.Item)
				}
			}
		}
		p.limits(v)
		for _, d := range v.Decisions {
			p.add(2, "Decided on %s: %s.", d.Panel.Long(), join(", ", d.ResultWords, grantWords(d.Grants)))
		}
		if v.Next != "" {
			p.add(2, "Next: %s (%s).", v.Next, v.NextWhy)
		}
	}
	return p
}

// Request lays out one request in full.
func Request(who string, v report.Request) []Line {
	var p page
	p.tone(Heading, 0, "%s: %s request %s, %s", who, v.KindWords, v.ID, v.StateWords)
	p.begun(v)
	p.asks(v)
	p.heard(v)
	p.readiness(v)
	p.index(v)
	p.costs(v)
	if len(v.Limits) > 0 {
		p.head("Time limits")
		p.limits(v)
	}
	p.letters(v)
	for _, d := range v.Decisions {
		p.decision(d)
	}
	for _, x := range v.Impacts {
		p.impact(x)
	}
	if len(v.Help) > 0 && v.UnderWay {
		p.head("Where to turn")
		for _, h := range v.Help {
			p.add(2, "%s", report.Sentence(report.Capital(h)))
		}
	}
	if v.Next != "" {
		p.gap()
		p.add(0, "Next: %s (%s).", v.Next, v.NextWhy)
	}
	return p
}

func (p *page) begun(v report.Request) {
	sent := "not sent yet"
	if !v.Sent.IsZero() {
		sent = "sent on " + v.Sent.Long()
	}
	p.add(2, "Asked by %s; begun on %s; %s.", v.AskedByName, v.Opened.Long(), sent)
}

func (p *page) asks(v report.Request) {
	if v.Asks != nil {
		p.add(2, "Asks for %s.", moneyFor(v.Asks))
		for _, b := range v.Basis {
			cost := "not worked out"
			if b.Money != "" {
				cost = report.Pounds(learner.Number(b.Money))
			}
			p.add(4, "%s: %s.", b.What, join("; ", b.How, cost))
		}
	}
	if v.Reasons != "" {
		p.add(2, "Why: %s", report.Quoted(v.Reasons))
	}
	if v.Because != "" {
		p.add(2, "Why it goes ahead with something missing: %s", report.Quoted(v.Because))
	}
	p.points("Outcomes sought", v.Outcomes)
	p.points("Support sought", v.Support)
}

func (p *page) points(what string, words []string) {
	if len(words) == 0 {
		return
	}
	p.add(2, "%s:", what)
	for i, w := range words {
		p.add(4, "%d. %s", i+1, w)
	}
}

func (p *page) heard(v report.Request) {
	if len(v.Agreement) > 0 {
		p.head("Who knows, and who agrees")
	}
	for _, k := range v.Agreement {
		agrees := "does not agree"
		if k.Agrees {
			agrees = "agrees"
		}
		p.add(2, "%s knows since %s, and %s.", k.WhoName, k.Knows.Long(), agrees)
	}
	for _, x := range v.Consents {
		until := ""
		if !x.Until.IsZero() {
			until = ", until " + x.Until.Long()
		}
		p.add(2, "%s consents since %s%s: %s", x.GivenByName, x.Date.Long(), until, report.Quoted(x.To))
	}
	if len(v.Voices) > 0 {
		p.head("What they say about it")
	}
	for _, x := range v.Voices {
		if x.Words == "" {
			p.add(2, "%s: not asked yet: %s", x.WhoName, report.Sentence(x.None))
			continue
		}
		on := ""
		if !x.Date.IsZero() {
			on = x.Date.Long()
		}
		p.add(2, "%s%s: %s", x.WhoName, bracket(join(", ", x.How, on)), report.Quoted(x.Words))
	}
	if len(v.Declared) > 0 {
		var by []string
		for i, x := range v.Declared {
			if i+1 < len(v.Declared) && v.Declared[i+1].Date == x.Date {
				by = append(by, x.WhoName)
				continue
			}
			by = append(by, x.WhoName+" on "+x.Date.Long())
		}
		p.gap()
		p.add(0, "Declared complete and true by %s.", strings.Join(by, " and "))
	}
}

// ready counts what a panel looks for.
func ready(v report.Request) string {
	if len(v.Readiness) == 0 {
		return "The pathway names no item of evidence for this kind of request"
	}
	return fmt.Sprintf("%d of %d items there, %d in part, %d missing", v.Present, len(v.Readiness), v.Partly, v.Missing)
}

// readiness lists what a panel looks for. Of a draft it says what would meet what is
// missing, and by which word to cite it; of what was sent, how it was then.
func (p *page) readiness(v report.Request) {
	draft := v.Sent.IsZero()
	when := "How ready it is"
	if !draft {
		when = "How ready it was when it was sent"
	}
	p.head(when)
	p.add(2, "%s.", ready(v))
	for _, x := range v.Readiness {
		text := report.Sentence(x.Words)
		if x.Found != "" {
			text += " " + report.Sentence(report.Capital(report.Thousands(x.Found)))
		}
		if draft {
			text += supply(x) + " (" + x.Item + ")"
		}
		p.add(2, "%s: %s", report.Capital(x.StateWords), text)
	}
}

// supply says what would meet an item that is not there in full, and who can.
func supply(x report.RequestItem) string {
	if x.State == "present" || x.State == "not-applicable" {
		return ""
	}
	text := ""
	if x.Satisfy != "" {
		text += " What would meet it: " + report.Sentence(x.Satisfy)
	}
	if x.Who != "" {
		text += " Who can supply it: " + report.Sentence(x.Who)
	}
	return text
}

// index lists the evidence, in one line all that shows one thing.
func (p *page) index(v report.Request) {
	if len(v.Evidence) == 0 {
		return
	}
	p.head("The evidence")
	for from := 0; from < len(v.Evidence); {
		to := from + 1
		for to < len(v.Evidence) && v.Evidence[to].Shows == v.Evidence[from].Shows && v.Evidence[to].Number == v.Evidence[to-1].Number+1 {
			to++
		}
		group := v.Evidence[from:to]
		number := number(group[0].Number)
		if len(group) > 1 {
			word := "to"
			if len(group) == 2 {
				word = "and"
			}
			number = fmt.Sprintf("%d %s %d", group[0].Number, word, group[len(group)-1].Number)
		}
		p.add(2, "%s. %s: %s.", number, strings.TrimRight(group[0].ShowsWords, "."), citesWords(group))
		from = to
	}
}

// citesWords names what is cited, what is of one sort together: "the Passport
// cycles of 2 March 2026 (b8t8) and 12 June 2026 (h4kd)".
func citesWords(group []report.RequestEvidence) string {
	type sort struct {
		name string
		days []string
	}
	var sorts []sort
	for _, e := range group {
		name, day, dated := cutLast(e.CitesWords, " of ")
		id := e.Cites
		if strings.HasPrefix(id, "sha256:") {
			id = ""
		}
		which := day + bracket(id) + pagesWords(e.Pages)
		at := slices.IndexFunc(sorts, func(x sort) bool { return dated && x.name == name })
		switch {
		case !dated:
			sorts = append(sorts, sort{name: name + which})
		case at < 0:
			sorts = append(sorts, sort{name, []string{which}})
		default:
			sorts[at].days = append(sorts[at].days, which)
		}
	}
	var out []string
	for _, x := range sorts {
		n := len(x.days)
		if n > 1 && slices.ContainsFunc([]string{" cycle", " meeting", " call", " letter", " move"}, func(one string) bool { return strings.HasSuffix(x.name, one) }) {
			x.name += "s"
		}
		switch n {
		case 0:
			out = append(out, x.name)
		case 1:
			out = append(out, x.name+" of "+x.days[0])
		default:
			out = append(out, x.name+" of "+strings.Join(x.days[:n-1], ", ")+" and "+x.days[n-1])
		}
	}
	return strings.Join(out, "; ")
}

func pagesWords(pages string) string {
	switch {
	case pages == "":
		return ""
	case strings.Contains(pages, "-"):
		return ", pages " + pages
	}
	return ", page " + pages
}

// cutLast is strings.Cut at the last sep; before is s where there is none.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func (p *page) costs(v report.Request) {
	if len(v.Costs)+len(v.NotCosted) == 0 {
		return
	}
	p.head("What the support costs in a full year")
	for _, c := range v.Costs {
		p.add(2, "%s: %s.", report.Capital(c.What), report.Pounds(learner.Number(c.Annual)))
	}
	if v.CostTotal != "" {
		limit := ""
		switch {
		case v.Above != "":
			limit = fmt.Sprintf("; the setting's own part (element 2) is %s: %s above it", report.Pounds(learner.Number(v.Element2)), report.Pounds(learner.Number(v.Above)))
		case v.Element2 != "":
			limit = fmt.Sprintf("; not above the setting's own part (element 2), %s", report.Pounds(learner.Number(v.Element2)))
		}
		p.add(2, "In all %s%s.", report.Pounds(learner.Number(v.CostTotal)), limit)
	}
	for _, x := range v.NotCosted {
		p.add(2, "Not counted: %s", report.Sentence(x))
	}
}

// limits says each time limit as a sentence: who has or had how long for what.
func (p *page) limits(v report.Request) {
	for _, x := range v.Limits {
		whose := "The setting"
		if x.Owes == "authority" {
			whose = "The local authority"
		}
		has := "has until " + x.Due.Long() + ", " + x.StateWords + ","
		done := "."
		if x.State != "running" {
			has, done = "had until "+x.Due.Long(), ": "+x.StateWords+"."
		}
		from := fmt.Sprintf("Counted from %s: %s.", x.From.Long(), x.FromWords)
		if x.Assumed {
			from = fmt.Sprintf("Counted from %s, the day it was sent: the day it was received is not recorded yet.", x.From.Long())
		}
		tone := Plain
		if x.State == "overdue" {
			tone = Alarm
		}
		p.tone(tone, 2, "%s %s to %s%s %s", whose, has, strings.TrimRight(x.Words, "."), done, from)
	}
}

func (p *page) letters(v report.Request) {
	if len(v.Letters) > 0 {
		p.head("Letters")
	}
	for _, x := range v.Letters {
		p.add(2, "%s: %s.", x.Date.Long(), join("; ", strings.TrimRight(x.WhatWords, "."), prefixed("reference ", x.Reference), "recorded by "+x.ByName))
		if x.Words != "" {
			p.add(4, "%s", report.Quoted(x.Words))
		}
	}
}

func (p *page) decision(d report.RequestDecision) {
	p.head("The decision of " + d.Panel.Long() + ": " + d.ResultWords)
	if d.Grants != nil {
		p.add(2, "Granted: %s.", moneyFor(d.Grants))
	}
	if len(d.ReasonsWords) > 0 {
		p.add(2, "Reasons: %s.", strings.Join(d.ReasonsWords, "; "))
	}
	if d.Words != "" {
		p.add(2, "In their words: %s", report.Quoted(d.Words))
	}
	p.points("It depends on", d.Conditions)
	if !d.ImpactBy.IsZero() {
		p.add(2, "What it changed is to be looked at together by %s.", d.ImpactBy.Long())
	}
	p.points("What would change it", d.WouldChange)
	for _, w := range d.LegalWords {
		p.add(2, "%s", report.Sentence(report.Capital(w)))
	}
	for _, x := range d.Scores {
		of := ""
		if x.Of != "" {
			of = " of " + x.Of
		}
		p.add(2, "%s: %s%s.", strings.TrimRight(report.Capital(x.CriterionWords), "."), x.Score, of)
	}
	if d.Total != "" {
		p.add(2, "In all %s. Scores inform a decision; they do not make it.", d.TotalWords())
	}
	if len(d.Members) > 0 {
		recused := ""
		if d.Recused != "" && d.Recused != "0" {
			recused = "; " + d.Recused + " took no part"
		}
		p.add(2, "The panel: %s%s.", strings.Join(d.Members, ", "), recused)
	}
	if by := join("; ", prefixed("chaired by ", d.ChairName), prefixed("looked at again by ", d.ModeratorName)); by != "" {
		p.add(2, "%s.", report.Capital(by))
	}
	p.points("What they said about the request", d.Feedback)
	if !d.Notified.IsZero() {
		p.add(2, "The family and the setting were told on %s.", d.Notified.Long())
	}
	if !d.AppealTold.IsZero() {
		p.add(2, "The family was told of mediation and the right to appeal on %s.", d.AppealTold.Long())
	}
}

func (p *page) impact(x report.RequestImpact) {
	p.head("What it changed, looked at on " + x.Date.Long())
	for i, o := range x.Outcomes {
		p.add(2, "%d. %s", i+1, o.Told())
	}
	p.add(2, "Taken together: %s", report.Quoted(x.Verdict))
}

func moneyFor(m *report.RequestMoney) string {
	return report.Granted(m.Money, m.From, m.To)
}

func grantWords(m *report.RequestMoney) string {
	if m == nil {
		return ""
	}
	return moneyFor(m)
}
