package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// life adds what followed on a request: letters, decisions, time limits, impact,
// and from all of them how it stands.
func (v *Request) life(s speaker, l gate.Life, today date.Date) {
	for _, x := range l.Letters {
		x := x.Value
		v.Letters = append(v.Letters, RequestLetter{x.ID, x.Date, x.What, term(l.Kind.Letters, x.What), string(x.Reference), string(x.Words), x.By, s.anyone(x.By)})
	}
	for _, x := range l.Decisions {
		v.Decisions = append(v.Decisions, decisionOf(s, l.Kind, x.Value))
	}
	for _, x := range l.Impacts {
		x := x.Value
		i := RequestImpact{ID: x.ID, Date: x.Date, By: x.By, ByName: s.anyone(x.By), Verdict: string(x.Verdict)}
		for _, o := range x.Outcomes {
			i.Outcomes = append(i.Outcomes, RequestOutcome{string(o.Outcome), string(o.Before), string(o.After), string(o.Words)})
		}
		v.Impacts = append(v.Impacts, i)
	}
	running := false
	for _, x := range l.Limits() {
		limit := limitOf(l.Kind, x, today)
		running = running || x.Met.IsZero()
		v.Limits = append(v.Limits, limit)
	}
	v.stands(l, running, today)
	v.next(s, l, today)
}

// stands says how the request stands today.
func (v *Request) stands(l gate.Life, running bool, today date.Date) {
	g, result := l.Grant(), l.Result()
	switch {
	case !l.Sent():
		v.State, v.StateWords, v.UnderWay = RequestDraft, "draft", true
	case result == "":
		v.State, v.StateWords, v.UnderWay = RequestWaiting, "sent, waiting", true
	case g != nil && !Refused(result) && !g.To.IsZero():
		v.State, v.UnderWay = result, !g.To.Before(today)
		v.StateWords = l.Kind.Result(result) + " to " + g.To.Long()
		if !v.UnderWay {
			v.StateWords = l.Kind.Result(result) + ", ended on " + g.To.Long()
		}
	default:
		v.State, v.StateWords = result, l.Kind.Result(result)
		v.UnderWay = running && !Refused(result) && result != "withdrawn" || result == "deferred" || g != nil && g.To.IsZero()
	}
}

// next says what to type now, and why.
func (v *Request) next(s speaker, l gate.Life, today date.Date) {
	at := "sendctl request " + s.record.ID
	which := ""
	if len(s.record.Requests) > 1 {
		which = " --request " + v.ID
	}
	switch {
	case v.State == RequestDraft && v.Missing > 0:
		v.Next, v.NextWhy = at+" cite ITEM FILE"+which, Plural(v.Missing, "item is missing", "items are missing")
	case v.State == RequestDraft:
		v.Next, v.NextWhy = at+" send"+which, "nothing is missing"
	case v.State == RequestWaiting && len(v.Letters) == 0 && len(l.Kind.Letters) > 0:
		v.Next, v.NextWhy = at+" letter --what "+l.Kind.Letters[0].Code+which, "the time limits count from the day it was received"
	case v.State == RequestWaiting:
		v.Next, v.NextWhy = at+" decided"+which, "a decision is waited for"
	case l.Kind.Money && l.Grant() != nil && len(v.Impacts) == 0:
		v.Next, v.NextWhy = at+" impact"+which, "what the money changed is not recorded yet"
	}
	for _, x := range l.Limits() {
		if v.Next != "" || x.Clock.Owes != "setting" || !x.Met.IsZero() {
			continue
		}
		for _, end := range x.Clock.Until {
			if v.Next == "" && slices.ContainsFunc(l.Kind.Letters, func(t pathway.Term) bool { return t.Code == end }) {
				v.Next, v.NextWhy = at+" letter --what "+end+which, "the setting has until "+x.Due.Long()+" to "+clause(string(x.Clock.Words))
			}
		}
	}
}

func limitOf(kind pathway.Request, x gate.Limit, today date.Date) RequestLimit {
	l := RequestLimit{ID: x.Clock.ID, Words: string(x.Clock.Words), Owes: x.Clock.Owes, From: x.From, FromEvent: x.Event, Assumed: x.Assumed, Due: x.Due, Met: x.Met}
	l.FromWords = event(kind, x.Event)
	switch {
	case !x.Met.IsZero() && x.Met.After(x.Due):
		l.State, l.Days = "met-late", x.From.DaysUntil(x.Met)
		l.StateWords = fmt.Sprintf("done on %s, %s late", x.Met.Long(), Plural(x.Due.DaysUntil(x.Met), "day", "days"))
	case !x.Met.IsZero() && !x.Met.After(x.From): // such as an impact that is said before the grant ends
		l.State, l.Days = "met", x.From.DaysUntil(x.Met)
		l.StateWords = "done on " + x.Met.Long()
	case !x.Met.IsZero():
		l.State, l.Days = "met", x.From.DaysUntil(x.Met)
		l.StateWords = fmt.Sprintf("done on %s, day %d of %s", x.Met.Long(), l.Days, x.Clock.Days)
	case x.Due.Before(today):
		l.State, l.Days = "overdue", today.DaysUntil(x.Due)
		l.StateWords = "OVERDUE, " + When(x.Due, today)
	default:
		l.State, l.Days = "running", today.DaysUntil(x.Due)
		l.StateWords = When(x.Due, today)
	}
	return l
}

func decisionOf(s speaker, kind pathway.Request, d learner.Decision) RequestDecision {
	v := RequestDecision{ID: d.ID, Panel: d.Panel, Result: d.Result, ResultWords: kind.Result(d.Result), Reasons: d.Reasons, Words: string(d.Words),
		Conditions: texts(d.Conditions), Grants: money(d.Grants), Members: texts(d.Members), Recused: string(d.Recused), SecondTotal: string(d.SecondTotal),
		Feedback: texts(d.Feedback), WouldChange: texts(d.WouldChange), AppealTold: d.AppealTold, ImpactBy: d.ImpactBy,
		Chair: d.Chair, Moderator: d.Moderator, Notified: d.Notified}
	for _, c := range d.Reasons {
		v.ReasonsWords = append(v.ReasonsWords, term(kind.Reasons, c))
	}
	if d.Chair != "" {
		v.ChairName = s.person(d.Chair)
	}
	if d.Moderator != "" {
		v.ModeratorName = s.person(d.Moderator)
	}
	var sum, of float64
	outOf := len(d.Scores) > 0
	for _, x := range d.Scores {
		v.Scores = append(v.Scores, RequestScore{x.Criterion, term(kind.Criteria, x.Criterion), string(x.Score), string(x.Of)})
		n, _ := x.Score.Float()
		most, ok := x.Of.Float()
		sum, of, outOf = sum+n, of+most, outOf && ok
	}
	if len(d.Scores) > 0 {
		v.Total = fmt.Sprint(sum)
	}
	if outOf {
		v.TotalOf = fmt.Sprint(of)
	}
	if t := d.LegalTest; t != nil {
		v.LegalTest = &RequestLegalTest{t.MayHaveSEN, t.PlanMayBeNecessary, string(t.Words)}
		v.LegalWords = []string{"Has or may have special educational needs: " + yesNo(t.MayHaveSEN), "A plan may be necessary: " + yesNo(t.PlanMayBeNecessary)}
		if t.Words != "" {
			v.LegalWords = append(v.LegalWords, string(t.Words))
		}
	}
	return v
}

// Told says what became of an outcome sought: "Attendance: 71 percent before, 74.8
// after; 82 percent was hoped for." What was hoped for reads as reached, so that it
// stands in quotation marks where its figures cannot be told apart.
func (o RequestOutcome) Told() string {
	what, aim, unit, ok := o.parts()
	if !ok {
		what = Quoted(clause(o.Outcome))
	}
	var figures []string
	if o.Before != "" {
		figures = append(figures, o.Before+unit+" before")
	}
	if o.After != "" {
		figures = append(figures, o.After+" after")
	}
	text := Capital(what)
	if len(figures) > 0 {
		text += ": " + strings.Join(figures, ", ")
	}
	switch {
	case !ok || slices.Contains(strings.Fields(o.Words), aim): // the words say it
	case aim == o.After:
		text += ", as was hoped for"
	default:
		text += "; " + aim + " was hoped for"
	}
	if o.Words != "" {
		text += "; " + clause(o.Words)
	}
	return Sentence(text)
}

// parts takes apart an outcome that holds the figure before and the one hoped for:
// "attendance from 71 to 82 percent". unit begins with a space.
func (o RequestOutcome) parts() (what, aim, unit string, ok bool) {
	what, span, _ := strings.Cut(clause(o.Outcome), " from ")
	was, hoped, _ := strings.Cut(span, " to ")
	aim, unit, _ = strings.Cut(hoped, " ")
	for _, n := range []string{was, aim, o.Before, o.After} {
		if _, figure := learner.Number(n).Float(); !figure {
			return "", "", "", false
		}
	}
	switch {
	case strings.Contains(unit, " "): // more than a unit: "82 percent by July"
		return "", "", "", false
	case unit != "":
		unit = " " + unit
	}
	return what, aim, unit, true
}

// TotalWords says what the scores of a decision come to: "18 of 21; the second rater came to 17".
func (d RequestDecision) TotalWords() string {
	total := d.Total
	if d.TotalOf != "" {
		total += " of " + d.TotalOf
	}
	if d.SecondTotal != "" {
		total += "; the second rater came to " + d.SecondTotal
	}
	return total
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// event is what people read for what a time limit is counted from.
func event(kind pathway.Request, code string) string {
	switch code {
	case pathway.Sent:
		return "the day it was sent"
	case pathway.ImpactBy:
		return "the day the decision set for saying what it changed"
	case pathway.GrantFrom:
		return "the first day of what was granted"
	case pathway.GrantTo:
		return "the last day of what was granted"
	case pathway.ImpactSaid:
		return "the day its impact was looked at"
	}
	if w := term(kind.Letters, code); w != code {
		return w
	}
	return kind.Result(code)
}

// term is what people read for a code of a list, or the code itself.
func term(terms []pathway.Term, code string) string {
	for _, t := range terms {
		if t.Code == code {
			return string(t.Words)
		}
	}
	return code
}
