package integer

import "dnn/internal/kernel/cut"

// Product is y [rows, N] = x [rows, K]·wᵀ with weights w [N, K]. Pack copies weights into panels, Quantize makes integers of
// rows, and Run multiplies. A recurrent net packs once, and quantizes and runs at each step.
type Product struct{ N, K int }

// Panels is how many there are: units of work for Pack and Run.
func (p Product) Panels() int { return cut.Ceil(p.N, panelCols) }

func (p Product) steps() int { return cut.Ceil(p.K, active.layout.group()) }

// Packed is how many float32 of memory the packed weights take.
func (p Product) Packed() int { return p.Panels() * panelFloats(p.steps()) }

// Pack packs the panels [lo,hi).
func (p Product) Pack(packed []float32, w []int8, lo, hi int) {
	size := panelFloats(p.steps())
	w = w[:p.N*p.K]
	for i := lo; i < hi; i++ {
		to := packer{active.layout, packed[i*size : (i+1)*size]}
		clear(to.dst)
		for j := range min(panelCols, p.N-i*panelCols) {
			row := w[(i*panelCols+j)*p.K:][:p.K]
			to.row(j, row)
		}
	}
}

// Row is how many float32 of memory a quantized row takes; the last of them says whether one of its numbers is negative.
func (p Product) Row() int { return p.steps() + 1 }

// Quantize makes integers of rows of x, which lie ldx apart, with the given scale, or if it is 0 with one for each row.
// Scales has the scale of each row.
func (p Product) Quantize(q, scales, x []float32, rows, ldx int, scale float32) {
	l, size := active.layout, p.Row()
	for i := range rows {
		row := x[i*ldx : i*ldx+p.K]
		scales[i] = scaleOf(row, scale)
		dst := bytesOf(q[i*size : (i+1)*size])
		intsOf(q)[(i+1)*size-1] = int32(l.quantize(dst, row, scales[i]))
		dst = dst[:4*p.steps()]
		for j := p.K * l.size(); j < len(dst); j++ {
			dst[j] = l.zero()
		}
	}
}

// Run computes y for rows of quantized numbers and the outputs of the panels [lo,hi). Rows of y lie ldy apart.
func (p Product) Run(y, q, scales, packed []float32, rows, ldy int, e Epilogue, lo, hi int) {
	if rows == 0 || lo >= hi {
		return
	}
	size := panelFloats(p.steps())
	first, last := lo*panelCols, min(hi*panelCols, p.N)
	_, _, _, _ = y[:(rows-1)*ldy+p.N], q[:rows*p.Row()], scales[:rows], e.Scales[:p.N]
	if e.Bias != nil {
		_ = e.Bias[:p.N]
	}
	rest, signs := e, int32(0)
	for i := range rows {
		signs |= intsOf(q)[(i+1)*p.Row()-1]
	}
	for i, panels := lo, 0; i < hi; i += panels {
		j, n := i*panelCols, 0
		panels, n = cover(i, hi, p.N-j)
		t := tile{y: y[j:], a: bytesOf(q), b: packed[i*size : (i+panels)*size], segs: unbroken[:], steps: p.steps(), layout: active.layout,
			row: distance{4 * p.Row(), ldy, 1}, n: n, xs: scales, unsigned: signs == 0}
		rest = t.take(e, j)
		t.down(rows)
	}
	rest.End.Finish(y, ldy, 0, rows, first, last)
}

// unbroken are the segments of a sum in one.
var unbroken [1]int
