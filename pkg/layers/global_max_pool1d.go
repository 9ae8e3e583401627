package layers

import "dnn/pkg/graph"

func init() {
	Registry.Register("global_max_pool1d", "the largest element of each channel of a sequence", &GlobalMaxPool1D{}).
		Also("global_max_pooling1d")
}

// GlobalMaxPool1D takes the largest element of each channel over all of its positions; the gradient goes to the first of
// equals.
//
// Shapes: [steps, channels] to [channels].
//
// Sequences of different lengths: only steps within a row's length take part; a row of none gives 0.
//
// Errors: an input of another rank; category indices.
//
// Source: Collobert et al. 2011, "Natural language processing (almost) from scratch", section 3.2.2 (max over time).
type GlobalMaxPool1D struct{ GlobalPooling }

// Cases are examples of it.
func (*GlobalMaxPool1D) Cases() []Case {
	return []Case{
		{Layer: "global_max_pool1d", In: []Input{floats("x", 7, 3)}, Out: graph.Shape{3}},
	}
}

// Build takes the largest.
func (l *GlobalMaxPool1D) Build(c *Context, in []Signal) Signal { return globalMax(c, in, 1) }
