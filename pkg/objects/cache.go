package objects

import "sync"

type baseKey struct {
	pack *pack
	off  int64
}

// baseCache keeps unpacked objects that deltas may build on, the least lately
// used going first, bounded by the bytes it holds. The list goes through the
// entries themselves, and an entry that goes is used for the next: walking history
// puts every tree here, so it must cost little beside unpacking one.
type baseCache struct {
	mu     sync.Mutex
	limit  int
	held   int
	at     map[baseKey]*based
	newest *based
	oldest *based
}

type based struct {
	key          baseKey
	kind         Kind
	data         []byte
	newer, older *based
}

// get gives kind 0 for what is not held.
func (c *baseCache) get(key baseKey) (Kind, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.at[key]
	if b == nil {
		return 0, nil
	}
	if b != c.newest {
		c.unlink(b)
		c.pushNewest(b)
	}
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
		c.at = map[baseKey]*based{}
	}
	c.held += len(data) + overhead
	var free *based
	for c.held > c.limit && c.oldest != nil {
		free = c.oldest
		c.unlink(free)
		delete(c.at, free.key)
		c.held -= len(free.data) + overhead
	}
	if free == nil {
		free = new(based)
	}
	*free = based{key: key, kind: kind, data: data}
	c.at[key] = free
	c.pushNewest(free)
}

func (c *baseCache) unlink(b *based) {
	if b.newer != nil {
		b.newer.older = b.older
	} else {
		c.newest = b.older
	}
	if b.older != nil {
		b.older.newer = b.newer
	} else {
		c.oldest = b.newer
	}
}

func (c *baseCache) pushNewest(b *based) {
	b.newer, b.older = nil, c.newest
	if c.newest != nil {
		c.newest.newer = b
	} else {
		c.oldest = b
	}
	c.newest = b
}

func (c *baseCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.held = nil, 0
	c.newest, c.oldest = nil, nil
}
