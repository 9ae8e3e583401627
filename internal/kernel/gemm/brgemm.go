package gemm

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/scalar"
)

// Tiles describes register tiles of a convolution, reps of them at equal
// distances: for each, for rows i < m and columns j < n,
//
//	c[i·ldc+j] = Σ_s Σ_l a[segs[s]+i·ars+l·aks]·b[(s·length+l)·ldb+j] (+ c[i·ldc+j] if load)
//
// as chains of fma over ascending s and l < length. Depthwise, the element of a is the
// one j further on: rows meet rows, and channels stay apart.
type Tiles struct {
	Segs                []int
	Length              int
	Ars, Aks            int
	Ldb, Ldc            int
	N                   int
	Reps                int // how many tiles
	AStep, BStep, CStep int // from one to the next
	BiasStep            int // in the epilogue's bias
	Load                bool
}

// A tilesFunc computes m rows, n ≤ tileCols columns wide.
type tilesFunc func(c, a, b []float32, m int, t Tiles, end TileEpilogue)

// depthwiseRows is the most rows of a depthwise tile.
const depthwiseRows = 6

// Unbroken are the segments of a sum in one.
var Unbroken = unbroken[:]

var unbroken [1]int

func brgemmGeneric(c, a, b []float32, m int, t Tiles, _ TileEpilogue) {
	for range t.Reps {
		for i := range m {
			r, at := c[i*t.Ldc:i*t.Ldc+t.N], 0
			if !t.Load {
				clear(r)
			}
			for _, off := range t.Segs {
				for l := range t.Length {
					v := a[off+i*t.Ars+l*t.Aks]
					for j, w := range b[at : at+t.N] {
						r[j] = scalar.FMA(v, w, r[j])
					}
					at += t.Ldb
				}
			}
		}
		a, b, c = a[min(t.AStep, len(a)):], b[min(t.BStep, len(b)):], c[min(t.CStep, len(c)):]
	}
}

func depthwiseGeneric(c, a, b []float32, m int, t Tiles, _ TileEpilogue) {
	for range t.Reps {
		for i := range m {
			r, at := c[i*t.Ldc:i*t.Ldc+t.N], 0
			if !t.Load {
				clear(r)
			}
			for _, off := range t.Segs {
				for l := range t.Length {
					x := a[off+i*t.Ars+l*t.Aks:]
					for j, w := range b[at : at+t.N] {
						r[j] = scalar.FMA(x[j], w, r[j])
					}
					at += t.Ldb
				}
			}
		}
		a, b, c = a[min(t.AStep, len(a)):], b[min(t.BStep, len(b)):], c[min(t.CStep, len(c)):]
	}
}

// block computes rows of a tile's kind, in tiles as high as may be and of nearly
// equal heights, each t.reps times.
func (t *Tiles) block(tile tilesFunc, most int, c, a, b []float32, rows int, end TileEpilogue) {
	if rows <= 0 || t.Reps <= 0 {
		return
	}
	sets := cut.Ceil(rows, most)
	height, higher := rows/sets, rows%sets
	if t.Reps > 1 {
		for i, at := 0, 0; i < sets; i++ {
			m := height
			if i < higher {
				m++
			}
			tile(c[at*t.Ldc:], a[at*t.Ars:], b, m, *t, end.at(at, 0, t.Ldc))
			at += m
		}
		return
	}
	if higher > 0 { // tiles one below the other take the place of repeated ones
		m := height + 1
		u := *t
		u.Reps, u.AStep, u.CStep = higher, m*t.Ars, m*t.Ldc
		tile(c, a, b, m, u, end)
		c, a, end = c[min(higher*m*t.Ldc, len(c)):], a[min(higher*m*t.Ars, len(a)):], end.at(higher*m, 0, t.Ldc)
	}
	u := *t
	u.Reps, u.AStep, u.CStep = sets-higher, height*t.Ars, height*t.Ldc
	tile(c, a, b, height, u, end)
}

// tiles computes n columns of blocks, as many at a time as a tile has. Those of A go
// along when it is depthwise.
func (t *Tiles) Cover(c, a, b []float32, rows, n int, depthwise bool, end TileEpilogue) {
	tile, most := active.brgemm, active.tileRows
	if depthwise {
		tile, most = active.depthwise, min(depthwiseRows, active.tileRows)
	}
	for j := 0; j < n; j += active.tileCols {
		t.N = min(active.tileCols, n-j)
		t.block(tile, most, c[j:], a, b[j:], rows, end.at(0, j, t.Ldc))
		if depthwise {
			a = a[min(active.tileCols, len(a)):]
		}
	}
}

// Sweep computes rows of tiles along a line of n columns.
func (t *Tiles) Sweep(c, a, b []float32, rows, n int) {
	full := n / active.tileCols
	t.AStep, t.BStep, t.CStep = 0, active.tileCols, active.tileCols
	if t.N, t.Reps = active.tileCols, full; full > 0 {
		active.brgemm(c, a, b, rows, *t, TileEpilogue{})
	}
	if at := full * active.tileCols; at < n {
		t.N, t.Reps = n-at, 1
		active.brgemm(c[at:], a, b[at:], rows, *t, TileEpilogue{})
	}
}

// Down computes tiles of so many rows, one below the other.
func (t *Tiles) Down(c, a, b []float32, rows int) {
	t.AStep, t.CStep = active.tileRows*t.Ars, active.tileRows*t.Ldc
	if t.Reps = rows / active.tileRows; t.Reps > 0 {
		active.brgemm(c, a, b, active.tileRows, *t, TileEpilogue{})
	}
	done := t.Reps * active.tileRows
	if t.Reps = 1; rows > done {
		active.brgemm(c[done*t.Ldc:], a[done*t.Ars:], b, rows-done, *t, TileEpilogue{})
	}
}
