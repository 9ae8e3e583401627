package integer

import (
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// TestProduct holds products of the largest numbers, of one sign and of both, and of any, to sums of integers. The largest sums
// there may be are among them.
func TestProduct(t *testing.T) {
	most := func(sign func(i int) bool) func(n int) []int8 {
		return func(n int) []int8 {
			x := make([]int8, n)
			for i := range x {
				if x[i] = 127; sign(i) {
					x[i] = -127
				}
			}
			return x
		}
	}
	never, always, odd := func(int) bool { return false }, func(int) bool { return true }, func(i int) bool { return i%2 > 0 }
	kinds := []func(n int) []int8{most(never), most(always), most(odd), func(n int) []int8 { return integers(n, n) }}
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, s := range [][3]int{{1, 1, 1}, {2, 3, 17}, {7, 64, 33}, {13, 70, 16}, {1, MaxK, 2}} {
			m, p := s[0], Product{N: s[2], K: s[1]}
			for i, xs := range kinds {
				for j, ws := range kinds {
					x, w := xs(m*p.K), ws(p.N*p.K)
					got := multiply(m, p, x, w)
					for at, v := range got {
						sum := int32(0)
						for k := range p.K {
							sum += int32(x[at/p.N*p.K+k]) * int32(w[at%p.N*p.K+k])
						}
						if want := float32(sum) * 0.5; v != want {
							t.Fatalf("%v, numbers %d and %d: element %d is %v, want %v", s, i, j, at, v, want)
						}
					}
				}
			}
		}
	})
}

// multiply is half of the product.
func multiply(m int, p Product, x, w []int8) []float32 {
	wide, halves := guard.Floats(len(x)), guard.Floats(p.N)
	Dequantize(wide, x, 1)
	for i := range halves {
		halves[i] = 0.5
	}
	y, q, scales, packed := guard.Floats(m*p.N), guard.Floats(m*p.Row()), guard.Floats(m), guard.Floats(p.Packed())
	p.Pack(packed, w, 0, p.Panels())
	p.Quantize(q, scales, wide, m, p.K, 1)
	p.Run(y, q, scales, packed, m, p.N, Epilogue{Scales: halves}, 0, p.Panels())
	return y
}
