package stablehlo

import (
	"dnn/internal/kernel/rand"
	"dnn/pkg/graph"
)

// The constants of Philox4x32-10; see package kernel/rand.
const (
	philoxM0 = 0xd2511f53
	philoxM1 = 0xcd9e8d57
	philoxW0 = 0x9e3779b9
	philoxW1 = 0xbb67ae85
)

// keyOf is the key of a stream of draws.
func keyOf(seed, stream uint64) uint64 { return rand.Mix(seed ^ rand.Mix(stream+0x9e3779b97f4a7c15)) }

// key is a key as two words, scalars or of the shape of what draws.
type key struct{ lo, hi val }

func (e *emitter) key(k uint64) key {
	return key{e.words([]uint32{uint32(k)}), e.words([]uint32{uint32(k >> 32)})}
}

// draws are the random words of whole groups of 64 elements under a key and a step, an integer scalar: c0 and c1 [.., groups, 16]
// are the numbers of their blocks, in two words, and the result is [.., groups·64].
func (e *emitter) draws(k key, c0, c1, step val) val {
	wide := func(v val) val { return v.to(c0.shape) }
	high := step.compare("LT", e.number(0, "i32")).pick(e.words([]uint32{0xffffffff}), e.words([]uint32{0}))
	c := [4]val{c0, wide(c1), wide(bitcast(step, "ui32")), wide(high)}
	k0, k1 := wide(k.lo), wide(k.hi)
	for range 10 {
		h0, l0 := product(c[0], philoxM0)
		h1, l1 := product(c[2], philoxM1)
		c = [4]val{h1.xor(c[1]).xor(k0), l1, h0.xor(c[3]).xor(k1), l0}
		k0, k1 = k0.plus(philoxW0), k1.plus(philoxW1)
	}
	last := len(c0.shape) - 1
	s := append(append(graph.Shape{}, c0.shape[:last]...), 1, 16)
	for i := range c {
		c[i] = c[i].reshape(s...)
	}
	all := concat(last, c[:]...)
	groups := c0.shape[last-1]
	return all.reshape(append(append(graph.Shape{}, c0.shape[:last-1]...), groups*64)...)
}

// product is both words of x·m.
func product(x val, m uint32) (high, low val) {
	wide := x.as("ui64").times(float64(m))
	return wide.binary("shift_right_logical", wide.number(32)).as("ui32"), wide.as("ui32")
}

// blocks are the numbers of the blocks of so many groups, counted from 0, with the groups along axis 0 of two.
func (e *emitter) blocks(groups int) val {
	s := graph.Shape{groups, 16}
	return e.iota("ui32", s, 0).times(16).add(e.iota("ui32", s, 1))
}

// groupsOf is how many groups of 64 hold n elements.
func groupsOf(n int) int { return (n + 63) / 64 }

// flatDraws are the draws of n elements that are numbered from 0.
func (e *emitter) flatDraws(k key, step val, n int) val {
	return part(e.draws(k, e.blocks(groupsOf(n)), e.words([]uint32{0}), step), 0, 0, n)
}

// rowDraws are draws [rows, n] of rows with places of their own: that of element j of row r is r·2⁴⁰ + j.
func (e *emitter) rowDraws(k key, step val, rows, n int) val {
	groups := groupsOf(n)
	s := graph.Shape{rows, groups, 16}
	c0 := e.blocks(groups).to(s)
	c1 := e.iota("ui32", s, 0).times(64) // a row has 2⁴⁰/64·16 = 2³⁸ blocks
	return part(e.draws(k, c0, c1, step), 1, 0, n)
}

// keptOf is x/(1-rate) where the draw is large enough, else 0.
func keptOf(x, draws val, rate float32) val {
	limit := x.e.words([]uint32{uint32(float64(rate) * 0x1p32)})
	scale := 1 / (1 - rate)
	return draws.compare("GE", limit).pick(x.times(float64(scale)), x.number(0))
}
