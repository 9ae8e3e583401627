package kernel

import "testing"

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
