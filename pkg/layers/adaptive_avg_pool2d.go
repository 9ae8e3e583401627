package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("adaptive_avg_pool2d", "an image of a given size, whatever that of the input is", &AdaptiveAvgPool2D{}).
		Also("adaptiveavgpool2d")
}

// AdaptiveAvgPool2D lays as many windows over the input as are wanted, as evenly as can be, and takes their means. Along
// an axis of n positions that becomes one of m, position i is the mean of the positions from ⌊i·n/m⌋ up to, but not with,
// ⌈(i+1)·n/m⌉, as in PyTorch: windows overlap where m does not divide n.
//
// Shapes: [height, width, channels] to [size, size, channels].
//
// Errors: an input of another rank; sequences of different lengths; category indices.
//
// Source: He et al. 2015, "Spatial pyramid pooling in deep convolutional networks for visual recognition", section 2.
type AdaptiveAvgPool2D struct {
	Resizing `spec:",inline"`
}

// Cases are examples of it.
func (*AdaptiveAvgPool2D) Cases() []Case {
	return []Case{
		{Layer: "{type: adaptive_avg_pool2d, size: [2, 3]}", In: []Input{floats("x", 3, 4, 2)}, Out: graph.Shape{2, 3, 2}},
	}
}

// CheckSpec expects one number for each axis.
func (l *AdaptiveAvgPool2D) CheckSpec(path string, p *spec.Problems) { l.check(path, 2, p) }

// Build averages.
func (l *AdaptiveAvgPool2D) Build(c *Context, in []Signal) Signal { return l.mean(c, in, 2) }
