package cli

import (
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
	f.BoolVar(&e.flags.withEdits, "with-edits", false, "record hand edits of the same files first, as an edit of their own")
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
		src, err = readFile(e.Dir, a.file)
	}
	if err != nil {
		return nil, err
	}
	return s, s.ReadAnswers(name, src)
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
	// back reads the act back in full sentences before it is recorded.
	back func(form.Answers) ([]render.Line, error)
	ask  string // the last question: "Record this review?"
}

// fill answers the form. It gives term.ErrKept or term.ErrInterrupted where the
// person stopped, with everything typed kept in the draft.
func (e *Env) fill(ctx context.Context, q asking) (form.Answers, error) {
	a := form.Answers{}
	if !e.flags.questions {
		if err := e.resume(ctx, q, a); err != nil {
			return nil, err
		}
	}
	if err := q.supply.Answer(q.script, a); err != nil {
		return nil, err
	}
	if e.flags.questions {
		return nil, e.printQuestions(q.script(a))
	}
	if !e.asks() {
		return a, casework.Settle(q.script, a, q.supply)
	}
	script := q.script
	if q.brief {
		script = needed(q.script)
	}
	keep := func(a form.Answers) error {
		if q.draft == "" {
			return nil
		}
		b, err := json.Marshal(draft{Answers: a})
		if err != nil {
			return err
		}
		return q.desk.Store.KeepDraft(q.draft, b)
	}
	p := e.prompter(q.today)
	for {
		if err := p.Fill(ctx, script, a, keep); err != nil {
			return nil, err
		}
		if q.brief {
			if err := casework.Settle(q.script, a, q.supply); err != nil {
				return nil, err
			}
		}
		if q.back == nil {
			return a, nil
		}
		lines, err := q.back(a)
		if err != nil {
			e.report(err)
		} else {
			fmt.Fprintln(e.Err)
			e.page(e.Err, lines)
			fmt.Fprintln(e.Err)
		}
		again, err := e.settle(ctx, p, q, a, err == nil)
		if err != nil || again == "" {
			return a, err
		}
		delete(a, again)
	}
}

// settle asks whether to record what was read back. It gives the path of an
// answer to be given again, or "".
func (e *Env) settle(ctx context.Context, p *term.Prompter, q asking, a form.Answers, sound bool) (string, error) {
	const yes, change, stop = "record", "change", "keep"
	options := []form.Option{{Value: yes, Words: "yes, record it"}, {Value: change, Words: "change an answer first"}, {Value: stop, Words: "keep it as a draft and stop"}}
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

// resume offers to go on from a draft.
func (e *Env) resume(ctx context.Context, q asking, a form.Answers) error {
	if q.draft == "" || !e.asks() {
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
	done, _ := q.script.Asked(kept.Answers)
	const on, anew = "go-on", "start-again"
	got, err := e.prompter(q.today).Choose(ctx,
		fmt.Sprintf("You stopped in the middle of this on %s, with %s given. What now?", d.At.Format("2 January 2006 at 15:04"), plural(done, "answer", "answers")),
		[]form.Option{{Value: on, Words: "go on where I stopped"}, {Value: anew, Words: "start again; the old answers are thrown away"}}, on)
	if err != nil {
		return err
	}
	if got == on {
		for path, x := range kept.Answers {
			a[path] = x
		}
		return nil
	}
	return q.desk.Store.DropDraft(q.draft)
}

// needed leaves of a script what must be answered and has no default.
func needed(s form.Script) form.Script {
	return func(a form.Answers) []form.Question {
		return slices.DeleteFunc(s(a), func(q form.Question) bool {
			_, answered := a[q.Path]
			return !answered && (q.Optional || q.Default != "")
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
		}{"sendctl-done/1", d.Act, d.Learner, d.File, d.Paths, d.Commit, d.Seals})
	}
	if d.Handed {
		e.say("Git made the commit, because its hooks or settings ask for it.")
	}
	for _, w := range d.Warnings {
		e.say("%s", w)
	}
	fmt.Fprintln(e.Out, e.Wrap(term.Safe(fmt.Sprintf(format, args...)), ""))
	return nil
}

// dropDraft removes the draft of an act that was recorded; that it stays is no
// reason to call the act failed.
func (e *Env) dropDraft(desk *casework.Desk, name string) {
	if err := desk.Store.DropDraft(name); err != nil {
		e.say("It is recorded; the draft could not be removed: %v", err)
	}
}
