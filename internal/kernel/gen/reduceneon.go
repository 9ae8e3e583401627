package main

import (
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
)

// reductionNEON keeps the sums of the 64 lanes on the stack, where the last elements, which
// go one by one, find theirs. A short body takes 64 elements at a time into registers.
func (a *asm) reductionNEON(r reduction, k *pass, n gp) {
	sums, at := a.GP64(), a.GP64()
	a.LEAQ(a.AllocLocal(4*totalLanes), sums)
	start := a.copy(a.num(r.start))
	for i := range totalLanes / 8 {
		a.storePair(start, start, operand.Mem{Base: sums, Disp: 32 * i})
	}
	if r.short {
		a.inRegisters(r, k, n, sums)
	}
	one := func() {
		a.MOVQ(k.at, at)
		a.ANDQ(operand.I32(4*totalLanes-1), at)
		sum := operand.Mem{Base: sums, Index: at, Scale: 1}
		k.store(r.body(k, k.load(sum)), sum)
	}
	a.eachVectors(k, n, 1, func(int) { one() })
	k.rest(n, one)
	acc := a.allSums(sums)
	a.foldLanes(acc, r.fold)
	result, err := a.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	a.VMOVSS(acc[0].AsX(), result.Addr)
	a.RET()
}

// inRegisters adds whole groups of 64 elements.
func (a *asm) inRegisters(r reduction, k *pass, n, sums gp) {
	below := a.label("below")
	a.CMPQ(n, operand.U8(totalLanes))
	a.JB(operand.LabelRef(below))
	acc := a.allSums(sums)
	a.eachVectors(k, n, len(acc), func(int) {
		for i := range acc {
			k.disp = i * a.bytes()
			a.VMOVAPS(r.body(k, acc[i]), acc[i])
		}
		k.disp = 0
	})
	for i := 0; i < len(acc); i += 2 {
		a.storePair(acc[i], acc[i+1], operand.Mem{Base: sums, Disp: i * a.bytes()})
	}
	a.Label(below)
}

// allSums loads what is on the stack.
func (a *asm) allSums(sums gp) []vec {
	acc := make([]vec, totalLanes/a.lanes())
	for i := range acc {
		acc[i] = a.vec()
		if i%2 == 1 {
			a.loadPair(operand.Mem{Base: sums, Disp: (i - 1) * a.bytes()}, acc[i-1], acc[i])
		}
	}
	return acc
}

// loadPair loads two vectors that lie one behind the other, and storePair stores them.
func (a *asm) loadPair(m operand.Mem, v, w vec) {
	a.Instruction(&ir.Instruction{Opcode: loadPair, Operands: []operand.Op{m, v, w},
		Inputs: []operand.Op{m}, Outputs: []operand.Op{v, w}})
}

func (a *asm) storePair(v, w vec, m operand.Mem) {
	a.Instruction(&ir.Instruction{Opcode: storePair, Operands: []operand.Op{v, w, m},
		Inputs: []operand.Op{v, w}, Outputs: []operand.Op{m}})
}

const (
	loadPair  = "FLDPQ"
	storePair = "FSTPQ"
)
