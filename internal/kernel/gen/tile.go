package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tileArguments are the fields of package gemm's tileArgs, of eight bytes each; flags of one byte follow.
var tileArguments = []string{
	"c", "a", "b", "segs", "nseg", "length", "ars", "aks", "ldb", "ldc", "n", "reps", "astep", "bstep", "cstep", "biasstep",
	"bias", "residual", "gate", "kind",
}

var tileFlags = []string{"load", "relu"}

// argument is the place of a field.
func (a *asm) argument(args gp, name string) operand.Mem {
	if i := slices.Index(a.arguments, name); i >= 0 {
		return operand.Mem{Base: args, Disp: 8 * i}
	}
	i := slices.Index(tileFlags, name)
	if i < 0 {
		panic("tiles have no argument " + name)
	}
	return operand.Mem{Base: args, Disp: 8*len(a.arguments) + i}
}

// tile opens a routine that Go does not see: only the dispatcher of its file jumps to it.
func (a *asm) tile(name string) {
	name += a.suffix() + "<>"
	a.tiles = append(a.tiles, name)
	a.Function(name)
	a.SignatureExpr("func(args *byte)")
}

// dispatcher is the routine "run" of a file, which jumps to the tile whose number the arguments hold. Go calls it without the
// detour that calls by value take.
func (a *asm) dispatcher(file string) []byte {
	name := "run" + strings.ToUpper(file[:1]) + file[1:] + a.suffix()
	move, p, q, load, at := "MOVQ", "AX", "CX", "LEAQ tiles<>(SB)", "(CX)(AX*8)"
	if a.neon {
		move, p, q, load, at = "MOVD", "R0", "R1", "MOVD $tiles<>(SB)", "(R1)(R0<<3)"
	}
	b := fmt.Appendf(nil, "\n// func %[1]s(args *tileArgs)\nTEXT ·%[1]s(SB), NOSPLIT, $0-8\n\t%[2]s args+0(FP), %[3]s\n", name, move, p)
	b = fmt.Appendf(b, "\t%[1]s %[2]d(%[3]s), %[3]s\n\t%[4]s, %[5]s\n\t%[1]s %[6]s, %[3]s\n\tJMP  %[7]s\n\n",
		move, a.argument(nil, "kind").Disp, p, load, q, at, map[bool]string{false: p, true: "(" + p + ")"}[a.neon])
	for i, t := range a.tiles {
		b = fmt.Appendf(b, "DATA tiles<>+%d(SB)/8, $·%s(SB)\n", 8*i, t)
	}
	return fmt.Appendf(b, "GLOBL tiles<>(SB), RODATA, $%d\n", 8*len(a.tiles))
}

type tileEmitter struct {
	*asm
	m, nv   int
	highest bool // of all
	masked  bool // the last vector of columns
	half    bool // ymm in AVX-512
	args    gp   // the pointer to tileArgs, or nil to load it each time
	acc     [][]vec
	kmask   reg.OpmaskVirtual // AVX-512
	mask    operand.Mem       // AVX2, 8 × 32 bits
}

func (t *tileEmitter) lanes() int {
	if t.half {
		return 8
	}
	return t.asm.lanes()
}

func (t *tileEmitter) bytes() int { return 4 * t.lanes() }

// hold keeps the pointer to the arguments in a register.
func (t *tileEmitter) hold() {
	t.args = t.GP64()
	t.Load(t.Param("args"), t.args)
}

// place is that of an argument.
func (t *tileEmitter) place(name string) operand.Mem {
	if t.args != nil {
		return t.argument(t.args, name)
	}
	p := t.GP64()
	t.Load(t.Param("args"), p)
	return t.argument(p, name)
}

// param loads an argument.
func (t *tileEmitter) param(name string) gp {
	r := t.GP64()
	t.MOVQ(t.place(name), r)
	return r
}

// scaled loads a distance and turns elements into bytes.
func (t *tileEmitter) scaled(name string) gp {
	r := t.param(name)
	t.SHLQ(operand.U8(2), r)
	return r
}

// unless jumps if a flag is off.
func (t *tileEmitter) unless(flag, label string) {
	t.CMPB(t.place(flag), operand.U8(0))
	t.JE(operand.LabelRef(label))
}

func (t *tileEmitter) vec() vec {
	if t.half {
		return t.YMM()
	}
	return t.asm.vec()
}

// start makes the accumulators 0, or what C has.
func (t *tileEmitter) start() {
	t.unless("load", "fresh")
	t.eachOf("c", func(c operand.Mem, v vec, last bool) { t.read(c, v, last) })
	t.JMP(operand.LabelRef("start"))
	t.Label("fresh")
	for _, r := range t.acc {
		for _, v := range r {
			t.clear(v)
		}
	}
	t.Label("start")
}

// accumulators are a register for every vector of the tile.
func (t *tileEmitter) accumulators() {
	t.acc = make([][]vec, t.m)
	for i := range t.acc {
		for range t.nv {
			t.acc[i] = append(t.acc[i], t.vec())
		}
	}
}

// finish takes the sums through the epilogue and stores them.
func (t *tileEmitter) finish() {
	t.end()
	t.eachOf("c", func(c operand.Mem, v vec, last bool) {
		if last && t.masked {
			t.storeMasked(v, c)
		} else {
			t.VMOVUPS(v, c)
		}
	})
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
	zero := t.vec()
	t.clear(zero)
	t.unless("relu", "linear")
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
