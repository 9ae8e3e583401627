package attention

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/prob"
)

// Weights computes the weights w [Rows,Heads,M,N] instead of y, in the units of Run. Keys
// that a query does not see weigh 0.
func (a *Attention) Weights(w []float32, in Input, scratch, local []float32, lo, hi int) {
	for u := lo * a.unitBlocks(); u < hi*a.unitBlocks(); u++ {
		b, _ := a.block(in, scratch, local, u)
		for j0 := 0; j0 < b.N; j0 += attentionKeys {
			b.scores(j0)
			for i := range b.n {
				b.bias(i, 1, j0)
				lo, hi := b.sight.within(b.i0+i, j0, min(j0+attentionKeys, b.N))
				copy(b.rowOf(w, i)[lo:hi], b.p[i*ldp+lo-j0:])
			}
		}
		for i := range b.n {
			row := b.rowOf(w, i)
			lo, hi := b.sight.keys(b.i0 + i)
			clear(row[:lo])
			clear(row[hi:])
			prob.Softmax(row[lo:hi], row[lo:hi], hi-lo, 0, min(hi-lo, 1))
		}
	}
}

// rowOf is the row of the block's i-th query in a matrix of all queries and keys.
func (b *queryBlock) rowOf(w []float32, i int) []float32 {
	return cut.Span(w, (b.row*b.Heads+b.head)*b.M+b.i0+i, b.N)
}
