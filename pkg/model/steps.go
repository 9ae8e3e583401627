package model

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// A target with a label for each step of a sequence (tagging) is learned and scored as if each step were a row: the net's
// output [rows, steps, width] is looked at as [rows·steps, width], and a step beyond its row's length weighs nothing.

// misfit says that the net does not put out a prediction for each step of a batch. A net may do so for the longest sequences
// and not for others: layers that halve the steps and double them again.
func (n *Network) misfit(outs []layers.Signal, e BatchShape) error {
	for k := range n.Heads {
		if err := n.misfitOf(k, outs[k].Value, e); err != nil {
			return err
		}
	}
	return nil
}

// misfitOf is misfit for the output of head k.
func (n *Network) misfitOf(k int, out *graph.Value, e BatchShape) error {
	if !n.Heads[k].Sequence() {
		return nil
	}
	if got, want := out.Shape, n.Steps(k, e); got.Rank() != 3 || got[1] != want {
		return fmt.Errorf("of a sequence of %d steps the net gives %v, and the target has a label for each of its steps; layers that change the number of steps must lead back to it", want, got[1:])
	}
	return nil
}

// checkSteps notes a head whose layers change the number of steps.
func (j *Job) checkSteps(k int, out *graph.Value, e BatchShape, p *spec.Problems) {
	if j.Schema == nil || !j.Heads[k].Sequence() || j.Schema.Input(j.Heads[k].Axis.Of) == nil {
		return
	}
	if err := j.misfitOf(k, out, e); err != nil {
		p.Add(j.layerOf(k), "%v", err)
	}
}
