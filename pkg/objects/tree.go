package objects

import (
	"bytes"
	"errors"
	"iter"
)

// Modes of tree entries as git writes them.
const (
	ModeTree    = 0o040000
	ModeFile    = 0o100644
	ModeExec    = 0o100755
	ModeSymlink = 0o120000
	ModeCommit  = 0o160000 // a submodule
)

// EmptyTree is the id of the tree without entries.
func EmptyTree() ID {
	return ID{0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88, 0xfb, 0xee, 0x49, 0x04}
}

// TreeEntry is one line of a tree. Name lies in the tree's own bytes.
type TreeEntry struct {
	Mode uint32
	Name []byte
	ID   ID
}

// IsTree reports whether the entry is a folder.
func (e TreeEntry) IsTree() bool { return e.Mode&0o170000 == ModeTree }

// CanonMode is the mode as git compares it: old trees hold others with the same meaning.
func CanonMode(mode uint32) uint32 {
	switch mode & 0o170000 {
	case 0o100000:
		if mode&0o100 != 0 {
			return ModeExec
		}
		return ModeFile
	case ModeSymlink, ModeTree, ModeCommit:
		return mode & 0o170000
	}
	return mode
}

var errTree = errors.New("tree makes no sense")

// NextEntry reads the first entry of a tree's bytes and gives what follows it.
// The caller stops at no bytes.
func NextEntry(tree []byte) (TreeEntry, []byte, error) {
	var mode uint32
	i := 0
	for ; i < len(tree) && tree[i] != ' '; i++ {
		d := tree[i] - '0'
		if d > 7 || i > 7 {
			return TreeEntry{}, nil, errTree
		}
		mode = mode<<3 | uint32(d)
	}
	if i == 0 || i+1 >= len(tree) {
		return TreeEntry{}, nil, errTree
	}
	tree = tree[i+1:]
	n := bytes.IndexByte(tree, 0)
	if n < 1 || len(tree)-n-1 < 20 {
		return TreeEntry{}, nil, errTree
	}
	return TreeEntry{Mode: mode, Name: tree[:n:n], ID: ID(tree[n+1 : n+21])}, tree[n+21:], nil
}

// Entries walks a tree's bytes in their order. A fault ends it.
func Entries(tree []byte) iter.Seq2[TreeEntry, error] {
	return func(yield func(TreeEntry, error) bool) {
		for rest := tree; len(rest) > 0; {
			e, more, err := NextEntry(rest)
			if !yield(e, err) || err != nil {
				return
			}
			rest = more
		}
	}
}

// FindEntry looks for a name in a tree's bytes; ok is false when it is not there.
// It allocates nothing.
func FindEntry(tree []byte, name string) (e TreeEntry, ok bool, err error) {
	for rest := tree; len(rest) > 0; {
		if e, rest, err = NextEntry(rest); err != nil {
			return TreeEntry{}, false, err
		}
		if string(e.Name) == name {
			return e, true, nil
		}
	}
	return TreeEntry{}, false, nil
}
