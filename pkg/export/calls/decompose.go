package calls

import "dnn/pkg/graph"

// Decomposed is a graph in which ops that are not known are the simpler ones that they stand for, as far as they stand for some. The
// bits are the same.
func Decomposed(g *graph.Graph, known func(op string) bool) (*graph.Graph, error) {
	for {
		some := false
		next, err := graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
			if known(n.Op.Name) || n.Op.View != nil || n.Op.Decompose == nil {
				return nil
			}
			some = true
			return n.Op.Decompose(r.Builder, &graph.Node{Op: n.Op, Attrs: n.Attrs, Inputs: in, Outputs: n.Outputs, Scope: n.Scope, Stage: n.Stage})
		})
		if err != nil || !some {
			return g, err
		}
		g = next
	}
}

// Known reports whether calls are known for an op.
func Known(op string) bool {
	_, ok := Registry.Get(op)
	return ok
}
