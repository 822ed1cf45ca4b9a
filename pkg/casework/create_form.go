package casework

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Newcomer is what create asks for: what is known now, and no more.
type Newcomer struct {
	Name        learner.Words    `yaml:"name"`
	Given       learner.Words    `yaml:"given"`
	FamilyName  learner.Words    `yaml:"family_name"`
	Born        date.Date        `yaml:"born"`
	Sex         string           `yaml:"sex"`
	UPN         string           `yaml:"upn"`
	Joined      date.Date        `yaml:"joined"`
	FromSetting learner.Words    `yaml:"from_setting"`
	Stage       string           `yaml:"stage"`
	SEN         string           `yaml:"sen"`
	Since       date.Date        `yaml:"since"`
	MainNeed    string           `yaml:"main_need"`
	Teacher     string           `yaml:"teacher"`
	SENCo       string           `yaml:"senco"`
	Family      []newRelative    `yaml:"family"`
	Noticed     date.Date        `yaml:"noticed"`
	Raised      date.Date        `yaml:"raised"`
	Strengths   []learner.Words  `yaml:"strengths"`
	Concern     *learner.Concern `yaml:"concern"`

	// What create does not ask and a list brings along; --set gives it to create too.
	FormerUPN string                  `yaml:"former_upn"`
	ULN       string                  `yaml:"uln"`
	Ethnicity string                  `yaml:"ethnicity"`
	Status    string                  `yaml:"status"` // of enrolment, where it is not plainly C
	Codes     []learner.ProvisionCode `yaml:"codes"`  // in place of SEN and Since
	Needs     []learner.Need          `yaml:"needs"`  // in place of MainNeed
	SENUnit   []learner.DatedFlag     `yaml:"sen_unit"`
	Resourced []learner.DatedFlag     `yaml:"resourced_provision"`
	TopUp     []learner.DatedFlag     `yaml:"top_up"`
}

type newRelative struct {
	ID                     string        `yaml:"id"`
	Name                   learner.Words `yaml:"name"`
	Relation               string        `yaml:"relation"`
	ParentalResponsibility bool          `yaml:"parental_responsibility,always"`
	Phone                  string        `yaml:"phone"`
	Email                  string        `yaml:"email"`
	Best                   learner.Words `yaml:"best"`
	Language               string        `yaml:"language"`
	Documents              string        `yaml:"documents"`
}

// CreateForm asks for a new learner. stage is where the learner begins: "" is a
// first concern; beyond it more is asked of where the learner is.
func CreateForm(c Case, stage string) form.Script {
	return func(a form.Answers) []form.Question {
		who := "the learner"
		if n := a.Text("name"); n != "" {
			who = n
		}
		const heading = "A new learner"
		qs := []form.Question{
			{Path: "name", Flag: "--name", Heading: heading, Kind: form.Line, Ask: "What name does the learner use every day?",
				Why: "The name that goes on the plan. It is kept in one file, identity.yaml, and nowhere else."},
			{Path: "given", Flag: "--given", Heading: heading, Kind: form.Line, Default: a.Text("name"), Follows: true, Ask: "The given name in full, as on the register?",
				Why: "Other settings and the local authority know the learner by it."},
			{Path: "family_name", Flag: "--family-name", Heading: heading, Kind: form.Line, Ask: "The family name?",
				Why: "As on the register."},
			{Path: "born", Flag: "--born", Heading: heading, Kind: form.Date, Ask: "The date of birth?",
				Why: "The year group and many duties follow from it.", Check: birthDate(c.Today)},
			{Path: "teacher", Flag: "--teacher", Heading: heading, Kind: form.Choice, Options: c.staff(), Default: defaultTo(c.Me.ID, c.staff()),
				Ask: "Which class or subject teacher is responsible?",
				Why: "The teacher stays responsible and accountable at every stage (Code of Practice, chapter 6)."},
		}
		qs = append(qs, form.Question{Path: "joined", Flag: "--joined", Heading: heading, Kind: form.Date,
			Ask: "When did the learner join the setting?", Why: "The census code begins then, and so does the setting's duty.",
			Check: past(parsed(a, "born"), c.Today, "the birth")})
		qs = append(qs, relatives(a)...)
		if beyondConcerns(stage) {
			qs = append(qs, laterStage(c, stage, a)...)
		}
		return append(qs, concern(c, stage, who, a)...)
	}
}

// beyondConcerns reports whether a learner begins at another stage than the first.
func beyondConcerns(stage string) bool { return stage != "" && stage != "initial-concerns" }

// concern asks for the concern that brings a learner, which somebody who joins at a
// later stage may come with as well. It is held by a cycle, so where a stage has none
// it is not asked for.
func concern(c Case, stage, who string, a form.Answers) []form.Question {
	if s, ok := c.Folder.Pathway.Value.Stage(stage); ok && !s.Cycles {
		return nil
	}
	heading, why := "The first concern", "In the words of whoever raised it; what they saw, not what they think it is called."
	if beyondConcerns(stage) {
		heading, why = "A concern", why+" What the setting before knew belongs in the next plan."
	}
	qs := []form.Question{{Path: "concern.words", Flag: "--concern", Heading: heading, Kind: form.Words, Optional: true,
		Ask: "What is the concern? (s if there is none to write down yet)", Why: why}}
	if x, ok := a["concern.words"]; !ok || x.Skipped {
		return qs
	}
	adults := c.staff()
	return append(qs,
		form.Question{Path: "concern.area", Flag: "--area", Heading: heading, Kind: form.Choice, Options: c.options("areas"),
			Ask: "Which area is it mostly about?", Why: "The four broad areas of the Code of Practice help to plan. They label no child."},
		form.Question{Path: "concern.by", Flag: "--by", Heading: heading, Kind: form.Choice, Options: append(adults, newFamily(a)...), Default: defaultTo(c.Me.ID, adults),
			Ask: "Who raised it?", Why: "So that they hear what came of it."},
		form.Question{Path: "noticed", Flag: "--noticed", Heading: heading, Kind: form.Date, Optional: true,
			Ask: "When was it first noticed? (s if that is not known)", Why: "How long it takes from noticing to acting is a figure worth knowing.",
			Check: past(date.Date{}, c.Today, "")},
		form.Question{Path: "strengths", Heading: heading, Kind: form.List, Optional: true,
			Ask: "What is " + who + " good at, and what do they enjoy?", Why: "Strengths first: a plan that builds on them works better."})
}

func birthDate(today date.Date) func(form.Answer) error {
	return func(x form.Answer) error {
		d, err := date.Parse(x.Text)
		switch {
		case err != nil:
			return err
		case !d.Before(today):
			return errors.New("a date of birth lies in the past")
		case today.Age(d) > 25:
			return errors.New("that is more than 25 years ago; check the year")
		}
		return nil
	}
}

func relatives(a form.Answers) []form.Question {
	const heading = "The family"
	var qs []form.Question
	for i := range 6 {
		at := fmt.Sprintf("family[%d].", i)
		ask := "Who is at home? A short word for the first of them, such as mum or gran. (s if not known yet)"
		if i > 0 {
			ask = "Anyone else? (s if not)"
		}
		qs = append(qs, form.Question{Path: at + "id", Heading: heading, Kind: form.Line, Optional: true, Ask: ask,
			Why:   "Plans name people at home by this word; their names stay in identity.yaml.",
			Check: relativeID(a, i)})
		if x, ok := a[at+"id"]; !ok || x.Skipped {
			break
		}
		id := a.Text(at + "id")
		qs = append(qs,
			form.Question{Path: at + "name", Heading: heading, Kind: form.Line, Ask: "The name of " + id + "?", Why: "To write to them by name."},
			form.Question{Path: at + "relation", Heading: heading, Kind: form.Line, Default: relationOf(id), Follows: relationOf(id) != "", Ask: "What are they to the learner? For example mother, father, grandmother, carer.",
				Why: "Families differ, and the record says how."},
			form.Question{Path: at + "parental_responsibility", Heading: heading, Kind: form.YesNo, Ask: "Do they have parental responsibility?",
				Why: "Decisions and consent need someone who has it. If you are not sure, ask the office."})
	}
	return qs
}

func relativeID(a form.Answers, i int) func(form.Answer) error {
	return func(x form.Answer) error {
		if !plainID(x.Text) || x.Text == "learner" {
			return errors.New("use one short word in small letters, such as mum, dad, gran or carer")
		}
		for j := range i {
			if a.Text(fmt.Sprintf("family[%d].id", j)) == x.Text {
				return errors.New("that word is taken; use another, such as mum2")
			}
		}
		return nil
	}
}

// plainID reports whether s may be the id of a person: small letters, digits, hyphens.
func plainID(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

func relationOf(id string) string {
	switch id {
	case "mum", "mam", "mom":
		return "mother"
	case "dad":
		return "father"
	case "gran", "nana", "grandma":
		return "grandmother"
	case "grandad", "grandpa":
		return "grandfather"
	}
	return ""
}

func newFamily(a form.Answers) []form.Option {
	var out []form.Option
	for i := range 6 {
		if id := a.Text(fmt.Sprintf("family[%d].id", i)); id != "" {
			out = append(out, form.Option{Value: id, Words: a.Text(fmt.Sprintf("family[%d].name", i))})
		}
	}
	return out
}

// laterStage asks what must be known of a learner who joins beyond a first concern.
func laterStage(c Case, id string, a form.Answers) []form.Question {
	const heading = "Where the learner is"
	p := &c.Folder.Pathway.Value
	stage, _ := p.Stage(id)
	codes := []form.Option{
		{Value: "N", Words: "no special educational need recorded"},
		{Value: "K", Words: "SEN support"},
		{Value: "E", Words: "an EHC plan"},
	}
	qs := []form.Question{
		{Path: "sen", Flag: "--sen", Heading: heading, Kind: form.Choice, Options: codes, Default: stage.SENProvision,
			Ask: "Which code does the school census hold?", Why: "N, K or E is a fact of its own; it does not follow from the stage."},
		{Path: "since", Flag: "--since", Heading: heading, Kind: form.Date, Ask: "Since when?",
			Why: "Each code is dated, so that any census day can be made again.", Check: past(parsed(a, "born"), c.Today, "the birth")},
	}
	if sen := a.Text("sen"); sen == "K" || sen == "E" {
		qs = append(qs, form.Question{Path: "main_need", Flag: "--main-need", Heading: heading, Kind: form.Choice, Options: needTypes(c),
			Ask: "What is the main area of need?", Why: "The census asks for it. It describes a need; it is no diagnosis."})
	}
	return qs
}

// CreateOf makes identity and learner (and, with a concern, the first cycle) of
// what was answered.
func CreateOf(c Case, stageID string, a form.Answers, extra Extra) (Newcomer, error) {
	n := Newcomer{Stage: stageID}
	if err := Fill(&n, CreateForm(c, stageID), a, extra); err != nil {
		return n, err
	}
	if n.Stage == "" {
		n.Stage = "initial-concerns"
	}
	if n.UPN != "" {
		if err := ids.CheckUPN(n.UPN); err != nil {
			return n, err
		}
	}
	if w, ok := c.Folder.Pathway.Value.Stage(n.Stage); ok && !w.Cycles && (n.Concern != nil || len(n.Strengths) > 0 || !n.Noticed.IsZero() || !n.Raised.IsZero()) {
		return n, &SupplyError{From: "--concern", Message: "a concern is held by a cycle, and there are none at this stage (" + string(w.Words) + "); leave it out, or give another --stage"}
	}
	if n.Concern == nil && (len(n.Strengths) > 0 || !n.Noticed.IsZero() || !n.Raised.IsZero()) {
		return n, &SupplyError{From: "--concern", Message: "what was noticed, and when, is kept with a concern, and none was given; say what it is, or leave this out"}
	}
	if n.Raised.After(c.Today) {
		return n, state("the concern is dated %s, which is still to come", n.Raised.Long())
	}
	if n.SENCo == "" {
		n.SENCo = senco(c)
	}
	for i := range n.Family {
		if n.Family[i].Relation == "" {
			n.Family[i].Relation = relationOf(n.Family[i].ID)
		}
	}
	return n, nil
}

// senco is who acts, if a SENCo, else the first SENCo of people.yaml, else "".
func senco(c Case) string {
	if c.Me.Role == "senco" {
		return c.Me.ID
	}
	i := slices.IndexFunc(c.Folder.People.Value.People, func(p learner.Person) bool { return p.Role == "senco" })
	if i < 0 {
		return ""
	}
	return c.Folder.People.Value.People[i].ID
}
