package activation

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("relu6", "relu limited to 6", &Relu6{}) }

// Relu6 is relu with an upper limit, which keeps activations in the range of few bits; mobile nets have it:
//
//	y = min(6, max(0, x)), y′(0) = 0, y′(6) = 1
//
// Source: Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10"; Sandler et al. 2018, "MobileNetV2".
type Relu6 struct{}

// Cases are examples of it.
func (*Relu6) Cases() []Case {
	return []Case{
		{"relu6", []float64{0, 0, 0, 1, 3}},
	}
}

// Apply adds the function.
func (*Relu6) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Clip(b, op.Activate(b, x, vec.ActRelu, 0), math.Inf(-1), 6)
}
