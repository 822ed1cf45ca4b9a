package report

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Mark is something in a file that a person looks at before it is given to whoever
// asked for it. It decides nothing.
type Mark struct {
	File  string `json:"file"` // from the record folder's root
	What  string `json:"what"` // a code: adult, family, child, restricted, safeguarding, unread, unreadable, about
	Where string `json:"where,omitempty"`
	Line  int    `json:"line,omitempty"`
	Who   string `json:"who,omitempty"`
	Why   string `json:"why"`
}

// The codes of Mark.What.
const (
	MarkAdult        = "adult"        // an adult who works with the learner
	MarkFamily       = "family"       // a member of the family other than who asks
	MarkChild        = "child"        // perhaps another child
	MarkRestricted   = "restricted"   // marked as not for everyone
	MarkSafeguarding = "safeguarding" // a pointer to another system
	MarkUnread       = "unread"       // an attachment, which no program read
	MarkUnreadable   = "unreadable"   // a file that is no record file any more
	MarkAbout        = "about"        // in another learner's record, perhaps about this one
)

// MarkKinds are the codes that Mark.What can have.
func MarkKinds() []string {
	return []string{MarkAdult, MarkFamily, MarkChild, MarkRestricted, MarkSafeguarding, MarkUnread, MarkUnreadable, MarkAbout}
}

// Access is the list of everything that is kept on a learner, for whoever has to
// answer a subject-access request.
type Access struct {
	Format    string       `json:"format"` // sendctl-access/1
	ID        string       `json:"id"`
	Setting   string       `json:"setting"`
	Asked     date.Date    `json:"asked"`    // the day of the request
	AskedBy   string       `json:"asked_by"` // a relative's id, learner, or as it was typed
	Who       string       `json:"asked_by_words"`
	Rights    bool         `json:"-"`      // whether the record says that who asks has parental responsibility
	Month     date.Date    `json:"answer"` // one calendar month on
	School    date.Date    `json:"educational_record"`
	Counted   bool         `json:"educational_record_in_terms"` // whether the terms reach that day
	Output    string       `json:"output"`
	Events    int          `json:"log_entries"`
	Items     []AccessItem `json:"items"`
	Elsewhere []Mark       `json:"elsewhere"` // places in other learners' records
	Gaps      []string     `json:"gaps"`      // what could not be read
}

// AccessItem is one thing that is kept.
type AccessItem struct {
	N      int       `json:"n"`
	State  string    `json:"state"` // now, earlier, draft or aside
	Path   string    `json:"path"`  // in the record folder
	File   string    `json:"file"`  // in the bundle
	When   time.Time `json:"recorded,omitzero"`
	By     string    `json:"recorded_by_name,omitempty"`
	Commit string    `json:"commit,omitempty"`
	Other  bool      `json:"other_branch,omitempty"`
	Marks  []Mark    `json:"marks"`
}

// Counts are how many marks there are of each kind.
func (v Access) Counts() map[string]int {
	out := map[string]int{}
	for _, x := range v.Items {
		for _, m := range x.Marks {
			out[m.What]++
		}
	}
	out[MarkAbout] = len(v.Elsewhere)
	return out
}

// MonthAfter is one calendar month on: the same day of the next month, or its last.
func MonthAfter(d date.Date) date.Date {
	next := date.New(d.Year(), d.Month()+1, 1)
	last := date.New(next.Year(), next.Month()+1, 1).AddDays(-1)
	return date.New(next.Year(), next.Month(), min(d.Day(), last.Day()))
}

// Looking knows the people whom the files of one learner may name.
type Looking struct {
	id     string
	own    map[string]bool   // words of the learner's own name
	adults map[string]string // id to name
	family map[string]string // id to name, but for who asks
	told   map[string]string // a word of an adult's or relative's name, to who that is
	kin    map[string]bool   // of told: those of the family
	others map[string]string // a word of another learner's name, to their ids
	ids    map[string]bool   // of the other learners
}

// LookingFor prepares to look through what is kept on a learner. askedBy is the id of
// the relative who asks, whose own name is then no third party's; all are the front
// sheets of every learner of the folder, by id.
func LookingFor(f *folder.Folder, r *folder.Record, askedBy string, all map[string]learner.Identity) *Looking {
	l := &Looking{id: r.ID, own: map[string]bool{}, adults: map[string]string{}, family: map[string]string{}, told: map[string]string{}, kin: map[string]bool{}, others: map[string]string{}, ids: map[string]bool{}}
	who := r.Identity.Value
	for _, w := range slices.Concat(nameWords(who.Name), nameWords(who.LegalName.Given), nameWords(who.LegalName.Family)) {
		l.own[w] = true
	}
	asker := map[string]bool{}
	for _, c := range who.Family {
		if c.ID == askedBy {
			for _, w := range nameWords(c.Name) {
				asker[w] = true
			}
			continue
		}
		l.family[c.ID] = string(c.Name)
		for _, w := range nameWords(c.Name) {
			l.told[w], l.kin[w] = c.ID, true
		}
	}
	for _, m := range r.Learner.Value.Family {
		if _, known := l.family[m.ID]; !known && m.ID != askedBy {
			l.family[m.ID] = m.Relation
		}
	}
	for _, p := range slices.Concat(f.People.Value.People, r.People.Value.People) {
		l.adults[p.ID] = oneLine(p.Name)
		for _, w := range nameWords(p.Name) {
			if _, taken := l.told[w]; !taken {
				l.told[w] = p.ID
			}
		}
	}
	for id, who := range all {
		if id == r.ID {
			continue
		}
		l.ids[id] = true
		for _, w := range slices.Concat(nameWords(who.Name), nameWords(who.LegalName.Given), nameWords(who.LegalName.Family)) {
			if l.own[w] || asker[w] {
				continue // the family name of a brother or sister
			}
			if have := l.others[w]; !strings.Contains(have, id) {
				l.others[w] = strings.TrimSpace(have + " " + id)
			}
		}
	}
	for w := range asker {
		delete(l.told, w)
	}
	for w := range l.own {
		delete(l.told, w)
	}
	return l
}

// nameWords are the words of a name that can be looked for: those of two letters and
// more that begin with a capital letter.
func nameWords(name learner.Words) []string {
	var out []string
	for _, w := range wordsOf(string(name)) {
		if r := []rune(w); len(r) > 1 && unicode.IsUpper(r[0]) {
			out = append(out, w)
		}
	}
	return out
}

// wordsOf cuts text at everything that is no letter; "Jude's" holds the word Jude, and
// "O'Hara-Lee" is one.
func wordsOf(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '\u2019' && r != '-'
	}) {
		w = strings.Trim(w, "'\u2019-")
		for _, s := range []string{"'s", "\u2019s"} {
			w = strings.TrimSuffix(w, s)
		}
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// In lists what a person looks at in one file of the learner's.
func (l *Looking) In(p string, b []byte) []Mark {
	switch {
	case path.Ext(p) == seal.Extension:
		s, err := seal.Parse(b)
		if err != nil {
			return []Mark{{File: p, What: MarkUnreadable, Why: "this is no seal that can be read, so nobody looked for names in it"}}
		}
		return []Mark{l.adult(p, "by", 0, s.By)}
	case path.Ext(p) != ".yaml" && path.Ext(p) != ".json":
		return []Mark{{File: p, What: MarkUnread, Why: "an attachment: no program looked into it. Read it for other people and for what is not for everyone"}}
	}
	doc, _ := yamldoc.Parse(p, b)
	if doc == nil || path.Ext(p) == ".json" {
		why := "this cannot be read as a record file, so only words were looked at"
		if path.Ext(p) == ".json" {
			why = "this was typed and not recorded; only words were looked at"
		}
		out := []Mark{{File: p, What: MarkUnreadable, Why: why}}
		for i, line := range strings.Split(string(b), "\n") {
			out = l.words(out, p, "", i+1, line)
		}
		return out
	}
	var out []Mark
	relatives := frontSheet{}
	if p == path.Join("learners", l.id, "identity.yaml") {
		relatives.root = doc.Root()
	}
	l.walk(doc.Root(), "", func(at string, n *yamldoc.Node) {
		line := n.Span.Start.Line
		switch {
		case at == "restricted" || strings.HasSuffix(at, ".restricted"):
			if n.Value == "true" {
				out = append(out, Mark{File: p, What: MarkRestricted, Where: at, Line: line, Why: "this part is marked as not for everyone who may read the record"})
			}
			return
		case strings.HasPrefix(at, "safeguarding.") && n.Value == "true":
			out = append(out, Mark{File: p, What: MarkSafeguarding, Where: at, Line: line, Why: "it points to what another system holds; ask the safeguarding lead before it is given out"})
			return
		}
		if who := relatives.of(at); who != "" && l.isKin(who) {
			out = append(out, Mark{File: p, What: MarkFamily, Where: at, Line: line, Who: who, Why: "how a member of the family other than who asks is called and reached" + named(l.family[who])})
			return
		}
		if _, ok := l.adults[n.Value]; ok && !l.isKin(n.Value) {
			out = append(out, l.adult(p, at, line, n.Value))
			return
		}
		if l.isKin(n.Value) {
			out = append(out, Mark{File: p, What: MarkFamily, Where: at, Line: line, Who: n.Value, Why: "a member of the family other than who asks" + named(l.family[n.Value])})
			return
		}
		if ids.ValidLearner(n.Value) && n.Value != l.id {
			if l.ids[n.Value] {
				out = append(out, Mark{File: p, What: MarkChild, Where: at, Line: line, Who: n.Value, Why: "the id of another learner of this folder"})
				return
			}
		}
		out = l.words(out, p, at, line, n.Value)
	})
	return out
}

// frontSheet says whose line one of the family's lines in identity.yaml is.
type frontSheet struct{ root *yamldoc.Node }

func (s frontSheet) of(at string) string {
	rest, ok := strings.CutPrefix(at, "family[")
	number, _, closed := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if !ok || !closed || err != nil || s.root == nil {
		return ""
	}
	list := s.root.Get("family")
	if list == nil || i >= len(list.Items) || list.Items[i].Kind != yamldoc.Map || list.Items[i].Get("id") == nil {
		return ""
	}
	return list.Items[i].Get("id").Value
}

func (l *Looking) isKin(id string) bool { _, ok := l.family[id]; return ok }

func named(name string) string {
	if name == "" {
		return ""
	}
	return " (" + name + ")"
}

func (l *Looking) adult(p, at string, line int, id string) Mark {
	return Mark{File: p, What: MarkAdult, Where: at, Line: line, Who: id, Why: "an adult who works with the learner" + named(l.adults[id]) + "; what staff did in their work is usually given out"}
}

// words marks what looks like somebody's name in text, each person once.
func (l *Looking) words(out []Mark, p, at string, line int, text string) []Mark {
	seen := map[string]bool{}
	for _, w := range wordsOf(text) {
		if id, ok := l.told[w]; ok && !seen[id] {
			seen[id] = true
			if l.kin[w] {
				out = append(out, Mark{File: p, What: MarkFamily, Where: at, Line: line, Who: id, Why: "words that look like the name of a member of the family other than who asks: " + w})
			} else {
				out = append(out, Mark{File: p, What: MarkAdult, Where: at, Line: line, Who: id, Why: "words that look like the name of an adult: " + w})
			}
		}
		if have, ok := l.others[w]; ok && !seen[w] {
			seen[w] = true
			out = append(out, Mark{File: p, What: MarkChild, Where: at, Line: line, Who: have, Why: "words that look like the name of another learner of this folder: " + w})
		}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !strings.ContainsRune(ids.Alphabet, r) && !unicode.IsLetter(r) }) {
		if ids.ValidLearner(w) && l.ids[w] && !seen[w] {
			seen[w] = true
			out = append(out, Mark{File: p, What: MarkChild, Where: at, Line: line, Who: w, Why: "the id of another learner of this folder"})
		}
	}
	return out
}

// About lists the places of another learner's file that may be about this one.
func (l *Looking) About(p string, b []byte) []Mark {
	doc, _ := yamldoc.Parse(p, b)
	if doc == nil {
		return nil
	}
	var out []Mark
	l.walk(doc.Root(), "", func(at string, n *yamldoc.Node) {
		hit := strings.Contains(n.Value, l.id)
		why := "the learner's id stands in another learner's record"
		for _, w := range wordsOf(n.Value) {
			if !hit && l.own[w] {
				hit, why = true, "words in another learner's record that look like this learner's name: "+w
			}
		}
		if hit {
			out = append(out, Mark{File: p, What: MarkAbout, Where: at, Line: n.Span.Start.Line, Why: why})
		}
	})
	return out
}

// walk visits every single value of a file with its place.
func (l *Looking) walk(n *yamldoc.Node, at string, visit func(at string, n *yamldoc.Node)) {
	switch n.Kind {
	case yamldoc.Map:
		for _, x := range n.Pairs {
			sub := x.Key.Value
			if at != "" {
				sub = at + "." + sub
			}
			l.walk(x.Value, sub, visit)
		}
	case yamldoc.List:
		for i, x := range n.Items {
			l.walk(x, at+"["+strconv.Itoa(i)+"]", visit)
		}
	default:
		visit(at, n)
	}
}
