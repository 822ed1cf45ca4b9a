package render

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

// MoveFile lays out a recorded move in sentences, with its gate as it was sealed.
func MoveFile(name string, v report.MoveFile) []Line {
	var p page
	from := ""
	if v.FromWords != "" {
		from = "from " + v.FromWords + " "
	}
	p.tone(Heading, 0, "%s: moved %sto %s, from %s (%s)", name, from, v.ToWords, v.Date.Long(), v.ID)
	on := ""
	if v.Decided != v.Date {
		on = " on " + v.Decided.Long()
	}
	p.add(0, "Decided by %s%s. Census code from then on: %s.", v.DecidedByName, on, v.SENWords)
	if v.MainNeed != "" {
		p.add(0, "Main area of need: %s (%s).", v.MainNeedWords, v.MainNeed)
	}
	if v.ToSetting != "" {
		p.add(0, "Went on to: %s", report.Sentence(v.ToSetting))
	}
	if v.Because != "" {
		p.head("Why")
		p.add(2, "%s", report.Sentence(v.Because))
	}
	if len(v.Told) > 0 || v.NotTold != "" {
		p.head("Telling the family")
		for _, x := range v.Told {
			p.contact(2, x)
		}
		if v.NotTold != "" {
			p.add(2, "The family was not told then; the reason given: %s", report.Quoted(v.NotTold))
		}
	}
	if !v.Meeting.IsZero() {
		p.head("Meeting of " + v.Meeting.Long())
		p.add(2, "Invited: %s.", v.InvitedWords)
	}
	if !v.MonitorUntil.IsZero() {
		p.head("Afterwards")
		p.add(2, "Watched until %s, to see that all goes well.", v.MonitorUntil.Long())
	}
	if len(v.Gate) > 0 {
		p.head("What was looked for before it, as it stood then")
		for _, g := range v.Gate {
			p.keptCheck(g)
		}
	}
	p.corrected(v.Corrected)
	return p
}

// keptCheck says in words whether a check was met: a reader of one line must not
// have to know what a missing mark means.
func (p *page) keptCheck(g report.KeptCheck) {
	words := strings.TrimSuffix(g.Words, ".")
	switch {
	case !g.Met:
		p.tone(Alarm, 2, "NOT MET (%s): %s.", kindWords(g.Kind), words)
	case len(g.Shown) > 0:
		var by []report.RequestEvidence
		for i, w := range g.Shown {
			by = append(by, report.RequestEvidence{Cites: g.Cites[i], CitesWords: w})
		}
		p.add(2, "Met (%s): %s; shown by %s.", kindWords(g.Kind), words, citesWords(by))
	default:
		p.add(2, "Met (%s): %s.", kindWords(g.Kind), words)
	}
}

// corrected lists what was put right of a sealed file, with both values.
func (p *page) corrected(all []report.Correction) {
	if len(all) == 0 {
		return
	}
	p.head("Put right since; what was recorded first stays beside it")
	for _, x := range all {
		p.add(2, "%s: it said %s, and should say %s: %s (%s, %s)", report.Capital(strings.TrimPrefix(x.Where, "the ")),
			report.OrNothing(x.Was), x.Is, report.Sentence(x.Because), x.ByName, x.Date.Long())
	}
}
