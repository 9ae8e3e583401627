package attention

import (
	"math"
	"testing"

	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// attentionCases let blocks of scores become weights, let 11 queries of 4 heads attend to n keys of 2, and turn vectors of n elements.
func attentionCases() []kerneltest.Case {
	return []kerneltest.Case{
		{Name: "attention", Run: func(n int) []float32 { return runAttention(attentionOf(n), n, 1) }},
		{Name: "attention of few", Run: func(n int) []float32 {
			a := attentionOf(n)
			a.M, a.Slopes = 2, nil
			return runAttention(a, n, 1)
		}},
		{Name: "rows of weights", Run: func(n int) []float32 {
			const rows = 3
			width := (n + 63) / 64 * 64
			stride := width + 5
			var out kerneltest.Pieces
			next := func() []float32 {
				x := out.Next(max(rows*stride-5, 0))
				for i, v := range kerneltest.Normals(len(x), len(out)) {
					if x[i] = 30 * v; i%stride >= n {
						x[i] = float32(math.Inf(-1))
					}
				}
				return x
			}
			if n == 0 {
				return nil
			}
			p, top, change, sum := next(), out.Next(rows), out.Next(rows), out.Next(rows)
			top[1] = -math.MaxFloat32
			active.softmaxRows(p, top, change, sum, width, rows, stride)
			active.softmaxGradRows(next(), p, top, sum, width, rows, stride)
			return out.All()
		}},
		{Name: "rotary", Run: func(n int) []float32 {
			var out kerneltest.Pieces
			x, cos, sin := kerneltest.Normals(4*n, 1), kerneltest.Normals(n, 2), kerneltest.Normals(n, 3)
			Rotary(out.Next(4*n), x, cos, sin, false)
			Rotary(out.Next(4*n), x, cos, sin, true)
			Rotary(x, x, cos, sin, true)
			return append(out.All(), x...)
		}},
	}
}

func attentionOf(n int) Attention {
	return Attention{
		Rows: 2, M: 11, N: n, Heads: 4, KeyHeads: 2, D: 7, E: n%40 + 1, Scale: 0.3, Window: 90,
		Slopes: []float32{0.5, 0.25, 0.1, 0}, Rate: 0.2, Seed: 1, Stream: 2,
	}
}

// runAttention returns y, lse, the weights and the gradients; units are done in so many pieces.
func runAttention(a Attention, n, pieceCount int) []float32 {
	if n == 0 {
		return nil
	}
	in := Input{
		Q: kerneltest.Normals(a.Rows*a.M*a.Heads*a.D, 1), K: kerneltest.Normals(a.Rows*n*a.KeyHeads*a.D, 2), V: kerneltest.Normals(a.Rows*n*a.KeyHeads*a.E, 3),
		Lengths: []int32{int32(n), int32(n / 2)}, Offset: []int32{int32(n / 3), 0}, Step: 7,
	}
	var out kerneltest.Pieces
	next := out.Next
	each := func(units int, run func(local []float32, lo, hi int)) {
		for i := range pieceCount {
			lo, hi := cut.Part(units, pieceCount, i)
			run(guard.Floats(max(a.Local(), a.GradLocal())), lo, hi)
		}
	}
	y, lse := next(a.Rows*a.M*a.Heads*a.E), next(a.Rows*a.Heads*a.M)
	scratch := guard.Floats(a.Scratch())
	each(a.PackUnits(), func(_ []float32, lo, hi int) { a.Pack(scratch, in, lo, hi) })
	each(a.Units(), func(local []float32, lo, hi int) { a.Run(y, lse, in, scratch, local, lo, hi) })
	w := next(a.Rows * a.Heads * a.M * n)
	each(a.Units(), func(local []float32, lo, hi int) { a.Weights(w, in, scratch, local, lo, hi) })

	g := Gradient{DQ: next(len(in.Q)), DK: next(len(in.K)), DV: next(len(in.V)), DY: kerneltest.Normals(len(y), 4), Y: y, LSE: lse}
	scratch = guard.Floats(a.GradScratch())
	each(a.GradPackUnits(), func(_ []float32, lo, hi int) { a.GradPack(scratch, g, in, lo, hi) })
	for phase := range a.GradPhases() {
		each(a.GradUnits(phase), func(local []float32, lo, hi int) { a.GradRun(phase, g, in, scratch, local, lo, hi) })
	}
	return out.All()
}

// TestAttentionCuts: it makes no difference how units are shared out.
func TestAttentionCuts(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		a := attentionOf(150)
		a.M = 110
		want := runAttention(a, 150, 1)
		kerneltest.WantSame(t, "in pieces", runAttention(a, 150, 5), want)
	})
}
