package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("conv2d", "filters that slide over an image", &Conv2D{}).
		Also("conv", "convolution", "convolution2d")
}

// Conv2D slides filters over an image; each gives one channel of the output:
//
//	y[p,o] = f(Σ_t Σ_c x[p·stride + t·dilation - before, c]·w[o,c,t] + b[o])
//
// where p and t are pairs of a row and a column, x is 0 beyond its edges and c runs over the channels of o's group.
//
// Shapes: [height, width, channels] to [height', width', filters]. For each axis, of n elements and with
// e = dilation·(kernel-1) + 1:
//
//	valid    n' = ⌊(n - e)/stride⌋ + 1, before = 0
//	same     n' = ⌈n/stride⌉, before = ⌊max(0, (n'-1)·stride + e - n)/2⌋, as in TensorFlow
//	number   n' = ⌊(n + 2·padding - e)/stride⌋ + 1, before = padding
//
// Parameters: weight [filters, channels/groups, kernel height, kernel width], as PyTorch lays it out; bias [filters].
// First values are those of dense, with n = channels/groups·kernel height·kernel width inputs of an output.
//
// With a rank r, a convolution of that kernel makes r channels, without bias or activation, and a second one, of single elements,
// the output: down.weight [r, channels, kernel height, kernel width] and up.weight [filters, r, 1, 1] in place of
// weight. weight_init draws the second, and the first is drawn from lecun_uniform.
//
// Errors: an input of another rank; a window that does not fit the input; groups that do not divide channels and filters;
// both rank and groups; category indices.
//
// Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition", section II; groups: Krizhevsky et
// al. 2012, "ImageNet classification with deep convolutional neural networks"; dilation: Yu & Koltun 2016, "Multi-scale
// context aggregation by dilated convolutions", eq. 2; rank: Zhang et al. 2016,
// "Accelerating very deep convolutional networks for classification and detection", section 3.1.
type Conv2D struct {
	Convolution `spec:",inline"`
}

// Cases are examples of it.
func (*Conv2D) Cases() []Case {
	return []Case{
		{Layer: "{type: conv2d, filters: 2, kernel: 3, padding: same, weight_init: he_normal, bias_init: zeros}", In: []Input{floats("x", 4, 3, 2)}, Out: graph.Shape{4, 3, 2}, Trained: 38},
		{Layer: "{type: conv2d, filters: 3, kernel: [2, 3], stride: [2, 1], padding: [1, 0], activation: silu}", In: []Input{floats("x", 4, 5, 1)}, Out: graph.Shape{3, 3, 3}, Trained: 21},
		{Layer: "{type: conv2d, filters: 4, kernel: 1, groups: 2, bias: false}", In: []Input{floats("x", 2, 2, 2)}, Out: graph.Shape{2, 2, 4}, Trained: 4},
		{Layer: "{type: conv2d, filters: 1, kernel: 2, dilation: [1, 2], trainable: false}", In: []Input{floats("x", 3, 3, 1)}, Out: graph.Shape{2, 1, 1}},
		{Layer: "{type: conv2d, filters: 5, kernel: [3, 2], rank: 2, stride: 2, bias: false, activation: tanh}", In: []Input{floats("x", 5, 4, 3)}, Out: graph.Shape{2, 2, 5}, Trained: 36 + 10},
	}
}

// CheckSpec expects one number for each axis.
func (l *Conv2D) CheckSpec(path string, p *spec.Problems) { l.check(path, 2, p) }

// Build convolves.
func (l *Conv2D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 2) }
