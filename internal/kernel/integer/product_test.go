package integer

import (
	"math"
	"testing"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
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

// TestNotFinite: a row that holds a NaN or an infinity gives NaN, behind a relu too, and others are as they would be without it.
func TestNotFinite(t *testing.T) {
	const m, n, k = 9, 18, 40
	p := Product{N: n, K: k}
	e := Epilogue{Scales: kerneltest.Positives(n, 3), Bias: kerneltest.Normals(n, 4), End: gemm.Epilogue{Act: vec.ActRelu}}
	kerneltest.ForVariants(t, func(t *testing.T) {
		run := func(x []float32) []float32 {
			y, q, scales, packed := guard.Floats(m*n), guard.Floats(m*p.Row()), guard.Floats(m), guard.Floats(p.Packed())
			p.Pack(packed, integers(n*k, 1), 0, p.Panels())
			p.Quantize(q, scales, x, m, k, 0)
			p.Run(y, q, scales, packed, m, n, e, 0, p.Panels())
			return y
		}
		x := kerneltest.Normals(m*k, 2)
		want := run(x)
		for i, bad := range []float32{float32(math.NaN()), scalar.Inf, -scalar.Inf} {
			x[(3*i+1)*k+7*i] = bad
			for j := range n {
				want[(3*i+1)*n+j] = float32(math.NaN())
			}
		}
		kerneltest.WantSame(t, "rows", run(x), want)
	})
}
