package rand

import (
	"fmt"
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// TestPhilox has the known answers of the authors' library (kat_vectors of Random123).
func TestPhilox(t *testing.T) {
	for _, c := range []struct {
		key, step, block uint64
		want             [4]uint32
	}{
		{0, 0, 0, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{^uint64(0), ^uint64(0), ^uint64(0), [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88, [4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := (philox{c.key, c.step}).block(c.block); got != c.want {
			t.Errorf("block %#x under %#x, %#x: %#x, want %#x", c.block, c.key, c.step, got, c.want)
		}
	}
}

// TestRandomCuts draws a range in one go, and in pieces of any length.
func TestRandomCuts(t *testing.T) {
	const n = 700
	x := kerneltest.Normals(n, 1)
	draw := func(dst []float32, lo, hi int) {
		d := dst[lo:hi]
		Uniform(d, 0, 1, 7, 8, 9, 100+lo)
		vec.Add(d, d, x[lo:hi])
		Dropout(d, d, 0.4, 7, 8, 9, 100+lo)
		z := guard.Floats(hi - lo)
		Normal(z, 0, 1, 7, 8, 9, 100+lo)
		vec.Add(d, d, z)
	}
	kerneltest.ForVariants(t, func(t *testing.T) {
		whole := guard.Floats(n)
		draw(whole, 0, n)
		for _, piece := range []int{1, 17, 64, 100, 128, 333} {
			cut := guard.Floats(n)
			for lo := 0; lo < n; lo += piece {
				draw(cut, lo, min(lo+piece, n))
			}
			kerneltest.WantSame(t, fmt.Sprintf("pieces of %d", piece), cut, whole)
		}
	})
}

func TestRandomDistributions(t *testing.T) {
	const n = 1 << 18
	x := guard.Floats(n)
	moments := func() (mean, variance, skew, least, most float64) {
		least, most = math.Inf(1), math.Inf(-1)
		for _, v := range kerneltest.Doubles(x) {
			mean += v / n
			least, most = min(least, v), max(most, v)
		}
		for _, v := range kerneltest.Doubles(x) {
			d := v - mean
			variance += d * d / n
			skew += d * d * d / n
		}
		return mean, variance, skew, least, most
	}
	check := func(what string, got, want, tol float64) {
		t.Helper()
		if math.Abs(got-want) > tol {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	Uniform(x, -1, 3, 1, 2, 3, 0)
	mean, variance, _, least, most := moments()
	check("uniform mean", mean, 1, 0.01)
	check("uniform variance", variance, 16.0/12, 0.01)
	check("uniform least", least, -1, 1e-3)
	check("uniform most", most, 3, 1e-3)

	Normal(x, 2, 3, 1, 2, 3, 0)
	mean, variance, skew, _, _ := moments()
	check("normal mean", mean, 2, 0.03)
	check("normal variance", variance, 9, 0.1)
	check("normal skew", skew/27, 0, 0.03)
	within := 0.0
	for _, v := range x {
		if scalar.Abs(v-2) < 3 {
			within++
		}
	}
	check("share within one deviation", within/n, 0.6827, 0.005)

	vec.Fill(x, 1)
	Dropout(x, x, 0.3, 5, 6, 7, 0)
	mean, variance, _, least, most = moments()
	check("dropout mean", mean, 1, 0.005)
	check("dropout variance", variance, 0.3/0.7, 0.01)
	check("dropped", least, 0, 0)
	check("kept", most, 1/0.7, 1e-6)
}

// TestStreams are independent: seeds, streams and steps each change the draws.
func TestStreams(t *testing.T) {
	seen := map[uint32]string{}
	for seed := range uint64(5) {
		for stream := range uint64(5) {
			for step := range uint64(5) {
				w := make([]uint32, 64)
				Bits(w, seed, stream, step, 0)
				at := fmt.Sprint(seed, stream, step)
				if other, ok := seen[w[0]]; ok {
					t.Errorf("%s and %s draw the same", at, other)
				}
				seen[w[0]] = at
			}
		}
	}
}

func randomCases() []kerneltest.Case {
	var cs []kerneltest.Case
	for _, offset := range []int{0, 64, 37} {
		cs = append(cs, kerneltest.Case{Name: fmt.Sprint("random from ", offset), Run: func(n int) []float32 {
			var out kerneltest.Pieces
			next := out.Next
			Uniform(next(n), -2, 3, 1, 2, 3, offset)
			Normal(next(n), 1, 2, 1, 2, 3, offset)
			Dropout(next(n), kerneltest.Mixed(n, 1), 0.3, 1, 2, 3, offset)
			bits, w := out.All(), guard.Words(n)
			Bits(w, 1, 2, 3, offset)
			for _, v := range w {
				bits = append(bits, float32(v>>16), float32(v&0xffff))
			}
			return bits
		}})
	}
	return cs
}

// BenchmarkRandom draws 4096 numbers.
func BenchmarkRandom(b *testing.B) {
	const n = 4096
	x, w := kerneltest.Normals(n, 1), make([]uint32, n)
	b.Run("Bits", func(b *testing.B) { kerneltest.PerElement(b, n, func() { Bits(w, 1, 2, 3, 0) }) })
	b.Run("Uniform", func(b *testing.B) { kerneltest.PerElement(b, n, func() { Uniform(x, 0, 1, 1, 2, 3, 0) }) })
	b.Run("Normal", func(b *testing.B) { kerneltest.PerElement(b, n, func() { Normal(x, 0, 1, 1, 2, 3, 0) }) })
	b.Run("Dropout", func(b *testing.B) { kerneltest.PerElement(b, n, func() { Dropout(x, x, 0.5, 1, 2, 3, 0) }) })
}
