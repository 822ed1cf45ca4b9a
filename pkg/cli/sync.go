package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/merge"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/term"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

func newSyncCmd(e *Env) *cobra.Command {
	var answers []string
	noPush := false
	c := &cobra.Command{
		Use: "sync [REMOTE]", Short: "bring two copies of this folder together",
		Long: `Fetches what others recorded, merges both sides by meaning, and sends the
result. Neither side loses anything: what was added on both sides stays, and
sealed files stay as they were sealed. If one field has two different values,
you are asked, one at a time. It is one commit, whole or not at all, and
nobody's history is ever overwritten.

It also finishes a "git merge" that stopped, and puts right what was lost in a
merge made without sendctl. REMOTE is a name that git knows (git remote).
Without it, it is the one this branch follows.

Records go only where sendctl.yaml says they may: see sendctl sync allow. A copy
that still holds what was removed for good is refused.

To begin: git remote add origin ADDRESS, sendctl sync allow origin, sendctl
sync. A colleague then makes a copy with git clone ADDRESS, and types sendctl
init in it once.

Exit codes: 0 both are the same now; 1 refused, or cannot be merged; 2 a
question is open and nobody is there to answer, so nothing was changed; 5 git
refused, or the other place could not be reached; 6 others were faster.`,
		Example: `  sendctl sync
  sendctl sync origin --no-push
  sendctl sync --no-input --answer q3k7=theirs`,
		Args: takes(0, 1, "one remote, or none"),
		RunE: func(c *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return e.sync(c.Context(), name, answers, noPush)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&answers, "answer", nil, "answer a question: `QUESTION=ours|theirs|both`; can be given again")
	f.BoolVar(&noPush, "no-push", false, "merge here, and send nothing")
	f.BoolVar(&e.flags.withEdits, "with-edits", false, "first record changes made by hand in the same files, as an edit of their own")
	c.AddCommand(newSyncAllowCmd(e))
	return c
}

func newSyncAllowCmd(e *Env) *cobra.Command {
	because := ""
	c := &cobra.Command{
		Use: "allow [REMOTE]", Short: "say that records may be kept at a remote, and why",
		Long: `Shows the addresses that git really uses for REMOTE, and writes them to
sendctl.yaml with your reason, as a recorded act. After that, sync may use them.
User names are left out; an address that holds a password is refused.`,
		Example: `  sendctl sync allow origin --because "The trust's own server."`,
		Args:    takes(0, 1, "one remote, or none"),
		RunE: func(c *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return e.syncAllow(c.Context(), name, because)
		},
	}
	c.Flags().StringVar(&because, "because", "", "why records may be kept there, in `WORDS`")
	c.Flags().BoolVar(&e.flags.withEdits, "with-edits", false, "first record changes made by hand in sendctl.yaml, as an edit of their own")
	return c
}

func (e *Env) sync(ctx context.Context, remote string, given []string, noPush bool) error {
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	w := casework.Syncing{Remote: remote, NoPush: noPush, Answers: map[string]merge.Choice{}, Terminal: e.asks()}
	for _, a := range given {
		id, choice, ok := strings.Cut(a, "=")
		c := merge.Choice(choice)
		if !ok || id == "" || !slices.Contains([]merge.Choice{merge.Ours, merge.Theirs, merge.Both}, c) {
			return usage("--answer wants QUESTION=ours, QUESTION=theirs or QUESTION=both, and not %q", a)
		}
		w.Answers[id] = c
	}
	if e.asks() {
		w.Ask = func(open []casework.Open) (map[string]merge.Choice, error) { return e.askMerge(ctx, f, open) }
		w.Talk = safeTalk{e}
	}
	out, err := desk.Sync(ctx, w)
	var open *casework.QuestionsError
	if errors.As(err, &open) {
		return e.openQuestions(open)
	}
	if err != nil {
		return err
	}
	if err := e.afterSync(desk, out); err != nil {
		out.Warnings = append(out.Warnings, "The two copies are in step; what this clone shares now could not be remembered: "+err.Error())
	}
	return e.synced(out)
}

// safeTalk shows what git says while it talks to another place.
type safeTalk struct{ e *Env }

func (t safeTalk) Write(b []byte) (int, error) {
	_, err := io.WriteString(t.e.Err, term.SafeLines(string(b)))
	return len(b), err
}

// askMerge asks one question after the other.
func (e *Env) askMerge(ctx context.Context, f *folder.Folder, open []casework.Open) (map[string]merge.Choice, error) {
	out := map[string]merge.Choice{}
	p := e.prompter(date.Of(e.Now()))
	e.say("%s before the two copies are one.", plural(len(open), "question has to be answered", "questions have to be answered"))
	for i, q := range open {
		fmt.Fprintln(e.Err)
		where := q.Path
		if q.At != "" {
			where += ", " + q.At
		}
		if name := nameOf(f, q.Learner); name != "" {
			where = name + ": " + where
		}
		e.say("%d of %d. %s", i+1, len(open), where)
		if about := aboutOf(q.Question); about != "" {
			fmt.Fprintln(e.Err, e.Wrap(term.SafeLines(about), "  "))
		}
		for _, side := range []struct {
			side  string
			wrote casework.Wrote
			words string
		}{{"Before", casework.Wrote{}, q.Base}, {"Here", q.Here, q.Ours}, {"In the other copy", q.There, q.Theirs}} {
			words := side.words
			if words == "" && (side.side == "Before" || q.At == "") {
				continue
			}
			if words == "" {
				words = "nothing"
			}
			if adult, ok := f.Person(words); ok {
				words = string(adult.Name) + " (" + words + ")"
			}
			if side.wrote.Who != "" {
				words += fmt.Sprintf("   [%s, %s]", side.wrote.Who, side.wrote.On.Long())
			}
			fmt.Fprintln(e.Err, e.Wrap(term.SafeLines(side.side+": "+words), "  "))
		}
		var options []form.Option
		for _, c := range q.Choices {
			words := map[merge.Choice]string{merge.Ours: "what stands here", merge.Theirs: "what stands in the other copy", merge.Both: "both"}[c]
			options = append(options, form.Option{Value: string(c), Words: words})
		}
		got, err := p.Choose(ctx, q.Ask, options, "")
		if err != nil {
			return nil, err
		}
		out[q.ID] = merge.Choice(got)
	}
	return out, nil
}

// nameOf is the name used every day of a learner, or "".
func nameOf(f *folder.Folder, id string) string {
	if id == "" {
		return ""
	}
	r, err := f.Load(id)
	if err != nil {
		return ""
	}
	return string(r.Identity.Value.Name)
}

// aboutOf says what the value is that a question is about.
func aboutOf(q merge.Question) string {
	k, ok := recordfile.KindAt(q.Path)
	p, err := yamldoc.ParsePath(q.At)
	if !ok || err != nil || q.At == "" {
		return ""
	}
	return recordfile.About(k, p)
}

// openQuestions lists what has to be answered. The values themselves are words of a
// record and are shown at a terminal only.
func (e *Env) openQuestions(open *casework.QuestionsError) error {
	if e.flags.json {
		type row struct {
			ID      string         `json:"id"`
			Rule    string         `json:"rule"`
			Learner string         `json:"learner,omitempty"`
			File    string         `json:"file"`
			Path    string         `json:"path,omitempty"`
			Ask     string         `json:"ask"`
			Choices []merge.Choice `json:"choices"`
		}
		rows := []row{}
		for _, q := range open.Questions {
			rows = append(rows, row{q.ID, q.Rule, q.Learner, q.Path, q.At, q.Ask, q.Choices})
		}
		if err := e.printJSON(struct {
			Format    string `json:"format"`
			Questions []row  `json:"questions"`
		}{"sendctl-sync-questions/1", rows}); err != nil {
			return err
		}
		return codeError(exitUsage)
	}
	e.say("%s to be answered before the two copies can be one, and there is nobody to ask. Nothing was changed, here or there. At a terminal, sendctl sync asks one at a time and shows both values; or answer here: ours is what stands in this copy, theirs what stands in the other.", plural(len(open.Questions), "question has", "questions have"))
	for _, id := range open.Stray {
		var ids []string
		for _, q := range open.Questions {
			ids = append(ids, q.ID)
		}
		if near := diag.Suggest(id, ids); near != "" {
			id += "; did you mean " + near
		}
		e.say("An answer was given to a question that nobody asks: %s.", id)
	}
	for _, q := range open.Questions {
		var words []string
		for _, c := range q.Choices {
			words = append(words, string(c))
		}
		where := q.Path
		if q.At != "" && !strings.HasPrefix(q.Ask, q.At+" ") { // most questions begin with it
			where += ", " + q.At
		}
		fmt.Fprintf(e.Err, "  --answer %s=%s\n", q.ID, strings.Join(words, "|"))
		fmt.Fprintln(e.Err, e.Wrap(term.Safe(where+": "+q.Ask), "      "))
	}
	return codeError(exitUsage)
}

func (e *Env) synced(out casework.Synced) error {
	if e.flags.json {
		type note struct {
			Rule    string `json:"rule"`
			Learner string `json:"learner,omitempty"`
			File    string `json:"file"`
			Beside  string `json:"beside,omitempty"`
			Says    string `json:"says"`
		}
		notes := []note{}
		for _, n := range out.Notes {
			notes = append(notes, note{n.Rule, n.Learner, n.Path, n.Beside, n.Says})
		}
		return e.printJSON(struct {
			Format   string            `json:"format"`
			Remote   string            `json:"remote,omitempty"`
			Branch   string            `json:"branch"`
			Before   string            `json:"before"`
			Head     string            `json:"head"`
			Result   string            `json:"result"` // same, forwarded, merged
			Pushed   bool              `json:"pushed"`
			Finished bool              `json:"finished"`
			Settled  []string          `json:"settled,omitempty"`
			In       []casework.Passed `json:"in"`
			Out      []casework.Passed `json:"out"`
			Paths    []string          `json:"paths"`
			Notes    []note            `json:"notes"`
			Findings any               `json:"findings,omitempty"`
			Warnings []string          `json:"warnings,omitempty"`
		}{"sendctl-sync/1", out.Remote, out.Branch, out.Base, out.Head, resultOf(out), out.Pushed, out.Finished, out.Settled,
			orEmpty(out.In), orEmpty(out.Out), orEmpty(out.Paths), notes, anyFindings(out), out.Warnings})
	}
	for _, w := range out.Warnings {
		e.say("%s", w)
	}
	var lines []render.Line
	say := func(format string, args ...any) {
		lines = append(lines, render.Line{Text: fmt.Sprintf(format, args...)})
	}
	if out.Finished {
		say("The merge that git had stopped in is finished.")
	}
	if len(out.Settled) > 0 {
		say("%s made past sendctl had lost or doubled something; it is put right.", plural(len(out.Settled), "merge", "merges"))
	}
	passed := func(what string, list []casework.Passed) {
		if len(list) == 0 {
			say("%s: nothing.", what)
			return
		}
		say("%s:", what)
		for _, p := range list {
			who := p.Learner
			if who == "" {
				who = "the folder itself"
			}
			lines = append(lines, render.Line{Text: who + ": " + plural(p.Acts, "act", "acts"), Indent: 2})
		}
	}
	if out.Remote != "" || len(out.In) > 0 {
		passed("Came in", out.In)
	}
	if out.Remote != "" {
		word := "Went out"
		if !out.Pushed && len(out.Out) > 0 {
			word = "Stands here alone, and was not sent"
		}
		passed(word, out.Out)
	}
	for _, n := range gathered(out.Notes) {
		say("%s: %s", n.Path, strings.TrimSuffix(n.Says, ".")+".")
	}
	for _, x := range out.Findings {
		lines = append(lines, render.Line{Tone: render.Alarm, Text: fmt.Sprintf("Wrong now, and not before: %s: %s. See: sendctl validate", x.File, x.Message)})
	}
	switch {
	case out.Remote == "":
		say("Git knows no other place to keep in step with.")
	case out.Pushed || len(out.Out) == 0:
		say("This copy and %s are the same now.", out.Remote)
	}
	return e.page(e.Out, lines)
}

// gathered says once what is said of several files of one learner: a record of twenty
// files that was removed is one thing to read.
func gathered(notes []merge.Note) []merge.Note {
	type one struct{ rule, learner, says string }
	files := map[one][]string{}
	var out []merge.Note
	for _, n := range notes {
		k := one{n.Rule, n.Learner, n.Says}
		if n.Learner == "" {
			k.learner = n.Path
		}
		if files[k] == nil {
			out = append(out, n)
		}
		if !slices.Contains(files[k], n.Path) {
			files[k] = append(files[k], n.Path)
		}
	}
	for i, n := range out {
		if list := files[one{n.Rule, n.Learner, n.Says}]; len(list) > 1 {
			out[i].Path = path.Join("learners", n.Learner) + ", " + plural(len(list), "file", "files")
		}
	}
	return out
}

func resultOf(out casework.Synced) string {
	switch {
	case out.Merged:
		return "merged"
	case out.Forwarded:
		return "forwarded"
	}
	return "same"
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func anyFindings(out casework.Synced) any {
	if len(out.Findings) == 0 {
		return nil
	}
	return out.Findings
}

func (e *Env) syncAllow(ctx context.Context, name, because string) error {
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	if err := casework.Usable(f); err != nil {
		return err
	}
	places, err := desk.Elsewheres(ctx, name)
	if err != nil {
		return err
	}
	if name == "" {
		var names []string
		for _, p := range places {
			if !slices.Contains(names, p.Remote) {
				names = append(names, p.Remote)
			}
		}
		if len(names) > 1 {
			return &casework.NoRemoteError{Known: names}
		}
	}
	for _, p := range places {
		switch {
		case p.Allowed:
			e.say("%s: %s is allowed already.", p.Remote, p.Address)
		case p.Public != "":
			fmt.Fprintln(e.Err, e.Warn(e.Wrap(term.Safe(fmt.Sprintf("%s: %s. TAKE CARE: %s.", p.Remote, p.Address, p.Public)), "")))
		default:
			e.say("%s: %s", p.Remote, p.Address)
		}
	}
	if len(places) > 0 && !slices.ContainsFunc(places, func(p casework.Elsewhere) bool { return !p.Allowed }) {
		return &casework.NothingError{}
	}
	if strings.TrimSpace(because) == "" {
		if !e.asks() {
			return usage("say why records may be kept there: --because \"...\"")
		}
		p := e.prompter(date.Of(e.Now()))
		yes, err := p.Confirm(ctx, "May records of children be kept there?", false)
		if err != nil {
			return err
		}
		if !yes {
			return term.ErrKept
		}
		script := func(form.Answers) []form.Question {
			return []form.Question{{Path: "because", Flag: "--because", Kind: form.Line, Ask: "Why?", Why: "It stands in sendctl.yaml. For example: the trust's own server, in the contract of 2025."}}
		}
		answers := form.Answers{}
		if err := p.Fill(ctx, script, answers, func(form.Answers) error { return nil }); err != nil {
			return err
		}
		because = answers.Text("because")
	}
	done, added, err := desk.AllowRemote(ctx, name, strings.TrimSpace(because))
	if err != nil {
		return err
	}
	return e.done(done, "sendctl.yaml now says that records may be kept at %s.", list(added))
}

// afterSync has this clone remember the seals that it now shares with others: one
// that goes from both copies later is missed by audit verify. When and by whom the
// trail was last proven stays as it was; to be in step is no proof.
func (e *Env) afterSync(desk *casework.Desk, out casework.Synced) error {
	if out.Remote == "" {
		return nil
	}
	if there, err := desk.Repo.Tracked(out.Remote, out.Branch); err != nil || there != out.Head {
		return err // something stands here alone, and may still honestly be taken back
	}
	private := desk.Repo.PrivateDir()
	r, ok, err := audit.Recall(private)
	if err != nil {
		return err
	}
	if !ok {
		r = audit.Remembered{Time: e.Now(), Head: out.Head, Branch: out.Branch, Seals: map[string][]string{}}
	}
	since := r.Head
	if _, err := desk.Repo.Resolve(since); err != nil || !ok {
		since = "" // none, or a history that is here no more
	}
	diff, err := desk.Repo.Differences(since, out.Head)
	if err != nil {
		return err
	}
	fsys, err := desk.Repo.CommitFS(out.Head)
	if err != nil {
		return err
	}
	added := false
	for _, d := range diff {
		dir, name := path.Split(d.Path)
		if d.Outside || d.To.IsZero() || path.Ext(name) != seal.Extension || path.Base(dir) != "seals" {
			continue
		}
		whose := seal.Setting
		if parts := strings.Split(d.Path, "/"); len(parts) == 4 && parts[0] == "learners" {
			whose = parts[1]
		}
		b, err := fs.ReadFile(fsys, d.Path)
		if err != nil {
			return err
		}
		if hash := seal.Hash(b); !slices.Contains(r.Seals[whose], hash) {
			r.Seals[whose] = append(r.Seals[whose], hash)
			added = true
		}
	}
	if !added && ok {
		return nil
	}
	return audit.Remember(private, r)
}

// driverLine says in the doctor's words whether records are merged by meaning here.
func (e *Env) driverLine(ctx context.Context, v *visit, desk *casework.Desk, fix bool) {
	if fix {
		if err := desk.InstallDriver(ctx); err != nil {
			v.todo("Git could not be set up to merge records by meaning: %v", err)
			return
		}
	}
	switch has, err := desk.HasDriver(); {
	case err != nil:
		v.todo("Whether git merges records by meaning could not be seen: %v", err)
	case has:
		v.fine("Git merges records by meaning in this clone.")
	default:
		v.todo("Git merges records line by line in this clone. To have it merge them by meaning: sendctl doctor --fix")
	}
}

// remoteLines judges every place that git might send records to.
func (e *Env) remoteLines(ctx context.Context, v *visit, desk *casework.Desk) {
	places, err := desk.Elsewheres(ctx, "")
	if err != nil {
		v.todo("The places that git knows could not be looked at: %v", err)
		return
	}
	for _, p := range places {
		switch {
		case p.Secret:
			v.todo("The address of %s, as git has it, holds a user name, a password or a token, in plain text: git remote set-url %s %s", p.Remote, p.Remote, p.Address)
		}
		switch {
		case p.Allowed && p.Public != "":
			v.note("Records are kept at %s (%s), as sendctl.yaml allows. Take care: %s.", p.Remote, p.Address, p.Public)
		case p.Allowed:
			v.fine("Records are kept at %s (%s), as sendctl.yaml allows.", p.Remote, p.Address)
		case p.Public != "":
			v.todo("Git would send records to %s (%s), and sendctl.yaml does not allow it. TAKE CARE: %s. To take it away: git remote remove %s", p.Remote, p.Address, p.Public, p.Remote)
		default:
			v.todo("Git would send records to %s (%s), and sendctl.yaml does not allow it. If the setting does: sendctl sync allow %s --because \"...\"", p.Remote, p.Address, p.Remote)
		}
	}
}

// installDriver has git merge records by meaning, where git is there to be set up.
func (e *Env) installDriver(ctx context.Context, desk *casework.Desk) {
	if err := desk.InstallDriver(ctx); err != nil {
		e.say("Git could not be set up to merge records by meaning: %v. Later: sendctl doctor --fix", err)
	}
}
