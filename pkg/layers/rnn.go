package layers

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rnn", "a plain recurrent net over sequences", &RNN{}).
		Also("elman", "simplernn", "simple_rnn")
}

// RNN goes through sequences step by step and keeps a hidden state:
//
//	h_t = f(x_t·W_ihᵀ + b_ih + h_t-1·W_hhᵀ + b_hh)
//
// h_0 is zero, or the second input. Where sequences have different lengths, a row ends with its last valid step, where
// the reverse direction begins; what it gives does not depend on how far it was padded.
//
// Shapes: [steps, n] to [units], the state after the last step, or with sequences: true to [steps, units]; with
// bidirectional: true twice as wide, the reverse direction behind the forward one. A second input is the initial state,
// [layers·directions, units] or the same in a row, layer by layer and within them forward before reverse; NAME.h is
// the last state in that form, for the inputs of another layer.
//
// Parameters, for layer k = 0, 1, .. and as PyTorch lays them out: weight_ih_lk [units, n], weight_hh_lk [units, units],
// bias_ih_lk [units], bias_hh_lk [units]; those of the reverse direction end with _reverse. From the second layer on, n is
// the width of the layer before.
//
// Recurrent dropout multiplies the hidden state that W_hh meets by one mask for all steps of a row.
//
// Errors: an input whose rows are not [steps, features]; an initial state of another shape; category indices.
//
// Source: Elman 1990, "Finding structure in time"; Gal & Ghahramani 2016, "A theoretically grounded application of dropout
// in recurrent neural networks".
type RNN struct {
	Recurrent  `spec:",inline"`
	Activation string `default:"tanh" oneof:"tanh|relu" doc:"function of the sum"`
}

// Cases are examples of it.
func (*RNN) Cases() []Case {
	return []Case{
		{Layer: "{type: rnn, units: 5}", In: []Input{floats("x", 3, 2)}, Out: graph.Shape{5}, Trained: 45},
		{Layer: "{type: rnn, units: classes, sequences: true, activation: relu, bias: false}", In: []Input{sequences("x", 3, 2)}, Out: graph.Shape{3, 3}, Trained: 15},
		{Layer: "{type: rnn, units: 2, layers: 2, bidirectional: true, dropout: 0.4, recurrent_dropout: 0.3, inputs: [x, h]}",
			In: []Input{sequences("x", 3, 2), floats("h", 4, 2)}, Out: graph.Shape{4}, Trained: 24 + 32},
	}
}

// Build goes through the steps.
func (l *RNN) Build(c *Context, in []Signal) Signal {
	act := vec.ActTanh
	if l.Activation == "relu" {
		act = vec.ActRelu
	}
	return l.build(c, in, recurrence{gates: 1, run: func(b *graph.Builder, of op.Recurrent) (y, last, cell *graph.Value) {
		y, last = op.RNN(b, of, act)
		return y, last, nil
	}})
}
