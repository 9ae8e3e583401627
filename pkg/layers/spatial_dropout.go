package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("spatial_dropout", "sets random channels of each row to zero in training", &SpatialDropout{}).
		Also("dropout1d", "dropout2d", "spatialdropout1d", "spatialdropout2d")
}

// SpatialDropout sets each channel of each row, at all its positions, to zero with probability rate in training, and
// multiplies the others by 1/(1-rate). Neighbours in an image or a sequence are much alike, so that single elements
// dropped would be told from those around them. In evaluation it does nothing.
//
//	y = x·m / (1-rate), m [rows, 1.., n] = 0 with probability rate, else 1
//
// Shapes: [s.., n] with at least one axis s, unchanged. What is dropped depends on the seed, the layer's name, the step,
// the row and the channel.
//
// Errors: an input of category indices; rows without positions (dropout is for those).
//
// Source: Tompson et al. 2015, "Efficient object localization using convolutional networks", section 3.2.
type SpatialDropout struct {
	Rate float64 `required:"true" range:"[0,1)" doc:"share of channels set to zero" also:"p|prob|probability|dropout"`
}

// Cases are examples of it.
func (*SpatialDropout) Cases() []Case {
	return []Case{
		{Layer: "{type: spatial_dropout, rate: 0.4}", In: []Input{floats("x", 4, 3)}, Out: graph.Shape{4, 3}},
		{Layer: "{type: spatial_dropout, rate: 0.4}", In: []Input{floats("x", 2, 3, 4)}, Out: graph.Shape{2, 3, 4}},
		{Layer: "{type: spatial_dropout, rate: 0}", In: []Input{floats("x", 2, 3, 4)}, Out: graph.Shape{2, 3, 4}},
	}
}

// Build drops.
func (l *SpatialDropout) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	positions(c, in[0])
	if !c.Training || l.Rate == 0 {
		return in[0]
	}
	s := make(graph.Shape, in[0].Value.Shape.Rank())
	for i := range s {
		s[i] = 1
	}
	s[0], s[len(s)-1] = in[0].Rows(), in[0].Shape().Last()
	ones := op.BroadcastTo(c.B, c.B.Scalar(1), s...)
	kept := op.Dropout(c.B, ones, c.Step(), l.Rate, c.Seed(), c.Stream())
	return in[0].With(op.Mul(c.B, in[0].Value, kept))
}
