package wording

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/yamldoc"
	"github.com/sendctl/sendctl/schemas"
)

// WordLists is a file of schemas/words (format words/v1).
type WordLists struct {
	Format string        `yaml:"format"`
	ID     string        `yaml:"id"`
	Title  learner.Words `yaml:"title"`
	Lists  []WordList    `yaml:"lists"`
}

// WordList is one class of words. Terms are separated by commas and ends of lines, and
// in a term a space stands between words: a|b is either, word? may be missing, word* has
// any ending, # is a number, _ is any word, {list} a term of another list.
type WordList struct {
	ID      string        `yaml:"id"`
	Words   learner.Words `yaml:"words"`
	Verbs   bool          `yaml:"verbs"`   // the first word of a term matches in any form of the verb
	Instead learner.Words `yaml:"instead"` // what might be written in place of one
	Terms   learner.Words `yaml:"terms"`
}

// list is a WordList made ready for matching.
type list struct {
	id      string
	verbs   bool
	instead string
	terms   []term
	first   map[string][]term // by the first word
	nested  map[string][]term // those that begin with another list, by the first word of it
	loose   []term            // those that begin with any other class
	number  int
}

// index are the lists of which a term may begin with a word.
type index map[string]set

func (x index) add(word string, number int) {
	lists := x[word]
	lists.add(number)
	x[word] = lists
}

// set is a set of lists by their numbers.
type set [3]uint64

func (s *set) add(number int) { s[number/64] |= 1 << (number % 64) }

func (s *set) has(number int) bool { return s[number/64]&(1<<(number%64)) != 0 }

func (s *set) union(t set) { s[0], s[1], s[2] = s[0]|t[0], s[1]|t[1], s[2]|t[2] }

type term []element

type element struct {
	alts     []alternative
	optional bool
}

type alternative struct {
	text string
	kind altKind
}

type altKind uint8

const (
	literal altKind = iota
	prefix          // text*
	number          // #
	anyWord         // _
	nested          // {text}
)

// lexicon are all lists by their ids.
type lexicon struct {
	lists  map[string]*list
	jargon []*list

	// Which lists may match at a word, so that most need not be tried.
	begin, verb index
	always      set // those with a term that begins with a class
}

// shipped reads the lists that come with the program when first asked for them.
var shipped = sync.OnceValue(func() *lexicon {
	x := &lexicon{lists: map[string]*list{}, begin: index{}, verb: index{}}
	for _, name := range schemas.WordLists() {
		src, _ := schemas.Words(name)
		doc, faults := yamldoc.Parse("words/"+name+".yaml", src)
		if doc == nil || diag.Worst(faults) == diag.Error {
			panic(fmt.Sprint("words/", name, ".yaml: ", faults)) // a fault of the program, which a test finds
		}
		for _, n := range doc.Root().Get("lists").Items {
			l := newList(n)
			l.number = len(x.lists)
			x.lists[l.id] = l
			begin := x.begin
			if l.verbs {
				begin = x.verb
			}
			for first := range l.first {
				begin.add(first, l.number)
			}
			if name == "jargon" {
				x.jargon = append(x.jargon, l)
			}
		}
	}
	for _, l := range x.lists {
		x.nest(l)
	}
	return x
})

// nest finds by which words the terms of l may begin that begin with another list.
func (x *lexicon) nest(l *list) {
	l.nested = map[string][]term{}
	rest := l.loose[:0]
	for _, t := range l.loose {
		firsts := map[string]bool{}
		if !x.firsts(t, firsts) {
			rest = append(rest, t)
			continue
		}
		for w := range firsts {
			l.nested[w] = append(l.nested[w], t)
			x.begin.add(w, l.number)
		}
	}
	if l.loose = rest; len(rest) > 0 {
		x.always.add(l.number)
	}
}

// firsts gathers the words with which t may begin, and reports whether these are all.
func (x *lexicon) firsts(t term, words map[string]bool) bool {
	for n := range t {
		for _, a := range t[n].alts {
			l := x.lists[a.text]
			switch {
			case a.kind == number:
				words["#"] = true
			case a.kind == literal:
				words[a.text] = true
			case a.kind == nested && l != nil && !l.verbs:
				for _, u := range l.terms {
					if !x.firsts(u, words) {
						return false
					}
				}
			default:
				return false
			}
		}
		if !t[n].optional {
			return true
		}
	}
	return false
}

func newList(n *yamldoc.Node) *list {
	value := func(key string) string {
		if v := n.Get(key); v != nil {
			return v.Value
		}
		return ""
	}
	l := &list{id: value("id"), verbs: value("verbs") == "true", instead: value("instead"), first: map[string][]term{}}
	for _, text := range strings.FieldsFunc(value("terms"), func(r rune) bool { return r == ',' || r == '\n' }) {
		t := newTerm(text)
		if len(t) == 0 {
			continue
		}
		l.terms = append(l.terms, t)
		if t[0].optional || slices.ContainsFunc(t[0].alts, func(a alternative) bool { return a.kind != literal && a.kind != number }) {
			l.loose = append(l.loose, t)
			continue
		}
		for _, a := range t[0].alts {
			if a.kind == number {
				a.text = "#" // as tokens have it
			}
			l.first[a.text] = append(l.first[a.text], t)
		}
	}
	return l
}

func newTerm(text string) term {
	var t term
	for _, word := range strings.Fields(text) {
		var e element
		if rest, ok := strings.CutSuffix(word, "?"); ok {
			word, e.optional = rest, true
		}
		for _, a := range strings.Split(word, "|") {
			switch {
			case a == "_":
				e.alts = append(e.alts, alternative{kind: anyWord})
			case a == "#":
				e.alts = append(e.alts, alternative{kind: number})
			case strings.HasPrefix(a, "{"):
				e.alts = append(e.alts, alternative{kind: nested, text: strings.Trim(a, "{}")})
			case strings.HasSuffix(a, "*"):
				e.alts = append(e.alts, alternative{kind: prefix, text: strings.TrimSuffix(a, "*")})
			case a != "":
				e.alts = append(e.alts, alternative{text: a})
			}
		}
		t = append(t, e)
	}
	return t
}
