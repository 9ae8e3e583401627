package model

import (
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
)

// Program is a graph of a net that is ready to run, with batches as they come from the data.
type Program struct {
	*exec.Program
	net *Network
}

// Compile makes a graph of the net ready to run on a state.
func (n *Network) Compile(g *graph.Graph, state *exec.State, pool *exec.Pool, o exec.Options) (*Program, error) {
	p, err := exec.Compile(g, state, pool, o)
	if err != nil {
		return nil, err
	}
	return &Program{p, n}, nil
}

// Evaluation is how programs that evaluate a net are compiled: where the state has a moving average of the weights, that is
// used in their place.
func Evaluation(state *exec.State) (o exec.Options) {
	if state.Data(VarAverage) != nil {
		o.Bind = map[string]string{VarWeights: VarAverage}
	}
	return o
}

// Prediction is what head k predicted for the batch.
func (p *Program) Prediction(k int) []float32 { return p.Output(p.net.headName(OutPrediction, k)).F }

// Loss is what head k's loss was for the batch when scoring: Σ weight·loss and Σ weight.
func (p *Program) Loss(k int) (sum, weight float64) {
	return float64(p.Output(p.net.headName(OutLoss, k)).F[0]), float64(p.Output(p.net.headName(OutLossWeight, k)).F[0])
}

// NewBatch returns a batch of the shape that the program was compiled for. It lies in the program's inputs: filling it feeds the
// program, with nothing to copy. What the program does not read is left out.
func (p *Program) NewBatch(shape BatchShape) *dataset.Batch {
	n := p.net
	b := n.Schema.NewFixedBatch(shape.Rows, shape.byBlock(n.Schema))
	for i := range n.Schema.Blocks {
		if name := FeedBlock + n.Schema.Blocks[i].Name; p.HasFeed(name) {
			feed := p.Feed(name)
			b.Floats[i], b.Ints[i] = feed.F, feed.I
		}
		if name := FeedLengths + n.Schema.Blocks[i].Name; p.HasFeed(name) {
			b.Lengths[i] = p.Feed(name).I
		}
	}
	for k := range n.Heads {
		labels := b.Labels(k)
		if name := n.headName(FeedTarget, k); p.HasFeed(name) {
			feed := p.Feed(name)
			labels.Floats, labels.Ints = feed.F, feed.I
		}
		if p.HasFeed(FeedShare) {
			second := p.Feed(n.headName(FeedSecond, k))
			labels.SecondFloats, labels.SecondInts = second.F, second.I
		}
		b.SetLabels(k, labels)
	}
	if p.HasFeed(FeedShare) {
		b.Share = p.Feed(FeedShare).F
	}
	if p.HasFeed(FeedBase) {
		b.Offset = p.Feed(FeedBase).F
	}
	if p.HasFeed(FeedWeight) {
		b.Weight = p.Feed(FeedWeight).F
	}
	return b
}
