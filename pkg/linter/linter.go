package linter

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Options says what is judged, and how.
type Options struct {
	Day     date.Date // today
	Paths   []string  // slash paths of files and folders; nil is the whole folder
	Workers int       // how many records are judged at once; 0 is one for each core
	// Cache keeps verdicts from one run to the next; nil keeps none. It is for a folder
	// on disk, and used where all of it is judged and no values are asked for.
	Cache *Cache
	// Said are the texts of git beside the files, to be looked through for names of
	// learners where all records are judged.
	Said []rules.Spoken
	// Values keeps what the record says in Finding.Value.
	Values bool
	// List asks for Result.Paths.
	List bool
	// Step hears how many learners are done, of how many; may be nil.
	Step func(done, of int)
}

// Result is what a run judged and found.
type Result struct {
	Findings []diag.Finding // those that count, sorted
	// Suppressed are those that a waiver covers on the day, sorted likewise.
	Suppressed []diag.Suppressed
	Files      int      // of the record, judged
	Paths      []string // those files, sorted; nil unless asked for
	Learners   int      // whose records were judged
	Rules      int      // that were applied
	Whole      bool     // whether those of the whole folder were among them
	Lost       []string // learners of whose record something could not be read, so that only the shape of the rest was judged
	Unread     []string // the files and folders that could not be read, by slash path
	Kept       int      // learners whose record was judged by an earlier run, and had not changed
	// Unmatched are the paths asked for that hold no file of the record.
	Unmatched []string
	// Version is the first file whose format is too old or too new, or nil. What is in
	// the others was judged all the same.
	Version *recordfile.VersionError
}

// Run judges what is asked for, and the records that it belongs to. The error is one of
// reading, or ctx's.
func Run(ctx context.Context, f *folder.Folder, o Options) (Result, error) {
	all, err := f.Learners()
	if err != nil {
		return Result{}, err
	}
	picked := all
	if !o.whole() {
		picked = slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !o.touches(path.Join("learners", id)) })
	}
	r := Result{Whole: len(picked) == len(all) && !slices.Contains(f.Unread, "learners"), Unread: slices.Clone(f.Unread)}
	if len(f.Versions) > 0 {
		r.Version = f.Versions[0]
	}
	var cache *cacheRun
	if r.Whole && !o.Values {
		cache = o.Cache.begin(f)
		defer cache.end()
	}
	judged := make([]judgement, len(picked))
	if err := each(ctx, len(picked), o, func(i int, d *desk) error {
		return judged[i].judge(f, picked[i], i, o, cache, d)
	}); err != nil {
		return Result{}, err
	}
	for _, x := range rules.All() {
		if r.Whole || !x.Whole {
			r.Rules++
		}
	}
	facts, err := r.gather(ctx, judged, o)
	if err != nil {
		return Result{}, err
	}
	of := append(rules.Whole(f, facts, o.Day), rules.Metadata(f, facts, o.Said)...)
	if !r.Whole { // with some records at hand, a rule about all of them has nothing to say
		of = slices.DeleteFunc(of, func(x diag.Finding) bool { rule, _ := ruleNamed(x.Rule); return rule.Whole })
	}
	living := WaiversOfSetting(f.Setting).Apply(of, o.Day, r.Whole)
	r.Findings = append(r.Findings, living.Left...)
	r.Suppressed = append(r.Suppressed, living.Suppressed...)
	for i, id := range picked {
		switch {
		case len(judged[i].unread) > 0:
			r.Lost = append(r.Lost, id)
			r.Unread = append(r.Unread, judged[i].unread...)
		case o.Paths == nil || o.touches(path.Join("learners", id)):
			r.Learners++
		}
	}
	r.narrow(f, o, judged)
	r.Findings = diag.Sort(r.Findings)
	slices.SortFunc(r.Suppressed, func(a, b diag.Suppressed) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Span.Start.Line, b.Span.Start.Line), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Message, b.Message))
	})
	if cache != nil && (r.Kept < len(picked) || len(cache.kept) != len(picked)) {
		cache.keep(judged)
	}
	return r, nil
}

// narrow leaves what was asked for.
func (r *Result) narrow(f *folder.Folder, o Options, judged []judgement) {
	own := f.Files()
	r.Files += len(own)
	if o.Paths == nil {
		if o.List {
			r.Paths = pathsOf(own, judged, r.Files)
		}
		return
	}
	paths := slices.DeleteFunc(pathsOf(own, judged, r.Files), o.unwanted)
	r.Files = len(paths)
	r.Findings = slices.DeleteFunc(r.Findings, func(x diag.Finding) bool {
		lost := x.Rule == "file" && slices.Contains(r.Unread, x.File) // which is why what was asked for was not judged
		return o.unwanted(x.File) && !lost
	})
	r.Suppressed = slices.DeleteFunc(r.Suppressed, func(x diag.Suppressed) bool { return o.unwanted(x.File) })
	for _, x := range f.Findings { // whatever is asked for is judged by these files; where one is unsound, that comes first
		if x.Severity == diag.Error {
			r.Findings = append(r.Findings, x)
		}
	}
	if len(r.Unread) == 0 {
		r.Unmatched = o.unmatched(paths, r.Findings)
	}
	if o.List {
		r.Paths = paths
	}
}

// pathsOf are the folder's own files and those of the records, n in all, sorted.
func pathsOf(own []string, judged []judgement, n int) []string {
	slices.Sort(own)
	before, _ := slices.BinarySearch(own, "learners/")
	paths := append(make([]string, 0, n), own[:before]...)
	for i := range judged {
		if j := &judged[i]; !j.old {
			paths = append(paths, j.files...)
		} else {
			for p, file := range eachPath(j.paths) {
				if file {
					paths = append(paths, p)
				}
			}
		}
	}
	paths = append(paths, own[before:]...)
	slices.Sort(paths) // which they nearly are
	return paths
}

// judgement is what was found of one learner.
type judgement struct {
	*kept
	files   []string                 // of the record, where it was judged now
	settled bool                     // may be kept for the next run
	old     bool                     // was kept by an earlier one
	unread  []string                 // files and folders that could not be read
	version *recordfile.VersionError // of the first file of a format that is not read
}

// judge judges one learner's record, or finds that nothing of it has changed. What it
// gives holds on to nothing that was read, which the next learner's record is read over.
// at is the learner's place in the list of all.
func (j *judgement) judge(f *folder.Folder, id string, at int, o Options, cache *cacheRun, d *desk) error {
	if cache != nil {
		if j.kept = cache.find(id, at, o.Day, &d.bytes); j.kept != nil {
			j.settled, j.old = true, true
			return nil
		}
	}
	dir := path.Join("learners", id)
	k := &kept{id: id, day: numberOf(o.Day)}
	j.kept = k
	var names []string
	if cache != nil {
		var err error
		if k.sum, names, j.settled, err = cache.sums.of(id); err != nil {
			j.settled = false // whoever reads it next says what is wrong
		}
	}
	defer d.documents.Clear()
	r, versions, err := f.LoadInto(&d.documents, id)
	if err != nil {
		return err
	}
	if len(versions) > 0 {
		j.version, j.settled = versions[0], false
	}
	var v rules.Verdict
	var living Living
	if j.unread = r.Unread; len(j.unread) == 0 {
		v = rules.Judge(f, r, o.Day)
		living = WaiversOf(r.Learner).Apply(v.Findings, o.Day, false)
	} else { // what a rule would miss may be what could not be read
		j.settled = false
		v.Facts.Learner = id
		living.Left = readable(r)
	}
	k.until = numberOf(v.Until)
	if u := numberOf(living.Until); u != 0 && (k.until == 0 || u < k.until) {
		k.until = u
	}
	k.fileCount, j.files = len(r.Files), r.Files
	if j.settled {
		k.paths = packPaths(dir, names, r.Files)
	}
	if !o.Values {
		for i := range living.Left {
			living.Left[i].Value = ""
		}
		for i := range living.Suppressed {
			living.Suppressed[i].Value, living.Suppressed[i].Because = "", ""
		}
		diagfmt.Excerpt(living.Left, source(r), recordfile.Known)
	}
	b := pack(d.bytes[:0], reflect.ValueOf(living.Left))
	b = pack(b, reflect.ValueOf(living.Suppressed))
	b = pack(b, reflect.ValueOf(v.Facts))
	k.verdict, d.bytes = string(b), b
	return nil
}

// source gives the bytes of a record's files as they were read, nil for one that is no
// document.
func source(r *folder.Record) func(file string) []byte {
	docs := r.Docs()
	return func(file string) []byte {
		for _, d := range docs {
			if d.File() == file {
				return d.Bytes()
			}
		}
		return nil
	}
}

// readable are the findings of a record of which something could not be read: what that is,
// and the shape of the rest. Where nobody knows what is sealed, it is that alone, since of
// the others nobody could say either whether they may be mended.
func readable(r *folder.Record) []diag.Finding {
	if r.SealsListed() {
		return r.Findings
	}
	return slices.DeleteFunc(slices.Clone(r.Findings), func(x diag.Finding) bool { return !slices.Contains(r.Unread, x.File) })
}

// gather unpacks what was found of each learner on all cores, and gives the facts for the
// rules of the whole folder.
func (r *Result) gather(ctx context.Context, judged []judgement, o Options) (facts []rules.Facts, err error) {
	torn := func(i int) error {
		return fmt.Errorf("what was found of learners/%s cannot be read again: a fault of sendctl, or of the cache, which --no-cache goes without", judged[i].id)
	}
	if r.Whole {
		facts = make([]rules.Facts, len(judged))
	}
	from := make([]int, len(judged)+1) // where in the list of all findings those of each begin
	for i := range judged {
		j := &judged[i]
		u := unpacking{rest: j.verdict}
		found := u.uint()
		if found > uint64(len(u.rest)) {
			return nil, torn(i)
		}
		from[i+1] = from[i] + int(found)
		r.Files += j.fileCount
		if j.old {
			r.Kept++
		}
		if r.Version == nil {
			r.Version = j.version
		}
	}
	all := from[len(judged)]
	r.Findings = make([]diag.Finding, all, all+all/16) // with room for what the whole folder shows
	suppressed := make([][]diag.Suppressed, len(judged))
	o.Step = nil
	err = each(ctx, len(judged), o, func(i int, _ *desk) error {
		u := unpacking{rest: judged[i].verdict}
		left := r.Findings[from[i]:from[i]:from[i+1]]
		u.value(reflect.ValueOf(&left).Elem())
		u.value(reflect.ValueOf(&suppressed[i]).Elem())
		if r.Whole {
			u.value(reflect.ValueOf(&facts[i]).Elem())
		}
		if u.torn || r.Whole && u.rest != "" {
			return torn(i)
		}
		return nil
	})
	for _, s := range suppressed {
		r.Suppressed = append(r.Suppressed, s...)
	}
	return facts, err
}

// unmatched are the paths asked for at or below which nothing was judged, nor an error
// found: something less grave would leave what was not looked at for sound.
func (o Options) unmatched(paths []string, found []diag.Finding) []string {
	var out []string
	for _, w := range o.Paths {
		if !slices.ContainsFunc(paths, func(p string) bool { return below(p, w) }) &&
			!slices.ContainsFunc(found, func(x diag.Finding) bool { return x.Severity == diag.Error && below(x.File, w) }) {
			out = append(out, w)
		}
	}
	return out
}

// whole reports whether all records are judged: people and their keys, the setting and
// the pathway are judged with all that they bear on.
func (o Options) whole() bool {
	return o.Paths == nil || slices.ContainsFunc(o.Paths, func(w string) bool {
		first, _, below := strings.Cut(w, "/")
		_, known := recordfile.KindAt(w)
		return known && !below || !below && first == "learners" || slices.Contains([]string{"keys", "removals", "seals"}, first)
	})
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

// desk is memory that one worker has for itself, and uses again for every learner.
type desk struct {
	bytes     []byte
	documents yamldoc.Room
}

// each runs do for 0 … n-1 on all cores, some in a row so that neighbours on the disk are
// read together, and stops at the first error.
func each(ctx context.Context, n int, o Options, do func(i int, d *desk) error) error {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	const row = 16
	var mu sync.Mutex
	var first error
	next, done := 0, 0
	var wg sync.WaitGroup
	for range min((n+row-1)/row, workers) {
		wg.Go(func() {
			var d desk
			for {
				mu.Lock()
				from := next
				next += row
				if first == nil {
					first = ctx.Err()
				}
				stop := first != nil || from >= n
				mu.Unlock()
				if stop {
					return
				}
				to := min(from+row, n)
				var err error
				for i := from; i < to && err == nil; i++ {
					err = do(i, &d)
				}
				mu.Lock()
				if err != nil && first == nil {
					first = err
				}
				done += to - from
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
