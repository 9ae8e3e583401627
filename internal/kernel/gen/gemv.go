package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// emitGemv writes the product of a vector and a matrix whose rows are
// contiguous along the result: eight vectors of the result at a time stay in
// registers while the rows pass by.
func emitGemv(a *asm) {
	const sig = "func(y, w, x []float32, ld int, load bool)"
	a.begin("gemv", "gemv", sig, "for j := range y {",
		[]string{"s := load ? y[j] : 0", "for k := range x {", "	s = fma(x[k], w[k*ld+j], s)", "}", "y[j] = s"})
	k := a.newPass(sig)
	n, ld, load := a.GP64(), a.scaled("ld"), a.GP8()
	a.Load(a.Param("y").Len(), n)
	a.Load(a.Param("load"), load)
	columns := func(vectors int) {
		acc := make([]vec, vectors)
		for i := range acc {
			acc[i] = a.vec()
			a.clear(acc[i])
		}
		fresh, next := a.label("fresh"), a.label("row")
		a.TESTB(load, load)
		a.JZ(operand.LabelRef(fresh))
		for i := range acc {
			k.disp = i * a.bytes()
			a.VMOVAPS(k.in("y"), acc[i])
		}
		k.disp = 0
		a.Label(fresh)
		top, left, x := a.GP64(), a.GP64(), a.GP64()
		w := func(i int) operand.Mem { return k.place("w").Offset(i * a.bytes()) }
		a.MOVQ(k.base["w"], top)
		if a.neon { // no address has three parts
			a.ADDQ(k.at, k.base["w"])
			w = func(i int) operand.Mem { return operand.Mem{Base: k.base["w"], Disp: i * a.bytes()} }
		}
		a.Load(a.Param("x").Len(), left)
		a.MOVQ(k.base["x"], x)
		a.Label(next)
		v := a.vec()
		a.VBROADCASTSS(operand.Mem{Base: x}, v)
		for i := range acc {
			a.VFMADD231PS(k.load(w(i)), v, acc[i])
		}
		a.ADDQ(operand.U8(4), x)
		a.ADDQ(ld, k.base["w"])
		a.DECQ(left)
		a.JNZ(operand.LabelRef(next))
		for i := range acc {
			k.disp = i * a.bytes()
			k.out("y", acc[i])
		}
		k.disp = 0
		a.MOVQ(top, k.base["w"])
	}
	a.eachVectors(k, n, 8, columns)
	a.eachVectors(k, n, 1, columns)
	k.rest(n, func() { columns(1) })
	a.VZEROUPPER()
	a.RET()
}
