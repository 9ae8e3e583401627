package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("max_pool1d", "the largest element of each window of a sequence", &MaxPool1D{}).
		Also("maxpool1d", "max_pooling1d")
}

// MaxPool1D takes the largest element of each window, channel by channel:
//
//	y[p,c] = max_t x[p·stride + t - before, c]
//
// where p and t are steps. Padding is never the largest; the gradient goes to the first of
// equals, and NaN counts as larger than all, as in PyTorch.
//
// Shapes: [steps, channels] to [steps', channels]. With n steps:
//
//	valid    n' = ⌊(n - size)/stride⌋ + 1
//	same     n' = ⌈n/stride⌉, with ⌊max(0, (n'-1)·stride + size - n)/2⌋ elements of the padding before, as in TensorFlow
//	number   n' = ⌊(n + 2·padding - size)/stride⌋ + 1
//
// With ceil, ⌊⌋ becomes ⌈⌉, but a last window that would begin behind the input is left out, as in PyTorch.
//
// Sequences of different lengths: steps beyond a row's length count as padding, and lengths change as steps do; the
// outputs beyond them are 0. With same, ⌊max(0, size - stride)/2⌋ elements of the padding are before all of them, whatever
// their lengths. A row without steps stays one.
//
// Errors: an input of another rank; a window that does not fit the input; a padding as large as the window; category
// indices.
//
// Source: Scherer et al. 2010, "Evaluation of pooling operations in convolutional architectures for object recognition".
type MaxPool1D struct {
	Pooling `spec:",inline"`
}

// Cases are examples of it.
func (*MaxPool1D) Cases() []Case {
	return []Case{
		{Layer: "{type: max_pool1d, size: 3}", In: []Input{floats("x", 8, 2)}, Out: graph.Shape{2, 2}},
		{Layer: "{type: max_pool1d, size: 3, stride: 2, padding: same}", In: []Input{floats("x", 8, 2)}, Out: graph.Shape{4, 2}},
		{Layer: "{type: max_pool1d, size: [2], stride: [3], ceil: true}", In: []Input{floats("x", 9, 1)}, Out: graph.Shape{3, 1}},
	}
}

// CheckSpec expects one number for each axis, and windows that hold more than padding.
func (l *MaxPool1D) CheckSpec(path string, p *spec.Problems) { l.check(path, 1, p) }

// Build pools.
func (l *MaxPool1D) Build(c *Context, in []Signal) Signal { return l.max(c, in, 1) }
