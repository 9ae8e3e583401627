package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("avg_pool1d", "the mean of each window of a sequence", &AvgPool1D{}).
		Also("avgpool1d", "average_pooling1d")
}

// AvgPool1D takes the mean of each window, channel by channel:
//
//	y[p,c] = Σ_t x[p·stride + t - before, c] / count
//
// where p and t are steps and x is 0 beyond its edges. The count is that of the window's elements within the input and
// its padding or, with count_padding: false, within the input alone.
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
// Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition", section II (there with a factor
// and a term that are learned).
type AvgPool1D struct {
	Pooling      `spec:",inline"`
	CountPadding bool `default:"true" doc:"whether the padding takes part in the means, as zeros"`
}

// Cases are examples of it.
func (*AvgPool1D) Cases() []Case {
	return []Case{
		{Layer: "{type: avg_pool1d, size: 3}", In: []Input{floats("x", 8, 2)}, Out: graph.Shape{2, 2}},
		{Layer: "{type: avg_pool1d, size: 3, stride: 2, padding: 1, ceil: true, count_padding: false}", In: []Input{floats("x", 8, 2)}, Out: graph.Shape{5, 2}},
	}
}

// CheckSpec expects one number for each axis, and windows that hold more than padding.
func (l *AvgPool1D) CheckSpec(path string, p *spec.Problems) { l.check(path, 1, p) }

// Build pools.
func (l *AvgPool1D) Build(c *Context, in []Signal) Signal { return l.mean(c, in, 1, l.CountPadding) }
