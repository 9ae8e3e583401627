package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("lstm", "a long short-term memory over sequences", &LSTM{})
}

// LSTM goes through sequences step by step and keeps a hidden state h and cells c:
//
//	a = x_t·W_ihᵀ + b_ih + h_t-1·W_hhᵀ + b_hh, in four parts a_i, a_f, a_g and a_o
//	i = σ(a_i), f = σ(a_f), g = tanh(a_g), o = σ(a_o)
//	c_t = f·c_t-1 + i·g,  h_t = o·tanh(c_t)
//
// h_0 and c_0 are zero, or the second and the third input. Where sequences have different lengths, a row ends with its last
// valid step, where the reverse direction begins; what it gives does not depend on how far it was padded.
//
// Shapes: [steps, n] to [units], h after the last step, or with sequences: true to [steps, units]; with bidirectional: true
// twice as wide, the reverse direction behind the forward one. A second input is the initial h, a third the initial c (zero
// when left out), each [layers·directions, units] or the same in a row, layer by layer and within them forward before
// reverse; NAME.h and NAME.c are the last h and c in that form, for the inputs of another layer.
//
// Parameters, for layer k = 0, 1, .. and as PyTorch lays them out, the gates in the order i, f, g, o: weight_ih_lk
// [4·units, n], weight_hh_lk [4·units, units], bias_ih_lk [4·units], bias_hh_lk [4·units]; those of the reverse direction
// end with _reverse. From the second layer on, n is the width of the layer before.
//
// Recurrent dropout multiplies the hidden state that W_hh meets by one mask for all steps of a row; the cells are left alone.
//
// Errors: an input whose rows are not [steps, features]; an initial state of another shape; category indices.
//
// Source: Hochreiter & Schmidhuber 1997, "Long short-term memory"; Gers et al. 2000, "Learning to forget"; Jozefowicz et al.
// 2015, "An empirical exploration of recurrent network architectures", for forget_bias; Gal & Ghahramani 2016, "A
// theoretically grounded application of dropout in recurrent neural networks".
type LSTM struct {
	Recurrent  `spec:",inline"`
	ForgetBias float64 `default:"1" range:"(,)" doc:"first value of the forget gate's bias in bias_ih, 0 in bias_hh, whatever bias_init says; PyTorch has none: 0"`
}

// Cases are examples of it.
func (*LSTM) Cases() []Case {
	return []Case{
		{Layer: "{type: lstm, units: 3}", In: []Input{sequences("x", 3, 2)}, Out: graph.Shape{3}, Trained: 4 * (6 + 9 + 6)},
		{Layer: "{type: lstm, units: 2, sequences: true, bidirectional: true, inputs: [x, h]}",
			In: []Input{sequences("x", 3, 1), floats("h", 4)}, Out: graph.Shape{3, 4}, Trained: 2 * 4 * (2 + 4 + 4)},
		{Layer: "{type: lstm, units: 2, layers: 2, recurrent_dropout: 0.3, dropout: 0.5, bias: false, inputs: [x, h, c]}",
			In: []Input{floats("x", 3, 1), floats("h", 2, 2), floats("c", 2, 2)}, Out: graph.Shape{2}, Trained: 4 * (2 + 4 + 4 + 4)},
	}
}

// Build goes through the steps.
func (l *LSTM) Build(c *Context, in []Signal) Signal {
	return l.build(c, in, recurrence{gates: 4, cells: true, forget: &l.ForgetBias,
		run: func(b *graph.Builder, of op.Recurrent) (y, last, cell *graph.Value) { return op.LSTM(b, of) }})
}
