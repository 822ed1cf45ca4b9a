package report_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/report"
)

// Words are given a name only where one person alone can have said them.
func TestContactLines(t *testing.T) {
	for _, tt := range []struct {
		with string
		want []string
	}{
		{"[mum]", []string{"Told: what was noticed.", "Helen Ashworth (mum) said: \u201cAt last!\u201d", "Agreed: a card each night; a call on Friday.", "A copy was given."}},
		{"[learner]", []string{"Told: what was noticed.", "Jude said: \u201cAt last!\u201d", "Agreed: a card each night; a call on Friday.", "A copy was given."}},
		{"[mum, dad]", []string{"Told: what was noticed.", "Said: \u201cAt last!\u201d", "Agreed: a card each night; a call on Friday.", "A copy was given."}},
		{"[ep-osei]", []string{"Told: what was noticed.", "Said: \u201cAt last!\u201d", "Agreed: a card each night; a call on Friday.", "A copy was given."}},
	} {
		disk := journey(t)
		disk[jude+"contacts.yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, "format: contacts/v1\nlearner: jv6fpqgg\ncontacts:\n  - id: ch7d\n    date: 2025-10-02\n    with: %s\n    by: grimes\n    how: meeting\n    about: concern\n    told: what was noticed\n    said: At last!\n    agreed:\n      - a card each night\n      - a call on Friday\n    copy_given: true\n", tt.with)}
		f, r := load(t, disk)
		x := report.ContactEntryOf(f, r, r.Contacts.Value.Contacts[0])
		if diff := cmp.Diff(tt.want, x.Lines()); diff != "" {
			t.Errorf("%s: %s", tt.with, diff)
		}
		e := report.EventOf(f, r, report.Commit{Action: "contact", Paths: []string{jude + "contacts.yaml"}, Read: must(disk)})
		if diff := cmp.Diff(tt.want, e.More); diff != "" {
			t.Errorf("%s, in the log: %s", tt.with, diff)
		}
	}
}

func must(disk fstest.MapFS) func(string) ([]byte, error) {
	return func(p string) ([]byte, error) { return disk.ReadFile(p) }
}

// A change by hand names the parts that changed, never a value.
func TestEditedParts(t *testing.T) {
	disk := journey(t)
	f, r := load(t, disk)
	p := jude + "learner.yaml"
	now := string(disk[p].Data)
	for _, tt := range []struct {
		name, before, want string
	}{
		{"another team", strings.Replace(now, "responsible_teacher: sato", "responsible_teacher: bell", 1), "Edited by hand: learner.yaml (team)."},
		{"two new parts", cutPart(t, cutPart(t, now, "sen_provision:"), "needs:"), "Edited by hand: learner.yaml (census code, areas of need)."},
		{"a part taken out", now + "top_up:\n  - {from: 2026-01-01}\n", "Edited by hand: learner.yaml (top up)."},
		{"a comment", now + "# a comment\n", "Edited by hand: learner.yaml."},
		{"not to be read", "team: [", "Edited by hand: learner.yaml."},
	} {
		c := report.Commit{Action: "edit", Paths: []string{p}, Read: must(disk), Before: func(string) ([]byte, error) { return []byte(tt.before), nil }}
		if e := report.EventOf(f, r, c); e.Sentence != tt.want {
			t.Errorf("%s: %q", tt.name, e.Sentence)
		}
		c.Action = ""
		if e := report.EventOf(f, r, c); !strings.HasSuffix(e.Sentence, strings.TrimPrefix(tt.want, "Edited by hand: ")) || e.Action != "" {
			t.Errorf("%s, past sendctl: %q", tt.name, e.Sentence)
		}
	}
}

// cutPart takes a top-level part out of a file.
func cutPart(t *testing.T, text, key string) string {
	t.Helper()
	var out []string
	in, found := false, false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, key) {
			in, found = true, true
			continue
		}
		if in = in && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "-")); !in {
			out = append(out, line)
		}
	}
	if !found {
		t.Fatalf("no %s", key)
	}
	return strings.Join(out, "")
}

// only is a history that holds one file.
func only(p, text string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if name != p {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}
}

// A passport agreed again with the same words says so, and one with other words not.
func TestAgreedAnew(t *testing.T) {
	disk := journey(t)
	f, r := load(t, disk)
	p := jude + "passport.yaml"
	now := string(disk[p].Data)
	for _, tt := range []struct{ before, want string }{
		{strings.Replace(now, "version: 1", "version: 0", 1), "The passport was looked at again and agreed anew by Jude, "},
		{strings.Replace(now, "using my word mat", "asking a friend", 1), "The passport, version 1, was agreed by Jude, "},
		{now[:strings.Index(now, "agreed:")], "The passport, version 1, was agreed by Jude, "}, // written, and not agreed until now
	} {
		c := report.Commit{Action: "agree", Paths: []string{p, jude + "seals/x7dq-agree.seal"}, Read: must(disk), Before: only(p, tt.before)}
		if e := report.EventOf(f, r, c); !strings.HasPrefix(e.Sentence, tt.want) {
			t.Errorf("%q, not %q", e.Sentence, tt.want)
		}
	}
}

// What was told when a request was begun is not told again when it is sent.
func TestSentTellsWhatIsNew(t *testing.T) {
	disk := journey(t)
	f, r := load(t, disk)
	p := jude + "requests/2026-01-12-star-m3xt.yaml"
	for _, tt := range []struct {
		before string
		again  bool
	}{
		{string(disk[p].Data), false},
		{strings.Replace(string(disk[p].Data), "Support above", "More than", 1), true},
	} {
		draft := strings.Replace(tt.before, "\nsent: ", "\n# sent: ", 1)
		c := report.Commit{Action: "send", Paths: []string{p, jude + "seals/m3xt-send.seal"}, Read: must(disk), Before: only(p, draft)}
		e := report.EventOf(f, r, c)
		if got := strings.Contains(strings.Join(e.More, "\n"), "What it is for"); got != tt.again {
			t.Errorf("%v in %v", got, e.More)
		}
	}
}

// Advice without a recommendation says what it found instead, everywhere.
func TestAdviceWithoutRecommendations(t *testing.T) {
	p := jude + "advice/2026-06-25-t9wc.yaml"
	for _, tt := range []struct{ findings, want, show, told string }{
		{"findings:\n  - within normal limits\n", "Advice from T. Osei, educational psychologist: within normal limits.", "within normal limits",
			"T. Osei, educational psychologist, gave advice on 25 June 2026: within normal limits."},
		{"findings:\n  - reads slowly\n  - likes maps\n", "Advice from T. Osei, educational psychologist: what was found.", "reads slowly; likes maps",
			"T. Osei, educational psychologist, gave advice on 25 June 2026: reads slowly; likes maps."},
		{"", "A letter from T. Osei, educational psychologist.", "a letter", "T. Osei, educational psychologist, sent a letter on 25 June 2026."},
	} {
		disk := journey(t)
		disk[p] = &fstest.MapFile{Data: []byte("format: advice/v1\nlearner: jv6fpqgg\nid: t9wc\nby: ep-osei\nasked: 2026-05-01\ndate: 2026-06-25\nconsent: mum\n" + tt.findings)}
		f, r := load(t, disk)
		e := report.EventOf(f, r, report.Commit{Action: "advice", Paths: []string{p}, Read: must(disk)})
		if e.Sentence != tt.want {
			t.Errorf("%q, not %q", e.Sentence, tt.want)
		}
		if v := report.ShowOf(f, r, day("2026-11-22")); v.Advice == nil || v.Advice.Holds != tt.show || v.Advice.Letter != (tt.findings == "") {
			t.Errorf("%+v", v.Advice)
		}
		d := report.JourneyDiff(f, r, day("2026-06-01"), day("2026-07-01"))
		if last := d.Parts[len(d.Parts)-1].Sentences; last[len(last)-1] != tt.told {
			t.Errorf("%v", last)
		}
	}
}

// Support by the hour or bought says so; a goal's own scale is told by its levels.
func TestSupportAndLevels(t *testing.T) {
	f, r := load(t, journey(t))
	said := ""
	for _, c := range r.Cycles {
		for _, s := range report.CycleOf(f, r, c).Support {
			said += s.What + ", " + s.How + "\n"
		}
	}
	for _, want := range []string{", 250.00 pounds a year\n", ", 3 hours a year"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	scale := report.Target{Outcome: "will arrive by 8.50", Baseline: "-1", Target: "1", Now: "0"}
	if got := report.TargetSentence("Kai", scale); got != "Kai will arrive by 8.50: from level -1 to level 0 (aim 1)." {
		t.Error(got)
	}
	scale.Now = "-1"
	if got := report.TargetSentence("Kai", scale); got != "Kai will arrive by 8.50: still at level -1 (aim 1)." {
		t.Error(got)
	}
	if plain := (report.Target{Baseline: "1", Target: "3"}); plain.Figure("2") != "2" || scale.Figure("") != "" {
		t.Error(plain.Figure("2"), scale.Figure(""))
	}
}

// What a request changed is told by its figures where they can be told apart; what
// was hoped for never stands as if it had come.
func TestOutcomeTold(t *testing.T) {
	for want, o := range map[string]report.RequestOutcome{
		"Attendance: 71 percent before, 74.8 after; 82 percent was hoped for.": {Outcome: "attendance from 71 to 82 percent", Before: "71", After: "74.8", Words: "82 percent was hoped for"},
		"Attendance: 71 percent before, 74.8 after; 82 was hoped for.":         {Outcome: "attendance from 71 to 82 percent.", Before: "71", After: "74.8"},
		"Suspensions: 4 before, 1 after, as was hoped for; less at lunch.":     {Outcome: "suspensions from 4 to 1", Before: "4", After: "1", Words: "less at lunch"},
		"\u201che comes in every day\u201d: 3 before, 4 after.":                {Outcome: "he comes in every day", Before: "3", After: "4"},
		"\u201cfrom 3 to 5 days in class\u201d: 4 after.":                      {Outcome: "from 3 to 5 days in class", After: "4"},
		"\u201che walks from home to school\u201d; not yet.":                   {Outcome: "he walks from home to school", Words: "not yet"},
	} {
		if got := o.Told(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// What costs most in a year comes first; where a rate is missing, what takes most hours.
func TestDearest(t *testing.T) {
	plan := `  provision:
    - {id: p1, what: reading, additional: true, role: teacher, sessions: {per_week: 2, minutes: 60}}
    - {id: p2, what: sorting, additional: true, role: teaching-assistant, sessions: {per_week: 3, minutes: 60}}
    - {id: p3, what: a card, additional: false}
`
	for rates, want := range map[string]string{
		"rates:\n  - {role: teacher, hourly: 40.00, from: 2025-09-01}\n  - {role: teaching-assistant, hourly: 10.00, from: 2025-09-01}\n": "p1 p2",
		"": "p2 p1",
	} {
		f, r := lay(t, "sendctl.yaml", small()["sendctl.yaml"]+rates, "pathway.yaml", strings.Replace(small()["pathway.yaml"], "{document_weeks: 26}", "{document_weeks: 26, weeks_a_year: 39}", 1), cycleAt, small()[cycleAt]+plan)
		if got := strings.Join(report.ShowOf(f, r, day("2026-06-01")).Dearest, " "); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestThousands(t *testing.T) {
	for text, want := range map[string]string{
		"1743.82 pounds a year; the setting meets 6000.00 itself": "1,743.82 pounds a year; the setting meets 6,000.00 itself",
		"in 2026, 12345.60.": "in 2026, 12,345.60.", "640.00 (1234567.00)": "640.00 (1234567.00)", "v1.1234.56": "v1.1234.56", "": "",
	} {
		if got := report.Thousands(text); got != want {
			t.Errorf("%q", got)
		}
	}
}

// Of two moves on one day the later is the last, whatever its file is called: she is
// at the stage to which it led since that day.
func TestTwoMovesOnOneDay(t *testing.T) {
	disk := journey(t)
	for p, file := range disk {
		if strings.HasPrefix(p, jude+"moves/2026-05-20") {
			delete(disk, p)
			text := strings.NewReplacer("date: 2026-05-20", "date: 2026-02-12", "decided: 2026-05-20", "decided: 2026-02-12").Replace(string(file.Data))
			disk[jude+"moves/2026-02-12-aaa-w6xp.yaml"] = &fstest.MapFile{Data: []byte(text)} // sorts before the first
		}
	}
	f, r := load(t, disk)
	v, next := report.ShowOf(f, r, day("2026-06-01")), report.NextOf(f, r, "", day("2026-06-01"))
	if v.Move == nil || v.Move.ID != "w6xp" || v.Move.To != v.Stage || next.StageSince != day("2026-02-12") {
		t.Errorf("%+v, since %s", v.Move, next.StageSince)
	}
}
