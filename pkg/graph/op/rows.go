package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// rowFunction is a function of each row of [.., cols], differentiated by an op of (y, dy).
type rowFunction struct {
	doc    string
	kernel func(y, x []float32, cols, lo, hi int)
	eval   func(y, x []float64)
	grad   func() *graph.Op
}

func (f rowFunction) op(name string) graph.Op {
	return graph.Op{
		Name: name,
		Doc:  f.doc,
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expectRows(in, 1); err != nil {
				return nil, err
			}
			return in[:1:1], nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{b.One(f.grad(), nil, n.Outputs[0], dout[0])}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			eachRow(n, func(lo, hi int) { f.eval(out[0].F[lo:hi], in[0].F[lo:hi]) })
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return rowwise(n, func(c *graph.Call, cols, lo, hi int) { f.kernel(c.Out[0].F, c.In[0].F, cols, lo, hi) })
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(16),
		Cases: []graph.Case{
			{Name: "matrix", In: []graph.Arg{graph.Normal(5, 7)}},
			{Name: "vector", In: []graph.Arg{graph.Normal(9)}},
			{Name: "one class", In: []graph.Arg{graph.Normal(3, 1)}},
			{Name: "axes", In: []graph.Arg{graph.Normal(2, 3, 130)}},
			{Name: "steep", In: []graph.Arg{graph.Uniform(-60, 60, 4, 9)}},
			{Name: "units", In: []graph.Arg{graph.Normal(900, 10)}},
		},
	}
}

// rowGradient is the gradient of a rowFunction, of y and dy.
type rowGradient struct {
	doc    string
	kernel func(dx, y, dy []float32, cols, lo, hi int)
	eval   func(dx, y, dy []float64)
}

func (f rowGradient) op(name string) graph.Op {
	cases := func(shape ...int) []graph.Arg {
		return []graph.Arg{graph.Uniform(-2, 0, shape...), graph.Normal(shape...)}
	}
	return graph.Op{
		Name:   name,
		Doc:    f.doc,
		NoGrad: firstOrder,
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expectRows(in, 2); err != nil {
				return nil, err
			}
			return in[:1:1], nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			eachRow(n, func(lo, hi int) { f.eval(out[0].F[lo:hi], in[0].F[lo:hi], in[1].F[lo:hi]) })
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return rowwise(n, func(c *graph.Call, cols, lo, hi int) {
				f.kernel(c.Out[0].F, c.In[0].F, c.In[1].F, cols, lo, hi)
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 1}, {Out: 0, In: 0}},
		Cost:    cost(8),
		Cases: []graph.Case{
			{Name: "matrix", In: cases(5, 7)},
			{Name: "one class", In: cases(3, 1)},
			{Name: "units", In: cases(70, 130)},
		},
	}
}

// expectRows checks for n inputs of one shape with an axis to work along.
func expectRows(in []graph.Type, n int) error {
	if err := expectSame(in, n); err != nil {
		return err
	}
	if in[0].Shape.Rank() == 0 || in[0].Shape.Last() == 0 {
		return fmt.Errorf("%v has no last axis to work along", in[0].Shape)
	}
	return nil
}

// eachRow calls f with the bounds of each row of the first input.
func eachRow(n *graph.Node, f func(lo, hi int)) {
	s := n.Inputs[0].Shape
	for i := range rowsOf(s) {
		f(i*s.Last(), (i+1)*s.Last())
	}
}
