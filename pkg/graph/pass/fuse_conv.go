package pass

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_conv", "joins convolution, bias, skip connection and activation, and backward, convolution and the activation's gradient", Pass{
		Run: fuseConv,
		// a sum that two layers share must be seen to have two readers
		After: []string{"common_subexpressions"},
	})
}

// fuseConv lets a convolution add its bias and what a skip connection brings, and apply its activation or multiply by the
// derivative of the one before it, while the results are still in registers. It takes in what nothing else reads.
func fuseConv(g *graph.Graph) (*graph.Graph, error) {
	readers := countReaders(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		act, isAct := n.Attrs.(op.ActivateAttrs)
		sum := n.Outputs[0]
		if isAct {
			if sum = n.Inputs[0]; readers[sum.ID] != 1 {
				return nil
			}
		}
		c, ok := matchConv(sum, readers)
		if !ok || !isAct && c.bias == nil && c.residual == nil {
			return nil
		}
		c.attrs.Act, c.attrs.Alpha = act.Act, act.Alpha
		x, w, bias, residual := r.To(c.x), r.To(c.w), r.To(c.bias), r.To(c.residual)
		switch {
		case n.Op.Name != "activate_grad":
			return []*graph.Value{op.ConvAct(r.Builder, x, w, bias, residual, c.attrs)}
		case c.bias == nil && len(in) == 2:
			return []*graph.Value{op.ConvActGrad(r.Builder, x, w, in[1], residual, c.attrs)}
		}
		return nil
	})
}

// convolution is x∗w + bias + residual as it stands in a graph; the last two may be missing.
type convolution struct {
	x, w, bias, residual *graph.Value
	attrs                op.ConvActAttrs
}

// matchConv recognizes v as a convolution, transposed or not, to which something is added or not.
func matchConv(v *graph.Value, readers []int) (c convolution, ok bool) {
	switch n := v.Node; {
	case n.Op == nil:
		return c, false
	case n.Op.Name == "conv":
		a := n.Attrs.(op.ConvAttrs)
		c.attrs = op.ConvActAttrs{Window: a.Window, Groups: a.Groups}
	case n.Op.Name == "conv_transpose":
		a := n.Attrs.(op.ConvTransposeAttrs)
		c.attrs = op.ConvActAttrs{Window: a.Window, Groups: a.Groups, Out: a.Out, Transposed: true}
	case n.Op.Name == "add":
		return matchSum(v, readers)
	default:
		return c, false
	}
	c.x, c.w = v.Node.Inputs[0], v.Node.Inputs[1]
	return c, true
}

// matchSum recognizes a convolution plus a bias, and either plus a value of the same shape.
func matchSum(v *graph.Value, readers []int) (convolution, bool) {
	in := v.Node.Inputs
	for i, part := range in {
		other := in[1-i]
		if part == other || readers[part.ID] != 1 || !part.Shape.Equal(v.Shape) {
			continue
		}
		c, ok := matchConv(part, readers)
		switch {
		case !ok || c.residual != nil:
		case other.Shape.Equal(v.Shape):
			c.residual = other
			return c, true
		case c.bias == nil && other.Shape.Rank() == 1 && other.Shape[0] == v.Shape.Last():
			c.bias = other
			return c, true
		}
	}
	return convolution{}, false
}
