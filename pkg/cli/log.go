package cli

import (
	"context"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/trail"
)

func newLogCmd(e *Env) *cobra.Command {
	limit := 0
	c := &cobra.Command{
		Use: "log LEARNER", Short: "a learner's history, in sentences",
		Long: `Shows how a learner's record came about, the latest first. Every entry says when
it happened, and when it was recorded and by whom; a late entry says how late. A
change made with git instead of sendctl is marked.`,
		Example: `  sendctl log bk7m
  sendctl log bk7m -n 5`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usage("-n wants a number, 1 or more")
			}
			f, r, _, err := e.seen(c.Context(), args[0])
			if err != nil {
				return err
			}
			altered := e.alarm()
			events, err := e.events(c.Context(), f, r, limit)
			if err != nil {
				return err
			}
			if e.flags.json {
				return firstOf(e.printJSON(struct {
					Format string         `json:"format"`
					ID     string         `json:"id"`
					Events []report.Event `json:"events"`
				}{"sendctl-log/1", r.ID, events}), altered)
			}
			return firstOf(e.page(e.Out, render.Log(events)), altered)
		},
	}
	c.Flags().IntVarP(&limit, "number", "n", 0, "only the latest `N` entries")
	return c
}

// events tells the commits of one learner's folder.
func (e *Env) events(ctx context.Context, f *folder.Folder, r *folder.Record, limit int) ([]report.Event, error) {
	desk, _, err := e.work(ctx)
	if err != nil {
		return nil, err
	}
	events := []report.Event{}
	paths := []string{r.Dir}
	for _, x := range f.Removals { // of a file, or of the record that was here before it came back
		if x.Doc != nil && x.Value.Learner == r.ID {
			paths = append(paths, x.Path)
		}
	}
	for entry, err := range desk.Repo.HistoryOf(ctx, trail.Query{Paths: paths}) {
		if err != nil {
			return nil, err
		}
		commit, err := e.commitWith(ctx, desk.Repo, r, entry)
		if err != nil {
			return nil, err
		}
		for _, p := range paths[1:] {
			more, err := desk.Repo.Changed(entry.ID, p)
			if err != nil {
				return nil, err
			}
			commit.Paths = append(commit.Paths, more...)
		}
		events = append(events, report.EventOf(f, r, commit))
		if limit > 0 && len(events) == limit {
			break
		}
	}
	return events, nil
}

// commitWith is commitOf, with the act that this one took back.
func (e *Env) commitWith(ctx context.Context, repo *trail.Repo, r *folder.Record, entry trail.Entry) (report.Commit, error) {
	c, err := commitOf(repo, r, entry)
	id := casework.Undone(entry)
	if err != nil || id == "" {
		return c, err
	}
	for was, err := range repo.HistoryOf(ctx, trail.Query{From: id, Paths: []string{r.Dir}}) {
		if err != nil || was.ID != id {
			break // gone from this history: then it is not known what was taken back
		}
		of, err := commitOf(repo, r, was)
		if err != nil {
			return c, err
		}
		c.Undone = &of
		break
	}
	return c, nil
}

func commitOf(repo *trail.Repo, r *folder.Record, entry trail.Entry) (report.Commit, error) {
	c := report.Commit{ID: entry.ID, Author: entry.Author.Name, Recorded: entry.Committer.When, Joins: len(entry.Parents) > 1}
	for _, t := range entry.Trailers {
		switch t.Key {
		case "Sendctl-Action":
			c.Action = t.Value
		case "Sendctl-Stage":
			c.Stage = t.Value
		case "Sendctl-Date":
			if d, err := date.Parse(t.Value); err == nil {
				c.Date = d
			}
		}
	}
	var err error
	if c.Paths, err = repo.Changed(entry.ID, r.Dir); err != nil {
		return c, err
	}
	c.Read = func(p string) ([]byte, error) { return fileAt(repo, entry.ID, p) }
	c.Before = func(p string) ([]byte, error) {
		if len(entry.Parents) == 0 {
			return nil, fs.ErrNotExist
		}
		return fileAt(repo, entry.Parents[0], p)
	}
	return c, nil
}

func fileAt(repo *trail.Repo, rev, p string) ([]byte, error) {
	fsys, err := repo.CommitFS(rev)
	if err != nil {
		return nil, err
	}
	return fs.ReadFile(fsys, p)
}

func newDiffCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "diff LEARNER [FROM TO]", Short: "what changed between two reviews or days, in words",
		Long: `Says in words what changed between two reviews: where the learner is (moves,
census code, needs, passport and profile, requests and advice), progress and
decision, each target, the support that was given, what was said. Without FROM
and TO, it takes the last two. FROM and TO are ids of reviewed cycles, or dates.
A date means the last review held by that day. If there are not two reviews
between two dates, it only says where the learner is.`,
		Example: `  sendctl diff bk7m
  sendctl diff bk7m k4f7 m2xq
  sendctl diff bk7m 2025-12-31 2026-02-28`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 3 {
				return usage("sendctl diff wants one learner, or a learner and two reviews; see: sendctl help diff")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			f, r, _, err := e.seen(c.Context(), args[0])
			if err != nil {
				return err
			}
			d, err := compared(f, r, args[1:])
			if err != nil {
				return err
			}
			return firstOf(e.showAs(d, render.Diff(d)), e.alarm())
		},
	}
}

// compared is the difference between the last two reviews, or between those or the
// days that were typed.
func compared(f *folder.Folder, r *folder.Record, typed []string) (report.Diff, error) {
	done := r.Reviewed()
	since, until, days := twoDays(typed)
	only := func(err error) (report.Diff, error) {
		if days {
			if d := report.JourneyDiff(f, r, since, until); len(d.Parts) > 0 {
				return d, nil
			}
		}
		return report.Diff{}, err
	}
	if len(done) < 2 {
		return only(&casework.StateError{Message: r.ID + " has fewer than two reviews, so there is nothing to compare yet: sendctl show " + r.ID})
	}
	from, to := done[len(done)-2], done[len(done)-1]
	if len(typed) == 2 {
		var err error
		if from, err = pickReview(r.ID, done, typed[0], "FROM"); err != nil {
			return only(err)
		}
		if to, err = pickReview(r.ID, done, typed[1], "TO"); err != nil {
			return only(err)
		}
	}
	if from.Value.ID == to.Value.ID {
		return only(usage("FROM and TO are the same review, %s", from.Value.ID))
	}
	if to.Value.Review.Date.Before(from.Value.Review.Date) {
		from, to = to, from
	}
	if days {
		return report.DiffBetween(f, r, from, to, since, until), nil
	}
	return report.DiffOf(f, r, from, to), nil
}

// twoDays are FROM and TO where both are dates, the earlier first.
func twoDays(typed []string) (since, until date.Date, ok bool) {
	if len(typed) != 2 {
		return since, until, false
	}
	since, err1 := date.Parse(typed[0])
	until, err2 := date.Parse(typed[1])
	if until.Before(since) {
		since, until = until, since
	}
	return since, until, err1 == nil && err2 == nil
}

// pickReview finds a review by the id of its cycle, or the last one held by a day.
func pickReview(learner string, done []cycleFile, typed, flag string) (cycleFile, error) {
	if i := slices.IndexFunc(done, func(c cycleFile) bool { return c.Value.ID == typed }); i >= 0 {
		return done[i], nil
	}
	if day, err := date.Parse(typed); err == nil {
		for i := len(done) - 1; i >= 0; i-- {
			if !done[i].Value.Review.Date.After(day) {
				return done[i], nil
			}
		}
		return cycleFile{}, &casework.StateError{Message: learner + " had no review by " + day.Long()}
	}
	var known []string
	for _, c := range done {
		known = append(known, c.Value.ID)
	}
	return cycleFile{}, &casework.UnknownWordError{What: "reviewed cycle of " + learner, Typed: typed, Known: known, Flag: flag}
}
