package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("max_pool3d", "the largest element of each window of a volume or a film", &MaxPool3D{})
}

// MaxPool3D takes the largest element of each window, channel by channel:
//
//	y[p,c] = max_t x[p·stride + t - before, c]
//
// where p and t are triples of a plane, a row and a column. Padding is never the largest; the gradient goes to the first of
// equals, and NaN counts as larger than all, as in PyTorch.
//
// Shapes: [depth, height, width, channels] to [depth', height', width', channels]. For each axis, of n elements:
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
type MaxPool3D struct {
	Pooling `spec:",inline"`
}

// Cases are examples of it.
func (*MaxPool3D) Cases() []Case {
	return []Case{
		{Layer: "{type: max_pool3d, size: 2}", In: []Input{floats("x", 4, 3, 2, 2)}, Out: graph.Shape{2, 1, 1, 2}},
	}
}

// CheckSpec expects one number for each axis, and windows that hold more than padding.
func (l *MaxPool3D) CheckSpec(path string, p *spec.Problems) { l.check(path, 3, p) }

// Build pools.
func (l *MaxPool3D) Build(c *Context, in []Signal) Signal { return l.max(c, in, 3) }
