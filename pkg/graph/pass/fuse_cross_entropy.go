package pass

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_cross_entropy", "joins softmax, cross-entropy and their gradient, and spreads no classes out", Pass{
		Run: fuseCrossEntropy,
		// simplify turns the chain of the gradient into a form that is easy to recognize
		After: []string{"simplify", "common_subexpressions"},
	})
}

// fuseCrossEntropy finds what the loss cross_entropy is built from and what differentiating it gives. In a training step
// one op computes loss and gradient together: two would both have to compute the softmax.
func fuseCrossEntropy(g *graph.Graph) (*graph.Graph, error) {
	uses, readers := g.Uses(), countReaders(g)
	gradients := map[*graph.Node]*graph.Value{} // by log_softmax_grad: dx, once it is made
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if dx := gradients[n]; dx != nil {
			return []*graph.Value{dx}
		}
		c, ok := matchCrossEntropy(n, uses, readers)
		if !ok {
			return nil
		}
		if c.grad == nil {
			return []*graph.Value{op.SoftmaxCrossEntropy(r.Builder, r.To(c.logits), r.To(c.targets))}
		}
		attrs, targets := op.CrossEntropyAttrs{}, c.targets
		if hot := made(c.targets, "one_hot"); hot != nil {
			a := hot.Attrs.(op.OneHotAttrs)
			attrs, targets = op.CrossEntropyAttrs{Classes: a.Classes, On: a.On, Off: a.Off}, hot.Inputs[0]
		}
		loss, dx := op.SoftmaxCrossEntropyWithGrad(r.Builder, attrs, r.To(c.logits), r.To(targets), c.rows(r))
		gradients[c.grad] = dx
		return []*graph.Value{loss}
	})
}

// crossEntropy is scale(row_dot(targets, log_softmax(logits)), -1) as it stands in a graph, and its gradient by the logits.
type crossEntropy struct {
	logits, targets *graph.Value
	grad            *graph.Node  // log_softmax_grad(log_softmax(logits), targets·column) or nil
	column          *graph.Value // nil for a number, factor
	factor          float64
}

// matchCrossEntropy recognizes n as the node that changes the sign, which is the last one of the loss. A gradient is
// taken in when it does not depend on the loss. When the softmax serves others too, it stays as it is.
func matchCrossEntropy(n *graph.Node, uses [][]*graph.Node, readers []int) (c crossEntropy, ok bool) {
	if n.Op.Name != "scale" || n.Attrs.(op.ScaleAttrs).Factor != -1 {
		return c, false
	}
	dot := made(n.Inputs[0], "row_dot")
	if dot == nil || readers[n.Inputs[0].ID] != 1 {
		return c, false
	}
	soft := made(dot.Inputs[1], "log_softmax")
	if soft == nil || dot.Inputs[0] == dot.Inputs[1] {
		return c, false
	}
	c.logits, c.targets = soft.Inputs[0], dot.Inputs[0]
	others := slices.DeleteFunc(slices.Clone(uses[soft.Outputs[0].ID]), func(m *graph.Node) bool {
		return m == dot || !slices.ContainsFunc(m.Outputs, func(v *graph.Value) bool { return readers[v.ID] > 0 })
	})
	switch {
	case readers[soft.Outputs[0].ID] != len(others)+1 || len(others) > 1: // an output of the graph, or several
		return c, false
	case len(others) == 0:
		return c, true
	}
	c.grad = others[0]
	return c, c.grad.Op.Name == "log_softmax_grad" && c.matchGradient(readers) && !dependsOn(c.column, soft.Outputs[0])
}

// matchGradient looks for the factors that the rows of the targets are multiplied by.
func (c *crossEntropy) matchGradient(readers []int) bool {
	dy := c.grad.Inputs[1]
	if readers[dy.ID] != 1 {
		return false
	}
	if s := made(dy, "scale"); s != nil && s.Inputs[0] == c.targets {
		c.factor = s.Attrs.(op.ScaleAttrs).Factor
		return true
	}
	m := made(dy, "mul")
	if m == nil {
		return false
	}
	for i, t := range m.Inputs {
		column := m.Inputs[1-i]
		shape := slices.Clone(c.targets.Shape)
		shape[len(shape)-1] = 1
		if t == c.targets && t != column && column.Shape.Equal(shape) {
			c.column = column
			return true
		}
	}
	return false
}

// rows adds the factors to the new graph, one for each row.
func (c *crossEntropy) rows(r *graph.Rewriter) *graph.Value {
	shape := c.logits.Shape[:c.logits.Shape.Rank()-1]
	if c.column != nil {
		return op.Reshape(r.Builder, r.Ahead(c.column), shape...)
	}
	return r.Const(shape, slices.Repeat([]float32{float32(c.factor)}, shape.Size()))
}

// dependsOn reports whether v is computed from x.
func dependsOn(v, x *graph.Value) bool {
	seen := map[*graph.Value]bool{}
	var visit func(v *graph.Value) bool
	visit = func(v *graph.Value) bool {
		if v == x || seen[v] {
			return v == x
		}
		seen[v] = true
		return slices.ContainsFunc(v.Node.Inputs, visit)
	}
	return v != nil && visit(v)
}
