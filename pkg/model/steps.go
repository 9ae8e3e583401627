package model

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/task"
)

// A target with a label for each step of a sequence (tagging) is learned and scored as if each step were a row: the net's
// output [rows, steps, width] is looked at as [rows·steps, width], and a step beyond its row's length weighs nothing.

// block is the block of the steps that head k predicts for.
func (n *Network) block(k int) int { return n.Schema.Input(n.Heads[k].Axis.Of).Block }

// Steps is how many steps a row of head k has in a batch.
func (n *Network) Steps(k int, shape BatchShape) int {
	block := n.block(k)
	if !n.Schema.Blocks[block].Sequence { // all rows have the same number
		return n.Schema.Blocks[block].Shape[0]
	}
	return shape.steps(n.Schema, block)
}

// labelType is what the labels of a batch for head k are fed as.
func (c *compiler) labelType(k int) graph.Type {
	h, shape := &c.net.Heads[k], graph.Shape{c.shape.Rows}
	if h.Sequence() {
		shape = append(shape, c.net.Steps(k, c.shape))
	}
	if h.Kind == task.Category {
		return graph.Ints(shape...)
	}
	return graph.Floats(append(shape, h.Width)...)
}

// eachStep reports whether a prediction of head k for a step is looked at as one of a row.
func (c *compiler) eachStep(k int) bool {
	h := &c.net.Heads[k]
	return h.Sequence() && !h.Aligned()
}

// eachOutput brings the output of head k into rows, one for each step where it predicts those.
func (c *compiler) eachOutput(k int, out *graph.Value) *graph.Value {
	if !c.eachStep(k) {
		return out
	}
	return op.Reshape(c.b, out, -1, out.Shape.Last())
}

// eachLabel are the labels of these rows.
func (c *compiler) eachLabel(k int, labels *graph.Value) *graph.Value {
	h := &c.net.Heads[k]
	switch {
	case !h.Sequence():
		return labels
	case h.Kind == task.Category:
		return op.Reshape(c.b, labels, -1)
	}
	return op.Reshape(c.b, labels, -1, h.Width)
}

// misfit says that the net does not put out a prediction for each step of a batch. A net may do so for the longest sequences
// and not for others: layers that halve the steps and double them again.
func (c *compiler) misfit(outs []layers.Signal) error {
	for k := range c.net.Heads {
		if err := c.misfitOf(k, outs[k].Value); err != nil {
			return err
		}
	}
	return nil
}

// misfitOf is misfit for the output of head k.
func (c *compiler) misfitOf(k int, out *graph.Value) error {
	if !c.net.Heads[k].Sequence() {
		return nil
	}
	if c.net.Heads[k].Aligned() {
		if out.Shape.Rank() != 3 {
			return fmt.Errorf("the net gives %v, and the labels of the target are aligned with steps: it must be [steps, classes]", out.Shape[1:])
		}
		return nil
	}
	if got, want := out.Shape, c.net.Steps(k, c.shape); got.Rank() != 3 || got[1] != want {
		return fmt.Errorf("of a sequence of %d steps the net gives %v, and the target has a label for each of its steps; layers that change the number of steps must lead back to it", want, got[1:])
	}
	return nil
}

// checkSteps notes a head whose layers change the number of steps.
func (j *Job) checkSteps(c *compiler, k int, out *graph.Value) {
	if j.Schema == nil || !j.Heads[k].Sequence() || j.Schema.Input(j.Heads[k].Axis.Of) == nil {
		return
	}
	if err := c.misfitOf(k, out); err != nil {
		c.p.Add(j.layerOf(k), "%v", err)
	}
}
