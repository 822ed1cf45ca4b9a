package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/rules"
)

type validateOptions struct {
	staged     bool
	failOn     string
	showValues bool
}

func newValidateCmd(e *Env) *cobra.Command {
	var o validateOptions
	c := &cobra.Command{
		Use: "validate [PATH...]", Short: "check a record folder, for people and CI",
		Long: `Checks every file of the folder, or those named: is it plain YAML in which no
word is lost, has it the right shape, does every reference lead somewhere, are
the dates in order, is what is sealed unchanged. PATH is a file, a folder or a
learner's id.

Findings name places and keys, never what is written there, so a log may be
kept; --show-values prints the values too. Exit code 1 means at least one error,
3 that a named path is not there or holds no file of the record, or that a file
could not be read.`,
		Example: `  sendctl validate
  sendctl validate bk7m2xqt
  sendctl validate --json --fail-on warning`,
		RunE: func(c *cobra.Command, args []string) error { return e.validate(c.Context(), args, o) },
	}
	f := c.Flags()
	f.BoolVar(&o.staged, "staged", false, "check what is staged for the next commit, as git's hook does")
	f.StringVar(&o.failOn, "fail-on", "error", "the least severity that is exit code 1: error, warning or advice, as `WORD`")
	f.BoolVar(&o.showValues, "show-values", false, "print the values that findings speak of")
	return c
}

// checked is what a validation looked at and found.
type checked struct {
	findings []diag.Finding
	paths    []string // files
	learners int
}

func (e *Env) validate(ctx context.Context, args []string, o validateOptions) error {
	least, ok := map[string]diag.Severity{"error": diag.Error, "warning": diag.Warning, "advice": diag.Advice}[o.failOn]
	if !ok {
		return &casework.UnknownWordError{What: "severity", Typed: o.failOn, Known: []string{"error", "warning", "advice"}, Flag: "--fail-on"}
	}
	if o.staged && len(args) > 0 {
		return usage("--staged checks what is staged and takes no PATH")
	}
	var done checked
	var f *folder.Folder
	var err error
	if o.staged {
		f, done, err = e.validateStaged(ctx)
	} else {
		f, done, err = e.validatePaths(ctx, args)
	}
	if err != nil {
		return err
	}
	opt := e.findingOptions(func(name string) []byte {
		b, _, err := f.ReadFile(name)
		if err != nil {
			return nil
		}
		return b
	})
	opt.ShowValues = o.showValues
	sum := diagfmt.Count(done.findings, len(done.paths))
	if e.flags.json {
		err = diagfmt.JSON(e.Out, done.findings, sum, opt)
	} else {
		if err = diagfmt.Text(e.Out, done.findings, opt); err == nil {
			e.say("%s", validated(done, sum))
		}
	}
	if err != nil {
		return err
	}
	for _, x := range done.findings {
		if x.Severity <= least {
			return codeError(exitFindings)
		}
	}
	return nil
}

func validated(c checked, s diagfmt.Summary) string {
	what := fmt.Sprintf("Checked %s of %s by %d rules", plural(len(c.paths), "file", "files"), plural(c.learners, "learner", "learners"), len(rules.All()))
	if len(c.findings) == 0 {
		if len(c.paths) == 0 {
			return "Nothing of the record is staged, so nothing was checked."
		}
		return what + ": no fault."
	}
	return fmt.Sprintf("%s: %s, %s.", what, plural(s.Errors, "error", "errors"), plural(s.Warnings+s.Advice+s.Info, "other finding", "other findings"))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (e *Env) validatePaths(ctx context.Context, args []string) (*folder.Folder, checked, error) {
	f, err := e.look(ctx)
	if err != nil {
		return nil, checked{}, err
	}
	want, err := e.wanted(f, args)
	if err != nil {
		return f, checked{}, err
	}
	c, err := e.check(f, want)
	if err != nil {
		return f, c, err
	}
	for _, w := range want {
		told := func(x diag.Finding) bool { return below(x.File, w) }
		if !slices.ContainsFunc(c.paths, func(p string) bool { return below(p, w) }) && !slices.ContainsFunc(c.findings, told) {
			return f, checked{}, fmt.Errorf("%s holds no file of the record, so nothing was checked: sendctl help records shows which files those are", w)
		}
	}
	return f, c, nil
}

// below reports whether p is the file or folder w, or lies in it.
func below(p, w string) bool { return p == w || strings.HasPrefix(p, w+"/") }

// wanted turns the paths typed into slash paths of the folder; none is all of it.
func (e *Env) wanted(f *folder.Folder, args []string) ([]string, error) {
	root, err := e.root()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, a := range args {
		if ids.ValidLearner(a) {
			if id, err := f.Find(a, false); err == nil {
				out = append(out, path.Join("learners", id))
				continue
			}
		}
		abs := a
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(e.dir(), a)
		}
		rel, err := filepath.Rel(root, abs)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return nil, fmt.Errorf("%s lies outside the record folder, so nothing was checked", a)
		}
		p := filepath.ToSlash(rel)
		if _, err := fs.Lstat(f.FS(), p); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("%s is not there, so nothing was checked", a)
			}
			return nil, fmt.Errorf("%s: %w", a, err)
		}
		if p == "." {
			return nil, nil
		}
		out = append(out, p)
	}
	return out, nil
}

// validateStaged checks the records as they are staged, where anything of them is.
func (e *Env) validateStaged(ctx context.Context) (*folder.Folder, checked, error) {
	desk, _, err := e.work(ctx)
	if err != nil {
		return nil, checked{}, err
	}
	fsys, err := desk.Repo.IndexFS()
	if err != nil {
		return nil, checked{}, err
	}
	f, err := folder.Open(fsys)
	if err != nil {
		return nil, checked{}, err
	}
	staged, err := desk.Repo.Staged(ctx)
	if err != nil {
		return nil, checked{}, err
	}
	want := []string{}
	for _, p := range staged {
		parts := strings.SplitN(p, "/", 3)
		switch {
		case len(parts) == 3 && parts[0] == "learners":
			p = path.Join(parts[0], parts[1])
		case len(parts) == 2 && parts[0] == "learners": // a link or a lost file
		case len(parts) == 1 && path.Ext(p) == ".yaml", slices.Contains([]string{"keys", "removals", "seals"}, parts[0]):
			want = nil // people and their keys, setting and pathway bear on every record
		default:
			continue
		}
		if want == nil {
			break
		}
		if !slices.Contains(want, p) {
			want = append(want, p)
		}
	}
	if want != nil && len(want) == 0 {
		return f, checked{}, nil
	}
	c, err := e.check(f, want)
	if err != nil {
		return f, c, err
	}
	gone, err := desk.Gone(fsys, staged)
	c.findings = diag.Sort(append(c.findings, gone...))
	return f, c, err
}

// check judges the records that lie at or above the wanted paths (all, when nil)
// and keeps the findings at or below them.
func (e *Env) check(f *folder.Folder, want []string) (checked, error) {
	all, err := f.Learners()
	if err != nil {
		return checked{}, err
	}
	touches := func(p string) bool {
		return want == nil || slices.ContainsFunc(want, func(w string) bool {
			return below(p, w) || below(w, p)
		})
	}
	var picked []string
	for _, id := range all {
		if touches(path.Join("learners", id)) {
			picked = append(picked, id)
		}
	}
	day := date.Of(e.Now())
	if demo := f.Setting.Value.Demonstration; demo != nil && demo.Today.After(day) {
		day = demo.Today // a made-up school stands on a day of its own
	}
	found := make([][]diag.Finding, len(picked))
	files := make([][]string, len(picked))
	p := e.Progress("Checking records")
	defer p.Done()
	if err := e.each(len(picked), p.Step, func(i int) error {
		r, err := f.Load(picked[i])
		if err != nil {
			return err
		}
		found[i], files[i] = append(rules.Learner(f, r), rules.NotYet(r, day)...), r.Files
		return nil
	}); err != nil {
		return checked{}, err
	}
	out := checked{learners: len(picked), findings: append(slices.Concat(f.Findings, rules.Pathway(f), rules.Setting(f, day), f.Strays()), slices.Concat(found...)...)}
	out.paths = append(f.Files(), slices.Concat(files...)...)
	unwanted := func(p string) bool {
		return want != nil && !slices.ContainsFunc(want, func(w string) bool { return below(p, w) })
	}
	out.paths = slices.DeleteFunc(out.paths, unwanted)
	out.findings = slices.DeleteFunc(out.findings, func(x diag.Finding) bool { return unwanted(x.File) })
	if want != nil { // whatever is asked for is judged by these three; where one is unsound, that comes first
		for _, x := range f.Findings {
			if x.Severity == diag.Error {
				out.findings = append(out.findings, x)
			}
		}
	}
	out.findings = diag.Sort(out.findings)
	return out, nil
}

// each runs do for 0 … n-1 on all cores and stops at the first error.
func (e *Env) each(n int, step func(done, of int), do func(int) error) error {
	var mu sync.Mutex
	var first error
	next, done := 0, 0
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				stop := first != nil || i >= n
				mu.Unlock()
				if stop {
					return
				}
				err := do(i)
				mu.Lock()
				if err != nil && first == nil {
					first = err
				}
				done++
				step(done, n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return first
}
