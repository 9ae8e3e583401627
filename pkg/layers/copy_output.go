package layers

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("copy_output", "writes words or copies them from the input", &CopyOutput{}).
		Also("pointer_generator", "copy", "pointer", "pointer_network")
}

// CopyOutput ends a net that writes text: each word is written, from the whole vocabulary, or copied from the input text. For
// the decoder's states h, the encoder's states z_i and the input's tokens x_i:
//
//	a_i = softmax_i(h·W_qᵀ·z_i/√n'),  c = Σ_i a_i·z_i,  g = σ(v·[h; c] + b_g)
//	p(w) = g·softmax(h·Wᵀ + b)_w + (1-g)·Σ_i a_i over the places i with x_i = w
//
// It gives ln p, which a cross_entropy takes as it takes the outputs of a dense layer, since softmax(ln p) = p. A word that is
// not in the input keeps ln g + ln softmax, computed as such, so that no logarithm is infinite, whether labels are smoothed or
// not; the gradient through a probability is bounded as if it were at least 2⁻⁸⁰. Steps of the input beyond a row's length are
// not copied, and with an input without tokens p is the softmax.
//
// Inputs: h, z and x, as in inputs: [decoded, memory, description]. The text x has the vocabulary of the target (tokenizer:
// shared). A word that training never saw is one token for all of them, so it cannot be copied; pieces of words (bpe) and
// characters can.
//
// Shapes: [m, n], [k, n'] and token indices [k] to [m, units].
//
// Parameters: weight [units, n], unless it is that of another layer, bias [units], query.weight [n', n], gate.weight
// [1, n+n'] and gate.bias [1]. Those of the gate start at 0: half of each word is copied.
//
// Errors: other than three inputs; states whose rows are not [steps, features]; an input that holds no tokens, or those of another
// vocabulary than the target's; states and tokens of different lengths; a layer in weights that has no matrix of that shape.
//
// Source: See et al. 2017, "Get to the point: summarization with pointer-generator networks", eq. 8 and 9, with scaled products
// as scores and without the decoder's input in the gate.
type CopyOutput struct {
	Units      Size                    `default:"vocabulary" doc:"number of tokens: those of the target and of the input"`
	Bias       bool                    `default:"true" doc:"whether written words have biases"`
	Weights    string                  `doc:"name of an embedding, or of a dense layer, whose table this one uses in place of weights of its own (default: none)"`
	WeightInit initializer.Initializer `default:"lecun_uniform" doc:"first values of the weights"`
	BiasInit   initializer.Initializer `default:"fan_in_uniform" doc:"first values of the biases"`
}

// Cases are examples of it.
func (*CopyOutput) Cases() []Case {
	return []Case{
		{Layer: "{type: copy_output, units: 7, inputs: [x, z, w]}",
			In: []Input{sequences("x", 3, 2), sequences("z", 4, 3), words("w", "z", 7, 4)}, Out: graph.Shape{3, 7}, Trained: 14 + 7 + 6 + 5 + 1},
		{Layer: "{type: embedding, size: 2, inputs: [w], name: e}, {type: copy_output, units: 7, weights: e, bias: false, inputs: [x, e, w]}",
			In: []Input{floats("x", 3, 2), words("w", "z", 7, 4)}, Out: graph.Shape{3, 7}, Trained: 14 + 4 + 4 + 1},
	}
}

// settle is the layer's own width, whatever the input's is.
func (*CopyOutput) settle(in, _ unknown) unknown { return afterWidth(in) }

// Build mixes.
func (l *CopyOutput) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 3, 3)
	h, memory, ids := in[0], in[1], in[2]
	features(c, h)
	features(c, memory)
	units := c.Size("units", l.Units)
	copied(c, memory, ids, units)
	if memory.Lengths == nil {
		memory.Lengths = ids.Lengths
	}
	b, x, n := c.B, h.Value, h.Shape().Last()
	written := product(b, x, c.matrix("weight", l.Weights, graph.Shape{units, n}, l.WeightInit, n, units))
	if l.Bias {
		written = op.Add(b, written, c.Param("bias", graph.Shape{units}, l.BiasInit, n, units))
	}
	written = ofRows(b, op.LogSoftmax(b, written), x.Shape)
	shares := lookedAt(c, x, memory)
	gate := l.gate(c, x, op.MatMul(b, shares, memory.Value, false, false))
	opposite := op.Scale(b, gate, -1)
	written = op.Sub(b, written, op.Activate(b, opposite, vec.ActSoftplus, 0)) // ln σ(s) = -softplus(-s)
	shares = op.Mul(b, shares, op.Activate(b, opposite, vec.ActSigmoid, 0))
	return h.With(op.LogAddTokens(b, written, shares, ids.Value))
}

// copied checks that the tokens of an input can be copied.
func copied(c *Context, memory, ids Signal, units int) {
	if ids.Value.DType != graph.I32 || ids.Categories == 0 || len(ids.Shape()) != 1 {
		c.Fail("inputs[2]", "holds no tokens of a text; its inputs are the decoder's states, the encoder's states and the text that words are copied from")
	}
	if !ids.shared || ids.Categories != units && c.unknown == certain {
		c.Fail("inputs[2]", "has another vocabulary than the text that is written, so its words cannot be copied; say tokenizer: shared for the target, which is then written with the tokens of the first input of texts")
	}
	if steps := memory.Shape()[0]; steps != ids.Shape()[0] {
		c.Fail("inputs[1]", "has %d steps and the text in inputs[2] %d: it must have one for each token", steps, ids.Shape()[0])
	}
	c.lengths(memory, ids)
}

// lookedAt are the shares of attention [rows, m, k] that the steps of h give to those of memory.
func lookedAt(c *Context, h *graph.Value, memory Signal) *graph.Value {
	b, wide := c.B, memory.Shape().Last()
	q := linear(c, "query.", h, wide, false, &initializer.GlorotUniform{}, nil, wide)
	scores := op.Scale(b, op.MatMul(b, q, memory.Value, false, true), 1/math.Sqrt(float64(wide)))
	var on *graph.Value
	if memory.Lengths != nil {
		k := memory.Shape()[0]
		on = op.Reshape(b, op.SequenceMask(b, memory.Lengths, k), memory.Rows(), 1, k)
	}
	return maskedSoftmax(b, scores, on)
}

// gate is the score [rows, m, 1] whose sigmoid is the share of words that are written.
func (*CopyOutput) gate(c *Context, h, context *graph.Value) *graph.Value {
	return linear(c, "gate.", op.Concat(c.B, 2, h, context), 1, true, &initializer.Zeros{}, &initializer.Zeros{}, 1)
}
