package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/activation"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("residual", "adds to its input what the layers within make of it", &Residual{})
}

// Residual adds its input to what the layers within make of it, so that they learn a difference:
//
//	y = f(x + F(x)), with projection y = f(x·Wᵀ + F(x))
//
// Shapes: any x; F(x) of the same shape. With projection: true the last axis may differ.
//
// Parameters: those of the layers within, named NAME.LAYER.ROLE; with projection also projection.weight [m, n], where n
// and m are the last extents of x and F(x), first drawn from glorot_uniform.
//
// Errors: F(x) of another shape; category indices.
//
// Source: He et al. 2016, "Deep residual learning for image recognition", eq. 1 and 2.
type Residual struct {
	Layers     []Entry               `required:"true" length:"[1,)" doc:"the layers within, the first fed by the input"`
	Activation activation.Activation `default:"linear" doc:"function of the sum"`
	Projection bool                  `default:"false" doc:"bring the input to the width of the result by a learned matrix"`
}

// settle: both branches must be certain.
func (*Residual) settle(in, out doubt) doubt { return in | out }

// Build adds.
func (l *Residual) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	if len(l.Layers) == 0 {
		panic(failed{shapeDoubt}) // they are missing
	}
	x, y := in[0], c.Sequence("layers", l.Layers, "", in[0])
	c.doubt |= y.doubt
	c.Floats(y)
	skip := x.Value
	d := between(x.Shape(), y.Shape())
	if l.Projection && d == widthDoubt {
		n, m := x.Shape().Last(), y.Shape().Last()
		w := c.Param("projection.weight", graph.Shape{m, n}, &initializer.GlorotUniform{}, n, m)
		skip = ofRows(c.B, product(c.B, skip, w), skip.Shape)
	} else if !x.Shape().Equal(y.Shape()) {
		hint := ""
		if d == widthDoubt {
			hint = "; projection: true brings the input to the width of the result"
		}
		c.fail(d, "", "its input of shape %v and what the layers within make of it, of shape %v, cannot be added%s", x.Shape(), y.Shape(), hint)
	}
	y.Value = activate(c.B, l.Activation, op.Add(c.B, skip, y.Value))
	return y
}
