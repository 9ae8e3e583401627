package tokenizer

import "container/heap"

// cutLong is cut for words of any length, in a time that hardly grows faster than it: neighbours lie in a chain, and the
// places of pairs wait in a queue, by rank and from the left.
func (m merges) cutLong(list []string) []string {
	c := &chain{merges: m, piece: list, before: make([]int, len(list)), after: make([]int, len(list))}
	for i := range list {
		c.before[i], c.after[i] = i-1, i+1
		c.offer(i)
	}
	heap.Init(&c.queue)
	var places []int
	for len(c.queue) > 0 {
		rank := c.queue[0].rank
		places = places[:0]
		for len(c.queue) > 0 && c.queue[0].rank == rank {
			places = append(places, heap.Pop(&c.queue).(place).at)
		}
		for _, at := range places { // all of a rank before what they make
			if c.rank(at) == rank {
				c.join(at)
			}
		}
		for _, at := range c.fresh {
			if r := c.rank(at); r >= 0 {
				heap.Push(&c.queue, place{r, at})
			}
		}
		c.fresh = c.fresh[:0]
	}
	out := list[:0:0]
	for at := 0; at < len(list); at = c.after[at] {
		out = append(out, list[at])
	}
	return out
}

// chain is a word's pieces in their order; a piece that was joined to the one before it is "".
type chain struct {
	merges        merges
	piece         []string
	before, after []int
	queue         places
	fresh         []int // places whose pair is new
}

// rank is that of the pair that begins at a place, -1 where there is none.
func (c *chain) rank(at int) int {
	if at < 0 || c.piece[at] == "" || c.after[at] >= len(c.piece) {
		return -1
	}
	if r, ok := c.merges[pair{c.piece[at], c.piece[c.after[at]]}]; ok {
		return r
	}
	return -1
}

func (c *chain) offer(at int) {
	if at+1 >= len(c.piece) {
		return
	}
	if r, ok := c.merges[pair{c.piece[at], c.piece[at+1]}]; ok {
		c.queue = append(c.queue, place{r, at})
	}
}

// join joins the pair that begins at a place.
func (c *chain) join(at int) {
	next := c.after[at]
	c.piece[at] += c.piece[next]
	c.piece[next] = ""
	c.after[at] = c.after[next]
	if c.after[at] < len(c.piece) {
		c.before[c.after[at]] = at
	}
	c.fresh = append(c.fresh, at)
	if c.before[at] >= 0 {
		c.fresh = append(c.fresh, c.before[at])
	}
}

// place is where a pair begins.
type place struct{ rank, at int }

// places is a heap, the lowest rank on top and of one rank the first place.
type places []place

func (p places) Len() int { return len(p) }
func (p places) Less(i, j int) bool {
	return p[i].rank < p[j].rank || p[i].rank == p[j].rank && p[i].at < p[j].at
}
func (p places) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *places) Push(x any)   { *p = append(*p, x.(place)) }
func (p *places) Pop() any {
	old := *p
	x := old[len(old)-1]
	*p = old[:len(old)-1]
	return x
}
