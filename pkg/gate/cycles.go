package gate

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// reviewedCycles counts the reviewed cycles, of the stages in of or of any.
func reviewedCycles(s *sight, c pathway.Check) answer {
	var of []learner.Cycle
	for _, x := range s.reviewed {
		stage := x.Stage
		if known, ok := s.folder.Pathway.Value.Stage(stage); ok {
			stage = known.ID
		}
		if wanted(c, stage) {
			of = append(of, x)
		}
	}
	least := s.least(c, 1)
	a := answer{state: enough(len(of), least), cites: idsOf(of)}
	if len(of) < least || len(of) == least && least > 1 {
		a.found = outOf(len(of), least) + " reviewed"
	} else {
		a.found = counted(len(of), "reviewed cycle", "reviewed cycles")
	}
	return a
}

// progress asks whether the progress of the latest reviews, one unless at_least
// says more, is among of.
func progress(s *sight, c pathway.Check) answer {
	n := max(1, s.least(c, 1))
	var of []learner.Cycle
	var said []string
	for _, x := range s.latest(n) {
		said = append(said, x.Review.Progress)
		if x.Review.Progress != "" && wanted(c, x.Review.Progress) {
			of = append(of, x)
		}
	}
	if len(said) == 0 {
		return answer{state: Missing, found: "no review yet"}
	}
	return answer{state: enough(len(of), n), found: s.read(pathway.Progress, said), cites: idsOf(of)}
}

// read is what people read for codes; a code that the pathway does not know is
// left out, since a file may hold anything there.
func (s *sight) read(list string, of []string) string {
	p := &s.folder.Pathway.Value
	var out []string
	for _, code := range of {
		if slices.Contains(p.Codes(list), code) {
			out = append(out, p.Words(list, code))
		}
	}
	return strings.Join(out, ", then ")
}

// named is what people read for codes, in a row; a code that the pathway does not
// know stands for itself where it is one, and is left out where it is not.
func (s *sight) named(list string, of []string) string {
	p := &s.folder.Pathway.Value
	var out []string
	for _, code := range of {
		word := codes([]string{code})
		if slices.Contains(p.Codes(list), code) {
			word = p.Words(list, code)
		}
		if word != "" {
			out = append(out, word)
		}
	}
	return strings.Join(out, ", ")
}

// lastDecision asks whether the decision of the latest review is among of.
func lastDecision(s *sight, c pathway.Check) answer {
	last := s.last()
	if last == nil {
		return answer{state: Missing, found: "no review yet"}
	}
	a := answer{state: Missing, found: s.read(pathway.Decisions, []string{last.Review.Decision})}
	if last.Review.Decision != "" && wanted(c, last.Review.Decision) {
		a.state, a.cites = Present, idsOf([]learner.Cycle{*last})
	}
	return a
}

// cycleSettled asks that no plan is left without a review.
func cycleSettled(s *sight, _ pathway.Check) answer {
	if s.open != nil && s.open.Plan != nil {
		return answer{state: Missing, found: "a plan waits for its review", cites: cite(nil, s.open.ID)}
	}
	return answer{state: Present, found: "no plan waits for its review"}
}

const (
	ofLearner = "learner"
	ofParents = "parents"
)

func voices() []string { return []string{ofLearner, ofParents} }

// voice asks whether the learner and the parents are heard in the open cycle or
// the last review. A learner may be too young or unwilling to say anything: then
// the reason counts. Of parents, a reason counts half.
func voice(s *sight, c pathway.Check) answer {
	a := answer{}
	got, half, of := 0, 0, 0
	for _, who := range voices() {
		if !wanted(c, who) {
			continue
		}
		of++
		heard, cites := s.heard(who)
		if heard != Missing {
			a.cites = cite(a.cites, cites)
		}
		switch heard {
		case Present:
			got++
		case Partial:
			half++
		}
	}
	a.state = all(got, of)
	if a.state == Missing && half > 0 {
		a.state = Partial
	}
	switch {
	case got == of && of > 1:
		a.found = "both heard"
	case got == of:
		a.found = "heard"
	case half > 0:
		a.found = "a reason why not"
	case got > 0:
		a.found = outOf(got, of) + " heard"
	}
	return a
}

// heard says whether the learner or the parents are heard lately, and the cycle
// that shows it. A reason counts as present for the learner, partial for parents.
func (s *sight) heard(who string) (State, string) {
	best, at := Missing, ""
	for _, x := range s.recent() {
		if who == ofLearner {
			for _, v := range learnerVoices(*x) {
				if Said(v.Words) || Said(v.NotSought) {
					return Present, x.ID
				}
			}
			continue
		}
		for _, v := range parentVoices(*x) {
			if Said(v.Words) {
				return Present, x.ID
			}
			if Said(v.NotSought) && best == Missing {
				best, at = Partial, x.ID
			}
		}
	}
	return best, at
}

func learnerVoices(c learner.Cycle) []learner.LearnerVoice {
	var out []learner.LearnerVoice
	if c.Assess != nil {
		out = append(out, c.Assess.LearnerSays...)
	}
	if c.Review != nil {
		out = append(out, c.Review.LearnerSays...)
	}
	return out
}

func parentVoices(c learner.Cycle) []learner.ParentVoice {
	var out []learner.ParentVoice
	if c.Assess != nil {
		out = append(out, c.Assess.ParentsSay...)
	}
	if c.Review != nil {
		out = append(out, c.Review.ParentsSay...)
	}
	return out
}

// universalTeaching asks whether the latest plan says what good teaching gives.
func universalTeaching(s *sight, c pathway.Check) answer {
	x := s.planned()
	if x == nil {
		return answer{state: Missing, found: "no plan yet"}
	}
	n := 0
	for _, w := range x.Plan.Universal {
		if Said(w) {
			n++
		}
	}
	a := answer{state: enough(n, max(1, s.least(c, 1))), found: counted(n, "way", "ways") + " of teaching"}
	if n > 0 {
		a.cites = cite(nil, x.ID)
	}
	return a
}

// otherExplanations counts what was asked about before calling it SEN, whether or
// not it applied, in any cycle.
func otherExplanations(s *sight, c pathway.Check) answer {
	var asked, cites []string
	cycles := s.reviewed
	if s.open != nil {
		cycles = append(slices.Clone(cycles), *s.open)
	}
	for _, x := range cycles {
		if x.Assess == nil {
			continue
		}
		for _, e := range x.Assess.OtherExplanations {
			if e.Cause != "" && wanted(c, e.Cause) {
				asked, cites = cite(asked, e.Cause), cite(cites, x.ID)
			}
		}
	}
	a := answer{state: enough(len(asked), max(1, s.least(c, 1))), cites: cites}
	if len(asked) > 0 {
		a.found = "asked about " + cmpWords(s.named(pathway.Explanations, asked), "it")
	}
	return a
}

// evidenceKind asks for evidence of each of the kinds in of, in any cycle.
func evidenceKind(s *sight, c pathway.Check) answer {
	var kinds, cites []string
	n := 0
	cycles := s.reviewed
	if s.open != nil {
		cycles = append(slices.Clone(cycles), *s.open)
	}
	for _, x := range cycles {
		if x.Assess == nil {
			continue
		}
		for _, e := range x.Assess.Evidence {
			if e.Kind != "" && wanted(c, e.Kind) && s.by(e.Date) {
				n++
				kinds, cites = cite(kinds, e.Kind), cite(cites, x.ID)
			}
		}
	}
	of := max(1, s.least(c, len(c.Of)))
	return answer{state: enough(len(kinds), of), found: someOf(n, "piece of evidence", "pieces of evidence"), cites: cites}
}

// measured asks whether the targets of the two latest reviews have a starting
// figure and a later one.
func measured(s *sight, c pathway.Check) answer {
	n, of := 0, 0
	var cites []string
	for _, x := range s.latest(max(1, s.least(c, 2))) {
		if x.Plan == nil {
			continue
		}
		for _, t := range x.Plan.Targets {
			of++
			if t.Measure != nil && t.Measure.Baseline != "" && laterFigure(x, t.ID) {
				n++
				cites = cite(cites, x.ID)
			}
		}
	}
	if of == 0 {
		return answer{state: Missing, found: "no reviewed target yet"}
	}
	return answer{state: all(n, of), found: outOf(n, of) + " targets with a figure before and after", cites: cites}
}

func laterFigure(c learner.Cycle, target string) bool {
	return slices.ContainsFunc(c.Review.Targets, func(t learner.TargetReview) bool { return t.Target == target && t.Result != "" }) ||
		slices.ContainsFunc(c.Do, func(n learner.Note) bool { return n.Target == target && n.Value != "" })
}

func someOf(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return counted(n, one, many)
}

func cmpWords(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
