package op

import "dnn/pkg/graph"

// lstmInt8Op is lstm with weights of 8-bit integers: see RecurrentInt8.
var lstmInt8Op graph.Op

func init() {
	lstmInt8Op = graph.Op{
		Name:   "lstm_int8",
		Doc:    "a long short-term memory, with products of the hidden state in 8-bit integers; inputs and outputs as lstm, with scales after w",
		Infer:  inferInt8(&lstmOp),
		NoGrad: noGradInt8,
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalLSTM(n, splitAs(lstmCell, n.Attrs.(RecurrentAttrs), true, in), out)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			r, a := lstmCell.shape(n), n.Attrs.(RecurrentAttrs)
			return recurrentKernel8(r, n, r.LocalLSTM(), func(c *graph.Call, packed []float32, lo, hi int) {
				runLSTM(r, c, splitAs(lstmCell, a, true, c.In), packed, lo, hi)
			})
		},
		Saved:     []int{3, 4},
		InPlace:   []graph.Alias{{Out: 3, In: 0}},
		Cost:      func(n *graph.Node) graph.Cost { return recurrentCost(n.Outputs[0], n.Inputs[1], n, 20) },
		Tolerance: 1.5e-6,
		Cases:     recurrentCases8(lstmCell, RecurrentAttrs{}),
	}
	graph.Ops.Register(lstmInt8Op.Name, lstmInt8Op.Doc, &lstmInt8Op)
}
