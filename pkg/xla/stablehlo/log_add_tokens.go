package stablehlo

import "dnn/pkg/graph"

// leastShare is the least probability that a gradient is divided by; see package op.
const leastShare = 0x1p-80

func init() {
	Registry.Register("log_add_tokens", "y = x with log(exp x + Σ a) scattered to the tokens", func(e *emitter, n *graph.Node, in []val) []val {
		x, a, ids := in[0], in[1], in[2]
		rows, m, classes, places := x.shape[0], x.shape[1], x.shape[2], ids.shape[1]
		s := graph.Shape{rows, places, places}
		same := ids.reshape(rows, 1, places).compare("EQ", column(ids))   // [rows, i, j]
		earlier := e.iota("i32", s, 2).compare("LT", e.iota("i32", s, 1)) // j before i
		repeated := reduce(same.and(earlier).as("f32"), "maximum", 0, 2).positive().reshape(rows, 1, places)
		sums := dot(a, same.as("f32"), []int{0}, []int{0}, []int{2}, []int{2}) // [rows, m, places]
		flat, each := x.reshape(rows*m, classes), ids.reshape(rows, 1, places).to(graph.Shape{rows, m, places}).reshape(rows*m, places)
		old := pickEach(flat, each).reshape(rows, m, places)
		p := old.exp().add(sums)
		now := sums.positive().pick(p.log(), old)
		y := scatterEach(flat, each, now.reshape(rows*m, places), "")
		one := e.number(1, "f32")
		return []val{y.reshape(x.shape...), repeated.pick(one, old.sub(now).exp()), one.div(p.max(e.number(leastShare, "f32")))}
	})
}
