package main

import "github.com/mmcloughlin/avo/operand"

// emitFiltering writes the transforms of minimal filtering with integers, for AVX2 alone: with VNNI the products of the definition
// are faster.
func emitFiltering(a *asm) {
	if a.neon || a.wide || a.vnni {
		return
	}
	a.filterSource()
	a.filterSums()
}

// filterRows are the rows of Bᵀ: x - y, or x + y.
var filterRows = [4]filterRow{{0, 2, false}, {1, 2, true}, {2, 1, false}, {1, 3, false}}

type filterRow struct {
	x, y int
	plus bool
}

func (f filterRow) join(a *asm) func(ops ...operand.Op) {
	if f.plus {
		return func(o ...operand.Op) { a.VPADDW(o[0], o[1], o[2]) }
	}
	return func(o ...operand.Op) { a.VPSUBW(o[0], o[1], o[2]) }
}

// filterSource writes Bᵀ·d·B.
func (a *asm) filterSource() {
	a.begin("filterSource", "filterSource", "func(dst, x *int16, pieces, channels, line, plane int)", "", []string{
		"Bᵀ·d·B of pieces of a line, two pixels apart: 16 planes dst [pieces, channels], of a multiple of 16 channels. Lines of x and", "planes of dst lie line and plane bytes apart."})
	d, x, pieces, channels := a.param("dst"), a.param("x"), a.param("pieces"), a.param("channels")
	line, plane := a.param("line"), a.param("plane")
	a.ADDQ(channels, channels) // bytes
	pixel3 := a.tripled(channels)
	a.Label("piece")
	left := a.GP64()
	a.MOVQ(channels, left)
	a.Label("block")
	lines := []gp{x, a.GP64(), a.GP64(), a.GP64()}
	for i := 1; i < 4; i++ {
		a.LEAQ(operand.Mem{Base: lines[i-1], Index: line, Scale: 1}, lines[i])
	}
	at := func(i, j int) operand.Mem {
		m := operand.Mem{Base: lines[i]}
		switch j {
		case 1, 2:
			m.Index, m.Scale = channels, uint8(j)
		case 3:
			m.Index, m.Scale = pixel3, 1
		}
		return m
	}
	to := a.GP64()
	a.MOVQ(d, to)
	for r, lines := range filterRows {
		var t [4]vec
		for j := range t {
			t[j] = a.vec()
			a.VMOVDQU(at(lines.x, j), t[j])
			lines.join(a)(at(lines.y, j), t[j], t[j])
		}
		var out [4]vec
		for i, columns := range filterRows {
			out[i] = a.vec()
			columns.join(a)(t[columns.y], t[columns.x], out[i])
		}
		for i, v := range out {
			a.VMOVDQU(v, operand.Mem{Base: to})
			if r < 3 || i < 3 {
				a.ADDQ(plane, to)
			}
		}
	}
	a.ADDQ(operand.U8(32), x)
	a.ADDQ(operand.U8(32), d)
	a.SUBQ(operand.U8(32), left)
	a.JNZ(operand.LabelRef("block"))
	a.ADDQ(channels, x) // of two pixels, one is done
	a.DECQ(pieces)
	a.JNZ(operand.LabelRef("piece"))
	a.VZEROUPPER()
	a.RET()
}

// filterSums writes Aᵀ·M·A, and what becomes of the sums.
func (a *asm) filterSums() {
	a.begin("filterSums", "filterSums", "func(y *float32, sums *int32, pieces, plane, pixel, line int, scale, ws, bias *float32, floor float32)", "", []string{
		"Aᵀ·M·A of pieces of a line, for 8 outputs of 16: the planes of sums [pieces, 16] lie plane bytes apart. Of two lines of", "results, two pixels of a piece are max(floor, float32(sum/4)·(scale·ws) + bias); pixels and lines lie so many bytes apart."})
	y, m, pieces, plane, pixel := a.param("y"), a.param("sums"), a.param("pieces"), a.param("plane"), a.param("pixel")
	line := a.param("line")
	p := a.GP64()
	scale, bias, floor := a.vec(), a.vec(), a.vec()
	a.Load(a.Param("scale"), p)
	a.VBROADCASTSS(operand.Mem{Base: p}, scale)
	a.Load(a.Param("ws"), p)
	a.VMULPS(operand.Mem{Base: p}, scale, scale)
	a.Load(a.Param("bias"), p)
	a.VMOVUPS(operand.Mem{Base: p}, bias)
	addr, err := a.Param("floor").Resolve()
	if err != nil {
		panic(err)
	}
	a.VBROADCASTSS(addr.Addr, floor)
	a.Label("piece")
	var s [2][4]vec
	var rows [4]gp
	for i := range rows { // of planes, four by four
		rows[i] = a.GP64()
		if i == 0 {
			a.MOVQ(m, rows[0])
		} else {
			a.LEAQ(operand.Mem{Base: rows[i-1], Index: plane, Scale: 4}, rows[i])
		}
	}
	for j := range 4 {
		b, c, up, down := a.vec(), a.vec(), a.vec(), a.vec()
		a.VMOVDQU(operand.Mem{Base: rows[1]}, b)
		a.VMOVDQU(operand.Mem{Base: rows[2]}, c)
		a.VPADDD(c, b, up)
		a.VPSUBD(c, b, down)
		a.VPADDD(operand.Mem{Base: rows[0]}, up, up)
		a.VPSUBD(operand.Mem{Base: rows[3]}, down, down)
		s[0][j], s[1][j] = up, down
		if j < 3 {
			for _, r := range rows {
				a.ADDQ(plane, r)
			}
		}
	}
	for i, t := range s {
		for j := range 2 {
			v := a.vec()
			if j == 0 {
				a.VPADDD(t[1], t[0], v)
				a.VPADDD(t[2], v, v)
			} else {
				a.VPSUBD(t[2], t[1], v)
				a.VPSUBD(t[3], v, v)
			}
			a.VPSRAD(operand.U8(2), v, v)
			a.VCVTDQ2PS(v, v)
			a.VMULPS(scale, v, v)
			a.VADDPS(bias, v, v)
			a.VMAXPS(v, floor, v)
			to := operand.Mem{Base: y}
			if j == 1 {
				to.Index, to.Scale = pixel, 1
			}
			a.VMOVUPS(v, to)
		}
		if i == 0 {
			a.ADDQ(line, y)
		}
	}
	a.SUBQ(line, y)
	a.LEAQ(operand.Mem{Base: y, Index: pixel, Scale: 2}, y)
	a.ADDQ(operand.U8(64), m)
	a.DECQ(pieces)
	a.JNZ(operand.LabelRef("piece"))
	a.VZEROUPPER()
	a.RET()
}
