package attention

import (
	"math"

	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/rand"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// queryBlock is a block of queries of one head. Its matrices lie in the memory of the
// thread; their rows are as long as a head, or as a block of keys, and a gap.
type queryBlock struct {
	*Attention
	Input
	row, head int
	i0, n     int // the first query, and how many
	sight     sight
	q, p, o   []float32 // queries, scaled; scores, then weights; their sums
	distance  []float32 // of the keys of a block from a query

	keys, values []float32 // of the head, as Pack has left them
}

// keyGap lies between rows of local memory, lest they share sets of the cache.
const keyGap = 16

// ldp is the distance of rows of scores and weights.
const ldp = attentionKeys + keyGap

// ldq and ldo are those of rows of queries and of results.
func (a *Attention) ldq() int { return a.D + keyGap }
func (a *Attention) ldo() int { return a.E + keyGap }

// keyHead is the head of the keys and values that the block's head uses.
func (b *queryBlock) keyHead() int { return b.head * b.KeyHeads / b.Heads }

// Local is how many float32 of memory each thread needs for Run.
func (a *Attention) Local() int {
	n := a.queries()*(a.ldq()+ldp+a.ldo()+4) + attentionKeys
	if a.packed() && a.together() {
		n += a.panels()
	}
	return n
}

// block is a block of queries, numbered through all heads and rows. Those of a unit come in
// ascending order, the first of which packs the head of keys.
func (a *Attention) block(in Input, scratch, local []float32, u int) (b queryBlock, rest []float32) {
	head := u / a.blocks()
	b = queryBlock{Attention: a, Input: in, row: head / a.Heads, head: head % a.Heads}
	b.sight = a.sight(in, b.row)
	b.i0, b.n = a.bounds(u % a.blocks())
	if a.packed() {
		var panels []float32
		if a.together() {
			if panels = cut.Carve(&local, a.panels()); u%a.unitBlocks() == 0 {
				a.pack(panels, in, u/a.unitBlocks())
			}
		} else {
			panels = cut.Span(scratch, head/a.group(), a.panels())
		}
		b.keys, b.values = panels[:a.packedKeys()], panels[a.packedKeys():]
	}
	b.q, b.p = cut.Carve(&local, b.n*b.ldq()), cut.Carve(&local, b.n*ldp)
	b.o, b.distance = cut.Carve(&local, b.n*b.ldo()), cut.Carve(&local, attentionKeys)
	for i := range b.n {
		vec.Scale(b.q[i*b.ldq():][:b.D], cut.Span(in.Q, b.query(i), b.D), b.Scale)
	}
	return b, local
}

// query is the place of the block's i-th query among those of all rows and heads.
func (b *queryBlock) query(i int) int { return (b.row*b.M+b.i0+i)*b.Heads + b.head }

// Run computes y [Rows,M,Heads·E], and lse [Rows,Heads,M], the logarithm of what the
// weights of a query are divided by. Both are 0 for a query that sees no key.
func (a *Attention) Run(y, lse []float32, in Input, scratch, local []float32, lo, hi int) {
	for u := lo * a.unitBlocks(); u < hi*a.unitBlocks(); u++ {
		b, rest := a.block(in, scratch, local, u)
		b.forward(y, lse[(b.row*b.Heads+b.head)*b.M+b.i0:][:b.n], rest)
	}
}

func (b *queryBlock) forward(y, lse, local []float32) {
	top, sum, change, part := cut.Carve(&local, b.n), cut.Carve(&local, b.n), cut.Carve(&local, b.n), cut.Carve(&local, b.n)
	clear(b.o)
	clear(sum)
	vec.Fill(top, -math.MaxFloat32) // below all scores but that of a key that is not seen
	j0, _ := b.sight.keys(b.i0)
	_, end := b.sight.keys(b.i0 + b.n - 1)
	j0 -= j0 % attentionKeys
	for start := j0; j0 < end; j0 += attentionKeys {
		b.scores(j0)
		b.softmax(top, change, part, j0)
		if j0 > start {
			b.rescale(sum, change)
		}
		vec.Add(sum, sum, part)
		b.addValues(j0)
	}
	vec.Log(part, sum)
	vec.Add(lse, top, part)
	for i, s := range sum {
		dst := cut.Span(y, b.query(i), b.E)
		if s == 0 {
			clear(dst)
			lse[i] = 0
			continue
		}
		scaled(dst, b.o[i*b.ldo():][:b.E], 1/s)
	}
}

// scaled writes fma(x, s, 0). A key that is not seen adds +0 to a sum, which is -0 without
// it at most: either is +0 now.
func scaled(dst, x []float32, s float32) {
	for o := 0; o < len(x); o += len(nothing) {
		n := min(len(nothing), len(x)-o)
		vec.Axpy(dst[o:o+n], s, x[o:o+n], nothing[:n])
	}
}

// rescale multiplies what was summed by exp(change).
func (b *queryBlock) rescale(sum, change []float32) {
	vec.Exp(change, change)
	for i, c := range change {
		if c != 1 {
			sum[i] = scalar.Mul(sum[i], c)
			o := b.o[i*b.ldo():][:b.E]
			vec.Scale(o, o, c)
		}
	}
}

// softmax turns the scores of the keys from j0 on into exp(score - top), after top has
// been raised to the largest of them. change is by how much top was less, part the sum of
// a query. Dropout comes after that.
func (b *queryBlock) softmax(top, change, part []float32, j0 int) {
	clear(change)
	clear(part)
	for i := 0; i < b.n; {
		rows, lo, hi := b.alike(i, j0)
		if lo < hi {
			b.mask(b.p, &never, i, rows, j0, lo, hi)
			b.bias(i, rows, j0)
			active.softmaxRows(b.p[i*ldp+lo:], top[i:], change[i:], part[i:], hi-lo, rows, ldp)
			for r := i; r < i+rows && b.Rate > 0; r++ {
				w := b.p[r*ldp+lo : r*ldp+hi]
				b.dropFrom(j0+lo, w, w, b.First+b.row, b.head, b.i0+r, b.Step)
			}
		}
		i += rows
	}
}

// alike returns how many queries from the block's i-th on, in whole tiles, see keys from
// the same groups [lo,hi) of the block of keys from j0 on; lo = hi if none.
func (b *queryBlock) alike(i, j0 int) (rows, lo, hi int) {
	for ; i+rows < b.n; rows += min(gemm.TileRows(), b.n-i-rows) {
		first, last := b.seen(i+rows, min(gemm.TileRows(), b.n-i-rows), j0, j0+attentionKeys)
		l, h := first-j0, last-j0
		l -= l % 64
		h += (64 - h%64) % 64
		if first >= last {
			l, h = 0, 0
		}
		if rows > 0 && (l != lo || h != hi) {
			break
		}
		lo, hi = l, h
	}
	return rows, lo, hi
}

// seen are the keys of [j0,j1) that lie between the first and the last that one of m
// queries sees, from the block's i-th on; lo ≥ hi if none.
func (b *queryBlock) seen(i, m, j0, j1 int) (lo, hi int) {
	lo, _ = b.sight.keys(b.i0 + i)
	_, hi = b.sight.keys(b.i0 + i + m - 1)
	return max(lo, j0), min(hi, j1)
}

// mask copies v to the elements [lo,hi) of rows of x, from the block's i-th on, but for
// those of the keys from j0 on that the query sees.
func (b *queryBlock) mask(x []float32, v *[attentionKeys]float32, i, rows, j0, lo, hi int) {
	_, least := b.sight.keys(b.i0 + i)
	if most, _ := b.sight.keys(b.i0 + i + rows - 1); most <= j0+lo && least >= j0+hi {
		return // all are seen
	}
	for r := i; r < i+rows; r++ {
		first, last := b.sight.within(b.i0+r, j0+lo, j0+hi)
		row := x[r*ldp:][:attentionKeys]
		copy(row[lo:first-j0], v[:])
		copy(row[last-j0:hi], v[:])
	}
}

// never is the score of keys that are not seen, nothing the gradient by their weights; whole are weights of 1.
var never, nothing, whole = func() (s, z, w [attentionKeys]float32) {
	for i := range s {
		s[i], w[i] = float32(math.Inf(-1)), 1
	}
	return s, z, w
}()

// steps are 0, 1, 2, …
var steps = func() (s [attentionKeys]float32) {
	for i := range s {
		s[i] = float32(i)
	}
	return s
}()

// bias subtracts slope times distance from the scores of queries, from the block's i-th
// on. The distance to keys before a query falls with their number, that to keys after it
// rises.
func (b *queryBlock) bias(i, rows, j0 int) {
	for r := i; r < i+rows && b.Slopes != nil; r++ {
		b.biasRow(r, j0)
	}
}

func (b *queryBlock) biasRow(i, j0 int) {
	lo, hi := b.sight.within(b.i0+i, j0, j0+attentionKeys)
	at, slope := b.sight.offset+b.i0+i, b.Slopes[b.head]
	d, s := b.distance[:hi-lo], b.p[i*ldp+lo-j0:][:hi-lo]
	vec.AddScalar(d, steps[:hi-lo], float32(lo-at))
	before := min(max(at-lo, 0), hi-lo)
	vec.Axpy(s[:before], slope, d[:before], s[:before])
	vec.Axpy(s[before:], -slope, d[before:], s[before:])
}

// Drop applies dropout to the weights of a query for the first keys. What a weight draws
// depends on the places of row, head, query and key alone.
func (a *Attention) Drop(weights []float32, row, head, query int, step uint64) {
	a.dropFrom(0, weights, weights, row, head, query, step)
}

// dropFrom does so from key j on.
func (a *Attention) dropFrom(j int, dst, x []float32, row, head, query int, step uint64) {
	stream := rand.Mix(a.Stream ^ rand.Mix(uint64(row*a.Heads+head)+1))
	rand.Dropout(dst, x, a.Rate, a.Seed, stream, step, query<<32+j)
}
