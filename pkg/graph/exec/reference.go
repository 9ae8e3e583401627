package exec

import (
	"fmt"

	"dnn/pkg/graph"
)

// Evaluate computes every value of g in float64 with the ops' plain references, from the given inputs and variables by
// name. Variables that are not given take their first values. It is slow and meant for tests: the oracle that gradients
// and kernels are held against.
func Evaluate(g *graph.Graph, feeds map[string]graph.Ref) map[*graph.Value]graph.Ref {
	vals := map[*graph.Value]graph.Ref{}
	for _, n := range g.Nodes {
		switch {
		case n.Leaf == graph.Constant:
			vals[n.Outputs[0]] = graph.Ref{F: widen(g.Consts[n.Outputs[0]])}
		case n.Leaf != graph.NotLeaf:
			vals[n.Outputs[0]] = leafRef(g, n, feeds)
		default:
			evaluateNode(n, vals)
		}
	}
	return vals
}

func evaluateNode(n *graph.Node, vals map[*graph.Value]graph.Ref) {
	if n.Op.Eval == nil {
		panic("exec: op " + n.Op.Name + " has no reference")
	}
	in, out := make([]graph.Ref, len(n.Inputs)), make([]graph.Ref, len(n.Outputs))
	for i, v := range n.Inputs {
		in[i] = vals[v]
	}
	for i, v := range n.Outputs {
		out[i] = graph.NewRef(v.Type)
	}
	n.Op.Eval(n, in, out)
	for i, v := range n.Outputs {
		vals[v] = out[i]
	}
}

func leafRef(g *graph.Graph, n *graph.Node, feeds map[string]graph.Ref) graph.Ref {
	v := n.Outputs[0]
	if r, ok := feeds[n.Name]; ok {
		if len(r.F)+len(r.I) != v.Shape.Size() {
			panic(fmt.Sprintf("exec: %s has %d elements, want %v", n.Name, len(r.F)+len(r.I), v.Type))
		}
		return r
	}
	if n.Leaf == graph.Input {
		panic("exec: input " + n.Name + " is not given")
	}
	first := make([]float32, v.Shape.Size())
	if init := g.Var(n.Name).Init; init != nil {
		init(first)
	}
	return graph.Ref{F: widen(first)}
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
