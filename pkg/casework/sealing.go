package casework

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
)

// sealing is a file of the act that shall be sealed.
type sealing struct {
	file, path, act string
	date            date.Date
}

// SealedError says that a file is sealed, so that only a correction may speak against it.
type SealedError struct{ Path, File, Learner string }

func (e *SealedError) Error() string {
	return fmt.Sprintf("%s is sealed and never changes; to put a value right: sendctl correct %s %s", e.Path, e.Learner, e.File)
}

// seal asks for the file to be sealed as the act is written.
func (a *act) seal(file, p, act string, on date.Date) {
	a.seals = append(a.seals, sealing{file: file, path: p, act: act, date: on})
}

// refuseSealed stops an act that would change a sealed file.
func (a *act) refuseSealed() error {
	if a.Record == nil {
		return nil
	}
	for name, b := range a.Record.Seals {
		s, err := seal.Parse(b)
		p := path.Join(a.Record.Dir, s.Path)
		if err != nil {
			// A seal that was damaged still says by its name what it is the seal of.
			s.File, _, _ = strings.Cut(name, "-")
			for _, c := range a.changes {
				if strings.HasSuffix(c.Path, "-"+s.File+".yaml") {
					p = c.Path
				}
			}
		} else if s.Living() {
			continue
		}
		for _, c := range a.changes {
			if c.Path == p || c.Path == path.Join(a.Record.Dir, "seals", name) {
				return &SealedError{Path: p, File: s.File, Learner: a.Record.ID}
			}
		}
	}
	return nil
}

// makeSeals adds a seal file for every file the act seals.
func (a *act) makeSeals(done *Done) error {
	if len(a.seals) == 0 {
		return nil
	}
	me, err := a.me()
	if err != nil {
		return err
	}
	signer, err := a.signer()
	if err != nil {
		return err
	}
	if err := a.signsAs(me, signer, done); err != nil {
		return err
	}
	whose, dir, before := a.learner, path.Join("learners", a.learner), map[string][]byte(nil)
	switch {
	case a.learner == "":
		whose, dir, before = seal.Setting, "", a.Folder.Seals
	case a.Record != nil:
		before = a.Record.Seals
	}
	chain := map[string][]byte{}
	maps.Copy(chain, before)
	for _, c := range a.changes { // seals that come with a record from elsewhere are followed too
		if in, name := path.Split(c.Path); in == path.Join(dir, "seals")+"/" && c.New != nil {
			chain[name] = c.New
		}
	}
	for _, want := range a.seals {
		salt, err := seal.NewSalt(a.desk.Random)
		if err != nil {
			return err
		}
		s := seal.Seal{
			Learner: whose, File: want.file, Path: strings.TrimPrefix(want.path, dir+"/"),
			SHA256: strings.TrimPrefix(seal.Hash(a.bytesOf(want.path)), "sha256:"),
			Act:    want.act, Date: want.date, Recorded: a.who.When, By: me.ID,
			Previous: seal.Tips(chain), Salt: salt,
		}
		if demo := a.Folder.Setting.Value.Demonstration; demo != nil {
			s.Demonstration = demo.Today
		}
		if signer != nil {
			if s, err = s.Signed(signer); err != nil {
				return fmt.Errorf("sign the seal: %w", err)
			}
		}
		if err := s.Valid(); err != nil {
			return fmt.Errorf("the seal of %s: %w", want.path, err)
		}
		p := path.Join(dir, "seals", s.Name())
		old, err := a.current(p)
		if err != nil {
			return err
		}
		if old != nil {
			return &SealedError{Path: want.path, File: want.file, Learner: a.learner}
		}
		b := s.Bytes()
		chain[s.Name()] = b
		a.put(store.Change{Path: p, New: b})
		done.Seals = append(done.Seals, seal.Hash(b))
		done.File = want.file
	}
	return nil
}

// NoSignatureError says that this folder demands signatures and nothing can sign.
type NoSignatureError struct{}

func (*NoSignatureError) Error() string {
	return "this folder demands signed records (require_signatures in sendctl.yaml) and git is not set up to sign; set up a key with:\n  git config gpg.format ssh\n  git config user.signingkey ~/.ssh/id_ed25519.pub"
}

func (a *act) signer() (seal.Signer, error) {
	var s seal.Signer
	if a.desk.Signer != nil {
		var err error
		if s, err = a.desk.Signer(); err != nil {
			return nil, err
		}
	}
	if s == nil && a.Folder.Setting.Value.RequireSignatures {
		return nil, &NoSignatureError{}
	}
	return s, nil
}

// signsAs refuses a signature that the roster would not take for that of whoever
// acts, and warns where nothing signs although a key of theirs counts.
func (a *act) signsAs(me learner.Person, signer seal.Signer, done *Done) error {
	today := date.Of(a.who.When)
	counts := func(k learner.Key) bool { return k.CountsOn(today) }
	current := func(k learner.Key) bool { _, revoked := a.Folder.Revoked(k.Public); return counts(k) && !revoked }
	if signer == nil {
		if slices.ContainsFunc(me.Keys, current) {
			done.Warnings = append(done.Warnings, "This is not signed, although people.yaml holds a key of yours, so nobody can prove that it was you. Set the key up with: git config gpg.format ssh; git config user.signingkey FILE")
		}
		return nil
	}
	if len(me.Keys) == 0 {
		return nil
	}
	print := seal.Fingerprint(signer.Public())
	on, revoked := a.Folder.Revoked(signer.Public())
	for _, k := range append(slices.Clone(me.Keys), a.brings) {
		switch {
		case !seal.SameKey(k.Public, signer.Public()):
		case revoked:
			return state("git signs with the key %s, which was revoked on %s; name another in user.signingkey", print, on.Long())
		case counts(k):
			return nil
		case today.Before(k.From):
			return state("git signs with the key %s, which counts as yours only from %s on", print, k.From.Long())
		default:
			return state("git signs with the key %s, which counted as yours until %s; name the one that counts now in user.signingkey, or let it be added: sendctl people add-key", print, k.Until.Long())
		}
	}
	return state("git signs with the key %s, which is not among yours in people.yaml; add it with: sendctl people add-key, or name the one that is there in user.signingkey", print)
}

func (a *act) sealTrailers() []string {
	var out []string
	for _, s := range a.seals {
		out = append(out, "Sendctl-Seals: "+s.path+" "+seal.Hash(a.bytesOf(s.path)))
	}
	return out
}

// commitSign gives the signer of commits where git is set up to sign them by SSH;
// nil leaves the decision to trail (which hands over to git where it must).
func (d *Desk) commitSign() (func([]byte) ([]byte, error), error) {
	if v, _ := d.Repo.Config("commit.gpgsign"); v != "true" || d.Signer == nil {
		return nil, nil
	}
	s, err := d.Signer()
	if err != nil || s == nil {
		return nil, err
	}
	return func(payload []byte) ([]byte, error) { return s.Sign(payload, "git") }, nil
}
