package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("gru", "gated recurrent units over sequences", &GRU{})
}

// GRU goes through sequences step by step and keeps a hidden state h. With W_ih, W_hh and the biases in three parts,
//
//	r = σ(x_t·W_irᵀ + b_ir + h_t-1·W_hrᵀ + b_hr)
//	z = σ(x_t·W_izᵀ + b_iz + h_t-1·W_hzᵀ + b_hz)
//	n = tanh(x_t·W_inᵀ + b_in + r·(h_t-1·W_hnᵀ + b_hn))
//	h_t = (1-z)·n + z·h_t-1
//
// as PyTorch and cuDNN have it. With reset: before, as in the paper, r comes before the product:
//
//	n = tanh(x_t·W_inᵀ + b_in + (r·h_t-1)·W_hnᵀ + b_hn)
//
// h_0 is zero, or the second input. Where sequences have different lengths, a row ends with its last valid step, where
// the reverse direction begins; what it gives does not depend on how far it was padded.
//
// Shapes: [steps, n] to [units], the state after the last step, or with sequences: true to [steps, units]; with
// bidirectional: true twice as wide, the reverse direction behind the forward one. A second input is the initial state,
// [layers·directions, units] or the same in a row, layer by layer and within them forward before reverse; NAME.h is
// the last state in that form, for the inputs of another layer.
//
// Parameters, for layer k = 0, 1, .. and as PyTorch lays them out, the gates in the order r, z, n: weight_ih_lk
// [3·units, n], weight_hh_lk [3·units, units], bias_ih_lk [3·units], bias_hh_lk [3·units]; those of the reverse direction
// end with _reverse. From the second layer on, n is the width of the layer before.
//
// Recurrent dropout multiplies the hidden state that W_hh meets by one mask for all steps of a row; the last term of h_t
// sees all of it.
//
// Errors: an input whose rows are not [steps, features]; an initial state of another shape; category indices.
//
// Source: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder"; Gal & Ghahramani 2016, "A
// theoretically grounded application of dropout in recurrent neural networks".
type GRU struct {
	Recurrent `spec:",inline"`
	Reset     string `default:"after" oneof:"after|before" doc:"whether r multiplies the hidden state after its product with W_hn, as in PyTorch, or before"`
}

// Cases are examples of it.
func (*GRU) Cases() []Case {
	return []Case{
		{Layer: "{type: gru, units: 3}", In: []Input{sequences("x", 3, 2)}, Out: graph.Shape{3}, Trained: 3 * (6 + 9 + 6)},
		{Layer: "{type: gru, units: 2, sequences: true, bidirectional: true, recurrent_dropout: 0.3, inputs: [x, h]}",
			In: []Input{sequences("x", 3, 1), floats("h", 4)}, Out: graph.Shape{3, 4}, Trained: 2 * 3 * (2 + 4 + 4)},
		{Layer: "{type: gru, units: 2, layers: 2, reset: before, recurrent_dropout: 0.3, inputs: [x, h]}",
			In: []Input{sequences("x", 3, 1), floats("h", 2, 2)}, Out: graph.Shape{2}, Trained: 3 * (2 + 4 + 4 + 4 + 4 + 4)},
		{Layer: "{type: gru, units: 2, sequences: true, reset: before, bias: false}", In: []Input{floats("x", 3, 1)}, Out: graph.Shape{3, 2}, Trained: 3 * (2 + 4)},
	}
}

// Build goes through the steps.
func (l *GRU) Build(c *Context, in []Signal) Signal {
	return l.build(c, in, recurrence{gates: 3, hiddenBias: true, run: func(b *graph.Builder, of op.Recurrent) (y, last, cell *graph.Value) {
		y, last = op.GRU(b, of, l.Reset == "before")
		return y, last, nil
	}})
}
