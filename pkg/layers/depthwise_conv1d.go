package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("depthwise_conv1d", "filters for each channel of a sequence by itself", &DepthwiseConv1D{})
}

// DepthwiseConv1D slides filters along each channel of a sequence by itself: a conv1d with as many groups as channels.
// Output channels c·multiplier to (c+1)·multiplier - 1 are those of input channel c.
//
// Shapes: [steps, channels] to [out, channels·multiplier]; out and what holds of sequences of different lengths as with
// conv1d.
//
// Parameters: weight [channels·multiplier, 1, kernel], as PyTorch lays it out; bias [channels·multiplier].
//
// Errors: an input of another rank; a window that does not fit the input; category indices.
type DepthwiseConv1D struct {
	Depthwise `spec:",inline"`
}

// Cases are examples of it.
func (*DepthwiseConv1D) Cases() []Case {
	return []Case{
		{Layer: "{type: depthwise_conv1d, kernel: 3, multiplier: 2, padding: same}", In: []Input{floats("x", 5, 3)}, Out: graph.Shape{5, 6}, Trained: 24},
	}
}

// CheckSpec expects one number for each axis.
func (l *DepthwiseConv1D) CheckSpec(path string, p *spec.Problems) { l.window().check(path, 1, p) }

// Build convolves.
func (l *DepthwiseConv1D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 1) }
