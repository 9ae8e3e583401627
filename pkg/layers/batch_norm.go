package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("batch_norm", "each feature to mean 0 and variance 1 over the batch", &BatchNorm{}).
		Also("bn", "batchnorm1d", "batch_normalization", "batchnorm2d")
}

// BatchNorm brings each feature, an index of the last axis, to mean 0 and variance 1 over the batch and all other axes,
// and then to a mean and a deviation that are learned:
//
//	y = γ·(x - μ)/√(σ² + ε) + β
//
// In training, μ and σ² (the biased variance) are those of the batch, and running statistics follow them at the end of
// the step, as in PyTorch:
//
//	mean ← (1-momentum)·mean + momentum·μ,  variance ← (1-momentum)·variance + momentum·σ²·n/(n-1)
//
// where n is the number of elements of a feature. (Keras calls 1-momentum the momentum.) In evaluation, when the layer is
// not trainable, and for a batch of a single element per feature, μ and σ² are the running statistics. Of sequences of
// different lengths, only the steps within a row's length count: a batch gives the same however far it is padded.
//
// Shapes: [.., n], unchanged.
//
// Parameters: gamma [n], 1 at first; beta [n], 0 at first. State: running_mean [n], 0 at first; running_variance [n], 1
// at first.
//
// Errors: an input of category indices.
//
// Source: Ioffe & Szegedy 2015, "Batch normalization: accelerating deep network training", algorithms 1 and 2.
type BatchNorm struct {
	Momentum float64 `default:"0.1" range:"(0,1]" doc:"share of the batch in the running statistics"`
	Epsilon  float64 `default:"1e-5" range:"(0,)" doc:"added to the variance"`
	Affine   `spec:",inline"`
}

// Cases are examples of it.
func (*BatchNorm) Cases() []Case {
	return []Case{
		{Layer: "batch_norm", Out: graph.Shape{6}, Trained: 12, State: 12},
		{Layer: "{type: batch_norm, scale: false, epsilon: 0.1}", Out: graph.Shape{6}, Trained: 6, State: 12},
		{Layer: "{type: batch_norm, shift: false, momentum: 1}", In: []Input{floats("x", 2, 3, 2)}, Out: graph.Shape{2, 3, 2}, Trained: 2, State: 4},
		{Layer: "{type: batch_norm, trainable: false}", Out: graph.Shape{6}, State: 12},
	}
}

// Affine is how a norm ends.
type Affine struct {
	Scale bool `default:"true" doc:"whether there is a learned factor gamma for each feature"`
	Shift bool `default:"true" doc:"whether there is a learned summand beta for each feature"`
}

// params returns gamma and beta, nil where they are not learned.
func (a Affine) params(c *Context, n int) (gamma, beta *graph.Value) {
	if a.Scale {
		gamma = c.Param("gamma", graph.Shape{n}, &initializer.Ones{}, 1, 1)
	}
	if a.Shift {
		beta = c.Param("beta", graph.Shape{n}, &initializer.Zeros{}, 1, 1)
	}
	return gamma, beta
}

// Build normalizes.
func (l *BatchNorm) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	x := in[0].Value
	n := x.Shape.Last()
	gamma, beta := l.params(c, n)
	mean, variance := c.State("running_mean", graph.Shape{n}, 0), c.State("running_variance", graph.Shape{n}, 1)
	count := float64(x.Shape.Size() / n)
	if !c.Training || !c.Trains() || count < 2 {
		return in[0].With(op.BatchNormApply(c.B, x, gamma, beta, mean.Value, variance.Value, l.Epsilon))
	}
	y, mu, sigma2, unbiased := l.measure(c, in[0], gamma, beta, mean.Value, variance.Value)
	c.AssignState(mean, func() *graph.Value { return op.Lerp(c.B, mean.Value, mu, l.Momentum) })
	c.AssignState(variance, func() *graph.Value { return op.Lerp(c.B, variance.Value, unbiased(sigma2), l.Momentum) })
	return in[0].With(y)
}

// measure normalizes by the statistics of the batch and returns them, with what makes the variance an unbiased one. Where
// no more than one step counts, they are the running ones.
func (l *BatchNorm) measure(c *Context, in Signal, gamma, beta, mean, variance *graph.Value) (y, mu, sigma2 *graph.Value, unbiased func(*graph.Value) *graph.Value) {
	x, n := in.Value, in.Shape().Last()
	if in.Lengths == nil {
		count := float64(x.Shape.Size() / n)
		y, mu, sigma2 = op.BatchNorm(c.B, x, gamma, beta, l.Epsilon)
		return y, mu, sigma2, func(v *graph.Value) *graph.Value { return op.Scale(c.B, v, count/(count-1)) }
	}
	var axes []int
	for ax := range x.Shape.Rank() - 1 {
		axes = append(axes, ax)
	}
	mu, sigma2, count := validMoments(c.B, x, valid(c, in), axes)
	mu, sigma2, count = op.Reshape(c.B, mu, n), op.Reshape(c.B, sigma2, n), op.Reshape(c.B, count)
	several := op.Minimum(c.B, op.AddScalar(c.B, count, -1), c.B.Scalar(1)) // 0 where a single step counts, or none
	single := op.AddScalar(c.B, op.Scale(c.B, several, -1), 1)
	mu = op.Add(c.B, op.Mul(c.B, mu, several), op.Mul(c.B, mean, single))
	sigma2 = op.Add(c.B, op.Mul(c.B, sigma2, several), op.Mul(c.B, variance, single))
	y = op.BatchNormApply(c.B, x, gamma, beta, mu, sigma2, l.Epsilon)
	return y, mu, sigma2, func(v *graph.Value) *graph.Value {
		return op.Mul(c.B, v, op.Div(c.B, count, op.Maximum(c.B, op.AddScalar(c.B, count, -1), c.B.Scalar(1))))
	}
}
