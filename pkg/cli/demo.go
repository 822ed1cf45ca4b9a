package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/examples"
	"github.com/sendctl/sendctl/pkg/term"
	"github.com/sendctl/sendctl/pkg/trail"
)

func newDemoCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "demo DIR", Short: "a made-up school to look round in",
		Long: `Builds a made-up school in DIR by repeating everything that its made-up staff
recorded. It is the same every time, to the byte, and its own date is always 22
November 2026. It needs no git identity: in it, you are its SENCo.`,
		Example: `  sendctl demo school
  sendctl -C school list`,
		Args: takes(1, 1, "a folder to make"),
		RunE: func(c *cobra.Command, args []string) error { return e.demo(c.Context(), args[0]) },
	}
}

// demoConfig is the demonstration's own git configuration: it answers as its
// SENCo, and nothing of the machine's configuration (signing, hooks, line ends)
// bears on it, so that it is the same everywhere.
const demoConfig = `[user]
	name = M. Eyre
	email = eyre@thornelaw.example
[commit]
	gpgsign = false
[gpg]
	format = openpgp
[core]
	hooksPath = .git/hooks
	autocrlf = false
`

func (e *Env) demo(ctx context.Context, name string) error {
	dir := name
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(e.dir(), name)
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return usage("%s is there already and not empty; name a folder that is not there", name)
	}
	acts, err := examples.Acts()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := e.demoInto(ctx, dir, acts); err != nil {
		return err
	}
	if e.flags.json {
		return e.printJSON(struct {
			Format string `json:"format"`
			Dir    string `json:"dir"`
			Acts   int    `json:"acts"`
		}{"sendctl-demo/1", dir, len(acts)})
	}
	return e.sentence("Built a made-up school of %d acts in %s. Look round: sendctl -C %s list", len(acts), name, name)
}

func (e *Env) demoInto(ctx context.Context, dir string, acts []examples.Act) error {
	if _, err := trail.Init(dir, "main"); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, ".git", "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("set up the demonstration: %w", err)
	}
	_, err = f.WriteString(demoConfig)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("set up the demonstration: %w", err)
	}
	p := e.Progress("Building the made-up school")
	defer p.Done()
	for i, act := range acts {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := replay(dir, act); err != nil {
			return fmt.Errorf("act %d of the demonstration (%s): %w", i+1, strings.Join(act.Args, " "), err)
		}
		p.Step(i+1, len(acts))
	}
	return nil
}

// replay carries out one act by the same code as a person's command, on the
// act's own clock, with ids and salts drawn from a seed of its own: an act put in
// between changes no other act's.
func replay(dir string, act examples.Act) error {
	var talk bytes.Buffer
	seed := sha256.Sum256([]byte("sendctl demonstration\n" + act.Recorded.Format(time.RFC3339) + "\n" + strings.Join(act.Args, "\n")))
	one := &Env{
		Streams: &term.Streams{In: bytes.NewReader(act.Answers), Out: io.Discard, Err: &talk, Width: 80},
		Args:    append([]string{"-C", dir, "--no-input", "--today", act.Recorded.Format(time.DateOnly)}, act.Args...),
		Getenv:  func(string) string { return "" }, Dir: dir, Version: "demo",
		Now:    func() time.Time { return act.Recorded },
		Random: rand.NewChaCha8(seed), LockWait: lockWait, demonstration: examples.Today(),
		Author: func(now time.Time) (trail.Ident, error) {
			return trail.Ident{Name: act.By.Name, Email: act.By.Email, When: now}, nil
		},
	}
	if code := Main(one); code != exitFine {
		return errors.New(strings.TrimSpace(talk.String()))
	}
	return nil
}
