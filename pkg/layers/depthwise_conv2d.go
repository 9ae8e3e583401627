package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("depthwise_conv2d", "filters for each channel of an image by itself", &DepthwiseConv2D{}).
		Also("dwconv2d")
}

// DepthwiseConv2D slides filters over each channel of an image by itself: a conv2d with as many groups as channels.
// Output channels c·multiplier to (c+1)·multiplier - 1 are those of input channel c.
//
// Shapes: [height, width, channels] to [height', width', channels·multiplier]; height' and width' as with conv2d.
//
// Parameters: weight [channels·multiplier, 1, kernel height, kernel width], as PyTorch lays it out; bias
// [channels·multiplier].
//
// Errors: an input of another rank; a window that does not fit the input; category indices.
//
// Source: Howard et al. 2017, "MobileNets: efficient convolutional neural networks for mobile vision applications", eq. 3.
type DepthwiseConv2D struct {
	Depthwise `spec:",inline"`
}

// Cases are examples of it.
func (*DepthwiseConv2D) Cases() []Case {
	return []Case{
		{Layer: "{type: depthwise_conv2d, kernel: 3, padding: 1, stride: 2, activation: tanh}", In: []Input{floats("x", 4, 5, 3)}, Out: graph.Shape{2, 3, 3}, Trained: 30},
		{Layer: "{type: depthwise_conv2d, kernel: [1, 2], multiplier: 2, bias: false}", In: []Input{floats("x", 2, 3, 2)}, Out: graph.Shape{2, 2, 4}, Trained: 8},
	}
}

// CheckSpec expects one number for each axis.
func (l *DepthwiseConv2D) CheckSpec(path string, p *spec.Problems) { l.window().check(path, 2, p) }

// Build convolves.
func (l *DepthwiseConv2D) Build(c *Context, in []Signal) Signal { return l.build(c, in, 2) }
