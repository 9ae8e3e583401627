package model

import (
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/pass"
)

// Program is a graph of a net that is ready to run, with batches as they come from the data.
type Program struct {
	*exec.Program
	net *Network
}

// Compile makes a graph of the net ready to run on a state.
func (n *Network) Compile(g *graph.Graph, state *exec.State, pool *exec.Pool, o exec.Options) (*Program, error) {
	g, err := asStored(g, state)
	if err != nil {
		return nil, err
	}
	p, err := exec.Compile(g, state, pool, o)
	if err != nil {
		return nil, err
	}
	return &Program{p, n}, nil
}

// asStored is g with its variables as they are in a state: a step widens weights that are kept as bf16.
func asStored(g *graph.Graph, state *exec.State) (*graph.Graph, error) {
	types := map[string]graph.DType{}
	for _, v := range g.Vars {
		if state.Has(v.Name) && state.Type(v.Name).DType != v.Value.DType {
			types[v.Name] = state.Type(v.Name).DType
		}
	}
	if len(types) == 0 {
		return g, nil
	}
	return pass.Stored(g, types)
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

// Programs are compiled programs by what they are compiled for, those that were used last at the end. Sequences can have so many
// shapes that not all programs fit into memory: those that were not used for longest are forgotten, and compiled again when they
// are needed. No bit depends on it. The zero value keeps nothing but the last.
type Programs[K comparable, P interface{ ArenaBytes() int }] struct {
	MaxCount int // 0: any number
	MaxBytes int // of all arenas

	keys []K
	list []P
}

// Get returns the program of a key; false where there is none.
func (c *Programs[K, P]) Get(k K) (p P, ok bool) {
	for i, other := range c.keys {
		if other == k {
			p = c.list[i]
			c.remove(i)
			c.keys, c.list = append(c.keys, k), append(c.list, p)
			return p, true
		}
	}
	return p, false
}

// Put keeps a program, and forgets others that were not used for longer where there are too many.
func (c *Programs[K, P]) Put(k K, p P) {
	c.keys, c.list = append(c.keys, k), append(c.list, p)
	for len(c.list) > 1 && (c.MaxCount > 0 && len(c.list) > c.MaxCount || c.Bytes() > c.MaxBytes) {
		c.remove(0)
	}
}

// Len is how many programs are kept.
func (c *Programs[K, P]) Len() int { return len(c.list) }

func (c *Programs[K, P]) remove(i int) {
	last := len(c.list) - 1
	copy(c.keys[i:], c.keys[i+1:])
	copy(c.list[i:], c.list[i+1:])
	var none P
	c.list[last] = none
	c.keys, c.list = c.keys[:last], c.list[:last]
}

// Bytes is what the arenas of all programs take.
func (c *Programs[K, P]) Bytes() (n int) {
	for _, p := range c.list {
		n += p.ArenaBytes()
	}
	return n
}
