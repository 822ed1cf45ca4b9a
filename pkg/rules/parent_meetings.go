package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// parentMeetings counts as `next` does (report.OwedOf): a share of the year's number
// while SEN support, or the record, is younger than a year, days on which the family was met at a
// meeting or a review. What another setting owed before the learner came is not ours.
var parentMeetings = Rule{
	Name: "parent-meetings", ID: "SEN507", Severity: diag.Warning,
	About:  "The school meets the family of a learner with SEN support at least three times a year.",
	Source: "Code of Practice, chapter 6 (at least three times a year)",
	check: func(l *look) {
		s, ok := l.supported()
		want, known := policy(l.folder, "parent-meetings-a-year")
		if !ok || !known || want <= 0 || !l.tells() || len(l.record.Learner.Value.Family) == 0 {
			return
		}
		began := s.from
		if joined := l.record.Learner.Value.Joined; joined.After(began) {
			began = joined
		}
		if begun := gate.Begun(l.record); begun.IsZero() {
			return
		} else if begun.After(began) {
			began = begun // who met whom before that stands in older papers
		}
		owed := 0
		for n := 1; n <= want && l.reached(began.AddDays((yearLong*n+want-1)/want)); n++ {
			owed = n
		}
		met := l.metSince(began)
		if len(met) >= owed {
			return
		}
		who := l.record.Learner
		l.find(doc{who.Path, who.Doc}, fmt.Sprintf("sen_provision[%d].from", s.at),
			fmt.Sprintf("the record shows %s with the family in the last year, or since SEN support began; %s expected by now", meetings(len(met)), expected(owed)),
			"arrange a meeting, then log it: sendctl contact "+l.record.ID+" --how meeting")
	},
}

// metSince are the days since began, and within the last year, on which the family was met.
func (l *look) metSince(began date.Date) []date.Date {
	var days []date.Date
	take := func(day date.Date, with []string) {
		if day.IsZero() || day.Before(began) || !gate.MetOn(l.record, day, with) || !l.reached(day) || l.past(day.AddDays(yearLong)) || slices.Contains(days, day) {
			return
		}
		days = append(days, day)
	}
	for _, e := range l.record.Contacts.Value.Contacts {
		if e.How == "meeting" || e.How == "home-visit" {
			take(e.Date, e.With)
		}
	}
	for _, c := range l.record.Cycles {
		if x := c.Value.Review; x != nil {
			take(x.Date, x.Present)
		}
	}
	return days
}

func expected(n int) string {
	if n == 1 {
		return "one is"
	}
	return fmt.Sprintf("%d are", n)
}

func meetings(n int) string {
	switch n {
	case 0:
		return "no meeting"
	case 1:
		return "one meeting"
	}
	return fmt.Sprintf("%d meetings", n)
}
