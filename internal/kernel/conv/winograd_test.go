package conv

import (
	"math"
	"testing"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// TestWinogradError compares the error of minimal filtering with that of the sum of
// the definition: root mean squares, against float64, relative to the result's.
func TestWinogradError(t *testing.T) {
	for _, c := range []struct{ channels, side int }{{16, 12}, {64, 8}, {256, 4}} {
		s := picture(1, c.side, c.channels, 16, 3, 1, 1, 1)
		a := s.arrays(kerneltest.Normals)
		exact, size := make([]float64, len(a.y)), 0.0
		s.eachTap(func(px, py, tap int) {
			for o := range s.O {
				for i := range s.C {
					exact[py*s.O+o] += float64(a.x[px*s.C+i]) * float64(a.w[(o*s.C+i)*9+tap])
				}
			}
		})
		for _, v := range exact {
			size += v * v
		}
		var errs [2]float64
		for i, minimal := range []bool{false, true} {
			v := newConv(s, false, minimal)
			if (v.minimal != nil) != minimal {
				t.Fatalf("%d channels: minimal filtering is %v", c.channels, v.minimal)
			}
			y := guard.Floats(len(a.y))
			runConv(v, y, a.x, a.w, gemm.Epilogue{}, 1)
			sum := 0.0
			for j, v := range y {
				sum += (float64(v) - exact[j]) * (float64(v) - exact[j])
			}
			errs[i] = math.Sqrt(sum / size)
		}
		if e := s.weightsError(a); e > 4e-7 {
			t.Errorf("%d channels: the error of the gradient by weights is %.2g", c.channels, e)
		}
		t.Logf("%d channels: %.2g by the definition, %.2g by minimal filtering", c.channels, errs[0], errs[1])
		if errs[1] > 1.2*errs[0] {
			t.Errorf("%d channels: the error is %.2g, that of the definition %.2g", c.channels, errs[1], errs[0])
		}
	}
}

// weightsError is the same error of the gradient by weights.
func (s Shape) weightsError(a convArrays) float64 {
	_, _, exact := s.define(a)
	dw := guard.Floats(len(a.w))
	runConvWeights(s.Weights(), dw, a.x, a.y, 1)
	sum, size := 0.0, 0.0
	for i, v := range exact {
		sum += (float64(dw[i]) - v) * (float64(dw[i]) - v)
		size += v * v
	}
	return math.Sqrt(sum / size)
}
