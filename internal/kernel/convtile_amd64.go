//go:build amd64 && !purego

package kernel

import "unsafe"

// asmSegments is a convTileFunc of fixed height and width in vectors.
type asmSegments func(c, a, b *float32, segs *int, nseg, length, ars, aks, ldb, ldc, n, reps, astep, bstep, cstep int, load bool, bias, residual, gate *float32, relu bool)

// The tiles are indexed by width in vectors (for AVX-512 after a half one), the
// last kind being full, and by height, less one.
var (
	segmentsAVX2Table = [3][6]asmSegments{
		{
			segments1x1AVX2, segments2x1AVX2, segments3x1AVX2, segments4x1AVX2, segments5x1AVX2, segments6x1AVX2,
		},
		{
			segments1x2AVX2, segments2x2AVX2, segments3x2AVX2, segments4x2AVX2, segments5x2AVX2, segments6x2AVX2,
		},
		{
			segments1x2FullAVX2, segments2x2FullAVX2, segments3x2FullAVX2, segments4x2FullAVX2, segments5x2FullAVX2, segments6x2FullAVX2,
		},
	}
	segmentsAVX512Table = [4][12]asmSegments{
		{
			segments1x1HalfAVX512, segments2x1HalfAVX512, segments3x1HalfAVX512, segments4x1HalfAVX512, segments5x1HalfAVX512, segments6x1HalfAVX512,
			segments7x1HalfAVX512, segments8x1HalfAVX512, segments9x1HalfAVX512, segments10x1HalfAVX512, segments11x1HalfAVX512, segments12x1HalfAVX512,
		},
		{
			segments1x1AVX512, segments2x1AVX512, segments3x1AVX512, segments4x1AVX512, segments5x1AVX512, segments6x1AVX512,
			segments7x1AVX512, segments8x1AVX512, segments9x1AVX512, segments10x1AVX512, segments11x1AVX512, segments12x1AVX512,
		},
		{
			segments1x2AVX512, segments2x2AVX512, segments3x2AVX512, segments4x2AVX512, segments5x2AVX512, segments6x2AVX512,
			segments7x2AVX512, segments8x2AVX512, segments9x2AVX512, segments10x2AVX512, segments11x2AVX512, segments12x2AVX512,
		},
		{
			segments1x2FullAVX512, segments2x2FullAVX512, segments3x2FullAVX512, segments4x2FullAVX512, segments5x2FullAVX512, segments6x2FullAVX512,
			segments7x2FullAVX512, segments8x2FullAVX512, segments9x2FullAVX512, segments10x2FullAVX512, segments11x2FullAVX512, segments12x2FullAVX512,
		},
	}
	acrossAVX2Table = [2][acrossRows]asmSegments{
		{across1x1AVX2, across2x1AVX2, across3x1AVX2, across4x1AVX2, across5x1AVX2, across6x1AVX2},
		{across1x2FullAVX2, across2x2FullAVX2, across3x2FullAVX2, across4x2FullAVX2, across5x2FullAVX2, across6x2FullAVX2},
	}
	acrossAVX512Table = [2][acrossRows]asmSegments{
		{across1x1AVX512, across2x1AVX512, across3x1AVX512, across4x1AVX512, across5x1AVX512, across6x1AVX512},
		{across1x2FullAVX512, across2x2FullAVX512, across3x2FullAVX512, across4x2FullAVX512, across5x2FullAVX512, across6x2FullAVX512},
	}
)

func segmentsAVX2(c, a, b []float32, m int, t convTile, e ending) {
	width := 2
	if t.n < 16 {
		width = (t.n - 1) / 8
	}
	segmentsAVX2Table[width][m-1].run(c, a, b, &t, t.n, e)
}

func segmentsAVX512(c, a, b []float32, m int, t convTile, e ending) {
	width := 3
	switch {
	case t.n <= 8:
		width = 0
	case t.n < 32:
		width = (t.n + 15) / 16
	}
	segmentsAVX512Table[width][m-1].run(c, a, b, &t, t.n, e)
}

func acrossAVX2(c, a, b []float32, m int, t convTile, e ending) {
	acrossVectors(&acrossAVX2Table, 8, c, a, b, m, &t, e)
}

func acrossAVX512(c, a, b []float32, m int, t convTile, e ending) {
	acrossVectors(&acrossAVX512Table, 16, c, a, b, m, &t, e)
}

// acrossVectors goes in steps of two vectors, then of one.
func acrossVectors(table *[2][acrossRows]asmSegments, lanes int, c, a, b []float32, m int, t *convTile, e ending) {
	if t.n == 2*lanes {
		table[1][m-1].run(c, a, b, t, t.n, e)
		return
	}
	for j := 0; j < t.n; j += lanes {
		table[0][m-1].run(c[j:], a[j:], b[j:], t, min(lanes, t.n-j), e.at(0, j, t.ldc))
	}
}

func (f asmSegments) run(c, a, b []float32, t *convTile, n int, e ending) {
	f(&c[0], &a[0], &b[0], unsafe.SliceData(t.segs), len(t.segs), t.length, t.ars, t.aks, t.ldb, t.ldc, n, t.reps, t.aStep, t.bStep, t.cStep, t.load,
		e.bias, e.residual, e.gate, e.relu)
}
