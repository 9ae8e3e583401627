package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("adaptive_avg_pool1d", "a sequence of a given size, whatever that of the input is", &AdaptiveAvgPool1D{}).
		Also("adaptiveavgpool1d")
}

// AdaptiveAvgPool1D lays as many windows over the input as are wanted, as evenly as can be, and takes their means. Along
// an axis of n positions that becomes one of m, position i is the mean of the positions from ⌊i·n/m⌋ up to, but not with,
// ⌈(i+1)·n/m⌉, as in PyTorch: windows overlap where m does not divide n.
//
// Shapes: [steps, channels] to [size, channels].
//
// Errors: an input of another rank; sequences of different lengths; category indices.
//
// Source: He et al. 2015, "Spatial pyramid pooling in deep convolutional networks for visual recognition", section 2.
type AdaptiveAvgPool1D struct {
	Resizing `spec:",inline"`
}

// Cases are examples of it.
func (*AdaptiveAvgPool1D) Cases() []Case {
	return []Case{
		{Layer: "{type: adaptive_avg_pool1d, size: 4}", In: []Input{floats("x", 7, 3)}, Out: graph.Shape{4, 3}},
	}
}

// CheckSpec expects one number for each axis.
func (l *AdaptiveAvgPool1D) CheckSpec(path string, p *spec.Problems) { l.check(path, 1, p) }

// Build averages.
func (l *AdaptiveAvgPool1D) Build(c *Context, in []Signal) Signal { return l.mean(c, in, 1) }
