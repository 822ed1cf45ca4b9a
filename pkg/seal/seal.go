package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
)

// Namespace is the SSH signature namespace of a seal: a signature made for
// anything else (a git commit, a login) is no signature of a seal.
const Namespace = "sendctl-seal"

// Extension ends the name of every seal file.
const Extension = ".seal"

// Seal says that the bytes of one file were recorded: what, whose, when, by
// whom, after which seals. It names no commit, so it outlives squash, rebase and
// handover.
type Seal struct {
	Learner string // learner id
	File    string // id of the sealed file
	Path    string // relative to the learner's folder: "cycles/2025-09-29-initial-concerns-k4f7.yaml"
	SHA256  string // 64 hex digits, of the sealed bytes
	Act     string // lower-case letters and hyphens: "review", "correct", "move"
	Date    date.Date
	// Recorded is when the act was recorded, to the second and the minute of
	// offset: a time finer than that is written coarser.
	Recorded time.Time
	By       string // person id of people.yaml
	// Demonstration is the day a demonstration folder takes for today; zero elsewhere.
	Demonstration date.Date
	// Previous are the hashes of the learner's latest seals at the time, sorted:
	// none, one, or more after a merge.
	Previous []string
	Salt     string // 32 hex digits, random: a seal's hash then says nothing about a child
	// Signature is the armoured SSH signature over Payload, nil if unsigned.
	Signature []byte
}

// Name is the seal's file name, "k4f7-review.seal".
func (s Seal) Name() string { return s.File + "-" + s.Act + Extension }

// Living reports whether the sealed file is one that goes on changing (a
// passport, a profile): its seal then holds one agreed version of it. Such files
// lie in the learner's folder itself; a file that is sealed for good lies in a
// folder of its kind.
func (s Seal) Living() bool { return !strings.Contains(s.Path, "/") }

// Covers reports whether s seals exactly the bytes b.
func (s Seal) Covers(b []byte) bool {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]) == s.SHA256
}

// Payload is the signed part of the seal: its lines down to the salt.
func (s Seal) Payload() []byte {
	var b bytes.Buffer
	b.Grow(1024)
	line := func(key, value string) { b.WriteString(key + ": " + value + "\n") }
	line("format", formatPrefix+"1")
	line("learner", s.Learner)
	line("file", s.File)
	line("path", s.Path)
	line("sha256", s.SHA256)
	line("act", s.Act)
	line("date", s.Date.String())
	line("recorded", coarse(s.Recorded).Format(time.RFC3339))
	line("by", s.By)
	if !s.Demonstration.IsZero() {
		line("demonstration", s.Demonstration.String())
	}
	for _, p := range s.Previous {
		line("previous", p)
	}
	line("salt", s.Salt)
	return b.Bytes()
}

// Bytes is the whole seal as it is written: Payload and the signature, if any.
func (s Seal) Bytes() []byte { return append(s.Payload(), s.Signature...) }

// Valid says what would make the seal unreadable once written, or nil. Whoever
// makes a seal asks this before writing it.
func (s Seal) Valid() error {
	_, err := Parse(s.Bytes())
	return err
}

// coarse gives t as a seal can hold it: whole seconds, and an offset of whole
// minutes, since RFC 3339 has no finer ones. The zone gets no name, so that the
// same text is the same value on every machine.
func coarse(t time.Time) time.Time {
	t = t.Truncate(time.Second)
	_, offset := t.Zone()
	if offset == 0 || offset%60 != 0 {
		return t.UTC()
	}
	return t.In(time.FixedZone("", offset))
}

const hashPrefix = "sha256:"

// Hash is "sha256:" and the 64 hex digits of the SHA-256 of b: the bytes of a
// seal, as its successors name it, or of a sealed file.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return string(hex.AppendEncode([]byte(hashPrefix), sum[:]))
}

const saltLen = 16 // bytes

// NewSalt draws a salt from r (crypto/rand.Reader, or a seeded reader for a demonstration).
func NewSalt(r io.Reader) (string, error) {
	b := make([]byte, saltLen)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// Tips gives the hashes of the seals (name to bytes) that no other names as its
// previous: what the next seal has to name. A seal that cannot be read is a tip
// too; nothing may drop out of the chain unnoticed.
func Tips(seals map[string][]byte) []string {
	named := map[string]bool{}
	hashes := make([]string, 0, len(seals))
	for _, b := range seals {
		hashes = append(hashes, Hash(b))
		if s, err := Parse(b); err == nil {
			for _, p := range s.Previous {
				named[p] = true
			}
		}
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return slices.DeleteFunc(hashes, func(h string) bool { return named[h] })
}
