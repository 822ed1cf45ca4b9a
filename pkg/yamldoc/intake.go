package yamldoc

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/sendctl/sendctl/pkg/diag"
)

// The limits of a file. A record file has some hundred lines and six levels.
const (
	MaxSize  = 1 << 20 // bytes
	MaxDepth = 32      // maps and lists within each other
)

// Parse reads src strictly and gives every fault it can find, all of severity
// Error, in order of place. Doc is nil only when there is no usable tree. file
// is the name findings bear; nothing is opened.
func Parse(file string, src []byte) (*Doc, []diag.Finding) { return parse(nil, file, src) }

func parse(room *Room, file string, src []byte) (*Doc, []diag.Finding) {
	if len(src) > MaxSize {
		return nil, []diag.Finding{{
			Rule: "yaml-size", Severity: diag.Error, File: file,
			Message: fmt.Sprintf("the file has %d bytes; at most %d are read", len(src), MaxSize),
			Hint:    "move reports and pictures to attachments",
		}}
	}
	at := room.places(src)
	if root := room.readPlain(src, at); root != nil {
		doc := room.doc()
		*doc = Doc{file: file, src: src, root: root, at: at}
		return doc, nil
	}
	return judge(file, src, at)
}

// judge reads src with the library and looks for every fault: the way of all
// files that readPlain declines, and what it is held against.
func judge(file string, src []byte, at *places) (*Doc, []diag.Finding) {
	f := &faults{file: file, src: src, at: at}
	root, usable := f.read()
	found := diag.Sort(f.list)
	if !usable || root == nil {
		return nil, found
	}
	return &Doc{file: file, src: src, root: root, at: f.at, findings: len(found)}, found
}

// read finds all faults and gives the tree; usable is false when the tree is not
// the file's own.
func (f *faults) read() (root *Node, usable bool) {
	mask := f.charFaults()
	usable = len(f.list) == 0
	if mask == nil {
		return nil, false
	}
	mask = f.frameFaults(mask)
	var n yaml.Node
	if err := unmarshal(mask, &n); err != nil {
		if f.unread = err; !f.quick {
			f.syntax(mask, err)
		}
		return nil, false
	}
	if n.Kind != yaml.DocumentNode || len(n.Content) != 1 {
		f.add("yaml-empty", 0, 0, "the file is empty", emptyHint)
		return nil, false
	}
	p := &placer{faults: f, text: mask, cur: bomLen(mask)}
	root, ok := p.place(n.Content[0])
	return root, usable && ok
}

// emptyHint says what to do about a file that is empty, or holds comments alone.
const emptyHint = "restore what was in it, or delete the file; a record file begins with a line such as: format: cycle/v1"

// unmarshal is yaml.Unmarshal that never panics.
func unmarshal(src []byte, n *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml reader stopped: %v", r)
		}
	}()
	return yaml.Unmarshal(src, n)
}
