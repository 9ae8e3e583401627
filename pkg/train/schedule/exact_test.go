package schedule

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"
)

func TestExact(t *testing.T) {
	for i := range 10001 {
		x := float64(i) / 10000
		if got, want := cosPi(x), math.Cos(math.Pi*x); math.Abs(got-want) > 5e-16 {
			t.Fatalf("cos %vπ: got %v, want %v", x, got, want)
		}
		for _, y := range []float64{0.1, 0.5, 0.9, 1, 1.7, 2, 3, 12.3} {
			if got, want := pow(x, y), math.Pow(x, y); math.Abs(got-want) > 5e-14*want {
				t.Fatalf("%v^%v: got %v, want %v", x, y, got, want)
			}
		}
	}
	for _, x := range []float64{1e-300, 1e-9, 0.7, math.Sqrt2, 1e200} {
		if got := ln(x); math.Abs(got-math.Log(x)) > 1e-15*math.Abs(got) {
			t.Errorf("ln %v: got %v, want %v", x, got, math.Log(x))
		}
	}
	if cosPi(0) != 1 || cosPi(1) != -1 || cosPi(0.5) != 0 || pow(0, 0.3) != 0 || pow(1, 0.3) != 1 {
		t.Error("the ends are not exact")
	}
	if got := exp(-800); got != 0 && got > 1e-320 {
		t.Errorf("e^-800 is %v", got)
	}
}

// TestSameBits holds rates to the bit against what they were on another processor (amd64, with and without fused
// multiply-adds).
func TestSameBits(t *testing.T) {
	hash := fnv.New64a()
	for _, text := range []string{
		"{type: cosine, initial: 0.13, final: 0.01, warmup: 77, warmup_from: 0.003}",
		"{type: cosine, initial: 0.1, final: 0.003, restarts: {first: 3, growth: 2}}",
		"{type: one_cycle, max: 0.13}",
		"{type: one_cycle, max: 0.13, anneal: linear, three_phase: true}",
		"{type: polynomial, initial: 0.1, final: 0.007, power: 1.7, warmup: 13}",
		"{type: exponential, initial: 0.1, factor: 0.97, warmup: 50}",
		"{type: inverse_sqrt, initial: 0.0007, warmup: 300}",
	} {
		s := parse(t, text)
		for k := range 5000 {
			rate := s.Rate(Position{Step: k, StepsPerEpoch: 97, TotalSteps: 4871})
			binary.Write(hash, binary.LittleEndian, math.Float64bits(rate))
		}
	}
	if got := hash.Sum64(); got != 7680675387357100442 {
		t.Errorf("the rates changed: got %d", got)
	}
}
