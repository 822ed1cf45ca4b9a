package rules

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// name is a name of the child, or of one of the family, as the front sheet has it.
type name struct {
	words  []string  // more than one where it has a hyphen or an apostrophe in it
	first  [2][]byte // the first of them, as it is written and in capital letters
	common bool      // it is also a word: found only where it can be nothing but a name
	month  bool
	titled bool       // so common, and of a relative or a family: found only behind a title
	full   bool       // it stands in many a text with a capital letter: found only with the family's behind it
	family [][]string // of a common one: the words of the family's name, any of them
}

// namesOf are the names on a learner's front sheet by which a text would name them.
// Titles and initials are none; nor is what an adult of the setting is called.
func namesOf(f *folder.Folder, r *folder.Record) []name {
	who := r.Identity.Value
	var out []name
	var family [][]string
	for _, part := range strings.Fields(string(who.LegalName.Family)) {
		if n, ok := nameFrom(part); ok {
			family = append(family, n.words)
		}
	}
	add := func(text string, own bool) {
		for _, part := range strings.Fields(text) {
			n, ok := nameFrom(part)
			if !ok || slices.ContainsFunc(out, func(x name) bool { return slices.Equal(x.words, n.words) }) || isAdult(f, r, n) {
				continue
			}
			if n.common {
				n.family, n.titled = family, !own
			}
			out = append(out, n)
		}
	}
	add(string(who.Name), true)
	add(string(who.LegalName.Given), true)
	add(string(who.LegalName.Family), false)
	for _, m := range who.Family {
		add(string(m.Name), false)
	}
	return out
}

// names are those names, looked up once for all rules.
func (l *look) names() []name {
	if !l.known.named {
		l.known.names, l.known.named = namesOf(l.folder, l.record), true
	}
	return l.known.names
}

func nameFrom(part string) (n name, ok bool) {
	letters := 0
	for w, more := nextWord(part, 0); more; w, more = nextWord(part, w.end) {
		n.words = append(n.words, part[w.start:w.end])
		letters += utf8.RuneCountInString(part[w.start:w.end])
	}
	if letters < 2 || len(n.words) == 1 && (letters < 2 || phrasesOf("titles").has(strings.ToLower(n.words[0]))) {
		return n, false
	}
	if len(n.words) == 1 {
		low := strings.ToLower(n.words[0])
		n.full, n.month = phrasesOf("names-in-every-text").has(low), phrasesOf("names-that-are-months").has(low)
		n.common = n.full || phrasesOf("names-that-are-words").has(low)
	}
	n.first = [2][]byte{[]byte(n.words[0]), []byte(strings.ToUpper(n.words[0]))}
	return n, true
}

// isAdult reports whether a name is also one of an adult of the setting, whom a text may
// well mean.
func isAdult(f *folder.Folder, r *folder.Record, n name) bool {
	for _, people := range [][]learner.Person{f.People.Value.People, r.People.Value.People} {
		for i := range people {
			if holdsWord(string(people[i].Name), n.words) {
				return true
			}
		}
	}
	return false
}

// maybeIn is a quick look whether a file can hold the name at all.
func (n name) maybeIn(file []byte) bool {
	return bytes.Contains(file, n.first[0]) || bytes.Contains(file, n.first[1])
}

// in reports whether a text names the person: as whole words with a capital letter and,
// where the name is also a word, in the middle of a sentence or as a full name.
func (n name) in(text string) bool {
	for w, ok := nextWord(text, 0); ok; w, ok = nextWord(text, w.end) {
		if !strings.EqualFold(text[w.start:w.end], n.words[0]) || !follow(text, w.end, n.words[1:]) {
			continue
		}
		if c, _ := utf8.DecodeRuneInString(text[w.start:]); unicode.IsLower(c) {
			continue
		}
		if n.titled {
			if phrasesOf("courtesies").has(wordBefore(text, w.start)) {
				return true
			}
			continue
		}
		if n.common && slices.ContainsFunc(n.family, func(family []string) bool { return followCapital(text, w.end, family) }) {
			return true
		}
		if n.full || n.common && (begins(text, w.start) || capitals(text[w.start:w.end]) || n.month && dated(text, w)) {
			continue
		}
		return true
	}
	return false
}

// followCapital reports whether the next words of a text are those, with a capital letter.
func followCapital(text string, at int, words []string) bool {
	next, ok := nextWord(text, at)
	return ok && capital(text[next.start:next.end]) && strings.TrimSpace(text[at:next.start]) == "" && follow(text, at, words)
}

// begins reports whether a sentence, a line or something said begins at a place.
func begins(text string, at int) bool {
	before := strings.TrimRight(text[:at], " \t\"'‘’“”([*-–—")
	if before == "" {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune(".!?:;\n…/|", last) || strings.Contains(text[len(before):at], "\n")
}

// capitals reports whether a word is all in capital letters, like a heading.
func capitals(w string) bool { return len(w) > 1 && strings.ToUpper(w) == w }

// dated reports whether the words about a month say that it is one.
func dated(text string, w word) bool {
	after, ok := nextWord(text, w.end)
	if ok && text[after.start] >= '0' && text[after.start] <= '9' {
		return true
	}
	before := strings.Fields(text[:w.start])
	if len(before) == 0 {
		return true
	}
	last := strings.ToLower(strings.Trim(before[len(before)-1], ",.;:("))
	return last == "" || last[0] >= '0' && last[0] <= '9' ||
		slices.Contains([]string{"in", "by", "since", "until", "till", "of", "from", "to", "end", "early", "late", "mid", "before", "after", "during", "last", "next", "this", "every", "and", "or", "th", "st", "nd", "rd", "through", "on", "for"}, last)
}
