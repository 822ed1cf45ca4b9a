package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

type options struct {
	learners, commits int
	seed              uint64
	sealed            int // every so many commits a correction
	signed            bool
	pack, graph       bool

	signer seal.Signer // nil: unsigned
}

// The commits lie in even steps between the day after the open plans were agreed
// and the day the folder stands on.
func between() (first time.Time, span time.Duration) {
	first, last := date.New(2026, time.September, 14).At(8, 0), today().At(8, 0)
	return first, last.Sub(first)
}

// notesKept is how many notes a cycle holds at most, so that a long history does
// not make files that no real folder has; an older note gives way to a new one.
const notesKept = 12

// build makes the folder in dir, which must not be there or be empty.
func build(dir string, o options) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty", dir)
	}
	if err := git("init", "-q", "-b", "main", dir); err != nil {
		return err
	}
	// It answers as its SENCo, and nothing of the machine's configuration bears on it.
	for _, kv := range [][2]string{{"user.name", "M. Eyre"}, {"user.email", "eyre@thornelaw.example"}, {"commit.gpgsign", "false"},
		{"core.hooksPath", ".git/hooks"}, {"core.autocrlf", "false"}, {"gc.auto", "0"}} {
		if err := git("-C", dir, "config", kv[0], kv[1]); err != nil {
			return err
		}
	}
	if o.signed {
		var err error
		if o.signer, err = newKey(dir); err != nil {
			return err
		}
	}
	if err := fastImport(dir, o); err != nil {
		return err
	}
	if o.signed {
		if err := signCommits(dir, o.signer); err != nil {
			return err
		}
		// Nothing is to stay of the unsigned ones.
		if err := git("-C", dir, "gc", "--quiet", "--prune=now"); err != nil {
			return err
		}
	}
	if err := git("-C", dir, "reset", "--hard", "--quiet"); err != nil {
		return err
	}
	if o.pack {
		if err := git("-C", dir, "repack", "-adq"); err != nil {
			return err
		}
	}
	if o.graph {
		return git("-C", dir, "commit-graph", "write", "--reachable", "--changed-paths", "--no-progress")
	}
	return nil
}

func git(args ...string) error {
	c := exec.Command("git", args...)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("git %v: %w", args, err)
	}
	return nil
}

func fastImport(dir string, o options) error {
	c := exec.Command("git", "-C", dir, "fast-import", "--quiet")
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return fmt.Errorf("git fast-import: %w", err)
	}
	w := bufio.NewWriterSize(in, 1<<20)
	err = stream(w, o)
	err = errors.Join(err, w.Flush(), in.Close())
	if werr := c.Wait(); werr != nil {
		err = errors.Join(err, fmt.Errorf("git fast-import: %w", werr))
	}
	return err
}

// stream writes the whole history in the language of git fast-import.
func stream(w io.Writer, o options) error {
	school, err := newSchool(o.learners, o.seed, o.signer)
	if err != nil {
		return err
	}
	start, span := between()
	commit(w, start, "init: thornelaw\n\nSendctl-Action: init\nSendctl-Format: 1\n")
	for _, f := range school.files {
		file(w, f.path, f.data)
	}
	draw := rand.New(rand.NewPCG(o.seed, 2))
	for n := 1; n < o.commits; n++ {
		l := school.learners[draw.IntN(len(school.learners))]
		at := start.Add(time.Duration(float64(span) * float64(n) / float64(o.commits)))
		if o.sealed > 0 && n%o.sealed == 0 {
			made, err := school.correct(l, at)
			if err != nil {
				return err
			}
			day := date.Of(at)
			commit(w, at, fmt.Sprintf("correct: %s %s initial-concerns\n\nSendctl-Action: correct\nSendctl-Learner: %s\nSendctl-Date: %s\nSendctl-Stage: initial-concerns\nSendctl-Seals: %s %s\nSendctl-Format: 1\n",
				l.id, day, l.id, day, made[0].path, seal.Hash(made[0].data)))
			for _, f := range made {
				file(w, f.path, f.data)
			}
			continue
		}
		l.note(draw, date.Of(at))
		commit(w, at, fmt.Sprintf("note: %s %s initial-concerns\n\nSendctl-Action: note\nSendctl-Learner: %s\nSendctl-Date: %s\nSendctl-Stage: initial-concerns\nSendctl-Format: 1\n",
			l.id, date.Of(at), l.id, date.Of(at)))
		file(w, l.openPath(), l.open())
	}
	_, err = io.WriteString(w, "done\n")
	return err
}

// Errors of writing come out at the end, by bufio.Writer's Flush.

func commit(w io.Writer, at time.Time, message string) {
	fmt.Fprintf(w, "commit refs/heads/main\ncommitter P. Grimes <grimes@thornelaw.example> %d +0000\ndata %d\n%s\n", at.Unix(), len(message), message)
}

func file(w io.Writer, path string, data []byte) {
	fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n%s\n", path, len(data), data)
}
