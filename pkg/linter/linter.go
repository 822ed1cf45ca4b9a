package linter

import (
	"context"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
)

// Options says what is judged, and how.
type Options struct {
	Day     date.Date // today
	Paths   []string  // slash paths of files and folders; nil is the whole folder
	Workers int       // how many records are judged at once; 0 is one for each core
	// Values keeps what the record says in Finding.Value. Nothing is taken from an
	// earlier run then.
	Values bool
	// Step hears how many learners are done, of how many; may be nil.
	Step func(done, of int)
}

// Result is what a run judged and found.
type Result struct {
	Findings []diag.Finding // sorted
	Files    int            // of the record, judged
	Learners int            // whose records were judged
	Rules    int            // that were applied
	Whole    bool           // whether those of the whole folder were among them
	Kept     int            // learners whose record was judged by an earlier run, and had not changed
	// Unmatched are the paths asked for that hold no file of the record.
	Unmatched []string
}

// Run judges what is asked for. The error is one of reading, a
// *recordfile.VersionError, or ctx's.
func Run(ctx context.Context, f *folder.Folder, o Options) (Result, error) {
	all, err := f.Learners()
	if err != nil {
		return Result{}, err
	}
	var picked []string
	for _, id := range all {
		if o.touches(path.Join("learners", id)) {
			picked = append(picked, id)
		}
	}
	found := make([][]diag.Finding, len(picked))
	files := make([][]string, len(picked))
	facts := make([]rules.Facts, len(picked))
	if err := each(ctx, len(picked), o, func(i int) error {
		r, err := f.Load(picked[i])
		if err != nil {
			return err
		}
		v := rules.Judge(f, r, o.Day)
		found[i], files[i], facts[i] = v.Findings, r.Files, v.Facts
		return nil
	}); err != nil {
		return Result{}, err
	}
	r := Result{Learners: len(picked), Whole: len(picked) == len(all)}
	for _, x := range rules.All() {
		if r.Whole || !x.Whole {
			r.Rules++
		}
	}
	if !r.Whole {
		facts = nil
	}
	r.Findings = append(rules.Whole(f, facts, o.Day), slices.Concat(found...)...)
	paths := slices.DeleteFunc(append(f.Files(), slices.Concat(files...)...), o.unwanted)
	r.Files = len(paths)
	r.Findings = slices.DeleteFunc(r.Findings, func(x diag.Finding) bool { return o.unwanted(x.File) })
	if o.Paths != nil { // whatever is asked for is judged by these three; where one is unsound, that comes first
		for _, x := range f.Findings {
			if x.Severity == diag.Error {
				r.Findings = append(r.Findings, x)
			}
		}
	}
	r.Findings = diag.Sort(r.Findings)
	for _, w := range o.Paths {
		if !slices.ContainsFunc(paths, func(p string) bool { return below(p, w) }) && !slices.ContainsFunc(r.Findings, func(x diag.Finding) bool { return below(x.File, w) }) {
			r.Unmatched = append(r.Unmatched, w)
		}
	}
	return r, nil
}

// below reports whether p is the file or folder w, or lies in it.
func below(p, w string) bool { return p == w || strings.HasPrefix(p, w+"/") }

// touches reports whether anything asked for lies at, above or below p.
func (o Options) touches(p string) bool {
	return o.Paths == nil || slices.ContainsFunc(o.Paths, func(w string) bool { return below(p, w) || below(w, p) })
}

func (o Options) unwanted(p string) bool {
	return o.Paths != nil && !slices.ContainsFunc(o.Paths, func(w string) bool { return below(p, w) })
}

// each runs do for 0 … n-1 on all cores and stops at the first error.
func each(ctx context.Context, n int, o Options, do func(i int) error) error {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var mu sync.Mutex
	var first error
	next, done := 0, 0
	var wg sync.WaitGroup
	for range min(n, workers) {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				if first == nil {
					first = ctx.Err()
				}
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
				if o.Step != nil {
					o.Step(done, n)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return first
}
