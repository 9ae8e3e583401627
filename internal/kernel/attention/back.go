package attention

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/vec"
)

// gradBlock is a block of queries that meets a block of keys on the way back.
type gradBlock struct {
	queryBlock
	Gradient
	pack                gradHead
	dq, dy, lse, delta  []float32 // of the block of queries
	dropped, ds         []float32 // weights after dropout; gradients by weights, then by scores
	dk, dv              []float32 // sums of the block of keys
	forQueries, forKeys bool      // which gradients are computed
}

// GradLocal is how many float32 of memory each thread needs for GradRun.
func (a *Attention) GradLocal() int {
	n := 3*a.gradQueries()*ldp + attentionKeys*(a.ldq()+a.ldo()+1)
	if a.together() {
		n += a.size()
	}
	return n
}

// GradRun computes the gradients.
func (a *Attention) GradRun(phase int, g Gradient, in Input, scratch, local []float32, lo, hi int) {
	b := gradBlock{Gradient: g, forKeys: phase == 0, forQueries: phase == 1 || a.together()}
	b.Attention, b.Input = a, in
	n := a.gradQueries() * ldp
	b.p, b.ds, b.dropped = cut.Carve(&local, n), cut.Carve(&local, n), cut.Carve(&local, n)
	if a.Rate == 0 {
		b.dropped = b.p
	}
	b.dk, b.dv = cut.Carve(&local, attentionKeys*a.ldq()), cut.Carve(&local, attentionKeys*a.ldo())
	b.distance = cut.Carve(&local, attentionKeys)
	for u := lo; u < hi; u++ {
		switch {
		case phase == 1:
			head := u / a.gradBlocks()
			b.turn(scratch, head/a.group(), head/a.group())
			b.queriesAlone(head%a.Heads, u%a.gradBlocks())
		case a.together():
			b.turn(local, 0, u)
			a.gradPack(&b.pack, g, in, u)
			b.allTogether(u % a.KeyHeads)
		default:
			b.turn(scratch, u/a.keyBlocks(), u/a.keyBlocks())
			b.keysAlone(u/a.keyBlocks()%a.KeyHeads, u%a.keyBlocks())
		}
	}
}

// turn goes to a head of keys, numbered through all rows, which is packed in a part of x.
func (b *gradBlock) turn(x []float32, part, keyHead int) {
	b.row = keyHead / b.KeyHeads
	b.sight = b.Attention.sight(b.Input, b.row)
	b.pack = b.gradHead(cut.Span(x, part, b.size()))
}

// load goes to a block of queries of a head.
func (b *gradBlock) load(head, block int) {
	b.head, b.i0 = head, block*b.gradQueries()
	b.n = min(b.gradQueries(), b.M-b.i0)
	at := head%b.group()*b.M + b.i0
	b.q, b.dq, b.dy, b.delta = b.pack.q[at*b.ldq():], b.pack.dq[at*b.ldq():], b.pack.dy[at*b.ldo():], b.pack.delta[at:]
	b.lse = b.LSE[(b.row*b.Heads+head)*b.M+b.i0:]
}

// allTogether computes all gradients of a head of keys.
func (b *gradBlock) allTogether(keyHead int) {
	for j := range b.keyBlocks() {
		b.keysAlone(keyHead, j)
	}
	for head := range b.group() {
		for block := range b.gradBlocks() {
			b.load(keyHead*b.group()+head, block)
			b.endQueries()
		}
	}
}

// queriesAlone computes dq of a block of queries.
func (b *gradBlock) queriesAlone(head, block int) {
	b.load(head, block)
	for j0 := 0; j0 < b.N; j0 += attentionKeys {
		b.meet(j0)
	}
	b.endQueries()
}

// keysAlone lets all queries meet a block of keys, and computes its dk and dv.
func (b *gradBlock) keysAlone(keyHead, block int) {
	clear(b.dk)
	clear(b.dv)
	j0 := block * attentionKeys
	for h := range b.group() {
		for block := range b.gradBlocks() {
			b.load(keyHead*b.group()+h, block)
			b.meet(j0)
		}
	}
	for i := range min(attentionKeys, b.N-j0) {
		at := (b.row*b.N+j0+i)*b.KeyHeads + keyHead
		scaled(cut.Span(b.DK, at, b.D), b.dk[i*b.ldq():][:b.D], 1)
		scaled(cut.Span(b.DV, at, b.E), b.dv[i*b.ldo():][:b.E], 1)
	}
}

// endQueries writes dq of the block.
func (b *gradBlock) endQueries() {
	for i := range b.n {
		scaled(cut.Span(b.DQ, b.query(i), b.D), b.dq[i*b.ldq():][:b.D], b.Scale)
	}
}

// meet adds to the gradients what comes of the block's queries and the keys from j0 on.
func (b *gradBlock) meet(j0 int) {
	if lo, hi := b.seen(0, b.n, j0, j0+attentionKeys); lo >= hi {
		return
	}
	b.products(b.p, b.q, b.pack.keys, b.ldq(), b.D, j0)
	b.products(b.ds, b.dy, b.pack.values, b.ldo(), b.E, j0)
	for i := 0; i < b.n; {
		rows, lo, hi := b.alike(i, j0)
		if lo < hi {
			b.differentiate(i, rows, j0, lo, hi)
		}
		for r := i; r < i+rows && hi-lo < attentionKeys; r++ {
			clear(b.ds[r*ldp:][:lo])
			clear(b.ds[r*ldp:][hi:attentionKeys])
			clear(b.dropped[r*ldp:][:lo])
			clear(b.dropped[r*ldp:][hi:attentionKeys])
		}
		i += rows
	}
	if b.forKeys {
		b.gather(b.dv, b.dropped, b.dy, b.ldo(), b.E, j0)
		b.gather(b.dk, b.ds, b.q, b.ldq(), b.D, j0)
	}
	if b.forQueries {
		b.weigh(b.dq, b.ds, b.pack.keyRows, b.ldq(), b.D, j0)
	}
}

// differentiate turns the scores of some queries into weights, and the gradients by
// weights into those by scores, for the keys [lo,hi) from j0 on.
func (b *gradBlock) differentiate(i, rows, j0, lo, hi int) {
	b.mask(b.p, &never, i, rows, j0, lo, hi)
	b.mask(b.ds, &nothing, i, rows, j0, lo, hi)
	b.bias(i, rows, j0)
	for r := i; r < i+rows && b.Rate > 0; r++ {
		kept, ds := b.dropped[r*ldp:][lo:hi], b.ds[r*ldp:][lo:hi]
		b.dropFrom(j0+lo, kept, whole[:hi-lo], b.First+b.row, b.head, b.i0+r, b.Step)
		vec.Mul(ds, ds, kept)
	}
	active.softmaxGradRows(b.p[i*ldp+lo:], b.ds[i*ldp+lo:], b.lse[i:], b.delta[i:], hi-lo, rows, ldp)
	for r := i; r < i+rows && b.Rate > 0; r++ {
		dropped := b.dropped[r*ldp:][lo:hi]
		vec.Mul(dropped, dropped, b.p[r*ldp:][lo:hi])
	}
}
