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

// The index of evidence has one line for all that shows one thing, and keeps every
// number, id and page; a time limit is a sentence.
func TestRequestPage(t *testing.T) {
	day := date.MustParse
	v := report.Request{ID: "m3xt", KindWords: "STAR", StateWords: "sent", Sent: day("2026-01-15"), Evidence: []report.RequestEvidence{
		{Number: 1, Shows: "a", ShowsWords: "Needs are clear.", Cites: "gxqf", CitesWords: "the Passport cycle of 2 March 2026"},
		{Number: 2, Shows: "a", ShowsWords: "Needs are clear.", Cites: "nrdv", CitesWords: "the Passport cycle of 1 June 2026"},
		{Number: 3, Shows: "a", ShowsWords: "Needs are clear.", Cites: "passport", CitesWords: "the passport"},
		{Number: 4, Shows: "b", ShowsWords: "Health has spoken", Cites: "sha256:00", CitesWords: "an attachment", Pages: "3-5"},
		{Number: 5, Shows: "b", ShowsWords: "Health has spoken", Cites: "t9wc", CitesWords: "the advice of 25 June 2026", Pages: "2"},
		{Number: 7, Shows: "b", ShowsWords: "Health has spoken", Cites: "t9wc", CitesWords: "the advice of 25 June 2026"},
	}, Readiness: []report.RequestItem{{Item: "costed", Words: "Support is costed", State: "partial", StateWords: "partly there", Found: "1298.33 pounds a year", Satisfy: "Say more."}},
		Limits: []report.RequestLimit{
			{Words: "decide", Owes: "authority", From: day("2026-01-16"), FromWords: "the panel has it", Due: day("2026-02-27"), State: "met", StateWords: "done on 20 February 2026, day 35 of 42"},
			{Words: "send its advice.", Owes: "setting", From: day("2026-01-16"), Assumed: true, Due: day("2026-02-27"), State: "running", StateWords: "in 8 days"},
			{Words: "decide", Owes: "authority", From: day("2026-01-16"), FromWords: "the panel has it", Due: day("2026-02-27"), State: "overdue", StateWords: "OVERDUE, 3 days ago"}}}
	got := text(render.Request("Jude", v))
	for _, want := range []string{
		"1 to 3. Needs are clear: the Passport cycles of 2 March 2026 (gxqf) and 1 June 2026 (nrdv); the passport (passport).\n",
		"4 and 5. Health has spoken: an attachment, pages 3-5; the advice of 25 June 2026 (t9wc), page 2.\n",
		"7. Health has spoken: the advice of 25 June 2026 (t9wc).\n",
		"Partly there: Support is costed. 1,298.33 pounds a year.\n",
		"The local authority had until 27 February 2026 to decide: done on 20 February 2026, day 35 of 42. Counted from 16 January 2026: the panel has it.\n",
		"The setting has until 27 February 2026, in 8 days, to send its advice. Counted from 16 January 2026, the day it was sent: the day it was received is not recorded yet.\n",
		"The local authority had until 27 February 2026 to decide: OVERDUE, 3 days ago.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	v.Sent = date.Date{}
	if got := text(render.Request("Jude", v)); !strings.Contains(got, "1,298.33 pounds a year. What would meet it: Say more. (costed)\n") {
		t.Error(got)
	}
}
