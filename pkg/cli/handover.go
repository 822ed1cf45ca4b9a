package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/term"
)

// passing are the flags of handover that are no answers.
type passing struct {
	answering
	output     string
	recipients []string
	anyway     string
	anew       bool
}

func newHandoverCmd(e *Env) *cobra.Command {
	var x passing
	c := &cobra.Command{
		Use: "handover LEARNER", Short: "pass a record on to another school, as one parcel",
		Long: `Records, sealed, that a learner's record is passed on, and writes it as one
parcel: the learner's whole folder as it is, with every seal and attachment, the
adults named in its files, with their keys, and which school this is. Only the
folder as it is now travels. The earlier versions of files that go on changing
(learner.yaml, contacts.yaml) stay in the history here.

The other school runs sendctl receive and sends back a receipt. Record it here
with sendctl receive too. An earlier school keeps no copy: within 15 school
days, counted in the terms of sendctl.yaml, the copy is due for removal (sendctl
purge). If you keep one longer, say why with --because.

Give the other school's age recipient (age1..., or a file of them), and nobody
else can open the parcel. Without one, anybody can read the child's record in
it. The other school makes one once, with age-keygen -o school-age.txt (it comes
with age: see age-encryption.org). They keep that file to themselves and send
you the part of it that begins with age1. Check by telephone that it is theirs.

If you run it again, for example because a parcel was lost, it makes the parcel
of the same handover again, without what was recorded since. --anew makes a new
handover.`,
		Example: `  sendctl handover bk7m --to-name "Otherhay Middle School" \
    --recipient otherhay.txt --output ../bk7m.parcel
  sendctl handover bk7m --to-name "Otherhay Middle School" --to-la 929 \
    --output ../bk7m.parcel --because "An appeal is under way." \
    --keep-until 2027-03-31`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return e.handover(c, args[0], &x) },
	}
	x.add(e, c, "to.name=\"...\"",
		answerFlag{name: "to-name", path: "to.name", help: "the `NAME` of the school or setting it goes to"},
		answerFlag{name: "to-la", path: "to.la", help: "its local authority's `NUMBER`, three digits"},
		answerFlag{name: "to-estab", path: "to.estab", help: "its establishment `NUMBER`, four digits"},
		answerFlag{name: "to-urn", path: "to.urn", help: "its unique reference `NUMBER`, six digits"},
		answerFlag{name: "date", path: "date", help: "the `DATE` it is passed on, if not today"},
		answerFlag{name: "because", path: "because", help: "why a copy is kept here longer, in `WORDS`"},
		answerFlag{name: "keep-until", path: "keep_until", help: "keep it until this `DATE`"},
	)
	f := c.Flags()
	f.StringVarP(&x.output, "output", "o", "", "write the parcel to `FILE`, outside the record folder")
	f.StringArrayVarP(&x.recipients, "recipient", "r", nil, "encrypt to this age recipient, or to those in a `FILE`; can be given again")
	f.StringVar(&x.anyway, "anyway", "", "why it goes although not all of it is as it was sealed, in `WORDS`")
	f.BoolVar(&x.anew, "anew", false, "hand over again although there is an earlier handover")
	return c
}

func (e *Env) handover(c *cobra.Command, typed string, x *passing) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, &x.answering)
	if err != nil {
		return err
	}
	if x.output == "" && !e.flags.questions {
		return usage("say where the parcel is to be written, outside the record folder: --output FILE")
	}
	to, err := e.recipients(x.recipients)
	if err != nil {
		return err
	}
	var out *outFile
	if !e.flags.questions {
		if out, err = e.outside(desk, x.output, "--output", cs.Record.ID); err != nil {
			return err
		}
	}
	script := casework.HandoverForm(cs)
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "handover-" + cs.Record.ID,
		ask: "Record this handover? It cannot be changed afterwards, only corrected.", back: handBack(cs, script, len(to))})
	if err != nil {
		return err
	}
	var p casework.Passing
	if err := casework.Fill(&p, script, answers, extra); err != nil {
		return err
	}
	h, err := desk.HandOver(ctx, cs.Record.ID, p, learner.Words(strings.TrimSpace(x.anyway)), x.anew)
	if err != nil {
		return refusal(err)
	}
	e.dropDraft(desk)
	packed, err := desk.HandoverParcel(ctx, cs.Record.ID, h.Handover)
	if err != nil {
		return again(err)
	}
	signer, err := signerOf(desk, packed, cs.Me)
	if err != nil {
		return again(err)
	}
	size, err := out.write(func(w io.Writer) error {
		_, err := parcel.Write(w, packed, signer, to)
		return err
	})
	if err != nil {
		return again(err)
	}
	return e.handed(cs, h, packed, out.path, size, signer != nil, len(to))
}

// handBack reads back where a record goes, and whether anyone on the way can read it.
func handBack(cs casework.Case, script form.Script, to int) func(form.Answers, casework.Extra) ([]render.Line, error) {
	return func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		var p casework.Passing
		if err := casework.Fill(&p, script, a, extra); err != nil {
			return nil, err
		}
		where := string(p.To.Name)
		for _, n := range [][2]string{{"LA ", p.To.LA}, {"establishment ", p.To.Estab}, {"URN ", p.To.URN}} {
			if n[1] != "" {
				where += ", " + n[0] + n[1]
			}
		}
		kept := "No copy is kept here beyond 15 school days."
		switch {
		case p.Because != "" && p.KeepUntil.IsZero():
			kept = "A copy is kept here: " + report.Quoted(string(p.Because))
		case p.Because != "":
			kept = "A copy is kept here until " + p.KeepUntil.Long() + ": " + report.Quoted(string(p.Because))
		}
		lock := "The parcel is encrypted to " + plural(to, "recipient", "recipients") + "."
		if to == 0 {
			lock = "The parcel is NOT ENCRYPTED: anyone who gets hold of the file can read a child's record. Stop here, and give --recipient, if the other school has one."
		}
		return []render.Line{{Text: "The record of " + cmp.Or(string(cs.Record.Identity.Value.Name), cs.Record.ID) + " goes to " + where + ", on " + p.Date.Long() + "."}, {Text: kept}, {Text: lock}}, nil
	}
}

// again says of an error after the act that the act stands.
func again(err error) error {
	return fmt.Errorf("the handover is recorded, and its parcel could not be written: %w; the same command makes it again", err)
}

// signerOf is the key that signs a parcel: that of who made what the parcel is of.
// Somebody else, who makes it again, does not sign it in their name.
func signerOf(desk *casework.Desk, p parcel.Parcel, me learner.Person) (seal.Signer, error) {
	if desk.Signer == nil || me.ID != p.By {
		return nil, nil
	}
	return desk.Signer()
}

// handed tells what was handed over.
func (e *Env) handed(cs casework.Case, h casework.Handing, p parcel.Parcel, at string, size int64, signed bool, to int) error {
	v := h.Handover
	if to == 0 {
		fmt.Fprintln(e.Err, e.Warn(e.Wrap(term.Safe(fmt.Sprintf("%s is NOT ENCRYPTED. It holds a child's record, which anyone who gets hold of the file can read. Pass it on as you would the paper, and delete it afterwards; or give the other school's --recipient.", at)), "")))
	}
	if e.flags.json {
		return e.printJSON(struct {
			Format    string    `json:"format"`
			Learner   string    `json:"learner"`
			Handover  string    `json:"handover"`
			Date      date.Date `json:"date"`
			To        string    `json:"to"`
			RemoveBy  date.Date `json:"remove_by"`
			Counted   bool      `json:"remove_by_in_terms"` // whether the terms reach that day
			Parcel    string    `json:"parcel"`             // hash of its list of files: a receipt names it
			File      string    `json:"file"`
			Files     int       `json:"files"`
			Bytes     int64     `json:"bytes"`
			Signed    bool      `json:"signed"`
			Encrypted bool      `json:"encrypted"`
			Again     bool      `json:"again"` // the handover was recorded before
			Since     []string  `json:"changed_since,omitempty"`
			Commit    string    `json:"commit,omitempty"`
			Warned    []string  `json:"warnings,omitempty"`
		}{"sendctl-handover/1", cs.Record.ID, v.ID, v.Date, string(v.To.Name), v.RemoveBy, h.Counted, seal.Hash(p.Manifest()), at, len(p.Files), size, signed, to > 0, h.Again, h.Since, h.Commit, h.Warnings})
	}
	if h.Handed {
		e.say("Git made the commit, because its hooks or settings ask for it.")
	}
	for _, w := range h.Warnings {
		e.say("%s", w)
	}
	if h.Again && len(h.Since) > 0 {
		e.say("%s changed since the handover of %s, and the parcel does not hold that: --anew hands over again.", list(h.Since), v.Date.Long())
	}
	begun := "Recorded and sealed: the record of " + cs.Record.ID + " is handed over (" + v.ID + ")"
	if h.Again {
		begun = "The parcel of the handover " + v.ID + ", recorded before, is made again for " + cs.Record.ID
	}
	until := ""
	if !v.RemoveBy.IsZero() {
		until = fmt.Sprintf(" The copy here is due for removal by %s.", v.RemoveBy.Long())
	}
	sealedTo := "not encrypted"
	if to > 0 {
		sealedTo = "encrypted to " + plural(to, "recipient", "recipients")
	}
	if err := e.sentence("%s. The parcel is %s: %s, %s, %s.%s", begun, at, plural(len(p.Files), "file", "files"), bytesWords(size), sealedTo, until); err != nil {
		return err
	}
	return e.sentence("Next: give the parcel to %s; record their receipt with: sendctl receive RECEIPT", term.Safe(strings.Join(strings.Fields(string(v.To.Name)), " ")))
}

// bytesWords is a size as people say it.
func bytesWords(n int64) string {
	switch {
	case n < 1000:
		return plural(int(n), "byte", "bytes")
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// recipients reads whom a parcel is encrypted to: recipients as they are, or files of them.
func (e *Env) recipients(typed []string) ([]parcel.Recipient, error) {
	var out []parcel.Recipient
	for _, t := range typed {
		if strings.HasPrefix(t, "AGE-SECRET-KEY-") {
			return nil, usage("--recipient: this is a secret key; it stays with the other school, who give you the recipient that belongs to it (age1...)")
		}
		if r, err := parcel.ParseRecipient(t); err == nil {
			out = append(out, r)
			continue
		}
		b, err := e.readFile(t)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usage("--recipient: this is neither an age recipient (age1...) nor a file that is there; how the other school makes one: sendctl help handover")
		}
		if err != nil {
			return nil, err
		}
		all, err := parcel.ParseRecipients(bytes.NewReader(b))
		if err != nil {
			return nil, usage("--recipient %s: %w", filepath.Base(t), err)
		}
		out = append(out, all...)
	}
	return out, nil
}

// refusal turns what casework refuses into what ends with exit code 1.
func refusal(err error) error {
	var unsound *casework.UnsoundError
	var parcelRefused *casework.RefusedParcelError
	var damaged *parcel.DamagedError
	switch {
	case errors.As(err, &unsound), errors.As(err, &parcelRefused):
		return &casework.StateError{Message: err.Error()}
	case errors.As(err, &damaged):
		return &casework.StateError{Message: err.Error() + "; ask whoever made it for it again"}
	case errors.Is(err, parcel.ErrEncrypted):
		return usage("%w: --identity FILE (the key file made here: sendctl help receive)", err)
	}
	return err
}

// outFile is a file outside the record folder that is written whole or not at all.
type outFile struct{ path string }

// outside prepares to write a file, and refuses a place within the record folder or
// its git folder, where it would be recorded, and one that holds something else. An
// earlier parcel of the same learner, not encrypted, is written over.
func (e *Env) outside(desk *casework.Desk, name, flag, id string) (*outFile, error) {
	name = e.at(name)
	if err := e.mustLieOutside(desk, name, flag); err != nil {
		return nil, err
	}
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &outFile{name}, nil
	case err != nil:
		return nil, fmt.Errorf("%s: %w", flag, err)
	case info.Mode().IsRegular():
		if f, err := os.Open(name); err == nil {
			defer f.Close()
			if p, err := parcel.Read(f, nil); err == nil && p.Learner == id && id != "" {
				return &outFile{name}, nil
			}
		}
	}
	return nil, usage("%s: there is something called %s already; give another name, or take that away", flag, filepath.Base(name))
}

// mustLieOutside refuses a path within the record folder, its work tree or its git folder.
func (e *Env) mustLieOutside(desk *casework.Desk, name, flag string) error {
	at, err := filepath.EvalSymlinks(filepath.Dir(name))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return usage("%s: there is no folder %s", flag, filepath.Dir(name))
		}
		return fmt.Errorf("%s: %w", flag, err)
	}
	at = filepath.Join(at, filepath.Base(name))
	for _, dir := range []string{desk.Repo.Root(), desk.Repo.GitDir(), desk.Repo.CommonDir()} {
		if _, inside := within(withoutLinks(dir), at); inside {
			return usage("%s: that lies in the record folder, where it would be kept for good; name a place outside it", flag)
		}
	}
	return nil
}

// write writes the file beside its place and puts it there once it is whole, readable
// by its owner alone. It gives how many bytes it has.
func (o *outFile) write(fill func(io.Writer) error) (size int64, err error) {
	temp := filepath.Join(filepath.Dir(o.path), "."+filepath.Base(o.path)+".part")
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err // left by one that was killed
	}
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	return putWhole(f, o.path, fill)
}

// putWhole fills a file and puts it in its place; whatever was there stays where that
// fails, and the file goes.
func putWhole(f *os.File, place string, fill func(io.Writer) error) (size int64, err error) {
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if info, e := f.Stat(); e == nil {
		size = info.Size()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), place)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return size, err
}
