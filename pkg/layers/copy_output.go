package layers

import (
	"math"

	"dnn/internal/kernel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("copy_output", "scores of tokens that are written, or copied from the input", &CopyOutput{}).
		Also("pointer_generator", "copy", "pointer")
}

// CopyOutput is the output of a net that writes a text: a mixture of writing tokens of the vocabulary and of copying tokens of
// an input, such as names that were never seen in training. Of the three inputs, x is what the decoder made of each step, z
// what the encoder made of each token of the input, and the third the tokens k_j themselves:
//
//	a_t = softmax(x_t·W_qᵀ·zᵀ/√n'), over the tokens of the input
//	g_t = σ(v·[x_t, Σ_j a_tj·z_j] + c)
//	p_t(w) = g_t·softmax(x_t·Wᵀ + b)_w + (1 - g_t)·Σ_{j: k_j = w} a_tj
//	y_t = ln p_t
//
// y is for cross_entropy, whose softmax gives p again. Input and target have one vocabulary: tokenizer: shared in the target.
// A row without input tokens copies nothing.
//
// Shapes: [steps, n], [k, n'] and tokens [k] to [steps, units].
//
// Parameters: weight [units, n], unless it is that of another layer, and bias [units] of writing; query.weight [n', n] of the
// places to copy from; gate.weight [1, n + n'] and gate.bias [1].
//
// Errors: other than three inputs; tokens that are not of the target's vocabulary; lengths of z and of the tokens that differ; a
// layer in weights that has no matrix of that shape.
//
// Source: See et al. 2017, "Get to the point: summarization with pointer-generator networks", eq. 8 and 9.
type CopyOutput struct {
	Units      Size                    `default:"vocabulary" doc:"number of tokens"`
	Bias       bool                    `default:"true" doc:"whether a bias is added to the scores of writing"`
	Weights    string                  `doc:"name of an embedding, or of a dense layer, whose table this one uses in place of weights of its own (default: none)"`
	WeightInit initializer.Initializer `default:"glorot_uniform" doc:"first values of the weights"`
}

// Cases are examples of it.
func (*CopyOutput) Cases() []Case {
	tokens := indices("w", 5, 4)
	tokens.Lengths = "lengths.w"
	return []Case{
		{Layer: "{type: copy_output, units: 5, inputs: [x, z, w]}", In: []Input{floats("x", 3, 2), floats("z", 4, 3), indices("w", 5, 4)},
			Out: graph.Shape{3, 5}, Trained: 10 + 5 + 6 + 5 + 1},
		{Layer: "{type: embedding, size: 2, inputs: [w], name: e}, {type: copy_output, units: 5, bias: false, weights: e, inputs: [e, e, w]}",
			In: []Input{tokens}, Out: graph.Shape{4, 5}, Trained: 10 + 4 + 4 + 1},
	}
}

// settle: the width is the layer's own.
func (*CopyOutput) settle(in, _ unknown) unknown { return afterWidth(in) }

// Build mixes.
func (l *CopyOutput) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 3, 3)
	features(c, in[0])
	features(c, in[1])
	x, z, tokens, units := in[0], in[1], in[2], c.Size("units", l.Units)
	l.checkTokens(c, z, tokens, units)
	b, n, wide := c.B, x.Shape()[1], z.Shape()[1]
	rows, steps, k := x.Rows(), x.Shape()[0], z.Shape()[0]

	var on *graph.Value
	if z.Lengths != nil {
		on = op.Reshape(b, op.SequenceMask(b, z.Lengths, k), rows, 1, k)
	}
	query := linear(c, "query.", x.Value, wide, false, l.WeightInit, nil, wide)
	scores := op.Scale(b, op.MatMul(b, query, z.Value, false, true), 1/math.Sqrt(float64(wide)))
	places := maskedSoftmax(b, scores, on)
	seen := op.MatMul(b, places, z.Value, false, false)

	gate := linear(c, "gate.", op.Concat(b, 2, x.Value, seen), 1, true, l.WeightInit, &initializer.Zeros{}, 1)
	write := op.Activate(b, gate, kernel.ActSigmoid, 0)
	copied := op.AddScalar(b, op.Scale(b, write, -1), 1)

	words := product(b, x.Value, c.matrix("weight", l.Weights, graph.Shape{units, n}, l.WeightInit, n, units))
	if l.Bias {
		words = op.Add(b, words, c.Param("bias", graph.Shape{units}, &initializer.Zeros{}, n, units))
	}
	p := op.Mul(b, op.Reshape(b, op.Softmax(b, words), rows, steps, units), write)
	p = op.AddAt(b, p, op.Mul(b, places, copied), tokens.Value)
	const least = 1e-12 // what is impossible has a finite score
	return x.With(op.Log(b, op.AddScalar(b, p, least)))
}

// checkTokens expects the tokens of z, of the vocabulary that is written.
func (l *CopyOutput) checkTokens(c *Context, z, tokens Signal, units int) {
	switch steps := tokens.Shape(); {
	case tokens.Value.DType != graph.I32 || len(steps) != 1:
		c.Fail("inputs[2]", "expects the tokens of the text to copy from, as the dataset has them")
	case tokens.Categories != units:
		c.Fail("inputs[2]", "has %d tokens, and the target %d: both must have one vocabulary (tokenizer: shared in the target)", tokens.Categories, units)
	case steps[0] != z.Shape()[0]:
		c.Fail("inputs[1]", "has %d steps, and inputs[2] %d: want what the encoder made of each of the tokens", z.Shape()[0], steps[0])
	}
	c.lengths(z, tokens)
}
