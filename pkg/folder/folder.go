package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// MaxFile is the largest record file read, in bytes. Attachments are not read.
const MaxFile = 1 << 20

// ErrNotFolder says that there is no sendctl.yaml where a record folder was looked for.
var ErrNotFolder = errors.New("this is not a record folder: it holds no sendctl.yaml")

// Folder is an open record folder.
type Folder struct {
	fsys   fs.FS
	known  known         // see Again
	own    []string      // files of keys/, removals/ and seals/ that were read
	anyway bool          // see OpenAnyway
	barred bool          // learners/ cannot be read, of which a finding tells
	past   *past         // what is read past; nil where it ends the reading
	room   *yamldoc.Room // into which records are read; mostly nil
	salt   [32]byte      // see Salt

	Setting recordfile.File[learner.Setting]
	People  recordfile.File[learner.People]
	Pathway recordfile.File[pathway.Pathway]
	// Keys are the changes of the roster of signing keys, Removals what was taken
	// out of the whole history; in order of date, then id. Seals are those of both,
	// by file name: the chain of the setting itself.
	Keys     []recordfile.File[learner.KeyChange]
	Removals []recordfile.File[learner.Removal]
	Seals    map[string][]byte
	// Findings are the faults of the files above.
	Findings []diag.Finding
	// Versions are those of the files above whose format is too old or too new, Unread
	// the slash paths that could not be read, learners/ among them; see OpenAnyway.
	Versions []*recordfile.VersionError
	Unread   []string
}

// Open reads the setting, the people and the pathway. It gives ErrNotFolder, a
// *recordfile.VersionError, or an error of reading; faults are in Findings.
func Open(fsys fs.FS) (*Folder, error) { return open(&Folder{fsys: fsys}) }

// OpenAnyway is Open for whoever only judges: one of the folder's own files that cannot be
// read, or whose format is too old or too new, hides none of the others. It is a finding,
// and as one that does not parse. was, which may be nil, is the folder as it was opened
// before; see Again.
func OpenAnyway(fsys fs.FS, was *Folder) (*Folder, error) {
	f := &Folder{fsys: fsys, anyway: true}
	if was != nil {
		f.known = was.knows()
	}
	return open(f)
}

func open(f *Folder) (*Folder, error) {
	if f.anyway {
		f.past = &past{}
	}
	if err := f.read(); err != nil {
		return nil, err
	}
	if f.past != nil {
		f.Versions, f.Unread, f.past = f.past.versions, f.past.unread, nil
	}
	return f, nil
}

func (f *Folder) read() error {
	if _, err := fs.Stat(f.fsys, "sendctl.yaml"); errors.Is(err, fs.ErrNotExist) {
		return ErrNotFolder
	}
	var err error
	if f.Setting, err = load[learner.Setting](f, "sendctl.yaml", recordfile.Setting, &f.Findings); err != nil {
		return err
	}
	if f.People, err = load[learner.People](f, "people.yaml", recordfile.People, &f.Findings); err != nil {
		return err
	}
	f.makeSalt()
	f.Findings = append(f.Findings, sameIDs(f.People)...)
	if f.Pathway, err = load[pathway.Pathway](f, "pathway.yaml", recordfile.Pathway, &f.Findings); err != nil {
		return err
	}
	if err = f.loadOwn(); err != nil {
		return err
	}
	if f.past != nil {
		return f.listed()
	}
	return nil
}

// sameIDs finds two adults under one id, since nobody could tell whom a plan names; and
// two under one e-mail address, since by that git says who recorded an act.
func sameIDs(people recordfile.File[learner.People]) []diag.Finding {
	var out []diag.Finding
	seen, mail := map[string]bool{}, map[string]bool{}
	for i, p := range people.Value.People {
		address := strings.ToLower(p.Email)
		f := diag.Finding{Rule: "references", Severity: diag.Error, File: people.Path, Path: fmt.Sprintf("people[%d].id", i),
			Message: "another adult of people.yaml has this id", Hint: "give each an id of their own"}
		switch {
		case p.ID != "" && seen[p.ID]:
		case address != "" && mail[address]:
			f.Severity, f.Path = diag.Warning, fmt.Sprintf("people[%d].email", i)
			f.Message, f.Hint = "another adult of people.yaml has this e-mail address, and by it git says who recorded an act", "give each an address of their own, or take it out where they record nothing"
			seen[p.ID] = true
		default:
			seen[p.ID], mail[address] = true, true
			continue
		}
		if at, err := yamldoc.ParsePath(f.Path); err == nil {
			if n := people.Doc.Find(at); n != nil {
				f.Span, f.Value = n.Span, n.Value
			}
		}
		out = append(out, f)
	}
	return out
}

// FS is the file system the folder is read from.
func (f *Folder) FS() fs.FS { return f.fsys }

// ReadFile reads one file of the folder: a regular file of at most MaxFile bytes,
// never one reached through a symbolic link.
func (f *Folder) ReadFile(name string) ([]byte, *diag.Finding, error) {
	var b []byte
	var info fs.FileInfo
	var err error
	reader, quick := f.fsys.(RegularReader)
	if quick {
		info, b, err = reader.ReadRegular(name, MaxFile)
	} else {
		info, err = fs.Lstat(f.fsys, name)
	}
	if err != nil {
		return nil, nil, err
	}
	refuse := func(message, hint string) ([]byte, *diag.Finding, error) {
		return nil, &diag.Finding{Rule: "file", Severity: diag.Error, File: name, Message: message, Hint: hint}, nil
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return refuse("this is a symbolic link, and may lead out of the folder", "put the file itself here")
	case !info.Mode().IsRegular():
		return refuse("this is not a file", "a record file is a plain text file")
	case info.Size() > MaxFile:
		return refuse("this file is larger than 1 MB, too large for a record file", "put reports and pictures under attachments/")
	}
	if !quick {
		b, err = fs.ReadFile(f.fsys, name)
	}
	return b, nil, err
}

// RegularReader is a file system that can tell what a file is, as Lstat does, and give
// what it holds in one go, where it is a regular file of at most most bytes.
type RegularReader interface {
	ReadRegular(name string, most int64) (fs.FileInfo, []byte, error)
}

// load reads one file of kind k; a missing file is a finding, not an error.
func load[T any](f *Folder, name string, k recordfile.Kind, findings *[]diag.Finding) (recordfile.File[T], error) {
	src, bad, err := f.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		bad = &diag.Finding{Rule: "file", Severity: diag.Error, File: name, Message: "this file is missing", Hint: "put it back from the history, or ask sendctl doctor"}
	case err != nil:
		return recordfile.File[T]{Path: name}, f.unread(name, err, findings)
	}
	if bad != nil {
		*findings = append(*findings, *bad)
		return recordfile.File[T]{Path: name}, nil
	}
	if file, ok := parsed[T](f.known, name, src); ok {
		return file, nil
	}
	file, faults, err := recordfile.ReadInto[T](f.room, name, k, src)
	if len(faults) > 0 {
		belongs(faults, k, src)
	}
	*findings = append(*findings, faults...)
	var version *recordfile.VersionError
	if f.past != nil && errors.As(err, &version) {
		f.past.versions = append(f.past.versions, version)
		told := version.Finding()
		for i, line := range strings.Split(string(src), "\n") {
			if value, ok := strings.CutPrefix(line, "format:"); ok {
				at := len(line) - len(strings.TrimLeft(value, " "))
				told.Span = diag.Span{Start: diag.Pos{Line: i + 1, Col: at + 1}, End: diag.Pos{Line: i + 1, Col: len(strings.TrimRight(line, " \r")) + 1}}
				break
			}
		}
		*findings = append(*findings, told)
		return recordfile.File[T]{Path: name}, nil
	}
	return file, err
}

// Person finds an adult of people.yaml by id.
func (f *Folder) Person(id string) (learner.Person, bool) {
	for _, p := range f.People.Value.People {
		if p.ID == id {
			return p, true
		}
	}
	return learner.Person{}, false
}

// PersonByEmail finds an adult by e-mail address, in whatever case.
func (f *Folder) PersonByEmail(email string) (learner.Person, bool) {
	for _, p := range f.People.Value.People {
		if p.Email != "" && strings.EqualFold(p.Email, email) {
			return p, true
		}
	}
	return learner.Person{}, false
}

// Learners lists the ids of the folder's learners, sorted. Entries of learners/
// that are no learner's folder are left to Strays.
func (f *Folder) Learners() ([]string, error) {
	if f.barred {
		return nil, nil
	}
	entries, err := fs.ReadDir(f.fsys, "learners")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read learners: %w", err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && ids.ValidLearner(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// NoLearnerError says that what was typed names no learner, or several.
type NoLearnerError struct {
	Typed   string
	Several []string // ids, where it names more than one
	Near    string   // an id close to what was typed
}

// Error repeats what was typed only where it can be an id or its beginning:
// anything else may be a child's name, and errors are kept in logs.
func (e *NoLearnerError) Error() string {
	shaped := e.Typed != "" && len(e.Typed) <= 8 && strings.Trim(e.Typed, ids.Alphabet) == ""
	switch {
	case len(e.Several) > 0 && shaped:
		return fmt.Sprintf("%q could be %s: type more of the id", e.Typed, strings.Join(e.Several, ", "))
	case len(e.Several) > 0:
		return fmt.Sprintf("this could be %s: type one of these ids", strings.Join(e.Several, ", "))
	case e.Near != "" && shaped:
		return fmt.Sprintf("no learner %q here; did you mean %q?", e.Typed, e.Near)
	case e.Near != "":
		return fmt.Sprintf("no learner here has that id; did you mean %q?", e.Near)
	case shaped:
		return fmt.Sprintf("no learner %q here: sendctl list shows who there is", e.Typed)
	}
	return "no learner here has that id: sendctl list shows the ids"
}

// Find gives the id of the one learner that typed stands for: an id, the
// beginning of one, or, with names set, part of a name. Names are for a person
// at a terminal: a script that found children by name would leak them.
func (f *Folder) Find(typed string, names bool) (string, error) {
	// A whole id needs no list: among ten thousand learners that is a quarter of an act.
	if ids.ValidLearner(typed) {
		if info, err := fs.Lstat(f.fsys, path.Join("learners", typed)); err == nil && info.IsDir() {
			return typed, nil
		}
	}
	all, err := f.Learners()
	if err != nil {
		return "", err
	}
	var hits []string
	for _, id := range all {
		if typed != "" && strings.HasPrefix(id, typed) {
			hits = append(hits, id)
		}
	}
	if len(hits) == 0 && names && typed != "" {
		for _, id := range all {
			var ignored []diag.Finding
			who, err := load[learner.Identity](f, path.Join("learners", id, "identity.yaml"), recordfile.Identity, &ignored)
			if err != nil {
				return "", err
			}
			v := who.Value
			full := string(v.Name) + "\n" + string(v.LegalName.Given) + " " + string(v.LegalName.Family)
			if strings.Contains(strings.ToLower(full), strings.ToLower(typed)) {
				hits = append(hits, id)
			}
		}
	}
	switch len(hits) {
	case 1:
		return hits[0], nil
	case 0:
		return "", &NoLearnerError{Typed: typed, Near: diag.Suggest(typed, all)}
	}
	return "", &NoLearnerError{Typed: typed, Several: hits}
}

// unseen reports whether a name is one that systems and sendctl itself leave lying,
// and that holds no record. Any other hidden file is told of: one could be hidden
// to escape the checks.
func unseen(name string) bool {
	switch name {
	case ".gitkeep", ".gitignore", ".DS_Store":
		return true
	}
	return strings.HasPrefix(name, ".sendctl-")
}
