package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("one_hot", "y = compare of ids with the numbers of classes", with(func(ids val, a op.OneHotAttrs) val {
		s := append(append(graph.Shape{}, ids.shape...), a.Classes)
		hit := ids.e.iota("i32", s, len(s)-1).compare("EQ", column(ids))
		return hit.pick(ids.e.number(a.On, "f32"), ids.e.number(a.Off, "f32"))
	}))
}
