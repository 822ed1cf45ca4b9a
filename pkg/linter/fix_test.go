package linter

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

const (
	someone  = "learners/bk7m2xqt/learner.yaml"
	whoItIs  = "learners/bk7m2xqt/identity.yaml"
	someHead = "format: learner/v1\nlearner: bk7m2xqt\nstage: passport\njoined: 2021-09-06\n"
)

func TestMended(t *testing.T) {
	for _, tt := range []struct {
		name, file, was, now string // now "" is: left alone
		mends                string
	}{
		{"a bare census code", someone, someHead + "sen_provision:\n  - {from: 2021-09-06, code: N}   # Jude\n", someHead + "sen_provision:\n  - {from: 2021-09-06, code: \"N\"}   # Jude\n", "yaml-bare-code sen_provision[0].code"},
		{"a number that is a code", someone, someHead + "cohort: 2021\n", someHead + "cohort: \"2021\"\n", "shape cohort"},
		{"a code that quotes do not make one", someone, someHead + "cohort: 021\n", "", ""},
		{"both, and no last line end", someone, someHead + "cohort: 2021\nsen_provision:\n  - {from: 2021-09-06, code: N}", someHead + "cohort: \"2021\"\nsen_provision:\n  - {from: 2021-09-06, code: \"N\"}\n",
			"yaml-final-newline, shape cohort, yaml-bare-code sen_provision[0].code"},
		{"a word of YAML among words", someone, someHead + "outcomes:\n  - {id: o1, words: no, by: 2028-07-20, strand: employment}\n", someHead + "outcomes:\n  - {id: o1, words: \"no\", by: 2028-07-20, strand: employment}\n", "yaml-bare-code outcomes[0].words"},
		{"a word of YAML for true or false", someone, someHead + "family:\n  - {id: mum, relation: mother, parental_responsibility: yes}\n", "", ""},
		{"nothing written", someone, someHead + "cohort: ~\n", "", ""},
		{"a text where a number belongs", someone, someHead + "needs:\n  - {rank: first, type: SPLD, from: 2026-02-12}\n", "", ""},
		{"a number out of range", someone, someHead + "needs:\n  - {rank: 99, type: SPLD, from: 2026-02-12}\n", "", ""},
		{"a day that is none", someone, someHead + "sen_provision:\n  - {from: 2021-9-6, code: K}\n", "", ""},
		{"the last line", someone, strings.TrimSuffix(someHead, "\n"), someHead, "yaml-final-newline"},
		{"the last line of a file with CRLF", someone, strings.TrimSuffix(strings.ReplaceAll(someHead, "\n", "\r\n"), "\r\n"), strings.ReplaceAll(someHead, "\n", "\r\n"), "yaml-final-newline"},
		{"the last line of a text that would grow by it", someone, someHead + "aspirations:\n  - who: learner\n    date: 2026-07-07\n    words: |\n      Games", "", ""},
		{"the last line of a text that would not", someone, someHead + "aspirations:\n  - who: learner\n    date: 2026-07-07\n    words: |-\n      Games", someHead + "aspirations:\n  - who: learner\n    date: 2026-07-07\n    words: |-\n      Games\n", "yaml-final-newline"},
		{"a byte order mark", someone, "\ufeff" + someHead, someHead, "yaml-bom"},
		{"CRLF is kept", someone, strings.ReplaceAll(someHead+"cohort: 2021\n", "\n", "\r\n"), strings.ReplaceAll(someHead+"cohort: \"2021\"\n", "\n", "\r\n"), "shape cohort"},
		{"an open quote elsewhere", someone, someHead + "cohort: 2021\nstage: \"open\n", "", ""},
		{"a fault elsewhere that takes no tree away", someone, someHead + "cohort: 2021\nkohort: x\n", someHead + "cohort: \"2021\"\nkohort: x\n", "shape cohort"},
		{"codes out of order", someone, someHead + "sen_provision:\n  - {from: 2026-02-12, code: K} # second\n  - {from: 2021-09-06, code: \"N\"} # first\n",
			someHead + "sen_provision:\n  - {from: 2021-09-06, code: \"N\"} # first\n  - {from: 2026-02-12, code: K} # second\n", "dates-in-order sen_provision"},
		{"codes out of order, in lines", someone, someHead + "sen_provision:\n  - from: 2026-02-12\n    # why\n    code: K\n\n  - from: 2021-09-06\n    code: \"N\"\ncohort: \"2021\"\n",
			someHead + "sen_provision:\n  - from: 2021-09-06\n    code: \"N\"\n\n  - from: 2026-02-12\n    # why\n    code: K\ncohort: \"2021\"\n", "dates-in-order sen_provision"},
		{"codes out of order, in brackets", someone, someHead + "sen_provision: [{from: 2026-02-12, code: K}, {from: 2021-09-06, code: \"N\"}]\n",
			someHead + "sen_provision: [{from: 2021-09-06, code: \"N\"}, {from: 2026-02-12, code: K}]\n", "dates-in-order sen_provision"},
		{"a bare code out of order", someone, someHead + "sen_provision:\n  - {from: 2026-02-12, code: K}\n  - {from: 2021-09-06, code: N}\n",
			someHead + "sen_provision:\n  - {from: 2021-09-06, code: \"N\"}\n  - {from: 2026-02-12, code: K}\n", "yaml-bare-code sen_provision[1].code, dates-in-order sen_provision"},
		{"a comment that may speak of either", someone, someHead + "sen_provision:\n  - {from: 2026-02-12, code: K}\n  # of 2021\n  - {from: 2021-09-06, code: \"N\"}\n", "", ""},
		{"a comment above the first", someone, someHead + "sen_provision:\n  # of 2026\n  - {from: 2026-02-12, code: K}\n  - {from: 2021-09-06, code: \"N\"}\n", "", ""},
		{"a waiver of one by its number", someone, someHead + "sen_provision:\n  - {from: 2026-02-12, code: K}\n  - {from: 2021-09-06, code: \"N\"}\nwaivers:\n  - {rule: census-code, at: \"sen_provision[1]\", by: eyre, from: 2026-11-01, until: 2026-12-18, because: \"x\"}\n", "", ""},
		{"two of one day stay as they are", someone, someHead + "sen_provision:\n  - {from: 2021-09-06, code: K}\n  - {from: 2021-09-06, code: \"N\"}\n", "", ""},
		{"a UPN in small letters", whoItIs, "format: identity/v1\nlearner: bk7m2xqt\nname: Jude\nupn: " + small(upn()) + "\n", "format: identity/v1\nlearner: bk7m2xqt\nname: Jude\nupn: " + upn() + "\n", "upn-capitals upn"},
		{"a UPN that is none in capitals either", whoItIs, "format: identity/v1\nlearner: bk7m2xqt\nname: Jude\nupn: a929000000000\n", "", ""},
		{"the folder's own file", "sendctl.yaml", "format: setting/v1\nname: Thornelaw\nla: 929\nestab: 0000\n", "format: setting/v1\nname: Thornelaw\nla: \"929\"\nestab: \"0000\"\n", "shape la, yaml-bare-code estab"},
		{"a move", "learners/bk7m2xqt/moves/2026-02-12-passport-v4ps.yaml", "format: move/v1\nid: 2021", "", ""},
		{"no record file", "notes.yaml", "a: no", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fix, ok := Mended(tt.file, []byte(tt.was))
			if !ok {
				fix.Now = nil
			}
			if diff := cmp.Diff(tt.now, string(fix.Now)); diff != "" {
				t.Error(diff)
			}
			var mends []string
			for _, m := range fix.Mends {
				mends = append(mends, strings.TrimSpace(m.Rule+" "+m.Path))
			}
			if got := strings.Join(mends, ", "); got != tt.mends {
				t.Errorf("mended %q, want %q", got, tt.mends)
			}
			if _, again := Mended(tt.file, fix.Now); ok && again {
				t.Error("a second time there is more to mend")
			}
		})
	}
}

// upn is one of LA 929 and of no school.
func upn() string {
	for _, c := range "ABCDEFGHJKLMNPQRTUVWXYZ" {
		if s := string(c) + "929000021001"; ids.CheckUPN(s) == nil {
			return s
		}
	}
	return ""
}

func small(s string) string { return strings.ToLower(s) }

// says is what a file says: every value as text, lists of dated entries in any order.
func says(n *yamldoc.Node, key string) string {
	var parts []string
	for _, p := range n.Pairs {
		parts = append(parts, p.Key.Value+"="+says(p.Value, p.Key.Value))
	}
	seen := map[string]int{}
	for _, it := range n.Items {
		s := says(it, "")
		if key == "sen_provision" || key == "enrolment" {
			seen[s]++
			continue
		}
		parts = append(parts, s)
	}
	return fmt.Sprint(n.Kind, n.Value, parts, seen)
}

// Whatever is planted into a sound file and whatever else is wrong with it, what is
// mended says what it said, has fewer faults and no new one, and stays as it is then.
func TestMendedSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scalar := rapid.SampledFrom([]string{"N", "K", `"N"`, "2021", "021", "no", "y", "1:4", "~", "true", "2026-02-12", "'off'", "Jude", "1.50", "0x1F", "2026-2-3", "a: b", ""})
		entry := func(i int) string {
			from := fmt.Sprintf("20%02d-09-06", rapid.IntRange(18, 26).Draw(t, "year"))
			code := scalar.Draw(t, "code")
			after := rapid.SampledFrom([]string{"", " # said", "\n", "\n  # between"}).Draw(t, "after")
			if rapid.Bool().Draw(t, "in lines") {
				return fmt.Sprintf("  - from: %s\n    code: %s%s\n", from, code, after)
			}
			return fmt.Sprintf("  - {from: %s, code: %s}%s\n", from, code, after)
		}
		var b strings.Builder
		b.WriteString(someHead + "cohort: " + scalar.Draw(t, "cohort") + "\n")
		if rapid.Bool().Draw(t, "words") {
			b.WriteString("aspirations:\n  - who: learner\n    date: 2026-07-07\n    words: " + scalar.Draw(t, "words") + "\n")
		}
		for _, list := range []string{"sen_provision", "enrolment"} {
			if n := rapid.IntRange(0, 3).Draw(t, list); n > 0 {
				b.WriteString(list + ":\n")
				for i := range n {
					b.WriteString(entry(i))
				}
			}
		}
		src := b.String()
		if rapid.Bool().Draw(t, "cut") {
			src = strings.TrimSuffix(src, "\n")
		}
		if rapid.Bool().Draw(t, "crlf") {
			src = strings.ReplaceAll(src, "\n", "\r\n")
		}
		if rapid.IntRange(0, 9).Draw(t, "mark") == 0 {
			src = "\ufeff" + src
		}
		fix, ok := Mended(someone, []byte(src))
		if !ok {
			return
		}
		was, before, err := recordfile.Parse(someone, recordfile.Learner, bytes.TrimPrefix([]byte(src), []byte("\ufeff")))
		if err != nil || was == nil {
			t.Fatalf("mended what cannot be read: %v\n%s", err, src)
		}
		now, after, err := recordfile.Parse(someone, recordfile.Learner, fix.Now)
		if err != nil || now == nil {
			t.Fatalf("cannot be read after it: %v\n%s", err, fix.Now)
		}
		if a, b := says(was.Root(), ""), says(now.Root(), ""); a != b {
			t.Fatalf("says something else:\n%s\n%s", src, fix.Now)
		}
		if more := fresh(unplaced(before), unplaced(after)); len(more) > 0 {
			t.Fatalf("%v\n%s", more, fix.Now)
		}
		if len(comments(src)) != len(comments(string(fix.Now))) || strings.Count(src, "\n") > strings.Count(string(fix.Now), "\n") {
			t.Fatalf("a comment or a line is lost:\n%s\n%s", src, fix.Now)
		}
		if again, ok := Mended(someone, fix.Now); ok {
			t.Fatalf("a second time there is more:\n%s\n%s", fix.Now, again.Now)
		}
	})
}

func comments(s string) (out []string) {
	for _, l := range strings.Split(s, "\n") {
		if _, c, ok := strings.Cut(l, "#"); ok {
			out = append(out, c)
		}
	}
	return out
}

// madeUpSchool is the made-up school in memory.
func madeUpSchool(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	from := os.DirFS("../../examples/thornelaw")
	if err := fs.WalkDir(from, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, p)
		out[p] = &fstest.MapFile{Data: b}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFixesOfAFolder: what may still change is put right and marked; what is sealed or
// agreed is left alone, whatever is wrong with it.
func TestFixesOfAFolder(t *testing.T) {
	disk := madeUpSchool(t)
	const jude = "learners/jv6fpqgg/"
	const is, passport, reviewed = jude + "learner.yaml", jude + "passport.yaml", jude + "cycles/2026-07-07-sen-support-plan-xdzd.yaml"
	swap := func(p, old, now string) {
		b := strings.Replace(string(disk[p].Data), old, now, 1)
		if b == string(disk[p].Data) {
			t.Fatalf("%s holds no %q", p, old)
		}
		disk[p] = &fstest.MapFile{Data: []byte(b)}
	}
	swap(is, `code: "N"`, "code: N")
	swap(is, `cohort: "2021"`, "cohort: 2021")
	for _, p := range []string{passport, reviewed} {
		disk[p] = &fstest.MapFile{Data: bytes.TrimSuffix(disk[p].Data, []byte("\n"))}
	}
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	found := rules.Judge(f, r, date.MustParse("2026-11-22")).Findings
	fixes, err := Fixes(f, found)
	if err != nil {
		t.Fatal(err)
	}
	if len(fixes) != 1 || fixes[0].File != is || len(fixes[0].Mends) != 2 {
		t.Errorf("got %+v", fixes)
	}
	var marked, unmarked []string
	for _, x := range found {
		if x.Severity != diag.Error {
			continue
		}
		if x.Fixable {
			marked = append(marked, x.Rule+" "+x.Path)
		} else {
			unmarked = append(unmarked, x.Rule+" "+x.File)
		}
	}
	if diff := cmp.Diff([]string{"shape cohort", "yaml-bare-code sen_provision[0].code"}, marked); diff != "" {
		t.Errorf("%s", diff)
	}
	for _, x := range unmarked {
		if strings.HasSuffix(x, " "+is) {
			t.Errorf("not fixable: %s", x)
		}
	}
	if len(unmarked) < 2 {
		t.Errorf("the sealed and the agreed file have no fault: %v", unmarked)
	}
}
