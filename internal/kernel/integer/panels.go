//go:build (amd64 || arm64) && !purego

package integer

import "math"

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
	kind         int     // rows - 1, or on arm64 which tile it is
}

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

// wholePanels runs tiles that store all columns of a panel: where there are fewer, to memory of its own. Fast ones are those of
// processors with products of four numbers.
func wholePanels(t *tile, m int, fast bool) {
	var args tileArgs
	args.set(t, m)
	if t.n == panelCols {
		runTile(&args, fast)
		return
	}
	var ws, bias [panelCols]float32
	copy(ws[:], t.ws[:t.n])
	if t.bias != nil {
		copy(bias[:], t.bias[:t.n])
	}
	var y [6 * panelCols]float32
	for r := range t.reps {
		args.set(t, m)
		args.y, args.rowY, args.reps, args.ws, args.bias = &y[0], 4*panelCols, 1, &ws[0], &bias[0]
		args.a, args.xs = &t.a[r*t.next.a], &t.xs[r*t.next.xs]
		runTile(&args, fast)
		for i := range m {
			copy(t.y[r*t.next.y+i*t.row.y:][:t.n], y[i*panelCols:])
		}
	}
}
