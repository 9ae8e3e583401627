package importer

import (
	"math"
	"slices"
)

// scoring are what attention computes on its way: the product of queries and keys, then that scaled, masked and made shares. Exporters
// take attention apart; here it is put together as it comes, and becomes a layer where the shares meet the values.
type scores struct {
	q, k   *signal
	view   *signal // the axes of the scores; it belongs to no layer
	scale  float64
	causal bool
	shares bool // whether softmax was applied
	nan    bool // whether it is the question where shares are not numbers
}

const attentionKind = "multi_head_attention"

// scoring begins attention: q [.., steps, size] times k [.., size, steps].
func scoring(n *node, q, k *signal) *scores {
	rank := len(q.axes)
	if rank < 3 || len(k.axes) != rank {
		fail("a product of two values that both depend on the data, which is no attention")
	}
	n.r.decide(q)
	n.r.decide(k)
	steps := k.axes[rank-1]
	if q.layer == k.layer { // self-attention without projections: the steps that are seen are told apart from those that see
		steps = group{{size: steps.size()}}
	}
	axes := append(slices.Clone(q.axes[:rank-1]), steps)
	return &scores{q: q, k: k, scale: 1, view: &signal{own: axes, axes: axes}}
}

// ofScores is what a node makes of scores, which are its input i.
func ofScores(n *node, i int, s *scores) []*value {
	c := *s
	then := func() []*value { return []*value{{scores: &c}} }
	other := 1 - i
	switch n.Op {
	case "Identity", "Cast", "Dropout":
		return then()
	case "Mul", "Div":
		if by := n.array(other); by != nil && !s.shares && len(by.data) == 1 && (n.Op == "Mul" || i == 0) {
			if c.scale *= by.data[0]; n.Op == "Div" {
				c.scale = s.scale / by.data[0]
			}
			return then()
		}
	case "Add":
		if by := n.array(other); by != nil && !s.shares {
			c.mask(by)
			return then()
		}
	case "Where":
		return chosen(n, i, s)
	case "IsNaN":
		c.nan = true
		return then()
	case "Softmax":
		if axis := axisOf(n.int("axis", -1), len(s.view.axes)); axis == len(s.view.axes)-1 && !s.shares {
			c.shares = true
			return then()
		}
	case "Reshape":
		c.view = s.view.reshaped(target(n.need(1).ints(), s.view.shape(), false))
		return then()
	case "Unsqueeze":
		c.view = s.view.unsqueezed(n.listed("axes", 1))
		return then()
	case "Squeeze":
		c.view = s.view.squeezed(n.listed("axes", 1))
		return then()
	case "Shape":
		return []*value{constant(shapeSizes(n, s.view.shape()))}
	case "MatMul":
		if i == 0 && s.shares && n.in[1].signal != nil {
			return attention(n, s, n.signal(1))
		}
	}
	fail("a product of two values that both depend on the data, which is no attention that is known here")
	return nil
}

// chosen is a node Where: scores that a constant condition masks, or shares without what is not a number.
func chosen(n *node, i int, s *scores) []*value {
	if i == 0 && s.nan && n.in[2].scores != nil {
		return []*value{n.in[2]}
	}
	if i == 0 && s.nan && n.in[1].scores != nil {
		return []*value{n.in[1]}
	}
	condition, by := n.need(0), n.need(3-i)
	c := *s
	if s.shares || len(by.data) != 1 || i == 0 {
		fail("chooses between scores of attention and other values")
	}
	term := newArray(false, condition.shape...)
	for at, x := range condition.data {
		if (x != 0) == (i == 2) {
			term.data[at] = by.data[0]
		}
	}
	c.mask(term)
	return []*value{{scores: &c}}
}

// mask takes a term that is added to the scores: 0 where a step is seen, and much less than 0 where it is not.
func (s *scores) mask(term *array) {
	shape := s.view.shape()
	rank := len(shape)
	full := spread(term, shape)
	q, k := shape[rank-2], shape[rank-1]
	open, causal := true, q == k
	for i, x := range full.data {
		later := i%k > i/k%q
		seen := x == 0
		if !seen && x > -1e4 {
			fail("adds to the scores of attention what is no mask")
		}
		open = open && seen
		causal = causal && seen != later
	}
	switch {
	case open:
	case causal:
		s.causal = true
	default:
		fail("a mask of attention that is neither open nor causal")
	}
}

// attention is a layer of scores that have become shares, and values [.., steps, size].
func attention(n *node, s *scores, v *signal) []*value {
	n.r.decide(v)
	rank := len(v.axes)
	qr := len(s.q.axes)
	size := s.q.axes[qr-1]
	q := projectionOf(n, s.q, s.q.axes[qr-2], s.q.axes[:qr-2], size)
	k := projectionOf(n, s.k, s.k.axes[qr-1], s.k.axes[:qr-2], s.k.axes[qr-2])
	w := projectionOf(n, v, v.axes[rank-2], v.axes[:rank-2], v.axes[rank-1])
	if k.from != w.from || q.heads != k.heads || q.heads != w.heads || q.size != w.size || q.size != k.size {
		fail("attention whose keys and values come of different sequences, or whose heads differ")
	}
	in := []*signal{{layer: q.from}}
	if k.from != q.from {
		in = append(in, &signal{layer: k.from})
	}
	width := q.width
	l := n.r.add(attentionKind, attentionName(q.name), in...)
	l.set("heads", q.heads)
	if q.heads*q.size != width {
		l.set("head_size", q.size)
	}
	if s.causal {
		l.set("causal", true)
	}
	scale := s.scale * math.Sqrt(float64(q.size))
	for i := range q.weight {
		q.weight[i] = float32(float64(q.weight[i]) * scale)
	}
	for i := range q.bias {
		q.bias[i] = float32(float64(q.bias[i]) * scale)
	}
	for _, p := range []struct {
		role string
		projection
	}{{"query", q}, {"key", k}, {"value", w}} {
		l.param(p.role+".weight", p.weight, p.heads*p.size, p.width)
		l.param(p.role+".bias", p.bias, p.heads*p.size)
	}
	l.identity = true
	head, part := &atom{size: q.heads}, &atom{size: q.size}
	out := &signal{layer: l.Name, own: []group{s.q.axes[qr-2], {head, part}}}
	for _, g := range s.q.axes[:qr-2] { // the batch and the heads, apart or joined
		axis := group{}
		for _, a := range g {
			switch {
			case a.batch:
				axis = append(axis, a)
			case !slices.Contains(axis, head):
				axis = append(axis, head)
			}
		}
		out.axes = append(out.axes, axis)
	}
	out.axes = append(out.axes, s.q.axes[qr-2], group{part})
	return n.view(out)
}

// attentionName is what the layer is called, by the name of a projection.
func attentionName(of string) string {
	for _, tail := range []string{"_in_proj", "_query", "_q_proj", "_q", "_in_proj_weight"} {
		if n := len(of) - len(tail); n > 0 && of[n:] == tail {
			return of[:n]
		}
	}
	return ""
}

// projectionOf is how queries, keys or values come of a sequence.
type projection struct {
	name, from         string
	heads, size, width int
	weight, bias       []float32 // [heads·size, width], [heads·size]
}

// projectionOf reads a signal over steps, heads and parts of a head: the output of a dense layer, or a sequence as it is.
func projectionOf(n *node, s *signal, steps group, outer []group, part group) projection {
	heads := group(row(flat(outer)))
	if len(s.own) != 2 || !sameAtoms(s.own[0], steps) || !sameAtoms(s.own[1], append(slices.Clone(heads), part...)) {
		fail("attention over a tensor of shape %v that is not split into heads", s.shape())
	}
	scale := 1.0
	if s.fn != nil {
		y := make([]float64, len(grid))
		for i, x := range grid {
			y[i] = s.fn.at(x)
		}
		by, shift, ok := linear(y)
		if !ok || math.Abs(shift) > 1e-6 {
			fail("applies a function to what attention compares")
		}
		scale = by
	}
	p := projection{heads: heads.size(), size: part.size()}
	total := p.heads * p.size
	order := permutation(append(slices.Clone(heads), part...), s.own[1])
	l := n.r.layers[s.layer]
	if l != nil && l.Kind == "dense" && l.setting("activation") == "" {
		w, b := l.find("weight"), l.find("bias")
		p.name, p.from, p.width = l.Name, l.Inputs[0], w.Shape[1]
		p.weight, p.bias = make([]float32, total*p.width), make([]float32, total)
		for i := range total {
			at := i
			if order != nil {
				at = order[i]
			}
			for j := range p.width {
				p.weight[i*p.width+j] = float32(scale * float64(w.Data[at*p.width+j]))
			}
			if b != nil {
				p.bias[i] = float32(scale * float64(b.Data[at]))
			}
		}
		return p
	}
	p.from, p.width = s.layer, total
	p.weight, p.bias = make([]float32, total*total), make([]float32, total)
	for i := range total {
		at := i
		if order != nil {
			at = order[i]
		}
		p.weight[i*total+at] = float32(scale)
	}
	return p
}

// projected has a product with a matrix become the projection of what the heads give.
func projected(n *node, l *Layer, s *signal, w *array) *signal {
	q := l.find("query.weight")
	if w.shape[0] != q.Shape[1] {
		fail("projects what %d heads give to %d features, and not to the %d of the queries", q.Shape[0], w.shape[0], q.Shape[1])
	}
	l.identity = false
	own, last := s.own[len(s.own)-1], s.axes[len(s.axes)-1]
	l.param("output.weight", columns(w.data, last.size(), permutation(own, last)), w.shape...)
	l.param("output.bias", make([]float32, w.shape[0]), w.shape[0])
	out := group{{size: w.shape[0]}}
	return &signal{
		layer: l.Name, own: append(slices.Clone(s.own[:len(s.own)-1]), out),
		axes: append(slices.Clone(s.axes[:len(s.axes)-1]), out), alone: true,
	}
}
