package kernel

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/guard"
)

// TestCuts runs every function with a range once over all of it and once in
// pieces, which must make no difference.
func TestCuts(t *testing.T) {
	const rows, cols = 12, 75
	const n = rows * cols
	x, dy, tg, gamma, beta := normals(n, 1), normals(n, 2), positives(n, 3), normals(cols, 4), normals(cols, 5)
	mean, rstd := normals(rows, 6), positives(rows, 7)
	colMean, colRstd := normals(cols, 8), positives(cols, 9)
	dgamma, dbeta := normals(cols, 10), normals(cols, 11)
	idx := []int32{3, 0, 3, 5, 3, 1, 2, 11, 0, 0, 4, 9}
	cases := []struct {
		name  string
		total int
		run   func(out []float32, lo, hi int)
	}{
		{"Softmax", rows, func(o []float32, lo, hi int) { Softmax(o, x, cols, lo, hi) }},
		{"LogSoftmax", rows, func(o []float32, lo, hi int) { LogSoftmax(o, x, cols, lo, hi) }},
		{"SoftmaxGrad", rows, func(o []float32, lo, hi int) { SoftmaxGrad(o, x, dy, cols, lo, hi) }},
		{"LogSoftmaxGrad", rows, func(o []float32, lo, hi int) { LogSoftmaxGrad(o, x, dy, cols, lo, hi) }},
		{"SoftmaxCrossEntropy", rows, func(o []float32, lo, hi int) {
			SoftmaxCrossEntropy(o, o[rows:], x, tg, cols, lo, hi)
		}},
		{"SoftmaxCrossEntropyGrad", rows, func(o []float32, lo, hi int) { SoftmaxCrossEntropyGrad(o, x, tg, mean, cols, lo, hi) }},
		{"LayerNorm", rows, func(o []float32, lo, hi int) {
			LayerNorm(o[2*rows:], o, o[rows:], x, gamma, beta, cols, 1e-5, lo, hi)
		}},
		{"LayerNormGradX", rows, func(o []float32, lo, hi int) { LayerNormGradX(o, dy, x, gamma, mean, rstd, cols, lo, hi) }},
		{"LayerNormGradParams", cols, func(o []float32, lo, hi int) {
			LayerNormGradParams(o, o[cols:], dy, x, mean, rstd, rows, cols, lo, hi)
		}},
		{"SumRows", rows, func(o []float32, lo, hi int) { SumRows(o, x, cols, lo, hi) }},
		{"MaxRows", rows, func(o []float32, lo, hi int) { MaxRows(o, x, cols, lo, hi) }},
		{"SumColumns", cols, func(o []float32, lo, hi int) { SumColumns(o, x, rows, cols, lo, hi) }},
		{"ColumnMoments", cols, func(o []float32, lo, hi int) { ColumnMoments(o, o[cols:], x, rows, cols, lo, hi) }},
		{"NormalizeColumns", rows, func(o []float32, lo, hi int) {
			NormalizeColumns(o, x, colMean, colRstd, gamma, cols, lo, hi, false)
		}},
		{"NormGradSums", cols, func(o []float32, lo, hi int) {
			NormGradSums(o, o[cols:], dy, x, colMean, colRstd, gamma, rows, cols, lo, hi)
		}},
		{"NormGradX", rows, func(o []float32, lo, hi int) {
			NormGradX(o, dy, x, colMean, colRstd, dgamma, dbeta, gamma, cols, lo, hi)
		}},
		{"Transpose2D", cols, func(o []float32, lo, hi int) { Transpose2D(o, x, rows, cols, lo, hi) }},
		{"Gather", rows, func(o []float32, lo, hi int) { Gather(o, x, idx, cols, lo, hi) }},
		{"ScatterAdd", cols, func(o []float32, lo, hi int) { ScatterAdd(o, idx, x, cols, lo, hi) }},
		{"ScatterAddRows", rows, func(o []float32, lo, hi int) { ScatterAddRows(o, idx, x, cols, lo, hi) }},
		{"OneHot", rows, func(o []float32, lo, hi int) { OneHot(o, idx, cols, 1, 0, lo, hi) }},
		{"SumBlocks", 1, func(o []float32, lo, hi int) { SumBlocks(o, x, lo, hi) }},
	}
	forVariants(t, func(t *testing.T) {
		for _, c := range cases {
			whole := guard.Floats(n + 2*cols)
			c.run(whole, 0, c.total)
			for _, piece := range []int{1, 5, 7} {
				cut := guard.Floats(n + 2*cols)
				for lo := 0; lo < c.total; lo += piece {
					c.run(cut, lo, min(lo+piece, c.total))
				}
				wantSame(t, fmt.Sprintf("%s in pieces of %d", c.name, piece), cut, whole)
			}
		}
	})
}

// TestNoAllocation runs what a training step runs.
func TestNoAllocation(t *testing.T) {
	const rows, cols = 20, 40
	const n = rows * cols
	x, y, s := normals(n, 1), normals(n, 2), newState(n)
	loss := guard.Floats(rows)
	g := Gemm{M: rows, N: cols, K: cols, TransB: true}
	w, scratch := normals(cols*cols, 3), guard.Floats(g.Scratch())
	e := Epilogue{Bias: w[:cols], Act: ActGelu, Grad: ActTanh, GradOf: normals(n, 4)}
	for name, f := range map[string]func(){
		"Gemm": func() {
			g.Pack(scratch, x, w, 0, g.PackUnits())
			g.Run(y, x, w, scratch, e, 0, g.Units())
		},
		"elementwise":         func() { Sin(y, x); Axpy(y, 2, x, y); ActivateGrad(y, y, x, x, ActTanh, 0) },
		"SoftmaxCrossEntropy": func() { SoftmaxCrossEntropy(loss, y, x, x, cols, 0, rows) },
		"LayerNorm":           func() { LayerNorm(y, loss, loss, x, nil, nil, cols, 1e-5, 0, rows) },
		"narrow": func() {
			AddRow(y, x, w[:4], n/4, 4)
			MulRow(y, x, w[:4], n/4, 4)
			AddCol(y, x, x, n/4, 4)
			ColumnMoments(loss[:4], loss[4:8], x, n/4, 4, 0, 4)
			NormalizeColumns(y, x, w, w, w, 4, 0, n/4, true)
			NormGradSums(loss, loss[4:], x, x, w, w, w, n/4, 4, 0, 4)
			NormGradX(y, x, x, w, w, w, w, w, 4, 0, n/4)
		},
		"random": func() { Dropout(y, x, 0.5, 1, 2, 3, 5); RandomNormal(y, 0, 1, 1, 2, 3, 5) },
		"Adam":   func() { Adam(y, x, s[0], s[1], nil, adamParams(1, false)) },
	} {
		forVariants(t, func(t *testing.T) {
			if a := testing.AllocsPerRun(5, f); a != 0 {
				t.Errorf("%s allocates %v times", name, a)
			}
		})
	}
}
