package yamldoc

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Value is something to write. The functions below make one.
type Value interface{ isValue() }

// KV is one entry of a map to write.
type KV struct {
	Key   string
	Value Value
}

type mapValue struct {
	pairs []KV
	flow  bool
}

type listValue struct {
	items []Value
	flow  bool
}

type scalarValue struct {
	text string
	kind scalarKind
}

type scalarKind uint8

const (
	words scalarKind = iota
	code
	raw
)

func (mapValue) isValue()    {}
func (listValue) isValue()   {}
func (scalarValue) isValue() {}

// MapOf is a map of lines, in the order given.
func MapOf(pairs ...KV) Value { return mapValue{pairs: pairs} }

// FlowMap is a map in braces on one line: for codes, dates, ids and numbers.
func FlowMap(pairs ...KV) Value { return mapValue{pairs: pairs, flow: true} }

// ListOf is a list of dashes.
func ListOf(items ...Value) Value { return listValue{items: items} }

// FlowList is a list in brackets on one line: for codes, dates, ids and numbers.
func FlowList(items ...Value) Value { return listValue{items: items, flow: true} }

// Words is text people write. Blanks at both ends and carriage returns go, for
// neither a person nor a YAML library keeps them; lines and blank lines within
// stay. It is written plain when that is safe, else in double quotes, or as a
// literal block when it has several lines; never bare within braces or brackets.
func Words(s string) Value {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return scalarValue{strings.TrimSpace(s), words}
}

// Code is an id, a code or a ratio: written plain when every YAML reads it back
// as that very text, else in double quotes ("N", "1:4", "2021").
func Code(s string) Value { return scalarValue{s, code} }

// Raw is a number, true or false, or an ISO day, written as it is. Anything else
// is an error when it is written.
func Raw(s string) Value { return scalarValue{s, raw} }

// check reports what cannot be written.
func check(v Value) error {
	switch v := v.(type) {
	case mapValue:
		seen := make(map[string]bool, len(v.pairs))
		for i, kv := range v.pairs {
			if seen[kv.Key] {
				return fmt.Errorf("value to write: key %d is given twice", i+1)
			}
			seen[kv.Key] = true
			if err := checkText(kv.Key); err != nil {
				return err
			}
			if err := check(kv.Value); err != nil {
				return err
			}
		}
	case listValue:
		for _, it := range v.items {
			if err := check(it); err != nil {
				return err
			}
		}
	case scalarValue:
		if v.kind != raw {
			return checkText(v.text)
		}
		tag, fault := classify(v.text)
		if fault != bareFine || tag == Str || tag == Null {
			return fmt.Errorf("value to write: not a number, true or false, or an ISO day")
		}
	default:
		return fmt.Errorf("value to write: nothing given")
	}
	return nil
}

func checkText(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("value to write: text is not UTF-8")
	}
	return nil
}

// text gives a scalar on one line as it is written in a flow or block context.
func (v scalarValue) inline(flow bool) string {
	switch {
	case v.kind == raw:
		return v.text
	case flow && v.kind == code && plainInFlow(v.text):
		return v.text
	case !flow && plainInBlock(v.text):
		return v.text
	}
	return doubleQuoted(v.text)
}

// plainInFlow reports whether s may stand bare in braces and brackets: a code of
// letters, digits and a few marks that no reader cuts.
func plainInFlow(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(isKeyByte(c) || c >= 'A' && c <= 'Z' || i > 0 && (c == '-' || c == '.' || c == '/' || c == '+' || c == '@')) {
			return false
		}
	}
	return isBareText(s)
}

// isBareText reports whether s, standing bare, is its own text to every reader.
func isBareText(s string) bool {
	tag, fault := classify(s)
	return fault == bareFine && tag == Str
}

// plainInBlock reports whether s may stand bare as a value of a line.
func plainInBlock(s string) bool {
	if !isBareText(s) || strings.TrimSpace(s) != s {
		return false
	}
	if strings.IndexByte("-?:,[]{}#&*!|>'\"%@`=<~.", s[0]) >= 0 || s[len(s)-1] == ':' {
		return false
	}
	if strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.ContainsAny(s, "\t\n") {
		return false
	}
	return !needsEscape(s)
}

// plainKey reports whether a key may stand bare, in flow too.
func plainKey(s string) bool { return plainInFlow(s) }

func keyText(s string) string {
	if plainKey(s) {
		return s
	}
	return doubleQuoted(s)
}

// needsEscape reports whether s holds a character that may only be written
// escaped: unseen, or a line end to some readers.
func needsEscape(s string) bool {
	for _, r := range s {
		if r == '\n' || r == '\t' {
			continue
		}
		if mustEscape(r) {
			return true
		}
	}
	return false
}

func mustEscape(r rune) bool {
	if r >= 0x20 && r < 0x7f {
		return false
	}
	rule, _, _ := charFault(r)
	return rule != "" || r < 0x20 || r == utf8.RuneError || unicode.Is(unicode.Cs, r)
}

// doubleQuoted writes s in double quotes on one line.
func doubleQuoted(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case mustEscape(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02X`, r)
		case mustEscape(r) && r < 0x10000:
			fmt.Fprintf(&b, `\u%04X`, r)
		case mustEscape(r):
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// singleQuoted writes s in single quotes; only for text on one line that needs
// no escape.
func singleQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// literal reports whether s can stand as a literal block (|-): several lines,
// the first not indented, nothing unseen.
func literal(s string) bool {
	if !strings.Contains(s, "\n") || needsEscape(s) {
		return false
	}
	return !isBlank(s[0]) && s[len(s)-1] != '\n' && strings.TrimSpace(s) == s
}
