package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// TakeStepsAttrs hold how many steps are taken.
type TakeStepsAttrs struct{ Steps int }

var takeStepsOp graph.Op

// TakeSteps is the part of a table [n, w] that begins, for each row, at a place of its own: y[r, j] = table[at[r]+j], for
// steps values of j and at [rows] of integers. Beyond the table, y is 0.
func TakeSteps(b *graph.Builder, table, at *graph.Value, steps int) *graph.Value {
	return b.One(&takeStepsOp, TakeStepsAttrs{steps}, table, at)
}

func init() {
	takeStepsOp = graph.Op{
		Name:   "take_steps",
		Doc:    "y[r, j] = table[at[r]+j], 0 beyond the table",
		NoGrad: "positions are counted on where nothing is learned",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			table, at, steps := in[0].Shape, in[1].Shape, attrs.(TakeStepsAttrs).Steps
			if len(table) != 2 || len(at) != 1 || steps < 1 {
				return nil, fmt.Errorf("%d steps at %v of a table %v: want a matrix, and a place for each row", steps, at, table)
			}
			return []graph.Type{graph.Floats(at[0], steps, table[1])}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			takeSteps(n, in[1].I, 0, len(in[1].I), func(to, from, size int) {
				copy(out[0].F[to:to+size], in[0].F[from:from+size])
			})
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			rows, size := n.Outputs[0].Shape[0], n.Outputs[0].Shape[1:].Size()
			return graph.Kernel{Phases: []graph.Phase{byRows(rows, size, func(c *graph.Call, lo, hi int) {
				clear(c.Out[0].F[lo*size : hi*size])
				takeSteps(n, c.In[1].I, lo, hi, func(to, from, size int) { copyRun(&c.Out[0], to, &c.In[0], from, size) })
			})}}
		},
		Cost: cost(0),
		Cases: []graph.Case{
			{Name: "one", Attrs: TakeStepsAttrs{1}, In: []graph.Arg{graph.Normal(5, 2), graph.Index(5, 3)}},
			{Name: "beyond", Attrs: TakeStepsAttrs{4}, In: []graph.Arg{graph.Normal(5, 3), graph.Index(9, 6)}},
			{Name: "units", Attrs: TakeStepsAttrs{3}, In: []graph.Arg{graph.Normal(20, 33), graph.Index(20, 70)}},
		},
	}
	graph.Ops.Register(takeStepsOp.Name, takeStepsOp.Doc, &takeStepsOp)
}

// takeSteps calls f for the steps that rows [lo, hi) take: where they go, where they come from, and how many numbers they are.
func takeSteps(n *graph.Node, at []int32, lo, hi int, f func(to, from, size int)) {
	table, steps := n.Inputs[0].Shape, n.Outputs[0].Shape[1]
	for r := lo; r < hi; r++ {
		first := int(at[r])
		skip := min(max(-first, 0), steps)
		if count := min(steps, table[0]-first) - skip; count > 0 {
			f((r*steps+skip)*table[1], (first+skip)*table[1], count*table[1])
		}
	}
}
