package merge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

var update = flag.Bool("update", false, "write what comes out into the cases")

// TestCases merges every testdata/*.txtar. A file base/P is on all three sides unless
// ours/P or theirs/P says otherwise; want/P is what it comes to, where it is not our
// side's. "gone" alone is no file. The comment gives seals (seal SIDE PATH ACT TIME)
// and answers (answer RULE CHOICE); asked and noted list the questions and notes.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			c := readCase(t, b)
			r := c.merged(t, c.ours, c.theirs)
			got := applied(c.ours, r)
			want := maps.Clone(c.ours)
			for p, b := range c.want {
				if b == nil {
					delete(want, p)
				} else {
					want[p] = b
				}
			}
			if *update {
				c.rewrite(t, name, b, got, r)
			} else if diff := cmp.Diff(textsOf(want), textsOf(got)); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			asked, noted := said(r)
			if *update {
				return
			}
			if diff := cmp.Diff(c.asked, asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.noted, noted); diff != "" {
				t.Errorf("noted (-want +got):\n%s", diff)
			}
			if lost := Lost(folderOf(c.base), folderOf(c.ours), folderOf(c.theirs), folderOf(got), append(r.Questions, c.answered...), r.Notes); len(lost) > 0 {
				t.Errorf("lost: %q", lost)
			}
			// The other clone merges the other way about, and comes to the same.
			other := c.merged(t, c.theirs, c.ours)
			if len(other.Questions) != len(r.Questions) || len(other.Notes) != len(r.Notes) {
				t.Errorf("the other way about: %d questions and %d notes, here %d and %d", len(other.Questions), len(other.Notes), len(r.Questions), len(r.Notes))
			}
			if len(r.Questions) == 0 && len(c.choices) == 0 {
				if diff := cmp.Diff(meanings(got), meanings(applied(c.theirs, other))); diff != "" {
					t.Errorf("the other way about (-here +there):\n%s", diff)
				}
			}
			for p, b := range got {
				_, _, _, beside := recordfile.Beside(p)
				if k, ok := recordfile.KindAt(p); ok && !beside && c.sound(p, k) {
					if _, found, err := recordfile.Parse(p, k, b); err != nil || diag.Worst(found) == diag.Error {
						t.Errorf("%s: %v %v", p, err, found)
					}
				}
			}
		})
	}
}

type testCase struct {
	base, ours, theirs, want map[string][]byte
	choices                  map[string]Choice // by rule
	asked, noted             []string
	answered                 []Question
}

func readCase(t *testing.T, b []byte) *testCase {
	t.Helper()
	a := txtar.Parse(b)
	c := &testCase{base: map[string][]byte{}, want: map[string][]byte{}, choices: map[string]Choice{}}
	side := map[string]map[string][]byte{"ours": {}, "theirs": {}}
	for _, f := range a.Files {
		where, p, _ := strings.Cut(f.Name, "/")
		data := f.Data
		if strings.TrimSpace(string(data)) == "gone" {
			data = nil
		}
		switch where {
		case "base":
			c.base[p] = data
		case "want":
			c.want[p] = data
		case "asked":
			c.asked = linesOf(f.Data)
		case "noted":
			c.noted = linesOf(f.Data)
		default:
			side[where][p] = data
		}
	}
	c.ours, c.theirs = over(c.base, side["ours"]), over(c.base, side["theirs"])
	for _, line := range linesOf(a.Comment) {
		words := strings.Fields(line)
		switch words[0] {
		case "seal":
			of := map[string]map[string][]byte{"base": c.base, "ours": c.ours, "theirs": c.theirs}[words[1]]
			name, b := sealFor(words[2], words[3], words[4], of[words[2]])
			of[name] = b
			if words[1] == "base" {
				c.ours[name], c.theirs[name] = b, b
			}
			if _, said := c.want[name]; !said && words[1] == "theirs" && c.ours[name] == nil {
				c.want[name] = b // none is left out, but where its file was removed for good
			}
		case "answer":
			c.choices[words[1]] = Choice(words[2])
		}
	}
	return c
}

func said(r Result) (asked, noted []string) {
	for _, q := range r.Questions {
		asked = append(asked, strings.TrimSpace(strings.Join([]string{q.Rule, q.Path, q.At}, " ")))
	}
	for _, n := range r.Notes {
		noted = append(noted, strings.TrimSpace(strings.Join([]string{n.Rule, n.Path, n.Beside}, " ")))
	}
	return asked, noted
}

// rewrite puts what came out into the case, for a person to read and judge.
func (c *testCase) rewrite(t *testing.T, name string, src []byte, got map[string][]byte, r Result) {
	t.Helper()
	a := txtar.Parse(src)
	a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool {
		return strings.HasPrefix(f.Name, "want/") || f.Name == "asked" || f.Name == "noted"
	})
	paths := slices.Concat(sortedKeys(got), sortedKeys(c.ours), sortedKeys(c.theirs))
	slices.Sort(paths)
	for _, p := range slices.Compact(paths) {
		switch b, there := got[p]; {
		case !there && (c.ours[p] != nil || strings.HasSuffix(p, ".seal")):
			a.Files = append(a.Files, txtar.File{Name: "want/" + p, Data: []byte("gone\n")})
		case there && !bytes.Equal(b, c.ours[p]) && !(c.ours[p] == nil && c.theirs[p] != nil && strings.HasSuffix(p, ".seal")):
			a.Files = append(a.Files, txtar.File{Name: "want/" + p, Data: b})
		}
	}
	asked, noted := said(r)
	for name, lines := range map[string][]string{"asked": asked, "noted": noted} {
		if len(lines) > 0 {
			a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(strings.Join(lines, "\n") + "\n")})
		}
	}
	if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
		t.Fatal(err)
	}
}

// merged merges with the answers of the case.
func (c *testCase) merged(t *testing.T, ours, theirs map[string][]byte) Result {
	t.Helper()
	r, err := Trees(folderOf(c.base), folderOf(ours), folderOf(theirs), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.choices) == 0 {
		return r
	}
	answers := map[string]Choice{}
	for _, q := range r.Questions {
		if choice := c.choices[q.Rule]; choice != "" {
			answers[q.ID] = choice
			c.answered = append(c.answered, q)
		}
	}
	r, err = Trees(folderOf(c.base), folderOf(ours), folderOf(theirs), Options{Answers: answers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sound reports whether all sides of a file are.
func (c *testCase) sound(p string, k recordfile.Kind) bool {
	for _, s := range []map[string][]byte{c.base, c.ours, c.theirs} {
		if b, there := s[p]; there {
			if _, found, err := recordfile.Parse(p, k, b); err != nil || diag.Worst(found) == diag.Error {
				return false
			}
		}
	}
	return true
}

func linesOf(b []byte) []string {
	var out []string
	for _, l := range strings.Split(string(b), "\n") {
		if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
			out = append(out, l)
		}
	}
	return out
}

func over(base, with map[string][]byte) map[string][]byte {
	out := maps.Clone(base)
	for p, b := range with {
		if b == nil {
			delete(out, p)
		} else {
			out[p] = b
		}
	}
	return out
}

func folderOf(files map[string][]byte) fs.FS {
	out := fstest.MapFS{}
	for p, b := range files {
		out[p] = &fstest.MapFile{Data: b}
	}
	return out
}

func applied(ours map[string][]byte, r Result) map[string][]byte {
	out := maps.Clone(ours)
	for _, c := range r.Changes {
		if c.Bytes == nil {
			delete(out, c.Path)
		} else {
			out[c.Path] = c.Bytes
		}
	}
	return out
}

func textsOf(files map[string][]byte) map[string]string {
	out := map[string]string{}
	for p, b := range files {
		out[p] = string(b)
	}
	return out
}

// meanings are files by what they say: the order of entries and keys aside.
func meanings(files map[string][]byte) map[string]string {
	out := map[string]string{}
	for p, b := range files {
		out[p] = string(b)
		if k, ok := recordfile.KindAt(p); ok {
			if doc, _ := sound(p, k, b); doc != nil {
				out[p] = loosely(doc.Root())
			}
		}
	}
	return out
}

// sealFor makes the seal of a file.
func sealFor(p, act, recorded string, b []byte) (name string, out []byte) {
	at, err := time.Parse(time.RFC3339, recorded)
	if err != nil {
		panic(err)
	}
	learner := learnerOf(p)
	dir := "learners/" + learner + "/"
	if learner == "" {
		learner, dir = seal.Setting, ""
	}
	id := idOf(p)
	if id == "" {
		id = letters(slices.Concat(b, []byte(recorded)), fileID, 7)
	}
	sum, salt := sha256.Sum256(b), sha256.Sum256(slices.Concat(b, []byte(recorded)))
	s := seal.Seal{
		Learner: learner, File: id, Path: strings.TrimPrefix(p, dir), SHA256: hex.EncodeToString(sum[:]), Act: act,
		Date: date.Of(at), Recorded: at, By: "eyre", Salt: hex.EncodeToString(salt[:16]),
	}
	if err := s.Valid(); err != nil {
		panic(fmt.Sprint(p, err))
	}
	return path.Join(dir, "seals", s.Name()), s.Bytes()
}

func sortedKeys(m map[string][]byte) []string { return slices.Sorted(maps.Keys(m)) }
