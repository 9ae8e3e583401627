package layers

import "dnn/pkg/graph"

func init() {
	Registry.Register("instance_norm", "each channel of each row to mean 0 and variance 1", &InstanceNorm{}).
		Also("instancenorm1d", "instancenorm2d")
}

// InstanceNorm brings each channel of each row, over all positions of the row, to mean 0 and variance 1, and then to a mean
// and a deviation that are learned for each channel:
//
//	y = γ·(x - μ)/√(σ² + ε) + β
//
// μ and σ² (biased) are those of one channel of one image, so its contrast has no influence on what follows, and
// training and evaluation are alike. Of sequences of different lengths, only the steps within a row's length count.
//
// Shapes: [s.., n] with at least one axis s, unchanged.
//
// Parameters: gamma [n], 1 at first; beta [n], 0 at first. (PyTorch has none of them by default: scale: false, shift:
// false.)
//
// Errors: an input of category indices; rows without positions, whose channels would all become 0.
//
// Source: Ulyanov et al. 2016, "Instance normalization: the missing ingredient for fast stylization", eq. 4.
type InstanceNorm struct {
	Epsilon float64 `default:"1e-5" range:"(0,)" doc:"added to the variance"`
	Affine  `spec:",inline"`
}

// Cases are examples of it.
func (*InstanceNorm) Cases() []Case {
	return []Case{
		{Layer: "instance_norm", In: []Input{floats("x", 4, 3)}, Out: graph.Shape{4, 3}, Trained: 6},
		{Layer: "{type: instance_norm, scale: false, shift: false}", In: []Input{floats("x", 3, 2, 2)}, Out: graph.Shape{3, 2, 2}},
	}
}

// Build normalizes.
func (l *InstanceNorm) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	positions(c, in[0])
	return groupNorm(c, in[0], in[0].Shape().Last(), l.Epsilon, l.Affine)
}

// positions checks that there is an axis besides that of the channels: steps of a sequence, or the sides of an image.
func positions(c *Context, x Signal) {
	if len(x.Shape()) < 2 {
		c.Fail("", "takes sequences [steps, channels] or images [height, width, channels], a row of its input has shape %v", x.Shape())
	}
}
