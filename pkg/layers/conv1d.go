package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("conv1d", "filters that slide along a sequence", &Conv1D{}).Also("convolution1d")
}

// Conv1D slides filters along a sequence; each gives one channel of the output:
//
//	y[p,o] = f(Σ_t Σ_c x[p·stride + t·dilation - before, c]·w[o,c,t] + b[o])
//
// where x is 0 beyond its ends and c runs over the channels of o's group.
//
// Shapes: [steps, channels] to [out, filters]. With e = dilation·(kernel-1) + 1:
//
//	valid    out = ⌊(steps - e)/stride⌋ + 1, before = 0
//	same     out = ⌈steps/stride⌉, before = ⌊max(0, (out-1)·stride + e - steps)/2⌋, as in TensorFlow
//	number   out = ⌊(steps + 2·padding - e)/stride⌋ + 1, before = padding
//
// Sequences of different lengths: steps beyond a row's length count as padding, and lengths change as steps do. With same,
// before = ⌊max(0, e - stride)/2⌋ for all of them, whatever their lengths. A row without steps stays one.
//
// Parameters: weight [filters, channels/groups, kernel], as PyTorch lays it out; bias [filters]. First values are those
// of dense, with n = channels/groups·kernel inputs of an output.
//
// With a rank r, a convolution of that kernel makes r channels, without bias or activation, and a second one, of single elements,
// the output: down.weight [r, channels, kernel] and up.weight [filters, r, 1] in place of
// weight. weight_init draws the second, and the first is drawn from lecun_uniform.
//
// Errors: an input of another rank; a window that does not fit the input; groups that do not divide channels and filters;
// both rank and groups; category indices.
//
// Source: Waibel et al. 1989, "Phoneme recognition using time-delay neural networks"; rank: Zhang et al. 2016,
// "Accelerating very deep convolutional networks for classification and detection", section 3.1.
type Conv1D struct {
	Convolution `spec:",inline"`
}

// Cases are examples of it.
func (*Conv1D) Cases() []Case {
	return []Case{
		{Layer: "{type: conv1d, filters: 3, kernel: 3, activation: tanh}", In: []Input{floats("x", 7, 2)}, Out: graph.Shape{5, 3}, Trained: 21},
		{Layer: "{type: conv1d, filters: classes, kernel: 4, stride: 3, padding: same, bias: false}", In: []Input{floats("x", 8, 2)}, Out: graph.Shape{3, 3}, Trained: 24},
		{Layer: "{type: conv1d, filters: 4, kernel: 2, dilation: 3, padding: 2, groups: 2}", In: []Input{floats("x", 5, 2)}, Out: graph.Shape{6, 4}, Trained: 12},
		{Layer: "{type: conv1d, filters: 4, kernel: 3, rank: 2, padding: same}", In: []Input{sequences("x", 5, 3)}, Out: graph.Shape{5, 4}, Trained: 18 + 8 + 4},
	}
}

// CheckSpec expects one number for each axis.
func (l *Conv1D) CheckSpec(path string, p *spec.Problems) { l.check(path, 1, p) }

// Build convolves.
func (l *Conv1D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 1) }
