package linter

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
	"github.com/sendctl/sendctl/schemas"
)

// Stdin is what a file that was piped in is called.
const Stdin = "<stdin>"

// Kinds are the kinds of file that Alone judges.
func Kinds() []recordfile.Kind {
	var out []recordfile.Kind
	for _, k := range schemas.Kinds() {
		if k := recordfile.Kind(k); placeOf(k, "") != "" {
			out = append(out, k)
		}
	}
	return out
}

// Alone judges one file of a kind as it stands: by its shape, and by the rules that need
// no other file. f is the folder it is meant for, whose pathway and limits then count; nil
// takes those that come with the program. The error is a *recordfile.VersionError.
func Alone(f *folder.Folder, kind recordfile.Kind, src []byte, o Options) (Result, error) {
	id := learnerOf(src)
	at := placeOf(kind, id)
	files := memory{at: src}
	for name, b := range bare() {
		if f != nil {
			if own, bad, err := f.ReadFile(name); err == nil && bad == nil {
				b = own
			}
		}
		if name != at {
			files[name] = b
		}
	}
	if !strings.HasPrefix(at, "learners/") {
		files["learners/"+id+"/learner.yaml"] = nil
	}
	lone, err := folder.Open(files)
	if err != nil {
		return Result{}, err
	}
	record, err := lone.Load(id)
	if err != nil {
		return Result{}, err
	}
	r := Result{Files: 1, Learners: 1}
	found := slices.Concat(lone.Findings, record.Findings) // what was found while it was read
	if kind == recordfile.Pathway {
		found = append(found, rules.Pathway(lone)...)
	}
	judged := rules.Lone(lone, record, o.Day)
	for _, x := range rules.All() {
		if x.Group().Name == "format" || alone(x) {
			r.Rules++
		}
	}
	for _, x := range judged.Findings {
		if rule, known := ruleNamed(x.Rule); known && alone(rule) {
			found = append(found, x)
		}
	}
	for _, x := range found {
		if x.File != at || x.Rule == "file" {
			continue
		}
		x.File = Stdin
		for i := range x.Related {
			x.Related[i].File = strings.Replace(x.Related[i].File, at, Stdin, 1)
		}
		if !o.Values {
			x.Value = ""
		}
		r.Findings = append(r.Findings, x)
	}
	r.Findings = diag.Sort(r.Findings)
	return r, nil
}

// alone reports whether a rule comes to the same verdict whatever the other files say.
// Whoever adds one here: a test holds it to be silent on each file of the made-up school.
func alone(r rules.Rule) bool {
	return !r.Whole && (r.Group().Name == "wording" || r.Group().Name == "provision" || slices.Contains([]string{
		"references", "dates-in-order", "concern-empty", "evidence-missing", "plan-without-assess", "plan-without-provision", "target-without-provision",
		"strengths-missing", "plan-not-agreed", "need-rank-twice", "need-rank-gap", "need-twice", "two-codes-one-day",
		"birth-date", "past-25", "upn-check-letter", "upn-form", "upn-capitals", "former-upn-same", "uln-check-digit", "request-money",
	}, r.Name))
}

// learnerOf is the learner that a file names, or one that nobody has.
func learnerOf(src []byte) string {
	if doc, _ := yamldoc.Parse(Stdin, src); doc != nil && doc.Root() != nil && doc.Root().Kind == yamldoc.Map {
		if n := doc.Root().Get("learner"); n != nil && ids.ValidLearner(n.Value) {
			return n.Value
		}
	}
	return strings.Repeat(ids.Alphabet[:1], 8)
}

// placeOf is a path at which a file of the kind may lie; "" for a kind that no folder
// holds.
func placeOf(kind recordfile.Kind, id string) string {
	name := "stdin.yaml"
	switch kind {
	case recordfile.Setting:
		return "sendctl.yaml"
	case recordfile.People, recordfile.Pathway:
		return string(kind) + ".yaml"
	case recordfile.Key:
		return "keys/" + name
	case recordfile.Removal:
		return "removals/" + name
	case recordfile.Identity, recordfile.Learner, recordfile.Contacts, recordfile.Passport, recordfile.Profile, recordfile.Readings:
		return path.Join("learners", id, string(kind)+".yaml")
	case recordfile.Cycle, recordfile.Move, recordfile.Correction, recordfile.Request, recordfile.Handover, recordfile.Arrival:
		return path.Join("learners", id, string(kind)+"s", name)
	case recordfile.Advice:
		return path.Join("learners", id, "advice", name)
	case recordfile.Decision, recordfile.Impact, recordfile.Letter:
		return path.Join("learners", id, "requests", "2000-01-01-x-x-"+string(kind)+"-x.yaml")
	case recordfile.Receipt:
		return path.Join("learners", id, "handovers", "2000-01-01-x-receipt-x.yaml")
	}
	return ""
}

// bare is a record folder without learners.
func bare() map[string][]byte {
	pathway, _ := schemas.Pathway(schemas.Pathways()[0])
	return map[string][]byte{
		"pathway.yaml": pathway,
		"people.yaml":  fmt.Appendf(nil, "format: %s\npeople: []\n", recordfile.People.Format()),
		"sendctl.yaml": fmt.Appendf(nil, "format: %s\nname: x\npathway: %s\n", recordfile.Setting.Format(), schemas.Pathways()[0]),
	}
}

// memory is a folder of files by slash path.
type memory map[string][]byte

func (m memory) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist} // nobody opens what can be read whole
}

func (m memory) ReadFile(name string) ([]byte, error) {
	if b, ok := m[name]; ok {
		return b, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (m memory) ReadLink(name string) (string, error) {
	return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
}

func (m memory) Stat(name string) (fs.FileInfo, error) { return m.Lstat(name) }

func (m memory) Lstat(name string) (fs.FileInfo, error) {
	if b, ok := m[name]; ok {
		return held{name: path.Base(name), size: int64(len(b))}, nil
	}
	for p := range m {
		if strings.HasPrefix(p, name+"/") {
			return held{name: path.Base(name), mode: fs.ModeDir}, nil
		}
	}
	return nil, &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrNotExist}
}

func (m memory) ReadDir(name string) ([]fs.DirEntry, error) {
	var out []fs.DirEntry
	seen := map[string]bool{}
	for p, b := range m {
		rest, ok := strings.CutPrefix(p, name+"/")
		if name == "." {
			rest, ok = p, true
		}
		first, _, deeper := strings.Cut(rest, "/")
		if !ok || seen[first] {
			continue
		}
		seen[first] = true
		e := held{name: first, size: int64(len(b))}
		if deeper {
			e = held{name: first, mode: fs.ModeDir}
		}
		out = append(out, fs.FileInfoToDirEntry(e))
	}
	if out == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

type held struct {
	name string
	size int64
	mode fs.FileMode
}

func (h held) Name() string       { return h.name }
func (h held) Size() int64        { return h.size }
func (h held) Mode() fs.FileMode  { return h.mode | 0o400 }
func (h held) ModTime() time.Time { return time.Time{} }
func (h held) IsDir() bool        { return h.mode.IsDir() }
func (h held) Sys() any           { return nil }
