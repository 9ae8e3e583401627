package attention

import "dnn/internal/kernel/gemm"

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
		gemm.Cross(b.p[lo-j0:], b.q, k, ldp, b.ldq(), ld, b.n, hi-lo, b.D, false)
	}
}

// products are those of rows of x, ldx apart, with columns of panels as high as wide:
// those of the keys from j0 on, as far as one row of a tile sees them.
func (b *queryBlock) products(dst, x, panels []float32, ldx, width, j0 int) {
	t := gemm.Tiles{Segs: gemm.Unbroken, Length: width, Ars: ldx, Aks: 1, Ldb: gemm.TileCols(), Ldc: ldp}
	for j := j0; j < min(j0+attentionKeys, b.N); j += gemm.TileCols() {
		for i := 0; i < b.n; {
			rows, lo, hi := b.tiles(i, j, min(j+gemm.TileCols(), b.N))
			for lo -= lo % 16; lo < hi; lo += t.N {
				t.N = min(gemm.TileCols(), hi-lo)
				t.Down(dst[i*ldp+lo-j0:], x[i*ldx:], panels[j*width+lo-j:], rows)
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
		m := min(gemm.TileRows(), b.n-i-rows)
		l, h := b.seen(i+rows, m, j0, j1)
		if rows > 0 && (l != lo || h != hi) {
			break
		}
		lo, hi = l, h
		rows += m
	}
	return rows, lo, hi
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
			gemm.Gemv(b.o[i*b.ldo():][:b.E], v, b.p[i*ldp:][lo-j0:hi-j0], ld, true)
		}
	}
}

// weigh adds to rows of dst, ldd apart, the rows of panels [N][gemm.TileCols()] of so many columns,
// weighted, that belong to the keys from j0 on, as far as one query of a tile sees them.
func (b *queryBlock) weigh(dst, weights, panels []float32, ldd, width, j0 int) {
	t := gemm.Tiles{Segs: gemm.Unbroken, Ars: ldp, Aks: 1, Ldb: gemm.TileCols(), Ldc: ldd, Load: true}
	for i := 0; i < b.n; {
		rows, lo, hi := b.tiles(i, j0, j0+attentionKeys)
		for c := 0; c < width && lo < hi; c += t.N {
			t.N, t.Length = min(gemm.TileCols(), width-c), hi-lo
			t.Down(dst[i*ldd+c:], weights[i*ldp+lo-j0:], panels[c/gemm.TileCols()*gemm.TileCols()*b.N+lo*gemm.TileCols()+c%gemm.TileCols():], rows)
		}
		i += rows
	}
}

// gather adds to rows of dst, ldx apart, one for each key from j0 on, the block's rows of
// x, weighted by the columns of weights, as far as one key of a tile is seen.
func (b *queryBlock) gather(dst, weights, x []float32, ldx, width, j0 int) {
	t := gemm.Tiles{Segs: gemm.Unbroken, Ars: 1, Aks: ldp, Ldb: ldx, Ldc: ldx, Load: true}
	end := min(j0+attentionKeys, b.N)
	for j := j0; j < end; {
		rows, lo, hi := min(gemm.TileRows(), end-j), 0, 0
		lo, hi = b.seeing(j, j+rows)
		for j+rows < end { // tiles that are seen by the same queries
			m := min(gemm.TileRows(), end-j-rows)
			if l, h := b.seeing(j+rows, j+rows+m); l != lo || h != hi {
				break
			}
			rows += m
		}
		for c := 0; c < width && lo < hi; c += t.N {
			t.N, t.Length = min(gemm.TileCols(), width-c), hi-lo
			t.Down(dst[(j-j0)*ldx+c:], weights[lo*ldp+j-j0:], x[lo*ldx+c:], rows)
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
