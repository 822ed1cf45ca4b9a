package folder

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
	"github.com/sendctl/sendctl/schemas"
)

// foldersOf are the folders that a learner's folder may hold.
func foldersOf() []string {
	return []string{"advice", "arrivals", "attachments", "corrections", "cycles", "handovers", "moves", "requests", "seals"}
}

// isFolder reports whether an entry of a learner's folder is to be a folder.
func isFolder(name string) bool { return slices.Contains(foldersOf(), name) }

// stray tells of what has no place in a learner's folder. What is meant as part of the
// record weighs as an error, so that nobody may take it for checked.
func (f *Folder) stray(r *Record, p string, dir bool) {
	name, home := path.Base(p), strings.TrimPrefix(path.Dir(p), r.Dir+"/") // home is cycles, or r.Dir itself
	within := home != r.Dir
	x := diag.Finding{Rule: "file", Severity: diag.Warning, File: p,
		Message: "this file has no place in a learner's folder, so it was not checked", Hint: "reports and pictures go under attachments/"}
	if dir {
		x.Message = "this folder has no place in a learner's folder, so nothing in it was checked"
	}
	if within {
		ext := ".yaml"
		if home == "seals" {
			ext = ".seal"
		}
		x.Hint = "files here end in " + ext + " and lie directly in " + home + "/; reports and pictures go under attachments/"
	}
	small := path.Join(path.Dir(p), strings.ToLower(name))
	_, known := recordfile.KindAt(small)
	bare, texted := strings.CutSuffix(strings.ToLower(name), ".txt") // what an editor adds to the name it was told
	near := diag.Suggest(name, foldersOf())
	switch {
	case isCopy(name):
		x.Hint = "this looks like a copy that an editor or a file manager left: make sure that nothing in it is needed, then delete it"
		if isYAML(name) && !dir {
			x.Severity = diag.Error
		}
	case name != path.Base(small) && (known && !dir || !within && isFolder(path.Base(small))):
		x.Hint = "give it its name in small letters: " + path.Base(small)
		if _, holds := recordfile.KindAt(small + "/x.yaml"); known || holds { // what lies in the others is missed by itself
			x.Severity = diag.Error
		}
	case dir:
		if f.holdsRecord(p, within) {
			x.Severity = diag.Error
		}
		if !within && near != "" {
			x.Hint = "did you mean " + near + "/?"
		}
	case texted && isYAML(bare):
		x.Severity, x.Hint = diag.Error, "files of a record end in .yaml: take the .txt off its name"
	case isYAML(p):
		x.Severity, x.Hint = diag.Error, "sendctl help records shows where each file lies, and its name; all end in .yaml, in small letters"
	}
	r.Findings = append(r.Findings, x)
}

// holdsRecord reports whether a folder in which nothing is read holds what is meant as a
// file of the record: where only such files are kept any YAML, else what says so itself.
func (f *Folder) holdsRecord(dir string, yaml bool) (found bool) {
	// What cannot be read there cannot be told apart, and is no fault of the record.
	_ = fs.WalkDir(f.fsys, dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir
		}
		if found = !d.IsDir() && isYAML(p) && (yaml || f.saysRecord(p)); found {
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// belongs says of a file that is of another kind by its first line where that kind lies.
func belongs(faults []diag.Finding, k recordfile.Kind, src []byte) {
	i := slices.IndexFunc(faults, func(x diag.Finding) bool { return x.Rule == "format" })
	if i < 0 {
		return
	}
	format, _ := yamldoc.Sniff(src)
	name, _, _ := strings.Cut(format, "/v")
	place := homeOf(recordfile.Kind(name))
	if place == "" || name == string(k) || !slices.Contains(schemas.Kinds(), name) {
		return
	}
	faults[i].Hint = "by its first line this is a file of another kind, which belongs " + place + ": move it there; if that line is wrong, write: format: " + k.Format()
}

// homeOf is where files of a kind lie, in words; "" for a kind that no folder holds.
func homeOf(k recordfile.Kind) string {
	switch k {
	case recordfile.Setting:
		return "in sendctl.yaml"
	case recordfile.People, recordfile.Pathway:
		return "in " + string(k) + ".yaml"
	case recordfile.Key, recordfile.Removal:
		return "in " + string(k) + "s/"
	case recordfile.Identity, recordfile.Learner, recordfile.Contacts, recordfile.Passport, recordfile.Profile, recordfile.Readings:
		return "in " + string(k) + ".yaml of the learner's folder"
	case recordfile.Cycle, recordfile.Move, recordfile.Correction, recordfile.Request, recordfile.Handover, recordfile.Arrival:
		return "in " + string(k) + "s/ of the learner's folder"
	case recordfile.Advice:
		return "in advice/ of the learner's folder"
	case recordfile.Decision, recordfile.Impact, recordfile.Letter:
		return "in requests/ of the learner's folder, under a name that ends in -" + string(k) + "-ID.yaml"
	case recordfile.Receipt:
		return "in handovers/ of the learner's folder, under a name that ends in -receipt-ID.yaml"
	}
	return ""
}
