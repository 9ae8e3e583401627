//go:build amd64 && !purego

package integer

import (
	"unsafe"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/cut"
)

func init() {
	cpu.Add(cpu.AVX2, func() {
		active.layout, active.tileRows, active.tile = pairs, 6, tileAVX2
		active.filterProducts = filterProductsAVX2
		active.absMax, active.toBytes, active.toWords = absMaxLong, toBytesLong, toWordsLong
	})
	cpu.Add(cpu.AVXVNNI, func() { active.layout, active.tile = bytes, tileAVXVNNI })
	cpu.Add(cpu.AVX512, func() {
		if cpu.HasAVX512VNNI() {
			active.layout, active.tileRows, active.tile, active.tilePanels = bytes, 8, tileAVX512, 2
		}
	})
}

// These run a tile of kind + 1 rows and 16 columns, or with AVX-512 n ≤ 32 of two panels: see tile.

//go:noescape
func runIntegerAVX2(args *tileArgs)

//go:noescape
func runIntegerAVXVNNI(args *tileArgs)

//go:noescape
func runIntegerAVX512(args *tileArgs)

func tileAVX2(t tile, m int)    { wholePanels(&t, m, false) }
func tileAVXVNNI(t tile, m int) { wholePanels(&t, m, true) }

func runTile(args *tileArgs, fast bool) {
	if fast {
		runIntegerAVXVNNI(args)
	} else {
		runIntegerAVX2(args)
	}
}

// filterProductsAVX2 is sixteen products, one for each place: sums [16, pieces, 16] of x [16, pieces, channels] and panels of weights.
func filterProductsAVX2(sums []int32, x []int16, packed []float32, pieces, channels int) {
	const rows = 6
	size, sets := panelFloats(channels/2), cut.Ceil(pieces, rows)
	height, higher := pieces/sets, pieces%sets
	_, _ = sums[:16*pieces*panelCols], x[:16*pieces*channels]
	var args tileArgs
	args.segs, args.nseg, args.steps, args.raw = &unbroken[0], 1, channels/2, 1
	args.rowA, args.rowY = 2*channels, 4*panelCols
	for i, at := 0, 0; i < 16; i++ {
		args.b = &packed[i*size : (i+1)*size][0]
		for _, h := range [2][2]int{{height + 1, higher}, {height, sets - higher}} {
			if args.reps = h[1]; h[1] == 0 {
				continue
			}
			args.y, args.a = (*float32)(unsafe.Pointer(&sums[at*panelCols])), (*byte)(unsafe.Pointer(&x[at*channels]))
			args.nextA, args.nextY, args.kind = h[0]*args.rowA, h[0]*args.rowY, h[0]-1
			runIntegerAVX2(&args)
			at += h[0] * h[1]
		}
	}
}

func tileAVX512(t tile, m int) {
	var args tileArgs
	args.set(&t, m)
	if t.n <= panelCols { // the second panel, of which nothing is stored, may be the same
		args.panel = 0
	}
	runIntegerAVX512(&args)
}

// The loops behind these take eight numbers at least.

func absMaxLong(x []float32) uint32 {
	if len(x) < 8 {
		return absMaxGeneric(x)
	}
	return absMaxAVX2(x)
}

func toBytesLong(dst []byte, x []float32, inv float32, flip uint32) uint32 {
	if dst = dst[:len(x)]; len(x) < 8 {
		return toBytesGeneric(dst, x, inv, flip)
	}
	return toBytesAVX2(dst, x, inv, flip)
}

func toWordsLong(dst []int16, x []float32, inv float32) {
	if dst = dst[:len(x)]; len(x) < 8 {
		toWordsGeneric(dst, x, inv)
		return
	}
	toWordsAVX2(dst, x, inv)
}
