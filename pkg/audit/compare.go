package audit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

// tolerance is how far one person's clock may step back, as clocks that are put
// right do, before a time is called earlier than another.
const tolerance = 10 * time.Minute

// drift is how far two people's clocks may honestly lie apart.
const drift = 48 * time.Hour

// shown is how many seals of one learner, or learners of one checkpoint, are named
// one by one.
const shown = 20

// Past is what a folder says of its own past: what checkpoints are compared with.
type Past struct {
	State   State
	Setting string // the setting's name, as sendctl.yaml has it
	Folder  string // as Checkpoint.Folder has it: see FolderHint
	// Maker reports whether a public key was that person's on that day, by the
	// roster. Nil means that there is no roster to ask.
	Maker func(person, public string, on date.Date) bool
	// Follows reports whether a seal came into history only after a commit: whether
	// every commit that first brought it has that commit among its forebears. Known
	// is false where that commit is in no history at hand. Nil: never known.
	Follows func(sealHash, commit string) (yes, known bool)
}

// FolderHint is what a checkpoint says of the folder, from the id of its first
// commit; zeros where that is not known.
func FolderHint(firstCommit string) string {
	if len(firstCommit) < 16 {
		return strings.Repeat("0", 16)
	}
	return firstCommit[:16]
}

// Named is a checkpoint and how a person calls it: its file's name.
type Named struct {
	Name       string
	Checkpoint Checkpoint
}

// Comparison is what comparing one checkpoint with a folder came to.
type Comparison struct {
	Findings []Finding
	// Holds are the hashes of the seals that stood when it was made, nil where that
	// cannot be found out. What else is here was recorded, or came in, since.
	Holds map[string]bool
	// Extends reports that the folder has the same past, only longer.
	Extends bool
	// Key is the public key that its signature holds with, "" where it is unsigned
	// or the signature does not hold.
	Key string
	// Foreign reports that it speaks of another folder.
	Foreign bool
}

// Compare says whether the folder has the same past as the checkpoint, only longer.
func (p Past) Compare(n Named) Comparison {
	c := comparer{past: p, name: n.Name, cp: n.Checkpoint}
	c.signature()
	c.stamp()
	c.same()
	if c.out.Extends {
		c.backdated()
	}
	return c.out
}

// CompareAll compares several and says which of them contradict each other.
func (p Past) CompareAll(all []Named) ([]Comparison, []Finding) {
	var out []Comparison
	for _, n := range all {
		out = append(out, p.Compare(n))
	}
	return out, contradictions(all, out)
}

// contradictions finds pairs that cannot both be true of one folder.
func contradictions(all []Named, found []Comparison) []Finding {
	var out []Finding
	for i, a := range all {
		for j, b := range all[:i] {
			broken := func(k int) bool { return !found[k].Extends && !found[k].Foreign && weighs(found[k].Findings, Broken) }
			sameHead := a.Checkpoint.Head == b.Checkpoint.Head && a.Checkpoint.Latest != b.Checkpoint.Latest
			if !sameHead && !(broken(i) && found[j].Extends) && !(broken(j) && found[i].Extends) {
				continue
			}
			out = append(out, Finding{
				Kind: "checkpoints-contradict", Weight: Broken, Who: a.Checkpoint.By, When: a.Checkpoint.Made,
				Message: fmt.Sprintf("two people were shown two histories: %s, and %s; neither history is the other grown longer",
					told(b), told(a)),
				Do: "ask both makers for the full form (sendctl audit checkpoint --full) and for their copies of the folder, and compare what each holds",
			})
		}
	}
	return out
}

func told(n Named) string {
	c := n.Checkpoint
	return fmt.Sprintf("%s (by %s, %s: %s, latest %s)", n.Name, c.By, clock(c.Made), count(c.Seals, "seal"), brief(c.Latest))
}

func weighs(fs []Finding, v Verdict) bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Weight == v })
}

type comparer struct {
	past Past
	name string
	cp   Checkpoint
	out  Comparison
}

func (c *comparer) add(kind string, weight Verdict, do, format string, args ...any) {
	c.out.Findings = append(c.out.Findings, Finding{Kind: kind, Weight: weight, Who: c.cp.By, When: c.cp.Made,
		Message: fmt.Sprintf("checkpoint %s (by %s, %s): ", c.name, c.cp.By, clock(c.cp.Made)) + fmt.Sprintf(format, args...), Do: do})
}

// signature checks that the checkpoint is its maker's. An unsigned one is as good
// as the place it was kept in.
func (c *comparer) signature() {
	key, err := c.cp.SignedBy()
	if err == nil {
		err = c.cp.Verify(key)
	}
	switch {
	case errors.Is(err, seal.ErrUnsigned):
		c.add("checkpoint-unsigned", Note, "", "it is not signed; it is worth as much as the place it was kept in")
	case err != nil:
		c.add("checkpoint-signature", Broken, "take the copy that was first handed over; this one is not as its maker wrote it",
			"its signature does not hold: %v", err)
	case c.past.Maker != nil && !c.past.Maker(c.cp.By, key, date.Of(c.cp.Made)):
		c.add("checkpoint-key", Broken, "ask that person whether they made it, and with which key",
			"it is signed with a key that was not %s's on that day", c.cp.By)
	default:
		c.out.Key = key
	}
}

// stamp holds a demonstration apart from the real thing.
func (c *comparer) stamp() {
	here, there := c.past.State.Demonstration, ""
	if !c.cp.Demonstration.IsZero() {
		there = c.cp.Demonstration.String()
	}
	switch {
	case here == there:
	case there != "":
		c.add("checkpoint-demonstration", Broken, "", "it was made in a demonstration folder, and this folder is none")
	case here != "":
		c.add("checkpoint-demonstration", Broken, "", "it is of a real folder, and this one is a demonstration")
	}
}

// same finds the seals that stood when the checkpoint was made, and sees that each
// is here or was removed with a record of it.
func (c *comparer) same() {
	if c.cp.Full {
		c.fromTips(c.cp.Tips)
		return
	}
	if c.past.State.At != nil {
		if then, ok := c.past.State.At(c.cp.Head); ok {
			if tips := CheckpointOf(then).Tips; digestOf(tips) == c.cp.Latest {
				c.fromState(then)
				return
			}
		}
	}
	c.fromSums()
}

// fromState has every seal of the checkpoint's own commit.
func (c *comparer) fromState(then State) {
	holds := map[string]bool{}
	var gone []Tip
	for _, learner := range then.learners() {
		for _, x := range then.Seals[learner] {
			holds[x.Hash] = true
			if !c.here(learner, x.Hash) {
				gone = append(gone, Tip{learner, x.Hash})
			}
		}
	}
	c.judge(gone, holds)
}

// fromTips has the latest seals; what they follow is theirs too. A seal that is gone
// from the middle of a chain is found by the chain itself.
func (c *comparer) fromTips(tips []Tip) {
	holds := map[string]bool{}
	var gone []Tip
	byHash := map[string]map[string]Sealed{}
	guessed := false
	for _, t := range tips {
		if !c.here(t.Learner, t.Seal) {
			gone = append(gone, t)
			continue
		}
		list := byHash[t.Learner]
		if list == nil {
			list = map[string]Sealed{}
			for _, x := range c.past.State.Seals[t.Learner] {
				list[x.Hash] = x
			}
			byHash[t.Learner] = list
		}
		blind := false
		for next := []string{t.Seal}; len(next) > 0; {
			h := next[len(next)-1]
			next = next[:len(next)-1]
			if _, ok := list[h]; !ok {
				blind = true
			}
			if !holds[h] {
				holds[h] = true
				next = append(next, list[h].Previous...)
			}
		}
		if blind { // what a removed seal followed is not known any more: its time has to do
			guessed = true
			for _, x := range list {
				if !x.Recorded.After(c.cp.Made) {
					holds[x.Hash] = true
				}
			}
		}
	}
	if guessed && len(gone) == 0 {
		if found, ok := newFinder(c.past.State, c.cp).find(); ok {
			holds = found
		} else {
			c.out.Extends, c.out.Holds = true, holds
			return
		}
	}
	c.judge(gone, holds)
}

func (c *comparer) here(learner, hash string) bool {
	_, removed := c.past.State.Removed[hash]
	return removed || c.past.State.Has(learner, hash)
}

func (c *comparer) judge(gone []Tip, holds map[string]bool) {
	if len(gone) == 0 {
		c.out.Extends, c.out.Holds = true, holds
		c.itself()
		return
	}
	if len(gone) >= len(c.cp.Tips) && c.cp.Full && c.elsewhere() {
		c.foreign()
		return
	}
	var some []string
	for _, t := range gone[:min(len(gone), shown)] {
		some = append(some, t.text())
	}
	more := ""
	if n := len(gone) - len(some); n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	c.add("checkpoint-gone", Broken, howBack, "%s it speaks of %s not here, and no removal record covers %s: %s%s",
		count(len(gone), "seal"), isAre(len(gone)), itThem(len(gone)), strings.Join(some, ", "), more)
	f := &c.out.Findings[len(c.out.Findings)-1]
	f.Learner, f.Seal = gone[0].Learner, gone[0].Seal
}

// itself holds what the checkpoint counts to what it speaks of. Removed seals are in
// the count and may be in neither.
func (c *comparer) itself() {
	n, removed := len(c.out.Holds), len(c.past.State.Removed)
	if c.cp.Seals >= n-removed && c.cp.Seals <= n+removed {
		if removed > 0 {
			return
		}
		var all sum
		for h := range c.out.Holds {
			all.add(h)
		}
		if all.String() == c.cp.All {
			return
		}
	}
	c.out.Extends = false
	c.add("checkpoint-damaged", Broken, "take the copy that was first handed over; this one is not as its maker wrote it",
		"it does not agree with itself: it counts %s, and the latest it names stand for %d", count(c.cp.Seals, "seal"), n)
}

// howBack is what to do where seals of a checkpoint are missing: a copy that is
// merely behind looks the same as one that was rolled back.
const howBack = "if this copy is only behind, run sendctl sync and verify again; else get the folder back from the copy the checkpoint was made of, and find out who rewrote this one"

// elsewhere reports whether the checkpoint names another first commit than the
// folder's; where either is not known it does not.
func (c *comparer) elsewhere() bool {
	none := FolderHint("")
	return c.cp.Folder != c.past.Folder && c.cp.Folder != none && c.past.Folder != none
}

func (c *comparer) foreign() {
	c.out.Foreign = true
	whose := ""
	if c.cp.Setting != cmp.Or(asciiName(c.past.Setting), "unnamed") {
		whose = " (of " + c.cp.Setting + ")"
	}
	c.add("checkpoint-other-folder", Broken, "give the checkpoint of this folder, or verify the folder it is of",
		"this checkpoint is of another folder%s: nothing of what it speaks of is here", whose)
}

// fromSums finds the seals that stood by the checkpoint's sums alone, where neither
// a list nor its commit is at hand.
func (c *comparer) fromSums() {
	f := newFinder(c.past.State, c.cp)
	if holds, ok := f.find(); ok {
		c.out.Extends, c.out.Holds = true, holds
		return
	}
	total, byThen := len(f.all), f.until(c.cp.Made.Add(drift))
	another := c.elsewhere()
	defer func() {
		if n := len(c.out.Findings); another && !c.out.Foreign && n > 0 && c.out.Findings[n-1].Kind == "checkpoint-gone" {
			c.out.Findings[n-1].Message += "; it names another first commit, too: the history was rewritten from its start, or it is of another folder"
		}
	}()
	switch {
	case another && c.cp.Setting != cmp.Or(asciiName(c.past.Setting), "unnamed"):
		c.foreign()
	case total < c.cp.Seals:
		c.add("checkpoint-gone", Broken, howBack, "it counts %s, and here there are %d, removed ones included",
			count(c.cp.Seals, "seal"), total)
	case byThen < c.cp.Seals:
		c.add("checkpoint-gone", Broken, howBack, "it counts %s, and of those that are here only %d were recorded by then, removed ones included",
			count(c.cp.Seals, "seal"), byThen)
	case f.exhaustive():
		c.add("checkpoint-gone", Broken, howBack, "it counts %s; there are as many here, but they are not the same: at least one is gone or was replaced",
			count(c.cp.Seals, "seal"))
	default:
		c.add("checkpoint-unclear", CannotTell, "ask its maker for the full form: sendctl audit checkpoint --full; or verify in a copy that still has the commit "+brief(c.cp.Head),
			"which seals stood then cannot be found out: its commit %s is not here, and its short form does not list them", brief(c.cp.Head))
	}
}

// backdated finds what says it was recorded before the checkpoint, which lacks it.
func (c *comparer) backdated() {
	others, earliest := 0, time.Time{}
	for _, learner := range c.past.State.learners() {
		for _, x := range c.past.State.Seals[learner] {
			if c.out.Holds[x.Hash] || x.Recorded.IsZero() || !x.Recorded.Before(c.cp.Made.Add(-tolerance)) {
				continue
			}
			after, known := false, false
			if c.past.Follows != nil {
				after, known = c.past.Follows(x.Hash, c.cp.Head)
			}
			own := x.By == c.cp.By && (x.Key == "" || c.out.Key == "" || seal.SameKey(x.Key, c.out.Key))
			if own && known && after {
				c.out.Findings = append(c.out.Findings, Finding{
					Kind: "backdated", Weight: Broken, Learner: learner, File: filedUnder(learner, x.Name), Seal: x.Hash, Who: x.By, When: x.Recorded,
					Message: fmt.Sprintf("this seal says it was recorded at %s, and the checkpoint %s, made by the same person at %s, lacks it: it was recorded later than it says",
						clock(x.Recorded), c.name, clock(c.cp.Made)),
					Do: "ask " + x.By + " when it was recorded, and record what is right as a correction",
				})
				continue
			}
			others++
			if earliest.IsZero() || x.Recorded.Before(earliest) {
				earliest = x.Recorded
			}
		}
	}
	if others > 0 {
		c.add("came-later", Note, "", "%s recorded before it, as early as %s, came in after it: from another clock, or from a copy that was not in step",
			count(others, "seal"), clock(earliest))
	}
}

// filedUnder is where a seal lies, from the record folder.
func filedUnder(learner, name string) string {
	if learner == seal.Setting {
		return seal.Dir + "/" + name
	}
	return "learners/" + learner + "/" + seal.Dir + "/" + name
}

// clock is a moment as findings tell it.
func clock(t time.Time) string { return t.UTC().Format("2 January 2006 15:04") + " UTC" }

// brief is a hash or id, long enough to be told from others.
func brief(hash string) string {
	if h, ok := strings.CutPrefix(hash, "sha256:"); ok {
		return "sha256:" + h[:min(12, len(h))]
	}
	return hash[:min(12, len(hash))]
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func itThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
