package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitCross writes the tiles for a B that lies across, [N,K]: blocks of four k
// by eight or sixteen columns are transposed in registers, so that nothing needs
// packing. A low tile comes with several groups of columns, since its few chains
// alone would wait for one another. AVX2 has the tiles for what is left in the
// end, up to eight columns, also for AVX-512.
func emitCross(a *asm) {
	if a.neon {
		emitCrossNEON(a)
		return
	}
	if a.wide {
		for m := 1; m <= 12; m++ {
			a.cross(m, 1, false)
		}
		for m := 1; m <= 4; m++ {
			a.cross(m, 2, false)
		}
		return
	}
	for m := 1; m <= 8; m++ {
		a.cross(m, 1, true)
	}
	for m := 1; m <= 4; m++ {
		a.cross(m, 4/((m+1)/2), false)
	}
}

func (a *asm) cross(m, groups int, masked bool) {
	t := &crossEmitter{tileEmitter: tileEmitter{asm: a, m: m, nv: groups, masked: masked}}
	a.tile(fmt.Sprintf("cross%dx%d", m, groups))
	if t.masked {
		t.makeMask()
	} else {
		t.hold()
	}
	t.accumulators()
	t.start()
	t.loop()
	t.finish()
	t.VZEROUPPER()
	t.RET()
}

type crossEmitter struct {
	tileEmitter
	lines  [][]operand.Mem // for every group, the rows of B
	moves  []gp            // what goes along with k in all addresses
	rows   []operand.Mem   // of A
	low    []vec           // scratch of columns
	shared map[int]vec     // of a single row of A, the elements that all groups need
	steps  gp
}

func (t *crossEmitter) loop() {
	t.addressLines()
	t.addressRows()
	for i := 0; t.wide && i < 4; i++ {
		v := t.vec()
		t.clear(v)
		t.low = append(t.low, v)
	}
	t.steps = t.param("length")
	if t.m == 1 && !t.wide && !t.masked {
		t.lineByLine()
	}
	t.fours()
	t.TESTQ(t.steps, t.steps)
	t.JZ(operand.LabelRef("summed"))
	for g := range t.nv {
		t.rest(g)
	}
	t.Label("summed")
	if t.masked {
		t.makeMask() // anew, so that it took no registers in between
	}
}

func (t *crossEmitter) number(n int) gp {
	r := t.GP64()
	t.MOVQ(operand.U32(n), r)
	return r
}

// lineByLine goes sixteen steps at a time, group by group, if the rows of B lie half pages apart: else their lines would drive
// each other out of the first-level cache before they are used up. (Asking for the next ones ahead gained nothing.)
func (t *crossEmitter) lineByLine() {
	ld, x, half := t.lines[0][1].Index.(gp), t.rows[0].Base, t.GP64()
	t.MOVQ(ld, half)
	t.ANDQ(operand.U32(2047), half)
	t.JNZ(operand.LabelRef("below16"))
	t.CMPQ(t.steps, operand.U8(16))
	t.JB(operand.LabelRef("below16"))
	t.Label("next16")
	for g := range t.nv {
		four, end := t.label("four"), t.GP64()
		t.LEAQ(operand.Mem{Base: x, Disp: 4 * 16}, end)
		t.Label(four)
		for j, v := range t.columns(g) {
			t.step(g, j, v)
		}
		t.ADDQ(operand.U8(4*4), t.moves[g])
		t.ADDQ(operand.U8(4*4), x)
		t.CMPQ(x, end)
		t.JB(operand.LabelRef(four))
		if g < t.nv-1 {
			t.SUBQ(operand.U8(4*16), x)
		}
	}
	t.SUBQ(operand.U8(16), t.steps)
	t.CMPQ(t.steps, operand.U8(16))
	t.JAE(operand.LabelRef("next16"))
	t.Label("below16")
}

// fours goes four steps at a time while there are as many.
func (t *crossEmitter) fours() {
	t.CMPQ(t.steps, operand.U8(4))
	t.JB(operand.LabelRef("below4"))
	t.Label("next4")
	t.shared = map[int]vec{}
	for g := range t.nv {
		for j, v := range t.columns(g) {
			t.step(g, j, v)
		}
	}
	t.shared = nil
	for _, p := range t.moves {
		t.ADDQ(operand.U8(4*4), p)
	}
	t.SUBQ(operand.U8(4), t.steps)
	t.CMPQ(t.steps, operand.U8(4))
	t.JAE(operand.LabelRef("next4"))
	t.Label("below4")
}

// step takes one k, h from here, into the sums of a group.
func (t *crossEmitter) step(g, h int, column vec) {
	for i, row := range t.rows {
		if t.wide {
			t.VFMADD231PS_BCST(row.Offset(4*h), column, t.acc[i][g])
			continue
		}
		v, ok := t.shared[h]
		if !ok {
			v = t.vec()
			t.VBROADCASTSS(row.Offset(4*h), v)
		}
		if t.m == 1 && t.shared != nil {
			t.shared[h] = v
		}
		t.VFMADD231PS(v, column, t.acc[i][g])
	}
}

// rest takes the last one to three k into the sums of a group.
func (t *crossEmitter) rest(g int) {
	done := t.label("rest")
	n := t.GP64()
	t.MOVQ(t.steps, n)
	for j, v := range t.columnsOf(g, n) {
		if j == 3 {
			break
		}
		t.step(g, j, v)
		if j < 2 {
			t.DECQ(n)
			t.JZ(operand.LabelRef(done))
		}
	}
	t.Label(done)
}

// addressLines finds the rows of B: at fixed distances, or, masked, by pointers
// that stay within the given number of rows.
func (t *crossEmitter) addressLines() {
	b, ld := t.param("b"), t.scaled("ldb")
	if t.masked {
		n := t.param("n")
		var lines []operand.Mem
		for i := range t.lanes() {
			p := t.GP64()
			t.MOVQ(b, p)
			lines = append(lines, operand.Mem{Base: p})
			t.moves = append(t.moves, p)
			if i < t.lanes()-1 {
				next := t.label("row")
				t.CMPQ(n, operand.U8(i+1))
				t.JBE(operand.LabelRef(next))
				t.ADDQ(ld, b)
				t.Label(next)
			}
		}
		t.lines = [][]operand.Mem{lines}
		return
	}
	ld3, ld5, ld7 := t.tripled(ld), t.fourth(ld, ld), t.GP64()
	t.LEAQ(operand.Mem{Base: ld3, Index: ld, Scale: 4}, ld7)
	for range t.nv {
		var lines []operand.Mem
		for len(lines) < t.lanes() {
			p := b
			if len(t.lines)+len(lines) > 0 {
				p = t.GP64()
				t.LEAQ(operand.Mem{Base: t.moves[len(t.moves)-1], Index: ld, Scale: 8}, p)
			}
			at := func(index gp, scale uint8) operand.Mem { return operand.Mem{Base: p, Index: index, Scale: scale} }
			lines = append(lines, operand.Mem{Base: p}, at(ld, 1), at(ld, 2), at(ld3, 1), at(ld, 4), at(ld5, 1), at(ld3, 2), at(ld7, 1))
			t.moves = append(t.moves, p)
		}
		t.lines = append(t.lines, lines)
	}
}

// addressRows finds the rows of A, three from every base.
func (t *crossEmitter) addressRows() {
	p, ars := t.param("a"), t.scaled("ars")
	for i := range t.m {
		if i > 0 && i%3 == 0 {
			q := t.GP64()
			t.LEAQ(operand.Mem{Base: p, Index: ars, Scale: 2}, q)
			t.ADDQ(ars, q)
			p = q
		}
		m := operand.Mem{Base: p}
		if i%3 > 0 {
			m.Index, m.Scale = ars, uint8(i%3)
		} else {
			t.moves = append(t.moves, p)
		}
		t.rows = append(t.rows, m)
	}
}

// quadMasks are, for every quarter of a zmm, the first n ≤ 4 of its lanes.
func (t *crossEmitter) quadMasks(n gp) []reg.OpmaskVirtual {
	ks := make([]reg.OpmaskVirtual, 4)
	m := t.GP32()
	t.MOVL(operand.U32(15), m)
	t.BZHIL(n.As32(), m, m)
	for q := range ks {
		ks[q] = t.K()
		t.KMOVW(m, ks[q])
		if q < 3 {
			t.SHLL(operand.U8(4), m)
		}
	}
	return ks
}

// columns are the next four elements of the lines of a group, transposed.
func (t *crossEmitter) columns(g int) []vec {
	lines := t.lines[g]
	r, s := make([]vec, 4), make([]vec, 4)
	for i := range r {
		r[i] = t.vec()
		if t.wide {
			lo, hi := t.low[i], t.YMM()
			t.VMOVUPS(lines[i], lo.AsX())
			t.VINSERTF32X4(operand.U8(1), lines[i+4], lo.AsY(), lo.AsY())
			t.VBROADCASTF32X4(lines[i+8], hi)
			t.VINSERTF32X4(operand.U8(1), lines[i+12], hi, hi)
			t.VINSERTF64X4(operand.U8(1), hi, lo, r[i])
			continue
		}
		// A blend, unlike an insertion, keeps off the units that shuffle.
		hi := t.YMM()
		t.VBROADCASTF128(lines[i], r[i])
		t.VBROADCASTF128(lines[i+4], hi)
		t.VBLENDPS(operand.U8(0xf0), hi, r[i], r[i])
	}
	t.transpose4x4(r, s)
	return s
}

// columnsOf are the first n < 4 elements.
func (t *crossEmitter) columnsOf(g int, n gp) []vec {
	lines := t.lines[g]
	r, s := make([]vec, 4), make([]vec, 4)
	var quads []reg.OpmaskVirtual
	var mask operand.Mem
	if t.wide {
		quads = t.quadMasks(n)
	} else {
		mask = t.tableMask(n)
	}
	for i := range r {
		r[i] = t.vec()
		if t.wide {
			t.VBROADCASTF32X4_Z(lines[i], quads[0], r[i])
			for q := 1; q < 4; q++ {
				t.VBROADCASTF32X4(lines[i+4*q], quads[q], r[i])
			}
			continue
		}
		m, x := t.YMM(), t.YMM()
		t.VMOVDQU(mask, m)
		t.VMASKMOVPS(lines[i], m, r[i])
		t.VMASKMOVPS(lines[i+4], m, x)
		t.VINSERTF128(operand.U8(1), x.AsX(), r[i], r[i])
	}
	t.transpose4x4(r, s)
	return s
}
