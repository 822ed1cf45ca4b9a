package folder_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/folder"
)

// A file of any kind is put right; what was left out of it is put in, and put right
// once more; a key that does not belong there is a fault, and nothing changes.
func TestCorrectedOfEveryKind(t *testing.T) {
	const dir = "learners/jv6fpqgg/"
	disk := school(t)
	maps.DeleteFunc(disk, func(name string, _ *fstest.MapFile) bool {
		return strings.Contains(name, "/moves/") || strings.Contains(name, "/requests/") || strings.Contains(name, "/corrections/")
	})
	put := func(name, kind, text string) {
		disk[dir+name] = &fstest.MapFile{Data: []byte("format: " + kind + "/v1\nlearner: jv6fpqgg\n" + text)}
	}
	put("moves/2026-02-12-passport-m2m2.yaml", "move", "id: m2m2\ndate: 2026-02-12\nfrom: initial-concerns\nto: passport\npathway: northumberland/1\ndecided_by: eyre\nsen_provision: K\nmeeting: {date: 2026-02-20, invited: [mum]}\n")
	put("requests/2026-03-25-star-q2q2-decision-w3w3.yaml", "decision", "id: w3w3\nrequest: q2q2\npanel: 2026-03-25\nresult: agreed\n")
	fix := func(id, day, of, path, was, is string) {
		if was != "" {
			was = "was: " + was + "\n"
		}
		put("corrections/"+day+"-"+id+".yaml", "correction", "id: "+id+"\ndate: "+day+"\ncorrects: "+of+"\npath: "+path+"\n"+was+"is: "+is+"\nbecause: Mistyped.\nby: eyre\n")
	}
	// Of one day, in the order in which each takes up what the one before said.
	fix("bbbb", "2026-04-02", "m2m2", "because", "The gap.", "The gap grows.")
	fix("cccc", "2026-04-02", "m2m2", "because", "", "The gap.")
	fix("dddd", "2026-04-03", "m2m2", "sen_provision", "K", "\"N\"")
	fix("ffff", "2026-04-02", "w3w3", "second_total", "", "17")
	r, err := open(t, disk).Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	move, faults := folder.Corrected(r, r.Moves[0])
	if len(faults) > 0 || move.Because != "The gap grows." || move.SENProvision != "N" || r.Moves[0].Value.Because != "" {
		t.Errorf("%+v, %+v", faults, move)
	}
	if got := r.CorrectionsOf("m2m2"); len(got) != 3 || got[0].ID != "cccc" || got[1].ID != "bbbb" {
		t.Errorf("%+v", got)
	}
	decision, faults := folder.Corrected(r, r.Decisions[0])
	if len(faults) > 0 || decision.SecondTotal != "17" || decision.Result != "agreed" {
		t.Errorf("%+v, %+v", faults, decision)
	}

	for _, path := range []string{"becuase", "meeting.because", "gate[0].met", "meeting.invited[3]", "grants.money"} {
		fix("gggg", "2026-04-05", "m2m2", path, "", "x")
		if r, err = open(t, disk).Load("jv6fpqgg"); err != nil {
			t.Fatal(err)
		}
		move, faults := folder.Corrected(r, r.Moves[0])
		if len(faults) != 1 || faults[0].Path != "path" || faults[0].File != dir+"corrections/2026-04-05-gggg.yaml" || move.Because != "The gap grows." {
			t.Errorf("%s: %+v, %+v", path, faults, move)
		}
	}
	// One that says something was there where nothing was.
	fix("gggg", "2026-04-05", "m2m2", "to_setting", "Hill School", "Dale School")
	if r, err = open(t, disk).Load("jv6fpqgg"); err != nil {
		t.Fatal(err)
	}
	if _, faults := folder.Corrected(r, r.Moves[0]); len(faults) != 1 || faults[0].Path != "was" {
		t.Errorf("%+v", faults)
	}
}

// What Misfits says without laying corrections over a file is what Corrected says with.
func TestMisfitsAsCorrected(t *testing.T) {
	disk := school(t)
	id, cycle := "", ""
	for _, name := range slices.Sorted(maps.Keys(disk)) {
		if strings.Contains(name, "/cycles/") && strings.Contains(string(disk[name].Data), "\nreview:") && cycle == "" {
			id, cycle = strings.Split(name, "/")[1], strings.TrimSuffix(name[strings.LastIndexByte(name, '-')+1:], ".yaml")
		}
	}
	maps.DeleteFunc(disk, func(name string, _ *fstest.MapFile) bool { return strings.Contains(name, "/corrections/") })
	paths := []string{"review.targets[0].result", "review.targets[t1].result", "review.progress", "review.new", "plan.targets[0].id", "plan.targets[t1].outcome", "plan.targets[0].outcome", "plan.targets[0].due",
		"plan.targets[t9].due", "plan.provision[0].for[0]", "plan.provision[p1].what", "plan.provision[0].ratio", "plan", "opened", "plan.agreed_with[0]", "plan.agreed_with[mum].x", "nothing.here", "", "[0]", "..", "format", "plan.targets[0].measure.what"}
	values := []string{"5", "'7'", "\"t7\"", "2025-10-10", "true", "some words", "\"a: b\"", "\"two\\nlines\"", "''", "\"no\"", "\"[x]\""}
	faulty, sound := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		day := maps.Clone(disk)
		for i := range rapid.IntRange(1, 4).Draw(t, "corrections") {
			own := "bbb" + string("bcdf"[i])
			text := fmt.Sprintf("format: correction/v1\nlearner: %s\nid: %s\ndate: 2026-04-0%d\ncorrects: %s\npath: %q\nis: %s\nbecause: Mistyped.\nby: eyre\n",
				id, own, rapid.IntRange(1, 3).Draw(t, "day"), cycle, rapid.SampledFrom(paths).Draw(t, "path"), rapid.SampledFrom(values).Draw(t, "value"))
			day["learners/"+id+"/corrections/2026-04-01-"+own+".yaml"] = &fstest.MapFile{Data: []byte(text)}
		}
		f, err := folder.Open(day)
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Cycles {
			_, want := folder.Corrected(r, c)
			if diff := cmp.Diff(want, folder.Misfits(r, c)); diff != "" {
				t.Fatal(diff)
			}
			if len(want) > 0 {
				faulty++
			} else if c.Value.ID == cycle {
				sound++
			}
		}
	})
	if faulty < 10 {
		t.Errorf("%d with a fault, %d without: this proves too little", faulty, sound)
	}
}
