package conv

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// winogradWeights is the gradient of a convolution of 3×3 taps by its weights, by
// minimal filtering F(3×3,2×2): the pieces d of x are those of the convolution, and for
// the 2×2 pieces q of dy
//
//	dw = Aᵀ[Σ (G·q·Gᵀ) ⊙ (Bᵀ·d·B)]A, G = [1 0; 1 1; 1 -1; 0 1], Aᵀ = [1 ½ ½ 0; 0 ½ -½ 0; 0 ½ ½ -1]
//
// The sums over all pieces are sixteen matrix products, of which Aᵀ is taken once in
// the end.
type winogradWeights struct {
	*winograd
	steps, parts int // how many times so many lines there are, and into how many parts they are cut
	pieces       int // floats of dy's transformed pieces
}

// planWeights cuts the work for v.
func (w *winograd) planWeights(v *Weights) *winogradWeights {
	g := &winogradWeights{winograd: w}
	all, size := w.batch*w.down, 16*w.inputs*w.outputs
	// How the lines are cut decides in which order they are summed, so it must not depend on the variant's tile.
	w.lines = min(max(1, winogradUnit/(16*w.across*(w.inputs+gemm.PanelB))), all)
	g.steps = cut.Ceil(all, w.lines)
	g.parts = max(1, min(g.steps, wantPieces, partFloats/size, all*w.across/64))
	w.panels = cut.Ceil(w.outputs, gemm.TileCols())
	w.sets = min(w.panels, cut.Ceil(16, g.parts))
	w.lineSize = 2 * (w.across + 1) * w.inputs
	w.transformed = 16 * w.lines * w.across * w.inputs
	g.pieces = 16 * w.lines * w.across * gemm.TileCols()
	w.chunk = min(16, w.inputs)
	w.chunks = cut.Ceil(w.inputs, w.chunk)
	v.Scratch, v.Units, v.JoinUnits = g.parts*size, g.parts*w.sets, w.panels*w.chunks
	v.Local = max(8*w.lineSize+w.transformed+g.pieces+8*w.across*gemm.TileCols(), (16+9+4)*w.chunk*gemm.TileCols())
	return g
}

// run does the units [lo,hi) of the first phase.
func (g *winogradWeights) run(x, dy, scratch, local []float32, lo, hi int) {
	size := 16 * g.inputs * g.outputs
	for u := lo; u < hi; u++ {
		i := u / g.sets
		s0, s1 := cut.Part(g.steps, g.parts, i)
		p0, p1 := cut.Part(g.panels, g.sets, u%g.sets)
		for s := s0; s < s1; s++ {
			first := s * g.lines
			end := min(first+g.lines, g.batch*g.down)
			g.transform(local, x, first, end)
			for p := p0; p < p1; p++ {
				g.add(scratch[i*size:(i+1)*size], dy, local[8*g.lineSize:], first, end, p*gemm.TileCols(), s > s0)
			}
		}
	}
}

// add adds what some lines contribute to a panel of the sums, [panel][16][input][column].
func (g *winogradWeights) add(sums, dy, local []float32, first, end, column int, load bool) {
	n, pieces := min(gemm.TileCols(), g.outputs-column), (end-first)*g.across
	q := local[g.transformed:]
	g.spread(q[:16*pieces*n], dy, q[g.pieces:], first, end, column, n)
	sums = sums[16*g.inputs*column:]
	t := gemm.Tiles{Segs: gemm.Unbroken, Length: pieces, Ars: 1, Aks: g.inputs, Ldb: n, Ldc: n, Reps: 1, Load: load}
	for i := range 16 {
		t.Cover(sums[i*g.inputs*n:], local[i*pieces*g.inputs:], q[i*pieces*n:], g.inputs, n, false, gemm.TileEpilogue{})
	}
}

// spread computes G·q·Gᵀ of some lines and n columns, as [16][piece][column].
func (g *winogradWeights) spread(dst, dy, local []float32, first, end, column, n int) {
	half := g.across * n // the even pixels of a row, or the odd ones
	plane := (end - first) * half
	a, b, sum, diff := local[:2*half], local[2*half:4*half], local[4*half:6*half], local[6*half:8*half]
	for line := first; line < end; line++ {
		row, there := g.row(line), g.result[0]-2*(line%g.down)
		g.copyRow(a, dy, row, column, n)
		if there > 1 {
			g.copyRow(b, dy, row+1, column, n)
		} else {
			clear(b)
		}
		vec.Add(sum, a, b)
		vec.Sub(diff, a, b)
		for r, v := range [4][]float32{a, sum, diff, b} {
			to := dst[r*4*plane+(line-first)*half:]
			copy(to[:half], v)
			vec.Add(to[plane:plane+half], v[:half], v[half:])
			vec.Sub(to[2*plane:2*plane+half], v[:half], v[half:])
			copy(to[3*plane:3*plane+half], v[half:])
		}
	}
}

// copyRow copies n columns of a row of dy, its even pixels before its odd ones.
func (g *winogradWeights) copyRow(dst, dy []float32, row, column, n int) {
	for s := range 2 {
		to, pixels := dst[s*g.across*n:(s+1)*g.across*n], (g.result[1]-s+1)/2
		if pixels > 0 {
			active.copyStrips(to, dy[(row*g.result[1]+s)*g.outputs+column:], pixels, n, n, 2*g.outputs)
		}
		clear(to[pixels*n:])
	}
}

// join does the units [lo,hi) of the second phase.
func (g *winogradWeights) join(dw, scratch, local []float32, lo, hi int) {
	size := 16 * g.inputs * g.outputs
	for u := lo; u < hi; u++ {
		column, first := u/g.chunks*gemm.TileCols(), u%g.chunks*g.chunk
		m, n := min(g.chunk, g.inputs-first), min(gemm.TileCols(), g.outputs-column)
		mn := m * n
		for i := range 16 {
			to, at := local[i*mn:(i+1)*mn], 16*g.inputs*column+(i*g.inputs+first)*n
			copy(to, scratch[at:at+mn])
			for p := 1; p < g.parts; p++ {
				vec.Add(to, to, scratch[p*size+at:p*size+at+mn])
			}
		}
		taps, half := local[16*mn:25*mn], local[25*mn:29*mn]
		gather(local, 4*mn, half)
		for r := range 3 {
			gather(local[r*4*mn:], mn, half)
			copy(taps[r*3*mn:(r+1)*3*mn], local[r*4*mn:])
		}
		for c := range m {
			vec.Transpose(dw[(column*g.inputs+first+c)*9:], taps[c*n:], n, 9, 9*g.inputs, mn)
		}
	}
}

// gather is Aᵀ of the gradient: three rows from four, in the place of the first three.
func gather(x []float32, n int, half []float32) {
	a, b, c, d, half := x[:n], x[n:2*n], x[2*n:3*n], x[3*n:4*n], half[:n]
	vec.Add(half, b, c)
	vec.Scale(half, half, 0.5)
	vec.Sub(b, b, c)
	vec.Scale(b, b, 0.5)
	vec.Add(a, a, half)
	vec.Sub(c, half, d)
}
