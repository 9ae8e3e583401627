package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("layer_norm", "the features of each position to mean 0 and variance 1", &LayerNorm{}).
		Also("layer_normalization")
}

// LayerNorm brings the features at each position of each row to mean 0 and variance 1, and then to means and deviations
// that are learned for each feature:
//
//	y = γ·(x - μ)/√(σ² + ε) + β
//
// μ and σ² (biased) are taken over the last axes of the row itself, so training and evaluation are alike.
//
// Shapes: [.., n], unchanged.
//
// Parameters: gamma [n], 1 at first; beta [n], 0 at first; n is the product of the normalized axes.
//
// Errors: an input of category indices; fewer axes than are to be normalized; the steps of sequences of different lengths
// among them.
//
// Source: Ba et al. 2016, "Layer normalization", eq. 4.
type LayerNorm struct {
	Epsilon float64 `default:"1e-5" range:"(0,)" doc:"added to the variance"`
	Axes    int     `default:"1" range:"[1,)" doc:"how many of the last axes are normalized together"`
	Affine  `spec:",inline"`
}

// Cases are examples of it.
func (*LayerNorm) Cases() []Case {
	return []Case{
		{Layer: "layer_norm", Out: graph.Shape{6}, Trained: 12},
		{Layer: "{type: layer_norm, scale: false}", In: []Input{floats("x", 3, 4)}, Out: graph.Shape{3, 4}, Trained: 4},
		{Layer: "{type: layer_norm, shift: false, axes: 2}", In: []Input{floats("x", 2, 3, 4)}, Out: graph.Shape{2, 3, 4}, Trained: 12},
	}
}

// Build normalizes.
func (l *LayerNorm) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	x, row := in[0].Value, in[0].Shape()
	if len(row) < l.Axes {
		c.Fail("axes", "a row of shape %v has no %d axes", row, l.Axes)
	}
	if in[0].Lengths != nil && l.Axes >= len(row) {
		c.Fail("axes", "the steps of sequences of different lengths cannot be normalized together; take less than %d axes, or a group_norm with groups: 1", len(row))
	}
	n := row[len(row)-l.Axes:].Size()
	gamma, beta := l.params(c, n)
	apart := graph.Shape{-1, n}
	if len(row) > l.Axes { // rows stay rows, so that their padding leaves no trace in the gradients
		apart = graph.Shape{x.Shape[0], -1, n}
	}
	y, _, _ := op.LayerNorm(c.B, op.Reshape(c.B, x, apart...), gamma, beta, l.Epsilon)
	return in[0].With(op.Reshape(c.B, y, x.Shape...))
}
