package model

import (
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
)

// A step of one sequence multiplies one row by each matrix of weights. Matrices are kept for many rows, [outputs, inputs]; for one
// row they are read twice as fast as [inputs, outputs], where the outputs of an input are next to each other. So a StepGraph of one
// row and step reads copies, which CopyTransposed fills. Each output is the same chain of products, so no bit changes.

// transposedPrefix is what the names of the copies begin with. They are never part of a file.
const transposedPrefix = carriedInScoring + "transposed."

// useTransposed lets products of one row read transposed copies of their weights.
func useTransposed(g *graph.Graph) (*graph.Graph, error) {
	names := map[int]string{} // of the parameters, by their place
	if v := g.Var(VarWeights); v != nil {
		for _, p := range v.Params {
			names[p.Offset] = p.Name
		}
	}
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		a, ok := n.Attrs.(op.MatMulAttrs)
		if !ok || a.TransX || !a.TransY || n.Inputs[0].Shape.Rank() != 2 || n.Inputs[0].Shape[0] != 1 {
			return nil
		}
		view, ok := n.Inputs[1].Node.Attrs.(graph.ViewAttrs)
		if !ok || n.Inputs[1].Node.Op != graph.View || n.Inputs[1].Node.Inputs[0].Node.Name != VarWeights || names[view.Offset] == "" {
			return nil
		}
		name, shape := transposedPrefix+names[view.Offset], n.Inputs[1].Shape
		for _, v := range r.Vars() { // tied matrices are read twice
			if v.Name == name {
				return []*graph.Value{op.MatMul(r.Builder, in[0], v.Value, false, false)}
			}
		}
		v := r.Var(name, graph.Slot, graph.Shape{shape[1], shape[0]}, nil)
		return []*graph.Value{op.MatMul(r.Builder, in[0], v.Value, false, false)}
	})
}

// CopyTransposed fills the copies that StepGraphs of one row read from the weights that predict.
func CopyTransposed(state *exec.State) {
	weights := state.Buffer(VarWeights).Floats()
	if average := state.Data(VarAverage); average != nil {
		weights = average
	}
	if weights == nil {
		return
	}
	for _, p := range state.Params(VarWeights) {
		to := state.Data(transposedPrefix + p.Name)
		if to == nil {
			continue
		}
		rows, columns := p.Shape[0], p.Shape[1]
		for i := range rows {
			for k, x := range weights[p.Offset+i*columns : p.Offset+(i+1)*columns] {
				to[k*rows+i] = x
			}
		}
	}
}

// isTransposed reports whether a variable is such a copy.
func isTransposed(name string) bool { return strings.HasPrefix(name, transposedPrefix) }
