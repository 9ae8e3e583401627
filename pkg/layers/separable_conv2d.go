package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("separable_conv2d", "a depthwise convolution whose channels are then mixed", &SeparableConv2D{}).
		Also("sepconv2d")
}

// SeparableConv2D slides filters over each channel of an image by itself, and then mixes the channels at each place. It
// sees as far as a conv2d of the same kernel, with a fraction of the weights and the work:
//
//	y = f(conv2d₁ₓ₁(depthwise_conv2d(x)) + b)
//
// Shapes: [height, width, channels] to [height', width', filters]; height' and width' as with conv2d.
//
// Parameters: depthwise.weight [channels·multiplier, 1, kernel height, kernel width] and pointwise.weight
// [filters, channels·multiplier, 1, 1], as PyTorch lays them out; bias [filters].
//
// Errors: an input of another rank; a window that does not fit the input; category indices.
//
// Source: Chollet 2017, "Xception: deep learning with depthwise separable convolutions".
type SeparableConv2D struct {
	Filters    Size `required:"true" doc:"number of filters: the channels of the output" also:"out_channels|channels|units"`
	Sliding    `spec:",inline"`
	Multiplier int `default:"1" range:"[1,100000000]" doc:"filters for each channel before they are mixed"`
	Weighting  `spec:",inline"`
}

// Cases are examples of it.
func (*SeparableConv2D) Cases() []Case {
	return []Case{
		{Layer: "{type: separable_conv2d, filters: 4, kernel: 3, padding: same, stride: 2, activation: tanh}", In: []Input{floats("x", 4, 3, 2)}, Out: graph.Shape{2, 2, 4}, Trained: 18 + 8 + 4},
		{Layer: "{type: separable_conv2d, filters: 1, kernel: 2, multiplier: 3, bias: false}", In: []Input{floats("x", 3, 3, 2)}, Out: graph.Shape{2, 2, 1}, Trained: 24 + 6},
	}
}

// CheckSpec expects one number for each axis.
func (l *SeparableConv2D) CheckSpec(path string, p *spec.Problems) { l.window().check(path, 2, p) }

// settle: the channels of the output are the layer's own, whatever those of the input are.
func (*SeparableConv2D) settle(in, _ unknown) unknown { return afterWidth(in) }

// Build convolves twice.
func (l *SeparableConv2D) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	win, _ := l.window().resolve(c, x, 2)
	deep := depthwise(win, x.Shape().Last(), l.Multiplier)
	y := deep.convolve(c, "depthwise.weight", l.WeightInit, masked(c, x))
	mixed := filters{single(2), deep.out, c.Size("filters", l.Filters), 1, 1}
	y = l.finish(c, mixed.convolve(c, "pointwise.weight", l.WeightInit, y), mixed)
	return windowed(c, x, y, win, l.Padding)
}
