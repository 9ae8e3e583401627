package structure

import (
	"fmt"
	"slices"
	"strings"
)

// pool is classes of channels that stand in for one another: the same settings count all of them.
type pool struct {
	classes []channel
	why     string // what keeps them from being removed
}

// group is pools of which the same number has to be left: in a repeat, one setting counts the units of each repetition.
type group struct {
	pools []*pool
	sizes []*size
	why   string
	left  int // classes of each pool
}

// n is how many classes each pool has.
func (g *group) n() int { return len(g.pools[0].classes) }

// groupsOf finds what can be removed independently.
func (c *coupling) groupsOf(sizes []*size) (groups []*group) {
	pools := c.pools(sizes)
	tied := map[*pool]*pool{} // a forest
	var root func(p *pool) *pool
	root = func(p *pool) *pool {
		if tied[p] == nil {
			return p
		}
		return root(tied[p])
	}
	for _, s := range sizes {
		first := inOrder(s.dims[0], pools)
		for _, dim := range s.dims[1:] {
			other := inOrder(dim, pools)
			if !alike(first, other) {
				for _, p := range append(slices.Clone(first), other...) {
					p.why = orElse(p.why, "repetitions of the layer are joined with others in different ways")
				}
				continue
			}
			for i := range first {
				if a, b := root(first[i]), root(other[i]); a != b {
					tied[b] = a
				}
			}
		}
	}
	byRoot := map[*pool]*group{}
	for _, s := range sizes {
		for _, dim := range s.dims {
			for _, p := range inOrder(dim, pools) {
				g := byRoot[root(p)]
				if g == nil {
					g = &group{}
					byRoot[root(p)] = g
					groups = append(groups, g)
				}
				if !slices.Contains(g.pools, p) {
					g.pools, g.why = append(g.pools, p), orElse(g.why, p.why)
				}
				if !slices.Contains(g.sizes, s) {
					g.sizes = append(g.sizes, s)
				}
			}
		}
	}
	for _, g := range groups {
		if g.left = g.n(); g.left == 1 {
			g.why = orElse(g.why, "one is always left")
		}
	}
	return groups
}

// pools finds the pool of each class that a setting counts.
func (c *coupling) pools(sizes []*size) map[channel]*pool {
	var order []channel
	where := map[channel]*strings.Builder{}
	for i, s := range sizes {
		for k, dim := range s.dims {
			for _, x := range dim {
				if where[x] == nil {
					order, where[x] = append(order, x), &strings.Builder{}
				}
				fmt.Fprintf(where[x], "%d.%d ", i, k)
			}
		}
	}
	byPlace, pools := map[string]*pool{}, map[channel]*pool{}
	for _, x := range order {
		key := where[x].String() + c.why[x]
		if byPlace[key] == nil {
			byPlace[key] = &pool{why: c.why[x]}
		}
		pools[x] = byPlace[key]
		pools[x].classes = append(pools[x].classes, x)
	}
	return pools
}

// inOrder are the pools of a row of classes, as they first come.
func inOrder(dim []channel, pools map[channel]*pool) (list []*pool) {
	for _, x := range dim {
		if p := pools[x]; !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// alike reports whether pools can be matched one by one.
func alike(a, b []*pool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if len(a[i].classes) != len(b[i].classes) {
			return false
		}
	}
	return true
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
