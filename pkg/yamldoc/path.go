package yamldoc

import (
	"fmt"
	"strconv"
	"strings"
)

// Path names one value of a file: the join between a finding, a schema error and
// an edit. `review.targets[1].score`, or `review.targets[t1].score` with the
// item chosen by its id. The empty path is the whole file.
type Path []Step

// Step is one step of a Path: into a map by key, or into a list by index or id.
type Step struct {
	Key   string
	Index int
	ID    string
	kind  stepKind
}

type stepKind uint8

const (
	byKey stepKind = iota
	byIndex
	byID
)

// KeyStep goes to the value under key.
func KeyStep(key string) Step { return Step{Key: key} }

// IndexStep goes to item i of a list, counted from 0.
func IndexStep(i int) Step { return Step{Index: i, kind: byIndex} }

// IDStep goes to the item of a list that is known by id.
func IDStep(id string) Step { return Step{ID: id, kind: byID} }

// IsKey reports whether s goes into a map.
func (s Step) IsKey() bool { return s.kind == byKey }

// IsIndex reports whether s goes into a list by number.
func (s Step) IsIndex() bool { return s.kind == byIndex }

// IsID reports whether s goes into a list by id.
func (s Step) IsID() bool { return s.kind == byID }

// idKeys are the keys an item may be known by, the surest first.
func idKeys() []string {
	return []string{"id", "target", "provision", "who", "check", "learner", "rank", "number"}
}

// Key gives p with a step into a map added; p itself does not change.
func (p Path) Key(key string) Path { return p.with(KeyStep(key)) }

// Index gives p with a step into a list added; p itself does not change.
func (p Path) Index(i int) Path { return p.with(IndexStep(i)) }

func (p Path) with(s Step) Path { return append(p[:len(p):len(p)], s) }

// ParsePath reads a path: keys of [a-z0-9_] joined by dots, other keys as
// ["odd key"], items as [1] or [t1].
func ParsePath(s string) (Path, error) {
	var p Path
	for i := 0; i < len(s); {
		switch {
		case s[i] == '[':
			step, n, err := parseBracket(s[i:])
			if err != nil {
				return nil, fmt.Errorf("path, character %d: %w", i+1, err)
			}
			p, i = append(p, step), i+n
		case s[i] == '.' || i == 0:
			if s[i] == '.' {
				if i == 0 {
					return nil, fmt.Errorf("path begins with a dot")
				}
				i++
			}
			n := 0
			for i+n < len(s) && isKeyByte(s[i+n]) {
				n++
			}
			if n == 0 {
				return nil, fmt.Errorf("path, character %d: a key is lower-case letters, digits and _; write another as [\"…\"]", i+1)
			}
			p, i = append(p, KeyStep(s[i:i+n])), i+n
		default:
			return nil, fmt.Errorf("path, character %d: expected . or [", i+1)
		}
	}
	return p, nil
}

// parseBracket reads "[…]" at the start of s and gives its length.
func parseBracket(s string) (Step, int, error) {
	if strings.HasPrefix(s, `["`) {
		q, err := strconv.QuotedPrefix(s[1:])
		if err != nil || !strings.HasPrefix(s[1+len(q):], "]") {
			return Step{}, 0, fmt.Errorf("unclosed quoted key")
		}
		key, err := strconv.Unquote(q)
		if err != nil {
			return Step{}, 0, fmt.Errorf("badly quoted key")
		}
		return KeyStep(key), len(q) + 2, nil
	}
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return Step{}, 0, fmt.Errorf("unclosed [")
	}
	in := s[1:end]
	if in == "" || strings.ContainsAny(in, `["`) {
		return Step{}, 0, fmt.Errorf("expected a number or an id between [ and ]")
	}
	if strings.Trim(in, "0123456789") == "" {
		i, err := strconv.Atoi(in)
		if err != nil {
			return Step{}, 0, fmt.Errorf("number too large")
		}
		return IndexStep(i), end + 1, nil
	}
	return IDStep(in), end + 1, nil
}

func isKeyByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'
}

// isPlainKey reports whether key is written in a path without quotes.
func isPlainKey(key string) bool {
	for i := range len(key) {
		if !isKeyByte(key[i]) {
			return false
		}
	}
	return key != ""
}

// String gives the form ParsePath reads.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		switch {
		case s.kind == byIndex:
			fmt.Fprintf(&b, "[%d]", s.Index)
		case s.kind == byID:
			fmt.Fprintf(&b, "[%s]", s.ID)
		case !isPlainKey(s.Key):
			fmt.Fprintf(&b, "[%s]", strconv.Quote(s.Key))
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Key)
		}
	}
	return b.String()
}

// Find gives the node at p below n, nil when there is none.
func (n *Node) Find(p Path) *Node {
	for _, s := range p {
		if n == nil {
			return nil
		}
		if s.kind == byKey {
			n = n.Get(s.Key)
			continue
		}
		i := n.item(s)
		if i < 0 {
			return nil
		}
		n = n.Items[i]
	}
	return n
}

// Canonical gives p with ids turned into indices; false when nothing is there.
func (n *Node) Canonical(p Path) (Path, bool) {
	out := make(Path, 0, len(p))
	for _, s := range p {
		if n == nil {
			return nil, false
		}
		if s.kind == byKey {
			n = n.Get(s.Key)
			out = append(out, s)
			continue
		}
		i := n.item(s)
		if i < 0 {
			return nil, false
		}
		n = n.Items[i]
		out = append(out, IndexStep(i))
	}
	return out, n != nil
}

// item is the index of the item of the list n that s means, -1 when absent. A
// list of bare ids is searched by the ids themselves.
func (n *Node) item(s Step) int {
	if n == nil || n.Kind != List {
		return -1
	}
	if s.kind == byIndex {
		if s.Index < 0 || s.Index >= len(n.Items) {
			return -1
		}
		return s.Index
	}
	if s.kind != byID {
		return -1
	}
	for i, it := range n.Items {
		if it.Get("id").is(s.ID) {
			return i
		}
	}
	for i, it := range n.Items {
		if it.is(s.ID) {
			return i
		}
		for _, k := range idKeys()[1:] {
			if it.Get(k).is(s.ID) {
				return i
			}
		}
	}
	return -1
}

// is reports whether n is a scalar that reads as s.
func (n *Node) is(s string) bool { return n != nil && n.Kind == Scalar && n.Value == s }
