package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkElementwise works on 4096 elements, which stay in the first-level cache.
func BenchmarkElementwise(b *testing.B) {
	const n = 4096
	x, y, dst := normals(n, 1), normals(n, 2), make([]float32, n)
	for name, f := range unaries {
		b.Run(name, func(b *testing.B) { perElement(b, n, func() { f(dst, x) }) })
	}
	for name, f := range binaries {
		b.Run(name, func(b *testing.B) { perElement(b, n, func() { f(dst, x, y) }) })
	}
	for act := ActRelu; act < numActs; act++ {
		b.Run(act.String(), func(b *testing.B) { perElement(b, n, func() { Activate(dst, x, act, 0.1) }) })
		b.Run(act.String()+"_grad", func(b *testing.B) {
			perElement(b, n, func() { ActivateGrad(dst, y, x, x, act, 0.1) })
		})
	}
}

// perElement reports the time for one of n elements.
func perElement(b *testing.B, n int, f func()) {
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
}

// BenchmarkRandom draws 4096 numbers.
func BenchmarkRandom(b *testing.B) {
	const n = 4096
	x, w := normals(n, 1), make([]uint32, n)
	b.Run("Bits", func(b *testing.B) { perElement(b, n, func() { RandomBits(w, 1, 2, 3, 0) }) })
	b.Run("Uniform", func(b *testing.B) { perElement(b, n, func() { RandomUniform(x, 0, 1, 1, 2, 3, 0) }) })
	b.Run("Normal", func(b *testing.B) { perElement(b, n, func() { RandomNormal(x, 0, 1, 1, 2, 3, 0) }) })
	b.Run("Dropout", func(b *testing.B) { perElement(b, n, func() { Dropout(x, x, 0.5, 1, 2, 3, 0) }) })
}

// BenchmarkOptimizer updates 100000 parameters, which do not fit into the
// first-level cache, once per operation.
func BenchmarkOptimizer(b *testing.B) {
	const n = 100_000
	p, g, s := normals(n, 1), normals(n, 2), newState(n)
	for _, o := range optimizers {
		b.Run(o.name, func(b *testing.B) { perElement(b, n, func() { o.step(p, g, s, 2) }) })
	}
}

func BenchmarkReduce(b *testing.B) {
	const n = 4096
	x, y := normals(n, 1), normals(n, 2)
	b.Run("Sum", func(b *testing.B) { perElement(b, n, func() { Sum(x) }) })
	b.Run("Dot", func(b *testing.B) { perElement(b, n, func() { Dot(x, y) }) })
	b.Run("MaxOf", func(b *testing.B) { perElement(b, n, func() { MaxOf(x) }) })
	b.Run("SumColumns", func(b *testing.B) { perElement(b, n, func() { SumColumns(y, x, 64, 64, 0, 64) }) })
}

// BenchmarkRows normalizes rows of a class count, of a model's width, and long ones.
func BenchmarkRows(b *testing.B) {
	for _, cols := range []int{10, 256, 4096} {
		rows := 8192 / cols
		n := rows * cols
		x, y, dy, v, w := normals(n, 1), make([]float32, n), normals(n, 2), make([]float32, n), make([]float32, n)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, cols), func(b *testing.B) { perElement(b, n, f) })
		}
		run("Softmax", func() { Softmax(y, x, cols, 0, rows) })
		run("SoftmaxGrad", func() { SoftmaxGrad(y, x, dy, cols, 0, rows) })
		run("CrossEntropy", func() { SoftmaxCrossEntropy(v, y, x, dy, cols, 0, rows) })
		run("LayerNorm", func() { LayerNorm(y, v, w, x, x, x, cols, 1e-5, 0, rows) })
		run("LayerNormGradX", func() { LayerNormGradX(y, dy, x, x, v, w, cols, 0, rows) })
		run("ColumnMoments", func() { ColumnMoments(v, w, x, rows, cols, 0, cols) })
		run("NormGradSums", func() { NormGradSums(v, w, dy, x, x, x, x, rows, cols, 0, cols) })
		run("NormGradX", func() { NormGradX(y, dy, x, x, v, w, v, w, cols, 0, rows) })
	}
}
