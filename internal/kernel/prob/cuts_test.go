package prob

import (
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// TestCuts runs every function with a range over all of it and in pieces.
func TestCuts(t *testing.T) {
	const rows, cols = 12, 75
	const n = rows * cols
	x, dy, tg, mean := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), kerneltest.Positives(n, 3), kerneltest.Normals(rows, 6)
	kerneltest.CheckCuts(t, n+2*cols, []kerneltest.CutCase{
		{Name: "Softmax", Total: rows, Run: func(o []float32, lo, hi int) { Softmax(o, x, cols, lo, hi) }},
		{Name: "LogSoftmax", Total: rows, Run: func(o []float32, lo, hi int) { LogSoftmax(o, x, cols, lo, hi) }},
		{Name: "SoftmaxGrad", Total: rows, Run: func(o []float32, lo, hi int) { SoftmaxGrad(o, x, dy, cols, lo, hi) }},
		{Name: "LogSoftmaxGrad", Total: rows, Run: func(o []float32, lo, hi int) { LogSoftmaxGrad(o, x, dy, cols, lo, hi) }},
		{Name: "SoftmaxCrossEntropy", Total: rows, Run: func(o []float32, lo, hi int) {
			CrossEntropy(o, o[rows:], x, tg, cols, lo, hi)
		}},
		{Name: "SoftmaxCrossEntropyGrad", Total: rows, Run: func(o []float32, lo, hi int) { CrossEntropyGrad(o, x, tg, mean, cols, lo, hi) }},
	})
}

// TestNoAllocation runs what a training step runs.
func TestNoAllocation(t *testing.T) {
	const rows, cols = 20, 40
	x, y, loss := kerneltest.Normals(rows*cols, 1), kerneltest.Normals(rows*cols, 2), guard.Floats(rows)
	kerneltest.CheckAllocations(t, map[string]func(){
		"SoftmaxCrossEntropy": func() { CrossEntropy(loss, y, x, x, cols, 0, rows) },
	})
}
