package model

// Programs are compiled programs by what they are compiled for, those that were used last at the end. Sequences can have so many
// shapes that not all programs fit into memory: those that were not used for longest are forgotten, and compiled again when they
// are needed. No bit depends on it. The zero value keeps nothing but the last.
type Programs[K comparable, P interface{ ArenaBytes() int }] struct {
	MaxCount int // 0: any number
	MaxBytes int // of all arenas

	keys []K
	list []P
}

// Get returns the program of a key; false where there is none.
func (c *Programs[K, P]) Get(k K) (p P, ok bool) {
	for i, other := range c.keys {
		if other == k {
			p = c.list[i]
			c.remove(i)
			c.keys, c.list = append(c.keys, k), append(c.list, p)
			return p, true
		}
	}
	return p, false
}

// Put keeps a program, and forgets others that were not used for longer where there are too many.
func (c *Programs[K, P]) Put(k K, p P) {
	c.keys, c.list = append(c.keys, k), append(c.list, p)
	for len(c.list) > 1 && (c.MaxCount > 0 && len(c.list) > c.MaxCount || c.Bytes() > c.MaxBytes) {
		c.remove(0)
	}
}

// Len is how many programs are kept.
func (c *Programs[K, P]) Len() int { return len(c.list) }

func (c *Programs[K, P]) remove(i int) {
	last := len(c.list) - 1
	copy(c.keys[i:], c.keys[i+1:])
	copy(c.list[i:], c.list[i+1:])
	var none P
	c.list[last] = none
	c.keys, c.list = c.keys[:last], c.list[:last]
}

// Bytes is what the arenas of all programs take.
func (c *Programs[K, P]) Bytes() (n int) {
	for _, p := range c.list {
		n += p.ArenaBytes()
	}
	return n
}
