package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

// keyOf makes the same key of the same word, so that texts can be compared.
func keyOf(t testing.TB, word string) seal.Signer {
	t.Helper()
	seed := sha256.Sum256([]byte(word))
	s, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	return seal.NewSigner(s)
}

var noon = time.Date(2025, 11, 21, 12, 0, 0, 0, time.UTC)

// made builds states: a seal's hash is that of its name, so that a table can speak
// of seals by name.
type made struct{ s State }

func newMade() *made {
	return &made{State{Head: strings.Repeat("a", 40), Seals: map[string][]Sealed{}}}
}

func hashOf(name string) string { return seal.Hash([]byte(name)) }

func (m *made) seal(learner, name, by string, at time.Time, after ...string) *made {
	var previous []string
	for _, a := range after {
		previous = append(previous, hashOf(a))
	}
	m.s.Seals[learner] = append(m.s.Seals[learner], Sealed{Hash: hashOf(name), Name: name + ".seal", By: by, Recorded: at, Previous: previous})
	inOrder(m.s.Seals[learner])
	return m
}

func (m *made) drop(name string) *made {
	for l := range m.s.Seals {
		m.s.Seals[l] = slices.DeleteFunc(m.s.Seals[l], func(x Sealed) bool { return x.Hash == hashOf(name) })
	}
	return m
}

func (m *made) remove(name string) *made {
	m.drop(name)
	if m.s.Removed == nil {
		m.s.Removed = map[string]string{}
	}
	m.s.Removed[hashOf(name)] = "removals/2025-11-22-k4f7.yaml"
	return m
}

func (m *made) copy() *made {
	out := newMade()
	out.s.Head = m.s.Head
	for l, list := range m.s.Seals {
		out.s.Seals[l] = slices.Clone(list)
	}
	for h, p := range m.s.Removed {
		if out.s.Removed == nil {
			out.s.Removed = map[string]string{}
		}
		out.s.Removed[h] = p
	}
	return out
}

func (m *made) checkpoint(at time.Time, full bool) Checkpoint {
	c := CheckpointOf(m.s)
	c.Setting, c.Folder, c.Made, c.By = "Thornelaw First School", strings.Repeat("f", 16), at, "grimes"
	if !full {
		c = c.Short()
	}
	return c
}

func (m *made) past() Past {
	return Past{State: m.s, Setting: "Thornelaw First School", Folder: strings.Repeat("f", 16)}
}

func hours(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

func school() *made {
	return newMade().
		seal("bk7m2xqt", "a1", "grimes", hours(-90)).
		seal("bk7m2xqt", "a2", "grimes", hours(-60), "a1").
		seal("bk7m2xqt", "a3", "eyre", hours(-30), "a2").
		seal("c3d9wxkz", "b1", "eyre", hours(-50)).
		seal("c3d9wxkz", "b2", "eyre", hours(-5), "b1").
		seal(seal.Setting, "s1", "grimes", hours(-100))
}

func TestTheTextOfACheckpoint(t *testing.T) {
	m := school()
	c := m.checkpoint(noon, true)
	c.Setting = "École de la Tour, St Agnès"
	c.Demonstration = date.New(2026, 6, 1)
	const want = `sendctl-checkpoint/1
setting: ?cole de la Tour, St Agn?s
folder: ffffffffffffffff
made: 2025-11-21T12:00:00Z
by: grimes
seals: 6
latest: L
all: 0
head: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
demonstration: 2026-06-01
tips: 3
tip: bk7m2xqt A
tip: c3d9wxkz B
tip: setting S
`
	text := strings.NewReplacer("A\n", hashOf("a3")+"\n", "B\n", hashOf("b2")+"\n", "S\n", hashOf("s1")+"\n").Replace(want)
	tips := []string{hashOf("a3") + "\n", hashOf("b2") + "\n", hashOf("s1") + "\n"}
	slices.Sort(tips)
	text = strings.Replace(text, "latest: L", "latest: "+seal.Hash([]byte(strings.Join(tips, ""))), 1)
	text = strings.Replace(text, "all: 0", "all: "+c.All, 1)
	if diff := cmp.Diff(text, string(c.Bytes())); diff != "" {
		t.Error(diff)
	}
	k := keyOf(t, "grimes")
	signed, err := c.Short().Signed(k)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(signed.Bytes()); n > 800 {
		t.Errorf("a signed short checkpoint has %d bytes: too many for a small code on paper", n)
	}
	if err := signed.Verify(k.Public()); err != nil {
		t.Error(err)
	}
	if err := signed.Verify(keyOf(t, "eyre").Public()); !errors.Is(err, seal.ErrOtherKey) {
		t.Errorf("another key: %v", err)
	}
}

func TestACheckpointHasOneSpelling(t *testing.T) {
	k := keyOf(t, "grimes")
	rapid.Check(t, func(t *rapid.T) {
		m := school()
		c := m.checkpoint(noon, rapid.Bool().Draw(t, "full"))
		if rapid.Bool().Draw(t, "demonstration") {
			c.Demonstration = date.New(2026, 6, 1)
		}
		if rapid.Bool().Draw(t, "signed") {
			c, _ = c.Signed(k)
		}
		b := c.Bytes()
		got, err := ParseCheckpoint(b)
		if err != nil || !bytes.Equal(got.Bytes(), b) {
			t.Fatalf("%v\n%s", err, got.Bytes())
		}
		// What mail does to a text is forgiven.
		mailed := "\ufeff\r\n" + strings.ReplaceAll(string(b), "\n", " \r\n") + "\r\n\r\n"
		if got, err = ParseCheckpoint([]byte(mailed)); err != nil || !bytes.Equal(got.Bytes(), b) {
			t.Fatalf("as it came by mail: %v", err)
		}
		// Any other change is seen: it is refused, or is another checkpoint, whose
		// signature then does not hold.
		i := rapid.IntRange(0, len(b)*8-1).Draw(t, "bit")
		b[i/8] ^= 1 << (i % 8)
		if got, err = ParseCheckpoint(b); err == nil && bytes.Equal(got.Bytes(), c.Bytes()) && !bytes.Equal(bytes.TrimSpace(b), bytes.TrimSpace(c.Bytes())) {
			t.Fatalf("bit %d flipped makes no difference", i)
		}
		if err == nil && c.Signature != nil && !bytes.Equal(got.Bytes(), c.Bytes()) && got.Verify(k.Public()) == nil {
			t.Fatalf("bit %d flipped, and the signature holds", i)
		}
	})
}

func TestWhatIsNoCheckpoint(t *testing.T) {
	whole := string(school().checkpoint(noon, true).Bytes())
	for name, text := range map[string]string{
		"nothing":      "",
		"a seal":       "format: seal/v1\n",
		"cut short":    whole[:len(whole)/2],
		"a line more":  whole + "note: hello\n",
		"a line less":  strings.Replace(whole, "by: grimes\n", "", 1),
		"another list": strings.Replace(whole, hashOf("a3"), hashOf("a2"), 1),
		"a tip less":   strings.Replace(whole, "tip: bk7m2xqt "+hashOf("a3")+"\n", "", 1),
		"a big number": strings.Replace(whole, "tips: 3", "tips: 99999999", 1),
	} {
		var e *CheckpointError
		if _, err := ParseCheckpoint([]byte(text)); !errors.As(err, &e) || e.TooNew {
			t.Errorf("%s: %v", name, err)
		}
	}
	var e *CheckpointError
	if _, err := ParseCheckpoint([]byte(strings.Replace(whole, "checkpoint/1", "checkpoint/2", 1))); !errors.As(err, &e) || !e.TooNew {
		t.Errorf("a later version: %v", err)
	}
}

func kinds(c Comparison) string {
	var out []string
	for _, f := range c.Findings {
		if f.Kind != "checkpoint-unsigned" {
			out = append(out, string(f.Weight)+" "+f.Kind)
		}
	}
	return strings.Join(out, ", ")
}

func TestCompare(t *testing.T) {
	then := school()
	for _, tt := range []struct {
		name  string
		now   *made
		want  string // of the short form without its commit at hand
		full  string // "" as want
		holds int    // seals it speaks of that are here or removed
	}{
		{"nothing changed", then.copy(), "", "", 6},
		{"only longer", then.copy().seal("bk7m2xqt", "a4", "grimes", hours(3), "a3"), "", "", 6},
		{"a new learner", then.copy().seal("zzzz3333", "z1", "grimes", hours(3)), "", "", 6},
		{"an act of another, offline, merged later", then.copy().seal("bk7m2xqt", "x", "eyre", hours(-7), "a2").seal("bk7m2xqt", "m", "eyre", hours(5), "a3", "x"), "note came-later", "", 6},
		{"a clock that runs ahead", newMade().seal("bk7m2xqt", "a1", "grimes", hours(30)), "broken checkpoint-gone", "", 0},
		{"the last act gone", then.copy().drop("b2"), "broken checkpoint-gone", "", 0},
		{"the last act gone, another done", then.copy().drop("b2").seal("c3d9wxkz", "b3", "eyre", hours(2), "b1"), "broken checkpoint-gone", "", 0},
		{"the last act replaced by one as old", then.copy().drop("b2").seal("c3d9wxkz", "b3", "eyre", hours(-5), "b1"), "broken checkpoint-gone", "", 0},
		{"a learner gone", then.copy().drop("b2").drop("b1"), "broken checkpoint-gone", "", 0},
		{"a learner removed", then.copy().remove("b2").remove("b1").seal(seal.Setting, "s2", "grimes", hours(9), "s1"), "", "", 6},
		{"one file removed", then.copy().remove("a3").seal(seal.Setting, "s2", "grimes", hours(9), "s1"), "", "", 6},
		{"removed, and another gone", then.copy().remove("b2").remove("b1").drop("a3"), "broken checkpoint-gone", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			full := tt.full
			if full == "" {
				full = tt.want
			}
			for form, want := range map[bool]string{false: tt.want, true: full} {
				got := tt.now.past().Compare(Named{"C", then.checkpoint(noon, form)})
				if kinds(got) != want {
					t.Errorf("full %t: %q, want %q", form, kinds(got), want)
				}
				if got.Extends != (tt.holds > 0) {
					t.Errorf("full %t: extends %t", form, got.Extends)
				}
			}
		})
	}
}

func TestACheckpointOfTheCommitAtHand(t *testing.T) {
	then := school()
	now := then.copy().drop("a1")
	for i := range 300 { // too many to find out by sums alone
		now.seal("c3d9wxkz", fmt.Sprint("n", i), "eyre", hours(-40))
		then.seal("c3d9wxkz", fmt.Sprint("n", i), "eyre", hours(-40))
	}
	now.s.At = func(string) (State, bool) { return State{}, false }
	c := Named{"C", then.checkpoint(noon, false)}
	if got := now.past().Compare(c); kinds(got) != "broken checkpoint-gone" {
		t.Errorf("by its time: %q", kinds(got))
	}
	now.seal("c3d9wxkz", "more", "eyre", hours(-40))
	if got := now.past().Compare(c); kinds(got) != "cannot-tell checkpoint-unclear" {
		t.Errorf("without the commit: %q", kinds(got))
	}
	now.s.At = func(id string) (State, bool) { return then.s, id == then.s.Head }
	got := now.past().Compare(c)
	if kinds(got) != "broken checkpoint-gone" || !strings.Contains(got.Findings[1].Message, hashOf("a1")) {
		t.Errorf("with the commit: %v", got.Findings)
	}
}

func TestBackdatedBehindACheckpoint(t *testing.T) {
	then := school()
	late := func(by string) *made { return then.copy().seal("c3d9wxkz", "b3", by, hours(-4), "b2") }
	follows := func(yes, known bool) func(string, string) (bool, bool) {
		return func(string, string) (bool, bool) { return yes, known }
	}
	for _, tt := range []struct {
		name    string
		by      string
		follows func(string, string) (bool, bool)
		want    string
	}{
		{"by its own maker, in the same line", "grimes", follows(true, true), "broken backdated"},
		{"by its own maker, on a side line", "grimes", follows(false, true), "note came-later"},
		{"by its own maker, the commit gone", "grimes", follows(false, false), "note came-later"},
		{"by another", "eyre", follows(true, true), "note came-later"},
	} {
		for _, full := range []bool{false, true} {
			p := late(tt.by).past()
			p.Follows = tt.follows
			if got := kinds(p.Compare(Named{"C", then.checkpoint(noon, full)})); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
	}
	p := then.copy().seal("c3d9wxkz", "b3", "grimes", noon.Add(-5*time.Minute), "b2").past()
	p.Follows = follows(true, true)
	if got := kinds(p.Compare(Named{"C", then.checkpoint(noon, false)})); got != "" {
		t.Errorf("a clock put back by five minutes: %q", got)
	}
}

func TestWhoseCheckpointItIs(t *testing.T) {
	m := school()
	p := m.past()
	k, other := keyOf(t, "grimes"), keyOf(t, "eyre")
	p.Maker = func(person, public string, on date.Date) bool {
		return person == "grimes" && public == k.Public() && on == date.New(2025, 11, 21)
	}
	sign := func(k seal.Signer) Checkpoint {
		c, err := m.checkpoint(noon, false).Signed(k)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	forged := sign(k)
	forged.Made = forged.Made.Add(time.Hour)
	demo := sign(k).Short()
	demo.Demonstration = date.New(2026, 6, 1)
	elsewhere := newMade().seal("kkkk3333", "y", "eyre", hours(-9)).checkpoint(noon, true)
	elsewhere.Folder, elsewhere.Setting = strings.Repeat("e", 16), "Lowood"
	short := elsewhere.Short()
	namesake := short
	namesake.Setting = "Thornelaw First School"
	for name, tt := range map[string]struct {
		c    Checkpoint
		want string
	}{
		"signed by its maker":          {sign(k), ""},
		"signed with another's key":    {sign(other), "broken checkpoint-key"},
		"changed since":                {forged, "broken checkpoint-signature"},
		"of a demonstration":           {demo, "broken checkpoint-demonstration"},
		"of another folder":            {elsewhere, "broken checkpoint-other-folder"},
		"of another folder, the short": {short, "broken checkpoint-other-folder"},
		"of a namesake's, the short":   {namesake, "broken checkpoint-gone"},
	} {
		if got := kinds(p.Compare(Named{"C", tt.c})); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestTwoCheckpointsThatContradictEachOther(t *testing.T) {
	base := school()
	one := base.copy().seal("bk7m2xqt", "a4", "grimes", hours(1), "a3")
	two := base.copy().seal("bk7m2xqt", "a5", "grimes", hours(1), "a3")
	two.s.Head = strings.Repeat("b", 40)
	both := one.copy().seal("bk7m2xqt", "a5", "grimes", hours(1), "a3")
	for _, full := range []bool{false, true} {
		named := []Named{{"parent", one.checkpoint(hours(2), full)}, {"governor", two.checkpoint(hours(2), full)}}
		if _, fs := one.past().CompareAll(named); len(fs) != 1 || !strings.Contains(fs[0].Message, "parent") || !strings.Contains(fs[0].Message, "governor") {
			t.Errorf("full %t: a split view is told as %v", full, fs)
		}
		found, fs := both.past().CompareAll(named)
		if len(fs) != 0 || !found[0].Extends || !found[1].Extends {
			t.Errorf("full %t: two copies that were merged are told as %v", full, fs)
		}
	}
	lie := two.checkpoint(hours(2), true)
	lie.Head = one.s.Head
	if _, fs := newMade().past().CompareAll([]Named{{"parent", one.checkpoint(hours(2), true)}, {"governor", lie}}); len(fs) != 1 {
		t.Errorf("two checkpoints of one commit that differ: %v", fs)
	}
}

// Whatever is recorded, merged and removed after a checkpoint, by whatever clock,
// an honest folder extends it, and is never called broken; and where a seal of it is
// dropped, it never does.
func TestAnHonestFolderExtendsItsCheckpoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMade()
		learners := []string{"bk7m2xqt", "c3d9wxkz", "zzzz3333"}
		people := []string{"grimes", "eyre"}
		n := rapid.IntRange(1, 400).Draw(t, "seals")
		shift := rapid.IntRange(0, 2).Draw(t, "learners")
		tips := map[string][]string{}
		record := func(i int, at time.Time) {
			l := learners[(i*i+shift)%3]
			name := fmt.Sprint("n", i)
			m.seal(l, name, people[i%2], at, tips[l]...)
			tips[l] = []string{name}
		}
		for i := range n {
			record(i, hours(-n+i))
		}
		c := m.checkpoint(noon, false)
		full := m.checkpoint(noon, true)
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprint("n", i)
		}
		offline := rapid.IntRange(0, 60).Draw(t, "offline")
		back := rapid.IntRange(0, n).Draw(t, "how long offline")
		for i := range offline { // done long ago by another's clock, and merged since
			at := hours(-back).Add(time.Duration(i*back) * time.Hour / time.Duration(offline+1))
			m.seal(learners[i%3], fmt.Sprint("o", i), "eyre", at)
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "since") {
			m.seal(learners[i%3], fmt.Sprint("s", i), "grimes", hours(i+1))
		}
		for range rapid.IntRange(0, 3).Draw(t, "removed") {
			m.remove(names[rapid.IntRange(0, n-1).Draw(t, "which")])
		}
		few := m.s.Count()+len(m.s.Removed) <= unsure
		for _, c := range []Checkpoint{c, full} {
			got := m.past().Compare(Named{"C", c})
			if !got.Extends && (c.Full || few || offline == 0) || weighs(got.Findings, Broken) {
				t.Fatalf("full %t: %v", c.Full, got.Findings)
			}
		}
		// A seal is dropped that was not removed: never fine.
		victim := names[rapid.IntRange(0, n-1).Draw(t, "victim")]
		if _, removed := m.s.Removed[hashOf(victim)]; removed {
			return
		}
		m.drop(victim)
		got := m.past().Compare(Named{"C", c})
		if got.Extends || few && !weighs(got.Findings, Broken) || !weighs(got.Findings, Broken) && !weighs(got.Findings, CannotTell) {
			t.Fatalf("%s was dropped, and it is told as %v", victim, got.Findings)
		}
	})
}
