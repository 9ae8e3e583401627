package onnx

import (
	"math"

	"dnn/internal/exact"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("attention", "Softmax between two MatMul, for each head", attend)
}

// attend computes in [rows, heads of keys, heads that share them, steps, elements].
func attend(e *Emitter, n *graph.Node) {
	a := n.Attrs.(op.AttentionAttrs)
	if a.Rate > 0 || a.Offset {
		e.Refuse("drops weights, or counts positions from a place that is not known beforehand")
		return
	}
	width, depth := n.Inputs[0].Shape[2]/a.Heads, n.Inputs[2].Shape[2]/a.KeyHeads
	scale := a.Scale
	if scale == 0 {
		scale = float32(1 / math.Sqrt(float64(width)))
	}
	shared := a.Heads / a.KeyHeads
	q := heads(e, e.In(0), a.KeyHeads, shared, width, []int{0, 2, 3, 1, 4})
	k := heads(e, e.In(1), a.KeyHeads, 1, width, []int{0, 2, 3, 4, 1})
	v := heads(e, e.In(2), a.KeyHeads, 1, depth, []int{0, 2, 3, 1, 4})
	scores := e.Node("Mul", []string{e.Node("MatMul", []string{q, k}), e.Float(float64(scale))})
	if a.ALiBi {
		scores = e.Node("Sub", []string{scores, distances(e, n, a, shared)})
	}
	seen := seen(e, n, a)
	if seen != "" {
		scores = e.Node("Where", []string{seen, scores, e.Float(-math.MaxFloat32)})
	}
	weights := e.Node("Softmax", []string{scores}, Set("axis", -1))
	if seen != "" { // a query that sees nothing gives zeros
		weights = e.Node("Where", []string{seen, weights, e.Float(0)})
	}
	y := e.Node("Transpose", []string{e.Node("MatMul", []string{weights, v})}, Set("perm", []int{0, 3, 1, 2, 4}))
	e.Out(0, e.Node("Reshape", []string{y, e.Ints(0, 0, a.Heads*depth)}))
}

// heads cuts the last axis [keyHeads·shared·width].
func heads(e *Emitter, x string, keyHeads, shared, width int, perm []int) string {
	return e.Node("Transpose", []string{e.Node("Reshape", []string{x, e.Ints(0, 0, keyHeads, shared, width)})}, Set("perm", perm))
}

// positions are those of queries [queries, 1] and of keys [keys].
func positions(e *Emitter, n *graph.Node) (q, k string) {
	q = places(e, e.Extent(n.Inputs[0], e.In(0), 1))
	return e.Node("Unsqueeze", []string{q, e.Ints(1)}), places(e, e.Extent(n.Inputs[1], e.In(1), 1))
}

// seen says which keys a query sees; "" where it sees all.
func seen(e *Emitter, n *graph.Node, a op.AttentionAttrs) (mask string) {
	and := func(other string) {
		if mask != "" {
			other = e.Node("And", []string{mask, other})
		}
		mask = other
	}
	q, k := positions(e, n)
	if a.Causal {
		and(e.Node("LessOrEqual", []string{k, q}))
	}
	if a.Window > 0 {
		far := e.Node("Abs", []string{e.Node("Sub", []string{q, k})})
		and(e.Node("Less", []string{far, e.Int(a.Window)}))
	}
	if a.Lengths {
		lengths := e.Node("Reshape", []string{e.cast(e.In(3), file.Int64), e.Ints(-1, 1, 1, 1, 1)})
		and(e.Node("Less", []string{k, lengths}))
	}
	return mask
}

// distances are those of queries and keys times the slope of each head.
func distances(e *Emitter, n *graph.Node, a op.AttentionAttrs, shared int) string {
	var slopes []float32
	for h := range a.Heads {
		slopes = append(slopes, float32(exact.Exp(-8*math.Ln2*float64(h+1)/float64(a.Heads))))
	}
	q, k := positions(e, n)
	far := e.float(e.Node("Abs", []string{e.Node("Sub", []string{q, k})}))
	return e.Node("Mul", []string{far, e.Floats("slopes", slopes, a.KeyHeads, shared, 1, 1)})
}
