package stablehlo

import (
	"math"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// The inputs of an update: slots come last.
const (
	inParams = iota
	inGrads
	inRate
	inScale
	inStep
	inSlots
)

// roundingSeed is that of the draws that round what is kept as bf16; see package op.
const roundingSeed = 0x62663136

// updating is what a rule reads, as whole flat arrays in float32: rate and decay are those of each element's segment.
type updating struct {
	e           *emitter
	p, g        val // g is scaled
	rate, decay val
	slots       []val
	step        val // as float32
	first       val // the predicate of the first step
}

// segmented is a number for each element of a flat array of n: that of its segment, or other in the gaps. Where all are equal
// it is a scalar.
func segmented(e *emitter, segments []op.Segment, n int, other float64, of func(op.Segment) float64) val {
	var pieces []val
	end, alike := 0, true
	put := func(to int, x float64) {
		if to > end {
			pieces = append(pieces, e.number(x, "f32", to-end))
		}
		end = to
	}
	for _, s := range segments {
		alike = alike && of(s) == of(segments[0])
	}
	if alike && len(segments) > 0 {
		return e.number(of(segments[0]), "f32")
	}
	for _, s := range segments {
		put(s.Lo, other)
		put(s.Hi, of(s))
	}
	put(n, other)
	return concat(0, pieces...)
}

// inside is the predicate of the elements that lie in segments, nil where all do.
func inside(e *emitter, segments []op.Segment, n int) *val {
	var pieces []val
	end, all := 0, true
	put := func(to int, x float64) {
		if to > end {
			pieces = append(pieces, e.number(x, "i1", to-end))
			all = all && x == 1
		}
		end = to
	}
	for _, s := range segments {
		put(s.Lo, 0)
		put(s.Hi, 1)
	}
	put(n, 0)
	if all {
		return nil
	}
	in := concat(0, pieces...)
	return &in
}

// update is the lowering of an update rule, which returns the new parameters and slots. Rules with a slot of one number return it
// last.
func update[A any](segments func(A) []op.Segment, rule func(u updating, a A) []val) Lowering {
	return func(e *emitter, n *graph.Node, in []val) []val {
		a, size := n.Attrs.(A), in[inParams].shape[0]
		list := segments(a)
		if len(list) == 0 || size == 0 {
			return append([]val{in[inParams]}, in[inSlots:]...)
		}
		u := updating{
			e: e, p: in[inParams].as("f32"), g: in[inGrads].mul(in[inScale]), step: in[inStep].as("f32"),
			first: in[inStep].compare("EQ", e.number(1, "i32")),
			rate:  in[inRate].mul(segmented(e, list, size, 0, func(s op.Segment) float64 { return s.Rate })),
			decay: segmented(e, list, size, 0, func(s op.Segment) float64 { return s.Decay }),
		}
		for _, s := range in[inSlots:] {
			u.slots = append(u.slots, s.as("f32"))
		}
		old := append([]val{in[inParams]}, in[inSlots:]...)
		in2 := inside(e, list, size)
		var out []val
		for i, y := range rule(u, a) {
			y = y.to(old[i].shape)
			if in2 != nil && old[i].shape.Equal(u.p.shape) {
				y = in2.pick(y, old[i].as("f32"))
			}
			if old[i].elem == "bf16" {
				y = roundRandomly(y, i, in[inStep])
			}
			out = append(out, y)
		}
		return out
	}
}

// decayed adds weight decay to the gradient.
func (u updating) decayed() val { return u.g.add(u.decay.mul(u.p)) }

// unbias is 1-βᵗ, computed so that no digits are lost where βᵗ is close to 1.
func (u updating) unbias(beta float64) val {
	if beta == 0 {
		return u.e.number(1, "f32")
	}
	return expm1(u.step.times(math.Log(beta))).unary("negate")
}

// running is beta·old + (1-beta)·x.
func running(old, x val, beta float64) val { return old.times(beta).add(x.times(1 - beta)) }

// roundRandomly rounds array number i to one of both neighbours in bf16, by the draws that the kernels make.
func roundRandomly(x val, i int, step val) val {
	e := x.e
	word := func(w uint32) val { return e.words([]uint32{w}) }
	bits := bitcast(x, "ui32")
	size := bits.and(word(0x7fffffff))
	draws := e.flatDraws(e.key(keyOf(roundingSeed, uint64(i))), moment{step: step}, x.shape[0])
	up := size.add(draws.binary("shift_right_logical", word(16))).min(word(0x7f7fffff))
	finite := size.compare("LT", word(0x7f800000))
	rounded := finite.pick(up, size).and(word(0xffff0000)).binary("or", bits.and(word(0x80000000)))
	return bitcast(rounded, "f32").as("bf16")
}
