package kernel

import "math"

// queryBlock is a block of queries of one head. Its matrices lie in the memory of the
// thread; their rows are as long as a head, or as a block of keys, and a gap.
type queryBlock struct {
	*Attention
	AttentionInput
	row, head int
	i0, n     int // the first query, and how many
	sight     sight
	q, p, o   []float32 // queries, scaled; weights; their sums
	distance  []float32 // of the keys of a block from a query
}

// ldp is the distance of rows of scores and weights.
const ldp = attentionKeys + rowGap

// ldq and ldo are those of rows of queries and of results.
func (a *Attention) ldq() int { return a.D + rowGap }
func (a *Attention) ldo() int { return a.E + rowGap }

// bounds are the first query of a block, and how many it has.
func (a *Attention) bounds(block int) (i0, n int) {
	lo, hi := part(a.M, a.blocks(), block)
	return lo, hi - lo
}

// keyHead is the head of the keys and values that the block's head uses.
func (b *queryBlock) keyHead() int { return b.head * b.KeyHeads / b.Heads }

// panels are the keys and values of a head as Pack has left them.
func (b *queryBlock) panels(scratch []float32) (keys, values []float32) {
	x := span(scratch, b.row*b.KeyHeads+b.keyHead(), b.packedKeys()+b.packedValues())
	return x[:b.packedKeys()], x[b.packedKeys():]
}

// Local is how many float32 of memory each thread needs for Run.
func (a *Attention) Local() int { return attentionQueries*(a.ldq()+ldp+a.ldo()+4) + attentionKeys }

// Run computes y [Rows,M,Heads·E], and lse [Rows,Heads,M], the logarithm of what the
// weights of a query are divided by. Both are 0 for a query that sees no key.
func (a *Attention) Run(y, lse []float32, in AttentionInput, scratch, local []float32, lo, hi int) {
	for u := lo; u < hi; u++ {
		head, block := u/a.blocks(), u%a.blocks()
		b := queryBlock{Attention: a, AttentionInput: in, row: head / a.Heads, head: head % a.Heads}
		b.sight = a.sight(in, b.row)
		b.i0, b.n = b.bounds(block)
		b.forward(y, lse, scratch, local)
	}
}

func (b *queryBlock) forward(y, lse, scratch, local []float32) {
	b.q, b.p = carve(&local, b.n*b.ldq()), carve(&local, b.n*ldp)
	b.o, b.distance = carve(&local, b.n*b.ldo()), carve(&local, attentionKeys)
	top, sum, change, part := carve(&local, b.n), carve(&local, b.n), carve(&local, b.n), carve(&local, b.n)
	b.loadQueries()
	clear(b.o)
	clear(sum)
	Fill(top, float32(math.Inf(-1)))
	j0, _ := b.sight.keys(b.i0)
	_, end := b.sight.keys(b.i0 + b.n - 1)
	for j0 -= j0 % attentionKeys; j0 < end; j0 += attentionKeys {
		j1 := min(j0+attentionKeys, end)
		b.scores(scratch, j0, j1)
		for i := range b.n {
			b.weights(top, change, part, i, j0, j1)
		}
		active.exp(change, change)
		for i, c := range change {
			sum[i] = fma(sum[i], c, part[i])
			if c != 1 {
				o := b.o[i*b.ldo():][:b.E]
				active.scale(o, o, c)
			}
		}
		b.addValues(scratch, j0, j1)
	}
	active.log(change, sum)
	for i, s := range sum {
		dst := y[((b.row*b.M+b.i0+i)*b.Heads+b.head)*b.E:][:b.E]
		if s == 0 {
			clear(dst)
			change[i] = 0
			continue
		}
		active.scale(dst, b.o[i*b.ldo():][:b.E], 1/s)
		active.addScalar(dst, dst, 0) // no key adds +0, a key that is not seen must not differ
		change[i] += top[i]
	}
	copy(lse[(b.row*b.Heads+b.head)*b.M+b.i0:], change)
}

// loadQueries copies the block's queries, scaled.
func (b *queryBlock) loadQueries() {
	for i := range b.n {
		active.scale(b.q[i*b.ldq():][:b.D], b.Q[((b.row*b.M+b.i0+i)*b.Heads+b.head)*b.D:][:b.D], b.Scale)
	}
}

// scores are those of the keys [j0,j1) that some query of a tile can see.
func (b *queryBlock) scores(scratch []float32, j0, j1 int) {
	if !b.packed() {
		lo, _ := b.sight.within(b.i0, j0, j1)
		_, hi := b.sight.within(b.i0+b.n-1, j0, j1)
		if ld := b.KeyHeads * b.D; lo < hi {
			k := b.K[(b.row*b.N+lo)*ld+b.keyHead()*b.D:]
			active.cross(b.p[lo-j0:], b.q, k, ldp, b.ldq(), ld, b.n, hi-lo, b.D, false, tileEpilogue{})
		}
		return
	}
	keys, _ := b.panels(scratch)
	b.products(b.p, b.q, keys, b.ldq(), b.D, j0, j1)
}

// products are those of rows of x, ldx apart, with the columns [j0,j1) of panels as high
// as wide, as far as one row of a tile sees them.
func (b *queryBlock) products(dst, x, panels []float32, ldx, width, j0, j1 int) {
	for j := j0; j < j1; j += panelB {
		end := min(j+panelB, j1)
		for i := 0; i < b.n; i += active.tileRows {
			m := min(active.tileRows, b.n-i)
			lo, hi := b.seen(i, m, j, end)
			for lo -= lo % 16; lo < hi; {
				n := min(active.tileCols, hi-lo)
				active.tile(dst[i*ldp+lo-j0:], x[i*ldx:], panels[j*width+lo-j:], ldp, ldx, 1, panelB, m, n, width, false, tileEpilogue{})
				lo += n
			}
		}
	}
}

// seen are the keys of [j0,j1) that lie between the first and the last that one of m
// queries sees, from the block's i-th on; lo ≥ hi if none.
func (b *queryBlock) seen(i, m, j0, j1 int) (lo, hi int) {
	lo, _ = b.sight.keys(b.i0 + i)
	_, hi = b.sight.keys(b.i0 + i + m - 1)
	return max(lo, j0), min(hi, j1)
}

// weights turns the scores of the block's i-th query into exp(score - top) for the keys it
// sees, after top has been raised to the largest of them, and 0 for others. change is
// by how much less top was, part the sum; dropout comes after that.
func (b *queryBlock) weights(top, change, part []float32, i, j0, j1 int) {
	row := b.p[i*ldp:][:attentionKeys]
	lo, hi := b.sight.within(b.i0+i, j0, j1)
	change[i], part[i] = 0, 0
	if lo < hi {
		seen := row[lo-j0 : hi-j0]
		b.bias(seen, i, lo)
		m := max(top[i], active.maxOf(seen))
		change[i], top[i] = top[i]-m, m
		part[i] = active.expShift(seen, seen, m)
		b.drop(row, row, i, j0, lo, hi)
	}
	clear(row[:lo-j0])
	clear(row[hi-j0 : j1-j0])
}

// steps are 0, 1, 2, …
var steps = func() (s [attentionKeys]float32) {
	for i := range s {
		s[i] = float32(i)
	}
	return s
}()

// bias subtracts slope times distance from the scores of the block's i-th query, from
// key j on: the distance to a key before it grows to the left, to one after it to the right.
func (b *queryBlock) bias(scores []float32, i, j int) {
	if b.Slopes == nil {
		return
	}
	at, slope := b.sight.offset+b.i0+i, b.Slopes[b.head]
	d := b.distance[:len(scores)]
	active.addScalar(d, steps[:len(scores)], float32(j-at))
	before := min(max(at-j, 0), len(scores))
	active.axpy(scores[:before], slope, d[:before], scores[:before])
	active.axpy(scores[before:], -slope, d[before:], scores[before:])
}

// drop applies dropout to a row of what belongs to the weights of the block's i-th query,
// from key j0 on, at least for the keys [lo,hi).
func (b *queryBlock) drop(dst, row []float32, i, j0, lo, hi int) {
	if b.Rate > 0 {
		lo -= lo % 64 // whole groups are drawn at once
		hi = min(hi+63-(hi+63)%64, j0+attentionKeys)
		b.dropFrom(lo, dst[lo-j0:hi-j0], row[lo-j0:hi-j0], b.row, b.head, b.i0+i, b.Step)
	}
}

// Drop applies dropout to the weights of a query for the first keys. What a weight draws
// depends on the places of row, head, query and key alone.
func (a *Attention) Drop(weights []float32, row, head, query int, step uint64) {
	a.dropFrom(0, weights, weights, row, head, query, step)
}

// dropFrom does so from key j on.
func (a *Attention) dropFrom(j int, dst, x []float32, row, head, query int, step uint64) {
	stream := mix(a.Stream ^ mix(uint64(row*a.Heads+head)+1))
	Dropout(dst, x, a.Rate, a.Seed, stream, step, query<<32+j)
}

// addValues adds the weighted values of the keys [j0,j1).
func (b *queryBlock) addValues(scratch []float32, j0, j1 int) {
	if !b.packed() {
		ld := b.KeyHeads * b.E
		for i := range b.n {
			if lo, hi := b.sight.within(b.i0+i, j0, j1); lo < hi {
				v := b.V[(b.row*b.N+lo)*ld+b.keyHead()*b.E:]
				active.gemv(b.o[i*b.ldo():][:b.E], v, b.p[i*ldp:][lo-j0:hi-j0], ld, true)
			}
		}
		return
	}
	_, values := b.panels(scratch)
	b.weigh(b.o, b.p, values, b.ldo(), b.E, j0, j1)
}

// weigh adds to rows of dst, ldd apart, the rows [j0,j1) of panels [N][panelB] of so many
// columns, weighted, as far as one query of a tile sees them.
func (b *queryBlock) weigh(dst, weights, panels []float32, ldd, width, j0, j1 int) {
	for c := 0; c < width; c += active.tileCols {
		n, panel := min(active.tileCols, width-c), panels[c/panelB*panelB*b.N+c%panelB:]
		for i := 0; i < b.n; i += active.tileRows {
			m := min(active.tileRows, b.n-i)
			if lo, hi := b.seen(i, m, j0, j1); lo < hi {
				active.tile(dst[i*ldd+c:], weights[i*ldp+lo-j0:], panel[lo*panelB:], ldd, ldp, 1, panelB, m, n, hi-lo, true, tileEpilogue{})
			}
		}
	}
}
