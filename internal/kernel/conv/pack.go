package conv

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// convPacking is where the weights of a convolution lie when they are packed: panels
// of up to gemm.TileCols() channels of the result, and in each the kinds of places, their taps
// in the order of the sum, and for each tap the channels it meets:
//
//	[panel][tap][input][gemm.TileCols()]
type convPacking struct {
	groups, inGroup, panels int   // panels of a group, and of all
	order                   []int // by tap: its place in the sum
	chunk, chunks           int   // how many inputs a unit of packing takes, and how many do
	packLocal               int
}

// panel is the i-th: its group, and its channels in it.
func (p *convPacking) panel(i, outputs int) (group, lo, hi int) {
	lo = i % p.inGroup * gemm.TileCols()
	return i / p.inGroup, lo, min(lo+gemm.TileCols(), outputs)
}

func (v *Conv) makePacking(groups int) {
	const unit = 8 << 10 // floats
	s := &v.shape
	taps := s.taps()
	v.groups, v.inGroup = groups, cut.Ceil(v.outputs, gemm.TileCols())
	v.panels = groups * v.inGroup
	v.order = make([]int, taps)
	n := 0
	for _, k := range v.kinds {
		for _, d := range k.phase[0].taps {
			for _, h := range k.phase[1].taps {
				for _, w := range k.phase[2].taps {
					v.order[(d.k*s.Kernel[1]+h.k)*s.Kernel[2]+w.k] = n
					n++
				}
			}
		}
	}
	inputs := v.inputs
	if v.depthwise {
		inputs = 1
	}
	v.chunk = min(max(unit/(taps*gemm.TileCols()), 1), inputs)
	v.chunks = cut.Ceil(inputs, v.chunk)
	v.packLocal = v.chunk * taps * gemm.TileCols()
	v.Scratch = v.panels * taps * inputs * gemm.TileCols()
	v.PackUnits = v.panels * v.chunks
}

// packed is where the weights of a panel begin.
func (v *Conv) packed(panel int) int { return panel * (v.Scratch / v.panels) }

// Pack does the units [lo,hi) of the first phase.
func (v *Conv) Pack(scratch, local, w []float32, lo, hi int) {
	s := &v.shape
	taps := s.taps()
	w, scratch = w[:s.O*(s.C/s.Groups)*taps], scratch[:v.Scratch]
	if v.minimal != nil {
		v.minimal.pack(scratch, local[:v.Local], w, lo, hi)
		return
	}
	inputs := v.inputs
	if v.depthwise {
		inputs = 1
	}
	for u := lo; u < hi; u++ {
		panel := u / v.chunks
		group, first, end := v.panel(panel, v.outputs)
		n, i := end-first, u%v.chunks*v.chunk
		m := min(v.chunk, inputs-i)
		dst := scratch[v.packed(panel):]
		if v.inverse && taps == 1 && !v.depthwise { // as it lies
			row := v.outputs
			gemm.PackColumns(dst[i*gemm.TileCols():], w[(group*inputs+i)*row+first:], n, m, row, gemm.TileCols())
			continue
		}
		if v.inverse || v.depthwise { // a row of taps for every channel of the result
			row := v.outputs * taps
			for j := range m {
				src := w[(group*inputs+i+j)*row+first*taps:]
				vec.Transpose(local, src, taps, n, gemm.TileCols(), taps)
				v.scatter(dst, local, 1, i+j, inputs, n)
			}
			continue
		}
		row := inputs * taps
		src := w[(group*v.outputs+first)*row+i*taps:]
		if taps == 1 {
			vec.Transpose(dst[i*gemm.TileCols():], src, m, n, gemm.TileCols(), row)
			continue
		}
		vec.Transpose(local, src, m*taps, n, gemm.TileCols(), row)
		v.scatter(dst, local, m, i, inputs, n)
	}
}

// scatter copies lines [input][tap][gemm.TileCols()] to their places in a panel, for m inputs
// from the first on.
func (v *Conv) scatter(dst, lines []float32, m, first, inputs, n int) {
	for j := range m {
		for t, at := range v.order {
			to := (at*inputs + first + j) * gemm.TileCols()
			from := (j*len(v.order) + t) * gemm.TileCols()
			copy(dst[to:to+n], lines[from:])
		}
	}
}
