package model

import (
	"fmt"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/train/loss"
	"dnn/pkg/weights"
)

// compiler builds the graph of a net for batches of one shape.
type compiler struct {
	net      *Network
	b        *graph.Builder
	shape    BatchShape
	training bool
	sharded  bool            // batches are shards of larger ones
	p        *spec.Problems  // mistakes in the layers
	carrying *layers.Carry   // of a graph that generates step by step
	taken    map[string]bool // gets the names of the inputs that layers take, where not nil
	fake     *weights.Fake   // how numbers are rounded; nil where they are not
}

// compiler returns one that adds the net to b.
func (n *Network) compiler(b *graph.Builder, shape BatchShape, training bool) *compiler {
	c := &compiler{net: n, b: b, shape: shape, training: training, p: &spec.Problems{}}
	if q := n.Config.Train.Quantize; q != nil && (training || n.rounds) {
		c.fake = q.fake()
	}
	return c
}

// layerSpec describes net and inputs to the layers.
func (c *compiler) layerSpec() layers.Spec {
	n := c.net
	s := layers.Spec{Layers: n.Config.Layers, Sizes: sizes(n.Heads), Heads: layerHeads(n.Heads), Seed: n.Config.Seed, Carry: c.carry(), Taken: c.taken, Freeze: n.Config.Train.Freeze, Sharded: c.sharded}
	for _, in := range n.unresolved {
		s.Inputs = append(s.Inputs, layers.Input{Name: in.Name, Unresolved: true, Origin: layers.Origin{Meant: in.Meant}, Flat: in.Flat})
	}
	if n.Schema == nil {
		return s
	}
	feeds := make([]string, len(n.Schema.Blocks))
	for i := range feeds {
		feeds[i] = FeedBlock + n.Schema.Blocks[i].Name
	}
	s.Inputs = slices.Grow(s.Inputs, len(n.Schema.Inputs))
	for i := range n.Schema.Inputs {
		in := &n.Schema.Inputs[i]
		if in.Head >= 0 && n.Heads[in.Head].Aligned() { // the net must not see its labels
			continue
		}
		b := &n.Schema.Blocks[in.Block]
		x := layers.Input{Name: in.Name, Block: feeds[in.Block], BlockShape: b.Shape, Shape: in.Shape, Ints: b.Ints, Categories: in.Vocabulary, Origin: layers.Origin{Inferred: in.Inferred}}
		if e, ok := in.Encoder.(column.Worded); ok {
			x.Words = e.Words
		}
		if text, ok := in.Encoder.(column.Sharing); ok {
			x.Shared = text.SharesTokens()
		}
		if b.Sequence {
			x.BlockShape = c.shape.shape(n.Schema, in.Block)
			x.Shape, x.MaxSteps = x.BlockShape, b.Shape[0]
		}
		if c.shape.uneven(n.Schema, in.Block) {
			x.Lengths = FeedLengths + b.Name
		}
		if len(b.Shape) == 1 && !b.Ints {
			x.Lo, x.Hi = in.Lo, in.Hi
		}
		s.Inputs = append(s.Inputs, x)
	}
	return s
}

// forward builds the net up to the raw outputs of its heads, with the offset that the data's rows count from.
func (c *compiler) forward() ([]layers.Signal, []layers.Info) {
	n, s := c.net, c.layerSpec()
	before := c.p.Len()
	if c.fake != nil {
		c.fake.Begin(c.b)
		defer c.b.SetAdapt(nil)
	}
	outs, infos := layers.Build(c.b, s, c.shape.Rows, c.training, c.p)
	n.first.give(c.b)
	if s.Carry != nil && !s.Carry.Used && c.p.Len() == before {
		c.p.Add("train.stateful", "no layer is recurrent: there is no state to carry from one chunk to the next")
	}
	if n.Schema != nil && n.Schema.LabelColumns.HasOffset() { // the only head
		out, width, levels := &outs[0], n.Heads[0].Width, max(1, len(Levels(n)))
		if out.Value.Shape.Equal(graph.Shape{c.shape.Rows, levels * width}) { // else the loss will tell
			c.b.Scope = lossScope
			base := c.b.Input(FeedBase, graph.Floats(c.shape.Rows, width))
			if levels > 1 {
				each := op.Add(c.b, op.Reshape(c.b, out.Value, c.shape.Rows, levels, width), op.Reshape(c.b, base, c.shape.Rows, 1, width))
				out.Value = op.Reshape(c.b, each, c.shape.Rows, levels*width)
			} else {
				out.Value = op.Add(c.b, out.Value, base)
			}
		}
	}
	return outs, infos
}

// predict puts out what the heads predict.
func (c *compiler) predict(outs []layers.Signal) {
	for k := range outs {
		l, _ := c.net.Loss(k)
		out := c.eachOutput(k, outs[k].Value)
		if t := c.net.Tuning.temperature(k); t > 0 {
			out = loss.Tempered(l, c.b, c.net.Heads[k], out, t)
		} else {
			out = l.Predict(c.b, c.net.Heads[k], out)
		}
		c.b.SetOutput(c.net.headName(OutPrediction, k), out)
		c.putSteps(k, outs[k])
	}
}

// finish ends the graph and rewrites it. A problem here is one that Open did not see: an internal error, or a changed file.
func (c *compiler) finish() (*graph.Graph, error) {
	if c.p.Len() > 0 {
		return nil, c.unchecked()
	}
	g, err := c.b.Finish()
	if err != nil {
		return nil, err
	}
	if g, err = c.rewrite(g); err != nil {
		return nil, err
	}
	return pass.Run(g, c.net.Off)
}

func (c *compiler) unchecked() error {
	first := c.p.First()
	return fmt.Errorf("the net does not fit its data: %s: %s", first.Path, first.Message())
}

// rewrite makes of a graph what is asked for on demand, before the passes that change no bit.
func (c *compiler) rewrite(g *graph.Graph) (*graph.Graph, error) {
	if f := c.net.folder; f != nil {
		var err error
		if g, err = f.Run(g); err != nil {
			return nil, err
		}
	}
	if c.training {
		return c.net.Config.Train.Precision.storage().Run(g)
	}
	return c.net.Forms.Rewrite(g)
}

// Optimize rewrites a graph that was built on what Outputs added, as those of the net are.
func Optimize(n *Network, g *graph.Graph) (*graph.Graph, error) {
	g, err := n.Forms.Rewrite(g)
	if err != nil {
		return nil, err
	}
	return pass.Run(g, n.Off)
}
