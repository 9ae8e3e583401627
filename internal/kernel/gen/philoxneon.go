package main

import "github.com/mmcloughlin/avo/operand"

// groupsNEON writes a loop over groups, four blocks at a time: a product of 32 bits takes two
// instructions, for two lanes each, and its halves are sorted out after it.
func (a *asm) groupsNEON(sig string, body func(k *pass, w [4]vec)) {
	k := a.newPass(sig)
	n, block, key, step := a.GP64(), a.param("group"), a.param("key"), a.param("step")
	a.Load(a.Param("dst").Len(), n)
	a.SHLQ(operand.U8(4), block)
	lanes := a.copy(a.num(0)) // 0, 1, 2, 3
	for i := range uint32(3) {
		a.Instruction(native([]string{"ins1", "ins2", "ins3"}[i], lanes, a.reg(a.bits(i+1))))
	}
	k0, k1 := a.lowHigh(key)
	s0, s1 := a.lowHigh(step)
	m0, m1, w0, w1 := a.copy(a.bits(0xd2511f53)), a.copy(a.bits(0xcd9e8d57)), a.copy(a.bits(0x9e3779b9)), a.copy(a.bits(0xbb67ae85))
	quarters, rounds, top := a.GP64(), a.GP64(), a.GP64()
	a.Label("group")
	a.MOVQ(k.at, top)
	a.MOVQ(operand.U32(4), quarters)
	a.Label("quarter")
	var c [4]vec
	low, high := a.lowHigh(block)
	c[0], c[1], c[2], c[3] = a.addInt(low, lanes), high, a.copy(s0), a.copy(s1)
	key0, key1 := a.copy(k0), a.copy(k1)
	a.MOVQ(operand.U32(10), rounds)
	a.Label("round")
	var p [2][2]vec // low and high halves of the products
	for i, m := range []vec{m0, m1} {
		lo, hi := a.native("umull", c[2*i], m), a.native("umull2", c[2*i], m)
		p[i] = [2]vec{a.native("uzp1", lo, hi), a.native("uzp2", lo, hi)}
	}
	next := [4]vec{a.xor(a.xor(p[1][1], c[1]), key0), p[1][0], a.xor(a.xor(p[0][1], c[3]), key1), p[0][0]}
	for i, v := range next {
		a.VMOVAPS(v, c[i])
	}
	a.VPADDD(w0, key0, key0)
	a.VPADDD(w1, key1, key1)
	a.DECQ(rounds)
	a.JNZ(operand.LabelRef("round"))
	body(k, c)
	k.disp = 0
	a.ADDQ(operand.U8(4), block)
	a.ADDQ(operand.U8(16), k.at)
	a.DECQ(quarters)
	a.JNZ(operand.LabelRef("quarter"))
	a.LEAQ(operand.Mem{Base: top, Disp: 256}, k.at)
	a.SUBQ(operand.U8(64), n)
	a.JNZ(operand.LabelRef("group"))
	a.RET()
}

// lowHigh are the halves of a number of 64 bits, in all lanes.
func (a *asm) lowHigh(r gp) (low, high vec) {
	h := a.GP64()
	a.MOVQ(r, h)
	a.SHRQ(operand.U8(32), h)
	return a.native("dupw", r), a.native("dupw", h)
}
