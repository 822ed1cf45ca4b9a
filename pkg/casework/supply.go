package casework

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Supply is what was given beside the terminal: an answers file, --set and flags.
// Every value is used exactly once, as the answer to a question or, where the
// record knows a key that is not asked for, as it stands; else it is refused.
type Supply struct {
	given []given // in the order given
	clash error   // the first value that was given twice
}

// given is one value with the path it is for.
type given struct {
	path     string
	values   []string
	from     string // where it was given, for errors: "--date", "answers.yaml:12"
	answered bool   // a question took it
}

// SupplyError says that something given cannot be used.
type SupplyError struct {
	From    string // "--date", "answers.yaml:12"
	Path    string
	Message string
}

func (e *SupplyError) Error() string {
	if e.Path == "" {
		return e.From + ": " + e.Message
	}
	return e.From + ": " + e.Path + ": " + e.Message
}

// ReadAnswers takes an answers file, YAML or JSON, in the shape of what the form
// makes. An error is a *SupplyError or a *recordfile.FaultsError.
func (s *Supply) ReadAnswers(name string, src []byte) error {
	var top branch
	if json.Valid(src) {
		// JSON is read as the values it holds: braces and brackets are its only style, and lose no words.
		var v any
		dec := json.NewDecoder(bytes.NewReader(src))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			return &SupplyError{From: name, Message: err.Error()}
		}
		top = fromJSON(name, v)
	} else {
		doc, findings := yamldoc.Parse(name, src)
		if diag.Worst(findings) == diag.Error {
			return &recordfile.FaultsError{Findings: findings}
		}
		if doc != nil && doc.Root() != nil {
			top = fromYAML(name, doc.Root())
		}
	}
	if len(top.keys) == 0 {
		return &SupplyError{From: name, Message: "the answers file holds no keys"}
	}
	return s.take("", top)
}

// branch is one place of an answers file, whichever way it was written: a group
// (keys and subs), a list (items), or a value.
type branch struct {
	from  string
	keys  []string
	subs  []branch
	list  bool
	items []branch
	value string
	none  bool
}

func fromYAML(file string, n *yamldoc.Node) branch {
	b := branch{from: file + ":" + strconv.Itoa(n.Span.Start.Line)}
	switch n.Kind {
	case yamldoc.Map:
		for _, p := range n.Pairs {
			b.keys, b.subs = append(b.keys, p.Key.Value), append(b.subs, fromYAML(file, p.Value))
		}
	case yamldoc.List:
		b.list = true
		for _, item := range n.Items {
			b.items = append(b.items, fromYAML(file, item))
		}
	default:
		b.value, b.none = n.Value, n.Tag == yamldoc.Null
	}
	return b
}

func fromJSON(file string, v any) branch {
	b := branch{from: file}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			b.keys, b.subs = append(b.keys, k), append(b.subs, fromJSON(file, v[k]))
		}
	case []any:
		b.list = true
		for _, item := range v {
			b.items = append(b.items, fromJSON(file, item))
		}
	case nil:
		b.none = true
	default:
		b.value = fmt.Sprint(v)
	}
	return b
}

// take gathers the values at and below a place.
func (s *Supply) take(at string, b branch) error {
	switch {
	case b.none:
		return nil
	case b.list:
		return s.takeList(at, b)
	case len(b.keys) == 0:
		s.fromFile(given{path: at, values: []string{b.value}, from: b.from})
		return nil
	}
	for i, k := range b.keys {
		if err := s.take(dotted(at, k), b.subs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Supply) takeList(at string, b branch) error {
	var values []string
	seen := map[string]bool{}
	for i, item := range b.items {
		if len(item.keys) == 0 && !item.list {
			values = append(values, item.value)
			continue
		}
		key := item.known(i)
		if seen[key] {
			return &SupplyError{From: item.from, Path: at, Message: key + " stands in this list twice; put what belongs together into one entry"}
		}
		seen[key] = true
		if err := s.take(at+"["+key+"]", item); err != nil {
			return err
		}
	}
	if values != nil {
		s.fromFile(given{path: at, values: values, from: b.from})
	}
	return nil
}

// fromFile takes a value of the answers file, unless a flag has given it: what is
// typed for this one act goes before what a file holds for many.
func (s *Supply) fromFile(g given) {
	if s.find(g.path) == nil {
		s.given = append(s.given, g)
	}
}

// entryKeys are the keys by which an entry of a list is known, as in [t1]. An id
// is none: it is given to the entry, and not something the entry is about.
var entryKeys = [...]string{"target", "provision", "who", "criterion"}

// known is the key of a list's entry: what it is about, else its place.
func (b branch) known(i int) string {
	for _, k := range entryKeys {
		if at := slices.Index(b.keys, k); at >= 0 && b.subs[at].value != "" {
			return b.subs[at].value
		}
	}
	return strconv.Itoa(i)
}

func dotted(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// Set takes one value for a path; from says where it was given. The same path
// given again in the same way makes a list; given in two ways it is refused.
func (s *Supply) Set(path, value, from string) {
	for i := range s.given {
		g := &s.given[i]
		if g.path != path {
			continue
		}
		if g.from != from && s.clash == nil {
			s.clash = &SupplyError{From: from, Path: path, Message: "this is given twice, also by " + g.from}
		}
		g.values = append(g.values, value)
		return
	}
	s.given = append(s.given, given{path: path, values: []string{value}, from: from})
}

// SetArg takes "PATH=VALUE".
func (s *Supply) SetArg(arg string) error {
	path, value, err := SplitSet(arg)
	if err == nil {
		s.Set(path, value, "--set")
	}
	return err
}

// SplitSet takes "PATH=VALUE" apart and checks that PATH is one.
func SplitSet(arg string) (path, value string, err error) {
	path, value, ok := strings.Cut(arg, "=")
	if !ok {
		return "", "", &SupplyError{From: "--set", Message: "write it as PATH=VALUE, for example review_on=2026-07-17"}
	}
	if _, err := yamldoc.ParsePath(path); err != nil {
		return "", "", &SupplyError{From: "--set", Message: err.Error()}
	}
	return path, value, nil
}

// Has reports whether anything was given at or below path.
func (s *Supply) Has(path string) bool {
	return slices.ContainsFunc(s.given, func(g given) bool {
		return g.path == path || strings.HasPrefix(g.path, path+".") || strings.HasPrefix(g.path, path+"[")
	})
}

// Peek gives the one value for path and takes it as used: for a word on which the
// questions themselves depend.
func (s *Supply) Peek(path string) (string, bool) {
	g := s.find(path)
	if g == nil || len(g.values) != 1 {
		return "", false
	}
	g.answered = true
	return g.values[0], true
}

// Empty reports whether nothing was given at all.
func (s *Supply) Empty() bool { return len(s.given) == 0 }

// Answer fills in every question of script that something given answers, and
// gives the answers. What is given wrongly is a *SupplyError.
func (s *Supply) Answer(script form.Script, a form.Answers) error {
	if s.clash != nil {
		return s.clash
	}
	for progress := true; progress; {
		progress = false
		qs := script(a)
		also := aliases(qs)
		for _, q := range qs {
			if _, answered := a[q.Path]; answered {
				continue
			}
			g, err := s.only(q.Path, also[q.Path])
			if err != nil {
				return err
			}
			if g == nil {
				continue
			}
			x, err := q.Given(g.values)
			if err != nil {
				return &SupplyError{From: g.from, Path: q.Path, Message: err.Error()}
			}
			a[q.Path], g.answered, progress = x, true, true
			break // the answer may have changed what is asked
		}
	}
	return nil
}

func (s *Supply) find(path string) *given {
	for i := range s.given {
		if s.given[i].path == path {
			return &s.given[i]
		}
	}
	return nil
}

// only finds the one value given for a question by any of its paths.
func (s *Supply) only(path string, also []string) (*given, error) {
	var found *given
	for _, p := range append([]string{path}, also...) {
		switch g := s.find(p); {
		case g == nil:
		case found != nil:
			return nil, &SupplyError{From: g.from, Path: g.path, Message: "this is given twice, also by " + found.from + " as " + found.path}
		default:
			found = g
		}
	}
	return found, nil
}

// aliases gives the other ways to write each question's path. Where entries are
// known by an id, their place will do: targets[t1].result is also
// targets[0].result; where they are counted, the id that they get will do.
func aliases(qs []form.Question) map[string][]string {
	seen := map[string][]string{}
	out := map[string][]string{}
	for _, q := range qs {
		list, rest, ok := strings.Cut(q.Path, "[")
		id, tail, closed := strings.Cut(rest, "]")
		if !ok || !closed {
			continue
		}
		if n, err := strconv.Atoi(id); err == nil {
			if letter := entryLetter(list); letter != "" {
				out[q.Path] = []string{list + "[" + letter + strconv.Itoa(n+1) + "]" + tail}
			}
			continue
		}
		at := slices.Index(seen[list], id)
		if at < 0 {
			at = len(seen[list])
			seen[list] = append(seen[list], id)
		}
		out[q.Path] = []string{list + "[" + strconv.Itoa(at) + "]" + tail}
	}
	return out
}

// entryLetter begins the ids that the entries of a list get: t1, p1, e1.
func entryLetter(list string) string {
	switch list {
	case "plan.targets":
		return "t"
	case "plan.provision":
		return "p"
	case "assess.evidence":
		return "e"
	}
	return ""
}

// Extra puts what was given beyond the questions into what a form makes; nil for nothing.
type Extra func(out any) error

// Beyond gives what no question took: keys of the record that are not asked for.
// A key the record does not know, or a value for a question that was answered
// otherwise, is a *SupplyError.
func (s *Supply) Beyond(script form.Script, a form.Answers) Extra {
	return func(out any) error {
		asked := map[string]bool{}
		qs := script(a)
		also := aliases(qs)
		for _, q := range qs {
			asked[q.Path] = true
			for _, p := range also[q.Path] {
				asked[p] = true
			}
		}
		for _, g := range s.given {
			if g.answered {
				continue
			}
			if known, err := g.names(qs, also); err != nil || known {
				if err != nil {
					return err
				}
				continue
			}
			if asked[g.path] {
				return &SupplyError{From: g.from, Path: g.path, Message: "this was answered otherwise; leave it out, or do not answer it by hand"}
			}
			text := ""
			if len(g.values) == 1 {
				text = g.values[0]
			}
			if err := recordfile.Assign(out, g.path, text, g.values); err != nil {
				return &SupplyError{From: g.from, Message: err.Error()}
			}
		}
		return nil
	}
}

// names reports whether a value only says again which entry the questions below it
// are about: targets[t1].target is t1. One that says another is a *SupplyError. Where
// no question is about such an entry, it is a value like any other.
func (g given) names(qs []form.Question, also map[string][]string) (bool, error) {
	entry, key, ok := strings.Cut(g.path, "].")
	list, at, is := strings.Cut(entry, "[")
	if !ok || !is || !slices.Contains(entryKeys[:], key) {
		return false, nil
	}
	for _, q := range qs {
		for _, p := range append([]string{q.Path}, also[q.Path]...) {
			if !strings.HasPrefix(p, entry+"].") {
				continue
			}
			id, _, _ := strings.Cut(strings.TrimPrefix(q.Path, list+"["), "]")
			if _, counted := strconv.Atoi(id); counted == nil {
				continue // counted entries are about nothing that has a name
			}
			if len(g.values) == 1 && g.values[0] == id {
				return true, nil
			}
			return false, &SupplyError{From: g.from, Path: g.path, Message: "the questions about [" + at + "] are about another; give " + list + "[" + id + "]." + key + "=" + id + " or leave it out"}
		}
	}
	return false, nil
}

// MissingError says which questions nobody answered, where there was nobody to ask.
type MissingError struct{ Questions []form.Question }

func (e *MissingError) Error() string {
	var b strings.Builder
	b.WriteString("an answer is needed, and there is nobody to ask; give:")
	for _, q := range e.Questions {
		how := q.Flag
		switch {
		case how == "":
			how = "--set " + q.Path + "=..."
		case strings.HasPrefix(how, "--"):
			how += " ..."
		}
		fmt.Fprintf(&b, "\n  %-32s %s", how, q.Ask)
	}
	return b.String()
}

// Settle answers what is left without asking anybody: with the default where it
// follows from what is known, by skipping what is optional, else with a
// *MissingError that names everything missing. A default that is only likely is
// no answer: nothing is recorded that nobody said.
// What was given is looked at again after every step: a question that is skipped
// may open another.
func Settle(script form.Script, a form.Answers, s *Supply) error {
	for {
		if err := s.Answer(script, a); err != nil {
			return err
		}
		q, open := script.Next(a)
		if !open {
			return nil
		}
		switch {
		case q.Default != "" && q.Follows:
			x, err := q.Given([]string{q.Default})
			if err != nil {
				return &SupplyError{From: "the default", Path: q.Path, Message: err.Error()}
			}
			a[q.Path] = x
		case q.Optional:
			a[q.Path] = form.Answer{Skipped: true}
		default:
			var missing []form.Question
			for _, q := range script(a) {
				if _, ok := a[q.Path]; !ok && !q.Optional && !q.Follows {
					missing = append(missing, q)
				}
			}
			return &MissingError{Questions: missing}
		}
	}
}
