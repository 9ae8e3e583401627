package rand

import (
	"math"

	"dnn/internal/kernel/scalar"
)

// Bits writes the draws of the elements offset, offset+1, ….
func Bits(dst []uint32, seed, stream, step uint64, offset int) {
	p := newPhilox(seed, stream, step)
	head, body := wholeGroups(offset, len(dst))
	p.fill(dst[:head], offset)
	if body > head {
		active.randomBits(dst[head:body], p.key, p.step, uint64(offset+head)/64)
	}
	p.fill(dst[body:], offset+body)
}

// Uniform writes fma(u, hi-lo, lo) with u = (draw>>8)·2⁻²⁴ in [0,1).
func Uniform(dst []float32, lo, hi float32, seed, stream, step uint64, offset int) {
	p := newPhilox(seed, stream, step)
	head, body := wholeGroups(offset, len(dst))
	p.uniform(dst[:head], lo, hi-lo, offset)
	if body > head {
		active.randomUniform(dst[head:body], lo, hi-lo, p.key, p.step, uint64(offset+head)/64)
	}
	p.uniform(dst[body:], lo, hi-lo, offset+body)
}

// Normal writes fma(z, std, mean) with z standard normal, by Box & Muller
// (1958) from the draws of two elements 16 apart: with a the draw of the first
// and b of the second, ρ = √(-2·ln(((a>>8)+1)·2⁻²⁴)) and φ = 2π·(b>>8)·2⁻²⁴, the first
// is ρ·cos φ, the second ρ·sin φ. |z| stays below 5.77.
func Normal(dst []float32, mean, std float32, seed, stream, step uint64, offset int) {
	p := newPhilox(seed, stream, step)
	head, body := wholeGroups(offset, len(dst))
	p.normal(dst[:head], mean, std, offset)
	if body > head {
		active.randomNormal(dst[head:body], mean, std, p.key, p.step, uint64(offset+head)/64)
	}
	p.normal(dst[body:], mean, std, offset+body)
}

func (p philox) fill(dst []uint32, offset int) {
	for i := range dst {
		dst[i] = p.at(offset + i)
	}
}

func (p philox) uniform(dst []float32, lo, width float32, offset int) {
	for i := range dst {
		dst[i] = scalar.FMA(unit(p.at(offset+i)), width, lo)
	}
}

func (p philox) normal(dst []float32, mean, std float32, offset int) {
	for i := range dst {
		at := offset + i
		b := p.block(uint64(at)/64*16 + uint64(at)%16)
		w := at % 64 / 16
		c, s := boxMuller(b[w&2], b[w&2+1])
		if w&1 == 1 {
			c = s
		}
		dst[i] = scalar.FMA(c, std, mean)
	}
}

// unit is a draw as a number in [0,1), exact.
func unit(w uint32) float32 { return scalar.Mul(float32(int32(w>>8)), 0x1p-24) }

func boxMuller(a, b uint32) (c, s float32) {
	rho := scalar.Sqrt(scalar.Mul(scalar.Log(unit(a)+0x1p-24), -2))
	t := unit(b) * 4 // in quarter turns, exact
	n := t + scalar.RoundC
	j := int32(math.Float32bits(n))
	r := scalar.Mul(t-(n-scalar.RoundC), 0x1.921fb6p0)
	return scalar.Mul(rho, scalar.SinQuadrant(r, j+1)), scalar.Mul(rho, scalar.SinQuadrant(r, j))
}

func randomBitsGeneric(dst []uint32, key, step, group uint64) {
	p := philox{key, step}
	for o := 0; o < len(dst); o += 64 {
		p.group((*[64]uint32)(dst[o:]), group+uint64(o)/64)
	}
}

func randomUniformGeneric(dst []float32, lo, width float32, key, step, group uint64) {
	p := philox{key, step}
	var w [64]uint32
	for o := 0; o < len(dst); o += 64 {
		p.group(&w, group+uint64(o)/64)
		for i, b := range w {
			dst[o+i] = scalar.FMA(unit(b), width, lo)
		}
	}
}

func randomNormalGeneric(dst []float32, mean, std float32, key, step, group uint64) {
	p := philox{key, step}
	var w [64]uint32
	for o := 0; o < len(dst); o += 64 {
		p.group(&w, group+uint64(o)/64)
		d := dst[o : o+64]
		for i := range 16 {
			for h := i; h < 64; h += 32 {
				c, s := boxMuller(w[h], w[h+16])
				d[h], d[h+16] = scalar.FMA(c, std, mean), scalar.FMA(s, std, mean)
			}
		}
	}
}
