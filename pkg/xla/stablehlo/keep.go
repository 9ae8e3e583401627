package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("keep", "y = select where m > 0", func(_ *emitter, _ *graph.Node, in []val) []val {
		return []val{in[1].compare("GT", in[1].number(0)).pick(in[0], in[0].number(0))}
	})
}
