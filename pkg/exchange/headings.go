package exchange

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/schemas"
)

// Headings is the file of what other systems call what they list of a pupil (format
// columns/v1, schemas/columns.yaml).
type Headings struct {
	Format string         `yaml:"format"`
	Source learner.Words  `yaml:"source"`
	Fields []HeadingTerms `yaml:"fields"`
	Needs  []HeadingTerms `yaml:"needs"` // of a table of needs, joined to one of pupils
	Codes  []CodeTerms    `yaml:"codes"`
}

// HeadingTerms are the headings of one field, parted by commas and ends of lines.
type HeadingTerms struct {
	ID       string        `yaml:"id"`
	Words    learner.Words `yaml:"words"`
	Headings learner.Words `yaml:"headings"`
}

// CodeTerms are the words for one code of a list of schemas/codes, parted like headings.
// Loose words are taken for it and said to be, since they may mean another.
type CodeTerms struct {
	List  string        `yaml:"list"`
	Code  string        `yaml:"code"`
	Words learner.Words `yaml:"words"`
	Loose learner.Words `yaml:"loose"`
}

// The fields of a table of needs.
const (
	needType Field = "need-type"
	needRank Field = "need-rank"
)

// known is Headings made ready for matching.
type known struct {
	fields  []Field
	words   map[Field]string
	heading map[string]Field // by the folded heading
	need    map[string]Field
	lists   map[string]*wordList
}

// wordList is one list of codes with every spelling of each.
type wordList struct {
	code   map[string]string // by the folded spelling
	loose  map[string]string
	former map[string]bool // codes that were withdrawn, with words, folded

	instead string // what to write where it is none of them
}

// shipped reads the headings and words that come with the program when first asked.
var shipped = sync.OnceValue(func() *known {
	f, findings, err := recordfile.Read[Headings]("columns.yaml", "columns", schemas.Columns())
	if err != nil || diag.Worst(findings) == diag.Error {
		panic(fmt.Sprint("columns.yaml: ", err, findings)) // a fault of the program, which a test finds
	}
	k := &known{words: map[Field]string{}, heading: map[string]Field{}, need: map[string]Field{}, lists: map[string]*wordList{}}
	for _, h := range f.Value.Fields {
		k.fields = append(k.fields, Field(h.ID))
		k.words[Field(h.ID)] = string(h.Words)
		for _, term := range terms(h.Headings) {
			k.heading[term] = Field(h.ID)
		}
	}
	for _, h := range f.Value.Needs {
		k.words[Field(h.ID)] = string(h.Words)
		for _, term := range terms(h.Headings) {
			k.need[term] = Field(h.ID)
		}
	}
	former, err := recordfile.CodeList("withdrawn")
	if err != nil {
		panic(err) // as above
	}
	for _, name := range schemas.CodeLists() {
		if name == former.ID {
			continue
		}
		list, err := recordfile.CodeList(name)
		if err != nil {
			panic(err) // as above
		}
		k.lists[name] = newWordList(list, former, f.Value.Codes)
	}
	return k
})

func newWordList(list, former *pathway.CodeList, more []CodeTerms) *wordList {
	w := &wordList{code: map[string]string{}, loose: map[string]string{}, former: map[string]bool{}}
	add := func(code, words string) {
		for _, spelling := range []string{words, Fold(code) + words, words + Fold(code)} {
			if _, taken := w.code[spelling]; !taken {
				w.code[spelling] = code
			}
		}
	}
	var codes []string
	for _, c := range list.Codes { // codes first: no word may take the place of one
		codes = append(codes, c.Code)
		w.code[Fold(c.Code)] = c.Code
	}
	w.instead = "write a code of the census"
	if len(codes) <= longestListed {
		w.instead += ": " + strings.Join(codes, ", ")
	}
	for _, c := range list.Codes {
		add(c.Code, Fold(string(c.Words)))
	}
	for _, t := range more {
		if t.List != list.ID {
			continue
		}
		for _, words := range terms(t.Words) {
			add(t.Code, words)
		}
		for _, words := range terms(t.Loose) {
			w.loose[words] = t.Code
		}
	}
	for _, c := range former.Codes {
		if _, ours := list.Code(c.ReplacedBy); !ours {
			continue
		}
		words := Fold(string(c.Words))
		for _, spelling := range []string{Fold(c.Code), words, Fold(c.Code) + words, words + Fold(c.Code)} {
			w.former[spelling] = true
		}
	}
	return w
}

// longestListed is the most codes that a fault lists.
const longestListed = 15

// terms are the folded terms of a text that parts them by commas and ends of lines.
func terms(text learner.Words) []string {
	parts := strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == '\n' })
	for i, p := range parts {
		parts[i] = Fold(p)
	}
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

// Fold takes case, blanks and punctuation out of a heading or a word. Figures that
// something parts stay parted: 1/2 is not 12.
func Fold(s string) string {
	var b strings.Builder
	figure, parted := false, false
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			parted = true
			continue
		}
		if figure && parted && unicode.IsDigit(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		figure, parted = unicode.IsDigit(r), false
	}
	return b.String()
}

// Fields are what a column can mean, in the order in which they are shown.
func Fields() []Field { return slices.Clone(shipped().fields) }

// Words is a field as a person says it: the date of birth.
func (f Field) Words() string { return shipped().words[f] }
