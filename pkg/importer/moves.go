package importer

import "slices"

// Operators that change no number are no layers: they change how the axes of a layer's output are seen.
func init() {
	register("Identity", func(n *node) []*value { return []*value{n.in[0]} })
	register("Cast", castSignal)
	register("CastLike", castSignal)
	register("Shape", shapeOf)
	register("Reshape", func(n *node) []*value {
		s := n.signal(0)
		to := target(n.need(1).ints(), s.shape(), n.int("allowzero", 0) != 0)
		out := s.reshaped(to)
		if s.own == nil && slices.ContainsFunc(flat(out.axes), func(a *atom) bool { return !slices.Contains(flat(s.axes), a) }) {
			n.r.decide(s) // an axis is cut in pieces, and the input has it whole
			out = s.reshaped(to)
		}
		return n.view(out)
	})
	register("Flatten", func(n *node) []*value {
		s := n.signal(0)
		return n.view(s.reshaped(flattened(n.int("axis", 1), s.shape())))
	})
	register("Transpose", func(n *node) []*value {
		s := n.signal(0)
		return n.view(s.transposed(perm(n, len(s.axes))))
	})
	register("Squeeze", func(n *node) []*value {
		return n.view(n.signal(0).squeezed(n.listed("axes", 1)))
	})
	register("Unsqueeze", func(n *node) []*value {
		return n.view(n.signal(0).unsqueezed(n.listed("axes", 1)))
	})
	register("Expand", expandSignal)
	folds["Shape"] = func(n *node, in []*array) []*array { return one(shapeSizes(n, in[0].shape)) }
}

func (n *node) view(s *signal) []*value { return []*value{signalOf(s)} }

// castSignal lets numbers be numbers, and tokens tokens.
func castSignal(n *node) []*value { return []*value{n.in[0]} }

func shapeOf(n *node) []*value { return []*value{constant(shapeSizes(n, n.signal(0).shape()))} }

// shapeSizes are the sizes that a node Shape gives.
func shapeSizes(n *node, shape []int) *array {
	limit := func(x int) int {
		if x < 0 {
			x += len(shape)
		}
		return max(0, min(len(shape), x))
	}
	from, to := limit(n.int("start", 0)), limit(n.int("end", len(shape)))
	out := newArray(true, max(0, to-from))
	for i := range out.data {
		out.data[i] = float64(shape[from+i])
	}
	return out
}

// expandSignal takes an expansion to the shape that is there.
func expandSignal(n *node) []*value {
	s := n.signal(0)
	if want := broadcast(s.shape(), n.need(1).ints()); !slices.Equal(want, s.shape()) {
		fail("repeats a tensor of shape %v to %v", s.shape(), want)
	}
	return n.view(s)
}
