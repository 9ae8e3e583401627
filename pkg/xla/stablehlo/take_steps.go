package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("take_steps", "y = gather of steps, 0 beyond the table", takeSteps)
}

func takeSteps(e *emitter, n *graph.Node, in []val) []val {
	table, s := in[0], n.Outputs[0].Shape
	at := e.iota("i32", graph.Shape{s[0], s[1]}, 1).add(column(in[1]))
	zero, end := e.number(0, "i32"), e.number(float64(table.shape[0]), "i32")
	inside := at.compare("GE", zero).and(at.compare("LT", end))
	return []val{column(inside).pick(look(table, inside.pick(at, zero)), e.number(0, "f32"))}
}
