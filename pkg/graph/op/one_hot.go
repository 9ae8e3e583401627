package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// OneHotAttrs hold the number of classes and the two values of the output.
type OneHotAttrs struct {
	Classes int
	On, Off float64
}

var oneHotOp graph.Op

// OneHot is y[.., j] = on where j = ids[..], else off, for ids [..] of integers and y [.., classes]. With on = 1-ε+ε/classes
// and off = ε/classes it smooths labels (Szegedy et al. 2016). An id outside [0, classes) panics.
func OneHot(b *graph.Builder, ids *graph.Value, classes int, on, off float64) *graph.Value {
	return b.One(&oneHotOp, OneHotAttrs{classes, on, off}, ids)
}

func init() {
	oneHotOp = graph.Op{
		Name:   "one_hot",
		Doc:    "y[.., j] = on where j = ids[..], else off",
		NoGrad: "has no inputs but ids",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.I32); err != nil {
				return nil, err
			}
			a := attrs.(OneHotAttrs)
			if a.Classes < 1 {
				return nil, fmt.Errorf("%d classes, want 1 or more", a.Classes)
			}
			s := in[0].Shape
			return []graph.Type{graph.Floats(append(s[:len(s):len(s)], a.Classes)...)}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a := n.Attrs.(OneHotAttrs)
			checkIDs("one_hot", in[0].I, 0, len(in[0].I), a.Classes)
			for i := range out[0].F {
				out[0].F[i] = choose(int(in[0].I[i/a.Classes]) == i%a.Classes, a.On, a.Off)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(OneHotAttrs)
			return graph.Kernel{Phases: []graph.Phase{byRows(n.Inputs[0].Shape.Size(), a.Classes, func(c *graph.Call, lo, hi int) {
				checkIDs("one_hot", c.In[0].I, lo, hi, a.Classes)
				vec.OneHot(c.Out[0].F, c.In[0].I, a.Classes, float32(a.On), float32(a.Off), lo, hi)
			})}}
		},
		Cost: cost(0),
		Cases: []graph.Case{
			{Name: "vector", Attrs: OneHotAttrs{5, 1, 0}, In: []graph.Arg{graph.Index(5, 7)}},
			{Name: "smooth", Attrs: OneHotAttrs{3, 0.9, 0.05}, In: []graph.Arg{graph.Index(3, 2, 4)}},
			{Name: "units", Attrs: OneHotAttrs{130, 1, 0}, In: []graph.Arg{graph.Index(130, 70)}},
		},
	}
	graph.Ops.Register(oneHotOp.Name, oneHotOp.Doc, &oneHotOp)
}
