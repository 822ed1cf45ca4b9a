package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/report"
)

// reads reads from a folder, and from the one before it.
func reads(now, before fstest.MapFS) (read, was func(string) ([]byte, error)) {
	return func(p string) ([]byte, error) { return fs.ReadFile(now, p) }, func(p string) ([]byte, error) { return fs.ReadFile(before, p) }
}

// Every act of the journey is told in sentences, and what it rests on beside it.
func TestJourneyEvents(t *testing.T) {
	disk := journey(t)
	f, r := load(t, disk)
	empty := fstest.MapFS{}
	old := func(p, was, is string) fstest.MapFS {
		b := strings.Replace(string(disk[jude+p].Data), was, is, 1)
		if b == string(disk[jude+p].Data) {
			t.Fatalf("%s holds no %s", p, was)
		}
		return fstest.MapFS{jude + p: {Data: []byte(b)}}
	}
	draft := func(disk fstest.MapFS) fstest.MapFS { // neither agreed nor sent yet
		for _, f := range disk {
			text, _, _ := strings.Cut(string(f.Data), "\nagreed:")
			f.Data = []byte(strings.Replace(text, "\nsent: ", "\n# sent: ", 1) + "\n")
		}
		return disk
	}
	tests := []struct {
		action string
		paths  []string
		before fstest.MapFS
		want   string
		more   []string
		not    string
	}{
		{"advance", []string{"moves/2026-02-12-passport-q2hd.yaml", "seals/q2hd-advance.seal"}, empty,
			"Moved from Initial Concerns to Passport, from 12 February 2026: SEN support (K), main need specific learning difficulty.",
			[]string{"M. Eyre decided it on 11 February 2026.", "Helen Ashworth (mum) and Jude were told on 12 February 2026 (meeting).", "Why: \u201cTwo reviewed cycles",
				"Invited to a meeting on 26 February 2026: Jude, ", "Put right since: decided: it said 2026-02-10, and should say 2026-02-11 (M. Eyre, 2 March 2026)."}, "not met"},
		{"advance", []string{"moves/2026-05-20-sen-support-plan-w6xp.yaml", "seals/w6xp-advance.seal"}, empty,
			"Moved from Passport to SEN Support Plan, from 20 May 2026:",
			[]string{"The family was not told then; the reason given: \u201cBoth parents", "Looked for, a duty, and not met in full then: the parents have been told, and how.", "Looked for, and not met in full then: a specialist's advice, acted on."}, "Put right"},
		{"passport", []string{"passport.yaml"}, empty, "The passport, version 1, was written with Jude, Helen Ashworth (mum), P. Grimes and M. Eyre.",
			[]string{"You can help me by: \u201cjobs in threes, key words first\u201d", "To be looked at again by 8 May 2026."}, "No longer"},
		{"passport", []string{"passport.yaml"}, draft(old("passport.yaml", "using my word mat", "asking a friend")), "The passport, version 1, was changed.",
			[]string{"I will help myself by: \u201cusing my word mat\u201d", "No longer: \u201casking a friend\u201d"}, "jobs in threes"},
		{"profile", []string{"profile.yaml"}, old("profile.yaml", "version: 1", "version: 0"), "The one-page profile, version 1, was written anew with Jude, ", nil, "funny stories"},
		{"agree", []string{"passport.yaml", "seals/x7dq-agree.seal"}, empty, "The passport, version 1, was agreed by Jude, Helen Ashworth (mum) and P. Grimes.",
			[]string{"3 of the staff are to read it: M. Eyre, P. Grimes and K. Bell."}, ""},
		{"agree", []string{"profile.yaml", "seals/x7dq-agree.seal"}, empty, "version 1, was recorded as agreed, and names nobody who agreed.", nil, ""},
		{"read", []string{"readings.yaml"}, empty, "P. Grimes and K. Bell read the passport, version 1.", nil, ""},
		{"read", []string{"readings.yaml"}, old("readings.yaml", "  - {document: passport, version: 1, who: bell, date: 2026-03-02}\n", ""), "K. Bell read the passport, version 1.", nil, ""},
		{"request", []string{"requests/2026-01-12-star-m3xt.yaml"}, empty, "A STAR request was begun by M. Eyre: 2,210.00 pounds, 2 February to 17 July 2026.",
			[]string{"What it is for: \u201cSupport above", "Hoped for: attendance from 71 to 82 percent.", "1 piece of evidence named.", "Jude: \u201cI like it"}, ""},
		{"request", []string{"requests/2026-01-12-star-m3xt.yaml"}, draft(old("requests/2026-01-12-star-m3xt.yaml", "money: 2210.00", "money: 1000.00")),
			"The STAR request was worked on: 2,210.00 pounds, ", nil, "What it is for"},
		{"send", []string{"requests/2026-01-12-star-m3xt.yaml", "seals/m3xt-send.seal"}, empty, "STAR was requested: 2,210.00 pounds, 2 February to 17 July 2026.",
			[]string{"Helen Ashworth (mum) knows of it, and agrees.", "Looked for, and not there when it was sent: a specialist's advice, acted on."}, "all the same"},
		{"send", []string{"requests/2026-09-16-cosa-v8jn.yaml", "seals/v8jn-send.seal"}, empty, "COSA was requested.",
			[]string{"Paul Ashworth (dad) knows of it, and does not agree.", "Looked for, and there in part when it was sent: a specialist's advice, acted on.", "Why it was sent all the same: \u201cThe law"}, ""},
		{"letter", []string{"requests/2026-01-16-star-m3xt-letter-h2vc.yaml", "seals/h2vc-letter.seal"}, empty, "The STAR request: the panel has the request (STAR 26 / 14).",
			[]string{"\u201cIt goes to the panel of 28 January.\u201d"}, ""},
		{"decide", []string{"requests/2026-01-28-star-m3xt-decision-w3xk.yaml", "seals/w3xk-decide.seal"}, empty,
			"The panel of 28 January 2026 on the STAR request: agreed; 2,210.00 pounds, 2 February to 17 July 2026.",
			[]string{"The reasons: the need is clear; the plan has been reviewed twice.", "On condition: impact review by 10 July 2026.",
				"What would change it: attendance that falls again in spite of it.", "The family was told of mediation and the right to appeal on 2 February 2026."}, ""},
		{"impact", []string{"requests/2026-07-08-star-m3xt-impact-z7tn.yaml", "seals/z7tn-impact.seal"}, empty, "What the STAR request changed: \u201csome impact, not sustained\u201d",
			[]string{"Attendance: 71.2 percent before, 74.8 after; 82 was hoped for; better on Mondays."}, ""},
		{"advice", []string{"advice/2026-06-25-t9wc.yaml"}, empty, "Advice from T. Osei, educational psychologist: 2 of 4 recommendations acted on.",
			[]string{"A structured programme for spelling. Done on 7 September 2026: in the plan of 7 September.", "A check of eyesight. Not followed; the reason given: \u201cIt was checked in August.\u201d"}, ""},
		{"advice", []string{"advice/2026-06-25-t9wc.yaml"}, old("advice/2026-06-25-t9wc.yaml", "    done: 2026-09-14\n", ""),
			"On the advice of 25 June 2026 from T. Osei, educational psychologist: 2 of 4 recommendations acted on.", []string{"A reader pen. Done on 14 September 2026: bought in September."}, "structured"},
		{"correct", []string{"corrections/2026-03-02-h6vd.yaml", "seals/h6vd-correct.seal"}, empty,
			"Put right in the move of 12 February 2026, q2hd (decided): it says 2026-02-10, and should say 2026-02-11: \u201cMistyped.\u201d", nil, ""},
	}
	for _, tt := range tests {
		c := report.Commit{Action: tt.action, Date: day("2026-03-02")}
		for _, p := range tt.paths {
			c.Paths = append(c.Paths, jude+p)
		}
		c.Read, c.Before = reads(disk, tt.before)
		e := report.EventOf(f, r, c)
		all := strings.Join(e.More, "\n")
		if !strings.Contains(e.Sentence, tt.want) || e.Action != tt.action {
			t.Errorf("%s: %q, not %q", tt.action, e.Sentence, tt.want)
		}
		for _, m := range tt.more {
			if !strings.Contains(all, m) {
				t.Errorf("%s: no %q in\n%s", tt.action, m, all)
			}
		}
		if tt.not != "" && strings.Contains(all, tt.not) {
			t.Errorf("%s: %q in\n%s", tt.action, tt.not, all)
		}
		for _, s := range append(e.More, e.Sentence) {
			if strings.Contains(s, "%!") || strings.HasSuffix(s, "..") || strings.Contains(s, "  ") || strings.Contains(s, ": .") {
				t.Errorf("%s: a poor sentence: %q", tt.action, s)
			}
		}
	}
}

// A message that claims an act whose files its commit does not hold is told as a
// change with git; a file that cannot be read any more is told in general.
func TestJourneyForged(t *testing.T) {
	f, r := load(t, journey(t))
	gone := func(string) ([]byte, error) { return nil, errors.New("gone") }
	for action, whole := range map[string][]string{
		"advance":  {"moves/2026-03-01-passport-zzzz.yaml", "seals/zzzz-advance.seal"},
		"passport": {"passport.yaml"},
		"profile":  {"profile.yaml"},
		"agree":    {"profile.yaml", "seals/zzzz-agree.seal"},
		"read":     {"readings.yaml"},
		"request":  {"requests/2026-03-01-star-zzzz.yaml"},
		"send":     {"requests/2026-03-01-star-zzzz.yaml", "seals/zzzz-send.seal"},
		"letter":   {"requests/2026-03-01-star-m3xt-letter-zzzz.yaml", "seals/zzzz-letter.seal"},
		"decide":   {"requests/2026-03-01-star-m3xt-decision-zzzz.yaml", "seals/zzzz-decide.seal"},
		"impact":   {"requests/2026-03-01-star-m3xt-impact-zzzz.yaml", "seals/zzzz-impact.seal"},
		"advice":   {"advice/2026-03-01-zzzz.yaml"},
	} {
		var all []string
		for _, p := range whole {
			all = append(all, jude+p)
		}
		e := report.EventOf(f, r, report.Commit{Action: action, Paths: all, Read: gone, Before: gone})
		if e.Action != action || e.Sentence == "" || strings.Contains(e.Sentence, "claims") {
			t.Errorf("%s: %q", action, e.Sentence)
		}
		// Whichever file is not there, it is not that act; nor is another act's seal.
		forged := [][]string{{jude + "learner.yaml"}}
		for i := range all {
			if len(all) > 1 {
				forged = append(forged, append(append([]string{}, all[:i]...), all[i+1:]...))
			}
		}
		if len(all) == 2 {
			forged = append(forged, []string{all[0], jude + "seals/zzzz-review.seal"})
		}
		for _, paths := range forged {
			e := report.EventOf(f, r, report.Commit{Action: action, Paths: paths, Read: gone, Before: gone})
			if e.Action != "" || !strings.Contains(e.Sentence, "under a message that claims the act "+action) {
				t.Errorf("%s with %v: %q", action, paths, e.Sentence)
			}
		}
	}
}

// The line under a name says the stage and what stands beside it.
func TestStanding(t *testing.T) {
	const star = jude + "requests/2026-01-12-star-m3xt.yaml"
	for name, tt := range map[string]struct {
		change func(disk fstest.MapFS)
		today  string
		want   string
		beside string
	}{
		"a grant runs": {func(disk fstest.MapFS) { delete(disk, jude+"requests/2026-09-16-cosa-v8jn.yaml") }, "2026-03-01", "SEN Support Plan; STAR agreed, to 17 July 2026", "SEN Support Plan + STAR"},
		"both":         {func(fstest.MapFS) {}, "2026-07-17", "SEN Support Plan; STAR agreed, to 17 July 2026; COSA sent 16 September 2026", "SEN Support Plan + STAR + COSA"},
		"one is over":  {func(fstest.MapFS) {}, "2026-11-22", "SEN Support Plan; COSA sent 16 September 2026", "SEN Support Plan + COSA"},
		"no impact yet": {func(disk fstest.MapFS) {
			delete(disk, jude+"requests/2026-07-08-star-m3xt-impact-z7tn.yaml")
			delete(disk, jude+"requests/2026-09-16-cosa-v8jn.yaml")
		}, "2026-11-22", "SEN Support Plan; STAR ended 17 July 2026, its effect not told yet", "SEN Support Plan + STAR"},
		"a draft": {func(disk fstest.MapFS) {
			for p := range disk {
				if strings.Contains(p, "/requests/") && p != star {
					delete(disk, p)
				}
			}
			set(t, disk, star, "sent: 2026-01-15\n", "")
		}, "2026-11-22", "SEN Support Plan; STAR being prepared", "SEN Support Plan + STAR"},
		"none": {func(disk fstest.MapFS) {
			for p := range disk {
				if strings.Contains(p, "/requests/") {
					delete(disk, p)
				}
			}
		}, "2026-11-22", "SEN Support Plan", "SEN Support Plan"},
	} {
		disk := journey(t)
		tt.change(disk)
		f, r := load(t, disk)
		if v := report.ShowOf(f, r, day(tt.today)); v.Stands != tt.want {
			t.Errorf("%s: %q", name, v.Stands)
		}
		if row := report.RowOf(f, r, day(tt.today)); row.Beside() != tt.beside || row.Requests == nil {
			t.Errorf("%s: %q", name, row.Beside())
		}
	}
}

// What stands beside the plan, and what to type next for it.
func TestShowJourney(t *testing.T) {
	f, r := load(t, journey(t))
	v := report.ShowOf(f, r, day("2026-11-22"))
	if c := v.Cost; c == nil || c.Words != "Support costs 1,743.82 pounds a year, 29 % of the setting's own 6,000.00" || c.Annual != "1743.82" || c.Percent != 29 {
		t.Errorf("%+v", c)
	}
	if m := v.Move; m == nil || m.ID != "w6xp" || m.Unmet != 2 || m.ToWords != "SEN Support Plan" {
		t.Errorf("%+v", m)
	}
	if a := v.Advice; a == nil || a.Recommendations != 4 || a.Open != 1 || a.OpenAll != 1 || a.Files != 1 || a.RoleWords != "educational psychologist" {
		t.Errorf("%+v", a)
	}
	if d := v.Documents; len(d) != 2 || d[0].State != "agreed" || d[0].Read != 2 || d[0].Shared != 3 || !d[0].Stale || d[1].State != "draft" {
		t.Errorf("%+v", d)
	}
	const plan, advice = jude + "cycles/2026-09-07-sen-support-plan-k4f7.yaml", jude + "advice/2026-06-25-t9wc.yaml"
	for name, tt := range map[string]struct {
		change func(disk fstest.MapFS)
		next   string
		why    string
	}{
		"a stale passport": {func(fstest.MapFS) {}, "next", "the passport is to be looked at again"},
		"a draft":          {func(disk fstest.MapFS) { delete(disk, jude+"passport.yaml") }, "next", "the one-page profile is not agreed yet"},
		"open advice":      {func(disk fstest.MapFS) { delete(disk, jude+"passport.yaml"); delete(disk, jude+"profile.yaml") }, "next", "1 recommendation waits"},
		"a request": {func(disk fstest.MapFS) {
			delete(disk, jude+"passport.yaml")
			delete(disk, jude+"profile.yaml")
			delete(disk, advice)
		}, "next", "a request is under way"},
		"nothing else": {func(disk fstest.MapFS) {
			for _, p := range []string{"passport.yaml", "profile.yaml", "requests/2026-09-16-cosa-v8jn.yaml"} {
				delete(disk, jude+p)
			}
			delete(disk, advice)
		}, "note", "the plan is under way"},
		"moved, and no plan yet": {func(disk fstest.MapFS) { delete(disk, plan) }, "plan", "no plan is made at this stage yet"},
		"no cycles here": {func(disk fstest.MapFS) {
			delete(disk, plan)
			set(t, disk, jude+"learner.yaml", "stage: sen-support-plan", "stage: universal")
		}, "next", "no plan is kept at this stage"},
	} {
		disk := journey(t)
		tt.change(disk)
		f, r := load(t, disk)
		v := report.ShowOf(f, r, day("2026-11-22"))
		if v.Next != "sendctl "+tt.next+" jv6fpqgg" || !strings.Contains(v.NextWhy, tt.why) {
			t.Errorf("%s: %s (%s)", name, v.Next, v.NextWhy)
		}
	}
	// What cannot be reckoned is counted, not passed over.
	disk := journey(t)
	set(t, disk, "sendctl.yaml", "  - {role: teacher, from: 2025-09-01, hourly: 38.00}\n", "")
	f, r = load(t, disk)
	if c := report.ShowOf(f, r, day("2026-11-22")).Cost; c == nil || c.Missing == 0 || !strings.HasPrefix(c.Words, fmt.Sprintf("%d of 5 kinds of support cost ", 5-c.Missing)) {
		t.Errorf("%+v", c)
	}
}

// Everything of a record is found by its id, its file's name and its path.
func TestPapers(t *testing.T) {
	f, r := load(t, journey(t))
	all := report.Papers(r)
	for _, p := range all {
		for _, typed := range []string{p.Name(), p.ID, p.Path} {
			if typed == "" {
				continue
			}
			n := 0
			for _, q := range all {
				if q.Is(typed) {
					n++
				}
			}
			if n != 1 || !p.Is(typed) {
				t.Errorf("%q stands for %d", typed, n)
			}
		}
		if p.Is("") || p.Is("zzzz") {
			t.Errorf("%s", p.Name())
		}
	}
	if len(all) != 2+1+2+2+1+1+1+1+2+3+3 {
		t.Errorf("%d papers", len(all))
	}
	if v, ok := report.RequestFileOf(f, r, "m3xt", day("2026-11-22")); !ok || len(v.Decisions) != 1 || v.Format != "sendctl-request/1" {
		t.Errorf("%+v", v)
	}
	if _, ok := report.RequestFileOf(f, r, "zzzz", day("2026-11-22")); ok {
		t.Error("found")
	}
}

// A value put right is shown as put right wherever the file is shown, and both values with it.
func TestPapersPutRight(t *testing.T) {
	disk := journey(t)
	for i, fix := range [][4]string{
		{"w3xk", "grants.money", "2210.00", "2000.00"},
		{"h2vc", "reference", "STAR 26 / 14", "STAR 26 / 15"},
		{"z7tn", "outcomes[0].after", "74.8", "75.8"},
		{"m3xt", "reasons", "Support above element 2 for twenty weeks is likely to make the difference.", "Twenty weeks."},
	} {
		id := strings.Repeat(string("bcdf"[i]), 4)
		disk[jude+"corrections/2026-11-02-"+id+".yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"format: correction/v1\nlearner: jv6fpqgg\nid: %s\ndate: 2026-11-02\ncorrects: %s\npath: %s\nwas: %q\nis: %q\nbecause: Mistyped.\nby: eyre\n", id, fix[0], fix[1], fix[2], fix[3])}
	}
	f, r := load(t, disk)
	today := day("2026-11-22")
	decision := report.DecisionFileOf(f, r, r.Decisions[0], today)
	letter := report.LetterFileOf(f, r, r.Letters[0], today)
	impact := report.ImpactFileOf(f, r, r.Impacts[0], today)
	request, _ := report.RequestFileOf(f, r, "m3xt", today)
	if decision.Grants.Money != "2000.00" || letter.Reference != "STAR 26 / 15" || impact.Outcomes[0].After != "75.8" || request.Reasons != "Twenty weeks." || request.Decisions[0].Grants.Money != "2000.00" {
		t.Errorf("%+v\n%+v\n%+v", decision.Grants, letter.Reference, impact.Outcomes)
	}
	for name, n := range map[string]int{"decision": len(decision.Corrected), "letter": len(letter.Corrected), "impact": len(impact.Corrected), "request": len(request.Corrected) - 3} {
		if n != 1 {
			t.Errorf("%s: %d corrections", name, n)
		}
	}
	if c := decision.Corrected[0]; c.Was != "2210.00" || c.Is != "2000.00" || c.Where != "the grants, money" {
		t.Errorf("%+v", c)
	}
}

// Between two days, the journey is told once for each thing that changed, and
// nothing of it that lies outside them.
func TestDiffJourney(t *testing.T) {
	f, r := load(t, journey(t))
	titles := func(d report.Diff) (first, all string) {
		if len(d.Parts) > 0 && d.Parts[0].Title == "Where the learner is" {
			first = strings.Join(d.Parts[0].Sentences, "\n")
		}
		for _, p := range d.Parts {
			all += p.Title + "\n"
			for _, s := range p.Sentences {
				if strings.Contains(s, "%!") || strings.Contains(s, "  ") || strings.HasSuffix(s, "..") || strings.Contains(s, ", (") {
					t.Errorf("a poor sentence: %q", s)
				}
				all += s + "\n"
			}
		}
		return first, all
	}
	_, whole := titles(report.JourneyDiff(f, r, day("2025-12-01"), day("2026-11-22")))
	for _, want := range []string{
		"Moved from Initial Concerns to Passport on 12 February 2026: \u201cTwo reviewed", "Moved from Passport to SEN Support Plan on 20 May 2026: ",
		"The census code was no special educational need (N), and is SEN support (K) since 12 February 2026.",
		"The main area of need, since 12 February 2026: specific learning difficulty (reading and spelling single words).", "An area of need, since 20 May 2026: ",
		"The passport, version 1, was written with Jude, Helen Ashworth (mum), P. Grimes and M. Eyre, and agreed by Jude, Helen Ashworth (mum) and P. Grimes, on 26 February 2026.",
		"STAR was requested on 15 January 2026: 2,210.00 pounds, 2 February to 17 July 2026.", "The panel of 28 January 2026 on the STAR request: agreed; 2,210.00 pounds, ",
		"What the STAR request changed was looked at on 8 July 2026: \u201csome impact", "COSA was requested on 16 September 2026.",
		"T. Osei, educational psychologist, gave advice on 25 June 2026: 4 recommendations.", "Done on 14 September 2026 as T. Osei advised: a reader pen.",
	} {
		if strings.Count(whole, want) != 1 {
			t.Errorf("%q stands %d times in\n%s", want, strings.Count(whole, want), whole)
		}
	}
	// The first day is not of it, the last one is.
	for _, tt := range []struct {
		from, to string
		lines    int
	}{{"2026-05-20", "2026-06-24", 0}, {"2026-05-19", "2026-05-20", 2}, {"2026-09-14", "2026-09-16", 1}, {"2021-09-05", "2021-09-06", 1}} {
		d := report.JourneyDiff(f, r, day(tt.from), day(tt.to))
		if got, _ := titles(d); len(strings.Split(got, "\n")) != max(tt.lines, 1) || (got == "") != (tt.lines == 0) || d.Parts == nil {
			t.Errorf("%s to %s: %q", tt.from, tt.to, got)
		}
	}
	first, all := titles(report.DiffOf(f, r, r.Cycles[0], r.Cycles[1]))
	if !strings.Contains(first, "STAR was requested") || strings.Contains(first, "Moved") || !strings.Contains(all, "Progress and decision") {
		t.Errorf("%s\n%s", first, all)
	}
	d := report.DiffBetween(f, r, r.Cycles[0], r.Cycles[1], day("2026-05-01"), day("2026-05-31"))
	first, all = titles(d)
	if !strings.HasPrefix(first, "Moved from Passport") || strings.Contains(first, "STAR") || strings.Count(all, "Where the learner is") != 1 || d.From != "gxqf" || d.Since != day("2026-05-01") {
		t.Errorf("%s\n%s", first, all)
	}
}

// Two reviews with others between them are not told as if one had followed the other.
func TestDiffFarApart(t *testing.T) {
	disk := journey(t)
	plan := jude + "cycles/2026-09-07-sen-support-plan-k4f7.yaml"
	old := string(disk[two].Data)
	disk[plan] = &fstest.MapFile{Data: []byte(strings.NewReplacer("id: nrdv", "id: k4f7", "opened: 2025-11-28", "opened: 2026-09-07", "date: 2026-02-06", "date: 2026-10-21").Replace(old))}
	f, r := load(t, disk)
	if n := len(r.Reviewed()); n != 3 {
		t.Fatal(n)
	}
	for _, tt := range []struct {
		from, to int
		want     string
		not      string
	}{{0, 2, "19 of 30 then, 25 of 30 now", "ast time"}, {0, 1, "19 of 30 last time, 25 of 30 now", " then,"}} {
		all := ""
		for _, p := range report.DiffOf(f, r, r.Cycles[tt.from], r.Cycles[tt.to]).Parts {
			all += strings.Join(p.Sentences, "\n") + "\n"
		}
		if !strings.Contains(all, tt.want) || strings.Contains(all, tt.not) {
			t.Errorf("no %q, or %q, in\n%s", tt.want, tt.not, all)
		}
	}
}

// In JSON a bare key holds a code or an id, here too, and its twin what people read.
func TestJSONJourney(t *testing.T) {
	f, r := load(t, journey(t))
	today := day("2026-11-22")
	request, _ := report.RequestFileOf(f, r, "m3xt", today)
	for name, tt := range map[string]struct {
		view any
		want map[string]string
	}{
		"show": {report.ShowOf(f, r, today), map[string]string{"standing_words": "SEN Support Plan; COSA sent 16 September 2026", "requests.0.kind": "cosa", "requests.0.kind_words": "COSA",
			"main_need": "SPLD", "main_need_words": "specific learning difficulty", "documents.0.document": "passport", "documents.0.state": "agreed", "last_advice.role": "educational-psychologist",
			"last_advice.role_words": "educational psychologist", "last_advice.by": "ep-osei", "last_move.to": "sen-support-plan", "last_move.to_words": "SEN Support Plan", "stage_since": "2026-05-20",
			"cost.annual": "1743.82", "cost.element_2_threshold": "6000.00"}},
		"row": {report.RowOf(f, r, today), map[string]string{"requests.0.kind": "cosa", "requests.0.kind_words": "COSA", "stage_words": "SEN Support Plan"}},
		"move": {report.MoveFileOf(f, r, r.Moves[0]), map[string]string{"format": "sendctl-move/1", "from": "initial-concerns", "from_words": "Initial Concerns", "decided": "2026-02-11",
			"sen_provision": "K", "sen_provision_words": "SEN support (K)", "main_need": "SPLD", "main_need_words": "specific learning difficulty", "decided_by": "eyre", "decided_by_name": "M. Eyre",
			"told.0.id": "c8rt", "told.0.about": "register", "gate.0.check": "two-reviewed-cycles", "gate.0.kind": "evidence", "gate.0.check_words": "at least two reviewed cycles", "gate.0.cites": "[gxqf nrdv]",
			"invited.0": "learner", "corrected.0.was": "2026-02-10", "corrected.0.is": "2026-02-11"}},
		"letter":   {report.LetterFileOf(f, r, r.Letters[0], today), map[string]string{"format": "sendctl-letter/1", "id": "h2vc", "request": "m3xt", "request_kind": "star", "request_kind_words": "STAR", "what": "received", "what_words": "the panel has the request", "by": "eyre"}},
		"decision": {report.DecisionFileOf(f, r, r.Decisions[0], today), map[string]string{"format": "sendctl-decision/1", "id": "w3xk", "request": "m3xt", "result": "agreed", "reasons": "[need-clear plan-reviewed-twice]", "grants.money": "2210.00", "chair": "marr"}},
		"impact":   {report.ImpactFileOf(f, r, r.Impacts[0], today), map[string]string{"format": "sendctl-impact/1", "id": "z7tn", "request": "m3xt", "outcomes.0.after": "74.8", "by": "eyre"}},
		"request":  {request, map[string]string{"format": "sendctl-request/1", "learner": "jv6fpqgg", "id": "m3xt", "kind": "star", "kind_words": "STAR", "decisions.0.id": "w3xk"}},
		"contact":  {report.ContactEntryOf(f, r, r.Contacts.Value.Contacts[2]), map[string]string{"format": "sendctl-contact/1", "with": "[mum learner]", "with_words": "Helen Ashworth (mum) and Jude", "how": "meeting", "about": "register", "about_words": "SEN support beginning or ending"}},
		"log":      {report.ContactLogOf(f, r), map[string]string{"format": "sendctl-contacts/1", "contacts.0.id": "c8rt", "contacts.2.id": "ch7d"}},
		"fix":      {report.CorrectionFileOf(f, r, r.Corrections[1]), map[string]string{"format": "sendctl-correction/1", "id": "h6vd", "corrects": "q2hd", "corrects_words": "the move of 12 February 2026", "path": "decided", "by": "eyre", "by_name": "M. Eyre"}},
	} {
		b, err := json.Marshal(tt.view)
		if err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		for path, want := range tt.want {
			if s := text(at(got, path)); s != want {
				t.Errorf("%s %s: %q, want %q", name, path, s, want)
			}
		}
	}
}
