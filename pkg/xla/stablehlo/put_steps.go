package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("put_steps", "y = select between the cache and a gather of the steps", putSteps)
}

func putSteps(e *emitter, _ *graph.Node, in []val) []val {
	cache, x := in[0], in[1]
	rows, m := x.shape[0], x.shape[1]
	from := e.iota("i32", graph.Shape{rows, cache.shape[1]}, 1).sub(column(in[2])) // which step of x goes to each of the cache
	zero, end := e.number(0, "i32"), e.number(float64(m), "i32")
	inside := from.compare("GE", zero).and(from.compare("LT", end))
	number := inside.pick(from, zero).add(e.iota("i32", from.shape, 0).times(float64(m)))
	return []val{column(inside).pick(look(x.reshape(rows*m, x.shape[2]), number), cache)}
}
