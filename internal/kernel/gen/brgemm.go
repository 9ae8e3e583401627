package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitBrgemm writes the register tiles of products and convolutions: for every height up to the largest, one and two vectors
// wide. The accumulators of the largest fill the registers: 6·2 of 16 ymm, 12·2 of 32 zmm. The steps over k fall into segments
// that begin anywhere in A, and one call computes several tiles at equal distances. The last vector of columns is masked; with
// AVX2, full tiles are routines of their own. AVX-512 also has tiles of one ymm, which take
// half the time where a zmm needs two passes through the units.
//
// Those that meet rows (depthwise) multiply element by element instead of by one element of A, which is what convolutions need
// that keep channels apart.
//
// Kinds are in the order of package gemm: by width, then by height, and in the end the depthwise ones.
func emitBrgemm(a *asm) {
	if a.neon {
		emitTilesNEON(a)
		return
	}
	rows, widths := 6, []tileEmitter{{nv: 1, masked: true}, {nv: 2, masked: true}, {nv: 2}}
	if a.wide {
		rows, widths = 12, []tileEmitter{{nv: 1, masked: true, half: true}, {nv: 1, masked: true}, {nv: 2, masked: true}}
	}
	for _, t := range widths {
		for t.m = 1; t.m <= rows; t.m++ {
			t.highest = t.m == rows
			a.brgemm(t, false)
		}
	}
	for _, t := range []tileEmitter{{nv: 1, masked: true}, {nv: 2}} {
		for t.m = 1; t.m <= 6; t.m++ {
			a.brgemm(t, true)
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
	name, kind := "brgemm", ""
	switch {
	case depthwise:
		name = "depthwise"
	case t.half:
		kind = "Half"
	case !t.masked:
		kind = "Full"
	}
	a.tile(fmt.Sprintf("%s%dx%d%s", name, t.m, t.nv, kind))
	s.emit()
}

func (s *brgemmEmitter) emit() {
	s.hold()
	if s.masked {
		s.makeMask()
	}
	s.accumulators()
	ars, aks, ldb := s.scaled("ars"), s.scaled("aks"), s.scaled("ldb")
	s.Label("tile")
	s.start()
	s.sum(ars, aks, ldb)
	s.finish()
	s.DECQ(s.place("reps"))
	s.JZ(operand.LabelRef("last"))
	s.advance("a", "astep")
	s.advance("b", "bstep")
	s.advance("c", "cstep")
	for _, p := range [][2]string{{"bias", "biasstep"}, {"residual", "cstep"}, {"gate", "cstep"}} {
		s.CMPQ(s.place(p[0]), operand.U8(0))
		s.JE(operand.LabelRef("without_" + p[0]))
		s.advance(p[0], p[1])
		s.Label("without_" + p[0])
	}
	s.JMP(operand.LabelRef("tile"))
	s.Label("last")
	s.VZEROUPPER()
	s.RET()
}

// advance moves a pointer on, in the argument itself.
func (s *brgemmEmitter) advance(pointer, step string) {
	s.ADDQ(s.scaled(step), s.place(pointer))
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
	k := s.param("length")
	bases := s.bases(pa, ars)
	masked := s.masked
	if masked && s.nv == 2 && s.wide { // a masked load takes the place of a multiplication, so full tiles do without
		s.CMPQ(s.place("n"), operand.U8(2*s.lanes()))
		s.JNE(operand.LabelRef("partial"))
		s.masked = false
	}
	if !s.masked && !s.depthwise {
		if s.highest {
			s.packed(pa, pb, ars, aks, ldb, k)
		}
		s.rows(bases, pb, ars, aks, ldb, k)
	}
	s.steps("next", bases, pb, ars, aks, ldb, k)
	if masked != s.masked {
		s.masked = true
		s.JMP(operand.LabelRef("done"))
		s.steps("partial", bases, pb, ars, aks, ldb, k)
	}
	s.Label("done")
	s.ADDQ(operand.U8(8), segs)
	s.DECQ(left)
	s.JNZ(operand.LabelRef("segment"))
	s.Label("summed")
}

// steps goes through a segment one k at a time.
func (s *brgemmEmitter) steps(next string, bases []reg.GPVirtual, pb, ars, aks, ldb, k gp) {
	s.Label(next)
	b := make([]vec, s.nv)
	for j := range b {
		b[j] = s.vec()
		s.read(operand.Mem{Base: pb, Disp: j * s.bytes()}, b[j], j == s.nv-1)
	}
	for i, r := range s.acc {
		s.multiply(rowOf(bases, ars, i, 0), b, r)
	}
	s.ADDQ(ldb, pb)
	for _, p := range bases {
		s.ADDQ(aks, p)
	}
	s.DECQ(k)
	s.JNZ(operand.LabelRef(next))
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
