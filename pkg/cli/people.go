package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/term"
)

func newPeopleCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "people", Short: "the adults who work with the records, and their keys",
		Long: `Lists the adults in people.yaml, staff and people from outside: who records, and
who is named in plans. It also lists the SSH keys that sign what they record.`,
		Example: `  sendctl people
  sendctl people add
  sendctl people add-key`,
		Args: takes(0, 0, "no words; to add someone: sendctl people add"),
		RunE: func(c *cobra.Command, _ []string) error {
			f, err := e.look(c.Context())
			if err != nil {
				return err
			}
			if e.flags.json {
				return e.printJSON(peopleJSON(f, date.Of(e.Now())))
			}
			return e.printPeople(f)
		},
	}
	c.AddCommand(newPeopleAddCmd(e), newAddKeyCmd(e), newRevokeKeyCmd(e), newAllowedSignersCmd(e))
	return c
}

type personRow struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	Role          string   `json:"role"`
	Organisation  string   `json:"organisation,omitempty"`
	Qualification string   `json:"qualification,omitempty"`
	Email         string   `json:"email,omitempty"`
	Keys          []keyRow `json:"keys,omitempty"`
}

type keyRow struct {
	Fingerprint string    `json:"fingerprint"`
	Public      string    `json:"public"`
	From        date.Date `json:"from"`
	Until       string    `json:"until,omitempty"`
	Counts      bool      `json:"counts"`   // on the day of the question
	Recorded    bool      `json:"recorded"` // a sealed record in keys/ vouches for it
}

type peopleList struct {
	Format string      `json:"format"`
	People []personRow `json:"people"`
}

func peopleJSON(f *folder.Folder, day date.Date) peopleList {
	out := peopleList{Format: "sendctl-people/1", People: []personRow{}}
	for _, p := range f.People.Value.People {
		row := personRow{ID: p.ID, Name: string(p.Name), Role: p.Role, Organisation: string(p.Organisation), Qualification: string(p.Qualification), Email: p.Email}
		for _, k := range p.Keys {
			row.Keys = append(row.Keys, keyRow{Fingerprint: seal.Fingerprint(k.Public), Public: k.Public, From: k.From, Until: k.Until.String(),
				Counts: k.CountsOn(day), Recorded: f.Recorded(p.ID, k.Public)})
		}
		out.People = append(out.People, row)
	}
	return out
}

func (e *Env) printPeople(f *folder.Folder) error {
	t := term.Table{Header: []string{"id", "name", "role", "organisation", "e-mail"}}
	keys := term.Table{Header: []string{"signs as", "key", "from", "until"}}
	for _, p := range f.People.Value.People {
		t.Rows = append(t.Rows, []string{p.ID, string(p.Name), f.Pathway.Value.Words("roles", p.Role), string(p.Organisation), p.Email})
		for _, k := range p.Keys {
			keys.Rows = append(keys.Rows, []string{p.ID, seal.Fingerprint(k.Public), k.From.String(), k.Until.String()})
		}
	}
	if err := e.Print(t); err != nil || len(keys.Rows) == 0 {
		return err
	}
	if _, err := e.Out.Write([]byte("\n")); err != nil {
		return err
	}
	return e.Print(keys)
}

func newPeopleAddCmd(e *Env) *cobra.Command {
	var given answering
	add := &cobra.Command{
		Use: "add [ID]", Short: "add an adult to people.yaml",
		Long: `Adds an adult to people.yaml. sendctl knows who is at the keyboard by the e-mail
address: give the one that git has in user.email.`,
		Example: `  sendctl people add grimes --name "P. Grimes" --role teacher \
    --email grimes@school.example`,
		Args: takes(0, 1, "an id, or none to be asked"),
		RunE: func(c *cobra.Command, args []string) error {
			desk, f, err := e.work(c.Context())
			if err != nil {
				return err
			}
			s, err := given.supply(e, c)
			if err != nil {
				return err
			}
			if len(args) > 0 {
				s.Set("id", args[0], "ID")
			}
			cs := casework.Case{Folder: f}
			script := casework.PersonForm(cs)
			today, err := e.today(f)
			if err != nil {
				return err
			}
			answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: script, supply: s, today: today, brief: s.Has("id") && s.Has("name") && s.Has("role")})
			if err != nil {
				return err
			}
			var p learner.Person
			if err := casework.Fill(&p, script, answers, extra); err != nil {
				return err
			}
			done, err := desk.AddPerson(c.Context(), p)
			if err != nil {
				return err
			}
			return e.done(done, "Added %s to people.yaml.", p.ID)
		},
	}
	given.add(e, add, "role=teacher",
		answerFlag{name: "name", path: "name", help: "their `NAME`"},
		answerFlag{name: "role", path: "role", help: "their `ROLE`, such as teacher or educational-psychologist"},
		answerFlag{name: "email", path: "email", help: "their e-mail `ADDRESS`, as git knows it"},
		answerFlag{name: "organisation", path: "organisation", help: "their `ORGANISATION`, if they are not on the staff"},
		answerFlag{name: "qualification", path: "qualification", help: "what qualifies them to advise, in `WORDS`"},
	)
	return add
}
