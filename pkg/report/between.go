package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// JourneyDiff tells what changed between two days for a learner who has no two
// reviews to compare.
func JourneyDiff(f *folder.Folder, r *folder.Record, since, until date.Date) Diff {
	s := speaker{f, r}
	d := Diff{Format: "sendctl-diff/1", ID: r.ID, Name: s.name(), Since: since, Until: until, Parts: []Part{}}
	where, papers := s.between(since, until)
	d.add(journeyTitle, where)
	d.add(papersTitle, papers)
	return d
}

const (
	journeyTitle = "Where the learner is"
	papersTitle  = "Passport, profile and advice"
)

// between says in sentences, each kind in order of day, what changed beside the
// cycles between two days, after the one and up to the other: where the learner is
// (stage, census code, needs and requests), and what passport, profile and advice say.
func (s speaker) between(since, until date.Date) (where, papers []string) {
	to := func(out *[]string) sayer {
		return func(day date.Date, format string, args ...any) {
			if day.After(since) && !day.After(until) {
				*out = append(*out, fmt.Sprintf(format, args...))
			}
		}
	}
	say := to(&where)
	for _, file := range s.record.Moves {
		if file.Doc == nil {
			continue
		}
		m, _ := folder.Corrected(s.record, file)
		from := ""
		if m.From != "" {
			from = " from " + s.stage(m.From)
		}
		why := "."
		if m.Because != "" {
			why = ": " + Quoted(string(m.Because))
		}
		say(m.Date, "Moved%s to %s on %s%s", from, s.stage(m.To), m.Date.Long(), why)
	}
	s.codes(say)
	s.requestsBetween(say)
	say = to(&papers)
	for _, k := range DocumentKinds() {
		if d, ok := DocumentOf(s.folder, s.record, k.ID, until); ok {
			s.versions(d, say)
		}
	}
	s.adviceBetween(say)
	return where, papers
}

type sayer = func(day date.Date, format string, args ...any)

// codes tells of the census code and of the areas of need.
func (s speaker) codes(say sayer) {
	is := s.record.Learner.Value
	before := ""
	for _, p := range is.SENProvision {
		switch {
		case p.Code == before:
		case before == "":
			say(p.From, "The census code is %s since %s.", sen(p.Code), p.From.Long())
		default:
			say(p.From, "The census code was %s, and is %s since %s.", sen(before), sen(p.Code), p.From.Long())
		}
		before = p.Code
	}
	for _, n := range is.Needs {
		what := listed("sen-type", n.Type)
		if n.Words != "" {
			what += " (" + clause(string(n.Words)) + ")"
		}
		area := "An area of need"
		if n.Rank == "1" {
			area = "The main area of need"
		}
		say(n.From, "%s, since %s: %s.", area, n.From.Long(), what)
		if !n.Until.IsZero() {
			say(n.Until, "No longer an area of need, since %s: %s.", n.Until.Long(), what)
		}
	}
}

// versions tells of the version there is now: earlier ones are in the history alone.
func (s speaker) versions(d Document, say sayer) {
	on := map[date.Date][]string{}
	var days []date.Date
	for _, x := range d.Agreed {
		if on[x.Date] == nil {
			days = append(days, x.Date)
		}
		on[x.Date] = append(on[x.Date], x.WhoName)
	}
	slices.SortFunc(days, date.Date.Compare)
	what := fmt.Sprintf("The %s, version %s, was", d.KindWords, d.Version)
	if len(days) == 1 && days[0] == d.Made {
		say(d.Made, "%s written%s, and agreed by %s, on %s.", what, with(d.WithWords), and(on[d.Made]), d.Made.Long())
		return
	}
	say(d.Made, "%s written on %s%s.", what, d.Made.Long(), with(d.WithWords))
	for _, day := range days {
		say(day, "%s agreed by %s on %s.", what, and(on[day]), day.Long())
	}
}

func with(who string) string {
	if who == "" {
		return ""
	}
	return " with " + who
}

func (s speaker) requestsBetween(say sayer) {
	for _, file := range s.record.Requests {
		q, _ := folder.Corrected(s.record, file)
		kind := s.requestWords(q.Kind)
		if q.Sent.IsZero() {
			say(q.Opened, "A %s request was begun on %s, and is not sent yet.", kind, q.Opened.Long())
		}
		asks := ""
		if g := grant(q.Asks); g != "" {
			asks = ": " + g
		}
		say(q.Sent, "%s was requested on %s%s.", kind, q.Sent.Long(), asks)
		s.answers(q.ID, say)
	}
}

// answers tells of what was decided on a request, and what it changed.
func (s speaker) answers(request string, say sayer) {
	for _, file := range s.record.Decisions {
		v := DecisionFileOf(s.folder, s.record, file, file.Value.Panel)
		if v.Request != request {
			continue
		}
		got := ""
		if v.Grants != nil {
			got = "; " + Granted(v.Grants.Money, v.Grants.From, v.Grants.To)
		}
		say(v.Panel, "The panel of %s on the %s request: %s%s.", v.Panel.Long(), v.KindWords, v.ResultWords, got)
	}
	for _, file := range s.record.Impacts {
		v := ImpactFileOf(s.folder, s.record, file, file.Value.Date)
		if v.Request != request {
			continue
		}
		said := "."
		if v.Verdict != "" {
			said = ": " + Quoted(v.Verdict)
		}
		say(v.Date, "What the %s request changed was looked at on %s%s", v.KindWords, v.Date.Long(), said)
	}
}

func (s speaker) adviceBetween(say sayer) {
	for _, file := range s.record.Advice {
		if file.Doc == nil {
			continue
		}
		a := file.Value
		who := s.person(a.By)
		if role := s.role(a.By); role != "" {
			who += ", " + role + ","
		}
		if bareLetter(a) {
			say(a.Date, "%s sent a letter on %s.", who, a.Date.Long())
		} else {
			say(a.Date, "%s gave advice on %s: %s", who, a.Date.Long(), Sentence(advised(a)))
		}
		for _, day := range doneDays(a) {
			var done []string
			for _, x := range a.Recommendations {
				if x.Done == day {
					done = append(done, clause(string(x.Words)))
				}
			}
			say(day, "Done on %s as %s advised: %s.", day.Long(), s.person(a.By), strings.Join(done, "; "))
		}
	}
}

// advised says in short what an advice holds: how much is recommended, else what
// was found.
func advised(a learner.Advice) string {
	switch n := len(a.Recommendations); {
	case n > 0:
		return Plural(n, "recommendation", "recommendations")
	case len(a.Findings) > 0:
		return strings.TrimSuffix(inOne(texts(a.Findings)), ".")
	}
	return "a letter"
}

// bareLetter reports whether nothing was noted of what an advice says.
func bareLetter(a learner.Advice) bool { return len(a.Recommendations)+len(a.Findings) == 0 }

// doneDays are the days on which something advised was done, each once, in order.
func doneDays(a learner.Advice) []date.Date {
	var out []date.Date
	for _, x := range a.Recommendations {
		if !x.Done.IsZero() && !slices.Contains(out, x.Done) {
			out = append(out, x.Done)
		}
	}
	slices.SortFunc(out, date.Date.Compare)
	return out
}
