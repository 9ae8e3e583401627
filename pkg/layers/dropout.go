package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dropout", "sets random elements to zero in training", &Dropout{})
}

// Dropout sets each element to zero with probability rate in training, and multiplies the others by 1/(1-rate), so that
// the mean stays. In evaluation it does nothing.
//
//	y = x·m / (1-rate), m = 0 with probability rate, else 1
//
// Shapes: any, unchanged. What is dropped depends on the seed, the layer's name, the step and the element's place.
//
// Errors: an input of category indices.
//
// Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
type Dropout struct {
	Rate float64 `required:"true" range:"[0,1)" doc:"share of elements set to zero" also:"p|prob|probability|dropout"`
}

// Cases are examples of it.
func (*Dropout) Cases() []Case {
	return []Case{
		{Layer: "{type: dropout, rate: 0.4}", Out: graph.Shape{6}},
		{Layer: "{type: dropout, rate: 0}", In: []Input{floats("x", 3, 4)}, Out: graph.Shape{3, 4}},
	}
}

// Build drops.
func (l *Dropout) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	if !c.Training || l.Rate == 0 {
		return in[0]
	}
	return in[0].With(op.Dropout(c.B, in[0].Value, c.Step(), l.Rate, c.Seed(), c.Stream()))
}
