package recordfile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
	"github.com/sendctl/sendctl/schemas"
)

// shape is what one JSON Schema demands of a node. Only the keywords our own
// schemas use are known; a test holds the schemas to them.
type shape struct {
	Types      oneOrMany         `json:"type"`
	Properties properties        `json:"properties"`
	Required   []string          `json:"required"`
	Items      *shape            `json:"items"`
	Enum       []json.RawMessage `json:"enum"`
	Const      json.RawMessage   `json:"const"`
	Pattern    string            `json:"pattern"`
	MinLength  *int              `json:"minLength"`
	MaxLength  *int              `json:"maxLength"`
	MinItems   *int              `json:"minItems"`
	MaxItems   *int              `json:"maxItems"`
	Unique     bool              `json:"uniqueItems"`
	Minimum    *float64          `json:"minimum"`
	Maximum    *float64          `json:"maximum"`
	Format     string            `json:"format"`
	Ref        string            `json:"$ref"`
	Defs       map[string]*shape `json:"$defs"`
	Title      string            `json:"title"`
	About      string            `json:"description"`
	Examples   []any             `json:"examples"`

	accepted   kinds    // Types
	allowed    []string // Enum and Const as text
	noControls bool     // Pattern shuts out control characters and nothing else
	form       *form    // Pattern
	needed     int      // how many keys are required
}

// properties are the keys of a group with their shapes, in the order of the schema, in
// which they mostly stand in a file too.
type properties []property

type property struct {
	key string
	*shape
	required bool
}

func (ps *properties) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil { // the opening brace
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var s shape
		if err := d.Decode(&s); err != nil {
			return err
		}
		*ps = append(*ps, property{key: fmt.Sprint(key), shape: &s})
	}
	return nil
}

// find gives the shape under key, nil where there is none.
func (ps properties) find(key string) *shape {
	if i := ps.at(key, 0); i >= 0 {
		return ps[i].shape
	}
	return nil
}

// at is where key is, looked for from a place on and then from the beginning; -1 where
// it is nowhere.
func (ps properties) at(key string, from int) int {
	for i := from; i < len(ps); i++ {
		if ps[i].key == key {
			return i
		}
	}
	for i := range min(from, len(ps)) {
		if ps[i].key == key {
			return i
		}
	}
	return -1
}

// keys lists the keys, sorted.
func (ps properties) keys() []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.key)
	}
	slices.Sort(out)
	return out
}

type oneOrMany []string

func (o *oneOrMany) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*o = oneOrMany{""}
		return json.Unmarshal(b, &(*o)[0])
	}
	return json.Unmarshal(b, (*[]string)(o))
}

// shapes holds each kind's compiled shape, made when first asked for. The kinds
// share their patterns: few are written many times over.
type shapes struct {
	mu       sync.Mutex
	by       map[Kind]*shape
	patterns map[string]*form
}

var compiled = sync.OnceValue(func() *shapes {
	return &shapes{by: map[Kind]*shape{}, patterns: map[string]*form{}}
})

func shapeOf(k Kind) (*shape, error) {
	c := compiled()
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.by[k]; s != nil {
		return s, nil
	}
	src, ok := schemas.Schema(string(k))
	if !ok {
		return nil, fmt.Errorf("no schema for %s", k)
	}
	var s shape
	if err := json.Unmarshal(src, &s); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k, err)
	}
	if err := s.link(s.Defs, c.patterns); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k, err)
	}
	c.by[k] = &s
	return &s, nil
}

// link replaces references by what they name, and prepares patterns and closed lists.
func (s *shape) link(defs map[string]*shape, patterns map[string]*form) error {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		def := defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
		if def == nil || def == s {
			return fmt.Errorf("unknown reference %s", s.Ref)
		}
		about, examples := s.About, s.Examples
		if err := def.link(defs, patterns); err != nil {
			return err
		}
		*s = *def
		if about != "" {
			s.About = about
		}
		if examples != nil {
			s.Examples = examples
		}
		return nil
	}
	for _, t := range s.Types {
		s.accepted |= kindNamed(t)
	}
	if s.Pattern != "" && s.form == nil {
		if patterns[s.Pattern] == nil {
			f, err := formOf(s.Pattern)
			if err != nil {
				return err
			}
			patterns[s.Pattern] = f
		}
		s.form = patterns[s.Pattern]
		s.noControls = plainText(s.Pattern)
	}
	if len(s.Const) > 0 && len(s.Enum) == 0 {
		s.Enum = []json.RawMessage{s.Const}
	}
	s.allowed = s.allowed[:0]
	for _, e := range s.Enum {
		text := string(e)
		if u, err := strconv.Unquote(text); err == nil {
			text = u
		}
		s.allowed = append(s.allowed, text)
	}
	if len(s.Properties) > maxKeys {
		return fmt.Errorf("a group of more keys than a check counts")
	}
	s.needed = len(s.Required)
	for i := range s.Properties {
		p := &s.Properties[i]
		p.required = slices.Contains(s.Required, p.key)
		if err := p.link(defs, patterns); err != nil {
			return err
		}
	}
	return s.Items.link(defs, patterns)
}

// checker walks one document by its shape and collects every fault.
type checker struct {
	file   string
	kind   Kind
	root   *shape
	out    []diag.Finding
	astray int            // findings of something that is missing, or is not where it belongs
	stray  []string       // where keys belong that stand elsewhere
	shapes map[int]shaped // what belongs where syntax found a fault, by offset; nil where it found none
}

// shaped is the shape of a value, and where it stands.
type shaped struct {
	*shape
	path string
	key  string
}

func (c *checker) add(n *yamldoc.Node, path where, message, hint string) {
	f := diag.Finding{Rule: "shape", Severity: diag.Error, File: c.file, Path: path.String(), Message: message, Hint: hint}
	if n != nil {
		f.Span = n.Span
		f.Value = n.Value
	}
	c.out = append(c.out, f)
}

func (c *checker) check(n *yamldoc.Node, s *shape, path where, required bool) {
	if s == nil {
		return
	}
	if c.shapes != nil {
		c.shapes[n.Span.Start.Offset] = shaped{s, path.String(), path.keyed()}
	}
	if n.Kind == yamldoc.Scalar && n.Tag == yamldoc.Null {
		if s.accepted&(aGroup|aList) != 0 {
			c.astray++
		}
		message, hint := c.nothingThere(n, s, path, required)
		c.add(n, path, message, hint)
		return
	}
	if !s.accepts(n) {
		if n.Kind != yamldoc.Scalar || s.accepted&(aGroup|aList) != 0 {
			c.astray++
		}
		message, hint := c.wrongType(n, s, path)
		c.add(n, path, message, hint)
		return
	}
	switch n.Kind {
	case yamldoc.Map:
		c.checkMap(n, s, path)
	case yamldoc.List:
		c.checkList(n, s, path)
	default:
		c.checkScalar(n, s, path, required)
	}
}

// maxKeys is how many keys of one group checkMap can tell apart.
const maxKeys = 64

func (c *checker) checkMap(n *yamldoc.Node, s *shape, path where) {
	var given uint64 // the required keys that are there
	next := 0        // keys mostly stand in the order of the schema
	for _, p := range n.Pairs {
		key := p.Key.Value
		at := s.Properties.at(key, next)
		if at < 0 {
			c.astray++
			c.out = append(c.out, c.unknown(s, path, p.Key))
			continue
		}
		next = at + 1
		sub := &s.Properties[at]
		if sub.required {
			given |= 1 << at
		}
		c.check(p.Value, sub.shape, where{up: &path, key: key}, sub.required)
	}
	if bits.OnesCount64(given) == s.needed {
		return
	}
	for _, key := range s.Required {
		if n.Get(key) == nil {
			c.astray++
			message, hint := c.missing(s, path, key)
			c.out = append(c.out, diag.Finding{Rule: "missing", Severity: diag.Error, File: c.file, Path: (where{up: &path, key: key}).String(),
				Span: diag.Span{Start: n.Span.Start, End: n.Span.Start}, Message: message, Hint: hint})
		}
	}
}

func (c *checker) checkList(n *yamldoc.Node, s *shape, path where) {
	if s.MinItems != nil && len(n.Items) < *s.MinItems {
		c.add(n, path, fmt.Sprintf("at least %s here", count(*s.MinItems, "entry is needed", "entries are needed")), cmp.Or(needs[c.kindAt(path)], s.About))
	}
	if s.MaxItems != nil && len(n.Items) > *s.MaxItems {
		c.add(n, path, fmt.Sprintf("at most %s here", count(*s.MaxItems, "entry belongs", "entries belong")), s.About)
	}
	var seen map[string]bool
	if s.Unique && len(n.Items) > 1 {
		seen = make(map[string]bool, len(n.Items))
	}
	for i, item := range n.Items {
		at := where{up: &path, index: i}
		c.check(item, s.Items, at, true)
		if seen != nil && item.Kind == yamldoc.Scalar {
			if seen[item.Value] {
				c.add(item, at, "this stands in the list twice", "take one out")
			}
			seen[item.Value] = true
		}
	}
}

func (c *checker) checkScalar(n *yamldoc.Node, s *shape, path where, required bool) {
	if len(s.allowed) > 0 && !slices.Contains(s.allowed, n.Value) {
		c.add(n, path, "this is not one of the words allowed here", s.otherWord(n.Value))
		return
	}
	if s.Format == "date" {
		if _, err := date.Parse(n.Value); err != nil {
			c.add(n, path, "this is not a date", dateHint(n.Value, path.keyed()))
			return
		}
	}
	if n.Tag == yamldoc.Int || n.Tag == yamldoc.Float {
		if s.outOfRange(n.Value) {
			c.add(n, path, "this number is out of range", hints("write a number "+s.bounds(), s.About))
		}
		return
	}
	// Bytes are at least as many as characters, and at most four times.
	switch v := n.Value; {
	case s.MinLength != nil && len(v) < *s.MinLength*utf8.UTFMax && utf8.RuneCountInString(v) < *s.MinLength:
		message, hint := c.nothingThere(n, s, path, required)
		c.add(n, path, message, hint)
	case s.MaxLength != nil && len(v) > *s.MaxLength && utf8.RuneCountInString(v) > *s.MaxLength:
		c.add(n, path, fmt.Sprintf("this is longer than %d characters", *s.MaxLength), "shorten it; the rest goes where words of any length stand")
	case s.form != nil && !s.form.matches(v):
		message, hint := s.illFormed(path.keyed(), n.Value)
		c.add(n, path, message, hint)
	}
}

func (s *shape) outOfRange(number string) bool {
	if s.Minimum == nil && s.Maximum == nil {
		return false
	}
	v, err := strconv.ParseFloat(number, 64)
	return err == nil && (s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum)
}

// kinds are kinds of value, a bit each.
type kinds uint8

const (
	aGroup kinds = 1 << iota
	aList
	aWhole // number
	aNumber
	aTruth
	aText
)

// kindNamed gives the kinds that a type of JSON Schema stands for.
func kindNamed(t string) kinds {
	switch t {
	case "object":
		return aGroup
	case "array":
		return aList
	case "integer":
		return aWhole
	case "number":
		return aNumber | aWhole
	case "boolean":
		return aTruth
	case "string":
		return aText
	}
	return 0
}

func (s *shape) accepts(n *yamldoc.Node) bool {
	return len(s.Types) == 0 || s.accepted&kindOf(n) != 0
}

func kindOf(n *yamldoc.Node) kinds {
	switch {
	case n.Kind == yamldoc.Map:
		return aGroup
	case n.Kind == yamldoc.List:
		return aList
	case n.Tag == yamldoc.Int:
		return aWhole
	case n.Tag == yamldoc.Float:
		return aNumber
	case n.Tag == yamldoc.Bool:
		return aTruth
	default:
		return aText
	}
}

func (s *shape) expected() string {
	var words []string
	for _, t := range s.Types {
		switch {
		case t == "string" && s.Format == "date":
			words = append(words, "a date")
		case t == "string":
			words = append(words, "text")
		case t == "integer":
			words = append(words, "a whole number")
		case t == "number":
			words = append(words, "a number")
		case t == "boolean":
			words = append(words, "true or false")
		case t == "array":
			words = append(words, "a list")
		case t == "object":
			words = append(words, "a group of keys")
		}
	}
	return strings.Join(words, " or ")
}

// About says in a few words what the value at a path of a file of kind k is, as its
// schema has it; "" where nothing is said.
func About(k Kind, p yamldoc.Path) string {
	s, err := shapeOf(k)
	for _, step := range p {
		switch {
		case err != nil || s == nil:
			return ""
		case step.IsKey():
			s = s.Properties.find(step.Key)
		default:
			s = s.Items
		}
	}
	if err != nil || s == nil {
		return ""
	}
	return s.About
}

func (s *shape) bounds() string {
	num := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		return "from " + num(*s.Minimum) + " to " + num(*s.Maximum)
	case s.Minimum != nil:
		return "of at least " + num(*s.Minimum)
	default:
		return "of at most " + num(*s.Maximum)
	}
}

func found(n *yamldoc.Node) string {
	switch {
	case n.Kind == yamldoc.Map:
		return "a group of keys"
	case n.Kind == yamldoc.List:
		return "a list"
	case n.Tag == yamldoc.Int, n.Tag == yamldoc.Float:
		return "a number"
	case n.Tag == yamldoc.Bool:
		return "true or false"
	case n.Tag == yamldoc.Date:
		return "a date"
	default:
		return "text"
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// where is a place in a file. It becomes a path only in a finding, which most
// files have none of.
type where struct {
	up    *where // nil at the top of the file
	key   string
	index int // where key is ""
}

// String gives the path. It is made anew to the last byte: were a part of w in it, every
// place that is looked at would have to lie on the heap.
func (w where) String() string { return string(w.appendTo(nil, true)) }

// appendTo adds the path to b, with the numbers of entries or without.
func (w where) appendTo(b []byte, numbered bool) []byte {
	if w.up == nil {
		return b
	}
	b = w.up.appendTo(b, numbered)
	switch {
	case w.key == "" && numbered:
		return append(strconv.AppendInt(append(b, '['), int64(w.index), 10), ']')
	case w.key == "":
		return append(b, "[]"...)
	case len(b) > 0:
		b = append(b, '.')
	}
	return append(b, w.key...)
}
