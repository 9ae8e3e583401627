package model

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
	"dnn/pkg/train/loss"
)

// HeadLoss is the loss of one of several heads.
type HeadLoss struct {
	Loss   loss.Loss `spec:"type,inline"`
	Weight float64   `default:"1" range:"(0,)" doc:"how much the loss of this target counts in the sum over all targets"`
}

// Loss is the loss of head k, and how much it counts.
func (n *Network) Loss(k int) (loss.Loss, float64) {
	c := &n.Config.Loss
	if i := slices.Index(c.Names, n.Heads[k].Name); i >= 0 {
		return c.Each[i].Loss, c.Each[i].Weight
	}
	return c.One, 1
}

// Metrics are the metrics of head k.
func (n *Network) Metrics(k int) []metrics.Metric {
	c := &n.Config.Metrics
	if i := slices.Index(c.Names, n.Heads[k].Name); i >= 0 {
		return c.Each[i]
	}
	return c.One
}

// Figure is what reports and train.monitor call a figure of head k: its own name, behind that of the head where there are
// several.
func (n *Network) Figure(k int, name string) string {
	if len(n.Heads) == 1 {
		return name
	}
	return n.Heads[k].Name + "_" + name
}

// HeadName is what head k's own of something fed or read is called.
func (n *Network) HeadName(name string, k int) string {
	if len(n.Heads) == 1 {
		return name
	}
	return name + "." + n.Heads[k].Name
}

// sizesOf are the sizes that a head gives to the words in a spec.
func sizesOf(h *task.Head) layers.Sizes {
	s := layers.Sizes{Known: h.Known()}
	switch h.Kind {
	case task.Category:
		s.Classes = h.Width
		if h.Width == 0 {
			s.Classes = layers.Unsettled
		}
		if h.Generated() {
			s.Vocabulary = s.Classes
		}
	case task.Binary, task.Labels, task.Number:
		s.Targets = h.Width
	}
	return s
}

// sizes are the sizes for layers that name no head: those in which the heads do not differ.
func (n *Network) sizes() layers.Sizes {
	s := sizesOf(&n.Heads[0])
	for i := range n.Heads[1:] {
		other := sizesOf(&n.Heads[1+i])
		s.Known = s.Known && other.Known
		s.Several = s.Several || s.Classes != 0 && other.Classes != 0 || s.Targets != 0 && other.Targets != 0
		s.Classes, s.Targets, s.Vocabulary = s.Classes+other.Classes, s.Targets+other.Targets, max(s.Vocabulary, other.Vocabulary)
	}
	if s.Several {
		s.Classes, s.Targets = 0, 0
	}
	return s
}

// layerHeads tells the layers which heads there are.
func (n *Network) layerHeads() (list []layers.Head) {
	for i := range n.Heads {
		list = append(list, layers.Head{Name: n.Heads[i].Name, Sizes: sizesOf(&n.Heads[i])})
	}
	return list
}

// block is the block of the steps that head k predicts for.
func (n *Network) block(k int) int { return n.Schema.Input(n.Heads[k].Axis.Of).Block }

// Steps is how many steps a row of head k has in a batch.
func (n *Network) Steps(k int, e BatchShape) int {
	block := n.block(k)
	if !n.Schema.Blocks[block].Sequence { // all rows have the same number
		return n.Schema.Blocks[block].Shape[0]
	}
	return e.steps(n.Schema, block)
}

// labelType is what the labels of a batch for head k are fed as.
func (n *Network) labelType(k int, e BatchShape) graph.Type {
	h, shape := &n.Heads[k], graph.Shape{e.Rows}
	if h.Sequence() {
		shape = append(shape, n.Steps(k, e))
	}
	if h.Kind == task.Category {
		return graph.Ints(shape...)
	}
	return graph.Floats(append(shape, h.Width)...)
}

// eachOutput brings the output of head k into rows, one for each step where it predicts those.
func (n *Network) eachOutput(b *graph.Builder, k int, out *graph.Value) *graph.Value {
	if !n.Heads[k].Sequence() {
		return out
	}
	return op.Reshape(b, out, -1, out.Shape.Last())
}

// eachLabel are the labels of these rows.
func (n *Network) eachLabel(b *graph.Builder, k int, labels *graph.Value) *graph.Value {
	h := &n.Heads[k]
	switch {
	case !h.Sequence():
		return labels
	case h.Kind == task.Category:
		return op.Reshape(b, labels, -1)
	}
	return op.Reshape(b, labels, -1, h.Width)
}
