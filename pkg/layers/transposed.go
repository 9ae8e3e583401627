package layers

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
	"dnn/pkg/spec"
)

// Transposed is the settings of a transposed convolution over any number of axes.
type Transposed struct {
	Filters       Size `required:"true" doc:"number of filters: the channels of the output" also:"out_channels|channels|units"`
	Sliding       `spec:",inline"`
	OutputPadding []int `default:"0" range:"[0,100000000]" length:"[1,)" doc:"elements at the end of the output that are added to its size, below the stride: one number for all axes, or one for each"`
	Groups        int   `default:"1" range:"[1,100000000]" doc:"parts that channels and filters fall into; each part of the channels reaches only its part of the filters"`
	Weighting     `spec:",inline"`
}

// check notes lists that have not one number for each axis, and output paddings that go with nothing else.
func (l *Transposed) check(path string, rank int, p *spec.Problems) {
	w, at := l.window(), path+".output_padding"
	w.check(path, rank, p)
	switch n := len(l.OutputPadding); {
	case w.broken(rank) || n == 0:
	case n > 1 && n != rank:
		p.Add(at, "has %d numbers, but there %s: want one number, or one for each axis", n, axesText(rank))
	case l.Padding.Word == "same" && slices.Max(l.OutputPadding) > 0:
		p.Add(at, "padding: same settles the size of the output; leave it out, or give the padding as a number")
	default:
		for axis := range rank {
			if extra, stride := Axes(l.OutputPadding).at(axis), w.stride.or(Axes{1}).at(axis); extra >= stride {
				p.Add(at, "%d is out of range: want less than the stride of %d", extra, stride)
				return
			}
		}
	}
}

// settle: the channels of the output are the layer's own, whatever those of the input are.
func (*Transposed) settle(in, _ unknown) unknown { return afterWidth(in) }

// build convolves backwards over rank axes.
func (l *Transposed) build(c *Context, in []Signal, rank int) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	c.spatial(x, rank)
	win, out := l.resolve(c, x.Shape()[:rank])
	f := newFilters(c, win, x.Shape().Last(), c.Size("filters", l.Filters), l.Groups)
	f.skipped = graph.Shape(win.Stride[:rank]).Size()
	y := l.finish(c, f.transpose(c, l.WeightInit, masked(c, x), out), f)
	z := x.With(y)
	if x.Lengths != nil { // (length-1)·stride + what is left of the last window
		z.Lengths = op.ScaleLengths(c.B, x.Lengths, win.Stride[0], out[0]-x.Shape()[0]*win.Stride[0], 1)
	}
	return z
}

// resolve returns the window of the convolution that makes in of out, and out.
func (l *Transposed) resolve(c *Context, in []int) (win op.Window, out []int) {
	w, rank := l.window(), len(in)
	var p spec.Problems
	if l.check("", rank, &p); w.broken(rank) || p.Len() > 0 {
		panic(failed{shapeUnknown})
	}
	win.Rank = rank
	one := Axes{1}
	for axis, n := range in {
		stride := w.stride.or(one).at(axis)
		win.Kernel[axis], win.Stride[axis], win.Dilation[axis] = w.size.at(axis), stride, w.dilation.or(one).at(axis)
		extent, pad := win.Extent(axis), 0
		if w.padding.Word == "same" {
			total := max(extent-stride, 0)
			win.Before[axis], win.After[axis] = total/2, total-total/2
			out = append(out, n*stride)
			continue
		}
		if w.padding.Word == "" {
			pad = w.padding.Numbers.at(axis)
		}
		win.Before[axis], win.After[axis] = pad, pad
		out = append(out, (n-1)*stride+extent-2*pad+Axes(l.OutputPadding).at(axis))
	}
	if slices.Min(out) < 1 {
		c.Fail("padding", "a padding of %s leaves nothing of what a window of %s makes of an input of %s", by(w.padding.Numbers), w.extents(win), by(in))
	}
	return win, out
}

// transpose spreads x with a parameter weight [in, out/groups, kernel..], as PyTorch lays it out.
func (f filters) transpose(c *Context, init initializer.Initializer, x *graph.Value, out []int) *graph.Value {
	in, fanOut := f.fans()
	w := c.Param("weight", append(graph.Shape{f.in, f.out / f.groups}, f.kernel()...), init, in, fanOut)
	return op.ConvTranspose(c.B, x, w, nil, f.win, f.groups, out)
}
