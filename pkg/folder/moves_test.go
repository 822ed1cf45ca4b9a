package folder_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Moves of one day are in the order in which they were made, whatever their files
// are called: by how one leads to the next, and where that leaves two ways, by what
// was recorded first.
func TestMovesInOrder(t *testing.T) {
	type step struct{ id, day, from, to string }
	const d1, d2 = "2026-02-12", "2026-02-13"
	tests := []struct {
		name  string
		steps []step
		seals string // ids in order of recording; "" for none
		want  string
	}{
		{"two", []step{{"bbbb", d1, "up", "a-top"}, {"cccc", d1, "", "up"}}, "", "cccc bbbb"},
		{"three", []step{{"bbbb", d1, "two", "a"}, {"cccc", d1, "one", "two"}, {"dddd", d1, "", "one"}}, "", "dddd cccc bbbb"},
		{"up and back and on", []step{{"bbbb", d1, "", "one"}, {"cccc", d2, "one", "a-far"}, {"dddd", d2, "one", "two"}, {"ffff", d2, "two", "one"}}, "", "bbbb dddd ffff cccc"},
		{"there and back, by the seals", []step{{"bbbb", d1, "", "one"}, {"cccc", d2, "one", "two"}, {"dddd", d2, "two", "one"}, {"ffff", d2, "one", "three"}, {"gggg", d2, "three", "one"}},
			"bbbb ffff gggg cccc dddd", "bbbb ffff gggg cccc dddd"},
		{"a gap, by the seals", []step{{"bbbb", d1, "one", "two"}, {"cccc", d1, "four", "five"}}, "cccc bbbb", "cccc bbbb"},
		{"over two days", []step{{"bbbb", d2, "", "one"}, {"cccc", d1, "one", "two"}}, "", "cccc bbbb"},
	}
	for _, tt := range tests {
		disk := school(t)
		const dir = "learners/jv6fpqgg/"
		maps.DeleteFunc(disk, func(name string, _ *fstest.MapFile) bool { return strings.HasPrefix(name, dir+"moves/") })
		paths := map[string]string{}
		for _, s := range tt.steps {
			text := "format: move/v1\nlearner: jv6fpqgg\nid: " + s.id + "\ndate: " + s.day + "\n"
			if s.from != "" {
				text += "from: " + s.from + "\n"
			}
			text += "to: " + s.to + "\npathway: northumberland/1\ndecided_by: eyre\n"
			paths[s.id] = "moves/" + s.day + "-" + s.to + "-" + s.id + ".yaml"
			disk[dir+paths[s.id]] = &fstest.MapFile{Data: []byte(text)}
		}
		for i, id := range strings.Fields(tt.seals) {
			x := seal.Seal{Learner: "jv6fpqgg", File: id, Path: paths[id], Act: "advance", Date: date.New(2026, 2, 12), By: "eyre",
				Recorded: time.Date(2026, 2, 12, 9, i, 0, 0, time.UTC), Salt: strings.Repeat("0", 32),
				SHA256: strings.TrimPrefix(seal.Hash(disk[dir+paths[id]].Data), "sha256:")}
			if _, err := seal.Parse(x.Bytes()); err != nil {
				t.Fatal(err)
			}
			disk[dir+"seals/"+x.Name()] = &fstest.MapFile{Data: x.Bytes()}
		}
		r, err := open(t, disk).Load("jv6fpqgg")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range r.Moves {
			got = append(got, m.Value.ID)
		}
		if strings.Join(got, " ") != tt.want || len(r.Moved()) != len(got) {
			t.Errorf("%s: %v, not %s", tt.name, got, tt.want)
		}
	}
}
