package casework

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Supply is what was given beside the terminal: an answers file, --set and flags.
// It answers the questions of a form; what is left over goes into the record as
// it stands, if the record knows such a key.
type Supply struct {
	given []given // in the order given
}

// given is one value with the path it is for.
type given struct {
	path   string
	values []string
	from   string // where it was given, for errors: "--date", "answers.yaml:12"
	used   bool
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
	if json.Valid(src) {
		// JSON is read as the values it holds; only then is it known not to lose words as flow YAML.
		var v any
		dec := json.NewDecoder(bytes.NewReader(src))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			return &SupplyError{From: name, Message: err.Error()}
		}
		return s.addJSON(name, "", v)
	}
	doc, findings := yamldoc.Parse(name, src)
	if diag.Worst(findings) == diag.Error {
		return &recordfile.FaultsError{Findings: findings}
	}
	if doc == nil || doc.Root() == nil || doc.Root().Kind != yamldoc.Map {
		return &SupplyError{From: name, Message: "the answers file holds no keys"}
	}
	s.addNode(name, "", doc.Root())
	return nil
}

// Set takes one value for a path; from says where it was given. The same path
// given again makes a list.
func (s *Supply) Set(path, value, from string) {
	for i := range s.given {
		if s.given[i].path == path {
			s.given[i].values = append(s.given[i].values, value)
			return
		}
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
	g.used = true
	return g.values[0], true
}

// Empty reports whether nothing was given at all.
func (s *Supply) Empty() bool { return len(s.given) == 0 }

func (s *Supply) addNode(file, at string, n *yamldoc.Node) {
	from := file + ":" + strconv.Itoa(n.Span.Start.Line)
	switch n.Kind {
	case yamldoc.Map:
		for _, p := range n.Pairs {
			s.addNode(file, dotted(at, p.Key.Value), p.Value)
		}
	case yamldoc.List:
		var values []string
		for i, item := range n.Items {
			if item.Kind == yamldoc.Scalar {
				values = append(values, item.Value)
				continue
			}
			s.addNode(file, at+"["+entryKey(item, i)+"]", item)
		}
		if values != nil {
			s.given = append(s.given, given{path: at, values: values, from: from})
		}
	default:
		if n.Tag != yamldoc.Null {
			s.given = append(s.given, given{path: at, values: []string{n.Value}, from: from})
		}
	}
}

// entryKeys are the keys by which an entry of a list is known, as in [t1].
var entryKeys = [...]string{"id", "target", "provision", "who"}

func entryKey(item *yamldoc.Node, i int) string {
	for _, k := range entryKeys {
		if v := item.Get(k); v != nil && v.Kind == yamldoc.Scalar && v.Value != "" {
			return v.Value
		}
	}
	return strconv.Itoa(i)
}

func (s *Supply) addJSON(file, at string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		for k, sub := range v {
			if err := s.addJSON(file, dotted(at, k), sub); err != nil {
				return err
			}
		}
	case []any:
		var values []string
		for i, item := range v {
			group, ok := item.(map[string]any)
			if !ok {
				values = append(values, fmt.Sprint(item))
				continue
			}
			key := strconv.Itoa(i)
			for _, k := range entryKeys {
				if id, ok := group[k].(string); ok && id != "" {
					key = id
					break
				}
			}
			if err := s.addJSON(file, at+"["+key+"]", item); err != nil {
				return err
			}
		}
		if values != nil {
			s.given = append(s.given, given{path: at, values: values, from: file})
		}
	case nil:
	case string, bool, json.Number:
		if at == "" {
			return &SupplyError{From: file, Message: "the answers file holds no keys"}
		}
		s.given = append(s.given, given{path: at, values: []string{fmt.Sprint(v)}, from: file})
	}
	return nil
}

func dotted(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// Answer fills in every question of script that something given answers, and
// gives the answers. What is given wrongly is a *SupplyError.
func (s *Supply) Answer(script form.Script, a form.Answers) error {
	for progress := true; progress; {
		progress = false
		qs := script(a)
		alias := ordinals(qs)
		for _, q := range qs {
			if _, answered := a[q.Path]; answered {
				continue
			}
			g := s.find(q.Path, alias[q.Path])
			if g == nil {
				continue
			}
			x, err := q.Given(g.values)
			if err != nil {
				return &SupplyError{From: g.from, Path: q.Path, Message: err.Error()}
			}
			a[q.Path], g.used, progress = x, true, true
			break // the answer may have changed what is asked
		}
	}
	return nil
}

func (s *Supply) find(paths ...string) *given {
	for i := range s.given {
		if slices.Contains(paths, s.given[i].path) {
			return &s.given[i]
		}
	}
	return nil
}

// ordinals gives every question's path with ids turned into places:
// targets[t1].result is also targets[0].result.
func ordinals(qs []form.Question) map[string]string {
	seen := map[string][]string{}
	out := map[string]string{}
	for _, q := range qs {
		list, rest, ok := strings.Cut(q.Path, "[")
		id, tail, closed := strings.Cut(rest, "]")
		if !ok || !closed {
			continue
		}
		at := slices.Index(seen[list], id)
		if at < 0 {
			at = len(seen[list])
			seen[list] = append(seen[list], id)
		}
		out[q.Path] = list + "[" + strconv.Itoa(at) + "]" + tail
	}
	return out
}

// Extra puts what was given beyond the questions into what a form makes; nil for nothing.
type Extra func(out any) error

// Extra assigns what no question took to out, a pointer to what the form makes:
// keys of the record that are not asked for. A key the record does not know is a
// *SupplyError.
func (s *Supply) Extra(out any) error {
	for i := range s.given {
		g := &s.given[i]
		if g.used || identifies(g.path) {
			continue
		}
		text := ""
		if len(g.values) == 1 {
			text = g.values[0]
		}
		if err := recordfile.Assign(out, g.path, text, g.values); err != nil {
			return &SupplyError{From: g.from, Message: err.Error()}
		}
		g.used = true
	}
	return nil
}

// identifies reports whether a path is that of the key by which its entry is known.
func identifies(path string) bool {
	entry, key, ok := strings.Cut(path, "].")
	return ok && strings.Contains(entry, "[") && slices.Contains(entryKeys[:], key)
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

// Settle answers what is left without asking anybody: with the default, by
// skipping what is optional, else with a *MissingError that names everything missing.
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
		case q.Default != "":
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
				if _, ok := a[q.Path]; !ok && !q.Optional && q.Default == "" {
					missing = append(missing, q)
				}
			}
			return &MissingError{Questions: missing}
		}
	}
}
