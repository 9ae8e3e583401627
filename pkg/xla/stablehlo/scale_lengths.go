package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("scale_lengths", "y = (x·times + plus) / by", with(func(x val, a op.ScaleLengthsAttrs) val {
		zero := x.number(0)
		y := x.times(float64(a.Times)).plus(float64(a.Plus)).max(zero).div(x.number(float64(a.By)))
		return x.compare("GT", zero).pick(y, zero)
	}))
}
