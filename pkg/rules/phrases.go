package rules

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/schemas"
)

// phrases are what a text may speak of, in small letters, by the first word of each.
type phrases struct {
	by map[string][][]string // the words of each; one may be several: his/her
	// lengths holds, for each first letter, a bit for each length that a first word has: most
	// words of a text are passed over by it.
	lengths [256]uint64
}

// phrasesOf is a list of schemas/phrases.txt by its id.
func phrasesOf(list string) *phrases {
	p, ok := allPhrases()[list]
	if !ok {
		panic("no phrases " + list) // a fault of the program: the test of every page finds it
	}
	return p
}

var allPhrases = sync.OnceValue(func() map[string]*phrases {
	out := map[string]*phrases{}
	var p *phrases
	for line := range strings.Lines(string(schemas.Phrases())) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if list, ok := strings.CutPrefix(line, "["); ok {
			p = &phrases{by: map[string][][]string{}}
			out[strings.TrimSuffix(list, "]")] = p
			continue
		}
		for phrase := range strings.SplitSeq(line, ",") {
			words := strings.Fields(phrase)
			if len(words) == 0 {
				continue
			}
			for first := range strings.SplitSeq(words[0], "/") {
				p.by[first] = append(p.by[first], words)
				p.lengths[first[0]] |= 1 << len(first)
			}
		}
	}
	// Nearly every text has none of these: so they are looked for all at once first.
	out["child-protection-any"] = together(out["child-protection"], out["child-protection-who"], out["child-protection-harm"])
	return out
})

func together(lists ...*phrases) *phrases {
	out := &phrases{by: map[string][][]string{}}
	for _, p := range lists {
		for first, of := range p.by {
			out.by[first] = slices.Concat(out.by[first], of)
		}
		for i, n := range p.lengths {
			out.lengths[i] |= n
		}
	}
	return out
}

// in reports whether one of the phrases stands in a text, as whole words in any case.
func (p *phrases) in(text string) bool {
	_, ok := p.first(text)
	return ok
}

// first is where the first of the phrases stands in a text.
func (p *phrases) first(text string) (at word, ok bool) {
	var low [48]byte
	for w, ok := nextWord(text, 0); ok; w, ok = nextWord(text, w.end) {
		first, n := text[w.start], w.end-w.start
		if first >= 'A' && first <= 'Z' {
			first |= 0x20
		}
		if n > len(low) || p.lengths[first]&(1<<n) == 0 {
			continue
		}
		for _, phrase := range p.by[string(lower(low[:], text[w.start:w.end]))] {
			if end, ok := endOf(text, w.end, phrase[1:]); ok {
				return word{w.start, end}, true
			}
		}
	}
	return word{}, false
}

// has reports whether a word, in small letters, is one of the phrases.
func (p *phrases) has(word string) bool {
	for _, x := range p.by[word] {
		if len(x) == 1 {
			return true
		}
	}
	return false
}

// follow reports whether the next words of a text after a place are those.
func follow(text string, at int, words []string) bool {
	_, ok := endOf(text, at, words)
	return ok
}

// endOf is where those words end, where they are the next.
func endOf(text string, at int, words []string) (end int, ok bool) {
	for _, want := range words {
		w, ok := nextWord(text, at)
		if !ok || !oneOf(want, text[w.start:w.end]) {
			return 0, false
		}
		at = w.end
	}
	return at, true
}

// oneOf reports whether a word is one of those between slashes: his/her.
func oneOf(words, word string) bool {
	for w := range strings.SplitSeq(words, "/") {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// word is one word of a text: letters and figures. What belongs to a name, an
// apostrophe or a hyphen between letters, is where the word ends.
type word struct{ start, end int }

func nextWord(text string, from int) (w word, ok bool) {
	i := from
	for i < len(text) && !plainLetter(text[i]) {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		n, in := foreignLetter(text, i)
		if in {
			break
		}
		i += n
	}
	w.start = i
	for i < len(text) {
		if plainLetter(text[i]) {
			i++
			continue
		}
		if text[i] < utf8.RuneSelf {
			break
		}
		n, in := foreignLetter(text, i)
		if !in {
			break
		}
		i += n
	}
	w.end = i
	return w, w.end > w.start
}

// foreignLetter reports whether what stands at a place, which is not of ASCII, belongs to
// a word, and how many bytes it has.
func foreignLetter(text string, i int) (n int, ok bool) {
	r, n := utf8.DecodeRuneInString(text[i:])
	return n, unicode.IsLetter(r) || unicode.Is(unicode.M, r)
}

// lower writes a word in small letters into a buffer, as far as it goes; letters other
// than those of ASCII stay as they are, since no phrase has any.
func lower(into []byte, w string) []byte {
	n := copy(into, w)
	for i, c := range into[:n] {
		if c >= 'A' && c <= 'Z' {
			into[i] = c | 0x20
		}
	}
	return into[:n]
}
