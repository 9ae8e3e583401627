package op

import (
	"fmt"

	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

var logAddTokensGradOp graph.Op

func init() {
	logAddTokensGradOp = graph.Op{
		Name:   "log_add_tokens_grad",
		Doc:    "gradients of log_add_tokens by x and a: dy with the tokens of ids scaled by their share, and dy looked up by id and scaled",
		NoGrad: firstOrder,
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.F32, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			dy, a, ids := in[0].Shape, in[1].Shape, in[3].Shape
			if len(dy) != 3 || len(ids) != 2 || dy[0] != ids[0] || !a.Equal(graph.Shape{dy[0], dy[1], ids[1]}) || !a.Equal(in[2].Shape) {
				return nil, fmt.Errorf("dy is %v, shares are %v and %v and ids %v, which do not fit", dy, a, in[2].Shape, ids)
			}
			return in[:2:2], nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			m, classes, places := n.Inputs[0].Shape[1], n.Inputs[0].Shape[2], n.Inputs[3].Shape[1]
			checkIDs("log_add_tokens_grad", in[3].I, 0, len(in[3].I), classes)
			copy(out[0].F, in[0].F)
			for i := range out[1].F {
				r := i / places
				w := r*classes + int(in[3].I[r/m*places+i%places])
				out[1].F[i] = in[0].F[w] * in[2].F[i]
				out[0].F[w] *= in[1].F[i]
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			rows, m, classes, places := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1], n.Inputs[0].Shape[2], n.Inputs[3].Shape[1]
			return graph.Kernel{Phases: []graph.Phase{byRows(rows*m, classes+2*places, func(c *graph.Call, lo, hi int) {
				checkIDs("log_add_tokens_grad", c.In[3].I, lo/m*places, ceil(hi, m)*places, classes)
				for r := lo; r < hi; r++ {
					prob.LogAddTokensGrad(part(c.Out[0].F, r, classes), part(c.Out[1].F, r, places), part(c.In[0].F, r, classes),
						part(c.In[1].F, r, places), part(c.In[2].F, r, places), c.In[3].I[r/m*places:(r/m+1)*places])
				}
			})}}
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost: func(n *graph.Node) graph.Cost {
			return graph.Cost{Flops: 2 * float64(n.Inputs[1].Shape.Size()), Bytes: traffic(n)}
		},
		Cases: []graph.Case{
			{Name: "repeated", In: logAddTokensGradArgs(2, 3, 5, 9)},
			{Name: "one place", In: logAddTokensGradArgs(3, 1, 4, 1)},
			{Name: "units", In: logAddTokensGradArgs(5, 6, 700, 33)},
		},
	}
	graph.Ops.Register(logAddTokensGradOp.Name, logAddTokensGradOp.Doc, &logAddTokensGradOp)
}

func logAddTokensGradArgs(rows, m, classes, n int) []graph.Arg {
	return []graph.Arg{graph.Normal(rows, m, classes), graph.Uniform(0, 1, rows, m, n), graph.Uniform(1, 9, rows, m, n), graph.Index(classes, rows, n)}
}
