package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/activation"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("squeeze_excite", "weighs the channels of each row by what they hold altogether", &SqueezeExcite{}).
		Also("se")
}

// SqueezeExcite takes the mean of each channel over all positions of a row, sends the means through two small dense layers,
// and multiplies the channels by what comes out:
//
//	z = Σx/positions,  s = g(W₂·f(W₁·z + b₁) + b₂),  y = x·s
//
// Of sequences of different lengths, only the steps within a row's length count.
//
// Shapes: [s.., n] with at least one axis s, unchanged.
//
// Parameters: squeeze.weight [units, n], squeeze.bias [units], excite.weight [n, units], excite.bias [n], drawn as those of
// dense layers are by default.
//
// Errors: an input of category indices; rows without positions.
//
// Source: Hu et al. 2018, "Squeeze-and-excitation networks", eq. 2 to 4.
type SqueezeExcite struct {
	Ratio      int                   `default:"16" range:"[1,100000000]" doc:"channels for each unit between the dense layers"`
	Units      int                   `default:"0" range:"[0,100000000]" doc:"units between the dense layers; 0: channels/ratio, rounded, at least 1"`
	Activation activation.Activation `default:"relu" doc:"function f between the dense layers"`
	Gate       activation.Activation `default:"sigmoid" doc:"function g of what the channels are multiplied by"`
}

// Cases are examples of it.
func (*SqueezeExcite) Cases() []Case {
	return []Case{
		{Layer: "{type: squeeze_excite, ratio: 2, activation: tanh}", In: []Input{floats("x", 2, 3, 4)}, Out: graph.Shape{2, 3, 4}, Trained: 22},
		{Layer: "{type: squeeze_excite, units: 3, activation: silu, gate: tanh}", In: []Input{floats("x", 5, 2)}, Out: graph.Shape{5, 2}, Trained: 17},
		{Layer: "{type: squeeze_excite, activation: gelu}", In: []Input{floats("x", 5, 2)}, Out: graph.Shape{5, 2}, Trained: 7},
	}
}

// Build weighs.
func (l *SqueezeExcite) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	positions(c, in[0])
	x, n, units := in[0].Value, in[0].Shape().Last(), l.Units
	if units == 0 {
		units = max(1, (n+l.Ratio/2)/l.Ratio)
	}
	z := activate(c.B, l.Activation, excited(c, "squeeze.", means(c, in[0]), units))
	s := activate(c.B, l.Gate, excited(c, "excite.", z, n))
	each := make(graph.Shape, x.Shape.Rank())
	for i := range each {
		each[i] = 1
	}
	each[0], each[len(each)-1] = in[0].Rows(), n
	return in[0].With(op.Mul(c.B, x, op.Reshape(c.B, s, each...)))
}

// means are the channels' means over the positions of each row, [rows, n].
func means(c *Context, x Signal) *graph.Value {
	var axes []int
	for ax := 1; ax < x.Value.Shape.Rank()-1; ax++ {
		axes = append(axes, ax)
	}
	if x.Lengths == nil {
		return op.Mean(c.B, x.Value, axes, false)
	}
	mean, _, _ := validMoments(c.B, x.Value, valid(c, x), axes)
	return op.Reshape(c.B, mean, x.Rows(), x.Shape().Last())
}

// excited is a dense layer without its activation.
func excited(c *Context, prefix string, x *graph.Value, units int) *graph.Value {
	n := x.Shape.Last()
	y := op.MatMul(c.B, x, c.Param(prefix+"weight", graph.Shape{units, n}, &initializer.LecunUniform{}, n, units), false, true)
	return op.Add(c.B, y, c.Param(prefix+"bias", graph.Shape{units}, &initializer.FanInUniform{}, n, units))
}
