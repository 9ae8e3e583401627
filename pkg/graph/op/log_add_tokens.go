package op

import (
	"fmt"
	"math"

	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

var logAddTokensOp graph.Op

// LogAddTokens gives the tokens of a text more probability. x [rows, m, classes] are logarithms of the probabilities of
// tokens, ids [rows, n] of integers the tokens of a text for each row, and a [rows, m, n] ≥ 0 what each place of it adds:
//
//	y[r, t, w] = ln(exp(x[r, t, w]) + Σ a[r, t, i]), over the places i with ids[r, i] = w
//
// Sums are chains over ascending places. What is at no place, or gets nothing, stays as it is. An id outside [0, classes)
// panics. A matrix [rows, m, n, classes] is never made.
//
//	dx = dy·exp(x - y), da = dy·exp(-y) looked up by id
//
// exp(-y) is at most 2⁸⁰, so that no gradient is infinite. Pointer-generator networks are made of it (See et al. 2017, eq. 9).
func LogAddTokens(b *graph.Builder, x, a, ids *graph.Value) *graph.Value {
	return b.Add(&logAddTokensOp, nil, x, a, ids)[0]
}

// leastShare is that of the kernel: 1/2⁸⁰.
const leastShare = 0x1p-80

func init() {
	logAddTokensOp = graph.Op{
		Name: "log_add_tokens",
		Doc:  "y[r, t, w] = ln(exp(x[r, t, w]) + Σ a[r, t, i] over the places with ids[r, i] = w); also what the gradient reads",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			x, a, ids := in[0].Shape, in[1].Shape, in[2].Shape
			if len(x) != 3 || len(ids) != 2 || x[0] != ids[0] || !a.Equal(graph.Shape{x[0], x[1], ids[1]}) {
				return nil, fmt.Errorf("x is %v, a %v and ids %v, want [rows, m, classes], [rows, m, n] and [rows, n]", x, a, ids)
			}
			return []graph.Type{in[0], in[1], in[1]}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return append(b.Add(&logAddTokensGradOp, nil, dout[0], n.Outputs[1], n.Outputs[2], n.Inputs[2]), nil)
		},
		Saved:   []int{1, 2},
		Eval:    evalLogAddTokens,
		Kernel:  logAddTokensKernel,
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost: func(n *graph.Node) graph.Cost {
			return graph.Cost{Flops: 40 * float64(n.Inputs[1].Shape.Size()), Bytes: traffic(n)}
		},
		Cases: []graph.Case{
			{Name: "repeated", In: logAddTokensArgs(2, 3, 5, 9)},
			{Name: "one place", In: logAddTokensArgs(3, 1, 4, 1)},
			{Name: "unlikely", In: []graph.Arg{graph.Uniform(-70, -8, 2, 2, 6), graph.Uniform(0.05, 1, 2, 2, 4), graph.Index(6, 2, 4)}},
			{Name: "units", In: logAddTokensArgs(5, 6, 700, 33)},
		},
	}
	graph.Ops.Register(logAddTokensOp.Name, logAddTokensOp.Doc, &logAddTokensOp)
}

func logAddTokensArgs(rows, m, classes, n int) []graph.Arg {
	return []graph.Arg{graph.Uniform(-6, 0, rows, m, classes), graph.Uniform(0.01, 1, rows, m, n), graph.Index(classes, rows, n)}
}

func evalLogAddTokens(n *graph.Node, in, out []graph.Ref) {
	m, classes, places := n.Inputs[0].Shape[1], n.Inputs[0].Shape[2], n.Inputs[2].Shape[1]
	checkIDs("log_add_tokens", in[2].I, 0, len(in[2].I), classes)
	for r := range n.Inputs[0].Shape[0] * m {
		ids := in[2].I[r/m*places : (r/m+1)*places]
		x, y, a := part64(in[0].F, r, classes), part64(out[0].F, r, classes), part64(in[1].F, r, places)
		part, inverse := part64(out[1].F, r, places), part64(out[2].F, r, places)
		sums := map[int32]float64{}
		for i, w := range ids {
			sums[w] += a[i]
		}
		copy(y, x)
		seen := map[int32]bool{}
		for i, w := range ids {
			p := math.Exp(x[w]) + sums[w]
			if sums[w] > 0 {
				y[w] = math.Log(p)
			}
			inverse[i] = 1 / max(p, leastShare)
			if part[i] = 1; !seen[w] {
				part[i] = math.Exp(x[w] - y[w])
			}
			seen[w] = true
		}
	}
}

func logAddTokensKernel(n *graph.Node) graph.Kernel {
	rows, m, classes, places := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1], n.Inputs[0].Shape[2], n.Inputs[2].Shape[1]
	return graph.Kernel{Local: classes + places, Phases: []graph.Phase{byRows(rows*m, classes+8*places, func(c *graph.Call, lo, hi int) {
		checkIDs("log_add_tokens", c.In[2].I, lo/m*places, ceil(hi, m)*places, classes)
		for r := lo; r < hi; r++ {
			ids := c.In[2].I[r/m*places : (r/m+1)*places]
			prob.LogAddTokens(part(c.Out[0].F, r, classes), part(c.Out[1].F, r, places), part(c.Out[2].F, r, places),
				part(c.In[0].F, r, classes), part(c.In[1].F, r, places), ids, c.Local[:classes], c.Local[classes:])
		}
	})}}
}
