package census_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
)

const (
	learnerID = "jv6fpqgg"
	identity  = "format: identity/v1\nlearner: jv6fpqgg\nname: Jude\nlegal_name:\n  given: Jude\n  family: Ashworth\nborn: 2017-03-08\nsex: M\nupn: C929000021114\n"
	joined    = "format: learner/v1\nlearner: jv6fpqgg\nstage: universal\njoined: 2024-09-03\nteam: {responsible_teacher: sato, senco: eyre}\nsen_provision:\n  - {from: 2024-09-03, code: \"N\"}\n"
)

// record is a learner's folder with these files laid over identity and joined.
func record(t *testing.T, files map[string]string) (*folder.Folder, *folder.Record) {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, name := range []string{"sendctl.yaml", "people.yaml", "pathway.yaml"} {
		b, err := os.ReadFile("../../examples/thornelaw/" + name)
		if err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: b}
	}
	all := map[string]string{"identity.yaml": identity, "learner.yaml": joined}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		if text != "" {
			fsys["learners/"+learnerID+"/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	f, err := folder.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.LoadFront(learnerID)
	if err != nil {
		t.Fatal(err)
	}
	return f, r
}

// move is the name and text of a move.
func move(id, on, from, to string) (string, string) {
	return fmt.Sprintf("moves/%s-%s-%s.yaml", on, to, id),
		fmt.Sprintf("format: move/v1\nlearner: jv6fpqgg\nid: %s\ndate: %s\nfrom: %s\nto: %s\npathway: northumberland/1\ndecided_by: eyre\nbecause: So it was.\nsen_provision: \"N\"\n", id, on, from, to)
}

func moves(list ...[4]string) map[string]string {
	out := map[string]string{}
	for _, m := range list {
		name, text := move(m[0], m[1], m[2], m[3])
		out[name] = text
	}
	return out
}

func day(t *testing.T, s string) date.Date {
	t.Helper()
	if s == "" {
		return date.Date{}
	}
	d, err := date.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Who is on roll on a day, since when, and until when.
func TestPupilOfOnRoll(t *testing.T) {
	const on = "2027-01-21"
	gone := func(day string) map[string]string { return moves([4]string{"b2c3", day, "universal", "left"}) }
	back := func(out, in string) map[string]string {
		return moves([4]string{"b2c3", out, "universal", "left"}, [4]string{"c4d5", in, "left", "universal"})
	}
	with := func(files map[string]string, name, text string) map[string]string {
		files[name] = text
		return files
	}
	for _, c := range []struct {
		what        string
		files       map[string]string
		counted     bool
		entry, left string
		faulty      bool
	}{
		{what: "joined long ago", counted: true, entry: "2024-09-03"},
		{what: "joins on the day", files: map[string]string{"learner.yaml": strings.Replace(joined, "joined: 2024-09-03", "joined: "+on, 1)}, counted: true, entry: on},
		{what: "joins the day after", files: map[string]string{"learner.yaml": strings.Replace(joined, "joined: 2024-09-03", "joined: 2027-01-22", 1)}, entry: "2027-01-22"},
		{what: "left the day before", files: gone("2027-01-20"), entry: "2024-09-03", left: "2027-01-20"},
		{what: "leaves on the day", files: gone(on), counted: true, entry: "2024-09-03", left: on},
		{what: "leaves the day after", files: gone("2027-01-22"), counted: true, entry: "2024-09-03", left: "2027-01-22"},
		{what: "came back before", files: back("2025-07-22", "2026-09-03"), counted: true, entry: "2026-09-03"},
		{what: "comes back on the day", files: back("2025-07-22", on), counted: true, entry: on},
		{what: "comes back the day after", files: back("2025-07-22", "2027-01-22"), entry: "2024-09-03", left: "2025-07-22"},
		{what: "leaves and comes back after", files: back("2027-02-01", "2027-03-01"), counted: true, entry: "2024-09-03", left: "2027-02-01"},
		{what: "left and came back in one day", files: back("2026-03-01", "2026-03-01"), counted: true, entry: "2024-09-03"},
		{what: "left, came back, leaves later", files: moves([4]string{"b2c3", "2025-07-22", "universal", "left"}, [4]string{"c4d5", "2026-01-05", "left", "universal"}, [4]string{"f6g7", "2027-07-20", "universal", "left"}),
			counted: true, entry: "2026-01-05", left: "2027-07-20"},
		{what: "left, came back, left again", files: moves([4]string{"b2c3", "2025-07-22", "universal", "left"}, [4]string{"c4d5", "2026-01-05", "left", "universal"}, [4]string{"f6g7", "2026-07-20", "universal", "left"}),
			entry: "2026-01-05", left: "2026-07-20"},
		{what: "moves within the school", files: moves([4]string{"b2c3", "2026-01-05", "universal", "initial-concerns"}), counted: true, entry: "2024-09-03"},
		{what: "came from outside the school", files: moves([4]string{"b2c3", "2026-01-05", "left", "universal"}), counted: true, entry: "2026-01-05"},
		{what: "will come from outside", files: moves([4]string{"b2c3", "2027-04-12", "left", "universal"}), entry: "2024-09-03"},
		{what: "left the school before this one", files: moves([4]string{"b2c3", "2024-07-20", "universal", "left"}), counted: true, entry: "2024-09-03"},
		{what: "outside, and nothing says since when", files: map[string]string{"learner.yaml": strings.Replace(joined, "universal", "left", 1)}, entry: "2024-09-03"},
		{what: "a guest", files: map[string]string{"learner.yaml": joined + "enrolment:\n  - {from: 2024-09-03, status: G}\n"}, entry: "2024-09-03"},
		{what: "a guest no more", files: map[string]string{"learner.yaml": joined + "enrolment:\n  - {from: 2024-09-03, status: G}\n  - {from: 2027-01-21, status: M}\n"}, counted: true, entry: "2024-09-03"},
		{what: "a guest from the day after", files: map[string]string{"learner.yaml": joined + "enrolment:\n  - {from: 2027-01-22, status: G}\n"}, counted: true, entry: "2024-09-03"},
		{what: "the day of leaving put right to a later one", counted: true, entry: "2024-09-03", left: "2027-02-12",
			files: with(gone("2027-01-12"), "corrections/2027-02-20-x2z3.yaml", "format: correction/v1\nlearner: jv6fpqgg\nid: x2z3\ndate: 2027-02-20\ncorrects: b2c3\npath: date\nwas: 2027-01-12\nis: 2027-02-12\nbecause: A slip of the month.\nby: eyre\n")},
		{what: "the day of leaving put right to an earlier one", entry: "2024-09-03", left: "2027-01-12",
			files: with(gone("2027-02-12"), "corrections/2027-02-20-x2z3.yaml", "format: correction/v1\nlearner: jv6fpqgg\nid: x2z3\ndate: 2027-02-20\ncorrects: b2c3\npath: date\nwas: 2027-02-12\nis: 2027-01-12\nbecause: A slip of the month.\nby: eyre\n")},
		{what: "where a move led to put right", counted: true, entry: "2024-09-03",
			files: with(gone("2027-01-12"), "corrections/2027-02-20-x2z3.yaml", "format: correction/v1\nlearner: jv6fpqgg\nid: x2z3\ndate: 2027-02-20\ncorrects: b2c3\npath: to\nwas: left\nis: initial-concerns\nbecause: The wrong line.\nby: eyre\n")},
		{what: "a correction that fits nothing", counted: true, entry: "2024-09-03", left: "2027-02-12", faulty: true,
			files: with(gone("2027-02-12"), "corrections/2027-02-20-x2z3.yaml", "format: correction/v1\nlearner: jv6fpqgg\nid: x2z3\ndate: 2027-02-20\ncorrects: b2c3\npath: nothing.here\nwas: a\nis: b\nbecause: A slip.\nby: eyre\n")},
		{what: "no front sheet", files: map[string]string{"identity.yaml": ""}, counted: true, entry: "2024-09-03", faulty: true},
		{what: "learner.yaml is no YAML", files: map[string]string{"learner.yaml": "format: learner/v1\n\tstage: [\n"}, counted: true, faulty: true},
		{what: "a move that cannot be read", files: map[string]string{"moves/2026-01-05-left-b2c3.yaml": "format: move/v1\n\tx\n"}, counted: true, entry: "2024-09-03", faulty: true},
		{what: "a file with no place among the moves", files: map[string]string{"moves/notes.txt": "x"}, counted: true, entry: "2024-09-03"},
	} {
		t.Run(c.what, func(t *testing.T) {
			f, r := record(t, c.files)
			p, counted := census.PupilOf(f, r, day(t, on))
			if counted != c.counted || p.Entry != day(t, c.entry) || p.Left != day(t, c.left) || p.Unread != c.faulty {
				t.Errorf("counted %t, entry %s, left %s, unread %t; want %t, %q, %q, %t", counted, p.Entry, p.Left, p.Unread, c.counted, c.entry, c.left, c.faulty)
			}
			if c.faulty != (len(census.Faults(r)) > 0) {
				t.Errorf("faults: %v", census.Faults(r))
			}
		})
	}
}

// What holds of a learner on a day, whatever the order in which it was written down.
func TestPupilOfDated(t *testing.T) {
	const on = "2027-01-21"
	for _, c := range []struct {
		what, more string
		want       func(*census.Pupil)
	}{
		{"by date of birth", "", func(*census.Pupil) {}},
		{"by cohort", "cohort: \"2020\"\n", func(p *census.Pupil) { p.Year = "6" }},
		{"a year exception", "year_exceptions:\n  - {from: 2026-09-01, year: \"4\"}\n", func(p *census.Pupil) { p.Year = "4" }},
		{"a year exception to come", "year_exceptions:\n  - {from: 2027-01-22, year: \"4\"}\n", func(*census.Pupil) {}},
		{"year exceptions out of order", "year_exceptions:\n  - {from: 2026-09-01, year: \"4\"}\n  - {from: 2025-09-01, year: \"3\"}\n", func(p *census.Pupil) { p.Year = "4" }},
		{"provision", "sen_provision:\n  - {from: 2024-09-03, code: \"N\"}\n  - {from: 2026-02-01, code: K}\n  - {from: 2027-01-21, code: E}\n  - {from: 2027-01-22, code: K}\n",
			func(p *census.Pupil) { p.Provision, p.Since = "E", date.New(2027, 1, 21) }},
		{"provision out of order", "sen_provision:\n  - {from: 2026-02-01, code: K}\n  - {from: 2024-09-03, code: \"N\"}\n",
			func(p *census.Pupil) { p.Provision, p.Since = "K", date.New(2026, 2, 1) }},
		{"two lines of one day: the later written", "sen_provision:\n  - {from: 2026-02-01, code: K}\n  - {from: 2026-02-01, code: E}\n",
			func(p *census.Pupil) { p.Provision, p.Since = "E", date.New(2026, 2, 1) }},
		{"provision that begins later", "sen_provision:\n  - {from: 2027-01-22, code: K}\n", func(p *census.Pupil) { p.Provision, p.Since = "", date.Date{} }},
		{"flags out of order", "sen_unit:\n  - {from: 2026-09-01, applies: true}\n  - {from: 2025-09-01, applies: false}\nresourced_provision:\n  - {from: 2025-09-01, applies: true}\n  - {from: 2026-09-01, applies: false}\ntop_up:\n  - {from: 2027-01-21, applies: true}\n",
			func(p *census.Pupil) { p.SENUnit, p.TopUp = true, true }},
		{"a flag to come", "top_up:\n  - {from: 2027-01-22, applies: true}\n", func(*census.Pupil) {}},
		{"needs by rank, those without one last", "needs:\n  - {rank: 2, type: SEMH, from: 2026-01-01}\n  - {type: OTH, from: 2026-01-01}\n  - {rank: 1, type: SPLD, from: 2026-01-01}\n  - {rank: 3, type: HI, from: 2026-01-01}\n",
			func(p *census.Pupil) {
				p.Needs = []census.Need{{Rank: 1, Type: "SPLD", At: 2}, {Rank: 2, Type: "SEMH"}, {Rank: 3, Type: "HI", At: 3}, {Type: "OTH", At: 1}}
			}},
		{"a need that ended on the day, one that ends later, one to come", "needs:\n  - {rank: 1, type: SEMH, from: 2026-01-01, until: 2027-01-21}\n  - {rank: 2, type: SPLD, from: 2026-01-01, until: 2027-01-22}\n  - {rank: 3, type: HI, from: 2027-01-22}\n",
			func(p *census.Pupil) { p.Needs = []census.Need{{Rank: 2, Type: "SPLD", At: 1}} }},
		{"enrolment out of order", "enrolment:\n  - {from: 2026-09-01, status: M}\n  - {from: 2025-09-01, status: S}\n", func(p *census.Pupil) { p.Status, p.Assumed = "M", false }},
	} {
		t.Run(c.what, func(t *testing.T) {
			text := joined
			if strings.HasPrefix(c.more, "sen_provision") {
				text, _, _ = strings.Cut(joined, "sen_provision")
			}
			f, r := record(t, map[string]string{"learner.yaml": text + c.more})
			got, counted := census.PupilOf(f, r, day(t, on))
			want := census.Pupil{Learner: learnerID, UPN: "C929000021114", Surname: "Ashworth", Forename: "Jude", Preferred: "Jude", Born: date.New(2017, 3, 8), Sex: "M",
				Entry: date.New(2024, 9, 3), Status: census.Single, Assumed: true, Year: "5", Provision: "N", Since: date.New(2024, 9, 3)}
			c.want(&want)
			got.Unread = false // some of these lines are what the schema refuses too
			if diff := cmp.Diff(want, got, cmpopts.EquateComparable(date.Date{})); diff != "" || !counted {
				t.Errorf("counted %t (-want +got)\n%s", counted, diff)
			}
		})
	}
}

// A detached pupil is the same pupil.
func TestDetached(t *testing.T) {
	f, r := record(t, map[string]string{"learner.yaml": joined + "needs:\n  - {rank: 1, type: SPLD, from: 2026-01-01}\n"})
	p, _ := census.PupilOf(f, r, day(t, "2027-01-21"))
	if diff := cmp.Diff(p, p.Detached(), cmpopts.EquateComparable(date.Date{})); diff != "" {
		t.Error(diff)
	}
}

// Sort knows no order of reading: whatever way pupils come, they go the same way.
func TestSort(t *testing.T) {
	want := []census.Pupil{
		{Surname: "abel", Forename: "Zoe"}, {Surname: "Bell", Forename: "ann"}, {Surname: "bell", Forename: "Ann", Born: date.New(2010, 1, 1), UPN: "A"},
		{Surname: "Bell", Forename: "Ann", Born: date.New(2010, 1, 1), UPN: "B", Learner: "2"}, {Surname: "Bell", Forename: "Ann", Born: date.New(2010, 1, 1), UPN: "B", Learner: "3"},
	}
	for i := range want {
		got := append(append([]census.Pupil{}, want[i:]...), want[:i]...)
		census.Sort(got)
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(date.Date{})); diff != "" {
			t.Error(diff)
		}
	}
}
