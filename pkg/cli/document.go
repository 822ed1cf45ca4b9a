package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

// documentPage is what tells the commands passport and profile apart.
type documentPage struct {
	kind, short, about string
	flags              []answerFlag // of its lists
	example, add       string
}

// newDocumentCmd makes the command of one kind of document.
func newDocumentCmd(e *Env, p documentPage) *cobra.Command {
	var given answering
	var editor bool
	c := &cobra.Command{
		Use: p.kind + " LEARNER [agree|read|show]", Short: p.short,
		Long: p.about + fmt.Sprintf(`

  sendctl %[1]s LEARNER         write it, list by list; what is there is kept
  sendctl %[1]s LEARNER agree   record who agreed, and seal that version
  sendctl %[1]s LEARNER read    record that you have read it
  sendctl %[1]s LEARNER show    the whole text, who agreed, who has read it

An agreed version is kept for ever. Writing more makes the next version, a draft
until somebody agrees it. If nothing has changed, agreeing it again also makes a
new version: it says that you checked it and it still holds.

In a script: only the lists that you give change; give each one in full.`, p.kind),
		Example: fmt.Sprintf(`  sendctl %[1]s bk7m
  sendctl %[1]s bk7m %[2]s
  sendctl %[1]s bk7m agree --with learner,mum,sato
  sendctl %[1]s bk7m read --by sato,bell`, p.kind, p.add),
		Args: takes(1, 2, "one learner, and agree, read or show if you like"),
		RunE: func(c *cobra.Command, args []string) error {
			return e.document(c, p, args, &given, editor)
		},
	}
	given.add(e, c, p.example, append(slices.Clone(p.flags),
		answerFlag{name: "with", path: "with", help: "the `IDS` of the people who made it, or agreed it, with commas between"},
		answerFlag{name: "shared-with", path: "shared_with", help: "the `IDS` of the staff who should read it, with commas between"},
		answerFlag{name: "review-on", path: "review_on", help: "the `DATE` to check it again"},
		answerFlag{name: "date", path: "date", help: "the `DATE` it was made, agreed or read, if not today"},
		answerFlag{name: "by", path: "by", help: "read: the `IDS` of the people who have read it, if not you"},
		answerFlag{name: "version", path: "version", help: "read: the `NUMBER` of the version, if not the latest one agreed"},
	)...)
	c.Flags().BoolVar(&editor, "edit", false, "write it in your editor, as a file")
	return c
}

// document does one of the four things there are to do with a passport or profile.
func (e *Env) document(c *cobra.Command, p documentPage, args []string, given *answering, editor bool) error {
	verb := "write"
	if len(args) > 1 {
		verb = args[1]
	}
	answers := map[string][]string{"write": {"with", "shared-with", "review-on", "date"}, "agree": {"with", "date", "review-on"},
		"read": {"by", "version", "date"}, "show": nil}
	allowed, ok := answers[verb]
	if !ok {
		return &casework.UnknownWordError{What: "thing to do with a " + p.kind, Typed: verb, Known: []string{"agree", "read", "show"}, Flag: p.kind}
	}
	if verb == "write" {
		given.flags["date"] = "made" // as the file has it
		for _, f := range p.flags {
			allowed = append(allowed, f.name)
		}
	}
	if err := onlyFlags(c, verb, given, allowed); err != nil {
		return err
	}
	if editor && (verb != "write" || given.file != "" || len(given.sets) > 0 || c.Flags().Changed("questions")) {
		return usage("--edit writes the whole text in an editor, and goes with nothing else")
	}
	switch verb {
	case "agree":
		return e.agreeDocument(c, p, args[0], given)
	case "read":
		return e.readDocument(c, p, args[0], given)
	case "show":
		return e.showDocument(c, p, args[0])
	}
	desk, cs, s, err := e.begin(c, args[0], given)
	if err != nil {
		return err
	}
	if editor && !s.Empty() {
		return usage("--edit writes the whole text in an editor, and goes with nothing else")
	}
	w, err := casework.StartWriting(cs, p.kind, s.Has)
	if err != nil {
		return err
	}
	if editor {
		return e.editDocument(c, desk, cs, w, p)
	}
	return e.writeDocument(c, desk, cs, w, s, p)
}

// onlyFlags refuses a flag that is for another of the things to do.
func onlyFlags(c *cobra.Command, verb string, given *answering, allowed []string) error {
	var wrong string
	c.Flags().Visit(func(f *pflag.Flag) {
		_, ours := given.flags[f.Name]
		if ours && !slices.Contains(allowed, f.Name) || verb == "show" && slices.Contains([]string{"answers", "set", "questions", "with-edits"}, f.Name) {
			wrong = f.Name
		}
	})
	if wrong == "" {
		return nil
	}
	if verb == "write" {
		return usage("--%s is for read: sendctl %s LEARNER read", wrong, c.Name())
	}
	return usage("--%s is not for %s; see: sendctl help %s", wrong, verb, c.Name())
}

func (e *Env) writeDocument(c *cobra.Command, desk *casework.Desk, cs casework.Case, w *casework.Writing, s *casework.Supply, p documentPage) error {
	was, there := w.Present()
	if there && e.asks() && !e.flags.questions && s.Empty() {
		_ = e.page(e.Err, render.Document(was)) // talk, ahead of the questions
	}
	back := func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		v, err := w.Text(a, extra)
		if err != nil {
			return nil, err
		}
		return render.Document(report.DocumentAs(cs.Folder, cs.Record, v, cs.Today)), nil
	}
	answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: w.Form(), supply: s, today: cs.Today, draft: w.Draft(),
		brief: there && !s.Empty(), back: back, ask: "Record this? It is a draft until it is agreed."})
	if err != nil {
		return err
	}
	v, err := w.Text(answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.WriteDocument(c.Context(), w, v)
	if err != nil {
		if exitCode(err) == exitFine {
			e.dropDraft(desk)
		}
		return err
	}
	e.dropDraft(desk)
	return e.documentWritten(done, w, p)
}

func (e *Env) documentWritten(done casework.Done, w *casework.Writing, p documentPage) error {
	return e.done(done, "Written: the %s of %s, version %d, a draft. Next, when they agree it: sendctl %s %s agree", p.kind, done.Learner, w.Version(), p.kind, done.Learner)
}

func (e *Env) agreeDocument(c *cobra.Command, p documentPage, typed string, given *answering) error {
	desk, cs, s, err := e.begin(c, typed, given)
	if err != nil {
		return err
	}
	g, err := casework.StartAgreeing(cs, p.kind)
	if err != nil {
		return err
	}
	if was, _ := g.Present(); e.asks() && !e.flags.questions {
		_ = e.page(e.Err, render.Document(was)) // nobody agrees to what they have not before them
	}
	script := g.Form()
	back := func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		var x casework.Consent
		if err := casework.Fill(&x, script, a, extra); err != nil {
			return nil, err
		}
		return []render.Line{{Text: report.AgreementOf(cs.Folder, cs.Record, p.kind, g.Version(), x.With, x.Date)}}, nil
	}
	answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "agree-" + g.Draft(),
		back: back, ask: "Record this? That version is kept for ever."})
	if err != nil {
		return err
	}
	var consent casework.Consent
	if err := casework.Fill(&consent, script, answers, extra); err != nil {
		return err
	}
	done, err := desk.AgreeDocument(c.Context(), g, consent)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Recorded and sealed: version %d of the %s of %s, agreed on %s. Next, whoever is to read it: sendctl %s %s read",
		g.Version(), p.kind, done.Learner, consent.Date.Long(), p.kind, done.Learner)
}

func (e *Env) readDocument(c *cobra.Command, p documentPage, typed string, given *answering) error {
	desk, cs, s, err := e.begin(c, typed, given)
	if err != nil {
		return err
	}
	script, err := casework.ReadForm(cs, p.kind)
	if err != nil {
		return err
	}
	answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: script, supply: s, today: cs.Today, brief: true})
	if err != nil {
		return err
	}
	var x casework.Reader
	if err := casework.Fill(&x, script, answers, extra); err != nil {
		return err
	}
	done, err := desk.ReadDocument(c.Context(), cs.Record.ID, p.kind, x)
	if err != nil {
		return err
	}
	return e.done(done, "Recorded: version %s of the %s of %s was read on %s by %s.", x.Version, p.kind, done.Learner, x.Date.Long(), list(x.By))
}

func (e *Env) showDocument(c *cobra.Command, p documentPage, typed string) error {
	f, r, today, err := e.seen(c.Context(), typed)
	if err != nil {
		return err
	}
	fault := e.alarm()
	d, ok := report.DocumentOf(f, r, p.kind, today)
	if !ok {
		for _, x := range r.Findings {
			if x.File == r.Dir+"/"+p.kind+".yaml" { // there is one, and nobody can read it
				return firstOf(&recordfile.FaultsError{Findings: r.Findings}, fault)
			}
		}
		return &casework.StateError{Message: fmt.Sprintf("%s has no %s yet; write it with: sendctl %s %s", r.ID, report.DocumentKindOf(p.kind).Words, p.kind, r.ID)}
	}
	if len(d.Faults) > 0 {
		fault = codeError(exitFindings)
	}
	if e.flags.json {
		return firstOf(e.printJSON(d), fault)
	}
	return firstOf(e.page(e.Out, render.Document(d)), fault)
}

// editDocument lets the person write the text in an editor until it is sound, or
// they give up; their text is then kept.
func (e *Env) editDocument(c *cobra.Command, desk *casework.Desk, cs casework.Case, w *casework.Writing, p documentPage) error {
	if !e.asks() {
		return usage("there is nobody to open an editor for; give the lists by flags, or --answers FILE")
	}
	begun, err := w.Editable()
	if err != nil {
		return err
	}
	return e.editText(c, desk, cs.Today, "edit-"+w.Draft(), string(begun), func(text []byte) error {
		done, err := desk.WriteText(c.Context(), w, text)
		if err != nil {
			return err
		}
		return e.documentWritten(done, w, p)
	})
}
