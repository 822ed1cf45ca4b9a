package cli

import "github.com/spf13/cobra"

func newProfileCmd(e *Env) *cobra.Command {
	return newDocumentCmd(e, documentPage{
		kind: "profile", short: "write, agree and read the one-page profile",
		about: `The one-page profile: what people like and admire about the learner, what is
important to the learner, and how best to support them. Any learner may have
one, at any stage.`,
		flags: []answerFlag{
			{name: "admire", path: "admire", help: "what people like and admire, in `WORDS`; can be given again"},
			{name: "important", path: "important", help: "what is important to the learner, in `WORDS`; can be given again"},
			{name: "support", path: "support", help: "how best to support, in `WORDS`; can be given again"},
		},
		example: "admire=\"...\"", add: `--support "Show one thing at a time."`,
	})
}
