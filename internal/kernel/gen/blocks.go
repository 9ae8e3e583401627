package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// emitBlocks writes what widens blocks of 32 numbers of 4 or 8 bits, as package integer packs them: panels of 16 outputs, of each
// its scale, and then for each output 32 bits with the next numbers of it, the lowest first.
func emitBlocks(a *asm) {
	if a.vnni {
		return
	}
	for _, bits := range []int{4, 8} {
		a.widenBlocks(bits)
	}
}

func (a *asm) widenBlocks(bits int) {
	name := fmt.Sprint("widen", bits)
	a.begin(name, name, "func(dst, src []float32, panels, size, ld int)", "for p := range panels {", []string{
		"for k, number := range numbers of the block at src[p*size] { // of 16 outputs j", "	dst[k*ld+16*p+j] = float32(number[j])*scale[j]", "}"})
	dst, src := a.GP64(), a.GP64()
	a.Load(a.Param("dst").Base(), dst)
	a.Load(a.Param("src").Base(), src)
	panels, size, ld := a.param("panels"), a.scaled("size"), a.scaled("ld")
	nv, in32 := 16/a.lanes(), 32/bits
	a.Label("panel")
	from, to, left := a.GP64(), a.GP64(), a.GP64()
	a.MOVQ(src, from)
	a.MOVQ(dst, to)
	scale := make([]vec, nv)
	for j := range scale {
		scale[j] = a.loaded(operand.Mem{Base: from, Disp: j * a.bytes()})
	}
	a.ADDQ(operand.U8(64), from)
	a.MOVQ(operand.U32(32/in32), left)
	a.Label("next")
	words := make([]vec, nv)
	for j := range words {
		words[j] = a.loaded(operand.Mem{Base: from, Disp: j * a.bytes()})
	}
	for k := range in32 {
		for j, w := range words {
			v := a.vec()
			if up := 32 - bits*(k+1); up > 0 {
				a.VPSLLD(operand.U8(up), w, v)
				w = v
			}
			a.VPSRAD(operand.U8(32-bits), w, v)
			a.VCVTDQ2PS(v, v)
			a.VMULPS(scale[j], v, v)
			a.VMOVUPS(v, operand.Mem{Base: to, Disp: j * a.bytes()})
		}
		a.ADDQ(ld, to)
	}
	a.ADDQ(operand.U8(64), from)
	a.DECQ(left)
	a.JNZ(operand.LabelRef("next"))
	a.ADDQ(operand.U8(64), dst)
	a.ADDQ(size, src)
	a.DECQ(panels)
	a.JNZ(operand.LabelRef("panel"))
	a.VZEROUPPER()
	a.RET()
}
