package structure

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	rules["matmul"] = matmul
	rules["conv"] = func(c *coupling, n *graph.Node) { convolve(c, n, n.Attrs.(op.ConvAttrs).Groups, 0, 1) }
	rules["conv_transpose"] = func(c *coupling, n *graph.Node) { convolve(c, n, n.Attrs.(op.ConvTransposeAttrs).Groups, 1, 0) }
}

// matmul sums over an axis of both sides, and passes the others.
func matmul(c *coupling, n *graph.Node) {
	a := n.Attrs.(op.MatMulAttrs)
	x, y, z := c.in(n, 0), c.in(n, 1), c.out(n, 0)
	last := len(z) - 1
	for i := range last - 1 {
		z[i] = x[i]
		c.couple(x[i], y[i], fromData)
	}
	xm, xk, yk, yn := x[last-1], x[last], y[last-1], y[last]
	if a.TransX {
		xm, xk = xk, xm
	}
	if a.TransY {
		yk, yn = yn, yk
	}
	c.couple(xk, yk, fromData)
	z[last-1], z[last] = xm, yn
}

// convolve sums over the channels of the input, group by group. outputs and inputs are the axes of the weights that these lie along;
// of both, one is that of a single group.
func convolve(c *coupling, n *graph.Node, groups, outputs, inputs int) {
	x, w, y := c.in(n, 0), c.in(n, 1), c.out(n, 0)
	from, to := x[len(x)-1], w[outputs]
	if from == nil {
		from = c.fresh(n.Inputs[0].Shape.Last())
		c.keep(from, fromData)
	}
	if groups == 1 {
		c.couple(from, w[inputs], fromData)
		y[len(y)-1] = to
		return
	}
	out := n.Outputs[0].Shape.Last()
	each, made := len(from)/groups, out/groups
	if each == 1 { // a channel and what is made of it are a group
		all := make(axis, out)
		for o := range all {
			if all[o] = w[0][o/made]; outputs == 0 {
				all[o] = w[0][o]
			}
			c.join(all[o], from[o/made])
		}
		y[len(y)-1] = all
		return
	}
	// As many channels are to be left in each group: those at the same place of all groups belong together.
	all := make(axis, out)
	for o := range all {
		if outputs == 0 {
			all[o] = to[o]
			c.join(to[o], to[o%made])
		} else {
			all[o] = to[o%made]
		}
	}
	for i, f := range from {
		if w[inputs] != nil {
			c.join(f, w[inputs][i%len(w[inputs])])
		}
		c.join(f, from[i%each])
	}
	y[len(y)-1] = all
}
