package main

import "github.com/mmcloughlin/avo/operand"

// emitTrig writes sine and cosine for moderate arguments.
func emitTrig(a *asm) {
	if a.neon {
		return
	}
	a.trig("sinSmall", "scalar.Sin(x[i])", 0)
	a.trig("cosSmall", "scalar.Cos(x[i])", 1)
}

// trig writes a loop that stops before the first vector with an element beyond
// trigLimit, and returns how many elements it has done.
func (a *asm) trig(name, doc string, turn uint32) {
	const sig = "func(dst, x []float32) int"
	a.begin("", name, sig, "for i := range x { // in whole vectors, until one has |x| > trigLimit or NaN", []string{"dst[i] = " + doc})
	k := a.newPass(sig)
	n, total := a.GP64(), a.GP64()
	a.Load(a.Param("x").Len(), n)
	a.MOVQ(n, total)
	body := func(int) {
		x := k.in("x")
		a.jumpUnlessAll(a.compare(isLessEqual, a.abs(x), a.num(48000)), "large")
		t := a.fma(x, a.num(0x1.45f306p-1), a.num(roundC))
		q := a.sub(t, a.num(roundC))
		r := a.fma(q, a.num(-0x1.921fb0p+00), x)
		r = a.fma(q, a.num(-0x1.5110b4p-22), r)
		r = a.fma(q, a.num(-0x1.846988p-48), r)
		sin, cos := a.sinCos(r)
		k.out("dst", a.quadrant(a.addInt(t, a.bits(turn)), sin, cos))
	}
	a.eachVectors(k, n, 1, body)
	a.TESTQ(n, n)
	a.JZ(operand.LabelRef("all"))
	k.maskRest(n)
	body(1)
	a.Label("all")
	a.Store(total, a.ReturnIndex(0))
	a.VZEROUPPER()
	a.RET()
	a.Label("large")
	a.SHRQ(operand.U8(2), k.at)
	a.Store(k.at, a.ReturnIndex(0))
	a.VZEROUPPER()
	a.RET()
}

func (a *asm) jumpUnlessAll(m mask, label string) {
	r := a.GP32()
	if a.wide {
		a.KMOVW(m.k, r)
		a.CMPL(r, operand.U32(0xffff))
	} else {
		a.VMOVMSKPS(m.v, r)
		a.CMPL(r, operand.U32(0xff))
	}
	a.JNE(operand.LabelRef(label))
}

// sinCos are sinPoly and cosPoly of package scalar.
func (a *asm) sinCos(r vec) (sin, cos vec) {
	s := a.mul(r, r)
	p := a.poly(s, 0x1.80a000p-19, -0x1.a0176cp-13, 0x1.11109cp-07, -0x1.555554p-03)
	return a.fma(p, a.mul(r, s), r), a.poly(s, 0x1.9a8000p-16, -0x1.6c0efap-10, 0x1.555550p-05, -0.5, 1)
}

// quadrant is SinQuadrant of package scalar.
func (a *asm) quadrant(j, sin, cos vec) vec {
	even := a.equalInt(a.and(j, a.bits(1)), a.num(0))
	y := a.choose(even, sin, cos)
	return a.xor(y, a.shl(a.and(j, a.bits(2)), 30))
}
