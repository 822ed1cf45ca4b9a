package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/term"
)

// answering are the flags by which a command's questions are answered beside the
// terminal: --answers, --set, and one flag for each of the common questions.
type answering struct {
	file  string
	sets  []string
	flags map[string]string // flag to path
}

// add gives a command --answers and --set, and the flags named: each is
// the answer to the question at its path.
func (a *answering) add(e *Env, c *cobra.Command, example string, flags ...answerFlag) {
	f := c.Flags()
	f.BoolVar(&e.flags.withEdits, "with-edits", false, "first record changes made by hand in the same files, as an edit of their own")
	f.BoolVar(&e.flags.questions, "questions", false, "print the questions with their paths, for an answers file, and stop")
	f.StringVar(&a.file, "answers", "", "take the answers from `FILE` (YAML or JSON, - for standard input)")
	f.StringArrayVar(&a.sets, "set", nil, "answer one question: `PATH=VALUE`, for example "+example)
	a.flags = map[string]string{}
	for _, x := range flags {
		a.flags[x.name] = x.path
		if x.yes {
			f.Bool(x.name, false, x.help)
		} else {
			f.StringArray(x.name, nil, x.help)
		}
	}
}

// answerFlag is one flag that answers the question at path; yes for a switch.
type answerFlag struct {
	name, path, help string
	yes              bool
}

// supply gathers what the flags gave.
func (a *answering) supply(e *Env, c *cobra.Command) (*casework.Supply, error) {
	s := &casework.Supply{}
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		path, ok := a.flags[f.Name]
		if !ok {
			return
		}
		if many, is := f.Value.(pflag.SliceValue); is {
			for _, v := range many.GetSlice() {
				s.Set(path, v, "--"+f.Name)
			}
			return
		}
		s.Set(path, f.Value.String(), "--"+f.Name)
	})
	for _, x := range a.sets {
		if err := s.SetArg(x); err != nil {
			return nil, err
		}
	}
	if a.file == "" {
		return s, nil
	}
	name := a.file
	var src []byte
	if a.file == "-" {
		name = "standard input"
		src, err = io.ReadAll(io.LimitReader(e.In, 2<<20))
	} else {
		src, err = e.readFile(a.file)
	}
	if err != nil {
		return nil, err
	}
	return s, s.ReadAnswers(name, src)
}

// begin is how every act on one learner begins: the folder and the learner are
// opened, and what the command line gave is gathered.
func (e *Env) begin(c *cobra.Command, typed string, given *answering) (*casework.Desk, casework.Case, *casework.Supply, error) {
	desk, cs, err := e.one(c.Context(), typed)
	if err != nil {
		return nil, cs, nil, err
	}
	s, err := given.supply(e, c)
	return desk, cs, s, err
}

// asking is one form being answered: by what was given, by the draft, and at the
// terminal.
type asking struct {
	desk   *casework.Desk
	script form.Script
	supply *casework.Supply
	today  date.Date
	draft  string // name of the draft; "" keeps none
	// brief asks only what must be answered: the person gave the heart of it on
	// the command line and is in a hurry.
	brief bool
	// back reads the act back in full sentences before it is recorded, with what was
	// given beyond the questions.
	back func(form.Answers, casework.Extra) ([]render.Line, error)
	ask  string // the last question: "Record this review?"
	yes  string // the answer to it that records; "" is "yes, record it"
}

// fill answers the form, and gives what was given beyond it as well. It gives
// term.ErrKept or term.ErrInterrupted where the person stopped, with everything
// typed kept in the draft.
func (e *Env) fill(ctx context.Context, q asking) (form.Answers, casework.Extra, error) {
	a := form.Answers{}
	if e.flags.questions {
		if err := q.supply.Answer(q.script, a); err != nil {
			return nil, nil, err
		}
		return nil, nil, e.printQuestions(q.script(a))
	}
	if e.asks() {
		if err := e.resume(ctx, &q, a); err != nil {
			return nil, nil, err
		}
	}
	if err := q.supply.Answer(q.script, a); err != nil {
		return nil, nil, err
	}
	if e.asks() {
		if err := e.askAll(ctx, q, a); err != nil {
			return nil, nil, err
		}
	} else if err := casework.Settle(q.script, a, q.supply); err != nil {
		return nil, nil, err
	}
	return a, q.supply.Beyond(q.script, a), nil
}

// askAll asks at the terminal what is left, reads the whole back and lets the
// person change it, until they say that it is to be recorded.
func (e *Env) askAll(ctx context.Context, q asking, a form.Answers) error {
	script := q.script
	if q.brief {
		script = needed(q.script)
	}
	keep := func(a form.Answers) error {
		// An answer may open a question that a flag or the answers file has answered already.
		if err := q.supply.Answer(q.script, a); err != nil || q.draft == "" {
			return err
		}
		e.draft = q.draft
		b, err := json.Marshal(draft{Answers: a})
		if err != nil {
			return err
		}
		return q.desk.Store.KeepDraft(q.draft, b)
	}
	p := e.prompter(q.today)
	p.Undrafted = q.draft == ""
	for {
		if err := p.Fill(ctx, script, a, keep); err != nil {
			return err
		}
		if q.brief {
			if err := casework.Settle(q.script, a, q.supply); err != nil {
				return err
			}
		}
		if q.back == nil {
			return nil
		}
		lines, err := q.back(a, q.supply.Beyond(q.script, a))
		if err != nil {
			e.report(err)
		} else {
			fmt.Fprintln(e.Err)
			_ = e.page(e.Err, lines) // talk; the answers themselves are kept
			fmt.Fprintln(e.Err)
		}
		again, err := e.settle(ctx, p, q, a, err == nil)
		if err != nil || again == "" {
			return err
		}
		delete(a, again)
	}
}

// settle asks whether to record what was read back. It gives the path of an
// answer to be given again, or "".
func (e *Env) settle(ctx context.Context, p *term.Prompter, q asking, a form.Answers, sound bool) (string, error) {
	const yes, change, stop = "record", "change", "keep"
	options := []form.Option{{Value: yes, Words: cmp.Or(q.yes, "yes, record it")}, {Value: change, Words: "change an answer first"}, {Value: stop, Words: "keep my answers and stop"}}
	def := yes
	if !sound {
		options, def = options[1:], change
	}
	got, err := p.Choose(ctx, q.ask, options, def)
	switch {
	case err != nil:
		return "", err
	case got == yes:
		return "", nil
	case got == stop:
		return "", term.ErrKept
	}
	var which []form.Option
	for _, x := range q.script(a) {
		if _, ok := a[x.Path]; ok {
			which = append(which, form.Option{Value: x.Path, Words: strings.TrimSpace(x.Heading + " " + x.Ask)})
		}
	}
	return p.Choose(ctx, "Which answer?", which, "")
}

// draft is the file in which half-made answers are kept.
type draft struct {
	Answers form.Answers `json:"answers"`
}

// resume offers to go on from a draft. Where answers came on the command line, they
// are of another act than the one that was broken off: the draft stays as it is.
func (e *Env) resume(ctx context.Context, q *asking, a form.Answers) error {
	if q.draft == "" {
		return nil
	}
	d, ok, err := q.desk.Store.Draft(q.draft)
	if err != nil || !ok {
		return err
	}
	var kept draft
	if err := json.Unmarshal(d.Data, &kept); err != nil || len(kept.Answers) == 0 {
		return nil // an unreadable draft holds nothing to go on from; it is written over by the first answer
	}
	if !q.supply.Empty() {
		e.say("Something you began earlier is kept as it is; the command without further words goes on with it.")
		q.draft = ""
		return nil
	}
	done, _ := q.script.Asked(kept.Answers)
	const on, anew = "go-on", "start-again"
	got, err := e.prompter(q.today).Choose(ctx,
		fmt.Sprintf("You stopped in the middle of this on %s, with %s given. What now?", d.At.Format("2 January 2006 at 15:04"), plural(done, "answer", "answers")),
		[]form.Option{{Value: on, Words: "go on where I stopped"}, {Value: anew, Words: "start again; the old answers are thrown away"}}, on)
	if err != nil {
		return err
	}
	if got == on {
		e.draft = q.draft
		for path, x := range kept.Answers {
			a[path] = x
		}
		return nil
	}
	return q.desk.Store.DropDraft(q.draft)
}

// needed leaves of a script what must be answered and does not follow.
func needed(s form.Script) form.Script {
	return func(a form.Answers) []form.Question {
		return slices.DeleteFunc(s(a), func(q form.Question) bool {
			_, answered := a[q.Path]
			return !answered && (q.Optional || q.Follows)
		})
	}
}

// done says what was recorded: a sentence on stdout, or JSON.
func (e *Env) done(d casework.Done, format string, args ...any) error {
	if e.flags.json {
		return e.printJSON(struct {
			Format  string   `json:"format"`
			Act     string   `json:"act"`
			Learner string   `json:"learner,omitempty"`
			File    string   `json:"file,omitempty"`
			Paths   []string `json:"paths"`
			Commit  string   `json:"commit"`
			Seals   []string `json:"seals,omitempty"`
			ByGit   bool     `json:"by_git"` // git made the commit, because its hooks or settings ask for it
			Warned  []string `json:"warnings,omitempty"`
		}{"sendctl-done/1", d.Act, d.Learner, d.File, d.Paths, d.Commit, d.Seals, d.Handed, d.Warnings})
	}
	if d.Handed {
		e.say("Git made the commit, because its hooks or settings ask for it.")
	}
	for _, w := range d.Warnings {
		e.say("%s", w)
	}
	return e.sentence(format, args...)
}

// sentence prints one sentence to stdout: folded for a reader, whole for a pipe.
func (e *Env) sentence(format string, args ...any) error {
	text := term.Safe(fmt.Sprintf(format, args...))
	if e.OutTTY {
		text = e.Wrap(text, "")
	}
	_, err := fmt.Fprintln(e.Out, text)
	return err
}

// dropDraft removes the draft that the act was made of; that it stays is no reason
// to call the act failed.
func (e *Env) dropDraft(desk *casework.Desk) {
	if e.draft == "" {
		return
	}
	if err := desk.Store.DropDraft(e.draft); err != nil {
		e.say("It is recorded; the draft could not be removed: %v", err)
	}
	e.draft = ""
}
