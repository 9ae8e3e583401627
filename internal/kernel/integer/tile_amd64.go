//go:build amd64 && !purego

package integer

import (
	"math"
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

// tileArgs are what tiles are called with, as the generator knows it: a tile with distances in bytes. They are changed on the way.
type tileArgs struct {
	y            *float32
	a            *byte
	b            *float32
	segs         *int
	nseg, steps  int
	panel        int // from one panel to the next
	rowA, rowY   int
	rowX         int
	n, reps      int
	nextA, nextY int
	nextX        int
	xs, ws, bias *float32
	floor, _     float32 // results are at least that
	raw          int     // AVX2: 1 for numbers of 16 bits, whose sums are stored as they are
	unsigned     int     // AVX2: 1 where no number of a is negative
	kind         int     // rows - 1
}

// These run a tile of kind + 1 rows and 16 columns, or with AVX-512 n ≤ 32 of two panels: see tile.

//go:noescape
func runIntegerAVX2(args *tileArgs)

//go:noescape
func runIntegerAVXVNNI(args *tileArgs)

//go:noescape
func runIntegerAVX512(args *tileArgs)

func (args *tileArgs) set(t *tile, m int) {
	args.y, args.a, args.b, args.segs, args.nseg, args.steps = &t.y[0], &t.a[0], &t.b[0], &t.segs[0], len(t.segs), t.steps
	args.panel = 4 * panelFloats(t.steps*len(t.segs))
	args.rowA, args.rowY, args.rowX, args.n, args.reps = t.row.a, 4*t.row.y, 4*t.row.xs, t.n, t.reps
	args.nextA, args.nextY, args.nextX = t.next.a, 4*t.next.y, 4*t.next.xs
	args.xs, args.ws, args.bias, args.floor, args.kind = &t.xs[0], &t.ws[0], &noBias[0], float32(math.Inf(-1)), m-1
	if t.bias != nil {
		args.bias = &t.bias[0]
	}
	if t.relu {
		args.floor = 0
	}
	if t.unsigned {
		args.unsigned = 1
	}
}

func tileAVX2(t tile, m int)    { wholePanels(&t, m, runIntegerAVX2) }
func tileAVXVNNI(t tile, m int) { wholePanels(&t, m, runIntegerAVXVNNI) }

// wholePanels runs tiles that store all columns of a panel: where there are fewer, to memory of its own.
func wholePanels(t *tile, m int, run func(args *tileArgs)) {
	var args tileArgs
	args.set(t, m)
	if t.n == panelCols {
		run(&args)
		return
	}
	var ws, bias [panelCols]float32
	copy(ws[:], t.ws[:t.n])
	if t.bias != nil {
		copy(bias[:], t.bias[:t.n])
	}
	var y [6 * panelCols]float32
	for r := range t.reps {
		args.y, args.rowY, args.reps, args.ws, args.bias = &y[0], 4*panelCols, 1, &ws[0], &bias[0]
		args.a, args.xs = &t.a[r*t.next.a], &t.xs[r*t.next.xs]
		run(&args)
		for i := range m {
			copy(t.y[r*t.next.y+i*t.row.y:][:t.n], y[i*panelCols:])
		}
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
