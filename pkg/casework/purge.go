package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// RemovalNamespace is the SSH signature namespace of a second person's approval.
const RemovalNamespace = "sendctl-removal"

// Purge asks for a learner, or one file of theirs, to be taken out of the whole history.
type Purge struct {
	Learner  string
	File     string // an id, or a path in the learner's folder; "" for everything
	Because  learner.Words
	With     string // the second person
	Approval []byte // their SSH signature over Purging.Text; nil for none
}

// Purging is a removal worked out, before anything is changed.
type Purging struct {
	Purge
	What     string            // learner or file
	IDs      []string          // of the files that go, where not everything does
	Seals    []string          // hashes of the seals that go, in the order of their chain
	Paths    []string          // that go, in the learner's folder, in every version
	Versions int               // of those files
	History  *trail.Rewriting  // what becomes of branches and tags
	Shared   []string          // paths of files whose very bytes lie elsewhere too, and stay there
	Dangling []diag.Finding    // what the record will hold that it does not hold now
	Receipt  string            // hash of the receipt of the school that has the record now
	Keep     *report.Retention // until when it is to be kept; nil where nobody can say
	Text     string            // what the second person approves
	Signed   bool              // an approval is demanded
	Remotes  []trail.Remote

	cut cut
}

// Approval faults are refusals that a person can put right: exit as missing answers do.
type ApprovalError struct{ Message string }

func (e *ApprovalError) Error() string { return e.Message }

// everythingOf is the cut of a whole learner.
func everythingOf(id string) cut { return cut{Learner: id} }

// PlanPurge works out a removal and refuses what must not be removed, or not here and
// now. It changes nothing.
func (d *Desk) PlanPurge(ctx context.Context, f *folder.Folder, ask Purge) (*Purging, error) {
	p := &Purging{Purge: ask, What: "learner"}
	if err := p.people(d, f); err != nil {
		return nil, err
	}
	r, err := d.lastOf(ctx, f, ask.Learner)
	if err != nil {
		return nil, err
	}
	today := date.Of(d.Now())
	if err := p.mayGo(f, r, today); err != nil {
		return nil, err
	}
	if err := d.Repo.Rewritable(ctx); err != nil {
		return nil, err
	}
	if p.Remotes, err = d.Repo.Remotes(ctx); err != nil {
		return nil, err
	}
	all, err := d.Repo.Rewrite(ctx, everythingOf(ask.Learner))
	if err != nil {
		return nil, err
	}
	if len(all.Blobs) == 0 {
		return nil, &folder.NoLearnerError{Typed: ask.Learner}
	}
	if p.cut, err = d.cutFor(all, ask); err != nil {
		return nil, err
	}
	p.History = all
	if !p.cut.whole() {
		p.What, p.IDs = "file", p.cut.Files
		if p.History, err = d.Repo.Rewrite(ctx, p.cut); err != nil {
			return nil, err
		}
	}
	if p.History.Stash {
		return nil, &trail.RefusedError{What: "something put away with git stash holds it", Why: "`git stash list` shows what there is; take it out with `git stash pop`, or `git stash drop` it"}
	}
	if _, others, err := d.Repo.Matching(ctx, p.cut); err != nil {
		return nil, err
	} else if others = slices.DeleteFunc(others, left); len(others) > 0 {
		return nil, state("%s is not recorded, and would be left lying; record it or remove it first", strings.Join(others, ", "))
	}
	if err := d.tell(p); err != nil {
		return nil, err
	}
	if r != nil && p.What == "file" {
		if p.Dangling, err = d.dangling(f, r, p); err != nil {
			return nil, err
		}
	}
	p.Text = p.approvalText()
	return p, nil
}

// left reports whether a file is one that sendctl or the system leaves lying.
func left(p string) bool {
	name := path.Base(p)
	return strings.HasPrefix(name, ".sendctl-") || name == ".DS_Store"
}

// people checks who decides: whoever acts, and another.
func (p *Purging) people(d *Desk, f *folder.Folder) error {
	me, err := d.Me(f)
	if err != nil {
		return err
	}
	second, ok := f.Person(p.With)
	switch {
	case p.With == "":
		return &ApprovalError{"a removal is decided by two people; name the second: --with PERSON"}
	case !ok:
		return &UnknownWordError{What: "person of people.yaml", Typed: p.With, Known: peopleIDs(f), Flag: "--with"}
	case second.ID == me.ID || second.Email != "" && strings.EqualFold(second.Email, me.Email):
		return &ApprovalError{"the second person must be another than you, " + me.ID}
	}
	return nil
}

func peopleIDs(f *folder.Folder) []string {
	var out []string
	for _, p := range f.People.Value.People {
		out = append(out, p.ID)
	}
	return out
}

// lastOf loads a learner as the folder has it, or as it was last in the history where
// the folder has it no longer; nil where no version can be read.
func (d *Desk) lastOf(ctx context.Context, f *folder.Folder, id string) (*folder.Record, error) {
	r, err := f.Load(id)
	var none *folder.NoLearnerError
	if err == nil || !errors.As(err, &none) {
		return r, err
	}
	dir := path.Join("learners", id)
	for e, err := range d.Repo.History(ctx, dir) {
		if err != nil {
			return nil, err
		}
		fsys, err := d.Repo.CommitFS(e.ID)
		if err != nil {
			return nil, err
		}
		if _, err := fs.Stat(fsys, path.Join(dir, "learner.yaml")); err != nil {
			continue // this one took it away
		}
		then, err := folder.Open(fsys)
		if err != nil {
			return nil, nil
		}
		r, err := then.Load(id)
		if err != nil {
			return nil, nil
		}
		return r, nil
	}
	return nil, nil
}

// mayGo refuses what a hold keeps, a reason that names the child, and an approval that
// must be there before.
func (p *Purging) mayGo(f *folder.Folder, r *folder.Record, today date.Date) error {
	if strings.TrimSpace(string(p.Because)) == "" {
		return &ApprovalError{"a removal needs a reason: --because WORDS"}
	}
	if r == nil {
		return nil
	}
	if holds := report.HeldOn(r, today); len(holds) > 0 {
		return state("%s is held since %s, so nothing of it is removed; sendctl show %s says why, and whoever held it can release it: sendctl retention release %s", p.Learner, holds[0].From.Long(), p.Learner, p.Learner)
	}
	if namesFamily(r.Identity.Value, string(p.Because)) {
		return state("the reason names the child or somebody of the family, and stays for ever; say it without a name")
	}
	keep := report.RetentionOf(f, r, today)
	p.Keep = &keep
	if _, receipt, ok := report.HandedOver(r); ok && receipt != nil {
		for _, file := range r.Receipts {
			if file.Doc != nil && file.Value.ID == receipt.ID {
				p.Receipt = seal.Hash(file.Doc.Bytes())
			}
		}
	}
	return nil
}

// namesFamily reports whether a text names the child or somebody of the family, in
// whatever case; a name of one or two letters only as it is written.
func namesFamily(who learner.Identity, text string) bool {
	words := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \t\r\n.,;:!?()[]\"'’“”/", c) })
	named := func(name learner.Words, but ...string) bool {
		for _, part := range strings.Fields(string(name)) {
			part = strings.Trim(part, ".,")
			short := utf8.RuneCountInString(part) <= 2 // a word as well as a name: Al, Jo, Ed
			if part == "" || part == "I" || part == "A" || slices.ContainsFunc(but, func(b string) bool { return strings.EqualFold(b, part) }) {
				continue
			}
			if slices.ContainsFunc(words, func(w string) bool { return w == part || !short && strings.EqualFold(w, part) }) {
				return true
			}
		}
		return false
	}
	for _, m := range who.Family {
		// Some are called what they are to the child.
		if named(m.Name, m.ID, "mum", "mummy", "dad", "daddy", "mother", "father", "gran", "granny", "nan", "grandad", "aunt", "uncle", "carer", "mr", "mrs", "ms", "miss", "dr") {
			return true
		}
	}
	return named(who.Name) || named(who.LegalName.Given) || named(who.LegalName.Family)
}

// cutFor turns what was typed into what goes, with all that follows on it: its seals,
// its corrections, what is named for it and what a merge put beside it.
func (d *Desk) cutFor(all *trail.Rewriting, ask Purge) (cut, error) {
	c := everythingOf(ask.Learner)
	if ask.File == "" {
		return c, nil
	}
	store, err := d.Repo.Objects()
	if err != nil {
		return c, err
	}
	files := map[string][]objects.ID{} // by path in the learner's folder: every version
	for _, b := range all.Blobs {
		if p, ok := c.below(b.Path); ok {
			files[p] = append(files[p], b.ID)
		}
	}
	typed := strings.TrimPrefix(path.Clean(strings.ReplaceAll(ask.File, `\`, "/")), "learners/"+ask.Learner+"/")
	known := map[string]bool{}
	living := "" // the file of which the typed id is an agreed version
	for p, versions := range files {
		for _, id := range idsIn(p) {
			known[id] = true
		}
		if s, ok := sealAt(store, p, versions); ok && s.Living() && s.File == typed {
			living = s.Path
		}
	}
	switch own := idsIn(typed); {
	case living != "":
		return c, state("%s is one agreed version of %s, which is one file; to remove that file with all its versions: sendctl purge %s %s", typed, living, ask.Learner, living)
	case ids.ValidFile(typed) && known[typed]:
		c.Files = []string{typed}
	case len(files[typed]) > 0 && len(own) > 0:
		c.Files = own[len(own)-1:]
	case slices.Contains([]string{"identity.yaml", "learner.yaml", "people.yaml"}, typed):
		return c, state("%s is what everything else of the learner rests on, so it goes only with all of it: sendctl purge %s; a value in it is changed with sendctl edit, and stays in the history", typed, ask.Learner)
	case len(files[typed]) > 0:
		c.Paths = []string{typed}
		if strings.HasPrefix(typed, "attachments/") {
			c.Blobs = slices.Clone(files[typed])
		}
	default:
		var list []string
		for id := range known {
			list = append(list, id)
		}
		slices.Sort(list)
		return c, &UnknownWordError{What: "file of " + ask.Learner, Typed: ask.File, Known: list, Flag: "FILE"}
	}
	for more := true; more; {
		more = false
		add := func(list *[]string, v string) {
			if !slices.Contains(*list, v) {
				*list, more = append(*list, v), true
			}
		}
		for p, versions := range files {
			if s, ok := sealAt(store, p, versions); ok && slices.Contains(c.Paths, s.Path) {
				add(&c.Paths, p)
				add(&c.Files, s.File)
			}
			if k, _ := recordfile.KindAt("learners/" + ask.Learner + "/" + p); k == recordfile.Correction {
				for _, id := range versions {
					src, err := store.Of(objects.Blob, id)
					if err != nil {
						return c, err
					}
					x, _, err := recordfile.Read[learner.Correction](p, recordfile.Correction, src)
					if own := idsIn(p); err == nil && len(own) > 0 && slices.Contains(c.Files, x.Value.Corrects) {
						add(&c.Files, own[len(own)-1])
					}
				}
			}
			if found := idsIn(p); path.Ext(p) != seal.Extension && c.takes(p, objects.ID{}) && len(found) > 0 {
				add(&c.Files, found[len(found)-1])
			}
		}
	}
	slices.Sort(c.Files)
	slices.Sort(c.Paths)
	return c, nil
}

// sealAt reads the first version of a file that is a seal.
func sealAt(store *objects.Store, p string, versions []objects.ID) (seal.Seal, bool) {
	if path.Ext(p) != seal.Extension {
		return seal.Seal{}, false
	}
	for _, id := range versions {
		if b, err := store.Of(objects.Blob, id); err == nil {
			if s, err := seal.Parse(b); err == nil {
				return s, true
			}
		}
	}
	return seal.Seal{}, false
}

// tell counts what goes, and reads the seals among it.
func (d *Desk) tell(p *Purging) error {
	store, err := d.Repo.Objects()
	if err != nil {
		return err
	}
	type sealed struct {
		hash string
		is   seal.Seal
	}
	var seals []sealed
	for _, b := range p.History.Blobs {
		at, ok := p.cut.below(b.Path)
		if !ok {
			at = b.Path
		}
		if !slices.Contains(p.Paths, at) {
			p.Paths = append(p.Paths, at)
		}
		if path.Ext(at) != seal.Extension {
			p.Versions++
			continue
		}
		src, err := store.Of(objects.Blob, b.ID)
		if err != nil {
			return err
		}
		s, _ := seal.Parse(src) // one that cannot be read goes too, and is counted
		hash := seal.Hash(src)
		if !slices.ContainsFunc(seals, func(o sealed) bool { return o.hash == hash }) {
			seals = append(seals, sealed{hash, s})
		}
	}
	for _, b := range p.History.Shared {
		p.Shared = append(p.Shared, b.Path)
	}
	slices.SortFunc(seals, func(a, b sealed) int {
		if c := a.is.Recorded.Compare(b.is.Recorded); c != 0 {
			return c
		}
		return strings.Compare(a.hash, b.hash)
	})
	// By the clock they are nearly in order; the chain itself has the last word.
	for len(seals) > 0 {
		at := slices.IndexFunc(seals, func(s sealed) bool {
			return !slices.ContainsFunc(seals, func(o sealed) bool { return slices.Contains(s.is.Previous, o.hash) })
		})
		at = max(at, 0)
		p.Seals = append(p.Seals, seals[at].hash)
		seals = slices.Delete(seals, at, at+1)
	}
	return nil
}

// dangling finds what the record will hold once the files are gone that it does not
// hold now: whatever names them.
func (d *Desk) dangling(f *folder.Folder, r *folder.Record, p *Purging) ([]diag.Finding, error) {
	var changes []store.Change
	for _, name := range r.Files {
		if at, ok := p.cut.below(name); ok && p.cut.takes(at, objects.ID{}) {
			changes = append(changes, store.Change{Path: name})
		}
	}
	for _, at := range r.Attachments {
		if p.cut.takes(at, objects.ID{}) {
			changes = append(changes, store.Change{Path: path.Join(r.Dir, at)})
		}
	}
	rec := p.removal(date.Of(d.Now()), "zzzz", "somebody")
	b, err := recordfile.Bytes("removals/"+rec.Date.String()+"-zzzz.yaml", recordfile.Removal, rec)
	if err != nil {
		return nil, err
	}
	changes = append(changes, store.Change{Path: "removals/" + rec.Date.String() + "-zzzz.yaml", New: b})
	after, err := folder.Open(overlay{d.Store.FS(), changes})
	if err != nil {
		return nil, err
	}
	then, err := after.Load(r.ID)
	if err != nil {
		return nil, err
	}
	had := map[string]bool{}
	key := func(x diag.Finding) string { return x.Rule + "\x00" + x.File + "\x00" + x.Path + "\x00" + x.Message }
	for _, x := range rules.Every(f, r) {
		had[key(x)] = true
	}
	var out []diag.Finding
	for _, x := range rules.Every(after, then) {
		if !had[key(x)] {
			if strings.HasPrefix(x.Hint, "removals/") {
				x.Hint = "the removal record says why"
			}
			out = append(out, x)
		}
	}
	return out, nil
}

// removal is the record that stays.
func (p *Purging) removal(on date.Date, id, by string) learner.Removal {
	return learner.Removal{
		Format: recordfile.Removal.Format(), ID: id, Date: on, Learner: p.Learner, What: p.What, Files: p.IDs,
		Seals: p.Seals, Receipt: p.Receipt, Because: p.Because, By: by, With: p.With,
	}
}

// approvalText is what the second person signs. It names no day and no commit, so
// that the approval holds tomorrow, and everything that it is for.
func (p *Purging) approvalText() string {
	var b strings.Builder
	line := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	line("format", "sendctl-removal/1")
	line("learner", p.Learner)
	line("what", p.What)
	for _, id := range p.IDs {
		line("file", id)
	}
	for _, at := range p.cut.Paths {
		line("path", at)
	}
	line("seals", fmt.Sprint(len(p.Seals)))
	for _, h := range p.Seals {
		line("seal", h)
	}
	line("because", strings.Join(strings.Fields(string(p.Because)), " "))
	line("with", p.With)
	return b.String()
}

// approved judges the second person's approval, where one is demanded: signatures are
// demanded here, or that person has a key that counts.
func (p *Purging) approved(f *folder.Folder, today date.Date) error {
	second, _ := f.Person(p.With)
	var keys []learner.Key
	for _, k := range second.Keys {
		if k.CountsOn(today) {
			keys = append(keys, k)
		}
	}
	p.Signed = len(keys) > 0 || f.Setting.Value.RequireSignatures
	switch {
	case !p.Signed:
		return nil
	case len(keys) == 0:
		return state("this folder demands signatures, and %s has no key that counts today; add one with: sendctl people add-key %s", p.With, p.With)
	case p.Approval == nil:
		return &ApprovalError{fmt.Sprintf("%s has a key, so their approval is a signature; they sign the text that --approval-text prints:\n  sendctl purge %s --because WORDS --with %s --approval-text > removal.txt\n  ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n %s removal.txt\nand you add: --approval removal.txt.sig",
			p.With, strings.TrimSpace(p.Learner+" "+p.File), p.With, RemovalNamespace)}
	}
	var why error
	for _, k := range keys {
		if why = seal.VerifySignature([]byte(p.Text), p.Approval, RemovalNamespace, k.Public); why == nil {
			return nil
		}
	}
	return state("the approval is not %s's signature over this removal: %v", p.With, why)
}

// Approved judges the approval of a removal that was worked out; see approved.
func (d *Desk) Approved(f *folder.Folder, p *Purging) error { return p.approved(f, date.Of(d.Now())) }
