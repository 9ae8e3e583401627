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

// moment is when draws are made: the step, an integer scalar, and of a shard of a batch its first row, as ui32, and its rows.
type moment struct {
	step        val
	first, rows *val
}

// momentOf takes apart what random ops read: a step, or the step, first row and rows of a shard.
func momentOf(at val) moment {
	if len(at.shape) == 0 {
		return moment{step: at}
	}
	number := func(i int) val { return part(at, 0, i, i+1).reshape() }
	first, rows := bitcast(number(1), "ui32"), bitcast(number(2), "ui32")
	return moment{number(0), &first, &rows}
}

// flatDraws are the draws of n elements that are numbered from 0, or from the first of a shard on.
func (e *emitter) flatDraws(k key, at moment, n int) val {
	groups, none := groupsOf(n), e.words([]uint32{0})
	if at.first == nil {
		return part(e.draws(k, e.blocks(groups), none, at.step), 0, 0, n)
	}
	offset := at.first.mul(e.words([]uint32{uint32(n)}).div(*at.rows))
	group := offset.binary("shift_right_logical", offset.number(6))
	all := e.draws(k, e.blocks(groups+1).add(group.times(16)), none, at.step)
	skip := offset.and(offset.number(63)).as("i32")
	return e.op("dynamic_slice", "sizes = "+list([]int{n}), typ{"ui32", graph.Shape{n}}, all, skip)
}

// rowDraws are draws [rows, n] of rows with places of their own: that of element j of row r is r·2⁴⁰ + j.
func (e *emitter) rowDraws(k key, at moment, rows, n int) val {
	groups := groupsOf(n)
	s := graph.Shape{rows, groups, 16}
	row := e.iota("ui32", s, 0)
	if at.first != nil {
		row = row.add(*at.first)
	}
	return part(e.draws(k, e.blocks(groups).to(s), row.times(64), at.step), 1, 0, n) // a row has 2⁴⁰/64·16 = 2³⁸ blocks
}

// mix is rand.Mix of whole numbers of 64 bits.
func mix(z val) val {
	shifted := func(by float64) val { return z.xor(z.binary("shift_right_logical", z.number(by))) }
	z = shifted(30).mul(z.e.longs(0xbf58476d1ce4e5b9))
	z = shifted(27).mul(z.e.longs(0x94d049bb133111eb))
	return shifted(31)
}

// keysOf are the keys of streams that are known when the program runs.
func keysOf(seed uint64, stream val) key {
	e := stream.e
	k := mix(mix(stream.add(e.longs(0x9e3779b97f4a7c15))).xor(e.longs(seed)))
	return key{k.as("ui32"), k.binary("shift_right_logical", k.number(32)).as("ui32")}
}

// keptOf is x/(1-rate) where the draw is large enough, else 0.
func keptOf(x, draws val, rate float32) val {
	limit := x.e.words([]uint32{uint32(float64(rate) * 0x1p32)})
	scale := 1 / (1 - rate)
	return draws.compare("GE", limit).pick(x.times(float64(scale)), x.number(0))
}
