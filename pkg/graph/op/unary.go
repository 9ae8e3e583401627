package op

import (
	"dnn/pkg/graph"
)

// unary is what tells one elementwise function y = f(x) from another. A is the type of its attributes, struct{} for none.
type unary[A any] struct {
	doc    string
	check  func(a A) error // of the attributes; nil when any will do
	kernel func(a A, dst, x []float32)
	eval   func(a A, x float64) float64
	// grad returns the gradient of x; a nil function means that it is zero wherever it exists.
	grad  func(b *graph.Builder, a A, x, y, dy *graph.Value) *graph.Value
	flops float64
	cases []graph.Case
}

// plain adapts a kernel or a reference without attributes.
func plain(f func(dst, x []float32)) func(struct{}, []float32, []float32) {
	return func(_ struct{}, dst, x []float32) { f(dst, x) }
}

func (u unary[A]) op(name string) graph.Op {
	elements[name] = func(attrs any) element {
		a, _ := attrs.(A)
		return element{one: func(dst, x []float32) { u.kernel(a, dst, x) }}
	}
	return graph.Op{
		Name: name,
		Doc:  u.doc,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			if u.check != nil {
				if err := u.check(attrs.(A)); err != nil {
					return nil, err
				}
			}
			return in[:1:1], nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			if u.grad == nil {
				return []*graph.Value{nil}
			}
			a, _ := n.Attrs.(A)
			return []*graph.Value{u.grad(b, a, n.Inputs[0], n.Outputs[0], dout[0])}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a, _ := n.Attrs.(A)
			for i, x := range in[0].F {
				out[0].F[i] = u.eval(a, x)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a, _ := n.Attrs.(A)
			return elementwise(n.Outputs[0].Shape.Size(), func(c *graph.Call, lo, hi int) {
				u.kernel(a, c.Out[0].F[lo:hi], c.In[0].F[lo:hi])
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(u.flops),
		Cases:   u.cases,
	}
}

// unaryCases are the shapes that every elementwise function is tried on.
func unaryCases(attrs any, arg func(shape ...int) graph.Arg) []graph.Case {
	return []graph.Case{
		{Name: "vector", Attrs: attrs, In: []graph.Arg{arg(7)}},
		{Name: "scalar", Attrs: attrs, In: []graph.Arg{arg()}},
		{Name: "ones", Attrs: attrs, In: []graph.Arg{arg(1, 3, 1)}},
		{Name: "chunks", Attrs: attrs, In: []graph.Arg{arg(3, 2731)}},
	}
}

// offZero draws values away from zero, where a derivative does not exist.
func offZero(shape ...int) graph.Arg { return graph.OffKink(0.05, []float64{0}, shape...) }

// positive draws values from [0.2, 4).
func positive(shape ...int) graph.Arg { return graph.Uniform(0.2, 4, shape...) }
