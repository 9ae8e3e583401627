package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("rms_norm", "the features of each position to a mean square of 1", &RMSNorm{}).
		Also("rmsnorm")
}

// RMSNorm brings the features at each position of each row to a mean square of 1, and then to factors that are learned for
// each feature:
//
//	y = γ·x/√(Σx²/n + ε)
//
// It is layer_norm without taking the mean off and without a summand, and does as well at less work.
//
// Shapes: [.., n], unchanged; the mean is over the last axis.
//
// Parameters: gamma [n], 1 at first.
//
// Errors: an input of category indices; a single number per row.
//
// Source: Zhang & Sennrich 2019, "Root mean square layer normalization", eq. 4.
type RMSNorm struct {
	Epsilon float64 `default:"1e-6" range:"(0,)" doc:"added to the mean square"`
	Scale   bool    `default:"true" doc:"whether there is a learned factor gamma for each feature"`
}

// Cases are examples of it.
func (*RMSNorm) Cases() []Case {
	return []Case{
		{Layer: "rms_norm", Out: graph.Shape{6}, Trained: 6},
		{Layer: "{type: rms_norm, scale: false, epsilon: 0.1}", In: []Input{floats("x", 3, 4)}, Out: graph.Shape{3, 4}},
	}
}

// Build normalizes.
func (l *RMSNorm) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	channels(c, in[0])
	var gamma *graph.Value
	if l.Scale {
		gamma = c.Param("gamma", graph.Shape{in[0].Shape().Last()}, &initializer.Ones{}, 1, 1)
	}
	y, _ := op.RMSNorm(c.B, in[0].Value, gamma, l.Epsilon)
	return in[0].With(y)
}
