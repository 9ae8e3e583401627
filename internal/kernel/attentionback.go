package kernel

// gradBlock is a block of queries that meets a block of keys on the way back.
type gradBlock struct {
	queryBlock
	AttentionGradient
	dy, dropped, ds              []float32 // of the block of queries: dy, weights after dropout, ds
	dk, dv                       []float32 // sums of the block of keys
	keys, keyRows, values, delta []float32 // of the head of keys, as GradPack has left them
	forQueries, forKeys          bool      // which gradients are computed
}

// GradRun computes the gradients.
func (a *Attention) GradRun(phase int, g AttentionGradient, in AttentionInput, scratch, local []float32, lo, hi int) {
	b := gradBlock{AttentionGradient: g, forKeys: phase == 0, forQueries: phase == 1 || a.together()}
	b.Attention, b.AttentionInput = a, in
	b.q, b.dy = carve(&local, attentionQueries*a.ldq()), carve(&local, attentionQueries*a.ldo())
	b.p, b.ds = carve(&local, attentionQueries*ldp), carve(&local, attentionQueries*ldp)
	b.dropped = b.p
	if a.Rate > 0 {
		b.dropped = carve(&local, attentionQueries*ldp)
	}
	b.distance = carve(&local, attentionKeys)
	b.dk, b.dv = carve(&local, attentionKeys*a.ldq()), carve(&local, attentionKeys*a.ldo())
	for u := lo; u < hi; u++ {
		switch {
		case phase == 1:
			b.turn(scratch, u/a.blocks()*a.KeyHeads/a.Heads)
			b.head = u / a.blocks() % a.Heads
			b.queriesAlone(u % a.blocks())
		case a.together():
			b.turn(scratch, u)
			b.allTogether(u % a.KeyHeads)
		default:
			b.turn(scratch, u/a.keyBlocks())
			b.keysAlone(u/a.keyBlocks()%a.KeyHeads, u%a.keyBlocks())
		}
	}
}

// turn goes to a head of keys, numbered through all rows.
func (b *gradBlock) turn(scratch []float32, keyHead int) {
	b.row = keyHead / b.KeyHeads
	b.sight = b.Attention.sight(b.AttentionInput, b.row)
	b.keys, b.keyRows, b.values, b.delta = b.packs(scratch, keyHead)
}

// allTogether computes all gradients of a head of keys.
func (b *gradBlock) allTogether(keyHead int) {
	lo, hi := b.group(keyHead)
	for b.head = lo; b.head < hi; b.head++ {
		b.clearQueries(0, b.M)
	}
	for j := range b.keyBlocks() {
		b.keysAlone(keyHead, j)
	}
	for b.head = lo; b.head < hi; b.head++ {
		b.scaleQueries(0, b.M)
	}
}

// queriesAlone computes dq of a block of queries.
func (b *gradBlock) queriesAlone(block int) {
	b.load(block)
	b.clearQueries(b.i0, b.n)
	for j := range b.keyBlocks() {
		b.meet(j*attentionKeys, min((j+1)*attentionKeys, b.N))
	}
	b.scaleQueries(b.i0, b.n)
}

// keysAlone lets all queries meet the j-th block of keys, and computes its dk and dv.
func (b *gradBlock) keysAlone(keyHead, j int) {
	clear(b.dk)
	clear(b.dv)
	j0, j1 := j*attentionKeys, min((j+1)*attentionKeys, b.N)
	lo, hi := b.group(keyHead)
	for b.head = lo; b.head < hi; b.head++ {
		for block := range b.blocks() {
			if b.i0, b.n = b.bounds(block); b.meets(j0, j1) {
				b.load(block)
				b.meet(j0, j1)
			}
		}
	}
	for i := range j1 - j0 {
		at := (b.row*b.N+j0+i)*b.KeyHeads + keyHead
		active.addScalar(span(b.DK, at, b.D), b.dk[i*b.ldq():][:b.D], 0) // +0, as in forward
		active.addScalar(span(b.DV, at, b.E), b.dv[i*b.ldo():][:b.E], 0)
	}
}

// group are the heads [lo,hi) that use a head of keys.
func (a *Attention) group(keyHead int) (lo, hi int) {
	n := a.Heads / a.KeyHeads
	return keyHead * n, (keyHead + 1) * n
}

// query is the place of a query among those of all rows and heads.
func (b *gradBlock) query(i int) int { return (b.row*b.M+i)*b.Heads + b.head }

func (b *gradBlock) clearQueries(i0, n int) {
	for i := i0; i < i0+n; i++ {
		clear(span(b.DQ, b.query(i), b.D))
	}
}

func (b *gradBlock) scaleQueries(i0, n int) {
	for i := i0; i < i0+n; i++ {
		dq := span(b.DQ, b.query(i), b.D)
		active.scale(dq, dq, b.Scale)
		active.addScalar(dq, dq, 0)
	}
}

// load copies a block of queries and what belongs to them.
func (b *gradBlock) load(block int) {
	b.i0, b.n = b.bounds(block)
	b.loadQueries()
	for i := range b.n {
		copy(b.dy[i*b.ldo():][:b.E], span(b.DY, b.query(b.i0+i), b.E))
	}
}

// meets reports whether a query of the block sees one of the keys [j0,j1).
func (b *gradBlock) meets(j0, j1 int) bool {
	lo, hi := b.seen(0, b.n, j0, j1)
	return lo < hi
}

// meet adds to the gradients what comes of the block's queries and the keys [j0,j1).
func (b *gradBlock) meet(j0, j1 int) {
	if !b.meets(j0, j1) {
		return
	}
	b.products(b.p, b.q, b.keys, b.ldq(), b.D, j0, j1)
	b.products(b.ds, b.dy, b.values, b.ldo(), b.E, j0, j1)
	for i := range b.n {
		b.differentiate(i, j0, j1)
	}
	if b.forKeys {
		b.gather(b.dv, b.dropped, b.dy, b.ldo(), b.E, j0, j1)
		b.gather(b.dk, b.ds, b.q, b.ldq(), b.D, j0, j1)
	}
	if b.forQueries {
		b.weigh(b.DQ[b.query(b.i0)*b.D:], b.ds, b.keyRows, b.Heads*b.D, b.D, j0, j1)
	}
}

// differentiate turns scores and dy·vᵀ of the block's i-th query into weights and ds.
func (b *gradBlock) differentiate(i, j0, j1 int) {
	p, ds, dropped := b.p[i*ldp:][:attentionKeys], b.ds[i*ldp:][:attentionKeys], b.dropped[i*ldp:][:attentionKeys]
	lo, hi := b.sight.within(b.i0+i, j0, j1)
	if lo < hi {
		seen := p[lo-j0 : hi-j0]
		b.bias(seen, i, lo)
		active.expShift(seen, seen, b.LSE[(b.row*b.Heads+b.head)*b.M+b.i0+i])
		b.drop(dropped, p, i, j0, lo, hi)
		b.drop(ds, ds, i, j0, lo, hi)
		group := b.Heads / b.KeyHeads
		active.mulShift(ds[lo-j0:hi-j0], seen, ds[lo-j0:hi-j0], b.delta[b.head%group*b.M+b.i0+i])
	}
	clear(dropped[:lo-j0])
	clear(dropped[hi-j0 : j1-j0])
	clear(ds[:lo-j0])
	clear(ds[hi-j0 : j1-j0])
}

// gather adds to rows of dst, ldx apart, the block's rows of x, weighted by the columns
// [j0,j1) of weights, as far as one key of a tile is seen.
func (b *gradBlock) gather(dst, weights, x []float32, ldx, width, j0, j1 int) {
	for c := 0; c < width; c += active.tileCols {
		n := min(active.tileCols, width-c)
		for j := j0; j < j1; j += active.tileRows {
			m := min(active.tileRows, j1-j)
			if lo, hi := b.seeing(j, j+m); lo < hi {
				active.tile(dst[(j-j0)*ldx+c:], weights[lo*ldp+j-j0:], x[lo*ldx+c:], ldx, 1, ldp, ldx, m, n, hi-lo, true, tileEpilogue{})
			}
		}
	}
}

// seeing are the block's queries between the first and the last that see one of the keys
// [j0,j1); lo ≥ hi if none.
func (b *gradBlock) seeing(j0, j1 int) (lo, hi int) {
	s := &b.sight
	if j0 >= s.length {
		return 0, 0
	}
	first := s.offset + b.i0
	return max(j0-s.after-first, 0), min(j1+s.before-first, b.n)
}
