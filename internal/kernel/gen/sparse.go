package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitSparse writes the products with rows of a sparse matrix. They stay portable where few nets use them (NEON).
func emitSparse(a *asm) {
	if a.neon {
		return
	}
	a.sparseColumns()
	if !a.wide {
		a.sparseRows()
	}
}

// sparseColumns goes through a row once for each set of columns: as many as have enough chains in registers, and as are left.
func (a *asm) sparseColumns() {
	const sig = "func(y, x, v []float32, gaps []uint8, ld int)"
	a.begin("columns", "columns", sig, "for j := range y {",
		[]string{"s, c := 0, 0", "for e := range v {", "	c += gaps[e]", "	s = fma(v[e], x[c*ld+j], s)", "}", "y[j] = s"})
	k := a.newPass(sig)
	n, ld, gaps := a.GP64(), a.scaled("ld"), a.GP64()
	a.Load(a.Param("y").Len(), n)
	a.Load(a.Param("gaps").Base(), gaps)
	columns := func(vectors int) {
		acc := make([]vec, vectors)
		for i := range acc {
			acc[i] = a.vec()
			a.clear(acc[i])
		}
		next, summed := a.label("number"), a.label("summed")
		top, left, v, gap, step := a.GP64(), a.GP64(), a.GP64(), a.GP64(), a.GP64()
		a.MOVQ(k.base["x"], top)
		a.Load(a.Param("v").Len(), left)
		a.MOVQ(k.base["v"], v)
		a.MOVQ(gaps, gap)
		a.TESTQ(left, left)
		a.JZ(operand.LabelRef(summed))
		a.Label(next)
		a.MOVBQZX(operand.Mem{Base: gap}, step)
		a.IMULQ(ld, step)
		a.ADDQ(step, k.base["x"])
		w := a.vec()
		a.VBROADCASTSS(operand.Mem{Base: v}, w)
		for i := range acc {
			a.VFMADD231PS(k.load(k.place("x").Offset(i*a.bytes())), w, acc[i])
		}
		a.ADDQ(operand.U8(4), v)
		a.INCQ(gap)
		a.DECQ(left)
		a.JNZ(operand.LabelRef(next))
		a.Label(summed)
		for i := range acc {
			k.disp = i * a.bytes()
			k.out("y", acc[i])
		}
		k.disp = 0
		a.MOVQ(top, k.base["x"])
	}
	for _, vectors := range []int{8, 4, 2, 1} {
		a.eachVectors(k, n, vectors, columns)
	}
	k.rest(n, func() { columns(1) })
	a.VZEROUPPER()
	a.RET()
}

// sparseRows goes through four rows side by side as far as the shortest reaches, and then through what is left of each.
func (a *asm) sparseRows() {
	a.begin("fourRows", "fourRows", "func(y, x, v []float32, gaps []uint8, starts []int32)", "for i := range 4 {",
		[]string{"s, c := 0, 0", "for e := starts[i]; e < starts[i+1]; e++ {", "	c += gaps[e]", "	s = fma(v[e], x[c], s)", "}", "y[i] = s"})
	base := func(name string) gp {
		r := a.GP64()
		a.Load(a.Param(name).Base(), r)
		return r
	}
	x, v, gaps, left, step := base("x"), base("v"), base("gaps"), a.GP64(), a.GP64()
	var at, col [4]gp
	var sum [4]reg.VecVirtual
	starts := base("starts")
	for i := range 4 {
		at[i], col[i], sum[i] = a.GP64(), a.GP64(), a.XMM()
		a.MOVLQSX(operand.Mem{Base: starts, Disp: 4 * i}, at[i])
		a.XORQ(col[i], col[i])
		a.VXORPS(sum[i], sum[i], sum[i])
	}
	for i := range 4 { // how far the shortest reaches
		a.MOVLQSX(operand.Mem{Base: starts, Disp: 4 * (i + 1)}, step)
		a.SUBQ(at[i], step)
		if i == 0 {
			a.MOVQ(step, left)
			continue
		}
		a.CMPQ(step, left)
		a.CMOVQLT(step, left)
	}
	number := func(i int) {
		a.MOVBQZX(operand.Mem{Base: gaps, Index: at[i], Scale: 1}, step)
		a.ADDQ(step, col[i])
		w := a.XMM()
		a.VMOVSS(operand.Mem{Base: v, Index: at[i], Scale: 4}, w)
		a.VFMADD231SS(operand.Mem{Base: x, Index: col[i], Scale: 4}, w, sum[i])
		a.INCQ(at[i])
	}
	a.TESTQ(left, left)
	a.JZ(operand.LabelRef("rests"))
	a.Label("four")
	for i := range 4 {
		number(i)
	}
	a.DECQ(left)
	a.JNZ(operand.LabelRef("four"))
	a.Label("rests")
	end, y := a.GP64(), base("y")
	for i := range 4 {
		rest, done := fmt.Sprint("rest", i), fmt.Sprint("done", i)
		again := base("starts")
		a.MOVLQSX(operand.Mem{Base: again, Disp: 4 * (i + 1)}, end)
		a.CMPQ(at[i], end)
		a.JGE(operand.LabelRef(done))
		a.Label(rest)
		number(i)
		a.CMPQ(at[i], end)
		a.JLT(operand.LabelRef(rest))
		a.Label(done)
		a.VMOVSS(sum[i], operand.Mem{Base: y, Disp: 4 * i})
	}
	a.RET()
}
