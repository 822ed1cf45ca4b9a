package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/cores"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/term"
)

func newAccessCmd(e *Env) *cobra.Command {
	var output, askedBy, asked string
	c := &cobra.Command{
		Use: "access LEARNER", Short: "everything kept on a learner, for a subject-access request",
		Long: `Gathers everything that this folder keeps on a learner, now and before: the
files as they are, every earlier version of every file with when and by whom,
the log in sentences, and drafts. Begin with READ-FIRST.txt: it says how long
you have and what a person decides.

index.csv lists every item and what is marked in it: adults and relatives it
names, what looks like another child, parts marked restricted, a pointer to
safeguarding. It has an empty column for your decision. Marks find words, not
meanings: read everything. Nothing is blacked out and nothing is left out.`,
		Example: `  sendctl access bk7m --asked-by mum --output ../bk7m-access
  sendctl access bk7m --asked-by mum --asked-on 2026-11-02 \
    --output ../bk7m-access`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error {
			return e.access(c.Context(), args[0], output, askedBy, asked)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "write to this new `DIR`, outside the record folder")
	c.Flags().StringVar(&askedBy, "asked-by", "", "`WHO` asked: learner, a relative's id, or a name")
	c.Flags().StringVar(&asked, "asked-on", "", "the `DATE` it was asked for, if not today")
	return c
}

func (e *Env) access(ctx context.Context, typed, output, askedBy, asked string) error {
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	if output == "" {
		return usage("say where to write, outside the record folder: --output DIR")
	}
	today, err := e.today(f)
	if err != nil {
		return err
	}
	v := report.Access{Format: "sendctl-access/1", Setting: strings.Join(strings.Fields(string(f.Setting.Value.Name)), " "), Asked: today, AskedBy: askedBy, Gaps: []string{}, Elsewhere: []report.Mark{}}
	if asked != "" {
		if v.Asked, err = date.Parse(asked); err != nil {
			return usage("--asked-on: %w", err)
		}
	}
	id, err := e.find(f, typed)
	if err != nil {
		return err
	}
	r, err := desk.Load(f, id)
	if err != nil {
		return err
	}
	output = e.at(output)
	if err := e.mustLieOutside(desk, filepath.Clean(output), "--output"); err != nil {
		return err
	}
	if entries, err := os.ReadDir(output); err == nil && len(entries) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usage("--output: %s is there already and not an empty folder; name a new one", filepath.Base(output))
	}
	v.ID, v.Output = id, output
	v.Month = report.MonthAfter(v.Asked)
	v.School, v.Counted = casework.RemoveBy(f, v.Asked)
	known := false
	if v.Who, v.Rights, known = requester(r, askedBy); !known && askedBy != "" {
		var family []string
		for _, m := range r.Learner.Value.Family {
			family = append(family, m.ID)
		}
		e.say("%q is taken as the name of somebody whom the record does not know, so every relative is marked. Whom it knows: %s.", askedBy, list(append([]string{"learner"}, family...)))
	}
	return e.gather(ctx, desk, f, r, v)
}

// requester says in words who asks, and whether the record gives them parental
// responsibility; known is false for a name that is nobody's in it.
func requester(r *folder.Record, askedBy string) (words string, rights, known bool) {
	if askedBy == "learner" {
		return "the learner", false, true
	}
	for _, m := range r.Learner.Value.Family {
		if m.ID == askedBy {
			if name := strings.Join(strings.Fields(string(r.Family(m.ID))), " "); name != "" {
				return name + " (" + m.ID + ")", m.ParentalResponsibility, true
			}
			return m.ID, m.ParentalResponsibility, true
		}
	}
	return strings.Join(strings.Fields(askedBy), " "), false, false
}

// gather writes the bundle beside its place and puts it there once it is whole.
func (e *Env) gather(ctx context.Context, desk *casework.Desk, f *folder.Folder, r *folder.Record, v report.Access) error {
	temp := filepath.Join(filepath.Dir(v.Output), "."+filepath.Base(v.Output)+".part")
	if err := os.RemoveAll(temp); err != nil { // left by one that was killed
		return err
	}
	if err := os.Mkdir(temp, 0o700); err != nil {
		return err
	}
	b := bundle{dir: temp}
	defer os.RemoveAll(temp)
	var err error
	if b.root, err = os.OpenRoot(temp); err != nil {
		return err
	}
	defer b.root.Close()

	all, gaps, err := desk.Everything(ctx, r)
	if err != nil {
		return err
	}
	look, err := e.lookingFor(f, r, v.AskedBy)
	if err != nil {
		return err
	}
	for i, h := range all {
		x := report.AccessItem{N: i + 1, State: h.State, Path: h.Path, File: bundled(h, r.Dir), When: h.When, By: h.By, Commit: h.Commit, Other: h.Elsewhere, Marks: []report.Mark{}}
		content, err := h.Read()
		if err != nil {
			gaps = append(gaps, "the "+h.State+" version of "+h.Path)
			continue
		}
		x.Marks = append(x.Marks, look.In(h.Path, content)...)
		if x.File, err = b.write(x.File, content); err != nil {
			return err
		}
		v.Items = append(v.Items, x)
	}
	places, err := desk.Elsewhere(f, r.ID, look)
	if err != nil {
		return err
	}
	v.Elsewhere = append(v.Elsewhere, places...)
	v.Gaps = append(v.Gaps, gaps...)
	events, err := e.events(ctx, f, r, 0)
	if err != nil {
		return err
	}
	v.Events = len(events)
	sheet, err := accessSheet(v)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"log.txt": text(render.Log(events)), "index.txt": text(render.AccessIndex(v)), "index.csv": sheet, "READ-FIRST.txt": text(render.AccessNotes(v))} {
		if _, err := b.write(name, content); err != nil {
			return err
		}
	}
	if err := os.Remove(v.Output); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // it was an empty folder
	}
	if err := os.Rename(temp, v.Output); err != nil {
		return fmt.Errorf("put the bundle in its place: %w", err)
	}
	return e.gathered(v)
}

func (e *Env) gathered(v report.Access) error {
	code := error(nil)
	if len(v.Gaps) > 0 {
		code = codeError(exitFailed)
		for _, g := range v.Gaps {
			e.say("COULD NOT BE READ: %s.", g)
		}
	}
	if e.flags.json {
		return firstOf(e.printJSON(v), code)
	}
	counts := v.Counts()
	var marked []string
	for _, k := range report.MarkKinds() {
		if counts[k] > 0 {
			marked = append(marked, fmt.Sprintf("%s %d", k, counts[k]))
		}
	}
	if len(marked) == 0 {
		marked = []string{"nothing"}
	}
	return firstOf(e.sentence("Everything on %s is in %s: %s, each with what is marked in it (%s). Begin with READ-FIRST.txt. Nothing was taken out; what goes to whoever asked, by %s, is the decision of a person.",
		v.ID, v.Output, plural(len(v.Items), "item", "items"), list(marked), v.Month.Long()), code)
}

// lookingFor reads the front sheet of every learner, so that another child's name is
// known where it stands.
func (e *Env) lookingFor(f *folder.Folder, r *folder.Record, askedBy string) (*report.Looking, error) {
	ids, err := f.Learners()
	if err != nil {
		return nil, err
	}
	p := e.Progress("Reading records")
	defer p.Done()
	sheets := make([]learner.Identity, len(ids))
	err = cores.Each(len(ids), p.Step, func(i int) error {
		other, err := f.Load(ids[i])
		if err == nil {
			sheets[i] = other.Identity.Value
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	fronts := map[string]learner.Identity{}
	for i, id := range ids {
		fronts[id] = sheets[i]
	}
	return report.LookingFor(f, r, askedBy, fronts), nil
}

// bundled is where in the bundle a thing goes.
func bundled(h casework.Held, dir string) string {
	rest := strings.TrimPrefix(h.Path, dir+"/")
	switch h.State {
	case casework.HeldNow:
		return path.Join("now", rest)
	case casework.HeldEarlier:
		return path.Join("earlier", h.When.UTC().Format("20060102T150405Z")+"-"+h.Commit[:min(7, len(h.Commit))], rest)
	}
	return path.Join("drafts", rest)
}

// bundle is a folder that is being written.
type bundle struct {
	dir  string
	root *os.Root
	have []string
}

// write puts a file into the bundle, readable by its owner alone, under a name that
// every system takes; it gives that name.
func (b *bundle) write(name string, content []byte) (string, error) {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = strings.Map(func(r rune) rune {
			if r < ' ' || strings.ContainsRune(`\:*?"<>|`, r) {
				return '_'
			}
			return r
		}, p)
		if parts[i] == "" || parts[i] == "." || parts[i] == ".." {
			parts[i] = "_"
		}
	}
	name = strings.Join(parts, "/")
	for n, stem := 2, name; slices.Contains(b.have, strings.ToLower(name)); n++ {
		name = stem + "-" + strconv.Itoa(n)
	}
	b.have = append(b.have, strings.ToLower(name))
	if err := b.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o700); err != nil {
		return name, fmt.Errorf("write the bundle: %w", err)
	}
	if err := b.root.WriteFile(filepath.FromSlash(name), content, 0o600); err != nil {
		return name, fmt.Errorf("write the bundle: %w", err)
	}
	return name, nil
}

// text lays lines out for a file.
func text(lines []render.Line) []byte {
	s := &term.Streams{Width: 80}
	var out bytes.Buffer
	for _, l := range lines {
		out.WriteString(s.Wrap(term.SafeLines(l.Text), strings.Repeat(" ", l.Indent)) + "\n")
	}
	return out.Bytes()
}

// accessSheet is the index as a table: a line for every mark, and one for every item
// without.
func accessSheet(v report.Access) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	row := func(cells ...string) {
		for i, c := range cells {
			cells[i] = noFormula(c)
		}
		_ = w.Write(cells) // a buffer takes everything; Error says what could not be written
	}
	row("item", "state", "file in the bundle", "file in the record", "recorded", "by", "mark", "where", "line", "who", "why", "decision", "decided by", "decided on")
	for _, x := range v.Items {
		when := ""
		if !x.When.IsZero() {
			when = x.When.Format(time.RFC3339)
		}
		own := []string{strconv.Itoa(x.N), x.State, x.File, x.Path, when, x.By}
		if len(x.Marks) == 0 {
			row(append(own, "", "", "", "", "", "", "", "")...)
		}
		for _, m := range x.Marks {
			row(append(slices.Clone(own), m.What, m.Where, line(m.Line), m.Who, m.Why, "", "", "")...)
		}
	}
	for _, m := range v.Elsewhere {
		row("", "elsewhere", "", m.File, "", "", m.What, m.Where, line(m.Line), m.Who, m.Why, "", "", "")
	}
	for _, g := range v.Gaps {
		row("", "gap", "", "", "", "", "", "", "", "", "could not be read: "+g, "", "", "")
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

func line(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// noFormula keeps a spreadsheet from taking a cell for a formula: anybody may have
// typed =HYPERLINK(...) into a record.
func noFormula(cell string) string {
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") {
		return "'" + cell
	}
	if t := strings.TrimLeft(cell, " "); t != "" && strings.ContainsAny(t[:1], "=+-@|%\uFF1D\uFF0B\uFF0D\uFF20") {
		return "'" + cell
	}
	return cell
}
