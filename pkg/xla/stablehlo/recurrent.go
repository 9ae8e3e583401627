package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// sequences are what recurrent ops read besides x and w, nil where it is absent.
type sequences struct {
	e                  *emitter
	bias, h0, c0       *val
	mask, lengths      *val
	rows, steps, units int
	reverse            bool
}

// taker gives out inputs one by one.
type taker struct{ rest []val }

func (t *taker) take(present bool) *val {
	if !present {
		return nil
	}
	v := &t.rest[0]
	t.rest = t.rest[1:]
	return v
}

// split names the inputs behind x and w.
func split(e *emitter, a op.RecurrentAttrs, cells bool, y graph.Shape, in []val) sequences {
	t := taker{in}
	s := sequences{e: e, rows: y[0], steps: y[1], units: y[2], reverse: a.Reverse}
	s.bias = t.take(a.Bias)
	s.h0, s.c0 = t.take(a.Initial), t.take(a.Initial && cells)
	s.mask, s.lengths = t.take(a.Mask), t.take(a.Lengths)
	return s
}

// state is a first state, or zeros.
func (s sequences) state(first *val) val {
	if first != nil {
		return *first
	}
	return s.e.number(0, "f32", s.rows, s.units)
}

// met is a hidden state as w meets it.
func (s sequences) met(h val) val {
	if s.mask == nil {
		return h
	}
	return h.mul(*s.mask)
}

// time is the step that is taken as the i-th, forward or on the way back.
func (s sequences) time(i val, back bool) val {
	if s.reverse != back {
		return s.e.number(float64(s.steps-1), "i32").sub(i)
	}
	return i
}

// valid is, for rows with lengths, x where step t is one of the row's, else y.
func (s sequences) valid(t, x, y val) val {
	if s.lengths == nil {
		return x
	}
	return column(t.compare("LT", *s.lengths)).pick(x, y)
}

// walk runs a cell over all steps. Its states are followed by what it puts out at each step, of the given widths.
func (s sequences) walk(back bool, states []val, widths []int, cell func(t val, states []val) (next, outs []val)) (last, all []val) {
	loop := append([]val{}, states...)
	for _, w := range widths {
		loop = append(loop, s.e.number(0, "f32", s.rows, s.steps, w))
	}
	n := len(states)
	end := s.e.loop(s.steps, loop, func(i val, now []val) []val {
		t := s.time(i, back)
		next, outs := cell(t, now[:n])
		var after []val
		for k, v := range next {
			after = append(after, s.valid(t, v, now[k]))
		}
		for k, v := range outs {
			after = append(after, putStep(now[n+k], s.valid(t, v, v.number(0)), t))
		}
		return after
	})
	return end[:n], end[n:]
}

// before is what states [rows, steps, units] were before each step: those of the step before it, first of all first.
func (s sequences) before(states, first val) val {
	head := first.reshape(s.rows, 1, s.units)
	if !s.reverse {
		return concat(1, head, part(states, 1, 0, s.steps-1))
	}
	if s.steps == 1 {
		return head
	}
	shifted := concat(1, part(states, 1, 1, s.steps), head)
	if s.lengths == nil {
		return shifted
	}
	t := s.e.iota("i32", graph.Shape{s.rows, s.steps}, 1).add(s.e.number(1, "i32"))
	return column(t.compare("LT", column(*s.lengths))).pick(shifted, head)
}

// within is x [rows, steps, ..] with zeros behind each row's steps.
func (s sequences) within(x val) val {
	if s.lengths == nil {
		return x
	}
	t := s.e.iota("i32", graph.Shape{s.rows, s.steps}, 1)
	return column(t.compare("LT", column(*s.lengths))).pick(x, x.number(0))
}

// gates cuts the last axis into parts of units.
func (s sequences) gates(x val, n int) []val {
	var list []val
	for i := range n {
		list = append(list, part(x, x.last(), i*s.units, (i+1)*s.units))
	}
	return list
}

// slopes are the derivatives of sigmoid and tanh by their outputs.
func sigmoidSlope(y val) val { return y.mul(y.number(1).sub(y)) }
func tanhSlope(y val) val    { return y.number(1).sub(y.mul(y)) }

// gradient names the inputs of a gradient.
type gradient struct {
	sequences
	dy, dlast, dcell *val
	gates, q, cells  *val
	y, w             val
}

// splitGrad names the inputs of the gradient of a cell with so many gates.
func splitGrad(e *emitter, a op.RecurrentGradAttrs, gates int, in []val) (g gradient) {
	t := taker{in}
	cells := gates == 4
	g.dy, g.dlast, g.dcell = t.take(a.DY), t.take(a.DLast), t.take(a.DCell && cells)
	g.gates = t.take(gates > 1)
	g.q = t.take(gates == 3 && !a.ResetBefore)
	g.cells = t.take(cells)
	g.y, g.w = *t.take(true), *t.take(true)
	a.Bias = false
	g.sequences = split(e, a.RecurrentAttrs, cells, g.y.shape, t.rest)
	return g
}

// arriving is the gradient by the hidden state at a step: that by y and what comes from later steps.
func (g gradient) arriving(t, carry val) val {
	if g.dy == nil {
		return carry
	}
	return carry.add(step(*g.dy, t))
}
