package gate

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// requestSays asks for what the request says. What the record already says of the
// learner's and the parents' views counts half: a panel wants to hear what they
// hope for from this request.
func requestSays(s *sight, c pathway.Check) answer { return says(c, requestParts(s)) }

func requestParts(s *sight) map[string]func() part {
	// What is asked for is looked up only when it is wanted, so that the keys can be
	// listed without a record.
	q := func() learner.Request {
		if s.ask.Request == nil {
			return learner.Request{}
		}
		return *s.ask.Request
	}
	return map[string]func() part{
		"reasons":         func() part { return there(Said(q().Reasons)) },
		"because":         func() part { return there(Said(q().Because)) },
		"outcomes-sought": func() part { return there(AnySaid(q().OutcomesSought)) },
		"support-sought":  func() part { return there(AnySaid(q().SupportSought)) },
		"basis":           func() part { return there(len(q().Basis) > 0) },
		"costs":           func() part { return there(len(q().Costs) > 0) },
		"asks":            func() part { return there(q().Asks != nil && q().Asks.Money != "") },
		"knows": func() part {
			return s.knowledge(q(), "does not know yet", func(a learner.Agreement) bool { return !a.Knows.IsZero() })
		},
		"agrees": func() part {
			return s.knowledge(q(), "has not agreed yet", func(a learner.Agreement) bool { return a.Agrees })
		},
		"evidence":         func() part { return there(len(q().Evidence) > 0) },
		"learner-says":     func() part { return s.learnerPart(q()) },
		"parents-say":      func() part { return s.parentsPart(q()) },
		"declared":         func() part { return there(len(q().Declared) > 0) },
		"period":           func() part { return there(q().Asks != nil && !q().Asks.From.IsZero() && !q().Asks.To.IsZero()) },
		"asked-by":         func() part { return there(q().AskedBy != "") },
		"readiness-stated": func() part { return there(len(q().Readiness) > 0) },
	}
}

// ByRight reports whether whoever asks has a right to: a request of this kind is
// the law's, and the learner makes it or, until the learner is over compulsory
// school age, one of the family. Nobody owes a reason for what is theirs to ask.
func ByRight(kind pathway.Request, r *folder.Record, askedBy string, on date.Date) bool {
	if kind.ID == "" || !kind.Statutory() || askedBy == "" {
		return false
	}
	if askedBy == learnerID {
		return true
	}
	return !OfAge(r, on) && slices.ContainsFunc(r.Learner.Value.Family, func(m learner.FamilyMember) bool { return m.ID == askedBy })
}

// knowledge asks for one of those who have a say who knows of the request, or
// agrees. A request that the family makes itself is one they know of. Once the
// learner is over compulsory school age their own knowledge is meant, and a
// parent's counts half; not says what is missing then.
func (s *sight) knowledge(q learner.Request, not string, is func(learner.Agreement) bool) part {
	own := func(who string) bool { return !s.ofAge() && s.family(who) || s.ofAge() && who == learnerID }
	has := func(may func(string) bool) bool {
		return may(q.AskedBy) || slices.ContainsFunc(q.KnowledgeAndAgreement, func(a learner.Agreement) bool { return may(a.Who) && is(a) })
	}
	switch {
	case has(own):
		return part{state: Present}
	case has(s.family):
		return part{state: Partial, instead: themself + " " + not}
	}
	return part{state: Missing}
}

const inRecord = "their words from other talks are in the record; they have not been asked for this request"

// learnerPart is the learner's own part of a request: their words for it, or a
// passport or profile that was made and agreed with them.
func (s *sight) learnerPart(q learner.Request) part {
	if slices.ContainsFunc(q.LearnerSays, func(v learner.LearnerVoice) bool { return Said(v.Words) || Said(v.NotSought) }) {
		return part{state: Present}
	}
	if a := document(s, pathway.Check{}); a.state == Present {
		return there(true, a.cites...)
	}
	if heard, id := s.heard(ofLearner); heard == Present {
		return part{state: Partial, cites: cite(nil, id), instead: inRecord}
	}
	return part{state: Missing}
}

func (s *sight) parentsPart(q learner.Request) part {
	if slices.ContainsFunc(q.ParentsSay, func(v learner.ParentVoice) bool { return Said(v.Words) }) {
		return part{state: Present}
	}
	if heard, id := s.heard(ofParents); heard == Present {
		return part{state: Partial, cites: cite(nil, id), instead: inRecord}
	}
	return part{state: Missing}
}

// evidenceNumbered asks that every piece of evidence has a number of its own, and
// the pages where it is an attachment.
func evidenceNumbered(s *sight, _ pathway.Check) answer {
	var list []learner.RequestEvidence
	if q := s.ask.Request; q != nil {
		list = q.Evidence
	}
	if len(list) == 0 {
		return answer{state: Missing}
	}
	n := 0
	seen := map[learner.Number]string{}
	for _, e := range list {
		// One file can show several things under one number.
		before, used := seen[e.N]
		seen[e.N] = e.Cites
		attached := strings.HasPrefix(e.Cites, hashed)
		if e.N != "" && e.Cites != "" && (!used || before == e.Cites) && (!attached || e.Pages != "") {
			n++
		}
	}
	return answer{state: all(n, len(list)), found: outOf(n, len(list)) + " with a number, and pages where they are attached"}
}

// declared asks for the declaration of somebody in each of the roles in of.
func declared(s *sight, c pathway.Check) answer {
	var got []string
	if q := s.ask.Request; q != nil {
		for _, x := range q.Declared {
			if role := s.role(x.Who); role != "" && wanted(c, role) && s.by(x.Date) {
				got = cite(got, role)
			}
		}
	}
	of := max(1, s.least(c, len(c.Of)))
	a := answer{state: enough(len(got), of)}
	if len(got) > 0 {
		a.found = "declared by " + cmpWords(s.named(pathway.Roles, got), outOf(len(got), of))
	}
	return a
}
