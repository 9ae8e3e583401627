package integer

import (
	"fmt"
	"math"
	"testing"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// blockWeights are random weights in blocks, and the same widened.
func blockWeights(bits, n, k int) (four []byte, eight []int8, scales, wide []float32) {
	blocks := Blocks(k)
	scales, wide = kerneltest.Normals(n*blocks, 3), guard.Floats(n*k)
	eight = integers(n*blocks*BlockSize, 4)
	if bits == 8 {
		for i := range n {
			DequantizeBlocks8(wide[i*k:(i+1)*k], eight[i*blocks*BlockSize:], scales[i*blocks:])
		}
		return nil, eight, scales, wide
	}
	for _, v := range eight[:n*blocks*BlockBytes4] {
		four = append(four, byte(v))
	}
	for i := range n {
		DequantizeBlocks4(wide[i*k:(i+1)*k], four[i*blocks*BlockBytes4:], scales[i*blocks:])
	}
	return four, nil, scales, wide
}

// TestBlockProduct holds products to chains of fma over the widened weights, NaN, infinities and zeros with signs among the numbers.
func TestBlockProduct(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, bits := range []int{4, 8} {
			for _, s := range [][3]int{{1, 1, 1}, {1, 70, 37}, {1, 300, 130}, {2, 31, 16}, {5, 33, 70}, {13, 290, 97}, {300, 9, 65}} {
				p := BlockProduct{M: s[0], N: s[2], K: s[1], Bits: bits}
				four, eight, scales, wide := blockWeights(bits, p.N, p.K)
				x, bias := kerneltest.Normals(p.M*p.K, 1), kerneltest.Normals(p.N, 2)
				x[0], x[len(x)-1] = float32(math.Copysign(0, -1)), 0
				if p.M > 2 {
					x[p.K] = float32(math.NaN())
				}
				y, packed, local := guard.Floats(p.M*p.N), guard.Floats(p.Packed()), guard.Floats(p.Local())
				p.Pack(packed, four, eight, scales, 0, p.Panels())
				for u := range p.Units() {
					p.Run(y, x, packed, local, gemm.Epilogue{Bias: bias, Act: vec.ActRelu}, u, u+1)
				}
				want := guard.Floats(p.M * p.N)
				for i := range want {
					sum := float32(0)
					for k, w := range wide[i%p.N*p.K:][:p.K] {
						sum = scalar.FMA(x[i/p.N*p.K+k], w, sum)
					}
					want[i] = scalar.Relu(sum + bias[i%p.N])
				}
				kerneltest.WantSame(t, fmt.Sprint(p), y, want)
			}
		}
	})
}

func BenchmarkBlockProduct(b *testing.B) {
	for _, s := range [][3]int{{1, 384, 1536}, {1, 1536, 384}, {1, 2048, 8192}, {8, 384, 1536}, {64, 384, 1536}} {
		g := gemm.Gemm{M: s[0], N: s[2], K: s[1], TransB: s[0] > 1}
		x, y := kerneltest.Normals(g.M*g.K, 1), guard.Floats(g.M*g.N)
		report := func(b *testing.B) {
			b.ReportMetric(float64(g.M*g.K*g.N)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
		}
		for _, bits := range []int{4, 8} {
			p := BlockProduct{M: g.M, N: g.N, K: g.K, Bits: bits}
			four, eight, scales, wide := blockWeights(bits, p.N, p.K)
			packed, local := guard.Floats(p.Packed()), guard.Floats(p.Local())
			p.Pack(packed, four, eight, scales, 0, p.Panels())
			b.Run(fmt.Sprintf("%dx%dx%d/%d", g.M, g.K, g.N, bits), func(b *testing.B) {
				for b.Loop() {
					p.Run(y, x, packed, local, gemm.Epilogue{}, 0, p.Units())
				}
				report(b)
			})
			if bits == 8 {
				continue
			}
			scratch := guard.Floats(g.Scratch())
			b.Run(fmt.Sprintf("%dx%dx%d/float32", g.M, g.K, g.N), func(b *testing.B) {
				for b.Loop() {
					g.Pack(scratch, x, wide, 0, g.PackUnits())
					g.Run(y, x, wide, scratch, gemm.Epilogue{}, 0, g.Units())
				}
				report(b)
			})
		}
	}
}
