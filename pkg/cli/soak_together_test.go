package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/merge"
)

// together brings one clone and the shared place together.
func (p *soakPair) together(w *person, how string) error {
	if out, err := w.git("fetch", "-q", "origin"); err != nil {
		return errors.New(out)
	}
	ours, err := w.git("rev-parse", "HEAD")
	if err != nil {
		return errors.New(ours)
	}
	theirs, _ := w.git("rev-parse", "origin/main")
	base, _ := w.git("merge-base", ours, theirs)
	for _, q := range p.asked {
		p.decided[q.Path] = true
	}
	p.answered = append(p.answered, p.asked...)
	p.asked, p.notes, p.how = nil, nil, how
	p.tell("%s: %s (ours %.8s, theirs %.8s, base %.8s)", w.id, how, ours, theirs, base)
	p.count("by "+how, 1)
	if strings.HasPrefix(how, "host") {
		// Neither the driver nor sendctl is there.
		for _, args := range [][]string{{"config", "--remove-section", "merge.sendctl"}} {
			if out, err := w.git(args...); err != nil {
				return errors.New(out)
			}
		}
		if err := os.Remove(filepath.Join(w.dir, ".git", "info", "attributes")); err != nil {
			return err
		}
	}
	if how == "rebase" {
		// A rebase leaves out a commit whose very change somebody else made and shared:
		// what was asked about theirs since, was asked about this one too.
		if out, err := w.git("cherry", theirs, ours); err != nil {
			return errors.New(out)
		} else if strings.HasPrefix(out, "- ") || strings.Contains(out, "\n- ") {
			p.asked = append(p.asked, p.answered...)
			p.count("rebased without a commit made twice", 1)
		}
		if out, err := w.git("pull", "-q", "--rebase", "origin", "main"); err != nil {
			p.count("git stopped rebasing", 1)
			if code, said := w.sendctl("sync"); code == 0 || !strings.Contains(said, "rebase") {
				return fmt.Errorf("sync in the middle of a rebase: exit code %d: %s (git: %s)", code, said, out)
			}
			if out, err := w.git("rebase", "--abort"); err != nil {
				return errors.New(out)
			}
		}
	} else if how != "sync" {
		w.now = w.now.Add(time.Minute)
		args := []string{"merge", "-q", "--no-edit", "origin/main"}
		if how == "pull" {
			args = []string{"pull", "-q", "--no-rebase", "--no-edit", "origin", "main"}
		}
		out, err := w.git(args...)
		switch {
		case err == nil:
			p.count("git merged", 1)
			if how == "driver" || how == "pull" {
				// The driver gives an id that both sides gave anew to one of them, and nobody is
				// there to be told: entries count whatever id they bear.
				for _, id := range p.learners {
					p.notes = append(p.notes, merge.Note{Rule: merge.RuleSameID, Learner: id})
				}
			}
			if how == "host" && p.rnd.IntN(2) == 0 {
				// The button of a git host: everybody else sees the merge before sendctl does here.
				if out, err := w.git("push", "-q", "origin", "main"); err != nil {
					return errors.New(out)
				}
				p.count("git pushed", 1)
				first := p.people[0]
				if err := p.sync(first); err != nil {
					return err
				}
				now, _ := first.git("rev-parse", "HEAD")
				if err := p.nothingLost(first, base, ours, theirs, now); err != nil {
					return err
				}
			}
		default:
			p.count("git stopped", 1)
			p.tell("git merge: %s", out)
			if strings.Contains(out, "<<<<<<<") {
				return errors.New("git merge printed marks")
			}
			if how == "driver" {
				if err := noMarks(w.dir); err != nil {
					return err
				}
			}
		}
	}
	if how == "host then act" {
		code, out := w.sendctl("contact", p.learners[0], "--with", "mum", "--how", "call", "--about", "plan", "--said", "After the merge.", "--date", "2026-11-04")
		p.tell("act after the merge: %d %s", code, out)
		if code != 0 && !strings.Contains(out, "sendctl sync") {
			return fmt.Errorf("an act after a merge past sendctl: exit code %d: %s", code, out)
		}
	}
	if err := p.sync(w); err != nil {
		return err
	}
	if strings.HasPrefix(how, "host") {
		if code, out := w.sendctl("init", "."); code != 0 {
			return errors.New(out)
		}
	}
	merged, _ := w.git("rev-parse", "HEAD")
	return p.nothingLost(w, base, ours, theirs, merged)
}

func noMarks(dir string) error {
	return filepath.WalkDir(filepath.Join(dir, "learners"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if bytes.Contains(b, []byte("<<<<<<<")) || bytes.Contains(b, []byte(">>>>>>>")) {
			return fmt.Errorf("marks of a conflict in %s", filepath.Base(name))
		}
		return err
	})
}

// byProgram runs sync as a program that asks by JSON, as often as it asks.
func (p *soakPair) byProgram(w *person) error {
	args := []string{"--json", "sync"}
	before, _ := w.git("rev-parse", "HEAD")
	status, _ := w.git("status", "--porcelain")
	for range 40 {
		code, out := w.sendctl(args...)
		var said struct {
			Format    string
			Result    string
			Questions []struct {
				ID, Rule, Learner, File, At, Path string
				Choices                           []string
			}
			Notes    []struct{ Rule, Learner, File, Path, Beside string }
			Findings []struct{ Rule, File, Path, Message string }
		}
		if err := json.Unmarshal([]byte(out), &said); err != nil {
			return fmt.Errorf("sync: exit code %d: %s", code, out)
		}
		switch {
		case said.Format == "sendctl-sync-questions/1" && len(said.Questions) > 0:
			head, _ := w.git("rev-parse", "HEAD")
			now, _ := w.git("status", "--porcelain")
			if len(args) == 2 && (head != before || now != status) {
				return fmt.Errorf("a question is open, and something changed:\n%s\n%s", status, now)
			}
			for _, q := range said.Questions {
				c := q.Choices[p.rnd.IntN(len(q.Choices))]
				args = append(args, "--answer", q.ID+"="+c)
				p.asked = append(p.asked, merge.Question{ID: q.ID, Rule: q.Rule, Learner: q.Learner, Path: q.File, At: q.Path})
				p.tell("asked %s %s %s %s: %s", q.Rule, q.File, q.Path, q.ID, c)
				p.count("asked "+q.Rule, 1)
			}
		case code != 0:
			return fmt.Errorf("sync: exit code %d: %s", code, out)
		default:
			for _, x := range said.Findings {
				p.toldOf(diag.Finding{Rule: x.Rule, File: x.File, Path: x.Path, Message: x.Message})
			}
			for _, n := range said.Notes {
				p.notes = append(p.notes, merge.Note{Rule: n.Rule, Learner: n.Learner, Path: n.File, Beside: n.Beside})
				p.count("noted "+n.Rule, 1)
			}
			if now, _ := w.git("status", "--porcelain"); now != "" {
				return fmt.Errorf("after sync, git status says:\n%s", now)
			}
			p.count(said.Result, 1)
			return nil
		}
	}
	return errors.New("sync asks for ever")
}

// toldOf keeps what sync told of: a rebase replays acts with nobody to ask, so what it
// breaks is told, and is a person's to put right.
func (p *soakPair) toldOf(x diag.Finding) {
	if p.how == "rebase" {
		p.found[told(x)] = true
	}
}

// sync runs sync: first with nobody to ask, then with the answers.
func (p *soakPair) sync(w *person) error {
	if w.program != "" {
		return p.byProgram(w)
	}
	e, _ := w.env()
	w.now = w.now.Add(time.Minute)
	desk, _, err := e.work(context.Background())
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer func() { desk.Store.Close(); desk.Repo.Close() }()
	before, _ := w.git("rev-parse", "HEAD")
	status, _ := w.git("status", "--porcelain")
	answers := map[string]merge.Choice{}
	for range 40 {
		out, err := desk.Sync(context.Background(), casework.Syncing{Answers: answers})
		var open *casework.QuestionsError
		if errors.As(err, &open) {
			head, _ := w.git("rev-parse", "HEAD")
			now, _ := w.git("status", "--porcelain")
			if len(answers) == 0 && (head != before || now != status) {
				return fmt.Errorf("a question is open, and something changed:\n%s\n%s", status, now)
			}
			p.asked = append(p.asked, open.Questions...)
			for _, q := range open.Questions {
				c := q.Choices[p.rnd.IntN(len(q.Choices))]
				answers[q.ID] = c
				p.tell("asked %s %s %s %s: %s", q.Rule, q.Path, q.At, q.ID, c)
				p.count("asked "+q.Rule, 1)
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("sync: %w", err)
		}
		p.notes = append(p.notes, out.Notes...)
		for _, n := range out.Notes {
			p.count("noted "+n.Rule, 1)
		}
		for _, x := range out.Findings {
			p.count("found "+x.Rule, 1)
			p.toldOf(x)
		}
		p.count("settled", len(out.Settled))
		now, _ := w.git("status", "--porcelain")
		if now != "" {
			return fmt.Errorf("after sync, git status says:\n%s", now)
		}
		if out.Merged {
			p.count("merged", 1)
		}
		return nil
	}
	return errors.New("sync asks for ever")
}

func (p *soakPair) nothingLost(w *person, base, ours, theirs, merged string) error {
	if merged == ours || merged == theirs {
		return nil // the folder is as one side had it, and the other had nothing more
	}
	var side [4]fs.FS
	for i, rev := range []string{base, ours, theirs, merged} {
		fsys, done, err := w.folderAt(rev)
		if err != nil {
			return err
		}
		defer done()
		side[i] = fsys
	}
	if lost := merge.Lost(side[0], side[1], side[2], side[3], p.asked, p.notes); len(lost) > 0 {
		return fmt.Errorf("lost:\n  %s", strings.Join(lost, "\n  "))
	}
	return nil
}

// judge holds the clones against each other, and the trail against its seals.
func (p *soakPair) judge() error {
	var trees []string
	for _, w := range p.people {
		tree, _ := w.git("rev-parse", "HEAD^{tree}")
		trees = append(trees, tree)
	}
	if slices.Compact(slices.Clone(trees))[0] != trees[len(trees)-1] {
		return fmt.Errorf("the clones differ in the end: %v", trees)
	}
	last := p.people[len(p.people)-1]
	if out, err := last.git("fsck", "--strict", "--no-dangling"); err != nil || out != "" {
		return fmt.Errorf("git fsck: %s", out)
	}
	if code, out := last.sendctl("audit", "verify"); code != 0 {
		return fmt.Errorf("audit verify: exit code %d\n%s", code, out)
	} else if code == 0 {
		p.count("proven", 1)
	}
	var fresh []string
	if err := p.eachError(last, func(x diag.Finding) {
		if !p.found[told(x)] && !(p.decided[x.File] && x.Rule == "dates-in-order") {
			fresh = append(fresh, fmt.Sprintf("%s %s: %s [%s]", x.File, x.Path, x.Message, x.Rule))
		}
	}); err != nil {
		return err
	}
	if len(fresh) > 0 {
		return fmt.Errorf("validate finds errors that no side had:\n  %s", strings.Join(fresh, "\n  "))
	}
	e, _ := last.env()
	desk, f, err := e.work(context.Background())
	if err != nil {
		return err
	}
	defer func() { desk.Store.Close(); desk.Repo.Close() }()
	if err := casework.Usable(f); err != nil {
		return err
	}
	all, err := f.Learners()
	if err != nil {
		return err
	}
	for _, id := range all {
		r, err := f.Load(id)
		if err != nil {
			return err
		}
		for _, x := range r.Findings {
			if x.Rule == "syntax" || x.Rule == "file" || x.Rule == "format" {
				return fmt.Errorf("%s cannot be read any more: %s", x.File, x.Message)
			}
		}
	}
	return nil
}
