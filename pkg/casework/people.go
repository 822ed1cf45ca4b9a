package casework

import (
	"context"
	"errors"
	"slices"

	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// PersonForm asks for an adult who acts.
func PersonForm(c Case) form.Script {
	return func(form.Answers) []form.Question {
		const heading = "An adult who works with the record"
		return []form.Question{
			{Path: "id", Flag: "ID", Heading: heading, Kind: form.Line, Ask: "A short word to name them by, such as the family name in small letters?",
				Why: "Files name people by this word, and people.yaml says who it is.",
				Check: func(x form.Answer) error {
					if !plainID(x.Text) || x.Text == "learner" {
						return errors.New("use one word in small letters, such as eyre or ep-osei")
					}
					if _, taken := c.Folder.Person(x.Text); taken {
						return errors.New("that word is taken")
					}
					return nil
				}},
			{Path: "name", Flag: "--name", Heading: heading, Kind: form.Line, Ask: "Their name?", Why: "As it should stand on a plan."},
			{Path: "role", Flag: "--role", Heading: heading, Kind: form.Choice, Options: c.options("roles"), Ask: "Their role?", Why: "Roles say who may supply what."},
			{Path: "email", Flag: "--email", Heading: heading, Kind: form.Line, Optional: true, Ask: "Their e-mail address, as git knows it? (s if they will not record anything themselves)",
				Why: "This is how sendctl knows who is at the keyboard."},
			{Path: "organisation", Flag: "--organisation", Heading: heading, Kind: form.Line, Optional: true, Ask: "Their organisation? (s if they are of the staff)", Why: "Outside people bring advice from somewhere."},
			{Path: "qualification", Flag: "--qualification", Heading: heading, Kind: form.Line, Optional: true, Ask: "What qualifies them, where it matters for their advice? (s if it does not)",
				Why: "A setting makes sure that whoever advises is qualified to. For example: HCPC registered practitioner psychologist."},
		}
	}
}

// AddPerson adds an adult to people.yaml. It is the one act that somebody who is
// not yet in it may do.
func (d *Desk) AddPerson(ctx context.Context, p learner.Person) (Done, error) {
	return d.do(ctx, "people", "", func(a *act) error {
		have := a.Folder.People
		if slices.ContainsFunc(have.Value.People, func(o learner.Person) bool { return o.ID == p.ID }) {
			return state("the id %s is taken in people.yaml", p.ID)
		}
		next, err := have.Edited(recordfile.People, appendTo(have.Value, "people", []learner.Person{p}, len(have.Value.People)))
		if err != nil {
			return err
		}
		a.about = "add " + p.ID
		return a.write(have.Path, next.Doc.Bytes())
	})
}
