package yamldoc

import "github.com/sendctl/sendctl/pkg/diag"

// Kind says what a node is. Its zero value is invalid.
type Kind uint8

// The kinds of node.
const (
	Map Kind = iota + 1
	List
	Scalar
)

// Tag says what every YAML reader takes a scalar for.
type Tag uint8

// The tags of scalars. Date is a bare ISO day; its Value stays the ISO text.
const (
	Str Tag = iota + 1
	Int
	Float
	Bool
	Null
	Date
)

// Style says how a node is written.
type Style uint8

// The styles: five for scalars, two for maps and lists.
const (
	Plain Style = iota + 1
	SingleQuoted
	DoubleQuoted
	Literal // |
	Folded  // >
	BlockColl
	FlowColl
)

var kindNames = [...]string{Map: "map", List: "list", Scalar: "scalar"}

// String gives the word for k in messages.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kindNames) {
		return "invalid"
	}
	return kindNames[k]
}

var tagNames = [...]string{Str: "text", Int: "whole number", Float: "number", Bool: "true or false", Null: "nothing", Date: "date"}

// String gives the words for t in messages.
func (t Tag) String() string {
	if t == 0 || int(t) >= len(tagNames) {
		return "invalid"
	}
	return tagNames[t]
}

// Node is one value of a file and its place. Nodes are read-only: a change is an
// Edit of the Doc.
type Node struct {
	Kind  Kind
	Tag   Tag // scalars
	Style Style
	pair  bool // a flow map without braces, [a: b]

	// Offsets, of which a file has less than MaxSize. There are more nodes than anything
	// else while a folder is read, so that their size is felt.
	joint  int32 // what joins it to its collection: an item's dash; behind a key's colon, or the key's own end when there is none
	header int32 // literal and folded texts: the end of the header token

	Value string // scalars: decoded text

	// Span is the node's own text in the source: a block collection from its first
	// key or dash to the end of its last entry, a literal with its header and all
	// its lines, an empty value the empty span after its colon or dash.
	Span diag.Span

	// Comment is the trailing comment on the node's last line, without its "#" and
	// the spaces round it.
	Comment string

	Pairs []Pair  // Map, in file order
	Items []*Node // List
}

// Pair is one entry of a map.
type Pair struct{ Key, Value *Node }

// behind is the offset behind the pair's colon, or that of the key's end when there is none.
func (p Pair) behind() int { return int(p.Key.joint) }

// dash is the offset of the dash of the i-th item of a list of lines.
func (n *Node) dash(i int) int { return int(n.Items[i].joint) }

// Get gives the value under key, nil if it is absent or n is nil or no map.
func (n *Node) Get(key string) *Node {
	if i := n.at(key); i >= 0 {
		return n.Pairs[i].Value
	}
	return nil
}

// at is the index of key among n's pairs, -1 when absent.
func (n *Node) at(key string) int {
	if n == nil || n.Kind != Map {
		return -1
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key.Kind == Scalar && n.Pairs[i].Key.Value == key {
			return i
		}
	}
	return -1
}

// empty reports whether n is a value nobody wrote: "key:" and nothing more.
func (n *Node) empty() bool {
	return n.Kind == Scalar && n.Tag == Null && n.Span.Start.Offset == n.Span.End.Offset
}

func (n *Node) start() int { return n.Span.Start.Offset }
func (n *Node) end() int   { return n.Span.End.Offset }
