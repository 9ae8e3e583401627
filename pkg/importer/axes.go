package importer

import "slices"

// atom is an axis, or a part of one, that no reshape has cut in pieces. The same atom stands in the axes that ONNX gives a tensor,
// in whatever order and joined with others, and in those of the layer's output that the tensor is. So transposes and reshapes are
// no layers: they change what ONNX calls the axes.
type atom struct {
	size  int
	batch bool
	open  bool // of any size: rows of a batch, steps of a sequence
	pad   *padded
}

// group is an axis as atoms, the slowest first. An axis without atoms has the size 1.
type group []*atom

func (g group) size() int {
	n := 1
	for _, a := range g {
		n *= a.size
	}
	return n
}

// signal is a tensor that depends on the inputs of the net: the output of a layer, seen in other axes.
type signal struct {
	layer string    // its name, or that of an input, or NAME.h
	own   []group   // axes of a row of that output, without the batch; nil for an input of which that is not settled
	axes  []group   // axes of the tensor, with the batch
	fn    *function // what is still to be applied to each element, or nil
	alone bool      // whether nothing else reads what the layer puts out
	raw   bool      // whether nothing else read it before functions came upon it
	part  *part     // if it is only a part of what the layer puts out
}

// part is what a signal is of another one: one index of an axis.
type part struct {
	whole *signal
	axis  group
	at    int
}

// shape is the tensor's shape, at the sizes at which the graph is read.
func (s *signal) shape() []int {
	out := make([]int, len(s.axes))
	for i, g := range s.axes {
		out[i] = g.size()
	}
	return out
}

// with is the same signal in other axes.
func (s *signal) with(axes []group) *signal {
	c := *s
	c.axes = axes
	return &c
}

// isBatch reports whether an axis is that of the batch.
func isBatch(g group) bool {
	return slices.ContainsFunc(g, func(a *atom) bool { return a.batch }) && len(significant(row(g))) == 0
}

func flat(groups []group) (all []*atom) {
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// row are the atoms of a list that are not the batch.
func row(atoms []*atom) (rest []*atom) {
	for _, a := range atoms {
		if !a.batch {
			rest = append(rest, a)
		}
	}
	return rest
}

// reshaped is the signal in axes of the given sizes, with the elements in the same order.
func (s *signal) reshaped(sizes []int) *signal {
	out := *s
	out.own = slices.Clone(s.own)
	rest := flat(s.axes)
	out.axes = nil
	for _, want := range sizes {
		g := group{}
		for have := 1; have < want; {
			if len(rest) == 0 {
				fail("a reshape to %v does not fit a tensor of shape %v", sizes, s.shape())
			}
			a := rest[0]
			need := want / have
			switch {
			case a.size <= need && need%a.size == 0:
				g, have, rest = append(g, a), have*a.size, rest[1:]
			case a.size > need && a.size%need == 0 && want%have == 0:
				hi, lo := &atom{size: need}, &atom{size: a.size / need}
				if a.batch || a.open {
					fail("a reshape to %v cuts the batch or the steps of a sequence in pieces", sizes)
				}
				out.own = replaced(out.own, a, hi, lo)
				rest = append([]*atom{hi, lo}, rest[1:]...)
			default:
				fail("a reshape to %v of a tensor of shape %v", sizes, s.shape())
			}
		}
		if want == 1 && len(rest) > 0 && rest[0].size == 1 {
			g, rest = append(g, rest[0]), rest[1:]
		}
		out.axes = append(out.axes, g)
	}
	for _, a := range rest {
		if a.size != 1 {
			fail("a reshape to %v does not fit a tensor of shape %v", sizes, s.shape())
		}
	}
	return &out
}

// replaced has parts in place of an atom.
func replaced(groups []group, a *atom, parts ...*atom) []group {
	out := make([]group, len(groups))
	for i, g := range groups {
		if at := slices.Index(g, a); at >= 0 {
			g = slices.Replace(slices.Clone(g), at, at+1, parts...)
		}
		out[i] = g
	}
	return out
}

// transposed has its axes in another order.
func (s *signal) transposed(perm []int) *signal {
	if len(perm) != len(s.axes) {
		fail("a transpose of %d axes meets a tensor of %d", len(perm), len(s.axes))
	}
	axes := make([]group, len(perm))
	for i, p := range perm {
		axes[i] = s.axes[axisOf(p, len(perm))]
	}
	return s.with(axes)
}

// squeezed leaves axes of size 1 out: all, or those given.
func (s *signal) squeezed(which []int) *signal {
	drop := make([]bool, len(s.axes))
	for i, g := range s.axes {
		drop[i] = which == nil && g.size() == 1
	}
	for _, ax := range which {
		drop[axisOf(ax, len(s.axes))] = true
	}
	var axes []group
	for i, g := range s.axes {
		if !drop[i] {
			axes = append(axes, g)
		} else if g.size() != 1 {
			fail("squeezes an axis of size %d", g.size())
		}
	}
	return s.with(axes)
}

// unsqueezed has axes of size 1 more, at these places of the result.
func (s *signal) unsqueezed(at []int) *signal {
	rank := len(s.axes) + len(at)
	fresh := make([]bool, rank)
	for _, ax := range at {
		fresh[axisOf(ax, rank)] = true
	}
	axes, next := make([]group, rank), 0
	for i := range axes {
		if !fresh[i] {
			axes[i], next = s.axes[next], next+1
		}
	}
	return s.with(axes)
}

// permutation says where the atoms of to are in from: element i of a list in the order of to is element p[i] of one in the order
// of from. Both hold the same atoms; it is nil where the order is the same.
func permutation(to, from []*atom) []int {
	to, from = significant(to), significant(from)
	if len(to) != len(from) {
		fail("axes that do not fit one another")
	}
	step, n := map[*atom]int{}, 1
	for i := len(from) - 1; i >= 0; i-- {
		step[from[i]], n = n, n*from[i].size
	}
	shape := make([]int, len(to))
	for i, a := range to {
		if _, ok := step[a]; !ok {
			fail("axes that do not fit one another")
		}
		shape[i] = a.size
	}
	if slices.Equal(to, from) {
		return nil
	}
	p := make([]int, n)
	each(shape, func(i int, index []int) {
		for ax, at := range index {
			p[i] += at * step[to[ax]]
		}
	})
	return p
}

// significant are the atoms of more than one element.
func significant(atoms []*atom) (rest []*atom) {
	for _, a := range atoms {
		if a.size > 1 {
			rest = append(rest, a)
		}
	}
	return rest
}
