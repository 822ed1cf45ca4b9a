package render

import (
	"github.com/sendctl/sendctl/pkg/report"
)

// Document lays out a passport or profile for a reader: the learner's own words
// first, then how far they can be relied on.
func Document(d report.Document) []Line {
	var p page
	p.tone(Heading, 0, "%s: %s, %s", d.Name, d.KindWords, documentVersion(d))
	for _, f := range d.Faults {
		p.tone(Alarm, 0, "NOT SHOWN IN FULL: %s line %d: %s.", f.File, f.Line, f.Message)
	}
	for _, l := range d.Lists {
		if len(l.Items) == 0 {
			continue
		}
		p.head(l.Words + " ...")
		for _, x := range l.Items {
			p.add(2, "- %s", x)
		}
	}
	p.gap()
	p.add(0, "Made on %s, with %s.", orSomeDay(d.Made.Long()), orSomebody(d.WithWords))
	p.documentAgreement(d)
	p.documentLook(d)
	if d.AgreedLast != "" {
		p.documentReaders(d)
	}
	return p
}

func documentVersion(d report.Document) string {
	if d.State == report.Draft {
		return "version " + d.Version + ", a draft that is not agreed yet"
	}
	return "version " + d.Version
}

func (p *page) documentAgreement(d report.Document) {
	switch {
	case d.State == report.Draft && d.AgreedLast != "":
		p.add(0, "Nobody has agreed this version yet; the one agreed last is version %s.", d.AgreedLast)
	case d.State == report.Draft:
		p.add(0, "Nobody has agreed it yet.")
	default:
		p.add(0, "Agreed by %s.", signatories(d.Agreed))
		if !d.Together {
			p.tone(Alarm, 0, "Neither the learner nor anyone of the family is among those who agreed it.")
		}
	}
	switch {
	case d.Changed && d.Seals == 0:
		p.tone(Alarm, 0, "IT SAYS THAT IT WAS AGREED, and no seal was ever made of it: it was written by hand. To agree what stands here: sendctl %s %s agree", d.Kind, d.Learner)
	case d.Changed:
		p.tone(Alarm, 0, "CHANGED SINCE IT WAS AGREED: this is not the text that they agreed; the history holds that one. To agree what stands here: sendctl %s %s agree", d.Kind, d.Learner)
	}
}

func (p *page) documentLook(d report.Document) {
	switch {
	case d.Stale && !d.ReviewOn.IsZero():
		p.tone(Alarm, 0, "DUE TO BE LOOKED AT AGAIN since %s.", d.ReviewOn.Long())
	case d.Stale:
		p.tone(Alarm, 0, "DUE TO BE LOOKED AT AGAIN since %s, as long after it was made as the pathway says.", d.StaleSince.Long())
	case !d.ReviewOn.IsZero():
		p.add(0, "To be looked at again on %s.", d.ReviewOn.Long())
	default:
		p.add(0, "It does not say when it is to be looked at again.")
	}
}

func (p *page) documentReaders(d report.Document) {
	of := ""
	if d.AgreedLast != d.Version {
		of = " version " + d.AgreedLast
	}
	if len(d.Readings) > 0 {
		p.add(0, "Who has read%s: %s.", whatWasRead(of), signatories(d.Readings))
	}
	if len(d.Unread) > 0 {
		p.tone(Alarm, 0, "Who is to read%s and has not: %s.", whatWasRead(of), d.UnreadWords)
	}
}

func whatWasRead(s string) string {
	if s == "" {
		return " it"
	}
	return s
}

func orSomeDay(s string) string {
	if s == "" {
		return "a day that is not said"
	}
	return s
}

func orSomebody(s string) string {
	if s == "" {
		return "nobody who is named"
	}
	return s
}

// signatories lists people with the day, said once where it is the same for all.
func signatories(xs []report.Signed) string {
	var names []string
	one := true
	for _, x := range xs {
		one = one && x.Date == xs[0].Date
	}
	for _, x := range xs {
		if one {
			names = append(names, x.WhoName)
		} else {
			names = append(names, x.WhoName+" on "+orSomeDay(x.Date.Long()))
		}
	}
	if one && len(xs) > 0 {
		names[len(names)-1] += " on " + orSomeDay(xs[0].Date.Long())
	}
	if n := len(names); n > 1 {
		return join(", ", names[:n-1]...) + " and " + names[n-1]
	}
	return join(", ", names...)
}
