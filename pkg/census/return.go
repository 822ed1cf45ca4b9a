package census

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Return is the SEN block of a setting for one census day.
type Return struct {
	Day     date.Date
	Term    Term
	Setting learner.Setting
	Pupils  []Pupil // on roll that day, in the order of Sort
	// Recorded is when the newest commit of the history that this is made from was made;
	// zero where what is returned is not all recorded. It is the only clock in a return, so
	// that the same history gives the same bytes for ever.
	Recorded time.Time
	// Errors is how many errors preflight has found that it was made in spite of.
	Errors int
	// Faulty are the files that hold errors, so that of what rests on them nobody knows
	// whether it is as was meant; sorted, as paths in the folder.
	Faulty []string
}

// Taken are the needs of a pupil that the census of a term takes: in spring the two of the
// highest rank, with the ranks that they have; none of a pupil without SEN. Transfer files
// take them all.
func (p Pupil) Taken(t Term) []Need {
	if !t.Types() || p.Provision == "N" {
		return nil
	}
	return p.Needs[:min(len(p.Needs), 2)]
}

// Indicators are whether a pupil is in an SEN unit and in resourced provision, as the
// census takes it; asked is false where it takes neither, of special schools and pupil
// referral units. Of a pupil without SEN both are false, whatever the record says.
func (r Return) Indicators(p Pupil) (unit, resourced, asked bool) {
	if phase := r.Setting.Phase; phase == "special" || phase == "pupil-referral-unit" {
		return false, false, false
	}
	if p.Provision == "N" {
		return false, false, true
	}
	return p.SENUnit, p.Resourced, true
}

// Marked reports whether a return must say inside that not all of it is well.
func (r Return) Marked() bool { return r.Errors > 0 || len(r.Faulty) > 0 }

// marks says in sentences what is not well with a return; nil where all is.
func (r Return) marks() []string {
	var out []string
	if r.Errors > 0 {
		out = append(out, "Made in spite of errors that the check before the census found: "+strconv.Itoa(r.Errors)+".")
	}
	if len(r.Faulty) > 0 {
		out = append(out, "Files of the record hold errors, so that what rests on them may be wrong: "+strings.Join(r.Faulty, ", ")+".")
	}
	return out
}

// about says in sentences what a return is, for people who come upon it.
func (r Return) about() []string {
	return []string{
		"A fragment of a School Census return for the " + r.Term.Words() + " census of " + r.Day.Long() + ".",
		"Of each pupil on roll it holds the special educational needs, and what says who the pupil is.",
		"Made by sendctl from the records of SEN. It is no return, and is not to be loaded as one.",
	}
}

// Sort puts pupils in the order of every output: by surname, forename, date of birth,
// UPN and id; letters alike in small and capital.
func Sort(ps []Pupil) {
	type keyed struct {
		surname, forename string
		p                 Pupil
	}
	all := make([]keyed, len(ps))
	for i, p := range ps {
		all[i] = keyed{strings.ToLower(p.Surname), strings.ToLower(p.Forename), p}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(strings.Compare(a.surname, b.surname), strings.Compare(a.forename, b.forename),
			a.p.Born.Compare(b.p.Born), strings.Compare(a.p.UPN, b.p.UPN), strings.Compare(a.p.Learner, b.p.Learner))
	})
	for i := range all {
		ps[i] = all[i].p
	}
}
