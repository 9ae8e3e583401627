package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// linearPool is an op that makes each position of y [batch, axes.., channels] of some positions of x, and its gradient.
// Both are weighted sums, along each axis on its own.
type linearPool struct {
	doc, gradDoc string
	axes         func(attrs any, x graph.Shape) ([][]taps, error)
	grad         func() *graph.Op
	cases        []graph.Case // of x alone
}

// InputAttrs are the attributes of an op and the shape of its input, which its gradient does not know otherwise.
type InputAttrs struct {
	Of any
	X  graph.Shape
}

func (l linearPool) op(name string) graph.Op {
	of := func(n *graph.Node) stencil {
		x := n.Inputs[0].Shape
		axes, err := l.axes(n.Attrs, x)
		return mustStencil(x, axes, err)
	}
	return graph.Op{
		Name: name,
		Doc:  l.doc,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			axes, err := l.axes(attrs, in[0].Shape)
			if err != nil {
				return nil, err
			}
			return []graph.Type{pooled(in[0].Shape, axes)}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{b.One(l.grad(), InputAttrs{n.Attrs, n.Inputs[0].Shape}, dout[0])}
		},
		Eval:   func(n *graph.Node, in, out []graph.Ref) { of(n).eval(in[0].F, out[0].F) },
		Kernel: func(n *graph.Node) graph.Kernel { return newForms(of(n)).sum() },
		Cost:   func(n *graph.Node) graph.Cost { return of(n).cost(n) },
		Cases:  l.cases,
	}
}

// gradient is the op that takes dy to dx: the sum of what each position of x gave.
func (l linearPool) gradient(name string) graph.Op {
	of := func(n *graph.Node) stencil {
		x := n.Outputs[0].Shape
		axes, err := l.axes(n.Attrs.(InputAttrs).Of, x)
		for ax := range axes {
			axes[ax] = transposed(axes[ax], x[1+ax])
		}
		return mustStencil(n.Inputs[0].Shape, axes, err)
	}
	var cases []graph.Case
	for _, c := range l.cases {
		x := c.In[0].Type.Shape
		axes, err := l.axes(c.Attrs, x)
		if err != nil {
			panic(err)
		}
		cases = append(cases, graph.Case{Name: c.Name, Attrs: InputAttrs{c.Attrs, x}, In: []graph.Arg{graph.Normal(pooled(x, axes).Shape...)}})
	}
	return graph.Op{
		Name:   name,
		Doc:    l.gradDoc,
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			a := attrs.(InputAttrs)
			axes, err := l.axes(a.Of, a.X)
			if err != nil {
				return nil, err
			}
			return []graph.Type{graph.Floats(a.X...)}, expectGradient(in[0].Shape, pooled(a.X, axes).Shape)
		},
		Eval:   func(n *graph.Node, in, out []graph.Ref) { of(n).eval(in[0].F, out[0].F) },
		Kernel: func(n *graph.Node) graph.Kernel { return newForms(of(n)).sum() },
		Cost:   func(n *graph.Node) graph.Cost { return of(n).cost(n) },
		Cases:  cases,
	}
}

// expectGradient checks that dy has the shape of what it is the gradient of.
func expectGradient(dy, y graph.Shape) error {
	if !dy.Equal(y) {
		return fmt.Errorf("the gradient is %v, but what it belongs to is %v", dy, y)
	}
	return nil
}

// eval computes the weighted sums.
func (s stencil) eval(x, y []float64) {
	s.visit(func(to int, from []int, weights []float64, div float64) {
		for c := range s.channels {
			sum := 0.0
			for k, f := range from {
				sum += weights[k] * x[f+c]
			}
			y[to+c] = sum / div
		}
	})
}
