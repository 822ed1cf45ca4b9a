package folder_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

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
