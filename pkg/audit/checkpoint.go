package audit

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/seal"
)

// CheckpointNamespace is the SSH signature namespace of a checkpoint.
const CheckpointNamespace = "sendctl-checkpoint"

// MaxCheckpoint is the size in bytes past which a file is no checkpoint: the full
// form of a hundred thousand learners is smaller.
const MaxCheckpoint = 16 << 20

const (
	checkpointFormat  = "sendctl-checkpoint/"
	checkpointVersion = 1
	settingWidth      = 60 // letters of the setting's name; the code on paper has to stay small
)

// Checkpoint is a short statement of what was recorded up to a moment, made to be
// kept out of reach of whoever keeps the folder. It reads
//
//	sendctl-checkpoint/1
//	setting: Thornelaw First School
//	folder: 16 hex digits          the first commit, a hint
//	made: 2025-11-21T16:20:05Z
//	by: grimes
//	seals: 412                     how many were ever recorded, removed ones too
//	latest: sha256:64 hex digits   of the latest seal of every learner
//	all: 64 hex digits             the hashes of all seals, added up without carrying
//	head: 40 hex digits            the last commit, a hint
//	demonstration: 2026-06-01      only out of a demonstration folder
//	tips: 41                       only in the full form, and then 41 lines
//	tip: bk7m2xqt sha256:64 hex digits
//	-----BEGIN SSH SIGNATURE-----  and so on, when signed
//
// Like a seal it can be checked by ssh-keygen alone, and has one spelling. The hash
// after latest is that of the sorted hashes of the latest seals, one a line, whether
// they are listed or not. What all is good for is to find out which seals were there
// when the head is gone.
type Checkpoint struct {
	Setting       string // the setting's name in ASCII
	Folder        string
	Made          time.Time // UTC, to the second
	By            string    // person id
	Seals         int
	Latest        string
	All           string
	Head          string
	Demonstration date.Date
	Full          bool
	Tips          []Tip  // sorted; nil in the short form
	Signature     []byte // armoured, over Payload; nil if unsigned
}

// Tip is one latest seal of a learner, or of the setting itself (seal.Setting).
type Tip struct{ Learner, Seal string }

// CheckpointOf says of a state what a checkpoint of it holds, in the full form.
// The setting, the time and the person are the caller's to fill in.
func CheckpointOf(s State) Checkpoint {
	c := Checkpoint{Head: s.Head, Folder: FolderHint(s.First), Full: true}
	c.Demonstration, _ = date.Parse(s.Demonstration)
	var sum sum
	counted := map[string]bool{}
	add := func(hash string) {
		if !counted[hash] {
			counted[hash] = true
			sum.add(hash)
		}
	}
	for learner, list := range s.Seals {
		for _, x := range list {
			add(x.Hash)
		}
		for _, h := range latest(list) {
			c.Tips = append(c.Tips, Tip{learner, h})
		}
	}
	for h := range s.Removed {
		add(h)
	}
	c.Seals = len(counted)
	slices.SortFunc(c.Tips, tipOrder)
	c.Latest, c.All = digestOf(c.Tips), sum.String()
	return c
}

func tipOrder(a, b Tip) int { return strings.Compare(a.text(), b.text()) }

func (t Tip) text() string { return t.Learner + " " + t.Seal }

// digestOf is the digest of the latest seals. The learners' ids are not in it, so
// that whoever is given a proof can be given the hashes too, and learns of nobody.
func digestOf(tips []Tip) string { return seal.Hash(latestLines(tips)) }

// latestLines are the sorted hashes of the tips, one a line.
func latestLines(tips []Tip) []byte {
	hashes := make([]string, len(tips))
	for i, t := range tips {
		hashes[i] = t.Seal + "\n"
	}
	slices.Sort(hashes)
	return []byte(strings.Join(slices.Compact(hashes), ""))
}

// sum adds hashes up without carrying, so that order does not matter and one that
// is added twice is gone again. It finds, and proves nothing: Latest does that.
type sum [sha256.Size]byte

func (s *sum) add(hash string) {
	b, err := hex.DecodeString(strings.TrimPrefix(hash, "sha256:"))
	if err != nil {
		return
	}
	for i := range min(len(b), len(s)) {
		s[i] ^= b[i]
	}
}

func (s *sum) String() string { return hex.EncodeToString(s[:]) }

// Short is the checkpoint without its list and signature, to be signed anew.
func (c Checkpoint) Short() Checkpoint {
	c.Full, c.Tips, c.Signature = false, nil, nil
	return c
}

// Payload is the signed part of the checkpoint.
func (c Checkpoint) Payload() []byte {
	var b bytes.Buffer
	b.WriteString(checkpointFormat + strconv.Itoa(checkpointVersion) + "\n")
	line := func(key, value string) { b.WriteString(key + ": " + value + "\n") }
	line("setting", cmp.Or(asciiName(c.Setting), "unnamed"))
	line("folder", c.Folder)
	line("made", c.Made.UTC().Truncate(time.Second).Format(time.RFC3339))
	line("by", c.By)
	line("seals", strconv.Itoa(c.Seals))
	line("latest", c.Latest)
	line("all", c.All)
	line("head", c.Head)
	if !c.Demonstration.IsZero() {
		line("demonstration", c.Demonstration.String())
	}
	if c.Full {
		line("tips", strconv.Itoa(len(c.Tips)))
		for _, t := range c.Tips {
			line("tip", t.text())
		}
	}
	return b.Bytes()
}

// Bytes is the whole checkpoint as it is written.
func (c Checkpoint) Bytes() []byte { return append(c.Payload(), c.Signature...) }

// Hash is the checkpoint's own hash, by which two copies are compared over the
// telephone.
func (c Checkpoint) Hash() string { return seal.Hash(c.Bytes()) }

// Signed gives c with k's signature.
func (c Checkpoint) Signed(k seal.Signer) (Checkpoint, error) {
	sig, err := k.Sign(c.Payload(), CheckpointNamespace)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Signature, err = seal.Armoured(sig); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// Verify says whether the checkpoint was signed with the given public key; see
// seal.VerifySignature, whose errors it gives, and seal.ErrUnsigned.
func (c Checkpoint) Verify(authorizedKey string) error {
	if c.Signature == nil {
		return seal.ErrUnsigned
	}
	return seal.VerifySignature(c.Payload(), c.Signature, CheckpointNamespace, authorizedKey)
}

// SignedBy is the public key that the signature names; it proves nothing until
// Verify has.
func (c Checkpoint) SignedBy() (string, error) {
	if c.Signature == nil {
		return "", seal.ErrUnsigned
	}
	return seal.KeyOf(c.Signature)
}

// CheckpointError says why a file is no checkpoint, or not one as it was written.
type CheckpointError struct {
	Line   int // from 1
	What   string
	TooNew bool // it is of a version this sendctl does not know
}

func (e *CheckpointError) Error() string {
	if e.TooNew {
		return e.What
	}
	return fmt.Sprintf("not a checkpoint as sendctl writes it: line %d: %s", e.Line, e.What)
}

// ParseCheckpoint reads a checkpoint: ParseCheckpoint(b).Bytes() is b again, but for
// what mail and scanners do to the ends of lines and round the text, which is
// forgiven. It does not verify the signature. Errors are *CheckpointError.
func ParseCheckpoint(b []byte) (Checkpoint, error) {
	var c Checkpoint
	if len(b) > MaxCheckpoint {
		return c, &CheckpointError{Line: 1, What: "the file is too large"}
	}
	p := checkpointLines{rest: tidied(string(b))}
	format := p.take()
	digits, ok := strings.CutPrefix(format, checkpointFormat)
	n, err := strconv.Atoi(digits)
	switch {
	case !ok || err != nil || n < 1 || strconv.Itoa(n) != digits:
		return c, &CheckpointError{Line: 1, What: "it does not begin with " + checkpointFormat + "1"}
	case n > checkpointVersion:
		return c, &CheckpointError{Line: 1, TooNew: true,
			What: fmt.Sprintf("the checkpoint is of version %d, and this sendctl reads version %d: update sendctl", n, checkpointVersion)}
	}
	c.Setting = p.value("setting", func(v string) bool { return v != "" && asciiName(v) == v })
	c.Folder = p.value("folder", func(v string) bool { return isHexOf(v, 16) })
	p.value("made", func(v string) bool {
		t, err := time.Parse(time.RFC3339, v)
		c.Made = t.UTC()
		return err == nil && c.Made.Truncate(time.Second).Format(time.RFC3339) == v
	})
	c.By = p.value("by", plainWord)
	c.Seals = p.count("seals")
	c.Latest = p.value("latest", isSealHash)
	c.All = p.value("all", func(v string) bool { return isHexOf(v, 64) })
	c.Head = p.value("head", func(v string) bool { return isHexOf(v, 40) })
	if p.at("demonstration") {
		p.value("demonstration", func(v string) bool {
			c.Demonstration, err = date.Parse(v)
			return err == nil && !c.Demonstration.IsZero() && c.Demonstration.String() == v
		})
	}
	if c.Full = p.at("tips"); c.Full {
		last := ""
		for range p.count("tips") {
			p.value("tip", func(v string) bool {
				learner, hash, _ := strings.Cut(v, " ")
				ok := v > last && isSealHash(hash) && (learner == seal.Setting || ids.ValidLearner(learner))
				last, c.Tips = v, append(c.Tips, Tip{learner, hash})
				return ok
			})
			if p.err != nil {
				break
			}
		}
	}
	if p.err == nil && p.rest != "" {
		c.Signature = []byte(p.rest)
		if again, err := seal.Armoured(c.Signature); err != nil || !bytes.Equal(again, c.Signature) {
			p.fail("expected an SSH signature and nothing after it")
		}
	}
	if p.err == nil && c.Full && digestOf(c.Tips) != c.Latest {
		p.fail("the list of tips does not give the hash after \"latest:\"")
	}
	if p.err != nil {
		return Checkpoint{}, p.err
	}
	return c, nil
}

// tidied takes away what happens to a text on its way: other ends of lines, white
// space at the ends of lines and of the whole, a mark before it.
func tidied(s string) string {
	s = strings.TrimPrefix(s, "\ufeff")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Trim(s, " \t\r\n")
	if strings.Contains(s, " \n") || strings.Contains(s, "\t\n") {
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			lines[i] = strings.TrimRight(l, " \t")
		}
		s = strings.Join(lines, "\n")
	}
	return s + "\n"
}

type checkpointLines struct {
	rest string
	line int
	err  error
}

func (p *checkpointLines) at(key string) bool { return strings.HasPrefix(p.rest, key+": ") }

func (p *checkpointLines) take() string {
	line, rest, _ := strings.Cut(p.rest, "\n")
	p.rest = rest
	p.line++
	return line
}

func (p *checkpointLines) value(key string, ok func(string) bool) string {
	if p.err != nil {
		return ""
	}
	v, has := strings.CutPrefix(p.take(), key+": ")
	switch {
	case !has:
		p.err = &CheckpointError{Line: p.line, What: fmt.Sprintf("expected %q", key+":")}
	case !ok(v):
		p.err = &CheckpointError{Line: p.line, What: fmt.Sprintf("the value of %q is not written as in a checkpoint", key+":")}
	}
	return v
}

func (p *checkpointLines) count(key string) (n int) {
	p.value(key, func(v string) bool {
		var err error
		n, err = strconv.Atoi(v)
		return err == nil && n >= 0 && n <= 100_000_000 && strconv.Itoa(n) == v
	})
	return n
}

func (p *checkpointLines) fail(what string) {
	p.err = &CheckpointError{Line: p.line + 1, What: what}
}

// ErrNothingSealed says that there is nothing to make a checkpoint of.
var ErrNothingSealed = errors.New("there is nothing to make a checkpoint of: nothing is sealed here yet")

// asciiName makes a name printable everywhere: other letters become question marks.
func asciiName(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if b.Len() == settingWidth {
			break
		}
		if r < ' ' || r > '~' {
			r = '?'
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

func isHexOf(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

func isSealHash(s string) bool {
	h, ok := strings.CutPrefix(s, "sha256:")
	return ok && isHexOf(h, 64)
}

func plainWord(s string) bool {
	return s != "" && len(s) <= 64 &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

// learners lists the learners of a state, the setting too, sorted.
func (s State) learners() []string { return slices.Sorted(maps.Keys(s.Seals)) }
