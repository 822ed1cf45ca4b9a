package render_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func plain(lines []render.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.Repeat(" ", l.Indent)+l.Text)
	}
	return strings.Join(out, "\n")
}

// How far a check is met is said in words, first; what would meet it only where
// it is not.
func TestGate(t *testing.T) {
	line := func(state string) report.GateCheck {
		return report.GateCheck{Check: "c", Kind: "duty", State: state, Words: "The family knows", Found: "2 talks", Satisfy: "Tell them.", Who: "the SENCo", Source: "section 68"}
	}
	v := report.Gate{FromWords: "Initial Concerns", ToWords: "Passport", Way: "up", Usual: true,
		Lines: []report.GateCheck{line("present"), line("not-applicable"), line("partial"), {Kind: "evidence", State: "missing", Words: "Nothing more is said."}}}
	want := `bk7m2xqt: from Initial Concerns to Passport, towards more support

Met (duty): The family knows.
    Found: 2 talks.

Does not apply (duty): The family knows.
    Found: 2 talks.

Partly met (duty): The family knows.
    Found: 2 talks.
    What would meet it: Tell them.
    Who can supply it: the SENCo.
    Source: section 68.

Not met (evidence): Nothing more is said.

2 of 4 checks are not met in full.`
	if diff := cmp.Diff(want, plain(render.Gate("bk7m2xqt", v))); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct {
		v    report.Gate
		want string
	}{
		{report.Gate{Usual: true, Way: "down"}, "towards less support"},
		{report.Gate{Usual: true, Way: "out"}, "out of the setting"},
		{report.Gate{Way: "request", ToWords: "STAR"}, "before a STAR request"},
		{report.Gate{}, "asks for nothing in particular"},
		{report.Gate{Lines: []report.GateCheck{line("present")}}, "All 1 check is met"},
	} {
		if got := plain(render.Gate("x", tt.v)); !strings.Contains(got, tt.want) {
			t.Errorf("%q is not in:\n%s", tt.want, got)
		}
	}
}

func TestStep(t *testing.T) {
	day := date.MustParse("2026-02-12")
	v := report.MoveFile{Date: day, Decided: day.AddDays(-1), FromWords: "Initial Concerns", ToWords: "Passport", DecidedByName: "M. Eyre", SENWords: "SEN support (K)",
		MainNeed: "SPLD", MainNeedWords: "Specific learning difficulty", Told: []report.ContactEntry{{Date: day, WithWords: "Helen Ashworth (mum)", HowWords: "meeting", Told: "That it begins", Said: "Good.", SaidBy: "Helen Ashworth (mum)", CopyGiven: true}},
		NotTold: "His father is at sea", Meeting: day.AddDays(7), InvitedWords: "Jude", MonitorUntil: day.AddDays(84), ToSetting: "Hill School",
		Gate: []report.KeptCheck{{Met: true}, {Words: "The letter has been seen"}, {Met: true}}, Because: "The need is sudden"}
	want := `Jude moves from Initial Concerns to Passport on 12 February 2026
  Decided by M. Eyre on 11 February 2026. Census code from then on: SEN support (K).
  Main area of need: Specific learning difficulty (SPLD).
  12 February 2026, by meeting, with Helen Ashworth (mum):
    Told: That it begins.
    Helen Ashworth (mum) said: “Good.”
    A copy was given.
  The family was not told; the reason: His father is at sea.
  Meeting on 19 February 2026; invited: Jude.
  Watched until 7 May 2026 that all goes well.
  Goes to: Hill School.
  1 of 3 checks is not met in full:
    The letter has been seen.
  Why: The need is sudden.`
	if diff := cmp.Diff(want, plain(render.Step("Jude", v))); diff != "" {
		t.Error(diff)
	}
}
