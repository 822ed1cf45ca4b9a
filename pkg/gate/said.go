package gate

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/schemas"
)

// Said reports whether a text says anything at all.
func Said(w learner.Words) bool { return w != "" && !Placeholder(w) }

// AnySaid reports whether one of the texts says anything.
func AnySaid(words []learner.Words) bool { return slices.ContainsFunc(words, Said) }

// Placeholder reports whether a text is nothing but one of the placeholders of
// schemas/phrases.txt, or but dashes, dots and question marks, or a pattern that was
// offered for a target and not filled in. A picture made of characters is an answer:
// learners give it.
func Placeholder(w learner.Words) bool {
	const stray, around = "-\u2013\u2014?.\u2026_/* ", "()[]\"'"
	text := strings.TrimSpace(string(w))
	if unfilled(text) {
		return true
	}
	if text == "" || len(text) > 64 || !utf8.ValidString(text) {
		return false
	}
	if strings.Trim(text, stray) == "" {
		return true
	}
	bare := strings.Trim(text, stray+around)
	first, _ := utf8.DecodeRuneInString(bare)
	last, _ := utf8.DecodeLastRuneInString(bare)
	if !letter(first) || !letter(last) {
		return false // tbc! is an answer, in a way
	}
	between := func(r rune) bool { return !letter(r) }
	word := bare
	if end := strings.IndexFunc(bare, between); end > 0 {
		word = bare[:end]
	}
	known := placeholders()
	return known.first[strings.ToLower(word)] && known.whole[strings.ToLower(strings.Join(strings.FieldsFunc(bare, between), " "))]
}

// unfilled reports whether a blank of an offered pattern is left. A blank elsewhere may be
// meant, as in what a learner is to complete: I feel __ because __.
func unfilled(text string) bool {
	return strings.Contains(text, "__") &&
		(strings.HasPrefix(text, "will __") || strings.Contains(text, "from __ now") || strings.HasSuffix(strings.TrimRight(text, " ."), " by __"))
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.M, r) }

// phrases are the placeholders, and the words that they begin with: nearly every text
// begins with another.
type phrases struct{ whole, first map[string]bool }

var placeholders = sync.OnceValue(func() phrases {
	out := phrases{map[string]bool{}, map[string]bool{}}
	_, list, _ := strings.Cut(string(schemas.Phrases()), "\n[placeholders]\n")
	list, _, _ = strings.Cut(list, "\n[")
	for line := range strings.Lines(list) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for phrase := range strings.SplitSeq(line, ",") {
			if phrase = strings.TrimSpace(phrase); phrase != "" {
				out.whole[phrase] = true
				word, _, _ := strings.Cut(phrase, " ")
				out.first[word] = true
			}
		}
	}
	return out
})
