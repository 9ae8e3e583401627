package exact

import (
	"math"
	"testing"
)

func TestAgainstMath(t *testing.T) {
	close := func(what string, x, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-15*max(math.Abs(want), 0.1) {
			t.Errorf("%s(%v) is %v, want %v", what, x, got, want)
		}
	}
	for x := 1e-9; x < 1e9; x *= 1.37 {
		close("log", x, Log(x), math.Log(x))
		close("log1p", x, Log1p(x), math.Log1p(x))
	}
	for x := -20.0; x < 20; x += 0.37 {
		close("exp", x, Exp(x), math.Exp(x))
	}
	for d := -400.0; d < 400; d += 0.37 {
		sin, cos := SinCosDegrees(d)
		wantSin, wantCos := math.Sincos(d * math.Pi / 180) // of a rounded product
		if math.Abs(sin-wantSin) > 2e-15 || math.Abs(cos-wantCos) > 2e-15 {
			t.Errorf("sine and cosine of %v degrees are %v and %v", d, sin, cos)
		}
	}
}

func TestEdges(t *testing.T) {
	if Exp(-800) != 0 || !math.IsInf(Exp(800), 1) || !math.IsInf(Log(0), -1) || !math.IsNaN(Log(-1)) || Exp(0) != 1 || Log(1) != 0 {
		t.Error("an edge is wrong")
	}
	for quarter, want := range map[float64][2]float64{0: {0, 1}, 90: {1, 0}, 180: {0, -1}, -90: {-1, 0}, 270: {-1, 0}, 360: {0, 1}} {
		if sin, cos := SinCosDegrees(quarter); sin != want[0] || cos != want[1] {
			t.Errorf("%v degrees: %v and %v", quarter, sin, cos)
		}
	}
}
