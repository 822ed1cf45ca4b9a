package seal

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// chain is one learner's folder: a review, then a move, then an agreed passport
// that was edited since.
func chain() (files, seals map[string][]byte) {
	files = map[string][]byte{
		"cycles/2025-09-29-initial-concerns-k4f7.yaml": []byte("format: cycle/v1\nlearner: bk7m2xqt\nid: k4f7\n"),
		"moves/2026-02-12-passport-q2hd.yaml":          []byte("format: move/v1\nlearner: bk7m2xqt\nid: q2hd\n"),
		"passport.yaml":                                []byte("format: passport/v1\nlearner: bk7m2xqt\n"),
		"learner.yaml":                                 []byte("format: learner/v1\nlearner: bk7m2xqt\n"),
	}
	seals = map[string][]byte{}
	var previous []string
	add := func(path, file, act string, at time.Time, b []byte) {
		s := example()
		s.Path, s.File, s.Act, s.Recorded, s.Previous = path, file, act, at, previous
		s.SHA256 = strings.TrimPrefix(Hash(b), "sha256:")
		seals[s.Name()] = s.Bytes()
		previous = []string{Hash(s.Bytes())}
	}
	at := time.Date(2025, 11, 21, 16, 0, 0, 0, time.UTC)
	add("cycles/2025-09-29-initial-concerns-k4f7.yaml", "k4f7", "review", at, files["cycles/2025-09-29-initial-concerns-k4f7.yaml"])
	add("moves/2026-02-12-passport-q2hd.yaml", "q2hd", "move", at.AddDate(0, 3, 0), files["moves/2026-02-12-passport-q2hd.yaml"])
	add("passport.yaml", "v7nc", "agree", at.AddDate(0, 3, 1), []byte("the agreed version"))
	return files, seals
}

// change reads a seal, alters it and writes it back under the same name.
func change(seals map[string][]byte, name string, f func(*Seal)) {
	s, err := Parse(seals[name])
	if err != nil {
		panic(err)
	}
	f(&s)
	seals[name] = s.Bytes()
}

func TestCheck(t *testing.T) {
	const cycle, move = "cycles/2025-09-29-initial-concerns-k4f7.yaml", "moves/2026-02-12-passport-q2hd.yaml"
	tests := []struct {
		name string
		do   func(files, seals map[string][]byte)
		want []Fault // messages are not compared
	}{
		{"whole", func(files, seals map[string][]byte) {}, nil},
		{"sealed file altered", func(files, seals map[string][]byte) {
			files[cycle] = append(files[cycle], "# later\n"...)
		}, []Fault{{Kind: Changed, File: cycle, Seal: "k4f7-review.seal"}}},
		{"sealed file with other line ends", func(files, seals map[string][]byte) {
			files[cycle] = []byte(strings.ReplaceAll(string(files[cycle]), "\n", "\r\n"))
		}, []Fault{{Kind: Changed, File: cycle, Seal: "k4f7-review.seal"}}},
		{"sealed file gone", func(files, seals map[string][]byte) {
			delete(files, cycle)
		}, []Fault{{Kind: FileMissing, File: cycle, Seal: "k4f7-review.seal"}}},
		{"living document gone", func(files, seals map[string][]byte) {
			delete(files, "passport.yaml")
		}, []Fault{{Kind: FileMissing, File: "passport.yaml", Seal: "v7nc-agree.seal"}}},
		{"seal gone from the middle", func(files, seals map[string][]byte) {
			delete(seals, "q2hd-move.seal")
		}, []Fault{{Kind: Gap, File: "passport.yaml", Seal: "v7nc-agree.seal"}}},
		{"seal altered: its successor no longer finds it", func(files, seals map[string][]byte) {
			change(seals, "k4f7-review.seal", func(s *Seal) { s.By = "eyre" })
		}, []Fault{{Kind: Gap, File: move, Seal: "q2hd-move.seal"}}},
		{"last seal unreadable", func(files, seals map[string][]byte) {
			seals["v7nc-agree.seal"] = append(seals["v7nc-agree.seal"], ' ')
		}, []Fault{{Kind: Unreadable, Seal: "v7nc-agree.seal"}}},
		{"last seal too new", func(files, seals map[string][]byte) {
			seals["v7nc-agree.seal"] = []byte("format: seal/v2\n")
		}, []Fault{{Kind: TooNew, Seal: "v7nc-agree.seal"}}},
		{"seal renamed", func(files, seals map[string][]byte) {
			seals["x-y.seal"] = seals["v7nc-agree.seal"]
			delete(seals, "v7nc-agree.seal")
		}, []Fault{{Kind: Misnamed, File: "passport.yaml", Seal: "x-y.seal"}}},
		{"seal copied", func(files, seals map[string][]byte) {
			seals["x-y.seal"] = seals["q2hd-move.seal"]
		}, []Fault{{Kind: Double, File: move, Seal: "x-y.seal"}, {Kind: Misnamed, File: move, Seal: "x-y.seal"}}},
		{"one file sealed anew under another id", func(files, seals map[string][]byte) {
			seals["w2k9-move.seal"] = seals["q2hd-move.seal"]
			change(seals, "w2k9-move.seal", func(s *Seal) { s.File = "w2k9" })
		}, []Fault{
			{Kind: Double, File: move, Seal: "w2k9-move.seal"},
			{Kind: Elsewhere, File: move, Seal: "w2k9-move.seal"}, // not in the path
			{Kind: Elsewhere, File: move, Seal: "w2k9-move.seal"}, // not the file's id
		}},
		{"recorded before the one it follows", func(files, seals map[string][]byte) {
			change(seals, "v7nc-agree.seal", func(s *Seal) { s.Recorded = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC) })
		}, []Fault{{Kind: Backdated, File: "passport.yaml", Seal: "v7nc-agree.seal"}}},
		{"another learner's seal", func(files, seals map[string][]byte) {
			change(seals, "v7nc-agree.seal", func(s *Seal) { s.Learner = "zzzzzzzz" })
		}, []Fault{
			{Kind: Elsewhere, File: "passport.yaml", Seal: "v7nc-agree.seal"}, // the folder's
			{Kind: Elsewhere, File: "passport.yaml", Seal: "v7nc-agree.seal"}, // the file's
		}},
		{"another learner's review, sealed anew", func(files, seals map[string][]byte) {
			files[cycle] = []byte("format: cycle/v1\nlearner: zzzzzzzz # pasted\nid: \"x4f7\"\n")
			delete(seals, "q2hd-move.seal")
			delete(seals, "v7nc-agree.seal")
			change(seals, "k4f7-review.seal", func(s *Seal) { s.SHA256 = strings.TrimPrefix(Hash(files[cycle]), "sha256:") })
		}, []Fault{
			{Kind: Elsewhere, File: cycle, Seal: "k4f7-review.seal"},
			{Kind: Elsewhere, File: cycle, Seal: "k4f7-review.seal"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, seals := chain()
			tt.do(files, seals)
			got := Check("bk7m2xqt", files, seals)
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(Fault{}, "Message", "Missing"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s\n%v", diff, got)
			}
			for _, f := range got {
				if f.Message == "" || (f.Kind == Gap) != (f.Missing != "") {
					t.Errorf("incomplete: %+v", f)
				}
			}
		})
	}
}

func TestCheckSaysWhereAMovedFileIs(t *testing.T) {
	files, seals := chain()
	const from, to = "moves/2026-02-12-passport-q2hd.yaml", "moves/2026-02-13-passport-q2hd.yaml"
	files[to] = files[from]
	delete(files, from)
	got := Check("bk7m2xqt", files, seals)
	if len(got) != 1 || got[0].Kind != FileMissing || !strings.Contains(got[0].Message, to) {
		t.Errorf("Check() = %v", got)
	}
}

// Take away or damage whatever you like: as long as a later seal is there, some
// fault says so; and Check neither panics nor depends on the order of a map.
func TestNoDamageGoesUnseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files, seals := chain()
		inner := []string{"k4f7-review.seal", "q2hd-move.seal"} // the last may go: only a checkpoint knows of it
		sealed := []string{"cycles/2025-09-29-initial-concerns-k4f7.yaml", "moves/2026-02-12-passport-q2hd.yaml"}
		of, name := seals, rapid.SampledFrom(inner).Draw(t, "seal")
		if rapid.Bool().Draw(t, "a file?") {
			of, name = files, rapid.SampledFrom(sealed).Draw(t, "file")
		}
		b := slices.Clone(of[name])
		switch rapid.SampledFrom([]string{"remove", "byte", "cut"}).Draw(t, "damage") {
		case "remove":
			delete(of, name)
		case "byte":
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			of[name] = b
		case "cut":
			of[name] = b[:rapid.IntRange(0, len(b)-1).Draw(t, "at")]
		}
		got := Check("bk7m2xqt", files, seals)
		if len(got) == 0 {
			t.Fatal("nothing found")
		}
		if diff := cmp.Diff(got, Check("bk7m2xqt", maps.Clone(files), maps.Clone(seals))); diff != "" {
			t.Fatal(diff)
		}
	})
}
