package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// emitQuantize writes what makes integers of float32. AVX2 serves all of amd64: it is memory that takes the time. Lengths are
// at least 8: the last vector may begin before the end of the one before it, as nothing changes when it is done twice.
func emitQuantize(a *asm) {
	if a.vnni {
		return
	}
	a.loop(loop{
		field: "toFloats", sig: "func(dst, x []float32, inv float32)", unroll: 4, keep: 3,
		doc: []string{"dst[i] = float32(x[i]·inv as an integer)"},
		body: func(k *pass) {
			v := a.mul(k.in("x"), k.arg("inv"))
			v = a.only(a.compare(isEqual, v, v), a.clip(v, a.num(-127), a.num(127)))
			const shift = 3 << 22 // numbers of this size have no fractions
			k.out("dst", a.sub(a.add(v, a.num(shift)), a.num(shift)))
		},
	})
	if a.neon {
		a.quantizeNEON()
	}
	if a.many() {
		return
	}
	a.absMax()
	a.quantize("toBytes", "func(dst []byte, x []float32, inv float32, flip uint32) uint32", 1, "dst[i] = x[i]·inv as an integer, its bits flipped; not 0 if one has the highest bit")
	a.quantize("toWords", "func(dst []int16, x []float32, inv float32)", 2, "dst[i] = x[i]·inv as an integer")
}

// absMax writes the largest magnitude, as bits.
func (a *asm) absMax() {
	a.begin("", "absMax", "func(x []float32) uint32", "for i := range x { // at least 8", []string{"most = max(most, magnitude of x[i])"})
	x, n := a.GP64(), a.GP64()
	a.Load(a.Param("x").Base(), x)
	a.Load(a.Param("x").Len(), n)
	magnitude := a.copy(a.bits(1<<31 - 1))
	most := [2]vec{a.vec(), a.vec()}
	for _, v := range most {
		a.clear(v)
	}
	at := func(p gp, i int, into vec) {
		v := a.vec()
		a.VPAND(operand.Mem{Base: p, Disp: 32 * i}, magnitude, v)
		a.VPMAXUD(v, into, into)
	}
	last := a.GP64()
	a.LEAQ(operand.Mem{Base: x, Index: n, Scale: 4, Disp: -32}, last)
	a.SUBQ(operand.U8(32), n)
	a.JL(operand.LabelRef("rest"))
	a.Label("next")
	for i := range 4 {
		at(x, i, most[i%2])
	}
	a.SUBQ(operand.I8(-128), x)
	a.SUBQ(operand.U8(32), n)
	a.JGE(operand.LabelRef("next"))
	a.Label("rest")
	a.ADDQ(operand.U8(32), n)
	a.JZ(operand.LabelRef("done"))
	a.Label("single")
	a.CMPQ(n, operand.U8(8))
	a.JLE(operand.LabelRef("last"))
	at(x, 0, most[0])
	a.ADDQ(operand.U8(32), x)
	a.SUBQ(operand.U8(8), n)
	a.JMP(operand.LabelRef("single"))
	a.Label("last")
	at(last, 0, most[1])
	a.Label("done")
	a.VPMAXUD(most[1], most[0], most[0])
	h, r := a.XMM(), a.GP32()
	a.VEXTRACTI128(operand.U8(1), most[0], h)
	a.VPMAXUD(h, most[0].AsX(), h)
	s := a.XMM()
	for _, order := range []int{0x4e, 0xb1} {
		a.VPSHUFD(operand.U8(order), h, s)
		a.VPMAXUD(s, h, h)
	}
	a.VMOVD(h, r)
	a.Store(r, a.ReturnIndex(0))
	a.VZEROUPPER()
	a.RET()
}

// quantize writes a loop to integers of so many bytes: four vectors at a time, then one by one.
func (a *asm) quantize(name, sig string, size int, doc string) {
	a.begin("", name, sig, "for i := range x { // at least 8", []string{doc})
	k := a.newPass(sig)
	lo, hi := a.copy(a.num(-127)), a.copy(a.num(127))
	var flip, any vec
	if size == 1 {
		flip, any = k.arg("flip"), a.vec()
		a.clear(any)
	}
	x, d, n := k.base["x"], a.GP64(), a.GP64()
	a.Load(a.Param("dst").Base(), d)
	a.Load(a.Param("x").Len(), n)
	one := func(i int, x gp) vec {
		v := a.mul(a.loaded(operand.Mem{Base: x, Disp: 32 * i}), k.arg("inv"))
		number := a.compare(isOrdered, v, v)
		v = a.only(number, a.smaller(hi, a.larger(lo, v)))
		a.VCVTPS2DQ(v, v)
		return v
	}
	pair := func(i int, x gp) vec { // of 16 bits: the quarters in the order x0 y0 x1 y1
		p, q := one(i, x), one(i+1, x)
		a.VPACKSSDW(q, p, p)
		return p
	}
	lastX, lastD := a.GP64(), a.GP64()
	a.LEAQ(operand.Mem{Base: x, Index: n, Scale: 4, Disp: -32}, lastX)
	a.LEAQ(operand.Mem{Base: d, Index: n, Scale: uint8(size), Disp: -8 * size}, lastD)
	a.SUBQ(operand.U8(32), n)
	a.JL(operand.LabelRef("rest"))
	a.Label("next")
	p, q := pair(0, x), pair(2, x)
	if size == 1 {
		a.VPACKSSWB(q, p, p)
		order := a.vec()
		a.VMOVDQU(a.shared.at("quarters", 4, func(i int) uint64 { return uint64(i) | uint64(i+4)<<32 }), order)
		a.VPERMD(p, order, p)
		a.VPXOR(flip, p, p)
		a.VPOR(p, any, any)
		a.VMOVDQU(p, operand.Mem{Base: d})
	} else {
		for i, v := range []vec{p, q} {
			a.VPERMQ(operand.U8(0xd8), v, v)
			a.VMOVDQU(v, operand.Mem{Base: d, Disp: 32 * i})
		}
	}
	a.SUBQ(operand.I8(-128), x)
	a.ADDQ(operand.U8(32*size), d)
	a.SUBQ(operand.U8(32), n)
	a.JGE(operand.LabelRef("next"))
	a.Label("rest")
	a.ADDQ(operand.U8(32), n)
	a.JZ(operand.LabelRef("done"))
	a.Label("single")
	a.CMPQ(n, operand.U8(8))
	a.JG(operand.LabelRef("more"))
	a.MOVQ(lastX, x)
	a.MOVQ(lastD, d)
	a.Label("more")
	v, h := one(0, x), a.XMM()
	a.VEXTRACTI128(operand.U8(1), v, h)
	a.VPACKSSDW(h, v.AsX(), h)
	if size == 1 {
		a.VPACKSSWB(h, h, h)
		a.VPXOR(flip.AsX(), h, h)
		a.VMOVQ(h, operand.Mem{Base: d})
		wide := a.vec()
		a.VINSERTI128(operand.U8(0), h, any, wide)
		a.VPOR(wide, any, any)
	} else {
		a.VMOVDQU(h, operand.Mem{Base: d})
	}
	a.ADDQ(operand.U8(32), x)
	a.ADDQ(operand.U8(8*size), d)
	a.SUBQ(operand.U8(8), n)
	a.JG(operand.LabelRef("single"))
	a.Label("done")
	if size == 1 {
		r := a.GP32()
		a.VPMOVMSKB(any, r)
		a.Store(r, a.ReturnIndex(0))
	}
	a.VZEROUPPER()
	a.RET()
}

// loaded is the vector at m.
func (a *asm) loaded(m operand.Mem) vec {
	v := a.vec()
	a.VMOVUPS(m, v)
	return v
}

// quantizeNEON writes both for arm64, where conversions saturate and make 0 of a NaN. Lengths are multiples of 16.
func (a *asm) quantizeNEON() {
	const head = "for i := range x { // a multiple of 16"
	a.begin("", "absMax", "func(x []float32) uint32", head, []string{"most = max(most, magnitude of x[i])"})
	k := a.newPass("func(x []float32)")
	magnitude, most := a.copy(a.bits(1<<31-1)), [2]vec{a.vec(), a.vec()}
	for _, v := range most {
		a.clear(v)
	}
	a.sixteens(k, func(at [4]operand.Mem) {
		for i, m := range at {
			v := a.loaded(m)
			a.VPAND(magnitude, v, v)
			a.Instruction(native("umax", most[i%2], most[i%2], v))
		}
	})
	a.Instruction(native("umax", most[0], most[0], most[1]))
	a.returnLane(a.native("umaxv", most[0]))

	sig := "func(dst []byte, x []float32, inv float32, flip uint32) uint32"
	a.begin("", "toBytes", sig, head, []string{"dst[i] = x[i]·inv as an integer, its bits flipped; not 0 if one has the highest bit"})
	k = a.newPass(sig)
	d, least, inv, flip, any := a.GP64(), a.copy(a.bits(0x81818181)), k.arg("inv"), k.arg("flip"), a.vec()
	a.Load(a.Param("dst").Base(), d)
	a.clear(any)
	a.sixteens(k, func(at [4]operand.Mem) {
		var q [4]vec
		for i, m := range at {
			q[i] = a.native("fcvtns", a.mul(a.loaded(m), inv))
		}
		low, high := a.native("sqxtn", q[0]), a.native("sqxtn", q[2])
		a.Instruction(native("sqxtn2", low, q[1]))
		a.Instruction(native("sqxtn2", high, q[3]))
		v := a.native("sqxtnb", low)
		a.Instruction(native("sqxtnb2", v, high))
		a.Instruction(native("smaxb", v, v, least))
		a.VPXOR(flip, v, v)
		a.VPOR(v, any, any)
		a.VMOVUPS(v, operand.Mem{Base: d})
		a.ADDQ(operand.U8(16), d)
	})
	a.VPAND(a.bits(0x80808080), any, any)
	a.returnLane(a.native("umaxv", any))
}

// sixteens goes through x by sixteen numbers.
func (a *asm) sixteens(k *pass, body func(at [4]operand.Mem)) {
	n, x := a.GP64(), k.base["x"]
	a.Load(a.Param("x").Len(), n)
	a.Label("next")
	var at [4]operand.Mem
	for i := range at {
		at[i] = operand.Mem{Base: x, Disp: 16 * i}
	}
	body(at)
	a.ADDQ(operand.U8(64), x)
	a.SUBQ(operand.U8(16), n)
	a.JNZ(operand.LabelRef("next"))
}

// returnLane returns the lowest lane.
func (a *asm) returnLane(v vec) {
	addr, err := a.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	a.VMOVSS(v.AsX(), addr.Addr)
	a.RET()
}
