package report

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// speaker puts the ids and codes of one record into words.
type speaker struct {
	folder *folder.Folder
	record *folder.Record
}

// person names an adult; the id stands in where people.yaml does not know it.
func (s speaker) person(id string) string {
	if p, ok := s.folder.PersonIn(s.record, id); ok {
		return string(p.Name)
	}
	return id
}

// anyone names the learner, a relative or an adult.
func (s speaker) anyone(id string) string {
	if id == "learner" {
		return s.name()
	}
	for _, m := range s.record.Learner.Value.Family {
		if m.ID == id {
			return s.relative(id)
		}
	}
	return s.person(id)
}

func (s speaker) relative(id string) string {
	name := string(s.record.Family(id))
	if name == "" {
		return id
	}
	return name + " (" + id + ")"
}

func (s speaker) everyone(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, s.anyone(id))
	}
	return and(out)
}

// name is the name used every day, or the id.
func (s speaker) name() string {
	if n := s.record.Identity.Value.Name; n != "" {
		return string(n)
	}
	return s.record.ID
}

func (s speaker) stage(id string) string { return s.folder.Pathway.Value.StageWords(id) }

func (s speaker) words(list, code string) string {
	if code == "" {
		return ""
	}
	return s.folder.Pathway.Value.Words(list, code)
}

// and joins words as a sentence does.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// amount writes a figure with what it is out of and counted in.
func amount(n, of learner.Number, unit learner.Words) string {
	s := string(n)
	if s == "" {
		return ""
	}
	if of != "" {
		s += " of " + string(of)
	}
	if unit != "" {
		s += " " + string(unit)
	}
	return s
}

// Plural writes a count with its noun.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// When says how far a day is off, as seen from today.
func When(day, today date.Date) string {
	switch n := today.DaysUntil(day); {
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	case n == -1:
		return "yesterday"
	case n > 0:
		return fmt.Sprintf("in %d days", n)
	default:
		return fmt.Sprintf("%d days ago", -n)
	}
}

// Sentence ends text with a full stop, unless it ends with a mark of its own, or
// with somebody's words that do.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	bare := strings.TrimRight(text, "\u201d")
	if bare == "" || strings.ContainsAny(bare[len(bare)-1:], ".!?") {
		return text
	}
	return text + "."
}

// Capital makes the first letter a capital.
func Capital(text string) string {
	r := []rune(text)
	if len(r) == 0 {
		return text
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// Lower makes the first letter a small one, but of a name in capitals: "SEN".
func Lower(text string) string {
	r := []rune(text)
	if len(r) < 2 || unicode.IsUpper(r[1]) {
		return text
	}
	return strings.ToLower(string(r[:1])) + string(r[1:])
}

// Quoted puts somebody's words between quotation marks.
func Quoted(words string) string { return "\u201c" + words + "\u201d" }

// OrNothing gives a value, and says so where there is none.
func OrNothing(value string) string {
	if value == "" {
		return "nothing"
	}
	return value
}

// sen puts a census code for SEN provision into words: "SEN support (K)".
func sen(code string) string { return coded("sen-provision", code) }

// coded gives the words of a census code list with the code in brackets. The code
// stands alone where the list does not know it.
func coded(list, code string) string {
	w := listed(list, code)
	if w == code {
		return code
	}
	return w + " (" + code + ")"
}

// listed gives the words of a census code; the code itself where the list has none.
func listed(list, code string) string {
	codes, err := recordfile.CodeList(list)
	if err != nil {
		return code
	}
	if c, ok := codes.Code(code); ok {
		return string(c.Words)
	}
	return code
}

// requestWords names a kind of request: "STAR".
func (s speaker) requestWords(kind string) string { return s.folder.Pathway.Value.RequestWords(kind) }

// check puts a check of a gate into words, as the pathway in force now has them.
func (s speaker) check(id string) string {
	if c, ok := s.folder.Pathway.Value.Check(id); ok && c.Words != "" {
		return string(c.Words)
	}
	return strings.ReplaceAll(id, "-", " ")
}

// role is the role of an adult in words, "" where it is not known.
func (s speaker) role(id string) string {
	p, _ := s.folder.PersonIn(s.record, id)
	return s.words("roles", p.Role)
}

// Pounds writes an amount for reading aloud: "2,210.00 pounds". What is not a
// plain amount stays as it was written.
func Pounds(n learner.Number) string { return thousands(string(n)) + " pounds" }

// thousands puts a comma before every three digits of the whole pounds.
func thousands(amount string) string {
	whole, pence, _ := strings.Cut(amount, ".")
	if strings.Trim(whole, "0123456789") != "" {
		return amount
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if pence == "" {
		return whole
	}
	if len(pence) == 1 {
		pence += "0"
	}
	return whole + "." + pence
}

// Thousands puts commas into the amounts of money in a text: what has pence, and
// more than three digits before them.
func Thousands(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		bare := strings.TrimRight(w, ".,;:)")
		whole, pence, ok := strings.Cut(bare, ".")
		if ok && len(pence) == 2 && len(whole) > 3 && strings.Trim(whole+pence, "0123456789") == "" {
			words[i] = thousands(bare) + w[len(bare):]
		}
	}
	return strings.Join(words, " ")
}

// Span writes two days: "2 February to 17 July 2026".
func Span(from, to date.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return ""
	case to.IsZero():
		return "from " + from.Long()
	case from.IsZero():
		return "to " + to.Long()
	case from.Year() == to.Year():
		return strings.TrimSuffix(from.Long(), fmt.Sprintf(" %d", from.Year())) + " to " + to.Long()
	}
	return from.Long() + " to " + to.Long()
}

// Granted writes money for a time: "2,210.00 pounds, 2 February to 17 July 2026".
func Granted(money string, from, to date.Date) string {
	span := Span(from, to)
	switch {
	case money == "":
		return span
	case span == "":
		return Pounds(learner.Number(money))
	}
	return Pounds(learner.Number(money)) + ", " + span
}

// grant is Granted of a grant, "" where there is none.
func grant(g *learner.Grant) string {
	if g == nil {
		return ""
	}
	return Granted(string(g.Money), g.From, g.To)
}

// clause ends words as the last of a sentence that goes on: without a full stop.
func clause(words string) string { return strings.TrimSuffix(strings.TrimSpace(words), ".") }
