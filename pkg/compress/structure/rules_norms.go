package structure

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	rules["batch_norm_apply"] = func(c *coupling, n *graph.Node) {
		affine(c, n)
		if n.Attrs.(op.NormAttrs).Gamma {
			c.scales = append(c.scales, c.in(n, 3)[0])
		}
	}
	for _, name := range []string{"layer_norm", "rms_norm"} {
		rules[name] = func(c *coupling, n *graph.Node) {
			affine(c, n)
			c.keep(last(c, n), "a norm measures all of it together")
		}
	}
	rules["group_norm"] = func(c *coupling, n *graph.Node) {
		affine(c, n)
		if n.Attrs.(op.GroupNormAttrs).Groups != n.Inputs[0].Shape.Last() {
			c.keep(last(c, n), "a norm measures groups of it together")
		}
	}
}

// last is the channels of the first input.
func last(c *coupling, n *graph.Node) axis {
	x := c.in(n, 0)
	return x[len(x)-1]
}

// affine passes the first input on; all others have a number for each channel.
func affine(c *coupling, n *graph.Node) {
	copy(c.out(n, 0), c.in(n, 0))
	for k := 1; k < len(n.Inputs); k++ {
		if a := c.in(n, k); len(a) == 1 {
			c.couple(last(c, n), a[0], fromData)
		}
	}
}
