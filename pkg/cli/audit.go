package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/seal"
)

func newAuditCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "audit", Short: "can it be proved that nothing was changed?",
		Long: `Proves, to anybody who doubts it, that the record is still what was recorded:
the whole folder (verify), or one file to an outsider (prove, check). Keep a
checkpoint where nobody who writes in the folder can reach it: then nobody who
keeps the folder could have made the proof up.`,
		Example: `  sendctl audit verify
  sendctl audit checkpoint --qr plan-page.png > checkpoint.txt
  sendctl audit prove bk7m k4f7 --output k4f7.proof
  sendctl audit check k4f7.proof`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	prove := newAuditProveCmd(e)
	prove.ValidArgsFunction = e.completeLearner
	c.AddCommand(newAuditVerifyCmd(e), newAuditCheckpointCmd(e), prove, newAuditCheckCmd(e))
	return c
}

type checkpointOptions struct {
	full       bool
	qr, output string
}

func newAuditCheckpointCmd(e *Env) *cobra.Command {
	var o checkpointOptions
	c := &cobra.Command{
		Use: "checkpoint", Short: "a short text to keep elsewhere, to check the folder against",
		Long: `Verifies the folder and prints a short text that says what is recorded so far:
how many seals, and one number over the latest of every learner. It names nobody
but its maker, and is signed if git is set up for signing.

Give it to somebody who cannot write in this folder: print it on a parent's plan
(--qr draws it as a picture to scan), send it to a governor. From then on

  sendctl audit verify --checkpoint FILE

shows whether the folder has the same past, only longer. The full form lists the
latest seal of every learner, by id. It can be compared even if the old history
is gone: give this one to a governor or the local authority.

If the trail is broken, no checkpoint is made (exit code 1). If it cannot be
proven, one is made, and the exit code is 3.`,
		Example: `  sendctl audit checkpoint
  sendctl audit checkpoint --qr checkpoint.png --output checkpoint.txt
  sendctl audit checkpoint --full --output ../governors-2026-07.txt`,
		Args: takes(0, 0, "no words"),
		RunE: func(c *cobra.Command, _ []string) error { return e.auditCheckpoint(c.Context(), o) },
	}
	f := c.Flags()
	f.BoolVar(&o.full, "full", false, "list the latest seal of every learner")
	f.StringVar(&o.qr, "qr", "", "draw the short form as a QR code into `FILE`.png")
	f.StringVarP(&o.output, "output", "o", "", "write the text to `FILE` instead of printing it")
	return c
}

// checkpointView is a checkpoint as --json prints it.
type checkpointView struct {
	Format        string        `json:"format"` // sendctl-checkpoint-made/1
	Verdict       audit.Verdict `json:"verdict"`
	Seals         int           `json:"seals"`
	Latest        string        `json:"latest"`
	Head          string        `json:"head"`
	Made          string        `json:"made"`
	By            string        `json:"by"`
	Signed        bool          `json:"signed"`
	Full          bool          `json:"full"`
	Demonstration string        `json:"demonstration,omitempty"`
	Hash          string        `json:"hash"` // of the text
	Text          string        `json:"text"`
	Output        string        `json:"output,omitempty"`
	QR            string        `json:"qr,omitempty"`
}

func (e *Env) auditCheckpoint(ctx context.Context, o checkpointOptions) error {
	var out, qr *outFile
	var err error
	if out, err = e.newFile(o.output, "--output"); err != nil {
		return err
	}
	if qr, err = e.newFile(o.qr, "--qr"); err != nil {
		return err
	}
	if o.qr != "" && !strings.EqualFold(filepath.Ext(o.qr), ".png") {
		return usage("--qr draws a PNG: give a name that ends in .png")
	}
	v, err := e.provable(ctx, nil)
	if err != nil {
		return err
	}
	c, err := v.checkpoint(e, o.full)
	if err != nil {
		return err
	}
	text := c.Bytes()
	if qr != nil {
		short := c
		if o.full {
			if short, err = v.checkpoint(e, false); err != nil {
				return err
			}
		}
		picture, err := render.QR(short.Bytes())
		if errors.Is(err, render.ErrQRTooLong) {
			return usage("--qr: this checkpoint is too long for one code: its signature is of a large key; sign with an Ed25519 key (ssh-keygen -t ed25519)")
		}
		if err != nil {
			return err
		}
		if _, err := qr.write(func(w io.Writer) error { _, err := w.Write(picture); return err }); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Base(o.qr), err)
		}
	}
	if out != nil {
		if _, err := out.write(func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Base(o.output), err)
		}
	}
	view := checkpointView{Format: "sendctl-checkpoint-made/1", Verdict: v.report.Verdict, Seals: c.Seals, Latest: c.Latest, Head: c.Head,
		Made: c.Made.Format("2006-01-02T15:04:05Z07:00"), By: c.By, Signed: c.Signature != nil, Full: c.Full, Demonstration: v.report.Demonstration,
		Hash: c.Hash(), Text: string(text), Output: o.output, QR: o.qr}
	switch {
	case e.flags.json:
		err = e.printJSON(view)
	case out == nil:
		_, err = e.Out.Write(text)
	default:
		e.say("A checkpoint of %s, made by %s: %s. Keep it where nobody who writes in this folder can reach it.", plural(c.Seals, "seal", "seals"), c.By, o.output)
	}
	if err != nil {
		return err
	}
	if c.Signature == nil && !e.flags.json {
		e.say("It is not signed: git is not set up for signing here (sendctl doctor).")
	}
	return v.doubt(e)
}

// provable is a folder that was verified, and is not broken.
type provable struct {
	desk   *casework.Desk
	folder *folder.Folder // as the last commit has it
	me     learner.Person
	report audit.Report
}

// provable verifies the folder, with checkpoints that were kept elsewhere, and
// refuses one whose trail is broken.
func (e *Env) provable(ctx context.Context, checkpoints []audit.Text) (provable, error) {
	desk, f, err := e.work(ctx)
	if err != nil {
		return provable{}, err
	}
	v := provable{desk: desk}
	if v.me, err = desk.Me(f); err != nil {
		return v, err
	}
	p := e.Progress("Reading the history")
	v.report, err = audit.Verify(ctx, audit.Options{Dir: desk.Repo.Root(), Now: e.Now(), Me: v.me.ID, Checkpoints: checkpoints,
		Progress: func(_ string, done, of int) { p.Step(done, of) }})
	p.Done()
	switch {
	case err != nil:
		return v, err
	case v.report.Verdict == audit.Broken:
		return v, &casework.StateError{Message: "the trail is broken, so nothing can be proved by it; what is wrong, and what to do: sendctl audit verify"}
	case v.report.State.Count()+len(v.report.State.Removed) == 0:
		return v, &casework.StateError{Message: audit.ErrNothingSealed.Error()}
	}
	at, err := desk.Repo.CommitFS(v.report.State.Head)
	if err != nil {
		return v, err
	}
	v.folder, err = folder.Open(at)
	return v, err
}

// doubt tells of a trail that could not be proven, and gives the exit code.
func (v provable) doubt(e *Env) error {
	if v.report.Verdict == audit.Proven {
		return nil
	}
	e.say("Whether the trail is whole could not be told: sendctl audit verify says what is missing.")
	return codeError(exitFailed)
}

// checkpoint makes the checkpoint of the folder, signed where git signs.
func (v provable) checkpoint(e *Env, full bool) (audit.Checkpoint, error) {
	c := audit.CheckpointOf(v.report.State)
	c.Setting, c.Made, c.By = string(v.folder.Setting.Value.Name), e.Now().UTC(), v.me.ID
	if !full {
		c = c.Short()
	}
	k, err := v.signer(e)
	if err != nil || k == nil {
		return c, err
	}
	return c.Signed(k)
}

// signer gives the key to sign with, nil where git is not set up for signing. A key
// that is not the person's would make what it signs worthless.
func (v provable) signer(e *Env) (seal.Signer, error) {
	if v.desk.Signer == nil {
		return nil, nil
	}
	k, err := v.desk.Signer()
	if err != nil || k == nil {
		return nil, err
	}
	mine := false
	for _, key := range v.me.Keys {
		mine = mine || seal.SameKey(key.Public, k.Public()) && key.CountsOn(date.Of(e.Now()))
	}
	if !mine && len(v.folder.Holders(date.Of(e.Now()))) > 0 {
		return nil, &casework.StateError{Message: fmt.Sprintf("git signs with the key %s, which is not yours in people.yaml today; nobody would take it for yours: sendctl people add-key", seal.Fingerprint(k.Public()))}
	}
	return k, nil
}

// newFile prepares to write a file that is not there yet: an older checkpoint or
// proof may be the last of its kind. It is nil for no name.
func (e *Env) newFile(name, flag string) (*outFile, error) {
	if name == "" {
		return nil, nil
	}
	name = e.at(name)
	switch _, err := os.Lstat(name); {
	case err == nil:
		return nil, usage("%s: there is something called %s already; give another name, or take that away", flag, filepath.Base(name))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	if info, err := os.Stat(filepath.Dir(name)); err != nil || !info.IsDir() {
		return nil, usage("%s: there is no folder %s", flag, filepath.Dir(name))
	}
	return &outFile{name}, nil
}

// given reads checkpoints that were kept elsewhere; "-" is what is typed or piped in.
func (e *Env) given(names []string) ([]audit.Text, error) {
	var out []audit.Text
	for _, name := range names {
		b, err := e.checkpointFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, audit.Text{Name: filepath.Base(name), Text: b})
	}
	return out, nil
}

func (e *Env) checkpointFile(name string) ([]byte, error) {
	in := e.In
	if name != "-" {
		f, err := os.Open(e.at(name))
		if err != nil {
			return nil, fmt.Errorf("--checkpoint: %w", err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
			return nil, usage("--checkpoint: %s is no file", filepath.Base(name))
		}
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, audit.MaxCheckpoint+1))
	if err != nil {
		return nil, fmt.Errorf("--checkpoint: %w", err)
	}
	return b, nil
}
