package merge

import (
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// record is a folder of unsealed files to edit on two sides.
func record(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	const l = "learners/bk7m2xqt/"
	for _, p := range []string{"sendctl.yaml", "people.yaml", l + "learner.yaml", l + "identity.yaml", l + "contacts.yaml", l + "readings.yaml",
		l + "advice/2026-02-10-t9wc.yaml", l + "cycles/2025-09-29-initial-concerns-k4f7.yaml"} {
		b, err := os.ReadFile(path.Join("../../testdata/e2e/record", p))
		if err != nil {
			t.Fatal(err)
		}
		if i := strings.Index(string(b), "\nreview:\n"); i >= 0 {
			b = b[:i+1]
		}
		out[p] = b
	}
	return out
}

// edited gives a folder with some random edits, every file as sound as before.
func edited(t *rapid.T, from map[string][]byte, who string, paths []string) map[string][]byte {
	out := maps.Clone(from)
	for n := rapid.IntRange(1, 4).Draw(t, who+" edits"); n > 0; n-- {
		p := rapid.SampledFrom(paths).Draw(t, "file")
		k, _ := recordfile.KindAt(p)
		doc, found := yamldoc.Parse(p, out[p])
		if doc == nil || len(found) > 0 {
			t.Fatalf("%s cannot be read", p)
		}
		e, ok := anEdit(t, k, doc, who)
		if !ok {
			continue
		}
		next, err := doc.Edit(e)
		if err != nil {
			continue
		}
		if _, findings, err := recordfile.Parse(p, k, next.Bytes()); err == nil && diag.Worst(findings) != diag.Error {
			out[p] = next.Bytes()
		}
	}
	return out
}

// spot is a value that may be edited.
type spot struct {
	at yamldoc.Path
	n  *yamldoc.Node
}

func spots(n *yamldoc.Node, at yamldoc.Path, out *[]spot) {
	for _, p := range n.Pairs {
		if k := p.Key.Value; !slices.Contains([]string{"format", "learner", "id"}, k) {
			*out = append(*out, spot{at.Key(k), p.Value})
			spots(p.Value, at.Key(k), out)
		}
	}
	for i, it := range n.Items {
		*out = append(*out, spot{at.Index(i), it})
		spots(it, at.Index(i), out)
	}
}

func anEdit(t *rapid.T, k recordfile.Kind, doc *yamldoc.Doc, who string) (yamldoc.Edit, bool) {
	var all []spot
	spots(doc.Root(), nil, &all)
	if len(all) == 0 {
		return yamldoc.Edit{}, false
	}
	s := rapid.SampledFrom(all).Draw(t, "spot")
	switch rapid.SampledFrom([]string{"set", "set", "add", "add", "add", "delete"}).Draw(t, "edit") {
	case "delete":
		return yamldoc.Delete(s.at), true
	case "add":
		var lists []spot
		for _, x := range all {
			if x.n.Kind == yamldoc.List && len(x.n.Items) > 0 {
				lists = append(lists, x)
			}
		}
		if len(lists) == 0 {
			return yamldoc.Edit{}, false
		}
		l := rapid.SampledFrom(lists).Draw(t, "list")
		entry := changed(t, rapid.SampledFrom(l.n.Items).Draw(t, "like"), who)
		var keys []string // an entry that is there already is no valid one
		for _, s := range l.at {
			if s.IsKey() {
				keys = append(keys, s.Key)
			}
		}
		list := strings.Join(keys, ".")
		more := *l.n
		more.Items = append(slices.Clip(l.n.Items), entry)
		for _, key := range knownBy(k, list, &more)[0] {
			if strings.ContainsAny(string(key), "\x01\x02") {
				return yamldoc.Edit{}, false
			}
		}
		return yamldoc.Append(l.at, valueOf(entry)), true
	}
	if s.n.Kind != yamldoc.Scalar {
		return yamldoc.Edit{}, false
	}
	return yamldoc.Set(s.at, valueOf(changed(t, s.n, who))), true
}

// changed is a value like n with its words, days, numbers and ids others.
func changed(t *rapid.T, n *yamldoc.Node, who string) *yamldoc.Node {
	out := *n
	out.Pairs, out.Items = nil, nil
	for _, p := range n.Pairs {
		out.Pairs = append(out.Pairs, yamldoc.Pair{Key: p.Key, Value: changed(t, p.Value, who)})
		if p.Key.Value == "id" {
			id := *p.Value
			id.Value = rapid.SampledFrom([]string{"a9", "t2", "e7", "mum", letters([]byte(who), 4, byte(rapid.IntRange(0, 3).Draw(t, "id")))}).Draw(t, "which id")
			out.Pairs[len(out.Pairs)-1].Value = &id
		}
	}
	for _, it := range n.Items {
		out.Items = append(out.Items, changed(t, it, who))
	}
	if n.Kind != yamldoc.Scalar {
		return &out
	}
	switch {
	case n.Tag == yamldoc.Date:
		out.Value = rapid.SampledFrom([]string{"2026-01-05", "2026-02-12", "2026-03-09", "2025-10-17"}).Draw(t, "day")
	case n.Tag == yamldoc.Int:
		out.Value = strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "number"))
	case n.Tag == yamldoc.Str && strings.Contains(n.Value, " "):
		out.Value = rapid.SampledFrom([]string{"will count to ten", "reads, and likes it: a lot", "Two lines.\nOr three.", "one more thing"}).Draw(t, "words")
	}
	return &out
}

func pathsOf(t *rapid.T, from map[string][]byte) []string {
	all := sortedKeys(from)
	return []string{rapid.SampledFrom(all).Draw(t, "first"), rapid.SampledFrom(all).Draw(t, "second")}
}

func mergeThem(t *rapid.T, base, ours, theirs map[string][]byte, answers map[string]Choice) (map[string][]byte, Result) {
	r, err := Trees(folderOf(base), folderOf(ours), folderOf(theirs), Options{Answers: answers})
	if err != nil {
		t.Fatal(err)
	}
	return applied(ours, r), r
}

func answering(qs []Question, c Choice) map[string]Choice {
	out := map[string]Choice{}
	for _, q := range qs {
		out[q.ID] = c
	}
	return out
}

// Nothing of either side is lost, the result is sound, and both clones come to the
// same whichever merges, whatever is answered.
func TestNothingIsLost(t *testing.T) {
	base := record(t)
	rapid.Check(t, func(t *rapid.T) {
		paths := pathsOf(t, base)
		ours, theirs := edited(t, base, "ours", paths), edited(t, base, "theirs", paths)
		got, r := mergeThem(t, base, ours, theirs, nil)
		if lost := Lost(folderOf(base), folderOf(ours), folderOf(theirs), folderOf(got), r.Questions, r.Notes); len(lost) > 0 {
			t.Fatalf("lost: %q\n%s", lost, show(got, paths))
		}
		soundAll(t, got)
		_, other := mergeThem(t, base, theirs, ours, nil)
		if len(r.Questions) != len(other.Questions) {
			t.Fatalf("%d questions here, %d there", len(r.Questions), len(other.Questions))
		}
		here, left := mergeThem(t, base, ours, theirs, answering(r.Questions, Theirs))
		there, leftThere := mergeThem(t, base, theirs, ours, answering(other.Questions, Ours))
		if len(left.Questions)+len(leftThere.Questions) > 0 {
			t.Fatalf("asked again: %v %v", left.Questions, leftThere.Questions)
		}
		if diff := cmp.Diff(meanings(here), meanings(there)); diff != "" {
			t.Fatalf("here and there differ:\n%s", diff)
		}
		soundAll(t, here)
	})
}

// What one side alone changed is taken as it is, and merging again changes nothing.
func TestOneSide(t *testing.T) {
	base := record(t)
	rapid.Check(t, func(t *rapid.T) {
		paths := pathsOf(t, base)
		ours, theirs := edited(t, base, "ours", paths), edited(t, base, "theirs", paths)
		for name, c := range map[string]struct{ b, o, t, want map[string][]byte }{
			"base and ours":   {base, base, theirs, theirs},
			"base and theirs": {base, ours, base, ours},
			"both the same":   {base, ours, ours, ours},
		} {
			got, r := mergeThem(t, c.b, c.o, c.t, nil)
			if diff := cmp.Diff(textsOf(c.want), textsOf(got)); diff != "" || len(r.Questions)+len(r.Notes) > 0 {
				t.Fatalf("%s: %v %v\n%s", name, r.Questions, r.Notes, diff)
			}
		}
		got, r := mergeThem(t, base, ours, theirs, nil)
		if len(r.Questions)+len(r.Notes) > 0 {
			return
		}
		again, r := mergeThem(t, base, got, theirs, nil)
		if diff := cmp.Diff(meanings(got), meanings(again)); diff != "" || len(r.Questions) > 0 {
			t.Fatalf("merged again: %v\n%s", r.Questions, diff)
		}
	})
}

// Three sides come to the same in whichever order they are merged.
func TestThreeSides(t *testing.T) {
	base := record(t)
	rapid.Check(t, func(t *rapid.T) {
		paths := pathsOf(t, base)
		a, b, c := edited(t, base, "a", paths), edited(t, base, "b", paths), edited(t, base, "c", paths)
		settled := func(x, y map[string][]byte) (map[string][]byte, bool) {
			m, r := mergeThem(t, base, x, y, nil)
			return m, len(r.Questions)+len(r.Notes) == 0
		}
		ab, ok1 := settled(a, b)
		abc, ok2 := settled(ab, c)
		bc, ok3 := settled(b, c)
		bca, ok4 := settled(bc, a)
		if !ok1 || !ok2 || !ok3 || !ok4 {
			return
		}
		if diff := cmp.Diff(meanings(abc), meanings(bca)); diff != "" {
			t.Fatalf("(a b) c and (b c) a differ:\n%s", diff)
		}
	})
}

func soundAll(t *rapid.T, files map[string][]byte) {
	for p, b := range files {
		if k, ok := recordfile.KindAt(p); ok {
			if _, found, err := recordfile.Parse(p, k, b); err != nil || diag.Worst(found) == diag.Error {
				t.Fatalf("%s: %v %v\n%s", p, err, found, b)
			}
		}
	}
}

func show(files map[string][]byte, paths []string) string {
	var b strings.Builder
	for _, p := range paths {
		b.WriteString("== " + p + "\n" + string(files[p]))
	}
	return b.String()
}

func TestLetters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := letters(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), fileID, rapid.Byte().Draw(t, "try"))
		if !ids.ValidFile(id) {
			t.Fatalf("%q is no file id", id)
		}
	})
}

// FuzzFile: no bytes make the driver panic or leave a mark, and where it says that a
// file is merged both sides could be read.
func FuzzFile(f *testing.F) {
	files := record(f)
	for p, b := range files {
		more := append(slices.Clone(b), "# more\n"...)
		f.Add(p, b, b, more)
		f.Add(p, []byte{}, b, b[:len(b)/2])
		f.Add(p, b, b[:len(b)/2], more[len(b)/3:])
	}
	f.Add("a.seal", []byte("a"), []byte("b"), []byte("c"))
	f.Add("learners/bk7m2xqt/contacts.yaml", []byte("a: [1"), []byte("- a\n"), []byte("\xff"))
	f.Fuzz(func(t *testing.T, p string, base, ours, theirs []byte) {
		merged, questions, more, err := File(p, base, ours, theirs)
		if err != nil || len(questions) > 0 || more {
			return
		}
		if lost := missing(kindOf(p), p, base, theirs, merged, true); len(lost) > 0 && !same3(merged, theirs) && !same3(base, theirs) {
			t.Fatalf("lost %q of theirs", lost)
		}
		if lost := missing(kindOf(p), p, base, ours, merged, true); len(lost) > 0 && !same3(merged, ours) && len(base) > 0 && !same3(base, ours) {
			t.Fatalf("lost %q of ours", lost)
		}
	})
}

func kindOf(p string) recordfile.Kind {
	k, _ := recordfile.KindAt(below(p))
	return k
}
