package op

import "dnn/pkg/graph"

// maxRank is the largest number of axes that a nest can count.
const maxRank = 8

// nest is a nest of loops over an output in memory order, with the distance by which each of up to two inputs advances
// along each axis. Axes that are contiguous for all of them are merged, those of extent 1 dropped.
type nest struct {
	extent []int
	stride [2][]int
}

// newNest merges axes. With nothing left there is one axis of extent 1.
func newNest(extent []int, strides ...[]int) *nest {
	n := &nest{}
	for ax, e := range extent {
		if e == 1 {
			continue
		}
		last := len(n.extent) - 1
		merge := last >= 0
		for k, s := range strides {
			merge = merge && n.stride[k][last] == s[ax]*e
		}
		if merge {
			n.extent[last] *= e
		} else {
			n.extent = append(n.extent, e)
			last++
		}
		for k, s := range strides {
			n.stride[k] = append(n.stride[k][:last], s[ax])
		}
	}
	if len(n.extent) == 0 {
		n.extent = []int{1}
		for k := range strides {
			n.stride[k] = []int{1}
		}
	}
	return n
}

// strides are the distances between neighbours along each axis of a tensor without gaps.
func strides(s graph.Shape) []int {
	d := make([]int, len(s))
	step := 1
	for ax := len(s) - 1; ax >= 0; ax-- {
		d[ax] = step
		step *= s[ax]
	}
	return d
}

// inner is the extent of the innermost axis and the stride of input k along it.
func (n *nest) inner(k int) (extent, stride int) {
	last := len(n.extent) - 1
	if n.stride[k] == nil {
		return n.extent[last], 0
	}
	return n.extent[last], n.stride[k][last]
}

// cursor is a position in the outer loops: where each input's run begins.
type cursor struct {
	index [maxRank]int
	at    [2]int
}

// seek moves to a run, counted in the output's order.
func (n *nest) seek(c *cursor, run int) {
	*c = cursor{}
	for ax := len(n.extent) - 2; ax >= 0; ax-- {
		c.index[ax] = run % n.extent[ax]
		run /= n.extent[ax]
		for k, s := range n.stride {
			if s != nil {
				c.at[k] += c.index[ax] * s[ax]
			}
		}
	}
}

// next moves to the following run.
func (n *nest) next(c *cursor) {
	for ax := len(n.extent) - 2; ax >= 0; ax-- {
		c.index[ax]++
		wrap := c.index[ax] == n.extent[ax]
		for k, s := range n.stride {
			if s == nil {
				continue
			}
			c.at[k] += s[ax]
			if wrap {
				c.at[k] -= s[ax] * n.extent[ax]
			}
		}
		if !wrap {
			return
		}
		c.index[ax] = 0
	}
}

// phase calls do for each innermost run, cut into pieces where it is long, with the places where the piece begins in
// the output and in the inputs.
func (n *nest) phase(do func(c *graph.Call, length, out, a, b int)) graph.Phase {
	inner, sa := n.inner(0)
	_, sb := n.inner(1)
	runs := 1
	for _, e := range n.extent[:len(n.extent)-1] {
		runs *= e
	}
	split := max(1, ceil(inner, chunk)) // pieces of a run
	return cut(runs*split, max(1, chunk/max(inner, 1)), func(c *graph.Call, lo, hi int) {
		var at cursor
		run := lo / split
		n.seek(&at, run)
		for i := lo; i < hi; i++ {
			from := i % split * chunk
			to := min(from+chunk, inner)
			do(c, to-from, run*inner+from, at.at[0]+from*sa, at.at[1]+from*sb)
			if to == inner {
				run++
				n.next(&at)
			}
		}
	})
}
