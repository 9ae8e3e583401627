package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// batch is how many numbers the loops of package bf16 take at a time; their slices have a multiple of 32.
func (a *asm) batch() int {
	if a.neon {
		return 16
	}
	return 32
}

// emitBF16 writes what rounds to halves of float32 and widens them.
func emitBF16(a *asm) {
	a.halves("round", "func(dst []uint16, x []float32)", "dst[i] = x[i] rounded to nearest, ties to even", 5, func(h *halfLoop) {
		h.narrow("dst", func(u int) vec {
			b := h.wide("x", u)
			odd := a.and(a.shr(b, 16), a.bits(1))
			rounded := a.shr(a.addInt(a.addInt(b, a.bits(0x7fff)), odd), 16)
			return a.choose(a.compare(isUnordered, b, b), a.quiet(b), rounded)
		})
	})
	a.halves("roundRandomly", "func(dst []uint16, x []float32, draws []uint32)", "dst[i] = x[i] rounded down or up by the upper half of a draw", 7, func(h *halfLoop) {
		h.narrow("dst", func(u int) vec {
			b, draw := h.wide("x", u), h.wide("draws", u)
			size := a.abs(b)
			sum := a.leastInt(a.addInt(size, a.shr(draw, 16)), a.bits(0x7f7fffff))
			rounded := a.or(a.shr(sum, 16), a.and(a.shr(b, 16), a.bits(0x8000)))
			special := a.choose(a.compare(isUnordered, b, b), a.quiet(b), a.shr(b, 16))
			return a.choose(a.compare(notLess, size, a.bits(0x7f800000)), special, rounded)
		})
	})
	a.halves("widen", "func(dst []float32, x []uint16)", "dst[i] = x[i] as a float32", 0, func(h *halfLoop) {
		for u := 0; u < a.batch()/a.lanes(); u++ {
			v := a.vec()
			if a.neon { // a load has what fills two vectors
				a.VMOVUPS(h.half("x", u), v)
				a.VMOVUPS(a.native("shll", v), h.full("dst", u))
				u++
				a.VMOVUPS(a.native("shll2", v), h.full("dst", u))
				continue
			}
			a.VPMOVZXWD(h.half("x", u), v)
			a.VMOVUPS(a.shl(v, 16), h.full("dst", u))
		}
	})
}

// quiet is the upper half of a NaN, which remains one.
func (a *asm) quiet(b vec) vec { return a.or(a.shr(b, 16), a.bits(0x40)) }

func (a *asm) leastInt(x, y op) vec { return a.binary(a.VPMINSD, x, y) }

// halfLoop is a loop over slices of float32 and of halves.
type halfLoop struct {
	*asm
	base map[string]gp
	at   gp // index in bytes of halves
}

// halves writes such a loop.
func (a *asm) halves(field, sig, doc string, keep int, body func(h *halfLoop)) {
	a.begin(field, field, sig, "for i := range x { // a multiple of 32", []string{doc})
	h := &halfLoop{asm: a, base: map[string]gp{}, at: a.GP64()}
	slices, _ := parameters(sig)
	for _, s := range slices {
		h.base[s] = a.GP64()
		a.Load(a.Param(s).Base(), h.base[s])
	}
	a.keep(keep)
	n, next := a.GP64(), a.label("next")
	a.Load(a.Param("x").Len(), n)
	a.XORQ(h.at, h.at)
	a.Label(next)
	body(h)
	a.ADDQ(operand.U8(2*a.batch()), h.at)
	a.SUBQ(operand.U8(a.batch()), n)
	a.JNZ(operand.LabelRef(next))
	a.VZEROUPPER()
	a.RET()
}

// full and half are the places of vector u of a batch, in a slice of numbers of four bytes and of two.
func (h *halfLoop) full(name string, u int) operand.Mem {
	return operand.Mem{Base: h.base[name], Index: h.at, Scale: 2, Disp: u * h.bytes()}
}

func (h *halfLoop) half(name string, u int) operand.Mem {
	return operand.Mem{Base: h.base[name], Index: h.at, Scale: 1, Disp: u * h.bytes() / 2}
}

func (h *halfLoop) wide(name string, u int) vec {
	v := h.vec()
	h.VMOVUPS(h.full(name, u), v)
	return v
}

// narrow stores the lower halves of the vectors of a batch. AVX2 and NEON join those of two.
func (h *halfLoop) narrow(name string, of func(u int) vec) {
	if h.asm.wide {
		for u := range h.batch() / h.lanes() {
			h.VPMOVDW(of(u), h.half(name, u))
		}
		return
	}
	for u := 0; u < h.batch()/h.lanes(); u += 2 {
		x, y := of(u), of(u+1)
		var v vec
		if h.neon {
			v = h.asm.native("xtn", x)
			h.Instruction(native("xtn2", v, y))
		} else {
			v = h.vec()
			h.VPACKUSDW(y, x, v) // the quarters in the order x0 y0 x1 y1
			h.VPERMQ(operand.U8(0xd8), v, v)
		}
		h.VMOVUPS(v, h.half(name, u))
	}
}
