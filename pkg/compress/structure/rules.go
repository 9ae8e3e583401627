package structure

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// rules say op by op how the channels of inputs and outputs belong together. An op without a rule keeps all that it reads.
var rules = map[string]func(c *coupling, n *graph.Node){}

func init() {
	for _, name := range []string{
		"activate", "abs", "exp", "log", "sqrt", "square", "sign", "clip", "scale", "add_scalar", "convert", "to_float", "narrow",
		"add", "sub", "mul", "div", "maximum", "minimum", "lerp", "greater", "greater_equal",
	} {
		rules[name] = elementwise
	}
	for _, name := range []string{"max_pool", "avg_pool", "adaptive_avg_pool", "upsample"} {
		rules[name] = perChannel
	}
	for _, name := range []string{"softmax", "log_softmax"} {
		rules[name] = alongChannels
	}
	for _, name := range []string{"sequence_mask", "scale_lengths"} {
		rules[name] = func(*coupling, *graph.Node) {}
	}
	rules["broadcast_to"], rules["transpose"] = broadcast, transpose
	rules["concat"], rules["slice"], rules["pad"] = concat, slice, pad
	rules["sum"], rules["gather"], rules["take_steps"] = sum, gather, takeSteps
}

const fromData = "it meets what the data puts in, or the places of steps and pixels"

// elementwise: axes laid against the right belong together.
func elementwise(c *coupling, n *graph.Node) {
	out, shape := c.out(n, 0), n.Outputs[0].Shape
	for i := range out {
		var found bool
		for k, v := range n.Inputs {
			at := i - len(shape) + v.Shape.Rank()
			if at < 0 || v.Shape[at] != shape[i] || shape[i] == 1 {
				continue
			}
			if a := c.in(n, k)[at]; !found {
				out[i], found = a, true
			} else {
				c.couple(out[i], a, fromData)
				if a == nil {
					out[i] = nil
				}
			}
		}
	}
}

// broadcast: channels that come of one number can be left out at will.
func broadcast(c *coupling, n *graph.Node) {
	out, x := c.out(n, 0), n.Inputs[0]
	for i, extent := range n.Outputs[0].Shape {
		at := i - len(out) + x.Shape.Rank()
		if at >= 0 && x.Shape[at] == extent {
			out[i] = c.in(n, 0)[at]
		} else {
			out[i] = c.fresh(extent)
		}
	}
}

func transpose(c *coupling, n *graph.Node) {
	for i, from := range n.Attrs.(op.TransposeAttrs).Perm {
		c.out(n, 0)[i] = c.in(n, 0)[from]
	}
}

// perChannel: each channel, an index of the last axis, by itself.
func perChannel(c *coupling, n *graph.Node) {
	out, in := c.out(n, 0), c.in(n, 0)
	out[len(out)-1] = in[len(in)-1]
	for _, a := range in[:len(in)-1] {
		c.keep(a, fromData)
	}
}

// alongChannels: what a channel becomes depends on all of the last axis.
func alongChannels(c *coupling, n *graph.Node) {
	in := c.in(n, 0)
	copy(c.out(n, 0), in)
	c.keep(in[len(in)-1], "a softmax runs over it")
}

func concat(c *coupling, n *graph.Node) {
	at, out := n.Attrs.(op.AxisAttrs).Axis, c.out(n, 0)
	joined := axis{}
	for k, v := range n.Inputs {
		for i, a := range c.in(n, k) {
			switch {
			case i == at && a == nil:
				a = c.fresh(v.Shape[at])
				c.keep(a, fromData)
				joined = append(joined, a...)
			case i == at:
				joined = append(joined, a...)
			case k == 0:
				out[i] = a
			default:
				c.couple(out[i], a, fromData)
			}
		}
	}
	out[at] = joined
}

func slice(c *coupling, n *graph.Node) {
	a, out := n.Attrs.(op.SliceAttrs), c.out(n, 0)
	copy(out, c.in(n, 0))
	if out[a.Axis] != nil {
		out[a.Axis] = out[a.Axis][a.Lo:a.Hi]
	}
}

func pad(c *coupling, n *graph.Node) {
	a, out := n.Attrs.(op.PadAttrs), c.out(n, 0)
	copy(out, c.in(n, 0))
	c.keep(out[a.Axis], fromData)
	out[a.Axis] = nil
}

func sum(c *coupling, n *graph.Node) {
	a, to := n.Attrs.(op.SumAttrs), 0
	for i, x := range c.in(n, 0) {
		summed := false
		for _, over := range a.Axes {
			summed = summed || over == i
		}
		if summed {
			c.keep(x, "a sum or a mean runs over it")
		} else {
			c.out(n, 0)[to] = x
		}
		if !summed || a.Keep {
			to++
		}
	}
}

func gather(c *coupling, n *graph.Node) {
	table, out := c.in(n, 0), c.out(n, 0)
	c.keep(table[0], "its rows stand for categories")
	out[len(out)-1] = table[1]
}

func takeSteps(c *coupling, n *graph.Node) {
	table := c.in(n, 0)
	c.keep(table[0], fromData)
	c.out(n, 0)[2] = table[1]
}
