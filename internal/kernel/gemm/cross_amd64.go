//go:build amd64 && !purego

package gemm

// The kinds of crosses are those of one vector of columns, by height, then those as wide as the registers allow, for few rows.
const (
	crossesAVX2, crossesAVX512 = 8, 12
	wideCrosses                = 4
)

// crossAVX2 goes in steps as wide as the registers allow, then of eight columns.
func crossAVX2(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, e TileEpilogue) {
	var args tileArgs
	args.a, args.length, args.ars, args.ldb, args.ldc, args.load, args.relu = &a[0], k, ars, ldb, ldc, load, e.relu
	j := 0
	if m <= wideCrosses {
		w := 32
		if m > 2 {
			w = 16
		}
		for ; j+w <= n; j += w {
			args.column(j, w, crossesAVX2+m-1, c, b, &e)
			runCrossAVX2(&args)
		}
	}
	for ; j < n; j += 8 {
		at, w := j, min(8, n-j)
		if w < 8 && n >= 8 && !load {
			at, w = n-8, 8 // some columns once more
		}
		args.column(at, w, m-1, c, b, &e)
		runCrossAVX2(&args)
	}
}

// crossAVX512 leaves to AVX2 what does not fill a vector.
func crossAVX512(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, e TileEpilogue) {
	var args tileArgs
	args.a, args.length, args.ars, args.ldb, args.ldc, args.load, args.relu = &a[0], k, ars, ldb, ldc, load, e.relu
	j := 0
	if m == 1 && ldb%512 == 0 { // which goes line by line
		crossAVX2(c, a, b, ldc, ars, ldb, m, n, k, load, e)
		return
	}
	if m <= wideCrosses {
		for ; j+32 <= n; j += 32 {
			args.column(j, 32, crossesAVX512+m-1, c, b, &e)
			runCrossAVX512(&args)
		}
	}
	for ; j+16 <= n || j < n && n >= 16 && !load; j += 16 {
		args.column(min(j, n-16), 16, m-1, c, b, &e) // perhaps some columns once more
		runCrossAVX512(&args)
	}
	for i := 0; i < m && j < n; i += crossesAVX2 {
		crossAVX2(c[i*ldc+j:], a[i*ars:], b[j*ldb:], ldc, ars, ldb, min(crossesAVX2, m-i), n-j, k, load, e.at(i, j, ldc))
	}
}

// column makes args those of the tile of n columns from j on.
func (args *tileArgs) column(j, n, kind int, c, b []float32, e *TileEpilogue) {
	args.c, args.b, args.n, args.kind = &c[j], &b[j*args.ldb], n, kind
	args.bias, args.residual, args.gate = further(e.bias, j), further(e.residual, j), further(e.gate, j)
}
