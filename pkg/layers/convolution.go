package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/activation"
	"dnn/pkg/layers/initializer"
	"dnn/pkg/spec"
)

// Sliding is how the window of a convolution slides over its input.
type Sliding struct {
	Kernel   Axes    `required:"true" doc:"extent of the window: one number for all axes, or one for each" also:"kernel_size"`
	Stride   Axes    `default:"1" doc:"distance from one place of the window to the next"`
	Dilation Axes    `default:"1" doc:"distance between the elements of the window; 1 leaves nothing out"`
	Padding  Padding `default:"valid" doc:"zeros around the input: none (valid), as many as give ⌈n/stride⌉ outputs (same), or a number for both ends of each axis"`
}

// window is the same in the form that all windows share.
func (s *Sliding) window() window {
	return window{sizeKey: "kernel", size: s.Kernel, stride: s.Stride, dilation: s.Dilation, padding: s.Padding}
}

// Weighting is what becomes of what the windows of a convolution see.
type Weighting struct {
	Activation activation.Activation   `default:"linear" doc:"function of the outputs"`
	Bias       bool                    `default:"true" doc:"whether a bias is added; needless before a batch_norm"`
	WeightInit initializer.Initializer `default:"lecun_uniform" doc:"first values of the weights"`
	BiasInit   initializer.Initializer `default:"fan_in_uniform" doc:"first values of the biases"`
}

// finish adds the bias of the filters f, if there is one, and applies the activation.
func (w *Weighting) finish(c *Context, y *graph.Value, f filters) *graph.Value {
	if w.Bias {
		in, out := f.fans()
		y = op.Add(c.B, y, c.Param("bias", graph.Shape{f.out}, w.BiasInit, in, out))
	}
	return activate(c.B, w.Activation, y)
}

// Convolution is the settings of a convolution over any number of axes.
type Convolution struct {
	Filters   Size `required:"true" doc:"number of filters: the channels of the output" also:"out_channels|channels|units"`
	Sliding   `spec:",inline"`
	Groups    int `default:"1" range:"[1,100000000]" doc:"parts that channels and filters fall into; each part of the filters sees only its part of the channels"`
	Rank      int `default:"0" range:"[0,100000000]" doc:"filters of a first convolution with the kernel, from whose channels a second one, of single elements, makes the output: weights of that rank; 0: one convolution; only with groups: 1"`
	Weighting `spec:",inline"`
}

// check expects one number for each of rank axes, and a rank of filters that see all channels.
func (l *Convolution) check(path string, rank int, p *spec.Problems) {
	l.window().check(path, rank, p)
	if l.Rank > 0 && l.Groups > 1 {
		p.Add(path+".rank", "is for filters that see all channels; with groups: %d each sees a part of them", l.Groups)
	}
}

// settle: the channels of the output are the layer's own, whatever those of the input are.
func (*Convolution) settle(in, _ unknown) unknown { return afterWidth(in) }

// build convolves over rank axes.
func (l *Convolution) build(c *Context, in []Signal, rank int) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	win, _ := l.window().resolve(c, x, rank)
	f := newFilters(c, win, x.Shape().Last(), c.Size("filters", l.Filters), l.Groups)
	if l.Rank == 0 {
		y := f.convolve(c, "weight", l.WeightInit, masked(c, x))
		return windowed(c, x, l.finish(c, y, f), win, l.Padding)
	}
	first, second := filters{win, f.in, l.Rank, 1, 1}, filters{single(rank), l.Rank, f.out, 1, 1}
	y := first.convolve(c, downWeight, &initializer.LecunUniform{}, masked(c, x))
	y = second.convolve(c, upWeight, l.WeightInit, y)
	return windowed(c, x, l.finish(c, y, f), win, l.Padding)
}

// single is a window of one element over rank axes.
func single(rank int) op.Window {
	win := op.Window{Rank: rank}
	for axis := range rank {
		win.Kernel[axis], win.Stride[axis], win.Dilation[axis] = 1, 1, 1
	}
	return win
}

// Depthwise is the settings of a convolution of each channel by itself.
type Depthwise struct {
	Sliding    `spec:",inline"`
	Multiplier int `default:"1" range:"[1,100000000]" doc:"filters for each channel"`
	Weighting  `spec:",inline"`
}

// build convolves over rank axes.
func (l *Depthwise) build(c *Context, in []Signal, rank int) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	win, _ := l.window().resolve(c, x, rank)
	f := depthwise(win, x.Shape().Last(), l.Multiplier)
	y := l.finish(c, f.convolve(c, "weight", l.WeightInit, masked(c, x)), f)
	return windowed(c, x, y, win, l.Padding)
}

// filters are out filters over in channels, both of which fall into groups.
type filters struct {
	win             op.Window
	in, out, groups int
	skipped         int // of a transposed convolution: an output sees only each that many-th element of the window
}

// newFilters are filters in groups, or in one where those do not divide them: that leaves the output's shape known.
func newFilters(c *Context, win op.Window, in, out, groups int) filters {
	f := filters{win, in, out, groups, 1}
	what, of, n := "channel", " of its input", in
	if in%groups == 0 {
		what, of, n = "filter", "", out
	}
	if n%groups != 0 {
		f.groups = 1
		if (c.inUnknown|c.unknown)&widthUnknown == certain {
			if n > 1 {
				what += "s"
			}
			c.report("groups", "%d does not divide the %d %s%s", groups, n, what, of)
		}
	}
	return f
}

// depthwise are multiplier filters for each channel.
func depthwise(win op.Window, in, multiplier int) filters {
	return filters{win, in, in * multiplier, in, 1}
}

// kernel is the extents of the window.
func (f filters) kernel() graph.Shape { return f.win.Kernel[:f.win.Rank] }

// fans are the number of inputs that an output sees, and of outputs that an input reaches.
func (f filters) fans() (in, out int) {
	taps := f.kernel().Size()
	return f.in / f.groups * max(1, taps/f.skipped), f.out / f.groups * taps
}

// convolve weighs x with a parameter [out, in/groups, kernel..], as PyTorch lays it out.
func (f filters) convolve(c *Context, role string, init initializer.Initializer, x *graph.Value) *graph.Value {
	in, out := f.fans()
	w := c.Param(role, append(graph.Shape{f.out, f.in / f.groups}, f.kernel()...), init, in, out)
	return op.Conv(c.B, x, w, nil, f.win, f.groups)
}
