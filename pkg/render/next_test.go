package render_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

// aNext is a view with something in every part of it.
func aNext() report.Next {
	day := date.MustParse
	told := report.GateCheck{Check: "parents-told", Kind: "duty", State: "missing", Words: "the parents are told of the decision", Satisfy: "Tell them, and log how.", Who: "the SENCo"}
	cycles := report.GateCheck{Check: "two-cycles", Kind: "evidence", State: "partial", Words: "at least two reviewed cycles", Found: "1 reviewed cycle", Satisfy: "Review a second one.", Who: "the class teacher"}
	need := report.GateCheck{Check: "main-need", Kind: "duty", State: "present", Words: "the main need is noted", Found: "SPLD"}
	bare := report.GateCheck{Check: "views", Kind: "evidence", State: "missing", Words: "what the learner says"}
	return report.Next{
		ID: "bk7m2xqt", Name: "Ada", YearWords: "Year 4", Today: day("2026-06-01"), Stage: "plan", StageWords: "Plan", StageSince: day("2026-03-02"), Moved: true,
		SEN: "K", SENSince: day("2025-01-06"), TeacherName: "L. Sato", SENCoName: "M. Eyre", Cycle: "gxqf", Planned: day("2026-05-04"), ReviewOn: day("2026-05-30"), Reviews: 2,
		Faults:   []report.FileFault{{File: "learners/bk7m2xqt/passport.yaml", Line: 3, Message: "this is no date"}},
		Requests: []report.Standing{{Words: "AID: agreed, to 17 July 2026"}, {Words: "COSA: sent on 12 March 2026, not decided yet"}},
		Owed: []report.Owed{
			{Sentence: "The advice of T. Osei of 25 March 2026 holds 1 recommendation of which nothing has come yet.", WhoName: "M. Eyre", Overdue: 68, Waits: true, Do: "sendctl advice bk7m2xqt"},
			{Sentence: "The review of the plan of 4 May 2026 was due on 30 May 2026, 2 days ago.", WhoName: "L. Sato", Overdue: 2, Do: "sendctl review bk7m2xqt"},
			{Sentence: "COSA: the local authority is to decide; that is due on 6 June 2026, in 5 days.", WhoName: "the local authority", Overdue: -5, Do: "sendctl request bk7m2xqt decided"},
		},
		Steps: []report.NextStep{
			{To: []string{"great-plan", "greater-plan"}, ToWords: "Great Plan or Greater Plan", Kind: "stage", Way: "up", Usual: true, Met: 1, Checks: []report.GateCheck{told, cycles, need}, Do: "sendctl advance bk7m2xqt --to great-plan"},
			{To: []string{"wide-plan"}, ToWords: "Wide Plan", Kind: "stage", Way: "up", Usual: true, Met: 1, Checks: []report.GateCheck{need}, Do: "sendctl advance bk7m2xqt --to wide-plan"},
			{To: []string{"aid"}, ToWords: "AID", Kind: "request", Usual: true, Met: 1, Checks: []report.GateCheck{told, need}, Ready: 0, Evidence: []report.GateCheck{cycles, bare, bare, bare, bare}, Do: "sendctl advance bk7m2xqt --to aid"},
		},
		Others: []report.OtherWay{{To: "card", Way: "down"}, {To: "watch", Way: "down"}, {To: "leaf", Way: "across"}},
		Help:   []report.Turn{{About: "plan", AboutWords: "Plan", Help: []string{"the SENCo", "The card club, on Mondays."}}, {About: "aid", AboutWords: "AID", Help: []string{"the panel's helpline"}}},
	}
}

func TestNextGolden(t *testing.T) {
	asked := aNext()
	asked.Steps = asked.Steps[2:]
	asked.Steps[0].Asked = true
	asked.Others, asked.Faults, asked.Help = nil, nil, asked.Help[:1]
	top := aNext()
	top.Steps, top.Faults, top.Owed = []report.NextStep{top.Steps[2], top.Steps[2], top.Steps[1]}, nil, nil
	top.Steps[1].ToWords, top.Steps[1].To = "MORE AID", []string{"more-aid"}
	top.Steps[2].SEN = "E"
	stages := report.Stages{Pathway: "small", Version: "1", Title: "Small", BuiltIn: true,
		Stages: []report.StageGuide{{Stage: "plan", StageWords: "Plan", Aliases: []string{"pl"}, About: "More than a card.", Enter: "The card is not enough.",
			Holds: []string{"targets.", "support with its costs"}, TakesPart: []string{"the learner", "the family"}, Reviews: "once a half-term", ReviewWeeks: 7, Leave: "It has done what it was for.",
			Help: []string{"the SENCo"}, SEN: "K", Source: "Guidance 002",
			Moves: []report.StageWay{{To: "great-plan", ToWords: "Great Plan", Way: "up", Checks: 2}, {To: "card", ToWords: "Card", Way: "down"}, {To: "watch", ToWords: "Watching", Way: "down"}}},
			{Stage: "gone", StageWords: "Gone"}},
		Requests: []report.RequestGuide{{Request: "aid", RequestWords: "AID", About: "Money for a time.", EvidenceText: []string{"two cycles", "costs"},
			Limits: []report.LimitGuide{{Words: "the decision", Days: "42"}}, Help: []string{"the panel's helpline"}}}}
	for name, lines := range map[string][]render.Line{"next": render.Next(aNext()), "next-asked": render.Next(asked), "next-top": render.Next(top), "stages": render.Stages(stages)} {
		p := filepath.Join("testdata", name+".golden")
		got := text(lines)
		if *update {
			if err := os.WriteFile(p, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-have +made); if the change is meant: go test ./pkg/render -update\n%s", name, diff)
		}
	}
}

// A view in which next to nothing is given has no empty brackets, labels or days.
func TestNextBare(t *testing.T) {
	for name, lines := range map[string][]render.Line{
		"next":   render.Next(report.Next{ID: "bk7m2xqt", Name: "Ada"}),
		"step":   render.Next(report.Next{Steps: []report.NextStep{{To: []string{"card"}, ToWords: "Card", Kind: "stage", Do: "sendctl advance bk7m2xqt --to card"}}}),
		"stages": render.Stages(report.Stages{Pathway: "small", Version: "1", Title: "Small", Stages: []report.StageGuide{{Stage: "card", StageWords: "Card"}}, Requests: []report.RequestGuide{{Request: "aid", RequestWords: "AID"}}}),
	} {
		for _, l := range lines {
			if strings.Contains(l.Text, "()") || strings.Contains(l.Text, "%!") || strings.Contains(l.Text, "0001") || strings.HasSuffix(l.Text, ": ") || strings.Contains(l.Text, "  ") || strings.HasSuffix(l.Text, ", .") {
				t.Errorf("%s: %q", name, l.Text)
			}
		}
	}
}

// While a request is under way, what it may lead to is told in full; another is only
// counted, and nobody is pointed to less support.
func TestNextUnderWay(t *testing.T) {
	v := aNext()
	v.Requests = []report.Standing{{Words: "COSA: sent on 12 March 2026, not decided yet", Sent: date.MustParse("2026-03-12"), Open: true}}
	v.Steps = []report.NextStep{v.Steps[0], v.Steps[2]}
	v.Steps[0].SEN = "E"
	got := text(render.Next(v))
	for _, want := range []string{"Great Plan or Greater Plan: once the local authority has issued it.\n", "there. sendctl next bk7m2xqt --to aid\n", "The same support in another form: "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "less is enough") {
		t.Errorf("less support is named in\n%s", got)
	}
}

// Of the review's day only one line is said; of a check that is listed in short all
// that a duty says, and of what is found what is there and what is not.
func TestNextPlain(t *testing.T) {
	v := aNext()
	v.Owed[1].About, v.Owed[1].On = "gxqf", v.ReviewOn
	v.Steps = v.Steps[:1]
	v.Steps[0].Kind = "request"
	v.Steps[0].Checks = []report.GateCheck{v.Steps[0].Checks[0],
		{Check: "progress", State: "missing", Words: "Progress is still less than expected.", Found: "as expected", Satisfy: "The review says it. Look there."},
		{Check: "says", State: "partial", Words: "SEN is known", Found: "a letter; not there yet: since when they know"},
		{Check: "none", State: "partial", Words: "It is shown", Found: "not there yet: the day"},
	}
	v.Steps[0].Checks[0].Satisfy = "Tell them. By law it can go on without it."
	got := text(render.Next(v))
	for _, want := range []string{
		"plan of 4 May 2026, cycle gxqf.\n", "decision. Tell them. By law it can go on without it. (the SENCo)\n",
		"Looked for: progress is still less than expected. Found: as expected. The review says it.\n",
		"Looked for: SEN is known. Found so far: a letter. Not there yet: since when they know.\n",
		"Looked for: it is shown. Not there yet: the day.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// What two requests both lack is said once.
func TestNextSaidOnce(t *testing.T) {
	v := aNext()
	second := v.Steps[2]
	second.ToWords, second.To = "MORE AID", []string{"more-aid"}
	v.Steps = append(v.Steps, second)
	got := text(render.Next(v))
	if !strings.Contains(got, "MORE AID: 1 of 2 checks met, 0 of 5 pieces of evidence there. Looked for, and not there in full: the same 6 as for AID.") {
		t.Error(got)
	}
}
