// Package kerneltest helps the tests of kernels: data, comparisons, and what must hold for all variants and all cuts of work.
package kerneltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/guard"
)

// ForVariants runs f as a subtest under every variant supported here, and sees that none leaves the slices it is given.
func ForVariants(t *testing.T, f func(t *testing.T)) {
	was := cpu.Variant()
	defer func() {
		if err := cpu.Use(was); err != nil {
			t.Fatal(err)
		}
	}()
	for _, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		mark := guard.Mark()
		t.Run(v, func(t *testing.T) {
			f(t)
			guard.Check(t, mark)
		})
	}
}

// Sizes cross every boundary of vectors, tails, unrolled loops and lanes.
var Sizes = []int{0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 100, 127, 128, 129, 200, 255, 257, 1000}

func Rand(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 1)) }

// Normals are n numbers around 0 with deviation 1.
func Normals(n, seed int) []float32 {
	r := Rand(seed)
	x := guard.Floats(n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// Positives are n numbers above 0.
func Positives(n, seed int) []float32 {
	x := Normals(n, seed)
	for i, v := range x {
		x[i] = float32(math.Abs(float64(v))) + 1e-3
	}
	return x
}

// Mixed are n numbers of all magnitudes, with zeros, denormals, infinities and NaN.
func Mixed(n, seed int) []float32 {
	inf, negative := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	special := []float32{0, negative, 1, -1, inf, -inf, float32(math.NaN()), 0x1p-149, -0x1p-149, 0x1.fffffcp-127, math.MaxFloat32, -math.MaxFloat32, 3, -3, 0.5, 0.625}
	r := Rand(seed)
	x := guard.Floats(n)
	for i := range x {
		switch r.IntN(4) {
		case 0:
			x[i] = special[r.IntN(len(special))]
		case 1:
			x[i] = math.Float32frombits(r.Uint32())
		default:
			x[i] = float32(r.NormFloat64() * 4)
		}
	}
	return x
}

// Same says whether a and b have the Same bits, or are both NaN.
func Same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func WantSame(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !Same(got[i], want[i]) {
			t.Fatalf("%s: element %d of %d is %v (%#08x), want %v (%#08x)", what, i, len(got),
				got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))
		}
	}
}

// WantNear compares with a float64 reference, up to tol times the larger of 1 and |want|.
func WantNear(t *testing.T, what string, got []float32, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(got), len(want))
	}
	for i := range got {
		if d := math.Abs(float64(got[i]) - want[i]); !(d <= tol*max(1, math.Abs(want[i]))) {
			t.Fatalf("%s: element %d of %d is %v, want %v", what, i, len(got), got[i], want[i])
		}
	}
}

// ULPs is the distance of got from want in units of the last place of the
// float32 next to want.
func ULPs(got float32, want float64) float64 {
	w := float32(want)
	switch {
	case got != got || want != want:
		if got != got && want != want {
			return 0
		}
		return math.Inf(1)
	case got == w:
		if math.IsInf(want, 0) || w == 0 && want == 0 || math.IsInf(float64(w), 0) {
			return 0
		}
	case math.IsInf(float64(got), 0) || math.IsInf(float64(w), 0):
		if math.Abs(float64(got)) >= math.MaxFloat32 && math.Abs(float64(w)) >= math.MaxFloat32 && (got > 0) == (w > 0) {
			return 1
		}
		return math.Inf(1)
	}
	_, e := math.Frexp(want)
	return math.Abs(float64(got)-want) / math.Ldexp(1, max(e-24, -149))
}
