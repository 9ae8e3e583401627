package prob

import (
	"fmt"
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/vec"
)

// exactLogSoftmax works on one row.
func exactLogSoftmax(x []float64) []float64 {
	m, s := math.Inf(-1), 0.0
	for _, v := range x {
		m = max(m, v)
	}
	for _, v := range x {
		s += math.Exp(v - m)
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v - m - math.Log(s)
	}
	return y
}

func TestSoftmax(t *testing.T) {
	const rows = 4
	for _, cols := range []int{1, 2, 10, 65, 300} {
		n := rows * cols
		x, dy, target := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), kerneltest.Positives(n, 3)
		for i := range x {
			x[i] *= 10
		}
		soft, logs := make([]float64, n), make([]float64, n)
		softGrad, logGrad, ceGrad := make([]float64, n), make([]float64, n), make([]float64, n)
		loss := make([]float64, rows)
		dloss := guard.Copy([]float32{1, 0.5, -2, 0})
		for r := range rows {
			lo := r * cols
			l := exactLogSoftmax(kerneltest.Doubles(x[lo : lo+cols]))
			var dot, sum, st float64
			for j, v := range l {
				dot += math.Exp(v) * float64(dy[lo+j])
				sum += float64(dy[lo+j])
				st += float64(target[lo+j])
				loss[r] -= v * float64(target[lo+j])
			}
			for j, v := range l {
				p, d := math.Exp(v), float64(dy[lo+j])
				soft[lo+j], logs[lo+j] = p, v
				softGrad[lo+j], logGrad[lo+j] = p*(d-dot), d-p*sum
				ceGrad[lo+j] = (p*st - float64(target[lo+j])) * float64(dloss[r])
			}
		}
		y, l, d := guard.Floats(n), guard.Floats(n), guard.Floats(n)
		Softmax(y, x, cols, 0, rows)
		kerneltest.WantNear(t, "Softmax", y, soft, 1e-6)
		LogSoftmax(l, x, cols, 0, rows)
		kerneltest.WantNear(t, "LogSoftmax", l, logs, 1e-6)
		SoftmaxGrad(d, y, dy, cols, 0, rows)
		kerneltest.WantNear(t, "SoftmaxGrad", d, softGrad, 2e-6)
		LogSoftmaxGrad(d, l, dy, cols, 0, rows)
		kerneltest.WantNear(t, "LogSoftmaxGrad", d, logGrad, 1e-5)
		got := guard.Floats(rows)
		CrossEntropy(got, nil, x, target, cols, 0, rows)
		kerneltest.WantNear(t, "SoftmaxCrossEntropy", got, loss, 1e-5)
		CrossEntropyGrad(d, x, target, dloss, cols, 0, rows)
		kerneltest.WantNear(t, "SoftmaxCrossEntropyGrad", d, ceGrad, 1e-4)

		one, both, again := guard.Copy([]float32{1, 1, 1, 1}), guard.Copy(x), guard.Floats(n)
		CrossEntropyGrad(again, x, target, one, cols, 0, rows)
		CrossEntropy(got, both, both, target, cols, 0, rows)
		kerneltest.WantSame(t, "gradient in place", both, again)
		kerneltest.WantNear(t, "loss in place", got, loss, 1e-5)
		LogSoftmax(x, x, cols, 0, rows)
		kerneltest.WantSame(t, "LogSoftmax in place", x, l)
	}
}

// softmaxCases work on three rows of n columns.
func softmaxCases() []kerneltest.Case {
	const rows = 3
	var cs []kerneltest.Case
	for kind, data := range kerneltest.Kinds {
		cs = append(cs, kerneltest.Case{Name: "softmax" + kind, Run: func(n int) []float32 {
			x, dy, t := data(rows*n, 1), data(rows*n, 2), kerneltest.Positives(rows*n, 3)
			var out kerneltest.Pieces
			next := out.Next
			y, l := next(rows*n), next(rows*n)
			Softmax(y, x, n, 0, rows)
			LogSoftmax(l, x, n, 0, rows)
			SoftmaxGrad(next(rows*n), y, dy, n, 0, rows)
			LogSoftmaxGrad(next(rows*n), l, dy, n, 0, rows)
			CrossEntropy(next(rows), next(rows*n), x, t, n, 0, rows)
			CrossEntropyGrad(next(rows*n), x, t, dy[:min(rows, len(dy))], n, 0, min(rows, len(dy)))
			Softmax(x, x, n, 0, rows)
			vec.SumRows(next(rows), dy, n, 0, rows)
			for i, most := 0, next(rows); i < rows; i++ {
				most[i] = vec.MaxOf(dy[i*n : (i+1)*n])
			}
			next(rows*n + rows) // zeros that goldenBits has always counted
			return append(out.All(), x...)
		}})
	}
	return cs
}

// BenchmarkSoftmax works on rows of a class count, of a model's width, and long ones.
func BenchmarkSoftmax(b *testing.B) {
	for _, cols := range []int{3, 10, 256, 4096} {
		rows := 8192 / cols
		n := rows * cols
		x, y, dy, v := kerneltest.Normals(n, 1), make([]float32, n), kerneltest.Normals(n, 2), make([]float32, n)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, cols), func(b *testing.B) { kerneltest.PerElement(b, n, f) })
		}
		run("Softmax", func() { Softmax(y, x, cols, 0, rows) })
		run("SoftmaxGrad", func() { SoftmaxGrad(y, x, dy, cols, 0, rows) })
		run("CrossEntropy", func() { CrossEntropy(v, y, x, dy, cols, 0, rows) })
	}
}
