package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// recurrent are the optional inputs of a recurrent node, None where they are absent.
type recurrent struct{ bias, h0, c0, lengths Arg }

// recurrent names the inputs of a recurrent node. Dropout of states has no place in a prediction.
func (e *Emitter) recurrent(n *graph.Node, cells bool) (op.RecurrentAttrs, recurrent) {
	a, r := n.Attrs.(op.RecurrentAttrs), recurrent{None{}, None{}, None{}, None{}}
	if a.Mask {
		e.Refuse("has a mask of states")
		return a, r
	}
	i := 2
	for _, o := range []struct {
		is bool
		to *Arg
	}{{a.Bias, &r.bias}, {a.Initial, &r.h0}, {a.Initial && cells, &r.c0}, {a.Lengths, &r.lengths}} {
		if o.is {
			*o.to = e.In(i)
			i++
		}
	}
	return a, r
}

func flag(is bool) int {
	if is {
		return 1
	}
	return 0
}
