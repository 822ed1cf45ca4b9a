package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/trail"
)

func newExportCTFCmd(e *Env) *cobra.Command {
	var to, version, output string
	c := &cobra.Command{
		Use: "ctf LEARNER", Short: "the SEN history for a Common Transfer File",
		Long: `Writes what a Common Transfer File says about a learner's special educational
needs: who the learner is, every dated code for SEN provision, and all needs
with their ranks and dates, in the elements of the format, with its header.

It is only a part: the school's own system makes and sends the CTF that goes to
the next school, and the file says so at its top. It tells you what the next
school will look for and the record does not hold. The same record gives the
same bytes: the only time in it is when the record was last recorded.

It holds the child's name and UPN. Without -o, it goes to stdout.`,
		Example: `  sendctl export ctf bk7m -o ../bk7m.xml
  sendctl export ctf bk7m --to 929/4001 --ctf-version 24 -o ../bk7m.xml`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error {
			return e.exportCTF(c.Context(), args[0], to, version, output)
		},
	}
	f := c.Flags()
	f.StringVar(&to, "to", "", "the school it is meant for, as `LA/ESTAB`, such as 929/4001")
	f.StringVar(&version, "ctf-version", exchange.CTFVersions()[0], "the `VERSION` of the format: "+strings.Join(exchange.CTFVersions(), " or "))
	f.StringVarP(&output, "output", "o", "", "write it to `FILE`, outside the record folder")
	return c
}

func (e *Env) exportCTF(ctx context.Context, typed, to, version, output string) error {
	v, ok := exchange.CTFVersion(version)
	if !ok {
		return usage("--ctf-version: %q is none that is written here; there are: %s", version, list(exchange.CTFVersions()))
	}
	dest, err := schoolOf(to)
	if err != nil {
		return err
	}
	f, r, _, err := e.seen(ctx, typed)
	if err != nil {
		return err
	}
	if err := unreadFront(r); err != nil {
		return err
	}
	altered := e.alarmOnly()
	recorded, err := e.recordedAt(ctx, r)
	if err != nil {
		return err
	}
	doc, missing := census.CTFOf(f, r, v, dest, recorded)
	var b bytes.Buffer
	if err := doc.Write(&b); err != nil {
		return fmt.Errorf("write the CTF: %w", err)
	}
	for _, m := range missing {
		e.say("Missing: %s.", m)
	}
	if recorded.IsZero() {
		e.say("This record holds changes that are not recorded, so the file bears no time.")
	}
	if output == "" {
		if _, err := e.Out.Write(b.Bytes()); err != nil {
			return fmt.Errorf("write the CTF: %w", err)
		}
		return altered
	}
	out, err := e.exportFile(output)
	if err != nil {
		return err
	}
	if _, err := out.write(func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err }); err != nil {
		return fmt.Errorf("write %s: %w", base(output), err)
	}
	if e.flags.json {
		return firstOf(e.printJSON(struct {
			Format  string   `json:"format"`
			Learner string   `json:"learner"`
			File    string   `json:"file"`
			Version string   `json:"ctf_version"`
			Missing []string `json:"missing"`
		}{"sendctl-ctf/1", r.ID, output, v, append([]string{}, missing...)}), altered)
	}
	return firstOf(e.sentence("Wrote the SEN history of %s to %s, which holds the child's name. The CTF itself is sent by the school's own system.", r.ID, base(output)), altered)
}

// alarmOnly tells on stderr alone that a record is not as it was sealed: what is written
// here is read by another program. It gives the exit code that goes with it.
func (e *Env) alarmOnly() error {
	if len(e.altered) == 0 {
		return nil
	}
	for _, x := range e.altered {
		e.say("NOT AS IT WAS SEALED: %s: %s.", x.File, x.Message)
	}
	return codeError(exitFindings)
}

// schoolOf reads LA/ESTAB.
func schoolOf(typed string) (s exchange.School, err error) {
	if typed == "" {
		return s, nil
	}
	la, estab, ok := strings.Cut(typed, "/")
	figures := func(s string, n int) bool { return len(s) == n && strings.Trim(s, "0123456789") == "" }
	if !ok || !figures(la, 3) || !figures(estab, 4) {
		return s, usage("--to wants the authority's three figures and the establishment's four, as in --to 929/4001")
	}
	return exchange.School{LA: la, Estab: estab}, nil
}

// unreadFront refuses a record of which the files that a CTF is made of hold an error.
func unreadFront(r *folder.Record) error {
	var bad []diag.Finding
	for _, x := range r.Findings {
		if x.Severity == diag.Error && slices.Contains([]string{"identity.yaml", "learner.yaml"}, path.Base(x.File)) && path.Dir(x.File) == r.Dir {
			bad = append(bad, x)
		}
	}
	if len(bad) > 0 {
		return &recordfile.FaultsError{Findings: bad}
	}
	return nil
}

// recordedAt is when the newest commit of a record was made; zero where some of it is not
// recorded, or there is no history.
func (e *Env) recordedAt(ctx context.Context, r *folder.Record) (time.Time, error) {
	desk, _, err := e.work(ctx)
	if errors.Is(err, trail.ErrNotRepository) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	dirty, err := desk.Repo.Dirty([]string{r.Dir, "sendctl.yaml"})
	if err != nil || len(dirty) > 0 {
		return time.Time{}, err
	}
	for entry, err := range desk.Repo.HistoryOf(ctx, trail.Query{Paths: []string{r.Dir, "sendctl.yaml"}}) {
		if err != nil {
			return time.Time{}, err
		}
		return entry.Committer.When.UTC(), nil
	}
	return time.Time{}, nil
}
