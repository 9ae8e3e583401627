package layers

import "dnn/pkg/spec"

func init() {
	Registry.Register("conv3d", "filters that slide through a volume or a film", &Conv3D{}).Also("convolution3d")
}

// Conv3D slides filters through a volume, or over the pictures of a film; each gives one channel of the output. All is as
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

// CheckSpec wants one number for each axis.
func (l *Conv3D) CheckSpec(path string, p *spec.Problems) { l.window().check(path, 3, p) }

// Build convolves.
func (l *Conv3D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 3) }
