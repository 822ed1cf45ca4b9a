package rules_test

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
)

// The files of a journey, beside the two reviewed cycles of the school.
const (
	up       = jude + "moves/2026-02-12-passport-m2m2.yaml"
	upAgain  = jude + "moves/2026-03-02-sen-support-plan-m3m3.yaml"
	star     = jude + "requests/2026-03-10-star-q2q2.yaml"
	draft    = jude + "requests/2026-06-01-cosa-q3q3.yaml"
	letter   = jude + "requests/2026-03-17-star-q2q2-letter-w2w2.yaml"
	decision = jude + "requests/2026-03-25-star-q2q2-decision-w3w3.yaml"
	impact   = jude + "requests/2026-07-08-star-q2q2-impact-w4w4.yaml"
	advice   = jude + "advice/2026-05-20-t2t2.yaml"
	passport = jude + "passport.yaml"
	readings = jude + "readings.yaml"
	report   = jude + "attachments/report.txt"
	reported = "sha256:5661162646630bcd33d9049bc290c697b53ca21b67c56861fc7797a4ba3df4e0"
)

// journey is the school with a journey in it, every act of it sealed.
func journey(t *testing.T) fstest.MapFS {
	t.Helper()
	disk := school(t)
	put := func(name, kind, text string) {
		disk[name] = &fstest.MapFile{Data: []byte("format: " + kind + "/v1\nlearner: jv6fpqgg\n" + text)}
	}
	disk[report] = &fstest.MapFile{Data: []byte("a report\n")}
	swap := func(name, old, next string) {
		text := string(disk[name].Data)
		if !strings.Contains(text, old) {
			t.Fatalf("%s holds no %q", name, old)
		}
		disk[name].Data = []byte(strings.Replace(text, old, next, 1))
	}
	swap(sheet, "stage: initial-concerns", "stage: sen-support-plan")
	swap(sheet, "  - {from: 2021-09-06, code: \"N\"}\n", "  - {from: 2021-09-06, code: \"N\"}\n  - {from: 2026-02-12, code: K}\nneeds:\n  - {rank: 1, type: SPLD, from: 2026-02-12}\nconsents:\n  - {to: advice, given_by: mum, date: 2026-05-01, until: 2027-05-01, withdrawn: 2026-12-01}\n")

	put(up, "move", "id: m2m2\ndate: 2026-02-12\nfrom: initial-concerns\nto: passport\npathway: northumberland/1\ndecided_by: eyre\nbecause: The gap grows.\nsen_provision: K\nmain_need: SPLD\ndecided: 2026-02-10\nnot_told: Mum told us.\nmeeting: {date: 2026-02-20, invited: [learner, mum, eyre]}\ngate:\n  - {check: two-reviewed-cycles, kind: evidence, met: true, cites: [gxqf, nrdv]}\n  - {check: parents-told, kind: duty, met: false}\n")
	put(upAgain, "move", "id: m3m3\ndate: 2026-03-02\nfrom: passport\nto: sen-support-plan\npathway: northumberland/1\ndecided_by: eyre\nsen_provision: K\nmain_need: SPLD\nnot_told: Mum told us.\nmonitor_until: 2026-05-02\n")
	put(passport, "passport", "version: 2\nmade: 2026-02-20\nwith: [learner, mum]\nshared_with: [grimes, bell]\nreview_on: 2026-06-20\nagreed:\n  - {who: learner, date: 2026-02-23}\n  - {who: mum, date: 2026-02-24}\n")
	put(readings, "readings", "readings:\n  - {document: passport, version: 1, who: bell, date: 2026-02-01}\n  - {document: passport, version: 2, who: grimes, date: 2026-02-25}\n")
	put(star, "request", "id: q2q2\nkind: star\nasked_by: eyre\nopened: 2026-03-10\nsent: 2026-03-16\nknowledge_and_agreement:\n  - {who: mum, knows: 2026-03-11, agrees: true}\nasks: {money: 1640.00, from: 2026-04-13, to: 2026-07-17}\nbecause: Time is short.\nparents_say:\n  - who: mum\n    words: Please.\nevidence:\n  - {number: 1, shows: two-reviewed-cycles, cites: gxqf}\n  - {number: 2, shows: a-report, cites: \""+reported+"\"}\nreadiness:\n  - {item: gone-check, state: missing}\ncosts:\n  - {provision: p1, cycle: gxqf, annual: 1640.00}\ndeclared:\n  - {who: eyre, date: 2026-03-16}\n")
	put(letter, "letter", "id: w2w2\nrequest: q2q2\ndate: 2026-03-17\nwhat: received\nby: eyre\n")
	put(decision, "decision", "id: w3w3\nrequest: q2q2\npanel: 2026-03-25\nresult: agreed\ngrants: {money: 1640.00, from: 2026-04-13, to: 2026-07-17}\nappeal_told: 2026-03-27\nchair: sato\nmoderator: eyre\nnotified: 2026-03-27\n")
	put(impact, "impact", "id: w4w4\nrequest: q2q2\ndate: 2026-07-08\nby: eyre\noutcomes:\n  - outcome: More words.\nverdict: It helped.\n")
	put(advice, "advice", "id: t2t2\nby: sato\nasked: 2026-05-05\nseen: 2026-05-12\ndate: 2026-05-20\nconsent: mum\nrecommendations:\n  - id: r1\n    words: A pen.\n    action: Bought.\n    done: 2026-05-13\n  - id: r2\n    words: A room.\nshared: 2026-05-21\nreview_on: 2026-11-20\n")
	put(draft, "request", "id: q3q3\nkind: cosa\nasked_by: eyre\nopened: 2026-06-01\n")
	swap(talks, "    by: grimes\n", "    by: grimes\n    cites: [m2m2, t2t2]\n")

	at := 0
	sealed := func(name, act, on string) {
		day, err := date.Parse(on)
		if err != nil {
			t.Fatal(err)
		}
		chain := map[string][]byte{}
		for p, f := range disk {
			if strings.HasSuffix(p, ".seal") {
				chain[path.Base(p)] = f.Data
			}
		}
		id := name[len(name)-9 : len(name)-5]
		if act == "agree" {
			id = "x2x2"
		}
		s := seal.Seal{Learner: "jv6fpqgg", File: id, Path: strings.TrimPrefix(name, jude), SHA256: strings.TrimPrefix(seal.Hash(disk[name].Data), "sha256:"),
			Act: act, Date: day, Recorded: time.Date(2026, 8, 1, 9, at, 0, 0, time.UTC), By: "eyre", Previous: seal.Tips(chain), Salt: strings.Repeat("0a", 16)}
		at++
		if err := s.Valid(); err != nil {
			t.Fatal(err)
		}
		disk[jude+"seals/"+s.Name()] = &fstest.MapFile{Data: s.Bytes()}
	}
	sealed(up, "advance", "2026-02-12")
	sealed(passport, "agree", "2026-02-24")
	sealed(upAgain, "advance", "2026-03-02")
	sealed(star, "send", "2026-03-16")
	sealed(letter, "letter", "2026-03-17")
	sealed(decision, "decide", "2026-03-25")
	sealed(impact, "impact", "2026-07-08")
	return disk
}

// A journey as the acts leave it breaks no rule.
func TestGoodJourney(t *testing.T) {
	for _, f := range judge(t, journey(t)) {
		t.Errorf("%s: %s %s: %s", f.File, f.Rule, f.Path, f.Message)
	}
}

var journeyBads = []bad{
	{"references", up, "invited: [learner, mum, eyre]", "invited: [learner, gran, eyre]", "", "meeting.invited[1]", ""},
	{"references", up, "cites: [gxqf, nrdv]", "cites: [gxqf, zzzz]", "", "gate[0].cites[1]", ""},
	{"references", up, "decided_by: eyre", "decided_by: mum", "", "decided_by", ""},
	{"references", up, "not_told: Mum told us.", "told: [zzzz]", "", "told[0]", ""},
	{"references", star, "who: mum, knows", "who: gran, knows", "", "knowledge_and_agreement[0].who", ""},
	{"references", star, "evidence:\n  - {number: 1, shows: two", "consents:\n  - {to: share it, given_by: gran, date: 2026-03-01}\nevidence:\n  - {number: 1, shows: two", "", "consents[0].given_by", ""},
	{"references", star, "- who: mum\n    words", "- who: eyre\n    words", "", "parents_say[0].who", ""},
	{"references", star, "cites: gxqf", "cites: zzzz", "", "evidence[0].cites", ""},
	{"references", star, reported, "sha256:" + strings.Repeat("0", 64), "", "evidence[1].cites", ""},
	{"references", report, "a report", "another", star, "evidence[1].cites", ""},
	{"references", star, "cycle: gxqf", "cycle: zzzz", "", "costs[0].cycle", ""},
	{"references", star, "provision: p1", "provision: p9", "", "costs[0].provision", ""},
	{"references", star, "{who: eyre, date", "{who: mum, date", "", "declared[0].who", ""},
	{"references", draft, "kind: cosa", "kind: cosy", "", "kind", ""},
	{"references", draft, "opened: 2026-06-01\n", "opened: 2026-06-01\nreadiness:\n  - {item: no-such-check, state: missing}\n", "", "readiness[0].item", ""},
	{"references", letter, "request: q2q2", "request: q9q9", "", "request", ""},
	{"references", letter, "by: eyre", "by: mum", "", "by", ""},
	{"references", decision, "request: q2q2", "request: q9q9", "", "request", ""},
	{"references", decision, "chair: sato", "chair: mum", "", "chair", ""},
	{"references", decision, "moderator: eyre", "moderator: mum", "", "moderator", ""},
	{"references", impact, "request: q2q2", "request: q9q9", "", "request", ""},
	{"references", advice, "by: sato", "by: mum", "", "by", ""},
	{"references", advice, "consent: mum", "consent: sato", "", "consent", ""},
	{"references", advice, "id: r2", "id: r1", "", "recommendations[1].id", ""},
	{"references", advice, "done: 2026-05-13", "done: 2026-05-13\n    not_followed: No.", "", "recommendations[0].not_followed", ""},
	{"references", passport, "with: [learner, mum]", "with: [learner, gran]", "", "with[1]", ""},
	{"references", passport, "shared_with: [grimes, bell]", "shared_with: [grimes, mum]", "", "shared_with[1]", ""},
	{"references", passport, "who: learner, date", "who: gran, date", "", "agreed[0].who", ""},
	{"references", readings, "who: grimes", "who: mum", "", "readings[1].who", ""},
	{"references", readings, "version: 2", "version: 3", "", "readings[1].version", ""},
	{"references", readings, "document: passport, version: 2", "document: profile, version: 2", "", "readings[1].document", ""},
	{"references", talks, "cites: [m2m2, t2t2]", "cites: [m2m2, zzzz]", "", "contacts[0].cites[1]", ""},

	{"dates-in-order", up, "decided: 2026-02-10", "decided: 2026-02-13", "", "date", ""},
	{"dates-in-order", upAgain, "monitor_until: 2026-05-02", "monitor_until: 2026-01-02", "", "monitor_until", ""},
	{"dates-in-order", sheet, "joined: 2021-09-06", "joined: 2026-02-20", up, "date", ""},
	{"dates-in-order", sheet, "withdrawn: 2026-12-01", "withdrawn: 2026-01-01", "", "consents[0].withdrawn", ""},
	{"dates-in-order", star, "sent: 2026-03-16", "sent: 2026-03-09", "", "sent", ""},
	{"dates-in-order", star, "to: 2026-07-17", "to: 2026-01-17", "", "asks.to", ""},
	{"dates-in-order", letter, "date: 2026-03-17", "date: 2026-03-15", "", "date", ""},
	{"dates-in-order", decision, "panel: 2026-03-25", "panel: 2026-03-15", "", "panel", ""},
	{"dates-in-order", decision, "notified: 2026-03-27", "notified: 2026-03-24", "", "notified", ""},
	{"dates-in-order", decision, "to: 2026-07-17", "to: 2026-04-01", "", "grants.to", ""},
	{"dates-in-order", impact, "date: 2026-07-08", "date: 2026-03-08", "", "date", ""},
	{"dates-in-order", impact, "request: q2q2", "request: q3q3", "", "request", ""},
	{"dates-in-order", impact, "date: 2026-07-08", "date: 2026-08-02", "", "date", ""}, // after the day of its seal
	{"dates-in-order", advice, "seen: 2026-05-12", "seen: 2026-05-02", "", "seen", ""},
	{"dates-in-order", advice, "seen: 2026-05-12", "seen: 2026-05-22", "", "seen", ""},
	{"dates-in-order", advice, "done: 2026-05-13", "done: 2026-05-11", "", "recommendations[0].done", ""},
	{"dates-in-order", advice, "shared: 2026-05-21", "shared: 2026-05-19", "", "shared", ""},
	{"dates-in-order", passport, "made: 2026-02-20", "made: 2026-02-24", "", "agreed[0].date", ""},
	{"dates-in-order", readings, "who: grimes, date: 2026-02-25", "who: grimes, date: 2026-02-22", "", "readings[1].date", ""},

	{"gate", up, "because: The gap grows.\n", "", "", "gate[1].met", ""},
	{"gate", upAgain, "not_told: Mum told us.\n", "", "", "id", ""},
	{"gate", star, "because: Time is short.\n", "", "", "readiness[0].state", ""},

	{"stage-moves", upAgain, "from: passport", "from: initial-concerns", "", "from", ""},
	{"stage-moves", upAgain, "from: passport\n", "", "", "from", ""},
	{"stage-moves", sheet, "stage: sen-support-plan", "stage: passport", "", "stage", "stage:"},
	{"stage-moves", sheet, "code: K", "code: E", "", "sen_provision[1].code", ""},
	{"stage-moves", sheet, "from: 2026-02-12, code", "from: 2026-04-12, code", "", "sen_provision[0].code", ""},

	{"sealed", jude + "seals/w2w2-letter.seal", "", "", letter, "request", ""},
	{"sealed", jude + "seals/q2q2-send.seal", "", "", star, "sent", ""},
	{"sealed", jude + "seals/w3w3-decide.seal", "", "", decision, "request", ""},
	{"sealed", jude + "seals/w4w4-impact.seal", "", "", impact, "request", ""},
	{"sealed", jude + "seals/x2x2-agree.seal", "", "", passport, "agreed", ""},
	{"sealed", passport, "{who: mum, date: 2026-02-24}", "{who: mum, date: 2026-02-26}", "", "agreed", ""}, // no seal of that day
	{"sealed", jude + "seals/m3m3-advance.seal", "", "", upAgain, "id", ""},
	{"sealed", jude + "seals/w3w3-decide.seal", "date: 2026-03-25", "date: 2026-03-26", "", "", ""},
}

func TestBadJourney(t *testing.T) {
	for _, b := range journeyBads {
		t.Run(b.rule+"/"+path.Base(b.file)+" "+b.path+" "+b.new, func(t *testing.T) {
			disk := journey(t)
			if b.old == "" {
				delete(disk, b.file)
			} else {
				text := string(disk[b.file].Data)
				if strings.Count(text, b.old) == 0 {
					t.Fatalf("the file holds no %q", b.old)
				}
				disk[b.file].Data = []byte(strings.Replace(text, b.old, b.new, 1))
			}
			file := b.in
			if file == "" {
				file = b.file
			}
			var others []string
			found := judge
			if b.rule != "sealed" {
				found = judgeSealed
			}
			for _, f := range found(t, disk) {
				if f.Rule == b.rule && f.File == file && f.Path == b.path {
					if f.Severity != diag.Error || f.Message == "" || f.Hint == "" {
						t.Errorf("a poor finding: %+v", f)
					}
					return
				}
				others = append(others, f.Rule+" "+f.File+" "+f.Path+" "+f.Message)
			}
			t.Errorf("no finding; there are %q", others)
		})
	}
}

// What came of a journey lies in the past; what is meant to lie ahead may.
func TestNotYetJourney(t *testing.T) {
	f, err := folder.Open(journey(t))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	found := func(day string) map[string]bool {
		on, err := date.Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]bool{}
		for _, x := range rules.NotYet(r, on) {
			if strings.Contains(x.File, "/cycles/") || strings.Contains(x.File, "/corrections/") || strings.HasSuffix(x.File, "/contacts.yaml") {
				continue
			}
			out[path.Base(x.File)+" "+x.Path] = true
		}
		return out
	}
	if got := found("2026-07-08"); len(got) != 1 || !got["learner.yaml consents[0].withdrawn"] {
		t.Errorf("on the last day: %q", slices.Sorted(maps.Keys(got)))
	}
	got := found("2026-01-31")
	for _, want := range []string{
		path.Base(up) + " date", path.Base(up) + " decided", path.Base(star) + " opened", path.Base(star) + " sent",
		path.Base(star) + " knowledge_and_agreement[0].knows", path.Base(star) + " declared[0].date", path.Base(letter) + " date",
		path.Base(decision) + " panel", path.Base(decision) + " notified", path.Base(impact) + " date", path.Base(draft) + " opened",
		path.Base(advice) + " asked", path.Base(advice) + " seen", path.Base(advice) + " date", path.Base(advice) + " shared",
		path.Base(advice) + " recommendations[0].done", "passport.yaml made", "passport.yaml agreed[0].date", "readings.yaml readings[0].date",
		"learner.yaml consents[0].date",
	} {
		if !got[want] {
			t.Errorf("%s is not found", want)
		}
	}
	for _, ahead := range []string{"monitor_until", "meeting", "review_on", "grants", "asks", "until", "sen_provision"} {
		for x := range got {
			if strings.Contains(x, ahead) {
				t.Errorf("%s may lie ahead", x)
			}
		}
	}
}

// Two moves of one day are taken in the order in which they were made, whatever
// their names; what was put right in the last one is a warning until learner.yaml
// says it too.
func TestMovesOfOneDay(t *testing.T) {
	found := func(disk fstest.MapFS) (errors, warnings []string) {
		for _, f := range judge(t, disk) {
			switch {
			case f.Rule != "stage-moves":
			case f.Severity == diag.Error:
				errors = append(errors, f.File+" "+f.Path)
			default:
				warnings = append(warnings, f.File+" "+f.Path)
			}
		}
		return errors, warnings
	}
	disk := journey(t)
	for old, name := range map[string]string{up: jude + "moves/2026-03-02-passport-m2m2.yaml", upAgain: jude + "moves/2026-03-02-initial-concerns-m3m3.yaml"} {
		disk[name] = &fstest.MapFile{Data: disk[old].Data}
		delete(disk, old)
		text := strings.NewReplacer("date: 2026-02-12", "date: 2026-03-02", "from: initial-concerns", "from: initial-concerns", "to: sen-support-plan", "to: initial-concerns").Replace(string(disk[name].Data))
		disk[name].Data = []byte(text)
	}
	disk[sheet].Data = []byte(strings.Replace(string(disk[sheet].Data), "stage: sen-support-plan", "stage: initial-concerns", 1))
	if e, w := found(disk); e != nil || w != nil {
		t.Errorf("up and back on one day: %q %q", e, w)
	}

	disk = journey(t)
	fix := jude + "corrections/2026-03-03-h2h2.yaml"
	disk[fix] = &fstest.MapFile{Data: []byte("format: correction/v1\nlearner: jv6fpqgg\nid: h2h2\ndate: 2026-03-03\ncorrects: m3m3\npath: sen_provision\nwas: K\nis: E\nbecause: Mistyped.\nby: eyre\n")}
	if e, w := found(disk); e != nil || !slices.Equal(w, []string{sheet + " sen_provision[1].code"}) {
		t.Errorf("put right in the move alone: %q %q", e, w)
	}
	disk[sheet].Data = []byte(strings.Replace(string(disk[sheet].Data), "{from: 2026-02-12, code: K}", "{from: 2026-02-12, code: K}\n  - {from: 2026-03-02, code: E}", 1))
	if e, w := found(disk); e != nil || w != nil {
		t.Errorf("put right in both: %q %q", e, w)
	}
	disk = journey(t)
	disk[sheet].Data = []byte(strings.Replace(string(disk[sheet].Data), "type: SPLD", "type: SEMH", 1))
	if e, w := found(disk); e != nil || !slices.Equal(w, []string{sheet + " needs"}) {
		t.Errorf("another main need: %q %q", e, w)
	}
}

// A passport that was changed by hand since it was agreed is not what was agreed; one
// whose agreement was taken out by hand is no draft; the next version is one.
func TestChangedSinceAgreed(t *testing.T) {
	cut := func(b []byte) string { text, _, _ := strings.Cut(string(b), "\nagreed:"); return text + "\n" }
	for _, tt := range []struct {
		name string
		make func(now []byte) string
		at   string
	}{
		{"a comment", func(now []byte) string { return string(now) + "# by hand\n" }, "agreed"},
		{"who agreed taken out", func(now []byte) string { return strings.Replace(cut(now), "version: 2", "version: 1", 1) }, "version"},
		{"the next version", cut, ""}, // one was agreed before
	} {
		disk := journey(t)
		disk[passport].Data = []byte(tt.make(disk[passport].Data))
		got := slices.DeleteFunc(judge(t, disk), func(f diag.Finding) bool { return f.Rule != "sealed" })
		if tt.at == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || got[0].Rule != "sealed" || got[0].Severity != diag.Error || got[0].Path != tt.at || !strings.Contains(got[0].Hint, "sendctl passport jv6fpqgg") {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// Of a sealed file that was changed nothing else is told, nor what follows from it.
func TestChangedAlone(t *testing.T) {
	disk := journey(t)
	b, err := fs.ReadFile(disk, two)
	if err != nil {
		t.Fatal(err)
	}
	disk[two] = &fstest.MapFile{Data: []byte(strings.NewReplacer("date: 2026-02-06", "date: 2026-02-30", "opened: 2025-11-28", "opened: 2025-12-28").Replace(string(b)))}
	got := judge(t, disk)
	if len(got) != 1 || got[0].Rule != "sealed" || got[0].File != two || !strings.Contains(got[0].Hint, "sendctl correct jv6fpqgg nrdv") || strings.Count(got[0].Hint, two) != 1 {
		t.Errorf("%+v", got)
	}
}

// A word that the pathway does not know is told as that, with where the words are:
// nobody is to rename a file after it. In a sealed file it is a warning.
func TestWordsOfThePathway(t *testing.T) {
	for _, tt := range []struct {
		file, old, next, at string
		severity            diag.Severity
	}{
		{draft, "kind: cosa", "kind: cossa", "kind", diag.Error},
		{star, "kind: star", "kind: stair", "kind", diag.Warning},
		{decision, "result: agreed", "result: aggreed", "result", diag.Warning},
		{two, "stage: initial-concerns", "stage: initial-concern", "stage", diag.Warning},
		{upAgain, "to: sen-support-plan", "to: sen-suport-plan", "to", diag.Error},
	} {
		disk := journey(t)
		text := strings.Replace(string(disk[tt.file].Data), tt.old, tt.next, 1)
		disk[tt.file].Data = []byte(text)
		told := false
		for _, f := range judgeSealed(t, disk) {
			switch {
			case f.Rule == "file-name":
				t.Errorf("%s: %+v", tt.next, f)
			case f.Rule == "references" && f.File == tt.file && f.Path == tt.at:
				told = f.Severity == tt.severity && strings.Contains(f.Hint, "pathway.yaml") && strings.Contains(f.Message, "of the pathway in force")
			}
		}
		if !told {
			t.Errorf("%s: not found", tt.next)
		}
	}
}

// Advice of a day to come is told, wherever its date stands.
func TestAdviceNotYet(t *testing.T) {
	disk := journey(t)
	disk[advice].Data = []byte(strings.NewReplacer("date: 2026-05-20", "date: 2027-05-20", "shared: 2026-05-21", "shared: 2027-05-21").Replace(string(disk[advice].Data)))
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range rules.NotYet(r, date.New(2026, 12, 2)) {
		got = append(got, x.File+" "+x.Path)
	}
	if !slices.Equal(got, []string{advice + " date", advice + " shared"}) {
		t.Errorf("%q", got)
	}
}

// A reason that was left out is put in by a correction.
func TestReasonPutIn(t *testing.T) {
	disk := journey(t)
	disk[upAgain].Data = []byte(strings.Replace(string(disk[upAgain].Data), "not_told: Mum told us.\n", "", 1))
	disk[jude+"corrections/2026-03-03-h2h2.yaml"] = &fstest.MapFile{Data: []byte("format: correction/v1\nlearner: jv6fpqgg\nid: h2h2\ndate: 2026-03-03\ncorrects: m3m3\npath: not_told\nis: She told us.\nbecause: It was left out.\nby: eyre\n")}
	for _, f := range judgeSealed(t, disk) {
		if f.Rule == "gate" || f.Rule == "references" {
			t.Errorf("%+v", f)
		}
	}
	disk[jude+"corrections/2026-03-03-h2h2.yaml"].Data = []byte(strings.Replace(string(disk[jude+"corrections/2026-03-03-h2h2.yaml"].Data), "path: not_told", "path: not_tolt", 1))
	var paths []string
	for _, f := range judgeSealed(t, disk) {
		if f.Rule == "references" {
			paths = append(paths, f.Path)
		}
	}
	if !slices.Equal(paths, []string{"path"}) {
		t.Errorf("a key that does not belong there: %q", paths)
	}
}

// A pathway that names what is not there is told, with its place.
func TestPathway(t *testing.T) {
	disk := school(t)
	open := func() *folder.Folder {
		f, err := folder.Open(disk)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if got := rules.Pathway(open()); got != nil {
		t.Errorf("%+v", got)
	}
	disk["pathway.yaml"].Data = append(disk["pathway.yaml"].Data, "moves:\n  - from: [no-such-stage]\n    to: [passport]\n    way: up\n"...)
	got := rules.Pathway(open())
	if len(got) == 0 || got[0].Severity != diag.Error || got[0].Span.Start.Line == 0 || got[0].File != "pathway.yaml" {
		t.Errorf("%+v", got)
	}
}
