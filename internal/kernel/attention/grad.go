package attention

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// Gradient is what the gradient of an Attention reads and writes: the gradients
// DQ, DK and DV like Q, K and V; DY by the result Y, and LSE as Run has left it.
//
// With s the scores, p = exp(s - lse), dp = dy·vᵀ and δ = Σ dy·y (Dao 2023),
//
//	ds = p·(dp - δ),  dq = scale·ds·k,  dk = scale·dsᵀ·q,  dv = pᵀ·dy,
//
// where dropout comes between p and dv, and between dp and ds.
//
// It is GradPack over [0,GradPackUnits()), and then, with a barrier before each,
// GradRun over [0,GradUnits(phase)) for every phase below GradPhases.
type Gradient struct {
	DQ, DK, DV, DY, Y, LSE []float32
}

const attentionGradQueries = 96 // at most so many queries of a block on the way back

// GradPhases is the number of phases of GradRun. Where heads are not computed together, the
// products of blocks of queries and keys are computed twice: for dk and dv, whose units are
// blocks of keys, and for dq, whose units are blocks of queries.
func (a *Attention) GradPhases() int {
	if a.together() {
		return 1
	}
	return 2
}

// GradUnits is the number of units of a phase of GradRun.
func (a *Attention) GradUnits(phase int) int {
	switch {
	case a.together():
		return a.Rows * a.KeyHeads
	case phase == 0:
		return a.Rows * a.KeyHeads * a.keyBlocks()
	}
	return a.Rows * a.Heads * a.gradBlocks()
}

// keyBlocks is the number of blocks of keys.
func (a *Attention) keyBlocks() int { return cut.Ceil(a.N, attentionKeys) }

// gradQueries are those of a block, gradBlocks how many blocks a head has.
func (a *Attention) gradQueries() int { return evenly(a.M, attentionGradQueries) }
func (a *Attention) gradBlocks() int  { return cut.Ceil(a.M, a.gradQueries()) }

// gradHead is what GradPack fills for a head of keys.
type gradHead struct {
	keys, keyRows, values []float32 // the keys as columns and as rows of panels, the values as columns
	q, dq, dy, delta      []float32 // of the heads that use them: scaled queries, sums of dq, dy, and δ
}

// size is how many float32 it takes.
func (a *Attention) size() int {
	return a.packedKeys() + cut.Ceil(a.D, gemm.TileCols())*gemm.TileCols()*a.N + a.keyPanels()*gemm.TileCols()*a.E + a.group()*a.M*(2*a.ldq()+a.ldo()+1)
}

// gradHead cuts memory for a head of keys into its parts.
func (a *Attention) gradHead(s []float32) (h gradHead) {
	m := a.group() * a.M
	h.keys, h.keyRows = cut.Carve(&s, a.packedKeys()), cut.Carve(&s, cut.Ceil(a.D, gemm.TileCols())*gemm.TileCols()*a.N)
	h.values = cut.Carve(&s, a.keyPanels()*gemm.TileCols()*a.E)
	h.q, h.dq, h.dy, h.delta = cut.Carve(&s, m*a.ldq()), cut.Carve(&s, m*a.ldq()), cut.Carve(&s, m*a.ldo()), cut.Carve(&s, m)
	return h
}

// GradPackUnits is how many units GradPack has.
func (a *Attention) GradPackUnits() int {
	if a.together() {
		return 0
	}
	return a.Rows * a.KeyHeads
}

// GradScratch is how many float32 GradPack fills.
func (a *Attention) GradScratch() int { return a.GradPackUnits() * a.size() }

// GradPack packs heads of keys.
func (a *Attention) GradPack(scratch []float32, g Gradient, in Input, lo, hi int) {
	for u := lo; u < hi; u++ {
		h := a.gradHead(cut.Span(scratch, u, a.size()))
		a.gradPack(&h, g, in, u)
	}
}

// gradPack packs keys, values, queries and dy of a head of keys, numbered through all rows,
// and computes δ.
func (a *Attention) gradPack(h *gradHead, g Gradient, in Input, keyHead int) {
	row, head := keyHead/a.KeyHeads, keyHead%a.KeyHeads
	k := in.K[row*a.N*a.KeyHeads*a.D+head*a.D:]
	packAcross(h.keys, k, a.N, a.D, a.KeyHeads*a.D)
	packAlong(h.keyRows, k, a.N, a.D, a.KeyHeads*a.D)
	packAcross(h.values, in.V[row*a.N*a.KeyHeads*a.E+head*a.E:], a.N, a.E, a.KeyHeads*a.E)
	clear(h.dq)
	for j := range a.group() {
		for i := range a.M {
			from, to := (row*a.M+i)*a.Heads+head*a.group()+j, j*a.M+i
			dy := cut.Span(g.DY, from, a.E)
			vec.Scale(h.q[to*a.ldq():][:a.D], cut.Span(in.Q, from, a.D), a.Scale)
			copy(h.dy[to*a.ldo():], dy)
			h.delta[to] = vec.Dot(dy, cut.Span(g.Y, from, a.E))
		}
	}
}
