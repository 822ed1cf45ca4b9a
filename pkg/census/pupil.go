package census

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Pupil is one learner as the census of a day has them: the identity and status items
// around the SEN items, and those. Texts are as the record has them; "" is not known.
type Pupil struct {
	Learner string // the id in the folder

	UPN, FormerUPN, ULN string
	Surname, Forename   string // of the legal name
	Preferred           string // the name used every day
	Born                date.Date
	Sex                 string
	Ethnicity           string

	Entry   date.Date // the day of joining
	Left    date.Date // the last day on roll, of one who leaves or has left; zero where nothing says which
	Status  string    // of enrolment; see Single
	Assumed bool      // that Status stands nowhere and is taken for Single
	Year    string    // National Curriculum year: R, 4, N2

	Provision     string // N, K or E; "" where no line of sen_provision holds on the day
	Since         date.Date
	SENUnit       bool
	Resourced     bool
	TopUp         bool
	Needs         []Need // those that hold on the day, by rank, then as they stand
	CaredFor      bool
	YoungCarer    bool
	Disadvantaged bool

	// Unread says that a file which this rests on holds an error, so that what stands here
	// may not be what was written: see Faults.
	Unread bool
}

// Need is one need of a Pupil. Rank is 0 where the record has none that is a number.
type Need struct {
	Rank int
	Type string
	At   int // its place in needs of learner.yaml
}

// Single is the enrolment status taken where the record says nothing: on one roll alone.
const Single = "C"

// PupilOf is the learner as the census of a day has them; counted is false for one who
// is not on roll that day: who joins later, has left before, or is a guest (G).
func PupilOf(f *folder.Folder, r *folder.Record, day date.Date) (p Pupil, counted bool) {
	who, is := r.Identity.Value, r.Learner.Value
	p = Pupil{
		Learner: r.ID, UPN: who.UPN, FormerUPN: who.FormerUPN, ULN: who.ULN,
		Surname: string(who.LegalName.Family), Forename: string(who.LegalName.Given), Preferred: string(who.Name),
		Born: who.Born, Sex: who.Sex, Ethnicity: who.Ethnicity,
		Year:    r.Year(day),
		SENUnit: applies(is.SENUnit, day), Resourced: applies(is.Resourced, day), TopUp: applies(is.TopUp, day),
		Unread: r.Identity.Doc == nil || r.Learner.Doc == nil || len(Faults(r)) > 0,
	}
	var away bool
	p.Entry, p.Left, away = roll(f, r, day)
	if c := is.Characteristics; c != nil {
		p.CaredFor, p.YoungCarer, p.Disadvantaged = c.CaredFor, c.YoungCarer, c.Disadvantaged
	}
	for _, c := range is.SENProvision {
		if !c.From.After(day) && !c.From.Before(p.Since) {
			p.Provision, p.Since = c.Code, c.From
		}
	}
	var since date.Date
	for _, s := range is.Enrolment {
		if !s.From.After(day) && !s.From.Before(since) {
			p.Status, since = s.Status, s.From
		}
	}
	if p.Status == "" {
		p.Status, p.Assumed = Single, true
	}
	for i, n := range is.Needs {
		if n.From.After(day) || !n.Until.IsZero() && !n.Until.After(day) {
			continue
		}
		rank, err := strconv.Atoi(string(n.Rank))
		if err != nil || rank < 1 {
			rank = 0
		}
		p.Needs = append(p.Needs, Need{Rank: rank, Type: n.Type, At: i})
	}
	slices.SortStableFunc(p.Needs, func(a, b Need) int { return cmp.Compare(uint(a.Rank)-1, uint(b.Rank)-1) }) // 0 comes last
	return p, !p.Entry.After(day) && !away && p.Status != "G"
}

// Front reports whether a file of a record is one that a Pupil is made of: the front
// sheet, learner.yaml, a move or a correction.
func Front(r *folder.Record, file string) bool {
	rest, ok := strings.CutPrefix(file, r.Dir+"/")
	switch first, _, _ := strings.Cut(rest, "/"); first {
	case "identity.yaml", "learner.yaml", "moves", "corrections":
		return ok
	}
	return false
}

// Faults are the errors of the files that a Pupil is made of, and of corrections of moves
// that fit nothing. While there is one, nobody knows whether the Pupil is as was meant.
func Faults(r *folder.Record) []diag.Finding {
	var out []diag.Finding
	for _, x := range r.Findings {
		if x.Severity == diag.Error && Front(r, x.File) {
			out = append(out, x)
		}
	}
	if len(r.Corrections) == 0 {
		return out
	}
	for _, m := range r.Moves {
		_, faults := folder.Corrected(r, m)
		for _, x := range faults {
			if x.Severity == diag.Error {
				out = append(out, x)
			}
		}
	}
	return out
}

// roll is when a learner came on roll and when they leave, as a day sees it: the last day
// of joining before it, the last day on roll that is not before it, and whether they are
// away on that day. A learner may leave and come back; the day of leaving is still one on
// roll. What an earlier setting recorded before they joined here counts for nothing.
func roll(f *folder.Folder, r *folder.Record, day date.Date) (entry, left date.Date, away bool) {
	outside := func(stage string) bool {
		s, _ := f.Pathway.Value.Stage(stage)
		return s.Away()
	}
	entry = r.Learner.Value.Joined
	moves := slices.DeleteFunc(r.Moved(), func(m folder.Moved) bool { return m.Fixed.Date.Before(entry) })
	if len(moves) == 0 {
		return entry, date.Date{}, outside(r.Learner.Value.Stage) // and nothing says since when
	}
	away = outside(moves[0].Fixed.From)
	for i, m := range moves {
		on := m.Fixed.Date
		switch {
		case !outside(m.Fixed.To):
			if away && !on.After(day) {
				entry, left, away = on, date.Date{}, false
			}
		case i+1 < len(moves) && moves[i+1].Fixed.Date == on && !outside(moves[i+1].Fixed.To):
			// back on the very day: they were never off roll
		case on.Before(day):
			if !away {
				left, away = on, true
			}
		case !away:
			return entry, on, false
		}
	}
	return entry, left, away
}

// Detached is p with every text in memory of its own, so that the files that it was read
// from can be let go of.
func (p Pupil) Detached() Pupil {
	for _, s := range []*string{&p.Learner, &p.UPN, &p.FormerUPN, &p.ULN, &p.Surname, &p.Forename, &p.Preferred, &p.Sex, &p.Ethnicity, &p.Status, &p.Year, &p.Provision} {
		*s = strings.Clone(*s)
	}
	p.Needs = slices.Clone(p.Needs)
	for i := range p.Needs {
		p.Needs[i].Type = strings.Clone(p.Needs[i].Type)
	}
	return p
}

// applies is a dated indicator on a day.
func applies(flags []learner.DatedFlag, day date.Date) bool {
	var on bool
	var since date.Date
	for _, f := range flags {
		if !f.From.After(day) && !f.From.Before(since) {
			on, since = f.Applies, f.From
		}
	}
	return on
}
