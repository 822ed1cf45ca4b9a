package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
)

func newCreateCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "create", Short: "a new learner, with a first concern",
		Long: `Makes a new learner's folder: a front sheet and a file that says where the
learner is. If you give a first concern, it also opens a cycle for it. It asks
only for what is known now; everything else can follow.

For a learner who joins at a later stage, give --stage and the census code.`,
		Example: `  sendctl create
  sendctl create --name Jo --family-name Example --born 2018-05-02 \
    --teacher eyre --no-input
  sendctl create --stage sen-support-plan --sen K --since 2024-09-10 \
    --main-need SPLD`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error { return e.create(c, &given) },
	}
	given.add(e, c, "family[0].id=mum",
		answerFlag{name: "name", path: "name", help: "the `NAME` used every day"},
		answerFlag{name: "given", path: "given", help: "the full given `NAME`"},
		answerFlag{name: "family-name", path: "family_name", help: "the family `NAME`"},
		answerFlag{name: "born", path: "born", help: "the `DATE` of birth"},
		answerFlag{name: "sex", path: "sex", help: "`M` or F, as the census asks it"},
		answerFlag{name: "upn", path: "upn", help: "the unique pupil `NUMBER`, if known"},
		answerFlag{name: "teacher", path: "teacher", help: "the responsible teacher's `ID`"},
		answerFlag{name: "senco", path: "senco", help: "the SENCo's `ID`"},
		answerFlag{name: "joined", path: "joined", help: "the `DATE` the learner joined the setting"},
		answerFlag{name: "from-setting", path: "from_setting", help: "the `SETTING` before this one"},
		answerFlag{name: "stage", path: "stage", help: "the `STAGE` to start at, if not initial-concerns"},
		answerFlag{name: "sen", path: "sen", help: "the census `CODE`: N, K or E"},
		answerFlag{name: "since", path: "since", help: "the `DATE` from which the code holds"},
		answerFlag{name: "main-need", path: "main_need", help: "the main area of need, a census `TYPE` such as SPLD"},
		answerFlag{name: "concern", path: "concern.words", help: "the first concern, in the `WORDS` of whoever raised it"},
		answerFlag{name: "area", path: "concern.area", help: "the `AREA` the concern is about"},
		answerFlag{name: "by", path: "concern.by", help: "the `ID` of who raised it"},
		answerFlag{name: "noticed", path: "noticed", help: "the `DATE` it was first noticed"},
		answerFlag{name: "raised", path: "raised", help: "the `DATE` the concern was raised, if not today"},
	)
	return c
}

func (e *Env) create(c *cobra.Command, given *answering) error {
	ctx := c.Context()
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	cs := casework.Case{Folder: f}
	if cs.Today, err = e.today(f); err != nil {
		return err
	}
	if cs.Me, err = desk.Me(f); err != nil {
		return err
	}
	s, err := given.supply(e, c)
	if err != nil {
		return err
	}
	stage, _ := s.Peek("stage")
	switch w, ok := f.Pathway.Value.Stage(stage); {
	case ok:
		stage = w.ID // an alias will do
	case stage != "": // told now, not after all the questions
		return &casework.UnknownWordError{What: "stage", Typed: stage, Known: f.Pathway.Value.StageIDs(), Flag: "--stage"}
	}
	script := casework.CreateForm(cs, stage)
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "create"})
	if err != nil {
		return err
	}
	n, err := casework.CreateOf(cs, stage, answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.Create(ctx, cs, n)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Created %s. Next: sendctl plan %s", done.Learner, done.Learner)
}
