package rules

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
	"github.com/sendctl/sendctl/schemas"
)

// phrases are what a text may speak of, in small letters, by the first word of each.
type phrases map[string][][]string

// phrasesOf is a list of schemas/phrases.yaml by its id.
func phrasesOf(list string) phrases {
	p, ok := allPhrases()[list]
	if !ok {
		panic("no phrases " + list) // a fault of the program: the test of every page finds it
	}
	return p
}

var allPhrases = sync.OnceValue(func() map[string]phrases {
	doc, faults := yamldoc.Parse("phrases.yaml", schemas.Phrases())
	if doc == nil || diag.Worst(faults) == diag.Error {
		panic("phrases.yaml cannot be read") // a fault of the program, which a test finds
	}
	out := map[string]phrases{}
	for _, n := range doc.Root().Get("lists").Items {
		p := phrases{}
		for _, x := range n.Get("phrases").Items {
			words := strings.Fields(x.Value)
			p[words[0]] = append(p[words[0]], words)
		}
		out[n.Get("id").Value] = p
	}
	return out
})

// in reports whether one of the phrases stands in a text, as whole words in any case.
func (p phrases) in(text string) bool {
	var low [48]byte
	for w, ok := nextWord(text, 0); ok; w, ok = nextWord(text, w.end) {
		for _, phrase := range p[string(lower(low[:], text[w.start:w.end]))] {
			if follow(text, w.end, phrase[1:]) {
				return true
			}
		}
	}
	return false
}

// has reports whether a word, in small letters, is one of the phrases.
func (p phrases) has(word string) bool {
	for _, x := range p[word] {
		if len(x) == 1 {
			return true
		}
	}
	return false
}

// follow reports whether the next words of a text after a place are those.
func follow(text string, at int, words []string) bool {
	for _, want := range words {
		w, ok := nextWord(text, at)
		if !ok || !strings.EqualFold(text[w.start:w.end], want) {
			return false
		}
		at = w.end
	}
	return true
}

// word is one word of a text: letters and figures. What belongs to a name, an
// apostrophe or a hyphen between letters, is where the word ends.
type word struct{ start, end int }

func nextWord(text string, from int) (w word, ok bool) {
	for i := from; i < len(text); {
		if !partOfWord(text, i) {
			_, n := utf8.DecodeRuneInString(text[i:])
			i += n
			continue
		}
		w.start = i
		for i < len(text) && partOfWord(text, i) {
			_, n := utf8.DecodeRuneInString(text[i:])
			i += n
		}
		w.end = i
		return w, true
	}
	return w, false
}

func partOfWord(text string, i int) bool {
	c := text[i]
	if c < utf8.RuneSelf {
		return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r) || unicode.Is(unicode.M, r)
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
