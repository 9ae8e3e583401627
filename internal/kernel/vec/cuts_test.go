package vec

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// TestCuts runs every function with a range over all of it and in pieces.
func TestCuts(t *testing.T) {
	const rows, cols = 12, 75
	const n = rows * cols
	x := kerneltest.Normals(n, 1)
	idx := []int32{3, 0, 3, 5, 3, 1, 2, 11, 0, 0, 4, 9}
	kerneltest.CheckCuts(t, n+2*cols, []kerneltest.CutCase{
		{Name: "SumRows", Total: rows, Run: func(o []float32, lo, hi int) { SumRows(o, x, cols, lo, hi) }},
		{Name: "SumColumns", Total: cols, Run: func(o []float32, lo, hi int) { SumColumns(o, x, rows, cols, lo, hi) }},
		{Name: "Transpose2D", Total: cols, Run: func(o []float32, lo, hi int) { Transpose2D(o, x, rows, cols, lo, hi) }},
		{Name: "Gather", Total: rows, Run: func(o []float32, lo, hi int) { Gather(o, x, idx, cols, lo, hi) }},
		{Name: "ScatterAddRows", Total: rows, Run: func(o []float32, lo, hi int) { ScatterAddRows(o, idx, x, cols, lo, hi) }},
		{Name: "OneHot", Total: rows, Run: func(o []float32, lo, hi int) { OneHot(o, idx, cols, 1, 0, lo, hi) }},
		{Name: "SumBlocks", Total: 1, Run: func(o []float32, lo, hi int) { SumBlocks(o, x, lo, hi) }},
	})
}

// TestNoAllocation runs what a training step runs.
func TestNoAllocation(t *testing.T) {
	const rows, cols = 20, 40
	const n = rows * cols
	x, y, w := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), kerneltest.Normals(cols, 3)
	kerneltest.CheckAllocations(t, map[string]func(){
		"elementwise": func() { Exp(y, x); Axpy(y, 2, x, y); ActivateGrad(y, y, x, x, ActTanh, 0) },
		"narrow": func() {
			AddRows(y, x, w[:4], n/4, 4)
			AddReluRows(y, x, w[:4], n/4, 4)
		},
	})
}
