package audit

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/trail"
)

// here finds a seal at HEAD by its hash, with whichever learner.
func (v *verifier) here(hash string) (*chain, *held) {
	at, ok := v.all[hash]
	if !ok {
		return nil, nil
	}
	return at.chain, &at.chain.seals[at.n]
}

type place struct {
	chain *chain
	n     int
}

// index makes it quick to find a seal by its hash.
func (v *verifier) index() {
	v.all = map[string]place{}
	for _, id := range slices.Sorted(maps.Keys(v.chains)) {
		c := v.chains[id]
		for i := range c.seals {
			v.all[c.seals[i].hash] = place{c, i}
		}
	}
}

// who gives the person id of a commit's author, "" for nobody of people.yaml.
func (v *verifier) who(n int32) string {
	if v.folder == nil || n < 0 {
		return ""
	}
	p, ok := v.folder.PersonByEmail(v.walk.names.list[v.walk.commits[n].author])
	if !ok {
		return ""
	}
	return p.ID
}

// by fills in whose commit a finding speaks of.
func (v *verifier) by(f Finding, n int32) Finding {
	if n >= 0 {
		f.Commit, f.Who, f.When = v.walk.idOf(n), v.who(n), v.walk.commits[n].when()
	}
	return f
}

// judgeRemovals reads the removal records: what they name counts as removed where
// they are themselves sealed.
func (v *verifier) judgeRemovals() {
	v.index()
	v.removed, v.removedFrom, v.removedOf = map[string]string{}, map[string]string{}, map[string][]learner.Removal{}
	if v.folder == nil {
		return
	}
	own := v.chains[seal.Setting]
	for _, r := range v.folder.Removals {
		if r.Doc == nil {
			continue
		}
		i := slices.IndexFunc(own.seals, func(h held) bool {
			return h.unread == nil && h.bad == nil && h.Sealed(h.name) == r.Path && h.Covers(r.Doc.Bytes())
		})
		if i < 0 {
			continue // told of as not sealed, or changed
		}
		x, h := r.Value, &own.seals[i]
		v.report.Checked.Removals++
		v.removedOf[x.Learner] = append(v.removedOf[x.Learner], x)
		for _, hash := range x.Seals {
			v.removed[hash], v.removedFrom[hash] = r.Path, x.Learner
		}
		base := Finding{Learner: x.Learner, File: r.Path, Seal: h.hash, Who: h.By, When: h.Recorded}
		if x.By == x.With || x.With == "" {
			f := base
			f.Kind, f.Weight, f.Message = "removal-alone", Broken, "one person alone removed this; it takes two"
			f.Do = "ask " + h.By + " who agreed to it"
			v.add(f)
		}
		if x.By != h.By {
			f := base
			f.Kind, f.Weight, f.Message = "forged-author", Broken, "this removal says that somebody else recorded it than the person who sealed it"
			v.add(f)
		}
		v.stillHere(x, base, h)
		f := base
		f.Kind, f.Weight = "removal", Note
		what := "everything of this learner was"
		if x.What == "file" {
			what = plural(max(1, len(x.Files)), "a file of this learner was", "files of this learner were")
		}
		f.Message = fmt.Sprintf("%s taken out of the whole history on %s, %s; the reason stands in this file", what, x.Date.Long(), plural(len(x.Seals), "with one seal", "with %d seals"))
		v.add(f)
	}
	if v.report.Checked.Removals > 0 {
		v.note("signatures-gone", "where something was taken out of the history, the signatures of the commits before that are gone; those of the seals are not")
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	if strings.Contains(many, "%d") {
		return fmt.Sprintf(many, n)
	}
	return fmt.Sprintf("%d %s", n, many)
}

// isRemoved reports whether a sealed removal record names a seal of that learner's.
func (v *verifier) isRemoved(learner, hash string) bool {
	return v.removed[hash] != "" && v.removedFrom[hash] == learner
}

// stillHere finds what a removal says is gone and is not. A learner who came back
// later, with a sealed arrival, may be here.
func (v *verifier) stillHere(x learner.Removal, base Finding, h *held) {
	c := v.chains[x.Learner]
	if c != nil && x.What == "learner" {
		for _, a := range c.arrivals {
			for i := range c.seals {
				if c.seals[i].File == a.file && c.seals[i].unread == nil && c.seals[i].Recorded.After(h.Recorded) {
					return
				}
			}
		}
	}
	f := base
	f.Kind, f.Weight = "removed-here", Broken
	f.Message = "this was taken out of the whole history, and is here again: somebody merged a copy that still had it"
	f.Do = "clone again from a copy that does not hold it; whoever merged it does the same"
	var still []string
	for _, hash := range x.Seals {
		if at, s := v.here(hash); at != nil {
			still = append(still, s.at(at.whose))
		}
	}
	if c != nil {
		for p := range c.files {
			stem := strings.TrimSuffix(p, path.Ext(p))
			if x.What == "learner" || slices.Contains(x.Files, stem[strings.LastIndexByte(stem, '-')+1:]) {
				still = append(still, p)
			}
		}
	}
	if len(still) > 0 {
		slices.Sort(still)
		f.File = still[0]
		v.add(f)
	}
}

// judgeUnion holds every seal that ever was against HEAD.
func (v *verifier) judgeUnion() error {
	v.goneHash, v.goneOf = map[string]bool{}, map[string]bool{}
	blobs := map[sight]bool{}
	for id, c := range v.chains {
		for i := range c.seals {
			blobs[sight{id, c.seals[i].blob}] = true
		}
	}
	type loss struct {
		learner string
		commit  int32
	}
	lost := map[loss][]event{}
	moved := map[string]string{}   // learner to learner
	returned := map[string]int32{} // removed, and in the history: by learner, a commit that brought it
	for s, seen := range v.walk.history.seals {
		if blobs[s] || v.incomplete(s.learner) {
			continue
		}
		b, err := of(v.store, objects.Blob, s.blob)
		if err != nil {
			if fatal(err) {
				return err
			}
			v.missingObject(err, "")
			continue
		}
		hash := seal.Hash(b)
		if v.isRemoved(s.learner, hash) {
			returned[s.learner] = seen.first[0]
			continue
		}
		x, err := seal.Parse(b)
		if at, _ := v.here(hash); at != nil {
			if err == nil && x.Learner == at.whose {
				continue // it was put where it belongs
			}
			moved[s.learner] = at.whose
			v.goneHash[hash] = true
			continue
		}
		v.goneHash[hash] = true
		if err == nil {
			h := held{Seal: x, name: seen.name}
			v.goneOf[h.covers(s.learner)] = true
		}
	}
	if len(v.goneHash) > 0 {
		v.placeLosses(func(e event) { k := loss{e.learner, e.commit}; lost[k] = append(lost[k], e) }, blobs, moved)
	}
	for _, k := range sortedLosses(lost, func(a, b loss) int {
		return cmp.Or(strings.Compare(a.learner, b.learner), cmp.Compare(a.commit, b.commit))
	}) {
		es := lost[k]
		slices.SortFunc(es, func(a, b event) int { return strings.Compare(a.path, b.path) })
		es = slices.CompactFunc(es, func(a, b event) bool { return a.path == b.path })
		f := v.by(Finding{Kind: "seal-gone", Weight: Broken, Learner: whose(k.learner), File: shownPath(es[0].path)}, k.commit)
		f.Message = plural(len(es), "this seal was taken away, and no removal record names it", "%d seals were taken away, this one first, and no removal record names them")
		if k.learner == seal.Setting {
			f.Message = plural(len(es), "this seal of the setting's own, over keys/ or removals/, was taken away", "%d seals of the setting's own, over keys/ and removals/, were taken away, this one first")
		}
		if k.commit >= 0 && len(v.walk.commits[k.commit].parents) > 1 {
			f.Message = plural(len(es), "a merge dropped this seal", "a merge dropped %d seals, this one first")
		}
		f.Do = "find a copy that has them, and merge it"
		if es[0].parent >= 0 {
			dir := "learners/" + k.learner
			if k.learner == seal.Setting {
				dir = "keys removals seals"
			}
			f.Do = fmt.Sprintf("bring back what was recorded: git checkout %.12s -- %s, look at git status, then git commit", v.walk.idOf(es[0].parent), dir)
		}
		v.add(f)
	}
	for _, from := range slices.Sorted(maps.Keys(moved)) {
		v.add(Finding{Kind: "moved", Weight: Broken, Learner: moved[from], File: path.Join("learners", safeName(from)),
			Message: "the seals of this learner's folder lie with another learner now",
			Do:      "see who moved them: git log --oneline --follow --stat -- learners/" + safeName(moved[from])})
		v.movedTo(moved[from])
	}
	for _, id := range slices.Sorted(maps.Keys(returned)) {
		v.add(v.by(Finding{Kind: "removed-in-history", Weight: Broken, Learner: whose(id),
			Message: "the history holds what a removal record says was taken out of it: an old history was merged back, or nothing was ever removed",
			Do:      "take back the merge that brought it, if one did; else remove it from the history: sendctl purge " + id}, returned[id]))
	}
	return nil
}

// incomplete reports whether not all that HEAD holds of a learner could be read:
// what is missing then says nothing.
func (v *verifier) incomplete(learner string) bool {
	c := v.chains[learner]
	return v.headUnread || c != nil && c.unread
}

// movedTo takes out the findings that only say again that seals of another learner
// lie here.
func (v *verifier) movedTo(id string) {
	v.found = slices.DeleteFunc(v.found, func(f Finding) bool { return f.Kind == "seal-elsewhere" && f.Learner == id })
}

func sortedLosses[K comparable, V any](m map[K]V, order func(a, b K) int) []K {
	return slices.SortedFunc(maps.Keys(m), order)
}

// placeLosses finds, for every seal that is gone, the last commit that dropped it.
func (v *verifier) placeLosses(add func(event), here map[sight]bool, moved map[string]string) {
	last := map[sight]event{}
	for _, e := range v.walk.history.gone {
		s := sight{e.learner, e.was}
		if old, ok := last[s]; !ok || e.commit < old.commit {
			last[s] = e
		}
	}
	for s, seen := range v.walk.history.seals {
		if here[s] || moved[s.learner] != "" || v.incomplete(s.learner) {
			continue
		}
		b, err := of(v.store, objects.Blob, s.blob)
		if err != nil || !v.goneHash[seal.Hash(b)] {
			continue
		}
		e, ok := last[s]
		if !ok {
			e = event{learner: s.learner, path: path.Join("learners", s.learner, seal.Dir, seen.name), commit: -1, parent: -1}
			if s.learner == seal.Setting {
				e.path = path.Join(seal.Dir, seen.name)
			}
		}
		add(e)
	}
}

// How far clocks may be apart: one person's own, and two people's.
const (
	ownDrift   = 10 * time.Minute
	otherDrift = 48 * time.Hour
	lateFrom   = 14 // days
)

// judgeChains looks at what each seal follows, and at its times.
func (v *verifier) judgeChains() {
	gaps := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(v.chains)) {
		c := v.chains[id]
		var open []Finding // seals that follow one which is nowhere
		for i := range c.seals {
			h := &c.seals[i]
			if h.unread != nil {
				continue
			}
			base := Finding{Learner: whose(id), File: h.covers(id), Seal: h.hash, Who: h.By, When: h.Recorded}
			for _, p := range h.Previous {
				at, before := v.here(p)
				switch {
				case at == c:
					v.backdated(h, before, base)
				case at != nil || v.isRemoved(id, p) || v.goneHash[p] || gaps[p] || v.incomplete(id):
				default:
					gaps[p] = true
					f := base
					f.Seal = p
					open = append(open, f)
				}
			}
			days := h.Date.DaysUntil(dayOf(h))
			switch {
			case days < 0:
				f := base
				f.Kind, f.Weight = "backdated", Broken
				f.Message = "this says it was recorded before the day it tells of"
				f.Do = "ask " + h.By + " when it was recorded; see the commit: git log -- " + h.at(id)
				v.add(f)
			case days > lateFrom:
				f := base
				f.Kind, f.Weight = "late", Note
				f.Message = fmt.Sprintf("recorded %d days later", days)
				v.add(f)
			}
		}
		v.tellGaps(id, open)
	}
}

// backdated compares the times of a seal and one that it follows.
func (v *verifier) backdated(h, before *held, base Finding) {
	if before.unread != nil || !h.Recorded.Before(before.Recorded) {
		return
	}
	by := before.Recorded.Sub(h.Recorded)
	same := h.By == before.By && (h.key == "" || before.key == "" || h.key == before.key)
	f := base
	f.Kind = "backdated"
	switch {
	case same && by > ownDrift, by > otherDrift:
		f.Weight = Broken
		f.Message = "this says it was recorded before what it follows, by " + apart(by)
		f.Do = "ask " + h.By + " when it was recorded; see the commits: git log --format=fuller -- " + base.File
	case same:
		return
	default:
		f.Kind, f.Weight = "clocks", Note
		f.Message = "two clocks differ by " + apart(by) + ": this says it was recorded before what it follows"
	}
	v.add(f)
}

func apart(d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// judgeClaims finds commits that say they are an act which always seals something,
// and bring no seal.
func (v *verifier) judgeClaims() error {
	brought := map[int32]map[string]bool{}
	for s, seen := range v.walk.history.seals {
		for _, n := range seen.first {
			if c := &v.walk.commits[n]; c.claim != nil {
				if brought[n] == nil {
					brought[n] = map[string]bool{}
				}
				brought[n][s.learner] = true
			}
		}
	}
	for i := range v.walk.commits {
		c := &v.walk.commits[i]
		if c.claim == nil || c.seals && (c.claim.learner == "" || brought[int32(i)][c.claim.learner] || len(brought[int32(i)]) == 0) || c.cut {
			continue
		}
		backed, err := v.backed(int32(i))
		if err != nil {
			if fatal(err) {
				return err
			}
			v.missingObject(err, c.id.String())
			continue
		}
		if backed {
			continue
		}
		v.add(v.by(Finding{Kind: "claim-unsealed", Weight: Broken, Learner: c.claim.learner,
			Message: "this commit says it is the act \"" + c.claim.act + "\" and brings no seal: it was made past sendctl",
			Do:      "look at it: git show " + c.id.String()[:12] + "; if it happened, record it with sendctl " + c.claim.act}, int32(i)))
	}
	return nil
}

// backed reports whether what a commit without a seal claims is nevertheless true:
// its seals are here, brought by another (a cherry-pick of what was there already),
// or were removed; or whether it does not speak of the record at all.
func (v *verifier) backed(n int32) (bool, error) {
	c := &v.walk.commits[n]
	if len(v.removedOf[c.claim.learner]) > 0 {
		return true, nil
	}
	if c.claim.learner == "" && !c.claim.sealed {
		touches := false
		for _, p := range c.parents {
			d := &differ{store: v.store}
			removed, added, err := d.differing(v.walk.commits[p].record, c.record)
			if err != nil {
				return false, err
			}
			for _, e := range append(removed, added...) {
				touches = touches || string(e.Name) == "learners"
			}
		}
		if !touches {
			return true, nil
		}
	}
	raw, err := of(v.store, objects.Commit, c.id)
	if err != nil {
		return false, err
	}
	info, err := objects.ParseCommit(raw)
	if err != nil {
		return false, err
	}
	named, found := 0, 0
	for _, t := range trail.Trailers(string(info.Message)) {
		if t.Key != "Sendctl-Seals" {
			continue
		}
		named++
		p, hash, _ := strings.Cut(t.Value, " ")
		if v.sealedAs(c.claim.learner, p, hash) {
			found++
		}
	}
	return named > 0 && named == found, nil
}

// sealedAs reports whether a seal at HEAD says that the file at p had that hash.
func (v *verifier) sealedAs(id, p, hash string) bool {
	c := v.chains[id]
	return c != nil && slices.ContainsFunc(c.seals, func(h held) bool {
		return h.unread == nil && "sha256:"+h.SHA256 == hash && (h.covers(id) == p || path.Join("learners", id, h.Path) == p)
	})
}

// judgeStamp looks at whether a made-up folder says so, from its first commit on and
// in every seal.
func (v *verifier) judgeStamp() error {
	if v.folder == nil {
		return nil
	}
	demo := v.folder.Setting.Value.Demonstration
	if demo == nil {
		stamped, dropped := false, int32(-1)
		for _, x := range v.walk.history.files["sendctl.yaml"] {
			was, err := v.isDemo(x.was)
			if err != nil {
				return err
			}
			now, err := v.isDemo(x.now)
			if err != nil {
				return err
			}
			if x.was.IsZero() && now {
				stamped = true
			}
			if was && !now && (dropped < 0 || x.commit < dropped) {
				dropped = x.commit
			}
		}
		if stamped {
			v.add(v.by(Finding{Kind: "demonstration-dropped", Weight: Broken, File: "sendctl.yaml",
				Message: "this folder began as a made-up one, and no longer says so",
				Do:      "put demonstration: back into sendctl.yaml; records of real learners begin in a folder of their own: sendctl init"}, dropped))
			return nil
		}
	}
	var wrong []Finding
	for _, id := range slices.Sorted(maps.Keys(v.chains)) {
		for i := range v.chains[id].seals {
			h := &v.chains[id].seals[i]
			if h.unread != nil || h.Demonstration.IsZero() == (demo == nil) {
				continue
			}
			wrong = append(wrong, Finding{Kind: "demonstration", Weight: Broken, Learner: whose(id), File: h.at(id), Seal: h.hash, Who: h.By, When: h.Recorded})
		}
	}
	if len(wrong) > 0 {
		f := wrong[0]
		if demo == nil {
			f.Message = plural(len(wrong), "this seal was made in a made-up folder, and this folder says it is a real one", "%d seals were made in a made-up folder, this one first, and this folder says it is a real one")
		} else {
			f.Message = plural(len(wrong), "this folder says it is made up, and this seal does not", "this folder says it is made up, and %d seals do not, this one first")
		}
		f.Do = "see where it came from: git log --oneline -- " + f.File
		v.add(f)
	}
	return nil
}

func (v *verifier) isDemo(id objects.ID) (bool, error) {
	s, ok, err := v.settingAt(id)
	return ok && s.Demonstration != nil, err
}

// settingAt reads a version of sendctl.yaml; ok is false where there is none that
// can be read.
func (v *verifier) settingAt(id objects.ID) (s learner.Setting, ok bool, err error) {
	if id.IsZero() {
		return s, false, nil
	}
	b, err := of(v.store, objects.Blob, id)
	if err != nil {
		if fatal(err) {
			return s, false, err
		}
		v.missingObject(err, "")
		return s, false, nil
	}
	f, _, err := recordfile.Read[learner.Setting]("sendctl.yaml", recordfile.Setting, b)
	if err != nil || f.Doc == nil {
		return s, false, nil // an older format, or no YAML: then it says nothing
	}
	return f.Value, true, nil
}

// cause lets the history say how what is wrong at HEAD came about, drops what only
// follows from something told already, and tells of what was put right since.
func (v *verifier) cause() {
	if v.walk == nil {
		return
	}
	events := map[string][]event{}
	for _, e := range v.walk.history.altered {
		events[e.path] = append(events[e.path], e)
	}
	wrong := map[string]bool{}
	for _, f := range v.unsealed {
		wrong[f.File] = true
		if v.goneOf[f.File] && f.Kind == "unsealed" {
			continue
		}
		if f.Kind == "file-changed" || f.Kind == "file-gone" {
			f = v.blame(f, events[f.File])
		}
		v.add(f)
	}
	sealed := map[string]*held{}
	for id, c := range v.chains {
		for i := range c.seals {
			if c.seals[i].unread == nil {
				sealed[c.seals[i].covers(id)] = &c.seals[i]
			}
		}
	}
	for _, p := range slices.Sorted(maps.Keys(events)) {
		if sealed[p] == nil || wrong[p] {
			continue
		}
		list := events[p]
		v.add(v.by(Finding{Kind: "put-back", Weight: Note, Learner: whose(list[0].learner), File: p,
			Message: "this sealed file was altered in this commit, and is as it was sealed again"}, latestOf(list).commit))
	}
}

// latestOf is the event nearest to HEAD.
func latestOf(list []event) event {
	return slices.MinFunc(list, func(a, b event) int { return cmp.Compare(a.commit, b.commit) })
}

// blame says which commit changed a sealed file. Where it was a merge that took its
// lines from both sides, as git does where sendctl's own merging is not set up,
// nobody need have meant it.
func (v *verifier) blame(f Finding, list []event) Finding {
	f.Do = "see what was changed: git log -p -- " + f.File
	if len(list) == 0 {
		return f
	}
	e := v.origin(latestOf(list), list)
	f = v.by(f, e.commit)
	back := fmt.Sprintf("put it back: git checkout %.12s -- %s, then git commit", v.walk.idOf(e.parent), f.File)
	f.Do = back
	c := v.walk.commits[e.commit]
	if f.Kind != "file-changed" || len(c.parents) < 2 || e.now.IsZero() {
		return f
	}
	var lines [][]byte
	for _, p := range c.parents {
		id, err := v.pathAt(v.walk.commits[p].record, f.File)
		if err != nil || id.IsZero() {
			continue
		}
		if id == e.now {
			f.Message = "a merge put another version in the place of this sealed file"
			return f
		}
		b, err := of(v.store, objects.Blob, id)
		if err != nil {
			return f
		}
		lines = append(lines, bytes.SplitAfter(b, []byte("\n"))...)
	}
	b, err := of(v.store, objects.Blob, e.now)
	if err != nil {
		return f
	}
	known := map[string]bool{}
	for _, l := range lines {
		known[string(l)] = true
	}
	for l := range bytes.Lines(b) {
		if !known[string(l)] {
			return f
		}
	}
	f.Kind, f.Weight = "merged-as-text", CannotTell
	f.Message = "a merge mixed the lines of both sides in this sealed file, as git does where it knows no better"
	f.Do = "run: sendctl sync; it puts the sealed bytes back, and what the other side wrote beside them"
	return f
}

// origin is the change from which a merge only took over what is wrong now: one of
// the commits that it merged may have changed the sealed file already.
func (v *verifier) origin(e event, list []event) event {
	for range list {
		i := -1
		for _, p := range v.walk.commits[e.commit].parents {
			id, err := v.pathAt(v.walk.commits[p].record, e.path)
			if err != nil || len(v.walk.commits[e.commit].parents) < 2 {
				continue
			}
			for j, x := range list {
				// Numbers grow towards the past, along some way.
				if x.now == id && x.commit != e.commit && (i < 0 || x.commit < list[i].commit) && (x.commit == p || v.walk.restsOn(p, x.commit)) {
					i = j
				}
			}
		}
		if i < 0 {
			return e
		}
		e = list[i]
	}
	return e
}

// pathAt finds a file in a record folder's tree; zero where there is none.
func (v *verifier) pathAt(tree objects.ID, p string) (objects.ID, error) {
	parts := strings.Split(p, "/")
	for i, name := range parts {
		if tree.IsZero() {
			return tree, nil
		}
		e, ok, err := v.entry(tree, name)
		if err != nil || !ok {
			return objects.ID{}, err
		}
		if i == len(parts)-1 {
			return blob(e), nil
		}
		tree = subtree(e)
	}
	return objects.ID{}, nil
}
