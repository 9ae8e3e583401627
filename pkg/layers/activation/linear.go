package activation

import "dnn/pkg/graph"

func init() {
	Registry.Register("linear", "x itself", &Linear{}).Also("none", "identity")
}

// Linear leaves x as it is:
//
//	y = x
type Linear struct{}

// Cases are examples of it.
func (*Linear) Cases() []Case {
	return []Case{
		{"linear", []float64{-2, -0.5, 0, 1, 3}},
	}
}

// Apply adds nothing.
func (*Linear) Apply(_ *graph.Builder, x *graph.Value) *graph.Value { return x }
