package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// emitGemvColumns writes the product of a vector and a matrix whose rows are
// contiguous along the result: eight vectors of the result at a time stay in
// registers while the rows pass by.
func emitGemvColumns(a *asm) {
	const sig = "func(y, w, x []float32, ld int, load bool)"
	a.begin("gemvColumns", "gemvColumns", sig, "for j := range y {",
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
		a.Label(fresh)
		top, left, x := a.GP64(), a.GP64(), a.GP64()
		a.MOVQ(k.base["w"], top)
		a.Load(a.Param("x").Len(), left)
		a.MOVQ(k.base["x"], x)
		a.Label(next)
		v := a.vec()
		a.VBROADCASTSS(operand.Mem{Base: x}, v)
		for i := range acc {
			k.disp = i * a.bytes()
			a.VFMADD231PS(k.in("w"), v, acc[i])
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
	done := a.label("done")
	a.TESTQ(n, n)
	a.JZ(operand.LabelRef(done))
	k.maskRest(n)
	columns(1)
	a.Label(done)
	a.VZEROUPPER()
	a.RET()
}

// gemvRows writes the product of a matrix, whose rows are contiguous along the
// sum, and a vector: blocks of 8×8 are transposed in registers, so that eight
// sums go side by side, each still a chain over ascending k. Four groups of
// eight rows hide the latency of the chains; a single one may have less rows.
func (a *asm) gemvRows(groups int) {
	rows := fmt.Sprint(8 * groups)
	if groups == 1 {
		rows = "rows"
	}
	a.Function("gemvRows" + fmt.Sprint(8*groups) + "AVX2")
	a.Doc("For 1 ≤ rows ≤ "+fmt.Sprint(8*groups)+", k ≥ 1:", "",
		"	for j := range "+rows+" {",
		"		s := load ? y[j] : 0",
		"		for l := range k {",
		"			s = fma(w[j*ld+l], x[l], s)",
		"		}",
		"		y[j] = s",
		"	}")
	a.Pragma("noescape")
	a.SignatureExpr("func(y, w, x *float32, rows, k, ld int, load bool)")
	g := gemvEmitter{asm: a, acc: make([]vec, groups)}
	g.addressLines()
	g.start()
	x, k := a.param("x"), a.param("k")
	// Sixteen steps use up a cache line before the rows that may evict it.
	g.steps(16, x, k, "line", "eight")
	g.steps(8, x, k, "eight", "rest")
	a.Label("rest")
	a.TESTQ(k, k)
	a.JZ(operand.LabelRef("done"))
	for i := range g.acc {
		g.rest(i, x, k)
	}
	a.Label("done")
	g.finish()
	a.VZEROUPPER()
	a.RET()
}

// steps goes n steps at a time while there are as many.
func (g *gemvEmitter) steps(n int, x, k gp, name, done string) {
	g.Label(name)
	g.CMPQ(k, operand.U8(n))
	g.JB(operand.LabelRef(done))
	for i := range g.acc {
		for h := 0; h < n; h += 4 {
			for j, v := range g.columns(i, h, nil) {
				g.step(operand.Mem{Base: x, Disp: 4 * (h + j)}, v, i)
			}
		}
	}
	g.ADDQ(operand.U8(4*n), x)
	for _, p := range g.moves {
		g.ADDQ(operand.U8(4*n), p)
	}
	g.SUBQ(operand.U8(n), k)
	g.JMP(operand.LabelRef(name))
}

type gemvEmitter struct {
	*asm
	acc   []vec
	lines []operand.Mem // eight for every group
	moves []gp          // the registers in them that go along with k
}

// addressLines finds the rows: those of several groups at fixed distances, those
// of a single one by pointers that stay within the given number of rows.
func (g *gemvEmitter) addressLines() {
	w, ld := g.param("w"), g.scaled("ld")
	if len(g.acc) > 1 {
		ld3, ld5, ld7 := g.tripled(ld), g.fourth(ld, ld), g.GP64()
		g.LEAQ(operand.Mem{Base: ld3, Index: ld, Scale: 4}, ld7)
		for range g.acc {
			p := g.GP64()
			g.MOVQ(w, p)
			at := func(index gp, scale uint8) operand.Mem { return operand.Mem{Base: p, Index: index, Scale: scale} }
			g.lines = append(g.lines, operand.Mem{Base: p}, at(ld, 1), at(ld, 2), at(ld3, 1),
				at(ld, 4), at(ld5, 1), at(ld3, 2), at(ld7, 1))
			g.moves = append(g.moves, p)
			g.LEAQ(operand.Mem{Base: w, Index: ld, Scale: 8}, w)
		}
		return
	}
	rows := g.param("rows")
	for i := range 8 {
		p := g.GP64()
		g.MOVQ(w, p)
		g.lines = append(g.lines, operand.Mem{Base: p})
		g.moves = append(g.moves, p)
		if i < 7 {
			next := g.label("row")
			g.CMPQ(rows, operand.U8(i+1))
			g.JBE(operand.LabelRef(next))
			g.ADDQ(ld, w)
			g.Label(next)
		}
	}
}

// place is where a group of results goes, and the mask for it (none for several
// groups, which are whole).
func (g *gemvEmitter) place(i int) (operand.Mem, vec) {
	m := operand.Mem{Base: g.param("y"), Disp: 32 * i}
	if len(g.acc) > 1 {
		return m, nil
	}
	k := g.YMM()
	g.VMOVDQU(g.tableMask(g.param("rows")), k)
	return m, k
}

func (g *gemvEmitter) start() {
	for i := range g.acc {
		g.acc[i] = g.vec()
		g.clear(g.acc[i])
	}
	load := g.GP8()
	g.Load(g.Param("load"), load)
	g.TESTB(load, load)
	g.JZ(operand.LabelRef("fresh"))
	for i, v := range g.acc {
		if m, k := g.place(i); k != nil {
			g.VMASKMOVPS(m, k, v)
		} else {
			g.VMOVUPS(m, v)
		}
	}
	g.Label("fresh")
}

func (g *gemvEmitter) finish() {
	for i, v := range g.acc {
		if m, k := g.place(i); k != nil {
			g.VMASKMOVPS(v, k, m)
		} else {
			g.VMOVUPS(v, m)
		}
	}
}

// columns are the elements h to h+3 of the eight lines of a group, transposed.
// Lanes that a mask has off are not read.
func (g *gemvEmitter) columns(group, h int, mask operand.Op) []vec {
	r, s := make([]vec, 4), make([]vec, 4)
	for i := range r {
		r[i] = g.YMM()
		lo, hi := g.lines[8*group+i].Offset(4*h), g.lines[8*group+i+4].Offset(4*h)
		if mask == nil {
			g.VBROADCASTF128(lo, r[i])
			g.VINSERTF128(operand.U8(1), hi, r[i], r[i])
			continue
		}
		m, x := g.YMM(), g.YMM()
		g.VMOVDQU(mask, m)
		g.VMASKMOVPS(lo, m, r[i])
		g.VMASKMOVPS(hi, m, x)
		g.VINSERTF128(operand.U8(1), x.AsX(), r[i], r[i])
	}
	g.transpose4x4(r, s)
	return s
}

func (g *gemvEmitter) step(x operand.Mem, column vec, group int) {
	v := g.vec()
	g.VBROADCASTSS(x, v)
	g.VFMADD231PS(v, column, g.acc[group])
}

// rest takes the last k steps, 1 to 7, of a group.
func (g *gemvEmitter) rest(group int, x, k gp) {
	done := g.label("rest")
	n := g.GP64()
	g.MOVQ(k, n)
	for h := 0; h < 8; h += 4 {
		for j, v := range g.columns(group, h, g.tableMask(n)) {
			g.step(operand.Mem{Base: x, Disp: 4 * (h + j)}, v, group)
			if h+j < 7 {
				g.DECQ(n)
				g.JZ(operand.LabelRef(done))
			}
		}
	}
	g.Label(done)
}
