package pass

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_dense", "joins matmul, bias and activation into one pass over the result", Pass{
		Run: fuseDense,
		// a sum that two layers share must be seen to have two readers
		After: []string{"common_subexpressions", "hoist_elementwise"},
	})
}

// fuseDense lets a matrix product add its bias and apply its activation while the results are still in registers. An
// activation is taken in only when nothing else reads what it is applied to.
func fuseDense(g *graph.Graph) (*graph.Graph, error) {
	readers := countReaders(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		var act op.ActivateAttrs
		sum := n.Outputs[0]
		if n.Op.Name == "activate" {
			act, sum = n.Attrs.(op.ActivateAttrs), n.Inputs[0]
			if readers[sum.ID] != 1 {
				return nil
			}
		}
		m, ok := matchProduct(sum, readers)
		if !ok || n.Op.Name != "activate" && m.bias == nil {
			return nil
		}
		var bias *graph.Value
		if m.bias != nil {
			bias = r.To(m.bias)
		}
		return []*graph.Value{op.Dense(r.Builder, r.To(m.x), r.To(m.w), bias, act.Act, act.Alpha, m.transW)}
	})
}

// product is x·w + bias as it stands in a graph.
type product struct {
	x, w, bias *graph.Value
	transW     bool
}

// matchProduct recognizes v as the product of two matrices, with a row added or not.
func matchProduct(v *graph.Value, readers []int) (product, bool) {
	var p product
	n := v.Node
	if n.Op != nil && n.Op.Name == "add" {
		row, product := n.Inputs[1], n.Inputs[0]
		if row.Shape.Rank() != 1 || row.Shape[0] != v.Shape.Last() || !product.Shape.Equal(v.Shape) || readers[product.ID] != 1 {
			return p, false
		}
		p.bias, n = row, product.Node
	}
	if n.Op == nil || n.Op.Name != "matmul" || n.Outputs[0].Shape.Rank() != 2 {
		return p, false
	}
	a := n.Attrs.(op.MatMulAttrs)
	p.x, p.w, p.transW = n.Inputs[0], n.Inputs[1], a.TransY
	return p, !a.TransX
}

// countReaders counts, for each value by id, the nodes, outputs and variables that read it. Nodes that nothing needs, as
// passes leave them behind, do not count.
func countReaders(g *graph.Graph) []int {
	count, live := make([]int, len(g.Values)), g.Live()
	for id, nodes := range g.Uses() {
		for _, n := range nodes {
			if slices.ContainsFunc(n.Outputs, func(v *graph.Value) bool { return live[v.ID] }) {
				count[id]++
			}
		}
	}
	for _, o := range g.Outputs {
		count[o.Value.ID]++
	}
	for _, a := range g.Assigns {
		count[a.Value.ID]++
	}
	return count
}
