package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("multi_head_attention", "each step as a mean of steps that several heads look at", &MultiHeadAttention{}).
		Also("multihead_attention", "mha", "self_attention")
}

// MultiHeadAttention lets each step look at the steps of a sequence: its own (one input), or another one (two: queries, then
// keys and values). Each of the heads has queries Q = x·W_qᵀ, keys K = z·W_kᵀ and values V = z·W_vᵀ, where z is x or the second
// input, and d is the size of a head:
//
//	head_i = softmax(Q_i·K_iᵀ/√d)·V_i,  y = [head_1, head_2, ..]·W_oᵀ
//
// causal: true lets a step see itself and those before it. With window: w it sees steps less than w away. With positions:
// rotary, features j and j+d/2 of queries and keys of place t turn by t·10000^(-2j/d), so that scores depend on distances. With
// positions: alibi, the scores of head i of h lose 2^(-8i/h) for each step of distance. Both are for self-attention. With key_heads, neighbouring heads share keys
// and values. Steps beyond the length of a row are not seen; what sees no step is 0 before W_o.
//
// Shapes: [m, n] and, if there are two inputs, [k, n'], to [m, n]; m and k may differ.
//
// Parameters: query.weight [heads·d, n], key.weight and value.weight [key_heads·d, n'], output.weight [n, heads·d], and a bias
// for each. PyTorch's MultiheadAttention has the same: its in_proj_weight and in_proj_bias are those of query, key and value one
// below the other, q_proj_weight, k_proj_weight and v_proj_weight the single ones, and out_proj is output. They start as
// there: glorot_uniform, drawn for the three matrices as one where n' = n; fan_in_uniform for the output; biases 0.
//
// Errors: inputs whose rows are not [steps, features]; heads that do not divide n, without head_size; key_heads that do not
// divide heads; causal with two inputs; rotary positions of
// heads of odd size; category indices.
//
// Source: Vaswani et al. 2017, "Attention is all you need", section 3.2; Ainslie et al. 2023, "GQA", for key_heads; Beltagy et
// al. 2020, "Longformer", for window; Su et al. 2021, "RoFormer", for rotary; Press et al. 2022, "Train short, test long", for alibi.
type MultiHeadAttention struct {
	MultiHead `spec:",inline"`
	Causal    bool `default:"false" doc:"whether a step sees only itself and those before it"`
}

// Cases are examples of it.
func (*MultiHeadAttention) Cases() []Case {
	return []Case{
		{Layer: "{type: multi_head_attention, heads: 2}", In: []Input{sequences("x", 4, 4)}, Out: graph.Shape{4, 4}, Trained: 4 * (16 + 4)},
		{Layer: "{type: multi_head_attention, heads: 2, causal: true, bias: false, dropout: 0.4}", In: []Input{floats("x", 4, 2)}, Out: graph.Shape{4, 2}, Trained: 16},
		{Layer: "{type: multi_head_attention, heads: 2, key_heads: 1, positions: rotary}", In: []Input{sequences("x", 3, 4)}, Out: graph.Shape{3, 4}, Trained: 2*20 + 2*10},
		{Layer: "{type: multi_head_attention, heads: 4, key_heads: 2, head_size: 1, inputs: [x, z]}",
			In: []Input{floats("x", 3, 2), sequences("z", 4, 3)}, Out: graph.Shape{3, 2}, Trained: 12 + 2*8 + 10},
		{Layer: "{type: multi_head_attention, heads: 2, key_heads: 1, window: 2, positions: alibi, causal: true}", In: []Input{sequences("x", 4, 4)}, Out: graph.Shape{4, 4}, Trained: 2*20 + 2*10},
	}
}

// CheckSpec expects heads that can be shared out.
func (l *MultiHeadAttention) CheckSpec(path string, p *spec.Problems) { l.check(path, p) }

// Build attends.
func (l *MultiHeadAttention) Build(c *Context, in []Signal) Signal {
	queries, memory := queriesAndMemory(c, in)
	if l.Causal && len(in) == 2 {
		c.Fail("causal", "is for a sequence that looks at itself; the steps of a second input are neither before nor behind those of the first")
	}
	of := attention{MultiHead: &l.MultiHead, self: len(in) == 1, causal: l.Causal}
	return queries.With(of.attend(c, queries, memory))
}
