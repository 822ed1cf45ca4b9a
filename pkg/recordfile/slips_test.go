package recordfile_test

import (
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/recordfile"
)

const soundCycle = `format: cycle/v1
learner: bk7m2xqt
id: k4f7
opened: 2026-11-02
stage: sen-support-plan
pathway: northumberland/1
responsible_teacher: sato
assess:
  date: 2026-11-02
  strengths:
    - number patterns
  concerns:
    - by: mum
      area: cognition-and-learning
      words: Reading takes an hour.
  evidence:
    - id: e1
      date: 2026-10-30
      kind: assessment
      what: words read
      value: 18
plan:
  date: 2026-11-02
  agreed_with: [mum, sato]
  targets:
    - id: t1
      need: 1
      outcome: will read 20 of 25 words
      measure:
        what: words read
        baseline: 18
        target: 20
        better: higher
      due: 2026-12-16
  provision:
    - id: p1
      for: [t1]
      what: precision teaching
      layer: targeted
      ratio: "1:4"
      sessions: {per_week: 2.5, minutes: 30, weeks: 6}
      additional: true
  review_on: 2026-12-16
do:
  - date: 2026-11-13
    by: bell
    words: Quick and proud.
`

const soundLearner = `format: learner/v1
learner: bk7m2xqt
stage: sen-support-plan
joined: 2021-09-06
cohort: "2021"
team: {responsible_teacher: sato}
family:
  - {id: mum, relation: mother, parental_responsibility: true}
sen_provision:
  - {from: 2021-09-06, code: "N"}
needs:
  - rank: 1
    type: SPLD
    from: 2026-02-12
`

const soundIdentity = `format: identity/v1
learner: bk7m2xqt
name: Zed
born: 2017-03-08
sex: M
upn: C929000021114
`

// TestSlips: for each of the most likely slips the one finding says what to write.
func TestSlips(t *testing.T) {
	cycle, learner, identity := recordfile.Cycle, recordfile.Learner, recordfile.Identity
	sources := map[recordfile.Kind]string{cycle: soundCycle, learner: soundLearner, identity: soundIdentity}
	for _, tt := range []struct {
		kind          recordfile.Kind
		was, is       string // replaced in the sound file
		rule          string
		message, hint string // parts of them
	}{
		// Missing, each in its own words.
		{cycle, "  review_on: 2026-12-16\n", "", "missing", "a plan needs a day for its review", "review_on: 2026-12-16"},
		{cycle, "      outcome: will read 20 of 25 words\n", "", "missing", "what the learner will do", "beginning with will"},
		{cycle, "      area: cognition-and-learning\n", "", "missing", "a concern needs the broad area", "communication-and-interaction"},
		{cycle, "responsible_teacher: sato\n", "", "missing", "a teacher who is responsible", "responsible_teacher: eyre"},
		{cycle, "      for: [t1]\n", "", "missing", "nobody can say whether it helped", "for: [t1]"},
		{cycle, "      additional: true\n", "", "missing", "only that is costed", "additional: true"},
		{cycle, "        target: 20\n", "", "missing", "a measure needs the figure to be reached", "target: 2.5"},
		{cycle, "    by: bell\n    words", "    words", "missing", "a note needs who saw it", "by: eyre"},
		{learner, "joined: 2021-09-06\n", "", "missing", "from which deadlines count", "joined: 2026-12-16"},
		{learner, "  - rank: 1\n    type", "  - type", "missing", "the census takes the first two", "rank: 3"},
		{learner, ", parental_responsibility: true", "", "missing", "parental responsibility", "true"},
		{identity, "born: 2017-03-08\n", "", "missing", "date of birth", "born: 2026-12-16"},
		// Days.
		{cycle, "review_on: 2026-12-16", "review_on: 16/12/2026", "shape", "not a date", "the other way round: year, month, day"},
		{cycle, "review_on: 2026-12-16", "review_on: 2026-12-l6", "shape", "not a date", "a letter stands where a figure belongs"},
		{cycle, "review_on: 2026-12-16", "review_on: 2O26-12-16", "shape", "not a date", "a letter stands where a figure belongs"},
		{cycle, "review_on: 2026-12-16", "review_on: 16 Dec 2026", "shape", "not a date", "write the month as a figure"},
		{cycle, "review_on: 2026-12-16", "review_on: 12/16/2026", "shape", "not a date", "year, month, day"},
		{cycle, "review_on: 2026-12-16", "review_on: 2026-16-12", "yaml-no-such-date", "no such day", "have changed places"},
		{cycle, "review_on: 2026-12-16", "review_on: 2026-11-31", "yaml-no-such-date", "no such day", "look the day up"},
		{cycle, "review_on: 2026-12-16", "review_on: 16.12.26", "shape", "not a date", "year first, with four figures"},
		{cycle, "review_on: 2026-12-16", "review_on: 2026-12-6", "yaml-bare-code", "not a date", "two figures for month and day"},
		{cycle, "review_on: 2026-12-16", "review_on: 16 December 2026", "shape", "not a date", "the month as a figure"},
		{cycle, "review_on: 2026-12-16", "review_on: before Christmas", "shape", "not a date", "year, month, day"},
		{cycle, "review_on: 2026-12-16", "review_on: 2026-12-16 09:30:00", "yaml-timestamp", "a date with a time", "the day alone"},
		{cycle, "review_on: 2026-12-16", "review_on: 2026 - 12 - 16", "shape", "not a date", "take the spaces out"},
		{cycle, "review_on: 2026-12-16", "review_on: tbc", "shape", "not a date", "until the day is known"},
		{cycle, "review_on: 2026-12-16", "review_on: 20261216", "shape", "not a date", "hyphens"},
		// Bare codes.
		{learner, `code: "N"`, "code: N", "yaml-bare-code", "read this bare value as no", `code: "N"`},
		{learner, `code: "N"`, "code: no", "yaml-bare-code", "read this bare value as no", `write code: "N", in quotes`},
		{learner, `code: "N"`, "code: n", "yaml-bare-code", "read this bare value as no", `write code: "N", in quotes`},
		{learner, `code: "N"`, "code: Yes", "yaml-bare-code", "read this bare value as yes", "write one of the codes allowed here"},
		{cycle, `ratio: "1:4"`, "ratio: 1:4", "yaml-bare-code", "read this bare value as a number", `ratio: "1:4"`},
		{learner, `cohort: "2021"`, "cohort: 2021", "shape", "must be text, and is a number", `cohort: "…"`},
		{cycle, "additional: true", "additional: yes", "yaml-bare-code", "must be true or false", "true for yes"},
		{cycle, "additional: true", `additional: "yes"`, "shape", "must be true or false", "without quotes"},
		// Figures.
		{cycle, "per_week: 2.5", `per_week: "2,5"`, "shape", "must be a number", "a point and not a comma"},
		{cycle, "baseline: 18", "baseline: 18 words", "shape", "must be a number", "without a unit"},
		{cycle, "baseline: 18", "baseline: £18", "shape", "must be a number", "without the sign"},
		{cycle, "baseline: 18", "baseline: 18%", "shape", "must be a number", "without the sign"},
		{cycle, "baseline: 18", "baseline: 18/25", "shape", "must be a number", "out of under of"},
		{cycle, "baseline: 18", "baseline: 6,000", "shape", "must be a number", "6000, not 6,000"},
		{cycle, "baseline: 18", `baseline: "18"`, "shape", "must be a number", "take the quotes away"},
		{cycle, "baseline: 18", "baseline: n/a", "shape", "must be a number", "until the figure is known"},
		{cycle, "baseline: 18", "baseline: eighteen", "shape", "must be a number", "write a figure"},
		{cycle, "baseline: 18", "baseline: .5", "yaml-bare-code", "every program reads", "baseline: 0.5"},
		{cycle, "need: 1", "need: 1.5", "shape", "must be a whole number", "leave out the point"},
		{cycle, "minutes: 30", "minutes: 3000", "shape", "out of range", "from 0 to 1440"},
		{cycle, "baseline: 18", "baseline: 1,250.00", "shape", "must be a number", "without a comma"},
		{cycle, "need: 1", "need: +1", "yaml-bare-code", "every program reads", "leave the plus sign out"},
		{cycle, "per_week: 2.5", "per_week: 15,20", "yaml-lost-words", "a comma in bare text", "never a comma"},
		{cycle, "per_week: 2.5", "per_week:2.5", "yaml-lost-words", "no space after the colon, in braces", "key, colon, space, value"},
		// What is not the character it looks like.
		{cycle, "need: 1", "nе\u200bed: 1", "unknown-key", "a letter that is not the one it looks like", "type it again: need"},
		{cycle, "kind: assessment", "kind: assеssment", "shape", "not one of the words", "type it again, assessment"},
		{learner, `code: "N"`, "code: “N”", "shape", "not one of the words", `straight ones, "N"`},
		{cycle, "- number patterns", "* number patterns", "yaml-syntax", "cannot begin with *", "a hyphen and a space"},
		{cycle, "- number patterns", "• number patterns", "shape", "must be a list", "a plain hyphen and a space"},
		// Lists, groups, nothing.
		{cycle, "      for: [t1]", "      for: t1", "shape", "must be a list, and is text", "after a dash and a space"},
		{cycle, "  strengths:\n    - number patterns", "  strengths: number patterns", "shape", "must be a list", "a single one too"},
		{cycle, "outcome: will read 20 of 25 words", "outcome: [will read]", "shape", "is a list", "take the dash or the brackets away"},
		{cycle, "      words: Reading takes an hour.", "      words:\n        mum: Reading takes an hour.", "shape", "is a group of keys", "one value belongs here"},
		{cycle, "    - by: mum\n      area: cognition-and-learning\n      words: Reading takes an hour.", "    by: mum\n    area: cognition-and-learning\n    words: Reading.", "shape", "must be a list, and is a group", "a dash and a space before the first key"},
		{cycle, "      outcome: will read 20 of 25 words", "      outcome:", "shape", "nothing is written here: a target needs an outcome", "write it like outcome:"},
		{cycle, "      due: 2026-12-16", "      due:", "shape", "nothing is written here", "until it is known"},
		{cycle, "  strengths:\n    - number patterns", "  strengths:", "shape", "nothing is written here", "below it, after a dash"},
		// A key that is misspelt, or stands elsewhere, is not missing as well.
		{cycle, "  review_on:", "  reviw_on:", "unknown-key", "a plan has none of this name", `did you mean "review_on"?`},
		{cycle, "  review_on:", "review_on:", "unknown-key", "a cycle has none", "it belongs under plan"},
		{cycle, "assess:", "assessment:", "unknown-key", "a cycle has none", `did you mean "assess"?`},
		// Examples that are right for their key.
		{learner, `cohort: "2021"`, `cohort: "21"`, "shape", "four figures", `cohort: "2021"`},
		{learner, "rank: 1", "rank: +1", "yaml-bare-code", "every program reads", "plus sign"},
		{cycle, "responsible_teacher: sato", "responsible_teacher: yes", "yaml-bare-code", "short id of a person", "responsible_teacher: eyre"},
		// Words of a closed list, ids, keys.
		{cycle, "kind: assessment", "kind: assesment", "shape", "not one of the words", `did you mean "assessment"?`},
		{cycle, "area: cognition-and-learning", "area: reading", "shape", "not one of the words", "write one of: "},
		{learner, "type: SPLD", "type: spld", "shape", "not one of the words", `did you mean "SPLD"?`},
		{learner, "type: SPLD", "type: dyslexia", "shape", "not one of the words", "not a diagnosis"},
		{cycle, "responsible_teacher: sato", "responsible_teacher: L. Sato", "shape", "short id of a person", "responsible_teacher: eyre"},
		{identity, "upn: C929000021114", "upn: C92900002111", "shape", "not a UPN", "Copied from"},
		{cycle, "  review_on: 2026-12-16", "  reviewon: 2026-12-16\n  review_on: 2026-12-16", "unknown-key", "a plan has none of this name", `did you mean "review_on"?`},
		{cycle, "opened: 2026-11-02", "opened: 2026-11-02\nstrengths: [maths]", "unknown-key", "a cycle has none", "it belongs under assess"},
		{cycle, "    by: bell\n", "    by: bell\n    mood: good\n", "unknown-key", "a note has none", "the keys allowed here are"},
		{cycle, "      what: words read\n      value", "      what: \"words\\aread\"\n      value", "shape", "a character nobody can see", "delete it"},
		// Layout.
		{cycle, "  review_on: 2026-12-16", "\treview_on: 2026-12-16", "yaml-tab", "tab", "spaces"},
		{cycle, "responsible_teacher: sato", "responsible_teacher:sato", "yaml-syntax", "no space after the colon", "key, colon, space, value"},
		{cycle, "  review_on: 2026-12-16", "   review_on: 2026-12-16", "yaml-syntax", "", ""},
		{cycle, "      words: Reading takes an hour.", "      words: Reading: an hour.", "yaml-syntax", "second colon", "double quotes"},
		{cycle, "stage: sen-support-plan", "stage: sen-support-plan\nstage: profile", "yaml-duplicate-key", "twice", "keep one"},
		{cycle, "      words: Reading takes an hour.", "      words: \"Reading takes an hour.", "yaml-syntax", "never closed", "close it"},
	} {
		src := sources[tt.kind]
		if strings.Count(src, tt.was) < 1 {
			t.Fatalf("%q is not in the sound %s", tt.was, tt.kind)
		}
		_, found, err := recordfile.Parse("x.yaml", tt.kind, []byte(strings.Replace(src, tt.was, tt.is, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || found[0].Rule != tt.rule || !strings.Contains(found[0].Message, tt.message) || !strings.Contains(found[0].Hint, tt.hint) {
			t.Errorf("%q in place of %q: want one %s of %q, hint %q; got:", tt.is, tt.was, tt.rule, tt.message, tt.hint)
			for _, f := range found {
				t.Errorf("   %s %s: %s | %s", f.Rule, f.Path, f.Message, f.Hint)
			}
		}
	}
	for kind, src := range sources {
		if _, found, err := recordfile.Parse("x.yaml", kind, []byte(src)); err != nil || len(found) > 0 {
			t.Errorf("the sound %s: %v %v", kind, found, err)
		}
	}
}

// TestSlipsTogether: several slips are told in one go, and none hides another.
func TestSlipsTogether(t *testing.T) {
	src := strings.NewReplacer("review_on: 2026-12-16", "review_on: 16/12/2026", "additional: true", "additional: yes",
		"kind: assessment", "kind: assesment", "      outcome: will read 20 of 25 words\n", "", `ratio: "1:4"`, "ratio: 1:4").Replace(soundCycle)
	_, found, err := recordfile.Parse("x.yaml", recordfile.Cycle, []byte(src))
	if err != nil || len(found) != 5 {
		t.Errorf("%d of 5 slips are told (%v): %v", len(found), err, found)
	}
	for i := 1; i < len(found); i++ {
		if found[i].Span.Start.Line < found[i-1].Span.Start.Line {
			t.Errorf("not in the order of the file: %v", found)
		}
	}
}
