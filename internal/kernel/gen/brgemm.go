package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// emitBrgemm writes the register tiles of convolutions. They are like those of
// the matrix product, but the steps over k fall into segments that begin anywhere,
// and one call computes several tiles at equal distances. Those that meet rows
// (depthwise) multiply element by element instead of by one element of A, which is
// what convolutions need that keep channels apart.
func emitBrgemm(a *asm) {
	if a.neon {
		emitTilesNEON(a)
		return
	}
	rows := 6
	if a.wide {
		rows = 12
	}
	for m := 1; m <= rows; m++ {
		if a.wide {
			a.brgemm(tileEmitter{m: m, nv: 1, masked: true, half: true}, false)
		}
		a.brgemm(tileEmitter{m: m, nv: 1, masked: true}, false)
		a.brgemm(tileEmitter{m: m, nv: 2, masked: true}, false)
		a.brgemm(tileEmitter{m: m, nv: 2}, false)
		if m <= 6 {
			a.brgemm(tileEmitter{m: m, nv: 1, masked: true}, true)
			a.brgemm(tileEmitter{m: m, nv: 2}, true)
		}
	}
}

// brgemmEmitter writes one: m rows by nv vectors of columns.
type brgemmEmitter struct {
	tileEmitter
	depthwise bool // A has a column for each of C
}

func (a *asm) brgemm(t tileEmitter, depthwise bool) {
	t.asm = a
	s := &brgemmEmitter{t, depthwise}
	name, element := "brgemm", "a[off+i*ars+l*aks]"
	if depthwise {
		name, element = "depthwise", "a[off+i*ars+l*aks+j]"
	}
	kind := ""
	if t.half {
		kind = "Half"
	}
	if !t.masked {
		kind = "Full"
	}
	a.Function(fmt.Sprintf("%s%dx%d%s%s", name, t.m, t.nv, kind, a.suffix()))
	a.Doc(append([]string{
		fmt.Sprintf("For %d rows i and n columns j, %d < n ≤ %d, reps ≥ 1 times, each time astep elements further on", t.m, (t.nv-1)*t.lanes(), t.nv*t.lanes()),
		"in a, bstep in b and cstep in c, residual and gate:", "",
		"	s, p := load ? c[i*ldc+j] : 0, b",
		"	for _, off := range segs {",
		"		for l := range length {",
		"			s = fma(" + element + ", p[j], s)",
		"			p = p[ldb:]",
		"		}",
		"	}"}, epilogueDoc...)...)
	a.Pragma("noescape")
	a.SignatureExpr("func(c, a, b *float32, segs *int, nseg, length, ars, aks, ldb, ldc, n, reps, astep, bstep, cstep int, load bool, " + epilogue + ")")
	s.emit()
}

func (s *brgemmEmitter) emit() {
	if s.masked {
		s.makeMask()
	}
	s.acc = make([][]vec, s.m)
	for i := range s.acc {
		s.acc[i] = make([]vec, s.nv)
		for j := range s.acc[i] {
			s.acc[i][j] = s.vec()
		}
	}
	ars, aks, ldb := s.scaled("ars"), s.scaled("aks"), s.scaled("ldb")
	s.Label("tile")
	load := s.GP8()
	s.Load(s.Param("load"), load)
	s.TESTB(load, load)
	s.JZ(operand.LabelRef("fresh"))
	s.eachOf("c", func(c operand.Mem, v vec, last bool) { s.read(c, v, last) })
	s.JMP(operand.LabelRef("start"))
	s.Label("fresh")
	for _, r := range s.acc {
		for _, v := range r {
			s.clear(v)
		}
	}
	s.Label("start")
	s.sum(ars, aks, ldb)
	s.end()
	s.eachOf("c", func(c operand.Mem, v vec, last bool) {
		if last && s.masked {
			s.storeMasked(v, c)
		} else {
			s.VMOVUPS(v, c)
		}
	})
	s.advance("a", "astep")
	s.advance("b", "bstep")
	s.advance("c", "cstep")
	for _, p := range []string{"residual", "gate"} {
		r := s.param(p)
		s.TESTQ(r, r)
		s.JZ(operand.LabelRef("without_" + p))
		s.advance(p, "cstep")
		s.Label("without_" + p)
	}
	reps := s.param("reps")
	s.DECQ(reps)
	s.Store(reps, s.Param("reps"))
	s.JNZ(operand.LabelRef("tile"))
	s.VZEROUPPER()
	s.RET()
}

// advance moves a pointer on, in the argument itself.
func (s *brgemmEmitter) advance(pointer, step string) {
	p := s.param(pointer)
	s.ADDQ(s.scaled(step), p)
	s.Store(p, s.Param(pointer))
}

// sum goes through the segments. Rows are addressed from one base for every three.
func (s *brgemmEmitter) sum(ars, aks, ldb gp) {
	pb, segs, left := s.param("b"), s.param("segs"), s.param("nseg")
	s.TESTQ(left, left)
	s.JZ(operand.LabelRef("summed"))
	s.Label("segment")
	pa, off := s.param("a"), s.GP64()
	s.MOVQ(operand.Mem{Base: segs}, off)
	s.LEAQ(operand.Mem{Base: pa, Index: off, Scale: 4}, pa)
	bases := s.bases(pa, ars)
	k := s.param("length")
	if !s.masked && !s.depthwise {
		s.rows(bases, pb, ars, aks, ldb, k)
	}
	b := make([]vec, s.nv)
	for j := range b {
		b[j] = s.vec()
	}
	s.Label("next")
	for j, v := range b {
		s.read(operand.Mem{Base: pb, Disp: j * s.bytes()}, v, j == s.nv-1)
	}
	for i, r := range s.acc {
		s.multiply(rowOf(bases, ars, i, 0), b, r)
	}
	s.ADDQ(ldb, pb)
	for _, p := range bases {
		s.ADDQ(aks, p)
	}
	s.DECQ(k)
	s.JNZ(operand.LabelRef("next"))
	s.Label("done")
	s.ADDQ(operand.U8(8), segs)
	s.DECQ(left)
	s.JNZ(operand.LabelRef("segment"))
	s.Label("summed")
}

// multiply adds the products of what A has at m and b to a row of sums.
func (s *brgemmEmitter) multiply(m operand.Mem, b, sums []vec) {
	switch {
	case s.depthwise:
		for j := range b {
			m := m.Offset(j * s.bytes())
			if !s.masked || j < s.nv-1 {
				s.VFMADD231PS(m, b[j], sums[j])
				continue
			}
			v := s.vec()
			s.read(m, v, true)
			s.VFMADD231PS(v, b[j], sums[j])
		}
	case s.nv == 1 && s.wide:
		s.VFMADD231PS_BCST(m, b[0], sums[0])
	default:
		v := s.vec()
		s.VBROADCASTSS(m, v)
		for j := range b {
			s.VFMADD231PS(v, b[j], sums[j])
		}
	}
}
