package census

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
)

// Needs is the item of a Change that is about types of need and their ranks.
const Needs exchange.Field = "needs"

// Key is by what two were found to be one pupil.
type Key string

// The keys, the surest first.
const (
	ByLearner   Key = "id" // two days of one folder
	ByUPN       Key = "upn"
	ByFormerUPN Key = "former-upn" // the UPN of one is the former one of the other
	ByULN       Key = "uln"
	ByName      Key = "name" // legal surname, forename and date of birth
)

// Words is a key as people say it.
func (k Key) Words() string {
	switch k {
	case ByLearner:
		return "id"
	case ByUPN:
		return "UPN"
	case ByFormerUPN:
		return "former UPN"
	case ByULN:
		return "ULN"
	}
	return "name and date of birth"
}

// Change is one item that differs: of a list, what the folder and what the list says; of
// two days, what was and what is. Values are codes, days as YYYY-MM-DD, true or false;
// needs are "1 SLCN, 2 ASD". "" is nothing.
type Change struct {
	Item exchange.Field
	A, B string
}

// Unsure is a place of a list that could not be compared, since what stands there cannot
// be taken. Item is "" for a whole row.
type Unsure struct {
	Item exchange.Field
	exchange.Fault
}

// Pair is one pupil who is on both sides.
type Pair struct {
	By   Key
	A, B Pupil
	Row  int // of the list; 0 for two days
	// Changes are in the order of exchange.Fields. Where Unsure is not empty, that there
	// are none does not say that the two are alike.
	Changes []Change
	Unsure  []Unsure
}

// One is a pupil of one side alone.
type One struct {
	Pupil
	Row int // of the list; 0 for one of the folder
	// Away is the learner of the folder, not on roll on the day, that a pupil of the list
	// is; nil where the folder has none. By says how that was found.
	Away *Pupil
	By   Key
	// Like is the only learner of the folder with the same legal name who is not on the
	// list otherwise, by their id: the same child perhaps, with a wrong birth date.
	Like string
}

// SEN reports whether the list gives a pupil special educational needs.
func (o One) SEN() bool {
	return o.Provision != "" && o.Provision != "N" || o.Provision == "" && len(o.Needs) > 0
}

// Unclear is a group in which nobody can say who is who: several learners or several rows
// have the same key.
type Unclear struct {
	By   Key
	A    []Pupil // of the folder
	Rows []int   // of the list
}

// Difference is what two sides differ in: A is the folder, or the earlier day; B the list,
// or the later day.
type Difference struct {
	Differing []Pair // with changes, or not to be compared whole; in the order of the folder, or of the list's rows
	Alike     int
	By        map[Key]int // how many were matched by what, alike or not
	OnlyA     []One
	OnlyB     []One
	Unclear   []Unclear
	// MovedUp is how many are in the year that follows, as two days of different school
	// years have it; that is no change.
	MovedUp int
	// Aside is how many pupils of the list are on no roll by the list itself on the day:
	// left, yet to join, guests; and not in the folder either.
	Aside int
	// Items are what could be compared: what the list has a column for.
	Items []exchange.Field
}

// None reports whether no difference was found, and everything could be compared. Pupils
// of a list without SEN who are not in the folder are none: it may hold those alone whom
// somebody is concerned about.
func (d Difference) None() bool {
	return len(d.Differing)+len(d.OnlyA)+len(d.Unclear) == 0 &&
		!slices.ContainsFunc(d.OnlyB, func(o One) bool { return o.Row == 0 || o.Away != nil || o.Like != "" || o.SEN() })
}

// items are what two pupils are compared in, in the order of exchange.Fields.
func items() []exchange.Field {
	var out []exchange.Field
	for _, f := range exchange.Fields() {
		switch f {
		case exchange.PreferredName, exchange.Need2, exchange.Need1Rank, exchange.Need2Rank:
		case exchange.Need1:
			out = append(out, Needs)
		default:
			out = append(out, f)
		}
	}
	return out
}

// side is what one of two sides says of an item.
type side struct {
	ret Return
	p   Pupil
}

func (s side) says(f exchange.Field) (text string, asked bool) {
	p := s.p
	unit, resourced, marked := s.ret.Indicators(p)
	switch f {
	case exchange.UPN:
		return p.UPN, true
	case exchange.FormerUPN:
		return p.FormerUPN, true
	case exchange.ULN:
		return p.ULN, true
	case exchange.Surname:
		return p.Surname, true
	case exchange.Forename:
		return p.Forename, true
	case exchange.BirthDate:
		return p.Born.String(), true
	case exchange.Sex:
		return p.Sex, true
	case exchange.Ethnicity:
		return p.Ethnicity, true
	case exchange.EntryDate:
		return p.Entry.String(), true
	case exchange.LeavingDate:
		return p.Left.String(), true
	case exchange.Status:
		return p.Status, true
	case exchange.Year:
		return p.Year, true
	case exchange.Provision:
		return p.Provision, true
	case exchange.ProvisionFrom:
		return p.Since.String(), true
	case Needs:
		return needsText(p.Taken(s.ret.Term), true), s.ret.Term.Types()
	case exchange.SENUnit:
		return yesNo(unit), marked
	case exchange.Resourced:
		return yesNo(resourced), marked
	case exchange.TopUp:
		return yesNo(p.TopUp), true
	}
	return "", false
}

// needsText is needs as a Change has them.
func needsText(needs []Need, ranks bool) string {
	var out []string
	for _, n := range needs {
		text := n.Type
		if ranks && n.Rank > 0 {
			text = strings.TrimSpace(strconv.Itoa(n.Rank) + " " + n.Type)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// DiffDays compares a folder on two days, or as it was recorded at two moments: learners
// are matched by their ids. Types of need are compared where one of the days is in a term
// that takes them. Who is in the year that follows on a day of a later school year has
// moved up, which is counted and no change.
func DiffDays(before, after Return) Difference {
	d := Difference{By: map[Key]int{}, Items: items()}
	at := make(map[string]int, len(after.Pupils))
	for i, p := range after.Pupils {
		at[p.Learner] = i
	}
	met := make([]bool, len(after.Pupils))
	if after.Term.Types() || before.Term.Types() {
		before.Term, after.Term = Spring, Spring
	}
	years := after.Day.SchoolYear() - before.Day.SchoolYear()
	for _, a := range before.Pupils {
		i, ok := at[a.Learner]
		if !ok {
			d.OnlyA = append(d.OnlyA, One{Pupil: a})
			continue
		}
		met[i] = true
		pair := Pair{By: ByLearner, A: a, B: after.Pupils[i]}
		for _, f := range d.Items {
			va, asked := side{before, pair.A}.says(f)
			vb, askedToo := side{after, pair.B}.says(f)
			switch {
			case !asked || !askedToo || va == vb:
			case f == exchange.Year && years > 0 && follows(va, vb, years):
				d.MovedUp++
			default:
				pair.Changes = append(pair.Changes, Change{Item: f, A: va, B: vb})
			}
		}
		d.add(pair)
	}
	for i, b := range after.Pupils {
		if !met[i] {
			d.OnlyB = append(d.OnlyB, One{Pupil: b})
		}
	}
	return d
}

func (d *Difference) add(p Pair) {
	d.By[p.By]++
	if len(p.Changes)+len(p.Unsure) == 0 {
		d.Alike++
		return
	}
	d.Differing = append(d.Differing, p)
}

// follows reports whether a year group comes so many years after another.
func follows(from, to string, years int) bool {
	order := []string{"E1", "E2", "N1", "N2", "R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"}
	a, b := slices.Index(order, from), slices.Index(order, to)
	return a >= 0 && b >= 0 && (b-a == years || from == "E1" && b-a < years) // E1 is everything earlier too
}

// onRoll reports whether a list itself has a pupil on roll on a day. The day of leaving is
// one still.
func onRoll(p Pupil, day date.Date) bool {
	return (p.Entry.IsZero() || !p.Entry.After(day)) && (p.Left.IsZero() || !p.Left.Before(day)) && p.Status != "G" && p.Status != "P"
}
