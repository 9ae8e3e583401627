package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("avg_pool2d", "the mean of each window of an image", &AvgPool2D{}).
		Also("avgpool2d", "avgpool", "average_pooling2d")
}

// AvgPool2D takes the mean of each window, channel by channel:
//
//	y[p,c] = Σ_t x[p·stride + t - before, c] / count
//
// where p and t are pairs of a row and a column and x is 0 beyond its edges. The count is that of the window's
// elements within the input and its padding or, with count_padding: false, within the input alone.
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
// Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition", section II (there with a factor
// and a term that are learned).
type AvgPool2D struct {
	Pooling      `spec:",inline"`
	CountPadding bool `default:"true" doc:"whether the padding takes part in the means, as zeros"`
}

// Cases are examples of it.
func (*AvgPool2D) Cases() []Case {
	return []Case{
		{Layer: "{type: avg_pool2d, size: 2}", In: []Input{floats("x", 4, 5, 2)}, Out: graph.Shape{2, 2, 2}},
		{Layer: "{type: avg_pool2d, size: 3, stride: 1, padding: same}", In: []Input{floats("x", 4, 5, 2)}, Out: graph.Shape{4, 5, 2}},
	}
}

// CheckSpec expects one number for each axis, and windows that hold more than padding.
func (l *AvgPool2D) CheckSpec(path string, p *spec.Problems) { l.check(path, 2, p) }

// Build pools.
func (l *AvgPool2D) Build(c *Context, in []Signal) Signal { return l.mean(c, in, 2, l.CountPadding) }
