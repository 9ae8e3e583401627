package structure

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	for name, gates := range map[string]int{"rnn": 1, "gru": 3, "lstm": 4} {
		rules[name] = func(c *coupling, n *graph.Node) { recurrent(c, n, gates) }
	}
	rules["rotary"] = rotary
	rules["attention"] = attention
}

// recurrent: a unit has a row in each gate, and is a column for the weights of the state.
func recurrent(c *coupling, n *graph.Node, gates int) {
	units := c.in(n, 1)[1]
	wide := make(axis, 0, gates*len(units))
	for range gates {
		wide = append(wide, units...)
	}
	match := func(axes []axis, shape graph.Shape) {
		if len(axes) == 0 {
			return
		}
		switch shape.Last() {
		case len(units):
			c.couple(axes[len(axes)-1], units, fromData)
		case len(wide):
			c.couple(axes[len(axes)-1], wide, fromData)
		}
	}
	c.couple(c.in(n, 1)[0], wide, fromData)
	for k, v := range n.Inputs {
		if k != 1 && v.DType == graph.F32 {
			match(c.in(n, k), v.Shape)
		}
	}
	for k, v := range n.Outputs {
		out := c.out(n, k)
		if out[len(out)-1] = units; v.Shape.Last() != len(units) {
			out[len(out)-1] = wide
		}
	}
}

// rotary turns pairs within a head.
func rotary(c *coupling, n *graph.Node) {
	copy(c.out(n, 0), c.in(n, 0))
	a := c.in(n, 0)[2]
	half := len(a) / n.Attrs.(op.RotaryAttrs).Heads / 2
	for i := range a {
		if i/half%2 == 0 {
			c.join(a[i], a[i+half])
		}
	}
}

// attention: the heads of queries that share keys and values go together, with these and with what they give.
func attention(c *coupling, n *graph.Node) {
	a := n.Attrs.(op.AttentionAttrs)
	q, k, v := c.in(n, 0)[2], c.in(n, 1)[2], c.in(n, 2)[2]
	y := c.fresh(n.Outputs[0].Shape.Last())
	c.out(n, 0)[2] = y
	if q == nil || k == nil || v == nil {
		for _, x := range []axis{q, k, v, y} {
			c.keep(x, fromData)
		}
		return
	}
	if a.Heads == 1 { // each feature by itself
		c.couple(q, k, fromData)
		c.couple(v, y, fromData)
		if a.Scale == 0 {
			c.keep(q, "attention scales by how many features there are")
		}
		return
	}
	for h := range a.KeyHeads {
		first := k[h*len(k)/a.KeyHeads]
		for _, x := range []axis{q, k, v, y} {
			for _, one := range x[h*len(x)/a.KeyHeads : (h+1)*len(x)/a.KeyHeads] {
				c.join(first, one)
			}
		}
	}
	if a.ALiBi {
		c.keep(q, "the distances that a head sees (positions: alibi) depend on how many heads there are")
	}
}
