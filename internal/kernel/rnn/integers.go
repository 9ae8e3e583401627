package rnn

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/integer"
)

// Integers are weights w of 8-bit integers, packed by Pack, with a scale for each row. The zero value stands for weights of float32.
// At each step, the hidden state is quantized with a scale for each row of it: that of its largest magnitude, or of Least if
// that is more. The states of most cells lie in ±1; with a Least of 1 they all have one scale.
type Integers struct {
	Scales []float32 // [Gates·Units]
	Least  float32
	// Split says that the last part of w is multiplied alone, as that of GRU with ResetBefore.
	Split bool
}

// parts are the products that are taken at once: all of w, or all but the last gate, and that.
func (r Recurrent) parts(split bool) (parts [2]integer.Product) {
	gates := r.Gates
	if split {
		gates--
		parts[1] = integer.Product{N: r.Units, K: r.Units}
	}
	parts[0] = integer.Product{N: gates * r.Units, K: r.Units}
	return parts
}

// PackUnits8, Packed8 and Pack8 are PackUnits, Packed and Pack for weights of integers.
func (r Recurrent) PackUnits8(split bool) int {
	parts := r.parts(split)
	return parts[0].Panels() + parts[1].Panels()
}

// Packed8 is how many float32 Pack8 fills.
func (r Recurrent) Packed8(split bool) int {
	parts := r.parts(split)
	return parts[0].Packed() + parts[1].Packed()
}

// Pack8 packs the panels [lo,hi).
func (r Recurrent) Pack8(packed []float32, w []int8, split bool, lo, hi int) {
	parts := r.parts(split)
	first, size := parts[0].Panels(), parts[0].Packed()
	parts[0].Pack(packed[:size], w[:parts[0].N*r.Units], min(lo, first), min(hi, first))
	parts[1].Pack(packed[size:], w[parts[0].N*r.Units:], max(lo, first)-first, max(hi, first)-first)
}

// Local8 is how many float32 of local memory are needed besides those that a net with weights of float32 needs.
func (r Recurrent) Local8() int { return r.blockRows() * (1 + r.parts(false)[0].Row()) }

// forward are the packed weights, of float32 or integers, for the way forward.
func (r Recurrent) forward(packed []float32, i Integers, local *[]float32) panels {
	p := r.panels(false)
	p.packed = packed
	if p.Integers = i; i.Scales != nil {
		p.parts = r.parts(i.Split)
		p.xs, p.q = cut.Carve(local, r.blockRows()), cut.Carve(local, r.blockRows()*p.parts[0].Row())
	}
	return p
}

// mul8 is mul in integers, for the columns of the part that begins with column j0.
func (p *panels) mul8(c, a []float32, ldc, lda, rows, j0 int) {
	part, packed := p.parts[0], p.packed
	if j0 > 0 {
		part, packed = p.parts[1], packed[part.Packed():]
	}
	size := part.Row()
	for i := range rows {
		row := a[i*lda:][:p.k]
		scale := integer.Scale(max(p.Least, integer.AbsMax(row)))
		part.Quantize(p.q[i*size:], p.xs[i:], row, 1, p.k, scale)
	}
	part.Run(c[j0:], p.q, p.xs, packed, rows, ldc, integer.Epilogue{Scales: p.Scales[j0:]}, 0, part.Panels())
}
