package integer

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/conv"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// integers are n numbers in ±127.
func integers(n, seed int) []int8 {
	r, x := kerneltest.Rand(seed), make([]int8, n)
	for i := range x {
		x[i] = int8(r.IntN(255) - 127)
	}
	return x
}

func BenchmarkProduct(b *testing.B) {
	for _, s := range [][3]int{{64, 784, 512}, {64, 512, 256}, {64, 3136, 128}, {1, 784, 512}, {1, 3136, 128}} {
		m, p := s[0], Product{N: s[2], K: s[1]}
		x, w, y := kerneltest.Positives(m*p.K, 1), integers(p.N*p.K, 2), guard.Floats(m*p.N)
		q, scales, packed := guard.Floats(m*p.Row()), guard.Floats(m), guard.Floats(p.Packed())
		e := Epilogue{Scales: kerneltest.Positives(p.N, 3), Bias: kerneltest.Normals(p.N, 4)}
		name := fmt.Sprintf("%dx%dx%d", m, p.K, p.N)
		report := func(b *testing.B) {
			b.ReportMetric(float64(m*p.K*p.N)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
		}
		b.Run(name+"/pack", func(b *testing.B) {
			for b.Loop() {
				p.Pack(packed, w, 0, p.Panels())
			}
			report(b)
		})
		b.Run(name+"/quantize", func(b *testing.B) {
			for b.Loop() {
				p.Quantize(q, scales, x, m, p.K, 0)
			}
			report(b)
		})
		b.Run(name+"/run", func(b *testing.B) {
			for b.Loop() {
				p.Run(y, q, scales, packed, m, p.N, e, 0, p.Panels())
			}
			report(b)
		})
	}
}

func BenchmarkConv(b *testing.B) {
	for _, c := range []struct{ size, in, out, groups int }{
		{28, 1, 32, 1}, {28, 32, 32, 1}, {14, 32, 64, 1}, {28, 64, 64, 64}, {14, 64, 64, 16}, {14, 16, 32, 16},
	} {
		s := conv.Shape{Batch: 64, C: c.in, O: c.out, Groups: c.groups, In: [3]int{1, c.size, c.size}, Out: [3]int{1, c.size, c.size},
			Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 1, 1}, Dilation: [3]int{1, 1, 1}, Before: [3]int{0, 1, 1}}
		v := NewConv(s)
		x, w, y := kerneltest.Normals(s.Batch*c.size*c.size*c.in, 1), integers(c.out*c.in/c.groups*9, 2), guard.Floats(s.Batch*c.size*c.size*c.out)
		q, scales, packed := guard.Floats(v.Quantized), guard.Floats(s.Batch), guard.Floats(v.Packed)
		local := guard.Floats(v.Local)
		e := Epilogue{Scales: kerneltest.Positives(c.out, 3), Bias: kerneltest.Normals(c.out, 4)}
		name := fmt.Sprintf("%d %d-%d/%d", c.size, c.in, c.out, c.groups)
		report := func(b *testing.B) {
			b.ReportMetric(s.Flops()/2*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
		}
		b.Run(name+"/pack", func(b *testing.B) {
			for b.Loop() {
				v.Pack(packed, w, 0, v.PackUnits)
			}
			report(b)
		})
		b.Run(name+"/quantize", func(b *testing.B) {
			for b.Loop() {
				v.Quantize(q, scales, x, 0, 0, s.Batch)
			}
			report(b)
		})
		b.Run(name+"/run", func(b *testing.B) {
			for b.Loop() {
				v.Run(y, x, q, scales, packed, local, 0, e, 0, v.Units)
			}
			report(b)
		})
	}
}
