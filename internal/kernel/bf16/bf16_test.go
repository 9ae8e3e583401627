package bf16

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/guard"
	krand "dnn/internal/kernel/rand"
	"dnn/internal/kernel/scalar"
)

func TestEveryBF16IsKept(t *testing.T) {
	for i := range 1 << 16 {
		var wide [1]float32
		var back [1]uint16
		Widen(wide[:], []uint16{uint16(i)})
		Round(back[:], wide[:])
		want := uint16(i)
		if wide[0] != wide[0] {
			want |= 0x40
		}
		if math.Float32bits(wide[0])>>16 != uint32(i) || back[0] != want {
			t.Fatalf("%#04x is widened to %v and rounded to %#04x, want %#04x", i, wide[0], back[0], want)
		}
	}
}

// neighbours are the bfloat16 numbers at or next to a finite x, as float64: the one towards zero and the one beyond.
func neighbours(x float32) (inner, outer float64) {
	b := math.Float32bits(x) &^ 0xffff
	inner = float64(math.Float32frombits(b))
	if next := math.Float32frombits(b + 0x10000); !math.IsInf(float64(next), 0) {
		return inner, float64(next)
	}
	return inner, math.Copysign(0x1p128, inner)
}

func TestRoundsToNearestEven(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := []float32{0, float32(math.Copysign(0, -1)), 1, 1 + 0x1p-8, 1 + 0x1p-8 + 0x1p-20, 1 + 3*0x1p-8, math.MaxFloat32, math.SmallestNonzeroFloat32, scalar.Inf, -scalar.Inf}
	for range 200_000 {
		x = append(x, math.Float32frombits(r.Uint32()))
	}
	got := make([]uint16, len(x))
	Round(got, x)
	for i, v := range x {
		back := float64(math.Float32frombits(uint32(got[i]) << 16))
		if v != v {
			if back == back || math.Signbit(back) != math.Signbit(float64(v)) {
				t.Fatalf("%#08x, not a number, becomes %v", math.Float32bits(v), back)
			}
			continue
		}
		if math.IsInf(float64(v), 0) {
			if back != float64(v) {
				t.Fatalf("%v becomes %v", v, back)
			}
			continue
		}
		inner, outer := neighbours(v)
		want, near, far := inner, math.Abs(float64(v)-inner), math.Abs(float64(v)-outer)
		if far < near || far == near && math.Float32bits(v)>>16&1 == 1 {
			want = outer
		}
		if math.Abs(want) == 0x1p128 {
			want = math.Copysign(math.Inf(1), want)
		}
		if back != want || math.Signbit(back) != math.Signbit(float64(v)) {
			t.Fatalf("%v becomes %v, want %v", v, back, want)
		}
	}
}

func TestRoundRandomlyIsRightOnAverage(t *testing.T) {
	const n = 1 << 16
	for _, v := range []float32{1, 1 + 0x1p-10, -1 - 0x1p-9, 3.14159, 1e-30, -0x1.fffp100, 1e-40} {
		x, out := slices.Repeat([]float32{v}, n), make([]uint16, n)
		RoundRandomly(out, x, make([]float32, n), 1, 2, 3, 0)
		inner, outer := neighbours(v)
		mean := 0.0
		for _, h := range out {
			back := float64(math.Float32frombits(uint32(h) << 16))
			if back != inner && back != outer {
				t.Fatalf("%v becomes %v, want %v or %v", v, back, inner, outer)
			}
			mean += back / n
		}
		share := (float64(v) - inner) / (outer - inner)
		if err := math.Abs(mean-float64(v)) / math.Abs(outer-inner); err > 5*math.Sqrt(share*(1-share)/n)+1e-9 {
			t.Errorf("%v is %v on average, %.2g of the distance between its neighbours away", v, mean, err)
		}
	}
}

func TestRoundRandomlyKeepsWhatCannotBeRounded(t *testing.T) {
	x := []float32{0, float32(math.Copysign(0, -1)), scalar.Inf, -scalar.Inf, float32(math.NaN()), math.MaxFloat32, -math.MaxFloat32}
	want := []uint16{0, 0x8000, 0x7f80, 0xff80, 0x7fc0, 0x7f7f, 0xff7f}
	for step := range uint64(50) {
		out := make([]uint16, len(x))
		RoundRandomly(out, x, make([]float32, len(x)), 1, 2, step, 0)
		if !slices.Equal(out, want) {
			t.Fatalf("step %d: %#04x, want %#04x", step, out, want)
		}
	}
}

func TestRoundRandomlyDoesNotDependOnCut(t *testing.T) {
	const n = 1000
	r := rand.New(rand.NewPCG(3, 4))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	want, other := make([]uint16, n), make([]uint16, n)
	RoundRandomly(want, x, make([]float32, n), 7, 8, 9, 0)
	for lo, size := 0, 1; lo < n; lo, size = lo+size, size+13 {
		hi := min(lo+size, n)
		RoundRandomly(other[lo:hi], x[lo:hi], make([]float32, size), 7, 8, 9, lo)
	}
	if !slices.Equal(other, want) {
		t.Error("pieces round otherwise than the whole")
	}
	if RoundRandomly(other, x, make([]float32, n), 7, 8, 10, 0); slices.Equal(other, want) {
		t.Error("two steps round alike")
	}
}

// TestVariantsAgree holds the loops of every variant to the portable ones, at any length, with all sorts of numbers.
func TestVariantsAgree(t *testing.T) {
	defer cpu.Use(cpu.Variant())
	defer guard.Check(t, guard.Mark())
	r := rand.New(rand.NewPCG(5, 6))
	special := []uint32{0, 1 << 31, 0x7f800000, 0xff800000, 0x7f800001, 0xffc00000, 0x7f7fffff, 0xff7fffff, 1, 0x80000001, 0x3f808000, 0x3f818000}
	for _, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		for n := range 150 {
			x, scratch, draws := guard.Floats(n), guard.Floats(n), make([]uint32, n)
			for i := range x {
				b := r.Uint32()
				if r.IntN(3) == 0 {
					b = special[r.IntN(len(special))]
				}
				x[i] = math.Float32frombits(b)
			}
			got, want := guard.Halves(n), make([]uint16, n)
			Round(got, x)
			if roundGeneric(want, x); !slices.Equal(got, want) {
				t.Fatalf("%s: %d numbers are rounded to %#04x, want %#04x", v, n, got, want)
			}
			RoundRandomly(got, x, scratch, 1, 2, 3, n)
			krand.Bits(draws, 1, 2, 3, n)
			if roundRandomlyGeneric(want, x, draws); !slices.Equal(got, want) {
				t.Fatalf("%s: %d numbers are rounded at random to %#04x, want %#04x", v, n, got, want)
			}
			wide, back := guard.Floats(n), make([]uint16, n)
			Widen(wide, got)
			for i, f := range wide {
				back[i] = uint16(math.Float32bits(f) >> 16)
			}
			if !slices.Equal(back, got) {
				t.Fatalf("%s: %d numbers are not widened", v, n)
			}
		}
	}
}

func TestMain(m *testing.M) { os.Exit(guard.Run(m, os.Stderr)) }
