package sparse

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/vec"
)

// Product is y [M, N] = x [M, K]·wᵀ for a sparse matrix w [N, K]. It has two phases, as Gemm has: Pack turns x, so that a number of
// w meets elements that lie next to each other, one of each row; Run computes. Of a single row, nothing is packed.
type Product struct{ M, N, K int }

const (
	tileRows  = 64 // rows of x that are turned together
	unitRows  = 32 // rows of w that a unit takes
	turnLines = 64 // columns of x that a unit of packing turns
)

// Scratch is how many elements Pack fills.
func (p Product) Scratch() int {
	if p.M == 1 {
		return 0
	}
	return p.M * p.K
}

// Local is how many elements a unit of Run has for itself.
func (p Product) Local() int {
	if p.M == 1 {
		return 4
	}
	return unitRows * tileRows
}

func (p Product) tiles() int { return cut.Ceil(p.M, tileRows) }

// PackUnits is the number of units of Pack.
func (p Product) PackUnits() int {
	if p.M == 1 {
		return 0
	}
	return p.tiles() * cut.Ceil(p.K, turnLines)
}

// Pack turns tiles of x: element k of row i lies at k·rows+i of its tile, whose rows may be fewer than tileRows.
func (p Product) Pack(scratch, x []float32, lo, hi int) {
	pieces := cut.Ceil(p.K, turnLines)
	for u := lo; u < hi; u++ {
		i, k := u/pieces*tileRows, u%pieces*turnLines
		rows, lines := min(tileRows, p.M-i), min(turnLines, p.K-k)
		vec.Transpose(scratch[i*p.K+k*rows:], x[i*p.K+k:], lines, rows, rows, p.K)
	}
}

// Units is the number of units of Run.
func (p Product) Units() int { return p.tiles() * cut.Ceil(p.N, unitRows) }

// Run computes units of y. x is what Pack filled, or the only row.
func (p Product) Run(y, x []float32, w *Matrix, local []float32, lo, hi int) {
	sets := cut.Ceil(p.N, unitRows)
	for u := lo; u < hi; u++ {
		i, n := u/sets*tileRows, u%sets*unitRows
		if to := min(n+unitRows, p.N); p.M == 1 {
			vector(y, x, w, local, n, to)
		} else {
			p.tile(y, x, w, local, i, n, to)
		}
	}
}

// tile computes columns [from, to) of a tile's rows of y, turned first.
func (p Product) tile(y, x []float32, w *Matrix, local []float32, i, from, to int) {
	rows := min(tileRows, p.M-i)
	x = x[i*p.K : (i+rows)*p.K]
	for n := from; n < to; n++ {
		lo, hi := w.Starts[n], w.Starts[n+1]
		active.columns(local[(n-from)*rows:(n-from+1)*rows], x, w.Values[lo:hi], w.Gaps[lo:hi], rows)
	}
	vec.Transpose(y[i*p.N+from:], local, rows, to-from, p.N, rows)
}

// vector computes rows [from, to) of w times x.
func vector(y, x []float32, w *Matrix, local []float32, from, to int) {
	for ; from+4 <= to; from += 4 {
		active.fourRows(y[from:from+4], x, w.Values, w.Gaps, w.Starts[from:from+5])
	}
	for ; from < to; from++ {
		lo, hi := w.Starts[from], w.Starts[from+1]
		active.columns(local[:1], x, w.Values[lo:hi], w.Gaps[lo:hi], 1)
		y[from] = local[0]
	}
}
