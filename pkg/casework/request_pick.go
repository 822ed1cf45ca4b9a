package casework

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/gate"
)

// Picking says which requests an act can be about. Of those that fit, the ones that
// Likely holds for go first; where one alone is left it is meant.
type Picking struct {
	Fits, Likely func(gate.Life) bool
	// None says what to do where none fits; the learner's id is put in for %s.
	None string
}

// The acts on a request, by the word typed for them.
func picking(act string) Picking {
	draft := func(l gate.Life) bool { return !l.Sent() }
	sent := func(l gate.Life) bool { return l.Sent() }
	switch act {
	case "edit", "cite", "send":
		return Picking{Fits: draft, None: "%[1]s has no request that is still a draft; begin one with: sendctl request %[1]s open KIND"}
	case "withdraw":
		return Picking{Fits: draft, None: "%[1]s has no request that is still a draft; one that was sent is taken back with: sendctl request %[1]s decided --result withdrawn"}
	case "letter":
		return Picking{Fits: sent, Likely: gate.Life.Open, None: "%[1]s has no request that was sent; sendctl request %[1]s shows what there is"}
	case "decided":
		return Picking{Fits: sent, Likely: gate.Life.Open, None: "%[1]s has no request that was sent, so there is nothing to decide; sendctl request %[1]s shows what there is"}
	case "impact":
		return Picking{
			Fits:   func(l gate.Life) bool { return l.Kind.Money && l.Grant() != nil },
			Likely: func(l gate.Life) bool { return len(l.Impacts) == 0 },
			None:   "%[1]s was granted no money for a time, so there is no impact to record; sendctl request %[1]s shows what there is",
		}
	}
	return Picking{Fits: func(gate.Life) bool { return true }, None: "%[1]s has no request; begin one with: sendctl request %[1]s open KIND"}
}

// PickRequest finds the request that an act is about: the one that typed names, by
// its id or by its kind, else the one it can be about. Where there are several the
// error names --request with what there is.
func PickRequest(c Case, act, typed string) (gate.Life, error) {
	how := picking(act)
	var fit, known []gate.Life
	for _, l := range gate.Lives(c.Folder, c.Record) {
		if l.Request.Doc == nil {
			continue // it cannot be read; validate tells
		}
		known = append(known, l)
		if how.Fits(l) {
			fit = append(fit, l)
		}
	}
	if typed != "" {
		return pickTyped(c, act, typed, known, fit)
	}
	if len(fit) == 0 {
		return gate.Life{}, state(how.None, c.ID())
	}
	if how.Likely != nil {
		var likely []gate.Life
		for _, l := range fit {
			if how.Likely(l) {
				likely = append(likely, l)
			}
		}
		if len(likely) > 0 {
			fit = likely
		}
	}
	if len(fit) == 1 {
		return fit[0], nil
	}
	return gate.Life{}, &SupplyError{From: "--request", Message: fmt.Sprintf("%s has several requests this can be about; give one: %s", c.ID(), strings.Join(requestNames(fit), ", "))}
}

// pickTyped takes the request of that id, or the one of that kind.
func pickTyped(c Case, act, typed string, known, fit []gate.Life) (gate.Life, error) {
	var ids []string
	for _, l := range known {
		ids = append(ids, l.Request.Value.ID)
	}
	kind, isKind := c.Folder.Pathway.Value.Request(typed)
	var of []gate.Life
	for _, l := range known {
		if l.Request.Value.ID == typed || isKind && l.Request.Value.Kind == kind.ID {
			of = append(of, l)
		}
	}
	if len(of) == 0 {
		return gate.Life{}, &UnknownWordError{What: "request of " + c.ID(), Typed: typed, Known: ids, Flag: "--request"}
	}
	var both []gate.Life
	for _, l := range of {
		for _, x := range fit {
			if x.Request.Value.ID == l.Request.Value.ID {
				both = append(both, l)
			}
		}
	}
	switch {
	case len(both) == 1:
		return both[0], nil
	case len(both) > 1:
		return gate.Life{}, &SupplyError{From: "--request", Message: fmt.Sprintf("%s has several of this kind; give the id of one: %s", c.ID(), strings.Join(requestNames(both), ", "))}
	}
	return gate.Life{}, unfit(c, act, of[0])
}

// unfit says why a request that was named cannot be what the act is about.
func unfit(c Case, act string, l gate.Life) error {
	q := l.Request.Value
	switch {
	case act == "edit" || act == "cite" || act == "send":
		return &SealedError{Path: l.Request.Path, File: q.ID, Learner: c.ID()}
	case act == "withdraw":
		return state("the request %[1]s was sent on %[2]s and is sealed; that it is taken back is recorded as its decision: sendctl request %[3]s decided --request %[1]s --result withdrawn", q.ID, q.Sent.Long(), c.ID())
	case act == "impact" && l.Sent():
		return state("the request %s was granted no money for a time, so there is no impact to record", q.ID)
	}
	return state("the request %s is still a draft; send it first: sendctl request %s send --request %s", q.ID, c.ID(), q.ID)
}

func requestNames(ls []gate.Life) []string {
	var out []string
	for _, l := range ls {
		out = append(out, l.Request.Value.ID+" ("+string(l.Kind.Words)+")")
	}
	return out
}
