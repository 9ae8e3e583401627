package conv

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// run does the units [lo,hi).
func (w *winograd) run(y, x, scratch, local []float32, e *gemm.Epilogue, lo, hi int) {
	last := -1
	for u := lo; u < hi; u++ {
		first := u / w.sets * w.lines
		end := min(first+w.lines, w.batch*w.down)
		if first != last {
			w.transform(local, x, first, end)
			last = first
		}
		p0, p1 := cut.Part(w.panels, w.sets, u%w.sets)
		for p := p0; p < p1; p++ {
			w.panel(y, scratch[p*16*w.inputs*gemm.TileCols():], local[8*w.lineSize:], first, end, p*gemm.TileCols())
		}
		e.Finish(y, w.outputs, w.row(first)*w.result[1], w.row(end)*w.result[1], p0*gemm.TileCols(), min(p1*gemm.TileCols(), w.outputs))
	}
}

// row is the row of the result, of all images, that a line of pieces begins with.
func (w *winograd) row(line int) int {
	return line/w.down*w.result[0] + 2*(line%w.down)
}

// transform computes Bᵀ·d·B of some lines, as [16][piece][input]. A line of the source
// is copied with its even pixels before its odd ones, so that those of neighbouring
// Pieces lie beside each other.
func (w *winograd) transform(local, x []float32, first, end int) {
	n, size := w.across*w.inputs, w.lineSize
	plane := (end - first) * n
	dst, mixed := local[8*size:], local[4*size:8*size]
	for line := first; line < end; line++ {
		b, i := line/w.down, line%w.down
		from := 0
		if line > first && i > 0 {
			from = 2 // two lines are those of the pieces above
		}
		var l [4][]float32
		for r := range l {
			at := (2*i + r) % 4 * size
			l[r] = local[at : at+size]
			if r >= from {
				w.copyLine(l[r], x, b, 2*i+r-w.before[0])
			}
		}
		vec.Sub(mixed[:size], l[0], l[2])
		vec.Add(mixed[size:2*size], l[1], l[2])
		vec.Sub(mixed[2*size:3*size], l[2], l[1])
		vec.Sub(mixed[3*size:4*size], l[1], l[3])
		for r := range 4 {
			even, odd := mixed[r*size:r*size+size/2], mixed[r*size+size/2:(r+1)*size]
			to := dst[r*4*plane+(line-first)*n:]
			vec.Sub(to[:n], even[:n], even[w.inputs:])
			vec.Add(to[plane:plane+n], odd[:n], even[w.inputs:])
			vec.Sub(to[2*plane:2*plane+n], even[w.inputs:], odd[:n])
			vec.Sub(to[3*plane:3*plane+n], odd[:n], odd[w.inputs:])
		}
	}
}

// copyLine copies row h of an image, zero where there is none.
func (w *winograd) copyLine(dst, x []float32, b, h int) {
	if h < 0 || h >= w.source[0] {
		clear(dst)
		return
	}
	c := w.inputs
	row := x[(b*w.source[0]+h)*w.source[1]*c:][:w.source[1]*c]
	for s := range 2 {
		// The i-th pixel of dst is the one at 2i+from of the row, if there is one.
		to, from := dst[s*(w.across+1)*c:(s+1)*(w.across+1)*c], s-w.before[1]
		lo := min(cut.Ceil(max(-from, 0), 2), w.across+1)
		hi := max(min(cut.Ceil(max(w.source[1]-from, 0), 2), w.across+1), lo)
		clear(to[:lo*c])
		if hi > lo {
			active.copyStrips(to[lo*c:], row[(2*lo+from)*c:], hi-lo, c, c, 2*c)
		}
		clear(to[hi*c:])
	}
}

// panel computes up to gemm.TileCols() columns of the result from the transformed lines.
func (w *winograd) panel(y, weights, local []float32, first, end, column int) {
	pieces, n := (end-first)*w.across, min(gemm.TileCols(), w.outputs-column)
	plane := pieces * w.inputs
	sums := local[w.transformed:][:16*winogradTiles*gemm.TileCols()]
	sets := cut.Ceil(pieces, winogradTiles)
	t := gemm.Tiles{Segs: gemm.Unbroken, Length: w.inputs, Ars: w.inputs, Aks: 1, Ldb: gemm.TileCols(), Ldc: n,
		Reps: 16, AStep: plane, BStep: w.inputs * gemm.TileCols()}
	for s := range sets {
		lo, hi := cut.Part(pieces, sets, s)
		size := (hi - lo) * n
		t.CStep = size
		t.Cover(sums, local[lo*w.inputs:], weights, hi-lo, n, false, gemm.TileEpilogue{})
		combine(sums, 4*size)
		combine(sums, size)
		combine(sums[4*size:], size)
		for p := lo; p < hi; {
			j := p % w.across
			run := min(hi-p, w.across-j)
			w.store(y, sums[(p-lo)*n:], first+p/w.across, 2*j, run, size, n, column)
			p += run
		}
	}
}

// combine is Aᵀ: two rows from four, in the place of the first two.
func combine(x []float32, n int) {
	a, b, c, d := x[:n], x[n:2*n], x[2*n:3*n], x[3*n:4*n]
	vec.Add(a, a, b)
	vec.Add(a, a, c)
	vec.Sub(b, b, c)
	vec.Sub(b, b, d)
}

// store writes the four elements of pieces beside each other.
func (w *winograd) store(y, sums []float32, line, j, run, size, n, column int) {
	row := w.row(line)
	for r := range 2 {
		if line%w.down*2+r == w.result[0] {
			break
		}
		for s := range 2 {
			at := ((row+r)*w.result[1]+j+s)*w.outputs + column
			if there := min(run, (w.result[1]-j-s+1)/2); there > 0 {
				active.copyStrips(y[at:], sums[(4*r+s)*size:], there, n, 2*w.outputs, n)
			}
		}
	}
}
