package pass

import (
	"slices"

	"dnn/pkg/graph"
)

// foldLimit is the largest constant that is worth keeping instead of computing it, in elements.
const foldLimit = 1 << 16

// fold computes nodes whose inputs are all constants, with the kernel that would have computed them in every step: the
// bits are the same.
var fold = Pass{
	Name: "fold",
	Doc:  "computes once what only depends on constants",
	Run: func(g *graph.Graph) (*graph.Graph, error) {
		consts := map[*graph.Value][]float32{} // of the new graph
		return rewrite(g, func(r *rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
			if n.Op.Kernel == nil || len(in) == 0 || len(n.Outputs) != 1 || n.Outputs[0].DType != graph.F32 || n.Outputs[0].Shape.Size() > foldLimit {
				return nil
			}
			call := &graph.Call{InPlaced: make([]bool, len(in))}
			for i, v := range n.Inputs {
				data, ok := r.old.Consts[v]
				if !ok {
					data, ok = consts[in[i]]
				}
				if !ok {
					return nil
				}
				call.In = append(call.In, graph.Buffer{F: slices.Clone(data)})
			}
			data := make([]float32, n.Outputs[0].Shape.Size())
			call.Out = []graph.Buffer{{F: data}}
			k := n.Op.Kernel(n)
			call.Scratch = make([]float32, k.Scratch)
			for _, ph := range k.Phases {
				ph.Run(call, 0, ph.Units)
			}
			v := r.b.Const(n.Outputs[0].Shape, data)
			consts[v] = data
			return []*graph.Value{v}
		})
	},
}
