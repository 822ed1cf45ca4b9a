package rules

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// journeyDates are the orders that the files of a journey must keep.
func (l *look) journeyDates() {
	r := l.record
	joined, before := dayAt{d: docOf(r.Learner), at: "joined", on: r.Learner.Value.Joined}, l.hereBefore()
	for _, m := range r.Moves {
		d, v := doc{m.Path, m.Doc}, m.Value
		if !before {
			l.after(joined, d, "date", v.Date)
		}
		l.order(d, "decided", v.Decided, "date", v.Date)
		l.after(dayAt{d, "date", v.Date, "the day of the move"}, d, "monitor_until", v.MonitorUntil)
	}
	l.requestDates()
	for _, a := range r.Advice {
		l.adviceDates(doc{a.Path, a.Doc}, a.Value)
	}
	l.documentDates()
	l.keepingDates()
}

func (l *look) requestDates() {
	sent := map[string]dayAt{}
	drafts := map[string]bool{}
	for _, q := range l.record.Requests {
		d, v := doc{q.Path, q.Doc}, q.Value
		if q.Doc == nil {
			continue
		}
		sent[v.ID], drafts[v.ID] = dayAt{d, "sent", v.Sent, "the day the request was sent"}, v.Sent.IsZero()
		l.order(d, "opened", v.Opened, "sent", v.Sent)
		for i, a := range v.KnowledgeAndAgreement {
			l.order(d, "knowledge_and_agreement[].knows", a.Knows, "sent", v.Sent, i)
		}
		for i, x := range v.Declared {
			l.order(d, "declared[].date", x.Date, "sent", v.Sent, i)
		}
		l.grantDates(d, "asks", v.Asks)
	}
	follows := func(d doc, request, at string, on date.Date) {
		if d.tree != nil && drafts[request] {
			l.error(d, "request", "this belongs to a request that was never sent", "write when it was sent, or take this out")
		}
		l.after(sent[request], d, at, on)
	}
	for _, x := range l.record.Letters {
		follows(doc{x.Path, x.Doc}, x.Value.Request, "date", x.Value.Date)
	}
	for _, x := range l.record.Decisions {
		d, v := doc{x.Path, x.Doc}, x.Value
		follows(d, v.Request, "panel", v.Panel)
		l.order(d, "panel", v.Panel, "notified", v.Notified)
		l.order(d, "panel", v.Panel, "appeal_told", v.AppealTold)
		l.order(d, "panel", v.Panel, "impact_by", v.ImpactBy)
		l.grantDates(d, "grants", v.Grants)
	}
	for _, x := range l.record.Impacts {
		follows(doc{x.Path, x.Doc}, x.Value.Request, "date", x.Value.Date)
	}
}

func (l *look) grantDates(d doc, at string, g *learner.Grant) {
	if g != nil {
		l.order(d, at+".from", g.From, at+".to", g.To)
	}
}

func (l *look) adviceDates(d doc, v learner.Advice) {
	given := dayAt{d, "date", v.Date, "the day of the advice"}
	l.order(d, "asked", v.Asked, "seen", v.Seen)
	l.order(d, "asked", v.Asked, "date", v.Date)
	l.order(d, "seen", v.Seen, "date", v.Date)
	l.after(given, d, "shared", v.Shared)
	l.after(given, d, "review_on", v.ReviewOn)
	// Much is said before the report comes, and acted on at once.
	switch {
	case !v.Seen.IsZero():
		given = dayAt{d: d, at: "seen", on: v.Seen}
	case !v.Asked.IsZero():
		given = dayAt{d: d, at: "asked", on: v.Asked}
	}
	for i, x := range v.Recommendations {
		l.after(given, d, "recommendations[].done", x.Done, i)
	}
}

func (l *look) documentDates() {
	const agreedThen = "the day that version was agreed"
	first := map[string]dayAt{} // the first day on which the version that is there may have been read
	versions := map[string]learner.Number{}
	document := func(kind string, d doc, version learner.Number, made, reviewOn date.Date, agreed []learner.SignedBy) {
		versions[kind], first[kind] = version, dayAt{d, "made", made, agreedThen}
		l.order(d, "made", made, "review_on", reviewOn)
		for i, x := range agreed {
			l.order(d, "made", made, "agreed[].date", x.Date, i)
			if i == 0 || x.Date.Before(first[kind].on) {
				first[kind] = dayAt{d, indexed("agreed[].date", i), x.Date, agreedThen}
			}
		}
	}
	p, o := l.record.Passport, l.record.Profile
	document("passport", doc{p.Path, p.Doc}, p.Value.Version, p.Value.Made, p.Value.ReviewOn, p.Value.Agreed)
	document("profile", doc{o.Path, o.Doc}, o.Value.Version, o.Value.Made, o.Value.ReviewOn, o.Value.Agreed)
	f := l.record.Readings
	for i, x := range f.Value.Readings {
		if x.Version == versions[x.Document] {
			l.after(first[x.Document], docOf(f), "readings[].date", x.Date, i)
		}
	}
}

// journeyHappened visits every date of a journey's files on which something happened, with
// the id of the file: all are sealed by an act. Left alone are dates that are meant to lie
// ahead: a meeting, the end of a grant or of watching, a day by which something is looked at.
func journeyHappened(r *folder.Record, visit func(d doc, file string, on date.Date, at string, i int)) {
	for _, m := range r.Moves {
		d, v := doc{m.Path, m.Doc}, m.Value
		visit(d, v.ID, v.Date, "date", 0)
		visit(d, v.ID, v.Decided, "decided", 0)
	}
	for _, q := range r.Requests {
		d, v := doc{q.Path, q.Doc}, q.Value
		visit(d, v.ID, v.Opened, "opened", 0)
		visit(d, v.ID, v.Sent, "sent", 0)
		for i, a := range v.KnowledgeAndAgreement {
			visit(d, v.ID, a.Knows, "knowledge_and_agreement[].knows", i)
		}
		for i, x := range v.LearnerSays {
			visit(d, v.ID, x.Date, "learner_says[].date", i)
		}
		for i, x := range v.ParentsSay {
			visit(d, v.ID, x.Date, "parents_say[].date", i)
		}
		for i, x := range v.Declared {
			visit(d, v.ID, x.Date, "declared[].date", i)
		}
	}
	for _, x := range r.Letters {
		visit(doc{x.Path, x.Doc}, x.Value.ID, x.Value.Date, "date", 0)
	}
	for _, x := range r.Decisions {
		d, v := doc{x.Path, x.Doc}, x.Value
		visit(d, v.ID, v.Panel, "panel", 0)
		visit(d, v.ID, v.Notified, "notified", 0)
		visit(d, v.ID, v.AppealTold, "appeal_told", 0)
	}
	for _, x := range r.Impacts {
		visit(doc{x.Path, x.Doc}, x.Value.ID, x.Value.Date, "date", 0)
	}
	keepingHappened(r, visit)
}

// openHappened is the same of the files that are never sealed for good.
func openHappened(r *folder.Record, visit func(d doc, on date.Date, at string, i int)) {
	for _, a := range r.Advice {
		d, v := doc{a.Path, a.Doc}, a.Value
		visit(d, v.Asked, "asked", 0)
		visit(d, v.Seen, "seen", 0)
		visit(d, v.Date, "date", 0)
		visit(d, v.Shared, "shared", 0)
		for i, x := range v.Recommendations {
			visit(d, x.Done, "recommendations[].done", i)
		}
	}
	document := func(d doc, made date.Date, agreed []learner.SignedBy) {
		visit(d, made, "made", 0)
		for i, x := range agreed {
			visit(d, x.Date, "agreed[].date", i)
		}
	}
	document(doc{r.Passport.Path, r.Passport.Doc}, r.Passport.Value.Made, r.Passport.Value.Agreed)
	document(doc{r.Profile.Path, r.Profile.Doc}, r.Profile.Value.Made, r.Profile.Value.Agreed)
	for i, x := range r.Readings.Value.Readings {
		visit(doc{r.Readings.Path, r.Readings.Doc}, x.Date, "readings[].date", i)
	}
	who := doc{r.Learner.Path, r.Learner.Doc}
	for i, a := range r.Learner.Value.Aspirations {
		visit(who, a.Date, "aspirations[].date", i)
	}
	for i, c := range r.Learner.Value.Consents {
		visit(who, c.Date, "consents[].date", i)
		visit(who, c.Withdrawn, "consents[].withdrawn", i)
	}
}
