package layers

import (
	"strconv"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("transformer_encoder", "blocks of self-attention and a hidden layer", &TransformerEncoder{}).
		Also("transformer", "transformer_encoder_layer", "transformer_block")
}

// TransformerEncoder lets each step look at all steps, or, with causal: true, at those before it, and then takes each step
// through a hidden layer, several blocks over. A is multi_head_attention with one input, F(x) = f(x·W_hᵀ + b_h)·W_oᵀ + b_o:
//
//	norm: after   u = norm(x + A(x)),  y = norm(u + F(u))
//	norm: before  u = x + A(norm(x)),  y = u + F(norm(u))
//
// With norm: before nothing normalizes the output; a layer_norm behind it does. Dropout sets attention weights, elements of f
// and of what A and F add to zero. A causal encoder is the body of a language model. Steps beyond the length of a row are not
// seen, and a row's output does not depend on them.
//
// Shapes: [steps, n], unchanged.
//
// Parameters, for block k = 0, 1, ..: those of multi_head_attention, named k.self_attention.query.weight and so on; k.hidden.weight
// [hidden, n], k.output.weight [n, hidden], with swiglu also k.gate.weight [hidden, n], and a bias for each; k.norm_1.gamma,
// k.norm_2.gamma and, but for rms_norm, beta, [n]. bias: false leaves out all biases and betas. PyTorch's
// TransformerEncoderLayer has the same: self_attn is self_attention, linear1 and linear2 are hidden and output, norm1 and norm2
// are norm_1 and norm_2. They start as there: hidden and output from fan_in_uniform.
//
// Errors: as multi_head_attention.
//
// Source: Vaswani et al. 2017, "Attention is all you need", section 3.1; Xiong et al. 2020, "On layer normalization in the
// transformer architecture", for norm: before; Shazeer 2020, "GLU variants improve transformer", for swiglu.
type TransformerEncoder struct {
	Transformer `spec:",inline"`
	Causal      bool `default:"false" doc:"whether a step sees only itself and those before it"`
}

// Cases are examples of it.
func (*TransformerEncoder) Cases() []Case {
	return []Case{
		{Layer: "{type: transformer_encoder, heads: 2, hidden: 3}", In: []Input{sequences("x", 3, 4)}, Out: graph.Shape{3, 4}, Trained: 80 + 15 + 16 + 16},
		{Layer: "{type: transformer_encoder, blocks: 2, heads: 1, norm: before, causal: true, activation: gelu, dropout: 0.3}",
			In: []Input{sequences("x", 3, 2)}, Out: graph.Shape{3, 2}, Trained: 2 * (24 + 24 + 18 + 8)},
		{Layer: "{type: transformer_encoder, heads: 2, hidden: 3, activation: swiglu, norm_type: rms_norm, bias: false}", In: []Input{floats("x", 3, 2)}, Out: graph.Shape{3, 2}, Trained: 16 + 18 + 4},
	}
}

// CheckSpec expects heads that can be shared out.
func (l *TransformerEncoder) CheckSpec(path string, p *spec.Problems) { l.check(path, p) }

// Build goes through the blocks.
func (l *TransformerEncoder) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	features(c, in[0])
	x := in[0]
	for k := range max(1, l.Blocks) {
		c.B.Block = strconv.Itoa(k)
		t := transformerBlock{Transformer: &l.Transformer, c: c, prefix: strconv.Itoa(k) + "."}
		x = t.sublayer(x, "self_attention.dropped", func(x Signal) *graph.Value { return t.attend(x, x, "self_attention", true, l.Causal) })
		x = t.sublayer(x, "output", t.feedForward)
	}
	return x
}
