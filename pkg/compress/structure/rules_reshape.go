package structure

import "dnn/pkg/graph"

func init() { rules["reshape"] = reshape }

const tangled = "a change of shape tangles it with other axes"

// reshape: axes whose sizes multiply to the same are matched from the left. Channels that are joined with places repeat for each of them,
// and fall apart from them again.
func reshape(c *coupling, n *graph.Node) {
	from, to := n.Inputs[0].Shape, n.Outputs[0].Shape
	in, out := c.in(n, 0), c.out(n, 0)
	for i, k := 0, 0; i < len(from) || k < len(to); {
		i0, k0, a, b := i, k, 1, 1
		for {
			if i < len(from) && (a <= b || k == len(to)) {
				a, i = a*from[i], i+1
			} else if k < len(to) {
				b, k = b*to[k], k+1
			}
			if a == b && (i == len(from)) == (k == len(to)) || i == len(from) && k == len(to) {
				break
			}
			if a == b && i > i0 && k > k0 {
				break
			}
		}
		regroup(c, in[i0:i], from[i0:i], out[k0:k], to[k0:k])
	}
}

// regroup joins axes to one and takes that apart again.
func regroup(c *coupling, in []axis, from graph.Shape, out []axis, to graph.Shape) {
	one, ok := joined(in, from)
	if !ok {
		for _, a := range in {
			c.keep(a, tangled)
		}
		return
	}
	if one == nil {
		return
	}
	after := len(one)
	for k, extent := range to {
		after /= extent
		if extent > 1 {
			out[k] = c.part(one, extent, after)
		}
	}
	if !covers(one, out) {
		c.keep(one, tangled)
		clear(out)
	}
}

// joined is the channels of axes laid in a row, nil where none has any. It fails where several have.
func joined(in []axis, from graph.Shape) (one axis, ok bool) {
	at := -1
	for i, a := range in {
		if a != nil && from[i] > 1 {
			if at >= 0 {
				return nil, false
			}
			at = i
		}
	}
	if at < 0 {
		return nil, true
	}
	before, after := from[:at].Size(), from[at+1:].Size()
	for range before {
		for _, x := range in[at] {
			for range after {
				one = append(one, x)
			}
		}
	}
	return one, true
}

// part is the channels along one axis of several that a row of channels falls apart into; nil where they do not follow from the
// place along that axis alone.
func (c *coupling) part(one axis, extent, after int) axis {
	a := make(axis, extent)
	for i := range a {
		a[i] = -1
	}
	for i, x := range one {
		at := i / after % extent
		if a[at] >= 0 && c.class(a[at]) != c.class(x) {
			return nil
		}
		a[at] = x
	}
	return a
}

// covers reports whether some axis tells the channels of the row: exactly one does, if any does.
func covers(one axis, out []axis) bool {
	for i, a := range out {
		if a == nil {
			continue
		}
		constant := true
		for _, x := range a {
			constant = constant && x == a[0]
		}
		if constant && len(one) > len(a) { // all places have the same channel
			out[i] = nil
		}
	}
	for _, a := range out {
		if a != nil {
			return true
		}
	}
	return false
}
