package render

import (
	"github.com/sendctl/sendctl/pkg/report"
)

// Log lays out a history, the latest act first, with both clocks: when it
// happened, and when it was recorded and by whom.
func Log(events []report.Event) []Line {
	var p page
	for i, e := range events {
		if i > 0 {
			p.gap()
		}
		recorded := e.Recorded.Format("2 January 2006, 15:04")
		switch {
		case e.Happened.IsZero():
			p.tone(Heading, 0, "Recorded %s by %s", recorded, e.By)
		case e.Late > 0:
			p.tone(Heading, 0, "%s; recorded %d days later, on %s, by %s", e.Happened.Long(), e.Late, recorded, e.By)
		default:
			p.tone(Heading, 0, "%s; recorded %s by %s", e.Happened.Long(), recorded, e.By)
		}
		tone := Plain
		if e.Action == "" {
			tone = Alarm
		}
		p.tone(tone, 2, "%s", e.Sentence)
		for _, m := range e.More {
			p.add(4, "%s", m)
		}
	}
	return p
}

// Diff lays out what changed between two reviews.
func Diff(d report.Diff) []Line {
	var p page
	if d.From == "" {
		p.tone(Heading, 0, "%s: from %s", d.Name, report.Span(d.Since, d.Until))
	} else {
		p.tone(Heading, 0, "%s: from the review of %s (%s) to that of %s (%s)", d.Name, d.FromDate.Long(), d.From, d.ToDate.Long(), d.To)
	}
	for _, part := range d.Parts {
		p.head(part.Title)
		for _, s := range part.Sentences {
			p.add(2, "%s", s)
		}
	}
	return p
}
