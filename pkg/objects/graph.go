package objects

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Graph is git's commit-graph: a cache of what the commits say, with, maybe,
// filters of the paths each of them changed. It saves reading commits; nothing
// that must be proved may rest on it. Commits made since it was written are not
// in it. A chain of graph files counts as one.
type Graph struct {
	layers []*layer // the oldest first
	total  uint32
}

// layer is one graph file. Its first commit has the number start.
type layer struct {
	file                *region
	start, count        uint32
	fan, names, data    chunk
	edges               chunk
	bloomAt, bloom      chunk
	hashVersion, hashes uint32
	bitsPerEntry        uint32
}

type chunk struct{ off, size int64 }

// GraphCommit is one commit of a Graph. Parents are numbers in the same Graph.
type GraphCommit struct {
	Tree       ID
	Parents    []uint32
	Time       int64  // of committing, seconds since 1970
	Generation uint32 // topological level; 0 is not known
}

// Graph opens the commit-graph, nil when there is none or when it is not one we
// can read: it is only a cache. The caller closes it. A caller that honours
// core.commitGraph=false, or sees a shallow clone, does not ask.
func (s *Store) Graph() *Graph {
	info := filepath.Join(s.dirs[0], "info")
	if g := openGraph([]string{filepath.Join(info, "commit-graph")}); g != nil {
		return g
	}
	chain, err := os.ReadFile(filepath.Join(info, "commit-graphs", "commit-graph-chain"))
	if err != nil || len(chain) > 1<<16 {
		return nil
	}
	var paths []string
	for _, name := range strings.Fields(string(chain)) {
		if _, err := ParseID(name); err != nil {
			return nil
		}
		paths = append(paths, filepath.Join(info, "commit-graphs", "graph-"+name+".graph"))
	}
	return openGraph(paths)
}

func openGraph(paths []string) *Graph {
	g := &Graph{}
	for i, path := range paths {
		l := openLayer(path, i)
		if l == nil || uint64(g.total)+uint64(l.count) >= 1<<30 {
			g.Close()
			return nil
		}
		l.start = g.total
		g.total += l.count
		g.layers = append(g.layers, l)
	}
	if len(g.layers) == 0 {
		return nil
	}
	return g
}

// Close lets go of the files.
func (g *Graph) Close() error {
	var first error
	for _, l := range g.layers {
		if err := l.file.close(); err != nil && first == nil {
			first = err
		}
	}
	g.layers = nil
	return first
}

// openLayer gives nil for whatever is not a graph of SHA-1 ids on so many bases.
func openLayer(path string, bases int) *layer {
	file, err := openRegion(path)
	if err != nil {
		return nil
	}
	l := &layer{file: file}
	if !l.read(bases) {
		file.close()
		return nil
	}
	return l
}

func (l *layer) read(bases int) bool {
	head, err := l.file.at(0, 8)
	if err != nil || string(head[:4]) != "CGPH" || head[4] != 1 || head[5] != 1 || int(head[7]) != bases {
		return false
	}
	chunks := int(head[6])
	toc, err := l.file.at(8, 12*(chunks+1))
	if err != nil {
		return false
	}
	for i := range chunks {
		off := int64(binary.BigEndian.Uint64(toc[12*i+4:]))
		next := int64(binary.BigEndian.Uint64(toc[12*i+16:]))
		if off < 0 || next < off || next > l.file.size-20 {
			return false
		}
		c := chunk{off, next - off}
		switch string(toc[12*i : 12*i+4]) {
		case "OIDF":
			l.fan = c
		case "OIDL":
			l.names = c
		case "CDAT":
			l.data = c
		case "EDGE":
			l.edges = c
		case "BIDX":
			l.bloomAt = c
		case "BDAT":
			l.bloom = c
		}
	}
	if l.fan.size != 1024 {
		return false
	}
	last, err := l.file.at(l.fan.off+1020, 4)
	if err != nil {
		return false
	}
	l.count = binary.BigEndian.Uint32(last)
	n := int64(l.count)
	if l.names.size != 20*n || l.data.size != 36*n {
		return false
	}
	if l.bloomAt.size != 4*n || l.bloom.size < 12 {
		l.bloom = chunk{}
		return true
	}
	settings, err := l.file.at(l.bloom.off, 12)
	if err != nil {
		return false
	}
	l.hashVersion = binary.BigEndian.Uint32(settings)
	l.hashes = binary.BigEndian.Uint32(settings[4:])
	l.bitsPerEntry = binary.BigEndian.Uint32(settings[8:])
	if l.hashVersion < 1 || l.hashVersion > 2 || l.hashes < 1 || l.hashes > 64 {
		l.bloom = chunk{}
	}
	return true
}

// Len is how many commits the graph holds; their numbers are below it.
func (g *Graph) Len() uint32 { return g.total }

// Find gives a commit's number.
func (g *Graph) Find(id ID) (uint32, bool) {
	for i := len(g.layers) - 1; i >= 0; i-- {
		if at, ok := g.layers[i].find(id); ok {
			return at, true
		}
	}
	return 0, false
}

func (l *layer) find(id ID) (uint32, bool) {
	fan, err := l.file.at(l.fan.off, 1024)
	if err != nil {
		return 0, false
	}
	lo := uint32(0)
	if id[0] > 0 {
		lo = binary.BigEndian.Uint32(fan[4*int(id[0])-4:])
	}
	hi := binary.BigEndian.Uint32(fan[4*int(id[0]):])
	if lo > hi || hi > l.count {
		return 0, false
	}
	name := func(i uint32) []byte {
		b, err := l.file.at(l.names.off+20*int64(i), 20)
		if err != nil {
			return nil
		}
		return b
	}
	n := lo + uint32(sort.Search(int(hi-lo), func(i int) bool { return bytes.Compare(name(lo+uint32(i)), id[:]) >= 0 }))
	if n >= hi || !bytes.Equal(name(n), id[:]) {
		return 0, false
	}
	return l.start + n, true
}

func (g *Graph) layer(n uint32) *layer {
	for i := len(g.layers) - 1; i >= 0; i-- {
		if n >= g.layers[i].start {
			return g.layers[i]
		}
	}
	return nil
}

// ID is the id of commit n, zero when there is none.
func (g *Graph) ID(n uint32) ID {
	l := g.layer(n)
	if l == nil || n-l.start >= l.count {
		return ID{}
	}
	b, err := l.file.at(l.names.off+20*int64(n-l.start), 20)
	if err != nil {
		return ID{}
	}
	return ID(b)
}

// Commit reads commit n into c, reusing its Parents. False means that the graph
// is damaged there: read the commit itself.
func (g *Graph) Commit(n uint32, c *GraphCommit) bool {
	l := g.layer(n)
	c.Parents = c.Parents[:0]
	if l == nil || n-l.start >= l.count {
		return false
	}
	b, err := l.file.at(l.data.off+36*int64(n-l.start), 36)
	if err != nil {
		return false
	}
	c.Tree = ID(b[:20])
	when := binary.BigEndian.Uint64(b[28:])
	c.Time = int64(when & (1<<34 - 1))
	c.Generation = uint32(when >> 34)
	const none, more = 0x70000000, 1 << 31
	first, second := binary.BigEndian.Uint32(b[20:]), binary.BigEndian.Uint32(b[24:])
	if first != none {
		c.Parents = append(c.Parents, first)
	}
	switch {
	case second&more != 0:
		for at := int64(second&^more) * 4; ; at += 4 {
			if at > l.edges.size-4 {
				return false
			}
			e, err := l.file.at(l.edges.off+at, 4)
			if err != nil {
				return false
			}
			p := binary.BigEndian.Uint32(e)
			c.Parents = append(c.Parents, p&^more)
			if p&more != 0 {
				break
			}
		}
	case second != none:
		c.Parents = append(c.Parents, second)
	}
	for _, p := range c.Parents {
		if p >= g.total {
			return false
		}
	}
	return true
}
