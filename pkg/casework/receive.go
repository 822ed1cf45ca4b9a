package casework

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Came is a parcel that was opened and judged, before anything is recorded.
type Came struct {
	Parcel string         `json:"parcel"` // hash of its list of files, by which a receipt names it
	Kind   string         `json:"kind"`
	From   learner.Place  `json:"-"`
	Seals  int            `json:"seals"`
	Signed int            `json:"signed"` // of the seals
	Files  int            `json:"files"`
	Proven []string       `json:"proven"`
	Open   []string       `json:"not_proven"` // what nothing here can say
	Told   []string       `json:"told"`       // faults of the other setting's that came along
	Faults []diag.Finding `json:"faults"`     // what is not as it was sealed

	parcel parcel.Parcel
	folder *folder.Folder // the parcel, seen as a record folder
	record *folder.Record

	fingerprints []string // of keys, as their owners told them

	handover learner.Handover // of a handover
	arrival  learner.Arrival  // of a receipt
	seal     []byte           // of that
}

// Learner is whose record came.
func (c Came) Learner() string { return c.parcel.Learner }

// RefusedParcelError says that a parcel is whole and yet is not what it should be.
type RefusedParcelError struct{ Why string }

func (e *RefusedParcelError) Error() string { return "this parcel is refused: " + e.Why }

func refused(format string, args ...any) error {
	return &RefusedParcelError{Why: fmt.Sprintf(format, args...)}
}

// none is a folder with nothing in it.
type none struct{}

func (none) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Judge opens a parcel of a handover or of a receipt as the folder it is laid out as,
// and says what is and is not proven of it. What makes it unfit to be taken in at all
// is a *RefusedParcelError, or says what of its files cannot be read. told are
// fingerprints of keys ("SHA256:…") that their owners told, by another way.
func Judge(p parcel.Parcel, told ...string) (Came, error) {
	c := Came{Parcel: seal.Hash(p.Manifest()), Kind: p.Kind, Files: len(p.Files), parcel: p, fingerprints: told}
	switch p.Kind {
	case ParcelHandover, ParcelReceipt:
	case "proof":
		return c, refused("it is a proof, which is looked at with: sendctl audit check FILE")
	default:
		return c, refused("it is of a kind that this sendctl does not take in (%s)", p.Kind)
	}
	if !ids.ValidLearner(p.Learner) {
		return c, refused("it does not say whose record it is")
	}
	var laid []store.Change
	for _, f := range p.Files {
		if !belongs(f.Path, p.Learner) {
			return c, refused("it holds a file that has no place in the record of one learner: %s", f.Path)
		}
		laid = append(laid, store.Change{Path: f.Path, New: f.Bytes})
	}
	var err error
	if c.folder, err = folder.Open(overlay{none{}, laid}); err != nil {
		return c, err
	}
	if err := usable(c.folder.Findings); err != nil {
		return c, err
	}
	if c.record, err = c.folder.Load(p.Learner); err != nil {
		return c, err
	}
	is := c.folder.Setting.Value
	c.From = learner.Place{Name: is.Name, LA: is.LA, Estab: is.Estab, URN: is.URN}
	if day := is.Demonstration; (day != nil) == p.Demonstration.IsZero() || day != nil && day.Today != p.Demonstration {
		return c, refused("it says in one place that it is of a demonstration, and in another that it is not")
	}
	if err := c.seals(); err != nil {
		return c, err
	}
	if p.Kind == ParcelReceipt {
		return c, c.judgeReceipt()
	}
	return c, c.judgeHandover()
}

// belongs reports whether a parcel of a learner may hold a file at a path.
func belongs(p, id string) bool {
	dir, name := path.Split(p)
	switch {
	case p == "sendctl.yaml", p == "people.yaml", p == "pathway.yaml":
		return true
	case dir == "keys/":
		return path.Ext(name) == ".yaml"
	case dir == "seals/":
		return path.Ext(name) == seal.Extension
	}
	rest, ok := strings.CutPrefix(p, "learners/"+id+"/")
	if !ok {
		return false
	}
	first, _, deeper := strings.Cut(rest, "/")
	if deeper && first == "attachments" {
		return true
	}
	if _, known := recordfile.KindAt(p); known {
		return true
	}
	return dir == "learners/"+id+"/seals/" && path.Ext(name) == seal.Extension
}

// seals reads every seal: whose it is, and whether it is of a demonstration.
func (c *Came) seals() error {
	for name, b := range c.record.Seals {
		s, err := seal.Parse(b)
		if err != nil {
			return refused("the seal %s is none: %v", name, err)
		}
		if s.Learner != c.parcel.Learner {
			return refused("the seal %s is of another learner's record", name)
		}
		if s.Demonstration.IsZero() != c.parcel.Demonstration.IsZero() {
			return refused("the seal %s was made in a demonstration, or the parcel was, and not both", name)
		}
		c.Seals++
		if s.Signature != nil {
			c.Signed++
		}
	}
	return nil
}

func (c *Came) judgeHandover() error {
	h, _, ok := report.HandedOver(c.record)
	if !ok {
		return refused("it holds no handover that passes the record on")
	}
	s, at, ok := sealFor(c.record, h.ID)
	if !ok {
		return refused("its handover %s is not sealed", h.ID)
	}
	c.handover, c.seal = h, c.record.Seals[path.Base(at)]
	if b, _ := c.parcel.File(handoverPath(c.record, h.ID)); !s.Covers(b) {
		return refused("its handover %s is not as it was sealed", h.ID)
	}
	if !c.parcel.Made.Equal(s.Recorded) || c.parcel.By != s.By || c.parcel.By != h.By {
		return refused("who passed the record on, and when, is not the same in the parcel and in the handover that it holds")
	}
	c.proven("The parcel is whole: every one of its %s is as it was packed on %s.", report.Plural(c.Files, "file", "files"), date.Of(s.Recorded).Long())
	if err := c.signature(s.By); err != nil {
		return err
	}
	c.Faults = usableErrors(rules.Unsound(c.folder, c.record))
	if f, ok := c.peopleFault(); ok {
		c.Faults = append(c.Faults, f)
	}
	for _, f := range c.parcel.Files {
		// A file that two programs read in two ways, or none at all, would make this trail a broken one.
		if _, known := recordfile.KindAt(f.Path); known {
			_, faults := yamldoc.Parse(f.Path, f.Bytes)
			c.Faults = append(c.Faults, usableErrors(faults)...)
		}
	}
	if tips := seal.Tips(c.record.Seals); !slices.Contains(tips, seal.Hash(c.seal)) {
		c.Faults = append(c.Faults, diag.Finding{Rule: "sealed", Severity: diag.Error, File: at, Message: "something was sealed after the handover that the parcel is of"})
	}
	if len(c.Faults) == 0 {
		c.proven("The record is as it was sealed: %s, each with its file, in one chain from the first to the handover of %s.", report.Plural(c.Seals, "seal", "seals"), h.Date.Long())
	}
	for _, f := range usableErrors(rules.Learner(c.folder, c.record)) {
		if !slices.ContainsFunc(c.Faults, func(x diag.Finding) bool { return x.File == f.File && x.Message == f.Message }) {
			c.Told = append(c.Told, f.File+": "+f.Message)
		}
	}
	if h.Anyway != "" {
		c.Told = append(c.Told, "They passed it on although not all of it was as it was sealed, and say why: "+report.Quoted(string(h.Anyway)))
	}
	c.keys()
	switch {
	case c.Signed == c.Seals:
	case c.Signed == 0:
		c.open("No seal is signed: that these are the people who recorded it rests on what the parcel says.")
	default:
		c.open("%d of the %d seals are signed; who made the others rests on what the parcel says.", c.Signed, c.Seals)
	}
	c.open("The parcel holds the record as it was on the day it was packed. How the files that go on changing came to be so is in the other setting's history, which does not travel.")
	return nil
}

// signature judges who packed the parcel. One that does not hold, or is somebody
// else's, refuses it.
func (c *Came) signature(by string) error {
	who, _ := c.folder.PersonIn(c.record, by)
	name := by
	if who.Name != "" {
		name = oneLineOf(who.Name)
	}
	key, err := c.parcel.SignedBy()
	if err != nil && len(c.fingerprints) > 0 {
		return refused("it is not signed, and you were told of a key that signs it")
	}
	if err != nil {
		c.open("The parcel is not signed: that it comes from %s (%s) rests on how it reached you.", name, oneLineOf(c.From.Name))
		return nil
	}
	if err := c.parcel.Verify(key); err != nil {
		return refused("its signature does not hold: %v", err)
	}
	print := seal.Fingerprint(key)
	sure := slices.Contains(c.fingerprints, print)
	if len(c.fingerprints) > 0 && !sure {
		return refused("it is signed with the key %s, which is none of those you were told of", print)
	}
	day := date.Of(c.parcel.Made)
	if !slices.ContainsFunc(who.Keys, func(k learner.Key) bool { return seal.SameKey(k.Public, key) && k.CountsOn(day) }) {
		if len(who.Keys) > 0 {
			return refused("it is signed with a key that is not %s's on that day", by)
		}
		if sure {
			c.proven("The parcel is signed with the key that you were told of: %s.", print)
			return nil
		}
		c.open("The parcel is signed with the key %s, and does not say whose that is.", print)
		return nil
	}
	c.proven("The parcel is signed with the key that it names as %s's: %s.", name, print)
	if sure {
		c.proven("That key is the one that you were told of.")
		return nil
	}
	c.open("That this key is %s's is what the parcel says. Ask them for its fingerprint by another way.", name)
	return nil
}

// keys says which of the keys that came along are vouched for by a sealed record.
func (c *Came) keys() {
	vouched, bare := 0, 0
	for _, p := range c.folder.People.Value.People {
		for _, k := range p.Keys {
			if c.vouched(p.ID, k) {
				vouched++
			} else {
				bare++
			}
		}
	}
	if vouched > 0 {
		c.proven("%s came with a sealed record of who let it count.", report.Plural(vouched, "key", "keys"))
	}
	if bare > 0 {
		c.open("%s came without such a record: the first ones of a setting have none.", report.Plural(bare, "key", "keys"))
	}
}

func (c *Came) vouched(person string, k learner.Key) bool {
	for _, rec := range c.folder.Keys {
		if rec.Doc == nil || rec.Value.What != "add" || rec.Value.Person != person || !seal.SameKey(rec.Value.Public, k.Public) {
			continue
		}
		for name, b := range c.folder.Seals {
			s, err := seal.Parse(b)
			if err != nil || s.Learner != seal.Setting || s.File != rec.Value.ID || s.Sealed(name) != rec.Path || !s.Covers(rec.Doc.Bytes()) {
				continue
			}
			who, _ := c.folder.Person(s.By)
			for _, by := range who.Keys {
				if seal.Verify(s, by.Public) == nil && by.CountsOn(date.Of(s.Recorded)) {
					return true
				}
			}
		}
	}
	return false
}

// peopleFault holds the adults who came with the record before to the latest arrival
// that says who they were.
func (c *Came) peopleFault() (f diag.Finding, bad bool) {
	last, ok := lastArrival(c.record)
	if !ok || last.People == peopleHash(c.record) {
		return f, false
	}
	return diag.Finding{Rule: "sealed", Severity: diag.Error, File: path.Join(c.record.Dir, "people.yaml"),
		Message: "the adults who came with the record are not those that the arrival " + last.ID + " names"}, true
}

func lastArrival(r *folder.Record) (last learner.Arrival, ok bool) {
	all := report.Arrivals(r)
	if len(all) == 0 {
		return last, false
	}
	return all[len(all)-1], true
}

// peopleHash is the hash of the file with the adults who came with a record, and of
// nothing where none did.
func peopleHash(r *folder.Record) string {
	if r.People.Doc == nil {
		return seal.Hash(nil)
	}
	return seal.Hash(r.People.Doc.Bytes())
}

func (c *Came) proven(format string, args ...any) {
	c.Proven = append(c.Proven, fmt.Sprintf(format, args...))
}

func (c *Came) open(format string, args ...any) {
	c.Open = append(c.Open, fmt.Sprintf(format, args...))
}

// Taking says how a parcel is taken in.
type Taking struct {
	Date   date.Date
	Again  learner.Words // why a record that was removed here is taken in again
	Anyway learner.Words // why one is taken in of which not all is as it was sealed
}

// HereError says that a parcel was taken in already, by which arrival or as which receipt.
type HereError struct{ Learner, File string }

func (e *HereError) Error() string {
	return fmt.Sprintf("this parcel is taken in already: %s of %s", e.File, e.Learner)
}

// sameWorld keeps what is made up and what is real apart.
func (c Came) sameWorld(f *folder.Folder) error {
	switch {
	case f.Setting.Value.Demonstration == nil && !c.parcel.Demonstration.IsZero():
		return refused("it comes out of a demonstration, and this is a real record folder")
	case f.Setting.Value.Demonstration != nil && c.parcel.Demonstration.IsZero():
		return refused("it is of a real child, and this is a demonstration")
	}
	return nil
}

// Receive takes in a record that another setting passed on, as one act. What was
// taken in before is a *HereError.
func (d *Desk) Receive(ctx context.Context, c Came, t Taking) (Done, error) {
	id := c.Learner()
	if len(c.Faults) > 0 && t.Anyway == "" {
		return Done{}, &recordfile.FaultsError{Findings: c.Faults}
	}
	return d.do(ctx, "receive", id, func(a *act) error {
		if err := c.sameWorld(a.Folder); err != nil {
			return err
		}
		// Faults of the other setting's came with its record; of what is sealed they have
		// been judged, and anything else may be put right here.
		a.came = func(f diag.Finding) bool { return f.Rule != "sealed" || t.Anyway != "" }
		if a.Record != nil {
			for _, x := range a.Record.Arrivals {
				if x.Doc != nil && x.Value.Parcel == c.Parcel {
					return &HereError{Learner: id, File: x.Value.ID}
				}
			}
			if err := a.goesOn(ctx, c); err != nil {
				return err
			}
		}
		because, err := a.afterRemoval(c, t)
		if err != nil {
			return err
		}
		if t.Date.Before(c.handover.Date) {
			return state("it was passed on on %s and cannot have come before that", c.handover.Date.Long())
		}
		if err := a.lay(c); err != nil {
			return err
		}
		me, err := a.me()
		if err != nil {
			return err
		}
		if len(c.Faults) > 0 {
			because = append(because, t.Anyway)
		}
		return a.arrive(c, me.ID, t.Date, because)
	})
}

// afterRemoval refuses what was removed here for good, unless somebody says why it is
// taken in again.
func (a *act) afterRemoval(c Came, t Taking) (because []learner.Words, err error) {
	came := map[string]bool{}
	for _, b := range c.record.Seals {
		came[seal.Hash(b)] = true
	}
	for _, x := range a.Folder.Removals {
		v := x.Value
		if v.Learner != c.Learner() || v.What != "learner" && !slices.ContainsFunc(v.Seals, func(h string) bool { return came[h] }) {
			continue
		}
		switch {
		case v.What != "learner": // every copy of this folder would refuse it for ever
			return nil, refused("it holds a file that was removed here for good on %s (removal %s); ask for the record without it", v.Date.Long(), v.ID)
		case t.Again == "":
			return nil, state("this record was removed here for good on %s (removal %s); to take it in all the same, say why: --again WORDS", v.Date.Long(), v.ID)
		case t.Date.Before(v.Date):
			return nil, state("it was removed here on %s and cannot have come again before that", v.Date.Long())
		}
		because = []learner.Words{t.Again}
	}
	return because, nil
}

// goesOn refuses a record that is here already, unless what is here is how it was when
// it was passed on, and the parcel only goes on from there.
func (a *act) goesOn(ctx context.Context, c Came) error {
	r := a.Record
	differs := func(p string) error {
		return refused("a record with the id %s is here already, and the two are not one: %s differs. Look which is right; a copy that was handed over and is not needed is removed with: sendctl purge %s", r.ID, p, r.ID)
	}
	// Since when it may not have changed here: since it went, or since it came.
	h, _, gone := report.HandedOver(r)
	if gone && c.handover.ID == h.ID {
		return refused("it was made here, by the handover of %s, and is for %s", h.Date.Long(), oneLineOf(h.To.Name))
	}
	since, file, handover := h.Date, handoverPath(r, h.ID), h.ID
	if !gone {
		last, ok := lastArrival(r)
		if !ok {
			return refused("a record with the id %s is here already, and was never handed over from here", r.ID)
		}
		since, handover = last.Date, last.Handover
		for _, x := range r.Arrivals {
			if x.Value.ID == last.ID {
				file = x.Path
			}
		}
	}
	if mine := r.Seals[path.Base(sealPath(r, handover))]; mine == nil || !bytes.Equal(mine, c.record.Seals[path.Base(sealPath(r, handover))]) {
		return refused("a record with the id %s is here already, and the parcel does not go on from how it was on %s", r.ID, since.Long())
	}
	after := map[string]bool{} // what only this side has: its receipts, and that it came
	for name, b := range r.Seals {
		s, err := seal.Parse(b)
		if err != nil {
			return differs(path.Join(r.Dir, "seals", name))
		}
		p := path.Join(r.Dir, s.Sealed(name))
		if k, _ := recordfile.KindAt(p); k == recordfile.Receipt || p == file && !gone {
			after[p], after[path.Join(r.Dir, "seals", name)] = true, true
		}
	}
	changed, err := a.desk.changedSince(ctx, r, file)
	if err != nil {
		return err
	}
	for _, p := range changed {
		if !after[p] {
			return refused("a record with the id %s is here already, and has changed here since %s: %s. What is only here would be lost; look at it, and if it is not needed remove the copy here: sendctl purge %s", r.ID, since.Long(), p, r.ID)
		}
	}
	for _, p := range r.Files {
		if after[p] {
			continue
		}
		mine, err := a.current(p)
		if err != nil {
			return err
		}
		theirs, there := c.parcel.File(p)
		if there && onlyAdded(p, mine, theirs) != nil {
			return differs(p) // entries of the contact log are only ever added, wherever
		}
		if sealedHere := path.Ext(p) == seal.Extension || a.sealedHere(p); sealedHere && (!there || !bytes.Equal(mine, theirs)) {
			return differs(p)
		}
	}
	for _, at := range r.Attachments { // what cites one by its hash would find other bytes
		p := path.Join(r.Dir, at)
		mine, err := a.lies(p)
		if err != nil {
			return err
		}
		if theirs, there := c.parcel.File(p); there && !bytes.Equal(mine, theirs) {
			return differs(p)
		}
	}
	return nil
}

func sealPath(r *folder.Record, file string) string {
	_, at, _ := sealFor(r, file)
	return at
}

// sealedHere reports whether a seal for good covers the file at p.
func (a *act) sealedHere(p string) bool {
	for name, b := range a.Record.Seals {
		if s, err := seal.Parse(b); err == nil && !s.Living() && path.Join(a.Record.Dir, s.Sealed(name)) == p {
			return true
		}
	}
	return false
}

// lay puts the files of the record into the act, and the adults who came with it.
func (a *act) lay(c Came) error {
	dir := "learners/" + c.Learner()
	people := dir + "/people.yaml"
	for _, f := range c.parcel.Files {
		if !strings.HasPrefix(f.Path, dir+"/") || f.Path == people {
			continue
		}
		old, err := a.lies(f.Path)
		if err != nil {
			return err
		}
		if old != nil && bytes.Equal(old, f.Bytes) {
			continue
		}
		a.put(store.Change{Path: f.Path, Old: old, New: f.Bytes})
	}
	came, err := a.adultsOf(c)
	if err != nil {
		return err
	}
	old, err := a.lies(people)
	if err != nil {
		return err
	}
	var next []byte
	if len(came) > 0 {
		if next, err = recordfile.Bytes(people, recordfile.People, learner.People{Format: recordfile.People.Format(), People: came}); err != nil {
			return err
		}
	}
	if !equal(old, next) {
		a.put(store.Change{Path: people, Old: old, New: next})
	}
	return nil
}

// lies gives the bytes of any file of the record, an attachment too; nil for none.
func (a *act) lies(p string) ([]byte, error) {
	if strings.Contains(p, "/attachments/") {
		b, err := fs.ReadFile(a.Folder.FS(), p)
		if err == nil || !isNotExist(err) {
			return b, err
		}
		return nil, nil
	}
	return a.current(p)
}

// adultsOf are the adults of other settings whom the record names: those who came with
// it and those who are here from earlier; without those who are known here as the very
// same. One id never means two people.
func (a *act) adultsOf(c Came) ([]learner.Person, error) {
	byID := map[string]learner.Person{}
	add := func(list []learner.Person) error {
		for _, p := range list {
			if had, ok := byID[p.ID]; ok && !samePerson(had, p) && !samePersonLess(had, p) {
				return refused("the id %s means two people in this record", p.ID)
			}
			if _, ok := byID[p.ID]; !ok {
				byID[p.ID] = p
			}
		}
		return nil
	}
	// What the parcel says of those who came to it before goes before its own roster.
	if err := add(c.record.People.Value.People); err != nil {
		return nil, err
	}
	for _, p := range c.folder.People.Value.People {
		if _, came := byID[p.ID]; !came { // in that record the id means whoever came
			byID[p.ID] = p
		}
	}
	if a.Record != nil {
		if err := add(a.Record.People.Value.People); err != nil {
			return nil, err
		}
	}
	var out []learner.Person
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		p := byID[id]
		if own, ok := a.Folder.Person(id); ok && samePersonLess(own, p) {
			continue
		}
		out = append(out, p)
	}
	return out, nil
}

// samePersonLess reports whether p is the person that own is, as somebody knew them
// when they had fewer keys.
func samePersonLess(own, p learner.Person) bool {
	return own.ID == p.ID && own.Email != "" && strings.EqualFold(own.Email, p.Email) && keysWithin(p.Keys, own.Keys)
}

// arrive writes and seals the arrival.
func (a *act) arrive(c Came, by string, on date.Date, because []learner.Words) error {
	taken := map[string]bool{}
	for _, f := range c.record.Files {
		name := strings.TrimSuffix(path.Base(f), path.Ext(f))
		for word := range strings.SplitSeq(name, "-") {
			taken[word] = true
		}
	}
	if a.Record != nil {
		maps.Copy(taken, a.taken())
	}
	for _, e := range c.record.Contacts.Value.Contacts {
		taken[e.ID] = true
	}
	file, err := a.desk.newFileID(taken)
	if err != nil {
		return err
	}
	people := seal.Hash(nil)
	at := "learners/" + c.Learner() + "/people.yaml"
	if b := a.bytesOf(at); b != nil {
		people = seal.Hash(b)
	} else if a.Record != nil && !a.takesAway(at) {
		people = peopleHash(a.Record)
	}
	v := learner.Arrival{Format: recordfile.Arrival.Format(), Learner: c.Learner(), ID: file, Date: on, From: c.From, Handover: c.handover.ID,
		Parcel: c.Parcel, People: people, Seals: learner.Number(strconv.Itoa(c.Seals)), By: by}
	var words []string
	for _, w := range because {
		words = append(words, string(w))
	}
	v.Because = learner.Words(strings.Join(words, "\n"))
	a.date, a.stage = on, c.record.Learner.Value.Stage
	p := path.Join("learners", c.Learner(), "arrivals", on.String()+"-"+file+".yaml")
	if err := a.make(p, recordfile.Arrival, v); err != nil {
		return err
	}
	a.seal(file, p, "receive", on)
	return nil
}

// takesAway reports whether the act removes the file at p.
func (a *act) takesAway(p string) bool {
	return slices.ContainsFunc(a.changes, func(c store.Change) bool { return c.Path == p && c.New == nil })
}
