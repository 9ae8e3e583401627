//go:build !purego

package integer

import (
	"slices"

	"dnn/internal/kernel/cpu"
)

func init() {
	cpu.Add(cpu.NEON, func() {
		active.layout, active.tileRows, active.tile = pairs, 6, tileNEON
		active.absMax, active.toBytes = absMaxSixteens, toBytesSixteens
		if cpu.HasDotProduct() {
			active.tile = tileDotNEON
		}
	})
}

//go:noescape
func runIntegerNEON(args *tileArgs)

func tileNEON(t tile, m int)    { byHeights(&t, m, false) }
func tileDotNEON(t tile, m int) { byHeights(&t, m, true) }

// heights are those of the tiles there are.
var heights = [...]int{1, 2, 4, 6}

// byHeights runs tiles one below the other.
func byHeights(t *tile, m int, fast bool) {
	for i := 0; i < m; {
		h := 6
		for h > m-i {
			h = max(1, h-2)
		}
		s := *t
		s.y, s.a, s.xs = t.y[i*t.row.y:], t.a[i*t.row.a:], t.xs[i*t.row.xs:]
		wholePanels(&s, h, fast)
		i += h
	}
}

func runTile(args *tileArgs, fast bool) {
	args.kind = slices.Index(heights[:], args.kind+1)
	if fast {
		args.kind += len(heights)
	}
	runIntegerNEON(args)
}

// The loops behind these take sixteen numbers at a time; the portable ones do the rest.

func absMaxSixteens(x []float32) (most uint32) {
	n := len(x) &^ 15
	if n > 0 {
		most = absMaxNEON(x[:n])
	}
	return max(most, absMaxGeneric(x[n:]))
}

func toBytesSixteens(dst []byte, x []float32, inv float32, flip uint32) (any uint32) {
	n := len(x) &^ 15
	dst = dst[:len(x)]
	if n > 0 {
		any = toBytesNEON(dst[:n], x[:n], inv, flip)
	}
	return any | toBytesGeneric(dst[n:], x[n:], inv, flip)
}
