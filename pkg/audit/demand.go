package audit

import (
	"maps"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
)

// exemption says why an unsigned seal may stand though signatures are demanded now.
type exemption int

const (
	demanded      exemption = iota
	neverDemanded           // it was here before they were ever demanded
	lapsed                  // it came while the demand was taken back
)

// beforeRequired lists the hashes of seals that were in the history before a commit
// that demanded signatures.
func (v *verifier) beforeRequired() map[string]exemption {
	var on []int32
	for _, x := range v.walk.history.files["sendctl.yaml"] {
		was, okWas, err := v.settingAt(x.was)
		if err != nil {
			continue
		}
		now, okNow, err := v.settingAt(x.now)
		if err != nil {
			continue
		}
		if okNow && now.RequireSignatures && !(okWas && was.RequireSignatures) {
			on = append(on, x.commit)
		}
	}
	out := map[string]exemption{}
	blobs := map[sight]string{}
	for id, c := range v.chains {
		for i := range c.seals {
			blobs[sight{id, c.seals[i].blob}] = c.seals[i].hash
		}
	}
	for _, n := range on {
		// What the turning-on commit rests on came before; what it brings itself does too
		// where it is the first of all.
		before := v.walk.ancestors(n)
		root := len(v.walk.commits[n].parents) == 0
		why := neverDemanded
		if slices.ContainsFunc(on, func(x int32) bool { return x != n && before[x] }) {
			why = lapsed // it was demanded once, and not for a while
		}
		for s, seen := range v.walk.history.seals {
			hash, here := blobs[s]
			if !here {
				continue
			}
			for _, first := range seen.first {
				if before[first] && (first != n || root && v.walk.commits[n].cut) {
					if out[hash] != neverDemanded {
						out[hash] = why
					}
				}
			}
		}
	}
	return out
}

// judgeDemand tells, whatever else is right, where signatures were demanded and the
// demand was taken back: from there on an unsigned seal is as good as a signed one.
func (v *verifier) judgeDemand() {
	last := int32(-1)
	for _, x := range v.walk.history.files["sendctl.yaml"] {
		if x.parent < 0 || len(v.walk.commits[x.commit].parents) > 1 {
			continue
		}
		was, okWas, errWas := v.settingAt(x.was)
		now, okNow, errNow := v.settingAt(x.now)
		if errWas != nil || errNow != nil || !okWas || !was.RequireSignatures || okNow && now.RequireSignatures {
			continue
		}
		if last < 0 || x.commit < last {
			last = x.commit
		}
	}
	if last < 0 {
		return
	}
	f := Finding{Kind: "signatures-not-demanded", Weight: Note, File: "sendctl.yaml",
		Message: "LOOK AT THIS: signatures were demanded here, and with this commit they are not any more; from then on anybody can seal in another's name",
		Do:      "ask whoever did it why; to demand them again: require_signatures: true in sendctl.yaml"}
	if v.folder.Setting.Value.RequireSignatures {
		f.Message = "signatures are demanded here, and for a while, from this commit on, were not"
		f.Do = ""
	}
	v.add(v.by(f, last))
}

// orphaned lists the keys that came when every key had ended which ever counted: a
// school that lost its only key, or somebody who waited for that.
func (v *verifier) orphaned(turns []turn) map[entry]bool {
	out := map[entry]bool{}
	for _, t := range turns {
		on := date.Of(v.walk.commits[t.commit].when())
		before, ended := false, true
		for _, e := range t.before {
			before = before || v.roster.vouched[e]
			ended = ended && !e.valid(on)
		}
		if !before || !ended {
			continue
		}
		for _, e := range t.brought {
			// The line of an old key written anew is no new key.
			if !v.roster.vouched[e] && v.keyOwner(e.public) == "" {
				out[e] = true
			}
		}
	}
	return out
}

// unsurelyVouched lists the keys that would count if those did of which nothing can
// be told.
func (v *verifier) unsurelyVouched(turns []turn, records []keyRecord, revoked []revocation, unsure ...map[entry]bool) map[entry]bool {
	sure := v.roster.vouched
	v.roster.vouched = maps.Clone(sure)
	for _, m := range unsure {
		maps.Copy(v.roster.vouched, m)
	}
	v.vouch(turns, records, revoked)
	likely := v.roster.vouched
	v.roster.vouched = sure
	for e := range sure {
		delete(likely, e)
	}
	return likely
}
