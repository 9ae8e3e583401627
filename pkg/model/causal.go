package model

import (
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
)

// A net that writes must not see the token that it is to write: its loss would be near zero, and what it writes would be worth
// nothing. Layers that look ahead along the tokens so far (a bidirectional recurrent layer, attention that is not causal, a
// convolution) let it. That is found by a try: another last token must not change what is put out for the tokens before.

// causalSteps is how many steps the try has, as far as the net takes so few.
const causalSteps = 4

// checkCausal notes heads that see what they are to write.
func (j *Job) checkCausal(p *spec.Problems) {
	for k := range j.Heads {
		if h := &j.Heads[k]; h.Generated() && !isCausal(&j.Network, k) {
			p.Add("layers", "the net sees the tokens that it is to write: what it puts out for a step of %q depends on later ones. Give attention on the way from it causal: true, and recurrent layers no bidirectional: true; convolutions look ahead, too", h.Name)
		}
	}
}

// isCausal tries it, with weights that are made up: those of the net take long to be drawn. A net that does not take so few steps
// counts as causal.
func isCausal(n *Network, k int) bool {
	e := Rows(1)
	i := 0
	for b := range n.Schema.Blocks {
		if block := &n.Schema.Blocks[b]; block.Sequence && i < len(e.Steps) {
			e.Steps[i] = n.Schema.Bucket(b, min(causalSteps, block.Shape[0]))
			i++
		}
	}
	c := n.compiler(graph.NewBuilder(), e, false)
	outs, _ := c.forward()
	if c.p.Len() > 0 || c.misfit(outs) != nil {
		return true
	}
	c.b.SetOutput(OutPrediction, outs[k].Value)
	for _, v := range c.b.Vars() {
		v.Init = func(dst []float32) {
			for i := range dst {
				dst[i] = float32((i*7919)%17-8) / 32
			}
		}
	}
	g, err := c.finish()
	if err != nil {
		return true
	}
	pool := exec.NewPool(1)
	defer pool.Close()
	program, err := n.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		return true
	}
	width := n.Heads[k].Width
	steps := n.Steps(k, e)
	b := n.Schema.NewFixedBatch(1, e.byBlock(n.Schema))
	b.Rows = 1
	for block := range n.Schema.Blocks {
		b.FillProbe(block, b.Steps[block])
	}
	first := tried(n, program, b, k, 2%width)
	second := tried(n, program, b, k, 3%width)
	return slices.Equal(first[:(steps-1)*width], second[:(steps-1)*width])
}

// tried is what head k puts out for a row whose tokens end with a certain one.
func tried(n *Network, p *Program, b *dataset.Batch, k, last int) []float32 {
	tokens := b.Ints[n.Prefix(k)]
	tokens[len(tokens)-1] = int32(last)
	p.FeedBatch(b)
	p.Run()
	return slices.Clone(p.Output(OutPrediction).F)
}
