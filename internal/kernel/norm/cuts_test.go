package norm

import (
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// TestCuts runs every function with a range over all of it and in pieces.
func TestCuts(t *testing.T) {
	const rows, cols = 12, 75
	const n = rows * cols
	x, dy, gamma, beta := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), kerneltest.Normals(cols, 4), kerneltest.Normals(cols, 5)
	mean, rstd := kerneltest.Normals(rows, 6), kerneltest.Positives(rows, 7)
	colMean, colRstd := kerneltest.Normals(cols, 8), kerneltest.Positives(cols, 9)
	dgamma, dbeta := kerneltest.Normals(cols, 10), kerneltest.Normals(cols, 11)
	kerneltest.CheckCuts(t, n+2*cols, []kerneltest.CutCase{
		{Name: "LayerNorm", Total: rows, Run: func(o []float32, lo, hi int) {
			LayerNorm(o[2*rows:], o, o[rows:], x, gamma, beta, cols, 1e-5, lo, hi)
		}},
		{Name: "LayerNormGradX", Total: rows, Run: func(o []float32, lo, hi int) { LayerNormGradX(o, dy, x, gamma, mean, rstd, cols, lo, hi) }},
		{Name: "LayerNormGradParams", Total: cols, Run: func(o []float32, lo, hi int) {
			LayerNormGradParams(o, o[cols:], dy, x, mean, rstd, rows, cols, lo, hi)
		}},
		{Name: "ColumnMoments", Total: cols, Run: func(o []float32, lo, hi int) { ColumnMoments(o, o[cols:], x, rows, cols, lo, hi) }},
		{Name: "NormalizeColumns", Total: rows, Run: func(o []float32, lo, hi int) {
			NormalizeColumns(o, x, colMean, colRstd, gamma, cols, lo, hi, false)
		}},
		{Name: "NormGradSums", Total: cols, Run: func(o []float32, lo, hi int) {
			NormGradSums(o, o[cols:], dy, x, colMean, colRstd, gamma, rows, cols, lo, hi)
		}},
		{Name: "NormGradX", Total: rows, Run: func(o []float32, lo, hi int) {
			NormGradX(o, dy, x, colMean, colRstd, dgamma, dbeta, gamma, cols, lo, hi)
		}},
	})
}

// TestNoAllocation runs what a training step runs.
func TestNoAllocation(t *testing.T) {
	const rows, cols = 20, 40
	const n = rows * cols
	x, y, w, loss := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), kerneltest.Normals(cols, 3), guard.Floats(rows)
	kerneltest.CheckAllocations(t, map[string]func(){
		"LayerNorm": func() { LayerNorm(y, loss, loss, x, nil, nil, cols, 1e-5, 0, rows) },
		"narrow": func() {
			ColumnMoments(loss[:4], loss[4:8], x, n/4, 4, 0, 4)
			NormalizeColumns(y, x, w, w, w, 4, 0, n/4, true)
			NormGradSums(loss, loss[4:], x, x, w, w, w, n/4, 4, 0, 4)
			NormGradX(y, x, x, w, w, w, w, w, 4, 0, n/4)
		},
	})
}
