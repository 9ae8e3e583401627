package kernel

// convTile describes register tiles of a convolution, reps of them at equal
// distances: for each, for rows i < m and columns j < n,
//
//	c[i·ldc+j] = Σ_s Σ_l a[segs[s]+i·ars+l·aks]·b[(s·length+l)·ldb+j] (+ c[i·ldc+j] if load)
//
// as chains of fma over ascending s and l < length. Depthwise, the element of a is the
// one j further on: rows meet rows, and channels stay apart.
type convTile struct {
	segs                []int
	length              int
	ars, aks            int
	ldb, ldc            int
	n                   int
	reps                int // how many tiles
	aStep, bStep, cStep int // from one to the next
	load                bool
}

// A convTileFunc computes m rows, n ≤ tileCols columns wide.
type convTileFunc func(c, a, b []float32, m int, t convTile, end tileEpilogue)

// depthwiseRows is the most rows of a depthwise tile.
const depthwiseRows = 6

func brgemmGeneric(c, a, b []float32, m int, t convTile, _ tileEpilogue) {
	for range t.reps {
		for i := range m {
			r, at := c[i*t.ldc:i*t.ldc+t.n], 0
			if !t.load {
				clear(r)
			}
			for _, off := range t.segs {
				for l := range t.length {
					v := a[off+i*t.ars+l*t.aks]
					for j, w := range b[at : at+t.n] {
						r[j] = fma(v, w, r[j])
					}
					at += t.ldb
				}
			}
		}
		a, b, c = a[min(t.aStep, len(a)):], b[min(t.bStep, len(b)):], c[min(t.cStep, len(c)):]
	}
}

func depthwiseGeneric(c, a, b []float32, m int, t convTile, _ tileEpilogue) {
	for range t.reps {
		for i := range m {
			r, at := c[i*t.ldc:i*t.ldc+t.n], 0
			if !t.load {
				clear(r)
			}
			for _, off := range t.segs {
				for l := range t.length {
					x := a[off+i*t.ars+l*t.aks:]
					for j, w := range b[at : at+t.n] {
						r[j] = fma(x[j], w, r[j])
					}
					at += t.ldb
				}
			}
		}
		a, b, c = a[min(t.aStep, len(a)):], b[min(t.bStep, len(b)):], c[min(t.cStep, len(c)):]
	}
}

// block computes rows of a tile's kind, in tiles as high as may be and of nearly
// equal heights, each t.reps times.
func (t *convTile) block(tile convTileFunc, most int, c, a, b []float32, rows int, end tileEpilogue) {
	if rows <= 0 || t.reps <= 0 {
		return
	}
	sets := ceil(rows, most)
	height, higher := rows/sets, rows%sets
	if t.reps > 1 {
		for i, at := 0, 0; i < sets; i++ {
			m := height
			if i < higher {
				m++
			}
			tile(c[at*t.ldc:], a[at*t.ars:], b, m, *t, end.at(at, 0, t.ldc))
			at += m
		}
		return
	}
	if higher > 0 { // tiles one below the other take the place of repeated ones
		m := height + 1
		u := *t
		u.reps, u.aStep, u.cStep = higher, m*t.ars, m*t.ldc
		tile(c, a, b, m, u, end)
		c, a, end = c[min(higher*m*t.ldc, len(c)):], a[min(higher*m*t.ars, len(a)):], end.at(higher*m, 0, t.ldc)
	}
	u := *t
	u.reps, u.aStep, u.cStep = sets-higher, height*t.ars, height*t.ldc
	tile(c, a, b, height, u, end)
}

// tiles computes n columns of blocks, as many at a time as a tile has. Those of A go
// along when it is depthwise.
func (t *convTile) tiles(c, a, b []float32, rows, n int, depthwise bool, end tileEpilogue) {
	tile, most := active.brgemm, active.tileRows
	if depthwise {
		tile, most = active.depthwise, min(depthwiseRows, active.tileRows)
	}
	for j := 0; j < n; j += active.tileCols {
		t.n = min(active.tileCols, n-j)
		t.block(tile, most, c[j:], a, b[j:], rows, end.at(0, j, t.ldc))
		if depthwise {
			a = a[min(active.tileCols, len(a)):]
		}
	}
}

// copyStripsGeneric copies n elements from each of some lines.
func copyStripsGeneric(dst, x []float32, lines, n, ldd, ldx int) {
	for i := range lines {
		copy(dst[i*ldd:i*ldd+n], x[i*ldx:])
	}
}
