package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/activation"
	"dnn/pkg/layers/initializer"
	"dnn/pkg/spec"
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
// With a rank r, W is a product of two thin matrices, U·V, of which the input meets V first: (units + n)·r weights and
// multiplications in place of units·n.
//
// Parameters: weight [units, n], as PyTorch lays it out, unless it is that of another layer; with a rank down.weight [rank, n],
// V, and up.weight [units, rank], U; bias [units].
//
// By default weights come from lecun_uniform, U(-a, a) with a = √(3/n), which keeps the variance of the inputs, and biases
// from fan_in_uniform, a = 1/√n, as PyTorch's. PyTorch's nn.Linear draws its weights from the latter too, which learns
// wide tables a little better and images a little worse. With a rank, weight_init draws U, and V is drawn from lecun_uniform.
//
// Errors: an input of category indices; an input without an axis (one number per row and no list of them); numbers
// in sequences of different lengths; a layer in weights that has no matrix of that shape; both weights and rank.
//
// Source of weights: Press & Wolf 2017, "Using the output embedding to improve language models"; of rank: Xue et al. 2013,
// "Restructuring of deep neural network acoustic models with singular value decomposition".
type Dense struct {
	Units      Size                    `required:"true" doc:"number of outputs" also:"hidden_size|hidden_units|out_features|output_dim|neurons|nodes|size|width"`
	Activation activation.Activation   `default:"linear" doc:"function of the outputs"`
	Bias       bool                    `default:"true" doc:"whether a bias is added; needless before a batch_norm"`
	Weights    string                  `doc:"name of an embedding, or of a dense layer, whose table this one uses in place of weights of its own (default: none)"`
	Rank       int                     `default:"0" range:"[0,100000000]" doc:"rank of the weights, which then are a product of two thin matrices; 0: one matrix of any rank"`
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
		{Layer: "{type: dense, units: 4, rank: 2, weight_init: he_normal, activation: tanh}", In: []Input{floats("x", 3, 5)}, Out: graph.Shape{3, 4}, Trained: 10 + 8 + 4},
		{Layer: "{type: embedding, size: 2, name: e}, {type: dense, units: 3, weights: e, bias: false}", In: []Input{indices("w", 3, 4)}, Out: graph.Shape{4, 3}, Trained: 6},
	}
}

// settle is the layer's own width, whatever the input's is.
func (*Dense) settle(in, _ unknown) unknown { return afterWidth(in) }

// afterWidth is what is unknown of the output of a layer that sets the last axis.
func afterWidth(in unknown) unknown { return in &^ widthUnknown }

// CheckSpec expects a rank of weights of its own.
func (l *Dense) CheckSpec(path string, p *spec.Problems) {
	if l.Rank > 0 && l.Weights != "" {
		p.Add(path+".rank", "is for weights of the layer's own; those of the layer %s are one matrix", l.Weights)
	}
}

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
	y := l.weigh(c, x, units)
	if l.Bias {
		y = op.Add(c.B, y, c.Param("bias", graph.Shape{units}, l.BiasInit, n, units))
	}
	y = activate(c.B, l.Activation, y)
	return in[0].With(ofRows(c.B, y, x.Shape))
}

// weigh multiplies x with the weights, its axes before the last joined into one.
func (l *Dense) weigh(c *Context, x *graph.Value, units int) *graph.Value {
	n := x.Shape.Last()
	if l.Rank == 0 {
		return product(c.B, x, c.matrix("weight", l.Weights, graph.Shape{units, n}, l.WeightInit, n, units))
	}
	thin := product(c.B, x, c.Param(downWeight, graph.Shape{l.Rank, n}, &initializer.LecunUniform{}, n, l.Rank))
	return product(c.B, thin, c.Param(upWeight, graph.Shape{units, l.Rank}, l.WeightInit, l.Rank, units))
}

// Weights of a rank: a first product brings an input to so many numbers, and a second one those to the output. The first is drawn
// so that it keeps the variance, whatever the second does to it.
const (
	downWeight = "down.weight"
	upWeight   = "up.weight"
)

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
