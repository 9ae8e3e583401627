package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

var dequantizeOp graph.Op

// Dequantize is y = w·scales, the float32 numbers that 8-bit integers stand for: w [n, ..] I8, scales [n], y [n, ..].
func Dequantize(b *graph.Builder, w, scales *graph.Value) *graph.Value {
	return b.One(&dequantizeOp, nil, w, scales)
}

func init() {
	dequantizeOp = graph.Op{
		Name:   "dequantize",
		Doc:    "y[i, ..] = w[i, ..]·scales[i], float32 of 8-bit integers",
		NoGrad: noGradInt8,
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.I8, graph.F32); err != nil {
				return nil, err
			}
			w, scales := in[0].Shape, in[1].Shape
			if len(w) == 0 || !scales.Equal(w[:1]) {
				return nil, fmt.Errorf("w is %v and the scales are %v, want one for each of its first axis", w, scales)
			}
			return []graph.Type{graph.Floats(w...)}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			row := n.Inputs[0].Shape[1:].Size()
			for i, w := range in[0].I {
				out[0].F[i] = float64(float32(w) * float32(in[1].F[i/row]))
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			w := n.Inputs[0].Shape
			row := w[1:].Size()
			return graph.Kernel{Phases: []graph.Phase{byRows(w[0], row, func(c *graph.Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					integer.Dequantize(part(c.Out[0].F, i, row), c.In[0].S[i*row:(i+1)*row], c.In[1].F[i])
				}
			})}}
		},
		Cost: cost(1),
		Cases: []graph.Case{
			{Name: "matrix", In: []graph.Arg{int8s(5, 7), graph.Uniform(0, 1, 5)}},
			{Name: "vector", In: []graph.Arg{int8s(9), graph.Uniform(0, 1, 9)}},
			{Name: "kernels", In: []graph.Arg{int8s(3, 4, 3, 3), graph.Uniform(0, 1, 3)}},
			{Name: "units", In: []graph.Arg{int8s(40, 1100), graph.Uniform(0, 1, 40)}},
		},
	}
	graph.Ops.Register(dequantizeOp.Name, dequantizeOp.Doc, &dequantizeOp)
}
