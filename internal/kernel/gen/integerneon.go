package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// emitIntegerNEON writes the register tiles of 8-bit integers for arm64: those that multiply by SDOT, which processors with the
// dot product have (Armv8.2), and those for all others. A panel is as for AVX2, 16 outputs in four vectors, all of which are
// stored. Kinds go by height, of those that all tiles are made of, and those without SDOT come first.
func emitIntegerNEON(a *asm) {
	a.arguments = integerArguments
	for _, kind := range []string{"", "Dot"} {
		for _, m := range heightsNEON {
			t := &integerNEON{tileEmitter: tileEmitter{asm: a, m: m, nv: 4}, dot: kind != ""}
			a.tile(fmt.Sprintf("integer%s%d", kind, m))
			t.emit()
		}
	}
}

type integerNEON struct {
	tileEmitter
	dot   bool
	row   gp   // the distance of rows of A
	bases []gp // of every other row of A
	pb    gp   // what is next of the panel
}

func (t *integerNEON) emit() {
	t.hold()
	t.accumulators()
	t.row = t.param("rowa")
	t.Label("tile")
	t.pb = t.param("b")
	for j := range t.nv {
		t.VMOVUPS(operand.Mem{Base: t.pb, Disp: 16 * j}, t.acc[0][j])
		for i := 1; i < t.m; i++ {
			t.VMOVAPS(t.acc[0][j], t.acc[i][j])
		}
	}
	t.ADDQ(operand.U8(64), t.pb)
	t.sum()
	t.finish()
	reps := t.param("reps")
	t.DECQ(reps)
	t.MOVQ(reps, t.place("reps"))
	t.JZ(operand.LabelRef("last"))
	for _, p := range [][2]string{{"a", "nexta"}, {"y", "nexty"}, {"xs", "nextx"}} {
		r := t.param(p[0])
		t.ADDQ(t.param(p[1]), r)
		t.MOVQ(r, t.place(p[0]))
	}
	t.JMP(operand.LabelRef("tile"))
	t.Label("last")
	t.RET()
}

// sum goes through the segments.
func (t *integerNEON) sum() {
	segs, left := t.param("segs"), t.param("nseg")
	t.Label("segment")
	pa, k, off := t.param("a"), t.param("steps"), t.GP64()
	t.MOVQ(operand.Mem{Base: segs}, off)
	t.ADDQ(off, pa)
	t.bases = []gp{pa}
	for len(t.bases)*2 < t.m {
		p := t.GP64()
		t.LEAQ(operand.Mem{Base: t.bases[len(t.bases)-1], Index: t.row, Scale: 2}, p)
		t.bases = append(t.bases, p)
	}
	if t.dot {
		t.SUBQ(operand.U8(4), k)
		t.JL(operand.LabelRef("few"))
		t.Label("four")
		t.dots(4)
		t.SUBQ(operand.U8(4), k)
		t.JGE(operand.LabelRef("four"))
		t.Label("few")
		t.ADDQ(operand.U8(4), k)
		t.JZ(operand.LabelRef("summed"))
	}
	t.Label("next")
	if t.dot {
		t.dots(1)
	} else {
		t.pairs()
	}
	t.DECQ(k)
	t.JNZ(operand.LabelRef("next"))
	t.Label("summed")
	t.ADDQ(operand.U8(8), segs)
	t.DECQ(left)
	t.JNZ(operand.LabelRef("segment"))
}

// element is the address of what is next of row i of A.
func (t *integerNEON) element(i int) operand.Mem {
	m := operand.Mem{Base: t.bases[i/2]}
	if i%2 == 1 {
		m.Index, m.Scale = t.row, 1
	}
	return m
}

// forward goes on by so many steps of four numbers.
func (t *integerNEON) forward(steps int) {
	for _, p := range t.bases {
		t.ADDQ(operand.U8(4*steps), p)
	}
	t.ADDQ(operand.U32(64*steps), t.pb)
}

// dots adds the products of one or four steps: a lane of a row of A, four numbers, by those of four outputs in a vector of B.
func (t *integerNEON) dots(steps int) {
	x := make([]vec, t.m)
	for i := range x {
		x[i] = t.vec()
		if steps == 4 {
			t.VMOVUPS(t.element(i), x[i])
		} else {
			t.VMOVSS(t.element(i), x[i].AsX())
		}
	}
	for l := range steps {
		for j := 0; j < t.nv; j += 2 { // no more of B has place beside so many sums
			b := []vec{t.vec(), t.vec()}
			for i := range b {
				t.VMOVUPS(operand.Mem{Base: t.pb, Disp: 64*l + 16*(j+i)}, b[i])
			}
			for r, sums := range t.acc {
				for i := range b {
					t.Instruction(native("sdoti", sums[j+i], b[i], x[r], operand.U8(l)))
				}
			}
		}
	}
	t.forward(steps)
}

// pairs adds the products of a step without SDOT: those of two numbers fit into 16 bits.
func (t *integerNEON) pairs() {
	var b [4]vec
	for j := range b {
		b[j] = t.vec()
		t.VMOVUPS(operand.Mem{Base: t.pb, Disp: 16 * j}, b[j])
	}
	for i, sums := range t.acc {
		x := t.vec()
		t.VMOVSS(t.element(i), x.AsX())
		t.Instruction(native("dup0", x, x))
		for j, v := range b {
			low, high := t.native("smull", v, x), t.native("smull2", v, x)
			t.Instruction(native("addph", low, low, high))
			t.Instruction(native("sadalp", sums[j], low))
		}
	}
	t.forward(1)
}

// finish makes results of the sums and stores them.
func (t *integerNEON) finish() {
	y, rowy, xs, rowx := t.param("y"), t.param("rowy"), t.param("xs"), t.param("rowx")
	ws, bias, floor := t.param("ws"), t.param("bias"), t.vec()
	t.VBROADCASTSS(t.place("floor"), floor)
	for i, sums := range t.acc {
		x := t.vec()
		t.VBROADCASTSS(operand.Mem{Base: xs}, x)
		for j, v := range sums {
			s := t.vec()
			t.VCVTDQ2PS(v, v)
			t.VMULPS(operand.Mem{Base: ws, Disp: 16 * j}, x, s)
			t.VMULPS(s, v, v)
			t.VADDPS(operand.Mem{Base: bias, Disp: 16 * j}, v, v)
			t.VMAXPS(v, floor, v)
			t.VMOVUPS(v, operand.Mem{Base: y, Disp: 16 * j})
		}
		if i < t.m-1 {
			t.ADDQ(rowx, xs)
			t.ADDQ(rowy, y)
		}
	}
}
