package pass

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("hoist_elementwise", "applies activations and their gradients before a reshape instead of after it, where they meet the product", Pass{
		Run: hoistElementwise,
		// views of views would hide what a reshape is of
		After: []string{"simplify"},
	})
}

// hoistElementwise lets an activation follow the product that it applies to. A dense layer on sequences multiplies matrices,
// [rows·steps, n], and its activation sees [rows, steps, n] again: the reshape between them would keep fuse_dense and
// fuse_gradient from seeing that one follows the other.
func hoistElementwise(g *graph.Graph) (*graph.Graph, error) {
	kept := visible(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if kept[n.Outputs[0]] {
			return nil
		}
		shape := n.Outputs[0].Shape
		switch n.Op.Name {
		case "reshape":
			if made(in[0], "reshape") == nil {
				return nil
			}
			return []*graph.Value{shaped(r, in[0], shape)}
		case "activate", "activate_grad":
			if made(in[0], "reshape") == nil {
				return nil
			}
			inner := in[0].Node.Inputs[0].Shape
			for i, v := range in {
				in[i] = shaped(r, v, inner)
			}
			return []*graph.Value{shaped(r, r.Add(n.Op, n.Attrs, in...)[0], shape)}
		}
		return nil
	})
}

// shaped is v in another shape, by one view at most.
func shaped(r *graph.Rewriter, v *graph.Value, shape graph.Shape) *graph.Value {
	for made(v, "reshape") != nil {
		v = v.Node.Inputs[0]
	}
	if v.Shape.Equal(shape) {
		return v
	}
	return op.Reshape(r.Builder, v, shape...)
}
