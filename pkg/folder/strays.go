package folder

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
	"github.com/sendctl/sendctl/schemas"
)

// Files lists the files of the folder itself that are there and were read.
func (f *Folder) Files() []string {
	var out []string
	for _, name := range []string{"sendctl.yaml", "people.yaml", "pathway.yaml"} {
		if _, err := fs.Lstat(f.fsys, name); err == nil {
			out = append(out, name)
		}
	}
	out = append(out, f.own...)
	return slices.DeleteFunc(out, func(p string) bool { return slices.Contains(f.Unread, p) })
}

// Strays finds what looks like part of the record and lies where nothing is
// read: in learners/ what is no learner's folder (a misspelt id, a link, a lost
// file), beside it a record file of another name or in another folder.
func (f *Folder) Strays() []diag.Finding {
	var out []diag.Finding
	entries, _ := fs.ReadDir(f.fsys, "learners") // Learners tells of an error
	for _, e := range entries {
		if e.IsDir() && ids.ValidLearner(e.Name()) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		message, hint := "this is not a learner's folder, so nothing in it was checked", "a learner's folder bears the learner's id, eight letters and digits"
		switch small := strings.ToLower(e.Name()); {
		case e.Type()&fs.ModeSymlink != 0:
			message = "this is a symbolic link, so nothing behind it was checked"
		case !e.IsDir():
			message, hint = "this file lies beside the learners' folders, so it was not checked", "put it into the folder of its learner: sendctl help records shows where each file lies, and its name"
		case ids.ValidLearner(small):
			hint = "give it its name in small letters: " + small
		}
		out = append(out, diag.Finding{Rule: "file", Severity: diag.Error, File: path.Join("learners", e.Name()), Message: message, Hint: hint})
	}
	entries, _ = fs.ReadDir(f.fsys, ".")
	for _, e := range entries {
		_, known := recordfile.KindAt(e.Name())
		switch {
		case known || strings.HasPrefix(e.Name(), ".") || slices.Contains([]string{"learners", "keys", "removals", "seals"}, e.Name()):
		case e.IsDir():
			out = append(out, f.lost(e.Name())...)
		case isYAML(e.Name()):
			out = append(out, astray(e.Name()))
		}
	}
	return out
}

// lost finds record files below a folder that is none of the record's. Whatever
// else a school keeps there is its own business.
func (f *Folder) lost(dir string) []diag.Finding {
	var out []diag.Finding
	// What cannot be read there cannot be told apart, and is no fault of the record.
	_ = fs.WalkDir(f.fsys, dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir
		case d.IsDir() && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir() && isYAML(p) && f.saysRecord(p):
			out = append(out, astray(p))
		}
		return nil
	})
	return out
}

// saysRecord reports whether a file begins as a record file does, with a format line.
func (f *Folder) saysRecord(p string) bool {
	b, bad, err := f.ReadFile(p)
	if err != nil || bad != nil {
		return false
	}
	format, ok := yamldoc.Sniff(b)
	kind, _, versioned := strings.Cut(format, "/v")
	return ok && versioned && slices.Contains(schemas.Kinds(), kind)
}

// isCopy reports whether a file's name is one that editors and file managers give to what
// they keep or copy: learner.yaml~, .learner.yaml.swp, Copy of learner.yaml.
func isCopy(name string) bool {
	low := strings.ToLower(name)
	stem := strings.TrimSuffix(strings.TrimSuffix(low, ".yaml"), ".yml")
	switch {
	case strings.HasSuffix(low, "~"), strings.HasPrefix(low, "#") && strings.HasSuffix(low, "#"), strings.HasPrefix(low, ".#"):
		return true
	case strings.HasPrefix(low, "copy of "), strings.HasSuffix(stem, " - copy"), strings.HasSuffix(stem, " copy"), strings.Contains(low, "conflicted copy"):
		return true
	case strings.HasSuffix(stem, ")") && strings.Contains(stem, " ("):
		return true
	}
	return slices.Contains([]string{".swp", ".swo", ".bak", ".orig", ".tmp", ".old"}, path.Ext(low))
}

func isYAML(p string) bool {
	ext := strings.ToLower(path.Ext(p))
	return ext == ".yaml" || ext == ".yml"
}

func astray(p string) diag.Finding {
	if isCopy(path.Base(p)) {
		return diag.Finding{Rule: "file", Severity: diag.Warning, File: p, Message: "this looks like a copy of a file of the record, and was not checked",
			Hint: "make sure that nothing in it is needed, then delete it"}
	}
	return diag.Finding{Rule: "file", Severity: diag.Warning, File: p,
		Message: "this looks like a file of the record, and has no place here, so it was not checked",
		Hint:    "sendctl help records shows where each file lies, and its name; keep other YAML in a folder of its own"}
}
