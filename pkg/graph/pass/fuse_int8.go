package pass

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_int8", "joins products and convolutions of integers, bias and activation", Pass{
		Run: fuseInt8,
		// a sum that two layers share must be seen to have two readers
		After: []string{"common_subexpressions", "hoist_elementwise"},
	})
}

// fuseInt8 lets a product of integers add its bias and apply its activation while the results are still in registers. It takes in
// what nothing else reads.
func fuseInt8(g *graph.Graph) (*graph.Graph, error) {
	readers := countReaders(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		var act op.ActivateAttrs
		v := n.Outputs[0]
		if n.Op.Name == "activate" {
			act, v = n.Attrs.(op.ActivateAttrs), n.Inputs[0]
			if readers[v.ID] != 1 {
				return nil
			}
		}
		var bias *graph.Value
		if add := made(v, "add"); add != nil {
			row, product := add.Inputs[1], add.Inputs[0]
			if row.Shape.Rank() != 1 || row.Shape[0] != v.Shape.Last() || !product.Shape.Equal(v.Shape) || readers[product.ID] != 1 {
				return nil
			}
			bias, v = row, product
		}
		if v == n.Outputs[0] || v.Node.Op == nil || len(v.Node.Inputs) != 3 {
			return nil
		}
		product := func(i int) *graph.Value { return r.To(v.Node.Inputs[i]) }
		switch a := v.Node.Attrs.(type) {
		case op.DenseInt8Attrs:
			if a.Act != op.ActNone {
				return nil
			}
			a.Act, a.Alpha = act.Act, act.Alpha
			return []*graph.Value{op.DenseInt8(r.Builder, product(0), product(1), product(2), r.To(bias), a)}
		case op.DenseBlocksAttrs:
			if a.Act != op.ActNone {
				return nil
			}
			return []*graph.Value{op.DenseBlocks(r.Builder, product(0), product(1), product(2), r.To(bias), op.DenseBlocksAttrs(act))}
		case op.ConvInt8Attrs:
			if a.Act != op.ActNone {
				return nil
			}
			a.Act, a.Alpha = act.Act, act.Alpha
			return []*graph.Value{op.ConvInt8(r.Builder, product(0), product(1), product(2), r.To(bias), a)}
		}
		return nil
	})
}
