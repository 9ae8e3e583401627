package op

import (
	"fmt"

	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

var softmaxCrossEntropyOp graph.Op

// SoftmaxCrossEntropy is the loss of each row, from the logits x and the wanted probabilities t:
//
//	loss = -Σ t·log_softmax(x)
//
// for x and t [.., classes] and loss [..]. It gives the same bits as scale(row_dot(t, log_softmax(x)), -1), which is what
// it is differentiated through.
func SoftmaxCrossEntropy(b *graph.Builder, logits, targets *graph.Value) *graph.Value {
	return b.One(&softmaxCrossEntropyOp, nil, logits, targets)
}

func init() {
	softmaxCrossEntropyOp = graph.Op{
		Name: "softmax_cross_entropy",
		Doc:  "loss = -Σ t·log_softmax(x) along the last axis, for logits x and probabilities t",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expectRows(in, 2); err != nil {
				return nil, fmt.Errorf("logits and targets: %w", err)
			}
			return []graph.Type{graph.Floats(leading(in[0].Shape)...)}, nil
		},
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			dot := RowDot(b, n.Inputs[1], LogSoftmax(b, n.Inputs[0]))
			return []*graph.Value{Scale(b, dot, -1)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			y := make([]float64, n.Inputs[0].Shape.Last())
			eachRow(n, func(lo, hi int) {
				logSoftmax64(y, in[0].F[lo:hi])
				for j, t := range in[1].F[lo:hi] {
					out[0].F[lo/len(y)] -= t * y[j]
				}
			})
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return rowwise(n, func(c *graph.Call, cols, lo, hi int) {
				prob.CrossEntropy(c.Out[0].F, nil, c.In[0].F, c.In[1].F, cols, lo, hi)
			})
		},
		Cost:  cost(16),
		Cases: crossEntropyCases(false),
	}
	graph.Ops.Register(softmaxCrossEntropyOp.Name, softmaxCrossEntropyOp.Doc, &softmaxCrossEntropyOp)
}

// crossEntropyCases draws logits and targets, and for the gradient the gradient of the loss.
func crossEntropyCases(grad bool) []graph.Case {
	var cases []graph.Case
	add := func(name string, spread float64, shape ...int) {
		in := []graph.Arg{graph.Uniform(-spread, spread, shape...), graph.Uniform(0, 1, shape...)}
		if grad {
			in = append(in, graph.Normal(shape[:len(shape)-1]...))
		}
		cases = append(cases, graph.Case{Name: name, In: in})
	}
	add("matrix", 3, 5, 7)
	add("one class", 3, 4, 1)
	add("axes", 3, 2, 3, 4)
	add("steep", 40, 6, 10)
	add("units", 3, 700, 13)
	add("many classes", 3, 70, 300)
	return cases
}
