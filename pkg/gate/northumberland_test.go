package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// Every way of which the county's guidance speaks is named: up, down, across, off
// the register, out.
func TestTheGuidanceCanBeFollowed(t *testing.T) {
	p := readPathway(t, ours)
	for _, c := range []struct{ from, to, way string }{
		{"universal", "initial-concerns", "up"},
		{"initial-concerns", "universal", "down"},
		{"initial-concerns", "passport", "up"},
		{"initial-concerns", "profile", "up"},
		{"initial-concerns", "sen-support-plan", "up"},
		{"passport", "sen-support-plan", "up"},
		{"profile", "sen-support-plan", "up"},
		{"passport", "profile", "across"},
		{"profile", "passport", "across"},
		{"sen-support-plan", "ehc-plan", "up"},
		{"sen-support-plan", "passport", "down"},
		{"sen-support-plan", "profile", "down"},
		{"sen-support-plan", "initial-concerns", "down"},
		{"sen-support-plan", "universal", "down"},
		{"passport", "universal", "down"},
		{"profile", "initial-concerns", "down"},
		{"ehc-plan", "sen-support-plan", "down"},
		{"ehc-plan", "universal", "down"},
	} {
		if g := gate.Of(p, c.from, c.to); !g.Usual || g.Way != c.way || len(g.IDs) == 0 {
			t.Errorf("from %s to %s: %+v", c.from, c.to, g)
		}
	}
	for _, from := range p.StageIDs() {
		if g := gate.Of(p, from, "left"); from != "left" && (!g.Usual || g.Way != "out") {
			t.Errorf("from %s to left: %+v", from, g)
		}
		if g := gate.Of(p, from, "ehc-plan"); from != "left" && from != "ehc-plan" && (!g.Usual || g.IDs[0] != "final-plan") {
			t.Errorf("from %s to an EHC plan: %+v", from, g)
		}
	}
	// Not in the guidance, and open: with the checks of the usual ways to the same stage.
	if g := gate.Of(p, "universal", "passport"); g.Usual || g.Way != "up" || !slices.Contains(g.IDs, "parents-told") {
		t.Errorf("%+v", g)
	}
	// Who comes back does not step down, and no plan has ended.
	for _, to := range p.StageIDs() {
		if g := gate.Of(p, "left", to); to != "left" && (!g.Usual || g.Way != "up" || !slices.Contains(g.IDs, "time-away") || slices.Contains(g.IDs, "plan-ended")) {
			t.Errorf("back again at %s: %+v", to, g)
		}
	}
	unnamed := *p
	unnamed.Moves = slices.DeleteFunc(slices.Clone(p.Moves), func(m pathway.Move) bool { return slices.Contains(m.From, "left") })
	for _, to := range p.StageIDs() {
		if g := gate.Of(&unnamed, "left", to); to != "left" && (g.Usual || g.Way != "up" || slices.Contains(g.IDs, "plan-ended")) {
			t.Errorf("back again at %s, where the pathway does not name it: %+v", to, g)
		}
	}
}

// A duty is what the law demands, and nothing else may be called one: that two
// cycles come first, or that support is costed, is policy.
func TestDutiesAreOnlyTheLaws(t *testing.T) {
	p := readPathway(t, ours)
	got := map[string]string{}
	for _, c := range p.Checks {
		if c.Kind == "duty" {
			got[c.ID] = string(c.Source)
		}
	}
	if diff := cmp.Diff(map[string]string{
		"parents-told":      "Children and Families Act 2014, section 68",
		"decision-recorded": "Code of Practice, chapter 6",
		"main-need":         "The school census, which asks for the type of need of every learner with SEN",
		"final-plan":        "Children and Families Act 2014, section 37",
		"plan-ended":        "Children and Families Act 2014, part 3",
		"family-knows":      "Children and Families Act 2014, section 36; Code of Practice, chapter 9",
	}, got); diff != "" {
		t.Error(diff)
	}
	star, _ := p.Request("star")
	for _, id := range append(star.Gate, star.Evidence...) {
		if c, _ := p.Check(id); c.Kind != "evidence" {
			t.Errorf("STAR is no matter of law, and %s is called a duty", id)
		}
	}
}

// The panel's index has its twenty-three items, in order, each under a heading;
// each of the five headings of the law has something under it.
func TestTheIndexOfAPanel(t *testing.T) {
	p := readPathway(t, ours)
	for _, id := range p.RequestIDs() {
		q, _ := p.Request(id)
		heads := map[string]bool{}
		for i, item := range q.Evidence {
			c, _ := p.Check(item)
			if want := "E-" + string("00"[len(learner.Count(i+1)):]) + string(learner.Count(i+1)); !strings.HasPrefix(string(c.Source), want) {
				t.Errorf("%s: item %d, %s, is said to rest on %s", id, i+1, item, c.Source)
			}
			heads[c.Head] = true
		}
		if len(q.Evidence) != 23 {
			t.Errorf("%s: %d items", id, len(q.Evidence))
		}
		for _, h := range p.Codes(pathway.Heads) {
			if !heads[h] {
				t.Errorf("%s: nothing under %s", id, h)
			}
		}
	}
}

// People read these on every screen and paper.
func TestChecksReadWell(t *testing.T) {
	p := readPathway(t, ours)
	for _, c := range p.Checks {
		if s := string(c.Words); strings.HasSuffix(s, ".") || strings.ToUpper(s[:1]) != s[:1] {
			t.Errorf("%s: words are a statement without a full stop: %q", c.ID, s)
		}
		if s := string(c.Satisfy); !strings.HasSuffix(s, ".") {
			t.Errorf("%s: what would meet it is a sentence: %q", c.ID, s)
		}
		for _, words := range []learner.Words{c.Words, c.Satisfy, c.Who} {
			for _, w := range []string{"allowed", "forbidden", "must not", "suffers", "failed"} {
				if strings.Contains(strings.ToLower(string(words)), w) {
					t.Errorf("%s says %q", c.ID, w)
				}
			}
		}
	}
	for _, s := range p.Stages {
		if s.Guide == nil || len(s.Guide.Holds) == 0 || len(s.Guide.TakesPart) == 0 || len(s.Guide.Help) == 0 {
			t.Errorf("%s has no whole guide", s.ID)
			continue
		}
		if s.ID != "left" && !strings.Contains(strings.ToLower(strings.Join(wordsOf(s.Guide.Help), " ")), "senco") && s.ID != "sen-support-plan" && s.ID != "ehc-plan" {
			t.Errorf("%s: the SENCo is no help there", s.ID)
		}
	}
}

func wordsOf(list []learner.Words) []string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

func all() *learner.Move {
	return &learner.Move{Date: day("2026-02-12"), DecidedBy: "eyre", MainNeed: "SPLD", Told: []string{"c8rt"}, MonitorUntil: day("2026-05-07"), ToSetting: "another school",
		Meeting: &learner.Meeting{Date: day("2026-02-26"), Invited: []string{"learner", "mum"}}}
}

// ready is a record that meets everything on the way to a passport, the day that
// the family is told.
func ready(t *testing.T) *school {
	s := newSchool(t)
	s.two()
	s.talk("b7rt", "2025-10-02", "meeting", "concern", "mum").CopyGiven = true
	s.talk("c8rt", "2026-02-12", "letter", "register", "mum")
	s.cycles[0].Assess.OtherExplanations = []learner.OtherExplanation{{Cause: "hearing"}}
	s.cycles[1].Plan.Universal = []learner.Words{"a word bank"}
	s.cycles[1].Review.LearnerSays = []learner.LearnerVoice{{Words: "I know it in my head.", How: "talking", Date: day("2026-02-05")}}
	s.cycles[1].Review.ParentsSay = []learner.ParentVoice{{Who: "mum", Words: "He hides his bag.", Date: day("2026-02-06")}}
	return s
}

func unmet(t *testing.T, s *school, from, to string, a gate.Ask) []string {
	t.Helper()
	f, r := s.open(t)
	var out []string
	for _, l := range gate.Unmet(gate.Table(f, r, gate.Of(&f.Pathway.Value, from, to).IDs, a)) {
		out = append(out, l.Check.ID)
	}
	return out
}

func TestSENSupportBegins(t *testing.T) {
	asked := gate.Ask{On: day("2026-02-12"), Move: all()}
	for _, to := range []string{"passport", "profile", "sen-support-plan"} {
		if got := unmet(t, ready(t), "initial-concerns", to, asked); len(got) > 0 {
			t.Errorf("to %s: %s", to, got)
		}
	}
	for _, c := range []struct {
		name   string
		change func(*school, *learner.Move)
		want   []string
	}{
		{"one cycle only", func(s *school, _ *learner.Move) { s.cycles = s.cycles[1:] }, []string{"two-reviewed-cycles", "other-explanations"}},
		{"progress as expected", func(s *school, _ *learner.Move) { s.cycles[1].Review.Progress = "as-expected" }, []string{"progress-less"}},
		{"the family not told", func(s *school, m *learner.Move) {
			s.contacts, m.Told, m.NotTold = s.contacts[:1], nil, "they are abroad"
		}, []string{"parents-told"}},
		{"no main need", func(_ *school, m *learner.Move) { m.MainNeed = "" }, []string{"main-need"}},
		{"nobody decides", func(_ *school, m *learner.Move) { m.DecidedBy = "" }, []string{"decision-recorded"}},
		{"nobody invited", func(_ *school, m *learner.Move) { m.Meeting = nil }, []string{"co-production-meeting"}},
		{"no copy of the first talk", func(s *school, _ *learner.Move) { s.contacts[0].CopyGiven = false }, []string{"early-discussion"}},
		{"no family heard", func(s *school, _ *learner.Move) { s.cycles[1].Review.ParentsSay = nil }, []string{"views-heard"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, m := ready(t), all()
			c.change(s, m)
			if diff := cmp.Diff(c.want, unmet(t, s, "initial-concerns", "passport", gate.Ask{On: asked.On, Move: m})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOtherSteps(t *testing.T) {
	better := func(s *school, decision string) {
		s.cycles[1].Review.Progress, s.cycles[1].Review.Decision = "more", decision
	}
	for _, c := range []struct {
		from, to string
		change   func(*school, *gate.Ask)
		want     []string
	}{
		{"passport", "sen-support-plan", func(s *school, _ *gate.Ask) { s.cycles[1].Stage = "passport" }, nil},
		{"passport", "sen-support-plan", func(*school, *gate.Ask) {}, []string{"support-reviewed"}},
		{"sen-support-plan", "passport", func(s *school, _ *gate.Ask) { better(s, "step-down") }, nil},
		{"sen-support-plan", "profile", func(s *school, a *gate.Ask) { better(s, "another-cycle"); a.Move.MonitorUntil = date.Date{} }, []string{"step-down-decision", "monitoring"}},
		{"passport", "universal", func(s *school, _ *gate.Ask) { better(s, "end") }, nil},
		{"passport", "universal", func(*school, *gate.Ask) {}, []string{"step-down-decision", "progress-good"}},
		{"initial-concerns", "universal", func(s *school, _ *gate.Ask) { better(s, "end") }, nil},
		{"universal", "initial-concerns", func(*school, *gate.Ask) {}, []string{"concern-shared"}},
		{"universal", "initial-concerns", func(_ *school, a *gate.Ask) {
			a.Log = []learner.ContactEntry{{ID: "d8rt", Date: day("2026-02-12"), With: []string{"mum"}, About: "concern"}}
		}, nil},
		{"passport", "profile", func(*school, *gate.Ask) {}, nil},
		{"sen-support-plan", "ehc-plan", func(*school, *gate.Ask) {}, []string{"final-plan"}},
		{"sen-support-plan", "ehc-plan", func(_ *school, a *gate.Ask) { a.Confirmed = []string{"final-plan"} }, nil},
		{"sen-support-plan", "ehc-plan", func(s *school, _ *gate.Ask) {
			s.requests = []learner.Request{{Format: "request/v1", Learner: who, ID: "m3xt", Kind: "cosa", AskedBy: "eyre", Opened: day("2025-12-01"), Sent: day("2025-12-02")}}
			s.decisions = []learner.Decision{{Format: "decision/v1", Learner: who, ID: "d4cn", Request: "m3xt", Panel: day("2026-02-04"), Result: "plan-issued"}}
		}, nil},
		{"left", "sen-support-plan", func(*school, *gate.Ask) {}, []string{"time-away"}},
		{"left", "universal", func(_ *school, a *gate.Ask) { a.Confirmed = []string{"time-away"} }, nil},
		{"ehc-plan", "sen-support-plan", func(*school, *gate.Ask) {}, []string{"plan-ended"}},
		{"passport", "left", func(*school, *gate.Ask) {}, nil},
		{"passport", "left", func(s *school, a *gate.Ask) {
			s.another("p4wz", "passport", "2026-02-09", "", "", "")
			a.Move.ToSetting = ""
		}, []string{"to-setting", "cycle-settled"}},
	} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			s, a := ready(t), gate.Ask{On: day("2026-02-12"), Move: all()}
			c.change(s, &a)
			if diff := cmp.Diff(c.want, unmet(t, s, c.from, c.to, a)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// With a record that holds it all, every item of a panel's index is there.
func TestAWholeRequest(t *testing.T) {
	s := ready(t)
	s.learner.Characteristics = &learner.Characteristics{}
	s.learner.Family[0].Language = "English"
	s.learner.Consents = []learner.Consent{{To: "share with the panel", GivenBy: "mum", Date: day("2026-02-01")}}
	s.setting.Policies.Element2Threshold = "400.00"
	for i := range s.cycles {
		c := &s.cycles[i]
		c.Assess.Strengths = []learner.Words{"number patterns"}
		c.Assess.Evidence = []learner.Evidence{{ID: "e1", Date: c.Opened, Kind: "attendance", What: "percent", Value: "97"}}
		c.Review.Present = []string{"learner", "mum"}
		c.Review.Provision = []learner.ProvisionReview{{Provision: "p1", Delivered: "27", Attended: "25", Impact: "some"}}
	}
	for _, by := range []string{"ep-osei", "nurse"} {
		s.advice = append(s.advice, learner.Advice{Format: "advice/v1", Learner: who, ID: map[string]string{"ep-osei": "t9wc", "nurse": "t8wc"}[by], By: by, Date: day("2026-02-10"), Seen: day("2026-01-28"), Consent: "mum",
			Recommendations: []learner.Recommendation{{ID: "r1", Words: "a key adult", Action: "in the plan", Done: day("2026-02-11")}}})
	}
	q := learner.Request{AskedBy: "eyre", Reasons: "it helps", OutcomesSought: []learner.Words{"it helps"}, SupportSought: []learner.Words{"it helps"},
		KnowledgeAndAgreement: []learner.Agreement{{Who: "mum", Knows: day("2026-02-11"), Agrees: true}},
		LearnerSays:           []learner.LearnerVoice{{Words: "it helps"}}, ParentsSay: []learner.ParentVoice{{Who: "mum", Words: "it helps"}},
		Evidence: []learner.RequestEvidence{{N: "1", Shows: "request-cycles", Cites: "k4f7"}},
		Consents: s.learner.Consents,
		Declared: []learner.SignedBy{{Who: "marr", Date: day("2026-02-12")}, {Who: "eyre", Date: day("2026-02-12")}}}
	f, r := s.open(t)
	for _, kind := range f.Pathway.Value.Requests {
		for _, l := range gate.Table(f, r, slices.Concat(kind.Gate, kind.Evidence), gate.Ask{On: day("2026-02-12"), Request: &q}) {
			if l.State != gate.Present {
				t.Errorf("%s: %s is %s: %s", kind.ID, l.Check.ID, l.State, l.Found)
			}
		}
		// And with nothing at all, nothing of it is there.
		f, r := newSchool(t).open(t)
		for _, l := range gate.Table(f, r, kind.Evidence, gate.Ask{On: day("2026-02-12")}) {
			if l.State != gate.Missing && l.Check.ID != "setting-history" {
				t.Errorf("%s: %s is %s: %s, of nothing", kind.ID, l.Check.ID, l.State, l.Found)
			}
		}
	}
}

func TestChecksAsAMoveKeepsThem(t *testing.T) {
	f, r := ready(t).open(t)
	table := gate.Table(f, r, []string{"two-reviewed-cycles", "final-plan"}, gate.Ask{On: day("2026-02-12")})
	if diff := cmp.Diff([]learner.GateCheck{
		{Check: "two-reviewed-cycles", Kind: "evidence", Met: true, Cites: []string{"k4f7", "n6rd"}},
		{Check: "final-plan", Kind: "duty"},
	}, gate.Checks(table)); diff != "" {
		t.Error(diff)
	}
}

// Once the rights are the learner's own, the words say so, and only then.
func TestWordsForAYoungPerson(t *testing.T) {
	ids := []string{"parents-told", "family-told-of-end", "family-knows", "family-agrees", "consent"}
	s := newSchool(t)
	for _, id := range ids {
		if l := s.table(t, gate.Ask{On: day("2026-02-12")}, id)[id]; strings.Contains(strings.ToLower(string(l.Check.Words)), "young person") {
			t.Errorf("%s of a child: %s", id, l.Check.Words)
		}
	}
	s.identity.Born = day("2009-08-31")
	for _, id := range ids {
		if l := s.table(t, gate.Ask{On: day("2026-02-12")}, id)[id]; !strings.Contains(string(l.Check.Words), "young person") || l.Check.Satisfy == "" || l.Check.Who == "" {
			t.Errorf("%s of a young person: %+v", id, l.Check)
		}
	}
}

// A request that the law gives a right to wants no reason of those whose right it is.
func TestByRight(t *testing.T) {
	s := newSchool(t)
	f, r := s.open(t)
	star, _ := f.Pathway.Value.Request("star")
	cosa, _ := f.Pathway.Value.Request("cosa")
	s.identity.Born = day("2009-08-31")
	_, grown := s.open(t)
	for _, c := range []struct {
		kind pathway.Request
		r    *folder.Record
		by   string
		want bool
	}{
		{cosa, r, "mum", true}, {cosa, r, "learner", true}, {cosa, r, "eyre", false}, {cosa, r, "", false}, {cosa, r, "nobody", false},
		{star, r, "mum", false}, {star, r, "learner", false},
		{cosa, grown, "learner", true}, {cosa, grown, "mum", false},
	} {
		if got := gate.ByRight(c.kind, c.r, c.by, day("2026-02-12")); got != c.want {
			t.Errorf("%s asked by %q: %v", c.kind.ID, c.by, got)
		}
	}
}
