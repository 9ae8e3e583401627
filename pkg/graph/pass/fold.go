package pass

import (
	"slices"

	"dnn/pkg/graph"
)

// foldLimit is the largest constant that is worth keeping instead of computing it, in elements.
const foldLimit = 1 << 16

func init() {
	Registry.Register("fold", "computes once what only depends on constants",
		Pass{Run: fold, After: []string{"lower"}})
}

// fold computes nodes whose inputs are all constants, with the kernel that would have computed them in every step: the
// bits are the same. A view of a constant is a constant, too.
func fold(g *graph.Graph) (*graph.Graph, error) {
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if len(in) == 0 || len(n.Outputs) != 1 || n.Outputs[0].DType != graph.F32 || n.Outputs[0].Shape.Size() > foldLimit {
			return nil
		}
		call := &graph.Call{InPlaced: make([]bool, len(in))}
		for _, v := range in {
			data := r.Data(v)
			if data == nil {
				return nil
			}
			call.In = append(call.In, graph.Buffer{F: slices.Clone(data)})
		}
		var data []float32
		switch size := n.Outputs[0].Shape.Size(); {
		case n.Op.View != nil:
			data = call.In[0].F[n.Op.View(n):][:size]
		case n.Op.Kernel != nil:
			data = make([]float32, size)
			call.Out = []graph.Buffer{{F: data}}
			k := n.Op.Kernel(n)
			call.Scratch, call.Local, call.Kept = make([]float32, k.Scratch), make([]float32, k.Local), make([]float32, k.Kept)
			if k.Own != nil {
				call.Own = k.Own()
			}
			for _, ph := range k.Phases {
				ph.Run(call, 0, ph.Units)
			}
		default:
			return nil
		}
		return []*graph.Value{r.Const(n.Outputs[0].Shape, data)}
	})
}
