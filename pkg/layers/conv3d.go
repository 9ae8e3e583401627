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
// Errors: an input of another rank; a window that does not fit the input; groups that do not divide channels and filters;
// category indices.
//
// Source: Tran et al. 2015, "Learning spatiotemporal features with 3D convolutional networks".
type Conv3D struct {
	Convolution `spec:",inline"`
}

// Cases are examples of it.
func (*Conv3D) Cases() []Case {
	return []Case{
		{Layer: "{type: conv3d, filters: 2, kernel: [2, 1, 2], padding: same, stride: [1, 2, 1]}", In: []Input{floats("x", 2, 3, 2, 1)}, Out: graph.Shape{2, 2, 2, 2}, Trained: 10},
	}
}

// CheckSpec expects one number for each axis.
func (l *Conv3D) CheckSpec(path string, p *spec.Problems) { l.window().check(path, 3, p) }

// Build convolves.
func (l *Conv3D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 3) }
