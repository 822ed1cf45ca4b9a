package cli

import (
	"bytes"
	"io"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/term"
)

func newEditCmd(e *Env) *cobra.Command {
	var sets []string
	var from string
	c := &cobra.Command{
		Use: "edit LEARNER [FILE]", Short: "change a file by hand, checked and recorded",
		Long: `Opens a file of the learner in your editor, checks it when you close it, and
records it as a hand edit. If it has a fault, nothing is recorded, and you can
go back to your text. Without FILE, it opens the open cycle, or else
learner.yaml. FILE is a file's name or id. For one of the folder's own files,
give it in place of the learner: people.yaml, sendctl.yaml, pathway.yaml.

A sealed file is never edited. To put a value right, use sendctl correct.

In a script: --set PATH=VALUE changes one value and only its line, or adds it;
an empty VALUE takes it out. A new entry of a list takes the next number; give
all of it in one command. --from FILE takes the whole text from a file (- for
standard input).`,
		Example: `  sendctl edit bk7m learner.yaml
  sendctl edit bk7m learner.yaml --set team.responsible_teacher=sato
  sendctl edit bk7m learner.yaml --set aspirations[0].who=learner \
    --set "aspirations[0].words=I want to make games."
  sendctl edit people.yaml`,
		Args: takes(1, 2, "a learner and a file, or a file of the folder"),
		RunE: func(c *cobra.Command, args []string) error { return e.edit(c, args, sets, from) },
	}
	c.Flags().StringArrayVar(&sets, "set", nil, "set one value: `PATH=VALUE`")
	c.Flags().StringVar(&from, "from", "", "take the new text from `FILE`")
	return c
}

func (e *Env) edit(c *cobra.Command, args []string, sets []string, from string) error {
	if len(sets) > 0 && from != "" {
		return usage("--set changes one value and --from gives the whole text; give one of the two")
	}
	ctx := c.Context()
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	var r *folder.Record
	var id, name string
	switch args[0] {
	case "people.yaml", "sendctl.yaml", "pathway.yaml":
		name = args[0]
	default:
		if id, err = e.find(f, args[0]); err != nil {
			return err
		}
		if r, err = f.Load(id); err != nil {
			return err
		}
		if len(args) > 1 {
			name = args[1]
		}
	}
	p, was, err := casework.Editable(f, r, name)
	if err != nil {
		return err
	}
	next := was
	switch {
	case from == "-":
		next, err = io.ReadAll(io.LimitReader(e.In, folder.MaxFile+1))
	case from != "":
		next, err = e.readFile(from)
	case len(sets) > 0:
		next, err = casework.SetValues(p, was, sets)
	case e.asks():
		return e.editByHand(c, desk, id, p, was)
	default:
		return usage("there is nobody to open an editor for; give --set PATH=VALUE or --from FILE")
	}
	if err != nil {
		return err
	}
	return e.recordEdit(c, desk, id, p, was, next)
}

// editByHand lets the person edit a file as it was when it was opened.
func (e *Env) editByHand(c *cobra.Command, desk *casework.Desk, id, p string, was []byte) error {
	f, err := desk.Folder()
	if err != nil {
		return err
	}
	today, err := e.today(f)
	if err != nil {
		return err
	}
	return e.editText(c, desk, today, "edit-"+draftName(p), string(was), func(text []byte) error {
		return e.recordEdit(c, desk, id, p, was, text)
	})
}

// editText opens an editor on a text, and again as long as record finds a fault in
// it and the person wishes to go on. What they wrote is kept under the name of draft
// until it is recorded.
func (e *Env) editText(c *cobra.Command, desk *casework.Desk, today date.Date, draft, text string, record func([]byte) error) error {
	ctx := c.Context()
	editor, prompt := e.editor(), e.prompter(today)
	if d, ok, err := desk.Store.Draft(draft); err == nil && ok {
		yes, err := prompt.Confirm(ctx, "There is a text of yours for this that was not recorded. Go on with it?", true)
		if err != nil {
			return err
		}
		if yes {
			text = string(d.Data)
		}
	}
	for {
		next, err := editor.Edit(ctx, text, "")
		if next != "" || err == nil { // an editor that failed with nothing takes no kept text away
			kept := desk.Store.KeepDraft(draft, []byte(next))
			if kept == nil {
				e.draft = draft // what a stop now leaves behind
			}
			err = firstOf(err, kept)
		}
		if err != nil {
			return err
		}
		b := []byte(next)
		if len(b) > 0 && !bytes.HasSuffix(b, []byte("\n")) {
			b = append(b, '\n')
		}
		if err = record(b); err == nil || !faulty(err) {
			if exitCode(err) == exitFine {
				e.draft = draft
				e.dropDraft(desk)
			}
			return err
		}
		e.report(err)
		again, err := prompt.Confirm(ctx, "Go back to your text?", true)
		if err != nil {
			return err
		}
		if !again {
			return term.ErrKept
		}
		text = next
	}
}

// faulty reports whether err speaks of the text itself, so that going back to it helps.
func faulty(err error) bool { return exitCode(err) == exitFindings }

func draftName(p string) string {
	return string(bytes.Map(func(r rune) rune {
		if r == '/' || r == '.' {
			return '-'
		}
		return r
	}, []byte(p)))
}

func (e *Env) recordEdit(c *cobra.Command, desk *casework.Desk, id, p string, was, next []byte) error {
	done, err := desk.Edit(c.Context(), id, p, was, next)
	if err != nil {
		return err
	}
	return e.done(done, "Recorded the edit of %s.", p)
}
