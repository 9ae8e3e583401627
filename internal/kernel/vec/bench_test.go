package vec

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// BenchmarkElementwise works on 4096 elements, which stay in the first-level cache.
func BenchmarkElementwise(b *testing.B) {
	const n = 4096
	x, y, dst := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), make([]float32, n)
	for name, f := range unaries {
		b.Run(name, func(b *testing.B) { kerneltest.PerElement(b, n, func() { f(dst, x) }) })
	}
	for name, f := range binaries {
		b.Run(name, func(b *testing.B) { kerneltest.PerElement(b, n, func() { f(dst, x, y) }) })
	}
	for act := ActRelu; act < numActs; act++ {
		b.Run(act.String(), func(b *testing.B) { kerneltest.PerElement(b, n, func() { Activate(dst, x, act, 0.1) }) })
		b.Run(act.String()+"_grad", func(b *testing.B) {
			kerneltest.PerElement(b, n, func() { ActivateGrad(dst, y, x, x, act, 0.1) })
		})
	}
}

func BenchmarkReduce(b *testing.B) {
	const n = 4096
	x, y := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2)
	b.Run("Sum", func(b *testing.B) { kerneltest.PerElement(b, n, func() { Sum(x) }) })
	b.Run("Dot", func(b *testing.B) { kerneltest.PerElement(b, n, func() { Dot(x, y) }) })
	b.Run("MaxOf", func(b *testing.B) { kerneltest.PerElement(b, n, func() { MaxOf(x) }) })
	b.Run("SumColumns", func(b *testing.B) { kerneltest.PerElement(b, n, func() { SumColumns(y, x, 64, 64, 0, 64) }) })
}
