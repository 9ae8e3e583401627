package calls

import (
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// recurrent are the inputs of a recurrent node behind x, None where they are absent: weights of float32, or of integers with their
// scales and memory for what they meet.
type recurrent struct{ w, integers, scales, met, bias, h0, c0, lengths Arg }

// recurrent names the inputs of a recurrent node. Dropout of states has no place in a prediction.
func (e *Emitter) recurrent(n *graph.Node, cells bool) (op.RecurrentAttrs, recurrent) {
	no := None{}
	a, r := n.Attrs.(op.RecurrentAttrs), recurrent{no, no, no, no, no, no, no, no}
	if a.Mask {
		e.Refuse("has a mask of states")
		return a, r
	}
	i := 2
	if strings.HasSuffix(n.Op.Name, "_int8") {
		i = 3
		r.integers, r.scales, r.met = e.In(1), e.In(2), e.ScratchInts(n.Inputs[1].Shape[1])
	} else {
		r.w = e.In(1)
	}
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

// boundedStates is the magnitude that states do not exceed, of cells whose functions do not.
const boundedStates = float32(1)
