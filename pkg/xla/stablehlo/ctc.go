package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("ctc", "loss and occupied by loops forward and back over steps, on logarithms", func(e *emitter, n *graph.Node, in []val) []val {
		c := newCTC(e, in)
		return c.run(n.Attrs.(op.CTCAttrs).ZeroInfinity)
	})
}

// impossible is the logarithm of what cannot be: finite, so that differences of it are numbers.
const impossible = -1e30

// ctc is the loss of all rows: states [rows, 2·labels+1] are the labels with a blank before and behind each.
type ctc struct {
	e                            *emitter
	x                            val // [rows, steps, classes]
	classes                      val // of the states
	emitted                      val // x of the states, [rows, steps, states]
	lengths, counts              val
	skips                        val // the predicate of states that follow the one two before
	rows, steps, states, symbols int
}

func newCTC(e *emitter, in []val) *ctc {
	x, labels := in[0], in[1]
	c := &ctc{e: e, x: x, rows: x.shape[0], steps: x.shape[1], states: 2*labels.shape[1] + 1, symbols: x.shape[2]}
	c.counts = in[len(in)-1]
	c.lengths = e.number(float64(c.steps), "i32", c.rows)
	if len(in) == 4 {
		c.lengths = in[2]
	}
	s := graph.Shape{c.rows, c.states}
	blanks := e.number(0, "i32", c.rows, labels.shape[1], 1)
	pairs := concat(2, blanks, column(labels)).reshape(c.rows, c.states-1)
	c.classes = concat(1, pairs, e.number(0, "i32", c.rows, 1))
	number := e.iota("i32", s, 1)
	before := concat(1, e.number(0, "i32", c.rows, min(2, c.states)), part(c.classes, 1, 0, c.states-2))
	odd := number.and(e.number(1, "i32")).compare("EQ", e.number(1, "i32"))
	c.skips = odd.and(c.classes.compare("NE", before)).and(number.compare("GE", e.number(2, "i32")))
	wide := graph.Shape{c.rows, c.steps, c.states}
	each := c.classes.reshape(c.rows, 1, c.states).to(wide).reshape(c.rows*c.steps, c.states)
	c.emitted = pickEach(x.reshape(c.rows*c.steps, c.symbols), each).reshape(wide...)
	return c
}

// shift moves states by so many places, up or down, with impossible ones coming in.
func (c *ctc) shift(x val, by int, up bool) val {
	gap := c.e.number(impossible, "f32", c.rows, by)
	if up {
		return concat(1, gap, part(x, 1, 0, c.states-by))
	}
	return concat(1, part(x, 1, by, c.states), gap)
}

// logAdd is ln(eᵃ + eᵇ).
func logAdd(a, b val) val {
	top := a.max(b)
	return top.add(a.min(b).sub(top).exp().unary("log_plus_one"))
}

// number is that of each state.
func (c *ctc) number() val { return c.e.iota("i32", graph.Shape{c.rows, c.states}, 1) }

// forward are the logarithms of all ways to each state at each step, with the step.
func (c *ctc) forward() val {
	none := c.e.number(impossible, "f32", c.rows, c.states)
	start := c.number().compare("LT", c.e.number(2, "i32")).pick(c.e.number(0, "f32"), none)
	out := c.e.loop(c.steps, []val{none, c.e.zeros(c.emitted.typ)}, func(t val, now []val) []val {
		two := c.skips.pick(c.shift(now[0], 2, true), none)
		sum := logAdd(logAdd(now[0], c.shift(now[0], 1, true)), two)
		sum = t.compare("EQ", t.number(0)).pick(start, sum)
		next := sum.add(step(c.emitted, t)).max(none)
		return []val{next, putStep(now[1], next, t)}
	})
	return out[1]
}

// backward are those of all ways on from each state at each step to the end of each row, without the step.
func (c *ctc) backward() val {
	none := c.e.number(impossible, "f32", c.rows, c.states)
	last := column(c.counts.add(c.counts)) // the blank behind the last label
	one := c.e.number(1, "i32")
	ends := c.number().compare("EQ", last)
	ends = ends.binary("or", c.number().compare("EQ", last.sub(one)))
	end := ends.pick(c.e.number(0, "f32"), none)
	follows := concat(1, part(c.skips, 1, min(2, c.states), c.states), c.e.number(0, "i1", c.rows, min(2, c.states)))
	out := c.e.loop(c.steps, []val{none, c.e.zeros(c.emitted.typ)}, func(i val, now []val) []val {
		t := c.e.number(float64(c.steps-1), "i32").sub(i)
		sum := logAdd(now[0], c.shift(now[0], 1, false))
		sum = logAdd(sum, follows.pick(c.shift(now[0], 2, false), none))
		sum = column(t.add(one).compare("EQ", c.lengths)).pick(end, sum)
		return []val{sum.add(step(c.emitted, t)).max(none), putStep(now[1], sum.max(none), t)}
	})
	return out[1]
}

// run puts out the loss of each row and the probability of each class at each step.
func (c *ctc) run(zeroInfinity bool) []val {
	alpha, beta := c.forward(), c.backward()
	ways := alpha.add(beta) // [rows, steps, states]
	some := ways.max(ways.number(impossible))
	first := part(some, 1, 0, 1).reshape(c.rows, c.states)
	top := reduce(first, "maximum", lowest, 1)
	total := top.add(sum(first.sub(column(top)).exp(), 1).log())
	zero := c.e.number(0, "i32")
	empty := c.lengths.compare("EQ", zero)
	possible := total.compare("GT", total.number(impossible/10))
	possible = possible.and(empty.unary("not"))
	p := possible.reshape(c.rows, 1, 1).pick(some.sub(total.reshape(c.rows, 1, 1)).exp(), c.e.number(0, "f32"))
	valid := c.e.iota("i32", graph.Shape{c.rows, c.steps, 1}, 1).compare("LT", c.lengths.reshape(c.rows, 1, 1))
	p = valid.pick(p, p.number(0)).reshape(c.rows*c.steps, c.states)
	each := c.classes.reshape(c.rows, 1, c.states).to(graph.Shape{c.rows, c.steps, c.states}).reshape(c.rows*c.steps, c.states)
	occupied := scatterEach(c.e.number(0, "f32", c.rows*c.steps, c.symbols), each, p, "add")
	without := c.e.number(-lowest, "f32")
	if zeroInfinity {
		without = c.e.number(0, "f32")
	}
	nothing := empty.and(c.counts.compare("EQ", zero)) // no steps write no labels
	loss := nothing.pick(c.e.number(0, "f32"), possible.pick(total.unary("negate"), without))
	return []val{loss, occupied.reshape(c.x.shape...)}
}
