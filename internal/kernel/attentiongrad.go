package kernel

// AttentionGradient is what the gradient of an Attention reads and writes: the gradients
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
type AttentionGradient struct {
	DQ, DK, DV, DY, Y, LSE []float32
}

// together says that there are enough heads to share among threads: then a unit takes a
// head of keys with all queries. Else the products of blocks of queries and keys are
// computed twice, for dk and dv, whose units are blocks of keys, and for dq, whose units
// are blocks of queries. The bits are the same.
func (a *Attention) together() bool { return a.Rows*a.KeyHeads >= attentionHeads }

const attentionHeads = 8

// GradPhases is the number of phases of GradRun.
func (a *Attention) GradPhases() int {
	if a.together() {
		return 1
	}
	return 2
}

// keyBlocks is the number of blocks of keys.
func (a *Attention) keyBlocks() int { return ceil(a.N, attentionKeys) }

// GradUnits is the number of units of a phase of GradRun.
func (a *Attention) GradUnits(phase int) int {
	switch {
	case a.together():
		return a.Rows * a.KeyHeads
	case phase == 0:
		return a.Rows * a.KeyHeads * a.keyBlocks()
	}
	return a.Units()
}

// GradPackUnits is how many units GradPack has.
func (a *Attention) GradPackUnits() int { return a.Rows * a.KeyHeads }

// gradPacked is what GradPack fills for a head of keys: the keys as columns and as rows
// of panels, the values as columns, and δ of the queries.
func (a *Attention) gradPacked() (keys, keyRows, values, delta int) {
	return a.packedKeys(), ceil(a.D, panelB) * panelB * a.N, a.keyPanels() * panelB * a.E, a.Heads / a.KeyHeads * a.M
}

// GradScratch is how many float32 GradPack fills.
func (a *Attention) GradScratch() int {
	k, r, v, d := a.gradPacked()
	return a.GradPackUnits() * (k + r + v + d)
}

// packs are the parts of scratch that belong to a head of keys.
func (a *Attention) packs(scratch []float32, unit int) (keys, keyRows, values, delta []float32) {
	k, r, v, d := a.gradPacked()
	s := span(scratch, unit, k+r+v+d)
	return carve(&s, k), carve(&s, r), carve(&s, v), carve(&s, d)
}

// GradPack packs keys and values, and computes δ.
func (a *Attention) GradPack(scratch []float32, g AttentionGradient, in AttentionInput, lo, hi int) {
	for u := lo; u < hi; u++ {
		row, head := u/a.KeyHeads, u%a.KeyHeads
		keys, keyRows, values, delta := a.packs(scratch, u)
		k := in.K[row*a.N*a.KeyHeads*a.D+head*a.D:]
		packAcross(keys, k, a.N, a.D, a.KeyHeads*a.D)
		packAlong(keyRows, k, a.N, a.D, a.KeyHeads*a.D)
		packAcross(values, in.V[row*a.N*a.KeyHeads*a.E+head*a.E:], a.N, a.E, a.KeyHeads*a.E)
		group := a.Heads / a.KeyHeads
		for h := range group {
			for i := range a.M {
				at := (row*a.M+i)*a.Heads + head*group + h
				delta[h*a.M+i] = active.dot(span(g.DY, at, a.E), span(g.Y, at, a.E))
			}
		}
	}
}

// GradLocal is how many float32 of memory each thread needs for GradRun.
func (a *Attention) GradLocal() int {
	return attentionQueries*(a.ldq()+a.ldo()+3*ldp) + attentionKeys*(a.ldq()+a.ldo()+1)
}
