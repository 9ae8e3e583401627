package kernel

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
)

// attentionCases let blocks of scores become weights, let 11 queries of 4 heads attend to n keys of 2, and turn vectors of n elements.
func attentionCases() []bitsCase {
	return []bitsCase{
		{"attention", func(n int) []float32 { return runAttention(attentionOf(n), n, 1) }},
		{"attention of few", func(n int) []float32 {
			a := attentionOf(n)
			a.M, a.Slopes = 2, nil
			return runAttention(a, n, 1)
		}},
		{"rows of weights", func(n int) []float32 {
			const rows = 3
			width := (n + 63) / 64 * 64
			stride := width + 5
			var out pieces
			next := func() []float32 {
				x := out.next(max(rows*stride-5, 0))
				for i, v := range normals(len(x), len(out)) {
					if x[i] = 30 * v; i%stride >= n {
						x[i] = float32(math.Inf(-1))
					}
				}
				return x
			}
			if n == 0 {
				return nil
			}
			p, top, change, sum := next(), out.next(rows), out.next(rows), out.next(rows)
			top[1] = -math.MaxFloat32
			active.softmaxRows(p, top, change, sum, width, rows, stride)
			active.softmaxGradRows(next(), p, top, sum, width, rows, stride)
			return out.all()
		}},
		{"rotary", func(n int) []float32 {
			var out pieces
			x, cos, sin := normals(4*n, 1), normals(n, 2), normals(n, 3)
			Rotary(out.next(4*n), x, cos, sin, false)
			Rotary(out.next(4*n), x, cos, sin, true)
			Rotary(x, x, cos, sin, true)
			return append(out.all(), x...)
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
	in := AttentionInput{
		Q: normals(a.Rows*a.M*a.Heads*a.D, 1), K: normals(a.Rows*n*a.KeyHeads*a.D, 2), V: normals(a.Rows*n*a.KeyHeads*a.E, 3),
		Lengths: []int32{int32(n), int32(n / 2)}, Offset: []int32{int32(n / 3), 0}, Step: 7,
	}
	var out pieces
	next := out.next
	each := func(units int, run func(local []float32, lo, hi int)) {
		for i := range pieceCount {
			lo, hi := part(units, pieceCount, i)
			run(guard.Floats(max(a.Local(), a.GradLocal())), lo, hi)
		}
	}
	y, lse := next(a.Rows*a.M*a.Heads*a.E), next(a.Rows*a.Heads*a.M)
	scratch := guard.Floats(a.Scratch())
	each(a.PackUnits(), func(_ []float32, lo, hi int) { a.Pack(scratch, in, lo, hi) })
	each(a.Units(), func(local []float32, lo, hi int) { a.Run(y, lse, in, scratch, local, lo, hi) })
	w := next(a.Rows * a.Heads * a.M * n)
	each(a.Units(), func(local []float32, lo, hi int) { a.Weights(w, in, scratch, local, lo, hi) })

	g := AttentionGradient{DQ: next(len(in.Q)), DK: next(len(in.K)), DV: next(len(in.V)), DY: normals(len(y), 4), Y: y, LSE: lse}
	scratch = guard.Floats(a.GradScratch())
	each(a.GradPackUnits(), func(_ []float32, lo, hi int) { a.GradPack(scratch, g, in, lo, hi) })
	for phase := range a.GradPhases() {
		each(a.GradUnits(phase), func(local []float32, lo, hi int) { a.GradRun(phase, g, in, scratch, local, lo, hi) })
	}
	return out.all()
}

// TestAttentionCuts: it makes no difference how units are shared out.
func TestAttentionCuts(t *testing.T) {
	forVariants(t, func(t *testing.T) {
		a := attentionOf(150)
		a.M = 110
		want := runAttention(a, 150, 1)
		wantSame(t, "in pieces", runAttention(a, 150, 5), want)
	})
}
