package audit

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/objects"
)

// treesOf is a store over loose trees that were written by hand.
func treesOf(t interface{ Fatal(...any) }, dir string, trees ...[]byte) (*objects.Store, []objects.ID) {
	var ids []objects.ID
	for _, raw := range trees {
		cmd := exec.Command("git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
		cmd.Dir, cmd.Stdin = dir, bytes.NewReader(raw)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		id, err := objects.ParseID(strings.TrimSpace(string(out)))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	s, err := objects.Open(filepath.Join(dir, ".git"))
	if err != nil {
		t.Fatal(err)
	}
	return s, ids
}

// treeOf writes entries in the order given: a tree made by hand may have any.
func treeOf(es []objects.TreeEntry) []byte {
	var b bytes.Buffer
	for _, e := range es {
		fmt.Fprintf(&b, "%o %s\x00", e.Mode, e.Name)
		b.Write(e.ID[:])
	}
	return b.Bytes()
}

func TestDifferingIsThePlainDifference(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	rapid.Check(t, func(t *rapid.T) {
		entry := rapid.Custom(func(t *rapid.T) objects.TreeEntry {
			// Few names and ids, of bytes that look like the rest of an entry.
			e := objects.TreeEntry{
				Mode: rapid.SampledFrom([]uint32{objects.ModeTree, objects.ModeFile, objects.ModeExec, objects.ModeSymlink}).Draw(t, "mode"),
				Name: []byte(rapid.StringMatching(`[ab4 ]{1,6}`).Draw(t, "name")),
			}
			copy(e.ID[:], rapid.SliceOfN(rapid.SampledFrom([]byte{0, '4', '0', ' ', 'a'}), 20, 20).Draw(t, "id"))
			return e
		})
		a := rapid.SliceOfN(entry, 0, 12).Draw(t, "a")
		b := slices.Clone(a)
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			at := rapid.IntRange(0, len(b)).Draw(t, "at")
			switch {
			case at < len(b) && rapid.Bool().Draw(t, "drop"):
				b = slices.Delete(b, at, at+1)
			default:
				b = slices.Insert(b, at, entry.Draw(t, "more"))
			}
		}
		s, ids := treesOf(t, dir, treeOf(a), treeOf(b))
		defer s.Close()
		removed, added, err := (&differ{store: s}).differing(ids[0], ids[1])
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(minus(a, b), lines(removed)); diff != "" {
			t.Errorf("removed: %s", diff)
		}
		if diff := gocmp.Diff(minus(b, a), lines(added)); diff != "" {
			t.Errorf("added: %s", diff)
		}
	})
}

func lines(es []objects.TreeEntry) []string {
	out := []string{}
	for _, e := range es {
		out = append(out, fmt.Sprintf("%o %s %s", objects.CanonMode(e.Mode), e.Name, e.ID))
	}
	slices.SortFunc(out, cmp.Compare[string])
	return slices.Compact(out)
}

// minus lists what a holds and b does not hold at all.
func minus(a, b []objects.TreeEntry) []string {
	has := lines(b)
	return slices.DeleteFunc(lines(a), func(l string) bool { return slices.Contains(has, l) })
}

func TestClaimOf(t *testing.T) {
	for message, want := range map[string]*claim{
		"review: bk7m2xqt 2025-11-21 sen-support-plan\n":                           {act: "review", learner: "bk7m2xqt"},
		"advance: bk7m2xqt\n\nSendctl-Seals: learners/x sha256:1\n":                {act: "advance", learner: "bk7m2xqt", sealed: true},
		"tidy up\n\nSendctl-Action: send\nSendctl-Learner: bk7m2xqt\n":             {act: "send", learner: "bk7m2xqt"},
		"tidy up\n\nSendctl-Seals: learners/x sha256:1\n":                          {act: "seal", sealed: true},
		"note: bk7m2xqt 2025-11-21\n\nSendctl-Action: note\n":                      nil,
		"Merge branch 'side'\n\n* side:\n  review: bk7m2xqt 2025-11-21\n":          nil,
		"Revert \"review: bk7m2xqt 2025-11-21\"\n\nThis reverts commit 1234567.\n": nil,
		"review the spelling": nil,
		"":                    nil,
	} {
		got := claimOf([]byte(message))
		if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(claim{})); diff != "" {
			t.Errorf("%q: %s", message, diff)
		}
	}
}

func TestUnsignedLeavesTheRestAsItWas(t *testing.T) {
	plain := "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nsubject\n\ngpgsig in the text\n with an indent\n"
	at := strings.Index(plain, "\n\n")
	signed := plain[:at+1] + "gpgsig -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n" + plain[at+1:]
	if got := string(unsigned([]byte(signed))); got != plain {
		t.Errorf("got %q", got)
	}
	if got := string(unsigned([]byte(plain))); got != plain {
		t.Errorf("an unsigned one: got %q", got)
	}
}

func TestRememberedComesBackAsItWas(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sendctl")
	if _, ok, err := Recall(dir); ok || err != nil {
		t.Fatalf("nothing remembered: got %v, %v", ok, err)
	}
	one, two := "sha256:"+strings.Repeat("a", 64), "sha256:"+strings.Repeat("b", 64)
	want := Remembered{Time: time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC), Head: strings.Repeat("1", 40), By: "grimes",
		Seals: map[string][]string{"bk7m2xqt": {one}, "setting": {two}}, Names: map[string]string{one: "k4f7-review.seal"}}
	for range 2 { // the second takes the first one's place
		if err := Remember(dir, want); err != nil {
			t.Fatal(err)
		}
	}
	got, ok, err := Recall(dir)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 1 {
		t.Errorf("left behind: %v, %v", list, err)
	}
	if _, ok, err := Forget(dir); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, ok, err := Recall(dir); ok || err != nil {
		t.Errorf("after forgetting: %v, %v", ok, err)
	}
	if err := os.WriteFile(filepath.Join(dir, rememberedFile), []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := Recall(dir); ok || err != nil {
		t.Errorf("another file: %v, %v", ok, err)
	}
}

func TestMixed(t *testing.T) {
	for text, want := range map[string]bool{"stage": false, "stаge": true, "grimes\u200b": true, "Зоя Иванова": false, "café": false, "2025–11–21": false, "": false} {
		if got := mixed(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}
