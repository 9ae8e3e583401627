package quantize

import (
	"math"
	"math/rand/v2"
	"testing"

	"dnn/internal/registry/registrytest"
)

func TestMethods(t *testing.T) {
	registrytest.Check(t, Methods, func(m Method) int { return len(m.Cases()) })
}

// Of normal numbers, and a few that are far beyond, each method cuts off where it should.
func TestClip(t *testing.T) {
	h := &Histogram{Top: 64, Counts: make([]float64, bins)}
	r := rand.New(rand.NewPCG(1, 1))
	x := make([]float32, 100_000)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	x[7], x[9] = 64, -60
	h.add(x)
	for name, want := range map[string][2]float64{"minmax": {64, 64}, "percentile": {3.6, 4.4}, "mse": {45, 55}, "entropy": {3, 12}} {
		m, _ := Methods.Get(name)
		if got := h.clipped(m); !(got >= want[0] && got <= want[1]) {
			t.Errorf("%s cuts off at %v, want from %v to %v", name, got, want[0], want[1])
		}
	}
	for name, h := range map[string]*Histogram{"zeros": {Counts: make([]float64, bins)}} {
		for _, k := range Methods.Kinds() {
			if got := h.clipped(k.Value); got != 0 {
				t.Errorf("%s: %s cuts %s off at %v", name, k.Key, name, got)
			}
		}
	}
	one := &Histogram{Top: 2, Counts: make([]float64, bins)}
	one.add([]float32{2, -2, 2})
	for _, k := range Methods.Kinds() {
		if got := one.clipped(k.Value); math.Abs(got-2) > 0.1 {
			t.Errorf("%s cuts off at %v, and all values are 2", k.Key, got)
		}
	}
}
