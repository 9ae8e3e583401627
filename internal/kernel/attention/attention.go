// Package attention lets queries attend to keys, and turns both by their positions.
package attention

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// Attention is the shape of scaled dot-product attention (Vaswani et al. 2017) over
// heads that lie next to each other in the last axis: queries [Rows,M,Heads·D], keys
// [Rows,N,KeyHeads·D] and values [Rows,N,KeyHeads·E]. Heads/KeyHeads query heads in a
// row use the same keys (Ainslie et al. 2023).
//
// The full matrix of scores is never stored (Dao 2023): blocks of queries go through
// blocks of keys, and keep a running maximum and sum. What no query of a block can see
// is not computed.
//
// Scores are chains of fma over ascending elements. The maximum and sum of a query are
// taken key block by key block in ascending order, and key blocks begin at multiples of
// attentionKeys; all other sums are chains over ascending keys, or over ascending heads
// and queries. So the bits of a query depend neither on the other queries of a call nor
// on keys it does not see, and those of gradients not on how the work is cut.
//
// Forward is Pack over [0,PackUnits()), a barrier, then Run over [0,Units()).
type Attention struct {
	Rows, M, N      int
	Heads, KeyHeads int
	D, E            int
	Scale           float32   // of the scores
	Causal          bool      // a query sees no later keys
	Window          int       // > 0: a query sees keys at most Window-1 positions away
	Slopes          []float32 // [Heads]: what scores lose with each position of distance (Press et al. 2022); nil: nothing
	Rate            float32   // of the weights that dropout sets to 0
	Seed, Stream    uint64    // of dropout
}

// Input is what the kernels of an Attention read.
type Input struct {
	Q, K, V []float32
	Lengths []int32 // [Rows]: number of keys; nil: N
	Offset  []int32 // [Rows]: position of the first query among the keys; nil: 0
	Step    uint64  // of the training, for dropout
	First   int     // the number that dropout takes the first row for
}

const (
	attentionKeys    = 128 // keys of a block; the bits depend on it
	attentionQueries = 96  // at most so many queries of a block
	attentionHeads   = 8   // from so many on, heads are enough to share among threads
	attentionFew     = 4   // up to so many queries read keys and values as they lie
)

// packed says that keys and values are copied into panels first.
func (a *Attention) packed() bool { return a.M > attentionFew }

// keyPanels is the number of panels of keys, valuePanels that of columns of values.
func (a *Attention) keyPanels() int   { return cut.Ceil(a.N, gemm.TileCols()) }
func (a *Attention) valuePanels() int { return cut.Ceil(a.E, gemm.TileCols()) }

// packedKeys and packedValues are the elements of both for one head.
func (a *Attention) packedKeys() int   { return a.keyPanels() * gemm.TileCols() * a.D }
func (a *Attention) packedValues() int { return a.valuePanels() * gemm.TileCols() * a.N }

// together says that there are enough heads of keys to share among threads. Then a unit of
// work is all that uses one of them, and packs it in memory that stays in the thread's
// cache. Else units are smaller, and heads are packed before, where all find them. The bits
// are the same.
func (a *Attention) together() bool { return a.Rows*a.KeyHeads >= attentionHeads }

// group is how many heads use the same keys.
func (a *Attention) group() int { return a.Heads / a.KeyHeads }

// panels is what is packed of a head of keys.
func (a *Attention) panels() int { return a.packedKeys() + a.packedValues() }

// PackUnits is how many units Pack has.
func (a *Attention) PackUnits() int {
	if !a.packed() || a.together() {
		return 0
	}
	return a.Rows * a.KeyHeads
}

// Scratch is how many float32 Pack fills.
func (a *Attention) Scratch() int { return a.PackUnits() * a.panels() }

// Pack packs heads of keys.
func (a *Attention) Pack(scratch []float32, in Input, lo, hi int) {
	for u := lo; u < hi; u++ {
		a.pack(cut.Span(scratch, u, a.panels()), in, u)
	}
}

// pack copies the keys of a head, numbered through all rows, into panels [D][gemm.TileCols()], and
// its values into panels [N][gemm.TileCols()], as tiles read them.
func (a *Attention) pack(dst []float32, in Input, keyHead int) {
	row, head := keyHead/a.KeyHeads, keyHead%a.KeyHeads
	packAcross(dst[:a.packedKeys()], in.K[row*a.N*a.KeyHeads*a.D+head*a.D:], a.N, a.D, a.KeyHeads*a.D)
	packAlong(dst[a.packedKeys():], in.V[row*a.N*a.KeyHeads*a.E+head*a.E:], a.N, a.E, a.KeyHeads*a.E)
}

// packAcross packs rows of x [n][width], ld apart, as the columns of panels [width][gemm.TileCols()].
func packAcross(dst, x []float32, n, width, ld int) {
	for j := 0; j < n; j += gemm.TileCols() {
		vec.Transpose(dst[j*width:], x[j*ld:], width, min(gemm.TileCols(), n-j), gemm.TileCols(), ld)
	}
}

// packAlong packs the columns of x [n][width], ld apart, into panels [n][gemm.TileCols()].
func packAlong(dst, x []float32, n, width, ld int) {
	for j := 0; j < width; j += gemm.TileCols() {
		gemm.PackColumns(dst[j*n:], x[j:], min(gemm.TileCols(), width-j), n, ld, gemm.TileCols())
	}
}

// queries are those of a block, blocks how many blocks a head has.
func (a *Attention) queries() int { return evenly(a.M, attentionQueries) }
func (a *Attention) blocks() int  { return cut.Ceil(a.M, a.queries()) }

// evenly cuts n queries into blocks of whole tiles, all but the last of one size, and of
// at most so many queries.
func evenly(n, most int) int {
	return cut.Ceil(cut.Ceil(n, cut.Ceil(n, most)), gemm.PanelA) * gemm.PanelA
}

// bounds are the first query of a block, and how many it has.
func (a *Attention) bounds(block int) (i0, n int) {
	i0 = block * a.queries()
	return i0, min(a.queries(), a.M-i0)
}

// Units is the number of units of Run.
func (a *Attention) Units() int { return a.Rows * a.Heads * a.blocks() / a.unitBlocks() }

// unitBlocks is how many blocks of queries are a unit of Run.
func (a *Attention) unitBlocks() int {
	if a.packed() && a.together() {
		return a.group() * a.blocks()
	}
	return 1
}

// sight is what the queries of a row can see.
type sight struct {
	length, offset int // of the row: number of keys, position of the first query
	before, after  int // a query sees keys at most so many positions before and after it
}

// sight returns that of a row.
func (a *Attention) sight(in Input, row int) sight {
	s := sight{length: a.N, before: maxDistance, after: maxDistance}
	if in.Lengths != nil {
		s.length = min(max(int(in.Lengths[row]), 0), a.N)
	}
	if in.Offset != nil {
		s.offset = int(in.Offset[row])
	}
	if a.Window > 0 {
		s.before, s.after = a.Window-1, a.Window-1
	}
	if a.Causal {
		s.after = 0
	}
	return s
}

// maxDistance is beyond all distances of positions.
const maxDistance = 1 << 40

// keys are the keys [lo,hi) that query i sees, lo = hi if none. Neither bound falls with i.
func (s *sight) keys(i int) (lo, hi int) {
	at := s.offset + i
	hi = min(max(at+s.after+1, 0), s.length)
	return min(max(at-s.before, 0), hi), hi
}

// within are the keys of [j0,j1) that query i sees.
func (s *sight) within(i, j0, j1 int) (lo, hi int) {
	lo, hi = s.keys(i)
	lo = min(max(lo, j0), j1)
	return lo, min(max(hi, lo), j1)
}

// Pairs is about how many pairs of a query and a key there are in all heads, if all keys
// are valid and queries begin where keys do.
func (a *Attention) Pairs() float64 {
	s, n := a.sight(Input{}, 0), 0
	for i := range a.M {
		lo, hi := s.keys(i)
		n += hi - lo
	}
	return float64(n) * float64(a.Rows*a.Heads)
}
