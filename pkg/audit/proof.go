package audit

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// NotProofError says that a parcel is of another kind.
type NotProofError struct{ Kind string }

func (e *NotProofError) Error() string {
	return "this parcel is no proof: it is of the kind " + e.Kind
}

// CheckProof says what a proof proves, by nothing but the parcel itself, the
// checkpoints that were kept elsewhere, and the fingerprint of a key that is known
// from elsewhere ("" for none). It reads no disk and no history. The error is a
// *NotProofError.
func CheckProof(p parcel.Parcel, given []Named, fingerprint string) (Proof, error) {
	if p.Kind != ProofKind {
		return Proof{}, &NotProofError{p.Kind}
	}
	c := &proofChecker{parcel: p, fingerprint: fingerprint, removed: map[string]bool{}, records: map[string]bool{}, added: map[string]time.Time{}}
	c.out = Proof{Format: "sendctl-check/1", Parcel: p.Hash, Made: p.Made, From: p.From, Learner: p.Learner,
		Files: []ProvenFile{}, RestsOn: []string{}, Findings: []Finding{}}
	if !p.Demonstration.IsZero() {
		c.out.Demonstration = p.Demonstration.String()
	}
	c.sort()
	c.excerpts()
	c.out.By = c.adult(p.By, c.people)
	c.setting()
	c.chain()
	c.files()
	c.maker()
	c.own()
	for _, n := range given {
		c.given(n)
	}
	c.known()
	c.revoked()
	c.rests()
	c.out.Verdict = worst(c.out.Findings)
	return c.out, nil
}

// worst is the verdict that findings come to.
func worst(fs []Finding) Verdict {
	switch {
	case weighs(fs, Broken):
		return Broken
	case weighs(fs, CannotTell):
		return CannotTell
	}
	return Proven
}

type proofChecker struct {
	parcel      parcel.Parcel
	fingerprint string
	out         Proof

	proves, corrects []string          // names of seals
	chained          map[string][]byte // the learner's seals, by name
	settings         map[string][]byte // the setting's
	seals            map[string]link   // the learner's, by hash
	people, adults   []learner.Person
	changes          []learner.KeyChange
	records          map[string]bool      // "person key" that a sealed record vouches for
	added            map[string]time.Time // "person key" to when the record of it was made
	removed          map[string]bool      // hashes
	elsewhere        []heldBy
}

// link is a seal of the learner's chain.
type link struct {
	seal.Seal
	name string
	key  string // the public key that its signature holds with
}

// heldBy is a checkpoint from elsewhere that holds the file.
type heldBy struct {
	name string
	cp   Checkpoint
	key  string
}

func (c *proofChecker) add(kind string, weight Verdict, file, do, format string, args ...any) {
	c.out.Findings = append(c.out.Findings, Finding{Kind: kind, Weight: weight, Learner: c.parcel.Learner, File: file,
		Message: fmt.Sprintf(format, args...), Do: do})
}

// askAgain is what to do where a proof does not hold together.
const askAgain = "ask whoever made the proof for it again; and ask them to run sendctl audit verify"

// sort lays the files of the parcel where they belong.
func (c *proofChecker) sort() {
	c.chained, c.settings = map[string][]byte{}, map[string][]byte{}
	head, ok := c.parcel.File(proofHead)
	rest, ours := strings.CutPrefix(string(head), proofFormat)
	if !ok || !ours {
		c.add("proof-shape", Broken, proofHead, askAgain, "the parcel does not say what it proves as sendctl writes it")
	}
	for line := range strings.Lines(rest) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "proves: "); ok {
			c.proves = append(c.proves, name)
		} else if name, ok := strings.CutPrefix(line, "corrects: "); ok {
			c.corrects = append(c.corrects, name)
		} else if ours {
			c.add("proof-shape", Broken, proofHead, askAgain, "the parcel does not say what it proves as sendctl writes it")
		}
	}
	if len(c.proves) == 0 && ours {
		c.add("proof-empty", CannotTell, proofHead, askAgain, "the parcel proves no file")
	}
	for _, f := range c.parcel.Files {
		if name, ok := strings.CutPrefix(f.Path, proofChain); ok {
			c.chained[name] = f.Bytes
		}
		if name, ok := strings.CutPrefix(f.Path, proofSetting+seal.Dir+"/"); ok {
			c.settings[name] = f.Bytes
		}
	}
}

func (c *proofChecker) excerpts() {
	read := func(name string) []learner.Person {
		b, ok := c.parcel.File(name)
		if !ok {
			return nil
		}
		f, findings, err := recordfile.Read[learner.People](name, recordfile.People, b)
		if err != nil || diag.Worst(findings) == diag.Error {
			c.add("proof-shape", Broken, name, askAgain, "the excerpt of people.yaml cannot be read")
		}
		return f.Value.People
	}
	c.people, c.adults = read(proofPeople), read(proofAdults)
}

// theirs are the adults that the learner's own chain speaks of: an id of the
// learner's own people.yaml wins.
func (c *proofChecker) theirs() []learner.Person { return slices.Concat(c.adults, c.people) }

func (c *proofChecker) adult(id string, among []learner.Person) Adult {
	for _, p := range among {
		if p.ID == id {
			return Adult{ID: id, Name: string(p.Name), Role: p.Role}
		}
	}
	return Adult{ID: id}
}

// keysOf lists the keys that were a person's on a day.
func keysOf(id string, among []learner.Person, on date.Date) []string {
	for _, p := range among {
		if p.ID == id {
			var out []string
			for _, k := range p.Keys {
				if k.CountsOn(on) {
					out = append(out, k.Public)
				}
			}
			return out
		}
	}
	return nil
}

// signedBy checks a seal's signature and gives the key it holds with. main is whether
// the verdict rests on this seal.
func (c *proofChecker) signedBy(name string, s seal.Seal, among []learner.Person, main bool) string {
	theirs := keysOf(s.By, among, date.Of(s.Recorded))
	key, err := seal.SignedBy(s)
	if err == nil {
		err = seal.Verify(s, key)
	}
	switch {
	case errors.Is(err, seal.ErrUnsigned):
		if main && slices.ContainsFunc(theirs, func(k string) bool {
			return s.Recorded.After(c.added[s.By+" "+seal.Fingerprint(k)]) // one that was added later that day is no key of then
		}) {
			c.add("seal-unsigned", CannotTell, name, "ask "+s.By+" whether they recorded it", "%s had a key to sign with that day, and this seal is not signed", s.By)
		}
		return ""
	case err != nil:
		c.add("seal-signature", Broken, name, askAgain, "the signature of this seal does not hold: %v", err)
		return ""
	}
	if !slices.ContainsFunc(theirs, func(k string) bool { return seal.SameKey(k, key) }) {
		c.add("seal-key", Broken, name, "ask "+s.By+" whether they recorded it", "this seal says it is %s's, and is signed with a key that was not theirs that day (%s)", s.By, seal.Fingerprint(key))
		return ""
	}
	return key
}

// setting checks the setting's own chain: the records of keys and of removals.
func (c *proofChecker) setting() {
	covered := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(c.settings)) {
		s, err := seal.Parse(c.settings[name])
		if err != nil {
			c.unreadable(proofSetting+seal.Dir+"/"+name, err)
			continue
		}
		if s.Learner != seal.Setting {
			c.add("seal-elsewhere", Broken, name, askAgain, "this seal is learner %s's and lies with the setting's own", s.Learner)
			continue
		}
		key := c.signedBy(proofSetting+seal.Dir+"/"+name, s, c.people, false)
		at := proofSetting + s.Sealed(name)
		b, ok := c.parcel.File(at)
		if !ok {
			continue // of another learner: not this proof's business
		}
		if !s.Covers(b) {
			c.add("sealed-changed", Broken, at, askAgain, "this file is not what was sealed")
			continue
		}
		covered[at] = true
		switch kind, _ := recordfile.KindAt(s.Sealed(name)); kind {
		case recordfile.Key:
			f, _, err := recordfile.Read[learner.KeyChange](at, recordfile.Key, b)
			if err != nil || f.Doc == nil {
				c.add("proof-shape", Broken, at, askAgain, "this record of a key cannot be read")
				continue
			}
			c.changes = append(c.changes, f.Value)
			if f.Value.What == "add" {
				c.added[f.Value.Person+" "+seal.Fingerprint(f.Value.Public)] = s.Recorded
			}
			if f.Value.What == "add" && key != "" && !seal.SameKey(key, f.Value.Public) {
				c.records[f.Value.Person+" "+seal.Fingerprint(f.Value.Public)] = true
			}
		case recordfile.Removal:
			f, _, err := recordfile.Read[learner.Removal](at, recordfile.Removal, b)
			if err != nil || f.Doc == nil {
				c.add("proof-shape", Broken, at, askAgain, "this removal record cannot be read")
				continue
			}
			if f.Value.Learner == c.parcel.Learner {
				for _, h := range f.Value.Seals {
					c.removed[h] = true
				}
			}
		}
	}
	for _, f := range c.parcel.Files {
		if p, ok := strings.CutPrefix(f.Path, proofSetting); ok && !strings.HasPrefix(p, seal.Dir+"/") && !covered[f.Path] {
			c.add("sealed-without-seal", Broken, f.Path, askAgain, "this record of the setting's own has no seal that fits it")
		}
	}
	c.out.Removed = len(c.removed)
}

func (c *proofChecker) unreadable(name string, err error) {
	if is := new(seal.TooNewError); errors.As(err, &is) {
		c.add("seal-too-new", CannotTell, name, "update sendctl", "%v", err)
		return
	}
	c.add("seal-unreadable", Broken, name, askAgain, "%v", err)
}

// chain checks the learner's seals among each other.
func (c *proofChecker) chain() {
	c.seals = map[string]link{}
	main := map[string]bool{}
	for _, name := range slices.Concat(c.proves, c.corrects) {
		main[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(c.chained)) {
		b := c.chained[name]
		s, err := seal.Parse(b)
		if err != nil {
			c.unreadable(proofChain+name, err)
			c.seals[seal.Hash(b)] = link{name: name}
			continue
		}
		c.seals[seal.Hash(b)] = link{s, name, c.signedBy(proofChain+name, s, c.theirs(), main[name])}
		if s.Demonstration.IsZero() != c.parcel.Demonstration.IsZero() {
			c.add("demonstration", Broken, proofChain+name, "", "a seal out of a demonstration and a real one lie in one proof")
		}
	}
	c.out.Seals = len(c.chained)
	for _, f := range seal.Check(c.parcel.Learner, nil, c.chained) {
		switch f.Kind {
		case seal.Misnamed, seal.Elsewhere, seal.Double:
			c.add("seal-"+string(f.Kind), Broken, proofChain+f.Seal, askAgain, "%s", f.Message)
		case seal.Gap:
			if !c.removed[f.Missing] {
				c.add("chain-gap", Broken, proofChain+f.Seal, askAgain, "%s, and no removal record speaks of it", f.Message)
			}
		}
	}
	for _, h := range slices.Sorted(maps.Keys(c.seals)) {
		c.order(c.seals[h])
	}
}

// order holds a seal to the times of those it follows.
func (c *proofChecker) order(l link) {
	for _, p := range l.Previous {
		before, ok := c.seals[p]
		if !ok || before.Recorded.IsZero() {
			continue
		}
		early := before.Recorded.Sub(l.Recorded)
		same := l.By == before.By && (l.key == "" || before.key == "" || seal.SameKey(l.key, before.key))
		switch {
		case same && early > tolerance, early > drift:
			c.add("backdated", Broken, proofChain+l.name, askAgain, "this seal says it was recorded %s before one that it follows", early.Round(time.Minute))
		case !same && early > 0:
			c.add("clocks", Note, proofChain+l.name, "", "this seal says it was recorded %s before one by another person that it follows: two clocks differ", early.Round(time.Second))
		}
	}
}

// files checks the sealed bytes themselves.
func (c *proofChecker) files() {
	held := map[string]bool{}
	for i, name := range slices.Concat(c.proves, c.corrects) {
		b, ok := c.chained[name]
		s, err := seal.Parse(b)
		if !ok || err != nil {
			c.add("proof-shape", Broken, proofChain+name, askAgain, "the seal that shall be proved is not there, or is none")
			continue
		}
		hash := seal.Hash(b)
		f := ProvenFile{ID: s.File, Path: s.Sealed(name), Act: s.Act, Correction: i >= len(c.proves), Date: s.Date, Recorded: s.Recorded,
			By: c.adult(s.By, c.theirs()), SHA256: s.SHA256, Seal: hash, Key: seal.Fingerprint(c.seals[hash].key)}
		at := proofSealed + strings.TrimSuffix(name, seal.Extension) + path.Ext(s.Path)
		held[at] = true
		if f.Bytes, ok = c.parcel.File(at); !ok {
			c.add("sealed-gone", Broken, at, askAgain, "the sealed file is not there")
		} else if f.Unchanged = s.Covers(f.Bytes); !f.Unchanged {
			c.add("sealed-changed", Broken, at, askAgain, "the file is not what was sealed")
		} else {
			for _, x := range seal.Check(c.parcel.Learner, map[string][]byte{s.Sealed(name): f.Bytes}, map[string][]byte{name: b}) {
				if x.Kind == seal.Elsewhere {
					c.add("seal-elsewhere", Broken, at, askAgain, "%s", x.Message)
				}
			}
		}
		c.out.Files = append(c.out.Files, f)
	}
	for _, f := range c.parcel.Files {
		if strings.HasPrefix(f.Path, proofSealed) && !held[f.Path] {
			c.add("proof-shape", Broken, f.Path, askAgain, "this file is there, and no seal of the proof covers it")
		}
	}
}

// maker checks who made the parcel.
func (c *proofChecker) maker() {
	key, err := c.parcel.SignedBy()
	if err == nil {
		err = c.parcel.Verify(key)
	}
	theirs := keysOf(c.parcel.By, c.people, date.Of(c.parcel.Made))
	switch {
	case errors.Is(err, parcel.ErrUnsigned) && len(theirs) > 0:
		c.add("parcel-unsigned", CannotTell, "", "ask "+c.parcel.By+" for the parcel, signed", "%s, who is said to have made the parcel, had a key that day and has not signed it", c.parcel.By)
	case errors.Is(err, parcel.ErrUnsigned):
	case err != nil:
		c.add("parcel-signature", Broken, "", askAgain, "the signature of the parcel does not hold: %v", err)
	case !slices.ContainsFunc(theirs, func(k string) bool { return seal.SameKey(k, key) }):
		c.add("parcel-key", Broken, "", askAgain, "the parcel says %s made it, and is signed with a key that was not theirs that day", c.parcel.By)
	}
}

// own checks the checkpoint that came with the proof.
func (c *proofChecker) own() {
	b, ok := c.parcel.File(proofCheckpoint)
	cp, err := ParseCheckpoint(b)
	if !ok || err != nil {
		c.add("proof-shape", Broken, proofCheckpoint, askAgain, "the checkpoint of the proof is not there, or is none")
		return
	}
	if !c.signedCheckpoint(proofCheckpoint, cp) {
		return
	}
	if cp.Demonstration != c.parcel.Demonstration {
		c.add("demonstration", Broken, proofCheckpoint, "", "the parcel and its checkpoint are not both of a demonstration")
	}
	latest, ok := c.latest(cp)
	if !ok {
		c.add("proof-shape", Broken, proofCheckpoint, askAgain, "the latest seals that its checkpoint speaks of are not there")
		return
	}
	for _, tip := range seal.Tips(c.chained) {
		if !latest[tip] {
			c.add("checkpoint-lacks", Broken, proofCheckpoint, askAgain, "the learner's latest seal %s is none of those that the proof's own checkpoint speaks of", brief(tip))
		}
	}
}

func (c *proofChecker) signedCheckpoint(name string, cp Checkpoint) bool {
	key, err := cp.SignedBy()
	if err == nil {
		err = cp.Verify(key)
	}
	theirs := keysOf(cp.By, c.people, date.Of(cp.Made))
	switch {
	case errors.Is(err, seal.ErrUnsigned):
		return true
	case err != nil:
		c.add("checkpoint-signature", Broken, name, "take the copy that was first handed over", "the signature of the checkpoint does not hold: %v", err)
		return false
	case !slices.ContainsFunc(theirs, func(k string) bool { return seal.SameKey(k, key) }) && len(theirs) > 0:
		c.add("checkpoint-key", Broken, name, "ask "+cp.By+" whether they made it", "the checkpoint says it is %s's, and is signed with a key that was not theirs that day", cp.By)
		return false
	}
	return true
}

// latest gives the hashes of the latest seals that a checkpoint speaks of, from its
// own list or from that of the parcel.
func (c *proofChecker) latest(cp Checkpoint) (map[string]bool, bool) {
	out := map[string]bool{}
	if cp.Full {
		for _, t := range cp.Tips {
			out[t.Seal] = true
		}
		return out, true
	}
	b, ok := c.parcel.File(latestName(cp.Latest))
	if !ok || seal.Hash(b) != cp.Latest {
		return nil, false
	}
	for line := range strings.Lines(string(b)) {
		out[strings.TrimSuffix(line, "\n")] = true
	}
	return out, true
}

// given compares the proof with a checkpoint that was kept elsewhere.
func (c *proofChecker) given(n Named) {
	if !c.signedCheckpoint(n.Name, n.Checkpoint) {
		return
	}
	cp := n.Checkpoint
	if cp.Demonstration.IsZero() != c.parcel.Demonstration.IsZero() {
		c.add("demonstration", Broken, n.Name, "", "the proof and the checkpoint %s are not both of a demonstration", n.Name)
		return
	}
	if cp.Full {
		for _, t := range cp.Tips {
			if _, here := c.seals[t.Seal]; t.Learner != c.parcel.Learner || here || c.removed[t.Seal] {
				continue
			}
			if cp.Made.After(c.parcel.Made) {
				c.add("checkpoint-later", CannotTell, n.Name, "ask for a proof made after the checkpoint", "the checkpoint %s was made after the proof, and speaks of a later seal", n.Name)
			} else {
				c.add("checkpoint-gone", Broken, n.Name, askAgain, "the checkpoint %s, of %s, speaks of a seal of this learner (%s) that the proof lacks: two people were shown two histories", n.Name, clock(cp.Made), brief(t.Seal))
			}
			return
		}
	}
	latest, ok := c.latest(cp)
	if !ok {
		c.add("checkpoint-unclear", CannotTell, n.Name, "ask for the proof to be made for this checkpoint (sendctl audit prove --checkpoint), or for the checkpoint in its full form (sendctl audit checkpoint --full)",
			"the checkpoint %s does not list what it speaks of, and neither does the proof", n.Name)
		return
	}
	held := c.behind(latest)
	for _, f := range c.out.Files {
		switch {
		case held[f.Seal]:
			if !f.Correction {
				key, _ := cp.SignedBy()
				c.elsewhere = append(c.elsewhere, heldBy{n.Name, cp, key})
			}
		case f.Recorded.After(cp.Made):
			c.add("checkpoint-earlier", Note, n.Name, "", "the checkpoint %s, of %s, was made before %s was recorded, and says nothing of it", n.Name, clock(cp.Made), f.ID)
		default:
			c.add("came-later", CannotTell, n.Name, "ask "+f.By.ID+" when it was recorded: it may have come in from another copy later", "%s says it was recorded before the checkpoint %s, which does not hold it", f.ID, n.Name)
		}
	}
}

// behind gives the seals of the chain that stood when these were the latest.
func (c *proofChecker) behind(latest map[string]bool) map[string]bool {
	out := map[string]bool{}
	var next []string
	for h := range latest {
		if _, ok := c.seals[h]; ok {
			next = append(next, h)
		}
	}
	for len(next) > 0 {
		h := next[len(next)-1]
		next = next[:len(next)-1]
		if !out[h] {
			out[h] = true
			next = append(next, c.seals[h].Previous...)
		}
	}
	return out
}

// known compares the keys with the one that is known from elsewhere.
func (c *proofChecker) known() {
	if c.fingerprint == "" {
		return
	}
	want := strings.TrimPrefix(c.fingerprint, "SHA256:")
	same := func(public string) bool { return public != "" && seal.Fingerprint(public) == "SHA256:"+want }
	for _, f := range c.out.Files {
		if f.Key == "SHA256:"+want || c.vouchedBy(f, same) {
			continue
		}
		c.add("key-unknown", CannotTell, proofSealed+f.Path, "ask the person by another way for the fingerprint of their key", "neither is %s signed with the key you named, nor does that key vouch for the one it is signed with", f.ID)
		return
	}
	c.out.Outside = len(c.out.Files) > 0
}

// vouchedBy reports whether a record of the file's key was signed with a key.
func (c *proofChecker) vouchedBy(f ProvenFile, same func(string) bool) bool {
	for name, b := range c.settings {
		s, err := seal.Parse(b)
		if err != nil {
			continue
		}
		at := proofSetting + s.Sealed(name)
		file, ok := c.parcel.File(at)
		if key, err := seal.SignedBy(s); !ok || err != nil || !same(key) || seal.Verify(s, key) != nil || !s.Covers(file) {
			continue
		}
		r, _, err := recordfile.Read[learner.KeyChange](at, recordfile.Key, file)
		if err == nil && r.Value.What == "add" && r.Value.Person == f.By.ID && f.Key != "" && seal.Fingerprint(r.Value.Public) == f.Key {
			return true
		}
	}
	return false
}

// revoked asks of a file signed with a key that was revoked since whether it was
// there before that.
func (c *proofChecker) revoked() {
	for _, k := range c.changes {
		if k.What != "revoke" {
			continue
		}
		covers := map[string]bool{}
		for _, h := range k.Covers {
			covers[h] = true
		}
		held := c.behind(covers)
		for _, f := range c.out.Files {
			day := date.Of(f.Recorded)
			if f.By.ID != k.Person || f.Key == "" || f.Key != seal.Fingerprint(k.Public) {
				continue
			}
			safe := held[f.Seal] || slices.ContainsFunc(c.elsewhere, func(h heldBy) bool {
				return !date.Of(h.cp.Made).After(k.Date) && !seal.SameKey(h.key, k.Public)
			})
			switch {
			case !k.Until.IsZero() && day.After(k.Until):
				c.add("key-revoked", Broken, proofSealed+f.Path, askAgain, "%s is signed with a key that was revoked: it counts until %s", f.ID, k.Until.Long())
			case !safe:
				c.add("key-revoked", CannotTell, proofSealed+f.Path, "give a checkpoint from before that day, kept elsewhere: --checkpoint FILE",
					"%s is signed with a key that was revoked on %s, and nothing from before that day holds it", f.ID, k.Date.Long())
			}
		}
	}
}

// rests says in sentences what the verdict rests on.
func (c *proofChecker) rests() {
	say := func(format string, args ...any) { c.out.RestsOn = append(c.out.RestsOn, fmt.Sprintf(format, args...)) }
	for _, f := range c.out.Files {
		if f.Correction {
			continue
		}
		switch {
		case f.Key == "":
			say("Nobody signed it: that %s recorded it, and when, is what the seal says.", f.By.ID)
		case c.fingerprint != "" && c.out.Outside:
			say("%s signed it, with the key %s, which is the one you named or is vouched for by it.", f.By.ID, f.Key)
		case c.records[f.By.ID+" "+f.Key]:
			say("%s signed it, with the key %s. Another key of the setting vouches for that one; that those keys are theirs, this parcel alone says.", f.By.ID, f.Key)
		default:
			say("%s signed it, with the key %s. That the key is theirs, this parcel alone says: compare it with one you have from elsewhere (--key).", f.By.ID, f.Key)
		}
	}
	for _, h := range c.elsewhere {
		c.out.Outside = true
		say("The checkpoint %s, made by %s on %s and kept elsewhere, holds it: it was recorded by then and has not changed since.", h.name, h.cp.By, clock(h.cp.Made))
	}
	if !c.out.Outside {
		say("Nothing from elsewhere holds it: whoever has all the keys and all the copies could have made all of this up. A checkpoint that was kept elsewhere settles that: --checkpoint FILE.")
	}
}
