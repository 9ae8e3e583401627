package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("conv3d", "filters that slide through a volume or a film", &Conv3D{}).Also("convolution3d")
}

// Conv3D slides filters through a volume, or over the images of a film; each gives one channel of the output. All is as
// with conv2d, but for a third axis, which comes first.
//
// Shapes: [depth, height, width, channels] to [depth', height', width', filters].
//
// Parameters: weight [filters, channels/groups, kernel depth, kernel height, kernel width], as PyTorch lays it out; bias
// [filters].
//
// With a rank r, a convolution of that kernel makes r channels, without bias or activation, and a second one, of single elements,
// the output: down.weight [r, channels, kernel depth, kernel height, kernel width] and up.weight [filters, r, 1, 1, 1] in place of
// weight. weight_init draws the second, and the first is drawn from lecun_uniform.
//
// Errors: an input of another rank; a window that does not fit the input; groups that do not divide channels and filters;
// both rank and groups; category indices.
//
// Source: Tran et al. 2015, "Learning spatiotemporal features with 3D convolutional networks"; rank: Zhang et al. 2016,
// "Accelerating very deep convolutional networks for classification and detection", section 3.1.
type Conv3D struct {
	Convolution `spec:",inline"`
}

// Cases are examples of it.
func (*Conv3D) Cases() []Case {
	return []Case{
		{Layer: "{type: conv3d, filters: 2, kernel: [2, 1, 2], padding: same, stride: [1, 2, 1]}", In: []Input{floats("x", 2, 3, 2, 1)}, Out: graph.Shape{2, 2, 2, 2}, Trained: 10},
		{Layer: "{type: conv3d, filters: 3, kernel: 2, rank: 1}", In: []Input{floats("x", 2, 3, 2, 2)}, Out: graph.Shape{1, 2, 1, 3}, Trained: 16 + 3 + 3},
	}
}

// CheckSpec expects one number for each axis.
func (l *Conv3D) CheckSpec(path string, p *spec.Problems) { l.check(path, 3, p) }

// Build convolves.
func (l *Conv3D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 3) }
