package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/trail"
)

type verifyOptions struct {
	checkpoints []string
	since       string
	forget      bool
	all         bool
}

func newAuditVerifyCmd(e *Env) *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use: "verify", Short: "was anything changed after it was recorded?",
		Long: `Reads the whole history of this record folder and says one of three things:

  proven       nothing that was sealed was changed, taken away or put under
               another day, as far as anybody can see from here
  broken       something was, or a record is not what it says it is
  cannot tell  something is missing that would show it

It needs no network, asks nobody and changes nothing in the record. A clone
remembers in its private folder which seals it has seen proven, and notices if
they are gone; --forget clears that. A checkpoint that was kept elsewhere shows
what no clone can show by itself: give it with --checkpoint, more than one if
you have them. sendctl help audit-trail explains each finding.

Exit code 0 is proven, 1 broken, 3 cannot tell.`,
		Example: `  sendctl audit verify
  sendctl audit verify --checkpoint governors-2026-07.txt
  sendctl audit verify --since 2026-11-01
  sendctl audit verify --json`,
		Args: takes(0, 0, "no words"),
		RunE: func(c *cobra.Command, _ []string) error { return e.auditVerify(c.Context(), o) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.checkpoints, "checkpoint", nil, "a `FILE` with a checkpoint that was kept elsewhere; can be given again")
	f.StringVar(&o.since, "since", "", "check only the history after this `REV|DATE`: quick, but proves only that part")
	f.BoolVar(&o.forget, "forget", false, "first forget what this clone remembers of the last proof, and say what it was")
	f.BoolVar(&o.all, "all", false, "list every finding, however many there are")
	return c
}

func (e *Env) auditVerify(ctx context.Context, o verifyOptions) error {
	root, err := e.root()
	if errors.Is(err, folder.ErrNotFolder) {
		root = e.dir() // all of it may have been taken away: then the history knows
		if _, other := trail.Open(root); other != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	repo, err := trail.Open(root)
	if err != nil {
		return err
	}
	in := audit.Options{Dir: root, Now: e.Now(), Since: o.since}
	// What a stopped act left is put right first, where that can be; what cannot be is
	// what verifying has to tell of.
	if e.desk, err = e.newDesk(root, repo); err != nil {
		return err
	}
	_ = e.desk.Recover(ctx)
	if f, err := e.desk.Folder(); err == nil {
		if me, err := e.desk.Me(f); err == nil {
			in.Me = me.ID
		}
	}
	for _, name := range o.checkpoints {
		b, err := e.checkpointFile(name)
		if err != nil {
			return err
		}
		in.Checkpoints = append(in.Checkpoints, audit.Text{Name: filepath.Base(name), Text: b})
	}
	if o.forget {
		if err := e.forget(repo); err != nil {
			return err
		}
	}
	p := e.Progress("Reading the history")
	in.Progress = func(_ string, done, of int) { p.Step(done, of) }
	r, err := audit.Verify(ctx, in)
	p.Done()
	if err != nil {
		if none := (*trail.RevisionError)(nil); errors.As(err, &none) {
			return usage("--since: %w; give a day such as 2026-11-01, or a commit as sendctl log shows it", err)
		}
		return err
	}
	if e.flags.json {
		err = e.printJSON(r)
	} else {
		err = e.page(e.Out, verdictLines(r, o.all))
	}
	if err != nil {
		return err
	}
	switch r.Verdict {
	case audit.Broken:
		return codeError(exitFindings)
	case audit.CannotTell:
		return codeError(exitFailed)
	}
	return nil
}

// forget drops what this clone remembers, and says what that was.
func (e *Env) forget(repo *trail.Repo) error {
	r, ok, err := audit.Forget(repo.PrivateDir())
	if err != nil {
		return err
	}
	if !ok {
		e.say("This clone remembered nothing.")
		return nil
	}
	e.say("Forgotten: %s of %s, proven on %s at commit %.12s.", plural(r.Count(), "seal", "seals"), plural(len(r.Seals), "chain", "chains"),
		date.Of(r.Time).Long(), r.Head)
	return nil
}

// How many notes, and how many other findings, are told before the rest is not.
const (
	fewNotes     = 20
	manyFindings = 60
)

// verdictLines is a report as a page: the verdict, what was checked, what was found.
func verdictLines(r audit.Report, all bool) []render.Line {
	head := map[audit.Verdict]string{
		audit.Proven:     "Proven: nothing that was sealed here was changed, taken away or put under another day.",
		audit.Broken:     "Broken: something that was sealed here was changed or taken away, or is not what it says it is.",
		audit.CannotTell: "Cannot tell: what would show whether this trail is whole is missing.",
	}[r.Verdict]
	if r.Since != "" && r.Verdict == audit.Proven {
		head = fmt.Sprintf("Proven since %.12s: nothing that was sealed here since then, or was here then, was changed, taken away or put under another day. What came before was not read.", r.Since)
	}
	tone := render.Heading
	if r.Verdict != audit.Proven {
		tone = render.Alarm
	}
	out := []render.Line{{Text: head, Tone: tone}}
	if r.Demonstration != "" {
		out = append(out, render.Line{Text: "This is a made-up folder, for demonstration."})
	}
	c := r.Checked
	seals := plural(c.Seals, "seal", "seals")
	if c.Seals > 0 {
		seals += fmt.Sprintf(" (%d signed, %d not)", c.Signed, c.Unsigned)
	}
	out = append(out, render.Line{Text: fmt.Sprintf("Checked: %s, %s, %s, %s, %s.", plural(c.Commits, "commit", "commits"), plural(c.Learners, "learner", "learners"),
		seals, plural(c.Checkpoints, "checkpoint", "checkpoints"), plural(c.Removals, "removal", "removals"))})
	if r.Since != "" && r.Verdict != audit.Proven {
		out = append(out, render.Line{Text: fmt.Sprintf("Only the history since %.12s was read.", r.Since)})
	}
	notes, told := 0, 0
	for i, f := range r.Findings {
		if f.Weight == audit.Note {
			if notes++; notes > fewNotes && !all {
				out = append(out, render.Line{}, render.Line{Text: plural(len(r.Findings)-i, "more note", "more notes") + ": --all lists them.", Tone: render.Quiet})
				break
			}
			if notes == 1 {
				out = append(out, render.Line{}, render.Line{Text: "Worth knowing", Tone: render.Heading})
			}
		} else if told++; told > manyFindings && !all {
			if told == manyFindings+1 {
				out = append(out, render.Line{}, render.Line{Text: "There is more of the same: --all lists everything.", Tone: render.Quiet})
			}
			continue
		} else if i == 0 || f.Weight != r.Findings[i-1].Weight {
			word := "Broken"
			if f.Weight == audit.CannotTell {
				word = "Cannot tell"
			}
			out = append(out, render.Line{}, render.Line{Text: word, Tone: render.Heading})
		}
		out = append(out, findingLines(f)...)
	}
	return out
}

func findingLines(f audit.Finding) []render.Line {
	text := f.Message + "."
	switch {
	case f.File != "":
		text = f.File + ": " + text
	case f.Learner != "":
		text = "learner " + f.Learner + ": " + text
	}
	out := []render.Line{{Text: "- " + text, Indent: 2}}
	var where []string
	if f.Who != "" {
		where = append(where, f.Who)
	}
	if !f.When.IsZero() {
		where = append(where, f.When.Format("2 January 2006 15:04 MST"))
	}
	if f.Commit != "" {
		where = append(where, fmt.Sprintf("commit %.12s", f.Commit))
	}
	if len(where) > 0 && f.Weight != audit.Note {
		out = append(out, render.Line{Text: "  " + list(where) + ".", Indent: 4, Tone: render.Quiet})
	}
	if f.Do != "" {
		out = append(out, render.Line{Text: "  What to do: " + f.Do, Indent: 4})
	}
	return out
}
