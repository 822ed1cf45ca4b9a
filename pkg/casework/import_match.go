package casework

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
)

// Fate is what becomes of one row of a list.
type Fate string

// The fates. The first is the only one of which anything is recorded; Refused alone
// keeps the others from being recorded.
const (
	New     Fate = "new"      // would be recorded
	Here    Fate = "here"     // is here already: nothing is changed
	Twice   Fate = "twice"    // the same stands in an earlier row
	LeftOut Fate = "left-out" // without special educational needs, or not on roll
	Refused Fate = "refused"
)

// Fates are all of them, in the order in which they are told.
func Fates() []Fate { return []Fate{New, Here, Twice, LeftOut, Refused} }

// Resident is a learner of the folder as a list is compared with: see ResidentOf.
type Resident struct {
	Pupil census.Pupil
	Away  bool // outside the setting, such as one who has left
}

// ResidentOf is a learner of the folder on a day.
func ResidentOf(f *folder.Folder, r *folder.Record, day date.Date) Resident {
	p, _ := census.PupilOf(f, r, day)
	stage, _ := f.Pathway.Value.Stage(r.Learner.Value.Stage)
	return Resident{Pupil: p, Away: stage.Away()}
}

// Proposal is the fate of one row.
type Proposal struct {
	Pupil    exchange.Pupil
	Fate     Fate
	Newcomer Newcomer    // of a New one
	Learner  string      // of one who is Here: the id
	By       string      // by what they were known: "UPN"
	Like     int         // of Twice, and of what is refused for it: the other row
	Reasons  []RowReason // why it is refused or left out; of Here what differs
	Told     []string    // of New: what was taken although the row does not say it
}

// Propose finds the fate of every row. Nothing is read or written by it; the time it
// takes grows with the rows, not with their square.
func Propose(c Case, here []Resident, list []exchange.Pupil, o Importing) []Proposal {
	known := newKnown(here)
	out := make([]Proposal, len(list))
	for i, p := range list {
		out[i] = o.fate(c, known, p)
	}
	sameRows(out)
	for i := range out {
		x := &out[i]
		if x.Fate != New {
			continue
		}
		var reasons []RowReason
		if x.Newcomer, x.Told, reasons = o.newcomer(c, x.Pupil); len(reasons) > 0 {
			x.Fate, x.Reasons = Refused, reasons
		}
		for _, id := range known.namesakes(x.Pupil) {
			x.Told = append(x.Told, id+" has the same name and birth date, and another UPN: taken for two children")
		}
	}
	return out
}

// fate is that of a row by itself: New where nothing is against it yet.
func (o *Importing) fate(c Case, known *known, p exchange.Pupil) Proposal {
	x := Proposal{Pupil: p, Fate: New}
	if found := known.of(p); len(found) > 1 {
		x.Fate = Refused
		var said []string
		for _, id := range slices.Sorted(maps.Keys(found)) {
			said = append(said, id+" by "+found[id])
		}
		x.Reasons = []RowReason{{Message: "this may be one of several learners here: " + strings.Join(said, ", ") + "; look which of the numbers is wrong"}}
		return x
	} else if len(found) == 1 {
		for id, by := range found {
			r := known.residents[id]
			x.Fate, x.Learner, x.By, x.Reasons = Here, id, by, o.differs(r.Pupil, p)
			if r.Away {
				x.Reasons = append([]RowReason{{Message: "the record here is one of a learner who has left; sendctl advance " + id + " brings them back"}}, x.Reasons...)
			}
		}
		return x
	}
	code := p.Provision()
	faulty := slices.ContainsFunc(p.Faults, func(f exchange.Fault) bool { return f.Field == exchange.Provision })
	leave := func(message string) Proposal {
		x.Fate, x.Reasons = LeftOut, []RowReason{{Message: message}}
		return x
	}
	switch {
	case !o.All && !faulty && (code == "" || code == "N"):
		message := "no special educational needs (" + map[string]string{"": "no code", "N": "N"}[code] + ")"
		if code == "" && len(p.Needs) > 0 {
			message = "no code for SEN provision, though a type of need is given"
		}
		return leave(message)
	case o.Transfer:
	case !p.Left.IsZero() && p.Left.Before(c.Today):
		return leave("has left")
	case p.Status == "G":
		return leave("a guest, who is counted elsewhere")
	case p.Status == "P":
		return leave("a former pupil")
	}
	if len(p.Faults) > 0 {
		x.Fate = Refused
		for _, f := range p.Faults {
			x.Reasons = append(x.Reasons, ReasonOf(f, p.Row))
		}
	}
	return x
}

// ReasonOf is a fault of a list as a reason, of the proposal of a row.
func ReasonOf(f exchange.Fault, row int) RowReason {
	r := RowReason{Table: f.Table, Column: f.Column, Field: f.Field, Message: f.Message}
	if f.Table != "" || f.Row != row {
		r.Row = f.Row
	}
	return r
}

// known finds learners of the folder by what a list has of them.
type known struct {
	residents        map[string]Resident
	upn, former, uln map[string][]string
	person           map[string][]string
}

func newKnown(here []Resident) *known {
	k := &known{residents: map[string]Resident{}, upn: map[string][]string{}, former: map[string][]string{}, uln: map[string][]string{}, person: map[string][]string{}}
	add := func(to map[string][]string, value, id string) {
		if value != "" {
			to[value] = append(to[value], id)
		}
	}
	for _, r := range here {
		p := r.Pupil
		k.residents[p.Learner] = r
		add(k.upn, p.UPN, p.Learner)
		add(k.former, p.FormerUPN, p.Learner)
		add(k.uln, p.ULN, p.Learner)
		add(k.person, person(p.Forename, p.Surname, p.Born), p.Learner)
	}
	return k
}

// person is a legal name and a date of birth as one, "" where a part of it is not known.
func person(given, family string, born date.Date) string {
	if given == "" || family == "" || born.IsZero() {
		return ""
	}
	return strings.Join(strings.Fields(strings.ToLower(given)), " ") + "\x00" + strings.Join(strings.Fields(strings.ToLower(family)), " ") + "\x00" + born.String()
}

// of gives the learners that a pupil may be, by id, and by what: by the numbers, and only
// where those find nobody by name and birth date.
func (k *known) of(p exchange.Pupil) map[string]string {
	found := map[string]string{}
	look := func(in map[string][]string, value, by string) {
		if value == "" {
			return
		}
		for _, id := range in[value] {
			if found[id] == "" {
				found[id] = by
			}
		}
	}
	look(k.upn, p.UPN, "UPN")
	look(k.former, p.UPN, "former UPN")
	look(k.upn, p.FormerUPN, "former UPN")
	look(k.uln, p.ULN, "ULN")
	if len(found) == 0 {
		look(k.person, person(p.Forename, p.Surname, p.Born), "name and birth date")
		for id := range found {
			if twoUPNs(k.residents[id].Pupil.UPN, p.UPN) {
				delete(found, id)
			}
		}
	}
	return found
}

// namesakes are the learners here with the name and birth date of a pupil, who are others
// all the same: see twoUPNs.
func (k *known) namesakes(p exchange.Pupil) []string {
	return slices.DeleteFunc(slices.Clone(k.person[person(p.Forename, p.Surname, p.Born)]), func(id string) bool {
		return !twoUPNs(k.residents[id].Pupil.UPN, p.UPN)
	})
}

// twoUPNs reports whether two numbers are those of two children: both are sound, and none
// is one of those that are given until the right one is known.
func twoUPNs(a, b string) bool {
	sound := func(upn string) bool { return ids.CheckUPN(upn) == nil && !ids.TemporaryUPN(upn) }
	return a != b && sound(a) && sound(b)
}

// differs lists what a list says otherwise than the record: of codes with both values,
// of all else only what it is.
func (o *Importing) differs(is census.Pupil, p exchange.Pupil) []RowReason {
	var out []RowReason
	say := func(f exchange.Field, message string) {
		out = append(out, RowReason{Column: o.Headings[f], Field: f, Message: message})
	}
	text := func(f exchange.Field, here, there string) {
		if there != "" && there != here {
			if here == "" {
				say(f, f.Words()+" is not in the record")
			} else {
				say(f, f.Words()+" differs")
			}
		}
	}
	text(exchange.UPN, is.UPN, p.UPN)
	text(exchange.FormerUPN, is.FormerUPN, p.FormerUPN)
	text(exchange.ULN, is.ULN, p.ULN)
	text(exchange.Surname, is.Surname, p.Surname)
	text(exchange.Forename, is.Forename, p.Forename)
	text(exchange.PreferredName, is.Preferred, p.Preferred)
	text(exchange.BirthDate, is.Born.String(), p.Born.String())
	text(exchange.Sex, is.Sex, p.Sex)
	text(exchange.Ethnicity, is.Ethnicity, p.Ethnicity)
	if !o.Transfer {
		text(exchange.EntryDate, is.Entry.String(), p.Entry.String())
		if p.Status != "" && p.Status != is.Status {
			say(exchange.Status, fmt.Sprintf("enrolment status: %s here, another in the list", codeOrNone(is.Status)))
		}
	}
	if code := p.Provision(); code != "" && code != is.Provision {
		there := "another"
		if code == "N" || code == "K" || code == "E" { // anything else may be whatever was typed
			there = code
		}
		say(exchange.Provision, fmt.Sprintf("SEN provision: %s here, %s in the list", codeOrNone(is.Provision), there))
	}
	var now, then []string
	for _, n := range is.Needs {
		now = append(now, n.Type)
	}
	for _, n := range p.Needs {
		if n.Until.IsZero() {
			then = append(then, n.Type)
		}
	}
	if len(then) > 0 && !slices.Equal(now, then) {
		say(exchange.Need1, fmt.Sprintf("needs: %s here, others in the list", codeOrNone(strings.Join(now, ", "))))
	}
	flag := func(f exchange.Field, here bool, there *bool) {
		if there != nil && *there != here {
			say(f, f.Words()+" differs")
		}
	}
	flag(exchange.SENUnit, is.SENUnit, p.SENUnit)
	flag(exchange.Resourced, is.Resourced, p.Resourced)
	flag(exchange.TopUp, is.TopUp, p.TopUp)
	return out
}

func codeOrNone(code string) string {
	if code == "" {
		return "none"
	}
	return code
}

// sameRows finds rows that are one pupil. Where they say the same, the first stands for
// all; where they do not, nobody can tell which is right, and all are refused.
func sameRows(all []Proposal) {
	first := map[string]int{}
	same := func(key string, i int, by string) {
		if key == "" || all[i].Fate == LeftOut || all[i].Fate == Here {
			return
		}
		j, seen := first[key]
		if !seen {
			first[key] = i
			return
		}
		a, b := &all[j], &all[i]
		if b.Like == a.Pupil.Row || a.Pupil.Row == b.Pupil.Row {
			return
		}
		if samePupil(a.Pupil, b.Pupil) {
			b.Fate, b.Like = Twice, a.Pupil.Row
			b.Reasons = []RowReason{{Row: a.Pupil.Row, Message: fmt.Sprintf("the same stands in row %d already", a.Pupil.Row)}}
			return
		}
		for _, pair := range [][2]*Proposal{{a, b}, {b, a}} {
			x, other := pair[0], pair[1]
			if x.Fate != Refused || x.Like == 0 {
				x.Reasons = append(x.Reasons, RowReason{Row: other.Pupil.Row, Message: fmt.Sprintf("row %d has the same %s and says something else; take the wrong one out of the list", other.Pupil.Row, by)})
			}
			x.Fate, x.Like = Refused, other.Pupil.Row
		}
	}
	for i := range all {
		p := all[i].Pupil
		same(prefixed("u", p.UPN), i, "UPN")
		same(prefixed("l", p.ULN), i, "ULN")
		if who := person(p.Forename, p.Surname, p.Born); who != "" {
			j, seen := first["p"+who]
			if seen && twoUPNs(all[j].Pupil.UPN, p.UPN) {
				continue // two children of one name, born on one day
			}
			same(prefixed("p", who), i, "name and birth date")
		}
	}
}

func prefixed(kind, value string) string {
	if value == "" {
		return ""
	}
	return kind + value
}

// samePupil reports whether two rows say the same of one pupil.
func samePupil(a, b exchange.Pupil) bool {
	a.Row, b.Row, a.Faults, b.Faults = 0, 0, nil, nil
	return reflect.DeepEqual(a, b)
}
