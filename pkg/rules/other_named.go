package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// otherNamed goes by full names alone: of a first name nobody can tell whose it is. What
// of it is kept between runs are marks of names and of words that stand together; the
// words are looked up only where two of these are the same.
var otherNamed = Rule{
	Name: "other-named", ID: "SEN1508", Severity: diag.Warning, Whole: true,
	About:  "No record gives the full name of another learner in the folder.",
	Source: "UK GDPR, articles 5(1)(c) and 25: what is written about one child is shown to that child's family",
	check: func(l *look) {
		if !slices.ContainsFunc(l.facts, func(f Facts) bool { return f.Couples != "" }) {
			return
		}
		known := l.fullNamesKnown()
		for _, f := range l.facts {
			var hits []coupleMark
			for m := range eachMark(f.Couples) {
				if known[m] {
					hits = append(hits, m)
				}
			}
			if hits != nil {
				l.namesIn(f.Learner, hits)
			}
		}
	},
}

// fullNamesKnown are the marks of all learners' full names that no adult has too.
func (l *look) fullNamesKnown() map[coupleMark]bool {
	known := map[coupleMark]bool{}
	for _, f := range l.facts {
		for m := range eachMark(f.FullNames) {
			known[m] = true
		}
	}
	for _, p := range l.folder.People.Value.People {
		for _, c := range fullNames(string(p.Name), string(p.Name)) {
			delete(known, c.mark(l.folder))
		}
	}
	return known
}

// namesIn finds the places of the couples in a record, which is read for it.
func (l *look) namesIn(id string, hits []coupleMark) {
	r, _, err := l.folder.LoadAnyway(id)
	if err != nil {
		return // it was told why while it was judged
	}
	of := &look{rule: l.rule, folder: l.folder, record: r}
	adults := slices.Concat(l.folder.People.Value.People, r.People.Value.People)
	for _, d := range of.written() {
		for p := range d.passages {
			found := false
			for c := range couples(p.words) {
				found = found || slices.Contains(hits, c.mark(l.folder)) && !of.ownCouple(d.doc, c) &&
					!slices.ContainsFunc(adults, func(p learner.Person) bool { return slices.Contains(fullNames(string(p.Name), string(p.Name)), c) })
			}
			if !found {
				continue
			}
			if p.value == nil || !namesSetting(d.place(p.value)) {
				of.findIn(d, p, "this gives the full name of another learner in this folder", of.instead(d.doc, "write what they are to this learner, such as a friend or another child"))
			}
		}
	}
	l.out = append(l.out, of.out...)
}

// couple is a given name and the family name behind it, in small letters.
type couple struct{ given, family string }

// coupleMark stands for a couple without telling it: see folder.Salt.
type coupleMark [8]byte

func (c couple) mark(f *folder.Folder) coupleMark {
	sum := salted(f, c.given+"\x00"+c.family)
	return coupleMark(sum[:8])
}

// eachMark visits marks that were put one behind the other.
func eachMark(all string) func(yield func(coupleMark) bool) {
	return func(yield func(coupleMark) bool) {
		for ; len(all) >= len(coupleMark{}); all = all[len(coupleMark{}):] {
			if !yield(coupleMark([]byte(all[:len(coupleMark{})]))) {
				return
			}
		}
	}
}

// marksOf are the marks of couples, one behind the other, each once.
func (l *look) marksOf(all []couple) string {
	var out []byte
	for i, c := range all {
		if !slices.Contains(all[:i], c) {
			m := c.mark(l.folder)
			out = append(out, m[:]...)
		}
	}
	return string(out)
}

// ownFullNames are the couples by which a text would name the learner. One of which both
// words are words is none: Summer Fields may be anything.
func ownFullNames(r *folder.Record) []couple {
	who := r.Identity.Value
	out := append(fullNames(string(who.LegalName.Given), string(who.LegalName.Family)), fullNames(string(who.Name), string(who.LegalName.Family))...)
	common := phrasesOf("names-that-are-words")
	return slices.DeleteFunc(out, func(c couple) bool { return common.has(c.given) && common.has(c.family) })
}

// fullNames are couples of the first and of the last of the given names, with the first and
// the last of the family's. Of a name in one piece, both are given it.
func fullNames(given, family string) []couple {
	first, last := ends(given)
	from, to := ends(family)
	var out []couple
	for _, c := range []couple{{first, from}, {first, to}, {last, from}, {last, to}} {
		if c.given != "" && c.family != "" && c.given != c.family && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// ends are the first and the last word of a name that a couple can be made of.
func ends(name string) (first, last string) {
	for w, ok := nextWord(name, 0); ok; w, ok = nextWord(name, w.end) {
		if word := name[w.start:w.end]; !passedOver(word) {
			if first == "" {
				first = strings.ToLower(word)
			}
			last = strings.ToLower(word)
		}
	}
	return first, last
}

// passedOver reports whether a word may stand between the two names: an initial, the O of
// O'Brien, or the van der of a family.
func passedOver(word string) bool {
	return utf8.RuneCountInString(word) < 2 || phrasesOf("name-particles").has(strings.ToLower(word))
}

// couplesIn are the couples of the record's texts that may name somebody who is neither
// the learner nor of the family.
func (l *look) couplesIn() []couple {
	var out []couple
	for _, d := range l.written() {
		for p := range d.passages {
			for c := range couples(p.words) {
				if !l.ownCouple(d.doc, c) {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// ownCouple reports whether a couple names the learner or one of the family, of which
// name-outside tells, as it does of a brother by the family's name; or in the contact log
// somebody with that name, as whoever speaks with parents speaks of brothers and sisters.
func (l *look) ownCouple(d doc, c couple) bool {
	who := l.record.Identity.Value
	from, to := ends(string(who.LegalName.Family))
	if (c.family == from || c.family == to) && strings.HasSuffix(d.path, "/contacts.yaml") || slices.Contains(ownFullNames(l.record), c) {
		return true
	}
	if slices.ContainsFunc(l.names(), func(n name) bool { return !n.common && len(n.words) == 1 && strings.EqualFold(n.words[0], c.family) }) {
		return true
	}
	return slices.ContainsFunc(who.Family, func(m learner.Contact) bool { return slices.Contains(fullNames(string(m.Name), string(m.Name)), c) })
}

// couples visits every two words of a text that stand together like a given name and a
// family name: Jude Example, Jude A. Example, Example, Jude.
func couples(text string) func(yield func(couple) bool) {
	return func(yield func(couple) bool) {
		for i := 0; i < len(text); i++ {
			if c := text[i]; c < 'A' || c > 'Z' && c < utf8.RuneSelf {
				continue // most letters of most texts
			}
			w, ok := nextWord(text, i)
			if !ok {
				return
			}
			first := text[w.start:w.end]
			i = w.end - 1
			if !capital(first) || passedOver(first) {
				continue
			}
			second, comma, ok := behind(text, w.end)
			if !ok {
				continue
			}
			c := couple{strings.ToLower(first), strings.ToLower(second)}
			if comma {
				c = couple{c.family, c.given}
			} else if phrasesOf("titles").has(c.given) || phrasesOf("names-that-are-words").has(c.given) && begins(text, w.start) {
				continue // Mrs Example; Will Example come?
			}
			if !yield(c) {
				return
			}
		}
	}
}

// behind is the word with a capital letter that follows on a place with nothing between
// that ends a sentence or a list. What is named after somebody is none.
func behind(text string, at int) (word string, comma, ok bool) {
	for {
		w, more := nextWord(text, at)
		if !more {
			return "", false, false
		}
		between := text[at:w.start]
		if between == ", " {
			comma = true
		} else if strings.Trim(between, " \n\t\u00a0-'\u2019.") != "" || strings.Contains(between, ".") && !initial(text[:at]) {
			return "", false, false
		}
		word, at = text[w.start:w.end], w.end
		if passedOver(word) {
			continue
		}
		if !capital(word) {
			return "", false, false
		}
		if next, more := nextWord(text, at); more && strings.TrimSpace(text[at:next.start]) == "" {
			if place := text[next.start:next.end]; capital(place) && phrasesOf("named-after").has(strings.ToLower(place)) {
				return "", false, false
			}
		}
		return word, comma, true
	}
}

// initial reports whether a text ends with a single letter.
func initial(text string) bool {
	last, n := utf8.DecodeLastRuneInString(text)
	before, _ := utf8.DecodeLastRuneInString(text[:len(text)-n])
	return unicode.IsLetter(last) && !unicode.IsLetter(before)
}

func capital(word string) bool {
	c, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(c)
}
