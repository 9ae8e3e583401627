package op

import (
	"fmt"

	"dnn/pkg/graph"
)

var putStepsOp graph.Op

// PutSteps is cache [rows, n, w] with the steps of x [rows, m, w] in place of those from at[rows] on: y[r, at[r]+j] = x[r, j].
// Steps before the first or beyond the last are left out.
func PutSteps(b *graph.Builder, cache, x, at *graph.Value) *graph.Value {
	return b.One(&putStepsOp, nil, cache, x, at)
}

func init() {
	putStepsOp = graph.Op{
		Name:   "put_steps",
		Doc:    "y = cache with x in place of its steps from at on",
		NoGrad: "caches are filled where nothing is learned",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			c, x := in[0].Shape, in[1].Shape
			if len(c) != 3 || len(x) != 3 || c[0] != x[0] || c[2] != x[2] || !in[2].Shape.Equal(c[:1]) {
				return nil, fmt.Errorf("steps %v at %v do not fit a cache of %v", x, in[2].Shape, c)
			}
			return in[:1:1], nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			copy(out[0].F, in[0].F)
			putSteps(n, in[2].I, 0, n.Inputs[0].Shape[0], func(to, from, size int) {
				copy(out[0].F[to:to+size], in[1].F[from:from+size])
			})
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			rows, size := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1:].Size()
			return graph.Kernel{Phases: []graph.Phase{byRows(rows, n.Inputs[1].Shape[1:].Size(), func(c *graph.Call, lo, hi int) {
				copyUnlessSame(c.Out[0].F[lo*size:hi*size], c.In[0].F[lo*size:hi*size])
				putSteps(n, c.In[2].I, lo, hi, func(to, from, size int) { copyRun(&c.Out[0], to, &c.In[1], from, size) })
			})}}
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    func(n *graph.Node) graph.Cost { return graph.Cost{Bytes: 2 * float64(n.Inputs[1].Bytes())} },
		Cases: []graph.Case{
			{Name: "one", In: []graph.Arg{graph.Normal(3, 5, 2), graph.Normal(3, 1, 2), graph.Index(5, 3)}},
			{Name: "beyond", In: []graph.Arg{graph.Normal(4, 5, 3), graph.Normal(4, 3, 3), graph.Index(8, 4)}},
			{Name: "units", In: []graph.Arg{graph.Normal(70, 9, 33), graph.Normal(70, 2, 33), graph.Index(9, 70)}},
		},
	}
	graph.Ops.Register(putStepsOp.Name, putStepsOp.Doc, &putStepsOp)
}

// putSteps calls f for the steps that rows [lo, hi) put: where they go, where they come from, and how many numbers they are.
func putSteps(n *graph.Node, at []int32, lo, hi int, f func(to, from, size int)) {
	cache, x := n.Inputs[0].Shape, n.Inputs[1].Shape
	width := cache[2]
	for r := lo; r < hi; r++ {
		first := int(at[r])
		skip := min(max(-first, 0), x[1])
		if steps := min(x[1], cache[1]-first) - skip; steps > 0 {
			f((r*cache[1]+first+skip)*width, (r*x[1]+skip)*width, steps*width)
		}
	}
}

// copyUnlessSame copies x to y, unless both are the same memory.
func copyUnlessSame(y, x []float32) {
	if len(y) > 0 && &y[0] != &x[0] {
		copy(y, x)
	}
}
