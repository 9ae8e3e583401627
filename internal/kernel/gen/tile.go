package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitTiles writes the register tiles of the matrix product: every height up to
// the largest, one and two vectors wide. The accumulators of the largest fill
// the registers: 6·2 of 16 ymm, 12·2 of 32 zmm. AVX-512 also has tiles of one ymm,
// which take half the time where a zmm needs two passes through the units.
func emitTiles(a *asm) {
	if a.neon { // one tile serves for both products and convolutions
		return
	}
	rows := 6
	if a.wide {
		rows = 12
		for m := 1; m <= rows; m++ {
			a.tile(tileEmitter{m: m, nv: 1, masked: true, half: true})
		}
	}
	for nv := 1; nv <= 2; nv++ {
		for m := 1; m <= rows; m++ {
			a.tile(tileEmitter{m: m, nv: nv, masked: true})
		}
	}
	a.tile(tileEmitter{m: rows, nv: 2})
}

// epilogue is what the results of a tile may go through before they are stored;
// its Go signature and its documentation.
const epilogue = "bias, residual, gate *float32, relu bool"

var epilogueDoc = []string{
	"	if bias != nil { s += bias[j] }",
	"	if residual != nil { s += residual[i*ldc+j] }",
	"	if relu { s = scalar.Relu(s) }",
	"	if gate != nil && !(gate[i*ldc+j] > 0) { s = 0 }",
	"	c[i*ldc+j] = s",
}

// tile writes one: m rows by nv vectors of columns, the last of them masked to
// n columns in all or full.
func (a *asm) tile(t tileEmitter) {
	t.asm = a
	kind := ""
	if t.half {
		kind = "Half"
	}
	if !t.masked {
		kind = "Full"
	}
	a.Function(fmt.Sprintf("tile%dx%d%s%s", t.m, t.nv, kind, a.suffix()))
	a.Doc(append([]string{
		fmt.Sprintf("For %d rows i and n columns j, %d < n ≤ %d:", t.m, (t.nv-1)*t.lanes(), t.nv*t.lanes()), "",
		"	s := load ? c[i*ldc+j] : 0",
		"	for l := range k {",
		"		s = fma(a[i*ars+l*aks], b[l*ldb+j], s)",
		"	}"}, epilogueDoc...)...)
	a.Pragma("noescape")
	a.SignatureExpr("func(c, a, b *float32, ldc, ars, aks, ldb, n, k int, load bool, " + epilogue + ")")
	t.emit(t.loop)
}

type tileEmitter struct {
	*asm
	m, nv  int
	masked bool // the last vector of columns
	half   bool // ymm in AVX-512
	acc    [][]vec
	kmask  reg.OpmaskVirtual // AVX-512
	mask   operand.Mem       // AVX2, 8 × 32 bits
}

func (t *tileEmitter) lanes() int {
	if t.half {
		return 8
	}
	return t.asm.lanes()
}

func (t *tileEmitter) bytes() int { return 4 * t.lanes() }

func (t *tileEmitter) vec() vec {
	if t.half {
		return t.YMM()
	}
	return t.asm.vec()
}

// emit writes the body of a tile around the loop over k.
func (t *tileEmitter) emit(loop func()) {
	if t.masked {
		t.makeMask()
	}
	t.acc = make([][]vec, t.m)
	for i := range t.acc {
		t.acc[i] = make([]vec, t.nv)
		for j := range t.acc[i] {
			t.acc[i][j] = t.vec()
		}
	}
	load := t.GP8()
	t.Load(t.Param("load"), load)
	t.TESTB(load, load)
	t.JZ(operand.LabelRef("fresh"))
	t.eachOf("c", func(c operand.Mem, v vec, last bool) { t.read(c, v, last) })
	t.JMP(operand.LabelRef("start"))
	t.Label("fresh")
	for _, r := range t.acc {
		for _, v := range r {
			t.clear(v)
		}
	}
	t.Label("start")
	loop()
	t.end()
	t.eachOf("c", func(c operand.Mem, v vec, last bool) {
		if last && t.masked {
			t.storeMasked(v, c)
		} else {
			t.VMOVUPS(v, c)
		}
	})
	t.VZEROUPPER()
	t.RET()
}

// unroll is how many k of packed operands an iteration takes. Counting, one by one, would take the place of multiplications:
// they go through the same ports.
const unroll = 4

// panelB and panelA are the width and the height of packed panels, those of the largest tile.
func (t *tileEmitter) panelB() int { return 2 * t.asm.lanes() }

func (t *tileEmitter) panelA() int {
	if t.wide {
		return 12
	}
	return 6
}

// loop is the sum over k. Rows are addressed from one base for every three of
// them, which are 0, 1 and 2 row distances away.
func (t *tileEmitter) loop() {
	pa, pb := t.param("a"), t.param("b")
	ars, aks, ldb, k := t.scaled("ars"), t.scaled("aks"), t.scaled("ldb"), t.param("k")
	if !t.masked {
		t.packed(pa, pb, ars, aks, ldb, k)
	}
	bases := t.bases(pa, ars)
	if !t.masked {
		t.rows(bases, pb, ars, aks, ldb, k)
	}
	t.Label("next")
	t.step(pb, 0, func(i int) operand.Mem { return rowOf(bases, ars, i, 0) })
	t.ADDQ(ldb, pb)
	for _, p := range bases {
		t.ADDQ(aks, p)
	}
	t.DECQ(k)
	t.JNZ(operand.LabelRef("next"))
	t.Label("done")
}

// packed takes a panel of A and one of B, or goes on behind it.
func (t *tileEmitter) packed(pa, pb, ars, aks, ldb, k gp) {
	t.CMPQ(ldb, operand.U32(4*t.panelB()))
	t.JNE(operand.LabelRef("apart"))
	t.CMPQ(ars, operand.U8(4))
	t.JNE(operand.LabelRef("apart"))
	t.CMPQ(aks, operand.U8(4*t.panelA()))
	t.JNE(operand.LabelRef("apart"))
	element := func(l int) func(i int) operand.Mem {
		return func(i int) operand.Mem { return operand.Mem{Base: pa, Disp: 4 * (l*t.panelA() + i)} }
	}
	t.unrolled("packed", k, func(l int) { t.step(pb, l, element(l)) }, func(n int) {
		t.ADDQ(operand.U32(n*4*t.panelB()), pb)
		t.ADDQ(operand.U32(n*4*t.panelA()), pa)
	})
	t.JMP(operand.LabelRef("done"))
	t.Label("apart")
}

// rows takes rows of A without gaps and a panel of B, or leaves them to the label "next".
func (t *tileEmitter) rows(bases []reg.GPVirtual, pb, ars, aks, ldb, k gp) {
	t.CMPQ(ldb, operand.U32(4*t.panelB()))
	t.JNE(operand.LabelRef("next"))
	t.CMPQ(aks, operand.U8(4))
	t.JNE(operand.LabelRef("next"))
	t.unrolled("rows", k, func(l int) {
		t.step(pb, l, func(i int) operand.Mem { return rowOf(bases, ars, i, l) })
	}, func(n int) {
		t.ADDQ(operand.U32(n*4*t.panelB()), pb)
		for _, p := range bases {
			t.ADDQ(operand.U8(n*4), p)
		}
	})
	t.JMP(operand.LabelRef("done"))
}

// unrolled takes most k several at a time, and the rest one by one.
func (t *tileEmitter) unrolled(name string, k gp, step, advance func(l int)) {
	t.SUBQ(operand.U8(unroll), k)
	t.JL(operand.LabelRef(name + "_rest"))
	t.Label(name + "_next")
	for l := range unroll {
		step(l)
	}
	advance(unroll)
	t.SUBQ(operand.U8(unroll), k)
	t.JGE(operand.LabelRef(name + "_next"))
	t.Label(name + "_rest")
	t.ADDQ(operand.U8(unroll), k)
	t.JZ(operand.LabelRef("done"))
	t.Label(name + "_last")
	step(0)
	advance(1)
	t.DECQ(k)
	t.JNZ(operand.LabelRef(name + "_last"))
}

// bases are the addresses of every third row.
func (t *tileEmitter) bases(pa, ars gp) []reg.GPVirtual {
	bases := []reg.GPVirtual{pa}
	for len(bases)*3 < t.m {
		p := t.GP64()
		t.LEAQ(operand.Mem{Base: bases[len(bases)-1], Index: ars, Scale: 2}, p)
		t.ADDQ(ars, p)
		bases = append(bases, p)
	}
	return bases
}

// rowOf is the element of row i, l elements on.
func rowOf(bases []reg.GPVirtual, ars gp, i, l int) operand.Mem {
	m := operand.Mem{Base: bases[i/3], Disp: 4 * l}
	if i%3 > 0 {
		m.Index, m.Scale = ars, uint8(i%3)
	}
	return m
}

// step adds the products of one k: row l of B, as far as it is from pb on, and the elements of A.
func (t *tileEmitter) step(pb gp, l int, element func(i int) operand.Mem) {
	b := make([]vec, t.nv)
	for j := range b {
		b[j] = t.vec()
		t.read(operand.Mem{Base: pb, Disp: l*4*t.panelB() + j*t.bytes()}, b[j], j == t.nv-1)
	}
	for i, r := range t.acc {
		if t.nv == 1 && t.wide {
			t.VFMADD231PS_BCST(element(i), b[0], r[0])
			continue
		}
		v := t.vec()
		t.VBROADCASTSS(element(i), v)
		for j := range b {
			t.VFMADD231PS(v, b[j], r[j])
		}
	}
}

// end takes the sums through the epilogue.
func (t *tileEmitter) end() {
	t.ifNotNil("bias", func(p gp) {
		for j := range t.nv {
			v := t.vec()
			t.read(operand.Mem{Base: p, Disp: j * t.bytes()}, v, j == t.nv-1)
			for _, r := range t.acc {
				t.VADDPS(v, r[j], r[j])
			}
		}
	})
	t.ifNotNil("residual", func(gp) {
		t.eachOf("residual", func(m operand.Mem, acc vec, last bool) {
			v := t.vec()
			t.read(m, v, last)
			t.VADDPS(v, acc, acc)
		})
	})
	relu, zero := t.GP8(), t.vec()
	t.clear(zero)
	t.Load(t.Param("relu"), relu)
	t.TESTB(relu, relu)
	t.JZ(operand.LabelRef("linear"))
	for _, r := range t.acc {
		for _, v := range r {
			t.VMAXPS(v, zero, v)
		}
	}
	t.Label("linear")
	t.ifNotNil("gate", func(gp) {
		t.eachOf("gate", func(m operand.Mem, acc vec, last bool) {
			v := t.vec()
			t.read(m, v, last)
			if t.wide {
				k := t.K()
				t.VCMPPS(operand.U8(isGreater), zero, v, k)
				t.VMOVAPS_Z(acc, k, acc)
				return
			}
			t.VCMPPS(operand.U8(isGreater), zero, v, v)
			t.VANDPS(v, acc, acc)
		})
	})
}

// ifNotNil does something with a pointer unless it is nil.
func (t *tileEmitter) ifNotNil(name string, f func(p gp)) {
	p := t.param(name)
	t.TESTQ(p, p)
	t.JZ(operand.LabelRef("no_" + name))
	f(p)
	t.Label("no_" + name)
}

// eachOf visits the accumulators with their places in a matrix of C's shape.
func (t *tileEmitter) eachOf(name string, f func(m operand.Mem, v vec, last bool)) {
	p := t.param(name)
	ldc := t.scaled("ldc")
	for i, r := range t.acc {
		for j, v := range r {
			f(operand.Mem{Base: p, Disp: j * t.bytes()}, v, j == t.nv-1)
		}
		if i < t.m-1 {
			t.ADDQ(ldc, p)
		}
	}
}

// makeMask keeps the columns of the last vector: n minus those of the others.
func (t *tileEmitter) makeMask() {
	n := t.param("n")
	if t.nv > 1 {
		t.SUBQ(operand.U8((t.nv-1)*t.lanes()), n)
	}
	if t.wide {
		t.kmask = t.opmask(n)
		return
	}
	t.mask = t.tableMask(n)
}

// clear makes v zero.
func (t *tileEmitter) clear(v vec) {
	if t.half {
		t.VPXORD(v, v, v)
	} else {
		t.asm.clear(v)
	}
}

// read loads a vector of a row, the last one masked.
func (t *tileEmitter) read(m operand.Mem, v vec, last bool) {
	switch {
	case !last || !t.masked:
		t.VMOVUPS(m, v)
	case t.wide:
		t.VMOVUPS_Z(m, t.kmask, v)
	default:
		k := t.YMM()
		t.VMOVDQU(t.mask, k)
		t.VMASKMOVPS(m, k, v)
	}
}

func (t *tileEmitter) storeMasked(v vec, m operand.Mem) {
	if t.wide {
		t.VMOVUPS(v, t.kmask, m)
		return
	}
	k := t.YMM()
	t.VMOVDQU(t.mask, k)
	t.VMASKMOVPS(v, k, m)
}
