package op

import (
	"fmt"
	"math"

	"dnn/internal/kernel/prob"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var softmaxCrossEntropyGradOp graph.Op

// SoftmaxCrossEntropyGrad is the gradient of the logits x of a cross-entropy with the targets t, from that of each row's
// loss:
//
//	dx = log_softmax_grad(log_softmax(x), t·(-dloss))
//
// for x, t and dx [.., classes] and dloss [..]. It stands for the very chain that differentiating SoftmaxCrossEntropy gives,
// to the bit, and saves its two intermediate tensors. (The shorter (softmax(x)·Σt - t)·dloss would round differently.)
func SoftmaxCrossEntropyGrad(b *graph.Builder, logits, targets, dloss *graph.Value) *graph.Value {
	return b.One(&softmaxCrossEntropyGradOp, nil, logits, targets, dloss)
}

func init() {
	softmaxCrossEntropyGradOp = graph.Op{
		Name: "softmax_cross_entropy_grad",
		Doc:  "dx of softmax_cross_entropy, from logits, targets and the gradient of each row's loss",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 3); err != nil {
				return nil, err
			}
			if err := expectRows(in[:2], 2); err != nil {
				return nil, err
			}
			if !in[2].Shape.Equal(leading(in[0].Shape)) {
				return nil, fmt.Errorf("logits are %v, the loss's gradient %v", in[0].Shape, in[2].Shape)
			}
			return in[:1:1], nil
		},
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			d := Mul(b, n.Inputs[1], column(b, Scale(b, n.Inputs[2], -1)))
			return []*graph.Value{b.One(&logSoftmaxGradOp, nil, LogSoftmax(b, n.Inputs[0]), d)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			eachRow(n, func(lo, hi int) {
				dx, t := out[0].F[lo:hi], in[1].F[lo:hi]
				dloss := in[2].F[lo/len(dx)]
				logSoftmax64(dx, in[0].F[lo:hi])
				sum := 0.0
				for _, v := range t {
					sum += v
				}
				for j, v := range dx {
					dx[j] = (math.Exp(v)*sum - t[j]) * dloss
				}
			})
		},
		Kernel:    crossEntropyGradKernel,
		InPlace:   []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:      cost(30),
		Tolerance: 1.5e-6,
		Cases:     crossEntropyCases(true),
	}
	graph.Ops.Register(softmaxCrossEntropyGradOp.Name, softmaxCrossEntropyGradOp.Doc, &softmaxCrossEntropyGradOp)
}

// crossEntropyGradKernel runs the chain row by row; each unit has one row of scratch for t·(-dloss).
func crossEntropyGradKernel(n *graph.Node) graph.Kernel {
	const maxUnits = 64 // bounds the scratch
	s := n.Inputs[0].Shape
	rows, cols := rowsOf(s), s.Last()
	per := max(1, chunk/cols, ceil(rows, maxUnits))
	return graph.Kernel{Scratch: ceil(rows, per) * cols, Phases: []graph.Phase{cut(rows, per, func(c *graph.Call, lo, hi int) {
		d := part(c.Scratch, lo/per, cols)
		for i := lo; i < hi; i++ {
			dx := part(c.Out[0].F, i, cols)
			vec.Scale(d, part(c.In[1].F, i, cols), -c.In[2].F[i])
			prob.LogSoftmax(dx, part(c.In[0].F, i, cols), cols, 0, 1)
			prob.LogSoftmaxGrad(dx, dx, d, cols, 0, 1)
		}
	})}}
}
