package scalar_test

import (
	"math"
	"math/big"
	"testing"

	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
)

// TestFma compares with exact arithmetic, mostly on operands whose sum lies at or
// next to a point halfway between two float32.
func TestFma(t *testing.T) {
	r := kerneltest.Rand(1)
	short := func(bits, span int) float32 {
		m := float64(r.IntN(1<<bits) + 1)
		if r.IntN(2) == 0 {
			m = -m
		}
		return float32(math.Ldexp(m, r.IntN(2*span+1)-span))
	}
	for i := range 150_000 {
		var a, b, c float32
		switch i % 5 {
		case 0:
			a, b, c = short(12, 20), short(13, 20), short(24, 20)
		case 1: // sums around the denormals
			a, b, c = short(24, 4)*0x1p-60, short(24, 4)*0x1p-100, short(20, 4)*0x1p-147
		case 2: // halfway and a little more
			c = short(24, 2)
			a, b = c*0x1p-12, 0x1p-12*(1+float32(r.IntN(3)-1)*0x1p-23)
		case 3:
			a, b, c = math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32())
		case 4:
			c = short(24, 2)
			a, b = short(1, 80), short(2, 80)
		}
		got, want := scalar.FMA(a, b, c), exactFma(a, b, c)
		if !kerneltest.Same(got, want) {
			t.Fatalf("fma(%x, %x, %x) = %x, want %x", a, b, c, got, want)
		}
	}
}

func exactFma(a, b, c float32) float32 {
	x, y, z := float64(a), float64(b), float64(c)
	s := x*y + z
	if math.IsNaN(s) || math.IsInf(s, 0) || s == 0 {
		return float32(s)
	}
	exact := func(f float64) *big.Float { return new(big.Float).SetPrec(1000).SetFloat64(f) }
	sum := exact(x)
	sum.Mul(sum, exact(y)).Add(sum, exact(z))
	f, _ := sum.Float32()
	return f
}

func TestUlps(t *testing.T) {
	for _, c := range []struct {
		got  float32
		want float64
		ulps float64
	}{{1, 1, 0}, {1, 1 + 0x1p-23, 1}, {0, 0, 0}, {0, 0x1p-149, 1}, {scalar.Inf, math.Inf(1), 0}, {scalar.NaN, 1, math.Inf(1)}, {scalar.NaN, math.NaN(), 0}} {
		if u := kerneltest.ULPs(c.got, c.want); u != c.ulps {
			t.Errorf("ulps(%v, %v) = %v, want %v", c.got, c.want, u, c.ulps)
		}
	}
}
