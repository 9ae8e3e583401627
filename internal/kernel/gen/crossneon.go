package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// emitCrossNEON writes the tiles for a B that lies across, [N,K]: blocks of four k by four
// columns are transposed in registers. A low tile has several groups of columns, since
// its few chains alone would wait for one another.
func emitCrossNEON(a *asm) {
	for _, m := range heightsNEON {
		a.crossNEON(m, 1)
	}
	a.crossNEON(1, 4)
	a.crossNEON(2, 2)
	a.writeZeros()
}

func (a *asm) crossNEON(m, groups int) {
	t := &tileNEON{asm: a, m: m, nv: groups}
	a.Function(fmt.Sprintf("cross%dx%d%s", m, groups, a.suffix()))
	a.Doc(fmt.Sprintf("For %d rows i and %d columns j, and k ≥ 1:", m, 4*groups), "",
		"	s := load ? c[i*ldc+j] : 0",
		"	for l := range k {",
		"		s = fma(a[i*ars+l], b[j*ldb+l], s)",
		"	}",
		"	c[i*ldc+j] = s")
	a.Pragma("noescape")
	a.SignatureExpr("func(c, a, b *float32, ldc, ars, ldb, k int, load bool)")
	t.acc = make([][]vec, m)
	for i := range t.acc {
		for range groups {
			t.acc[i] = append(t.acc[i], t.vec())
		}
	}
	t.begins()
	t.sumAcross()
	t.eachOfC(a.param("c"), a.scaled("ldc"), func(m operand.Mem, v vec) { a.VMOVUPS(v, m) })
	a.RET()
}

func (t *tileNEON) sumAcross() {
	pa, pb := t.param("a"), t.param("b")
	t.ars, t.ldb = t.scaled("ars"), t.scaled("ldb")
	k := t.param("k")
	t.bases = []gp{pa}
	for len(t.bases)*2 < t.m {
		p := t.GP64()
		t.LEAQ(operand.Mem{Base: t.bases[len(t.bases)-1], Index: t.ars, Scale: 2}, p)
		t.bases = append(t.bases, p)
	}
	lines := []gp{pb} // every other row of B
	for len(lines) < 2*t.nv {
		p := t.GP64()
		t.LEAQ(operand.Mem{Base: lines[len(lines)-1], Index: t.ldb, Scale: 2}, p)
		lines = append(lines, p)
	}
	forward := func(bytes int) {
		for _, p := range append(lines[:len(lines):len(lines)], t.bases...) {
			t.ADDQ(operand.U8(bytes), p)
		}
	}
	line := func(i int) operand.Mem {
		if i%2 == 1 {
			return operand.Mem{Base: lines[i/2], Index: t.ldb, Scale: 1}
		}
		return operand.Mem{Base: lines[i/2]}
	}
	t.SUBQ(operand.U8(4), k)
	t.JL(operand.LabelRef("few"))
	t.Label("four")
	x := make([]vec, t.m)
	for i := range x {
		x[i] = t.vec()
		t.VMOVUPS(t.rowOfA(i), x[i])
	}
	for g := range t.nv {
		var r [4]vec
		for i := range r {
			r[i] = t.vec()
			t.VMOVUPS(line(4*g+i), r[i])
		}
		for l, column := range t.transposed(r) {
			for i, acc := range t.acc {
				t.multiply(acc[g:], []vec{column}, x[i], l)
			}
		}
	}
	forward(16)
	t.SUBQ(operand.U8(4), k)
	t.JGE(operand.LabelRef("four"))
	t.Label("few")
	t.ADDQ(operand.U8(4), k)
	t.JZ(operand.LabelRef("summed"))
	t.Label("next")
	for i := range x {
		x[i] = t.vec()
		t.VMOVSS(t.rowOfA(i), x[i].AsX())
	}
	for g := range t.nv {
		column := t.vec()
		t.VMOVSS(line(4*g), column.AsX())
		for i := 1; i < 4; i++ {
			v := t.vec()
			t.VMOVSS(line(4*g+i), v.AsX())
			t.Instruction(native(fmt.Sprint("ins", i), column, v))
		}
		for i, acc := range t.acc {
			t.multiply(acc[g:], []vec{column}, x[i], 0)
		}
	}
	forward(4)
	t.DECQ(k)
	t.JNZ(operand.LabelRef("next"))
	t.Label("summed")
}

// transposed is four vectors of four elements, transposed.
func (a *asm) transposed(r [4]vec) [4]vec {
	p, q := a.native("trn1", r[0], r[1]), a.native("trn2", r[0], r[1])
	s, t := a.native("trn1", r[2], r[3]), a.native("trn2", r[2], r[3])
	return [4]vec{a.native("trn1d", p, s), a.native("trn1d", q, t), a.native("trn2d", p, s), a.native("trn2d", q, t)}
}

func (a *asm) transposeNEON() {
	a.Function("transpose4NEON")
	a.Doc("For blocks of four, n ≥ 1 of them:", "",
		"	for j := range 4 * n {",
		"		for i := range 4 {",
		"			dst[j*ldd+i] = x[i*ldx+j]",
		"		}",
		"	}")
	a.Pragma("noescape")
	a.SignatureExpr("func(dst, x *float32, n, ldd, ldx int)")
	d, x, n, ldd, ldx := a.param("dst"), a.param("x"), a.param("n"), a.scaled("ldd"), a.scaled("ldx")
	x2 := a.GP64()
	a.LEAQ(operand.Mem{Base: x, Index: ldx, Scale: 2}, x2)
	a.Label("next")
	var r [4]vec
	for i, p := range []gp{x, x, x2, x2} {
		m := operand.Mem{Base: p}
		if i%2 == 1 {
			m = operand.Mem{Base: p, Index: ldx, Scale: 1}
		}
		r[i] = a.vec()
		a.VMOVUPS(m, r[i])
	}
	for _, v := range a.transposed(r) {
		a.VMOVUPS(v, operand.Mem{Base: d})
		a.ADDQ(ldd, d)
	}
	a.ADDQ(operand.U8(16), x)
	a.ADDQ(operand.U8(16), x2)
	a.DECQ(n)
	a.JNZ(operand.LabelRef("next"))
	a.RET()
}
