package op

import "dnn/pkg/graph"

// rnnInt8Op is rnn with weights of 8-bit integers: see RecurrentInt8.
var rnnInt8Op graph.Op

func init() {
	rnnInt8Op = graph.Op{
		Name:   "rnn_int8",
		Doc:    "a recurrent net, with products of the hidden state in 8-bit integers; inputs and outputs as rnn, with scales after w",
		Infer:  inferInt8(&rnnOp),
		NoGrad: noGradInt8,
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalRNN(n, splitAs(rnnCell, n.Attrs.(RecurrentAttrs), true, in), out)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			r, a := rnnCell.shape(n), n.Attrs.(RecurrentAttrs)
			return recurrentKernel8(r, n, r.LocalRNN(), func(c *graph.Call, packed []float32, lo, hi int) {
				runRNN(r, a, c, splitAs(rnnCell, a, true, c.In), packed, lo, hi)
			})
		},
		InPlace:   []graph.Alias{{Out: 0, In: 0}},
		Cost:      func(n *graph.Node) graph.Cost { return recurrentCost(n.Outputs[0], n.Inputs[1], n, 12) },
		Tolerance: 1.5e-6,
		Cases:     recurrentCases8(rnnCell, RecurrentAttrs{Act: ActTanh}, RecurrentAttrs{Act: ActRelu}),
	}
	graph.Ops.Register(rnnInt8Op.Name, rnnInt8Op.Doc, &rnnInt8Op)
}
