package casework

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// The acts on the roster of signing keys. Each leaves a sealed record in keys/, and
// people.yaml shows what all of them come to.

// KeyAdding is a key that shall count from a day on.
type KeyAdding struct {
	Person  string
	Public  string    // one authorized_keys line
	From    date.Date // zero: the first day on which it signed for the person, else today
	Until   date.Date // zero: no end
	Because learner.Words
}

// KeyRevoking is a key that shall not count any more.
type KeyRevoking struct {
	Person  string
	Public  string
	Until   date.Date // the last day it counts; zero: see RevokeKey
	Because learner.Words
}

// AddKey adds a signing key to people.yaml, or vouches for one that stands there
// without a record. Where any key counts today the act must be signed with one of
// those; the first key of a folder can have nothing but its own word.
func (d *Desk) AddKey(ctx context.Context, k KeyAdding) (Done, error) {
	var warn []string
	done, err := d.do(ctx, "add-key", "", func(a *act) (err error) {
		warn, err = a.addKey(k)
		return err
	})
	done.Warnings = append(done.Warnings, warn...)
	return done, err
}

func (a *act) addKey(k KeyAdding) (warn []string, err error) {
	who, me, err := a.keyPeople(k.Person)
	if err != nil {
		return nil, err
	}
	public, err := seal.Public(k.Public)
	if err != nil {
		return nil, state("this key cannot count: %v; make one with: ssh-keygen -t ed25519", err)
	}
	there, err := a.placeForKey(who, public)
	if err != nil {
		return nil, err
	}
	vouch := a.vouchers(public)
	signer, err := a.vouched(vouch, me, fmt.Sprintf("sendctl people add-key %s --key \"%s\"", who.ID, public))
	if err != nil {
		return nil, err
	}
	today := date.Of(a.who.When)
	key := learner.Key{Public: public, From: k.From, Until: k.Until}
	signed, err := signedWith(a.Folder, public, who.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case there != nil:
		if !k.From.IsZero() && k.From != there.From || !k.Until.IsZero() && k.Until != there.Until {
			return nil, state("this key is in people.yaml already, with other days; leave --from and --until out to vouch for it as it stands")
		}
		key = learner.Key{Public: there.Public, From: there.From, Until: there.Until}
	case key.From.IsZero():
		key.From = today
		if first, ok := signed.first(); ok && first.Before(today) {
			key.From = first
		}
	}
	if !key.Until.IsZero() && key.Until.Before(key.From) {
		return nil, state("the key would count until %s, before it counts from %s", key.Until.Long(), key.From.Long())
	}
	if len(vouch) == 0 && signer != nil && me.ID == who.ID {
		switch own := seal.SameKey(signer.Public(), public); {
		case !own:
			return nil, state("git signs with another key, %s, than the one to be added; add that one first: sendctl people add-key; or name this one in user.signingkey", seal.Fingerprint(signer.Public()))
		case !key.CountsOn(today):
			return nil, state("the first key signs its own record, so it has to count today, %s; leave out --from and --until", today.Long())
		}
		a.brings = key
	}
	if err := a.keyRecord(learner.KeyChange{What: "add", Person: who.ID, Public: key.Public, From: key.From, Until: key.Until, Because: k.Because, By: me.ID}); err != nil {
		return nil, err
	}
	if there == nil {
		at := a.personAt(who.ID)
		edit := yamldoc.SetAfter(at.Key("keys"), recordfile.Value([]learner.Key{key}), recordfile.Before(who, "keys")...)
		if len(who.Keys) > 0 {
			edit = yamldoc.Append(at.Key("keys"), recordfile.Value(key))
		}
		if err := a.editPeople(edit); err != nil {
			return nil, err
		}
	}
	return append(warn, a.keyAdded(vouch, key, signed)...), nil
}

// keyAdded is what follows from a key that was added.
func (a *act) keyAdded(vouch []folder.Holder, key learner.Key, signed signedSeals) (warn []string) {
	today := date.Of(a.who.When)
	switch {
	case len(vouch) == 0 && len(a.Folder.Keys) > 0:
		warn = append(warn, "No key that counts vouches for it, and it is not the first key of this folder: audit verify cannot tell it from a key that somebody slipped in, and says so for good.")
	case len(vouch) == 0:
		warn = append(warn, "This is the first key that counts here, so no other vouches for it: it is worth what is known about this day. A checkpoint kept elsewhere holds it fast.")
	}
	if n := signed.outside(key); n > 0 {
		warn = append(warn, fmt.Sprintf("%s its signature and a day on which the key does not count: audit verify will not take that for signed. Give --from with the first of these days.", bear(n)))
	}
	others := slices.ContainsFunc(a.Folder.Holders(today), func(h folder.Holder) bool { return !seal.SameKey(h.Key.Public, key.Public) })
	if !others && key.Until.IsZero() {
		warn = append(warn, "It is the only key that counts. If it were lost, nothing could vouch for a new one: let a second person add theirs.")
	}
	return warn
}

// placeForKey refuses a key that cannot be added to the person, and gives the entry of
// people.yaml that stands there without a record.
func (a *act) placeForKey(who learner.Person, public string) (there *learner.Key, err error) {
	if on, ok := a.Folder.Revoked(public); ok {
		return nil, state("this key was revoked on %s, and a revoked key never counts again; make a new one with: ssh-keygen -t ed25519", on.Long())
	}
	for _, h := range a.Folder.Holders(date.Date{}) {
		switch {
		case !seal.SameKey(h.Key.Public, public):
		case h.Person.ID != who.ID:
			return nil, state("this key is %s's in people.yaml; two people with one key could not be told apart", h.Person.ID)
		case a.Folder.Recorded(who.ID, public):
			return nil, state("this key is %s's already, from %s: sendctl people", who.ID, h.Key.From.Long())
		default:
			there = &h.Key
		}
	}
	return there, nil
}

// RevokeKey ends a key: it counts on no day after Until. Where that is not given, it
// is today for a key that signs its own revocation or signed something today, and
// yesterday for any other. The record holds the latest seals of every chain in which
// the key had signed, so that nothing can be put under an old day afterwards.
func (d *Desk) RevokeKey(ctx context.Context, k KeyRevoking) (Done, error) {
	var warn []string
	done, err := d.do(ctx, "revoke-key", "", func(a *act) (err error) {
		warn, err = a.revokeKey(k)
		return err
	})
	done.Warnings = append(done.Warnings, warn...)
	return done, err
}

func (a *act) revokeKey(k KeyRevoking) ([]string, error) {
	who, me, err := a.keyPeople(k.Person)
	if err != nil {
		return nil, err
	}
	if k.Because == "" {
		return nil, state("say why the key is revoked, such as that a laptop was lost")
	}
	key, index, err := ChooseKey(who, k.Public)
	if err != nil {
		return nil, err
	}
	today := date.Of(a.who.When)
	vouch := a.vouchers("")
	signer, err := a.vouched(vouch, me, fmt.Sprintf("sendctl people revoke-key %s --key %s --because WORDS", who.ID, seal.Fingerprint(key.Public)))
	if err != nil {
		return nil, err
	}
	itself := signer != nil && me.ID == who.ID && seal.SameKey(signer.Public(), key.Public)
	signed, err := signedWith(a.Folder, key.Public, who.ID)
	if err != nil {
		return nil, err
	}
	until := k.Until
	switch {
	case until.IsZero() && (itself || signed.on(today)):
		until = today
	case until.IsZero():
		until = today.AddDays(-1)
	case until.After(today):
		return nil, state("--date is the last day on which the key counts, and %s is still to come; revoke it when that day is here", until.Long())
	}
	switch {
	case itself && until.Before(today):
		return nil, state("a key that ends on %s cannot sign its own revocation today; leave out --date, or ask somebody else whose key counts", until.Long())
	case !key.Until.IsZero() && !until.Before(key.Until):
		return nil, state("this key counts until %s already", key.Until.Long())
	case itself && k.Until.IsZero() && len(a.others(key, "")) == 0:
		// What it signs after its own end is on record is held fast by nothing.
		return nil, state("no other key counts, so nothing could vouch for the next one; add that first, signed with this one: sendctl people add-key --key FILE; if there is to be no other, say so with --date %s", today)
	}
	if err := a.keyRecord(learner.KeyChange{What: "revoke", Person: who.ID, Public: key.Public, From: key.From, Until: until, Covers: signed.tips(), Because: k.Because, By: me.ID}); err != nil {
		return nil, err
	}
	at := a.personAt(who.ID).Key("keys").Index(index)
	if err := a.editPeople(yamldoc.SetAfter(at.Key("until"), recordfile.Value(until), recordfile.Before(key, "until")...)); err != nil {
		return nil, err
	}
	key.Until = until
	return a.keyRevoked(who, key, me, signed), nil
}

// keyRevoked is what follows from a key that was revoked.
func (a *act) keyRevoked(who learner.Person, key learner.Key, me learner.Person, signed signedSeals) (warn []string) {
	if n := signed.after(key.Until); n > 0 {
		warn = append(warn, fmt.Sprintf("%s its signature and a later day than %s: audit verify will call that broken.", bear(n), key.Until.Long()))
	}
	left := a.others(key, "")
	switch {
	case len(left) == 0:
		text := "No other key counts, so nothing can vouch for the next one."
		if a.Folder.Setting.Value.RequireSignatures {
			text += " sendctl.yaml demands signatures: nothing can be recorded until a key is added, with sendctl people add-key."
		}
		warn = append(warn, text)
	case who.ID == me.ID && len(a.others(key, who.ID)) == 0:
		warn = append(warn, "You have no other key that counts. Make one with ssh-keygen -t ed25519, name it in git's user.signingkey, and let somebody whose key counts add it: sendctl people add-key "+who.ID+" --key FILE")
	}
	return warn
}

// others are the keys but one that count once the day is over, of one person or of all.
func (a *act) others(but learner.Key, person string) []folder.Holder {
	return slices.DeleteFunc(a.Folder.Holders(date.Of(a.who.When).AddDays(1)), func(h folder.Holder) bool {
		return seal.SameKey(h.Key.Public, but.Public) || person != "" && h.Person.ID != person
	})
}

func bear(n int) string {
	if n == 1 {
		return "1 seal bears"
	}
	return fmt.Sprintf("%d seals bear", n)
}

// ChooseKey finds one of a person's keys, and its place in people.yaml, by what was
// typed: its fingerprint or the beginning of it, the key itself, or its number from
// 1. Nothing typed is the only key that has no end yet, or the only one.
func ChooseKey(who learner.Person, typed string) (learner.Key, int, error) {
	var fit, open []int
	var known []string
	for i, k := range who.Keys {
		print := seal.Fingerprint(k.Public)
		known = append(known, print)
		if k.Until.IsZero() {
			open = append(open, i)
		}
		switch {
		case typed == "":
		case typed == fmt.Sprint(i+1), seal.SameKey(typed, k.Public),
			len(typed) >= 8 && strings.HasPrefix(print, typed), len(typed) >= 4 && strings.HasPrefix(strings.TrimPrefix(print, "SHA256:"), typed):
			fit = append(fit, i)
		}
	}
	if len(open) == 0 && len(who.Keys) == 1 {
		open = []int{0}
	}
	if typed == "" {
		fit = open
	}
	switch {
	case len(fit) == 1:
		return who.Keys[fit[0]], fit[0], nil
	case len(who.Keys) == 0:
		return learner.Key{}, 0, state("%s has no key in people.yaml", who.ID)
	case typed == "" && len(open) == 0:
		return learner.Key{}, 0, state("no key of %s counts without an end any more; name the one that is meant with --key: sendctl people", who.ID)
	case typed == "":
		return learner.Key{}, 0, &UnknownWordError{What: "single key of " + who.ID, Typed: "", Known: known, Flag: "--key"}
	}
	return learner.Key{}, 0, &UnknownWordError{What: "key of " + who.ID, Typed: typed, Known: known, Flag: "--key"}
}

// keyPeople finds whose key it is and who acts.
func (a *act) keyPeople(id string) (who, me learner.Person, err error) {
	if me, err = a.desk.Me(a.Folder); err != nil {
		return who, me, err
	}
	who, ok := a.Folder.Person(id)
	if !ok {
		var known []string
		for _, p := range a.Folder.People.Value.People {
			known = append(known, p.ID)
		}
		return who, me, &UnknownWordError{What: "adult of people.yaml", Typed: id, Known: known, Flag: "PERSON"}
	}
	return who, me, nil
}

// vouchers are the keys that count today and so can sign a change of the roster:
// those with a record of their own or, where none has one, all. A key that is only
// now to be vouched for is left out: it cannot vouch for itself beside others.
func (a *act) vouchers(but string) []folder.Holder {
	var recorded, all []folder.Holder
	for _, h := range a.Folder.Holders(date.Of(a.who.When)) {
		switch _, revoked := a.Folder.Revoked(h.Key.Public); {
		case revoked: // on its last day too: nothing holds fast what it signs after its end
		case a.Folder.Recorded(h.Person.ID, h.Key.Public):
			recorded = append(recorded, h)
		case but == "" || !seal.SameKey(h.Key.Public, but):
			all = append(all, h)
		}
	}
	if len(recorded) > 0 {
		return recorded
	}
	return all
}

// vouched gives the signer of a change of the roster, and refuses one that none of
// the keys that can vouch signs. typed is the command for somebody who can.
func (a *act) vouched(by []folder.Holder, me learner.Person, typed string) (seal.Signer, error) {
	var signer seal.Signer
	if a.desk.Signer != nil {
		var err error
		if signer, err = a.desk.Signer(); err != nil {
			return nil, err
		}
	}
	if len(by) == 0 {
		return signer, nil
	}
	var people []string
	own := ""
	for _, h := range by {
		if signer != nil && h.Person.ID == me.ID && seal.SameKey(h.Key.Public, signer.Public()) {
			return signer, nil
		}
		if h.Person.ID == me.ID {
			own = seal.Fingerprint(h.Key.Public)
		} else if !slices.Contains(people, h.Person.ID) {
			people = append(people, h.Person.ID)
		}
	}
	const rule = "a change of the keys takes the signature of somebody whose key counts today"
	switch {
	case own != "":
		return nil, state("%s; yours is %s, and git does not sign with it; name it with:\n  git config gpg.format ssh\n  git config user.signingkey FILE", rule, own)
	default:
		return nil, state("%s; ask %s to type:\n  %s", rule, strings.Join(people, " or "), typed)
	}
}

// keyRecord writes the sealed record of a change, dated the day it is recorded.
func (a *act) keyRecord(v learner.KeyChange) error {
	taken := map[string]bool{}
	for _, p := range a.Folder.Files() {
		for _, word := range strings.Split(strings.TrimSuffix(path.Base(p), path.Ext(p)), "-") {
			taken[word] = true
		}
	}
	id, err := a.desk.newFileID(taken)
	if err != nil {
		return err
	}
	v.Format, v.ID, v.Date = recordfile.Key.Format(), id, date.Of(a.who.When)
	a.date, a.about = v.Date, v.Person
	p := path.Join("keys", v.Date.String()+"-"+id+".yaml")
	if err := a.make(p, recordfile.Key, v); err != nil {
		return err
	}
	a.seal(id, p, a.name, v.Date)
	return nil
}

// personAt is the place of a person in people.yaml.
func (a *act) personAt(id string) yamldoc.Path {
	at := yamldoc.Path{yamldoc.KeyStep("people")}
	return at.Index(slices.IndexFunc(a.Folder.People.Value.People, func(p learner.Person) bool { return p.ID == id }))
}

func (a *act) editPeople(edits ...yamldoc.Edit) error {
	next, err := a.Folder.People.Edited(recordfile.People, edits...)
	if err != nil {
		return err
	}
	return a.write(a.Folder.People.Path, next.Doc.Bytes())
}
