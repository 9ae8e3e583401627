package vec

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
)

var accuracyCases = []struct {
	name  string
	f     func(dst, x []float32)
	exact func(float64) float64
	bound float64 // ulp
}{
	{"Exp", Exp, math.Exp, 1},
	{"Log", Log, math.Log, 1},
	{"Log1p", byScalar(scalar.Log1p), math.Log1p, 2},
	{"Sqrt", Sqrt, math.Sqrt, 0.5},
	{"Rsqrt", Rsqrt, func(x float64) float64 { return 1 / math.Sqrt(x) }, 1.5},
	{"Erf", byScalar(scalar.Erf), math.Erf, 2},
	{"Sigmoid", activation(ActSigmoid), func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 1.6},
	{"Tanh", activation(ActTanh), math.Tanh, 2},
	{"Softplus", activation(ActSoftplus), func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }, 2},
	{"Elu", activation(ActElu), func(x float64) float64 {
		if x > 0 {
			return x
		}
		return math.Expm1(x)
	}, 2},
}

// byScalar is a function that has no loop of its own, but is part of others.
func byScalar(f func(float32) float32) func(dst, x []float32) {
	return func(dst, x []float32) { each(dst, x, f) }
}

func activation(a Act) func(dst, x []float32) {
	return func(dst, x []float32) { Activate(dst, x, a, 1) }
}

// TestAccuracy walks over the bit patterns of all float32 with a prime stride and
// measures the error against float64 in units of the last place; the variants
// must agree on all of them.
func TestAccuracy(t *testing.T) {
	stride := uint64(20011)
	if testing.Short() {
		stride = 104729
	}
	x := make([]float32, 0, 1<<32/stride+1)
	for b := uint64(0); b < 1<<32; b += stride {
		x = append(x, math.Float32frombits(uint32(b)))
	}
	for i := range 100_000 { // more where most of the work is done
		x = append(x, float32(i-50_000)/2_000)
	}
	x = guard.Copy(append(x, 0, scalar.Neg(0), scalar.Inf, -scalar.Inf, scalar.NaN, 1, -1))
	dst, other := guard.Floats(len(x)), guard.Floats(len(x))
	for _, c := range accuracyCases {
		t.Run(c.name, func(t *testing.T) {
			c.f(dst, x)
			worst, at := 0.0, float32(0)
			for i, v := range x {
				if u := kerneltest.ULPs(dst[i], c.exact(float64(v))); u > worst {
					worst, at = u, v
				}
			}
			t.Logf("%.3f ulp at %x", worst, at)
			if worst > c.bound {
				t.Errorf("%.3f ulp at %v (%x), bound is %v", worst, at, at, c.bound)
			}
			kerneltest.ForVariants(t, func(t *testing.T) {
				c.f(other, x)
				kerneltest.WantSame(t, c.name, other, dst)
			})
		})
	}
}
