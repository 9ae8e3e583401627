package model

import (
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
)

// A step of one sequence multiplies one row by each matrix of weights. Matrices are kept for many rows, [outputs, inputs]; for one
// row they are read twice as fast as [inputs, outputs], where the outputs of an input are next to each other. So a StepGraph of one
// row and step reads copies, which CopyTransposed fills. Each output is the same chain of products, so no bit changes. Products of
// blocks (dense_blocks) have their own order.

// transposedPrefix is what the names of the copies begin with. They are never part of a file.
const transposedPrefix = carriedInScoring + "transposed."

// useTransposed lets products of one row read transposed copies of their weights, also of those that are widened for them.
func useTransposed(g *graph.Graph) (*graph.Graph, error) {
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		a, ok := n.Attrs.(op.MatMulAttrs)
		if !ok || a.TransX || !a.TransY || n.Inputs[0].Shape.Rank() != 2 || n.Inputs[0].Shape[0] != 1 {
			return nil
		}
		param := shownBy(g, n.Inputs[1])
		if param == "" {
			return nil
		}
		name, shape := transposedPrefix+param, n.Inputs[1].Shape
		for _, v := range r.Vars() { // tied matrices are read twice
			if v.Name == name {
				return []*graph.Value{op.MatMul(r.Builder, in[0], v.Value, false, false)}
			}
		}
		v := r.Var(name, graph.Slot, graph.Shape{shape[1], shape[0]}, nil)
		return []*graph.Value{op.MatMul(r.Builder, in[0], v.Value, false, false)}
	})
}

// shownBy names the parameter among the weights that v is, as it lies there or widened; "" where v is none.
func shownBy(g *graph.Graph, v *graph.Value) string {
	if p, flat := g.ParamOf(v); p != nil && flat.Name == VarWeights {
		return p.Name
	}
	if n := v.Node; n.Op != nil && n.Op.Name == "dequantize" && n.Inputs[0].Node.Leaf == graph.Variable {
		return n.Inputs[0].Node.Name
	}
	return ""
}

// CopyTransposed fills the copies that StepGraphs of one row read from the weights that predict.
func CopyTransposed(n *Network, state *exec.State) {
	for _, name := range n.Forms.Names() {
		if to := state.Data(transposedPrefix + name); to != nil {
			transpose(to, n.Forms.Floats(name, state.Buffer), n.Forms.Param(name).Shape)
		}
	}
	weights := state.Buffer(VarWeights).Floats()
	if average := state.Data(VarAverage); average != nil {
		weights = average
	}
	if weights == nil {
		return
	}
	for _, p := range state.Params(VarWeights) {
		if to := state.Data(transposedPrefix + p.Name); to != nil {
			transpose(to, weights[p.Offset:], p.Shape)
		}
	}
}

// transpose writes the matrix x with rows and columns exchanged.
func transpose(to, x []float32, shape graph.Shape) {
	rows, columns := shape[0], shape[1]
	for i := range rows {
		for k, v := range x[i*columns : (i+1)*columns] {
			to[k*rows+i] = v
		}
	}
}

// isTransposed reports whether a variable is such a copy.
func isTransposed(name string) bool { return strings.HasPrefix(name, transposedPrefix) }
