package calls

import (
	"math"

	"dnn/internal/exact"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("attention", "softmax(scale·q·kᵀ)·v for each head", attend)
}

// attend tells the kernel: rows, queries, keys, heads, heads of keys, elements of keys and of values, causal, window.
func attend(e *Emitter, n *graph.Node) {
	a := n.Attrs.(op.AttentionAttrs)
	if a.Rate > 0 {
		e.Refuse("drops weights")
		return
	}
	q, k, v := n.Inputs[0].Shape, n.Inputs[1].Shape, n.Inputs[2].Shape
	d := q[2] / a.Heads
	scale := a.Scale
	if scale == 0 {
		scale = float32(1 / math.Sqrt(float64(d)))
	}
	slopes, lengths, offset := Arg(None{}), Arg(None{}), Arg(None{})
	if a.ALiBi {
		var s []float32
		for h := range a.Heads {
			s = append(s, float32(exact.Exp(-8*math.Ln2*float64(h+1)/float64(a.Heads))))
		}
		slopes = e.Table(s)
	}
	i := 3
	if a.Lengths {
		lengths, i = e.In(i), i+1
	}
	if a.Offset {
		offset = e.In(i)
	}
	width := v[2] / a.KeyHeads
	e.Call("attention", e.Out(0), e.In(0), e.In(1), e.In(2), slopes, lengths, offset, e.Scratch(d+128+width),
		[]int{q[0], q[1], k[1], a.Heads, a.KeyHeads, d, width, flag(a.Causal), a.Window}, scale)
}
