package census

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/exchange"
)

// CannotMatchError says that a list has no column by which its pupils could be found in
// the folder.
type CannotMatchError struct{}

func (*CannotMatchError) Error() string {
	return "the list has neither UPN nor ULN, nor surname, forename and date of birth together, so nobody on it can be found in the folder; " +
		"say which column is one: --column upn=HEADING"
}

// DiffList compares a folder on a day with a list of the school's own system. away are the
// learners of the folder who are not on roll that day.
//
// Two are matched by UPN, else by a former UPN, by ULN, or by legal surname, forename and
// date of birth; where several have the same, they are Unclear and matched by nothing
// else. An identifier that is a fault matches nothing. What the list has no column for is
// not compared, nor what stands in a faulty cell. Names count as the same without regard
// to case, blanks and punctuation, and a forename with others behind it. Where the list
// has nothing, SEN provision counts as N, enrolment as single and an indicator as false,
// and the days of joining and of provision are not compared.
//
// The error is a *CannotMatchError.
func DiffList(r Return, away []Pupil, l exchange.List) (Difference, error) {
	d := Difference{By: map[Key]int{}}
	if !l.Has(exchange.UPN) && !l.Has(exchange.ULN) && !(l.Has(exchange.Surname) && l.Has(exchange.Forename) && l.Has(exchange.BirthDate)) {
		return d, &CannotMatchError{}
	}
	for _, f := range items() {
		if f == Needs && r.Term.Types() && (l.Has(exchange.Need1) || l.Has(exchange.Need2)) || f != Needs && l.Has(f) {
			d.Items = append(d.Items, f)
		}
	}
	rows := make([]listed, len(l.Pupils))
	for i, p := range l.Pupils {
		rows[i] = listedOf(p)
	}
	m := match(r.Pupils, rows)
	d.Unclear = m.unclear
	for _, x := range m.pairs {
		d.add(compare(r, l, d.Items, r.Pupils[x.a], rows[x.b], x.by))
	}
	for i, p := range r.Pupils {
		if !m.doneA[i] {
			d.OnlyA = append(d.OnlyA, One{Pupil: p})
		}
	}
	var rest []listed
	for i, x := range rows {
		if !m.doneB[i] {
			rest = append(rest, x)
		}
	}
	d.unmatched(r, away, rest)
	d.resemble()
	slices.SortStableFunc(d.Differing, func(x, y Pair) int { return cmp.Compare(x.Row, y.Row) })
	return d, nil
}

// unmatched are the rows that are nobody on roll: somebody who is not, or not known here.
func (d *Difference) unmatched(r Return, away []Pupil, rows []listed) {
	rows = slices.DeleteFunc(rows, func(x listed) bool {
		out := !onRoll(x.Pupil, r.Day)
		if out {
			d.Aside++
		}
		return out
	})
	m := match(away, rows)
	d.Unclear = append(d.Unclear, m.unclear...)
	found := map[int]pairing{}
	for _, x := range m.pairs {
		found[x.b] = x
	}
	for i, x := range rows {
		if m.doneB[i] && found[i].by == "" {
			continue // unclear
		}
		one := One{Pupil: x.Pupil, Row: x.row, By: found[i].by}
		if one.By != "" {
			one.Away = &away[found[i].a]
		}
		d.OnlyB = append(d.OnlyB, one)
	}
}

// resemble finds who on the list has the name of somebody who is in the folder alone.
func (d *Difference) resemble() {
	name := func(p Pupil) string {
		if p.Surname == "" || p.Forename == "" {
			return ""
		}
		return exchange.Fold(p.Surname) + "/" + exchange.Fold(p.Forename)
	}
	ours, theirs := map[string][]string{}, map[string]int{}
	for _, o := range d.OnlyA {
		ours[name(o.Pupil)] = append(ours[name(o.Pupil)], o.Learner)
	}
	for _, o := range d.OnlyB {
		theirs[name(o.Pupil)]++
	}
	for i, o := range d.OnlyB {
		if n := name(o.Pupil); n != "" && o.Away == nil && len(ours[n]) == 1 && theirs[n] == 1 {
			d.OnlyB[i].Like = ours[n][0]
		}
	}
}

// listed is a pupil of a list as the census has one.
type listed struct {
	Pupil
	row    int
	faults map[exchange.Field][]exchange.Fault // by the item they keep from being compared
}

func listedOf(p exchange.Pupil) listed {
	x := listed{row: p.Row, Pupil: Pupil{
		UPN: p.UPN, FormerUPN: p.FormerUPN, ULN: p.ULN, Surname: p.Surname, Forename: p.Forename, Preferred: p.Preferred, Born: p.Born,
		Sex: p.Sex, Ethnicity: p.Ethnicity, Entry: p.Entry, Left: p.Left, Status: p.Status, Year: p.Year, Provision: p.Provision(),
		SENUnit: p.SENUnit != nil && *p.SENUnit, Resourced: p.Resourced != nil && *p.Resourced, TopUp: p.TopUp != nil && *p.TopUp,
	}}
	if n := len(p.Steps); n > 0 {
		x.Since = p.Steps[n-1].From
	}
	for i, n := range p.Needs {
		x.Needs = append(x.Needs, Need{Rank: n.Rank, Type: n.Type, At: i})
	}
	for _, f := range p.Faults {
		if x.faults == nil {
			x.faults = map[exchange.Field][]exchange.Fault{}
		}
		item := f.Field
		switch item {
		case exchange.Need1, exchange.Need2, exchange.Need1Rank, exchange.Need2Rank:
			item = Needs
		}
		if f.Table != "" {
			item = Needs
		}
		x.faults[item] = append(x.faults[item], f)
	}
	return x
}

// sound is what a row has under a field, "" where it is a fault.
func (x listed) sound(f exchange.Field, value string) string {
	if len(x.faults[f]) > 0 {
		return ""
	}
	return value
}

// compare compares one learner with one row.
func compare(r Return, l exchange.List, items []exchange.Field, p Pupil, x listed, by Key) Pair {
	pair := Pair{By: by, A: p, B: x.Pupil, Row: x.row}
	if whole := x.faults[""]; len(whole) > 0 {
		pair.Unsure = []Unsure{{Fault: whole[0]}}
		return pair
	}
	for _, f := range items {
		if faults := x.faults[f]; len(faults) > 0 {
			for _, fault := range faults {
				pair.Unsure = append(pair.Unsure, Unsure{Item: f, Fault: fault})
			}
			continue
		}
		a, asked := side{r, p}.says(f)
		if !asked {
			continue
		}
		b, _ := side{r, x.Pupil}.says(f)
		same := a == b
		switch f {
		case exchange.Surname:
			same = exchange.Fold(a) == exchange.Fold(b)
		case exchange.Forename:
			same = sameForename(a, b)
		case exchange.Provision:
			same = same || a == "N" && b == ""
		case exchange.Status:
			same = same || a == Single && b == ""
		case exchange.EntryDate, exchange.ProvisionFrom:
			same = same || a == "" || b == ""
		case exchange.SENUnit:
			b = yesNo(x.SENUnit) // as it stands there, also of a pupil with N
			same = a == b
		case exchange.Resourced:
			b = yesNo(x.Resourced)
			same = a == b
		case Needs:
			a, b, same = compareNeeds(r, l, p, x.Pupil)
		}
		if !same {
			pair.Changes = append(pair.Changes, Change{Item: f, A: a, B: b})
		}
	}
	return pair
}

// compareNeeds compares what the census takes of the needs with what the list has. Ranks
// count where the list says them, the second need where it has a place for one.
func compareNeeds(r Return, l exchange.List, p, listed Pupil) (a, b string, same bool) {
	listed.Provision = "" // what stands there counts, also of a pupil with N
	ours, theirs := p.Taken(r.Term), listed.Taken(r.Term)
	if !l.Has(exchange.Need2) && len(theirs) <= 1 && len(ours) > 1 {
		ours = ours[:1]
	}
	a, b = needsText(ours, l.Ranked), needsText(theirs, l.Ranked)
	return a, b, a == b
}

// sameForename reports whether two forenames are one, or one is the other with more names
// behind it: some systems keep middle names apart.
func sameForename(a, b string) bool {
	wa, wb := strings.Fields(a), strings.Fields(b)
	n := min(len(wa), len(wb))
	if n == 0 {
		return len(wa) == len(wb)
	}
	return exchange.Fold(a) == exchange.Fold(b) || exchange.Fold(strings.Join(wa[:n], "")) == exchange.Fold(strings.Join(wb[:n], ""))
}

// matching is who of two sides is whom.
type matching struct {
	doneA, doneB []bool
	pairs        []pairing
	unclear      []Unclear
}

type pairing struct {
	a, b int
	by   Key
}

// keyed is one way of matching.
type keyed struct {
	by Key
	a  func(Pupil) string
	b  func(listed) string
}

func keys() []keyed {
	upn := func(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }
	return []keyed{
		{ByUPN, func(p Pupil) string { return upn(p.UPN) }, func(x listed) string { return upn(x.sound(exchange.UPN, x.UPN)) }},
		{ByFormerUPN, func(p Pupil) string { return upn(p.FormerUPN) }, func(x listed) string { return upn(x.sound(exchange.UPN, x.UPN)) }},
		{ByFormerUPN, func(p Pupil) string { return upn(p.UPN) }, func(x listed) string { return upn(x.sound(exchange.FormerUPN, x.FormerUPN)) }},
		{ByULN, func(p Pupil) string { return p.ULN }, func(x listed) string { return x.sound(exchange.ULN, x.ULN) }},
		{ByName, nameKey, func(x listed) string { return nameKey(x.Pupil) }},
	}
}

func nameKey(p Pupil) string {
	surname, forename := exchange.Fold(p.Surname), exchange.Fold(p.Forename)
	if surname == "" || forename == "" || p.Born.IsZero() {
		return ""
	}
	return surname + "/" + forename + "/" + p.Born.String()
}

// match finds who of the list is who of the folder, by one key after another.
func match(ours []Pupil, rows []listed) matching {
	m := matching{doneA: make([]bool, len(ours)), doneB: make([]bool, len(rows))}
	for _, k := range keys() {
		as, bs := map[string][]int{}, map[string][]int{}
		for i, p := range ours {
			if key := k.a(p); key != "" && !m.doneA[i] {
				as[key] = append(as[key], i)
			}
		}
		for i, x := range rows {
			if key := k.b(x); key != "" && !m.doneB[i] && len(as[key]) > 0 {
				bs[key] = append(bs[key], i)
			}
		}
		for _, i := range first(bs) {
			key := k.b(rows[i])
			m.join(k.by, as[key], bs[key], ours, rows)
		}
	}
	return m
}

// first are the first places of every group, in their order.
func first(groups map[string][]int) []int {
	var out []int
	for _, g := range groups {
		out = append(out, g[0])
	}
	slices.Sort(out)
	return out
}

func (m *matching) join(by Key, as, bs []int, ours []Pupil, rows []listed) {
	for _, i := range as {
		m.doneA[i] = true
	}
	for _, i := range bs {
		m.doneB[i] = true
	}
	if len(as) == 1 && len(bs) == 1 {
		m.pairs = append(m.pairs, pairing{as[0], bs[0], by})
		return
	}
	u := Unclear{By: by}
	for _, i := range as {
		u.A = append(u.A, ours[i])
	}
	for _, i := range bs {
		u.Rows = append(u.Rows, rows[i].row)
	}
	m.unclear = append(m.unclear, u)
}
