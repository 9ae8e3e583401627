package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("conv_transpose1d", "filters that enlarge a sequence", &ConvTranspose1D{}).
		Also("conv1dtranspose", "deconv1d")
}

// ConvTranspose1D enlarges a sequence: each step is weighed by filters as long as the window, which are laid stride apart
// and added up. It is the gradient of a conv1d by its input:
//
//	y[q,o] = f(Σ x[p,c]·w[c,o,t] + b[o]) over all p, t, c with p·stride + t·dilation - before = q
//
// where c runs over the channels of o's group.
//
// Shapes: [steps, channels] to [out, filters]. With e = dilation·(kernel-1) + 1:
//
//	valid    out = (steps - 1)·stride + e + output_padding, before = 0
//	same     out = steps·stride, before = ⌊max(0, e - stride)/2⌋, as in TensorFlow
//	number   out = (steps - 1)·stride + e - 2·padding + output_padding, before = padding
//
// Sequences of different lengths: steps beyond a row's length add nothing, and lengths change as steps do.
//
// Parameters: weight [channels, filters/groups, kernel], as PyTorch lays it out; bias [filters]. First values are those of
// dense, with n = channels/groups·⌊kernel/stride⌋ inputs of an output (PyTorch takes filters/groups·kernel).
//
// Errors: an input of another rank; a padding that leaves nothing; an output padding that is not below the stride, or
// beside same; groups that do not divide channels and filters; category indices.
//
// Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", section 4.
type ConvTranspose1D struct {
	Transposed `spec:",inline"`
}

// Cases are examples of it.
func (*ConvTranspose1D) Cases() []Case {
	return []Case{
		{Layer: "{type: conv_transpose1d, filters: 4, kernel: 3, stride: 2, padding: 1, output_padding: 1, groups: 2}", In: []Input{floats("x", 4, 2)}, Out: graph.Shape{8, 4}, Trained: 16},
		{Layer: "{type: conv_transpose1d, filters: 2, kernel: 2, dilation: 2, bias: false}", In: []Input{floats("x", 3, 2)}, Out: graph.Shape{5, 2}, Trained: 8},
	}
}

// CheckSpec expects one number for each axis, and an output padding that fits.
func (l *ConvTranspose1D) CheckSpec(path string, p *spec.Problems) { l.check(path, 1, p) }

// Build convolves.
func (l *ConvTranspose1D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 1) }
