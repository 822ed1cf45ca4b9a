package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/trail"
)

func newInitCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "init [DIR]", Short: "make a record folder; in a clone, set it up",
		Long: `Makes a record folder in DIR (without DIR, here): a git repository, the setting,
the first adult, the pathway, settings for editors, and the first commit. It
overwrites nothing. In a folder that is already a record folder, such as a
clone, it installs the check that git runs before a commit made without sendctl,
and sets git up to merge records by meaning.`,
		Example: `  sendctl init records
  sendctl init records --name "Thornelaw Academy" --phase all-through \
    --la 929 --estab 0000 --no-input`,
		Args: takes(0, 1, "a folder, or none for this one"),
		RunE: func(c *cobra.Command, args []string) error { return e.initFolder(c, args, &given) },
	}
	given.add(e, c, "name=\"Thornelaw Academy\"",
		answerFlag{name: "name", path: "name", help: "the setting's `NAME`"},
		answerFlag{name: "phase", path: "phase", help: "the kind of setting, such as primary, as `WORD`"},
		answerFlag{name: "la", path: "la", help: "the local authority `NUMBER`, three digits"},
		answerFlag{name: "estab", path: "estab", help: "the establishment `NUMBER`, four digits"},
		answerFlag{name: "urn", path: "urn", help: "the `URN`, six digits"},
		answerFlag{name: "me", path: "me", help: "your `NAME`, if not the one in git"},
		answerFlag{name: "id", path: "id", help: "the short `WORD` that stands for you in files"},
		answerFlag{name: "role", path: "role", help: "your `ROLE`, if not senco"},
		answerFlag{name: "pathway", path: "pathway", help: "the `PATHWAY` the setting follows, if not northumberland"},
	)
	return c
}

func (e *Env) initFolder(c *cobra.Command, args []string, given *answering) error {
	dir := e.dir()
	if len(args) > 0 {
		dir = args[0]
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(e.dir(), args[0])
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "sendctl.yaml")); err == nil {
		return e.initClone(c.Context(), dir)
	}
	s, err := given.supply(e, c)
	if err != nil {
		return err
	}
	made, repo, err := openOrInit(dir)
	if err != nil {
		return err
	}
	undo := func() {
		if made { // an empty repository of our own making, so that trying again begins afresh
			_ = os.RemoveAll(filepath.Join(dir, ".git"))
			_ = os.Remove(dir)
		}
	}
	done, desk, err := e.setup(c.Context(), dir, repo, s)
	if err != nil {
		undo()
		return err
	}
	e.installHook(desk)
	e.installDriver(c.Context(), desk)
	return e.done(done, "Made the record folder %s. Next: sendctl -C %s create", dir, dir)
}

func openOrInit(dir string) (made bool, repo *trail.Repo, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return false, nil, fmt.Errorf("make the folder: %w", err)
	}
	repo, err = trail.Open(dir)
	if errors.Is(err, trail.ErrNotRepository) {
		repo, err = trail.Init(dir, "main")
		return true, repo, err
	}
	if err != nil {
		return false, nil, err
	}
	return false, repo, unshown(repo, nil)
}

// unshownError: a clone that came with records and shows none of them, since the
// place it came from names a branch that nobody sent. A second folder begun in it
// could never be brought together with the first.
type unshownError struct{ branch string }

func (e *unshownError) Error() string {
	return "this copy has records that it does not show yet; show them, then set the copy up: git checkout " + e.branch + ", then sendctl init"
}

// unshown is an *unshownError for such a clone, and otherwise err.
func unshown(repo *trail.Repo, err error) error {
	if id, _, _ := repo.Head(); id != "" {
		return err
	}
	refs, _ := repo.Refs("refs/remotes/")
	for _, r := range refs {
		if _, branch, ok := strings.Cut(strings.TrimPrefix(r.Name, "refs/remotes/"), "/"); ok {
			return &unshownError{branch}
		}
	}
	return err
}

func (e *Env) setup(ctx context.Context, dir string, repo *trail.Repo, s *casework.Supply) (casework.Done, *casework.Desk, error) {
	desk, err := e.newDesk(dir, repo)
	if err != nil {
		return casework.Done{}, nil, err
	}
	who, err := desk.Who()
	if err != nil {
		return casework.Done{}, nil, err
	}
	script := casework.SetupForm(who)
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: date.Of(e.Now())})
	if err != nil {
		return casework.Done{}, nil, err
	}
	var set casework.Setup
	if err := casework.Fill(&set, script, answers, extra); err != nil {
		return casework.Done{}, nil, err
	}
	set.Demonstration = e.demonstration
	done, err := desk.Setup(ctx, set)
	return done, desk, err
}

// initClone sets up what a clone does not bring along.
func (e *Env) initClone(ctx context.Context, dir string) error {
	repo, err := trail.Open(dir)
	if err != nil {
		return err
	}
	desk, err := e.newDesk(dir, repo)
	if err != nil {
		return err
	}
	e.installHook(desk)
	e.installDriver(ctx, desk)
	return e.done(casework.Done{Act: "init", Paths: []string{}}, "This record folder is set up.")
}

func (e *Env) installHook(desk *casework.Desk) {
	p, ours, err := desk.InstallHook()
	switch {
	case err != nil:
		e.say("The check before commits made past sendctl could not be installed: %v", err)
	case !ours:
		e.say("There is a pre-commit hook of your own at %s; it is left as it is. To have records checked there too, let it run: sendctl --no-input validate --staged", p)
	}
}
