package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("group_norm", "groups of channels of each row to mean 0 and variance 1", &GroupNorm{}).
		Also("groupnorm", "group_normalization")
}

// GroupNorm brings the channels of each row in groups of neighbours, over all positions of the row, to mean 0 and variance
// 1, and then to means and deviations that are learned for each channel:
//
//	y = γ·(x - μ)/√(σ² + ε) + β
//
// μ and σ² (biased) are those of a group in the row itself, so training and evaluation are alike and the size of the batch
// does not matter. One group is the layer norm of whole images, as many as channels instance_norm. Of sequences of
// different lengths, only the steps within a row's length count.
//
// Shapes: [.., n], unchanged; n, the number of channels, must be a multiple of groups.
//
// Parameters: gamma [n], 1 at first; beta [n], 0 at first.
//
// Errors: an input of category indices; channels that cannot be cut into groups of one size; a single number per row.
//
// Source: Wu & He 2018, "Group normalization", eq. 1 to 7.
type GroupNorm struct {
	Groups  int     `default:"32" range:"[1,100000000]" doc:"groups that the channels fall into"`
	Epsilon float64 `default:"1e-5" range:"(0,)" doc:"added to the variance"`
	Affine  `spec:",inline"`
}

// Cases are examples of it.
func (*GroupNorm) Cases() []Case {
	return []Case{
		{Layer: "{type: group_norm, groups: 2}", In: []Input{floats("x", 2, 3, 4)}, Out: graph.Shape{2, 3, 4}, Trained: 8},
		{Layer: "{type: group_norm, groups: 3, scale: false}", Out: graph.Shape{6}, Trained: 6},
		{Layer: "{type: group_norm, groups: 1, shift: false, epsilon: 0.1}", In: []Input{floats("x", 5, 2)}, Out: graph.Shape{5, 2}, Trained: 2},
	}
}

// Build normalizes.
func (l *GroupNorm) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	channels(c, in[0])
	if n := in[0].Shape().Last(); n%l.Groups != 0 {
		c.fail(widthUnknown, "groups", "%d channels cannot be cut into %d groups of one size", n, l.Groups)
	}
	return groupNorm(c, in[0], l.Groups, l.Epsilon, l.Affine)
}

// channels checks that there is an axis of channels.
func channels(c *Context, x Signal) {
	if len(x.Shape()) == 0 {
		c.Fail("", "takes several numbers per row, its input is a single one")
	}
}

// groupNorm normalizes groups of channels of each row.
func groupNorm(c *Context, x Signal, groups int, epsilon float64, affine Affine) Signal {
	n := x.Shape().Last()
	if x.Lengths == nil {
		gamma, beta := affine.params(c, n)
		y, _, _ := op.GroupNorm(c.B, x.Value, gamma, beta, groups, epsilon)
		return x.With(y)
	}
	mask, s := valid(c, x), x.Value.Shape
	apart := graph.Shape{s[0], s[1], s[2 : len(s)-1].Size(), groups, n / groups}
	v := op.Reshape(c.B, x.Value, apart...)
	mean, variance, _ := validMoments(c.B, v, op.Reshape(c.B, mask, s[0], s[1], 1, 1, 1), []int{1, 2, 4})
	deviation := op.Sqrt(c.B, op.AddScalar(c.B, variance, epsilon))
	y := op.Reshape(c.B, op.Div(c.B, op.Sub(c.B, v, mean), deviation), s...)
	gamma, beta := affine.params(c, n)
	if gamma != nil {
		y = op.Mul(c.B, y, gamma)
	}
	if beta != nil {
		y = op.Add(c.B, y, beta)
	}
	return x.With(y)
}
