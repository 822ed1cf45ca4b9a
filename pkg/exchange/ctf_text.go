package exchange

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// IsXML reports whether a file begins as XML does, in whatever encoding: which kind of
// list a file is is told by what is in it, since names of files say little.
func IsXML(b []byte) bool {
	b = b[:min(len(b), 256)]
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"} {
		b = bytes.TrimPrefix(b, []byte(mark))
	}
	return bytes.HasPrefix(bytes.TrimLeft(b, "\x00 \t\r\n"), []byte("<"))
}

// ctfText is a file as UTF-8, by its byte order mark or else by what its declaration says
// of it. Bytes that the encoding does not have are an error: a name with a replacement
// character in it would be taken for the child's.
func ctfText(b []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte("<\x00")):
		return fromUTF16(b, binary.LittleEndian)
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}), bytes.HasPrefix(b, []byte("\x00<")):
		return fromUTF16(b, binary.BigEndian)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	switch name := declaredEncoding(b); strings.ToLower(name) {
	case "", "utf-8", "utf8", "us-ascii":
		if !utf8.Valid(b) {
			return nil, &NotCTFError{Line: badLine(b), Why: "there is a character that is not written as UTF-8, as the file says it is; export it again as UTF-8"}
		}
		return b, nil
	case "iso-8859-1", "latin1":
		return fromBytes(b, nil)
	case "windows-1252", "cp1252":
		return fromBytes(b, []rune(windows1252))
	default:
		return nil, &NotCTFError{Line: 1, Why: "its first line names an encoding that is not read here; have it exported as UTF-8"}
	}
}

// badLine is the line of the first byte that is not UTF-8.
func badLine(b []byte) int {
	at := 0
	for at < len(b) {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		at += n
	}
	return 1 + bytes.Count(b[:at], []byte("\n"))
}

// declaredEncoding is what <?xml … encoding="…"?> says, "" where it says nothing.
func declaredEncoding(b []byte) string {
	head := b[:min(len(b), 256)]
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	decl, _, found := strings.Cut(string(head), "?>")
	_, after, said := strings.Cut(decl, "encoding")
	if !found || !said {
		return ""
	}
	after = strings.TrimLeft(after, " \t\r\n=")
	if after == "" {
		return ""
	}
	name, _, _ := strings.Cut(after[1:], after[:1])
	return name
}

// windows1252 are the characters of the bytes 0x80 to 0x9f; U+FFFD where it has none.
const windows1252 = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ"

// fromBytes reads an encoding of one byte a character; upper are those of 0x80 to 0x9f,
// nil for the control characters that ISO 8859-1 has there.
func fromBytes(b []byte, upper []rune) ([]byte, error) {
	out := make([]byte, 0, len(b)+len(b)/16)
	for i, c := range b {
		r := rune(c)
		if upper != nil && c >= 0x80 && c < 0xa0 {
			if r = upper[c-0x80]; r == utf8.RuneError {
				return nil, &NotCTFError{Line: 1 + bytes.Count(b[:i], []byte("\n")), Why: "there is a byte that its encoding does not have; have it exported as UTF-8"}
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

func fromUTF16(b []byte, order binary.ByteOrder) ([]byte, error) {
	if len(b)%2 != 0 {
		return nil, &NotCTFError{Why: "it breaks off in the middle of a character; have it sent again"}
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	out := make([]byte, 0, len(b)/2)
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			if i+1 < len(units) {
				r = utf16.DecodeRune(r, rune(units[i+1]))
			} else {
				r = utf8.RuneError
			}
			if r == utf8.RuneError {
				return nil, &NotCTFError{Line: 1 + bytes.Count(out, []byte("\n")), Why: "half a character stands there; have it exported as UTF-8"}
			}
			i++
		}
		out = utf8.AppendRune(out, r)
	}
	return bytes.TrimPrefix(out, []byte("\ufeff")), nil
}
