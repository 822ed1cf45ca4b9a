package merge

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

const (
	jude     = "learners/bk7m2xqt/"
	theCycle = jude + "cycles/2025-09-29-initial-concerns-k4f7.yaml"
)

const aReview = `review:
  date: 2025-11-21
  present: [learner, mum]
  recorded_by: grimes
  targets:
    - target: t1
      result: %d
      score: -1
      next: adapt
  progress: less
  decision: another-cycle
`

const aMove = `format: move/v1
learner: bk7m2xqt
id: %s
date: 2026-03-%02d
from: passport
to: %s
pathway: northumberland/1
decided_by: eyre
because: it is time
not_told: they were told before
`

// acted gives a folder after some acts of which most seal something.
func acted(t *rapid.T, from map[string][]byte, who string) map[string][]byte {
	out := maps.Clone(from)
	sealIt := func(p, act string) {
		at := fmt.Sprintf("2026-04-01T1%d:00:00Z", rapid.IntRange(0, 3).Draw(t, "hour"))
		name, b := sealFor(p, act, at, out[p])
		if out[name] == nil {
			out[name] = b
		}
	}
	for n := rapid.IntRange(1, 4).Draw(t, who+" acts"); n > 0; n-- {
		switch rapid.SampledFrom([]string{"edit", "edit", "review", "move", "agree"}).Draw(t, "act") {
		case "edit":
			var paths []string
			for _, p := range []string{theCycle, jude + "contacts.yaml", jude + "learner.yaml"} {
				if p != theCycle || !says(out[p], "review") {
					paths = append(paths, p)
				}
			}
			out = edited(t, out, who, paths)
		case "review":
			if !says(out[theCycle], "review") {
				out[theCycle] = append(bytes.Clone(out[theCycle]), fmt.Sprintf(aReview, rapid.IntRange(1, 3).Draw(t, "result"))...)
				sealIt(theCycle, "review")
			}
		case "move":
			id := rapid.SampledFrom([]string{"m2xq", "m3xq"}).Draw(t, "move")
			p := jude + "moves/2026-03-20-profile-" + id + ".yaml"
			if out[p] == nil {
				out[p] = fmt.Appendf(nil, aMove, id, 20, rapid.SampledFrom([]string{"profile", "sen-support-plan"}).Draw(t, "to"))
				sealIt(p, "advance")
			}
		case "agree":
			p := jude + "passport.yaml"
			v := versionOf(p, recordfile.Passport, out[p]) + 1
			out[p] = fmt.Appendf(nil, "format: passport/v1\nlearner: bk7m2xqt\nversion: %d\nmade: 2026-02-26\nknow:\n  - I like %s.\nagreed:\n  - {who: learner, date: 2026-02-26}\n",
				v, rapid.SampledFrom([]string{"trains", "ships"}).Draw(t, "likes"))
			sealIt(p, "agree")
		}
	}
	return out
}

// What either side sealed is whole, and every seal is there, whoever merges; a third
// clone that merges later comes to the same.
func TestSealedStays(t *testing.T) {
	base := record(t)
	rapid.Check(t, func(t *rapid.T) {
		ours, theirs := acted(t, base, "ours"), acted(t, base, "theirs")
		got, r := mergeThem(t, base, ours, theirs, nil)
		if lost := Lost(folderOf(base), folderOf(ours), folderOf(theirs), folderOf(got), r.Questions, r.Notes); len(lost) > 0 {
			t.Fatalf("lost: %q", lost)
		}
		sealsHold(t, got, ours, theirs)
		other, _ := mergeThem(t, base, theirs, ours, nil)
		if diff := cmp.Diff(sealedOf(got), sealedOf(other)); diff != "" {
			t.Fatalf("what is sealed differs here and there:\n%s", diff)
		}
		// A clone that had our side before merges what came of it.
		third := acted(t, ours, "third")
		late, r := mergeThem(t, ours, third, got, nil)
		if lost := Lost(folderOf(ours), folderOf(third), folderOf(got), folderOf(late), r.Questions, r.Notes); len(lost) > 0 {
			t.Fatalf("lost later: %q", lost)
		}
		sealsHold(t, late, got, third)
		for _, n := range r.Notes {
			if n.Rule == RuleSealed {
				t.Fatalf("an honest merge is told of as a damage: %v", n)
			}
		}
	})
}

// sealsHold checks that the seals of a learner are whole, none left out.
func sealsHold(t *rapid.T, got map[string][]byte, sides ...map[string][]byte) {
	files, seals, have := map[string][]byte{}, map[string][]byte{}, map[string]bool{}
	for p, b := range got {
		rest := strings.TrimPrefix(p, jude)
		if name, ok := strings.CutPrefix(rest, "seals/"); ok {
			seals[name] = b
			have[seal.Hash(b)] = true
		} else if rest != p {
			files[rest] = b
		}
	}
	for _, s := range sides {
		for p, b := range s {
			if strings.HasSuffix(p, ".seal") && !have[seal.Hash(b)] {
				t.Fatalf("%s is left out", p)
			}
		}
	}
	for _, f := range seal.Check("bk7m2xqt", files, seals) {
		if f.Kind != seal.Backdated && f.Kind != seal.Gap {
			t.Fatalf("%s %s %s: %s", f.Kind, f.Seal, f.File, f.Message)
		}
	}
}

// sealedOf are the seals, and the files that are sealed or lie beside one.
func sealedOf(files map[string][]byte) map[string]string {
	out := map[string]string{}
	for p, b := range files {
		_, _, _, beside := recordfile.Beside(p)
		if strings.HasSuffix(p, ".seal") || strings.Contains(p, "/moves/") || beside {
			out[p] = string(b)
		}
	}
	return out
}

// What was done to a seal past sendctl is undone by the merge, and told.
func TestSealsOfBase(t *testing.T) {
	base := record(t)
	base[theCycle] = append(base[theCycle], "review:\n  date: 2025-11-21\n  present: [learner]\n  recorded_by: grimes\n  progress: less\n  decision: end\n"...)
	name, b := sealFor(theCycle, "review", "2026-04-01T10:00:00Z", base[theCycle])
	base[name] = b
	_, forged := sealFor(theCycle, "review", "2026-04-02T10:00:00Z", base[theCycle])
	removal := []byte("format: removal/v1\nid: r3kd\ndate: 2026-02-12\nlearner: bk7m2xqt\nwhat: file\nfiles: [k4f7]\nseals: [\"" + seal.Hash(b) + "\"]\nbecause: another child\nby: eyre\nwith: marr\n")
	for _, c := range []struct {
		name   string
		theirs map[string][]byte // against base; nil is no file
		want   map[string][]byte // against base
		noted  []string
	}{
		{"taken away", map[string][]byte{name: nil}, nil, []string{"sealed " + name}},
		{"taken away with its file", map[string][]byte{name: nil, theCycle: nil}, nil, []string{"sealed " + theCycle, "sealed " + name}},
		{"changed", map[string][]byte{name: forged}, map[string][]byte{
			besidePath(name, "second", letters(base[theCycle], fileID, 0)):     forged,
			besidePath(theCycle, "second", letters(base[theCycle], fileID, 0)): base[theCycle],
		}, []string{"second " + theCycle, "sealed " + name}},
		{"no seal any more", map[string][]byte{name: []byte("x")}, nil, []string{"sealed " + name}},
		{"removed for good", map[string][]byte{name: nil, theCycle: nil, "removals/2026-02-12-r3kd.yaml": removal},
			map[string][]byte{name: nil, theCycle: nil, "removals/2026-02-12-r3kd.yaml": removal}, []string{"removed " + theCycle, "removed " + name}},
	} {
		t.Run(c.name, func(t *testing.T) {
			theirs := over(base, c.theirs)
			for way, sides := range map[string][2]map[string][]byte{"here": {base, theirs}, "there": {theirs, base}} {
				r, err := Trees(folderOf(base), folderOf(sides[0]), folderOf(sides[1]), Options{})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(textsOf(over(base, c.want)), textsOf(applied(sides[0], r))); diff != "" {
					t.Errorf("%s (-want +got):\n%s", way, diff)
				}
				var noted []string
				for _, n := range r.Notes {
					noted = append(noted, n.Rule+" "+n.Path)
				}
				if diff := cmp.Diff(c.noted, noted); diff != "" {
					t.Errorf("%s noted (-want +got):\n%s", way, diff)
				}
			}
		})
	}
}
