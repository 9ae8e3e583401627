package pass

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_gradient", "joins a backward product and the gradient of the activation before it",
		Pass{Run: fuseGradient, After: []string{"common_subexpressions", "hoist_elementwise"}})
}

// fuseGradient lets the product that hands a gradient down to an activation multiply by its derivative while the results
// are still in registers. It applies where nothing else reads the product.
func fuseGradient(g *graph.Graph) (*graph.Graph, error) {
	readers := countReaders(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if n.Op.Name != "activate_grad" || len(in) != 2 || readers[n.Inputs[0].ID] != 1 {
			return nil
		}
		m, ok := matchProduct(n.Inputs[0], readers)
		if !ok || m.bias != nil {
			return nil
		}
		a := n.Attrs.(op.ActivateAttrs)
		return []*graph.Value{op.DenseGrad(r.Builder, r.To(m.x), r.To(m.w), in[1], a.Act, a.Alpha, m.transW)}
	})
}
