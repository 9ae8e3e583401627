package conv

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// winograd is a convolution of 3×3 taps without strides by the minimal filtering
// F(2×2,3×3): four elements that lie together are had from sixteen products for each
// channel instead of thirty-six (Lavin & Gray 2016, equations 8 to 12):
//
//	Y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A
//
// for a 4×4 piece d of the source, the 3×3 kernel g, and the 2×2 piece Y of the result.
// The products, summed over channels, are sixteen matrix products. It rounds otherwise
// than the sum of the definition: TestWinogradError measures how well.
//
// Lines of pieces, of all images, one after the other, are what the work is cut into.
type winograd struct {
	batch           int
	source, result  [2]int // height and width
	inputs, outputs int    // channels of either
	before          [2]int // where the first piece begins, before the source
	flipped         bool   // taps in descending order, and w as [inputs, outputs]

	down, across int // Pieces of an image
	lines        int // lines of pieces in a unit
	panels, sets int // panels of columns, and into how many units they are cut

	lineSize      int // a line of the source, as it is copied
	transformed   int // floats of a unit's transformed source
	chunk, chunks int // inputs that a unit of packing takes, and how many do
}

const (
	winogradTiles = 12       // Pieces that are computed together
	winogradUnit  = 48 << 10 // floats of a unit's transformed source
)

// winograd is how to compute the convolution, or its inverse, by minimal filtering, or
// nil if it is of another kind or would gain nothing.
func (s *Shape) winograd(inverse bool) *winograd {
	if s.Kernel != [3]int{1, 3, 3} || volume(s.Stride) != 1 || s.Dilation[1] != 1 || s.Dilation[2] != 1 || s.Groups != 1 || s.In[0] != 1 || s.Out[0] != 1 {
		return nil
	}
	w := &winograd{batch: s.Batch, inputs: s.C, outputs: s.O, flipped: inverse}
	for i := range w.source {
		w.source[i], w.result[i], w.before[i] = s.In[i+1], s.Out[i+1], s.Before[i+1]
		if inverse {
			w.source[i], w.result[i], w.before[i] = s.Out[i+1], s.In[i+1], 2-s.Before[i+1]
		}
	}
	if inverse {
		w.inputs, w.outputs = s.O, s.C
	}
	w.down, w.across = cut.Ceil(w.result[0], 2), cut.Ceil(w.result[1], 2)
	// The cost of one piece, in multiplications: besides the products the transforms,
	// which are measured.
	own := 16*w.inputs*w.outputs + 100*w.inputs + 130*w.outputs
	if w.inputs < 16 || w.outputs < 16 || w.down*w.across*own*11 > w.result[0]*w.result[1]*9*w.inputs*w.outputs*10 {
		return nil
	}
	return w
}

// plan cuts the work for v.
func (w *winograd) plan(v *Conv) {
	all := w.batch * w.down
	line := 16 * w.across * w.inputs
	w.lines = max(1, min(winogradUnit/line, cut.Ceil(all, wantPieces)))
	if least := cut.Ceil(winogradTiles, w.across); w.lines < least {
		w.lines = min(least, all)
	}
	units := cut.Ceil(all, w.lines)
	w.panels, w.sets = cut.Ceil(w.outputs, gemm.TileCols()), 1
	if units < wantPieces {
		w.sets = min(w.panels, cut.Ceil(wantPieces, units))
	}
	w.lineSize = 2 * (w.across + 1) * w.inputs
	w.transformed = w.lines * line
	w.chunk = min(16, w.inputs)
	w.chunks = cut.Ceil(w.inputs, w.chunk)
	v.Scratch = w.panels * 16 * w.inputs * gemm.TileCols()
	v.PackUnits = w.panels * w.chunks
	v.Units = units * w.sets
	v.Local = max(8*w.lineSize+w.transformed+16*winogradTiles*gemm.TileCols(), (9+9+12+2)*w.chunk*gemm.TileCols())
}

// pack does the units [lo,hi) of packing: G·g·Gᵀ as [panel][16][input][gemm.TileCols()].
func (w *winograd) pack(scratch, local, weights []float32, lo, hi int) {
	weights = weights[:9*w.inputs*w.outputs]
	for u := lo; u < hi; u++ {
		panel, first := u/w.chunks, u%w.chunks*w.chunk
		m := min(w.chunk, w.inputs-first)
		size := m * gemm.TileCols()
		w.taps(local, weights, panel*gemm.TileCols(), first, m)
		g, half := local[9*size:18*size], local[18*size:30*size]
		for i := range m { // [input][tap] to [tap][input]
			for t := range 9 {
				to := t
				if w.flipped {
					to = 8 - t
				}
				copy(g[(to*m+i)*gemm.TileCols():][:gemm.TileCols()], local[(i*9+t)*gemm.TileCols():])
			}
		}
		filter(half, g, 3*size, 3*size, local[30*size:32*size])
		dst := scratch[(panel*16*w.inputs+first)*gemm.TileCols():]
		for r := range 4 {
			filter(dst[r*4*w.inputs*gemm.TileCols():], half[r*3*size:], size, w.inputs*gemm.TileCols(), local[30*size:32*size])
		}
	}
}

// taps lays the weights of m inputs and a panel of outputs down as [input][9][gemm.TileCols()].
func (w *winograd) taps(dst, weights []float32, column, first, m int) {
	n := min(gemm.TileCols(), w.outputs-column)
	clear(dst[:9*m*gemm.TileCols()])
	if !w.flipped {
		vec.Transpose(dst, weights[(column*w.inputs+first)*9:], 9*m, n, gemm.TileCols(), 9*w.inputs)
		return
	}
	for i := range m {
		vec.Transpose(dst[i*9*gemm.TileCols():], weights[((first+i)*w.outputs+column)*9:], 9, n, gemm.TileCols(), 9)
	}
}

// filter is four rows from three by G, each n long, n apart in g and ldd in dst.
func filter(dst, g []float32, n, ldd int, sum []float32) {
	for at := 0; at < n; at += len(sum) {
		m := min(len(sum), n-at)
		g0, g1, g2, s := g[at:at+m], g[n+at:n+at+m], g[2*n+at:2*n+at+m], sum[:m]
		d1, d2 := dst[ldd+at:ldd+at+m], dst[2*ldd+at:2*ldd+at+m]
		vec.Add(s, g0, g2)
		vec.Add(d1, s, g1)
		vec.Scale(d1, d1, 0.5)
		vec.Sub(d2, s, g1)
		vec.Scale(d2, d2, 0.5)
		copy(dst[at:at+m], g0)
		copy(dst[3*ldd+at:3*ldd+at+m], g2)
	}
}

// Minimal reports whether Forward computes the convolution by minimal filtering, which rounds otherwise than a chain.
func (s Shape) Minimal() bool { return s.winograd(false) != nil }

// MinimalInverse does so for Inverse.
func (s Shape) MinimalInverse() bool { return s.winograd(true) != nil }
