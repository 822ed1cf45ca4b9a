package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// figureUnlikely is about figures that are well written and hardly meant. Each bound is a
// number of schemas/limits.yaml, and so the setting's to change.
var figureUnlikely = Rule{
	Name: "figure-unlikely", ID: "SEN982", Severity: diag.Warning,
	About:  "Figures make sense: weeks in a year, minutes in a school day, sessions given, percentages, pounds an hour and a year, test scores, years that records are kept; a target and its measure say the same.",
	Source: "UK GDPR, article 5(1)(d) (accuracy); Code of Practice, chapter 6 (funding)",
	check: func(l *look) {
		if !l.here() {
			return
		}
		if c, d, ok := l.planned(); ok {
			for i, t := range c.Plan.Targets {
				if m := t.Measure; m != nil {
					l.percent(d, indexed("plan.targets[].measure.baseline", i), m.Baseline, m.Unit, m.What)
					l.percent(d, indexed("plan.targets[].measure.target", i), m.Target, m.Unit, m.What)
				}
				if saysOther(t) {
					l.find(d, indexed("plan.targets[].measure.target", i), "the words of this target say another figure than this", "make the two agree (sendctl edit "+l.record.ID+")")
				}
			}
			for i, p := range c.Plan.Provision {
				l.unlikelyProvision(d, fmt.Sprintf("plan.provision[%d].", i), p)
			}
			l.unlikelyNotes(d, c)
		}
		if c, d, ok := l.reviewed(); ok && c.Plan != nil {
			l.unlikelyReview(d, c)
		}
		l.unlikelyGrants()
		if c, d, ok := l.open(); ok && c.Assess != nil {
			for i, e := range c.Assess.Evidence {
				if e.Of == "" && (onScale(e.Unit) || e.Unit == "" && onScale(e.What)) {
					l.scored(d, indexed("assess.evidence[].value", i), e.Value)
				}
				l.percent(d, indexed("assess.evidence[].value", i), e.Value, e.Unit, e.What+" "+learner.Words(e.Kind))
			}
		}
		for _, a := range l.record.Advice {
			for i, s := range a.Value.Scores {
				if onScale(s.What) {
					l.scored(docOf(a), indexed("scores[].value", i), s.Value)
				}
			}
		}
	},
	setting: func(l *look) {
		own := l.folder.Setting.Value.Policies
		l.yearsFew("retention_years_from_birth", own.RetentionYearsFromBirth)
		l.yearsFew("retention_years_with_plan", own.RetentionYearsWithPlan)
		l.yearsFew("retention_years_cared_for", own.RetentionYearsCaredFor)
		for i, r := range l.folder.Setting.Value.Rates {
			l.atMost(docOf(l.folder.Setting), indexed("rates[].hourly", i), r.Hourly, "hourly-rate-pounds", "this is a very high price for an hour")
			if isZero(r.Hourly) {
				l.find(docOf(l.folder.Setting), indexed("rates[].hourly", i), "at this rate an hour costs nothing, so all support from that role would cost nothing", "write what an hour costs, or take the line out: sendctl edit sendctl.yaml")
			}
		}
	},
}

const figureMistyped = "check the figure and its decimal point; if it is right, change the number under limits: in sendctl.yaml (sendctl explain --limits)"

func (l *look) unlikelyProvision(d doc, at string, p learner.Provision) {
	l.atMost(d, at+"annual_cost", p.AnnualCost, "provision-cost-pounds", "this is a very high cost for one provision in a year")
	s := p.Sessions
	if s == nil {
		return
	}
	l.atMost(d, at+"sessions.weeks", s.Weeks, "provision-weeks", "this is more weeks than a plan is made for")
	l.atMost(d, at+"sessions.minutes", s.Minutes, "session-minutes", "this session is longer than a school day")
	l.atMost(d, at+"sessions.per_week", s.PerWeek, "sessions-a-week", "these are very many sessions for one week")
	for _, x := range []struct {
		key string
		n   learner.Number
	}{{"weeks", s.Weeks}, {"minutes", s.Minutes}} {
		if isZero(x.n) {
			l.find(d, at+"sessions."+x.key, "with this figure, none of this support would be given", "write how long it is given, or take the line out: sendctl edit "+l.record.ID)
		}
	}
	perWeek, ok1 := s.PerWeek.Float()
	weeks, ok2 := s.Weeks.Float()
	if planned, ok := s.Planned.Float(); ok && ok1 && ok2 && planned > perWeek*weeks+1 {
		l.find(d, at+"sessions.planned", "this is more sessions than the weeks of this provision allow", "one of the figures per_week, weeks and planned is mistyped (sendctl edit "+l.record.ID+")")
	}
}

// atMost finds a figure above a limit.
func (l *look) atMost(d doc, at string, n learner.Number, limit, message string) {
	if got, ok := n.Float(); ok && got > float64(l.limit(limit)) {
		l.find(d, at, message, figureMistyped)
	}
}

// yearsFew finds years from birth after which a record would go while its learner is still a child.
func (l *look) yearsFew(key string, n learner.Number) {
	if years, ok := n.Int(); ok && years < l.leastKept() {
		l.find(docOf(l.folder.Setting), "policies."+key, "this is a very short time to keep a record: counted from birth, it ends while the learner is still a child",
			"write the years from the date of birth, such as 31 (sendctl edit sendctl.yaml); if the figure is right, change retention-years-least under limits: there")
	}
}

// onScale reports whether words name a score of which the mean is 100.
func onScale(words learner.Words) bool { return phrasesOf("standard-score").in(string(words)) }

func (l *look) scored(d doc, at string, n learner.Number) {
	if got, ok := n.Float(); ok && (got < float64(l.limit("standard-score-least")) || got > float64(l.limit("standard-score-most"))) {
		l.find(d, at, "no common test gives a standard score like this", figureMistyped)
	}
}

// saysOther reports whether the words of a target count what its measure counts, as in 20 of
// 25, and to another figure: neither the aim nor where the learner is now.
func saysOther(t learner.Target) bool {
	if t.Measure == nil {
		return false
	}
	aim, ok1 := t.Measure.Target.Float()
	of, ok2 := t.Measure.Of.Float()
	if !ok1 || !ok2 || aim > of { // of more than there are, references tells
		return false
	}
	now, known := t.Measure.Baseline.Float()
	words := strings.FieldsFunc(string(t.Outcome), func(r rune) bool { return strings.ContainsRune(" \t\n,;:()", r) })
	figure := func(i int) (float64, bool) {
		if i < 0 || i >= len(words) {
			return 0, false
		}
		n, err := strconv.ParseFloat(strings.TrimSuffix(words[i], "."), 64)
		return n, err == nil
	}
	other := false
	for i, w := range words {
		if n, ok := figure(i); ok && n == aim {
			return false // it says so, in one way or another
		}
		if w != "of" {
			continue
		}
		before := i - 1
		if before >= 0 && words[before] == "out" {
			before--
		}
		n, ok1 := figure(before)
		m, ok2 := figure(i + 1)
		other = other || ok1 && ok2 && m == of && n != aim && (!known || n != now)
	}
	return other
}
