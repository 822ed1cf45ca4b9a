package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/term"
)

func newPeopleCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "people", Short: "the adults who work with the records; add one",
		Long:    "Lists the adults of people.yaml: who acts, and whom plans name. Staff and people\nfrom outside alike.",
		Example: "  sendctl people\n  sendctl people add",
		Args:    takes(0, 0, "no words; to add someone: sendctl people add"),
		RunE: func(c *cobra.Command, _ []string) error {
			f, err := e.look(c.Context())
			if err != nil {
				return err
			}
			people := f.People.Value.People
			if e.flags.json {
				type row struct {
					ID            string `json:"id"`
					Name          string `json:"name"`
					Role          string `json:"role"`
					Organisation  string `json:"organisation,omitempty"`
					Qualification string `json:"qualification,omitempty"`
					Email         string `json:"email,omitempty"`
				}
				rows := []row{}
				for _, p := range people {
					rows = append(rows, row{p.ID, string(p.Name), p.Role, string(p.Organisation), string(p.Qualification), p.Email})
				}
				return e.printJSON(struct {
					Format string `json:"format"`
					People []row  `json:"people"`
				}{"sendctl-people/1", rows})
			}
			t := term.Table{Header: []string{"id", "name", "role", "organisation", "e-mail"}}
			for _, p := range people {
				t.Rows = append(t.Rows, []string{p.ID, string(p.Name), f.Pathway.Value.Words("roles", p.Role), string(p.Organisation), p.Email})
			}
			return e.Print(t)
		},
	}
	var given answering
	add := &cobra.Command{
		Use: "add [ID]", Short: "add an adult to people.yaml",
		Long: "Adds an adult to people.yaml. The e-mail address is how sendctl knows who is at\nthe keyboard: it is the one that git has in user.email.",
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
		answerFlag{name: "organisation", path: "organisation", help: "their `ORGANISATION`, if they are not of the staff"},
		answerFlag{name: "qualification", path: "qualification", help: "what qualifies them to advise, in `WORDS`"},
	)
	c.AddCommand(add)
	return c
}
