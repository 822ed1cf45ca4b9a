package rules

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
)

const keysName = "keys"

// Setting judges what is the setting's own: the chain of seals over keys/ and
// removals/, and people.yaml's keys, which show what the records in keys/ come to.
// Nothing in it may tell of a day after the given one.
func Setting(f *folder.Folder, day date.Date) []diag.Finding {
	l := &look{rule: Rule{Name: keysName}, folder: f, changed: map[string]bool{}}
	l.ownSeals()
	l.ownNames(day)
	l.ownReferences()
	l.termDates()
	l.settingOnce()
	l.keysOfPeople()
	l.keysShown()
	l.keysVouched()
	// Of a sealed file that was changed that is told, and nothing that only follows from it.
	l.out = slices.DeleteFunc(l.out, func(x diag.Finding) bool { return x.Rule != sealedName && l.changed[x.File] })
	return diag.Sort(oneEach(l.out, l.lacking))
}

// own visits the record files of the setting itself.
func (l *look) own(visit func(d doc, id string, on date.Date, by string)) {
	for _, k := range l.folder.Keys {
		if k.Doc != nil {
			visit(doc{k.Path, k.Doc}, k.Value.ID, k.Value.Date, k.Value.By)
		}
	}
	for _, r := range l.folder.Removals {
		if r.Doc != nil {
			visit(doc{r.Path, r.Doc}, r.Value.ID, r.Value.Date, r.Value.By)
		}
	}
}

// ownSeals checks the setting's chain: each seal by itself, the files of it, and that
// nothing lacks one.
func (l *look) ownSeals() {
	rule := l.rule
	l.rule = Rule{Name: sealedName}
	defer func() { l.rule = rule }()
	days, makers := map[string]date.Date{}, map[string]string{}
	l.own(func(d doc, id string, on date.Date, by string) { days[id], makers[id] = on, by })
	files, covered := map[string][]byte{}, map[string]bool{}
	for link := range l.chain().Sound { // of the others Check tells
		s := &link.Seal
		p, at := link.Sealed(), path.Join(seal.Dir, link.Name)
		if dir := path.Dir(p); dir != "keys" && dir != "removals" {
			l.seal(at, "this seal covers what is not the setting's own", "put the seal back: git restore "+at)
			continue
		}
		covered[p] = true
		if b, err := fs.ReadFile(l.folder.FS(), p); err == nil {
			files[p] = b
			l.changed[p] = !s.Covers(b)
		}
		_, known := l.folder.Person(s.By)
		switch {
		case l.changed[p]:
		case !known && l.adultsKnown():
			l.maker(at, s.By)
		case makers[s.File] != "" && makers[s.File] != s.By:
			l.seal(at, "this seal was made by another person than what it seals says", "put the seal back: git restore "+at)
		}
		if on, ok := days[s.File]; ok && on != s.Date && !l.changed[p] {
			l.seal(at, "the date in this seal differs from the file it seals", "put the seal back: git restore "+at)
		}
		l.signed("", link)
	}
	for _, f := range l.chain().Check(seal.Setting, files) {
		at := path.Join(seal.Dir, f.Seal)
		if f.Kind == seal.Changed {
			at = f.File
		}
		if f.Kind == seal.Elsewhere && l.changed[f.File] {
			continue
		}
		l.broken(at, f.File, f)
	}
	l.own(func(d doc, _ string, _ date.Date, _ string) {
		if !covered[d.path] {
			l.error(d, "id", "this record"+noSeal, "record it with sendctl and take this out; or put back its seal, if it had one: git restore "+seal.Dir)
			l.lost(seal.Dir)
		}
	})
}

// ownNames checks that a file is named for its date and id, and that its day has come.
func (l *look) ownNames(day date.Date) {
	sealed, seen := map[string]date.Date{}, map[string]string{}
	for s := range l.chain().Sound {
		sealed[s.Seal.File] = date.Of(s.Seal.Recorded)
	}
	l.own(func(d doc, id string, on date.Date, _ string) {
		rule := l.rule
		defer func() { l.rule = rule }()
		l.rule = fileName
		if want := on.String() + "-" + id; strings.TrimSuffix(path.Base(d.path), ".yaml") != want && id != "" && !on.IsZero() {
			l.error(d, "id", "the file's name does not match what it says", "rename it to "+want+".yaml, or correct the date or id in it")
		}
		if other, twice := seen[id]; twice {
			l.error(d, "id", "this file has the same id as "+other, "one of the two files is a copy: take it out")
		}
		seen[id] = d.path
		l.rule = datesInOrder
		last := day
		if s, ok := sealed[id]; ok && (last.IsZero() || s.Before(last)) {
			last = s
		}
		if !last.IsZero() {
			l.tooLate(d, on, last, "date", 0)
		}
	})
	l.rule = datesInOrder
	for _, k := range l.folder.Keys {
		if k.Value.What == "add" {
			l.order(doc{k.Path, k.Doc}, "from", k.Value.From, "until", k.Value.Until)
		}
	}
	l.rule = Rule{Name: keysName}
}

// ownReferences checks that every adult whom the records name is there.
func (l *look) ownReferences() {
	if !l.adultsKnown() {
		return
	}
	rule := l.rule
	l.rule = references
	defer func() { l.rule = rule }()
	r := refs{look: l}
	for _, p := range l.folder.People.Value.People {
		r.staff = append(r.staff, p.ID)
	}
	l.own(func(d doc, _ string, _ date.Date, by string) { r.adult(d, by, "by") })
	for _, k := range l.folder.Keys {
		r.adult(doc{k.Path, k.Doc}, k.Value.Person, "person")
	}
	for _, x := range l.folder.Removals {
		d := doc{x.Path, x.Doc}
		r.adult(d, x.Value.With, "with")
		if x.Value.With != "" && x.Value.With == x.Value.By {
			l.error(d, "with", "a removal takes two people, and this names one twice", "put back from the history what it said")
		}
	}
}

// settingOnce finds what sendctl.yaml lists twice.
func (l *look) settingOnce() {
	s := l.folder.Setting
	rule := l.rule
	l.rule = references
	defer func() { l.rule = rule }()
	once(l, docOf(s), "terms[].id", s.Value.Terms, func(t *learner.Term) string { return t.ID }, "another term has this id", "give each term an id of its own, with its year")
	once(l, docOf(s), "rates[].from", s.Value.Rates, func(x *learner.Rate) string {
		if x.Role == "" || x.From.IsZero() {
			return ""
		}
		return x.Role + " " + x.From.String()
	}, "another rate for this role begins on the same day, so nobody can tell which of them counts", "keep one of the two, or correct its date or its role")
}

// termDates judges the terms of the setting, by which every count of school days goes.
func (l *look) termDates() {
	s := l.folder.Setting
	rule := l.rule
	l.rule = datesInOrder
	defer func() { l.rule = rule }()
	d := doc{s.Path, s.Doc}
	l.settingsWaivers(l.waiverOrder)
	for i, t := range s.Value.Terms {
		at := fmt.Sprintf("terms[%d].", i)
		if t.To.Before(t.From) {
			l.order(d, at+"from", t.From, at+"to", t.To)
			continue
		}
		if len(t.HalfTerm) == 2 && !t.From.IsZero() && !t.To.IsZero() && (t.HalfTerm[1].Before(t.HalfTerm[0]) || t.HalfTerm[0].Before(t.From) || t.HalfTerm[1].After(t.To)) {
			l.error(d, at+"half_term", "this half-term holiday is not within its term, with its first day before its last", "one of the dates is mistyped")
		}
		for _, o := range s.Value.Terms[:i] {
			if !t.From.IsZero() && !o.From.IsZero() && !o.To.Before(o.From) && !t.From.After(o.To) && !o.From.After(t.To) {
				l.error(d, at+"from", "this term overlaps with one above it", "one of the dates is mistyped")
				break
			}
		}
	}
}

// keysOfPeople judges the keys of people.yaml by themselves.
func (l *look) keysOfPeople() {
	people := l.folder.People
	d := doc{people.Path, people.Doc}
	all := l.folder.Holders(date.Date{})
	for i, p := range people.Value.People {
		for j, k := range p.Keys {
			at := fmt.Sprintf("people[%d].keys[%d]", i, j)
			if _, err := seal.ParsePublic(k.Public); err != nil {
				l.error(d, at+".public", "this key cannot count: "+err.Error(), "ask "+p.ID+" for another, made with: ssh-keygen -t ed25519")
				continue
			}
			other := slices.IndexFunc(all, func(h folder.Holder) bool { return seal.SameKey(k.Public, h.Key.Public) })
			if first := all[other]; first.Person.ID != p.ID || first.Index != j {
				l.error(d, at+".public", "this key is already in people.yaml, as "+first.Person.ID+"'s", "a key belongs to one person, and is listed once")
				continue
			}
			if !l.folder.Recorded(p.ID, k.Public) {
				l.add(diag.Warning, d, at, "no record confirms this key: somebody typed it in here by hand", "have it recorded: sendctl people add-key "+p.ID+" --key "+seal.Fingerprint(k.Public))
			}
		}
	}
}

// keysShown compares people.yaml with what the key records come to.
func (l *look) keysShown() {
	if !l.adultsKnown() {
		return
	}
	people := l.folder.People
	seen := map[string]bool{}
	for _, r := range l.folder.Keys {
		v := r.Value
		who, ok := l.folder.Person(v.Person)
		id := v.Person + " " + seal.Fingerprint(v.Public)
		if r.Doc == nil || !ok || seen[id] {
			continue
		}
		seen[id] = true
		i := slices.IndexFunc(people.Value.People, func(p learner.Person) bool { return p.ID == v.Person })
		j := slices.IndexFunc(who.Keys, func(k learner.Key) bool { return seal.SameKey(k.Public, v.Public) })
		d := doc{people.Path, people.Doc}
		if j < 0 {
			l.error(d, fmt.Sprintf("people[%d]", i), "the key of "+path.Base(r.Path)+" is not among the keys of this person", "put it back from the history; to stop a key from counting: sendctl people revoke-key "+v.Person)
			continue
		}
		k, at := who.Keys[j], fmt.Sprintf("people[%d].keys[%d]", i, j)
		from, until := l.recordedDays(v.Person, v.Public)
		if !slices.Contains(from, k.From) {
			l.error(d, at+".from", "the record of this key has another first day", "write the day in keys/"+path.Base(r.Path))
		}
		if !slices.Contains(until, k.Until) {
			place := at + ".until"
			if k.Until.IsZero() {
				place = at
			}
			l.error(d, place, "the record of this key has another last day", "write the until in its record in keys/; to end a key: sendctl people revoke-key "+v.Person)
		}
	}
}

// recordedDays are the days that the records of a key give it: the first, and the
// last. Two clones may have added or revoked one key on the same day: either will do.
func (l *look) recordedDays(person, public string) (from, until []date.Date) {
	var added, revoked []date.Date
	for _, r := range l.folder.Keys {
		v := r.Value
		if r.Doc == nil || v.Person != person || !seal.SameKey(v.Public, public) {
			continue
		}
		from = append(from, v.From)
		if v.What == "revoke" {
			revoked = append(revoked, v.Until)
		} else {
			added = append(added, v.Until)
		}
	}
	if len(revoked) > 0 {
		return from, revoked
	}
	return from, added
}

// keysVouched checks that a change of the keys was signed with a key that counted
// before it, as far as the chain shows: the first needs none.
func (l *look) keysVouched() {
	byPath := map[string]learner.KeyChange{}
	for _, k := range l.folder.Keys {
		if k.Doc != nil && !l.changed[k.Path] {
			byPath[k.Path] = k.Value
		}
	}
	for link := range l.chain().Sound {
		s := link.Seal
		change, ok := byPath[link.Sealed()]
		if !ok {
			continue
		}
		day := date.Of(s.Recorded)
		before := l.ancestors(s.Previous)
		counted, signed := false, false
		for _, h := range l.rosterOf(before) {
			if h.CountsOn(day) {
				counted = true
				signed = signed || s.Signature != nil && h.person == s.By && seal.Verify(s, h.Public) == nil
			}
		}
		if counted && !signed {
			l.error(doc{path: link.Sealed()}, "", "this change of the keys of "+change.Person+" is not signed with a key that counted before it", "ask "+s.By+" whether they made it; the history says when it came: git log -- "+link.Sealed())
		}
	}
}

// held is a key as the records up to some seal have it.
type held struct {
	learner.Key
	person string
}

// rosterOf is what the key records of the given seals come to.
func (l *look) rosterOf(hashes map[string]bool) []held {
	var out []held
	in := map[string]bool{}
	for s := range l.chain().Sound {
		if hashes[s.Hash] {
			in[s.Sealed()] = true
		}
	}
	for _, what := range []string{"add", "revoke"} { // a revoked key is never added again
		for _, k := range l.folder.Keys {
			v := k.Value
			if k.Doc == nil || v.What != what || !in[k.Path] {
				continue
			}
			i := slices.IndexFunc(out, func(h held) bool { return h.person == v.Person && seal.SameKey(h.Public, v.Public) })
			switch {
			case i >= 0:
				out[i].Until = v.Until
			default:
				out = append(out, held{learner.Key{Public: v.Public, From: v.From, Until: v.Until}, v.Person})
			}
		}
	}
	return out
}
