package diagfmt

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/diag"
)

func TestDiff(t *testing.T) {
	const was = "format: learner/v1\nstage: passport\nby: n\n# Jude\nwords: one\nwords: two\nwords: three\nwords: four\nstage: x"
	const now = "format: learner/v1\nstage: passport\nby: \"n\"\n# Jude\nwords: one\nwords: two\nwords: three\nwords: four\nstage: x\n"
	for name, tt := range map[string]struct {
		opt  Options
		want string
	}{
		"masked": {Options{Known: keys}, `--- f.yaml
+++ f.yaml
@@ -1,9 +1,9 @@
 format: **********
 stage: ********
-by: *
+by: "**
 #*****
 words: ***
 words: ***
 words: *****
 words: ****
-stage: *
\ No newline at end of file
+stage: *
`},
		"shown": {Options{ShowValues: true}, `--- f.yaml
+++ f.yaml
@@ -1,9 +1,9 @@
 format: learner/v1
 stage: passport
-by: n
+by: "n"
 # Jude
 words: one
 words: two
 words: three
 words: four
-stage: x
\ No newline at end of file
+stage: x
`},
	} {
		t.Run(name, func(t *testing.T) {
			known := tt.opt.Known
			tt.opt.Known = func(key string) bool { return key == "stage" || known != nil && known(key) }
			var got bytes.Buffer
			if err := Diff(&got, "f.yaml", []byte(was), []byte(now), tt.opt); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// git takes a diff that shows values as a patch, and comes to the new file by it.
func TestDiffIsAPatch(t *testing.T) {
	dir := t.TempDir()
	line := rapid.SampledFrom([]string{"a: 1", "b: 2", "- c", "", "# d", "e: f"})
	rapid.Check(t, func(t *rapid.T) {
		file := func(name string) string {
			s := strings.Join(rapid.SliceOfN(line, 1, 30).Draw(t, name), "\n")
			if rapid.Bool().Draw(t, name+" ends") {
				s += "\n"
			}
			return s
		}
		was, now := file("was"), file("now")
		if was == now || was == "" || now == "" {
			t.Skip()
		}
		var patch bytes.Buffer
		if err := Diff(&patch, "f", []byte(was), []byte(now), Options{ShowValues: true}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "f"), []byte(was), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("git", "apply", "-p0", "--whitespace=nowarn", "-")
		cmd.Dir, cmd.Stdin = dir, &patch
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "HOME="+dir, "XDG_CONFIG_HOME="+dir, "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
		text := patch.String()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git apply: %v\n%s\n%s", err, out, text)
		}
		if b, _ := os.ReadFile(filepath.Join(dir, "f")); string(b) != now {
			t.Fatalf("git came to %q, want %q, by\n%s", b, now, text)
		}
	})
}

func TestSuppressed(t *testing.T) {
	opt := Options{Suppressed: []diag.Suppressed{
		{Finding: diag.Finding{Rule: "review-overdue", Severity: diag.Warning, File: cycleFile, Path: "plan.review_on", Message: "is late", Value: "seventeen"},
			How: diag.Waived, By: "eyre", Until: "2026-12-18", Because: "Jude was away", At: &diag.Related{File: "learners/bk7m2xqt/learner.yaml", Path: "waivers[0]", Message: "the waiver"}},
		{Finding: diag.Finding{Rule: "plan-long", Severity: diag.Advice, File: cycleFile, Message: "is long"}, How: diag.Baseline},
	}}
	for _, show := range []bool{false, true} {
		opt.ShowValues = show
		var text, object bytes.Buffer
		if err := Text(&text, nil, opt); err != nil {
			t.Fatal(err)
		}
		if err := JSON(&object, nil, Summary{}, opt); err != nil {
			t.Fatal(err)
		}
		if want := "Waived: review-overdue in " + cycleFile + " (plan.review_on) by eyre until 2026-12-18.\n"; !strings.HasPrefix(text.String(), want) || strings.Contains(text.String(), "plan-long") {
			t.Errorf("got %q", text.String())
		}
		for _, word := range []string{"Jude", "seventeen"} {
			if strings.Contains(object.String(), word) != show {
				t.Errorf("with ShowValues %t the JSON is\n%s", show, object.String())
			}
		}
		if strings.Contains(text.String(), "Jude") != show || strings.Count(object.String(), `"how"`) != 2 {
			t.Errorf("with ShowValues %t: %s%s", show, text.String(), object.String())
		}
	}
}
