package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dense_sparse", "y = x·wᵀ, with all weights", func(e *Emitter, n *graph.Node) {
		x, z := n.Inputs[0].Shape, n.Outputs[0].Shape
		m, k, width := x[0], x[1], z[1]
		b := graph.NewBuilder()
		var in []*graph.Value
		var data []graph.Buffer
		for i, name := range []string{"values", "gaps", "starts"} {
			d, ok := e.Data(i + 1)
			if !ok {
				e.Refuse("has weights that are not known beforehand")
				return
			}
			in, data = append(in, b.Input(name, n.Inputs[i+1].Type)), append(data, d)
		}
		w := op.WidenSparse(b, in[0], in[1], in[2], graph.Shape{width, k})
		e.Call("dense", e.Out(0), e.In(0), e.Table(graph.Compute(w.Node, data)[0].F), None{}, m, width, k)
	})
}
