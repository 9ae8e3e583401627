package activation

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("log_softmax", "logarithm of softmax", &LogSoftmax{}) }

// LogSoftmax is the logarithm of softmax over the last axis:
//
//	yᵢ = xᵢ - ln Σⱼ exp(xⱼ)
type LogSoftmax struct{}

// Cases are examples of it.
func (*LogSoftmax) Cases() []Case {
	return []Case{
		{"log_softmax", []float64{-5.20054, -3.70054, -3.20054, -2.20054, -0.200536}},
	}
}

// Apply adds the function.
func (*LogSoftmax) Apply(b *graph.Builder, x *graph.Value) *graph.Value { return op.LogSoftmax(b, x) }
