package prob

import (
	"math"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// TestLogAddTokens: a token at two places gets both sums, one that gets nothing keeps its bits, and one of no probability at
// all becomes as probable as what is added; all variants agree, also in place.
func TestLogAddTokens(t *testing.T) {
	x := []float32{-0.5, -1.25, -200, -2, -200, -3}
	ids := []int32{3, 2, 3, 5, 4}
	a := []float32{0.25, 0.125, 0.5, 0, 0}
	want := guard.Copy(x)
	want[3] = float32(math.Log(math.Exp(-2) + 0.75))
	want[2] = float32(math.Log(0.125))
	p := math.Exp(-2) + 0.75
	wantPart := []float64{math.Exp(-2) / p, 0, 1, 1, 1}
	wantInverse := []float64{1 / p, 8, 1 / p, math.Exp(3), 0x1p80}
	var first []float32
	kerneltest.ForVariants(t, func(t *testing.T) {
		y, part, inverse := guard.Floats(len(x)), guard.Floats(len(ids)), guard.Floats(len(ids))
		LogAddTokens(y, part, inverse, x, a, ids, guard.Floats(len(x)), guard.Floats(len(ids)))
		for i, w := range want {
			if math.Abs(float64(y[i]-w)) > 1e-6 || w == x[i] && y[i] != w {
				t.Errorf("token %d: %v, want %v", i, y[i], w)
			}
		}
		kerneltest.WantNear(t, "part", part, wantPart, 1e-6)
		kerneltest.WantNear(t, "inverse", inverse, wantInverse, 1e-6)
		same := guard.Copy(x)
		LogAddTokens(same, guard.Copy(part), guard.Copy(inverse), same, a, ids, guard.Floats(len(x)), guard.Floats(len(ids)))
		kerneltest.WantSame(t, "in place", same, y)
		if first == nil {
			first = y
		}
		kerneltest.WantSame(t, cpu.Variant(), y, first)
	})
	dy, da := []float32{1, 2, 3, 4, 5, 6}, guard.Floats(len(ids))
	dx := guard.Copy(dy)
	LogAddTokensGrad(dx, da, dx, []float32{0.5, 0.25, 1, 1, 1}, []float32{2, 3, 2, 1, 1}, ids)
	kerneltest.WantSame(t, "dx in place", dx, []float32{1, 2, 0.75, 2, 5, 6})
	kerneltest.WantSame(t, "da", da, []float32{8, 9, 8, 6, 5})
}

func TestLogAddTokensOfNoPlace(t *testing.T) {
	y := guard.Floats(2)
	LogAddTokens(y, nil, nil, []float32{-1, -2}, nil, nil, nil, nil)
	kerneltest.WantSame(t, "nothing added", y, []float32{-1, -2})
}
