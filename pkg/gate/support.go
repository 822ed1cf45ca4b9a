package gate

import (
	"cmp"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// additional are the provisions of a plan that go beyond the ordinary offer; all
// of them where none is marked so.
func additional(p *learner.Plan) []learner.Provision {
	if p == nil {
		return nil
	}
	var out []learner.Provision
	for _, x := range p.Provision {
		if x.Additional {
			out = append(out, x)
		}
	}
	if len(out) == 0 {
		return p.Provision
	}
	return out
}

// provisionImpact asks whether the two latest reviews say of every provision what
// it changed. That nobody can tell is an answer, but no impact shown.
func provisionImpact(s *sight, c pathway.Check) answer {
	return s.provisions(c, "with its impact", func(x learner.Cycle, p learner.Provision) bool {
		return slices.ContainsFunc(x.Review.Provision, func(v learner.ProvisionReview) bool {
			return v.Provision == p.ID && v.Impact != "" && v.Impact != "cannot-tell"
		})
	})
}

// provisionGiven asks whether the two latest cycles say of every provision how
// much of it was given.
func provisionGiven(s *sight, c pathway.Check) answer {
	return s.provisions(c, "with how much was given", func(x learner.Cycle, p learner.Provision) bool {
		return slices.ContainsFunc(x.Review.Provision, func(v learner.ProvisionReview) bool { return v.Provision == p.ID && v.Delivered != "" }) ||
			slices.ContainsFunc(x.Do, func(n learner.Note) bool { return n.Provision == p.ID && n.Delivered != "" })
	})
}

func (s *sight) provisions(c pathway.Check, words string, shows func(learner.Cycle, learner.Provision) bool) answer {
	n, of := 0, 0
	var cites []string
	for _, x := range s.latest(max(1, s.least(c, 2))) {
		for _, p := range additional(x.Plan) {
			of++
			if shows(x, p) {
				n++
				cites = cite(cites, x.ID)
			}
		}
	}
	if of == 0 {
		return answer{state: Missing, found: "no reviewed provision yet"}
	}
	return answer{state: all(n, of), found: outOf(n, of) + " provisions " + words, cites: cites}
}

// Costed is what the additional support of one cycle costs in a full year.
type Costed struct {
	Cycle     string // its id; "" where there is no plan
	Lines     []cost.Line
	Sum       cost.Pence
	Whole     bool       // whether every line could be reckoned
	Threshold cost.Pence // what a setting meets from its own budget; 0 where nobody says
}

// Costing reckons the plan that is open, or else the one reviewed last, at the
// setting's rates of that day.
func Costing(f *folder.Folder, r *folder.Record, on date.Date) Costed {
	return see(f, r, Ask{On: on}).costing()
}

func (s *sight) costing() Costed {
	var out Costed
	limit, _ := Least(s.folder, "element-2-threshold")
	out.Threshold, _ = cost.Parse(limit)
	x := s.planned()
	if x == nil {
		return out
	}
	out.Cycle = x.ID
	year, _ := Least(s.folder, "weeks-a-year")
	weeks, _ := year.Int()
	on := s.ask.On
	if on.IsZero() {
		on = x.Plan.Date
	}
	out.Lines = cost.Lines(x.Plan, s.folder.Setting.Value.Rates, on, weeks)
	out.Sum, out.Whole = cost.Total(out.Lines)
	return out
}

const ofThreshold = "threshold"

func costedOf() []string { return []string{ofThreshold} }

// provisionCosted asks whether all additional support can be costed. With of:
// [threshold], a sum below what a setting meets itself counts half.
func provisionCosted(s *sight, c pathway.Check) answer {
	k := s.costing()
	switch {
	case k.Cycle == "":
		return answer{state: Missing, found: "no plan yet"}
	case len(k.Lines) == 0:
		return answer{state: Missing, found: "no additional provision in the plan"}
	}
	costed := 0
	for _, l := range k.Lines {
		if l.Err == nil {
			costed++
		}
	}
	a := answer{state: all(costed, len(k.Lines)), found: k.Sum.Pounds() + " pounds a year"}
	if costed > 0 {
		a.cites = cite(nil, k.Cycle)
	}
	if k.Threshold > 0 {
		a.found += "; the setting meets " + k.Threshold.Pounds() + " itself"
	}
	if !k.Whole {
		a.found = counted(len(k.Lines)-costed, "provision", "provisions") + " not costed yet"
		if costed > 0 {
			a.found = k.Sum.Pounds() + " pounds a year and " + a.found
		}
	}
	if a.state == Present && slices.Contains(c.Of, ofThreshold) && k.Sum < k.Threshold {
		a.state = Partial
	}
	return a
}

// adviceOf is the advice that professionals gave, in the roles of
// the check, by the day: asked tells that advice was asked for and not come yet.
func (s *sight) adviceOf(c pathway.Check) (given []learner.Advice, asked []learner.Advice) {
	for _, f := range s.record.Advice {
		v := f.Value
		if !wanted(c, s.role(v.By)) {
			continue
		}
		day := cmp.Or(v.Date, v.Seen, v.Asked)
		if day.IsZero() || !s.by(day) {
			continue
		}
		if v.Seen.IsZero() && len(v.Findings)+len(v.Recommendations) == 0 {
			asked = append(asked, v)
			continue
		}
		given = append(given, v)
	}
	return given, asked
}

func adviceIDs(list []learner.Advice) []string {
	var out []string
	for _, v := range list {
		out = cite(out, v.ID)
	}
	return out
}

func adviceDay(v learner.Advice) date.Date { return cmp.Or(v.Date, v.Seen, v.Asked) }

func newest(list []learner.Advice) date.Date {
	var day date.Date
	for _, v := range list {
		if adviceDay(v).After(day) {
			day = adviceDay(v)
		}
	}
	return day
}

// advice asks for the advice of somebody of another organisation. What was only
// asked for counts half.
func advice(s *sight, c pathway.Check) answer {
	given, asked := s.adviceOf(c)
	least := max(1, s.least(c, 1))
	within := slices.DeleteFunc(slices.Clone(given), func(v learner.Advice) bool { return s.outside(v.By) })
	switch {
	case len(given) > 0 && len(given)-len(within) < least && len(within) > 0:
		return answer{state: Partial, cites: adviceIDs(given), found: "advice of " + newest(within).Short() + ", of somebody with no organisation in people.yaml"}
	case len(given) > 0:
		return answer{state: enough(len(given), least), cites: adviceIDs(given),
			found: counted(len(given), "piece of advice", "pieces of advice") + ", the latest of " + newest(given).Short()}
	case len(asked) > 0:
		return answer{state: Partial, cites: adviceIDs(asked), found: "asked for, and not said yet"}
	}
	return answer{state: Missing}
}

// adviceRecent asks that the latest advice is no older than the pathway's
// advice_within_months; older advice counts half.
func adviceRecent(s *sight, c pathway.Check) answer {
	given, _ := s.adviceOf(c)
	if len(given) == 0 {
		return answer{state: Missing}
	}
	day := newest(given)
	a := answer{state: Present, found: "the latest of " + day.Short()}
	for _, v := range given {
		if adviceDay(v) == day {
			a.cites = cite(a.cites, v.ID)
		}
	}
	limit, _ := Least(s.folder, "advice-within-months")
	if months, ok := limit.Int(); ok && date.New(day.Year(), day.Month()+time.Month(months), day.Day()).Before(s.on()) {
		a.state = Partial
	}
	return a
}

// adviceActedOn asks what came of every recommendation: it was done, or there is
// a reason why it is not followed.
func adviceActedOn(s *sight, c pathway.Check) answer {
	given, _ := s.adviceOf(c)
	done, of := 0, 0
	var cites []string
	for _, v := range given {
		for _, r := range v.Recommendations {
			of++
			if !r.Open() && s.by(r.Done) {
				done++
				cites = cite(cites, v.ID)
			}
		}
	}
	if of == 0 {
		return answer{state: Missing, found: "no recommendations yet"}
	}
	return answer{state: all(done, of), found: outOf(done, of) + " recommendations acted on", cites: cites}
}

const (
	aPassport = "passport"
	aProfile  = "profile"
)

func documents() []string { return []string{aPassport, aProfile} }

// document asks for an agreed passport or profile, of any of the kinds in of. A
// draft counts half, and so does one due to be looked at again.
func document(s *sight, c pathway.Check) answer {
	best := answer{state: Missing}
	r := s.record
	for _, d := range []struct {
		kind           string
		there          bool
		made, reviewOn date.Date
		agreed         bool
	}{
		{aPassport, r.Passport.Doc != nil, r.Passport.Value.Made, r.Passport.Value.ReviewOn, len(r.Passport.Value.Agreed) > 0},
		{aProfile, r.Profile.Doc != nil, r.Profile.Value.Made, r.Profile.Value.ReviewOn, len(r.Profile.Value.Agreed) > 0},
	} {
		if !d.there || !wanted(c, d.kind) || best.state == Present {
			continue
		}
		a := answer{state: Partial, cites: []string{d.kind}, found: "a " + d.kind}
		if !d.made.IsZero() {
			a.found += " of " + d.made.Short()
		}
		switch {
		case !d.agreed:
			a.found += ", not agreed yet"
		case s.stale(d.made, d.reviewOn):
			a.found += ", due to be looked at again"
		default:
			a.state = Present
		}
		best = a
	}
	return best
}

// stale reports whether a document is past the day it names itself, or, where it
// names none, older than the pathway's document_weeks.
func (s *sight) stale(made, reviewOn date.Date) bool {
	on := s.on()
	if reviewOn.IsZero() {
		limit, _ := Least(s.folder, "document-weeks")
		weeks, ok := limit.Int()
		if !ok || made.IsZero() {
			return false
		}
		reviewOn = made.AddDays(7 * weeks)
	}
	return on.After(reviewOn)
}
