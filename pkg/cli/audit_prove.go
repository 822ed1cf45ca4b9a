package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/term"
)

type proveOptions struct {
	checkpoints, recipients []string
	output                  string
	withName                bool
}

func newAuditProveCmd(e *Env) *cobra.Command {
	var o proveOptions
	c := &cobra.Command{
		Use: "prove LEARNER FILE", Short: "one sealed file as a proof that anybody can check",
		Long: `Packs one sealed file into a single parcel that proves it: the very bytes that
were sealed, its corrections, all seals of that learner, who signed with which
key, and a checkpoint. Whoever gets it needs only sendctl, and no folder:

  sendctl audit check FILE

FILE is the id of the review, move, request or other sealed file, or its path;
passport.yaml and profile.yaml stand for the version agreed last. The parcel
holds that file and no other of the learner's. It holds no name but those in the
file, unless --with-name adds identity.yaml. To encrypt it, give whom it is for:
--recipient age1…, or a file of such lines.

If the other side already holds a checkpoint, give it here too (--checkpoint).
It makes the proof stronger: the parcel then holds what it is compared with.`,
		Example: `  sendctl audit prove bk7m k4f7 --output k4f7.proof
  sendctl audit prove bk7m passport.yaml -o passport.proof --with-name
  sendctl audit prove bk7m k4f7 -o k4f7.proof --checkpoint parent.txt`,
		Args: takes(2, 2, "one learner and one sealed file"),
		RunE: func(c *cobra.Command, args []string) error { return e.auditProve(c.Context(), args[0], args[1], o) },
	}
	f := c.Flags()
	f.StringVarP(&o.output, "output", "o", "", "write the parcel to `FILE`")
	f.StringArrayVar(&o.checkpoints, "checkpoint", nil, "a `FILE` with a checkpoint that the other side holds; can be given again")
	f.StringArrayVar(&o.recipients, "recipient", nil, "encrypt to this age `RECIPIENT`, or to those in a file; can be given again")
	f.BoolVar(&o.withName, "with-name", false, "add the learner's identity.yaml")
	return c
}

// proofView is a proof that was made, as --json prints it.
type proofView struct {
	Format        string        `json:"format"` // sendctl-prove/1
	Verdict       audit.Verdict `json:"verdict"`
	Learner       string        `json:"learner"`
	File          string        `json:"file"` // as it was typed
	Parcel        string        `json:"parcel"`
	Files         int           `json:"files"`
	Signed        bool          `json:"signed"`
	Encrypted     bool          `json:"encrypted"`
	WithName      bool          `json:"with_name"`
	Demonstration string        `json:"demonstration,omitempty"`
	Output        string        `json:"output"`
}

func (e *Env) auditProve(ctx context.Context, typed, file string, o proveOptions) error {
	out, err := e.newFile(o.output, "--output")
	switch {
	case err != nil:
		return err
	case out == nil && (e.OutTTY || e.flags.json):
		return usage("say where the parcel is to be written: --output FILE")
	}
	to, err := e.recipients(o.recipients)
	if err != nil {
		return err
	}
	texts, err := e.given(o.checkpoints)
	if err != nil {
		return err
	}
	v, err := e.provable(ctx, texts)
	if err != nil {
		return err
	}
	id, err := e.find(v.folder, typed)
	if err != nil {
		return err
	}
	record, err := v.folder.Load(id)
	if err != nil {
		return err
	}
	own, err := v.checkpoint(e, false)
	if err != nil {
		return err
	}
	w := audit.ProofOf{Folder: v.folder, Record: record, File: file, Checkpoint: own, Tips: [][]audit.Tip{audit.CheckpointOf(v.report.State).Tips},
		WithName: o.withName, By: v.me.ID, Made: e.Now(), Versions: v.versions(ctx)}
	for _, t := range texts {
		c, err := audit.ParseCheckpoint(t.Text)
		if err != nil {
			return usage("--checkpoint %s: %w", t.Name, err)
		}
		then, err := v.desk.Repo.CommitFS(c.Head)
		if err != nil {
			then = nil
		}
		state := v.report.State
		state.At = nil // what read it is closed
		tips, ok := audit.TipsThen(state, then, c)
		if !ok {
			e.say("Which seals the checkpoint %s speaks of cannot be found out here, so the parcel will not show that it holds this file.", t.Name)
			continue
		}
		w.Tips = append(w.Tips, tips)
	}
	p, err := audit.Prove(w)
	if err != nil {
		return provingError(err)
	}
	k, err := v.signer(e)
	if err != nil {
		return err
	}
	var hash string
	write := func(w io.Writer) (err error) { hash, err = parcel.Write(w, p, k, to); return err }
	if out == nil {
		err = write(e.Out)
	} else if _, err = out.write(write); err != nil {
		err = fmt.Errorf("write %s: %w", filepath.Base(o.output), err)
	}
	if err != nil {
		return err
	}
	if e.flags.json {
		err = e.printJSON(proofView{Format: "sendctl-prove/1", Verdict: v.report.Verdict, Learner: id, File: file, Parcel: hash, Files: len(p.Files),
			Signed: k != nil, Encrypted: len(to) > 0, WithName: o.withName, Demonstration: v.report.Demonstration, Output: o.output})
	} else if out != nil {
		e.say("The proof is in %s. Whoever has it types: sendctl audit check %s", o.output, filepath.Base(o.output))
		if v.report.Demonstration != "" {
			e.say("It is out of a made-up folder, and says so.")
		}
	}
	if err != nil {
		return err
	}
	return v.doubt(e)
}

// versions gives what the history held at a path, the latest first.
func (v provable) versions(ctx context.Context) func(string, func([]byte) bool) error {
	return func(p string, give func([]byte) bool) error {
		for entry, err := range v.desk.Repo.History(ctx, p) {
			if err != nil {
				return err
			}
			b, err := fileAt(v.desk.Repo, entry.ID, p)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			if give(b) {
				return nil
			}
		}
		return nil
	}
}

func provingError(err error) error {
	var none *audit.NotSealedError
	var lost *audit.LostError
	switch {
	case errors.As(err, &none) && len(none.Known) > 0:
		return &casework.UnknownWordError{What: "sealed file of " + none.Learner, Typed: term.Safe(strings.TrimSpace(none.Typed)), Known: none.Known, Flag: "FILE"}
	case errors.As(err, &none), errors.As(err, &lost):
		return &casework.StateError{Message: err.Error()}
	}
	return err
}
