package layers

import (
	"strconv"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("transformer_decoder", "blocks that look back, and at a second sequence", &TransformerDecoder{}).
		Also("transformer_decoder_layer")
}

// TransformerDecoder lets each step look at itself and the steps before it, then at all steps z of the second input, and then
// takes it through a hidden layer, several blocks over. A is causal self-attention, C attention with queries of the one and
// keys and values of the other input, F(x) = f(x·W_hᵀ + b_h)·W_oᵀ + b_o:
//
//	norm: after   u = norm(x + A(x)),  v = norm(u + C(u, z)),  y = norm(v + F(v))
//	norm: before  u = x + A(norm(x)),  v = u + C(norm(u), z),  y = v + F(norm(v))
//
// With norm: before nothing normalizes the output; a layer_norm behind it does. window and positions are for A; C sees all
// steps of z within its row's length.
//
// Shapes: [steps, n] and [k, n'] to [steps, n].
//
// Parameters, for block k = 0, 1, ..: those of multi_head_attention twice, named k.self_attention.query.weight and
// k.cross_attention.query.weight and so on; k.hidden, k.output and k.gate as in transformer_encoder; k.norm_1, k.norm_2 and
// k.norm_3. PyTorch's TransformerDecoderLayer has the same: multihead_attn is cross_attention, norm1 to norm3 are norm_1 to norm_3.
//
// Errors: as multi_head_attention; other than two inputs.
//
// Source: as transformer_encoder.
type TransformerDecoder struct {
	Transformer `spec:",inline"`
}

// Cases are examples of it.
func (*TransformerDecoder) Cases() []Case {
	return []Case{
		{Layer: "{type: transformer_decoder, heads: 2, hidden: 3, inputs: [x, z]}", In: []Input{sequences("x", 3, 2), sequences("z", 4, 3)}, Out: graph.Shape{3, 2}, Trained: 24 + 12 + 16 + 17 + 12},
		{Layer: "{type: transformer_decoder, heads: 1, blocks: 2, norm: before, dropout: 0.3, hidden: 2, bias: false, inputs: [x, z]}",
			In: []Input{floats("x", 3, 4), sequences("z", 2, 2)}, Out: graph.Shape{3, 4}, Trained: 2 * (64 + 48 + 16 + 12)},
	}
}

// CheckSpec expects heads that can be shared out.
func (l *TransformerDecoder) CheckSpec(path string, p *spec.Problems) { l.check(path, p) }

// Build goes through the blocks.
func (l *TransformerDecoder) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 2, 2)
	x, memory := queriesAndMemory(c, in)
	for k := range max(1, l.Blocks) {
		c.B.Block = strconv.Itoa(k)
		t := transformerBlock{Transformer: &l.Transformer, c: c, prefix: strconv.Itoa(k) + "."}
		x = t.sublayer(x, "self_attention.dropped", func(x Signal) *graph.Value { return t.attend(x, x, "self_attention", true, true) })
		x = t.sublayer(x, "cross_attention.dropped", func(x Signal) *graph.Value { return t.attend(x, memory, "cross_attention", false, false) })
		x = t.sublayer(x, "output", t.feedForward)
	}
	return x
}
