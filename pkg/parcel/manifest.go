package parcel

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/seal"
)

const (
	header  = "sendctl-parcel/"
	version = 1
)

// Manifest is the signed part of the parcel: its lines down to the last file's.
func (p Parcel) Manifest() []byte {
	m := manifest{Parcel: p}
	for _, f := range p.sorted() {
		m.files = append(m.files, listed{path: f.Path, hash: seal.Hash(f.Bytes), size: int64(len(f.Bytes))})
	}
	return m.bytes()
}

func (p Parcel) sorted() []File {
	files := slices.Clone(p.Files)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// manifest is what a parcel says of itself before its bytes.
type manifest struct {
	Parcel
	files []listed
}

type listed struct {
	path, hash string
	size       int64
}

func (m manifest) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(header + strconv.Itoa(version) + "\n")
	line := func(key, value string) { b.WriteString(key + ": " + value + "\n") }
	line("kind", m.Kind)
	line("made", m.Made.UTC().Truncate(time.Second).Format(time.RFC3339))
	line("from", m.From)
	line("by", m.By)
	if m.Learner != "" {
		line("learner", m.Learner)
	}
	if !m.Demonstration.IsZero() {
		line("demonstration", m.Demonstration.String())
	}
	line("files", strconv.Itoa(len(m.files)))
	for _, f := range m.files {
		line("file", f.hash+" "+strconv.FormatInt(f.size, 10)+" "+f.path)
	}
	return b.Bytes()
}

// lines takes "key: value" lines off a manifest, in a fixed order, from wherever
// they come. After its first fault it does nothing more.
type lines struct {
	next func() (string, error) // one line without its end
	held *string                // looked at and not yet taken
	n    int
	err  error
}

func (l *lines) peek() string {
	if l.err == nil && l.held == nil {
		s, err := l.next()
		if err != nil {
			l.err = err
			return ""
		}
		l.held = &s
	}
	if l.held == nil {
		return ""
	}
	return *l.held
}

func (l *lines) take() string {
	s := l.peek()
	l.held = nil
	l.n++
	return s
}

func (l *lines) at(key string) bool { return strings.HasPrefix(l.peek(), key+": ") }

func (l *lines) value(key string, ok func(string) bool) string {
	v, has := strings.CutPrefix(l.take(), key+": ")
	switch {
	case l.err != nil:
		return ""
	case !has:
		l.err = &DamagedError{What: fmt.Sprintf("line %d: expected %q", l.n, key+":")}
	case !ok(v):
		l.err = &DamagedError{What: fmt.Sprintf("line %d: the value of %q is not written as in a parcel", l.n, key+":")}
	default:
		return v
	}
	return ""
}

// readManifest reads the lines down to the last file's.
func readManifest(l *lines) (manifest, error) {
	var m manifest
	first := l.take()
	if l.err != nil {
		return m, l.err
	}
	digits, ok := strings.CutPrefix(first, header)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || strconv.Itoa(n) != digits {
		return m, ErrNotParcel
	}
	if n > version {
		return m, &TooNewError{Version: n}
	}
	m.Kind = l.value("kind", validKind)
	l.value("made", func(v string) bool {
		t, err := time.Parse(time.RFC3339, v)
		m.Made = t.UTC()
		return err == nil && m.Made.Truncate(time.Second).Format(time.RFC3339) == v
	})
	m.From = l.value("from", validFrom)
	m.By = l.value("by", validPerson)
	if l.at("learner") {
		m.Learner = l.value("learner", ids.ValidLearner)
	}
	if l.at("demonstration") {
		l.value("demonstration", func(v string) (ok bool) {
			m.Demonstration, ok = day(v)
			return ok
		})
	}
	count := 0
	l.value("files", func(v string) bool {
		n, ok := plainNumber(v, MaxFiles)
		count = int(n)
		return ok
	})
	total := int64(0)
	for range count {
		l.value("file", func(v string) bool {
			hash, rest, _ := strings.Cut(v, " ")
			size, path, _ := strings.Cut(rest, " ")
			n, ok := plainNumber(size, MaxBytes)
			if total += n; !ok || !validHash(hash) || total > MaxBytes {
				return false
			}
			m.files = append(m.files, listed{path, hash, n})
			return true
		})
		if l.err != nil {
			break
		}
	}
	if l.err != nil {
		return m, l.err
	}
	return m, validPaths(m.files)
}

// check says what of m cannot be written, in the way the reader would.
func (m manifest) check() error {
	total := int64(0)
	for _, f := range m.files {
		total += f.size
	}
	switch {
	case len(m.files) > MaxFiles || total > MaxBytes:
		return ErrTooLarge
	case !validKind(m.Kind):
		return &InvalidError{"its kind is not lower-case letters and hyphens"}
	case m.Made.IsZero() || m.Made.Year() < 1970 || m.Made.Year() > 9999:
		return &InvalidError{"it does not say when it was made"}
	case !validFrom(m.From):
		return &InvalidError{"the setting's name is missing, or is not one plain line"}
	case !validPerson(m.By):
		return &InvalidError{"it does not say by whom it was made"}
	case m.Learner != "" && !ids.ValidLearner(m.Learner):
		return &InvalidError{"the learner's id is none"}
	}
	if err := validPaths(m.files); err != nil {
		var damaged *DamagedError
		if errors.As(err, &damaged) {
			return &InvalidError{damaged.What}
		}
		return err
	}
	if len(m.bytes()) > MaxManifest-seal.MaxSize {
		return ErrTooLarge
	}
	return nil
}

func day(v string) (date.Date, bool) {
	d, err := date.Parse(v)
	return d, err == nil && !d.IsZero() && d.String() == v
}

func plainNumber(v string, most int64) (int64, bool) {
	n, err := strconv.ParseInt(v, 10, 64)
	return n, err == nil && n >= 0 && n <= most && strconv.FormatInt(n, 10) == v
}

func validKind(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == "" && s[0] != '-' && s[len(s)-1] != '-'
}

func validHash(s string) bool {
	hex, ok := strings.CutPrefix(s, "sha256:")
	return ok && len(hex) == 64 && strings.Trim(hex, "0123456789abcdef") == ""
}

func validPerson(s string) bool {
	return s != "" && len(s) <= 64 && s[0] != '-' && s[0] != '.' &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

func validFrom(s string) bool {
	return s != "" && len(s) <= 300 && strings.TrimSpace(s) == s && plain(s)
}

// plain reports whether s is text that every terminal shows as it is: no control
// characters, none that turn the direction of writing or cannot be seen.
func plain(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// validPaths holds the paths to their order and to what no system reads otherwise:
// no two that are one on a disk that takes small and capital letters for the same.
func validPaths(files []listed) error {
	seen := map[string]bool{}    // folded
	folders := map[string]bool{} // folded
	last := ""
	for i, f := range files {
		if !ValidPath(f.path) {
			return &DamagedError{What: fmt.Sprintf("the path of file %d is not a plain relative one", i+1)}
		}
		if f.path <= last {
			return &DamagedError{What: "its files are not in order, or one is there twice"}
		}
		last = f.path
		folded := fold(f.path)
		if seen[folded] {
			return &DamagedError{What: "two of its files differ in small and capital letters only"}
		}
		seen[folded] = true
		for at := folded; ; {
			j := strings.LastIndexByte(at, '/')
			if j < 0 {
				break
			}
			at = at[:j]
			folders[at] = true
		}
	}
	for f := range seen {
		if folders[f] {
			return &DamagedError{What: "one of its files is also a folder"}
		}
	}
	return nil
}

func fold(s string) string { return strings.ToLower(strings.ToUpper(s)) }

// ValidPath reports whether p may stand in a parcel: a relative slash path that
// leads nowhere else on any system. Hidden files and the names that Windows keeps
// for devices are refused, so whoever packs attachments asks this first.
func ValidPath(p string) bool {
	if p == "" || len(p) > 1000 || !plain(p) || strings.ContainsAny(p, `\:*?"<>|`) {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if part == "" || len(part) > 255 || part[0] == '.' || part[0] == ' ' ||
			part[len(part)-1] == '.' || part[len(part)-1] == ' ' || device(part) {
			return false
		}
	}
	return true
}

// device reports whether Windows takes a file name for a device: NUL, com1.txt.
func device(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	base = strings.TrimRight(base, " ")
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	n, ok := strings.CutPrefix(base, "COM")
	if !ok {
		n, ok = strings.CutPrefix(base, "LPT")
	}
	return ok && (len(n) == 1 && n[0] >= '0' && n[0] <= '9' || n == "¹" || n == "²" || n == "³")
}
