package casework

import (
	"context"
	"fmt"
	"path"
	"reflect"
	"slices"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// OpenRequest makes a request's draft. The id is given here. A consent that it
// rests on, and that learner.yaml does not hold yet, is recorded with it.
func (d *Desk) OpenRequest(ctx context.Context, q learner.Request) (Done, error) {
	var file string
	done, err := d.do(ctx, "request", q.Learner, func(a *act) error {
		kind, _ := a.Folder.Pathway.Value.Request(q.Kind)
		if err := secondDraft(a.Record, kind, q.AskedBy); err != nil {
			return err
		}
		a.date, a.stage, a.about = q.Opened, a.Record.Learner.Value.Stage, q.Kind
		var err error
		if q.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		file = q.ID
		p := path.Join(a.Record.Dir, "requests", fmt.Sprintf("%s-%s-%s.yaml", q.Opened, q.Kind, q.ID))
		if err := a.make(p, recordfile.Request, q); err != nil {
			return err
		}
		return a.consent(q.Consents)
	})
	done.File = file
	return done, err
}

// reckon works out what the parts of the money asked for cost, and their sum. A sum
// that was given and is not theirs is a *SupplyError.
func reckon(q *learner.Request) error {
	for i := range q.Basis {
		sum, err := cost.Ask(q.Basis[i])
		if err != nil {
			return &SupplyError{From: "what is asked for", Path: fmt.Sprintf("basis[%d]", i), Message: err.Error()}
		}
		q.Basis[i].Cost = sum.Number()
	}
	if len(q.Basis) == 0 {
		return nil
	}
	sum, _, err := cost.Basis(q.Basis)
	if err != nil {
		return err
	}
	asks := learner.Grant{}
	if q.Asks != nil {
		asks = *q.Asks
	}
	if was, ok := cost.Parse(asks.Money); asks.Money != "" && (!ok || was != sum) {
		return &SupplyError{From: "what is asked for", Path: "asks.money", Message: "the sum is worked out from the parts of basis, and this is not theirs; leave it out"}
	}
	asks.Money = sum.Number()
	q.Asks = &asks
	return nil
}

// refill puts into a request what the record holds on a day: the index of
// evidence, what the support costs, and how far each item is there. What a person
// cited or marked stays. It gives what is missing where a cost cannot be worked
// out, a sentence each.
func refill(f *folder.Folder, r *folder.Record, q *learner.Request, on date.Date) (missing []string) {
	q.Costs, missing = report.CostsNow(f, r, q.Costs, on)
	q.Evidence = indexed(report.ReadinessOf(f, r, *q, on), q.Evidence)
	q.Readiness = judged(report.ReadinessOf(f, r, *q, on), q.Readiness)
	return missing
}

// indexed numbers the evidence in the order in which a panel reads it: what was in
// the index, and what the record shows beyond it.
func indexed(table []gate.Line, were []learner.RequestEvidence) []learner.RequestEvidence {
	var out []learner.RequestEvidence
	add := func(e learner.RequestEvidence) {
		if slices.ContainsFunc(out, func(o learner.RequestEvidence) bool { return o.Shows == e.Shows && o.Cites == e.Cites }) {
			return
		}
		e.N = learner.Count(len(out) + 1)
		out = append(out, e)
	}
	for _, l := range table {
		for _, e := range were {
			if e.Shows == l.Check.ID {
				add(e)
			}
		}
		if l.State == gate.NotApplicable {
			continue
		}
		for _, id := range l.Cites {
			add(learner.RequestEvidence{Shows: l.Check.ID, Cites: id})
		}
	}
	for _, e := range were { // of an item the pathway does not know any more
		add(e)
	}
	return out
}

// judged are the items with their states. Why one does not apply stays as a person wrote it.
func judged(table []gate.Line, were []learner.Readiness) []learner.Readiness {
	var out []learner.Readiness
	for _, l := range table {
		x := learner.Readiness{Item: l.Check.ID, State: string(l.State), Words: learner.Clean(l.Found)}
		for _, w := range were {
			if w.Item == x.Item && w.State == x.State && l.State == gate.NotApplicable && w.Words != "" {
				x.Words = w.Words
			}
		}
		out = append(out, x)
	}
	return out
}

// requestEdits write into a request's file what has changed, and leave every other
// line as it is.
func requestEdits(was, now learner.Request) []yamldoc.Edit {
	var edits []yamldoc.Edit
	set := func(key string, before, after any) {
		at := yamldoc.Path{{Key: key}}
		switch {
		case reflect.DeepEqual(before, after):
		case reflect.ValueOf(after).IsZero() || reflect.ValueOf(after).Kind() == reflect.Slice && reflect.ValueOf(after).Len() == 0:
			if v := reflect.ValueOf(before); !v.IsZero() && (v.Kind() != reflect.Slice || v.Len() > 0) {
				edits = append(edits, yamldoc.Delete(at))
			}
		default:
			edits = append(edits, yamldoc.SetAfter(at, recordfile.Value(after), recordfile.Before(now, key)...))
		}
	}
	set("sent", was.Sent, now.Sent)
	if now.Asks != nil && (was.Asks == nil || *was.Asks != *now.Asks) {
		set("asks", learner.Grant{}, *now.Asks)
	}
	set("basis", was.Basis, now.Basis)
	set("because", was.Because, now.Because)
	set("consents", was.Consents, now.Consents)
	set("evidence", was.Evidence, now.Evidence)
	set("readiness", was.Readiness, now.Readiness)
	set("costs", was.Costs, now.Costs)
	set("declared", was.Declared, now.Declared)
	return edits
}

// draftOf finds a draft again under the lock.
func (a *act) draftOf(id string) (recordfile.File[learner.Request], error) {
	for _, q := range a.Record.Requests {
		if q.Value.ID == id && q.Doc != nil {
			if !q.Value.Sent.IsZero() {
				return q, &SealedError{Path: q.Path, File: id, Learner: a.learner}
			}
			return q, nil
		}
	}
	return recordfile.File[learner.Request]{}, state("the request %s is not there any more: sendctl request %s", id, a.learner)
}

// Sending is a request about to be sent: what it will hold, and what is missing.
type Sending struct {
	Case
	Life  gate.Life
	draft learner.Request
}

// StartSend begins the sending of a draft.
func StartSend(c Case, l gate.Life) *Sending {
	return &Sending{Case: c, Life: l, draft: l.Request.Value}
}

// Draft is the name under which half-made answers are kept.
func (s *Sending) Draft() string { return "send-" + s.ID() + "-" + s.draft.ID }

// Form asks when it was sent, who declared it, and why it goes with something missing.
func (s *Sending) Form() form.Script {
	return func(a form.Answers) []form.Question {
		heading := "Sending the " + string(s.Life.Kind.Words) + " request"
		qs := []form.Question{
			{Path: "sent", Flag: "--date", Heading: heading, Kind: form.Date, Default: s.Today.String(), Follows: true,
				Ask: "On what day is it sent?", Why: "From then on it is sealed. The time limits count from the day it is received.",
				Check: past(s.draft.Opened, s.Today, "the day it was begun")},
			{Path: "declared", Flag: "--declared", Heading: heading, Kind: form.Many, Options: s.within(), Optional: true,
				Ask: "Who declares that it is complete and true? The headteacher and the SENCo, as a rule. (s for nobody)", Why: "Most forms have a line for it."},
		}
		qs = append(qs, s.consenting(a)...)
		unmet := s.Missing(a)
		if len(unmet) == 0 || s.draft.Because != "" || s.ByRight() { // a reason that is in the draft already is not asked for again
			return qs
		}
		return append(qs, form.Question{Path: "because", Flag: "--because", Heading: "What is missing", Kind: form.Words, Optional: s.Nameless, Last: lacking(unmet),
			Ask: "Why is it sent all the same?", Why: "It may be sent at any time. Whoever reads it sees what was missing, and why it could not wait."})
	}
}

// within are the adults of the setting itself: nobody of another organisation
// declares its request.
func (c Case) within() []form.Option {
	return slices.DeleteFunc(c.staff(), func(o form.Option) bool {
		p, ok := c.Folder.Person(o.Value)
		return ok && p.Organisation != ""
	})
}

// ByRight is described at Requesting.ByRight.
func (s *Sending) ByRight() bool {
	return gate.ByRight(s.Life.Kind, s.Record, s.draft.AskedBy, s.draft.Opened)
}

// consenting asks for the consent it goes with, where the draft names none that
// holds and nothing is cited in its place.
func (s *Sending) consenting(a form.Answers) []form.Question {
	on := s.day(a)
	unmet := slices.ContainsFunc(report.ReadinessOf(s.Folder, s.Record, s.draft, on), func(l gate.Line) bool { return l.Check.Test == "consent" && !l.Met() })
	if !unmet {
		return nil
	}
	return s.rests(s.Life.Kind, a, on)
}

// day is the day of sending, as answered so far.
func (s *Sending) day(a form.Answers) date.Date {
	if on := s.On(a); !on.IsZero() {
		return on
	}
	return s.Today
}

// with is the draft with what the answers add to it.
func (s *Sending) with(a form.Answers) learner.Request {
	q := s.draft
	q.Declared = declared(q.Declared, a, s.day(a))
	q.Consents = slices.Clone(q.Consents)
	for _, x := range s.restsOn(a) {
		if !slices.ContainsFunc(q.Consents, func(had learner.Consent) bool { return gate.SameConsent(had, x) }) {
			q.Consents = append(q.Consents, x)
		}
	}
	return q
}

// Missing are the items of evidence that are not there at all, declared and agreed
// to as answered.
func (s *Sending) Missing(a form.Answers) []gate.Line {
	q := s.with(a)
	return slices.DeleteFunc(report.ReadinessOf(s.Folder, consenting(s.Record, q.Consents), q, s.day(a)), func(l gate.Line) bool { return l.State != gate.Missing })
}

// declared adds to those who declared a request those who do so now.
func declared(were []learner.SignedBy, a form.Answers, on date.Date) []learner.SignedBy {
	out := slices.Clone(were)
	for _, who := range a.Items("declared") {
		if !slices.ContainsFunc(out, func(y learner.SignedBy) bool { return y.Who == who }) {
			out = append(out, learner.SignedBy{Who: who, Date: on})
		}
	}
	return out
}

// Because is the reason why it goes with something missing: the answer, or what the
// draft holds already.
func (s *Sending) Because(a form.Answers) learner.Words {
	said := learner.Clean(a.Text("because"))
	switch was := s.draft.Because; {
	case was == "" || said == was:
		return said
	case said == "":
		return was
	default:
		return was + "\n" + said
	}
}

// Preview is the request as it would be sealed, with the answers laid in; nothing is
// recorded.
func (s *Sending) Preview(a form.Answers) (learner.Request, error) {
	q, _, err := s.filled(s.Folder, s.Record, a)
	return q, err
}

// filled is the draft as it is sealed: reckoned and filled again from the record.
// missing says what could not be costed.
func (s *Sending) filled(f *folder.Folder, r *folder.Record, a form.Answers) (q learner.Request, missing []string, err error) {
	q = s.with(a)
	q.Sent, q.Because = s.day(a), s.Because(a)
	q.Evidence, q.Costs = slices.Clone(q.Evidence), slices.Clone(q.Costs)
	q.Basis = slices.Clone(q.Basis)
	if q.Asks != nil && len(q.Basis) > 0 {
		asks := *q.Asks
		asks.Money = "" // the parts may have been edited since
		q.Asks = &asks
	}
	for i := range q.Basis {
		if q.Basis[i].Hourly != "" && (q.Basis[i].HoursAWeek != "" || q.Basis[i].Hours != "") {
			q.Basis[i].Cost = ""
		}
	}
	if err := reckon(&q); err != nil {
		return q, nil, err
	}
	missing = refill(f, consenting(r, q.Consents), &q, q.Sent)
	return q, missing, nil
}

// SendRequest fills a draft again from the record, writes how ready it was, and
// seals it. missing says what could not be costed.
func (d *Desk) SendRequest(ctx context.Context, s *Sending, a form.Answers) (done Done, missing []string, err error) {
	on := s.day(a)
	done, err = d.do(ctx, "send", s.ID(), func(x *act) error {
		file, err := x.draftOf(s.draft.ID)
		if err != nil {
			return err
		}
		now := *s
		now.draft = file.Value // another reason may have been written into it meanwhile
		var q learner.Request
		if q, missing, err = now.filled(x.Folder, x.Record, a); err != nil {
			return err
		}
		x.date, x.stage, x.about = on, x.Record.Learner.Value.Stage, q.Kind
		next, err := file.Edited(recordfile.Request, requestEdits(file.Value, q)...)
		if err != nil {
			return err
		}
		if err := x.write(file.Path, next.Doc.Bytes()); err != nil {
			return err
		}
		if err := x.consent(s.restsOn(a)); err != nil {
			return err
		}
		x.seal(q.ID, file.Path, "send", on)
		return nil
	})
	return done, missing, err
}

// WithdrawRequest removes a draft: nobody has it yet, so there is nothing to take
// back, and the history keeps what it was.
func (d *Desk) WithdrawRequest(ctx context.Context, l gate.Life) (Done, error) {
	id := l.Request.Value.ID
	done, err := d.do(ctx, "withdraw", l.Request.Value.Learner, func(a *act) error {
		file, err := a.draftOf(id)
		if err != nil {
			return err
		}
		old, err := a.current(file.Path)
		if err != nil {
			return err
		}
		a.date, a.stage, a.about = date.Of(a.who.When), a.Record.Learner.Value.Stage, file.Value.Kind
		a.put(store.Change{Path: file.Path, Old: old})
		return nil
	})
	done.File = id
	return done, err
}

// On is the day of sending.
func (s *Sending) On(a form.Answers) date.Date { return parsed(a, "sent") }

// Reason is a reason as it was typed, ready to be kept.
func Reason(typed string) learner.Words { return learner.Clean(typed) }
