//go:build unix

// Command bench measures sendctl beside git: the same work done by whole
// processes in turn (sendctl, git, sendctl, git …), so that a slow moment of the
// machine falls on both. See run.sh.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	var b bench
	flag.StringVar(&b.tools, "tools", "", "folder of the programs sendctl and genrecords")
	flag.StringVar(&b.review, "review", "", "answers of a review")
	flag.StringVar(&b.keep, "keep", "", "folder for the made record folders; a temporary one if empty")
	flag.IntVar(&b.most, "most", 10000, "the most learners of a folder")
	flag.IntVar(&b.pairs, "pairs", 15, "how many pairs of runs")
	flag.StringVar(&b.here, "here", "testdata/bench", "folder of this program's own files")
	flag.StringVar(&b.modules, "modules", "", "node_modules with ajv, ajv-formats and js-yaml; part validate goes without them if empty")
	flag.StringVar(&b.kubeconform, "kubeconform", "", "the program kubeconform; likewise")
	only := flag.String("only", "start,review,commits,log,read,validate,verify,census", "parts to measure")
	plain := flag.String("decode", "", "measure nothing: decode what a census of this folder is made of, and end")
	flag.Parse()
	if *plain != "" {
		if err := decode(*plain); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if err := b.all(strings.Split(*only, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	tools, review, keep string
	here                string
	modules             string
	kubeconform         string
	most, pairs         int
	work                string // copies that the runs write into
}

func (b *bench) all(parts []string) (err error) {
	if b.work, err = os.MkdirTemp("", "sendctl-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.work)) }()
	if b.keep == "" {
		b.keep = filepath.Join(b.work, "made")
	}
	if err := os.MkdirAll(b.keep, 0o777); err != nil {
		return err
	}
	// The machine's own git configuration may not bear on either side.
	for _, kv := range [][2]string{{"HOME", b.work}, {"XDG_CONFIG_HOME", b.work}, {"GIT_CONFIG_NOSYSTEM", "1"}} {
		if err := os.Setenv(kv[0], kv[1]); err != nil {
			return err
		}
	}
	fmt.Printf("%-44s %9s %9s %7s %17s %6s\n", "milliseconds, medians", "sendctl", "git", "ratio", "min … max", "aim")
	for _, p := range []struct {
		name string
		run  func() error
	}{{"start", b.start}, {"review", b.reviews}, {"commits", b.commits}, {"log", b.logs}, {"read", b.reads}, {"validate", b.validates}, {"verify", b.verifies}, {"census", b.censuses}} {
		if slices.Contains(parts, p.name) {
			if err := p.run(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) sendctl(args ...string) command {
	return command{program: filepath.Join(b.tools, "sendctl"), args: args}
}

func git(args ...string) command { return command{program: "git", args: args} }

func (b *bench) start() error {
	r, err := b.pair(4*b.pairs, func(int) ([]command, error) { return []command{b.sendctl("--version")}, nil },
		func(int) ([]command, error) { return []command{git("--version")}, nil })
	if err != nil {
		return err
	}
	r.print("start: --version", 3)
	return nil
}

// made gives the record folder of so many learners and commits, making it if it is not there.
func (b *bench) made(learners, commits int, more ...string) (string, error) {
	dir := filepath.Join(b.keep, fmt.Sprintf("%d-learners-%d-commits", learners, commits)+strings.Join(more, ""))
	if _, err := os.Stat(filepath.Join(dir, ".git", "index")); err == nil {
		return dir, nil
	}
	args := append([]string{"-learners", fmt.Sprint(learners), "-commits", fmt.Sprint(commits), "-pack"}, append(more, dir)...)
	_, err := command{program: filepath.Join(b.tools, "genrecords"), args: args}.run()
	return dir, err
}

// twin copies a made folder; git has looked at the copy once, so that its index is fresh.
func (b *bench) twin(from, name string) (string, error) {
	to := filepath.Join(b.work, name)
	if err := os.RemoveAll(to); err != nil {
		return "", err
	}
	if _, err := (command{program: "cp", args: []string{"-a", from, to}}).run(); err != nil {
		return "", err
	}
	_, err := git("-C", to, "update-index", "-q", "--refresh").run()
	return to, err
}

func learners(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, "learners"))
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out, err
}

// reviews records reviews in folders of 300, 3,000 and 10,000 learners.
func (b *bench) reviews() error {
	for _, c := range []struct {
		learners int
		aim      float64
	}{{300, 1}, {3000, 0.6}, {10000, 0.4}} {
		if c.learners > b.most {
			continue
		}
		if err := b.recordReviews(c.learners, 10, fmt.Sprintf("a review, %d learners", c.learners), c.aim, nil); err != nil {
			return err
		}
		// What sendctl always does: nothing is told to be recorded before it is on the disk.
		if err := b.recordReviews(c.learners, 10, "  git told to flush its objects too", 0, []string{"-c", "core.fsync=committed"}); err != nil {
			return err
		}
	}
	return nil
}

// commits records reviews in folders with few and with many earlier commits.
func (b *bench) commits() error {
	for _, n := range []int{10, 1000, 10000} {
		if err := b.recordReviews(300, n, fmt.Sprintf("a review, 300 learners, %d commits before", n), 0, nil); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) recordReviews(size, commits int, name string, aim float64, config []string) error {
	from, err := b.made(size, commits)
	if err != nil {
		return err
	}
	ours, err := b.twin(from, "ours")
	if err != nil {
		return err
	}
	theirs, err := b.twin(from, "theirs")
	if err != nil {
		return err
	}
	who, err := learners(ours)
	if err != nil {
		return err
	}
	before := [2]int64{weigh(ours), weigh(theirs)}
	r, err := b.pair(b.pairs, func(i int) ([]command, error) {
		return []command{b.sendctl("-C", ours, "review", who[i], "--answers", b.review, "--no-input")}, nil
	}, func(i int) ([]command, error) {
		// The same bytes that sendctl has just written, committed by git.
		id := who[i]
		files, err := copyChanged(ours, theirs, id)
		if err != nil {
			return nil, err
		}
		in := append([]string{"-C", theirs}, config...)
		return []command{
			git(append(append(slices.Clone(in), "add"), files...)...),
			git(append(slices.Clone(in), "commit", "-q", "-m", "review: "+id+" 2026-11-20 initial-concerns")...),
		}, nil
	})
	if err != nil {
		return err
	}
	r.print(name, aim)
	n := int64(b.pairs + 1) // with the pair that warmed up
	fmt.Printf("%-44s %9d %9d\n", "  bytes added to .git by each", (weigh(ours)-before[0])/n, (weigh(theirs)-before[1])/n)
	return nil
}

// copyChanged brings the learner's open cycle and its seal over to the other folder.
func copyChanged(from, to, id string) (files []string, err error) {
	for _, pattern := range []string{"cycles/2026-09-*.yaml", "seals/*-review.seal"} {
		found, err := filepath.Glob(filepath.Join(from, "learners", id, pattern))
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			rel, err := filepath.Rel(from, f)
			if err != nil {
				return nil, err
			}
			data, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			if old, err := os.ReadFile(filepath.Join(to, rel)); err == nil && string(old) == string(data) {
				continue
			}
			if err := os.WriteFile(filepath.Join(to, rel), data, 0o666); err != nil {
				return nil, err
			}
			files = append(files, rel)
		}
	}
	return files, nil
}

// logs tells one learner's history out of 10,000 and 100,000 commits.
func (b *bench) logs() error {
	for _, n := range []int{10000, 100000} {
		from, err := b.made(300, n)
		if err != nil {
			return err
		}
		dir, err := b.twin(from, "ours")
		if err != nil {
			return err
		}
		who, err := learners(dir)
		if err != nil {
			return err
		}
		for _, graph := range []bool{false, true} {
			name := fmt.Sprintf("log of one learner, %d commits", n)
			if graph {
				name += ", commit-graph"
				if _, err := git("-C", dir, "commit-graph", "write", "--reachable", "--changed-paths").run(); err != nil {
					return err
				}
			}
			theirs := func(i int) ([]command, error) {
				return []command{git("-C", dir, "log", "--", "learners/"+who[i])}, nil
			}
			// Without what an earlier run left behind, then with it.
			r, err := b.pair(min(b.pairs, 7), func(i int) ([]command, error) {
				found, err := filepath.Glob(filepath.Join(dir, ".git", "sendctl", "history*.idx"))
				for _, f := range found {
					err = errors.Join(err, os.Remove(f))
				}
				return []command{b.sendctl("-C", dir, "log", who[i])}, err
			}, theirs)
			if err != nil {
				return err
			}
			r.print(name, 1)
			if r, err = b.pair(min(b.pairs, 7), func(i int) ([]command, error) {
				return []command{b.sendctl("-C", dir, "log", who[i])}, nil
			}, theirs); err != nil {
				return err
			}
			r.print("  the second time", 0.3)
		}
	}
	return nil
}

// reads checks and lists whole folders.
func (b *bench) reads() error {
	for _, n := range []int{300, 3000, 10000} {
		if n > b.most {
			continue
		}
		dir, err := b.made(n, 10)
		if err != nil {
			return err
		}
		who, err := learners(dir)
		if err != nil {
			return err
		}
		status := func(int) ([]command, error) { return []command{git("-C", dir, "status", "-uno")}, nil }
		for _, args := range [][]string{{"validate"}, {"list"}, {"due"}, {"show", who[n/2]}, {"validate", who[n/2]}} {
			if n != 3000 && (len(args) > 1 || args[0] != "validate") {
				continue
			}
			r, err := b.pair(min(b.pairs, 7), func(int) ([]command, error) {
				return []command{b.sendctl(append([]string{"-C", dir}, args...)...)}, nil
			}, status)
			if err != nil {
				return err
			}
			r.print(fmt.Sprintf("%s of %d learners; git status -uno", args[0], n), 0)
			if args[0] == "validate" && len(args) == 1 {
				files := 0
				if err := filepath.WalkDir(filepath.Join(dir, "learners"), func(_ string, d os.DirEntry, err error) error {
					if err == nil && !d.IsDir() {
						files++
					}
					return err
				}); err != nil {
					return err
				}
				fmt.Printf("%-44s %9.0f %9s   peak %d MB\n", "  files a second", float64(files)/median(r.ours)*1000, "", r.peak>>20)
			}
		}
	}
	return nil
}

// verifies proves the trail of folders in which every fourth commit seals a file.
func (b *bench) verifies() error {
	for _, c := range []struct{ learners, commits int }{{300, 10000}, {3000, 10000}, {300, 100000}} {
		if c.learners > b.most {
			continue
		}
		dir, err := b.made(c.learners, c.commits, "-sealed=4")
		if err != nil {
			return err
		}
		if err := b.verify(dir, min(b.pairs, 5), git("-C", dir, "fsck", "--no-progress"), fmt.Sprintf("audit verify, %d learners, %d commits; git fsck", c.learners, c.commits)); err != nil {
			return err
		}
	}
	dir, err := b.made(300, 10000, "-sealed=4", "-signed")
	if err != nil {
		return err
	}
	// git starts ssh-keygen for each signature: one pair is minutes enough.
	return b.verify(dir, 1, git("-C", dir, "log", "--show-signature"), "  all signed; git log --show-signature")
}

func (b *bench) verify(dir string, pairs int, theirs command, name string) error {
	r, err := b.pair(pairs, func(int) ([]command, error) { return []command{b.sendctl("-C", dir, "audit", "verify")}, nil },
		func(int) ([]command, error) { return []command{theirs}, nil })
	if err != nil {
		return err
	}
	r.print(name, 1)
	fmt.Printf("%-44s %9s %9s   peak %d MB\n", "", "", "", r.peak>>20)
	return nil
}
