package importer

import "slices"

func init() {
	register("Gemm", gemmLayer)
	register("MatMul", matmulLayer)
}

func gemmLayer(n *node) []*value {
	n.only("transA", 0)
	w := n.need(1)
	if n.int("transB", 0) == 0 {
		w = turned(w)
	}
	s := times(n, n.signal(0), w)
	l := n.r.layers[s.layer]
	alpha, beta := n.float("alpha", 1), n.float("beta", 1)
	if alpha != 1 {
		l.scale(func(int) float64 { return alpha })
	}
	if b := n.array(2); b != nil {
		units := w.shape[0]
		b = spread(b, []int{1, units})
		l.shift(func(i int) float64 { return beta * b.data[i] })
	}
	return []*value{signalOf(s)}
}

func matmulLayer(n *node) []*value {
	if n.in[0].known != nil {
		fail("a constant times what the net computes: no layer does that")
	}
	if n.in[1].signal != nil {
		return []*value{{scores: scoring(n, n.signal(0), n.signal(1))}}
	}
	w := n.need(1)
	if len(w.shape) == 1 {
		w = &array{[]int{len(w.data), 1}, w.data, false}
	}
	s := times(n, n.signal(0), turned(w))
	if len(n.in[1].known.shape) == 1 {
		s = s.with(s.axes[:len(s.axes)-1])
	}
	return []*value{signalOf(s)}
}

// times is a dense layer without a bias over the last axis of a signal; w is [units, n].
func times(n *node, s *signal, w *array) *signal {
	s = n.r.settled(s)
	n.r.decide(s)
	last := s.axes[len(s.axes)-1]
	if len(w.shape) != 2 || w.shape[1] != last.size() {
		fail("weights of shape %v meet a tensor of shape %v", w.shape, s.shape())
	}
	feeds := s
	if own := s.own[len(s.own)-1]; !sameAtoms(own, last) {
		all := flat(s.own)
		if !sameAtoms(all, last) {
			fail("sums over axes that do not lie side by side in its input")
		}
		flatter := *s
		flatter.own = []group{all}
		flatter.layer = regrouped(n, s, flatter.own).Name
		feeds = &flatter
	}
	own := feeds.own[len(feeds.own)-1]
	units := w.shape[0]
	if l := n.r.layers[s.layer]; l != nil && l.identity && s.alone && n.once(0) {
		return projected(n, l, s, w)
	}
	l := n.layer("dense", feeds)
	l.set("units", units)
	l.set("bias", false)
	l.param("weight", columns(w.data, last.size(), permutation(own, last)), units, last.size())
	out := group{{size: units}}
	return &signal{
		layer: l.Name, own: append(slices.Clone(feeds.own[:len(feeds.own)-1]), out),
		axes: append(slices.Clone(s.axes[:len(s.axes)-1]), out), alone: true,
	}
}

// sameAtoms reports whether two lists hold the same atoms of more than one element, in any order.
func sameAtoms(a, b []*atom) bool {
	a, b = significant(a), significant(b)
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x *atom) bool { return !slices.Contains(b, x) })
}
