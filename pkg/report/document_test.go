package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/report"
)

const passport = `format: passport/v1
learner: jv6fpqgg
version: 2
made: 2026-02-26
with: [learner, mum, grimes]
know:
  - I think in pictures
hard_when:
  - copying from the board
shared_with: [grimes, eyre, bell]
`

func put(disk fstest.MapFS, name, text string) {
	disk[jude+name] = &fstest.MapFile{Data: []byte(text)}
}

// A document is due to be looked at again on the day it says; where it says none,
// as long after it was made as the pathway has it; and where neither does, never.
func TestDocumentGrowsOld(t *testing.T) {
	for _, tt := range []struct {
		text, weeks, today string
		stale              bool
		since              string
	}{
		{"review_on: 2026-05-08\n", "13", "2026-05-07", false, ""},
		{"review_on: 2026-05-08\n", "13", "2026-05-08", true, "2026-05-08"},
		{"review_on: 2026-12-01\n", "13", "2026-11-30", false, ""}, // the day that was agreed goes before the rhythm
		{"", "13", "2026-05-27", false, ""},
		{"", "13", "2026-05-28", true, "2026-05-28"},
		{"", "", "2036-05-28", false, ""},
	} {
		disk := school(t)
		put(disk, "passport.yaml", passport+tt.text)
		f, r := load(t, disk)
		f.Pathway.Value.Thresholds.DocumentWeeks = learner.Number(tt.weeks)
		d, ok := report.DocumentOf(f, r, "passport", day(tt.today))
		if !ok || d.Stale != tt.stale || d.StaleSince.String() != tt.since {
			t.Errorf("%+v: stale %t since %s", tt, d.Stale, d.StaleSince)
		}
	}
}

func TestDocumentStates(t *testing.T) {
	const agreed = "agreed:\n  - {who: mum, date: 2026-02-27}\n"
	readings := "format: readings/v1\nlearner: jv6fpqgg\nreadings:\n"
	for i, x := range []string{"passport 1 eyre", "passport 2 grimes", "profile 2 bell", "passport 2 grimes", "passport 2 vane"} {
		w := strings.Fields(x)
		readings += fmt.Sprintf("  - {document: %s, version: %s, who: %s, date: 2026-03-0%d}\n", w[0], w[1], w[2], i+1)
	}
	disk := school(t)
	f, r := load(t, disk)
	if _, ok := report.DocumentOf(f, r, "passport", day("2026-03-10")); ok {
		t.Error("there is a passport")
	}
	put(disk, "readings.yaml", readings)
	put(disk, "passport.yaml", passport)
	f, r = load(t, disk)
	// Version 2 is a draft, and no seal says that there ever was a first.
	d, _ := report.DocumentOf(f, r, "passport", day("2026-03-10"))
	if d.State != report.Draft || d.AgreedLast != "" || d.Changed || len(d.Unread)+len(d.Read) != 0 {
		t.Errorf("%+v", d)
	}
	// Written by hand as agreed: nobody sealed it, and it says so.
	put(disk, "passport.yaml", passport+agreed)
	f, r = load(t, disk)
	d, _ = report.DocumentOf(f, r, "passport", day("2026-03-10"))
	if d.State != report.Agreed || !d.Changed || d.Seals != 0 || !d.Together || d.Empty() {
		t.Errorf("%+v", d)
	}
	if diff := cmp.Diff([]string{"grimes", "vane"}, d.Read); diff != "" { // vane was not asked to, and read it
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"eyre", "bell"}, d.Unread); diff != "" {
		t.Error(diff)
	}
	if len(d.Readings) != 2 || d.Readings[0].Date != day("2026-03-02") { // the first reading counts
		t.Errorf("%+v", d.Readings)
	}
	// A text that is not there to be read whole says so; one that cannot be read is none.
	put(disk, "passport.yaml", strings.Replace(passport, "made: 2026-02-26\n", "", 1))
	f, r = load(t, disk)
	if d, ok := report.DocumentOf(f, r, "passport", day("2026-03-10")); !ok || len(d.Faults) != 1 {
		t.Errorf("%t %+v", ok, d.Faults)
	}
	put(disk, "passport.yaml", "format: passport/v1\n\"")
	f, r = load(t, disk)
	if _, ok := report.DocumentOf(f, r, "passport", day("2026-03-10")); ok {
		t.Error("what cannot be read was read")
	}
}

// The keys of --json, which scripts rest on; lists are never null.
func TestDocumentJSON(t *testing.T) {
	disk := school(t)
	put(disk, "profile.yaml", "format: profile/v1\nlearner: jv6fpqgg\nversion: 1\nmade: 2026-02-26\n")
	f, r := load(t, disk)
	f.Pathway.Value.Thresholds.DocumentWeeks = ""
	d, ok := report.DocumentOf(f, r, "profile", day("2026-03-10"))
	if !ok {
		t.Fatal("there is no profile")
	}
	got, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"format":"sendctl-document/1","learner":"jv6fpqgg","name":"Jude","document":"profile","document_words":"one-page profile",` +
		`"version":"1","state":"draft","made":"2026-02-26","review_on":"","with":[],"with_words":"",` +
		`"lists":[{"key":"admire","words":"What people like and admire about me","items":[]},{"key":"important","words":"What is important to me","items":[]},` +
		`{"key":"support","words":"How best to support me","items":[]}],"agreed":[],"agreed_by_learner_or_family":false,"shared_with":[],"read":[],"unread":[],` +
		`"readings":[],"stale":false,"stale_since":"","changed_since_agreed":false,"seals":0}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}
