package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("conv_transpose2d", "filters that enlarge an image", &ConvTranspose2D{}).
		Also("conv2dtranspose", "deconv2d", "deconv")
}

// ConvTranspose2D enlarges an image: each element is weighed by filters as large as the window, which are laid stride
// apart and added up. It is the gradient of a conv2d by its input:
//
//	y[q,o] = f(Σ x[p,c]·w[c,o,t] + b[o]) over all p, t, c with p·stride + t·dilation - before = q
//
// where p, q and t are pairs of a row and a column, and c runs over the channels of o's group.
//
// Shapes: [height, width, channels] to [height', width', filters]. For each axis, of n elements and with
// e = dilation·(kernel-1) + 1:
//
//	valid    n' = (n - 1)·stride + e + output_padding, before = 0
//	same     n' = n·stride, before = ⌊max(0, e - stride)/2⌋, as in TensorFlow
//	number   n' = (n - 1)·stride + e - 2·padding + output_padding, before = padding
//
// Parameters: weight [channels, filters/groups, kernel height, kernel width], as PyTorch lays it out; bias [filters].
// First values are those of dense, with n = channels/groups·⌊kernel height·kernel width/stride²⌋ inputs of an output
// (PyTorch takes filters/groups·kernel height·kernel width).
//
// Errors: an input of another rank; a padding that leaves nothing; an output padding that is not below the stride, or
// beside same; groups that do not divide channels and filters; category indices.
//
// Source: Zeiler et al. 2010, "Deconvolutional networks"; Dumoulin & Visin 2016, "A guide to convolution arithmetic for
// deep learning", section 4.
type ConvTranspose2D struct {
	Transposed `spec:",inline"`
}

// Cases are examples of it.
func (*ConvTranspose2D) Cases() []Case {
	return []Case{
		{Layer: "{type: conv_transpose2d, filters: 3, kernel: [2, 3], stride: 2, padding: same}", In: []Input{floats("x", 2, 3, 2)}, Out: graph.Shape{4, 6, 3}, Trained: 39},
		{Layer: "{type: conv_transpose2d, filters: 1, kernel: 1, stride: [2, 3], output_padding: [0, 2], activation: tanh}", In: []Input{floats("x", 2, 2, 2)}, Out: graph.Shape{3, 6, 1}, Trained: 3},
	}
}

// CheckSpec expects one number for each axis, and an output padding that fits.
func (l *ConvTranspose2D) CheckSpec(path string, p *spec.Problems) { l.check(path, 2, p) }

// Build convolves.
func (l *ConvTranspose2D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 2) }
