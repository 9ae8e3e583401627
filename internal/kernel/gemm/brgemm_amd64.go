//go:build amd64 && !purego

package gemm

import "unsafe"

// asmBrgemm is a tilesFunc of fixed height and width in vectors.
type asmBrgemm func(c, a, b *float32, segs *int, nseg, length, ars, aks, ldb, ldc, n, reps, astep, bstep, cstep int, load bool, bias, residual, gate *float32, relu bool)

// The tiles are indexed by width in vectors (for AVX-512 after a half one), the
// last kind being full, and by height, less one.
var (
	brgemmAVX2Table = [3][6]asmBrgemm{
		{
			brgemm1x1AVX2, brgemm2x1AVX2, brgemm3x1AVX2, brgemm4x1AVX2, brgemm5x1AVX2, brgemm6x1AVX2,
		},
		{
			brgemm1x2AVX2, brgemm2x2AVX2, brgemm3x2AVX2, brgemm4x2AVX2, brgemm5x2AVX2, brgemm6x2AVX2,
		},
		{
			brgemm1x2FullAVX2, brgemm2x2FullAVX2, brgemm3x2FullAVX2, brgemm4x2FullAVX2, brgemm5x2FullAVX2, brgemm6x2FullAVX2,
		},
	}
	brgemmAVX512Table = [4][12]asmBrgemm{
		{
			brgemm1x1HalfAVX512, brgemm2x1HalfAVX512, brgemm3x1HalfAVX512, brgemm4x1HalfAVX512, brgemm5x1HalfAVX512, brgemm6x1HalfAVX512,
			brgemm7x1HalfAVX512, brgemm8x1HalfAVX512, brgemm9x1HalfAVX512, brgemm10x1HalfAVX512, brgemm11x1HalfAVX512, brgemm12x1HalfAVX512,
		},
		{
			brgemm1x1AVX512, brgemm2x1AVX512, brgemm3x1AVX512, brgemm4x1AVX512, brgemm5x1AVX512, brgemm6x1AVX512,
			brgemm7x1AVX512, brgemm8x1AVX512, brgemm9x1AVX512, brgemm10x1AVX512, brgemm11x1AVX512, brgemm12x1AVX512,
		},
		{
			brgemm1x2AVX512, brgemm2x2AVX512, brgemm3x2AVX512, brgemm4x2AVX512, brgemm5x2AVX512, brgemm6x2AVX512,
			brgemm7x2AVX512, brgemm8x2AVX512, brgemm9x2AVX512, brgemm10x2AVX512, brgemm11x2AVX512, brgemm12x2AVX512,
		},
		{
			brgemm1x2FullAVX512, brgemm2x2FullAVX512, brgemm3x2FullAVX512, brgemm4x2FullAVX512, brgemm5x2FullAVX512, brgemm6x2FullAVX512,
			brgemm7x2FullAVX512, brgemm8x2FullAVX512, brgemm9x2FullAVX512, brgemm10x2FullAVX512, brgemm11x2FullAVX512, brgemm12x2FullAVX512,
		},
	}
	depthwiseAVX2Table = [2][depthwiseRows]asmBrgemm{
		{depthwise1x1AVX2, depthwise2x1AVX2, depthwise3x1AVX2, depthwise4x1AVX2, depthwise5x1AVX2, depthwise6x1AVX2},
		{depthwise1x2FullAVX2, depthwise2x2FullAVX2, depthwise3x2FullAVX2, depthwise4x2FullAVX2, depthwise5x2FullAVX2, depthwise6x2FullAVX2},
	}
	depthwiseAVX512Table = [2][depthwiseRows]asmBrgemm{
		{depthwise1x1AVX512, depthwise2x1AVX512, depthwise3x1AVX512, depthwise4x1AVX512, depthwise5x1AVX512, depthwise6x1AVX512},
		{depthwise1x2FullAVX512, depthwise2x2FullAVX512, depthwise3x2FullAVX512, depthwise4x2FullAVX512, depthwise5x2FullAVX512, depthwise6x2FullAVX512},
	}
)

func brgemmAVX2(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	width := 2
	if t.N < 16 {
		width = (t.N - 1) / 8
	}
	brgemmAVX2Table[width][m-1].run(c, a, b, &t, t.N, e)
}

func brgemmAVX512(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	width := 3
	switch {
	case t.N <= 8:
		width = 0
	case t.N < 32:
		width = (t.N + 15) / 16
	}
	brgemmAVX512Table[width][m-1].run(c, a, b, &t, t.N, e)
}

func depthwiseAVX2(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	depthwiseVectors(&depthwiseAVX2Table, 8, c, a, b, m, &t, e)
}

func depthwiseAVX512(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	depthwiseVectors(&depthwiseAVX512Table, 16, c, a, b, m, &t, e)
}

// depthwiseVectors goes in steps of two vectors, then of one.
func depthwiseVectors(table *[2][depthwiseRows]asmBrgemm, lanes int, c, a, b []float32, m int, t *Tiles, e TileEpilogue) {
	if t.N == 2*lanes {
		table[1][m-1].run(c, a, b, t, t.N, e)
		return
	}
	for j := 0; j < t.N; j += lanes {
		table[0][m-1].run(c[j:], a[j:], b[j:], t, min(lanes, t.N-j), e.at(0, j, t.Ldc))
	}
}

func (f asmBrgemm) run(c, a, b []float32, t *Tiles, n int, e TileEpilogue) {
	f(&c[0], &a[0], &b[0], unsafe.SliceData(t.Segs), len(t.Segs), t.Length, t.Ars, t.Aks, t.Ldb, t.Ldc, n, t.Reps, t.AStep, t.BStep, t.CStep, t.Load,
		e.bias, e.residual, e.gate, e.relu)
}
