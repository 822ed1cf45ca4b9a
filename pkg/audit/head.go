package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/sendctl/sendctl/pkg/cores"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
)

// held is a seal that HEAD holds.
type held struct {
	seal.Seal        // without its signature
	name      string // of its file
	hash      string
	blob      objects.ID
	key       string // that its signature names, "" where it is not signed
	bad       error  // why the signature does not hold, whoever's it is
	unread    error  // why it is no seal
}

// at is where the seal's file lies in the record folder.
func (h *held) at(whose string) string {
	if whose == seal.Setting {
		return path.Join(seal.Dir, h.name)
	}
	return path.Join("learners", whose, seal.Dir, h.name)
}

// covers is where the file lies that the seal is of.
func (h *held) covers(whose string) string {
	if whose == seal.Setting {
		return h.Sealed(h.name)
	}
	return path.Join("learners", whose, h.Sealed(h.name))
}

// arrived is what an arrival of a record from another setting says.
type arrived struct {
	file   string // id
	people string // hash of the people.yaml that came
}

// chain is what HEAD holds of one learner's seals, or of the setting's own.
type chain struct {
	whose    string
	seals    []held
	byHash   map[string]int
	people   []learner.Person // of other settings
	peopleIs string           // hash of their file, "" for none
	arrivals []arrived
	changed  map[string]bool // paths of files that are not what was sealed
	files    map[string]objects.ID
	unread   bool // something of it at HEAD could not be read
}

func (c *chain) add(name string, blob objects.ID, b []byte) *held {
	h := held{name: name, blob: blob, hash: seal.Hash(b)}
	s, err := seal.Parse(b)
	if err != nil {
		h.unread = err
	} else {
		if s.Signature != nil {
			if h.key, h.bad = seal.SignedBy(s); h.bad == nil {
				h.bad = seal.Verify(s, h.key)
			}
			if h.key == "" {
				h.key = "unreadable"
			}
		}
		s.Signature = nil
		h.Seal = s
	}
	c.byHash[h.hash] = len(c.seals)
	c.seals = append(c.seals, h)
	return &c.seals[len(c.seals)-1]
}

// readHead reads what HEAD holds, the setting's own first, then every learner on
// all cores.
func (v *verifier) readHead(ctx context.Context) error {
	v.chains = map[string]*chain{}
	if err := v.readOwn(); err != nil {
		return err
	}
	if v.folder == nil {
		return nil
	}
	names, err := v.learnersAtHead()
	if err != nil {
		return err
	}
	v.report.Checked.Learners = len(names)
	chains := make([]*chain, len(names))
	found := make([][]Finding, len(names))
	err = cores.Each(len(names), func(done, of int) { v.step("Reading the record", done, of) }, func(i int) (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if chains[i], err = v.readLearner(names[i], func(f Finding) { found[i] = append(found[i], f) }); err != nil {
			return fmt.Errorf("learner %s: %w", names[i].name, err)
		}
		return nil
	})
	for i, c := range chains {
		if c != nil {
			v.chains[names[i].name] = c
		}
		v.found = append(v.found, found[i]...)
	}
	return err
}

type named struct {
	name string
	tree objects.ID
}

// learnersAtHead lists the learners' folders; what lies beside them is told of.
func (v *verifier) learnersAtHead() ([]named, error) {
	top, err := v.listed(v.record, "", v.add)
	if err != nil {
		return nil, err
	}
	var out []named
	for _, e := range top {
		if string(e.Name) != "learners" {
			continue
		}
		if !e.IsTree() {
			v.add(Finding{Kind: "not-a-folder", Weight: Broken, File: "learners", Message: "what should be the folder of all learners is none",
				Do: "see which commit changed it: git log --oneline -- learners"})
			continue
		}
		list, err := v.listed(e.ID, "learners", v.add)
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			name := string(l.Name)
			switch {
			case l.IsTree() && ids.ValidLearner(name):
				out = append(out, named{name, l.ID})
			case strings.HasPrefix(name, ".") && !l.IsTree():
			case l.Mode&0o170000 == objects.ModeCommit:
				v.add(Finding{Kind: "other-repository", Weight: CannotTell, File: path.Join("learners", safeName(name)),
					Message: "another git repository stands here; what it holds is no part of this history, and cannot be checked",
					Do:      "see which commit put it there: git log --oneline -- learners"})
			case l.IsTree() && (ids.ValidLearner(strings.ToLower(name)) || strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII })):
				v.add(Finding{Kind: "look-alike", Weight: Broken, File: path.Join("learners", safeName(name)),
					Message: "the name of this folder can be taken for a learner's id, and is none: people may be shown one for the other",
					Do:      "see who brought it: git log --oneline -- learners"})
			default:
				v.add(Finding{Kind: "stray", Weight: Note, File: path.Join("learners", safeName(name)), Message: "this is not a learner's folder, so nothing in it was checked"})
			}
		}
	}
	return out, nil
}

// safeName gives the name of a file or folder where it can be no child's name.
func safeName(name string) string {
	if name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == "" {
		return name
	}
	return "(a name that sendctl gives to nothing)"
}

// listed reads a tree's entries and tells of what git itself never writes: a name
// twice, one that another system takes for the same, a way out of the folder.
func (v *verifier) listed(tree objects.ID, at string, tell func(Finding)) ([]objects.TreeEntry, error) {
	if tree.IsZero() {
		return nil, nil
	}
	raw, err := of(v.store, objects.Tree, tree)
	if err != nil {
		return nil, err
	}
	var out []objects.TreeEntry
	seen := map[string]string{}
	for e, err := range objects.Entries(raw) {
		if err != nil {
			return nil, broken(tree, err)
		}
		name := string(e.Name)
		fold := strings.ToLower(name)
		if _, twice := seen[fold]; twice {
			tell(Finding{Kind: "same-name", Weight: Broken, File: path.Join(at, safeName(name)),
				Message: "two things bear this name, or names that Windows and macOS take for the same: people are shown one or the other",
				Do:      "see which commit brought the second: git log --oneline -- " + orDot(at)})
		}
		seen[fold] = name
		if fold == ".git" || fold == "git~1" || name == "." || name == ".." || strings.ContainsAny(name, "/\\") {
			tell(Finding{Kind: "forbidden-name", Weight: Broken, File: orDot(at),
				Message: "a file lies here under a name that git never gives and would not write to a disk: it was put there by hand"})
		}
		out = append(out, e)
	}
	return out, nil
}

func orDot(p string) string {
	if p == "" {
		return "."
	}
	return p
}

// readOwn reads the setting, the people, and the setting's own chain.
func (v *verifier) readOwn() error {
	c := &chain{whose: seal.Setting, byHash: map[string]int{}, changed: map[string]bool{}, files: map[string]objects.ID{}}
	v.chains[seal.Setting] = c
	if v.record.IsZero() {
		v.add(Finding{Kind: "no-folder", Weight: Broken, File: "sendctl.yaml", Message: "the last commit holds no record folder here",
			Do: "see which commit took it away: git log --oneline -- sendctl.yaml"})
		return nil
	}
	f, err := folder.Open(v.fsys)
	var version *recordfile.VersionError
	switch {
	case errors.Is(err, folder.ErrNotFolder):
		v.add(Finding{Kind: "no-folder", Weight: Broken, File: "sendctl.yaml", Message: "the last commit holds no sendctl.yaml, so it is no record folder any more",
			Do: "put it back: git log --oneline -- sendctl.yaml shows the commit that took it away"})
		return nil
	case errors.As(err, &version):
		return err
	case err != nil:
		if !fatal(err) {
			v.missingObject(err, "")
			return nil
		}
		return err
	}
	v.folder = f
	v.intake(f.Findings, nil, v.add)
	for _, dir := range []string{seal.Dir, "keys", "removals"} {
		e, ok, err := v.entry(v.record, dir)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		list, err := v.listed(subtree(e), dir, v.add)
		if err != nil {
			return err
		}
		for _, e := range list {
			c.files[path.Join(dir, string(e.Name))] = e.ID
			v.oddEntry(path.Join(dir, string(e.Name)), e, v.add)
		}
	}
	files := map[string][]byte{}
	for _, p := range slices.Sorted(maps.Keys(c.files)) {
		if strings.HasPrefix(p, seal.Dir+"/") {
			continue
		}
		if b, err := fs.ReadFile(v.fsys, p); err == nil {
			files[p] = b
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Seals)) {
		c.add(name, c.files[path.Join(seal.Dir, name)], f.Seals[name])
	}
	v.compareSeals(c, files, f.Seals, v.add)
	covered := map[string]bool{}
	for i := range c.seals {
		covered[c.seals[i].Sealed(c.seals[i].name)] = true
	}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if !covered[p] && path.Ext(p) == ".yaml" {
			v.unsealed = append(v.unsealed, Finding{Kind: "unsealed", Weight: Broken, File: p,
				Message: "this has no seal: it was written by hand, or its seal was taken away",
				Do:      "take it out and let sendctl record it, or put its seal back from the history: git log --oneline -- " + p})
		}
	}
	for p, b := range files {
		v.onDisk(p, b, v.add)
	}
	for name, b := range f.Seals {
		v.onDisk(path.Join(seal.Dir, name), b, v.add)
	}
	return nil
}

func (v *verifier) entry(tree objects.ID, name string) (objects.TreeEntry, bool, error) {
	raw, err := of(v.store, objects.Tree, tree)
	if err != nil {
		return objects.TreeEntry{}, false, err
	}
	return objects.FindEntry(raw, name)
}

// oddEntry tells of what stands where a file of the record should.
func (v *verifier) oddEntry(p string, e objects.TreeEntry, tell func(Finding)) {
	switch e.Mode & 0o170000 {
	case objects.ModeSymlink:
		tell(Finding{Kind: "link", Weight: Broken, File: shownPath(p), Message: "this is a link to somewhere else and no file: what it shows is no part of the record",
			Do: "put the file itself back: git log --oneline -- " + shownPath(p)})
	case objects.ModeCommit:
		tell(Finding{Kind: "other-repository", Weight: CannotTell, File: shownPath(p),
			Message: "another git repository stands here; what it holds is no part of this history, and cannot be checked",
			Do:      "see which commit put it there: git log --oneline -- " + shownPath(p)})
	case 0o100000, objects.ModeTree:
		if ext := path.Ext(p); (ext == ".yaml" || ext == seal.Extension) && strings.ContainsFunc(p, func(r rune) bool { return r > unicode.MaxASCII }) {
			tell(Finding{Kind: "look-alike", Weight: Broken, File: shownPath(p),
				Message: "the name of this file holds letters that look like others: sendctl gives no such name",
				Do:      "see who brought it: git log --oneline -- " + path.Dir(p)})
		}
	}
}

// shownPath is a path as a finding may bear it.
func shownPath(p string) string {
	parts := strings.Split(p, "/")
	for i := range parts {
		parts[i] = safeName(parts[i])
	}
	return strings.Join(parts, "/")
}

// readLearner reads one learner's folder and judges all of it that needs no other.
func (v *verifier) readLearner(at named, tell func(Finding)) (*chain, error) {
	id := at.name
	dir := path.Join("learners", id)
	c := &chain{whose: id, byHash: map[string]int{}, changed: map[string]bool{}, files: map[string]objects.ID{}}
	told := func(f Finding) {
		f.Learner = id
		tell(f)
	}
	if err := v.shape(c, at.tree, dir, 0, told); err != nil {
		if fatal(err) {
			return nil, err
		}
		v.tellMissing(err, id, told)
		c.unread = true
		return c, nil
	}
	r, err := v.folder.Load(id)
	var version *recordfile.VersionError
	if errors.As(err, &version) {
		told(Finding{Kind: "other-version", Weight: CannotTell, File: version.File, Message: "this sendctl does not read the format of this file",
			Do: "if its format is newer, update sendctl; if it is older, use the sendctl release that wrote it"})
		return c, nil
	}
	if err != nil {
		if fatal(err) {
			return nil, err
		}
		v.tellMissing(err, id, told)
		c.unread = true
		return c, nil
	}
	seals := map[string][]byte{}
	files := map[string][]byte{}
	var agreed []string // living documents that are as they were agreed
	for name, b := range r.Seals {
		seals[name] = b
	}
	for _, name := range slices.Sorted(maps.Keys(seals)) {
		h := c.add(name, c.files[path.Join(dir, seal.Dir, name)], seals[name])
		if h.unread != nil {
			continue
		}
		p := h.covers(id)
		if b, err := fs.ReadFile(v.fsys, p); err == nil {
			files[h.Sealed(name)] = b
			if !h.Living() {
				v.onDisk(p, b, told)
			} else if h.Covers(b) {
				agreed = append(agreed, p)
			}
		}
	}
	for name, b := range seals {
		v.onDisk(path.Join(dir, seal.Dir, name), b, told)
	}
	v.compareSeals(c, files, seals, told)
	sealedPath := map[string]bool{}
	for i := range c.seals {
		sealedPath[c.seals[i].covers(id)] = true
	}
	v.intake(r.Findings, func(p string) bool { return c.changed[p] }, told)
	for _, b := range r.Beside {
		k, ok := recordfile.KindAt(b.Path)
		if !ok {
			continue
		}
		src, err := fs.ReadFile(v.fsys, b.Path)
		if err != nil {
			continue
		}
		_, faults, err := recordfile.Parse(b.Path, k, src)
		if err == nil {
			v.intake(faults, func(p string) bool { return c.changed[p] }, told)
		}
	}
	v.recordedBy(c, r, told)
	for _, f := range rules.Unsealed(v.folder, r) {
		if c.changed[f.File] {
			continue
		}
		v.hold(Finding{Kind: "unsealed", Weight: Broken, Learner: id, File: f.File, Message: f.Message, Do: f.Hint})
	}
	v.agreedOnDisk(id, agreed, files, told)
	if r.People.Doc != nil {
		c.people = r.People.Value.People
		c.peopleIs = seal.Hash(r.People.Doc.Bytes())
	}
	for _, a := range r.Arrivals {
		c.arrivals = append(c.arrivals, arrived{a.Value.ID, a.Value.People})
	}
	return c, nil
}

// shape walks a learner's trees, notes their files, and tells of what no tree of a
// record holds.
func (v *verifier) shape(c *chain, tree objects.ID, at string, depth int, tell func(Finding)) error {
	list, err := v.listed(tree, at, tell)
	if err != nil {
		return err
	}
	for _, e := range list {
		p := path.Join(at, string(e.Name))
		if strings.Contains(p, "/attachments/") && !e.IsTree() {
			continue
		}
		v.oddEntry(p, e, tell)
		switch {
		case e.IsTree() && depth < 32:
			if err := v.shape(c, e.ID, p, depth+1, tell); err != nil {
				return err
			}
		case !e.IsTree():
			c.files[p] = e.ID
		}
	}
	return nil
}

// compareSeals compares seals with what they seal; the order of the chain is judged
// when all is known.
func (v *verifier) compareSeals(c *chain, files, seals map[string][]byte, tell func(Finding)) {
	dir := ""
	if c.whose != seal.Setting {
		dir = path.Join("learners", c.whose)
	}
	faults := seal.Check(c.whose, files, seals)
	for _, f := range faults {
		if f.Kind == seal.Changed {
			c.changed[path.Join(dir, f.File)] = true
		}
	}
	for _, f := range faults {
		p, at := path.Join(dir, f.File), path.Join(dir, seal.Dir, f.Seal)
		x := Finding{Learner: c.whose, File: p, Weight: Broken}
		if i := slices.IndexFunc(c.seals, func(h held) bool { return h.name == f.Seal }); i >= 0 {
			h := c.seals[i]
			x.Seal, x.Who, x.When = h.hash, h.By, h.Recorded
			if h.unread == nil {
				p = h.covers(c.whose)
				x.File = p
			}
		}
		if c.whose == seal.Setting {
			x.Learner = ""
		}
		switch f.Kind {
		case seal.Gap, seal.Backdated:
			continue
		case seal.Unreadable:
			x.Kind, x.File, x.Message = "seal-unreadable", at, "this seal cannot be read: "+f.Message
			x.Do = "put it back from the history: git log --oneline -- " + at
		case seal.TooNew:
			x.Kind, x.File, x.Weight, x.Message, x.Do = "seal-too-new", at, CannotTell, f.Message, "update sendctl"
		case seal.Misnamed:
			x.Kind, x.File, x.Message = "seal-misnamed", at, f.Message
			x.Do = "see who renamed it: git log --oneline --follow -- " + at
		case seal.Elsewhere:
			if c.changed[p] {
				continue
			}
			x.Kind, x.File, x.Message = "seal-elsewhere", at, f.Message
			x.Do = "see who put it there: git log --oneline -- " + at
		case seal.FileMissing:
			x.Kind, x.Message = "file-gone", f.Message
			x.Do = "put it back: git log --oneline -- " + p + " shows the commit that took it away; git checkout COMMIT~1 -- " + p
			v.hold(x)
			continue
		case seal.Changed:
			x.Kind, x.Message = "file-changed", "this file is not what was sealed"
			v.hold(x)
			continue
		case seal.Double:
			x.Kind, x.File, x.Message = "sealed-twice", at, f.Message
			x.Do = "see which is the later: git log --oneline -- " + at
		}
		tell(x)
	}
}

// hold keeps a finding whose cause the history may tell.
func (v *verifier) hold(f Finding) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.unsealed = append(v.unsealed, f)
}

// recordedBy compares who a file says recorded it with who sealed it.
func (v *verifier) recordedBy(c *chain, r *folder.Record, tell func(Finding)) {
	says := map[string]string{} // by path
	for _, y := range r.Cycles {
		if y.Value.Review != nil {
			says[y.Path] = y.Value.Review.RecordedBy
		}
	}
	for _, x := range r.Corrections {
		says[x.Path] = x.Value.By
	}
	for _, x := range r.Handovers {
		says[x.Path] = x.Value.By
	}
	for i := range c.seals {
		h := &c.seals[i]
		if h.unread != nil {
			continue
		}
		p := h.covers(c.whose)
		by, ok := says[p]
		if !ok || by == h.By || by == "" || c.changed[p] {
			continue
		}
		tell(Finding{Kind: "forged-author", Weight: Broken, File: p, Seal: h.hash, Who: h.By, When: h.Recorded,
			Message: "this says that " + personID(by) + " recorded it, and it was sealed as " + h.By + "'s",
			Do:      "ask both of them; whoever recorded it puts it right with: sendctl correct " + c.whose + " " + h.File})
	}
}

// personID is a person's id as a finding may bear it: what is none may be a name.
func personID(id string) string {
	if id != "" && len(id) <= 32 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
		return id
	}
	return "somebody else"
}

func dayOf(h *held) date.Date { return date.Of(h.Recorded) }
