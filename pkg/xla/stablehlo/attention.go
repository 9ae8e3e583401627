package stablehlo

import (
	"math"

	"dnn/internal/exact"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// attention is an attention with its matrix of weights [rows, keyHeads, m, group, n] in full: compilers take it apart as they can.
type attention struct {
	op.AttentionAttrs
	e                     *emitter
	q, k, v               val // [rows, m, keyHeads, group, d], [rows, n, keyHeads, d], [rows, n, keyHeads, e]
	lengths, offset, step *val
	rows, m, n, group     int
	scale                 float64
}

func newAttention(e *emitter, a op.AttentionAttrs, in []val) attention {
	q, k, v := in[0], in[1], in[2]
	t := taker{in[3:]}
	w := attention{AttentionAttrs: a, e: e, rows: q.shape[0], m: q.shape[1], n: k.shape[1], group: a.Heads / a.KeyHeads}
	w.lengths, w.offset, w.step = t.take(a.Lengths), t.take(a.Offset), t.take(a.Step)
	w.q = w.byQuery(q)
	w.k = k.reshape(w.rows, w.n, a.KeyHeads, k.shape[2]/a.KeyHeads)
	w.v = v.reshape(w.rows, w.n, a.KeyHeads, v.shape[2]/a.KeyHeads)
	if w.scale = float64(a.Scale); a.Scale == 0 {
		w.scale = float64(float32(1 / math.Sqrt(float64(w.q.shape[4]))))
	}
	return w
}

// byQuery is what belongs to queries by head, [rows, m, heads·w] as [rows, m, keyHeads, group, w].
func (w attention) byQuery(x val) val {
	return x.reshape(w.rows, w.m, w.KeyHeads, w.group, x.shape[2]/w.Heads)
}

// stats lays what queries have, [rows, heads, m], beside the weights.
func (w attention) stats(x val) val {
	return transpose(x.reshape(w.rows, w.KeyHeads, w.group, w.m), 0, 1, 3, 2).reshape(w.rows, w.KeyHeads, w.m, w.group, 1)
}

// byHead takes it back to [rows, heads, m].
func (w attention) byHead(x val) val {
	return transpose(x.reshape(w.rows, w.KeyHeads, w.m, w.group), 0, 1, 3, 2).reshape(w.rows, w.Heads, w.m)
}

// across is the product of what queries and keys have, [rows, keyHeads, m, group, n].
func (w attention) across(q, k val) val {
	return dot(q, k, []int{0, 2}, []int{0, 2}, []int{4}, []int{3})
}

// gather is the sum over keys of weights times v, [rows, m, heads·width].
func (w attention) gather(p, v val) val {
	y := dot(p, v, []int{0, 1}, []int{0, 2}, []int{4}, []int{1}) // [rows, keyHeads, m, group, width]
	return transpose(y, 0, 2, 1, 3, 4).reshape(w.rows, w.m, w.Heads*v.shape[3])
}

// collect is the sum over queries of weights times q, [rows, n, keyHeads·width].
func (w attention) collect(p, q val) val {
	y := dot(p, q, []int{0, 1}, []int{0, 2}, []int{2, 3}, []int{1, 3}) // [rows, keyHeads, n, width]
	return transpose(y, 0, 2, 1, 3).reshape(w.rows, w.n, w.KeyHeads*q.shape[4])
}

// distance [rows, m, n] is how far each key lies before each query.
func (w attention) distance() val {
	s := graph.Shape{w.rows, w.m, w.n}
	d := w.e.iota("i32", s, 1).sub(w.e.iota("i32", s, 2))
	if w.offset != nil {
		d = d.add(w.offset.reshape(w.rows, 1, 1))
	}
	return d
}

// visible is the predicate [rows, 1, m, 1, n] of what queries see.
func (w attention) visible(distance val) val {
	seen := w.e.number(1, "i1", w.rows, w.m, w.n)
	if w.lengths != nil {
		seen = seen.and(w.e.iota("i32", distance.shape, 2).compare("LT", w.lengths.reshape(w.rows, 1, 1)))
	}
	if w.Causal {
		seen = seen.and(distance.compare("GE", distance.number(0)))
	}
	if w.Window > 0 {
		seen = seen.and(distance.unary("abs").compare("LT", distance.number(float64(w.Window))))
	}
	return seen.reshape(w.rows, 1, w.m, 1, w.n)
}

// scores are those of all queries and keys, and the predicate of which count.
func (w attention) scores() (scores, seen val) {
	distance := w.distance()
	s := w.across(w.q, w.k).times(w.scale)
	if w.ALiBi {
		var slopes []float32
		for h := range w.Heads {
			slopes = append(slopes, float32(exact.Exp(-8*math.Ln2*float64(h+1)/float64(w.Heads))))
		}
		far := distance.unary("abs").as("f32").reshape(w.rows, 1, w.m, 1, w.n)
		s = s.sub(far.mul(w.e.floats(slopes, 1, w.KeyHeads, 1, w.group, 1)))
	}
	return s, w.visible(distance)
}

// logSum is the logarithm of the sum of exponentials of the scores that count, 0 where none does: [.., m, group, 1].
func (w attention) logSum(scores, seen val) val {
	top := column(reduce(seen.pick(scores, scores.number(lowest)), "maximum", lowest, 4))
	some := top.compare("GT", top.number(lowest))
	top = some.pick(top, top.number(0))
	sum := sumKept(seen.pick(scores.sub(top).exp(), scores.number(0)), 4)
	return some.pick(top.add(sum.log()), top.number(0))
}

// weights are the exponentials of scores less their logarithm.
func (w attention) weights(scores, seen, logSum val) val {
	return seen.pick(scores.sub(logSum).exp(), scores.number(0))
}

// drop is dropout of what belongs to the weights: what each draws depends on its row, head, query and key.
func (w attention) drop(p val) val {
	if w.Rate == 0 || w.step == nil {
		return p
	}
	at, e := momentOf(*w.step), w.e
	head := e.iota("ui64", graph.Shape{w.rows * w.Heads}, 0).plus(1) // of all rows
	if at.first != nil {
		head = head.add(at.first.as("ui64").times(float64(w.Heads)))
	}
	k := keysOf(w.Seed, mix(mix(head).xor(e.longs(w.Stream))))
	k.lo, k.hi = k.lo.reshape(w.rows, w.KeyHeads, 1, w.group, 1, 1), k.hi.reshape(w.rows, w.KeyHeads, 1, w.group, 1, 1)
	groups := groupsOf(w.n)
	s := graph.Shape{w.rows, w.KeyHeads, w.m, w.group, groups, 16}
	query := w.e.iota("ui32", graph.Shape{w.m, 1, 1, 1}, 0) // its draws begin at query·2³²: at the block query·2³⁰
	c0 := w.e.blocks(groups).to(s).add(query.binary("shift_left", query.number(30)))
	c1 := query.binary("shift_right_logical", query.number(2))
	return keptOf(p, part(w.e.draws(k, c0, c1, at.step), 4, 0, w.n), w.Rate)
}

func init() {
	Registry.Register("attention", "y = softmax(scale·q·kᵀ)·v, with the matrix of weights in memory", func(e *emitter, n *graph.Node, in []val) []val {
		w := newAttention(e, n.Attrs.(op.AttentionAttrs), in)
		scores, seen := w.scores()
		logSum := w.logSum(scores, seen)
		p := w.drop(w.weights(scores, seen, logSum))
		return []val{w.gather(p, w.v), w.byHead(logSum)}
	})
}
