package gate

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// part is how far one thing that a check names is there.
type part struct {
	state State
	cites []string
	why   string // where it is partial, what of it is there
	// instead is said of a partial one in place of its name and why.
	instead string
}

func there(ok bool, cites ...string) part {
	if !ok {
		return part{state: Missing}
	}
	p := part{state: Present}
	for _, id := range cites {
		p.cites = cite(p.cites, id)
	}
	return p
}

// says asks for every one of the things that a check names.
func says(c pathway.Check, parts map[string]func() part) answer {
	a := answer{}
	got, half := 0, 0
	var without, notes []string
	for _, key := range c.Of {
		look, ok := parts[key]
		p := part{state: Missing}
		if ok {
			p = look()
		}
		for _, id := range p.cites {
			a.cites = cite(a.cites, id)
		}
		switch p.state {
		case Present:
			got++
		case Partial:
			half++
			notes = append(notes, cmp.Or(p.instead, inWords(key)+" "+p.why))
		default:
			without = append(without, inWords(key))
		}
	}
	a.state = all(got, len(c.Of))
	if a.state == Missing && half > 0 {
		a.state = Partial
	}
	if a.state == Partial {
		if len(without) > 0 {
			notes = append(notes, "not there yet: "+strings.Join(without, ", "))
		}
		a.found = strings.Join(notes, "; ")
	}
	return a
}

// inWords is what people read for one of the things that the three tests below
// know: those are words of this program, and no pathway's.
func inWords(key string) string {
	switch key {
	case "knows":
		return "since when they know"
	case "agrees":
		return "that they agree"
	case "parents-say":
		return "what the family says"
	case "learner-says":
		return "what the learner says"
	case "decided-by":
		return "who decided"
	case "decided":
		return "the day it was decided"
	case "because":
		return "the reason"
	case "told":
		return "how the family was told"
	case "asks":
		return "the sum asked for"
	case "main-need":
		return "the main need"
	case "sen-provision":
		return "the census code"
	case "meeting":
		return "the day of the meeting"
	case "monitor-until":
		return "the day until which it is watched"
	case "to-setting":
		return "the next setting"
	case "reasons":
		return "why it is made"
	case "outcomes-sought":
		return "the outcomes hoped for"
	case "support-sought":
		return "the support asked for"
	case "basis":
		return "how the sum is made up"
	case "declared":
		return "who declares it"
	case "period":
		return "the days it is for"
	case "asked-by":
		return "who asks"
	case "readiness-stated":
		return "how ready it is"
	case "areas":
		return "the areas of need"
	case "disability":
		return "whether there is a disability"
	case "characteristics":
		return "whether social care or early help plays a part"
	case "setting-history":
		return "when the learner joined, and the year group"
	case "responsible-teacher":
		return "the teacher responsible"
	case "senco":
		return "the SENCo"
	}
	if !slices.Contains(slices.Concat(recordKeys(), moveKeys(), requestKeys()), key) {
		return "something unknown"
	}
	return strings.ReplaceAll(key, "-", " ")
}

func keys(parts map[string]func() part) []string { return slices.Sorted(maps.Keys(parts)) }

func recordKeys() []string  { return keys(recordParts(nil)) }
func moveKeys() []string    { return keys(moveParts(nil)) }
func requestKeys() []string { return keys(requestParts(nil)) }

// recordSays asks for what the front sheets and the cycles hold.
func recordSays(s *sight, c pathway.Check) answer { return says(c, recordParts(s)) }

const sheet = "learner" // how learner.yaml is cited: it has no id of its own

func recordParts(s *sight) map[string]func() part {
	is := func() learner.Learner { return s.record.Learner.Value }
	cycles := func() []learner.Cycle {
		if s.open == nil {
			return s.reviewed
		}
		return append(slices.Clone(s.reviewed), *s.open)
	}
	assessed := func(has func(*learner.Assess) bool) part {
		var with []learner.Cycle
		for _, x := range cycles() {
			if x.Assess != nil && has(x.Assess) {
				with = append(with, x)
			}
		}
		return there(len(with) > 0, idsOf(with)...)
	}
	return map[string]func() part{
		"strengths": func() part { return assessed(func(a *learner.Assess) bool { return AnySaid(a.Strengths) }) },
		"areas": func() part {
			p := assessed(func(a *learner.Assess) bool {
				return slices.ContainsFunc(a.Concerns, func(x learner.Concern) bool { return x.Area != "" })
			})
			if p.state == Missing && len(s.needs()) > 0 {
				return there(true, sheet)
			}
			return p
		},
		"aspirations": func() part { return there(len(is().Aspirations) > 0, sheet) },
		"adjustments": func() part {
			return there(slices.ContainsFunc(is().Adjustments, func(a learner.Adjustment) bool { return a.Ended.IsZero() || a.Ended.After(s.on()) }), sheet)
		},
		"characteristics": func() part { return there(is().Characteristics != nil, sheet) },
		"disability":      func() part { return there(is().Disability != nil, sheet) },
		"languages": func() part {
			n := 0
			for _, m := range is().Family {
				if m.Language != "" {
					n++
				}
			}
			return part{state: all(n, len(is().Family)), cites: there(n > 0, sheet).cites, why: "of " + outOf(n, len(is().Family)) + " of the family"}
		},
		"setting-history": func() part {
			v := is()
			n := 0
			for _, known := range []bool{!v.Joined.IsZero(), v.Cohort != "" || !s.record.Identity.Value.Born.IsZero()} {
				if known {
					n++
				}
			}
			return part{state: all(n, 2), cites: there(n > 0, sheet).cites, why: "(one of the two)"}
		},
		"responsible-teacher": func() part { return there(is().Team.ResponsibleTeacher != "", sheet) },
		"senco":               func() part { return there(is().Team.SENCo != "", sheet) },
	}
}

// needs are the learner's needs that hold on the day.
func (s *sight) needs() []learner.Need {
	var out []learner.Need
	for _, n := range s.record.Learner.Value.Needs {
		if n.Type != "" && s.by(n.From) && (n.Until.IsZero() || !n.Until.Before(s.on())) {
			out = append(out, n)
		}
	}
	return out
}

// mainNeed asks for the main area of need: in the move, or of rank 1 in the record.
func mainNeed(s *sight, _ pathway.Check) answer {
	if m := s.ask.Move; m != nil && m.MainNeed != "" {
		return answer{state: Present, found: "with this move"}
	}
	for _, n := range s.needs() {
		if rank, _ := n.Rank.Int(); rank == 1 {
			return answer{state: Present, found: "in the record", cites: []string{sheet}}
		}
	}
	if len(s.needs()) > 0 {
		return answer{state: Partial, found: "needs without one of rank 1", cites: []string{sheet}}
	}
	return answer{state: Missing}
}

// moveSays asks for what the move itself says.
func moveSays(s *sight, c pathway.Check) answer {
	m := s.ask.Move
	if m == nil {
		m = &learner.Move{}
	}
	return says(c, moveParts(m))
}

func moveParts(m *learner.Move) map[string]func() part {
	return map[string]func() part{
		"decided-by":    func() part { return there(m.DecidedBy != "") },
		"because":       func() part { return there(Said(m.Because)) },
		"decided":       func() part { return there(!m.Decided.IsZero() || !m.Date.IsZero()) },
		"sen-provision": func() part { return there(m.SENProvision != "") },
		"main-need":     func() part { return there(m.MainNeed != "") },
		"monitor-until": func() part { return there(!m.MonitorUntil.IsZero()) },
		"to-setting":    func() part { return there(Said(m.ToSetting)) },
		"told":          func() part { return there(len(m.Told) > 0) },
		"meeting": func() part {
			switch {
			case m.Meeting == nil || m.Meeting.Date.IsZero():
				return part{state: Missing}
			case len(m.Meeting.Invited) == 0:
				return part{state: Partial, instead: "a meeting with nobody invited yet"}
			}
			return part{state: Present}
		},
	}
}

// consent asks for a consent to this: one that the request names, that the record
// holds, and that holds on the day. What somebody agreed to for another end is no
// consent to this one, and counts half. Where no request is asked about, there is
// none that could name one. The consent of somebody over compulsory school age is
// their own.
func consent(s *sight, _ pathway.Check) answer {
	var holds, over, named, own, gone int
	on := s.on()
	q := learner.Request{}
	if s.ask.Request != nil {
		q = *s.ask.Request
	}
	for _, x := range s.record.Learner.Value.Consents {
		if x.GivenBy == "" || !s.by(x.Date) {
			continue
		}
		rests := slices.ContainsFunc(q.Consents, func(n learner.Consent) bool { return SameConsent(n, x) })
		switch {
		case !ConsentHolds(x, on) && rests:
			gone++
		case !ConsentHolds(x, on):
			over++
		case !rests:
			holds++
		case s.ofAge() && x.GivenBy != learnerID:
			named++
		default:
			named, own = named+1, own+1
		}
	}
	switch {
	case own > 0:
		return answer{state: Present, found: counted(own, "consent", "consents"), cites: []string{sheet}}
	case named > 0:
		return answer{state: Partial, found: themself + " has not agreed yet"}
	case gone > 0:
		return answer{state: Partial, found: "the consent it rests on no longer holds"}
	case holds > 0:
		return answer{state: Partial, found: "a consent is in the record; none is named for this request"}
	case over > 0:
		return answer{state: Partial, found: "a consent that no longer holds"}
	}
	return answer{state: Missing}
}

// ConsentHolds reports whether a consent is in force on a day.
func ConsentHolds(c learner.Consent, on date.Date) bool {
	return !c.Date.After(on) && (c.Until.IsZero() || !c.Until.Before(on)) && (c.Withdrawn.IsZero() || c.Withdrawn.After(on))
}

// SameConsent reports whether two entries are of one consent: whose, when, and to
// what. How long it holds may have been changed since.
func SameConsent(a, b learner.Consent) bool {
	return a.GivenBy == b.GivenBy && a.Date == b.Date && a.To == b.To
}

// confirmed asks whether a person vouches for it, or a decision with one of the
// results in of shows it. A decision from before the learner last left the stage
// that the move leads to was about an earlier time there.
func confirmed(s *sight, c pathway.Check) answer {
	if slices.Contains(s.ask.Confirmed, c.ID) {
		return answer{state: Present, found: "confirmed"}
	}
	var since date.Date
	if m := s.ask.Move; m != nil {
		for _, x := range corrected(s.record, s.record.Moves) {
			if v := x.Value; v.From == m.To && s.by(v.Date) && v.Date.After(since) {
				since = v.Date
			}
		}
	}
	for _, l := range slices.Backward(Lives(s.folder, s.record)) {
		for _, d := range slices.Backward(l.Decisions) {
			day := decided(d.Value)
			if !s.by(day) {
				continue
			}
			if v := d.Value; slices.Contains(c.Of, v.Result) && v.Result != "" && !day.Before(since) {
				return answer{state: Present, found: l.Kind.Result(v.Result) + ", " + day.Short(), cites: cite(nil, v.ID)}
			}
			break // only the latest decision says how it stands
		}
	}
	return answer{state: Missing}
}
