package importer

import "slices"

func init() {
	register("Gather", gatherLayer)
	register("Slice", sliceLayer)
	register("Split", splitLayer)
	register("Concat", concatLayer)
	register("Dropout", dropout)
	register("Softmax", func(n *node) []*value { return softmax(n, "softmax") })
	register("LogSoftmax", func(n *node) []*value { return softmax(n, "log_softmax") })
}

func gatherLayer(n *node) []*value {
	if n.in[0].known != nil {
		return embedding(n)
	}
	s, index := n.signal(0), n.need(1)
	axis := axisOf(n.int("axis", 0), len(s.axes))
	x, ok := index.scalar()
	if !ok {
		fail("takes %d elements of an axis", len(index.data))
	}
	out := step(n, s, axis, int(x))
	if len(index.shape) > 0 {
		out = out.unsqueezed([]int{axis})
	}
	return n.view(out)
}

// embedding looks tokens up in a table.
func embedding(n *node) []*value {
	table, s := n.in[0].known, n.signal(1)
	if len(table.shape) != 2 || n.int("axis", 0) != 0 {
		fail("looks up a table of shape %v along axis %d", table.shape, n.int("axis", 0))
	}
	in := n.r.inputs[s.layer]
	if in == nil {
		fail("looks up what the net computes")
	}
	s = tokens(n, s, table.shape[0])
	n.r.decide(s)
	in.Tokens = table.shape[0]
	l := n.layer("embedding", s)
	l.set("size", table.shape[1])
	l.param("table", table.floats(), table.shape...)
	out := group{{size: table.shape[1]}}
	return n.view(&signal{layer: l.Name, own: append(slices.Clone(s.own), out), axes: append(slices.Clone(s.axes), out)})
}

// tokens are whole numbers below n, without what an exporter does to negative ones.
func tokens(n *node, s *signal, count int) *signal {
	if s.fn == nil {
		return s
	}
	for x := range count {
		if s.fn.at(float64(x)) != float64(x) {
			fail("looks up a function of the tokens")
		}
	}
	out := *s
	out.fn = nil
	return &out
}

// step is the first or the last element of an axis, which must be that of the steps of a sequence.
func step(n *node, s *signal, axis, at int) *signal {
	g := s.axes[axis]
	size := g.size()
	if at < 0 {
		at += size
	}
	rest := slices.Delete(slices.Clone(s.axes), axis, axis+1)
	if size == 1 { // nothing to choose from
		return s.squeezed([]int{axis})
	}
	if l := n.r.layers[s.layer]; l != nil && s.own != nil && within(s.own[len(s.own)-1], g) {
		if recurrent[l.Kind] {
			out := *s
			out.axes, out.part = rest, &part{s, g, at}
			return &out
		}
		return rows(n, l, s, axis, at, 1).squeezed([]int{axis})
	}
	if at != 0 && at != size-1 {
		fail("takes element %d of %d: a layer takes the first or the last step of a sequence", at, size)
	}
	var others group
	for _, x := range rest {
		others = append(others, row(x)...)
	}
	x := n.arrange(s, g, inOrder(n, s, others))
	l := n.r.add("pool_sequence", "", x)
	l.set("method", "last")
	if at == 0 {
		l.set("method", "first")
	}
	return &signal{layer: l.Name, own: []group{x.own[1]}, axes: rest}
}

// inOrder are atoms in the order in which they lie in the output of a layer.
func inOrder(n *node, s *signal, atoms group) group {
	n.r.decide(s)
	var out group
	for _, a := range flat(s.own) {
		if slices.Contains(atoms, a) {
			out = append(out, a)
		}
	}
	return out
}

// sliceLayer takes a slice of all, or of one step.
func sliceLayer(n *node) []*value {
	s := n.signal(0)
	steps := n.array(4)
	var by []int
	if steps != nil {
		by = steps.ints()
	}
	for _, c := range cuts(n, s.shape(), n.listed("starts", 1), n.listed("ends", 2), n.listed("axes", 3), by) {
		switch size := s.axes[c.axis].size(); {
		case c.first == 0 && c.step == 1 && c.count == size:
		case n.r.layers[s.layer] != nil && recurrent[n.r.layers[s.layer].Kind] && c.count == 1:
			s = step(n, s, c.axis, c.first).unsqueezed([]int{c.axis})
		case n.r.layers[s.layer] != nil && c.step == 1 && c.count > 0 && within(s.own[len(s.own)-1], s.axes[c.axis]):
			s = rows(n, n.r.layers[s.layer], s, c.axis, c.first, c.count)
		case c.count == 1:
			s = step(n, s, c.axis, c.first).unsqueezed([]int{c.axis})
		default:
			fail("takes %d of the %d elements of an axis", c.count, size)
		}
	}
	return n.view(s)
}

// splitLayer splits the features of a layer with weights: each part is a layer of its own.
func splitLayer(n *node) (out []*value) {
	s := n.signal(0)
	axis := axisOf(n.int("axis", 0), len(s.axes))
	var sizes []int
	if a := n.array(1); a != nil {
		sizes = a.ints()
	}
	parts := partsOf(n, s.axes[axis].size(), sizes)
	if len(parts) == 1 {
		return n.view(s)
	}
	l := n.r.layers[s.layer]
	if l == nil || !within(s.own[len(s.own)-1], s.axes[axis]) {
		fail("splits an axis into %v, and no layer does that but to the features of one with weights", parts)
	}
	first := 0
	for _, size := range parts {
		out = append(out, signalOf(rows(n, l, s, axis, first, size)))
		first += size
	}
	return out
}

// within reports whether an axis is a part of another, or that.
func within(whole, g group) bool {
	return len(significant(g)) > 0 && !slices.ContainsFunc(significant(g), func(a *atom) bool { return !slices.Contains(whole, a) })
}

// rows is the output of a layer like l that computes some features alone: count of an axis that is part of them, from the first on.
func rows(n *node, l *Layer, s *signal, axis, first, count int) *signal {
	w := l.weight()
	if w == nil || !weighted[l.Kind] || l.setting("activation") != "" || s.fn != nil || l.setting("multiplier")+l.setting("groups") != "" {
		fail("takes some features of what a layer %s computes", l.Kind)
	}
	whole, g := s.own[len(s.own)-1], s.axes[axis]
	rest := slices.DeleteFunc(slices.Clone(whole), func(a *atom) bool { return slices.Contains(g, a) })
	part := group{{size: count}}
	order := permutation(append(slices.Clone(g), rest...), whole) // of features: first those of the axis
	others := rest.size()
	var keep []int
	for i := first * others; i < (first+count)*others; i++ {
		at := i
		if order != nil {
			at = order[i]
		}
		keep = append(keep, at)
	}
	c := n.r.add(l.Kind, l.Name, &signal{layer: l.Inputs[0]})
	c.Settings = slices.Clone(l.Settings)
	for _, key := range []string{"units", "filters"} {
		if c.setting(key) != "" {
			c.set(key, len(keep))
		}
	}
	for _, p := range l.Params {
		inner := sizeOf(p.Shape[1:])
		var data []float32
		for _, at := range keep {
			data = append(data, p.Data[at*inner:][:inner]...)
		}
		c.param(p.Role, data, append([]int{len(keep)}, p.Shape[1:]...)...)
	}
	out := *s
	out.layer, out.alone = c.Name, true
	out.own, out.axes = slices.Clone(s.own), slices.Clone(s.axes)
	out.own[len(out.own)-1], out.axes[axis] = append(slices.Clone(part), rest...), part
	return &out
}

// concatLayer joins along an axis of the row.
func concatLayer(n *node) []*value {
	axis := axisOf(n.int("axis", 0), len(n.signal(0).axes))
	if whole := parts(n, axis); whole != nil {
		return n.view(whole)
	}
	var in []*signal
	size := 0
	for i := range n.in {
		s := n.r.settled(n.signal(i))
		n.r.decide(s)
		in = append(in, s)
		size += s.axes[axis].size()
	}
	if len(in) == 1 {
		return n.view(in[0])
	}
	first := in[0]
	at := slices.IndexFunc(first.own, func(g group) bool { return sameAtoms(g, first.axes[axis]) && len(significant(g)) > 0 })
	if at < 0 {
		fail("joins along an axis that is none of a row of its inputs")
	}
	for _, s := range in[1:] {
		beside(n, first, s, axis, at)
	}
	l := n.layer("concat", in...)
	if at < len(first.own)-1 {
		l.set("axis", at)
	}
	out := *first
	out.layer, out.own, out.axes = l.Name, slices.Clone(first.own), slices.Clone(first.axes)
	whole := group{{size: size}}
	out.own[at], out.axes[axis] = whole, whole
	return n.view(&out)
}

// recurrence are layers that put the directions of a sequence side by side, which other tools give apart.
var recurrent = map[string]bool{"lstm": true, "gru": true, "rnn": true}

// parts is the whole that the inputs are all parts of, in their order; nil where they are not.
func parts(n *node, axis int) *signal {
	first := n.signal(0)
	if first.part == nil {
		return nil
	}
	for i := range n.in {
		if p := n.signal(i).part; p == nil || p.at != i || p.whole.layer != first.layer {
			return nil
		}
	}
	if len(n.in) != first.part.axis.size() {
		return nil
	}
	out := *first
	out.part, out.axes = nil, slices.Clone(first.axes)
	out.axes[axis] = append(slices.Clone(first.part.axis), first.axes[axis]...)
	return &out
}

// beside expects two signals that lie in the same order, and differ in nothing but the size of one axis.
func beside(n *node, a, b *signal, axis, at int) {
	if len(a.own) != len(b.own) || len(a.axes) != len(b.axes) || !sameAtoms(b.own[at], b.axes[axis]) {
		fail("joins tensors whose axes lie in different orders")
	}
	for i := range a.own {
		if i == at {
			continue
		}
		ax := slices.IndexFunc(a.axes, func(g group) bool { return sameAtoms(g, a.own[i]) })
		if ax < 0 || a.own[i].size() != b.own[i].size() || !sameAtoms(b.axes[ax], b.own[i]) {
			fail("joins tensors whose axes lie in different orders")
		}
	}
}

// dropout is a layer that does nothing but in training.
func dropout(n *node) []*value {
	s := n.signal(0)
	rate := n.float("ratio", .5)
	if a := n.array(1); a != nil {
		rate = a.data[0]
	}
	if n.used(1) {
		fail("the mask is used")
	}
	if rate == 0 {
		return n.view(s)
	}
	s = n.r.settled(s)
	n.r.decide(s)
	l := n.r.add("dropout", "", s)
	l.set("rate", rate)
	out := *s
	out.layer = l.Name
	return n.view(&out)
}

// softmax is an activation along the last axis.
func softmax(n *node, word string) []*value {
	s := n.r.settled(n.signal(0))
	other := -1
	if n.r.opset < 13 {
		other = 1
	}
	axis := axisOf(n.int("axis", other), len(s.axes))
	n.r.decide(s)
	if !sameAtoms(s.axes[axis], s.own[len(s.own)-1]) {
		fail("along an axis that is not the last of its input")
	}
	l := n.r.add("activation", "", s)
	l.set("function", word)
	out := *s
	out.layer = l.Name
	return n.view(&out)
}
