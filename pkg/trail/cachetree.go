package trail

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// cacheTree carries the TREE part of the index over to the new trees: where a
// folder of the index was just what the parent commit had, it now is what the
// new commit has. A folder with other staged work is marked unknown.
type cacheTree struct {
	turned map[string][2]plumbing.Hash
	delta  map[string]int // entries more or fewer under a folder
	below  map[string][]string
}

func newCacheTree(turned map[string][2]plumbing.Hash, delta map[string]int) *cacheTree {
	c := &cacheTree{turned: turned, delta: delta, below: map[string][]string{}}
	for dir := range turned {
		if dir != "" {
			up, _ := splitPath(dir)
			c.below[up] = append(c.below[up], dir)
		}
	}
	return c
}

func splitPath(p string) (dir, name string) {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i], p[i+1:]
	}
	return "", p
}

var errCacheTree = errors.New("the tree cache of the index is damaged")

// node is one folder of the tree cache; count is -1 when unknown.
type node struct {
	name        []byte
	count, subs int
	id          plumbing.Hash
}

func readNode(b []byte) (n node, rest []byte, err error) {
	i := bytes.IndexByte(b, 0)
	if i < 0 {
		return n, nil, errCacheTree
	}
	n.name, b = b[:i], b[i+1:]
	if n.count, b, err = number(b, ' '); err != nil {
		return n, nil, err
	}
	if n.subs, b, err = number(b, '\n'); err != nil || n.subs < 0 {
		return n, nil, errCacheTree
	}
	if n.count >= 0 {
		if len(b) < 20 {
			return n, nil, errCacheTree
		}
		copy(n.id[:], b)
		b = b[20:]
	}
	return n, b, nil
}

// number reads decimal digits up to a delimiter; there are tens of thousands.
func number(b []byte, end byte) (v int, rest []byte, err error) {
	negative := len(b) > 0 && b[0] == '-'
	i := 0
	if negative {
		i = 1
	}
	for start := i; i < len(b) && i-start < 10; i++ {
		switch c := b[i]; {
		case c == end && i > start:
			if negative {
				v = -v
			}
			return v, b[i+1:], nil
		case c < '0' || c > '9':
			return 0, nil, errCacheTree
		default:
			v = v*10 + int(c-'0')
		}
	}
	return 0, nil, errCacheTree
}

func appendNode(out []byte, n node) []byte {
	out = append(append(out, n.name...), 0)
	out = fmt.Appendf(out, "%d %d\n", n.count, n.subs)
	if n.count >= 0 {
		out = append(out, n.id[:]...)
	}
	return out
}

// patch rewrites the whole part.
func (c *cacheTree) patch(data []byte) ([]byte, error) {
	out, rest, _, err := c.at("", data)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, errCacheTree
	}
	return out, nil
}

// at rewrites the node of dir, which the act has touched, and those below it;
// kept is false when the folder is gone.
func (c *cacheTree) at(dir string, b []byte) (out, rest []byte, kept bool, err error) {
	n, rest, err := readNode(b)
	if err != nil {
		return nil, nil, false, err
	}
	ids := c.turned[dir]
	switch {
	case n.count >= 0 && (n.id == ids[0] || n.id == ids[1]) && !ids[1].IsZero():
		n.id = ids[1]
		n.count += c.delta[dir]
	default:
		n.count = -1
	}
	touched := map[string]string{}
	for _, path := range c.below[dir] {
		_, name := splitPath(path)
		touched[name] = path
	}
	subs := make([]byte, 0, len(rest)+256)
	same := rest // start of what is copied as it is
	have := map[string]bool{}
	count := 0
	for range n.subs {
		child, after, err := readNode(rest)
		if err != nil {
			return nil, nil, false, err
		}
		path, ok := touched[string(child.name)]
		if !ok {
			for left := child.subs; left > 0; left-- {
				var below node
				if below, after, err = readNode(after); err != nil {
					return nil, nil, false, err
				}
				left += below.subs
			}
			rest = after
			count++
			continue
		}
		subs = append(subs, same[:len(same)-len(rest)]...)
		have[path] = true
		sub, after, keep, err := c.at(path, rest)
		if err != nil {
			return nil, nil, false, err
		}
		rest, same = after, after
		if keep {
			subs = append(subs, sub...)
			count++
		}
	}
	subs = append(subs, same[:len(same)-len(rest)]...)
	// Only in a folder known to hold nothing else: elsewhere a new folder may
	// have other staged files too, and git finds out itself.
	for _, path := range c.sortedBelow(dir) {
		if n.count >= 0 && !have[path] && c.turned[path][0].IsZero() && !c.turned[path][1].IsZero() {
			subs = append(subs, c.fresh(path)...)
			count++
		}
	}
	n.subs = count
	return append(appendNode(nil, n), subs...), rest, dir == "" || !ids[1].IsZero(), nil
}

// fresh is the node of a folder that the act has made.
func (c *cacheTree) fresh(dir string) []byte {
	_, name := splitPath(dir)
	below := c.sortedBelow(dir)
	out := appendNode(nil, node{name: []byte(name), count: c.delta[dir], subs: len(below), id: c.turned[dir][1]})
	for _, sub := range below {
		out = append(out, c.fresh(sub)...)
	}
	return out
}

func (c *cacheTree) sortedBelow(dir string) []string {
	list := c.below[dir]
	slices.Sort(list)
	return list
}
