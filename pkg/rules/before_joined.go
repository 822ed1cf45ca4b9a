package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// beforeJoined: whoever is expected is got ready for, so a first cycle may begin some
// weeks before the first day; a review may not. What came from another setting, on paper
// or with its record, was done there; and who left and came back was here before.
//
// Talks, evidence and advice are left alone: of a younger sister everything is known
// before she comes.
var beforeJoined = Rule{
	Name: "before-joined", ID: "SEN318", Severity: diag.Advice,
	About:  "Nothing recorded as done here is older than the day the learner joined, unless it was done at another setting.",
	Source: "UK GDPR, article 5(1)(d) (accuracy)",
	check: func(l *look) {
		is := l.record.Learner
		joined := is.Value.Joined
		if joined.IsZero() || !l.tells() || is.Value.FromSetting != "" || l.hereBefore() || !l.reached(joined) ||
			slices.ContainsFunc(l.record.Moves, func(m recordfile.File[learner.Move]) bool { return m.Value.Date.Before(joined) }) {
			return // of a move dates-in-order tells it
		}
		expected := joined.AddDays(-7 * l.limit("got-ready-weeks"))
		type early struct {
			d        doc
			at, what string
		}
		var all []early
		for _, f := range l.record.Cycles {
			c := l.dated(f)
			d := docOf(f)
			if d.tree == nil || c.Opened.IsZero() || !strings.HasPrefix(path.Base(d.path), c.Opened.String()) {
				continue // or file-name tells of the day
			}
			switch r := c.Review; {
			case r != nil && !r.Date.Before(c.Opened) && r.Date.Before(joined):
				all = append(all, early{d, "review.date", "this cycle was reviewed"})
			case c.Opened.Before(expected):
				all = append(all, early{d, "opened", "this cycle began"})
			}
		}
		const hint = "correct the day of joining in learner.yaml, or the date here; if it was done at another setting, name it: from_setting in learner.yaml"
		switch who := docOf(is); len(all) {
		case 0:
		case 1:
			l.find(all[0].d, all[0].at, all[0].what+" before the learner joined", hint, related(who, "joined", "the day of joining"))
		default: // it is the day of joining, rather than all of them
			var at []diag.Related
			for _, x := range all[:min(len(all), 10)] {
				at = append(at, related(x.d, x.at, x.what+" before"))
			}
			l.find(who, "joined", "several dates in this record are from before the learner joined", "correct the day of joining; if it was done at another setting, name it: from_setting (sendctl edit "+l.record.ID+" learner.yaml)", at...)
		}
	},
}

// hereBefore reports whether a record may well tell of days before the learner joined: it
// came from another setting, or they left and came back.
func (l *look) hereBefore() bool {
	return len(l.record.Arrivals) > 0 || slices.ContainsFunc(l.record.Moves, func(m recordfile.File[learner.Move]) bool {
		s, ok := l.folder.Pathway.Value.Stage(m.Value.To)
		return ok && s.Away() && m.Value.Date.Before(l.record.Learner.Value.Joined)
	})
}
