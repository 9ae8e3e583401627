package rand

import "dnn/internal/kernel/scalar"

// Dropout keeps x[i] iff the draw of element offset+i, a uniform 32-bit number, is
// at least rate·2³², and multiplies what it keeps by 1/(1-rate); the rest becomes
// 0 (Srivastava et al. 2014). 0 ≤ rate < 1. The same arguments make the same
// choice again, so the backward pass is Dropout(dx, dy, …).
func Dropout(dst, x []float32, rate float32, seed, stream, step uint64, offset int) {
	dst = dst[:len(x)]
	p := newPhilox(seed, stream, step)
	limit := uint32(float64(rate) * 0x1p32)
	scale := 1 / (1 - rate)
	head, body := wholeGroups(offset, len(x))
	p.dropout(dst[:head], x[:head], limit, scale, offset)
	if body > head {
		active.dropout(dst[head:body], x[head:body], limit, scale, p.key, p.step, uint64(offset+head)/64)
	}
	p.dropout(dst[body:], x[body:], limit, scale, offset+body)
}

// dropout works on a part of a group.
func (p philox) dropout(dst, x []float32, limit uint32, scale float32, offset int) {
	if len(x) == 0 {
		return
	}
	var w [64]uint32
	if len(x) > 16 { // as many blocks make the whole group
		p.group(&w, uint64(offset)/64)
	} else {
		for i := range x {
			w[(offset+i)%64] = p.at(offset + i)
		}
	}
	for i, v := range x {
		if w[(offset+i)%64] >= limit {
			dst[i] = scalar.Mul(v, scale)
		} else {
			dst[i] = 0
		}
	}
}

// dropoutGeneric works on whole groups of 64 from the given group on.
func dropoutGeneric(dst, x []float32, limit uint32, scale float32, key, step, group uint64) {
	p := philox{key, step}
	var w [64]uint32
	for o := 0; o < len(x); o += 64 {
		p.group(&w, group+uint64(o)/64)
		for i, v := range x[o : o+64] {
			if w[i] >= limit {
				dst[o+i] = scalar.Mul(v, scale)
			} else {
				dst[o+i] = 0
			}
		}
	}
}
