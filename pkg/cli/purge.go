package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/term"
)

// purging is what sendctl purge was given.
type purging struct {
	because, with, approval string
	dry, yes, text          bool
}

func newPurgeCmd(e *Env) *cobra.Command {
	var given purging
	c := &cobra.Command{
		Use: "purge LEARNER [FILE]", Short: "remove a learner, or one file, from the whole history",
		Long: `Takes a learner, or one file of theirs, out of every version of the record:
files, history, branches and tags. Only the removal record stays, sealed: the
ids, how many seals there were, the reason, the two people, the day. You cannot
undo it.

FILE is the id of a file, such as k4f7, with its seals, its corrections and what
is named after it; or a path, such as attachments/report.pdf.

First it shows what goes, what stays and what a person must still clear
elsewhere; with --dry-run, it stops there. Two people decide: you, and the one
you name with --with. If that person has a key in people.yaml, or the folder
requires signatures, they sign the text that --approval-text prints:

  ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n sendctl-removal removal.txt

A record on hold is not removed. Nothing else changes: everyone else's seals
still prove what they proved. The commits that come after what goes get new ids,
so everybody else has to make their clone again.`,
		Example: `  sendctl purge bk7m --because "Kept until its day." --with marr --dry-run
  sendctl purge bk7m k4f7 --because "Recorded on the wrong child." --with marr
  sendctl purge bk7m --because "Handed over." --with marr \
    --approval removal.txt.sig --yes --no-input`,
		Args: takes(1, 2, "one learner, and a file if it is not everything"),
		RunE: func(c *cobra.Command, args []string) error { return e.purge(c.Context(), args, given) },
	}
	f := c.Flags()
	f.StringVar(&given.because, "because", "", "why, in `WORDS`, without a name")
	f.StringVar(&given.with, "with", "", "the second `PERSON`, from people.yaml")
	f.StringVar(&given.approval, "approval", "", "the second person's signature, in `FILE`")
	f.BoolVar(&given.text, "approval-text", false, "print what the second person signs, and stop")
	f.BoolVar(&given.dry, "dry-run", false, "show what would go, and stop")
	f.BoolVar(&given.yes, "yes", false, "remove it without asking")
	return c
}

// askPurge asks for the reason and the second person, where neither was given.
func (e *Env) askPurge(ctx context.Context, f *folder.Folder, today date.Date, ask *casework.Purge) error {
	script := func(form.Answers) []form.Question {
		var qs []form.Question
		if ask.Because == "" {
			qs = append(qs, form.Question{Path: "because", Flag: "--because", Kind: form.Words, Ask: "Why is it removed? Say it without a name.",
				Why: "The reason stays in the record of the removal for ever."})
		}
		if ask.With == "" {
			q := form.Question{Path: "with", Flag: "--with", Kind: form.Choice, Ask: "Who decided it with you?",
				Why: "A removal cannot be undone, so two people decide it: you, and somebody else of people.yaml."}
			for _, p := range f.People.Value.People {
				q.Options = append(q.Options, form.Option{Value: p.ID, Words: string(p.Name)})
			}
			qs = append(qs, q)
		}
		return qs
	}
	a := form.Answers{}
	if len(script(a)) == 0 {
		return nil
	}
	p := e.prompter(today)
	p.Undrafted = true
	if err := p.Fill(ctx, script, a, func(form.Answers) error { return nil }); err != nil {
		return err
	}
	if ask.Because == "" {
		ask.Because = learner.Words(a.Text("because"))
	}
	if ask.With == "" {
		ask.With = a.Text("with")
	}
	return nil
}

func (e *Env) purge(ctx context.Context, args []string, given purging) error {
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	if err := casework.Usable(f); err != nil {
		return err
	}
	today, err := e.today(f)
	if err != nil {
		return err
	}
	ask := casework.Purge{Because: learner.Words(given.because), With: given.with}
	if ask.Learner, err = e.purged(f, args[0]); err != nil {
		return err
	}
	if len(args) > 1 {
		ask.File = args[1]
	}
	if given.approval != "" {
		if ask.Approval, err = e.readFile(given.approval); err != nil {
			return err
		}
	}
	if e.asks() {
		if err := e.askPurge(ctx, f, today, &ask); err != nil {
			return err
		}
	}
	p, err := desk.PlanPurge(ctx, f, ask)
	if err != nil {
		return err
	}
	if given.text {
		_, err := fmt.Fprint(e.Out, p.Text)
		return err
	}
	approved := desk.Approved(f, p)
	if e.flags.json && given.dry {
		return e.printJSON(e.purgeView(p, approved))
	}
	if !e.flags.json {
		e.showPurge(f, p)
	}
	if given.dry {
		if approved != nil {
			e.say("Still needed: %v", approved)
		}
		e.say("Nothing was changed: this was a dry run.")
		return nil
	}
	if approved != nil {
		return approved
	}
	if !given.yes {
		if !e.asks() {
			return usage("to remove it, and it cannot be undone: --yes")
		}
		got, err := e.prompter(today).Confirm(ctx, "Remove it from the whole history? It cannot be undone.", false)
		if err != nil {
			return err
		}
		if !got {
			return term.ErrInterrupted
		}
	}
	e.say("Rewriting the history. Once it is decided, a command that is cut off is carried on by the next one.")
	done, err := desk.Purge(ctx, p)
	var unfinished *casework.UnfinishedError
	if err != nil && !errors.As(err, &unfinished) {
		return err
	}
	for _, name := range done.Left {
		e.say("Nobody had recorded this file, and it was left lying: %s", name)
	}
	if err != nil {
		return err
	}
	if e.flags.json {
		return e.printJSON(struct {
			Format  string   `json:"format"`
			Act     string   `json:"act"`
			Learner string   `json:"learner"`
			Paths   []string `json:"paths"`
			Commit  string   `json:"commit"`
			Seals   []string `json:"seals"`
			Removed int      `json:"removed_seals"`
			Objects int      `json:"objects_read"` // every object that is left was read: nothing of what went is among them
			Left    []string `json:"left_lying,omitempty"`
			Clear   []place  `json:"to_clear"`
			Warned  []string `json:"warnings,omitempty"`
		}{"sendctl-purge/1", done.Act, done.Learner, done.Paths, done.Commit, done.Done.Seals, len(p.Seals), done.Objects, done.Left, places(p), done.Warnings})
	}
	for _, w := range done.Warnings {
		e.say("%s", w)
	}
	return e.sentence("Removed, and recorded in %s. All %d objects that the repository holds now were read: none of what went is among them. Still to clear, by a person: what is listed above.", done.Paths[0], done.Objects)
}

// purged gives the id of a learner who may be in the history alone.
func (e *Env) purged(f *folder.Folder, typed string) (string, error) {
	id, err := e.find(f, typed)
	var none *folder.NoLearnerError
	if errors.As(err, &none) && len(none.Several) == 0 && ids.ValidLearner(typed) {
		return typed, nil
	}
	return id, err
}

// place is one that sendctl cannot clear, and what its owner does.
type place struct {
	What string   `json:"what"`
	Do   []string `json:"do,omitempty"` // commands, or what a person does in words
}

// places lists where what goes may still be.
func places(p *casework.Purging) []place {
	var out []place
	var moved, deleted []string
	for _, m := range p.History.Moves {
		switch {
		case strings.HasPrefix(m.Name, "refs/remotes/"):
		case m.New.IsZero():
			deleted = append(deleted, m.Name)
		default:
			moved = append(moved, m.Name)
		}
	}
	for _, r := range p.Remotes {
		x := place{What: "the remote " + r.Name + ", " + strings.Join(bare(r.Addresses()), ", ") + ": its owner forces the branches there, since sendctl sync never does, and clears up where it lies; a git host does that on request, and its pull requests keep old commits too"}
		if len(moved) > 0 {
			x.Do = append(x.Do, "git push --force "+r.Name+" "+strings.Join(moved, " "))
		}
		if len(deleted) > 0 {
			x.Do = append(x.Do, "git push --delete "+r.Name+" "+strings.Join(deleted, " "))
		}
		x.Do = append(x.Do, "git reflog expire --expire=now --all && git gc --prune=now")
		out = append(out, x)
	}
	return append(out,
		place{What: "every other clone of this folder", Do: []string{"delete it and clone again; sendctl sync refuses a history that still holds it"}},
		place{What: "clones on this disk that borrow objects from here (git clone --shared or --reference)", Do: []string{"look for them before; they cannot be seen from here"}},
		place{What: "backups, snapshots and synchronised folders of this disk and of every clone's", Do: []string{"delete them, or let them run out, and note when"}},
		place{What: "printed packs, plans and letters; mail with attachments; what was exported or handed over", Do: []string{"shred or delete them, unless another duty keeps them"}},
		place{What: "checkpoints and proofs that were given out (a checkpoint names hashes alone; a proof holds the sealed file)", Do: []string{"keep the checkpoints; ask for the proofs back"}},
	)
}

// bare takes a password out of addresses.
func bare(addresses []string) []string {
	out := slices.Clone(addresses)
	for i, a := range out {
		if u, err := url.Parse(a); err == nil && u.User != nil {
			if _, has := u.User.Password(); has {
				u.User = url.User(u.User.Username())
				out[i] = u.String()
			}
		}
	}
	return out
}

// refsOf counts the refs that move or go, by kind.
func refsOf(p *casework.Purging) (branches, tags, notes, remotes, others []string) {
	for _, m := range p.History.Moves {
		switch kind, name, _ := strings.Cut(strings.TrimPrefix(m.Name, "refs/"), "/"); kind {
		case "heads":
			branches = append(branches, name)
		case "tags":
			tags = append(tags, name)
		case "notes":
			notes = append(notes, name)
		case "remotes":
			remotes = append(remotes, name)
		default:
			others = append(others, m.Name)
		}
	}
	return branches, tags, notes, remotes, others
}

// showPurge tells what goes, what stays, and what is still to be done elsewhere.
func (e *Env) showPurge(f *folder.Folder, p *casework.Purging) {
	line := func(format string, args ...any) {
		fmt.Fprintln(e.Out, e.Wrap(term.SafeLines(fmt.Sprintf(format, args...)), "  "))
	}
	head := func(text string) { fmt.Fprintln(e.Out, "\n"+e.Bold(text)) }
	what := "everything of " + p.Learner
	if p.What == "file" {
		what = "one file of " + p.Learner
	}
	fmt.Fprintln(e.Out, e.Bold("To be removed from the whole history: "+what))
	head("What goes")
	line("%s in %s, %s.", report.Plural(len(p.Paths), "file", "files"), report.Plural(p.Versions+len(p.Seals), "version", "versions"), report.Plural(len(p.Seals), "seal", "seals"))
	if p.What == "file" {
		for _, at := range p.Paths {
			line("%s", at)
		}
	}
	line("%s that hold it; %s nothing else and go, %s a new id.", report.Plural(p.History.Tainted, "commit", "commits"), report.Plural(p.History.Emptied, "commit changed", "commits changed"), report.Plural(p.History.Rewritten, "commit gets", "commits get"))
	if n := p.History.Unsigned; n > 0 {
		line("%s of commits and tags, since those get new ids.", report.Plural(n, "signature", "signatures"))
	}
	branches, tags, notes, remotes, others := refsOf(p)
	for _, x := range []struct {
		what  string
		names []string
	}{{"Branches rewritten", branches}, {"Tags rewritten", tags}, {"Notes of git rewritten", notes}, {"What this clone knows of remotes, forgotten", remotes}, {"Other refs rewritten", others}} {
		if len(x.names) > 0 {
			line("%s: %s.", x.what, strings.Join(x.names, ", "))
		}
	}
	for _, m := range p.History.Moves {
		if m.New == (objects.ID{}) && !strings.HasPrefix(m.Name, "refs/remotes/") {
			line("%s held nothing else, and goes.", m.Name)
		}
	}
	head("What stays")
	line("The removal record, sealed: the ids, %s, the reason, you and %s, the day.", report.Plural(len(p.Seals), "hash of a seal", "hashes of seals"), p.With)
	if p.Receipt != "" {
		line("It names the receipt of the school that has the record now.")
	}
	for _, at := range p.Shared {
		line("The very bytes of %s lie at another place of the folder too, and stay there.", at)
	}
	if len(p.Dangling) > 0 {
		head("What the record will say of it")
		_ = diagfmt.Text(e.Out, p.Dangling, e.findingOptions(nil))
	}
	head("What a person must still clear")
	for _, x := range places(p) {
		line("%s", report.Capital(x.What)+":")
		for _, do := range x.Do {
			fmt.Fprintln(e.Out, "    "+term.Safe(do))
		}
	}
	fmt.Fprintln(e.Out)
	if k := p.Keep; p.What == "learner" && k != nil && k.State != report.RetentionDue {
		fmt.Fprintln(e.Err, e.Warn(e.Wrap(term.Safe(early(*k)), "")))
	}
	if k := p.Keep; p.What == "learner" && k == nil {
		e.say("How long this record is to be kept cannot be told: nothing of it can be read.")
	}
}

// early says that a record is not yet due.
func early(k report.Retention) string {
	if k.On.IsZero() {
		return "NOT DUE: nothing here says that this record may go (" + k.Why + "). Remove it only for a reason that stands against that."
	}
	return fmt.Sprintf("NOT DUE: this record is to be kept until %s (%s), and no other school has answered for it. Remove it only for a reason that stands against that.", k.On.Long(), k.Why)
}

// purgeView is a dry run as JSON.
func (e *Env) purgeView(p *casework.Purging, approved error) any {
	type ref struct {
		Name string `json:"name"`
		Old  string `json:"old"`
		New  string `json:"new,omitempty"` // none: the ref goes
	}
	view := struct {
		Format    string            `json:"format"`
		DryRun    bool              `json:"dry_run"`
		Learner   string            `json:"learner"`
		What      string            `json:"what"`
		Files     []string          `json:"files,omitempty"`
		Paths     []string          `json:"paths"`
		Versions  int               `json:"versions"`
		Seals     []string          `json:"seals"`
		Holding   int               `json:"commits_holding"`
		Vanishing int               `json:"commits_vanishing"`
		Rewritten int               `json:"commits_rewritten"`
		Unsigned  int               `json:"signatures_lost"`
		Refs      []ref             `json:"refs"`
		Shared    []string          `json:"same_bytes_elsewhere,omitempty"`
		Dangling  []any             `json:"findings,omitempty"`
		Receipt   string            `json:"receipt,omitempty"`
		Keep      *report.Retention `json:"retention,omitempty"`
		Approval  string            `json:"approval_text"`
		Needed    string            `json:"still_needed,omitempty"`
		Clear     []place           `json:"to_clear"`
	}{Format: "sendctl-purge-plan/1", DryRun: true, Learner: p.Learner, What: p.What, Files: p.IDs, Paths: p.Paths, Versions: p.Versions, Seals: p.Seals,
		Holding: p.History.Tainted, Vanishing: p.History.Emptied, Rewritten: p.History.Rewritten, Unsigned: p.History.Unsigned, Refs: []ref{},
		Shared: p.Shared, Receipt: p.Receipt, Keep: p.Keep, Approval: p.Text, Clear: places(p)}
	if view.Keep != nil {
		k := *view.Keep
		k.Name = "" // a dry run may be kept
		view.Keep = &k
	}
	for _, m := range p.History.Moves {
		r := ref{Name: m.Name, Old: m.Old.String()}
		if !m.New.IsZero() {
			r.New = m.New.String()
		}
		view.Refs = append(view.Refs, r)
	}
	for _, x := range p.Dangling {
		view.Dangling = append(view.Dangling, x)
	}
	if approved != nil {
		view.Needed = approved.Error()
	}
	if view.Seals == nil {
		view.Seals = []string{}
	}
	return view
}
