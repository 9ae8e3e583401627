package calls

import "dnn/pkg/graph"

// Decomposed is a graph in which ops that no calls are known for are the simpler ones that they stand for, as far as they stand for
// some. The bits are the same.
func Decomposed(g *graph.Graph) (*graph.Graph, error) {
	for {
		some := false
		next, err := graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
			if _, known := Registry.Get(n.Op.Name); known || n.Op.View != nil || n.Op.Decompose == nil {
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
