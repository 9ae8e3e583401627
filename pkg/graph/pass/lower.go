package pass

import "dnn/pkg/graph"

func init() {
	Registry.Register("lower", "replaces ops without a kernel by the ones they stand for", Pass{Run: lower, Always: true})
}

// lower replaces ops that have no kernel of their own by the simpler ones they stand for.
func lower(g *graph.Graph) (*graph.Graph, error) {
	for needsLowering(g) {
		next, err := graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
			if n.Op.Kernel != nil || n.Op.View != nil || n.Op.Decompose == nil {
				return nil
			}
			return n.Op.Decompose(r.Builder, &graph.Node{Op: n.Op, Attrs: n.Attrs, Inputs: in, Outputs: n.Outputs, Scope: n.Scope, Stage: n.Stage})
		})
		if err != nil {
			return nil, err
		}
		g = next
	}
	return g, nil
}

func needsLowering(g *graph.Graph) bool {
	for _, n := range g.Nodes {
		if n.Op != nil && n.Op.Kernel == nil && n.Op.View == nil && n.Op.Decompose != nil {
			return true
		}
	}
	return false
}
