package layers

import (
	"math"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

// Pooling is the windows of a pooling over any number of axes.
type Pooling struct {
	Size    Axes    `required:"true" doc:"extent of the window: one number for all axes, or one for each" also:"pool_size|kernel_size|kernel"`
	Stride  Axes    `doc:"distance from one window to the next; default: size"`
	Padding Padding `default:"valid" doc:"what is laid around the input: nothing (valid), as much as gives ⌈n/stride⌉ outputs (same), or a number for both ends of each axis, less than size"`
	Ceil    bool    `default:"false" doc:"whether a last window may reach beyond the padding, as long as it begins before"`
}

// window is the same in the form that all windows share.
func (l *Pooling) window() window {
	return window{sizeKey: "size", size: l.Size, stride: l.Stride, padding: l.Padding, ceil: l.Ceil}
}

// check reports settings without one number for each axis, and windows that hold only padding.
func (l *Pooling) check(path string, rank int, p *spec.Problems) {
	before := p.Len()
	l.window().check(path, rank, p)
	if len(l.Size) == 0 || len(l.Padding.Numbers) == 0 || p.Len() > before {
		return
	}
	for ax := range rank {
		if pad, size := l.Padding.Numbers.at(ax), l.Size.at(ax); pad >= size {
			p.Add(path+".padding", "windows of %d would lie in a padding of %d altogether: want less than the size", size, pad)
			return
		}
	}
}

// resolve fits the windows to a signal with rank axes.
func (l *Pooling) resolve(c *Context, in []Signal, rank int) (win op.Window, beyond [3]int) {
	c.Inputs(in, 1, 1)
	var p spec.Problems
	if l.check("", rank, &p); p.Len() > 0 {
		panic(failed{shapeUnknown}) // noted before
	}
	w := l.window()
	w.stride = l.Stride.or(l.Size)
	win, beyond = w.resolve(c, in[0], rank)
	out, err := win.Out(in[0].Shape()[:rank])
	if err == nil {
		c.positions("", out)
	}
	return win, beyond
}

// positions refuses axes so long that listing their windows would take more memory than their numbers.
func (c *Context) positions(key string, extents []int) {
	const most = 1 << 22
	for _, n := range extents {
		if n > most {
			c.Fail(key, "%d positions along an axis are too many: at most %d", n, most)
		}
	}
}

// finish is the signal of y, one step for each window; steps beyond a row's length are 0.
func (l *Pooling) finish(c *Context, x Signal, y *graph.Value, win op.Window, beyond [3]int) Signal {
	out := windowed(c, x, y, win, l.Padding)
	if x.Lengths == nil {
		return out
	}
	if l.Ceil && l.Padding.Word != "same" { // ⌈(length + padding - size)/stride⌉ + 1
		s, k, after := win.Stride[0], win.Kernel[0], win.After[0]-beyond[0]
		if s > k-after {
			c.Fail("ceil", "the windows of rows of different lengths cannot be counted with ceil: true and a stride above %d (size less padding)", k-after)
		}
		out.Lengths = op.ScaleLengths(c.B, x.Lengths, 1, win.Before[0]+after-k+2*s-1, s)
	}
	out.Value = masked(c, out)
	return out
}

// max is the largest element of each window.
func (l *Pooling) max(c *Context, in []Signal, rank int) Signal {
	win, beyond := l.resolve(c, in, rank)
	return l.finish(c, in[0], op.MaxPool(c.B, lowered(c, in[0]), win), win, beyond)
}

// mean is the mean of each window, of what lies in the input or in the padding too.
func (l *Pooling) mean(c *Context, in []Signal, rank int, countPadding bool) Signal {
	win, beyond := l.resolve(c, in, rank)
	x := in[0]
	padded := win.After[0] > beyond[0]
	switch {
	case x.Lengths == nil || countPadding && !l.Ceil: // windows of one size
		return l.finish(c, x, op.AvgPoolBeyond(c.B, masked(c, x), win, countPadding, beyond), win, beyond)
	case countPadding && padded:
		c.Fail("count_padding", "the padding of rows of different lengths cannot be counted with ceil: true; use count_padding: false")
	}
	// The sum of a window is divided by its size along the steps and by the share of that within the row: by nothing that
	// depends on where the longest row ends.
	rest, counted, within, size := beyond, alongSteps(c, stepMask(c, x), 3), first(win), win.Kernel[0]
	rest[0] = 0
	if !countPadding {
		rest = [3]int{}
		counted, within, size = everywhere(c, x, rank), win, graph.Shape(win.Kernel[:rank]).Size()
	}
	y := op.AvgPoolBeyond(c.B, masked(c, x), win, true, rest)
	share := op.AvgPool(c.B, counted, within, true)
	share = op.Maximum(c.B, share, c.B.Scalar(1/float64(2*size))) // where there are none
	if countPadding {
		share = alongSteps(c, share, y.Shape.Rank())
	}
	return l.finish(c, x, op.Div(c.B, y, share), win, beyond)
}

// everywhere is 1 for the places [rows, steps, .., 1] along rank axes within each row's length, else 0.
func everywhere(c *Context, x Signal, rank int) *graph.Value {
	mask := alongSteps(c, stepMask(c, x), rank+2)
	if rank == 1 {
		return mask
	}
	across := slices.Clone(x.Value.Shape)
	across[0], across[1], across[rank+1] = 1, 1, 1
	return op.Mul(c.B, mask, c.Const(across, func() []float32 { return slices.Repeat([]float32{1}, across.Size()) }))
}

// first is the window along the first axis alone.
func first(w op.Window) op.Window {
	return op.Window{
		Rank: 1, Kernel: [3]int{w.Kernel[0]}, Stride: [3]int{w.Stride[0]}, Dilation: [3]int{1},
		Before: [3]int{w.Before[0]}, After: [3]int{w.After[0]},
	}
}

// stepMask is 1 for the steps [rows, steps] within each row's length, else 0.
func stepMask(c *Context, x Signal) *graph.Value {
	return op.SequenceMask(c.B, x.Lengths, x.Shape()[0])
}

// alongSteps gives a value for each step of each row as many axes as rank, so that it is spread over the others.
func alongSteps(c *Context, v *graph.Value, rank int) *graph.Value {
	shape := graph.Shape{v.Shape[0], v.Shape[1]}
	for len(shape) < rank {
		shape = append(shape, 1)
	}
	return op.Reshape(c.B, v, shape...)
}

// lowered is x with steps beyond each row's length so small that they are never the largest.
func lowered(c *Context, x Signal) *graph.Value {
	if x.Lengths == nil {
		return x.Value
	}
	limit := op.Scale(c.B, op.AddScalar(c.B, stepMask(c, x), -0.5), math.MaxFloat32) // ±1.7e38
	return op.Minimum(c.B, x.Value, alongSteps(c, limit, x.Value.Shape.Rank()))
}

// spatialAxes are those between the batch and the channels.
func spatialAxes(rank int) (axes []int) {
	for ax := range rank {
		axes = append(axes, 1+ax)
	}
	return axes
}

// globalMean is the mean over rank axes, of the steps within each row's length.
func globalMean(c *Context, in []Signal, rank int) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	c.spatial(x, rank)
	if x.Lengths == nil {
		return Signal{Value: op.Mean(c.B, x.Value, spatialAxes(rank), false)}
	}
	sum := op.Sum(c.B, masked(c, x), spatialAxes(rank), false)
	steps := op.Maximum(c.B, op.ToFloat(c.B, x.Lengths), c.B.Scalar(1))
	count := op.Scale(c.B, steps, float64(x.Shape()[1:rank].Size()))
	return Signal{Value: op.Div(c.B, sum, op.Reshape(c.B, count, x.Rows(), 1))}
}

// globalMax is the largest element over rank axes, of the steps within each row's length; 0 where there are none.
func globalMax(c *Context, in []Signal, rank int) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	c.spatial(x, rank)
	win := op.Window{Rank: rank}
	for ax, n := range x.Shape()[:rank] {
		win.Kernel[ax], win.Stride[ax], win.Dilation[ax] = n, 1, 1
	}
	y := op.Reshape(c.B, op.MaxPool(c.B, lowered(c, x), win), x.Rows(), -1)
	if x.Lengths != nil {
		any := op.Minimum(c.B, op.ToFloat(c.B, x.Lengths), c.B.Scalar(1))
		y = op.Mul(c.B, y, op.Reshape(c.B, any, x.Rows(), 1))
	}
	return Signal{Value: y}
}

// GlobalPooling is what the poolings over all positions have in common.
type GlobalPooling struct{}

// settle: all that is left is the channels.
func (GlobalPooling) settle(in, _ unknown) unknown { return in & widthUnknown }

// Resizing is how many positions are wanted along any number of axes.
type Resizing struct {
	Size Axes `required:"true" doc:"extents of the output: one number for all axes, or one for each"`
}

// mean brings the axes to the wanted extents by means.
func (l *Resizing) mean(c *Context, in []Signal, rank int) Signal {
	x := wholeSteps(c, in, rank, window{sizeKey: "size", size: l.Size}, "averaged to a fixed number of steps")
	c.positions("size", each(l.Size, rank))
	return x.With(op.AdaptiveAvgPool(c.B, x.Value, each(l.Size, rank)...))
}

// each is the numbers of rank axes.
func each(a Axes, rank int) []int {
	list := make([]int, rank)
	for ax := range list {
		list[ax] = a.at(ax)
	}
	return list
}

// wholeSteps checks the input of a layer that has one number for each of rank axes, given as w, and whose work does not go
// together with rows of different lengths.
func wholeSteps(c *Context, in []Signal, rank int, w window, done string) Signal {
	c.Inputs(in, 1, 1)
	c.spatial(in[0], rank)
	if w.padding = (Padding{Word: "valid"}); w.broken(rank) {
		panic(failed{shapeUnknown}) // noted before
	}
	if done != "" && in[0].Lengths != nil {
		c.Fail("", "sequences of different lengths cannot be %s", done)
	}
	return in[0]
}

func (l *Resizing) check(path string, rank int, p *spec.Problems) {
	window{sizeKey: "size", size: l.Size}.check(path, rank, p)
}

// upsampled makes size positions of each along rank axes.
func upsampled(c *Context, in []Signal, size Axes, rank int, linear bool) Signal {
	done := ""
	if linear {
		done = "interpolated, since their ends would be drawn to what stands behind them; use method: nearest"
	}
	x := wholeSteps(c, in, rank, window{sizeKey: "size", size: size}, done)
	out := each(size, rank)
	for ax := range out {
		out[ax] *= x.Shape()[ax]
	}
	c.positions("size", out)
	y := x.With(op.Upsample(c.B, x.Value, linear, each(size, rank)...))
	if x.Lengths != nil {
		y.Lengths = op.ScaleLengths(c.B, x.Lengths, size.at(0), 0, 1)
	}
	return y
}
