package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

type adviceFile = recordfile.File[learner.Advice]

// adviceConsent: somebody from outside sees a learner with the agreement of the family
// or, after compulsory school age, of the young person; and goes on as long as that holds.
// What an EHC plan promises is given by law, and rests on no consent.
var adviceConsent = Rule{
	Name: "advice-consent", ID: "SEN1002", Severity: diag.Warning,
	About:  "Advice from outside says who agreed to it, and learner.yaml holds their consent for that time, and as long as that professional works with the learner.",
	Source: "Code of Practice, chapter 6 (parents are always involved in a decision to bring in a specialist); UK GDPR, article 7 (consent can be taken back)",
	check: func(l *look) {
		l.workWithoutConsent()
		for _, a := range l.record.Advice {
			v := a.Value
			if a.Doc == nil || !l.fromOutside(v.By) {
				continue
			}
			if v.Consent == "" {
				l.find(docOf(a), "by", "nothing says who agreed to this professional being asked", "write who it was under consent: sendctl edit "+l.record.ID+" "+shown(v.ID))
				continue
			}
			if v.Consent != learnerID && !l.isFamily(v.Consent) {
				continue // that is a reference that leads nowhere
			}
			day := firstDay(v.Asked, v.Seen, v.Date)
			last := v.Seen
			if last.IsZero() {
				last = day
			}
			held := slices.ContainsFunc(l.record.Learner.Value.Consents, func(c learner.Consent) bool {
				return c.GivenBy == v.Consent && (gate.ConsentHolds(c, day) || gate.ConsentHolds(c, last))
			})
			if !held {
				l.find(docOf(a), "consent", "learner.yaml holds no consent from them for the day this professional was asked",
					"write under consents what they agreed to, and when: sendctl edit "+l.record.ID+" learner.yaml")
			}
		}
	},
}

// workWithoutConsent tells of a professional from outside who gives support in the open plan,
// where the consent on which they were asked has run out or was taken back.
func (l *look) workWithoutConsent() {
	c, d, ok := l.planned()
	if !ok || !l.tells() || l.code() == ehcPlan {
		return
	}
	told := map[string]bool{}
	for i, p := range c.Plan.Provision {
		if told[p.By] || !l.fromOutside(p.By) || l.weeksOver(*c.Plan, p) {
			continue
		}
		at, lapsed := l.lapsed(p.By)
		if !lapsed {
			continue
		}
		told[p.By] = true
		message := "this professional still works with the learner, but the consent to it has run out"
		if !l.record.Learner.Value.Consents[at].Withdrawn.IsZero() {
			message = "this professional still works with the learner, but the consent to it was taken back"
		}
		hint := "ask the family whether they may go on, and write the new consent (sendctl edit "
		if from := l.ofAgeFrom(); !from.IsZero() && l.reached(from) {
			hint = "ask the young person whether they may go on, and write their own consent (sendctl edit "
		}
		l.find(d, indexed("plan.provision[].by", i), message, hint+l.record.ID+" learner.yaml); if not, take this out of the plan",
			related(docOf(l.record.Learner), indexed("consents[]", at), "the consent"))
	}
}

// lapsed gives the latest consent on which a professional was asked, where none of those
// holds today nor one that was given since then. A consent that names the role or the
// organisation is meant for them; where none does, any of that person and that day may be.
func (l *look) lapsed(by string) (at int, ok bool) {
	all := l.record.Learner.Value.Consents
	who, _ := l.folder.PersonIn(l.record, by)
	role := l.folder.Pathway.Value.Words(pathway.Roles, who.Role)
	names := func(c learner.Consent) bool {
		to := strings.ToLower(string(c.To))
		return role != "" && strings.Contains(to, strings.ToLower(role)) || who.Organisation != "" && strings.Contains(to, strings.ToLower(string(who.Organisation)))
	}
	at = -1
	for _, a := range l.record.Advice {
		if a.Value.By != by || a.Value.Consent == "" {
			continue
		}
		day := firstDay(a.Value.Asked, a.Value.Seen, a.Value.Date)
		best := -1
		for i, c := range all {
			if c.GivenBy != a.Value.Consent || !gate.ConsentHolds(c, day) {
				continue
			}
			if best < 0 || names(c) && !names(all[best]) || names(c) == names(all[best]) && c.Date.After(all[best].Date) {
				best = i
			}
		}
		if best >= 0 && (at < 0 || all[best].Date.After(all[at].Date)) {
			at = best
		}
	}
	if at < 0 || l.agreedNow(all[at]) {
		return at, false
	}
	return at, !slices.ContainsFunc(all, func(c learner.Consent) bool {
		return l.agreedNow(c) && (names(c) || !names(all[at]) || c.Date.After(all[at].Date))
	})
}

// agreedNow reports whether a consent holds today.
func (l *look) agreedNow(c learner.Consent) bool {
	return l.reached(c.Date) && !l.past(c.Until) && (c.Withdrawn.IsZero() || !l.reached(c.Withdrawn))
}

// weeksOver reports whether the weeks for which a plan gives a support have gone by.
func (l *look) weeksOver(plan learner.Plan, p learner.Provision) bool {
	if p.Sessions == nil {
		return false
	}
	from := plan.Date
	if plan.Starts.After(from) {
		from = plan.Starts
	}
	weeks, ok := p.Sessions.Weeks.Int()
	return ok && weeks > 0 && l.afterSchoolDays(from, 5*weeks)
}

// firstDay is the first of the days that is given.
func firstDay(days ...date.Date) date.Date {
	for _, d := range days {
		if !d.IsZero() {
			return d
		}
	}
	return date.Date{}
}
