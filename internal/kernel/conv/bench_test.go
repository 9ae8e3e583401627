package conv

import (
	"testing"
	"time"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/parallel"
)

// picture is a convolution of squares.
func picture(batch, side, c, o, kernel, stride, pad, groups int) Shape {
	s := Shape{Batch: batch, C: c, O: o, Groups: groups, In: [3]int{1, side, side}, Kernel: [3]int{1, kernel, kernel},
		Stride: [3]int{1, stride, stride}, Dilation: [3]int{1, 1, 1}, Before: [3]int{0, pad, pad}}
	out := (side+2*pad-kernel)/stride + 1
	s.Out = [3]int{1, out, out}
	return s
}

// BenchmarkConv runs convolutions and both gradients, on one thread and on two.
func BenchmarkConv(b *testing.B) {
	for _, c := range []struct {
		name  string
		shape Shape
	}{
		{"32-64 26x26", picture(64, 26, 32, 64, 3, 1, 0, 1)},
		{"1-32 28x28", picture(64, 28, 1, 32, 3, 1, 0, 1)},
		{"3-16 32x32 same", picture(32, 32, 3, 16, 3, 1, 1, 1)},
		{"16-16 32x32 same", picture(32, 32, 16, 16, 3, 1, 1, 1)},
		{"16-32 32x32 stride 2", picture(32, 32, 16, 32, 3, 2, 1, 1)},
		{"32-64 16x16 stride 2", picture(32, 16, 32, 64, 3, 2, 1, 1)},
		{"32-64 26x26, few", picture(4, 26, 32, 64, 3, 1, 0, 1)},
		{"64-64 8x8 same", picture(32, 8, 64, 64, 3, 1, 1, 1)},
		{"256-256 4x4 same", picture(32, 4, 256, 256, 3, 1, 1, 1)},
		{"1024-256 14x14 pointwise", picture(2, 14, 1024, 256, 1, 1, 0, 1)},
		{"64-128 28x28 pointwise", picture(4, 28, 64, 128, 1, 1, 0, 1)},
		{"64 28x28 depthwise", picture(32, 28, 64, 64, 3, 1, 1, 64)},
		{"64-64 28x28 groups 4", picture(4, 28, 64, 64, 3, 1, 1, 4)},
		{"3-64 112x112 7x7 stride 2", picture(2, 112, 3, 64, 7, 2, 3, 1)},
	} {
		s := c.shape
		x, w, y := kerneltest.Normals(s.Batch*volume(s.In)*s.C, 1), kerneltest.Normals(s.O*s.C/s.Groups*s.taps(), 2), kerneltest.Normals(s.Batch*volume(s.Out)*s.O, 3)
		for _, threads := range []int{1, 2} {
			pool := parallel.New(threads)
			run := func(name string, local, scratch int, phases ...phaseOfConv) {
				b.Run(c.name+"/"+name+"/"+string(rune('0'+threads)), func(b *testing.B) {
					own, shared := make([][]float32, threads), make([]float32, scratch)
					for i := range own {
						own[i] = make([]float32, local)
					}
					var runs []func(worker, lo, hi int)
					for _, p := range phases {
						runs = append(runs, func(worker, lo, hi int) { p.run(shared, own[worker], lo, hi) })
					}
					best := time.Duration(1 << 62) // other programs disturb most of the runs
					for b.Loop() {
						start := time.Now()
						for i, p := range phases {
							pool.Run(p.units, runs[i])
						}
						best = min(best, time.Since(start))
					}
					b.ReportMetric(s.Flops()/float64(best.Nanoseconds()), "best-GFLOP/s")
				})
			}
			f, i, g := s.Forward(), s.Inverse(), s.Weights()
			out, dx, dw := make([]float32, len(y)), make([]float32, len(x)), make([]float32, len(w))
			run("forward", f.Local, f.Scratch,
				phaseOfConv{f.PackUnits, func(shared, own []float32, lo, hi int) { f.Pack(shared, own, w, lo, hi) }},
				phaseOfConv{f.Units, func(shared, own []float32, lo, hi int) { f.Run(out, x, shared, own, gemm.Epilogue{}, lo, hi) }})
			run("inverse", i.Local, i.Scratch,
				phaseOfConv{i.PackUnits, func(shared, own []float32, lo, hi int) { i.Pack(shared, own, w, lo, hi) }},
				phaseOfConv{i.Units, func(shared, own []float32, lo, hi int) { i.Run(dx, y, shared, own, gemm.Epilogue{}, lo, hi) }})
			run("weights", g.Local, g.Scratch,
				phaseOfConv{g.Units, func(shared, own []float32, lo, hi int) { g.Run(x, y, shared, own, lo, hi) }},
				phaseOfConv{g.JoinUnits, func(shared, own []float32, lo, hi int) { g.Join(dw, shared, own, lo, hi) }})
			pool.Close()
		}
	}
}

// phaseOfConv is a phase of a convolution or of a gradient.
type phaseOfConv struct {
	units int
	run   func(shared, own []float32, lo, hi int)
}
