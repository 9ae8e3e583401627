package main

import "github.com/mmcloughlin/avo/operand"

// emitStrips writes the copy of short pieces that lie at equal distances, for
// which a call of memmove each takes longer than the copying.
func emitStrips(a *asm) {
	if a.neon {
		return
	}
	const sig = "func(dst, x []float32, lines, n, ldd, ldx int)"
	a.begin("copyStrips", "copyStrips", sig, "for i := range lines {", []string{"copy(dst[i*ldd:i*ldd+n], x[i*ldx:])"})
	k := a.newPass(sig)
	lines, n, ldd, ldx := a.param("lines"), a.param("n"), a.scaled("ldd"), a.scaled("ldx")
	full, rest := a.GP64(), a.GP64()
	a.MOVQ(n, full)
	a.ANDQ(operand.I32(-int32(a.lanes())), full)
	a.SHLQ(operand.U8(2), full) // bytes in whole vectors
	a.MOVQ(n, rest)
	a.ANDQ(operand.U8(a.lanes()-1), rest)
	tail := *k
	tail.maskRest(rest)
	a.TESTQ(lines, lines)
	a.JZ(operand.LabelRef("done"))
	a.Label("line")
	a.XORQ(k.at, k.at)
	a.CMPQ(k.at, full)
	a.JAE(operand.LabelRef("rest"))
	a.Label("vector")
	k.out("dst", k.in("x"))
	a.ADDQ(operand.U32(a.bytes()), k.at)
	a.CMPQ(k.at, full)
	a.JB(operand.LabelRef("vector"))
	a.Label("rest")
	a.TESTQ(rest, rest)
	a.JZ(operand.LabelRef("next"))
	tail.out("dst", tail.in("x"))
	a.Label("next")
	a.ADDQ(ldd, k.base["dst"])
	a.ADDQ(ldx, k.base["x"])
	a.DECQ(lines)
	a.JNZ(operand.LabelRef("line"))
	a.Label("done")
	a.VZEROUPPER()
	a.RET()
}
