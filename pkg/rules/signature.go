package rules

import (
	"path"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
)

// verdict is what is wrong with who signed a seal; no message is nothing.
type verdict struct {
	severity      diag.Severity
	message, hint string
}

// signature judges who signed a seal. Where people.yaml holds keys of the person, it
// must be by one of theirs, valid on that day. What was recorded before a key of
// theirs counted is rightly unsigned. When a folder began to demand signatures only
// the history says: audit verify looks there.
func (l *look) signature(s seal.Seal) verdict {
	who, known := l.folder.PersonIn(l.record, s.By)
	if s.Signature == nil {
		return l.unsigned(s, who)
	}
	key, err := seal.SignedBy(s)
	if err == nil {
		err = seal.Verify(s, key)
	}
	if err != nil {
		return verdict{diag.Error, "the signature of this seal is not valid: " + err.Error(), "put the seal back: git restore " + path.Join(l.sealsDir(), s.Name())}
	}
	if !known || len(who.Keys) == 0 {
		return verdict{}
	}
	day := date.Of(s.Recorded)
	if !slices.ContainsFunc(who.Keys, func(k learner.Key) bool { return seal.SameKey(k.Public, key) && k.CountsOn(day) }) {
		return verdict{diag.Error, "this seal is signed with a key that is not " + s.By + "'s on that day", "people.yaml holds the keys; ask " + s.By + " whether this is theirs"}
	}
	if l.afterwards(s, key) {
		return verdict{diag.Warning, "this seal has a date before its key was revoked, but appeared only afterwards: somebody else with the key may have made it",
			"ask " + s.By + "; a checkpoint from before the revocation shows whether it was there: sendctl audit verify --checkpoint FILE"}
	}
	return verdict{}
}

func (l *look) unsigned(s seal.Seal, who learner.Person) verdict {
	demanded := l.folder.Setting.Value.RequireSignatures && !l.cameWith(s.By)
	switch {
	case l.couldSign(who, s.Recorded) && demanded:
		return verdict{diag.Error, "this seal is not signed, though " + s.By + " had a key that day and sendctl.yaml demands signatures",
			"ask " + s.By + " whether they recorded it; sendctl audit verify says whether it was before signatures were demanded"}
	case l.couldSign(who, s.Recorded):
		return verdict{diag.Warning, "this seal is not signed, though " + s.By + " had a key that day, so nobody can prove that it was them",
			"let git sign where " + s.By + " records: sendctl doctor"}
	case demanded && slices.ContainsFunc(l.folder.People.Value.People, func(p learner.Person) bool { return l.couldSign(p, s.Recorded) }):
		return verdict{diag.Warning, "this seal is not signed, sendctl.yaml demands signatures, and " + s.By + " had no key that day", "sendctl audit verify says whether it was before signatures were demanded"}
	}
	return verdict{}
}

// sealsDir is where the seals lie that are looked at.
func (l *look) sealsDir() string {
	if l.record == nil {
		return seal.Dir
	}
	return path.Join(l.record.Dir, seal.Dir)
}

// cameWith reports whether an adult came with the record from another setting, which
// had demands of its own.
func (l *look) cameWith(id string) bool {
	return l.record != nil && slices.ContainsFunc(l.record.People.Value.People, func(p learner.Person) bool { return p.ID == id })
}

// couldSign reports whether a key of the person counted at a time: after it was
// recorded or, where nothing says when that was, from the day after its first.
func (l *look) couldSign(who learner.Person, at time.Time) bool {
	day := date.Of(at)
	return slices.ContainsFunc(who.Keys, func(k learner.Key) bool {
		if !k.CountsOn(day) {
			return false
		}
		recorded, ok := l.recordedAt(who.ID, k.Public)
		if !ok {
			return day.After(k.From)
		}
		return at.After(recorded)
	})
}

// recordedAt is when the key record was sealed that says the key is the person's.
func (l *look) recordedAt(person, public string) (at time.Time, ok bool) {
	for _, k := range l.folder.Keys {
		if k.Value.What != "add" || k.Value.Person != person || !seal.SameKey(k.Value.Public, public) {
			continue
		}
		for s := range l.ownChain().Sound {
			if s.Sealed() == k.Path && (!ok || s.Seal.Recorded.Before(at)) {
				at, ok = s.Seal.Recorded, true
			}
		}
	}
	return at, ok
}

// afterwards reports whether a seal by a revoked key is none of those that were there
// when it was revoked.
func (l *look) afterwards(s seal.Seal, key string) bool {
	revoked := false
	for _, k := range l.folder.Keys {
		if k.Value.What != "revoke" || k.Value.Person != s.By || !seal.SameKey(k.Value.Public, key) {
			continue
		}
		revoked = true
		there := l.ancestors(k.Value.Covers)
		if there[seal.Hash(s.Bytes())] || s.Sealed(s.Name()) == k.Path && s.Learner == seal.Setting {
			return false // it was there, or is that of the revocation itself
		}
	}
	return revoked
}

// chain are the seals that are looked at: the learner's, or those of the setting.
func (l *look) chain() seal.Chain {
	if l.record == nil {
		return l.ownChain()
	}
	if l.known.seals == nil {
		l.known.seals = seal.ChainOf(l.record.Seals)
	}
	return l.known.seals
}

// ownChain are those of the setting.
func (l *look) ownChain() seal.Chain {
	if l.known.own == nil {
		l.known.own = seal.ChainOf(l.folder.Seals)
	}
	return l.known.own
}

// ancestors are the hashes of those seals of the chain that are among the given ones,
// and of all that they follow.
func (l *look) ancestors(of []string) map[string]bool {
	previous := map[string][]string{}
	for s := range l.chain().Sound {
		previous[s.Hash] = s.Seal.Previous
	}
	out := map[string]bool{}
	todo := slices.Clone(of)
	for len(todo) > 0 {
		h := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if _, here := previous[h]; here && !out[h] {
			out[h] = true
			todo = append(todo, previous[h]...)
		}
	}
	return out
}

// signed tells what is wrong with who signed a seal.
func (l *look) signed(dir string, s *seal.Link) {
	if v := l.signature(s.Seal); v.message != "" {
		l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: v.severity, File: path.Join(dir, seal.Dir, s.Name), Message: v.message, Hint: v.hint})
	}
}
