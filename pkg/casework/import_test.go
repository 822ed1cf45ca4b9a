package casework_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

func on(s string) date.Date { return date.MustParse(s) }

// importCase is the case of an import into b, on a day.
func importCase(b *box, d *casework.Desk) casework.Case {
	b.Helper()
	f, err := d.Folder()
	if err != nil {
		b.Fatal(err)
	}
	return casework.Case{Folder: f, Today: on("2026-11-22"), Me: learner.Person{ID: "grimes", Role: "teacher"}}
}

// pupil is one of a list, number n, with what is changed.
func pupil(n int, change func(*exchange.Pupil)) exchange.Pupil {
	p := exchange.Pupil{
		Row: n + 1, Surname: fmt.Sprintf("Example%d", n), Forename: "Jo", Born: on("2016-05-02").AddDays(n % 300), Sex: "F", Entry: on("2020-09-03"),
		Steps: []exchange.Step{{From: on("2022-01-10"), Code: "K"}}, Needs: []exchange.Need{{Rank: 1, Type: "SPLD"}},
	}
	if change != nil {
		change(&p)
	}
	return p
}

const (
	upn1 = "V929400126001"
	upn2 = "T929400126017"
)

// Each row has the fate that it should, and says why in words without a value.
func TestProposeFates(t *testing.T) {
	b := fresh(t, "new")
	cs := importCase(b, b.desk(nil))
	here := []casework.Resident{
		{Pupil: census.Pupil{Learner: "bcdfghjk", UPN: upn1, Surname: "Example1", Forename: "Jo", Born: on("2016-05-03"), Sex: "F", Entry: on("2020-09-03"), Status: "C", Provision: "K", Needs: []census.Need{{Rank: 1, Type: "SPLD"}}}},
		{Pupil: census.Pupil{Learner: "zxwvtsrq", ULN: "1234567899", Surname: "Gone", Forename: "Al", Born: on("2015-05-03"), Provision: "E"}, Away: true},
	}
	for _, tt := range []struct {
		name string
		list []exchange.Pupil
		o    casework.Importing
		want []string // fate, id, reasons joined
	}{
		{"new", []exchange.Pupil{pupil(5, nil)}, casework.Importing{}, []string{"new "}},
		{"here by UPN", []exchange.Pupil{pupil(1, func(p *exchange.Pupil) { p.UPN = upn1 })}, casework.Importing{}, []string{"here bcdfghjk"}},
		{"here by UPN as a former one", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.UPN, p.FormerUPN = upn2, upn1 })}, casework.Importing{},
			[]string{"here bcdfghjk the unique pupil number differs|a unique pupil number the pupil had before is not in the record|the legal surname differs|the date of birth differs"}},
		{"here by name and birth date, with what differs", []exchange.Pupil{pupil(1, func(p *exchange.Pupil) {
			p.Forename, p.Steps[0].Code, p.Needs = "JO", "E", []exchange.Need{{Rank: 1, Type: "ASD"}}
		})}, casework.Importing{}, []string{"here bcdfghjk the legal first name differs|SEN provision: K here, E in the list|needs: SPLD here, others in the list"}},
		{"here by ULN, having left", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) {
			p.ULN, p.Sex, p.Entry, p.Steps, p.Needs = "1234567899", "", date.Date{}, nil, nil
		})}, casework.Importing{}, []string{"here zxwvtsrq the record here is one of a learner who has left|the legal surname differs|the legal first name differs|the date of birth differs"}},
		{"one of two", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.UPN, p.ULN = upn1, "1234567899" })}, casework.Importing{}, []string{"refused  this may be one of several learners here: bcdfghjk by UPN, zxwvtsrq by ULN"}},
		{"without SEN", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.Steps, p.Needs = nil, nil }), pupil(6, func(p *exchange.Pupil) { p.Steps[0].Code, p.Needs = "N", nil })}, casework.Importing{},
			[]string{"left-out  no special educational needs (no code)", "left-out  no special educational needs (N)"}},
		{"without SEN, and wanted", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.Steps, p.Needs = nil, nil })}, casework.Importing{All: true}, []string{"new "}},
		{"N with a need", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.Steps[0].Code = "N" })}, casework.Importing{All: true}, []string{"refused  the code for SEN provision says N"}},
		{"no longer on roll, a guest", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.Left = on("2026-07-20") }), pupil(6, func(p *exchange.Pupil) { p.Status = "G" })}, casework.Importing{},
			[]string{"left-out  has left", "left-out  a guest"}},
		{"no longer on roll over there", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.Left = on("2026-07-20") })}, casework.Importing{Transfer: true}, []string{"new "}},
		{"twice, the same", []exchange.Pupil{pupil(5, nil), pupil(5, func(p *exchange.Pupil) { p.Row = 9 })}, casework.Importing{}, []string{"new ", "twice  the same stands in row 6 already"}},
		{"twice, and not the same", []exchange.Pupil{pupil(5, nil), pupil(5, func(p *exchange.Pupil) { p.Row, p.Sex = 9, "M" }), pupil(6, nil)}, casework.Importing{},
			[]string{"refused  row 9 has the same name and birth date", "refused  row 6 has the same name and birth date", "new "}},
		{"one UPN for two", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.UPN = upn2 }), pupil(6, func(p *exchange.Pupil) { p.UPN = upn2 })}, casework.Importing{},
			[]string{"refused  row 7 has the same UPN", "refused  row 6 has the same UPN"}},
		{"a fault", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) {
			p.Faults = []exchange.Fault{{Row: 6, Column: "DOB", Field: exchange.BirthDate, Message: "no day"}}
		})}, casework.Importing{}, []string{"refused  no day"}},
		{"what must be there", []exchange.Pupil{{Row: 2, Steps: []exchange.Step{{Code: "K"}}}}, casework.Importing{},
			[]string{"refused  there is no forename|there is no surname|there is no date of birth|there is no day of joining|nothing says since when K holds"}},
		{"birth dates that cannot be", []exchange.Pupil{pupil(5, func(p *exchange.Pupil) { p.Born = on("1990-01-01") }), pupil(6, func(p *exchange.Pupil) { p.Born = on("2027-01-01") })}, casework.Importing{},
			[]string{"refused  the date of birth lies more than 25 years back", "refused  the date of birth does not lie in the past|a code for SEN provision begins before"}},
	} {
		var got []string
		for _, p := range casework.Propose(cs, here, tt.list, tt.o.WithDefaults(cs)) {
			var why []string
			for _, r := range p.Reasons {
				why = append(why, r.Message)
			}
			got = append(got, strings.TrimSuffix(string(p.Fate)+" "+p.Learner+" "+strings.Join(why, "|"), " "))
		}
		if !slices.EqualFunc(got, tt.want, func(g, w string) bool {
			gs, ws := strings.Split(g, "|"), strings.Split(strings.TrimSuffix(w, " "), "|")
			return slices.EqualFunc(gs, ws, strings.HasPrefix)
		}) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// What a row does not say is taken as it was said for all, and told; never made up.
func TestProposeDates(t *testing.T) {
	b := fresh(t, "new")
	cs := importCase(b, b.desk(nil))
	n := func(from, code string) learner.ProvisionCode {
		return learner.ProvisionCode{From: on(from), Code: code}
	}
	undated := func(p *exchange.Pupil) { p.Steps[0].From = date.Date{} }
	for _, tt := range []struct {
		name   string
		change func(*exchange.Pupil)
		o      casework.Importing
		codes  []learner.ProvisionCode
		need   string // since when
		told   string
	}{
		{"dated after joining", nil, casework.Importing{}, []learner.ProvisionCode{n("2020-09-03", "N"), n("2022-01-10", "K")}, "2022-01-10", "N from the day of joining until K began"},
		{"dated before joining", func(p *exchange.Pupil) { p.Steps[0].From = on("2019-01-07") }, casework.Importing{}, []learner.ProvisionCode{n("2019-01-07", "K")}, "2019-01-07", ""},
		{"since a day", undated, casework.Importing{Since: on("2026-09-01")}, []learner.ProvisionCode{n("2026-09-01", "K")}, "2026-09-01", "K since 2026-09-01, as --since says"},
		{"since a day before joining", undated, casework.Importing{Since: on("2019-09-01")}, []learner.ProvisionCode{n("2020-09-03", "K")}, "2020-09-03", "K since 2020-09-03, as --since says"},
		{"since joining", undated, casework.Importing{SinceJoined: true}, []learner.ProvisionCode{n("2020-09-03", "K")}, "2020-09-03", "K since the day of joining, as --since says"},
		{"a day of joining for all", func(p *exchange.Pupil) { p.Entry = date.Date{} }, casework.Importing{Joined: on("2026-09-03")}, []learner.ProvisionCode{n("2022-01-10", "K")}, "2022-01-10", "joined 2026-09-03, as --joined says"},
		{"a history with old codes", func(p *exchange.Pupil) {
			p.Steps = []exchange.Step{{From: on("2013-01-07"), Code: "A"}, {From: on("2017-01-09"), Code: "K"}, {From: on("2021-03-01"), Code: "E"}}
			p.Born = on("2008-01-01")
		}, casework.Importing{Transfer: true, Joined: on("2026-09-03")}, []learner.ProvisionCode{n("2017-01-09", "K"), n("2021-03-01", "E")}, "2021-03-01", "1 code of the time before K and E left out"},
	} {
		x := casework.Propose(cs, nil, []exchange.Pupil{pupil(5, tt.change)}, tt.o.WithDefaults(cs))[0]
		if x.Fate != casework.New {
			t.Errorf("%s: %+v", tt.name, x)
			continue
		}
		if d := cmp.Diff(tt.codes, x.Newcomer.Codes, cmp.Comparer(func(a, b date.Date) bool { return a == b })); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
		if got := x.Newcomer.Needs[0].From.String(); got != tt.need {
			t.Errorf("%s: the need since %s, want %s", tt.name, got, tt.need)
		}
		if told := strings.Join(x.Told, "; "); !strings.HasPrefix(told, tt.told) || tt.told == "" && told != "" {
			t.Errorf("%s: told %q, want %q", tt.name, told, tt.told)
		}
	}
}

// An import is one commit with every learner in it, each as sound as one by create; it is
// taken back whole, and not at all once one of them was worked on.
func TestImport(t *testing.T) {
	b := fresh(t, "reviewed")
	d := b.desk(nil)
	cs := importCase(b, d)
	var list []exchange.Pupil
	for i := range 60 { // more than a loose object each
		list = append(list, pupil(i, func(p *exchange.Pupil) {
			yes := true
			p.TopUp, p.Status = &yes, []string{"C", "M"}[i%2]
			if i%3 == 0 {
				p.Needs = append(p.Needs, exchange.Need{Type: "SLCN"}, exchange.Need{Type: "ASD", From: on("2023-01-09")})
			}
		}))
	}
	var many []casework.Newcomer
	for _, x := range casework.Propose(cs, nil, list, casework.Importing{}.WithDefaults(cs)) {
		if x.Fate != casework.New {
			t.Fatalf("%+v", x)
		}
		many = append(many, x.Newcomer)
	}
	before := b.state()
	in, err := d.Prepare(cs, many, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, b.state()); d != "" {
		t.Fatalf("preparing changed something:\n%s", d)
	}
	done, err := d.Import(t.Context(), in)
	if err != nil || len(done.Many) != 60 || len(done.Paths) != 120 {
		t.Fatalf("%v %d %d", err, len(done.Many), len(done.Paths))
	}
	b.sound()
	if b.git("rev-list", "--count", before.Head+"..HEAD") != "1" || b.git("status", "--porcelain") != "" {
		t.Error("not one commit with all of it")
	}
	if got := b.git("log", "-1", "--format=%s"); !strings.HasPrefix(got, "import: ") || !strings.HasSuffix(got, " 60 learners") {
		t.Errorf("recorded as %q", got)
	}
	if n := strings.Count(b.git("log", "-1", "--format=%(trailers:key=Sendctl-Learner,valueonly)"), "\n"); n < 59 {
		t.Errorf("%d learners in the trailers", n+1)
	}
	if said := b.git("log", "-1", "--format=%B"); strings.Contains(said, "Example") || strings.Contains(said, "Jo") {
		t.Errorf("a name in the message: %s", said)
	}
	one := done.Many[3]
	if text := b.read("learners/" + one + "/learner.yaml"); !strings.Contains(text, "{from: 2020-09-03, status: M}") || !strings.Contains(text, "rank: 3, type: ASD, from: 2023-01-09") || !strings.Contains(text, "top_up") {
		t.Errorf("recorded is\n%s", text)
	}
	if out := b.run("log", one); !strings.Contains(strings.Join(strings.Fields(out), " "), "A record was opened for Jo, together with others, from a list") {
		t.Errorf("the log says %s", out)
	}
	b.run("audit", "verify")

	// Somebody has come since it was looked at: one of the others might be the same child.
	var moved *casework.StateError
	if _, err := d.Import(t.Context(), in); !errors.As(err, &moved) {
		t.Errorf("imported again: %v", err)
	}

	if _, err := d.Undoable(t.Context(), one); !errors.As(err, &moved) || !strings.Contains(err.Error(), "the import that made it") {
		t.Errorf("one of them alone: %v", err)
	}
	u, err := d.Undoable(t.Context(), "")
	if err != nil || len(u.Removes) != 120 {
		t.Fatalf("%v %+v", err, u)
	}
	if _, err := d.Undo(t.Context(), "", u); err != nil {
		t.Fatal(err)
	}
	if got := b.state(); cmp.Diff(before.Files, got.Files) != "" || got.Status != "" {
		t.Errorf("taken back, it is not as before: %s", cmp.Diff(before.Files, got.Files))
	}
	b.sound()
	b.run("audit", "verify")

	// A note in a file of its own, made by hand, would be left behind.
	if in, err = b.desk(nil).Prepare(importCase(b, d), many[:1], nil); err != nil {
		t.Fatal(err)
	}
	if done, err = b.desk(nil).Import(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	b.write("learners/"+done.Many[0]+"/contacts.yaml", "format: contacts/v1\nlearner: "+done.Many[0]+"\ncontacts: []\n")
	if _, err := b.desk(nil).Undoable(t.Context(), ""); !errors.As(err, &moved) || !strings.Contains(err.Error(), "has been worked on since") {
		t.Errorf("worked on since: %v", err)
	}
}

// One record that would be wrong from its first day keeps all from being recorded, until
// it is left out.
func TestImportRefused(t *testing.T) {
	b := fresh(t, "new")
	d := b.desk(nil)
	cs := importCase(b, d)
	good := casework.Propose(cs, nil, []exchange.Pupil{pupil(1, nil)}, casework.Importing{}.WithDefaults(cs))[0].Newcomer
	for name, spoil := range map[string]func(*casework.Newcomer){
		"upn-check-letter": func(n *casework.Newcomer) { n.UPN = "B929400126001" },
		"former-upn-same":  func(n *casework.Newcomer) { n.UPN, n.FormerUPN = upn1, upn1 },
		"references":       func(n *casework.Newcomer) { n.Teacher = "nobody" },
		"nsa-with-plan": func(n *casework.Newcomer) {
			n.Codes = []learner.ProvisionCode{{From: on("2022-01-10"), Code: "E"}}
			n.Needs = []learner.Need{{Rank: "1", Type: "NSA", From: on("2022-01-10")}}
		},
		"need-twice": func(n *casework.Newcomer) {
			n.Needs = append(n.Needs, learner.Need{Rank: "2", Type: "SPLD", From: on("2022-01-10")})
		},
		"dates-in-order": func(n *casework.Newcomer) { n.Joined = on("2010-01-01") },
		"shape":          func(n *casework.Newcomer) { n.Ethnicity = "Secret" },
		"code-withdrawn": func(n *casework.Newcomer) { n.Codes = []learner.ProvisionCode{{From: on("2022-01-10"), Code: "S"}} },
	} {
		bad := good
		bad.Needs = slices.Clone(good.Needs)
		spoil(&bad)
		in, err := d.Prepare(cs, []casework.Newcomer{good, bad}, nil)
		if err != nil {
			t.Fatal(err)
		}
		found := in.Prepared[1].Findings
		if len(in.Prepared[0].Findings) != 0 || !slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Rule == name }) && name != "code-withdrawn" || len(found) == 0 {
			t.Errorf("%s: %+v", name, found)
		}
		for _, f := range found {
			if strings.Contains(f.Message+f.Hint, "Secret") {
				t.Errorf("%s: a value in %q", name, f.Message)
			}
		}
		before := b.state()
		_, err = d.Import(t.Context(), in)
		refused[*recordfile.FaultsError](b, before, err)
	}
	bad := good
	bad.UPN = "B929400126001"
	in, err := d.Prepare(cs, []casework.Newcomer{bad, good}, nil)
	if err != nil || in.Leave() != 1 {
		t.Fatal(err)
	}
	if done, err := d.Import(t.Context(), in); err != nil || len(done.Many) != 1 {
		t.Fatalf("%v %+v", err, done)
	}
	b.sound()
	if m, _ := filepath.Glob(filepath.Join(b.dir, "learners", "*")); len(m) != 1 {
		t.Errorf("recorded: %v", m)
	}
	before := b.state()
	in.Prepared = nil
	_, err = d.Import(t.Context(), in)
	refused[*casework.NothingError](b, before, err)
}

// However rows are made up, everybody has exactly one fate, nobody is proposed twice, and
// nobody who is here is proposed at all.
func TestProposeHolds(t *testing.T) {
	b := fresh(t, "new")
	cs := importCase(b, b.desk(nil))
	rapid.Check(t, func(t *rapid.T) {
		upns := []string{"", upn1, upn2, "F92940012600A"}
		draw := func(i int) exchange.Pupil {
			return pupil(rapid.IntRange(0, 4).Draw(t, "who"), func(p *exchange.Pupil) {
				p.Row, p.UPN = i+2, rapid.SampledFrom(upns).Draw(t, "upn")
				p.Sex = rapid.SampledFrom([]string{"M", "F"}).Draw(t, "sex")
				p.FormerUPN = rapid.SampledFrom(upns).Draw(t, "former")
				p.Steps[0].Code = rapid.SampledFrom([]string{"N", "K", "E"}).Draw(t, "code")
			})
		}
		var here []casework.Resident
		for i := range rapid.IntRange(0, 2).Draw(t, "here") {
			p := draw(i)
			here = append(here, casework.Resident{Pupil: census.Pupil{Learner: fmt.Sprint("id", i), UPN: p.UPN, Surname: p.Surname, Forename: p.Forename, Born: p.Born}})
		}
		var list []exchange.Pupil
		for i := range rapid.IntRange(0, 8).Draw(t, "rows") {
			list = append(list, draw(i))
		}
		upn, person := map[string]bool{}, map[string][]string{} // the UPNs of everyone of a name and birth date
		is := func(surname string, born date.Date, number string) {
			upn[number] = true
			person[surname+born.String()] = append(person[surname+born.String()], number)
		}
		for _, r := range here {
			is(r.Pupil.Surname, r.Pupil.Born, r.Pupil.UPN)
		}
		out := casework.Propose(cs, here, list, casework.Importing{}.WithDefaults(cs))
		if len(out) != len(list) {
			t.Fatalf("%d rows, %d fates", len(list), len(out))
		}
		for i, x := range out {
			p := list[i]
			if !slices.Contains(casework.Fates(), x.Fate) || x.Pupil.Row != p.Row || (x.Fate == casework.Here) != (x.Learner != "") {
				t.Fatalf("%+v", x)
			}
			if x.Fate == casework.Refused && len(x.Reasons) == 0 {
				t.Fatalf("refused without a reason: %+v", x)
			}
			if x.Fate != casework.New {
				continue
			}
			// Two UPNs are two children; of one without nobody can tell.
			alike := slices.ContainsFunc(person[p.Surname+p.Born.String()], func(other string) bool { return other == "" || p.UPN == "" })
			if p.UPN != "" && upn[p.UPN] || alike {
				t.Fatalf("proposed twice: %+v", x)
			}
			is(p.Surname, p.Born, p.UPN)
		}
	})
}
