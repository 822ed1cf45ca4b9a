package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// entry is one line of the roster: a key that is a person's for some days.
type entry struct {
	person, public string
	from, until    date.Date
}

// endedBy is the entry as a sealed revocation of its key leaves it.
func (e entry) endedBy(x revocation) entry {
	if !x.Until.IsZero() && (e.until.IsZero() || e.until.After(x.Until)) {
		e.until = x.Until
	}
	return e
}

func (e entry) valid(on date.Date) bool {
	return !on.Before(e.from) && (e.until.IsZero() || !on.After(e.until))
}

// roster is whose keys count, and since which commit.
type roster struct {
	now     []entry // at HEAD
	vouched map[entry]bool
	since   map[entry]int32 // the commit that brought it, where that was walked
	ever    map[string]bool // ids of all persons there ever were
	revoked map[string]revocation
}

// revocation is a sealed record that a key does not count any more.
type revocation struct {
	learner.KeyChange
	file     string
	recorded time.Time
}

// plain is a public key without its comment.
func plain(public string) string {
	f := strings.Fields(public)
	if len(f) > 2 {
		f = f[:2]
	}
	return strings.Join(f, " ")
}

func entriesOf(people []learner.Person) (out []entry) {
	for _, p := range people {
		for _, k := range p.Keys {
			out = append(out, entry{p.ID, plain(k.Public), k.From, k.Until})
		}
	}
	return out
}

// peopleAt reads a version of people.yaml.
func (v *verifier) peopleAt(id objects.ID) ([]learner.Person, error) {
	if id.IsZero() {
		return nil, nil
	}
	b, err := of(v.store, objects.Blob, id)
	if err != nil {
		if fatal(err) {
			return nil, err
		}
		return nil, nil
	}
	f, _, err := recordfile.Read[learner.People]("people.yaml", recordfile.People, b)
	if err != nil || f.Doc == nil {
		return nil, nil
	}
	return f.Value.People, nil
}

// judgeRoster follows the roster through the history: a key counts that was there
// first, or that somebody vouched for whose key counted then.
func (v *verifier) judgeRoster() error {
	r := &roster{vouched: map[entry]bool{}, since: map[entry]int32{}, ever: map[string]bool{}, revoked: map[string]revocation{}}
	v.roster = r
	if v.folder == nil {
		return nil
	}
	r.now = entriesOf(v.folder.People.Value.People)
	for _, p := range v.folder.People.Value.People {
		r.ever[p.ID] = true
	}
	turns, err := v.rosterTurns()
	if err != nil {
		return err
	}
	added, revokes := v.keyRecords()
	for _, x := range revokes {
		r.revoked[plain(x.Public)] = x
	}
	first := int32(-1)
	var firsts []turn
	for _, t := range turns {
		for _, e := range t.brought {
			if _, ok := r.since[e]; !ok {
				r.since[e] = t.commit
			}
		}
		switch {
		case len(t.before) > 0 || len(t.brought) == 0:
		case v.walk.commits[t.commit].cut:
			for _, e := range t.brought { // what was so where the reading began
				r.vouched[e] = true
			}
		case first < 0:
			first = t.commit
			for _, e := range t.brought {
				r.vouched[e] = true
			}
			v.add(v.by(Finding{Kind: "first-keys", Weight: Note, File: "people.yaml",
				Message: "the first keys of this folder came with this commit; nobody could vouch for them"}, t.commit))
		default:
			firsts = append(firsts, t)
		}
	}
	v.vouch(turns, added, revokes)
	unsure := map[entry]bool{}
	for _, t := range firsts {
		for _, e := range t.brought {
			unsure[e] = true
		}
	}
	orphaned := v.orphaned(turns)
	likely := v.unsurelyVouched(turns, added, revokes, unsure, orphaned)
	for _, e := range r.now {
		if x, ok := r.revoked[e.public]; ok && x.Person == e.person && e.endedBy(x) != e {
			v.add(Finding{Kind: "key-unrevoked", Weight: Broken, File: "people.yaml", Who: x.By, When: x.recorded,
				Message: "a key of " + e.person + " was revoked by " + x.file + ", and people.yaml has it count for longer",
				Do:      "write until: " + x.Until.String() + " with that key again; see who took it out: git log -p -- people.yaml"})
			continue
		}
		if r.vouched[e] {
			continue
		}
		n, known := r.since[e]
		if !known {
			n = -1
		}
		f := v.by(Finding{Kind: "key-added", Weight: Broken, File: "people.yaml",
			Message: "a key of " + e.person + " was put into people.yaml, and nobody whose key counted then vouched for it",
			Do:      "ask " + e.person + " whether it is theirs; somebody whose key counts vouches for it: sendctl people add-key"}, n)
		if unsure[e] {
			f.Weight = CannotTell
			f.Message = "a key of " + e.person + " was put into people.yaml on a side branch where there was none before, and nobody has vouched for it"
		}
		switch {
		case orphaned[e]:
			f.Weight = CannotTell
			f.Message = "a key of " + e.person + " was put into people.yaml when no key counted any more, so nobody could vouch for it"
			f.Do = "ask " + e.person + " whether it is theirs; it stays so for good: let two people have keys from now on"
		case likely[e] && !unsure[e]:
			f.Weight = CannotTell
			f.Message = "a key of " + e.person + " is vouched for only by a key that nobody could vouch for"
			f.Do = "ask " + e.person + " whether it is theirs"
		}
		v.add(f)
	}
	return v.droppedKeys()
}

// turn is a commit that changed the keys in people.yaml.
type turn struct {
	commit  int32
	before  []entry // of its parents
	brought []entry // that no parent has
	gone    []entry // that every parent has
}

// rosterTurns lists the changes of the roster, the oldest first.
func (v *verifier) rosterTurns() ([]turn, error) {
	byCommit := map[int32][]own{}
	for _, x := range v.walk.history.files["people.yaml"] {
		byCommit[x.commit] = append(byCommit[x.commit], x)
	}
	if len(byCommit) == 0 {
		return nil, nil
	}
	var out []turn
	for _, n := range v.walk.oldestFirst() {
		changes := byCommit[n]
		if changes == nil {
			continue
		}
		now, err := v.peopleAt(changes[0].now)
		if err != nil {
			return nil, err
		}
		for _, p := range now {
			v.roster.ever[p.ID] = true
		}
		has := entriesOf(now)
		t := turn{commit: n}
		all := len(changes) >= len(v.walk.commits[n].parents) // else one parent has it just so
		count := map[entry]int{}
		for _, x := range changes {
			was, err := v.peopleAt(x.was)
			if err != nil {
				return nil, err
			}
			for _, e := range entriesOf(was) {
				if count[e]++; !slices.Contains(t.before, e) {
					t.before = append(t.before, e)
				}
			}
		}
		if !all {
			continue
		}
		for _, e := range has {
			if count[e] == 0 {
				t.brought = append(t.brought, e)
			}
		}
		for e, k := range count {
			if k == len(changes) && !slices.Contains(has, e) {
				t.gone = append(t.gone, e)
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// keyRecord is a sealed change of the roster, and who signed it.
type keyRecord struct {
	learner.KeyChange
	by  string
	key string // "" where it is not signed, or not well
	on  date.Date
}

// keyRecords reads the sealed changes of the roster.
func (v *verifier) keyRecords() (added []keyRecord, revoked []revocation) {
	own := v.chains[seal.Setting]
	for _, k := range v.folder.Keys {
		if k.Doc == nil {
			continue
		}
		for i := range own.seals {
			h := &own.seals[i]
			if h.unread != nil || h.Sealed(h.name) != k.Path || !h.Covers(k.Doc.Bytes()) {
				continue
			}
			if k.Value.By != "" && k.Value.By != h.By {
				v.add(Finding{Kind: "forged-author", Weight: Broken, File: k.Path, Seal: h.hash, Who: h.By, When: h.Recorded,
					Message: "this change of the roster says that somebody else recorded it than the person who sealed it"})
				continue
			}
			x := keyRecord{KeyChange: k.Value, by: h.By, on: dayOf(h)}
			if h.bad == nil {
				x.key = h.key
			}
			added = append(added, x)
			if k.Value.What == "revoke" {
				revoked = append(revoked, revocation{k.Value, k.Path, h.Recorded})
			}
		}
	}
	return added, revoked
}

// vouch works out whose keys count, until nothing more does.
func (v *verifier) vouch(turns []turn, records []keyRecord, _ []revocation) {
	r := v.roster
	counts := func(person, key string, on date.Date) bool {
		for e := range r.vouched {
			if e.public == key && (person == "" || e.person == person) && e.valid(on) {
				return true
			}
		}
		return false
	}
	vouchedBy := func(e entry, t *turn) bool {
		for _, x := range records {
			if x.key == "" || x.Person != e.person || plain(x.Public) != e.public {
				continue
			}
			fits := x.What == "add" && (x.From.IsZero() || x.From == e.from) && (e.until.IsZero() || x.Until == e.until) ||
				x.What == "revoke" && !e.until.IsZero() && (x.Until.IsZero() || x.Until == e.until) && v.knownKey(e)
			// A key may not vouch for itself, only end itself.
			if fits && (x.What == "revoke" || x.key != e.public) && counts(x.by, x.key, x.on) {
				return true
			}
		}
		if t == nil {
			return false
		}
		c := &v.walk.commits[t.commit]
		if c.key < 0 {
			return false
		}
		key := v.walk.keys.list[c.key]
		for _, b := range t.before {
			if b.public == key && r.vouched[b] && b.valid(date.Of(c.when())) {
				return true
			}
		}
		return false
	}
	for again := true; again; {
		again = false
		for i := range turns {
			for _, e := range turns[i].brought {
				if !r.vouched[e] && vouchedBy(e, &turns[i]) {
					r.vouched[e], again = true, true
				}
			}
		}
		for _, e := range r.now {
			if !r.vouched[e] && vouchedBy(e, nil) {
				r.vouched[e], again = true, true
			}
		}
	}
}

// knownKey reports whether the key counted for that person before it was ended.
func (v *verifier) knownKey(e entry) bool {
	for x := range v.roster.vouched {
		if x.person == e.person && x.public == e.public && x.from == e.from {
			return true
		}
	}
	return false
}

// droppedKeys finds keys that counted and were taken out of people.yaml: what they
// signed could not be checked any more by who knows only HEAD.
func (v *verifier) droppedKeys() error {
	r := v.roster
	in := func(e entry) bool {
		return slices.ContainsFunc(r.now, func(x entry) bool { return x.person == e.person && x.public == e.public })
	}
	told := map[string]bool{}
	for _, e := range slices.SortedFunc(maps.Keys(r.vouched), func(a, b entry) int {
		return cmp.Or(strings.Compare(a.person, b.person), strings.Compare(a.public, b.public))
	}) {
		if in(e) || told[e.person+e.public] {
			continue
		}
		told[e.person+e.public] = true
		used := false
		for _, c := range v.chains {
			for i := range c.seals {
				used = used || c.seals[i].key == e.public
			}
		}
		if used {
			v.add(Finding{Kind: "key-dropped", Weight: Broken, File: "people.yaml",
				Message: "a key of " + e.person + " that signed seals was taken out of people.yaml",
				Do:      "put the line back: git log -p -- people.yaml shows it; to end a key: sendctl people revoke-key"})
		}
	}
	return nil
}

// judgeSignatures holds every seal, and every signed commit, against the roster.
func (v *verifier) judgeSignatures() {
	if v.folder == nil {
		return
	}
	v.judgeArrivals()
	j := &signing{v: v, groups: map[string]*Finding{}, count: map[string]int{}}
	var exempt map[string]exemption
	if v.folder.Setting.Value.RequireSignatures {
		exempt = v.beforeRequired()
	}
	for _, id := range slices.Sorted(maps.Keys(v.chains)) {
		c := v.chains[id]
		came := v.cameWith(c)
		for i := range c.seals {
			h := &c.seals[i]
			if h.unread == nil {
				j.seal(c, h, exempt, came[h.hash])
			}
		}
	}
	j.flush()
	v.judgeDemand()
	v.judgeCommits()
}

// signing judges signatures, and gathers what would be said of many seals alike.
type signing struct {
	v      *verifier
	groups map[string]*Finding
	count  map[string]int
}

// many gathers findings that differ in the seal alone. The message may hold %d.
func (j *signing) many(key string, f Finding) {
	if j.groups[key] == nil {
		j.groups[key] = &f
	}
	j.count[key]++
}

func (j *signing) flush() {
	for _, key := range slices.Sorted(maps.Keys(j.groups)) {
		f := *j.groups[key]
		if n := j.count[key]; n > 1 {
			f.Message += fmt.Sprintf("; %d seals are like this, this is the first", n)
		}
		j.v.add(f)
	}
}

func (j *signing) seal(c *chain, h *held, exempt map[string]exemption, came bool) {
	v := j.v
	base := Finding{Learner: whose(c.whose), File: h.covers(c.whose), Seal: h.hash, Who: h.By, When: h.Recorded}
	mine := v.keysOf(c, h.By)
	day := dayOf(h)
	require := v.folder.Setting.Value.RequireSignatures && !came
	if h.key == "" {
		v.report.Checked.Unsigned++
		had := slices.ContainsFunc(mine, func(e entry) bool { return e.valid(day) && v.hadThen(e, h, day) })
		f := base
		f.Kind = "unsigned"
		switch {
		case require && exempt[h.hash] == lapsed && had:
			f.Weight, f.Message = CannotTell, "this seal is not signed: it came while signatures were not demanded, though "+h.By+" had a key that day"
			f.Do = "ask " + h.By + " whether they recorded it"
			j.many("lapsed "+h.By, f)
		case require && exempt[h.hash] != demanded:
			f.Weight, f.Message = Note, "this seal is not signed; it was there before signatures were demanded"
			j.many("before-required", f)
		case require:
			f.Weight, f.Message = Broken, "this seal is not signed, and sendctl.yaml demands signatures"
			f.Do = "ask " + h.By + " whether they recorded it; if so they record it again, signed: sendctl correct"
			j.many("required "+h.By, f)
		case had:
			f.Weight, f.Message = CannotTell, "this seal is not signed, though "+h.By+" had a key that day: anybody could have made it"
			f.Do = "ask " + h.By + " whether they recorded it"
			j.many("had "+h.By, f)
		}
		j.known(c, h, base)
		return
	}
	v.report.Checked.Signed++
	if h.bad != nil {
		f := base
		f.Kind, f.Weight, f.Message = "signature", Broken, "the signature of this seal does not hold: "+h.bad.Error()
		f.Do = "see who put it there: git log --oneline -- " + h.at(c.whose)
		v.add(f)
		return
	}
	ofBy := slices.DeleteFunc(slices.Clone(mine), func(e entry) bool { return e.public != h.key })
	f := base
	f.Kind, f.Weight = "forged-author", Broken
	f.Do = "ask " + h.By + " whether they recorded it"
	switch {
	case slices.ContainsFunc(ofBy, func(e entry) bool { return e.valid(day) }):
		j.revoked(c, h, base)
		return
	case len(ofBy) > 0:
		f.Message = "this seal is signed with a key of " + h.By + " that did not count on that day"
	case v.keyOwner(h.key) != "":
		f.Message = "this seal says it is " + h.By + "'s, and is signed with a key of " + v.keyOwner(h.key)
	case len(mine) > 0:
		f.Message = "this seal is signed with a key that is not " + h.By + "'s"
		if v.toldKey(h.By, h.key) {
			return // the key itself is told of
		}
	case require && exempt[h.hash] == demanded:
		f.Message = "this seal is signed with a key that is nobody's in people.yaml, and sendctl.yaml demands signatures"
		if v.toldKey(h.By, h.key) {
			return
		}
	default:
		f.Kind, f.Weight, f.Do = "key-unknown", Note, ""
		f.Message = "signed with a key that people.yaml does not hold, so it does not show who signed"
		if v.toldKey(h.By, h.key) {
			return
		}
		j.many("unknown "+h.By, f)
		j.known(c, h, base)
		return
	}
	j.many(string(f.Kind)+f.Message, f)
}

// toldKey reports whether a person's key is in people.yaml with nobody to vouch for it.
func (v *verifier) toldKey(person, key string) bool {
	return slices.ContainsFunc(v.roster.now, func(e entry) bool { return e.public == key && e.person == person && !v.roster.vouched[e] })
}

// known finds a seal by somebody who never was in people.yaml.
func (j *signing) known(c *chain, h *held, base Finding) {
	if j.v.roster.ever[h.By] || slices.ContainsFunc(c.people, func(p learner.Person) bool { return p.ID == h.By }) {
		return
	}
	f := base
	f.Kind, f.Weight, f.Message = "forged-author", Broken, "this seal says it was made by somebody who never was in people.yaml"
	f.Do = "see whose commit it was: git log -- " + h.at(c.whose)
	if j.v.Since != "" {
		f.Weight = CannotTell
	}
	j.many("nobody "+h.By, f)
}

// keysOf lists the keys that count as a person's within one learner's record: those
// that came with the record stand before the folder's own.
func (v *verifier) keysOf(c *chain, person string) (out []entry) {
	if slices.ContainsFunc(c.people, func(p learner.Person) bool { return p.ID == person }) {
		for _, e := range entriesOf(c.people) {
			if e.person == person {
				out = append(out, e)
			}
		}
		return out
	}
	for e := range v.roster.vouched {
		if e.person != person {
			continue
		}
		if x, ok := v.roster.revoked[e.public]; ok && x.Person == person {
			e = e.endedBy(x)
		}
		// A key that was ended since counts only until then.
		if e.until.IsZero() && slices.ContainsFunc(v.roster.now, func(x entry) bool {
			return x.person == person && x.public == e.public && x.from == e.from && !x.until.IsZero() && v.roster.vouched[x]
		}) {
			continue
		}
		out = append(out, e)
	}
	return out
}

// hadThen reports whether a person's key was in people.yaml when they recorded
// something: it may have come later, and count from an earlier day.
func (v *verifier) hadThen(e entry, h *held, day date.Date) bool {
	n, ok := v.roster.since[e]
	if !ok || v.walk.commits[n].cut {
		return day != e.from
	}
	return h.Recorded.After(v.walk.commits[n].when())
}

func (v *verifier) keyOwner(key string) string {
	for e := range v.roster.vouched {
		if e.public == key {
			return e.person
		}
	}
	return ""
}

// revoked asks of a seal by a key that was revoked later whether it is known to be
// from before.
func (j *signing) revoked(c *chain, h *held, base Finding) {
	v := j.v
	x, ok := v.roster.revoked[h.key]
	if !ok || v.covered(x)[h.hash] {
		return
	}
	if v.witnessed(h.hash, h.key, x.recorded) {
		return
	}
	f := base
	f.Kind, f.Weight = "after-revocation", CannotTell
	f.Message = "signed with a key of " + h.By + " that was revoked later, and nothing from before that shows that this is older"
	f.Do = "ask " + h.By + " whether they recorded it; a checkpoint from before " + x.Date.Long() + " would show it: sendctl audit verify --checkpoint FILE"
	j.many("revoked "+x.file, f)
}

// judgeArrivals holds the adults who came with a record against what the sealed
// arrival says came.
func (v *verifier) judgeArrivals() {
	for _, id := range slices.Sorted(maps.Keys(v.chains)) {
		c := v.chains[id]
		if c.peopleIs == "" || len(entriesOf(c.people)) == 0 {
			continue
		}
		ok := slices.ContainsFunc(c.arrivals, func(a arrived) bool {
			return a.people == c.peopleIs && slices.ContainsFunc(c.seals, func(h held) bool { return h.unread == nil && h.File == a.file })
		})
		if ok {
			continue
		}
		v.add(Finding{Kind: "key-added", Weight: Broken, Learner: id, File: "learners/" + id + "/people.yaml",
			Message: "these are not the adults who came with the record, as the sealed arrival has them",
			Do:      "see who changed it: git log -p -- learners/" + id + "/people.yaml"})
		c.people = nil
	}
}

// cameWith lists the seals that came with a record from another setting: what its
// arrival follows.
func (v *verifier) cameWith(c *chain) map[string]bool {
	if len(c.arrivals) == 0 {
		return nil
	}
	out := map[string]bool{}
	for i := range c.seals {
		h := &c.seals[i]
		if slices.ContainsFunc(c.arrivals, func(a arrived) bool { return a.file == h.File }) {
			v.rests(c, h.Previous, out)
		}
	}
	return out
}

// rests adds to out all the seals of a chain that the given ones rest on, themselves
// too. What was removed since is gone through by time.
func (v *verifier) rests(c *chain, from []string, out map[string]bool) {
	stack := slices.Clone(from)
	for len(stack) > 0 {
		hash := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if out[hash] {
			continue
		}
		out[hash] = true
		if i, ok := c.byHash[hash]; ok {
			stack = append(stack, c.seals[i].Previous...)
		}
	}
}

// judgeCommits holds the signatures of commits against the roster.
func (v *verifier) judgeCommits() {
	unknown, other := 0, 0
	for i := range v.walk.commits {
		c := &v.walk.commits[i]
		switch {
		case c.key == keyBad:
			v.add(v.by(Finding{Kind: "commit-signature", Weight: Broken, Message: "the signature of this commit does not hold",
				Do: "look at it: git show --show-signature " + c.id.String()[:12]}, int32(i)))
		case c.key == keyOther:
			other++
		case c.key >= 0 && v.keyOwner(v.walk.keys.list[c.key]) == "" && !v.isInNow(v.walk.keys.list[c.key]):
			unknown++
		}
	}
	if unknown > 0 {
		v.note("commit-key-unknown", "%s", plural(unknown, "one commit is signed with a key that people.yaml does not hold", "%d commits are signed with keys that people.yaml does not hold"))
	}
	if other > 0 {
		v.note("commit-signature-other", "%s", plural(other, "one commit bears a signature of another kind than SSH, which was not checked", "%d commits bear signatures of another kind than SSH, which were not checked"))
	}
}

func (v *verifier) isInNow(key string) bool {
	return slices.ContainsFunc(v.roster.now, func(e entry) bool { return e.public == key })
}
