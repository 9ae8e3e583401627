//go:build !purego

package gemm

import (
	"unsafe"

	"dnn/internal/kernel/cpu"
)

func init() {
	cpu.Add(cpu.NEON, func() {
		active.tileRows, active.tileCols, active.tile = 6, 16, tileNEON
		active.crossRows, active.cross = 6, crossNEON
		active.brgemm, active.depthwise = brgemmNEON, depthwiseNEON
		active.packColumns = packColumnsNEON
	})
}

// asmTiles computes tiles of fixed height, asmCross what a crossFunc does for fixed height and width. There are no
// epilogues.
type (
	asmTiles func(c, a, b *float32, segs *int, nseg, length, ars, aks, ldb, ldc, n, reps, astep, bstep, cstep int, load bool)
	asmCross func(c, a, b *float32, ldc, ars, ldb, k int, load bool)
)

// heights are tiles of one width, the highest first.
type heights []struct {
	rows int
	f    asmTiles
}

var (
	// From 4 columns on, up to 16 or 8, and one.
	brgemm16 = heights{{6, brgemm6x4NEON}, {4, brgemm4x4NEON}, {2, brgemm2x4NEON}, {1, brgemm1x4NEON}}
	brgemm8  = heights{{6, brgemm6x2NEON}, {4, brgemm4x2NEON}, {2, brgemm2x4NEON}, {1, brgemm1x4NEON}}
	brgemm1  = heights{{6, brgemm6x1SingleNEON}, {2, brgemm2x1SingleNEON}, {1, brgemm1x1SingleNEON}}

	depthwise8 = heights{{4, depthwise4x2NEON}, {2, depthwise2x2NEON}, {1, depthwise1x2NEON}}
	depthwise1 = heights{{1, depthwise1x1SingleNEON}}
)

// run computes n columns of m rows.
func (hs heights) run(c, a, b []float32, m int, t *Tiles, n int) {
	i := 0
	for _, h := range hs {
		for ; m-i >= h.rows; i += h.rows {
			h.f(&c[i*t.Ldc], &a[i*t.Ars], &b[0], unsafe.SliceData(t.Segs), len(t.Segs), t.Length, t.Ars, t.Aks, t.Ldb, t.Ldc,
				n, t.Reps, t.AStep, t.BStep, t.CStep, t.Load)
		}
	}
}

func brgemmNEON(c, a, b []float32, m int, t Tiles, _ TileEpilogue) {
	switch {
	case t.N > 8:
		brgemm16.run(c, a, b, m, &t, t.N)
	case t.N >= 4:
		brgemm8.run(c, a, b, m, &t, t.N)
	default:
		for j := range t.N {
			brgemm1.run(c[j:], a, b[j:], m, &t, 1)
		}
	}
}

func depthwiseNEON(c, a, b []float32, m int, t Tiles, _ TileEpilogue) {
	for j := 0; j < t.N; {
		n, f := min(8, t.N-j), depthwise8
		if n < 4 {
			n, f = 1, depthwise1
		}
		f.run(c[j:], a[j:], b[j:], m, &t, n)
		j += n
	}
}

func tileNEON(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, e TileEpilogue) {
	t := Tiles{Segs: Unbroken, Length: k, Ars: ars, Aks: aks, Ldb: ldb, Ldc: ldc, N: n, Reps: 1, Load: load}
	brgemmNEON(c, a, b, m, t, e)
}

// crossNEON goes in steps as wide as there are registers for, then of four columns. What is left, fewer than four, are
// the rows of tiles one wide.
func crossNEON(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, e TileEpilogue) {
	for i := 0; i < m; {
		rows, f, wide, width := 1, asmCross(cross1x1NEON), asmCross(cross1x4NEON), 16
		switch {
		case m-i >= 6:
			rows, f, width = 6, cross6x1NEON, n+1
		case m-i >= 4:
			rows, f, width = 4, cross4x1NEON, n+1
		case m-i >= 2:
			rows, f, wide, width = 2, cross2x1NEON, cross2x2NEON, 8
		}
		c, a, j := c[i*ldc:], a[i*ars:], 0
		for ; j+width <= n; j += width {
			wide(&c[j], &a[0], &b[j*ldb], ldc, ars, ldb, k, load)
		}
		for ; j+4 <= n; j += 4 {
			f(&c[j], &a[0], &b[j*ldb], ldc, ars, ldb, k, load)
		}
		for r := 0; r < rows && j < n; r++ {
			tileNEON(c[r*ldc+j:], b[j*ldb:], a[r*ars:], 1, ldb, 1, 1, n-j, 1, k, load, e)
		}
		i += rows
	}
}

// packColumnsNEON has a fast way for full panels.
func packColumnsNEON(dst, src []float32, n, k, ld, width int) {
	switch {
	case n < width:
		packColumnsGeneric(dst, src, n, k, ld, width)
	case width == 16:
		copyLines16NEON(&dst[0], &src[0], k, ld)
	default:
		copyLines6NEON(&dst[0], &src[0], k, ld)
	}
}
