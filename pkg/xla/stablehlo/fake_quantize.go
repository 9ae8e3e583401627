package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/weights"
)

func init() {
	Registry.Register("fake_quantize", "y = rows rounded to 8 bits", fakeQuantize)
}

func fakeQuantize(e *emitter, n *graph.Node, in []val) []val {
	a, x := n.Attrs.(op.FakeQuantizeAttrs), in[0]
	ofWeights := a.To == new(weights.Int8).Rounding()
	if !ofWeights && a.To != (op.RoundInt8{}) {
		return e.fail(n, "it rounds to "+a.To.String()+", which only the CPU's kernels do")
	}
	rows := x.reshape(x.shape[0], max(1, x.shape[1:].Size()))
	scale := column(reduce(rows.unary("abs"), "maximum", 0, 1)).times(1.0 / 127)
	inverse := scale.compare("GT", scale.number(0)).pick(scale.number(1).div(scale), scale.number(0))
	q := rows.mul(inverse)
	if ofWeights { // rounds quotients
		q = scale.compare("GT", scale.number(0)).pick(rows.div(scale), rows.number(0))
	}
	q = q.unary("round_nearest_even")
	q = q.max(q.number(-127)).min(q.number(127))
	return []val{q.mul(scale).reshape(x.shape...)}
}
