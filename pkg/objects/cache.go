package objects

import (
	"container/list"
	"sync"
)

type baseKey struct {
	pack *pack
	off  int64
}

// baseCache keeps unpacked objects that deltas may build on, the least lately
// used going first, bounded by the bytes it holds.
type baseCache struct {
	mu    sync.Mutex
	limit int
	held  int
	at    map[baseKey]*list.Element
	order list.List
}

type based struct {
	key  baseKey
	kind Kind
	data []byte
}

// get gives kind 0 for what is not held.
func (c *baseCache) get(key baseKey) (Kind, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[key]
	if e == nil {
		return 0, nil
	}
	c.order.MoveToFront(e)
	b := e.Value.(*based)
	return b.kind, b.data
}

func (c *baseCache) put(key baseKey, kind Kind, data []byte) {
	const overhead = 200 // of an entry
	if len(data) > c.limit/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at[key] != nil {
		return
	}
	if c.at == nil {
		c.at = map[baseKey]*list.Element{}
	}
	c.at[key] = c.order.PushFront(&based{key, kind, data})
	c.held += len(data) + overhead
	for c.held > c.limit {
		last := c.order.Back()
		b := c.order.Remove(last).(*based)
		delete(c.at, b.key)
		c.held -= len(b.data) + overhead
	}
}

func (c *baseCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.held = nil, 0
	c.order.Init()
}
