package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
)

// tileNEON is a register tile: m rows by nv vectors of columns, or (single) one column.
// Where there are fewer columns than fill the vectors, some of these overlap, and compute
// the same results twice.
type tileNEON struct {
	*asm
	m, nv     int
	single    bool
	depthwise bool // A has a column for each of C
	offsets   []gp // of the vectors of a row, but the first
	bases     []gp // of every other row of A
	ars, aks  gp   // the distances of rows and columns of A
	ldb, pb   gp   // the distance of rows of B, and the one at hand
	acc       [][]vec
}

// heightsNEON are the heights of tiles; others are made of these.
var heightsNEON = []int{1, 2, 4, 6}

// emitTilesNEON writes the register tiles of products and of convolutions. The largest
// has 6·4 accumulators in 32 registers.
func emitTilesNEON(a *asm) {
	for _, m := range heightsNEON {
		a.tileNEON(&tileNEON{m: m, nv: 4})
		if m >= 4 {
			a.tileNEON(&tileNEON{m: m, nv: 2})
		}
		if m != 4 {
			a.tileNEON(&tileNEON{m: m, nv: 1, single: true})
		}
		if m <= 4 {
			a.tileNEON(&tileNEON{m: m, nv: 2, depthwise: true})
		}
	}
	a.tileNEON(&tileNEON{m: 1, nv: 1, single: true, depthwise: true})
	a.writeZeros()
}

func (a *asm) tileNEON(t *tileNEON) {
	t.asm = a
	name, element, columns := "brgemm", "a[off+i*ars+l*aks]", fmt.Sprintf("4 ≤ n ≤ %d columns j", 4*t.nv)
	if t.depthwise {
		name, element = "depthwise", "a[off+i*ars+l*aks+j]"
	}
	kind := fmt.Sprint(t.m, "x", t.nv)
	if t.single {
		kind, columns = fmt.Sprint(t.m, "x1Single"), "the column j = 0"
	}
	a.Function(name + kind + a.suffix())
	a.function = name + kind
	a.Doc(fmt.Sprintf("For %d rows i and %s, reps ≥ 1 times, each time astep elements further on in a,", t.m, columns),
		"bstep in b and cstep in c:", "",
		"	s, p := load ? c[i*ldc+j] : 0, b",
		"	for _, off := range segs {",
		"		for l := range length {",
		"			s = fma("+element+", p[j], s)",
		"			p = p[ldb:]",
		"		}",
		"	}",
		"	c[i*ldc+j] = s")
	a.Pragma("noescape")
	a.SignatureExpr("func(c, a, b *float32, segs *int, nseg, length, ars, aks, ldb, ldc, n, reps, astep, bstep, cstep int, load bool)")
	t.emit()
}

func (t *tileNEON) emit() {
	t.findOffsets()
	t.acc = make([][]vec, t.m)
	for i := range t.acc {
		for range t.nv {
			t.acc[i] = append(t.acc[i], t.vec())
		}
	}
	t.Label("tile")
	t.begins()
	t.sum()
	t.eachOfC(t.param("c"), t.scaled("ldc"), func(m operand.Mem, v vec) {
		if t.single {
			t.VMOVSS(v, m)
		} else {
			t.VMOVUPS(v, m)
		}
	})
	for _, p := range []string{"a", "b", "c"} {
		r := t.param(p)
		t.ADDQ(t.scaled(p+"step"), r)
		t.Store(r, t.Param(p))
	}
	reps := t.param("reps")
	t.DECQ(reps)
	t.Store(reps, t.Param("reps"))
	t.JNZ(operand.LabelRef("tile"))
	t.RET()
}

// findOffsets finds where the vectors of a row begin: 4 columns after the one before, or
// 4 before the last column.
func (t *tileNEON) findOffsets() {
	if t.nv == 1 {
		return
	}
	last := t.scaled("n")
	t.SUBQ(operand.U8(16), last)
	for j := 1; j < t.nv-1; j++ {
		o := t.GP64()
		t.MOVQ(operand.U32(16*j), o)
		t.CMPQ(o, last)
		t.CMOVQHI(last, o)
		t.offsets = append(t.offsets, o)
	}
	t.offsets = append(t.offsets, last)
}

// vectorOf is the address of vector j of a row.
func (t *tileNEON) vectorOf(row gp, j int) operand.Mem {
	if j == 0 || t.offsets == nil {
		return operand.Mem{Base: row, Disp: 16 * j}
	}
	return operand.Mem{Base: row, Index: t.offsets[j-1], Scale: 1}
}

func (t *tileNEON) read(m operand.Mem, v vec) {
	if t.single {
		t.VMOVSS(m, v)
	} else {
		t.VMOVUPS(m, v)
	}
}

// begins loads what the sums begin with: C, or zeros over and over.
func (t *tileNEON) begins() {
	p, ldc, load := t.param("c"), t.scaled("ldc"), t.GP8()
	t.Load(t.Param("load"), load)
	t.TESTB(load, load)
	t.JNZ(operand.LabelRef("start"))
	t.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol("zeros"), 0), p)
	t.XORQ(ldc, ldc)
	t.Label("start")
	t.eachOfC(p, ldc, t.read)
}

// writeZeros writes a row of C full of zeros.
func (a *asm) writeZeros() {
	a.StaticGlobal("zeros")
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for range 8 {
		a.AppendDatum(operand.U64(0))
	}
}

// eachOfC visits the accumulators with their places in rows from p on, ldc apart.
func (t *tileNEON) eachOfC(p, ldc gp, f func(m operand.Mem, v vec)) {
	for i, r := range t.acc {
		for j, v := range r {
			f(t.vectorOf(p, j), v)
		}
		if i < t.m-1 {
			t.ADDQ(ldc, p)
		}
	}
}

// sum goes through the segments.
func (t *tileNEON) sum() {
	segs, left := t.param("segs"), t.param("nseg")
	t.pb, t.ars, t.aks, t.ldb = t.param("b"), t.scaled("ars"), t.scaled("aks"), t.scaled("ldb")
	t.TESTQ(left, left)
	t.JZ(operand.LabelRef("summed"))
	t.Label("segment")
	pa, off := t.param("a"), t.GP64()
	t.MOVQ(operand.Mem{Base: segs}, off)
	t.LEAQ(operand.Mem{Base: pa, Index: off, Scale: 4}, pa)
	t.bases = []gp{pa}
	for len(t.bases)*2 < t.m {
		p := t.GP64()
		t.LEAQ(operand.Mem{Base: t.bases[len(t.bases)-1], Index: t.ars, Scale: 2}, p)
		t.bases = append(t.bases, p)
	}
	k := t.param("length")
	if !t.depthwise && t.nv == 4 && t.m > 1 {
		t.rowsTogether(k)
	}
	if !t.depthwise && t.nv == 4 {
		t.columnsTogether(k)
	}
	t.Label("next")
	t.step()
	for _, p := range t.bases {
		t.ADDQ(t.aks, p)
	}
	t.ADDQ(t.ldb, t.pb)
	t.DECQ(k)
	t.JNZ(operand.LabelRef("next"))
	t.Label("done")
	t.ADDQ(operand.U8(8), segs)
	t.DECQ(left)
	t.JNZ(operand.LabelRef("segment"))
	t.Label("summed")
}

// rowOfA is the address of the element of row i.
func (t *tileNEON) rowOfA(i int) operand.Mem {
	if i%2 == 1 {
		return operand.Mem{Base: t.bases[i/2], Index: t.ars, Scale: 1}
	}
	return operand.Mem{Base: t.bases[i/2]}
}

// rowOfB loads a row of B.
func (t *tileNEON) rowOfB() []vec {
	b := make([]vec, t.nv)
	for j := range b {
		b[j] = t.vec()
		t.read(t.vectorOf(t.pb, j), b[j])
	}
	return b
}

// multiply adds a row of products: lane l of x times the vectors of a row of B.
func (t *tileNEON) multiply(acc, b []vec, x vec, l int) {
	for j, v := range b {
		t.Instruction(native("fmlai", acc[j], v, x, operand.U8(l)))
	}
}

// step adds the products of one k, whatever the distances in A.
func (t *tileNEON) step() {
	b := t.rowOfB()
	for i, r := range t.acc {
		m := t.rowOfA(i)
		if !t.depthwise {
			x := t.vec()
			t.VMOVSS(m, x.AsX())
			t.multiply(r, b, x, 0)
			continue
		}
		row := m.Base.(gp)
		if m.Index != nil && t.nv > 1 {
			row = t.GP64()
			t.LEAQ(m, row)
			m = operand.Mem{Base: row}
		}
		for j, v := range b {
			if j > 0 {
				m = t.vectorOf(row, j)
			}
			x := t.vec()
			t.read(m, x)
			t.VFMADD231PS(x, v, r[j])
		}
	}
}

// rowsTogether takes rows of A whose elements of one k lie together, as in a panel.
func (t *tileNEON) rowsTogether(k gp) {
	t.CMPQ(t.ars, operand.U8(4))
	t.JNE(operand.LabelRef("apart"))
	t.Label("together")
	b := t.rowOfB()
	for i := 0; i < t.m; i += 4 {
		x := t.vec()
		m := operand.Mem{Base: t.bases[0], Disp: 4 * i}
		if t.m-i >= 4 {
			t.VMOVUPS(m, x)
		} else {
			t.loadHalf(m, x)
		}
		for l := range min(4, t.m-i) {
			t.multiply(t.acc[i+l], b, x, l)
		}
	}
	t.ADDQ(t.aks, t.bases[0])
	t.ADDQ(t.ldb, t.pb)
	t.DECQ(k)
	t.JNZ(operand.LabelRef("together"))
	t.JMP(operand.LabelRef("done"))
	t.Label("apart")
}

// loadHalf loads two elements.
func (a *asm) loadHalf(m operand.Mem, v vec) {
	a.Instruction(&ir.Instruction{Opcode: loadHalf, Operands: []operand.Op{m, v}, Inputs: []operand.Op{m}, Outputs: []operand.Op{v}})
}

const loadHalf = "FMOVD"

// columnsTogether takes four k at a time of rows of A without gaps, and leaves the rest.
func (t *tileNEON) columnsTogether(k gp) {
	t.CMPQ(t.aks, operand.U8(4))
	t.JNE(operand.LabelRef("next"))
	t.SUBQ(operand.U8(4), k)
	t.JL(operand.LabelRef("few"))
	t.Label("four")
	x := make([]vec, t.m)
	for i := range x {
		x[i] = t.vec()
		t.VMOVUPS(t.rowOfA(i), x[i])
	}
	for l := range 4 {
		for j := 0; j < t.nv; j += 2 { // no more of B has place beside so many sums
			b := []vec{t.vec(), t.vec()}
			t.read(t.vectorOf(t.pb, j), b[0])
			t.read(t.vectorOf(t.pb, j+1), b[1])
			for i, r := range t.acc {
				t.multiply(r[j:], b, x[i], l)
			}
		}
		t.ADDQ(t.ldb, t.pb)
	}
	for _, p := range t.bases {
		t.ADDQ(operand.U8(16), p)
	}
	t.SUBQ(operand.U8(4), k)
	t.JGE(operand.LabelRef("four"))
	t.Label("few")
	t.ADDQ(operand.U8(4), k)
	t.JZ(operand.LabelRef("done"))
}
