package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
)

// emitRandom writes what draws random numbers by Philox4x32-10, whole groups of
// 64 elements at a time; see philox.go in package rand for the layout.
func emitRandom(a *asm) {
	const tail = "key, step, group uint64)"
	a.groups("dropout", "func(dst, x []float32, limit uint32, scale float32, "+tail, "dst[i] = w >= limit ? x[i]*scale : 0",
		func(k *pass, w [4]vec) {
			for i := range w {
				k.disp = i * 64
				keep := k.notBelow(w[i], k.arg("limit"))
				k.out("dst", k.only(keep, k.mul(k.in("x"), k.arg("scale"))))
			}
		})
	a.groups("randomBits", "func(dst []uint32, "+tail, "dst[i] = w",
		func(k *pass, w [4]vec) {
			for i := range w {
				k.disp = i * 64
				k.out("dst", w[i])
			}
		})
	a.groups("randomUniform", "func(dst []float32, lo, width float32, "+tail, "dst[i] = fma(unit(w), width, lo)",
		func(k *pass, w [4]vec) {
			for i := range w {
				k.disp = i * 64
				k.out("dst", k.fma(k.unit(w[i]), k.arg("width"), k.arg("lo")))
			}
		})
	a.groups("randomNormal", "func(dst []float32, mean, std float32, "+tail,
		"dst[i], dst[i+16] = fma(c, std, mean), fma(s, std, mean) with c, s = boxMuller(w, w of i+16)",
		func(k *pass, w [4]vec) {
			for i := 0; i < 4; i += 2 {
				c, s := k.boxMuller(w[i], w[i+1])
				k.disp = i * 64
				k.out("dst", k.fma(c, k.arg("std"), k.arg("mean")))
				k.disp += 64
				k.out("dst", k.fma(s, k.arg("std"), k.arg("mean")))
			}
		})
}

// groups writes a loop over groups. Its body gets the words of sixteen (AVX2:
// eight) blocks, where word i belongs to the elements 16·i and following.
func (a *asm) groups(field, sig, doc string, body func(k *pass, w [4]vec)) {
	if a.neon && rareNEON(field) {
		return
	}
	a.begin(field, field, sig, "for i := range dst { // w is the draw of i", []string{doc})
	if a.neon {
		a.groupsNEON(sig, body)
		return
	}
	k := a.newPass(sig)
	n, block := a.GP64(), a.vec()
	a.Load(a.Param("dst").Len(), n)
	first := a.param("group")
	a.SHLQ(operand.U8(4), first)
	a.broadcastQ(first, block)
	a.VPADDQ(a.evenLanes(), block, block)
	key, step := a.GP64(), a.GP64()
	a.Load(a.Param("key"), key)
	a.Load(a.Param("step"), step)

	next := a.label("group")
	a.Label(next)
	top := a.GP64()
	a.MOVQ(k.at, top)
	for range 16 / a.lanes() {
		body(k, k.philox(block, key, step))
		k.disp = 0
		a.ADDQ(operand.U8(a.bytes()), k.at)
		a.VPADDQ(a.longs(uint64(a.lanes())), block, block)
	}
	a.LEAQ(operand.Mem{Base: top, Disp: 256}, k.at)
	a.SUBQ(operand.U8(64), n)
	a.JNZ(operand.LabelRef(next))
	a.VZEROUPPER()
	a.RET()
}

func (a *asm) broadcastQ(r gp, v vec) {
	x := a.XMM()
	a.VMOVQ(r, x)
	a.VPBROADCASTQ(x, v)
}

// philox computes the blocks from block on, of which it is given every other one
// in lanes of 64 bits: products of 32 bits need that room. The blocks between
// go the same way, and the words are interleaved in the end.
func (k *pass) philox(block vec, key, step gp) [4]vec {
	var even, odd [4]vec
	s := k.vec()
	k.broadcastQ(step, s)
	odd[0] = k.vec()
	k.VPADDQ(k.longs(1), block, odd[0])
	even[0] = block
	for _, c := range []*[4]vec{&even, &odd} {
		c[1] = k.shift(k.VPSRLQ, c[0], 32)
		c[2], c[3] = s, k.shift(k.VPSRLQ, s, 32)
	}
	k0 := k.vec()
	k.broadcastQ(key, k0)
	k1 := k.shift(k.VPSRLQ, k0, 32)
	for round := range 10 {
		if round > 0 {
			k0 = k.addInt(k0, k.bits(0x9e3779b9))
			k1 = k.addInt(k1, k.bits(0xbb67ae85))
		}
		k.philoxRound(&even, k0, k1)
		k.philoxRound(&odd, k0, k1)
	}
	var w [4]vec
	for i := range w {
		w[i] = k.interleave(even[i], odd[i])
	}
	return w
}

// philoxRound looks at the lower half of each lane only; the upper half is of no
// account.
func (k *pass) philoxRound(c *[4]vec, k0, k1 vec) {
	p0, p1 := k.vec(), k.vec()
	k.VPMULUDQ(k.bits(0xd2511f53), c[0], p0)
	k.VPMULUDQ(k.bits(0xcd9e8d57), c[2], p1)
	c[0] = k.xor3(k.shift(k.VPSRLQ, p1, 32), c[1], k0)
	c[2] = k.xor3(k.shift(k.VPSRLQ, p0, 32), c[3], k1)
	c[1], c[3] = p1, p0
}

func (a *asm) xor3(x, y, z vec) vec {
	if a.wide {
		v := a.copy(x)
		a.VPTERNLOGD(operand.U8(0x96), z, y, v)
		return v
	}
	return a.xor(a.xor(x, y), z)
}

// interleave puts the lower halves of the 64-bit lanes of even and odd in turn.
func (a *asm) interleave(even, odd vec) vec {
	v, o := a.vec(), a.shift(a.VPSLLQ, odd, 32)
	if a.wide {
		k, r := a.K(), a.GP32()
		a.MOVL(operand.U32(0xaaaa), r)
		a.KMOVW(r, k)
		a.VPBLENDMD(o, even, k, v)
	} else {
		a.VPBLENDD(operand.U8(0xaa), o, even, v)
	}
	return v
}

// notBelow compares unsigned integers.
func (a *asm) notBelow(x, y vec) mask {
	if a.neon {
		return mask{v: a.native("cmhs", x, y)}
	}
	if a.wide {
		k := a.K()
		a.VPCMPUD(operand.U8(5), y, x, k)
		return mask{k: k}
	}
	v := a.vec()
	a.VPMAXUD(x, y, v)
	a.VPCMPEQD(x, v, v)
	return mask{v: v}
}

func (a *asm) unit(w vec) vec { return a.mul(a.float(a.shr(w, 8)), a.num(0x1p-24)) }

func (a *asm) boxMuller(x, y vec) (c, s vec) {
	rho := a.sqrt(a.mul(a.log(a.add(a.unit(x), a.num(0x1p-24))), a.num(-2)))
	t := a.mul(a.unit(y), a.num(4))
	j := a.add(t, a.num(roundC))
	r := a.mul(a.sub(t, a.sub(j, a.num(roundC))), a.num(math.Pi/2))
	sin, cos := a.sinCos(r)
	return a.mul(rho, a.quadrant(a.addInt(j, a.bits(1)), sin, cos)), a.mul(rho, a.quadrant(j, sin, cos))
}

// longs is a small constant in every 64-bit lane, in memory.
func (a *asm) longs(v uint64) operand.Op {
	return a.shared.at(fmt.Sprintf("longs%d", v), a.lanes()/2, func(int) uint64 { return v })
}

// evenLanes holds 0, 2, 4, … in 64-bit lanes, in memory.
func (a *asm) evenLanes() operand.Op {
	return a.shared.at("evenLanes", a.lanes()/2, func(i int) uint64 { return uint64(2 * i) })
}
