package casework

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Importing is what is said of a whole list, where its rows say nothing themselves.
type Importing struct {
	Teacher, SENCo string            // ids of adults; both are in people.yaml
	Stages         map[string]string // the stage to begin at for each code: N, K, E
	Since          date.Date         // since when K and E hold; zero: not said
	SinceJoined    bool              // they hold from the day of joining
	Joined         date.Date         // the day of joining; zero: not said
	All            bool              // also those without special educational needs
	// From is the setting a CTF came from. Transfer says that the list is one: what it
	// tells of being on roll is told of that setting, and not of this one.
	From     learner.Words
	Transfer bool
	// Headings are the headings of the columns, for reasons; nil where there are none.
	Headings map[exchange.Field]string
}

// WithDefaults fills in what was left open: whoever imports is the responsible teacher,
// as create has it, the SENCo is the one of people.yaml, and stages are those of StagesFor.
func (o Importing) WithDefaults(c Case) Importing {
	if o.Teacher == "" {
		o.Teacher = c.Me.ID
	}
	if o.SENCo == "" {
		o.SENCo = senco(c)
	}
	stages := StagesFor(&c.Folder.Pathway.Value)
	maps.Copy(stages, o.Stages)
	o.Stages = stages
	return o
}

// StagesFor are the stages at which learners with each code for SEN provision begin,
// where nothing else is said: the first of the pathway with that usual code which is not
// built on a document, since such a one is agreed with the learner and the family. With N
// that is where nobody has a concern yet: a list says nothing of one. A code for which the
// pathway has none is left out.
func StagesFor(p *pathway.Pathway) map[string]string {
	out := map[string]string{}
	for _, code := range []string{"N", "K", "E"} {
		for _, plain := range []bool{true, false} {
			i := slices.IndexFunc(p.Stages, func(s pathway.Stage) bool {
				return s.SENProvision == code && (s.Document == "") == plain
			})
			if i >= 0 {
				out[code] = p.Stages[i].ID
				break
			}
		}
	}
	return out
}

// RowReason is why a row is not proposed, or what it differs in. Message holds no value of
// the list but codes.
type RowReason struct {
	Table   string         `json:"table,omitempty"` // "needs" where Row is of the table of needs
	Row     int            `json:"row,omitempty"`   // where it is another than the proposal's
	Column  string         `json:"column,omitempty"`
	Field   exchange.Field `json:"field,omitempty"`
	Message string         `json:"message"`
}

// newcomer makes a newcomer of a pupil: told is what was taken although the row does not
// say it, or left out; reasons are why it cannot be one.
func (o *Importing) newcomer(c Case, p exchange.Pupil) (n Newcomer, told []string, reasons []RowReason) {
	b := &becoming{Importing: o, pupil: p, today: c.Today}
	b.n = Newcomer{
		Name: learner.Words(p.Preferred), Given: learner.Words(p.Forename), FamilyName: learner.Words(p.Surname), Born: p.Born, Sex: p.Sex,
		UPN: p.UPN, FormerUPN: p.FormerUPN, ULN: p.ULN, Ethnicity: p.Ethnicity, FromSetting: o.From,
		Teacher: o.Teacher, SENCo: o.SENCo,
	}
	if b.n.Name == "" {
		b.n.Name = b.n.Given
	}
	b.must(p.Forename == "", exchange.Forename, "there is no forename")
	b.must(p.Surname == "", exchange.Surname, "there is no surname")
	b.must(p.Born.IsZero(), exchange.BirthDate, "there is no date of birth")
	b.must(!p.Born.IsZero() && !p.Born.Before(c.Today), exchange.BirthDate, "the date of birth does not lie in the past")
	b.must(!p.Born.IsZero() && c.Today.Age(p.Born) > 25, exchange.BirthDate, "the date of birth lies more than 25 years back; check the century")
	b.joined()
	b.codes()
	b.needs()
	b.flags()
	if p.Status != exchangeSingle && !o.Transfer {
		b.n.Status = p.Status
	}
	if year := c.Today.YearGroup(p.Born.Reception()); p.Year != "" && p.Year != year && !p.Born.IsZero() {
		b.tell("the year group is another than the birth date gives; that is not taken over: sendctl edit, year_exceptions in learner.yaml")
	}
	return b.n, b.told, b.reasons
}

// exchangeSingle is the enrolment status of one on roll here alone, which nobody writes down.
const exchangeSingle = "C"

// becoming is a newcomer that is being made of a pupil.
type becoming struct {
	*Importing
	pupil exchange.Pupil
	today date.Date

	n       Newcomer
	since   date.Date // since when the newest code holds
	told    []string
	reasons []RowReason
}

func (b *becoming) tell(words string) { b.told = append(b.told, words) }

func (b *becoming) must(not bool, f exchange.Field, message string) {
	if not {
		b.reasons = append(b.reasons, RowReason{Column: b.Headings[f], Field: f, Message: message})
	}
}

func (b *becoming) joined() {
	b.n.Joined = b.pupil.Entry
	if b.n.Joined.IsZero() && !b.Joined.IsZero() {
		b.n.Joined = b.Joined
		b.tell("joined " + b.Joined.String() + ", as --joined says")
	}
	b.must(b.n.Joined.IsZero(), exchange.EntryDate, "there is no day of joining; --column entry-date=HEADING names its column, --joined DATE says it for all who have none")
}

// codes takes the dated codes for SEN provision.
func (b *becoming) codes() {
	old, err := recordfile.CodeList("withdrawn")
	if err != nil {
		panic(err) // a fault of the program, which a test finds
	}
	left := 0
	for _, s := range b.pupil.Steps {
		if c, ok := old.Code(s.Code); ok && len(c.Code) == 1 {
			left++
			continue
		}
		b.n.Codes = append(b.n.Codes, learner.ProvisionCode{From: s.From, Code: s.Code})
	}
	if left > 0 {
		b.tell(fmt.Sprintf("%s of the time before K and E left out, since a record holds the codes of today alone", count(left, "code", "codes")))
	}
	if len(b.n.Codes) == 0 {
		b.n.Codes = []learner.ProvisionCode{{Code: "N"}}
		b.tell("no code for SEN provision: N taken")
	}
	asked := false
	for i := range b.n.Codes {
		k := &b.n.Codes[i]
		switch {
		case !k.From.IsZero():
		case k.Code == "N" || b.SinceJoined:
			k.From = b.n.Joined
		case !b.Since.IsZero():
			k.From = b.Since
			if k.From.Before(b.n.Joined) && !b.n.Joined.After(b.today) {
				k.From = b.n.Joined // what held before, the school before knows
			}
			asked = true
		default:
			b.must(true, exchange.ProvisionFrom, "nothing says since when "+k.Code+" holds; --column sen-provision-from=HEADING names its column, --since DATE says it for all, --since joined takes the day of joining")
		}
	}
	slices.SortStableFunc(b.n.Codes, func(x, y learner.ProvisionCode) int { return x.From.Compare(y.From) })
	first, last := b.n.Codes[0], b.n.Codes[len(b.n.Codes)-1]
	b.since = last.From
	b.must(!last.From.IsZero() && !b.pupil.Born.IsZero() && first.From.Before(b.pupil.Born), exchange.ProvisionFrom, "a code for SEN provision begins before the date of birth")
	switch {
	case asked:
		b.tell(last.Code + " since " + last.From.String() + ", as --since says")
	case b.SinceJoined && last.Code != "N" && b.pupil.Steps[len(b.pupil.Steps)-1].From.IsZero():
		b.tell(last.Code + " since the day of joining, as --since says")
	case first.Code != "N" && !b.n.Joined.IsZero() && first.From.After(b.n.Joined):
		// As create has it: what the list dates began then, and not with joining.
		b.n.Codes = append([]learner.ProvisionCode{{From: b.n.Joined, Code: "N"}}, b.n.Codes...)
		b.tell("N from the day of joining until " + first.Code + " began")
	}
	if b.n.Stage = b.Stages[last.Code]; b.n.Stage == "" {
		b.must(true, exchange.Provision, "the pathway has no stage at which learners with the code "+last.Code+" begin; say one: --stage "+last.Code+"=STAGE")
	}
}

// needs takes all types of need, those without a rank behind the others as they stand.
func (b *becoming) needs() {
	old, err := recordfile.CodeList("withdrawn")
	if err != nil {
		panic(err) // a fault of the program, which a test finds
	}
	last := 0
	for _, n := range b.pupil.Needs {
		last = max(last, n.Rank)
	}
	left, ranked, ended := 0, 0, 0
	for _, n := range b.pupil.Needs {
		if c, ok := old.Code(n.Type); ok && len(c.Code) > 1 {
			left++
			continue
		}
		b.must(n.Type == "", exchange.Need1, "a need has a rank and no type")
		if n.Rank == 0 && n.Until.IsZero() {
			last++
			ranked++
			n.Rank = last
		}
		from := n.From
		if from.IsZero() {
			from = b.since
		}
		if !n.Until.IsZero() && n.From.IsZero() {
			ended++ // a need is kept with the day it was noted, and nobody knows that
			continue
		}
		rank := ""
		if n.Rank > 0 {
			rank = strconv.Itoa(n.Rank)
		}
		b.n.Needs = append(b.n.Needs, learner.Need{Rank: learner.Number(rank), Type: n.Type, From: from, Until: n.Until})
	}
	if left > 0 {
		b.tell(count(left, "need", "needs") + " of a type that was withdrawn left out")
	}
	if ended > 0 {
		b.tell(count(ended, "need that has ended, and has no first day,", "needs that have ended, and have no first day,") + " left out")
	}
	if ranked > 0 && len(b.pupil.Needs) > 1 {
		b.tell("needs without a rank ranked in the order in which they stand")
	}
	if code := b.n.Codes[len(b.n.Codes)-1].Code; code == "N" {
		b.must(slices.ContainsFunc(b.n.Needs, func(n learner.Need) bool { return n.Until.IsZero() || n.Until.After(b.today) }), exchange.Need1,
			"the code for SEN provision says N, and a need stands beside it (DfE census rule 2125)")
	}
}

// flags takes the indicators that say yes: since when is not said anywhere, so they hold
// with the newest code.
func (b *becoming) flags() {
	yes := func(said *bool) []learner.DatedFlag {
		if said == nil || !*said {
			return nil
		}
		from := b.since
		if from.Before(b.n.Joined) {
			from = b.n.Joined
		}
		b.tell("indicators taken from " + from.String() + " on, since the list says no day")
		return []learner.DatedFlag{{From: from, Applies: true}}
	}
	b.n.SENUnit, b.n.Resourced, b.n.TopUp = yes(b.pupil.SENUnit), yes(b.pupil.Resourced), yes(b.pupil.TopUp)
	b.told = slices.Compact(b.told)
}
