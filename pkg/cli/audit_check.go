package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/term"
)

type checkOptions struct {
	checkpoints, identities []string
	key                     string
	show                    bool
}

func newAuditCheckCmd(e *Env) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use: "check FILE", Short: "does a proof prove what it says?",
		Long: `Checks a parcel that sendctl audit prove made: is the file in it still what was
recorded, by whom and when? It needs neither the record folder nor git nor a
network.

A parcel proves only as much as what you compare it with. Give a checkpoint that
you were handed at the time (--checkpoint), or the fingerprint of a key that its
owner told you (--key SHA256:…). By itself, a parcel only shows that it fits
together, and the page says so.

Exit code 0 is proven, 1 broken, 3 cannot tell.`,
		Example: `  sendctl audit check k4f7.proof
  sendctl audit check k4f7.proof --checkpoint parent.txt
  sendctl audit check k4f7.proof --show --identity me.age`,
		Args: takes(1, 1, "one parcel"),
		RunE: func(c *cobra.Command, args []string) error { return e.auditCheck(args[0], o) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.checkpoints, "checkpoint", nil, "a `FILE` with a checkpoint that was kept elsewhere; can be given again")
	f.StringArrayVar(&o.identities, "identity", nil, "a `FILE` with the age identity to open it with; can be given again")
	f.StringVar(&o.key, "key", "", "the `FINGERPRINT` of a key that is known from elsewhere")
	f.BoolVar(&o.show, "show", false, "print the record itself too")
	return c
}

func (e *Env) auditCheck(name string, o checkOptions) error {
	if o.key != "" && len(strings.TrimPrefix(o.key, "SHA256:")) != 43 {
		return usage("--key wants a fingerprint as ssh-keygen -l prints it: SHA256: and 43 letters")
	}
	proof, err := e.checked(name, o)
	if err != nil {
		return err
	}
	if o.show {
		for i, f := range proof.Files {
			proof.Files[i].Text = string(f.Bytes)
		}
	}
	if e.flags.json {
		err = e.printJSON(proof)
	} else {
		err = e.page(e.Out, proofLines(proof))
	}
	if err != nil {
		return err
	}
	switch proof.Verdict {
	case audit.Broken:
		return codeError(exitFindings)
	case audit.CannotTell:
		return codeError(exitFailed)
	}
	return nil
}

// checked reads the parcel and checks it. What is wrong with the parcel itself is a
// verdict too.
func (e *Env) checked(name string, o checkOptions) (audit.Proof, error) {
	var ids []parcel.Identity
	for _, file := range o.identities {
		b, err := e.readFile(file)
		if err != nil {
			return audit.Proof{}, fmt.Errorf("--identity: %w", err)
		}
		more, err := parcel.ParseIdentities(strings.NewReader(string(b)))
		if err != nil {
			return audit.Proof{}, usage("--identity %s: %w", filepath.Base(file), err)
		}
		ids = append(ids, more...)
	}
	texts, err := e.given(o.checkpoints)
	if err != nil {
		return audit.Proof{}, err
	}
	var named []audit.Named
	for _, t := range texts {
		c, err := audit.ParseCheckpoint(t.Text)
		if err != nil {
			return unprovable(audit.CannotTell, "checkpoint-unreadable", "the checkpoint "+t.Name+" cannot be read: "+err.Error(),
				"give the text as it was kept, from its first line to its last"), nil
		}
		named = append(named, audit.Named{Name: t.Name, Checkpoint: c})
	}
	in := e.In
	if name != "-" {
		f, err := os.Open(e.at(name))
		if err != nil {
			return audit.Proof{}, err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
			return audit.Proof{}, usage("%s is no file", filepath.Base(name))
		}
		in = f
	}
	begun := bufio.NewReader(in)
	if start, _ := begun.Peek(len(checkpointStart)); string(start) == checkpointStart {
		return audit.Proof{}, usage("this is a checkpoint, and no proof; it is what a proof or a folder is compared with: sendctl audit check PROOF --checkpoint %[1]s, or in the record folder sendctl audit verify --checkpoint %[1]s", filepath.Base(name))
	}
	p, err := parcel.Read(begun, ids)
	if err != nil {
		return unread(err)
	}
	proof, err := audit.CheckProof(p, named, o.key)
	if other := (*audit.NotProofError)(nil); errors.As(err, &other) {
		return unprovable(audit.CannotTell, "not-a-proof", err.Error(), "a handover is taken in with: sendctl receive"), nil
	}
	return proof, err
}

// checkpointStart is how the text of a checkpoint begins.
const checkpointStart = "sendctl-checkpoint/"

// unread is the verdict on a parcel that cannot be read.
func unread(err error) (audit.Proof, error) {
	const again = "ask whoever made it for it again"
	var damaged *parcel.DamagedError
	var newer *parcel.TooNewError
	switch {
	case errors.As(err, &damaged):
		return unprovable(audit.Broken, "parcel-damaged", err.Error(), again), nil
	case errors.Is(err, parcel.ErrNotParcel):
		return unprovable(audit.Broken, "parcel-damaged", err.Error()+", or its beginning was changed", again), nil
	case errors.As(err, &newer):
		return unprovable(audit.CannotTell, "parcel-too-new", err.Error(), "update sendctl"), nil
	case errors.Is(err, parcel.ErrEncrypted):
		return unprovable(audit.CannotTell, "parcel-encrypted", err.Error(), "give the identity it is encrypted to: --identity FILE"), nil
	case errors.Is(err, parcel.ErrOtherIdentity):
		return unprovable(audit.CannotTell, "parcel-encrypted", err.Error(), "give the identity it is encrypted to: --identity FILE; or "+again), nil
	case errors.Is(err, parcel.ErrTooLarge):
		return unprovable(audit.CannotTell, "parcel-too-large", err.Error(), again), nil
	}
	return audit.Proof{}, err
}

func unprovable(v audit.Verdict, kind, message, do string) audit.Proof {
	return audit.Proof{Format: "sendctl-check/1", Verdict: v, Files: []audit.ProvenFile{}, RestsOn: []string{},
		Findings: []audit.Finding{{Kind: kind, Weight: v, Message: message, Do: do}}}
}

// proofLines is the outcome as a page: the verdict, what was recorded, what that
// rests on, what is wrong.
func proofLines(p audit.Proof) []render.Line {
	var out []render.Line
	add := func(indent int, format string, args ...any) {
		out = append(out, render.Line{Text: fmt.Sprintf(format, args...), Indent: indent})
	}
	head := map[audit.Verdict]string{
		audit.Proven:     "Proven: what this parcel holds is what was recorded, unchanged.",
		audit.Broken:     "Broken: this parcel is not what was recorded, or was changed since it was made.",
		audit.CannotTell: "Cannot tell: what would show whether this is what was recorded is missing.",
	}[p.Verdict]
	if p.Verdict == audit.Proven && !p.Outside {
		head = "Proven, as far as this parcel goes: what it holds fits together, unchanged since it was recorded."
	}
	tone := render.Heading
	if p.Verdict != audit.Proven {
		tone = render.Alarm
	}
	out = append(out, render.Line{Text: head, Tone: tone})
	if p.Demonstration != "" {
		out = append(out, render.Line{Text: "It is out of a made-up folder, for demonstration: nobody in it is real.", Tone: render.Alarm})
	}
	for _, f := range p.Files {
		add(0, "")
		what := "What was recorded"
		if f.Correction {
			what = "Corrected by"
		}
		add(2, "%s: %s of learner %s (%s), of %s.", what, f.Path, p.Learner, f.Act, f.Date.Long())
		add(2, "When: recorded on %s.", f.Recorded.Format("2 January 2006 15:04 -07:00"))
		add(2, "By whom: %s.", adultInWords(f.By))
		if f.Unchanged {
			add(2, "Unchanged: its bytes are those that were sealed, sha256:%s.", f.SHA256)
		} else {
			out = append(out, render.Line{Text: "CHANGED: its bytes are not those that were sealed.", Indent: 2, Tone: render.Alarm})
		}
		if f.Text != "" {
			add(0, "")
			for line := range strings.Lines(f.Text) {
				add(4, "    %s", strings.TrimRight(line, "\r\n"))
			}
		}
	}
	if len(p.RestsOn) > 0 {
		out = append(out, render.Line{}, render.Line{Text: "What that rests on", Tone: render.Heading})
		for _, s := range p.RestsOn {
			add(2, "- %s", s)
		}
		removed := ""
		if p.Removed > 0 {
			removed = fmt.Sprintf(", %d more removed with a record of it", p.Removed)
		}
		add(2, "- The learner's chain has %s%s, each checked.", plural(p.Seals, "seal", "seals"), removed)
		add(2, "- The parcel was made on %s by %s, of %s.", p.Made.Format("2 January 2006 15:04 MST"), adultInWords(p.By), term.Safe(p.From))
	}
	for _, weight := range []struct {
		v    audit.Verdict
		word string
	}{{audit.Broken, "Broken"}, {audit.CannotTell, "Cannot tell"}, {audit.Note, "Worth knowing"}} {
		first := true
		for _, f := range p.Findings {
			if f.Weight != weight.v {
				continue
			}
			if first {
				out = append(out, render.Line{}, render.Line{Text: weight.word, Tone: render.Heading})
				first = false
			}
			out = append(out, findingLines(audit.Finding{File: f.File, Message: f.Message, Do: f.Do, Weight: f.Weight})...)
		}
	}
	return out
}

func adultInWords(a audit.Adult) string {
	switch {
	case a.Name != "" && a.Role != "":
		return fmt.Sprintf("%s (%s, %s)", a.ID, a.Name, a.Role)
	case a.Name != "":
		return fmt.Sprintf("%s (%s)", a.ID, a.Name)
	}
	return a.ID
}
