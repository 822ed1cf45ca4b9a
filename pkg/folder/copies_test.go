package folder

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// What an editor left, a folder in capitals and an empty folder are each told as what they are.
func TestStraysAreToldAsWhatTheyAre(t *testing.T) {
	const dir = "learners/jv6fpqgg/"
	for name, want := range map[string]string{
		dir + "learner.yaml~":        "then delete it",
		dir + ".learner.yaml.swp":    "then delete it",
		dir + "Copy of learner.yaml": "then delete it",
		dir + "learner (1).yaml":     "then delete it",
		dir + "learner - Copy.yaml":  "then delete it",
		dir + "cycles/x.yaml.bak":    "then delete it",
		dir + "Cycles/x.yaml":        "small letters: cycles",
		dir + "Learner.YAML":         "small letters: learner.yaml",
		dir + "report.pdf":           "attachments",
		dir + "copying.pdf":          "attachments",
		dir + "old.yaml":             "sendctl help records",
		dir + "attachments/x.yaml~":  "",
		"learners/bk7m2xqt":          "take it out",
	} {
		disk := fstest.MapFS{dir + "identity.yaml": {}, dir + "learner.yaml": {}}
		id := "jv6fpqgg"
		if strings.HasSuffix(name, "bk7m2xqt") {
			disk[name+"/.x"] = nil
			delete(disk, name+"/.x")
			disk[name] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
			id = "bk7m2xqt"
		} else {
			disk[name] = &fstest.MapFile{}
		}
		f := &Folder{fsys: disk}
		r, err := f.Load(id)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		for _, x := range r.Findings {
			if x.Rule == "file" {
				got = append(got, x.Hint)
			}
		}
		if want == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: %q, want one with %q", name, got, want)
		}
	}
}
