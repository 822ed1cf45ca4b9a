package census

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// school is all pupils together while the rules look at them.
type school struct {
	judge     *Judge
	rule      pathway.CensusRule
	at        []int // places in Return.Pupils of those who are counted
	counts    Counts
	outOfYear int
	out       []Problem
}

// schoolChecks are the mechanisms that rules name under test, of those that need every
// pupil.
func schoolChecks() map[string]func(*school) {
	return map[string]func(*school){
		"upn-twice": func(s *school) { s.alike(exchange.UPN, func(p Pupil) string { return p.UPN }) },
		"uln-twice": func(s *school) { s.alike(exchange.ULN, func(p Pupil) string { return p.ULN }) },
		"same-child": func(s *school) {
			s.alike(exchange.Surname, func(p Pupil) string {
				if p.Surname == "" || p.Forename == "" || p.Born.IsZero() {
					return ""
				}
				return strings.ToLower(p.Surname) + "\x00" + strings.ToLower(p.Forename) + "\x00" + p.Sex + "\x00" + p.Born.String()
			})
		},
		"out-of-year-share": func(s *school) {
			s.share(s.outOfYear, func(n, of, percent int) bool { return n > 0 && n*100 >= percent*of })
		},
		"share-plans":       func(s *school) { s.share(s.counts.E, above) },
		"share-support":     func(s *school) { s.share(s.counts.K, above) },
		"share-special":     func(s *school) { s.share(s.counts.E, func(n, of, percent int) bool { return n*100 < percent*of }) },
		"share-nobody":      nobody,
		"plans-up":          func(s *school) { s.swing(s.counts.E, s.before().E) },
		"plans-down":        func(s *school) { s.swing(-s.counts.E, -s.before().E) },
		"plans-from-none":   func(s *school) { s.fromNone(s.counts.E, s.before().E) },
		"support-up":        func(s *school) { s.swing(s.counts.K, s.before().K) },
		"support-down":      func(s *school) { s.swing(-s.counts.K, -s.before().K) },
		"support-from-none": func(s *school) { s.fromNone(s.counts.K, s.before().K) },
	}
}

func above(n, of, percent int) bool { return n*100 > percent*of }

// alike tells of each pupil whose mark is that of one before; "" is the mark of nobody.
func (s *school) alike(f exchange.Field, mark func(Pupil) string) {
	first := map[string]int{}
	pupils := s.judge.in.Return.Pupils
	for _, i := range s.at {
		m := mark(pupils[i])
		if m == "" {
			continue
		}
		k, ok := first[m]
		if !ok {
			first[m] = i
			continue
		}
		p := s.judge.problem(s.rule)
		p.Field, p.Learner, p.Other = f, pupils[i].Learner, pupils[k].Learner
		if l := s.judge.in.List; l != nil {
			p.Row, p.Same = l.Pupils[i].Row, l.Pupils[k].Row
		}
		s.out = append(s.out, p)
	}
}

// roll is how many pupils there are in the whole school; 0 where that is not known.
func (s *school) roll() int {
	switch {
	case s.judge.in.Roll > 0:
		return s.judge.in.Roll
	case s.judge.wholeKnown():
		return len(s.at)
	}
	return 0
}

// tell adds a problem of the school, with the numbers that it rests on.
func (s *school) tell(more string) {
	p := s.judge.problem(s.rule)
	p.Message += more
	s.out = append(s.out, p)
}

func (s *school) share(n int, queried func(n, of, percent int) bool) {
	percent := s.rule.Limit("percent")
	if of := s.roll(); of > 0 && queried(n, of, percent) {
		s.tell(fmt.Sprintf(" (%d of %d; the limit is %d in 100)", n, of, percent))
	}
}

func nobody(s *school) {
	if of := s.roll(); of > 0 && s.counts.K+s.counts.E == 0 {
		s.tell(fmt.Sprintf(" (of %d)", of))
	}
}

// before are the counts of the census day before; of nobody where they are not known.
func (s *school) before() Counts {
	if b := s.judge.in.Before; b != nil {
		return *b
	}
	return Counts{}
}

// swing tells of a number that has risen far. Both are negative for one that has fallen.
func (s *school) swing(now, was int) {
	change, of := now-was, max(was, -was)
	if of > 0 && change >= s.rule.Limit("pupils") && change*100 >= s.rule.Limit("percent")*of {
		s.tell(fmt.Sprintf(" (%d, and %d on %s)", max(now, -now), of, s.before().Day.Long()))
	}
}

func (s *school) fromNone(now, was int) {
	if b := s.before(); b.Pupils > 0 && was == 0 && now > 0 {
		s.tell(fmt.Sprintf(" (%d, and 0 on %s)", now, b.Day.Long()))
	}
}
