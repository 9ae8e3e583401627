package main

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// integerArguments are the fields of package integer's tileArgs, of eight bytes each. Distances are in bytes.
var integerArguments = []string{
	"y", "a", "b", "segs", "nseg", "steps", "panel", "rowa", "rowy", "rowx", "n", "reps", "nexta", "nexty", "nextx",
	"xs", "ws", "bias", "floor", "raw", "unsigned", "kind",
}

// emitIntegerTiles writes the register tiles of 8-bit integers, for every height up to the largest. They are as those of
// emitBrgemm, but that 32 bits hold several numbers of either side: four of 8 bits. VNNI takes those of A without a sign, which
// is why they are 128 more. AVX2 multiplies pairs, whose sum must fit into 16 bits: magnitudes of A by what B has with A's sign,
// or B itself where A has none (unsigned). For minimal filtering it multiplies two of 16 bits, and leaves the sums (raw).
// Sums are in panels of 16 outputs: two ymm, or with AVX-512 one zmm for each of two panels. AVX2 stores all of a panel.
func emitIntegerTiles(a *asm) {
	if a.neon {
		emitIntegerNEON(a)
		return
	}
	a.arguments = integerArguments
	rows := 6
	if a.wide {
		rows = 8
	}
	for m := 1; m <= rows; m++ {
		t := &integerTile{tileEmitter: tileEmitter{asm: a, m: m, nv: 2}}
		a.tile(fmt.Sprintf("integer%d", m))
		t.emit()
	}
}

type integerTile struct {
	tileEmitter
	masks [2]reg.OpmaskVirtual // AVX-512: the columns of either panel
}

func (t *integerTile) emit() {
	t.hold()
	t.accumulators()
	if t.wide {
		n := t.param("n")
		t.masks[0] = t.opmask(n)
		t.SUBQ(operand.U8(16), n)
		none := t.GP64()
		t.XORQ(none, none)
		t.CMPQ(n, operand.U8(0))
		t.CMOVQLT(none, n)
		t.masks[1] = t.opmask(n)
	}
	row := t.param("rowa")
	t.Label("tile")
	pb := t.start()
	t.sum(row, pb)
	t.finish()
	t.DECQ(t.place("reps"))
	t.JZ(operand.LabelRef("last"))
	for _, p := range [][2]string{{"a", "nexta"}, {"y", "nexty"}, {"xs", "nextx"}} {
		t.ADDQ(t.param(p[1]), t.place(p[0]))
	}
	t.JMP(operand.LabelRef("tile"))
	t.Label("last")
	t.VZEROUPPER()
	t.RET()
}

// of is vector j of a line of a panel, or of both panels.
func (t *integerTile) of(pb gp, panel gp, j int) operand.Mem {
	if !t.wide {
		return operand.Mem{Base: pb, Disp: 32 * j}
	}
	m := operand.Mem{Base: pb}
	if j == 1 {
		m.Index, m.Scale = panel, 1
	}
	return m
}

// start makes the accumulators what the panels begin with, and returns what follows.
func (t *integerTile) start() [2]gp {
	pb := t.param("b")
	panel := t.GP64()
	if t.wide {
		t.MOVQ(t.place("panel"), panel)
	}
	for j := range t.nv {
		t.VMOVUPS(t.of(pb, panel, j), t.acc[0][j])
		for i := 1; i < t.m; i++ {
			t.VMOVAPS(t.acc[0][j], t.acc[i][j])
		}
	}
	t.ADDQ(operand.U8(64), pb)
	return [2]gp{pb, panel}
}

// sum goes through the segments.
func (t *integerTile) sum(row gp, pb [2]gp) {
	segs, left := t.param("segs"), t.param("nseg")
	t.Label("segment")
	pa, k := t.param("a"), t.param("steps")
	t.ADDQ(operand.Mem{Base: segs}, pa)
	bases := t.bases(pa, row)
	loop := func(name string, step func()) {
		t.Label(name)
		step()
		t.ADDQ(operand.U8(64), pb[0])
		for _, p := range bases {
			t.ADDQ(operand.U8(4), p)
		}
		t.DECQ(k)
		t.JNZ(operand.LabelRef(name))
	}
	if t.wide || t.vnni {
		loop("next", func() { t.vnniStep(bases, row, pb) })
	} else {
		ones := t.copy(t.bits(0x00010001))
		t.CMPQ(t.place("raw"), operand.U8(0))
		t.JNE(operand.LabelRef("words"))
		t.CMPQ(t.place("unsigned"), operand.U8(0))
		t.JNE(operand.LabelRef("unsigned"))
		loop("signed", func() { t.pairStep(bases, row, pb, ones, true) })
		t.JMP(operand.LabelRef("done"))
		loop("unsigned", func() { t.pairStep(bases, row, pb, ones, false) })
		t.JMP(operand.LabelRef("done"))
		loop("words", func() { t.wordStep(bases, row, pb) })
		t.Label("done")
	}
	t.ADDQ(operand.U8(8), segs)
	t.DECQ(left)
	t.JNZ(operand.LabelRef("segment"))
}

// vnniStep adds the products of four numbers of each row.
func (t *integerTile) vnniStep(bases []reg.GPVirtual, row gp, pb [2]gp) {
	var b [2]vec
	for j := range b {
		b[j] = t.vec()
		t.VMOVUPS(t.of(pb[0], pb[1], j), b[j])
	}
	for i, sums := range t.acc {
		v := t.vec()
		t.VPBROADCASTD(rowOf(bases, row, i, 0), v)
		t.VPDPBUSD(b[0], v, sums[0])
		t.VPDPBUSD(b[1], v, sums[1])
	}
}

// pairStep does the same without VNNI.
func (t *integerTile) pairStep(bases []reg.GPVirtual, row gp, pb [2]gp, ones vec, signed bool) {
	for i, sums := range t.acc {
		v, size := t.vec(), t.vec()
		t.VPBROADCASTD(rowOf(bases, row, i, 0), v)
		if signed {
			t.VPABSB(v, size)
		}
		for j := range sums {
			p := t.vec()
			if signed {
				t.VMOVUPS(t.of(pb[0], pb[1], j), p)
				t.VPSIGNB(v, p, p)
				t.VPMADDUBSW(p, size, p)
			} else {
				t.VPMADDUBSW(t.of(pb[0], pb[1], j), v, p)
			}
			t.VPMADDWD(ones, p, p)
			t.VPADDD(p, sums[j], sums[j])
		}
	}
}

// wordStep adds the products of two numbers of 16 bits.
func (t *integerTile) wordStep(bases []reg.GPVirtual, row gp, pb [2]gp) {
	for i, sums := range t.acc {
		v := t.vec()
		t.VPBROADCASTD(rowOf(bases, row, i, 0), v)
		for j := range sums {
			p := t.vec()
			t.VPMADDWD(t.of(pb[0], pb[1], j), v, p)
			t.VPADDD(p, sums[j], sums[j])
		}
	}
}

// finish makes results of the sums and stores them, or stores them as they are.
func (t *integerTile) finish() {
	y, rowy := t.param("y"), t.param("rowy")
	if !t.wide && !t.vnni {
		t.CMPQ(t.place("raw"), operand.U8(0))
		t.JE(operand.LabelRef("results"))
		for i, sums := range t.acc {
			t.store(y, rowy, i, sums)
		}
		t.JMP(operand.LabelRef("stored"))
		t.Label("results")
	}
	xs, ws, bias, rowx := t.param("xs"), t.param("ws"), t.param("bias"), t.param("rowx")
	floor := t.vec()
	t.VBROADCASTSS(t.place("floor"), floor)
	var scale, offset [2]operand.Op
	for j := range t.nv {
		scale[j], offset[j] = operand.Mem{Base: ws, Disp: j * t.bytes()}, operand.Mem{Base: bias, Disp: j * t.bytes()}
		if t.wide {
			s, b := t.vec(), t.vec()
			t.VMOVUPS_Z(scale[j], t.masks[j], s)
			t.VMOVUPS_Z(offset[j], t.masks[j], b)
			scale[j], offset[j] = s, b
		}
	}
	for i, sums := range t.acc {
		x := t.vec()
		t.VBROADCASTSS(operand.Mem{Base: xs}, x)
		if i < t.m-1 {
			t.ADDQ(rowx, xs)
		}
		for j, v := range sums {
			s := t.vec()
			t.VCVTDQ2PS(v, v)
			t.VMULPS(scale[j], x, s)
			t.VMULPS(s, v, v)
			t.VADDPS(offset[j], v, v)
			t.VMAXPS(v, floor, v)
		}
		t.store(y, rowy, i, sums)
	}
	t.Label("stored")
}

// store writes a row to y, and goes to the next.
func (t *integerTile) store(y, rowy gp, i int, v []vec) {
	for j := range v {
		m := operand.Mem{Base: y, Disp: j * t.bytes()}
		if t.wide {
			t.VMOVUPS(v[j], t.masks[j], m)
		} else {
			t.VMOVUPS(v[j], m)
		}
	}
	if i < t.m-1 {
		t.ADDQ(rowy, y)
	}
}

// vexVNNI writes the bytes of VPDPBUSD with registers in the encoding of AVX-VNNI, as Go's assembler knows only that of AVX-512:
// VEX.256.66.0F38.W0 50 /r (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2C).
func vexVNNI(fn *ir.Function) error {
	var out []ir.Node
	for _, n := range fn.Nodes {
		i, ok := n.(*ir.Instruction)
		if !ok || i.Opcode != "VPDPBUSD" {
			out = append(out, n)
			continue
		}
		var r [3]uint32 // signed, unsigned, sum
		for at, o := range i.Operands {
			r[at] = uint32(o.(reg.Physical).PhysicalIndex())
		}
		word := 0xc4 | 0x42<<8 | 0x05<<16 | 0x50<<24 // W = 0, L = 1, pp = 01
		word |= int(1-r[2]>>3)<<15 | int(1-r[0]>>3)<<13
		word |= int(15-r[1]) << 19
		bytes := text(fmt.Sprintf("$0x%08x; BYTE $0x%02x", word, 0xc0|r[2]&7<<3|r[0]&7))
		out = append(out, &ir.Instruction{Opcode: "LONG", Operands: []operand.Op{bytes}})
	}
	fn.Nodes = slices.Clip(out)
	return nil
}
