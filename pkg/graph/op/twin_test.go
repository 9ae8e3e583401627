package op_test

import (
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// runGraph computes values of a graph node by node in float32, without a plan.
func runGraph(g *graph.Graph, feeds map[string]graph.Buffer, want ...*graph.Value) []graph.Buffer {
	values := map[*graph.Value]graph.Buffer{}
	for _, n := range g.Nodes {
		switch {
		case n.Leaf == graph.Constant:
			values[n.Outputs[0]] = graph.Buffer{F: g.Consts[n.Outputs[0]]}
		case n.Op == nil:
			values[n.Outputs[0]] = feeds[n.Name]
		case n.Op.View != nil:
			values[n.Outputs[0]] = values[n.Inputs[0]]
		default:
			k := n.Op.Kernel(n)
			c := &graph.Call{Scratch: nans(k.Scratch), Local: nans(k.Local), Kept: nans(k.Kept), InPlaced: make([]bool, len(n.Inputs))}
			if k.Own != nil {
				c.Own = k.Own()
			}
			for _, v := range n.Inputs {
				c.In = append(c.In, values[v])
			}
			for _, v := range n.Outputs {
				values[v] = fresh(v.Type)
				c.Out = append(c.Out, values[v])
			}
			for _, p := range k.Phases {
				whole(p, c)
			}
		}
	}
	var out []graph.Buffer
	for _, v := range want {
		out = append(out, values[v])
	}
	return out
}

// feeds are the inputs of an example by name.
func (e example) feeds() map[string]graph.Buffer {
	f := map[string]graph.Buffer{}
	for i, b := range e.in {
		f[inputName(i)] = b
	}
	return f
}

func TestFusedEqualsDecomposed(t *testing.T) {
	eachCase(t, func(t *testing.T, e example) {
		if e.op.Decompose == nil {
			return
		}
		b := graph.NewBuilder()
		var in []*graph.Value
		for i, a := range e.c.In {
			in = append(in, b.Input(inputName(i), a.Type))
		}
		n := b.Add(e.op, e.c.Attrs, in...)[0].Node
		twin := e.op.Decompose(b, n)
		sameBits(t, "decomposed", runGraph(finish(t, b), e.feeds(), twin...), e.run(whole))
	})
}

// Differentiating softmax_cross_entropy gives a chain that softmax_cross_entropy_grad may replace without changing a bit.
func TestCrossEntropyGradientEqualsItsChain(t *testing.T) {
	o, _ := graph.Ops.Get("softmax_cross_entropy_grad")
	for _, c := range o.Cases {
		e := newExample(t, o, c)
		b := graph.NewBuilder()
		logits, targets := b.Input("a", c.In[0].Type), b.Input("b", c.In[1].Type)
		dloss := b.Input("c", c.In[2].Type)
		loss := op.SoftmaxCrossEntropy(b, logits, targets)
		dx := grad.Build(b, loss, dloss, []*graph.Value{logits})
		sameBits(t, c.Name, runGraph(finish(t, b), e.feeds(), dx...), e.run(whole))
	}
}

// An op on shapes that differ gives the same bits as on inputs that were repeated before, whatever loop serves it.
func TestBroadcastingChangesNoBits(t *testing.T) {
	for _, key := range []string{"add", "sub", "mul", "div", "maximum", "minimum", "greater", "greater_equal"} {
		o, _ := graph.Ops.Get(key)
		for _, c := range o.Cases {
			t.Run(key+"/"+c.Name, func(t *testing.T) {
				e := newExample(t, o, c)
				b := graph.NewBuilder()
				shape := e.node.Outputs[0].Shape
				x := op.BroadcastTo(b, b.Input("a", c.In[0].Type), shape...)
				y := op.BroadcastTo(b, b.Input("b", c.In[1].Type), shape...)
				z := b.One(o, nil, x, y)
				sameBits(t, "repeated before", runGraph(finish(t, b), e.feeds(), z), e.run(whole))
			})
		}
	}
}
