package folder_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

func school(t *testing.T) fstest.MapFS {
	t.Helper()
	disk := fstest.MapFS{}
	from := os.DirFS("../../testdata/school")
	err := fs.WalkDir(from, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, p)
		disk[p] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return disk
}

func open(t *testing.T, fsys fs.FS) *folder.Folder {
	t.Helper()
	f, err := folder.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOpen(t *testing.T) {
	if _, err := folder.Open(fstest.MapFS{}); !errors.Is(err, folder.ErrNotFolder) {
		t.Errorf("an empty folder: %v", err)
	}
	disk := school(t)
	if f := open(t, disk); len(f.Findings) > 0 || f.Setting.Value.Name != "Thornelaw Academy" {
		t.Errorf("%+v", f.Findings)
	}
	disk["sendctl.yaml"].Data = []byte(strings.Replace(string(disk["sendctl.yaml"].Data), "setting/v1", "setting/v2", 1))
	var version *recordfile.VersionError
	if _, err := folder.Open(disk); !errors.As(err, &version) || !version.Newer || version.File != "sendctl.yaml" {
		t.Errorf("a newer format: %v", err)
	}
	disk = school(t)
	delete(disk, "people.yaml")
	if f := open(t, disk); len(f.Findings) != 1 || f.Findings[0].File != "people.yaml" || f.Findings[0].Severity != diag.Error {
		t.Errorf("a missing file: %+v", f.Findings)
	}
}

func TestPeople(t *testing.T) {
	f := open(t, school(t))
	if p, ok := f.PersonByEmail("GRIMES@Thornelaw.example"); !ok || p.ID != "grimes" {
		t.Errorf("%+v", p)
	}
	for _, none := range []string{"", "nobody@thornelaw.example"} {
		if p, ok := f.PersonByEmail(none); ok {
			t.Errorf("%q is %s", none, p.ID)
		}
	}
	if _, ok := f.Person("grimes"); !ok {
		t.Error("grimes is not found")
	}
	if _, ok := f.Person("grime"); ok {
		t.Error("grime is found")
	}
}

func TestFind(t *testing.T) {
	disk := school(t)
	other := func(id, name, family string) {
		disk["learners/"+id+"/identity.yaml"] = &fstest.MapFile{Data: []byte("format: identity/v1\nlearner: " + id + "\nname: " + name + "\nlegal_name:\n  given: " + name + "\n  family: " + family + "\nborn: 2017-03-08\n")}
		disk["learners/"+id+"/learner.yaml"] = disk["learners/jv6fpqgg/learner.yaml"]
	}
	other("jv7k2m3q", "Judith", "Brown")
	other("bk7m2xqt", "Ann", "Ashworth")
	f := open(t, disk)
	tests := []struct {
		typed string
		names bool
		want  string
		err   folder.NoLearnerError
	}{
		{"jv6fpqgg", false, "jv6fpqgg", folder.NoLearnerError{}},
		{"jv6", false, "jv6fpqgg", folder.NoLearnerError{}},
		{"b", false, "bk7m2xqt", folder.NoLearnerError{}},
		{"jv", false, "", folder.NoLearnerError{Typed: "jv", Several: []string{"jv6fpqgg", "jv7k2m3q"}}},
		{"jv6fpqgh", false, "", folder.NoLearnerError{Typed: "jv6fpqgh", Near: "jv6fpqgg"}},
		{"Judith", true, "jv7k2m3q", folder.NoLearnerError{}},
		{"ann ash", true, "bk7m2xqt", folder.NoLearnerError{}},
		{"ashworth", true, "", folder.NoLearnerError{Typed: "ashworth", Several: []string{"bk7m2xqt", "jv6fpqgg"}}},
		{"jud", true, "", folder.NoLearnerError{Typed: "jud", Several: []string{"jv6fpqgg", "jv7k2m3q"}}},
		{"Judith", false, "", folder.NoLearnerError{Typed: "Judith"}}, // a script never finds by name
		{"", true, "", folder.NoLearnerError{}},
		{"../jv6fpqgg", true, "", folder.NoLearnerError{Typed: "../jv6fpqgg", Near: "jv6fpqgg"}},
	}
	for _, tt := range tests {
		got, err := f.Find(tt.typed, tt.names)
		var none *folder.NoLearnerError
		if tt.want != "" {
			if got != tt.want || err != nil {
				t.Errorf("%q: %q, %v", tt.typed, got, err)
			}
			continue
		}
		if !errors.As(err, &none) {
			t.Errorf("%q: %q, %v", tt.typed, got, err)
			continue
		}
		if diff := cmp.Diff(tt.err.Several, none.Several); diff != "" || tt.err.Near != none.Near || tt.typed != none.Typed {
			t.Errorf("%q: %+v", tt.typed, none)
		}
	}
}

func TestLoad(t *testing.T) {
	disk := school(t)
	disk["learners/jv6fpqgg/lost.txt"] = &fstest.MapFile{Data: []byte("x")}
	disk["learners/jv6fpqgg/cycles/notes.md"] = &fstest.MapFile{Data: []byte("x")}
	disk["learners/jv6fpqgg/.hidden"] = &fstest.MapFile{Data: []byte("x")}
	disk["learners/jv6fpqgg/attachments/2025/report.pdf"] = &fstest.MapFile{Data: make([]byte, folder.MaxFile+1)}
	disk["learners/jv6fpqgg/advice/2026-01-01-aaaa.yaml"] = &fstest.MapFile{Data: make([]byte, folder.MaxFile+1)}
	r, err := open(t, disk).Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Cycles) != 2 || len(r.Corrections) != 1 || len(r.Seals) != 3 || len(r.Contacts.Value.Contacts) != 2 || r.Cycles[0].Value.ID != "gxqf" {
		t.Errorf("%d cycles, %d corrections, %d seals", len(r.Cycles), len(r.Corrections), len(r.Seals))
	}
	if diff := cmp.Diff([]string{"attachments/2025/report.pdf"}, r.Attachments); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Severity.String()+" "+f.File)
	}
	want := []string{"warning learners/jv6fpqgg/.hidden", "error learners/jv6fpqgg/advice/2026-01-01-aaaa.yaml", "warning learners/jv6fpqgg/cycles/notes.md", "warning learners/jv6fpqgg/lost.txt"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var none *folder.NoLearnerError
	if _, err := open(t, disk).Load("bk7m2xqt"); !errors.As(err, &none) {
		t.Errorf("got %v", err)
	}
	if r.OpenCycle() != nil || len(r.Reviewed()) != 2 || r.Family("mum") != "Helen Ashworth" || r.Family("gran") != "" {
		t.Error("what is asked of a record is not answered")
	}
}

// A file that a person has damaged does not hide the others.
func TestLoadDamaged(t *testing.T) {
	disk := school(t)
	p := "learners/jv6fpqgg/cycles/2025-11-28-initial-concerns-nrdv.yaml"
	disk[p].Data = append(disk[p].Data, "plan: [\n"...)
	r, err := open(t, disk).Load("jv6fpqgg")
	if err != nil || len(r.Cycles) != 2 || diag.Worst(r.Findings) != diag.Error || r.Findings[0].File != p || r.Findings[0].Span.Start.Line == 0 {
		t.Errorf("%v, %+v", err, r.Findings)
	}
	if r.OpenCycle() != nil {
		t.Error("a cycle that cannot be read is taken for open")
	}
}

func TestStrays(t *testing.T) {
	disk := school(t)
	disk["learners/Jude/identity.yaml"] = &fstest.MapFile{Data: []byte("x")}
	disk["learners/lost.yaml"] = &fstest.MapFile{Data: []byte("x")}
	disk["learners/.DS_Store"] = &fstest.MapFile{Data: []byte("x")}
	f := open(t, disk)
	var got []string
	for _, x := range f.Strays() {
		got = append(got, x.File)
	}
	if diff := cmp.Diff([]string{"learners/Jude", "learners/lost.yaml"}, got); diff != "" {
		t.Error(diff)
	}
	all, err := f.Learners()
	if diff := cmp.Diff([]string{"jv6fpqgg"}, all); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if all, err := open(t, fstest.MapFS{"sendctl.yaml": disk["sendctl.yaml"]}).Learners(); len(all) > 0 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
}

// A symbolic link is never followed, be it a file, a folder of files or a learner.
func TestLinks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "school")
	if err := os.CopyFS(dir, os.DirFS("../../testdata/school")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside.yaml")
	if err := os.WriteFile(outside, []byte("format: contacts/v1\nlearner: jv6fpqgg\ncontacts: []\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	jude := filepath.Join(dir, "learners", "jv6fpqgg")
	for from, to := range map[string]string{filepath.Join(jude, "passport.yaml"): outside, filepath.Join(jude, "advice"): filepath.Dir(outside), filepath.Join(dir, "learners", "bk7m2xqt"): jude} {
		if err := os.Symlink(to, from); err != nil {
			if runtime.GOOS == "windows" {
				t.Skip("no links here:", err)
			}
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, fsys := range []fs.FS{os.DirFS(dir), root.FS()} {
		f := open(t, fsys)
		r, err := f.Load("jv6fpqgg")
		if err != nil || len(r.Findings) != 2 || r.Findings[0].File != "learners/jv6fpqgg/advice" || r.Findings[1].File != "learners/jv6fpqgg/passport.yaml" || r.Passport.Doc != nil || len(r.Advice) > 0 {
			t.Errorf("%v, %+v", err, r.Findings)
		}
		all, err := f.Learners()
		if diff := cmp.Diff([]string{"jv6fpqgg"}, all); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if s := f.Strays(); len(s) != 1 || s[0].File != "learners/bk7m2xqt" {
			t.Errorf("%+v", s)
		}
		if id, err := f.Find("bk7m2xqt", true); err == nil {
			t.Errorf("a link is found as the learner %s", id)
		}
		if r, err := f.Load("bk7m2xqt"); err == nil {
			t.Errorf("a link is loaded as the learner %s", r.ID)
		}
	}
}

// Corrections are laid over what they correct; the file itself stays.
func TestCorrected(t *testing.T) {
	disk := school(t)
	f := open(t, disk)
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	fixed, faults := r.Corrected(r.Cycles[0])
	if len(faults) > 0 || fixed.Review.Targets[1].Result != "9" || r.Cycles[0].Value.Review.Targets[1].Result != "7" {
		t.Errorf("%v, %+v", faults, fixed.Review.Targets)
	}
	if other, faults := r.Corrected(r.Cycles[1]); len(faults) > 0 || !cmp.Equal(other.Review.Targets, r.Cycles[1].Value.Review.Targets) {
		t.Errorf("another cycle is corrected too: %v", faults)
	}
	if got := r.CorrectionsOf("gxqf"); len(got) != 1 || got[0].ID != "xmrz" || len(r.CorrectionsOf("nrdv")) != 0 {
		t.Errorf("%+v", got)
	}

	// A second one of the same value counts after the first, in order of date.
	first := disk["learners/jv6fpqgg/corrections/2025-11-24-xmrz.yaml"].Data
	later := strings.NewReplacer("id: xmrz", "id: yyyy", "2025-11-24", "2025-12-01", "was: 7", "was: 9", "is: 9", "is: 10").Replace(string(first))
	disk["learners/jv6fpqgg/corrections/2025-12-01-yyyy.yaml"] = &fstest.MapFile{Data: []byte(later)}
	lost := strings.NewReplacer("id: xmrz", "id: zzzz", "2025-11-24", "2025-12-02", "targets[1]", "targets[9]").Replace(string(first))
	disk["learners/jv6fpqgg/corrections/2025-12-02-zzzz.yaml"] = &fstest.MapFile{Data: []byte(lost)}
	if r, err = f.Load("jv6fpqgg"); err != nil {
		t.Fatal(err)
	}
	fixed, faults = r.Corrected(r.Cycles[0])
	if fixed.Review.Targets[1].Result != "10" || len(faults) != 1 || faults[0].File != "learners/jv6fpqgg/corrections/2025-12-02-zzzz.yaml" || faults[0].Path != "path" {
		t.Errorf("%+v, %+v", fixed.Review.Targets, faults)
	}
}

// Several corrections of one value on one day count in the order in which each
// takes up what the one before said, whatever their ids; one that takes up
// nothing that was ever said is told.
func TestCorrectionsOfOneDay(t *testing.T) {
	tests := []struct {
		name string
		fix  [][2]string // was and is, in the order of their ids
		want string      // the ids, in order
		now  string
		bad  string // the ids found at fault
	}{
		{"in order", [][2]string{{"7", "9"}, {"9", "10"}, {"10", "8"}}, "bbbb cccc dddd", "8", ""},
		{"backwards", [][2]string{{"10", "8"}, {"9", "10"}, {"7", "9"}}, "dddd cccc bbbb", "8", ""},
		{"to and fro", [][2]string{{"7", "10"}, {"7", "9"}, {"9", "7"}}, "cccc dddd bbbb", "10", ""},
		{"round and back", [][2]string{{"9", "7"}, {"8", "7"}, {"7", "9"}, {"7", "8"}}, "dddd bbbb ffff cccc", "7", ""},
		{"not what the file says", [][2]string{{"6", "9"}}, "bbbb", "9", "bbbb"},
		{"two of the same", [][2]string{{"7", "9"}, {"7", "10"}}, "bbbb cccc", "10", "cccc"},
		{"a gap", [][2]string{{"12", "13"}, {"7", "9"}}, "cccc bbbb", "13", "bbbb"},
	}
	for _, tt := range tests {
		disk := school(t)
		const dir = "learners/jv6fpqgg/corrections/"
		model := string(disk[dir+"2025-11-24-xmrz.yaml"].Data)
		delete(disk, dir+"2025-11-24-xmrz.yaml")
		for i, f := range tt.fix {
			id := strings.Repeat(string("bcdfgh"[i]), 4)
			text := strings.NewReplacer("id: xmrz", "id: "+id, "was: 7", "was: "+f[0], "is: 9", "is: "+f[1]).Replace(model)
			if i == 1 { // another spelling of the same place
				text = strings.Replace(text, "targets[1]", "targets[t2]", 1)
			}
			disk[dir+"2025-11-24-"+id+".yaml"] = &fstest.MapFile{Data: []byte(text)}
		}
		r, err := open(t, disk).Load("jv6fpqgg")
		if err != nil {
			t.Fatal(err)
		}
		var order, bad []string
		for _, c := range r.CorrectionsOf("gxqf") {
			order = append(order, c.ID)
		}
		fixed, faults := r.Corrected(r.Cycles[0])
		for _, f := range faults {
			if f.Path != "was" || f.Span.Start.Line == 0 || f.Severity != diag.Error {
				t.Errorf("%s: %+v", tt.name, f)
			}
			bad = append(bad, strings.TrimSuffix(f.File[len(f.File)-9:], ".yaml"))
		}
		if got := strings.Join(order, " "); got != tt.want || string(fixed.Review.Targets[1].Result) != tt.now || strings.Join(bad, " ") != tt.bad {
			t.Errorf("%s: order %s, now %s, at fault %v", tt.name, got, fixed.Review.Targets[1].Result, bad)
		}
	}
}

// The files that were looked at are listed one by one; one that is gone is not.
func TestFiles(t *testing.T) {
	disk := school(t)
	delete(disk, "people.yaml")
	delete(disk, "learners/jv6fpqgg/identity.yaml")
	f := open(t, disk)
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.Files(), " "); got != "sendctl.yaml pathway.yaml" {
		t.Error(got)
	}
	var want []string
	for p := range disk {
		if strings.HasPrefix(p, "learners/jv6fpqgg/") && !strings.Contains(p, "/attachments/") {
			want = append(want, p)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(r.Files))); diff != "" {
		t.Errorf("(-there +listed)\n%s", diff)
	}
}

// An error names what was typed where that is (the beginning of) an id, and never
// anything else, which may be a name.
func TestNoLearnerError(t *testing.T) {
	ids := []string{"bk7m2xqt", "bk7mzzzz"}
	for _, tt := range []struct {
		err  folder.NoLearnerError
		tell bool
	}{
		{folder.NoLearnerError{Typed: "bk7"}, true},
		{folder.NoLearnerError{Typed: "bk7m2xqz", Near: "bk7m2xqt"}, true},
		{folder.NoLearnerError{Typed: "bk7m", Several: ids}, true},
		{folder.NoLearnerError{Typed: "Judith"}, false},
		{folder.NoLearnerError{Typed: "judith", Several: ids}, false},
		{folder.NoLearnerError{Typed: "bk7m2xq0", Near: "bk7m2xqt"}, false},
		{folder.NoLearnerError{Typed: "bk7m2xqtb"}, false},
		{folder.NoLearnerError{}, false},
	} {
		got := tt.err.Error()
		if told := strings.Contains(got, `"`+tt.err.Typed+`"`); told != tt.tell {
			t.Error(got)
		}
		for _, id := range append(tt.err.Several, tt.err.Near) {
			if !strings.Contains(got, id) || !strings.ContainsAny(got, ":;") {
				t.Error(got)
			}
		}
	}
}

// What LoadFront gives of a learner is what Load gives; the rest it leaves unread.
func TestLoadFront(t *testing.T) {
	f := open(t, os.DirFS("../../examples/thornelaw"))
	ids, err := f.Learners()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		all, err := f.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		front, err := f.LoadFront(id)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(all.Identity.Doc.Bytes(), front.Identity.Doc.Bytes()) || !bytes.Equal(all.Learner.Doc.Bytes(), front.Learner.Doc.Bytes()) {
			t.Errorf("%s: another front sheet", id)
		}
		if len(front.Moves) != len(all.Moves) || len(front.Corrections) != len(all.Corrections) || len(front.Cycles)+len(front.Advice)+len(front.Seals) > 0 || front.Contacts.Doc != nil {
			t.Errorf("%s: %d moves of %d, %d cycles", id, len(front.Moves), len(all.Moves), len(front.Cycles))
		}
	}
	if _, err := f.LoadFront("zzzzzzzz"); err == nil {
		t.Error("a learner who is not there")
	}
}
