package gate_test

import (
	"os"
	"path"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/schemas"
)

const who = "bk7m2xqt"

func day(s string) date.Date { return date.MustParse(s) }

// school is one made-up learner, from which a test builds a folder of files.
type school struct {
	pathway []byte
	setting learner.Setting
	people  []learner.Person

	identity learner.Identity
	learner  learner.Learner
	contacts []learner.ContactEntry
	passport *learner.Passport
	profile  *learner.Profile

	cycles      []learner.Cycle
	moves       []learner.Move
	requests    []learner.Request
	letters     []learner.Letter
	decisions   []learner.Decision
	impacts     []learner.Impact
	advice      []learner.Advice
	corrections []learner.Correction
}

// newSchool is a learner at Initial Concerns of whom nothing is written yet.
func newSchool(t *testing.T) *school {
	t.Helper()
	src, ok := schemas.Pathway("northumberland")
	if !ok {
		t.Fatal("no pathway")
	}
	return &school{
		pathway: src,
		setting: learner.Setting{Format: recordfile.Setting.Format(), Name: "Thornelaw Academy", URN: "000000", LA: "929", Estab: "0000", Phase: "all-through", Pathway: "northumberland",
			Rates: []learner.Rate{{Role: "teaching-assistant", From: day("2025-09-01"), Hourly: "15.20"}, {Role: "teacher", From: day("2025-09-01"), Hourly: "38.00"}}},
		people: []learner.Person{
			{ID: "eyre", Name: "M. Eyre", Role: "senco"}, {ID: "grimes", Name: "P. Grimes", Role: "teacher"}, {ID: "marr", Name: "L. Marr", Role: "headteacher"},
			{ID: "ep-osei", Name: "T. Osei", Role: "educational-psychologist", Organisation: "LA psychological services"},
			{ID: "nurse", Name: "A. Bewick", Role: "school-nurse", Organisation: "NHS"},
		},
		identity: learner.Identity{Format: recordfile.Identity.Format(), Learner: who, Name: "Wren", Born: day("2017-03-08"), Sex: "M"},
		learner: learner.Learner{Format: recordfile.Learner.Format(), Learner: who, Stage: "initial-concerns", Joined: day("2021-09-06"),
			Team:         learner.Team{ResponsibleTeacher: "grimes", SENCo: "eyre"},
			SENProvision: []learner.ProvisionCode{{From: day("2021-09-06"), Code: "N"}},
			Family:       []learner.FamilyMember{{ID: "mum", Relation: "mother", ParentalResponsibility: true}}},
	}
}

// another is a cycle at a stage with one target and one provision, reviewed
// unless reviewed is "".
func (s *school) another(id, stage, opened, reviewed, progress, decision string) *learner.Cycle {
	on := day(opened)
	c := learner.Cycle{Format: recordfile.Cycle.Format(), Learner: who, ID: id, Opened: on, Stage: stage, Pathway: "northumberland/1", ResponsibleTeacher: "grimes",
		Assess: &learner.Assess{Date: on, Concerns: []learner.Concern{{By: "grimes", Area: "cognition-and-learning", Words: "Reads single words slowly."}}},
		Plan: &learner.Plan{Date: on, AgreedWith: []string{"learner"}, ReviewOn: on.AddDays(42),
			Targets: []learner.Target{{ID: "t1", Area: "cognition-and-learning", Outcome: "will read 20 words", Measure: &learner.Measure{What: "words", Baseline: "9", Target: "20", Better: "higher"}, Due: on.AddDays(42)}},
			Provision: []learner.Provision{{ID: "p1", For: []string{"t1"}, What: "precision teaching", Layer: "targeted", Role: "teaching-assistant", Ratio: "1:1",
				Sessions: &learner.Sessions{PerWeek: "5", Minutes: "10"}, Where: "in-class", Additional: true}}}}
	if reviewed != "" {
		c.Review = &learner.Review{Date: day(reviewed), Present: []string{"learner"}, RecordedBy: "grimes", Progress: progress, Decision: decision,
			Targets: []learner.TargetReview{{Target: "t1", Result: "15", Score: "-1", Next: "adapt"}}}
	}
	s.cycles = append(s.cycles, c)
	return &s.cycles[len(s.cycles)-1]
}

// two are the two reviewed cycles that the guidance looks for, with little progress.
func (s *school) two() {
	s.another("k4f7", "initial-concerns", "2025-10-06", "2025-11-21", "less", "another-cycle")
	s.another("n6rd", "initial-concerns", "2025-12-01", "2026-02-06", "less", "step-up")
}

func (s *school) talk(id, on, how, about string, with ...string) *learner.ContactEntry {
	s.contacts = append(s.contacts, learner.ContactEntry{ID: id, Date: day(on), With: with, By: "grimes", How: how, About: about})
	return &s.contacts[len(s.contacts)-1]
}

func put[T any](t *testing.T, disk fstest.MapFS, name string, k recordfile.Kind, v T) {
	t.Helper()
	b, err := recordfile.Bytes(name, k, v)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	disk[name] = &fstest.MapFile{Data: b}
}

// files writes everything down, as the folder of a setting holds it.
func (s *school) files(t *testing.T) fstest.MapFS {
	t.Helper()
	disk := fstest.MapFS{"pathway.yaml": {Data: s.pathway}}
	at := func(parts string) string { return path.Join("learners", who, parts) }
	put(t, disk, "sendctl.yaml", recordfile.Setting, s.setting)
	put(t, disk, "people.yaml", recordfile.People, learner.People{Format: recordfile.People.Format(), People: s.people})
	put(t, disk, at("identity.yaml"), recordfile.Identity, s.identity)
	put(t, disk, at("learner.yaml"), recordfile.Learner, s.learner)
	if len(s.contacts) > 0 {
		put(t, disk, at("contacts.yaml"), recordfile.Contacts, learner.Contacts{Format: recordfile.Contacts.Format(), Learner: who, Contacts: s.contacts})
	}
	if s.passport != nil {
		put(t, disk, at("passport.yaml"), recordfile.Passport, *s.passport)
	}
	if s.profile != nil {
		put(t, disk, at("profile.yaml"), recordfile.Profile, *s.profile)
	}
	for _, c := range s.cycles {
		put(t, disk, at("cycles/"+c.Opened.String()+"-"+c.Stage+"-"+c.ID+".yaml"), recordfile.Cycle, c)
	}
	for _, m := range s.moves {
		put(t, disk, at("moves/"+m.Date.String()+"-"+m.To+"-"+m.ID+".yaml"), recordfile.Move, m)
	}
	for _, q := range s.requests {
		put(t, disk, at("requests/"+q.Opened.String()+"-"+q.Kind+"-"+q.ID+".yaml"), recordfile.Request, q)
	}
	for _, x := range s.letters {
		put(t, disk, at("requests/"+x.Date.String()+"-cosa-"+x.Request+"-letter-"+x.ID+".yaml"), recordfile.Letter, x)
	}
	for _, x := range s.decisions {
		put(t, disk, at("requests/"+x.Panel.String()+"-cosa-"+x.Request+"-decision-"+x.ID+".yaml"), recordfile.Decision, x)
	}
	for _, x := range s.impacts {
		put(t, disk, at("requests/"+x.Date.String()+"-star-"+x.Request+"-impact-"+x.ID+".yaml"), recordfile.Impact, x)
	}
	for _, x := range s.advice {
		put(t, disk, at("advice/"+x.Date.String()+"-"+x.ID+".yaml"), recordfile.Advice, x)
	}
	for _, x := range s.corrections {
		put(t, disk, at("corrections/"+x.Date.String()+"-"+x.ID+".yaml"), recordfile.Correction, x)
	}
	return disk
}

// open reads the files back, as any command does.
func (s *school) open(t *testing.T) (*folder.Folder, *folder.Record) {
	t.Helper()
	f, err := folder.Open(s.files(t))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load(who)
	if err != nil {
		t.Fatal(err)
	}
	return f, r
}

// table is the table of some checks, by the id of each.
func (s *school) table(t *testing.T, a gate.Ask, ids ...string) map[string]gate.Line {
	t.Helper()
	f, r := s.open(t)
	out := map[string]gate.Line{}
	for _, l := range gate.Table(f, r, ids, a) {
		out[l.Check.ID] = l
	}
	return out
}

// states are the lines of a table as one text each: state, what was found.
func states(table []gate.Line) map[string]string {
	out := map[string]string{}
	for _, l := range table {
		out[l.Check.ID] = string(l.State)
		if l.Found != "" {
			out[l.Check.ID] += ": " + l.Found
		}
	}
	return out
}

func readPathway(t *testing.T, name string) *pathway.Pathway {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, findings, err := recordfile.Read[pathway.Pathway]("pathway.yaml", recordfile.Pathway, src)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range findings {
		t.Errorf("%s:%d: %s: %s", name, x.Span.Start.Line, x.Path, x.Message)
	}
	return &f.Value
}
