package casework

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// consentedPath is above the answers that make a new consent: it goes to
// learner.yaml, with the act that rests on it.
const consentedPath = "consented."

// giving is a consent being asked for: what the questions say of it.
type giving struct {
	heading, ask, to string
	by               []form.Option // who may have given it; none where that is known
	// It is given on first or before, and holds on last; firstIs says what first is.
	first, last date.Date
	firstIs     string
}

// questions ask what was agreed to, by whom, since when and until when.
func (g giving) questions() []form.Question {
	qs := []form.Question{{Path: consentedPath + "to", Flag: "--consent-to", Heading: g.heading, Kind: form.Words, Default: g.to,
		Ask: g.ask, Why: "It is written to learner.yaml, so that anyone can see what was agreed."}}
	if len(g.by) > 0 {
		qs = append(qs, form.Question{Path: consentedPath + "given_by", Flag: "--consent-by", Heading: g.heading, Kind: form.Choice, Options: g.by, Ask: "Who agreed?",
			Why: "Somebody with parental responsibility, and the young person themself once they are over compulsory school age."})
	}
	return append(qs,
		form.Question{Path: consentedPath + "date", Flag: "--consent-date", Heading: g.heading, Kind: form.Date, Ask: "On what day did they agree?",
			Why: "Consent comes first. Where nobody had agreed yet, go back and leave out who did.",
			Check: func(x form.Answer) error {
				d, err := date.Parse(x.Text)
				if err == nil && d.After(g.first) {
					err = fmt.Errorf("that is after %s, %s; consent comes before that", g.first.Long(), g.firstIs)
				}
				return err
			}},
		form.Question{Path: consentedPath + "until", Flag: "--consent-until", Heading: g.heading, Kind: form.Date, Optional: true, Ask: "Until when does it hold? (s if they set no end)",
			Why: "A consent with an end is asked for again.",
			Check: func(x form.Answer) error {
				d, err := date.Parse(x.Text)
				if err == nil && d.Before(g.last) {
					err = fmt.Errorf("that is before %s, so that it had ended by then", g.last.Long())
				}
				return err
			}})
}

// restsPath is the question which consents a request rests on; its answer is no
// value of the file, which holds the consents themselves.
const restsPath = "consent"

// newConsent is, among the consents, one that is not recorded yet.
const newConsent = "new"

// rests asks which consents to share the record a request rests on, where its kind
// looks for one: those that hold on a day, or a new one.
func (c Case) rests(kind pathway.Request, a form.Answers, on date.Date) []form.Question {
	if !c.wantsConsent(kind) {
		return nil
	}
	const heading = "Consent"
	var options []form.Option
	for i, x := range c.Record.Learner.Value.Consents {
		if x.GivenBy == "" || !gate.ConsentHolds(x, on) {
			continue
		}
		o := form.Option{Value: c.consentName(i), Words: fmt.Sprintf("%s (%s, %s)", strings.TrimRight(string(x.To), "."), x.GivenBy, x.Date.Long())}
		if !x.Until.IsZero() {
			o.Means = "Until " + x.Until.Long() + "."
		}
		options = append(options, o)
	}
	options = append(options, form.Option{Value: newConsent, Words: "a new one, which is recorded now"})
	whose := "the family agreed"
	if gate.OfAge(c.Record, on) {
		whose = c.name() + " agreed"
	}
	qs := []form.Question{{Path: restsPath, Flag: "--consent", Heading: heading, Kind: form.Many, Options: options, Optional: true,
		Ask: "By which consent may the record be shared for this request? (s if there is none yet)",
		Why: "The record goes to others, and " + whose + " to that or did not. A consent is to something: one to the hearing clinic is none to this."}}
	if !slices.Contains(a.Items(restsPath), newConsent) {
		return qs
	}
	return append(qs, giving{heading: heading, ask: "What did they agree to?", to: "sharing the record for the " + string(kind.Words) + " request",
		by: c.mayConsent(on), first: on, last: on, firstIs: "the day of the request"}.questions()...)
}

// wantsConsent reports whether a panel looks for a consent in requests of this kind.
func (c Case) wantsConsent(kind pathway.Request) bool {
	return slices.ContainsFunc(slices.Concat(kind.Gate, kind.Evidence), func(id string) bool {
		x, _ := c.Folder.Pathway.Value.Check(id)
		return x.Test == "consent"
	})
}

// mayConsent are the learner and the family; the learner first, and before all
// others, once the rights are theirs.
func (c Case) mayConsent(on date.Date) []form.Option {
	self := form.Option{Value: "learner", Words: c.name() + ", the learner"}
	if gate.OfAge(c.Record, on) {
		return append([]form.Option{self}, c.family()...)
	}
	return append(c.family(), self)
}

// consentName is how a consent is named in an answer: who gave it and when, and
// which of them where there are several.
func (c Case) consentName(i int) string {
	list := c.Record.Learner.Value.Consents
	name, nth := list[i].GivenBy+"/"+list[i].Date.String(), 1
	for _, x := range list[:i] {
		if x.GivenBy == list[i].GivenBy && x.Date == list[i].Date {
			nth++
		}
	}
	if nth > 1 {
		name += "/" + strconv.Itoa(nth)
	}
	return name
}

// restsOn are the consents that the answers name.
func (c Case) restsOn(a form.Answers) []learner.Consent {
	var out []learner.Consent
	names := a.Items(restsPath)
	for i, x := range c.Record.Learner.Value.Consents {
		if slices.Contains(names, c.consentName(i)) {
			out = append(out, x)
		}
	}
	x := learner.Consent{To: learner.Clean(a.Text(consentedPath + "to")), GivenBy: a.Text(consentedPath + "given_by"), Date: parsed(a, consentedPath+"date"), Until: parsed(a, consentedPath+"until")}
	if slices.Contains(names, newConsent) && x.To != "" && x.GivenBy != "" && !x.Date.IsZero() {
		out = append(out, x)
	}
	return out
}

// unrecorded are those of the consents that learner.yaml does not hold.
func unrecorded(r *folder.Record, list []learner.Consent) []learner.Consent {
	return slices.DeleteFunc(slices.Clone(list), func(x learner.Consent) bool {
		return slices.ContainsFunc(r.Learner.Value.Consents, func(had learner.Consent) bool { return gate.SameConsent(had, x) })
	})
}

// consenting is a record as it is once the consents are in it.
func consenting(r *folder.Record, list []learner.Consent) *folder.Record {
	fresh := unrecorded(r, list)
	if len(fresh) == 0 {
		return r
	}
	with := *r
	with.Learner.Value.Consents = append(slices.Clone(r.Learner.Value.Consents), fresh...)
	return &with
}

// consent puts into learner.yaml the consents that are not there yet.
func (a *act) consent(list []learner.Consent) error {
	who := a.Record.Learner
	fresh := unrecorded(a.Record, list)
	if len(fresh) == 0 {
		return nil
	}
	edits := []yamldoc.Edit{appendTo(who.Value, "consents", fresh, len(who.Value.Consents))}
	if len(who.Value.Consents) > 0 {
		edits = nil
		for _, x := range fresh {
			edits = append(edits, appendTo(who.Value, "consents", []learner.Consent{x}, len(who.Value.Consents)))
		}
	}
	next, err := who.Edited(recordfile.Learner, edits...)
	if err != nil {
		return err
	}
	return a.write(who.Path, next.Doc.Bytes())
}
