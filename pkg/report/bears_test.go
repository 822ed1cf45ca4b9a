package report_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/seal"
)

// A commit is told as the act that it claims only where it changed what that act
// changes, and nothing beside it.
func TestForgedShapes(t *testing.T) {
	disk := journey(t)
	f, r := load(t, disk)
	text := func(p string) string { return string(disk[p].Data) }
	swap := func(p, from, to string) string {
		out := strings.Replace(text(p), from, to, 1)
		if out == text(p) {
			t.Fatalf("%s holds no %q", p, from)
		}
		return out
	}
	before := func(p, from string) string { // the file as it was before from was added at its end
		i := strings.LastIndex(text(p), from)
		if i < 0 {
			t.Fatalf("%s holds no %q", p, from)
		}
		return text(p)[:i]
	}
	const log, is, passport, readings = jude + "contacts.yaml", jude + "learner.yaml", jude + "passport.yaml", jude + "readings.yaml"
	const correction, star = jude + "corrections/2025-11-24-xmrz.yaml", jude + "requests/2026-01-12-star-m3xt.yaml"
	const advice = jude + "advice/2026-06-25-t9wc.yaml"
	noReview, noNotes, noPlan := before(one, "\nreview:")+"\n", before(one, "\ndo:")+"\n", before(one, "\nplan:")+"\n"
	secondNote := before(one, "  - date: 2025-11-07\n    by: bell")
	type files = map[string]string
	for _, tt := range []struct {
		name, action string
		was, now     files
		real         bool
	}{
		{"a note is added", "note", files{one: secondNote}, files{one: noReview}, true},
		{"the first note", "note", files{one: noNotes}, files{one: secondNote}, true},
		{"two notes at once", "note", files{one: noNotes}, files{one: noReview}, false},
		{"an old note", "note", files{one: noReview}, files{one: strings.Replace(noReview, "Quicker after", "Slower after", 1)}, false},
		{"a note and a figure", "note", files{one: secondNote}, files{one: strings.Replace(noReview, "baseline: 11", "baseline: 9", 1)}, false},
		{"a note and the learner", "note", files{one: secondNote, is: text(is)}, files{one: noReview, is: swap(is, "relation: mother", "relation: carer")}, false},
		{"a plan of a concern", "plan", files{one: noPlan}, files{one: noNotes}, true},
		{"a plan in a new cycle", "plan", files{}, files{one: noNotes}, true},
		{"a baseline", "plan", files{one: noNotes}, files{one: strings.Replace(noNotes, "baseline: 11", "baseline: 9", 1)}, false},
		{"a plan and an old concern", "plan", files{one: strings.Replace(noPlan, "Reads single", "Reads no single", 1)}, files{one: noNotes}, false},
		{"a review", "review", files{one: noReview}, files{one: text(one)}, true},
		{"a review and a note", "review", files{one: secondNote}, files{one: text(one)}, false},
		{"quotes", "fix", files{is: swap(is, `cohort: "2021"`, "cohort: 2021")}, files{is: text(is)}, true},
		{"quotes and a word", "fix", files{is: swap(is, `cohort: "2021"`, "cohort: 2021")}, files{is: swap(is, "relation: mother", "relation: carer")}, false},
		{"a file made as a fix", "fix", files{}, files{is: text(is)}, false},
		{"a second review", "review", files{one: swap(one, "progress: less", "progress: more")}, files{one: text(one)}, false},
		{"a contact", "contact", files{log: before(log, "  - id: ")}, files{log: text(log)}, true},
		{"the first contact", "contact", files{}, files{log: text(log)[:strings.Index(text(log), "  - id: krt9")]}, true},
		{"old words", "contact", files{log: text(log)}, files{log: swap(log, "An hour and tears", "An hour")}, false},
		{"a contact taken out", "contact", files{log: text(log)}, files{log: before(log, "  - id: krt9")}, false},
		{"the log taken away", "contact", files{log: text(log)}, files{}, false},
		{"a reading", "read", files{}, files{readings: text(readings)}, true},
		{"another reader", "read", files{readings: text(readings)}, files{readings: swap(readings, "who: bell", "who: eyre")}, false},
		{"a correction", "correct", files{}, files{correction: text(correction)}, true},
		{"an old correction", "correct", files{correction: swap(correction, "is: 9", "is: 8")}, files{correction: text(correction)}, false},
		{"a correction and the learner", "correct", files{is: text(is)}, files{correction: text(correction), is: swap(is, "relation: mother", "relation: carer")}, false},
		{"the next version", "passport", files{passport: text(passport)}, files{passport: swap(passport, "version: 1", "version: 2")}, true},
		{"an agreed version", "passport", files{passport: text(passport)}, files{passport: swap(passport, "using my word mat", "asking")}, false},
		{"a sent request", "request", files{star: text(star)}, files{star: swap(star, "money: 2210.00", "money: 3000.00")}, false},
		{"a sent request withdrawn", "withdraw", files{star: text(star)}, files{}, false},
		{"a move beside an old contact", "advance", files{log: text(log)}, files{log: swap(log, "An hour and tears", "An hour"), is: text(is), jude + "moves/2026-02-12-passport-q2hd.yaml": text(jude + "moves/2026-02-12-passport-q2hd.yaml")}, false},
		{"advice acted on", "advice", files{advice: swap(advice, "    done: 2026-09-14\n", "")}, files{advice: text(advice)}, true},
		{"advice said otherwise", "advice", files{advice: text(advice)}, files{advice: swap(advice, "words: a reader pen", "words: a pen")}, false},
	} {
		was, now, c := fstest.MapFS{}, fstest.MapFS{}, report.Commit{Action: tt.action}
		for p, b := range tt.was {
			was[p] = &fstest.MapFile{Data: []byte(b)}
			c.Paths = append(c.Paths, p)
		}
		for p, b := range tt.now {
			now[p] = &fstest.MapFile{Data: []byte(b)}
			if was[p] == nil {
				c.Paths = append(c.Paths, p)
			}
		}
		act := map[string]string{"review": "gxqf-review", "correct": "xmrz-correct", "advance": "q2hd-advance"}[tt.action]
		if act != "" {
			c.Paths = append(c.Paths, jude+"seals/"+act+".seal")
		}
		c.Read, c.Before = reads(now, was)
		if e := report.EventOf(f, r, c); strings.Contains(e.Sentence, "claims the act "+tt.action) == tt.real || (e.Action == tt.action) != tt.real {
			t.Errorf("%s: %q", tt.name, e.Sentence)
		}
	}

	// The seal of an act is new, and of the file as the commit left it.
	made := seal.Seal{}
	if b, err := fs.ReadFile(disk, jude+"seals/gxqf-review.seal"); err != nil {
		t.Fatal(err)
	} else if made, err = seal.Parse(b); err != nil || !made.Covers(disk[one].Data) {
		t.Fatal("the example is not sealed: ", err)
	}
	for _, tt := range []struct {
		file string
		old  bool
		real bool
	}{{text(one), false, true}, {text(one), true, false}, {swap(one, "progress: less", "progress: more"), false, false}} {
		kept := fstest.MapFile{Data: made.Bytes()}
		was, now := fstest.MapFS{one: {Data: []byte(noReview)}}, fstest.MapFS{one: {Data: []byte(tt.file)}, jude + "seals/gxqf-review.seal": &kept}
		if tt.old {
			was[jude+"seals/gxqf-review.seal"] = &kept
		}
		c := report.Commit{Action: "review", Paths: []string{one, jude + "seals/gxqf-review.seal"}}
		c.Read, c.Before = reads(now, was)
		if e := report.EventOf(f, r, c); (e.Action == "review") != tt.real {
			t.Errorf("%v: %q", tt.old, e.Sentence)
		}
	}
}
