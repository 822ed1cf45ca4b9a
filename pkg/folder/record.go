package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Record is everything kept on one learner. Lists are in order of date, then id;
// moves of one day in the order in which they were made.
type Record struct {
	ID  string
	Dir string // learners/ID

	Identity recordfile.File[learner.Identity]
	Learner  recordfile.File[learner.Learner]
	Contacts recordfile.File[learner.Contacts] // Doc is nil while there is no log
	Passport recordfile.File[learner.Passport] // likewise
	Profile  recordfile.File[learner.Profile]
	Readings recordfile.File[learner.Readings] // likewise

	Cycles      []recordfile.File[learner.Cycle]
	Moves       []recordfile.File[learner.Move]
	Requests    []recordfile.File[learner.Request]
	Decisions   []recordfile.File[learner.Decision]
	Letters     []recordfile.File[learner.Letter]
	Impacts     []recordfile.File[learner.Impact]
	Advice      []recordfile.File[learner.Advice]
	Corrections []recordfile.File[learner.Correction]
	Handovers   []recordfile.File[learner.Handover]
	Receipts    []recordfile.File[learner.Receipt]
	Arrivals    []recordfile.File[learner.Arrival]
	// People are the adults of other settings, whom the files that came from there
	// name; Doc is nil where nothing came from elsewhere.
	People recordfile.File[learner.People]
	// Beside are files that a merge put beside the one they could not go into.
	Beside []Beside

	Seals       map[string][]byte // by file name
	Attachments []string          // slash paths below Dir
	Files       []string          // slash paths of all the record files and seals that were looked at
	// Unread are the slash paths of files and folders that could not be read; see LoadInto.
	// A seal among them stands in Seals without its bytes.
	Unread []string

	Findings []diag.Finding
}

// Beside is a file of the record that lies beside another, which was sealed
// elsewhere meanwhile: its bytes are kept until a person has settled what is
// right. It counts as no cycle and no request. See recordfile.Beside.
type Beside struct {
	Path string // learners/ID/…
	Of   string // path of the file it lies beside
	Word string // recordfile.Late or recordfile.Second
	ID   string
}

// LoadAnyway is Load for whoever only judges: a file that cannot be read, or whose format
// is too old or too new, hides none of the others. It is a finding, and as one that does
// not parse. It fails where the seals cannot be listed: nobody knows then what is sealed.
func (f *Folder) LoadAnyway(id string) (*Record, []*recordfile.VersionError, error) {
	r, versions, err := f.LoadInto(nil, id)
	if err == nil && !r.SealsListed() {
		return nil, nil, fmt.Errorf("read %s: %w", r.path("seals"), fs.ErrPermission)
	}
	return r, versions, err
}

// LoadInto is LoadAnyway into a room for documents, nil for none: the record is good until
// that is cleared. It does not fail where the seals cannot be listed.
func (f *Folder) LoadInto(room *yamldoc.Room, id string) (*Record, []*recordfile.VersionError, error) {
	var p past
	lax := *f
	lax.past, lax.room = &p, room
	r, err := lax.Load(id)
	if err == nil {
		r.readPast(p)
	}
	return r, p.versions, err
}

// Load reads one learner's folder. Faults are in the record's Findings; the error
// is a *NoLearnerError, a *recordfile.VersionError, or one of reading.
func (f *Folder) Load(id string) (*Record, error) { return f.loadOf(id, nil) }

// LoadFront is Load of what says who a learner is and where alone: the front sheet,
// learner.yaml, the moves and the corrections. Everything else is left unread, and what
// of it is wrong untold.
func (f *Folder) LoadFront(id string) (*Record, error) {
	return f.loadOf(id, []string{"moves", "corrections"})
}

// loadOf loads a learner's folder; only, where not nil, names the entries that are
// looked at beside identity.yaml and learner.yaml.
func (f *Folder) loadOf(id string, only []string) (*Record, error) {
	r := &Record{ID: id, Dir: path.Join("learners", id), Seals: map[string][]byte{}}
	info, err := fs.Lstat(f.fsys, r.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && f.past != nil {
		return r, f.unread(r.Dir, err, &r.Findings)
	}
	if err != nil || !info.IsDir() { // a link to a folder is none: Strays tells of it
		return nil, &NoLearnerError{Typed: id}
	}
	if r.Identity, err = load[learner.Identity](f, r.path("identity.yaml"), recordfile.Identity, &r.Findings); err != nil {
		return nil, err
	}
	if r.Identity.Doc == nil { // nothing at all may be there
		if entries, err := fs.ReadDir(f.fsys, r.Dir); err == nil && len(entries) == 0 {
			r.Findings = []diag.Finding{{Rule: "file", Severity: diag.Error, File: r.Dir, Message: "this learner's folder is empty",
				Hint: "take it out; if files were lost from it, put them back from the history"}}
			r.Files = nil
			return r, nil
		}
	}
	if r.Learner, err = load[learner.Learner](f, r.path("learner.yaml"), recordfile.Learner, &r.Findings); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(f.fsys, r.Dir)
	if err != nil {
		return r, f.unread(r.Dir, err, &r.Findings)
	}
	for _, e := range entries {
		name := e.Name()
		if only != nil && !slices.Contains(only, name) {
			continue
		}
		p := r.path(name)
		if e.Type()&fs.ModeSymlink != 0 && path.Ext(name) != ".yaml" {
			r.Findings = append(r.Findings, diag.Finding{Rule: "file", Severity: diag.Error, File: p,
				Message: "this is a symbolic link, so nothing behind it was read", Hint: "put the folder itself here"})
			continue
		}
		if _, ok := recordfile.KindAt(p); ok {
			r.Files = append(r.Files, p)
		} else if !e.IsDir() && f.past != nil && isFolder(name) {
			r.Findings = append(r.Findings, notFolder(p))
			continue
		}
		switch name {
		case "identity.yaml", "learner.yaml":
		case "contacts.yaml":
			r.Contacts, err = load[learner.Contacts](f, p, recordfile.Contacts, &r.Findings)
		case "passport.yaml":
			r.Passport, err = load[learner.Passport](f, p, recordfile.Passport, &r.Findings)
		case "profile.yaml":
			r.Profile, err = load[learner.Profile](f, p, recordfile.Profile, &r.Findings)
		case "readings.yaml":
			r.Readings, err = load[learner.Readings](f, p, recordfile.Readings, &r.Findings)
		case "cycles":
			r.Cycles, err = loadAll[learner.Cycle](f, r, p, recordfile.Cycle)
		case "moves":
			r.Moves, err = loadAll[learner.Move](f, r, p, recordfile.Move)
		case "advice":
			r.Advice, err = loadAll[learner.Advice](f, r, p, recordfile.Advice)
		case "corrections":
			r.Corrections, err = loadAll[learner.Correction](f, r, p, recordfile.Correction)
		case "requests":
			err = f.loadRequests(r, p)
		case "handovers":
			err = f.loadHandovers(r, p)
		case "arrivals":
			r.Arrivals, err = loadAll[learner.Arrival](f, r, p, recordfile.Arrival)
		case "people.yaml":
			r.People, err = load[learner.People](f, p, recordfile.People, &r.Findings)
			r.Findings = append(r.Findings, sameIDs(r.People)...)
		case "seals":
			err = f.loadSeals(r, p)
		case "attachments":
			err = f.listAttachments(r, p)
		default:
			if !unseen(name) {
				f.stray(r, p, e.IsDir())
			}
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(r.Cycles, func(a, b recordfile.File[learner.Cycle]) int {
		return cmp.Or(a.Value.Opened.Compare(b.Value.Opened), strings.Compare(a.Path, b.Path))
	})
	r.orderMoves()
	r.Findings = diag.Sort(r.Findings)
	return r, nil
}

func (r *Record) path(name string) string { return r.Dir + "/" + name }

// loadAll loads the files of one sub-folder in order of name, which begins with the date.
func loadAll[T any](f *Folder, r *Record, dir string, k recordfile.Kind) ([]recordfile.File[T], error) {
	names, err := f.yamlFiles(r, dir)
	if err != nil {
		return nil, err
	}
	var out []recordfile.File[T]
	for _, p := range names {
		file, err := load[T](f, p, k, &r.Findings)
		if err != nil {
			return nil, err
		}
		out = append(out, file)
	}
	return out, nil
}

func (f *Folder) yamlFiles(r *Record, dir string) ([]string, error) {
	entries, err := fs.ReadDir(f.fsys, dir)
	if err != nil {
		return nil, f.unread(dir, err, &r.Findings)
	}
	var out []string
	for _, e := range entries {
		switch p := dir + "/" + e.Name(); {
		case unseen(e.Name()):
		case e.IsDir() || path.Ext(p) != ".yaml":
			f.stray(r, p, e.IsDir())
		default:
			r.Files = append(r.Files, p)
			if of, word, id, ok := recordfile.Beside(p); ok {
				r.Beside = append(r.Beside, Beside{Path: p, Of: of, Word: word, ID: id})
				continue
			}
			out = append(out, p)
		}
	}
	return out, nil
}

func (f *Folder) loadHandovers(r *Record, dir string) error {
	names, err := f.yamlFiles(r, dir)
	if err != nil {
		return err
	}
	for _, p := range names {
		if k, _ := recordfile.KindAt(p); k == recordfile.Receipt {
			err = appendFile(f, r, p, k, &r.Receipts)
		} else {
			err = appendFile(f, r, p, recordfile.Handover, &r.Handovers)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) loadRequests(r *Record, dir string) error {
	names, err := f.yamlFiles(r, dir)
	if err != nil {
		return err
	}
	for _, p := range names {
		k, _ := recordfile.KindAt(p)
		switch k {
		case recordfile.Decision:
			err = appendFile(f, r, p, k, &r.Decisions)
		case recordfile.Impact:
			err = appendFile(f, r, p, k, &r.Impacts)
		case recordfile.Letter:
			err = appendFile(f, r, p, k, &r.Letters)
		default:
			err = appendFile(f, r, p, recordfile.Request, &r.Requests)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func appendFile[T any](f *Folder, r *Record, p string, k recordfile.Kind, to *[]recordfile.File[T]) error {
	file, err := load[T](f, p, k, &r.Findings)
	*to = append(*to, file)
	return err
}

func (f *Folder) loadSeals(r *Record, dir string) error {
	entries, err := fs.ReadDir(f.fsys, dir)
	if err != nil {
		return f.unread(dir, err, &r.Findings)
	}
	for _, e := range entries {
		p := dir + "/" + e.Name()
		if path.Ext(p) != ".seal" {
			if !unseen(e.Name()) {
				f.stray(r, p, e.IsDir())
			}
			continue
		}
		r.Files = append(r.Files, p)
		b, bad, err := f.ReadFile(p)
		if err != nil {
			if err := f.unread(p, err, &r.Findings); err != nil {
				return err
			}
		}
		if bad != nil {
			r.Findings = append(r.Findings, *bad)
			continue
		}
		r.Seals[e.Name()] = b
	}
	return nil
}

func (f *Folder) listAttachments(r *Record, dir string) error {
	return fs.WalkDir(f.fsys, dir, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil { // a folder that cannot be listed: what lies beside it can be
			return f.unread(p, err, &r.Findings)
		}
		if !d.IsDir() {
			r.Attachments = append(r.Attachments, strings.TrimPrefix(p, r.Dir+"/"))
		}
		return nil
	})
}

// OpenCycle is the cycle without a review, or nil. Where a fault left two open it
// is the later one.
func (r *Record) OpenCycle() *recordfile.File[learner.Cycle] {
	for i := len(r.Cycles) - 1; i >= 0; i-- {
		if c := &r.Cycles[i]; c.Doc != nil && c.Value.Review == nil {
			return c
		}
	}
	return nil
}

// Reviewed lists the cycles that hold a review, oldest review first.
func (r *Record) Reviewed() []recordfile.File[learner.Cycle] {
	var out []recordfile.File[learner.Cycle]
	for _, c := range r.Cycles {
		if c.Value.Review != nil {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b recordfile.File[learner.Cycle]) int {
		return a.Value.Review.Date.Compare(b.Value.Review.Date)
	})
	return out
}

// Family is the name of a family member by id, or "".
func (r *Record) Family(id string) learner.Words {
	for _, c := range r.Identity.Value.Family {
		if c.ID == id {
			return c.Name
		}
	}
	return ""
}
