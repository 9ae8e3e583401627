package importer

import "slices"

func init() { register("Pad", padSignal) }

// padded is what a node Pad made of an axis. It is no layer: the convolution that follows takes it up.
type padded struct {
	of            *atom
	before, after int
}

func padSignal(n *node) []*value {
	s := n.r.settled(n.signal(0))
	if mode := n.text("mode", "constant"); mode != "constant" {
		fail("mode %s is not supported", mode)
	}
	if a := n.array(2); a != nil && !a.all(0) {
		fail("pads with other numbers than 0")
	}
	pads, axes := n.listed("pads", 1), []int{}
	for i := range s.axes {
		axes = append(axes, i)
	}
	if a := n.array(3); a != nil {
		axes = a.ints()
	}
	if len(pads) != 2*len(axes) {
		fail("%d numbers for %d axes", len(pads), len(axes))
	}
	if rank := len(s.axes); s.own == nil && rank >= 3 && rank <= 5 {
		s, _, _ = images(n, 0)
	}
	n.r.decide(s)
	out := *s
	out.axes = slices.Clone(s.axes)
	for i, ax := range axes {
		before, after := pads[i], pads[i+len(axes)]
		if before == 0 && after == 0 {
			continue
		}
		g := significant(s.axes[axisOf(ax, len(s.axes))])
		if len(g) != 1 || g[0].batch || before < 0 || after < 0 {
			fail("pads %d before and %d behind an axis of shape %v", before, after, s.shape())
		}
		wide := &atom{size: g[0].size + before + after, open: g[0].open, pad: &padded{g[0], before, after}}
		out.axes[axisOf(ax, len(s.axes))], out.own = group{wide}, replaced(out.own, g[0], wide)
	}
	return n.view(&out)
}

// unpadded is a signal without what nodes Pad have laid around its axes, and that.
func unpadded(s *signal) (out *signal, pads map[*atom]*padded) {
	c := *s
	for _, a := range flat(s.own) {
		if a.pad != nil {
			if pads == nil {
				pads = map[*atom]*padded{}
			}
			pads[a.pad.of] = a.pad
			c.own, c.axes = replaced(c.own, a, a.pad.of), replaced(c.axes, a, a.pad.of)
		}
	}
	return &c, pads
}
