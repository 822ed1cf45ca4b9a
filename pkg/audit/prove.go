package audit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// ProofKind is the kind of a parcel that proves a file.
const ProofKind = "proof"

// The names within a proof.
const (
	proofHead       = "proof.txt" // which seals it proves
	proofIdentity   = "identity.yaml"
	proofPeople     = "people.yaml" // the excerpt of the folder's own
	proofAdults     = "adults.yaml" // the excerpt of the learner's own, of adults elsewhere
	proofCheckpoint = "checkpoint.txt"
	proofSealed     = "sealed/"  // the bytes, named as their seals
	proofChain      = "seals/"   // the learner's seals, all of them
	proofSetting    = "setting/" // what is the setting's own, as it lies in its folder
	proofLatest     = "latest/"  // hashes of the latest seals, named by their digest
	proofFormat     = "sendctl-proof/1\n"
)

func latestName(digest string) string {
	return proofLatest + strings.TrimPrefix(digest, "sha256:") + ".txt"
}

// ProofOf says what shall be proved, and out of what.
type ProofOf struct {
	Folder *folder.Folder // of the commit that is proved from
	Record *folder.Record
	File   string // id of a sealed file, or its path, within the learner's folder or the record folder
	// Versions gives what the history held at a path of the record folder, the latest
	// first, until give says that it has what it looked for.
	Versions func(path string, give func([]byte) (done bool)) error
	// Checkpoint is of the present state, in its short form, and signed where there is
	// a key. Tips are the latest seals of that state, and of those that other
	// checkpoints speak of which the proof shall be compared with.
	Checkpoint Checkpoint
	Tips       [][]Tip
	WithName   bool // the learner's identity.yaml goes with it
	By         string
	Made       time.Time
}

// NotSealedError says that there is nothing to prove of a file.
type NotSealedError struct {
	Learner, Typed string
	Known          []string // ids of what is sealed
}

func (e *NotSealedError) Error() string {
	if len(e.Known) == 0 {
		return "nothing of " + e.Learner + " is sealed yet, so nothing can be proved"
	}
	return fmt.Sprintf("no sealed file of %s has that id or path; sealed are: %s", e.Learner, strings.Join(e.Known, ", "))
}

// LostError says that the bytes which a seal covers are nowhere in the history.
type LostError struct{ Path string }

func (e *LostError) Error() string {
	return "the bytes that were sealed as " + e.Path + " are neither in the folder nor in its history: sendctl audit verify"
}

// Prove packs one sealed file with all that an outsider needs to check it.
func Prove(w ProofOf) (parcel.Parcel, error) {
	p := parcel.Parcel{Kind: ProofKind, Made: w.Made, From: string(w.Folder.Setting.Value.Name), By: w.By, Learner: w.Record.ID}
	if p.From = strings.Join(strings.Fields(p.From), " "); p.From == "" {
		p.From = "a setting without a name"
	}
	if demo := w.Folder.Setting.Value.Demonstration; demo != nil {
		p.Demonstration = demo.Today
	}
	subjects, err := w.subjects()
	if err != nil {
		return p, err
	}
	var head strings.Builder
	head.WriteString(proofFormat)
	put := func(name string, b []byte) { p.Files = append(p.Files, parcel.File{Path: name, Bytes: b}) }
	for _, s := range subjects {
		b, err := w.sealed(s)
		if err != nil {
			return p, err
		}
		put(proofSealed+strings.TrimSuffix(s.name, seal.Extension)+path.Ext(s.Path), b)
		head.WriteString(s.what + ": " + s.name + "\n")
	}
	put(proofHead, []byte(head.String()))
	for name, b := range w.Record.Seals {
		put(proofChain+name, b)
	}
	if err := w.setting(put); err != nil {
		return p, err
	}
	if err := w.people(put); err != nil {
		return p, err
	}
	put(proofCheckpoint, w.Checkpoint.Bytes())
	stood := map[string]bool{}
	for _, tips := range w.Tips {
		if name := latestName(digestOf(tips)); !stood[name] {
			stood[name] = true
			put(name, latestLines(tips))
		}
	}
	if w.WithName {
		b, err := fs.ReadFile(w.Folder.FS(), path.Join(w.Record.Dir, "identity.yaml"))
		if err != nil {
			return p, fmt.Errorf("read the learner's identity: %w", err)
		}
		put(proofIdentity, b)
	}
	return p, nil
}

// subject is one seal of which the bytes go with the proof.
type subject struct {
	seal.Seal
	name string // of the seal
	what string // proves, or corrects
}

// subjects finds the seals of the file that was named, and those of its corrections.
func (w ProofOf) subjects() ([]subject, error) {
	wanted := strings.TrimPrefix(path.Clean(strings.ReplaceAll(w.File, `\`, "/")), w.Record.Dir+"/")
	var out []subject
	var known []string
	for _, name := range slices.Sorted(maps.Keys(w.Record.Seals)) {
		s, err := seal.Parse(w.Record.Seals[name])
		if err != nil {
			continue
		}
		known = append(known, s.File)
		if s.File == w.File || s.Sealed(name) == wanted || name == wanted {
			out = append(out, subject{s, name, "proves"})
		}
	}
	if len(out) == 0 {
		return nil, &NotSealedError{Learner: w.Record.ID, Typed: w.File, Known: slices.Compact(slices.Sorted(slices.Values(known)))}
	}
	if out[0].Living() && out[0].File != w.File { // a path of a document names the version agreed last
		slices.SortFunc(out, func(a, b subject) int { return cmp.Or(a.Recorded.Compare(b.Recorded), strings.Compare(a.name, b.name)) })
		out = out[len(out)-1:]
	}
	files := map[string]bool{}
	for _, s := range out {
		files[s.File] = true
	}
	// A correction may itself be corrected.
	for again := true; again; {
		again = false
		for _, c := range w.Record.Corrections {
			if !files[c.Value.Corrects] || files[c.Value.ID] {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(w.Record.Seals)) {
				if s, err := seal.Parse(w.Record.Seals[name]); err == nil && s.File == c.Value.ID {
					out = append(out, subject{s, name, "corrects"})
					files[s.File], again = true, true
				}
			}
		}
	}
	return out, nil
}

// sealed gives the bytes that a seal covers: the file's, or those of an older
// version of it.
func (w ProofOf) sealed(s subject) ([]byte, error) {
	at := path.Join(w.Record.Dir, s.Sealed(s.name))
	if b, err := fs.ReadFile(w.Folder.FS(), at); err == nil && s.Covers(b) {
		return b, nil
	}
	var found []byte
	if w.Versions != nil {
		err := w.Versions(at, func(b []byte) bool {
			if s.Covers(b) {
				found = bytes.Clone(b)
			}
			return found != nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for %s in the history: %w", at, err)
		}
	}
	if found == nil {
		return nil, &LostError{at}
	}
	return found, nil
}

// setting puts in the setting's own chain, the records of keys, and the removals
// from this learner's record.
func (w ProofOf) setting(put func(string, []byte)) error {
	for name, b := range w.Folder.Seals {
		put(proofSetting+seal.Dir+"/"+name, b)
	}
	var paths []string
	for _, k := range w.Folder.Keys {
		paths = append(paths, k.Path)
	}
	for _, r := range w.Folder.Removals {
		if r.Value.Learner == w.Record.ID {
			paths = append(paths, r.Path)
		}
	}
	for _, p := range paths {
		b, err := fs.ReadFile(w.Folder.FS(), p)
		if err != nil {
			return fmt.Errorf("read %s: %w", p, err)
		}
		put(proofSetting+p, b)
	}
	return nil
}

// people puts in who recorded: an id, a name, a role and the keys of each, and of
// nobody else.
func (w ProofOf) people(put func(string, []byte)) error {
	own, theirs := map[string]bool{w.By: true}, map[string]bool{}
	for _, b := range w.Folder.Seals {
		if s, err := seal.Parse(b); err == nil {
			own[s.By] = true
		}
	}
	for _, k := range w.Folder.Keys {
		own[k.Value.Person], own[k.Value.By] = true, true
	}
	own[w.Checkpoint.By] = true
	for _, b := range w.Record.Seals {
		if s, err := seal.Parse(b); err == nil {
			theirs[s.By] = true
		}
	}
	of := func(name string, all []learner.Person, wanted map[string]bool) error {
		out := learner.People{Format: "people/v1"}
		for _, p := range all {
			if wanted[p.ID] {
				out.People = append(out.People, learner.Person{ID: p.ID, Name: p.Name, Role: p.Role, Organisation: p.Organisation, Keys: p.Keys})
			}
		}
		if len(out.People) == 0 {
			return nil
		}
		b, err := recordfile.Bytes(name, recordfile.People, out)
		if err != nil {
			return fmt.Errorf("the excerpt of people.yaml: %w", err)
		}
		put(name, b)
		return nil
	}
	for id := range theirs { // within one learner an id of its own people.yaml wins
		if !slices.ContainsFunc(w.Record.People.Value.People, func(p learner.Person) bool { return p.ID == id }) {
			own[id] = true
		}
	}
	if err := of(proofPeople, w.Folder.People.Value.People, own); err != nil {
		return err
	}
	return of(proofAdults, w.Record.People.Value.People, theirs)
}

// Proof is what checking a proof came to. It is printed as it stands with --json.
type Proof struct {
	Format        string       `json:"format"` // sendctl-check/1
	Verdict       Verdict      `json:"verdict"`
	Demonstration string       `json:"demonstration,omitempty"`
	Parcel        string       `json:"parcel"` // hash of the plain parcel
	Made          time.Time    `json:"made"`
	From          string       `json:"from"` // the setting's name, as the parcel says
	By            Adult        `json:"by"`   // who made the parcel
	Learner       string       `json:"learner"`
	Files         []ProvenFile `json:"files"` // the file first, then its corrections
	Seals         int          `json:"seals"` // in the learner's chain
	Removed       int          `json:"removed"`
	Outside       bool         `json:"outside"`  // something from elsewhere holds it: a checkpoint, or a key that was named
	RestsOn       []string     `json:"rests_on"` // sentences: what the verdict rests on
	Findings      []Finding    `json:"findings"`
}

// Adult is somebody who acted, as the proof's excerpt has them.
type Adult struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Role string `json:"role,omitempty"`
}

// ProvenFile is one sealed file of a proof.
type ProvenFile struct {
	ID         string    `json:"id"`
	Path       string    `json:"path"` // within the learner's folder
	Act        string    `json:"act"`  // what was recorded by it: review, advance, agree …
	Correction bool      `json:"correction"`
	Date       date.Date `json:"date"`
	Recorded   time.Time `json:"recorded"`
	By         Adult     `json:"by"`
	Key        string    `json:"key,omitempty"` // fingerprint, where a signature holds
	SHA256     string    `json:"sha256"`
	Seal       string    `json:"seal"`
	Unchanged  bool      `json:"unchanged"`
	Text       string    `json:"text,omitempty"` // where it was asked for: see Proof.Tell
	Bytes      []byte    `json:"-"`
}

// TipsThen gives the latest seals of the state that a checkpoint speaks of: from its
// own list, else from the record folder as it was in its commit (nil where that is not
// at hand), else by its sums. ok is false where they cannot be found out.
func TipsThen(now State, then fs.FS, c Checkpoint) (tips []Tip, ok bool) {
	if c.Full {
		return c.Tips, true
	}
	if then != nil {
		if tips, err := tipsIn(then); err == nil && digestOf(tips) == c.Latest {
			return tips, true
		}
	}
	holds, ok := newFinder(now, c).find()
	if !ok {
		return nil, false
	}
	for _, l := range now.learners() {
		var stood []Sealed
		for _, x := range now.Seals[l] {
			if holds[x.Hash] {
				stood = append(stood, x)
			}
		}
		for _, h := range latest(stood) {
			tips = append(tips, Tip{l, h})
		}
	}
	return tips, digestOf(tips) == c.Latest
}

// tipsIn reads the latest seals that a record folder holds.
func tipsIn(fsys fs.FS) ([]Tip, error) {
	var out []Tip
	read := func(learner, dir string) error {
		entries, err := fs.ReadDir(fsys, dir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", dir, err)
		}
		seals := map[string][]byte{}
		for _, e := range entries {
			if e.IsDir() || path.Ext(e.Name()) != seal.Extension {
				continue
			}
			if seals[e.Name()], err = fs.ReadFile(fsys, path.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("read %s: %w", dir, err)
			}
		}
		for _, h := range seal.Tips(seals) {
			out = append(out, Tip{learner, h})
		}
		return nil
	}
	if err := read(seal.Setting, seal.Dir); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(fsys, "learners")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read learners: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() && ids.ValidLearner(e.Name()) {
			if err := read(e.Name(), path.Join("learners", e.Name(), seal.Dir)); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
