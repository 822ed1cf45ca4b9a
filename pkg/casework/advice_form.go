package casework

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// AdviceForm asks for one professional's advice. Paths are those of the advice
// file; those below "consented" are of the consent that it rests on, asked only
// where none is recorded that held.
func AdviceForm(c Case) form.Script {
	q := adviceQuestions{c}
	return func(a form.Answers) []form.Question {
		qs := q.opening(a)
		qs = append(qs, q.consent(a)...)
		qs = append(qs, q.found(a)...)
		qs = append(qs, q.recommended(a)...)
		return append(qs, q.closing(a)...)
	}
}

type adviceQuestions struct{ Case }

// coveredPath is an answer that is no key of the advice file: that a consent which
// is there will do. So are those below consentedPath.
const coveredPath = "covered"

func (q adviceQuestions) opening(a form.Answers) []form.Question {
	const heading = "A professional's advice"
	who, _ := q.Folder.Person(a.Text("by"))
	asked, seen := parsed(a, "asked"), parsed(a, "seen")
	first, is := asked, "the day they were asked"
	if !seen.IsZero() {
		first, is = seen, "the day they saw "+q.name()
	}
	return []form.Question{
		{Path: "by", Flag: "--by", Heading: heading, Kind: form.Choice, Options: q.advisers(), Ask: "Whose advice is it?",
			Why: "The adults of people.yaml, those from outside first. Somebody new is added with: sendctl people add"},
		{Path: "qualification", Flag: "--qualification", Heading: heading, Kind: form.Line, Optional: true, Default: string(who.Qualification), Follows: who.Qualification != "",
			Ask: "What qualifies them for it? (s if that is not known)",
			Why: "A setting makes sure that whoever advises is qualified to. It is kept as it was on that day."},
		{Path: "asked", Flag: "--asked", Heading: heading, Kind: form.Date, Optional: true, Ask: "On what day were they asked? (s if that is not known)",
			Why: "How long a learner waits to be seen is worth knowing.", Check: past(date.Date{}, q.Today, "")},
		{Path: "seen", Flag: "--seen", Heading: heading, Kind: form.Date, Optional: true, Ask: "On what day did they see " + q.name() + "? (s if they did not)",
			Why: "Advice from somebody who met the learner is another thing than advice from papers.", Check: past(asked, q.Today, "the day they were asked")},
		{Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Ask: "What is the date of the advice?",
			Why: "The day of the report or letter, or of the talk.", Check: past(first, q.Today, is)},
	}
}

// advisers are the adults of people.yaml, those of another organisation first.
func (q adviceQuestions) advisers() []form.Option {
	var outside, staff []form.Option
	for _, p := range q.Folder.People.Value.People {
		words := string(p.Name) + ", " + q.Folder.Pathway.Value.Words("roles", p.Role)
		if p.Organisation == "" {
			staff = append(staff, form.Option{Value: p.ID, Words: words})
		} else {
			outside = append(outside, form.Option{Value: p.ID, Words: words + ", " + string(p.Organisation)})
		}
	}
	return append(outside, staff...)
}

func (q adviceQuestions) consent(a form.Answers) []form.Question {
	const heading = "Consent"
	options := append([]form.Option{{Value: "learner", Words: q.name() + ", the learner"}}, q.family()...)
	qs := []form.Question{{Path: "consent", Flag: "--consent", Heading: heading, Kind: form.Choice, Options: options, Optional: true,
		Ask: "Who agreed that they be asked? (s if that is not known)",
		Why: "Nothing about a learner goes to others unless the family, or the learner, agreed. A report that the family brought needs no consent of yours: skip this."}}
	by, days := a.Text("consent"), days(parsed(a, "asked"), parsed(a, "seen"), parsed(a, "date"))
	if by == "" || len(days) == 0 {
		return qs
	}
	none := "No consent of theirs is recorded that held then. "
	if consents := q.Record.Learner.Value.Consents; held(consents, by, days) {
		var have []string
		for _, x := range consents {
			if x.GivenBy == by {
				have = append(have, "Agreed on "+x.Date.Long()+": "+string(x.To))
			}
		}
		qs = append(qs, form.Question{Path: coveredPath, Flag: "--covered", Heading: heading, Kind: form.YesNo, Default: "true", Follows: true, Last: have,
			Ask: "Does what they agreed to cover this?", Why: "A consent is to something: one to share records is none to be assessed."})
		if x, ok := a[coveredPath]; !ok || x.Text == "true" {
			return qs
		}
		none = ""
	}
	first, last := days[0], days[len(days)-1]
	to := "asking somebody from outside for advice"
	if who, ok := q.Folder.Person(a.Text("by")); ok {
		to = "asking for the advice of: " + q.Folder.Pathway.Value.Words("roles", who.Role)
	}
	return append(qs, giving{heading: heading, ask: none + "What did they agree to?", to: to, first: first, last: last, firstIs: "when they were asked"}.questions()...)
}

// days are the days on which consent must hold, in order: those of asking and of
// seeing the learner, or that of the advice where neither is known.
func days(asked, seen, advised date.Date) []date.Date {
	var out []date.Date
	for _, d := range []date.Date{asked, seen} {
		if !d.IsZero() {
			out = append(out, d)
		}
	}
	if len(out) == 0 && !advised.IsZero() {
		out = append(out, advised)
	}
	return out
}

// held reports whether on each of the days a consent given by that person was in force.
func held(consents []learner.Consent, by string, days []date.Date) bool {
	return !slices.ContainsFunc(days, func(d date.Date) bool {
		return !slices.ContainsFunc(consents, func(c learner.Consent) bool {
			return c.GivenBy == by && gate.ConsentHolds(c, d)
		})
	})
}

func (q adviceQuestions) found(a form.Answers) []form.Question {
	const heading = "What they found"
	qs := []form.Question{{Path: "findings", Flag: "--finding", Heading: heading, Kind: form.List, Optional: true, Ask: "What did they find, in plain words?",
		Why: "What the learner can do belongs here too. The report itself may be kept as an attachment."}}
	for i := range most {
		at := fmt.Sprintf("scores[%d].", i)
		ask := "What did they measure? For example: rapid naming, standard score. (s if nothing)"
		if i > 0 {
			ask = "Anything else that they measured? (s if not)"
		}
		qs = append(qs, form.Question{Path: at + "what", Heading: heading, Kind: form.Line, Optional: true, Ask: ask, Why: "A figure says little without what was measured, and how."})
		if a[at+"what"].Empty() {
			break
		}
		qs = append(qs, form.Question{Path: at + "value", Heading: heading, Kind: form.Number, Ask: "What was the figure?", Why: "As it stands in the report."})
	}
	return qs
}

// mostRecommendations is how many recommendations are asked for.
const mostRecommendations = 24

func (q adviceQuestions) recommended(a form.Answers) []form.Question {
	var qs []form.Question
	for i := range mostRecommendations {
		at := fmt.Sprintf("recommendations[%d].", i)
		heading := fmt.Sprintf("Recommendation %d", i+1)
		ask := "What do they recommend? One thing at a time. (s if nothing)"
		if i > 0 {
			ask = "What else do they recommend? (s if nothing)"
		}
		qs = append(qs, form.Question{Path: at + "words", Heading: heading, Kind: form.Words, Optional: true, Ask: ask,
			Why: "Advice is acted on one recommendation at a time, and a panel asks what came of each."})
		if a[at+"words"].Empty() {
			break
		}
		qs = append(qs, form.Question{Path: at + "action", Heading: heading, Kind: form.Words, Optional: true, Ask: "What is done about it? (s if nothing yet, or it is not followed)",
			Why: "It can be added later: sendctl advice " + q.ID() + " act"})
		if !a[at+"action"].Empty() {
			qs = append(qs, form.Question{Path: at + "done", Heading: heading, Kind: form.Date, Optional: true, Ask: "Since when is it in place? (s if it is only decided)",
				Why: "Only what is in place counts as acted on.", Check: past(begun(parsed(a, "asked"), parsed(a, "seen"), parsed(a, "date")), q.Today, "the advice")})
			continue
		}
		qs = append(qs, form.Question{Path: at + "not_followed", Heading: heading, Kind: form.Words, Optional: true, Ask: "Is there a reason why it is not followed? (s if nothing has come of it yet)",
			Why: "A setting may have good reasons; they are written down."})
	}
	return qs
}

// begun is the first day on which advice can have been acted on: much is said
// before the report comes.
func begun(asked, seen, advised date.Date) date.Date {
	for _, d := range []date.Date{seen, asked} {
		if !d.IsZero() {
			return d
		}
	}
	return advised
}

func (q adviceQuestions) closing(a form.Answers) []form.Question {
	const heading = "What becomes of it"
	return []form.Question{
		{Path: "shared", Flag: "--shared", Heading: heading, Kind: form.Date, Optional: true, Ask: "On what day did the parents have it? (s if they have not yet)",
			Why: "Parents get what is written about their child.", Check: past(parsed(a, "date"), q.Today, "the advice")},
		{Path: "review_on", Flag: "--review-on", Heading: heading, Kind: form.Date, Optional: true, Ask: "By what day is it looked at how it went? (s if that is not set)",
			Why: "Advice is for a time.", Check: later(parsed(a, "date"), "the advice")},
		{Path: "restricted", Flag: "--restricted", Heading: heading, Kind: form.YesNo, Default: "false", Follows: true, Ask: "Is it only for some of those who may read the record?",
			Why: "Some reports are not for everyone."},
	}
}

// AdviceOf makes the advice of the answers, and the consent it rests on where that
// is to be recorded with it.
func AdviceOf(c Case, a form.Answers, extra Extra) (learner.Advice, *learner.Consent, error) {
	all := AdviceForm(c)
	only := func(consent bool) form.Script {
		return func(a form.Answers) []form.Question {
			return slices.DeleteFunc(all(a), func(q form.Question) bool {
				return q.Path == coveredPath || strings.HasPrefix(q.Path, consentedPath) != consent
			})
		}
	}
	var out learner.Advice
	if err := Fill(&out, only(false), a, extra); err != nil {
		return out, nil, err
	}
	for i := range out.Recommendations {
		if out.Recommendations[i].ID == "" {
			out.Recommendations[i].ID = fmt.Sprintf("r%d", i+1)
		}
	}
	var with struct {
		Consented *learner.Consent `yaml:"consented"`
	}
	if err := Fill(&with, only(true), a, nil); err != nil {
		return out, nil, err
	}
	if with.Consented != nil {
		with.Consented.GivenBy = out.Consent
	}
	return out, with.Consented, nil
}

// Acted is what came of one recommendation.
type Acted struct {
	Recommendation string        `yaml:"recommendation"` // "t9wc/r1": the advice and the recommendation in it
	Came           string        `yaml:"came"`           // in-place, decided, not-followed
	Action         learner.Words `yaml:"action"`
	Done           date.Date     `yaml:"done"`
	NotFollowed    learner.Words `yaml:"not_followed"`
}

// What can come of a recommendation.
const (
	InPlace     = "in-place"
	Decided     = "decided"
	NotFollowed = "not-followed"
)

// ActForm asks what came of a recommendation that is open. A *StateError says that
// none is.
func ActForm(c Case) (form.Script, error) {
	var options []form.Option
	for _, a := range c.Record.Advice {
		for _, x := range a.Value.Recommendations {
			if x.Open() {
				options = append(options, form.Option{Value: a.Value.ID + "/" + x.ID, Words: string(x.Words) + " (" + a.Value.Date.Short() + ")"})
			}
		}
	}
	if len(options) == 0 {
		return nil, state("%s has no recommendation of which nothing has come yet; sendctl advice %s show lists them all", c.ID(), c.ID())
	}
	return func(a form.Answers) []form.Question {
		const heading = "What came of a recommendation"
		advice, x, _ := recommendation(c.Record, a.Text("recommendation"))
		qs := []form.Question{
			{Path: "recommendation", Flag: "RECOMMENDATION", Heading: heading, Kind: form.Choice, Options: options, Ask: "Which recommendation?", Why: "Those of which nothing has come yet."},
			{Path: "came", Flag: "--came", Heading: heading, Kind: form.Choice, Options: []form.Option{
				{Value: InPlace, Words: "it is in place"},
				{Value: Decided, Words: "what is done is decided, and not in place yet"},
				{Value: NotFollowed, Words: "it is not followed, for a reason"}},
				Ask: "What came of it?", Why: "Only what is in place counts as acted on. Not to follow it is possible, with the reason."},
		}
		switch a.Text("came") {
		case InPlace:
			qs = append(qs,
				form.Question{Path: "action", Flag: "--action", Heading: heading, Kind: form.Words, Default: string(x.Action), Follows: x.Action != "", Ask: "What is done about it?", Why: "In a sentence, so that anyone can look whether it is so."},
				form.Question{Path: "done", Flag: "--done", Heading: heading, Kind: form.Date, Default: c.Today.String(), Ask: "Since when is it in place?", Why: "The day it began.",
					Check: past(begun(advice.Asked, advice.Seen, advice.Date), c.Today, "the advice")})
		case Decided:
			qs = append(qs, form.Question{Path: "action", Flag: "--action", Heading: heading, Kind: form.Words, Ask: "What is decided?", Why: "It stays open until it is in place."})
		case NotFollowed:
			qs = append(qs, form.Question{Path: "not_followed", Flag: "--not-followed", Heading: heading, Kind: form.Words, Ask: "Why is it not followed?", Why: "A setting may have good reasons; they are written down."})
		}
		return qs
	}, nil
}

// recommendation finds one by its place, "t9wc/r1".
func recommendation(r *folder.Record, at string) (a learner.Advice, x learner.Recommendation, ok bool) {
	file, id, _ := strings.Cut(at, "/")
	for _, a := range r.Advice {
		i := slices.IndexFunc(a.Value.Recommendations, func(x learner.Recommendation) bool { return x.ID == id })
		if a.Value.ID == file && i >= 0 {
			return a.Value, a.Value.Recommendations[i], true
		}
	}
	return a, x, false
}
