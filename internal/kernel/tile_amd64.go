//go:build amd64 && !purego

package kernel

// asmTile is a tileFunc of fixed height and width in vectors.
type asmTile func(c, a, b *float32, ldc, ars, aks, ldb, n, k int, load bool)

// tilesAVX2 and tilesAVX512 are indexed by width in vectors and by height, less one.
var (
	tilesAVX2 = [2][6]asmTile{
		{tile1x1AVX2, tile2x1AVX2, tile3x1AVX2, tile4x1AVX2, tile5x1AVX2, tile6x1AVX2},
		{tile1x2AVX2, tile2x2AVX2, tile3x2AVX2, tile4x2AVX2, tile5x2AVX2, tile6x2AVX2},
	}
	tilesAVX512 = [2][12]asmTile{
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

func tileAVX2(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool) {
	if m == 6 && n == 16 {
		tile6x2FullAVX2(&c[0], &a[0], &b[0], ldc, ars, aks, ldb, n, k, load)
		return
	}
	tilesAVX2[(n-1)/8][m-1](&c[0], &a[0], &b[0], ldc, ars, aks, ldb, n, k, load)
}

func tileAVX512(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool) {
	if m == 12 && n == 32 {
		tile12x2FullAVX512(&c[0], &a[0], &b[0], ldc, ars, aks, ldb, n, k, load)
		return
	}
	tilesAVX512[(n-1)/16][m-1](&c[0], &a[0], &b[0], ldc, ars, aks, ldb, n, k, load)
}

// transposeAVX2 goes in strips of eight and four lines of x, and leaves the rest
// to the portable loop.
func transposeAVX2(dst, x []float32, rows, cols, ldd, ldx int) {
	n := rows / 8
	i := 0
	if n > 0 {
		for ; i+8 <= cols; i += 8 {
			transpose8AVX2(&dst[i], &x[i*ldx], n, ldd, ldx)
		}
		if i+4 <= cols {
			transpose4AVX2(&dst[i], &x[i*ldx], n, ldd, ldx)
			i += 4
		}
	}
	if r := 8 * n; r < rows && i > 0 {
		transposeGeneric(dst[r*ldd:], x[r:], rows-r, i, ldd, ldx)
	}
	if i < cols {
		transposeGeneric(dst[i:], x[i*ldx:], rows, cols-i, ldd, ldx)
	}
}

// packColumnsAVX2 has a fast way for full panels.
func packColumnsAVX2(dst, src []float32, n, k, ld, width int) {
	switch {
	case n < width:
		packColumnsGeneric(dst, src, n, k, ld, width)
	case width == panelB:
		copyLines32AVX2(&dst[0], &src[0], k, ld)
	case width == panelA:
		copyLines12AVX2(&dst[0], &src[0], k, ld)
	}
}

// gemvRowsAVX2 takes 32 rows at a time, then eight, then the rest.
func gemvRowsAVX2(y, w, x []float32, ld int, load bool) {
	j := 0
	for ; j+32 <= len(y); j += 32 {
		gemvRows32AVX2(&y[j], &w[j*ld], &x[0], 32, len(x), ld, load)
	}
	for ; j < len(y); j += 8 {
		gemvRows8AVX2(&y[j], &w[j*ld], &x[0], min(8, len(y)-j), len(x), ld, load)
	}
}
