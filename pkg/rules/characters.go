package rules

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
)

// charactersAmiss tells of the first character of each passage that should not be there.
// amiss looks at the one that begins at a place of a text; it says nothing of one that may.
func (l *look) charactersAmiss(amiss func(text string, at int) (message, hint string)) {
	for d := range l.everywhere {
		if !d.odd {
			continue
		}
		for p := range d.passages {
			for i, r := range p.written {
				if r < utf8.RuneSelf {
					continue
				}
				message, hint := amiss(p.written, i)
				if message == "" {
					continue
				}
				l.findIn(d, p, message, l.instead(d.doc, hint))
				if at, ok := d.characterAt(p, i, r); ok {
					l.out[len(l.out)-1].Span = at
				}
				break
			}
		}
	}
}

// characterAt is where the character at a place of a passage stands in the file; not ok where
// it is an escape there, such as "\u200b".
func (d docTexts) characterAt(p passage, i int, r rune) (at diag.Span, ok bool) {
	in := p.at
	if p.value != nil {
		in = p.value.Span
	}
	src, end := d.tree.Bytes()[:in.End.Offset], in.Start.Offset
	for range strings.Count(p.written[:i], string(r)) + 1 {
		n := bytes.IndexRune(src[end:], r)
		if n < 0 {
			return diag.Span{}, false
		}
		end += n + utf8.RuneLen(r)
	}
	return diag.Span{Start: d.tree.Pos(end - utf8.RuneLen(r)), End: d.tree.Pos(end)}, true
}
