package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("max_pool2d", "the largest element of each window of an image", &MaxPool2D{}).
		Also("maxpool2d", "maxpool", "max_pooling2d")
}

// MaxPool2D takes the largest element of each window, channel by channel:
//
//	y[p,c] = max_t x[p·stride + t - before, c]
//
// where p and t are pairs of a row and a column. Padding is never the largest; the gradient goes to the first of
// equals, and NaN counts as larger than all, as in PyTorch.
//
// Shapes: [height, width, channels] to [height', width', channels]. For each axis, of n elements:
//
//	valid    n' = ⌊(n - size)/stride⌋ + 1
//	same     n' = ⌈n/stride⌉, with ⌊max(0, (n'-1)·stride + size - n)/2⌋ elements of the padding before, as in TensorFlow
//	number   n' = ⌊(n + 2·padding - size)/stride⌋ + 1
//
// With ceil, ⌊⌋ becomes ⌈⌉, but a last window that would begin behind the input is left out, as in PyTorch.
//
// Errors: an input of another rank; a window that does not fit the input; a padding as large as the window; category
// indices.
//
// Source: Scherer et al. 2010, "Evaluation of pooling operations in convolutional architectures for object recognition".
type MaxPool2D struct {
	Pooling `spec:",inline"`
}

// Cases are examples of it.
func (*MaxPool2D) Cases() []Case {
	return []Case{
		{Layer: "{type: max_pool2d, size: 2}", In: []Input{floats("x", 4, 5, 2)}, Out: graph.Shape{2, 2, 2}},
		{Layer: "{type: max_pool2d, size: [3, 2], stride: [2, 1], padding: [1, 0]}", In: []Input{floats("x", 4, 5, 2)}, Out: graph.Shape{2, 4, 2}},
		{Layer: "{type: max_pool2d, size: 3, stride: 2, padding: same, ceil: true}", In: []Input{floats("x", 4, 5, 1)}, Out: graph.Shape{2, 3, 1}},
	}
}

// CheckSpec expects one number for each axis, and windows that hold more than padding.
func (l *MaxPool2D) CheckSpec(path string, p *spec.Problems) { l.check(path, 2, p) }

// Build pools.
func (l *MaxPool2D) Build(c *Context, in []Signal) Signal { return l.max(c, in, 2) }
