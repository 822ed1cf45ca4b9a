package cli

import "github.com/spf13/cobra"

func newPassportCmd(e *Env) *cobra.Command {
	return newDocumentCmd(e, documentPage{
		kind: "passport", short: "write, agree and read the passport",
		about: `The passport: what every adult should know, in the learner's own words. What is
hard, how others can help, and what helps without them. Any learner may have
one, at any stage.`,
		flags: []answerFlag{
			{name: "know", path: "know", help: "something everyone should know, in `WORDS`; can be given again"},
			{name: "hard-when", path: "hard_when", help: "when it is hard, in `WORDS`; can be given again"},
			{name: "help-me-by", path: "help_me_by", help: "how others can help, in `WORDS`; can be given again"},
			{name: "help-myself-by", path: "help_myself_by", help: "what the learner does alone, in `WORDS`; can be given again"},
		},
		example: "know=\"...\"", add: `--help-me-by "Read questions to me."`,
	})
}
