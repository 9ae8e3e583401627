package weights

import (
	"math"
	"math/rand/v2"
	"testing"

	"dnn/pkg/train/checkpoint"
)

// Every float16 comes back from float32, and each float32 becomes the nearest float16, ties to even.
func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		x := fromHalf(uint16(h))
		if back := toHalf(x); back != uint16(h) && (x == x || back&halfNaN != halfNaN) {
			t.Fatalf("%#04x is %v, which becomes %#04x", h, x, back)
		}
	}
	for x, want := range map[float32]uint16{
		1: 0x3c00, -2: 0xc000, 65504: 0x7bff, 65519.996: 0x7bff, 65520: 0x7c00, float32(math.Inf(-1)): 0xfc00,
		0x1p-24: 1, 0x1p-25: 0, 0x1.8p-25: 1, 0x1.8p-24: 2, 0x1p-14: 0x400, 0x1.ff8p-15: 0x3ff, 0x1.ffep-15: 0x400,
		1 + 0x1p-11: 0x3c00, 1 + 0x1.8p-10: 0x3c02, 2 - 0x1p-12: 0x4000,
	} {
		if got := toHalf(x); got != want {
			t.Errorf("%v becomes %#04x, want %#04x", x, got, want)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		x := float32(math.Ldexp(r.Float64()*2-1, r.IntN(44)-28))
		h := toHalf(x)
		for _, other := range []uint16{h - 1, h + 1} {
			mine, its := math.Abs(float64(fromHalf(h))-float64(x)), math.Abs(float64(fromHalf(other))-float64(x))
			if other&0x7fff < halfInfinity && h&0x7fff < halfInfinity && h&0x7fff > 0 && (its < mine || its == mine && h&1 == 1) {
				t.Fatalf("%v becomes %v, but %v is nearer", x, fromHalf(h), fromHalf(other))
			}
		}
	}
}

func TestNarrow(t *testing.T) {
	x := []float32{1, -3.1415927, 1e-3, 300}
	for to, want := range map[checkpoint.DType][]float32{
		checkpoint.BF16: {1, -3.140625, 0.00099945068359375, 300},
		checkpoint.F16:  {1, -3.140625, 0.001000404357910156, 300},
	} {
		got := append([]float32{}, x...)
		Round(to, got)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %v becomes %v, want %v", to, x[i], got[i], want[i])
			}
		}
	}
}
