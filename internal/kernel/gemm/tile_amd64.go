//go:build amd64 && !purego

package gemm

import "dnn/internal/kernel/cpu"

func init() {
	cpu.Add(cpu.AVX2, func() {
		active.tileRows, active.tileCols, active.tile = 6, 16, tileAVX2
		active.crossRows, active.cross, active.epilogues = 8, crossAVX2, true
		active.brgemm, active.depthwise = brgemmAVX2, depthwiseAVX2
		active.packColumns, active.copyRows = packColumnsAVX2, copyRowsAVX2
	})
	cpu.Add(cpu.AVX512, func() {
		active.tileRows, active.tileCols, active.tile = 12, 32, tileAVX512
		active.crossRows, active.cross = 12, crossAVX512
		active.brgemm, active.depthwise = brgemmAVX512, depthwiseAVX512
	})
}

// asmTile is a tileFunc of fixed height and width in vectors, asmCross a
// crossFunc; the last five parameters are an epilogue.
type (
	asmTile  func(c, a, b *float32, ldc, ars, aks, ldb, n, k int, load bool, bias, residual, gate *float32, relu bool)
	asmCross func(c, a, b *float32, ldc, ars, ldb, n, k int, load bool, bias, residual, gate *float32, relu bool)
)

// tilesAVX2 and tilesAVX512 are indexed by width in vectors (for AVX-512 after a
// half one) and by height, less one.
var (
	tilesAVX2 = [2][6]asmTile{
		{
			tile1x1AVX2, tile2x1AVX2, tile3x1AVX2, tile4x1AVX2, tile5x1AVX2, tile6x1AVX2,
		},
		{
			tile1x2AVX2, tile2x2AVX2, tile3x2AVX2, tile4x2AVX2, tile5x2AVX2, tile6x2AVX2,
		},
	}
	tilesAVX512 = [3][12]asmTile{
		{
			tile1x1HalfAVX512, tile2x1HalfAVX512, tile3x1HalfAVX512, tile4x1HalfAVX512, tile5x1HalfAVX512, tile6x1HalfAVX512,
			tile7x1HalfAVX512, tile8x1HalfAVX512, tile9x1HalfAVX512, tile10x1HalfAVX512, tile11x1HalfAVX512, tile12x1HalfAVX512,
		},
		{
			tile1x1AVX512, tile2x1AVX512, tile3x1AVX512, tile4x1AVX512, tile5x1AVX512, tile6x1AVX512,
			tile7x1AVX512, tile8x1AVX512, tile9x1AVX512, tile10x1AVX512, tile11x1AVX512, tile12x1AVX512,
		},
		{
			tile1x2AVX512, tile2x2AVX512, tile3x2AVX512, tile4x2AVX512, tile5x2AVX512, tile6x2AVX512,
			tile7x2AVX512, tile8x2AVX512, tile9x2AVX512, tile10x2AVX512, tile11x2AVX512, tile12x2AVX512,
		},
	}
)

// The crosses are indexed by height, less one.
var (
	crossesAVX2 = [8]asmCross{
		cross1x1AVX2, cross2x1AVX2, cross3x1AVX2, cross4x1AVX2, cross5x1AVX2, cross6x1AVX2,
		cross7x1AVX2, cross8x1AVX2,
	}
	widestAVX2    = [4]asmCross{cross1x4AVX2, cross2x4AVX2, cross3x2AVX2, cross4x2AVX2}
	crossesAVX512 = [12]asmCross{
		cross1x1AVX512, cross2x1AVX512, cross3x1AVX512, cross4x1AVX512, cross5x1AVX512, cross6x1AVX512,
		cross7x1AVX512, cross8x1AVX512, cross9x1AVX512, cross10x1AVX512, cross11x1AVX512, cross12x1AVX512,
	}
	widestAVX512 = [4]asmCross{cross1x2AVX512, cross2x2AVX512, cross3x2AVX512, cross4x2AVX512}
)

func tileAVX2(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, e TileEpilogue) {
	f := tile6x2FullAVX2
	if m < 6 || n < 16 {
		f = tilesAVX2[(n-1)/8][m-1]
	}
	f(&c[0], &a[0], &b[0], ldc, ars, aks, ldb, n, k, load, e.bias, e.residual, e.gate, e.relu)
}

func tileAVX512(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, e TileEpilogue) {
	f := tile12x2FullAVX512
	if m < 12 || n < 32 {
		width := 0
		if n > 8 {
			width = (n + 15) / 16
		}
		f = tilesAVX512[width][m-1]
	}
	f(&c[0], &a[0], &b[0], ldc, ars, aks, ldb, n, k, load, e.bias, e.residual, e.gate, e.relu)
}

// crossAVX2 goes in steps as wide as the registers allow, then of eight columns.
func crossAVX2(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, e TileEpilogue) {
	j := 0
	if m <= len(widestAVX2) {
		w := 32
		if m > 2 {
			w = 16
		}
		for ; j+w <= n; j += w {
			widestAVX2[m-1].at(j, c, a, b, ldc, ars, ldb, w, k, load, e)
		}
	}
	f := crossesAVX2[m-1]
	for ; j+8 <= n; j += 8 {
		f.at(j, c, a, b, ldc, ars, ldb, 8, k, load, e)
	}
	switch {
	case j == n:
	case n >= 8 && !load:
		f.at(n-8, c, a, b, ldc, ars, ldb, 8, k, load, e) // some columns once more
	default:
		f.at(j, c, a, b, ldc, ars, ldb, n-j, k, load, e)
	}
}

// crossAVX512 leaves to AVX2 what does not fill a vector.
func crossAVX512(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, e TileEpilogue) {
	j := 0
	if m <= len(widestAVX512) {
		for ; j+32 <= n; j += 32 {
			widestAVX512[m-1].at(j, c, a, b, ldc, ars, ldb, 32, k, load, e)
		}
	}
	f := crossesAVX512[m-1]
	for ; j+16 <= n; j += 16 {
		f.at(j, c, a, b, ldc, ars, ldb, 16, k, load, e)
	}
	if j == n {
		return
	}
	if n >= 16 && !load {
		f.at(n-16, c, a, b, ldc, ars, ldb, 16, k, load, e) // some columns once more
		return
	}
	for i := 0; i < m; i += len(crossesAVX2) {
		crossAVX2(c[i*ldc+j:], a[i*ars:], b[j*ldb:], ldc, ars, ldb, min(len(crossesAVX2), m-i), n-j, k, load, e.at(i, j, ldc))
	}
}

// at runs f for n columns from j on.
func (f asmCross) at(j int, c, a, b []float32, ldc, ars, ldb, n, k int, load bool, e TileEpilogue) {
	e = e.at(0, j, ldc)
	f(&c[j], &a[0], &b[j*ldb], ldc, ars, ldb, n, k, load, e.bias, e.residual, e.gate, e.relu)
}

// packColumnsAVX2 has a fast way for full panels.
func packColumnsAVX2(dst, src []float32, n, k, ld, width int) {
	switch {
	case n < width:
		packColumnsGeneric(dst, src, n, k, ld, width)
	case width == 32:
		copyLines32AVX2(&dst[0], &src[0], k, ld)
	case width == 16:
		copyLines16AVX2(&dst[0], &src[0], k, ld)
	case width == 12:
		copyLines12AVX2(&dst[0], &src[0], k, ld)
	case width == 6:
		copyLines6AVX2(&dst[0], &src[0], k, ld)
	}
}

func copyRowsAVX2(dst, src []float32, rows, ldd, lds int) {
	copyLines128AVX2(&dst[0], &src[0], rows, ldd, lds)
}
