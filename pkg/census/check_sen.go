package census

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/exchange"
)

// The mechanisms of SEN provision, types of need and ranks.

// provisionWithdrawn: of the codes that are over, the one that gave way to E. The others
// are no codes any more, as provisionMissing says.
func provisionWithdrawn(o *one) {
	o.found(exchange.Provision, o.judge.known.replacedBy[o.Provision] == ehcPlan)
}

func provisionMissing(o *one) {
	k := o.judge.known
	if k.provision[o.Provision] || k.replacedBy[o.Provision] == ehcPlan || !o.judge.has(exchange.Provision) {
		return
	}
	p := o.tell(exchange.Provision)
	if now := k.replacedBy[o.Provision]; now != "" && len(o.Provision) == 1 {
		p.Hint = "the census takes this code no more: write " + now + ", which took its place"
	}
}

// provisionNone leaves places alone where other rules want none at all.
func provisionNone(o *one) {
	if o.Provision != none {
		return
	}
	if o.judge.in.Return.Term.Types() && len(o.Needs) > 0 {
		o.atNeed(0)
	}
	if o.judge.places {
		o.found(exchange.SENUnit, o.unit != nil && *o.unit)
		o.found(exchange.Resourced, o.resourced != nil && *o.resourced)
	}
}

// atNeed tells of the type of need number i of the pupil.
func (o *one) atNeed(i int) *Problem {
	f := exchange.Need1
	if i > 0 {
		f = exchange.Need2
	}
	p := o.tell(f)
	p.Need = o.Needs[i].At
	return p
}

// atRank tells of the rank of a need.
func (o *one) atRank(i int) { o.atNeed(i).rank = true }

// taken are the needs that the census takes: of a record the two of the highest rank, of
// a list all that it has, since that is what is sent. With the code N there are none to
// take, which is another rule's.
func (o *one) taken() []Need {
	switch {
	case o.Provision == none:
		return nil
	case o.list:
		return o.Needs
	}
	return o.Needs[:min(len(o.Needs), mostTypes)]
}

// mostTypes is how many types of need the census takes.
const mostTypes = 2

func rankWithoutType(o *one) {
	for i, n := range o.taken() {
		if n.Rank > 0 && n.Type == "" {
			o.atNeed(i)
		}
	}
}

// rankMissing: two needs have the ranks 1 and 2, so of two a rank beyond is wrong. More
// than two, and a single one, are other rules'.
func rankMissing(o *one) {
	needs := o.taken()
	for i, n := range needs {
		if n.Rank < 1 && o.ranked() || !o.list && i == 1 && n.Rank > mostTypes || o.list && len(needs) == 2 && n.Rank > mostTypes {
			o.atRank(i)
		}
	}
}

// ranked reports whether ranks are said at all: a table of needs may have no column for
// them.
func (o *one) ranked() bool {
	l := o.judge.in.List
	return l == nil || l.Ranked || slices.ContainsFunc(o.Needs, func(n Need) bool { return n.Rank > 0 })
}

func rankSingle(o *one) {
	if needs := o.taken(); len(needs) == 1 && needs[0].Rank > 1 {
		o.atRank(0)
	}
}

// rankTwice: of a record also where the second and the third share a rank, since nobody
// can tell which of them is sent.
func rankTwice(o *one) {
	for i := range o.taken() {
		for k := i + 1; k < len(o.Needs); k++ {
			if r := o.Needs[i].Rank; r > 0 && r == o.Needs[k].Rank {
				o.atRank(k)
				return
			}
		}
	}
}

func moreThanTwo(o *one) {
	most := o.rule.Limit("most")
	if o.Provision == none || len(o.Needs) <= most {
		return
	}
	p := o.atNeed(most)
	if !o.list {
		p.Advice = true
		p.Message = strings.Replace(p.Message, "DfE error "+p.Rule+": ", "DfE rule "+p.Rule+": ", 1) + " in the record, of which the two of the highest rank are sent"
	}
}

// typeMissing: K or E without any type, or with one that is none on the census day.
func typeMissing(o *one) {
	if !o.supported() || !o.judge.has(exchange.Need1) {
		return
	}
	needs, valid, told := o.taken(), false, false
	for i, n := range needs {
		switch {
		case o.judge.known.types[n.Type]:
			valid = true
		case n.Type != "":
			told = true
			p := o.atNeed(i)
			if now := o.judge.known.replacedBy[n.Type]; now != "" {
				p.Hint = "the census no longer takes this type: write " + now + ", which replaced it, or the type that fits the need now"
			}
		}
	}
	if !valid && !told {
		o.tell(exchange.Need1)
	}
}

// typeNSA: with N any type is wrong, which is another rule's.
func typeNSA(o *one) {
	if o.Provision == senSupport {
		return
	}
	for i, n := range o.taken() {
		if n.Type == "NSA" {
			o.atNeed(i)
		}
	}
}
