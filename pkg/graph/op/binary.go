package op

import (
	"math"
	"math/rand/v2"

	"dnn/pkg/graph"
)

// binary is what tells one elementwise function z = f(x, y) with broadcasting from another.
type binary struct {
	doc    string
	vector func(dst, x, y []float32)
	// scalar is one element of vector, in the same bits. It serves where one side is a single repeated number and there
	// is no faster loop.
	scalar func(x, y float32) float32
	right  func(dst, x []float32, y float32) // vector with y repeated; optional
	left   func(dst []float32, x float32, y []float32)
	eval   func(x, y float64) float64
	// grad returns the gradients in the shape of z; they are then summed to the shapes of x and y. A nil function means
	// that they are zero wherever they exist.
	grad func(b *graph.Builder, x, y, z, dz *graph.Value) (dx, dy *graph.Value)
	// x and y draw the inputs of the cases; the standard normal distribution when nil.
	x, y func(shape ...int) graph.Arg
}

func (o binary) op(name string) graph.Op {
	elements[name] = func(any) element { return element{two: o.vector, right: o.byNumber(), left: o.numberBy()} }
	return graph.Op{
		Name:  name,
		Doc:   o.doc,
		Infer: inferBroadcast,
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			if o.grad == nil {
				return make([]*graph.Value, 2)
			}
			x, y := n.Inputs[0], n.Inputs[1]
			dx, dy := o.grad(b, x, y, n.Outputs[0], dout[0])
			return []*graph.Value{sumTo(b, dx, x.Shape), sumTo(b, dy, y.Shape)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			s := n.Outputs[0].Shape
			eachIndex(s, func(i int, at []int) { out[0].F[i] = o.eval(in[0].F[at[0]], in[1].F[at[1]]) },
				broadcastStrides(n.Inputs[0].Shape, s), broadcastStrides(n.Inputs[1].Shape, s))
		},
		Kernel:  o.kernel,
		InPlace: []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:    cost(1),
		Cases:   o.cases(),
	}
}

func inferBroadcast(_ any, in []graph.Type) ([]graph.Type, error) {
	if err := expectFloats(in, 2); err != nil {
		return nil, err
	}
	s, err := broadcast(in[0].Shape, in[1].Shape)
	if err == nil {
		err = expectRank(s)
	}
	return []graph.Type{graph.Floats(s...)}, err
}

// kernel loops over innermost runs, along which each input either advances with the output or stands still.
func (o binary) kernel(n *graph.Node) graph.Kernel {
	s := n.Outputs[0].Shape
	loops := newNest(s, broadcastStrides(n.Inputs[0].Shape, s), broadcastStrides(n.Inputs[1].Shape, s))
	_, sx := loops.inner(0)
	_, sy := loops.inner(1)
	var do func(c *graph.Call, length, z, x, y int)
	switch {
	case sy == 0:
		right := o.byNumber()
		do = func(c *graph.Call, length, z, x, y int) {
			right(c.Out[0].F[z:z+length], c.In[0].F[x:x+length], c.In[1].F[y])
		}
	case sx == 0:
		left := o.numberBy()
		do = func(c *graph.Call, length, z, x, y int) {
			left(c.Out[0].F[z:z+length], c.In[0].F[x], c.In[1].F[y:y+length])
		}
	default:
		do = func(c *graph.Call, length, z, x, y int) {
			o.vector(c.Out[0].F[z:z+length], c.In[0].F[x:x+length], c.In[1].F[y:y+length])
		}
	}
	return graph.Kernel{Phases: []graph.Phase{loops.phase(do)}}
}

// byNumber is vector with y repeated.
func (o binary) byNumber() func(dst, x []float32, y float32) {
	if o.right != nil {
		return o.right
	}
	return func(dst, x []float32, y float32) {
		for i, v := range x {
			dst[i] = o.scalar(v, y)
		}
	}
}

// numberBy is vector with x repeated.
func (o binary) numberBy() func(dst []float32, x float32, y []float32) {
	if o.left != nil {
		return o.left
	}
	return func(dst []float32, x float32, y []float32) {
		for i, v := range y {
			dst[i] = o.scalar(x, v)
		}
	}
}

// cases are all ways in which two shapes can meet.
func (o binary) cases() []graph.Case {
	x, y := o.x, o.y
	if x == nil {
		x = graph.Normal
	}
	if y == nil {
		y = graph.Normal
	}
	pair := func(name string, sx, sy graph.Shape) graph.Case {
		return graph.Case{Name: name, In: []graph.Arg{x(sx...), y(sy...)}}
	}
	return []graph.Case{
		pair("same", graph.Shape{3, 5}, graph.Shape{3, 5}),
		pair("row", graph.Shape{4, 7}, graph.Shape{7}),
		pair("row left", graph.Shape{7}, graph.Shape{4, 7}),
		pair("column", graph.Shape{5, 3}, graph.Shape{5, 1}),
		pair("column left", graph.Shape{5, 1}, graph.Shape{5, 3}),
		pair("scalar", graph.Shape{2, 3}, graph.Shape{}),
		pair("scalar left", graph.Shape{}, graph.Shape{2, 3}),
		pair("scalars", graph.Shape{}, graph.Shape{1}),
		pair("outer", graph.Shape{4, 1}, graph.Shape{1, 5}),
		pair("middle", graph.Shape{2, 3, 4}, graph.Shape{2, 1, 4}),
		pair("crossed", graph.Shape{2, 1, 3, 1}, graph.Shape{1, 4, 1, 2}),
		pair("chunks", graph.Shape{2, 4099}, graph.Shape{2, 4099}),
		pair("long row", graph.Shape{3, 4100}, graph.Shape{4100}),
		pair("many rows", graph.Shape{700, 9}, graph.Shape{700, 1}),
	}
}

// onGrid draws multiples of ½ plus an offset. Comparisons take their sides from two grids, so that no two elements are
// equal or nearly so, where derivatives do not exist.
func onGrid(offset float64) func(shape ...int) graph.Arg {
	return func(shape ...int) graph.Arg {
		return graph.Arg{Type: graph.Floats(shape...), Fill: func(r *rand.Rand) float64 {
			return math.Round(2*r.NormFloat64())/2 + offset
		}}
	}
}
