package train

import (
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// programs are the compiled steps of a run, those that were used last at the end. Sequences on two sides can have so many
// shapes that not all of them fit into memory: those that were not used for longest are forgotten, and compiled again when they
// are needed. No bit depends on it.
type programs struct {
	keys []key
	list []*program
}

// leastKept is how many bytes of programs are kept in any case, and memoryShare the share of the machine's memory that is.
const (
	leastKept   = 1 << 30
	memoryShare = 4
)

// get returns the program of a key, nil where there is none.
func (c *programs) get(k key) *program {
	for i, other := range c.keys {
		if other == k {
			p := c.list[i]
			c.remove(i)
			c.keys, c.list = append(c.keys, k), append(c.list, p)
			return p
		}
	}
	return nil
}

// put keeps a program, and forgets others where all take more than a share of the memory.
func (c *programs) put(k key, p *program) {
	c.keys, c.list = append(c.keys, k), append(c.list, p)
	most := max(leastKept, exec.Memory()/memoryShare)
	for len(c.list) > 1 && c.bytes() > most {
		c.remove(0)
	}
}

func (c *programs) remove(i int) {
	last := len(c.list) - 1
	copy(c.keys[i:], c.keys[i+1:])
	copy(c.list[i:], c.list[i+1:])
	c.list[last] = nil
	c.keys, c.list = c.keys[:last], c.list[:last]
}

func (c *programs) bytes() (n int) {
	for _, p := range c.list {
		n += p.ArenaBytes()
	}
	return n
}

// predicting is the role of programs that predict what the net would write itself.
const predicting model.Accumulation = 255
