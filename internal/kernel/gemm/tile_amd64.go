//go:build amd64 && !purego

package gemm

import (
	"unsafe"

	"dnn/internal/kernel/cpu"
)

func init() {
	cpu.Add(cpu.AVX2, func() {
		active.tileRows, active.tileCols, active.tile = 6, 16, tileAVX2
		active.crossRows, active.cross, active.epilogues = 8, crossAVX2, true
		active.lineByLine = true
		active.brgemm, active.depthwise = brgemmAVX2, depthwiseAVX2
		active.packColumns, active.copyRows = packColumnsAVX2, copyRowsAVX2
	})
	cpu.Add(cpu.AVX512, func() {
		active.tileRows, active.tileCols, active.tile = 12, 32, tileAVX512
		active.crossRows, active.cross = 12, crossAVX512
		active.brgemm, active.depthwise = brgemmAVX512, depthwiseAVX512
	})
}

// tileArgs are what tiles are called with, as the generator knows it. They are changed on the way.
type tileArgs struct {
	c, a, b                                                                  *float32
	segs                                                                     *int
	nseg, length, ars, aks, ldb, ldc, n, reps, aStep, bStep, cStep, biasStep int
	bias, residual, gate                                                     *float32
	kind                                                                     int
	load, relu                                                               bool
}

// These run the tile of a kind: for its rows i and n columns j, reps ≥ 1 times, each time aStep elements further on in a,
// bStep in b, biasStep in bias and cStep in c, residual and gate,
//
//	s, p := load ? c[i*ldc+j] : 0, b
//	for _, off := range segs {
//		for l := range length {
//			s = fma(a[off+i*ars+l*aks], p[j], s) // depthwise: a[off+i*ars+l*aks+j]
//			p = p[ldb:]
//		}
//	}
//	if bias != nil { s += bias[j] }
//	if residual != nil { s += residual[i*ldc+j] }
//	if relu { s = scalar.Relu(s) }
//	if gate != nil && !(gate[i*ldc+j] > 0) { s = 0 }
//	c[i*ldc+j] = s
//
// runCross, for a B that lies across and length ≥ 1, once, has instead of the sum
//
//	for l := range length {
//		s = fma(a[i*ars+l], b[j*ldb+l], s)
//	}

//go:noescape
func runBrgemmAVX2(args *tileArgs)

//go:noescape
func runBrgemmAVX512(args *tileArgs)

//go:noescape
func runCrossAVX2(args *tileArgs)

//go:noescape
func runCrossAVX512(args *tileArgs)

// The kinds of tiles are numbered by width, then by height, and in the end come the depthwise ones.
const (
	rowsAVX2, rowsAVX512 = 6, 12
	depthwiseKinds       = 3 // widths of others
)

// kindAVX2 is that of a tile of m rows and n ≤ 16 columns.
func kindAVX2(m, n int) int {
	width := 2
	if n < 16 {
		width = (n - 1) / 8
	}
	return width*rowsAVX2 + m - 1
}

// kindAVX512 is that of a tile of m rows and n ≤ 32 columns.
func kindAVX512(m, n int) int {
	width := 0
	if n > 8 {
		width = (n + 15) / 16
	}
	return width*rowsAVX512 + m - 1
}

// Arguments are set one by one, in place: a literal is copied, and a copy must wait for what was just written in small pieces,
// which takes longer than a small tile.

// tileAVX2 takes lower tiles for partial ones, which are a little faster where rows of B lie far apart.
func tileAVX2(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, e TileEpilogue) {
	kind := kindAVX2(m, n)
	if m < rowsAVX2 {
		kind = (n-1)/8*rowsAVX2 + m - 1
	}
	var args tileArgs
	args.c, args.a, args.b, args.segs, args.nseg, args.length = &c[0], &a[0], &b[0], &unbroken[0], 1, k
	args.ars, args.aks, args.ldb, args.ldc, args.n, args.reps = ars, aks, ldb, ldc, n, 1
	args.bias, args.residual, args.gate, args.kind, args.load, args.relu = e.bias, e.residual, e.gate, kind, load, e.relu
	runBrgemmAVX2(&args)
}

func tileAVX512(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, e TileEpilogue) {
	var args tileArgs
	args.c, args.a, args.b, args.segs, args.nseg, args.length = &c[0], &a[0], &b[0], &unbroken[0], 1, k
	args.ars, args.aks, args.ldb, args.ldc, args.n, args.reps = ars, aks, ldb, ldc, n, 1
	args.bias, args.residual, args.gate, args.kind, args.load, args.relu = e.bias, e.residual, e.gate, kindAVX512(m, n), load, e.relu
	runBrgemmAVX512(&args)
}

// set makes args those of Tiles of n columns.
func (args *tileArgs) set(t *Tiles, kind, n int, c, a, b []float32, e TileEpilogue) {
	args.c, args.a, args.b, args.segs, args.nseg = &c[0], &a[0], &b[0], unsafe.SliceData(t.Segs), len(t.Segs)
	args.length, args.ars, args.aks, args.ldb, args.ldc, args.n = t.Length, t.Ars, t.Aks, t.Ldb, t.Ldc, n
	args.reps, args.aStep, args.bStep, args.cStep, args.biasStep = t.Reps, t.AStep, t.BStep, t.CStep, t.BiasStep
	args.bias, args.residual, args.gate, args.kind, args.load, args.relu = e.bias, e.residual, e.gate, kind, t.Load, e.relu
}

func brgemmAVX2(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	var args tileArgs
	args.set(&t, kindAVX2(m, t.N), t.N, c, a, b, e)
	runBrgemmAVX2(&args)
}

func brgemmAVX512(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	var args tileArgs
	args.set(&t, kindAVX512(m, t.N), t.N, c, a, b, e)
	runBrgemmAVX512(&args)
}

// depthwiseAVX2 goes in steps of one vector unless two are full.
func depthwiseAVX2(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	const lanes, kind = 8, depthwiseKinds * rowsAVX2
	var args tileArgs
	if t.N == 2*lanes {
		args.set(&t, kind+depthwiseRows+m-1, t.N, c, a, b, e)
		runBrgemmAVX2(&args)
		return
	}
	for j := 0; j < t.N; j += lanes {
		args.set(&t, kind+m-1, min(lanes, t.N-j), c[j:], a[j:], b[j:], e.at(0, j, t.Ldc))
		runBrgemmAVX2(&args)
	}
}

// depthwiseAVX512 does the same.
func depthwiseAVX512(c, a, b []float32, m int, t Tiles, e TileEpilogue) {
	const lanes, kind = 16, depthwiseKinds * rowsAVX512
	var args tileArgs
	if t.N == 2*lanes {
		args.set(&t, kind+depthwiseRows+m-1, t.N, c, a, b, e)
		runBrgemmAVX512(&args)
		return
	}
	for j := 0; j < t.N; j += lanes {
		args.set(&t, kind+m-1, min(lanes, t.N-j), c[j:], a[j:], b[j:], e.at(0, j, t.Ldc))
		runBrgemmAVX512(&args)
	}
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
