package pass

import (
	"slices"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_norm", "joins a batch norm and the relu behind it, and their gradients",
		Pass{Run: fuseNorm, After: []string{"common_subexpressions"}})
}

// fuseNorm lets a batch norm apply the relu behind it while it writes its result, and the gradient of the norm decide anew
// what the relu let through instead of having it laid down before. Either applies only where nothing else reads what lies
// between.
func fuseNorm(g *graph.Graph) (*graph.Graph, error) {
	uses, readers := g.Uses(), countReaders(g)
	joined := map[*graph.Node]*graph.Value{} // by the relu: what stands for it
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if y := joined[n]; y != nil {
			return []*graph.Value{y}
		}
		switch n.Op.Name {
		case "batch_norm", "batch_norm_apply":
			relu := onlyReader(n.Outputs[0], uses, readers)
			if relu == nil || !isRelu(relu, "activate") {
				return nil
			}
			a := n.Attrs.(op.NormAttrs)
			if n.Op.Name == "batch_norm_apply" {
				joined[relu] = op.BatchNormApplyRelu(r.Builder, a, in...)
				return []*graph.Value{joined[relu]}
			}
			y, mean, variance := op.BatchNormRelu(r.Builder, a, in...)
			joined[relu] = y
			return []*graph.Value{y, mean, variance}
		case "batch_norm_grad":
			norm, dy := matchNormRelu(n, readers)
			if norm == nil {
				return nil
			}
			in[0] = r.To(dy)
			a := norm.Attrs.(op.NormAttrs)
			if a.Beta {
				in = append(in, r.To(norm.Inputs[len(norm.Inputs)-1]))
			}
			return op.BatchNormReluGrad(r.Builder, a, in...)
		}
		return nil
	})
}

// onlyReader is the node that reads v when it is the only one and no output or variable takes v.
func onlyReader(v *graph.Value, uses [][]*graph.Node, readers []int) *graph.Node {
	if readers[v.ID] != 1 {
		return nil
	}
	for _, n := range uses[v.ID] {
		if slices.ContainsFunc(n.Outputs, func(w *graph.Value) bool { return readers[w.ID] > 0 }) {
			return n
		}
	}
	return nil
}

// isRelu reports whether n is a relu, or under the name activate_grad the gradient of one.
func isRelu(n *graph.Node, name string) bool {
	return n.Op != nil && n.Op.Name == name && n.Attrs.(op.ActivateAttrs).Act == vec.ActRelu
}

// matchNormRelu recognizes the gradient n of a batch norm as that of one with a relu behind it. It returns the norm, and
// the gradient that comes to the relu.
func matchNormRelu(n *graph.Node, readers []int) (norm *graph.Node, dy *graph.Value) {
	gate := n.Inputs[0].Node
	if !isRelu(gate, "activate_grad") || readers[n.Inputs[0].ID] != 1 {
		return nil, nil
	}
	relu := gate.Inputs[1].Node // it reads what the relu put out
	if !isRelu(relu, "activate") {
		return nil, nil
	}
	norm = made(relu.Inputs[0], "batch_norm")
	if norm == nil || relu.Inputs[0].Index != 0 || !slices.Equal([]*graph.Value{norm.Inputs[0], norm.Outputs[1], norm.Outputs[2]}, n.Inputs[1:4]) {
		return nil, nil
	}
	return norm, gate.Inputs[0]
}
