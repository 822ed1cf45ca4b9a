package recordfile

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// form decides a pattern of the simple kind that schemas are made of, such as
// ^[a-z][a-z0-9-]{0,31}$, byte by byte: so many characters of one set, then so many of
// the next, where as many as there are leave the next none it could begin with. Nearly
// every value is held against one, and the regexp engine was two thirds of judging a file.
// A test holds it against that engine.
type form struct {
	parts []formPart // nil: pattern alone decides
	*regexp.Regexp
}

// formPart is from least to most characters of a set.
type formPart struct {
	least, most int       // most is -1 for no end
	set         [256]bool // the bytes of its characters: beyond ASCII all or none
}

func formOf(pattern string) (*form, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	f := &form{Regexp: re}
	if tree, err := syntax.Parse(pattern, syntax.Perl); err == nil {
		f.parts = partsOf(tree)
	}
	return f, nil
}

// partsOf reads the parts of a pattern; nil for one that is not of the simple kind.
func partsOf(tree *syntax.Regexp) []formPart {
	sub := tree.Sub
	if tree.Op != syntax.OpConcat || len(sub) < 3 || sub[0].Op != syntax.OpBeginText || sub[len(sub)-1].Op != syntax.OpEndText {
		return nil
	}
	var out []formPart
	for _, x := range sub[1 : len(sub)-1] {
		part := formPart{least: 1, most: 1}
		switch x.Op {
		case syntax.OpStar:
			part.least, part.most, x = 0, -1, x.Sub[0]
		case syntax.OpPlus:
			part.most, x = -1, x.Sub[0]
		case syntax.OpRepeat:
			part.least, part.most, x = x.Min, x.Max, x.Sub[0]
		}
		if x.Flags&syntax.FoldCase != 0 {
			return nil
		}
		if x.Op == syntax.OpLiteral && len(x.Rune) > 1 && part.least == 1 && part.most == 1 { // a word
			for _, r := range x.Rune {
				if r >= utf8.RuneSelf {
					return nil
				}
				letter := formPart{least: 1, most: 1}
				letter.set[r] = true
				out = append(out, letter)
			}
			continue
		}
		if !part.fill(x) {
			return nil
		}
		out = append(out, part)
	}
	for i := range out[:len(out)-1] {
		if p, next := &out[i], &out[i+1]; p.least != p.most && (next.least == 0 || p.meets(next)) {
			return nil // how many it takes would depend on what follows
		}
	}
	return out
}

// meets reports whether a character can be of both parts.
func (p *formPart) meets(other *formPart) bool {
	for c := range p.set {
		if p.set[c] && other.set[c] {
			return true
		}
	}
	return false
}

// fill makes the set of a part; false where that is not one of ASCII, or of all beyond.
func (p *formPart) fill(x *syntax.Regexp) bool {
	switch {
	case x.Op == syntax.OpLiteral && len(x.Rune) == 1 && x.Rune[0] < utf8.RuneSelf:
		p.set[x.Rune[0]] = true
		return true
	case x.Op != syntax.OpCharClass:
		return false
	}
	for i := 0; i < len(x.Rune); i += 2 {
		from, to := x.Rune[i], x.Rune[i+1]
		for c := from; c <= to && c < utf8.RuneSelf; c++ {
			p.set[c] = true
		}
		if to >= utf8.RuneSelf {
			// Bytes are counted below, which beyond ASCII are not characters.
			if from > utf8.RuneSelf || to != unicode.MaxRune || p.least > 0 || p.most >= 0 {
				return false
			}
			for c := utf8.RuneSelf; c < len(p.set); c++ {
				p.set[c] = true
			}
		}
	}
	return true
}

// matches reports whether the whole of v is of the form.
func (f *form) matches(v string) bool {
	if f.parts == nil {
		return f.MatchString(v)
	}
	for i := range f.parts {
		p := &f.parts[i]
		n, most := 0, len(v)
		if p.most >= 0 {
			most = min(most, p.most)
		}
		for n < most && p.set[v[n]] {
			n++
		}
		if n < p.least {
			return false
		}
		v = v[n:]
	}
	return v == ""
}

// plainText are the patterns of words and codes that only shut out control characters.
func plainText(pattern string) bool {
	return slices.Contains([]string{`^[^\x00-\x08\x0b-\x1f\x7f]*$`, `^[^\x00-\x1f\x7f]*$`}, pattern)
}
