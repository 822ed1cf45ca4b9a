package cli

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sendctl/sendctl/pkg/term"
	"github.com/sendctl/sendctl/pkg/trail"
)

// school is a record folder for tests to work on, small and always the same:
// Zebedee has a sealed review with a correction and a second plan that runs;
// Ottoline has a concern and no plan; Percival is at SEN support from elsewhere.
// Nobody's name could stand in a path or message by chance.
type school struct {
	dir string
	ids map[string]string // ZEB, OTT, PER; C1, C2 Zebedee's cycles, FIX his correction, OPEN Ottoline's cycle
}

const zebedeesPlan = `
plan:
  date: 2026-09-14
  agreed_with: [learner, mum, sato]
  universal:
    - word bank on the desk
  targets:
    - outcome: will read 20 of 30 words
      area: cognition-and-learning
      measure: {what: words read, baseline: 8, target: 20, of: 30, better: higher}
    - outcome: will ask for help 3 times a lesson
      area: social-emotional-and-mental-health
      measure: {what: times asked, baseline: 0, target: 3, better: higher}
  provision:
    - what: paired reading
      for: [t1]
      by: bell
      ratio: "1:1"
      additional: true
      sessions: {per_week: 4, minutes: 15, weeks: 6}
  review_on: 2026-10-16
assess:
  strengths:
    - draws maps
  learner_says:
    - words: I like the quiet table.
      how: talking
  parents_say:
    - who: mum
      words: He reads to the cat.
`

const zebedeesReview = `
date: 2026-10-16
present: [learner, mum, sato]
targets:
  - target: t1
    result: 15
    score: -1
    next: adapt
    because: Nearly doubled.
  - target: t2
    not_measured: The class was away on the day.
    next: stop
provision:
  - provision: p1
    delivered: 20
    attended: 19
    impact: some
learner_says:
  - words: The cat likes it too.
parents_say:
  - who: mum
    words: He asks for the library.
progress: less
decision: another-cycle
changes:
  - shorter lists
`

// acts of the school: when, who acts, the command; $NAMEs are filled in from ids,
// save takes one from a file's name.
func (s *school) build() error {
	type act struct{ at, who, line, answers, save string }
	acts := []act{
		{"2026-09-02T09:00:00Z", "eyre", "init . --name|Thornelaw Academy|--phase|all-through|--la|929|--estab|0000", "", ""},
		{"2026-09-02T09:10:00Z", "eyre", "people add sato --name|L. Sato|--role|teacher|--email|sato@thornelaw.example", "", ""},
		{"2026-09-02T09:11:00Z", "eyre", "people add bell --name|K. Bell|--role|teaching-assistant|--email|bell@thornelaw.example", "", ""},
		{"2026-09-10T09:00:00Z", "sato", "create --name|Zebedee|--family-name|Quillfeather|--born|2018-05-02|--teacher|sato|--set|family[0].id=mum|--set|family[0].name=Adelaide Quillfeather|--set|family[0].parental_responsibility=yes|--joined|2022-09-05|--by|sato|--concern|Loses the line when reading.|--area|cognition-and-learning", "", "ZEB"},
		{"2026-09-14T15:30:00Z", "sato", "plan $ZEB --answers|-", zebedeesPlan, "C1"},
		{"2026-10-02T15:30:00Z", "bell", "note $ZEB --provision|p1|--delivered|11|Quick today.", "", ""},
		{"2026-10-16T15:30:00Z", "sato", "review $ZEB --answers|-", zebedeesReview, ""},
		{"2026-10-19T10:00:00Z", "sato", "correct $ZEB $C1|review.targets[t1].result|--is|17|--because|Two words were missed in the count.", "", "FIX"},
		{"2026-10-20T10:00:00Z", "sato", "plan $ZEB --review-on|2026-12-01|--agreed-with|mum,sato|--set|assess.learner_says[0].words=More maps please.|--set|assess.parents_say[mum].words=Still the cat.", "", "C2"},
		{"2026-11-03T10:00:00Z", "sato", "create --name|Ottoline|--family-name|Marchbanks|--born|2020-02-11|--teacher|eyre|--joined|2024-09-04|--by|eyre|--concern|Covers her ears.|--area|communication-and-interaction", "", "OTT"},
		{"2026-11-04T10:00:00Z", "eyre", "create --name|Percival|--family-name|Longbotham|--born|2016-01-20|--teacher|sato|--joined|2026-11-02|--stage|sen-support-plan|--sen|K|--since|2024-09-10|--main-need|SPLD|--from-setting|Hill School", "", "PER"},
	}
	names := map[string]trail.Ident{
		"eyre": {Name: "M. Eyre", Email: "eyre@thornelaw.example"},
		"sato": {Name: "L. Sato", Email: "sato@thornelaw.example"},
		"bell": {Name: "K. Bell", Email: "bell@thornelaw.example"},
	}
	s.ids = map[string]string{}
	seen := map[string]bool{}
	for _, a := range acts {
		line := os.Expand(a.line, func(k string) string { return s.ids[k] })
		head, rest, _ := strings.Cut(line, "|")
		args := strings.Fields(head)
		if rest != "" {
			args = append(args, strings.Split(rest, "|")...)
		}
		at, err := time.Parse(time.RFC3339, a.at)
		if err != nil {
			return err
		}
		var talk bytes.Buffer
		e := &Env{
			Streams: &term.Streams{In: strings.NewReader(a.answers), Out: io.Discard, Err: &talk, Width: 80},
			Args:    append([]string{"-C", s.dir, "--no-input"}, args...), Dir: s.dir, Version: "test",
			Getenv: func(string) string { return "" }, Now: func() time.Time { return at },
			Random: rand.NewChaCha8(sha256.Sum256([]byte(a.at + a.line))), LockWait: lockWait,
			Author: func(now time.Time) (trail.Ident, error) {
				who := names[a.who]
				who.When = now
				return who, nil
			},
		}
		if code := Main(e); code != exitFine {
			return fmt.Errorf("%s: exit code %d: %s", head, code, talk.String())
		}
		if err := s.learnIDs(a.save, seen); err != nil {
			return err
		}
	}
	return nil
}

// learnIDs finds what an act made: a learner's folder or a file.
func (s *school) learnIDs(name string, seen map[string]bool) error {
	all, err := filepath.Glob(filepath.Join(s.dir, "learners", "*"))
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(s.dir, "learners", "*", "c*s", "*.yaml"))
	if err != nil {
		return err
	}
	for _, p := range append(all, files...) {
		base := strings.TrimSuffix(filepath.Base(p), ".yaml")
		id := base[strings.LastIndex(base, "-")+1:]
		if seen[p] {
			continue
		}
		switch isFile := strings.Contains(base, "-"); {
		case name == "":
		case !isFile && len(name) == 3 && s.ids[name] == "":
			s.ids[name] = id
		case isFile && name == "OTT":
			s.ids["OPEN"] = id
		case isFile && name == "ZEB":
			s.ids["C1"] = id // the concern that his first plan completes
		case isFile && s.ids[name] == "":
			s.ids[name] = id
		}
		seen[p] = true
	}
	return nil
}

// buildSchool makes the school once for a test.
func buildSchool(t *testing.T) *school {
	t.Helper()
	s := &school{dir: filepath.Join(t.TempDir(), "school")}
	if err := os.Mkdir(s.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := s.build(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSchoolIsBuilt(t *testing.T) {
	s := buildSchool(t)
	for _, k := range []string{"ZEB", "OTT", "PER", "C1", "C2", "FIX", "OPEN"} {
		if s.ids[k] == "" {
			t.Errorf("%s has no id: %v", k, s.ids)
		}
	}
}
