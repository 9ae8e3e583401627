package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("convert", "y = convert, rounded in any case", with(func(x val, a op.ConvertAttrs) val {
		if a.To == graph.BF16 { // what is only converted, compilers may leave as it is
			x = x.e.op("reduce_precision", "format = e8m7", x.typ, x)
		}
		return x.as(elems[a.To])
	}))
}
