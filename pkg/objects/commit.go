package objects

import (
	"bytes"
	"errors"
	"strconv"
	"time"
)

// Ident is who did something and when, as a commit says it.
type Ident struct {
	Name, Email string
	Seconds     int64 // since 1970, UTC
	Zone        int   // east of UTC, in minutes
}

// When is the moment in the zone it was written in.
func (i Ident) When() time.Time {
	return time.Unix(i.Seconds, 0).In(time.FixedZone("", i.Zone*60))
}

// Header is what walking history needs of a commit.
type Header struct {
	Tree    ID
	Parents []ID
	Time    int64 // of committing, seconds since 1970; 0 where it can't be read, as git has it
}

// CommitInfo is a whole commit. Its byte fields lie in the raw bytes.
type CommitInfo struct {
	Header
	Author, Committer Ident
	Encoding          string // "" is UTF-8
	Signature         []byte // gpgsig with its line breaks, without the header's word and indents; nil for none
	Message           []byte
}

var errCommit = errors.New("commit makes no sense")

// ReadHeader reads tree, parents and time from a commit's raw bytes into h,
// reusing its Parents.
func ReadHeader(raw []byte, h *Header) error {
	h.Parents = h.Parents[:0]
	h.Time = 0
	var ok bool
	if h.Tree, raw, ok = idLine(raw, "tree "); !ok {
		return errCommit
	}
	for {
		parent, rest, ok := idLine(raw, "parent ")
		if !ok {
			break
		}
		h.Parents = append(h.Parents, parent)
		raw = rest
	}
	for len(raw) > 0 && raw[0] != '\n' {
		line := raw
		if n := bytes.IndexByte(raw, '\n'); n >= 0 {
			line, raw = raw[:n], raw[n+1:]
		} else {
			raw = nil
		}
		if bytes.HasPrefix(line, []byte("committer ")) {
			if n := bytes.LastIndexByte(line, '>'); n >= 0 {
				h.Time = leadingInt(line[n+1:])
			}
			return nil
		}
	}
	return nil
}

func idLine(raw []byte, word string) (ID, []byte, bool) {
	end := len(word) + 40
	if len(raw) <= end || string(raw[:len(word)]) != word || raw[end] != '\n' {
		return ID{}, raw, false
	}
	var id ID
	for i := range id {
		hi, lo := hexDigit(raw[len(word)+2*i]), hexDigit(raw[len(word)+2*i+1])
		if hi|lo > 15 {
			return ID{}, raw, false
		}
		id[i] = hi<<4 | lo
	}
	return id, raw[end+1:], true
}

func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}

// leadingInt reads digits after spaces; 0 where there are none or too many.
func leadingInt(b []byte) int64 {
	b = bytes.TrimLeft(b, " ")
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	v, err := strconv.ParseInt(string(b[:n]), 10, 64)
	if err != nil {
		return 0
	}
	return v
}

// ParseCommit reads a commit's raw bytes. Headers it does not know are passed over.
func ParseCommit(raw []byte) (*CommitInfo, error) {
	c := &CommitInfo{}
	if err := ReadHeader(raw, &c.Header); err != nil {
		return nil, err
	}
	for len(raw) > 0 && raw[0] != '\n' {
		var value []byte
		var word string
		word, value, raw = nextHeader(raw)
		switch word {
		case "author":
			c.Author = ParseIdent(value)
		case "committer":
			c.Committer = ParseIdent(value)
		case "encoding":
			c.Encoding = string(value)
		case "gpgsig":
			c.Signature = value
		}
	}
	if len(raw) > 0 {
		c.Message = raw[1:]
	}
	return c, nil
}

// nextHeader reads one header with its continuation lines, which begin with a space.
func nextHeader(raw []byte) (word string, value, rest []byte) {
	end := 0
	folded := false
	for {
		n := bytes.IndexByte(raw[end:], '\n')
		if n < 0 {
			end, rest = len(raw), nil
			break
		}
		end += n
		rest = raw[end+1:]
		if len(rest) == 0 || rest[0] != ' ' {
			break
		}
		folded = true
		end++
	}
	w, value, _ := bytes.Cut(raw[:end], []byte{' '})
	if folded {
		value = bytes.ReplaceAll(value, []byte("\n "), []byte("\n"))
	}
	return string(w), value, rest
}

// ParseIdent reads "Name <email> seconds zone". What does not read stays zero.
func ParseIdent(b []byte) Ident {
	var i Ident
	open := bytes.IndexByte(b, '<')
	shut := bytes.LastIndexByte(b, '>')
	if open < 0 || shut < open {
		i.Name = string(bytes.TrimSpace(b))
		return i
	}
	i.Name = string(bytes.TrimSpace(b[:open]))
	i.Email = string(b[open+1 : shut])
	i.Seconds = leadingInt(b[shut+1:])
	if n := bytes.LastIndexByte(b, ' '); n > shut {
		if v, err := strconv.Atoi(string(b[n+1:])); err == nil && v >= -9959 && v <= 9959 && len(b)-n == 6 {
			i.Zone = v/100*60 + v%100
		}
	}
	return i
}

// TagTarget reads what an annotated tag's raw bytes point at.
func TagTarget(raw []byte) (ID, Kind, error) {
	id, rest, ok := idLine(raw, "object ")
	if !ok {
		return ID{}, 0, errors.New("tag makes no sense")
	}
	word, value, _ := nextHeader(rest)
	kind := kindOf(string(value))
	if word != "type" || kind == 0 {
		return ID{}, 0, errors.New("tag makes no sense")
	}
	return id, kind, nil
}
