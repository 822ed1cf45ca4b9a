package seal

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
)

// MaxSize is the size in bytes past which a file is no seal. The longest honest
// one, signed with a 16,384-bit RSA key, is a tenth of it.
const MaxSize = 64 << 10

const (
	formatPrefix = "seal/v"
	version      = 1
)

// TooNewError says that a seal is of a version this sendctl does not know: the
// answer is a newer sendctl, never a mended seal.
type TooNewError struct {
	Version int
}

// Error says which version was met.
func (e *TooNewError) Error() string {
	return fmt.Sprintf("seal is of version %d, and this sendctl reads version %d: update sendctl", e.Version, version)
}

// SyntaxError says where a text stops being a seal. Nobody mends a seal by hand:
// the answer is to bring the old bytes back.
type SyntaxError struct {
	Line int // from 1
	What string
}

// Error gives the line and what is wrong there, never what the line holds.
func (e *SyntaxError) Error() string { return fmt.Sprintf("not a seal: line %d: %s", e.Line, e.What) }

// Parse reads a seal. There is one spelling of every seal: Parse(b).Bytes() is b
// again, or Parse fails, with *TooNewError or *SyntaxError. It does not verify
// the signature.
func Parse(b []byte) (Seal, error) {
	if len(b) > MaxSize {
		return Seal{}, &SyntaxError{Line: 1, What: "the file is too large"}
	}
	r := reader{rest: string(b)}
	var s Seal

	// The version first: what follows may look different in a later one.
	format := r.value("format", func(v string) bool { return versionOf(v) > 0 })
	if r.err != nil {
		return Seal{}, r.err
	}
	if v := versionOf(format); v > version {
		return Seal{}, &TooNewError{Version: v}
	}

	s.Learner = r.value("learner", func(v string) bool { return v == Setting || ids.ValidLearner(v) })
	s.File = r.value("file", ids.ValidFile)
	s.Path = r.value("path", validPath)
	s.SHA256 = r.value("sha256", func(v string) bool { return isHex(v, 64) })
	s.Act = r.value("act", validAct)
	s.Date = r.date("date")
	r.value("recorded", func(v string) bool {
		t, err := time.Parse(time.RFC3339, v)
		s.Recorded = coarse(t)
		return err == nil && s.Recorded.Format(time.RFC3339) == v
	})
	s.By = r.value("by", validPerson)
	if r.at("demonstration") {
		s.Demonstration = r.date("demonstration")
	}
	for r.err == nil && r.at("previous") {
		last := ""
		if n := len(s.Previous); n > 0 {
			last = s.Previous[n-1]
		}
		s.Previous = append(s.Previous, r.value("previous", func(v string) bool {
			hex, ok := strings.CutPrefix(v, hashPrefix)
			return ok && isHex(hex, 64) && v > last // sorted, none twice
		}))
	}
	s.Salt = r.value("salt", func(v string) bool { return isHex(v, 2*saltLen) })
	if r.err == nil && r.rest != "" {
		s.Signature = []byte(r.rest)
		if canonical, err := rearmour(s.Signature); err != nil || !bytes.Equal(canonical, s.Signature) {
			r.fail("expected an armoured SSH signature and nothing after it")
		}
	}
	if r.err != nil {
		return Seal{}, r.err
	}
	return s, nil
}

// reader takes "key: value" lines off a text, in a fixed order. After its first
// fault it does nothing more.
type reader struct {
	rest string
	line int
	err  error
}

// at reports whether the next line has the key.
func (r *reader) at(key string) bool { return strings.HasPrefix(r.rest, key+": ") }

func (r *reader) value(key string, ok func(string) bool) string {
	if r.err != nil {
		return ""
	}
	r.line++
	line, rest, found := strings.Cut(r.rest, "\n")
	v, has := strings.CutPrefix(line, key+": ")
	switch {
	case !has:
		r.err = &SyntaxError{Line: r.line, What: fmt.Sprintf("expected %q", key+":")}
	case !found:
		r.err = &SyntaxError{Line: r.line, What: "the file ends in the middle of a line"}
	case !ok(v):
		r.err = &SyntaxError{Line: r.line, What: fmt.Sprintf("the value of %q is not written as in a seal", key+":")}
	}
	r.rest = rest
	return v
}

func (r *reader) date(key string) (d date.Date) {
	r.value(key, func(v string) bool {
		var err error
		d, err = date.Parse(v)
		return err == nil && !d.IsZero() && d.String() == v
	})
	return d
}

func (r *reader) fail(what string) { r.err = &SyntaxError{Line: r.line + 1, What: what} }

// versionOf reads 2 from "seal/v2"; 0 when v is not a version in its one spelling.
func versionOf(v string) int {
	digits, ok := strings.CutPrefix(v, formatPrefix)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || strconv.Itoa(n) != digits {
		return 0
	}
	return n
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

func validAct(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == "" &&
		s[0] != '-' && s[len(s)-1] != '-'
}

func validPerson(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '-' || s[0] == '.' {
		return false
	}
	for i := range len(s) {
		if !nameByte(s[i]) {
			return false
		}
	}
	return true
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// validPath allows a plain relative path below a learner's folder: no way out of
// it, none into the seals themselves, nothing a terminal or another system reads
// differently.
func validPath(s string) bool {
	if s == "" || len(s) > 200 || strings.HasPrefix(s, Dir+"/") {
		return false
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || part[0] == '.' || part[0] == '-' || part[len(part)-1] == '.' {
			return false
		}
		for i := range len(part) {
			if !nameByte(part[i]) {
				return false
			}
		}
	}
	return true
}

// Setting stands in the place of a learner's id in the seals of what is the
// setting's own: changes of the roster of keys, and removals. They form a chain of
// their own, whose folder is the record folder itself.
const Setting = "setting"

// Dir is the folder, within a learner's, in which the seals lie.
const Dir = "seals"

const (
	armourBegin = "-----BEGIN SSH SIGNATURE-----\n"
	armourEnd   = "-----END SSH SIGNATURE-----\n"
	armourWidth = 70 // as ssh-keygen writes it
)

// armour writes a signature's bytes as ssh-keygen does.
func armour(raw []byte) []byte {
	text := base64.StdEncoding.EncodeToString(raw)
	var b bytes.Buffer
	b.WriteString(armourBegin)
	for len(text) > 0 {
		n := min(armourWidth, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	b.WriteString(armourEnd)
	return b.Bytes()
}

// unarmour gives the bytes inside the armour, however its lines are wrapped.
func unarmour(b []byte) ([]byte, error) {
	text, ok := strings.CutPrefix(strings.ReplaceAll(string(b), "\r\n", "\n"), armourBegin)
	if !ok {
		return nil, fmt.Errorf("no SSH signature: its first line is missing")
	}
	text, _, ok = strings.Cut(text, armourEnd[:len(armourEnd)-1])
	if !ok {
		return nil, fmt.Errorf("no SSH signature: its last line is missing")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err != nil || len(raw) == 0 {
		return nil, fmt.Errorf("no SSH signature: it is not base64")
	}
	return raw, nil
}

// rearmour wraps an armoured signature as a seal holds it.
func rearmour(b []byte) ([]byte, error) {
	raw, err := unarmour(b)
	if err != nil {
		return nil, err
	}
	return armour(raw), nil
}
