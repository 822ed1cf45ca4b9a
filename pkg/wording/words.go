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
	first   map[string][]term // by the first word
	loose   []term            // those that begin with a class
	number  int
}

// set is a set of lists by their numbers.
type set [2]uint64

func (s *set) add(number int) { s[number/64] |= 1 << (number % 64) }

func (s *set) has(number int) bool { return s[number/64]&(1<<(number%64)) != 0 }

func (s *set) union(t set) { s[0], s[1] = s[0]|t[0], s[1]|t[1] }

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
	begin, verb map[string]set
	always      set // those with a term that begins with a class
}

// shipped reads the lists that come with the program when first asked for them.
var shipped = sync.OnceValue(func() *lexicon {
	x := &lexicon{lists: map[string]*list{}, begin: map[string]set{}, verb: map[string]set{}}
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
				lists := begin[first]
				lists.add(l.number)
				begin[first] = lists
			}
			if len(l.loose) > 0 {
				x.always.add(l.number)
			}
			if name == "jargon" {
				x.jargon = append(x.jargon, l)
			}
		}
	}
	return x
})

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
		if t[0].optional || slices.ContainsFunc(t[0].alts, func(a alternative) bool { return a.kind != literal }) {
			l.loose = append(l.loose, t)
			continue
		}
		for _, a := range t[0].alts {
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
