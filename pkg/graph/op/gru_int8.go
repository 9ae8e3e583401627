package op

import "dnn/pkg/graph"

// gruInt8Op is gru with weights of 8-bit integers: see RecurrentInt8.
var gruInt8Op graph.Op

func init() {
	gruInt8Op = graph.Op{
		Name:   "gru_int8",
		Doc:    "gated recurrent units, with products of the hidden state in 8-bit integers; inputs and outputs as gru, with scales after w",
		Infer:  inferInt8(&gruOp),
		NoGrad: noGradInt8,
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalGRU(n, splitAs(gruCell, n.Attrs.(RecurrentAttrs), true, in), out)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			r, a := gruCell.shape(n), n.Attrs.(RecurrentAttrs)
			return recurrentKernel8(r, n, r.LocalGRU(), func(c *graph.Call, packed []float32, lo, hi int) {
				runGRU(r, a, c, splitAs(gruCell, a, true, c.In), packed, lo, hi)
			})
		},
		Saved:     []int{2, 3},
		InPlace:   []graph.Alias{{Out: 2, In: 0}},
		Cost:      func(n *graph.Node) graph.Cost { return recurrentCost(n.Outputs[0], n.Inputs[1], n, 20) },
		Tolerance: 1.5e-6,
		Cases:     recurrentCases8(gruCell, RecurrentAttrs{}, RecurrentAttrs{ResetBefore: true}),
	}
	graph.Ops.Register(gruInt8Op.Name, gruInt8Op.Doc, &gruInt8Op)
}
