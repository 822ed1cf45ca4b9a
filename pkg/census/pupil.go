package census

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
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
	Left    date.Date // the last day on roll; zero while nothing says there is one
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

	// Unread says that a file of the learner holds an error, so that what stands here may
	// not be what was written.
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
		Year:    YearOf(r, day),
		SENUnit: applies(is.SENUnit, day), Resourced: applies(is.Resourced, day), TopUp: applies(is.TopUp, day),
		Unread: r.Identity.Doc == nil || r.Learner.Doc == nil || len(r.Findings) > 0,
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
	slices.SortStableFunc(p.Needs, func(a, b Need) int { return cmp.Compare(a.Rank, b.Rank) })
	return p, !p.Entry.After(day) && !away && p.Status != "G"
}

// YearOf is a learner's National Curriculum year on a day: 4, R, N2; "" where nothing tells.
func YearOf(r *folder.Record, day date.Date) string {
	is := r.Learner.Value
	reception, err := strconv.Atoi(strings.TrimSpace(is.Cohort))
	if err != nil {
		if r.Identity.Value.Born.IsZero() {
			return ""
		}
		reception = r.Identity.Value.Born.Reception()
	}
	year := day.YearGroup(reception)
	for _, x := range is.YearExceptions {
		if !x.From.After(day) {
			year = x.Year
		}
	}
	return year
}

// roll is when a learner came on roll and when they leave, as a day sees it: the last day
// of joining before it, the last day on roll that is not before it, and whether they are
// away on that day. A learner may leave and come back.
func roll(f *folder.Folder, r *folder.Record, day date.Date) (entry, left date.Date, away bool) {
	entry = r.Learner.Value.Joined
	moves := r.Moved()
	if s, _ := f.Pathway.Value.Stage(r.Learner.Value.Stage); len(moves) == 0 && s.Away() {
		return entry, entry, true // outside, and nothing says since when
	}
	for _, m := range moves {
		to, _ := f.Pathway.Value.Stage(m.Fixed.To)
		switch on := m.Fixed.Date; {
		case on.Before(day) && to.Away():
			left, away = on, true
		case to.Away(): // on the day itself they are still on roll
			if !away {
				left = on
			}
			return entry, left, away
		case away && !on.After(day):
			entry, left, away = on, date.Date{}, false
		}
	}
	return entry, left, away
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
