package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// opmask sets the lowest n bits of a mask register, all for n ≥ 16 (n < 256).
func (a *asm) opmask(n reg.GPVirtual) reg.OpmaskVirtual {
	all := a.GP32()
	a.MOVL(operand.U32(0xffff), all)
	a.BZHIL(n.As32(), all, all)
	k := a.K()
	a.KMOVW(all, k)
	return k
}

// tableMask addresses a mask of eight lanes of which the first n are on, n ≤ 8.
func (a *asm) tableMask(n reg.GPVirtual) operand.Mem {
	p, d := a.GP64(), a.GP64()
	a.LEAQ(a.shared.at("masks", 8, eightOn).Offset(32), p)
	a.MOVQ(n, d)
	a.NEGQ(d)
	return operand.Mem{Base: p, Index: d, Scale: 4}
}

// eightOn are the masks behind tableMask: eight lanes on, eight off.
func eightOn(i int) uint64 {
	if i < 4 {
		return ^uint64(0)
	}
	return 0
}
