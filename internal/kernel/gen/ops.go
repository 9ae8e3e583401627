package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The operations below take registers or constants and give a new register, so
// that a computation reads as in Go. Moves between registers are free.

// mask is the outcome of a comparison, lane by lane.
type mask struct {
	v vec               // AVX2 and NEON: all bits of the lane
	k reg.OpmaskVirtual // AVX-512
	// NEON: it holds where the bits are off
	not bool
}

// Comparison predicates that are false for NaN, but for isUnordered and notLess.
const (
	isEqual        = 0x00
	isUnordered    = 0x03
	isOrdered      = 0x07
	isLess         = 0x11
	isLessEqual    = 0x12
	notLess        = 0x15 // true for NaN
	isGreaterEqual = 0x1d
	isGreater      = 0x1e
)

// reg is o in a register.
func (a *asm) reg(o op) vec {
	if v, ok := o.(vec); ok {
		return v
	}
	v := a.vec()
	a.VMOVUPS(o, v)
	return v
}

// copy is o in a register of its own.
func (a *asm) copy(o op) vec {
	v := a.vec()
	if _, ok := o.(vec); ok {
		a.VMOVAPS(o, v)
	} else {
		a.VMOVUPS(o, v)
	}
	return v
}

func isReg(o op) bool {
	_, ok := o.(vec)
	return ok
}

func (a *asm) binary(f func(ops ...operand.Op), x, y op) vec {
	v := a.vec()
	f(y, a.reg(x), v)
	return v
}

func (a *asm) add(x, y op) vec { return a.binary(a.VADDPS, x, y) }
func (a *asm) sub(x, y op) vec { return a.binary(a.VSUBPS, x, y) }
func (a *asm) mul(x, y op) vec { return a.binary(a.VMULPS, x, y) }
func (a *asm) div(x, y op) vec { return a.binary(a.VDIVPS, x, y) }

// larger is x > y ? x : y and smaller x < y ? x : y, so y for a NaN.
func (a *asm) larger(x, y op) vec {
	switch c, ok := a.constant(x); {
	case a.neon && ok && c == 0:
		return a.only(mask{v: a.compare(isLess, y, x).v, not: true}, y)
	case a.neon && ok:
		return a.native("fmax", x, y)
	}
	return a.binary(a.VMAXPS, x, y)
}

func (a *asm) smaller(x, y op) vec {
	if c, ok := a.constant(x); a.neon && ok && c != 0 {
		return a.native("fmin", x, y)
	}
	return a.binary(a.VMINPS, x, y)
}

// max and min are Max and Min of package scalar.
func (a *asm) max(x, y op) vec { return a.orNaN(x, a.larger(x, y)) }
func (a *asm) min(x, y op) vec { return a.orNaN(x, a.smaller(x, y)) }

func (a *asm) orNaN(x op, v vec) vec { return a.choose(a.compare(isUnordered, x, x), x, v) }

func (a *asm) clip(x, lo, hi op) vec { return a.smaller(hi, a.larger(lo, x)) }

func (a *asm) sqrt(x op) vec {
	v := a.vec()
	a.VSQRTPS(x, v)
	return v
}

// fma is x·y + z.
func (a *asm) fma(x, y, z op) vec {
	if !isReg(x) {
		x, y = y, x
	}
	if a.neon || isReg(z) {
		v := a.copy(z)
		a.VFMADD231PS(y, a.reg(x), v)
		return v
	}
	v := a.copy(y)
	a.VFMADD213PS(z, a.reg(x), v)
	return v
}

// fnma is z - x·y.
func (a *asm) fnma(x, y, z op) vec {
	if !isReg(x) {
		x, y = y, x
	}
	if a.neon || isReg(z) {
		v := a.copy(z)
		a.VFNMADD231PS(y, a.reg(x), v)
		return v
	}
	v := a.copy(y)
	a.VFNMADD213PS(z, a.reg(x), v)
	return v
}

// fms is x·y - z.
func (a *asm) fms(x, y, z vec) vec {
	if a.neon {
		return a.fma(x, y, a.neg(z))
	}
	v := a.copy(x)
	a.VFMSUB213PS(z, y, v)
	return v
}

// poly is Horner's rule: the coefficients from the highest power on.
func (a *asm) poly(x vec, c ...float64) vec {
	if a.neon { // what is added to is written over, so there is no use in keeping it
		v := a.copy(a.inMemory(math.Float32bits(float32(c[0]))))
		for _, f := range c[1:] {
			v = a.fma(x, v, a.inMemory(math.Float32bits(float32(f))))
		}
		return v
	}
	v := a.copy(a.num(c[0]))
	for _, f := range c[1:] {
		a.VFMADD213PS(a.num(f), x, v)
	}
	return v
}

func (a *asm) and(x, y op) vec {
	if a.wide {
		return a.binary(a.VPANDD, x, y)
	}
	return a.binary(func(o ...operand.Op) { a.VPAND(o[0], o[1], o[2]) }, x, y)
}

func (a *asm) or(x, y op) vec {
	if a.wide {
		return a.binary(a.VPORD, x, y)
	}
	return a.binary(func(o ...operand.Op) { a.VPOR(o[0], o[1], o[2]) }, x, y)
}

func (a *asm) xor(x, y op) vec {
	if a.wide {
		return a.binary(a.VPXORD, x, y)
	}
	return a.binary(func(o ...operand.Op) { a.VPXOR(o[0], o[1], o[2]) }, x, y)
}

func (a *asm) abs(x op) vec {
	if a.neon {
		return a.native("fabs", x)
	}
	return a.and(x, a.bits(1<<31-1))
}

func (a *asm) neg(x op) vec {
	if a.neon {
		return a.native("fneg", x)
	}
	return a.xor(x, a.bits(1<<31))
}

func (a *asm) negAbs(x op) vec { return a.or(x, a.bits(1<<31)) }

// withSign is x, which must not be negative, with the sign of s.
func (a *asm) withSign(x, s op) vec { return a.or(x, a.and(s, a.bits(1<<31))) }

func (a *asm) addInt(x, y op) vec { return a.binary(a.VPADDD, x, y) }
func (a *asm) subInt(x, y op) vec { return a.binary(a.VPSUBD, x, y) }

func (a *asm) shift(f func(ops ...operand.Op), x op, n int) vec {
	v := a.vec()
	f(operand.U8(n), a.reg(x), v)
	return v
}

func (a *asm) shl(x op, n int) vec { return a.shift(a.VPSLLD, x, n) }
func (a *asm) shr(x op, n int) vec { return a.shift(a.VPSRLD, x, n) }
func (a *asm) sar(x op, n int) vec { return a.shift(a.VPSRAD, x, n) }

// float turns 32-bit integers into float32.
func (a *asm) float(x op) vec {
	v := a.vec()
	a.VCVTDQ2PS(x, v)
	return v
}

func (a *asm) compare(predicate int, x, y op) mask {
	if a.wide {
		k := a.K()
		a.VCMPPS(operand.U8(predicate), y, a.reg(x), k)
		return mask{k: k}
	}
	if a.neon {
		return a.compareNEON(predicate, x, y)
	}
	v := a.vec()
	a.VCMPPS(operand.U8(predicate), y, a.reg(x), v)
	return mask{v: v}
}

// below is x < y for x that is not negative, or NaN; for choose alone, which looks at signs.
func (a *asm) below(x vec, y float64) mask {
	if a.many() {
		return a.compare(isLess, x, a.num(y))
	}
	return mask{v: a.subInt(x, a.num(y))}
}

// equalInt compares integers.
func (a *asm) equalInt(x, y op) mask {
	if a.wide {
		k := a.K()
		a.VPCMPD(operand.U8(0), y, a.reg(x), k)
		return mask{k: k}
	}
	v := a.vec()
	a.VPCMPEQD(y, a.reg(x), v)
	return mask{v: v}
}

func (a *asm) both(m, n mask) mask {
	if a.wide {
		k := a.K()
		a.KANDW(m.k, n.k, k)
		return mask{k: k}
	}
	m, n = a.upright(m), a.upright(n)
	return mask{v: a.and(m.v, n.v)}
}

// choose is x where m holds, else y.
func (a *asm) choose(m mask, x, y op) vec {
	if m.not {
		x, y = y, x
	}
	v := a.vec()
	if a.wide {
		a.VBLENDMPS(x, a.reg(y), m.k, v)
	} else {
		a.VBLENDVPS(m.v, x, a.reg(y), v)
	}
	return v
}

// only is x where m holds, else 0.
func (a *asm) only(m mask, x op) vec {
	if a.wide {
		v := a.vec()
		if isReg(x) {
			a.VMOVAPS_Z(x, m.k, v)
		} else {
			a.VMOVUPS_Z(x, m.k, v)
		}
		return v
	}
	if m.not {
		return a.native("bic", x, m.v)
	}
	return a.and(m.v, x)
}
