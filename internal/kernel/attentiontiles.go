package kernel

// fromStart is the only segment of the sums here.
var fromStart = []int{0}

// scores are the products of the block's queries with the keys from j0 on, as far as some
// query of a tile sees them.
func (b *queryBlock) scores(j0 int) {
	if b.packed() {
		b.products(b.p, b.q, b.keys, b.ldq(), b.D, j0)
		return
	}
	ld := b.KeyHeads * b.D
	if lo, hi := b.seen(0, b.n, j0, j0+attentionKeys); lo < hi {
		k := b.K[(b.row*b.N+lo)*ld+b.keyHead()*b.D:]
		active.cross(b.p[lo-j0:], b.q, k, ldp, b.ldq(), ld, b.n, hi-lo, b.D, false, tileEpilogue{})
	}
}

// products are those of rows of x, ldx apart, with columns of panels as high as wide:
// those of the keys from j0 on, as far as one row of a tile sees them.
func (b *queryBlock) products(dst, x, panels []float32, ldx, width, j0 int) {
	t := convTile{segs: fromStart, length: width, ars: ldx, aks: 1, ldb: panelB, ldc: ldp}
	for j := j0; j < min(j0+attentionKeys, b.N); j += panelB {
		for i := 0; i < b.n; {
			rows, lo, hi := b.tiles(i, j, min(j+panelB, b.N))
			for lo -= lo % 16; lo < hi; lo += t.n {
				t.n = min(active.tileCols, hi-lo)
				t.down(dst[i*ldp+lo-j0:], x[i*ldx:], panels[j*width+lo-j:], rows)
			}
			i += rows
		}
	}
}

// tiles returns how many queries from the block's i-th on, in whole tiles, see the same
// keys [lo,hi) of [j0,j1), where a tile sees what lies between the first and the last that
// one of its queries sees; lo ≥ hi if nothing.
func (b *queryBlock) tiles(i, j0, j1 int) (rows, lo, hi int) {
	for i+rows < b.n {
		m := min(active.tileRows, b.n-i-rows)
		l, h := b.seen(i+rows, m, j0, j1)
		if rows > 0 && (l != lo || h != hi) {
			break
		}
		lo, hi = l, h
		rows += m
	}
	return rows, lo, hi
}

// down computes tiles of so many rows, one below the other.
func (t *convTile) down(c, a, b []float32, rows int) {
	t.aStep, t.cStep = active.tileRows*t.ars, active.tileRows*t.ldc
	if t.reps = rows / active.tileRows; t.reps > 0 {
		active.brgemm(c, a, b, active.tileRows, *t, tileEpilogue{})
	}
	done := t.reps * active.tileRows
	if t.reps = 1; rows > done {
		active.brgemm(c[done*t.ldc:], a[done*t.ars:], b, rows-done, *t, tileEpilogue{})
	}
}

// addValues adds the values of the keys from j0 on, weighted.
func (b *queryBlock) addValues(j0 int) {
	if b.packed() {
		b.weigh(b.o, b.p, b.values, b.ldo(), b.E, j0)
		return
	}
	ld := b.KeyHeads * b.E
	for i := range b.n {
		if lo, hi := b.seen(i, 1, j0, j0+attentionKeys); lo < hi {
			v := b.V[(b.row*b.N+lo)*ld+b.keyHead()*b.E:]
			active.gemv(b.o[i*b.ldo():][:b.E], v, b.p[i*ldp:][lo-j0:hi-j0], ld, true)
		}
	}
}

// weigh adds to rows of dst, ldd apart, the rows of panels [N][panelB] of so many columns,
// weighted, that belong to the keys from j0 on, as far as one query of a tile sees them.
func (b *queryBlock) weigh(dst, weights, panels []float32, ldd, width, j0 int) {
	t := convTile{segs: fromStart, ars: ldp, aks: 1, ldb: panelB, ldc: ldd, load: true}
	for i := 0; i < b.n; {
		rows, lo, hi := b.tiles(i, j0, j0+attentionKeys)
		for c := 0; c < width && lo < hi; c += t.n {
			t.n, t.length = min(active.tileCols, width-c), hi-lo
			t.down(dst[i*ldd+c:], weights[i*ldp+lo-j0:], panels[c/panelB*panelB*b.N+lo*panelB+c%panelB:], rows)
		}
		i += rows
	}
}

// gather adds to rows of dst, ldx apart, one for each key from j0 on, the block's rows of
// x, weighted by the columns of weights, as far as one key of a tile is seen.
func (b *queryBlock) gather(dst, weights, x []float32, ldx, width, j0 int) {
	t := convTile{segs: fromStart, ars: 1, aks: ldp, ldb: ldx, ldc: ldx, load: true}
	end := min(j0+attentionKeys, b.N)
	for j := j0; j < end; {
		rows, lo, hi := min(active.tileRows, end-j), 0, 0
		lo, hi = b.seeing(j, j+rows)
		for j+rows < end { // tiles that are seen by the same queries
			m := min(active.tileRows, end-j-rows)
			if l, h := b.seeing(j+rows, j+rows+m); l != lo || h != hi {
				break
			}
			rows += m
		}
		for c := 0; c < width && lo < hi; c += t.n {
			t.n, t.length = min(active.tileCols, width-c), hi-lo
			t.down(dst[(j-j0)*ldx+c:], weights[lo*ldp+j-j0:], x[lo*ldx+c:], rows)
		}
		j += rows
	}
}

// seeing are the block's queries between the first and the last that see one of the keys
// [j0,j1); lo ≥ hi if none.
func (b *queryBlock) seeing(j0, j1 int) (lo, hi int) {
	s := &b.sight
	if j0 >= s.length {
		return 0, 0
	}
	first := s.offset + b.i0
	return max(j0-s.after-first, 0), min(j1+s.before-first, b.n)
}
