package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/term"
)

// receiving are the flags of receive.
type receiving struct {
	identities    []string
	keys          []string
	receipt, day  string
	again, anyway string
	check         bool
}

func newReceiveCmd(e *Env) *cobra.Command {
	var x receiving
	c := &cobra.Command{
		Use: "receive FILE", Short: "take in a record, or a receipt, from another school",
		Long: `Takes in the parcel of a handover. It opens the parcel, checks it (every file's
hash, the signature, every seal and the chain that they form, the bytes they
seal), and says what was and was not proven. Then it takes in the whole record
under the id that it had, as one sealed act. The adults it names come with it
(learners/ID/people.yaml); they are not people of this folder. It writes a
receipt for the school it came from, beside the parcel or where --receipt says.

A receipt from another school is recorded with the handover that it answers. The
copy here can then be removed (sendctl purge).

It refuses a damaged parcel, a parcel from a demonstration in a real folder and
the reverse, and one of a learner who is already here and differs. If a child
comes back, the record is added to what is here, as long as that has not changed
since. A record that was removed here for good needs a reason (--again), and so
does one that is not all as it was sealed (--anyway).

To open an encrypted parcel, give --identity with the file that age-keygen -o
school-age.txt made here, before the other school encrypted it to you. Keep that
file outside the record folder. The age1... line in it is what you tell other
schools.

No parcel can prove that a key is the other school's: ask them for its
fingerprint by telephone, and give it with --key.

--check says what is and is not proven, and records nothing. If you run receive
again, it writes the same receipt again.`,
		Example: `  sendctl receive ../bk7m.parcel --identity ~/keys/school-age.txt
  sendctl receive ../bk7m.parcel --check
  sendctl receive ../bk7m.receipt`,
		Args: takes(1, 1, "one parcel"),
		RunE: func(c *cobra.Command, args []string) error { return e.receive(c, args[0], x) },
	}
	f := c.Flags()
	f.StringArrayVarP(&x.identities, "identity", "i", nil, "open it with the age identities in this `FILE`; can be given again")
	f.StringArrayVar(&x.keys, "key", nil, "the `FINGERPRINT` (SHA256:...) that the other school told you another way")
	f.StringVar(&x.receipt, "receipt", "", "write the receipt to `FILE`; if left out, beside the parcel, as NAME.receipt")
	f.StringVar(&x.day, "date", "", "the `DATE` it came, if not today")
	f.StringVar(&x.again, "again", "", "why a record that was removed here is taken in again, in `WORDS`")
	f.StringVar(&x.anyway, "anyway", "", "why it is taken in although it is not all as it was sealed, in `WORDS`")
	f.BoolVar(&x.check, "check", false, "only check the parcel; record nothing")
	return c
}

func (e *Env) receive(c *cobra.Command, name string, x receiving) error {
	ctx := c.Context()
	for _, k := range x.keys {
		if !strings.HasPrefix(k, "SHA256:") {
			return usage("--key: a fingerprint begins with SHA256: and is what ssh-keygen -l shows of their key")
		}
	}
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	if err := casework.Usable(f); err != nil {
		return err
	}
	came, err := e.opened(name, x)
	if err != nil {
		return refusal(err)
	}
	if x.check {
		return e.judged(came, nil, "", "")
	}
	if came.Kind == casework.ParcelReceipt {
		done, err := desk.TakeReceipt(ctx, came)
		var here *casework.HereError
		if err != nil && !errors.As(err, &here) {
			return refusal(err)
		}
		if here != nil {
			done = casework.Done{Act: "receipt", Learner: here.Learner, File: here.File}
		}
		return e.judged(came, &done, "", "")
	}
	t := casework.Taking{Again: learner.Words(strings.TrimSpace(x.again)), Anyway: learner.Words(strings.TrimSpace(x.anyway))}
	if t.Date, err = e.today(f); err != nil {
		return err
	}
	if x.day != "" {
		if t.Date, err = date.Parse(x.day); err != nil {
			return usage("--date: %w", err)
		}
	}
	if x.receipt == "" {
		x.receipt = strings.TrimSuffix(name, filepath.Ext(name)) + ".receipt"
	}
	out, err := e.outside(desk, x.receipt, "--receipt", came.Learner())
	if err != nil {
		return err
	}
	done, err := desk.Receive(ctx, came, t)
	var here *casework.HereError
	switch {
	case errors.As(err, &here):
		done = casework.Done{Act: "receive", Learner: here.Learner, File: here.File}
	case err != nil:
		if len(came.Faults) > 0 && t.Anyway == "" {
			return e.unfit(came)
		}
		return refusal(err)
	}
	if err := e.writeReceipt(c, desk, done, out); err != nil {
		return fmt.Errorf("the record is taken in, and the receipt could not be written: %w; the same command writes it again", err)
	}
	return e.judged(came, &done, out.path, string(t.Anyway))
}

// unfit tells what of a record is not as it was sealed.
func (e *Env) unfit(came casework.Came) error {
	if !e.flags.json {
		_ = diagfmt.Text(e.Err, came.Faults, e.findingOptions(nil))
	}
	return &casework.StateError{Message: fmt.Sprintf("not all of this record is as it was sealed (%s), so it is not taken in. Ask the other school for it again; or take it in all the same and say why: --anyway WORDS",
		plural(len(came.Faults), "fault", "faults"))}
}

func (e *Env) writeReceipt(c *cobra.Command, desk *casework.Desk, done casework.Done, out *outFile) error {
	p, err := desk.ReceiptParcel(c.Context(), done.Learner, done.File)
	if err != nil {
		return err
	}
	f, err := desk.Folder()
	if err != nil {
		return err
	}
	r, err := desk.Load(f, done.Learner)
	if err != nil {
		return err
	}
	me, err := desk.MeIn(f, r)
	if err != nil {
		return err
	}
	signer, err := signerOf(desk, p, me)
	if err != nil {
		return err
	}
	_, err = out.write(func(w io.Writer) error {
		_, err := parcel.Write(w, p, signer, nil)
		return err
	})
	return err
}

// opened reads a parcel and judges it.
func (e *Env) opened(name string, x receiving) (casework.Came, error) {
	var ids []parcel.Identity
	for _, n := range x.identities {
		b, err := e.readFile(n)
		if err != nil {
			return casework.Came{}, err
		}
		more, err := parcel.ParseIdentities(strings.NewReader(string(b)))
		if err != nil {
			return casework.Came{}, usage("--identity %s: %w", filepath.Base(n), err)
		}
		ids = append(ids, more...)
	}
	f, err := os.Open(e.at(name))
	if err != nil {
		var at *os.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return casework.Came{}, fmt.Errorf("open the parcel: %w", err)
	}
	defer f.Close()
	p, err := parcel.Read(f, ids)
	if err != nil {
		return casework.Came{}, err
	}
	return casework.Judge(p, x.keys...)
}

// judged says what was proven, what was not, and what was recorded; done is nil where
// nothing was.
func (e *Env) judged(came casework.Came, done *casework.Done, receipt, anyway string) error {
	code := error(nil)
	if done == nil && len(came.Faults) > 0 {
		code = codeError(exitFindings)
	}
	if e.flags.json {
		v := struct {
			Format   string   `json:"format"`
			Learner  string   `json:"learner"`
			From     string   `json:"from"`
			Act      string   `json:"act,omitempty"`  // receive or receipt; nothing with --check
			File     string   `json:"file,omitempty"` // id of the arrival, or of the receipt
			Again    bool     `json:"again"`          // it was taken in before; nothing was recorded now
			Receipt  string   `json:"receipt_file,omitempty"`
			Commit   string   `json:"commit,omitempty"`
			Warnings []string `json:"warnings,omitempty"`
			casework.Came
		}{Format: "sendctl-receive/1", Learner: came.Learner(), From: string(came.From.Name), Receipt: receipt, Came: came}
		if done != nil {
			v.Act, v.File, v.Commit, v.Warnings, v.Again = done.Act, done.File, done.Commit, done.Warnings, done.Commit == ""
		}
		return firstOf(e.printJSON(v), code)
	}
	say := func(head string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintln(e.Out, e.Bold(head))
		for _, l := range lines {
			fmt.Fprintln(e.Out, e.Wrap(term.Safe(l), "  "))
		}
	}
	say("Proven", came.Proven)
	say("Not proven", came.Open)
	say("Told of their files", came.Told)
	if len(came.Faults) > 0 {
		_ = diagfmt.Text(e.Err, came.Faults, e.findingOptions(nil))
	}
	if done == nil {
		return firstOf(e.sentence("Nothing was recorded."), code)
	}
	for _, w := range done.Warnings {
		e.say("%s", w)
	}
	from := term.Safe(strings.Join(strings.Fields(string(came.From.Name)), " "))
	switch {
	case done.Act == "receipt" && done.Commit == "":
		return e.sentence("This receipt is recorded already (%s). Next: sendctl purge %s", done.File, done.Learner)
	case done.Act == "receipt":
		return e.sentence("Recorded and sealed: the receipt of %s for the record of %s (%s). Next: sendctl purge %s", from, done.Learner, done.File, done.Learner)
	case done.Commit == "":
		return e.sentence("This parcel was taken in before (arrival %s of %s); the receipt is written again: %s. Give it to %s.", done.File, done.Learner, receipt, from)
	}
	if err := e.sentence("Recorded and sealed: the record of %s is taken in from %s (arrival %s, %s).", done.Learner, from, done.File, plural(came.Files, "file", "files")); err != nil {
		return err
	}
	return e.sentence("Next: give the receipt to %s: %s. It names no child. Then say who is responsible here: sendctl edit %s learner.yaml", from, receipt, done.Learner)
}
