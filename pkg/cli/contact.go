package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/learner"
)

func newContactCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "contact LEARNER", Short: "a meeting, call or letter with the family and others",
		Long: `Adds an entry to the learner's contact log: who it was with, how, what it was
about, what they were told and what they said. You can only add entries, not
change them.`,
		Example: `  sendctl contact bk7m --with mum --how call --about concern \
    --said "He hides his book bag."`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return e.contact(c, args[0], &given) },
	}
	given.add(e, c, "with=mum",
		answerFlag{name: "with", path: "with", help: "the `IDS` of the people it was with, with commas between"},
		answerFlag{name: "how", path: "how", help: "`HOW`: meeting, call, letter, message or home-visit"},
		answerFlag{name: "about", path: "about", help: "what it was `ABOUT`: concern, plan, review, register, profile, request or other"},
		answerFlag{name: "told", path: "told", help: "what they were told, in `WORDS`"},
		answerFlag{name: "said", path: "said", help: "what they said, in their own `WORDS`"},
		answerFlag{name: "agreed", path: "agreed", help: "something that was agreed, in `WORDS`; can be given again"},
		answerFlag{name: "cites", path: "cites", help: "the `ID` of the file it is about; can be given again"},
		answerFlag{name: "copy-given", path: "copy_given", help: "they got a copy of what was agreed", yes: true},
		answerFlag{name: "date", path: "date", help: "the `DATE` it took place, if not today"},
		answerFlag{name: "by", path: "by", help: "the `ID` of the person who made the contact, if not you"},
	)
	return c
}

func (e *Env) contact(c *cobra.Command, typed string, given *answering) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, given)
	if err != nil {
		return err
	}
	script := casework.ContactForm(cs)
	draft := "contact-" + cs.Record.ID
	brief := s.Has("told") || s.Has("said")
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: cs.Today, draft: draft, brief: brief})
	if err != nil {
		return err
	}
	var entry learner.ContactEntry
	if err := casework.Fill(&entry, script, answers, extra); err != nil {
		return err
	}
	done, err := desk.Contact(ctx, cs.Record.ID, entry)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Added to the contact log of %s: %s, %s.", done.Learner, entry.Date.Long(), done.File)
}
