package gate_test

import (
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// secret stands for everybody's words and names: no line of a table may hold it.
const secret = "Wren said so"

// fill gives any value whatever, with holes: lists of none, groups that are not
// there, codes that nobody knows.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Type() {
	case reflect.TypeFor[date.Date]():
		if n := rapid.IntRange(-1, 400).Draw(t, "day"); n >= 0 {
			v.Set(reflect.ValueOf(day("2025-09-01").AddDays(n)))
		}
		return
	case reflect.TypeFor[learner.Words](), reflect.TypeFor[learner.Scalar]():
		v.SetString(rapid.SampledFrom([]string{"", secret}).Draw(t, "words"))
		return
	case reflect.TypeFor[learner.Number]():
		v.SetString(rapid.SampledFrom([]string{"", "0", "1", "2", "-3", "38", "1e9", "99999999999999999999", secret}).Draw(t, "number"))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom([]string{"", "learner", "mum", "eyre", "ep-osei", "k4f7", "m3xt", "less", "step-up", "concern", "meeting", "initial-concerns", "passport", "cosa", "star", "received", "agreed",
			"p1", "t1", "SPLD", "K", "1:4", "1:0", "teacher", "two-reviewed-cycles", "not-applicable", "sha256:x", secret}).Draw(t, "code"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "is"))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(0, 2).Draw(t, "how many"), 2))
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	}
}

func some[T any](t *rapid.T) T {
	var v T
	fill(t, reflect.ValueOf(&v).Elem())
	return v
}

func filesOf[T any](t *rapid.T) []recordfile.File[T] {
	var out []recordfile.File[T]
	for range rapid.IntRange(0, 2).Draw(t, "files") {
		out = append(out, recordfile.File[T]{Path: "a", Value: some[T](t)})
	}
	return out
}

// look at everything that can be looked at, and hold what holds of every record.
func lookAtAll(t interface {
	Errorf(string, ...any)
}, f *folder.Folder, r *folder.Record, a gate.Ask) {
	var checks []string
	for _, c := range f.Pathway.Value.Checks {
		checks = append(checks, c.ID)
	}
	for _, name := range gate.Tests() { // each also without anything to look for
		f.Pathway.Value.Checks = append(f.Pathway.Value.Checks, pathway.Check{ID: "bare-" + name, Test: name})
		checks = append(checks, "bare-"+name)
	}
	for _, l := range gate.Table(f, r, checks, a) {
		if strings.Contains(l.Found, "Wren") || l.State == "" || l.Met() != (l.State == gate.Present || l.State == gate.NotApplicable) {
			t.Errorf("%s: %q %q", l.Check.ID, l.State, l.Found)
		}
		for i, id := range l.Cites {
			if !(ids.ValidFile(id) || slices.Contains([]string{"learner", "passport", "profile"}, id) || strings.HasPrefix(id, "sha256:") && len(id) == 71) || slices.Contains(l.Cites[:i], id) {
				t.Errorf("%s cites %q", l.Check.ID, l.Cites)
			}
		}
	}
	for _, life := range gate.Lives(f, r) {
		_, _, _ = life.Open(), life.Result(), life.GrantRuns(a.On)
		for _, x := range life.Limits() {
			if x.From.IsZero() || x.Due.Before(x.From) {
				t.Errorf("%+v", x)
			}
		}
	}
	gate.Costing(f, r, a.On)
	for _, from := range f.Pathway.Value.StageIDs() {
		for _, to := range f.Pathway.Value.StageIDs() {
			gate.Of(&f.Pathway.Value, from, to)
		}
	}
}

func TestAnyRecordCanBeLookedAt(t *testing.T) {
	p := readPathway(t, ours)
	rapid.Check(t, func(t *rapid.T) {
		f := &folder.Folder{}
		f.Pathway.Value = *p
		f.Pathway.Value.Checks = slices.Clone(p.Checks)
		f.Setting.Value = some[learner.Setting](t)
		f.People.Value = some[learner.People](t)
		r := &folder.Record{ID: who, Cycles: filesOf[learner.Cycle](t), Moves: filesOf[learner.Move](t), Requests: filesOf[learner.Request](t), Decisions: filesOf[learner.Decision](t),
			Letters: filesOf[learner.Letter](t), Impacts: filesOf[learner.Impact](t), Advice: filesOf[learner.Advice](t), Corrections: filesOf[learner.Correction](t)}
		r.Learner.Value, r.Identity.Value, r.Contacts.Value = some[learner.Learner](t), some[learner.Identity](t), some[learner.Contacts](t)
		a := gate.Ask{Log: some[[]learner.ContactEntry](t), Move: some[*learner.Move](t), Request: some[*learner.Request](t), On: some[date.Date](t), Confirmed: some[[]string](t), NotApplicable: some[[]string](t)}
		lookAtAll(t, f, r, a)
	})
}

// Any pathway too: faults are told, and nothing breaks.
func TestAnyPathwayCanBeJudged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := some[pathway.Pathway](t)
		gate.Faults(&p)
		f := &folder.Folder{}
		f.Pathway.Value = p
		lookAtAll(t, f, &folder.Record{}, gate.Ask{})
	})
}

// Files as they are found: cut off, taken away, with a line gone.
func TestBrokenFilesBreakNothing(t *testing.T) {
	sample := fstest.MapFS{}
	from := os.DirFS("../../testdata/e2e/record")
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, name)
		sample[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(sample))
	rapid.Check(t, func(t *rapid.T) {
		disk := maps.Clone(sample)
		for range rapid.IntRange(1, 4).Draw(t, "faults") {
			name := rapid.SampledFrom(names).Draw(t, "file")
			file, ok := disk[name]
			if !ok || name == "sendctl.yaml" {
				continue
			}
			switch rapid.SampledFrom([]string{"away", "cut", "line"}).Draw(t, "fault") {
			case "away":
				delete(disk, name)
			case "cut":
				disk[name] = &fstest.MapFile{Data: file.Data[:rapid.IntRange(0, len(file.Data)).Draw(t, "at")]}
			case "line":
				lines := strings.SplitAfter(string(file.Data), "\n")
				i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
				disk[name] = &fstest.MapFile{Data: []byte(strings.Join(slices.Delete(lines, i, i+1), ""))}
			}
		}
		f, err := folder.Open(disk)
		if err != nil {
			t.Skip("not a folder any more")
		}
		all, err := f.Learners()
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range all {
			r, err := f.Load(id)
			if err != nil {
				continue
			}
			lookAtAll(t, f, r, gate.Ask{On: day("2026-11-22")})
		}
	})
}
