package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/activation"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("dense", "every output is a weighted sum of all inputs", &Dense{}).
		Also("linear", "fc", "fully_connected", "affine")
}

// Dense is the fully connected layer, over the last axis:
//
//	y = f(x·Wᵀ + b)
//
// Shapes: [.., n] to [.., units]; the weights of all positions along the axes before the last are the same.
//
// Parameters: weight [units, n], as PyTorch lays it out, unless it is that of another layer; bias [units].
//
// By default weights come from lecun_uniform, U(-a, a) with a = √(3/n), which keeps the variance of the inputs, and biases
// from fan_in_uniform, a = 1/√n, as PyTorch's. PyTorch's nn.Linear draws its weights from the latter too, which learns
// wide tables a little better and images a little worse.
//
// Errors: an input of category indices; an input without an axis (one number per row and no list of them); numbers
// in sequences of different lengths; a layer in weights that has no matrix of that shape.
//
// Source of weights: Press & Wolf 2017, "Using the output embedding to improve language models".
type Dense struct {
	Units      Size                    `required:"true" doc:"number of outputs" also:"hidden_size|hidden_units|out_features|output_dim|neurons|nodes|size|width"`
	Activation activation.Activation   `default:"linear" doc:"function of the outputs"`
	Bias       bool                    `default:"true" doc:"whether a bias is added; needless before a batch_norm"`
	Weights    string                  `doc:"name of an embedding, or of a dense layer, whose table this one uses in place of weights of its own (default: none)"`
	WeightInit initializer.Initializer `default:"lecun_uniform" doc:"first values of the weights"`
	BiasInit   initializer.Initializer `default:"fan_in_uniform" doc:"first values of the biases"`
}

// Cases are examples of it.
func (*Dense) Cases() []Case {
	return []Case{
		{Layer: "{type: dense, units: 5}", Out: graph.Shape{5}, Trained: 35},
		{Layer: "{type: dense, units: classes, bias: false, activation: tanh}", Out: graph.Shape{3}, Trained: 18},
		{Layer: "{type: dense, units: 1, activation: softmax, weight_init: he_normal, bias_init: 0.5}", Out: graph.Shape{1}, Trained: 7},
		{Layer: "{type: dense, units: 2, activation: gelu}", In: []Input{floats("x", 3, 5)}, Out: graph.Shape{3, 2}, Trained: 12},
		{Layer: "{type: dense, units: 2, activation: mish}", In: []Input{floats("x", 3, 2, 1)}, Out: graph.Shape{3, 2, 2}, Trained: 4},
		{Layer: "{type: dense, units: 5, trainable: false}", Out: graph.Shape{5}},
		{Layer: "{type: embedding, size: 2, name: e}, {type: dense, units: 3, weights: e, bias: false}", In: []Input{indices("w", 3, 4)}, Out: graph.Shape{4, 3}, Trained: 6},
	}
}

// settle is the layer's own width, whatever the input's is.
func (*Dense) settle(in, _ unknown) unknown { return afterWidth(in) }

// afterWidth is what is unknown of the output of a layer that sets the last axis.
func afterWidth(in unknown) unknown { return in &^ widthUnknown }

// Build multiplies, adds and applies.
func (l *Dense) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	x, units := in[0].Value, c.Size("units", l.Units)
	if x.Shape.Rank() < 2 {
		c.Fail("", "takes a list of numbers per row, its input is a single one; put a reshape layer with shape: [1] before it")
	}
	if in[0].Lengths != nil && x.Shape.Rank() == 2 {
		c.Fail("", "its input is a sequence of numbers, different in length from row to row; a reshape layer with shape: [-1, 1] before it makes each number a step")
	}
	n := x.Shape.Last()
	y := product(c.B, x, c.matrix("weight", l.Weights, graph.Shape{units, n}, l.WeightInit, n, units))
	if l.Bias {
		y = op.Add(c.B, y, c.Param("bias", graph.Shape{units}, l.BiasInit, n, units))
	}
	y = activate(c.B, l.Activation, y)
	return in[0].With(ofRows(c.B, y, x.Shape))
}

// product is x·wᵀ with the axes of x before the last joined into one.
func product(b *graph.Builder, x, w *graph.Value) *graph.Value {
	return op.MatMul(b, op.Reshape(b, x, -1, x.Shape.Last()), w, false, true)
}

// ofRows takes the joined axes of y apart again, to be those of shape.
func ofRows(b *graph.Builder, y *graph.Value, shape graph.Shape) *graph.Value {
	return op.Reshape(b, y, append(shape[:len(shape)-1:len(shape)-1], y.Shape.Last())...)
}

// activate applies a, which is nil when the spec's was not understood.
func activate(b *graph.Builder, a activation.Activation, x *graph.Value) *graph.Value {
	if a == nil {
		return x
	}
	return a.Apply(b, x)
}
