package cli

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/sshkey"
)

// expiresSoon is how many days before the last of a key the doctor speaks of it.
const expiresSoon = 30

// doctorSigning looks at what git signs with and what people.yaml holds for whoever
// is at the keyboard.
func (e *Env) doctorSigning(v *visit, desk *casework.Desk, f *folder.Folder) {
	key, err := sshkey.Find(desk.Repo.Config, e.Getenv)
	if err != nil {
		v.todo("Git is set up to sign, and cannot: %v", err)
		return
	}
	me, _ := desk.Me(f) // that nobody knows them is told above
	today := date.Of(e.Now())
	counting := slices.DeleteFunc(slices.Clone(me.Keys), func(k learner.Key) bool {
		_, revoked := f.Revoked(k.Public)
		return revoked || !k.CountsOn(today)
	})
	if key == nil {
		switch {
		case len(counting) > 0:
			v.todo("people.yaml holds a key of yours, %s, and git does not sign with it: git config gpg.format ssh; git config user.signingkey FILE", seal.Fingerprint(counting[0].Public))
		case f.Setting.Value.RequireSignatures:
			v.todo("%v", &casework.NoSignatureError{})
		default:
			v.note("What you record is sealed, and not signed. To sign, set up an SSH key: git config gpg.format ssh; git config user.signingkey FILE")
		}
		return
	}
	print := seal.Fingerprint(key.Public())
	on, revoked := f.Revoked(key.Public())
	i := slices.IndexFunc(me.Keys, func(k learner.Key) bool { return seal.SameKey(k.Public, key.Public()) })
	switch {
	case i < 0 && len(me.Keys) > 0:
		v.todo("Git signs with the key %s, which is not among yours in people.yaml, so nothing can be recorded with it. Add it: sendctl people add-key", print)
	case i < 0:
		v.note("What you record is signed with your SSH key %s, which is not in people.yaml, so nobody can tell that it is yours. Add it: sendctl people add-key", print)
	case revoked:
		v.todo("Git signs with the key %s, which was revoked on %s. Name another in user.signingkey, and let it be added: sendctl people add-key", print, on.Long())
	case today.Before(me.Keys[i].From):
		v.todo("Git signs with the key %s, which counts as yours only from %s on.", print, me.Keys[i].From.Long())
	case !me.Keys[i].CountsOn(today):
		v.todo("Git signs with the key %s, which counted as yours until %s. Name another in user.signingkey, and add it: sendctl people add-key", print, me.Keys[i].Until.Long())
	case !me.Keys[i].Until.IsZero() && today.DaysUntil(me.Keys[i].Until) <= expiresSoon:
		v.note("Your key %s counts until %s, which is soon. Add the next one while this can still vouch for it: sendctl people add-key --key FILE", print, me.Keys[i].Until.Long())
	default:
		v.fine("What you record is signed with your SSH key.")
	}
}
