package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// LerpAttrs hold the way from the first input to the second.
type LerpAttrs struct{ T float64 }

var lerpOp graph.Op

// Lerp is z = x + t·(y - x) for two values of one shape and a number t known when the graph is built. Running averages
// are made of it.
//
//	dx = (1-t)·dz, dy = t·dz
func Lerp(b *graph.Builder, x, y *graph.Value, t float64) *graph.Value {
	return b.One(&lerpOp, LerpAttrs{t}, x, y)
}

func init() {
	elements["lerp"] = func(attrs any) element {
		t := float32(attrs.(LerpAttrs).T)
		return element{two: func(dst, x, y []float32) { vec.Lerp(dst, x, y, t) }}
	}
	lerpOp = graph.Op{
		Name: "lerp",
		Doc:  "z = x + t·(y - x)",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expectSame(in, 2); err != nil {
				return nil, err
			}
			return in[:1:1], nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			t := n.Attrs.(LerpAttrs).T
			return []*graph.Value{Scale(b, dout[0], 1-t), Scale(b, dout[0], t)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			for i, x := range in[0].F {
				out[0].F[i] = x + n.Attrs.(LerpAttrs).T*(in[1].F[i]-x)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			t := float32(n.Attrs.(LerpAttrs).T)
			return elementwise(n.Outputs[0].Shape.Size(), func(c *graph.Call, lo, hi int) {
				vec.Lerp(c.Out[0].F[lo:hi], c.In[0].F[lo:hi], c.In[1].F[lo:hi], t)
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:    cost(3),
		Cases: []graph.Case{
			{Name: "matrix", Attrs: LerpAttrs{0.1}, In: []graph.Arg{graph.Normal(3, 5), graph.Normal(3, 5)}},
			{Name: "chunks", Attrs: LerpAttrs{0.9}, In: []graph.Arg{graph.Normal(5001), graph.Normal(5001)}},
		},
	}
	graph.Ops.Register(lerpOp.Name, lerpOp.Doc, &lerpOp)
}
