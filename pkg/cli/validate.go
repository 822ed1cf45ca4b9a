package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/linter"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/term"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

type validateOptions struct {
	staged     bool
	changed    string
	as         string
	failOn     string
	showValues bool
	noCache    bool
	output     outputs
	known      knownFaults
	fix, yes   bool

	least diag.Severity // of failOn
}

func newValidateCmd(e *Env) *cobra.Command {
	var o validateOptions
	c := &cobra.Command{
		Use: "validate [PATH...]", Short: "check a record folder, for people and CI",
		Long: `Checks every file of the folder, or those you name. Is it plain YAML in which no
word is lost? Does it have the right shape? Does every reference lead somewhere?
Are the dates in order? Is what is sealed unchanged? Has what the law and the
Code of Practice ask for been done, and have people been told? PATH is a file, a
folder, or a learner's id or the beginning of it. A single - is one file from
standard input: only what needs no other file is checked.

If you name records, or pick them with --changed or --staged, it does not look
for problems between them and others (such as one UPN for two learners). It does
so without PATH, and if people.yaml, pathway.yaml or sendctl.yaml is among them.

Findings name places and keys, never what is written there, so you can keep them
in a log. --show-values prints the values too. Exit code 1 means at least one
error. Exit code 3 means that a named path is not there or holds no file of the
record, or that a file could not be read.

If you cannot put something right yet, write a waiver in learner.yaml or
sendctl.yaml. It names a rule, who decided, why, and until which day, and it is
listed each time. sendctl explain waiver-unknown shows one written out.

For a folder that was begun long ago, --write-baseline FILE keeps what is found
now. With --baseline FILE, only what is new counts. If something in the baseline
is no longer found, the check fails until --update-baseline takes it out. A file
that cannot be read and a broken seal always count.

--fix puts quotes round codes, ends the last line, writes a UPN in capitals and
sorts lists by date. It shows the changes first, then records them as an act of
their own. It never touches what is sealed or agreed.

Results are kept in the git folder of the repository, without any value, until a
file changes or a day comes on which they may change. --no-cache checks
everything again.`,
		Example: `  sendctl validate
  sendctl validate bk7m2xqt
  sendctl validate --changed
  sendctl validate --changed=HEAD~3 --fail-on warning
  sendctl validate - --as cycle < draft.yaml
  sendctl validate --fix
  sendctl validate --baseline ../old.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			if e.flags.withEdits && !o.fix {
				return usage("--with-edits is for --fix, which records something: without it nothing is")
			}
			return e.validate(c.Context(), args, o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.staged, "staged", false, "check what is staged for the next commit, as git's hook does")
	f.StringVar(&o.changed, "changed", "", "check the records that differ from a commit, `[=REV]`; without one, from where this branch left its upstream, or else from the last commit, or if nothing differs, from the commit before that")
	f.Lookup("changed").NoOptDefVal = sinceForked
	f.StringVar(&o.as, "as", "", "check one file from standard input as a file of this `KIND`, such as cycle")
	f.StringVar(&o.failOn, "fail-on", "error", "exit with code 1 from this severity up: error, warning or advice, as `WORD`")
	f.BoolVar(&o.showValues, "show-values", false, "print the values that findings are about")
	f.BoolVar(&o.noCache, "no-cache", false, "reuse nothing from an earlier run")
	f.Var(&o.output, "output", outputUsage())
	o.known.flags(f)
	f.BoolVar(&o.fix, "fix", false, "show what can be put right without asking you what was meant, and in a terminal offer to do it")
	f.BoolVar(&o.yes, "yes", false, "with --fix: put it right and record it")
	f.BoolVar(&e.flags.withEdits, "with-edits", false, "with --fix: first record changes made by hand in the same files, as an edit of their own")
	return c
}

func (e *Env) validate(ctx context.Context, args []string, o validateOptions) error {
	var ok bool
	if o.least, ok = map[string]diag.Severity{"error": diag.Error, "warning": diag.Warning, "advice": diag.Advice}[o.failOn]; !ok {
		return &casework.UnknownWordError{What: "severity", Typed: o.failOn, Known: []string{"error", "warning", "advice"}, Flag: "--fail-on"}
	}
	if err := o.output.ready(e, o.showValues); err != nil {
		return err
	}
	if err := o.known.ready(e, o.staged || o.changed != ""); err != nil {
		return err
	}
	if err := fixFlags(o.fix, o.yes, o.staged); err != nil {
		return err
	}
	if o.as != "" || slices.Contains(args, "-") {
		return e.validateStdin(ctx, args, o)
	}
	e.bulk()
	what, err := e.selected(ctx, args, o)
	defer what.close()
	if err != nil {
		return err
	}
	if what.nothing != "" {
		return e.validated(o, linter.Result{Findings: what.gone}, what, what.nothing)
	}
	f := what.folder
	day, err := e.judgedOn(f)
	if err != nil {
		return err
	}
	p := e.Progress("Checking records")
	run := linter.Options{Day: day, Paths: what.paths, Values: o.showValues, List: true, Step: p.Step}
	if what.disk != nil && !o.noCache && e.desk != nil {
		run.Cache = e.verdicts()
	}
	said, unsaid, err := e.spoken(ctx, what)
	if err != nil {
		return err
	}
	run.Said = said
	r, err := linter.Run(ctx, f, run)
	p.Done()
	if err != nil {
		return err
	}
	if what.named && len(r.Unmatched) > 0 {
		return fmt.Errorf("%s holds no file of the record, so nothing was checked: sendctl help records shows which files those are", r.Unmatched[0])
	}
	if what.disk != nil && e.desk != nil {
		amiss, err := e.desk.Missing(ctx, what.disk, r.Paths, run.Wants)
		if err != nil {
			return fmt.Errorf("look for files that were taken away: %w", err)
		}
		if what.named { // what else is asked for compares with a commit
			r.Findings, what.gone = linter.WithGone(r.Findings, amiss.Gone)
		}
		r.Findings = append(r.Findings, amiss.Unmerged...)
		if n := amiss.LeftOut; n > 0 {
			unsaid = append(unsaid, fmt.Sprintf("This checkout is sparse: %s not all here, and what is left out was not checked.", plural(n, "learner is", "learners are")))
		}
	}
	r.Findings = diag.Sort(append(r.Findings, what.gone...))
	fixes, err := linter.Fixes(f, r.Findings)
	if err != nil {
		return err
	}
	code := exitFine
	if o.fix {
		fixed := false
		if fixed, code, err = e.putRight(ctx, fixes, o, what.source); err != nil {
			return err
		}
		if fixed {
			o.fix, o.yes = false, false
			return graver(e.validate(ctx, args, o), code)
		}
	}
	lines, err := o.known.compare(e, &r, what.source, run.Judged(r))
	if err != nil {
		return err
	}
	err = e.validated(o, r, what, validated(r))
	e.tell(append(unsaid, lines...))
	if n := len(r.Lost); n > 0 {
		e.tell([]string{fmt.Sprintf("%s could not be read whole: of the files that could, only the form was checked.", plural(n, "record", "records"))})
	}
	if len(r.Unread) > 0 {
		code = max(code, exitFailed)
	}
	if r.Version != nil { // told of last, where it is seen; it hides nothing of the others
		if !e.flags.json {
			fmt.Fprintln(e.Err, "sendctl: "+term.SafeLines(r.Version.Error()))
		}
		code = max(code, exitVersion)
	}
	return graver(err, code)
}

// spoken are the newest messages of the history and the names of its branches and tags,
// where the whole folder is checked: they go wherever the repository goes. unread says
// what of the history was not looked at.
func (e *Env) spoken(ctx context.Context, what selection) (said []rules.Spoken, unread []string, err error) {
	const newest = 500
	if what.paths != nil || what.disk == nil {
		return nil, nil, nil
	}
	if e.desk == nil {
		return nil, []string{"There is no git repository here, so there is no history to check."}, nil
	}
	list, err := e.desk.Repo.Spoken(ctx, newest)
	if err != nil {
		return nil, nil, fmt.Errorf("look for names in the history: %w", err)
	}
	commits := 0
	for _, s := range list {
		said = append(said, rules.Spoken(s))
		if s.Of == "commit" {
			commits++
		}
	}
	border, err := e.desk.Repo.Border()
	if err != nil {
		return nil, nil, err
	}
	messages := plural(commits, "newest message", "newest messages")
	switch {
	case len(border) > 0:
		unread = append(unread, fmt.Sprintf("This clone is shallow: only its %s %s checked for names, and nobody can see what was taken away earlier. git fetch --unshallow brings the rest.", messages, either(commits, "was", "were")))
	case commits == newest:
		unread = append(unread, fmt.Sprintf("Only the %s of the history were checked for names.", messages))
	}
	return said, unread, nil
}

// judgedOn is the day that records are judged on.
func (e *Env) judgedOn(f *folder.Folder) (date.Date, error) {
	day := date.Of(e.Now())
	if e.flags.today != "" {
		return e.today(f)
	}
	if demo := f.Setting.Value.Demonstration; demo != nil && demo.Today.After(day) {
		day = demo.Today // a made-up school stands on a day of its own
	}
	return day, nil
}

// verdicts is where what was found is kept for the next run; nil where nobody can say
// which program this is.
func (e *Env) verdicts() *linter.Cache {
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	info, err := os.Stat(exe)
	if err != nil {
		return nil
	}
	build := fmt.Sprintf("%s %s %s %d %d", e.Version, runtime.Version(), exe, info.Size(), info.ModTime().UnixNano())
	return &linter.Cache{Root: e.desk.Repo.Root(), Dir: e.desk.Repo.PrivateDir(), Build: build}
}

// validated prints what was found, and gives the exit code for it.
func (e *Env) validated(o validateOptions, r linter.Result, what selection, said string) error {
	opt := e.findingOptions(what.source)
	opt.ShowValues, opt.Suppressed, opt.Files, opt.FailOn = o.showValues, r.Suppressed, r.Paths, o.least
	opt.Place = linter.Places(what.source)
	if err := o.output.write(e, r.Findings, diagfmt.Count(r.Findings, r.Files), opt, said); err != nil {
		return err
	}
	for _, x := range r.Findings {
		if x.Severity <= o.least {
			return codeError(exitFindings)
		}
	}
	return nil
}

// validated is the closing sentence: what was looked at, and what came of it.
func validated(r linter.Result) string {
	what := fmt.Sprintf("Checked %s of %s by %d rules", plural(r.Files, "file", "files"), plural(r.Learners, "learner", "learners"), r.Rules)
	if more := len(rules.All()) - r.Rules; more > 0 {
		what += fmt.Sprintf(" (%d more look at all learners together)", more)
	}
	waived := ""
	n := 0
	for _, x := range r.Suppressed {
		if x.How == diag.Waived {
			n++
		}
	}
	if n > 0 {
		waived = fmt.Sprintf(" Waived: %d.", n)
	}
	if len(r.Findings) == 0 {
		return what + ": no fault." + waived
	}
	s := diagfmt.Count(r.Findings, r.Files)
	return fmt.Sprintf("%s: %s, %s.%s", what, plural(s.Errors, "error", "errors"), plural(s.Warnings+s.Advice+s.Info, "other finding", "other findings"), waived) +
		"\nsendctl explain RULE says why, and how to put it right; RULE is the word in brackets."
}

// validateStdin checks one file that an editor or a script pipes in.
func (e *Env) validateStdin(ctx context.Context, args []string, o validateOptions) error {
	if o.staged || o.changed != "" || len(args) > 1 || len(args) == 1 && args[0] != "-" {
		return usage("standard input is one file: it goes with no PATH but -, and not with --staged or --changed")
	}
	if e.InTTY {
		return usage("--as checks a file from standard input, and there is only a terminal: write sendctl validate - --as cycle < FILE")
	}
	src, err := io.ReadAll(io.LimitReader(e.In, folder.MaxFile+1))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	if len(src) > folder.MaxFile {
		return errors.New("standard input is larger than 1 MB, too large for a record file, so nothing was checked")
	}
	kind, err := kindOf(o.as, src)
	if err != nil {
		return err
	}
	f, err := e.look(ctx)
	if errors.Is(err, folder.ErrNotFolder) || is[*unshownError](err) {
		f, err = nil, nil // an editor may be anywhere
	}
	if err != nil {
		return err
	}
	run := linter.Options{Day: date.Of(e.Now()), Values: o.showValues}
	if f != nil {
		if run.Day, err = e.judgedOn(f); err != nil {
			return err
		}
	}
	r, err := linter.Alone(f, kind, src, run)
	if err != nil {
		return err
	}
	what := selection{source: func(name string) []byte {
		if name == linter.Stdin {
			return src
		}
		return nil
	}}
	a := "a"
	if strings.ContainsRune("aeiou", rune(kind[0])) {
		a = "an"
	}
	said := fmt.Sprintf("Checked standard input as %s %s file by %d rules, those that need no other file: ", a, kind, r.Rules)
	s := diagfmt.Count(r.Findings, 1)
	switch {
	case len(r.Findings) == 0:
		said += "no fault."
	default:
		said += fmt.Sprintf("%s, %s.", plural(s.Errors, "error", "errors"), plural(s.Warnings+s.Advice+s.Info, "other finding", "other findings"))
	}
	return e.validated(o, r, what, said)
}

// kindOf is the kind of file that --as names, or else the file's own first line.
func kindOf(as string, src []byte) (recordfile.Kind, error) {
	var known []string
	for _, k := range linter.Kinds() {
		known = append(known, string(k))
	}
	if as == "" {
		format, _ := yamldoc.Sniff(src)
		kind, _, _ := strings.Cut(format, "/")
		if !slices.Contains(known, kind) {
			return "", usage("standard input does not say in its first line which kind of file it is, as format: cycle/v1 does; name it: --as KIND")
		}
		as = kind
	}
	if !slices.Contains(known, as) {
		return "", &casework.UnknownWordError{What: "kind of file", Typed: as, Known: known, Flag: "--as"}
	}
	return recordfile.Kind(as), nil
}
