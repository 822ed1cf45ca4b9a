package casework

import (
	"errors"
	"fmt"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Case is what the questions of an act are asked about: a folder, a record in it
// (nil for create), the day it is, and who asks.
type Case struct {
	Folder *folder.Folder
	Record *folder.Record
	Today  date.Date
	Me     learner.Person
	// Nameless keeps names out of the questions: there is nobody to read them, and
	// what a script prints stands in its log.
	Nameless bool
}

// ID is the learner's id, "" where there is none yet.
func (c Case) ID() string {
	if c.Record == nil {
		return ""
	}
	return c.Record.ID
}

// options are the words of one of the pathway's lists, as answers to choose from.
func (c Case) options(list string) []form.Option {
	var out []form.Option
	for _, t := range c.Folder.Pathway.Value.Terms(list) {
		out = append(out, form.Option{Value: t.Code, Words: string(t.Words), Means: string(t.Means)})
	}
	return out
}

// staff are the adults of people.yaml, whoever asks first; without those whose id
// means somebody else in the learner's record, who came with it.
func (c Case) staff() []form.Option {
	var out []form.Option
	for _, p := range c.Folder.People.Value.People {
		if c.Record != nil && means(p, c.Record.People.Value.People) {
			continue
		}
		o := form.Option{Value: p.ID, Words: string(p.Name) + ", " + c.Folder.Pathway.Value.Words("roles", p.Role)}
		if p.ID == c.Me.ID {
			out = append([]form.Option{o}, out...)
		} else {
			out = append(out, o)
		}
	}
	return out
}

// family are the learner's relatives, by id.
func (c Case) family() []form.Option {
	var out []form.Option
	if c.Record == nil {
		return nil
	}
	for _, m := range c.Record.Learner.Value.Family {
		words := string(c.Record.Family(m.ID))
		if words == "" || c.Nameless {
			words = m.ID
		}
		if m.Relation != "" {
			words += ", " + m.Relation
		}
		out = append(out, form.Option{Value: m.ID, Words: words})
	}
	return out
}

// everyone is the learner, the family and the adults.
func (c Case) everyone() []form.Option {
	out := []form.Option{{Value: "learner", Words: c.name() + ", the learner"}}
	return append(append(out, c.family()...), c.staff()...)
}

// name is the name used every day, for the screen only.
func (c Case) name() string {
	if c.Record == nil || c.Nameless || c.Record.Identity.Value.Name == "" {
		return "the learner"
	}
	return string(c.Record.Identity.Value.Name)
}

// defaultTo gives id as a default answer if it is one of the options.
func defaultTo(id string, options []form.Option) string {
	for _, o := range options {
		if o.Value == id {
			return id
		}
	}
	return ""
}

// past accepts a date from the day first (where given) up to today: what is
// recorded has happened.
func past(first, today date.Date, firstIs string) func(form.Answer) error {
	return func(a form.Answer) error {
		d, err := date.Parse(a.Text)
		switch {
		case err != nil:
			return err
		case d.After(today):
			return fmt.Errorf("%s lies in the future; give a day up to today, %s", d.Long(), today.Long())
		case !first.IsZero() && d.Before(first):
			return fmt.Errorf("%s lies before %s, %s", d.Long(), firstIs, first.Long())
		}
		return nil
	}
}

// later accepts a date after the given one.
func later(than date.Date, what string) func(form.Answer) error {
	return func(a form.Answer) error {
		d, err := date.Parse(a.Text)
		switch {
		case err != nil:
			return err
		case !than.IsZero() && !d.After(than):
			return fmt.Errorf("give a day after %s, %s", what, than.Long())
		case d.Year() > than.Year()+3:
			return errors.New("that is more than three years on; check the year")
		}
		return nil
	}
}

// wholeNumber accepts 0, 1, 2 …
func wholeNumber(a form.Answer) error {
	if n, ok := learner.Number(a.Text).Int(); !ok || n < 0 {
		return errors.New("give a whole number, 0 or more")
	}
	return nil
}

// parsed gives the day answered at path, or the zero Date.
func parsed(a form.Answers, path string) date.Date {
	d, err := date.Parse(a.Text(path))
	if err != nil {
		return date.Date{}
	}
	return d
}
