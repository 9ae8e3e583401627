package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitTiles writes the register tiles of the matrix product: every height up to
// the largest, one and two vectors wide. The accumulators of the largest fill
// the registers: 6·2 of 16 ymm, 12·2 of 32 zmm.
func emitTiles(a *asm) {
	rows := 6
	if a.wide {
		rows = 12
	}
	for nv := 1; nv <= 2; nv++ {
		for m := 1; m <= rows; m++ {
			a.tile(m, nv, true)
		}
	}
	a.tile(rows, 2, false)
}

// tile writes one: m rows by nv vectors of columns, the last of them masked to
// n columns in all or full.
func (a *asm) tile(m, nv int, masked bool) {
	kind := ""
	if !masked {
		kind = "Full"
	}
	a.Function(fmt.Sprintf("tile%dx%d%s%s", m, nv, kind, a.suffix()))
	a.Doc(
		fmt.Sprintf("For %d rows i and n columns j, %d < n ≤ %d:", m, (nv-1)*a.lanes(), nv*a.lanes()), "",
		"	s := load ? c[i*ldc+j] : 0",
		"	for l := range k {",
		"		s = fma(a[i*ars+l*aks], b[l*ldb+j], s)",
		"	}",
		"	c[i*ldc+j] = s")
	a.Pragma("noescape")
	a.SignatureExpr("func(c, a, b *float32, ldc, ars, aks, ldb, n, k int, load bool)")
	t := tileEmitter{asm: a, m: m, nv: nv, masked: masked}
	t.emit()
}

type tileEmitter struct {
	*asm
	m, nv  int
	masked bool
	acc    [][]vec
	kmask  reg.OpmaskVirtual // AVX-512
	mask   operand.Mem       // AVX2, 8 × 32 bits
}

func (t *tileEmitter) emit() {
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
	t.eachC(func(c operand.Mem, v vec, last bool) {
		if last && t.masked {
			t.loadMasked(c, v)
		} else {
			t.VMOVUPS(c, v)
		}
	})
	t.JMP(operand.LabelRef("start"))
	t.Label("fresh")
	for _, r := range t.acc {
		for _, v := range r {
			t.clear(v)
		}
	}
	t.Label("start")
	t.loop()
	t.eachC(func(c operand.Mem, v vec, last bool) {
		if last && t.masked {
			t.storeMasked(v, c)
		} else {
			t.VMOVUPS(v, c)
		}
	})
	t.VZEROUPPER()
	t.RET()
}

// loop is the sum over k. Rows are addressed from one base for every three of
// them, which are 0, 1 and 2 row distances away.
func (t *tileEmitter) loop() {
	pa, pb := t.param("a"), t.param("b")
	ars, aks, ldb, k := t.scaled("ars"), t.scaled("aks"), t.scaled("ldb"), t.param("k")
	bases := []reg.GPVirtual{pa}
	for len(bases)*3 < t.m {
		p := t.GP64()
		t.LEAQ(operand.Mem{Base: bases[len(bases)-1], Index: ars, Scale: 2}, p)
		t.ADDQ(ars, p)
		bases = append(bases, p)
	}
	b := make([]vec, t.nv)
	for j := range b {
		b[j] = t.vec()
	}
	t.Label("next")
	for j, v := range b {
		m := operand.Mem{Base: pb, Disp: j * t.bytes()}
		if t.masked && j == t.nv-1 {
			t.loadMasked(m, v)
		} else {
			t.VMOVUPS(m, v)
		}
	}
	for i, r := range t.acc {
		m := operand.Mem{Base: bases[i/3]}
		if i%3 > 0 {
			m.Index, m.Scale = ars, uint8(i%3)
		}
		if t.nv == 1 && t.wide {
			t.VFMADD231PS_BCST(m, b[0], r[0])
			continue
		}
		v := t.vec()
		t.VBROADCASTSS(m, v)
		for j := range b {
			t.VFMADD231PS(v, b[j], r[j])
		}
	}
	t.ADDQ(ldb, pb)
	for _, p := range bases {
		t.ADDQ(aks, p)
	}
	t.DECQ(k)
	t.JNZ(operand.LabelRef("next"))
}

// eachC visits the accumulators with their places in C.
func (t *tileEmitter) eachC(f func(c operand.Mem, v vec, last bool)) {
	p := t.param("c")
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

func (t *tileEmitter) loadMasked(m operand.Mem, v vec) {
	if t.wide {
		t.VMOVUPS_Z(m, t.kmask, v)
		return
	}
	k := t.YMM()
	t.VMOVDQU(t.mask, k)
	t.VMASKMOVPS(m, k, v)
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
