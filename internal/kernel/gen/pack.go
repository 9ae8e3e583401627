package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// emitTransposes writes what is behind transposing. AVX-512 has nothing of its own.
func emitTransposes(a *asm) {
	if a.neon {
		a.transposeNEON()
	} else if !a.wide {
		a.transpose8()
		a.transpose4()
	}
}

// emitCopies writes the copies behind packing, for both instruction sets too.
func emitCopies(a *asm) {
	switch {
	case a.neon:
		a.copyLines(16)
		a.copyLines(6)
	case !a.wide:
		for _, n := range []int{32, 16, 12, 6, 128} {
			a.copyLines(n)
		}
	}
}

func (a *asm) param(name string) gp {
	r := a.GP64()
	a.Load(a.Param(name), r)
	return r
}

// scaled loads a distance and turns elements into bytes.
func (a *asm) scaled(name string) gp {
	r := a.param(name)
	a.SHLQ(operand.U8(2), r)
	return r
}

// line is the i-th of eight lines that start at p and p4 (which is four lines
// further), ld bytes apart; ld3 is 3·ld.
func line(i int, p, p4, ld, ld3 gp) operand.Mem {
	b := p
	if i >= 4 {
		b = p4
	}
	switch i % 4 {
	case 1:
		return operand.Mem{Base: b, Index: ld, Scale: 1}
	case 2:
		return operand.Mem{Base: b, Index: ld, Scale: 2}
	case 3:
		return operand.Mem{Base: b, Index: ld3, Scale: 1}
	}
	return operand.Mem{Base: b}
}

// tripled returns 3·ld.
func (a *asm) tripled(ld gp) gp {
	r := a.GP64()
	a.LEAQ(operand.Mem{Base: ld, Index: ld, Scale: 2}, r)
	return r
}

// fourth returns p + 4·ld.
func (a *asm) fourth(p, ld gp) gp {
	r := a.GP64()
	a.LEAQ(operand.Mem{Base: p, Index: ld, Scale: 4}, r)
	return r
}

func (a *asm) transpose8() {
	a.Function("transpose8AVX2")
	a.Doc("For blocks of eight, n ≥ 1 of them:", "",
		"	for j := range 8 * n {",
		"		for i := range 8 {",
		"			dst[j*ldd+i] = x[i*ldx+j]",
		"		}",
		"	}")
	a.Pragma("noescape")
	a.SignatureExpr("func(dst, x *float32, n, ldd, ldx int)")
	d, x, n, ldd, ldx := a.param("dst"), a.param("x"), a.param("n"), a.scaled("ldd"), a.scaled("ldx")
	x4, ldx3, ldd3 := a.fourth(x, ldx), a.tripled(ldx), a.tripled(ldd)
	d4 := a.GP64()
	a.Label("next")
	// The halves of lines i and i+4 come together in one register, so that all
	// shuffles stay inside 128 bits.
	a.LEAQ(operand.Mem{Base: d, Index: ldd, Scale: 4}, d4)
	for h := 0; h < 8; h += 4 {
		var r, s [4]vec
		for i := range r {
			r[i] = a.YMM()
			a.VBROADCASTF128(line(i, x, x4, ldx, ldx3).Offset(4*h), r[i])
			a.VINSERTF128(operand.U8(1), line(i+4, x, x4, ldx, ldx3).Offset(4*h), r[i], r[i])
		}
		a.transpose4x4(r[:], s[:])
		for j, v := range s {
			a.VMOVUPS(v, line(h+j, d, d4, ldd, ldd3))
		}
	}
	a.ADDQ(operand.U8(32), x)
	a.ADDQ(operand.U8(32), x4)
	a.LEAQ(operand.Mem{Base: d4, Index: ldd, Scale: 4}, d)
	a.DECQ(n)
	a.JNZ(operand.LabelRef("next"))
	a.VZEROUPPER()
	a.RET()
}

// transpose4x4 transposes 4×4 elements in both halves of four registers, as integers: for those Intel has two units since Ice
// Lake, but one for the same of float32.
func (a *asm) transpose4x4(r, s []vec) {
	t := [4]vec{a.vec(), a.vec(), a.vec(), a.vec()}
	a.VPUNPCKLDQ(r[1], r[0], t[0])
	a.VPUNPCKHDQ(r[1], r[0], t[1])
	a.VPUNPCKLDQ(r[3], r[2], t[2])
	a.VPUNPCKHDQ(r[3], r[2], t[3])
	for i := range s {
		s[i] = a.vec()
	}
	a.VPUNPCKLQDQ(t[2], t[0], s[0])
	a.VPUNPCKHQDQ(t[2], t[0], s[1])
	a.VPUNPCKLQDQ(t[3], t[1], s[2])
	a.VPUNPCKHQDQ(t[3], t[1], s[3])
}

func (a *asm) transpose4() {
	a.Function("transpose4AVX2")
	a.Doc("For blocks of eight, n ≥ 1 of them:", "",
		"	for j := range 8 * n {",
		"		for i := range 4 {",
		"			dst[j*ldd+i] = x[i*ldx+j]",
		"		}",
		"	}")
	a.Pragma("noescape")
	a.SignatureExpr("func(dst, x *float32, n, ldd, ldx int)")
	d, x, n, ldd, ldx := a.param("dst"), a.param("x"), a.param("n"), a.scaled("ldd"), a.scaled("ldx")
	ldx3, ldd3 := a.tripled(ldx), a.tripled(ldd)
	d4 := a.GP64()
	a.Label("next")
	var r, s [4]vec
	for i := range r {
		r[i] = a.YMM()
		a.VMOVUPS(line(i, x, x, ldx, ldx3), r[i])
	}
	a.transpose4x4(r[:], s[:])
	a.LEAQ(operand.Mem{Base: d, Index: ldd, Scale: 4}, d4)
	for j, v := range s {
		a.VMOVUPS(v.AsX(), line(j, d, d4, ldd, ldd3))
		a.VEXTRACTF128(operand.U8(1), v, line(j+4, d, d4, ldd, ldd3))
	}
	a.ADDQ(operand.U8(32), x)
	a.LEAQ(operand.Mem{Base: d4, Index: ldd, Scale: 4}, d)
	a.DECQ(n)
	a.JNZ(operand.LabelRef("next"))
	a.VZEROUPPER()
	a.RET()
}

// copyLines copies full lines of n elements, to a panel or (128) to a stage.
func (a *asm) copyLines(n int) {
	a.Function(fmt.Sprintf("copyLines%d%s", n, a.suffix()))
	distance, params := fmt.Sprint(n), "k, ldx int"
	if n > 32 {
		distance, params = "ldd", "k, ldd, ldx int"
	}
	a.Doc("For k ≥ 1 lines:", "",
		"	for i := range k {",
		fmt.Sprintf("		copy(dst[%s*i:][:%d], x[i*ldx:])", distance, n),
		"	}")
	a.Pragma("noescape")
	a.SignatureExpr("func(dst, x *float32, " + params + ")")
	d, x, k, ldx := a.param("dst"), a.param("x"), a.param("k"), a.scaled("ldx")
	var ldd operand.Op = operand.U32(4 * n)
	if n > 32 {
		ldd = a.scaled("ldd")
	}
	a.Label("next")
	if n > 32 { // what follows in this line will be wanted next
		for at := 0; at < n; at += 16 {
			a.PREFETCHT1(operand.Mem{Base: x, Disp: 4 * (n + at)})
		}
	}
	for at := 0; at < n; {
		from, to := operand.Mem{Base: x, Disp: 4 * at}, operand.Mem{Base: d, Disp: 4 * at}
		switch {
		case n-at >= 8 && !a.neon:
			v := a.YMM()
			a.VMOVUPS(from, v)
			a.VMOVUPS(v, to)
			at += 8
		case n-at >= 4:
			v := a.XMM()
			a.VMOVUPS(from, v)
			a.VMOVUPS(v, to)
			at += 4
		default:
			v := a.GP64()
			a.MOVQ(from, v)
			a.MOVQ(v, to)
			at += 2
		}
	}
	a.ADDQ(ldx, x)
	a.ADDQ(ldd, d)
	a.DECQ(k)
	a.JNZ(operand.LabelRef("next"))
	a.VZEROUPPER()
	a.RET()
}
