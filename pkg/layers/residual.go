package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/activation"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("residual", "adds to its input the output of the layers within", &Residual{})
}

// Residual adds its input to the output of the layers within, so that they learn a difference:
//
//	y = f(x + F(x)), with projection y = f(x·Wᵀ + F(x))
//
// Shapes: any x; F(x) of the same shape. With projection: true the last axis may differ, and up to three axes before it may
// be shorter by a stride, as behind a convolution with padding: same and that stride: of n elements the projection takes
// each s-th, from the first on, where s = ⌈n/n'⌉ and ⌈n/s⌉ = n' is the extent in F(x).
//
// Parameters: those of the layers within, named NAME.LAYER.ROLE; with projection also projection.weight [m, n], where n
// and m are the last extents of x and F(x), first drawn from glorot_uniform.
//
// Errors: F(x) of another shape; category indices.
//
// Source: He et al. 2016, "Deep residual learning for image recognition", eq. 1 and 2, option B.
type Residual struct {
	Layers     []Entry               `required:"true" length:"[1,)" doc:"the layers within, the first fed by the input"`
	Activation activation.Activation `default:"linear" doc:"function of the sum"`
	Projection bool                  `default:"false" doc:"bring the input to the width of the result, and by strides to its size, by a learned matrix"`
}

// Cases are examples of it.
func (*Residual) Cases() []Case {
	return []Case{
		{Layer: "{type: residual, activation: tanh, layers: [{type: dense, units: 4, activation: tanh}, {type: dense, units: 6}]}", Out: graph.Shape{6}, Trained: 58},
		{Layer: "{type: residual, projection: true, layers: [{type: dense, units: 2}]}", In: []Input{floats("x", 3, 5)}, Out: graph.Shape{3, 2}, Trained: 22},
		{Layer: "{type: residual, projection: true, layers: [{type: activation, function: sigmoid}]}", Out: graph.Shape{6}, Trained: 36},
		{Layer: "{type: residual, projection: true, layers: [{type: conv2d, filters: 3, kernel: 3, stride: [2, 1], padding: same}]}", In: []Input{floats("x", 5, 2, 2)}, Out: graph.Shape{3, 2, 3}, Trained: 57 + 6},
		{Layer: "{type: residual, projection: true, layers: [{type: conv1d, filters: 2, kernel: 1, stride: 3}]}", In: []Input{floats("x", 7, 2)}, Out: graph.Shape{3, 2}, Trained: 6 + 4},
	}
}

// settle: both branches must be certain.
func (*Residual) settle(in, out unknown) unknown { return in | out }

// within are the layers beside which the input is added.
func (l *Residual) within() ([]Entry, int) { return l.Layers, 1 }

// Build adds.
func (l *Residual) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	if len(l.Layers) == 0 {
		panic(failed{shapeUnknown}) // they are missing
	}
	x, y := in[0], c.Sequence("layers", l.Layers, "", in[0])
	c.unknown |= y.unknown
	c.Floats(y)
	skip := x.Value
	strides, fits := stridesBetween(x.Shape(), y.Shape())
	switch {
	case l.Projection && fits:
		skip = project(c, skip, strides, y.Shape().Last())
	case !x.Shape().Equal(y.Shape()):
		d, hint := between(x.Shape(), y.Shape()), ""
		switch {
		case fits && d == widthUnknown:
			hint = "; projection: true brings the input to the width of the result"
		case fits:
			hint = "; projection: true brings the input to the shape of the result"
		case len(x.Shape()) == len(y.Shape()):
			hint = "; in convolutions and pools within, padding: same keeps the size"
		}
		c.fail(d, "", "its input of shape %v and the output of the layers within, of shape %v, cannot be added%s", x.Shape(), y.Shape(), hint)
	}
	y.Value = activate(c.B, l.Activation, op.Add(c.B, skip, y.Value))
	if y.Lengths == nil && graph.Shape(strides).Size() == 1 {
		y.Lengths = x.Lengths
	}
	return y
}

// stridesBetween are the strides that take the axes of a row before the last from those of one shape to those of another.
func stridesBetween(from, to graph.Shape) (strides []int, ok bool) {
	if len(from) != len(to) {
		return nil, false
	}
	last := len(from) - 1
	for i, n := range from[:last] {
		stride := (n + to[i] - 1) / to[i]
		if (n+stride-1)/stride != to[i] {
			return nil, false
		}
		strides = append(strides, stride)
	}
	return strides, last <= 3 || from[:last].Equal(to[:last])
}

// project multiplies the last axis of x with a learned matrix at each stride-th place of the axes before it.
func project(c *Context, x *graph.Value, strides []int, width int) *graph.Value {
	n := x.Shape.Last()
	w := c.Param("projection.weight", graph.Shape{width, n}, &initializer.GlorotUniform{}, n, width)
	if graph.Shape(strides).Size() == 1 {
		return ofRows(c.B, product(c.B, x, w), x.Shape)
	}
	win, shape := op.Window{Rank: len(strides)}, graph.Shape{width, n}
	for axis, stride := range strides {
		win.Kernel[axis], win.Stride[axis], win.Dilation[axis] = 1, stride, 1
		shape = append(shape, 1)
	}
	return op.Conv(c.B, x, op.Reshape(c.B, w, shape...), nil, win, 1)
}
