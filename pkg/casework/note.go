package casework

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// NoteForm asks for dated evidence on the open cycle.
func NoteForm(c Case) (form.Script, error) {
	open := c.Record.OpenCycle()
	if open == nil || open.Value.Plan == nil {
		return nil, state("%s has no plan under way, so there is nothing to note on yet; begin with: sendctl plan %s", c.ID(), c.ID())
	}
	plan := open.Value.Plan
	var support, targets []form.Option
	for _, p := range plan.Provision {
		support = append(support, form.Option{Value: p.ID, Words: string(p.What)})
	}
	for _, t := range plan.Targets {
		targets = append(targets, form.Option{Value: t.ID, Words: string(t.Outcome)})
	}
	return func(a form.Answers) []form.Question {
		qs := []form.Question{{
			Path: "words", Flag: "--words", Kind: form.Words, Heading: "A note on the plan of " + plan.Date.Long(),
			Ask: "What did you see?", Why: "A sentence is enough. It stands ready when the review comes.",
		}}
		if len(support) > 0 {
			qs = append(qs, form.Question{Path: "provision", Flag: "--provision", Kind: form.Choice, Options: support, Optional: true,
				Ask: "Which support is it about? (s if none in particular)", Why: "So that sessions given can be counted."})
		}
		if a.Text("provision") != "" {
			qs = append(qs,
				form.Question{Path: "delivered", Flag: "--delivered", Kind: form.Number, Optional: true, Check: wholeNumber,
					Ask: "How many sessions were given since the last note? (s to leave it out)", Why: "The review adds these up."},
				form.Question{Path: "attended", Flag: "--attended", Kind: form.Number, Optional: true, Check: func(x form.Answer) error {
					n, ok := learner.Number(x.Text).Int()
					d, known := learner.Number(a.Text("delivered")).Int()
					if !ok || n < 0 {
						return errors.New("give a whole number, 0 or more")
					}
					if known && n > d {
						return fmt.Errorf("no more than the %d given can have been attended", d)
					}
					return nil
				}, Ask: "How many of them did " + c.name() + " attend? (s to leave it out)", Why: "A session can be given and missed."})
		}
		if len(targets) > 0 {
			qs = append(qs, form.Question{Path: "target", Flag: "--target", Kind: form.Choice, Options: targets, Optional: true,
				Ask: "Did you measure one of the targets? (s if not)", Why: "A figure on the way shows early whether the plan works."})
		}
		if a.Text("target") != "" {
			qs = append(qs, form.Question{Path: "value", Flag: "--value", Kind: form.Number, Ask: "What was the figure?", Why: "Measured in the same way as at the start."})
		}
		return append(qs,
			form.Question{Path: "date", Flag: "--date", Kind: form.Date, Default: c.Today.String(), Follows: true, Ask: "On what day was that?",
				Why: "The day you saw it; when it was recorded is kept apart.", Check: past(plan.Date, c.Today, "the plan")},
			form.Question{Path: "by", Flag: "--by", Kind: form.Choice, Options: c.staff(), Default: defaultTo(c.Me.ID, c.staff()), Follows: true, Ask: "Who saw it?",
				Why: "Whoever was there, not whoever types."})
	}, nil
}

// Note adds a note to the open cycle, after those that are there.
func (d *Desk) Note(ctx context.Context, id string, n learner.Note) (Done, error) {
	var file string
	done, err := d.do(ctx, "note", id, func(a *act) error {
		open := a.Record.OpenCycle()
		if open == nil || open.Value.Plan == nil {
			return state("%s has no plan under way any more: sendctl show %s", id, id)
		}
		if n.Value != "" && n.Target == "" {
			return &SupplyError{From: "--value", Path: "value", Message: "a figure belongs to a target; say which: --target t1"}
		}
		a.date, a.stage, file = n.Date, open.Value.Stage, open.Value.ID
		next, err := open.Edited(recordfile.Cycle, appendTo(open.Value, "do", []learner.Note{n}, len(open.Value.Do)))
		if err != nil {
			return err
		}
		return a.write(open.Path, next.Doc.Bytes())
	})
	done.File = file
	return done, err
}

// appendTo adds the one entry of list to the list under key, which now holds had entries.
func appendTo[T any](group any, key string, list []T, had int) yamldoc.Edit {
	at := yamldoc.Path{{Key: key}}
	if had == 0 {
		return yamldoc.SetAfter(at, recordfile.Value(list), recordfile.Before(group, key)...)
	}
	return yamldoc.Append(at, recordfile.Value(list[0]))
}

// ContactForm asks for an entry of the contact log.
func ContactForm(c Case) form.Script {
	return func(form.Answers) []form.Question {
		const heading = "The contact log"
		qs := []form.Question{
			{Path: "with", Flag: "--with", Heading: heading, Kind: form.Many, Options: c.everyone(), Ask: "With whom?",
				Why: "Parents are met at least three times a year (Code of Practice, chapter 6); this list shows it."},
			{Path: "how", Flag: "--how", Kind: form.Choice, Options: c.options("contact-how"), Ask: "How?", Why: "A meeting counts as a meeting; a message does not."},
			{Path: "about", Flag: "--about", Kind: form.Choice, Options: c.options("contact-about"), Ask: "What about?", Why: "So that it is found again."},
			{Path: "told", Flag: "--told", Kind: form.Words, Optional: true, Ask: "What did you tell them? (s if nothing)", Why: "Some things must be told by law, such as that SEN support begins."},
			{Path: "said", Flag: "--said", Kind: form.Words, Optional: true, Ask: "What did they say, in their own words? (s if nothing)", Why: "Their words are kept as they said them."},
			{Path: "agreed", Flag: "--agreed", Kind: form.List, Optional: true, Ask: "What was agreed?", Why: "Who does what next."},
			{Path: "copy_given", Flag: "--copy-given", Kind: form.YesNo, Default: "false", Follows: true, Ask: "Did they get a copy of what was agreed?", Why: "The Code of Practice asks that parents get a record of the meeting."},
			{Path: "date", Flag: "--date", Kind: form.Date, Default: c.Today.String(), Follows: true, Ask: "On what day was it?", Why: "The day it happened; when it was recorded is kept apart.",
				Check: past(date.Date{}, c.Today, "")},
			{Path: "by", Flag: "--by", Kind: form.Choice, Options: c.staff(), Default: defaultTo(c.Me.ID, c.staff()), Follows: true, Ask: "Who made the contact?", Why: "Whoever spoke with them, not whoever types."},
		}
		if files := c.citable(); len(files) > 0 {
			qs = append(qs, form.Question{Path: "cites", Flag: "--cites", Kind: form.Many, Options: files, Optional: true, Ask: "Which file of the record was it about? (s if none in particular)",
				Why: "So that a plan, a move or advice leads to the talk about it."})
		}
		return qs
	}
}

// citable are the files that an entry of the contact log may be about, latest
// first. Nobody reads the list in a script: there it may also be another entry or a
// correction.
func (c Case) citable() []form.Option {
	r, p := c.Record, &c.Folder.Pathway.Value
	var out []form.Option
	add := func(id, words string) { out = append(out, form.Option{Value: id, Words: words}) }
	files := correctable(c.Folder, r)
	slices.SortStableFunc(files, func(a, b sealedFile) int { return b.on.Compare(a.on) })
	for _, f := range files {
		add(f.id, f.words)
	}
	for i := len(r.Advice) - 1; i >= 0; i-- {
		who, _ := c.Folder.Person(r.Advice[i].Value.By)
		add(r.Advice[i].Value.ID, "advice, "+p.Words("roles", who.Role)+", "+r.Advice[i].Value.Date.Long())
	}
	if !c.Nameless {
		return out
	}
	for _, x := range r.Corrections {
		add(x.Value.ID, "a correction")
	}
	for _, x := range r.Contacts.Value.Contacts {
		add(x.ID, "an entry of the contact log")
	}
	return out
}

// Contact adds an entry to the contact log.
func (d *Desk) Contact(ctx context.Context, id string, e learner.ContactEntry) (Done, error) {
	var file string
	done, err := d.do(ctx, "contact", id, func(a *act) error {
		a.date, a.stage = e.Date, a.Record.Learner.Value.Stage
		var err error
		file, err = a.log(e)
		return err
	})
	done.File = file
	return done, err
}

// log adds an entry to the learner's contact log, as part of an act, and gives its id.
func (a *act) log(e learner.ContactEntry) (id string, err error) {
	if e.ID, err = a.desk.newFileID(a.taken()); err != nil {
		return "", err
	}
	p := path.Join(a.Record.Dir, "contacts.yaml")
	log := a.Record.Contacts
	if log.Doc == nil {
		return e.ID, a.make(p, recordfile.Contacts, learner.Contacts{Format: recordfile.Contacts.Format(), Learner: a.learner, Contacts: []learner.ContactEntry{e}})
	}
	next, err := log.Edited(recordfile.Contacts, appendTo(log.Value, "contacts", []learner.ContactEntry{e}, len(log.Value.Contacts)))
	if err != nil {
		return "", err
	}
	return e.ID, a.write(p, next.Doc.Bytes())
}
