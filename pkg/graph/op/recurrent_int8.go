package op

import (
	"fmt"
	"math"
	"slices"

	"dnn/internal/kernel/rnn"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// RecurrentInt8 is what a recurrent node, of rnn, lstm or gru, computes with weights w of 8-bit integers in [-127, 127] and a scale for
// each of their rows. in are the other inputs, w's place among them. The hidden state s is quantized at each step:
//
//	scale = max(1, max|s|)/127, of each row; of rnn with ActRelu, max|s|/127
//	q = s·(1/scale) rounded to even
//	(w·s)[o] = float32(Σ q[k]·w[o,k])·(scale·scales[o])
//
// All else is as with weights of float32, of which it has the attributes and the outputs. Inputs are x, w, scales and the rest. It
// returns nil for other nodes.
func RecurrentInt8(b *graph.Builder, n *graph.Node, in []*graph.Value, w, scales *graph.Value) []*graph.Value {
	ops := map[string]*graph.Op{rnnOp.Name: &rnnInt8Op, lstmOp.Name: &lstmInt8Op, gruOp.Name: &gruInt8Op}
	o := ops[n.Op.Name]
	if o == nil {
		return nil
	}
	return b.Add(o, n.Attrs, slices.Concat([]*graph.Value{in[0], w, scales}, in[2:])...)
}

// inferInt8 is the op's Infer, from that of the op with weights of float32.
func inferInt8(float *graph.Op) func(attrs any, in []graph.Type) ([]graph.Type, error) {
	return func(attrs any, in []graph.Type) ([]graph.Type, error) {
		if len(in) < 3 {
			return nil, fmt.Errorf("takes x, w, scales and more, got %d inputs", len(in))
		}
		if err := expect(in[:3], graph.F32, graph.I8, graph.F32); err != nil {
			return nil, err
		}
		w, scales := in[1].Shape, in[2].Shape
		if len(w) != 2 || !scales.Equal(w[:1]) {
			return nil, fmt.Errorf("w is %v and the scales are %v, want a matrix with a scale for each row", w, scales)
		}
		return float.Infer(attrs, slices.Concat([]graph.Type{in[0], graph.Floats(w...)}, in[3:]))
	}
}

// recurrentKernel8 packs w once, and runs blocks of rows.
func recurrentKernel8(r rnn.Recurrent, n *graph.Node, local int, run func(c *graph.Call, packed []float32, lo, hi int)) graph.Kernel {
	split := n.Attrs.(RecurrentAttrs).ResetBefore
	return graph.Kernel{Kept: r.Packed8(split), Local: local + r.Local8(), Phases: []graph.Phase{
		{Units: r.PackUnits8(split), Once: fixed(n.Inputs[1]), Run: func(c *graph.Call, lo, hi int) { r.Pack8(c.Kept, c.In[1].S, split, lo, hi) }},
		{Units: r.Blocks(), Run: func(c *graph.Call, lo, hi int) { run(c, c.Kept, lo, hi) }},
	}}
}

// products8 is products in integers, with x quantized as if its largest magnitude were the given one at least.
func products8(matrix []int32, scales, x []float64, least float32) []float64 {
	for _, v := range x {
		least = max(least, float32(math.Abs(v)))
	}
	if math.IsInf(float64(least), 0) {
		least = float32(math.NaN())
	}
	q, scale := quantizedAttrs{Scale: least / 127}.quantizeRef(x)
	out := make([]float64, len(matrix)/len(x))
	for o := range out {
		sum := int32(0)
		for k, v := range q {
			sum += v * matrix[o*len(x)+k]
		}
		out[o] = float64(float32(sum) * float32(scale*float32(scales[o])))
	}
	return out
}

// recurrentCases8 are recurrentCases with weights of integers.
func recurrentCases8(k cell, settings ...RecurrentAttrs) []graph.Case {
	cases := recurrentCases(k, settings...)
	for i := range cases {
		c := &cases[i]
		shape, most := c.In[1].Type.Shape, 0.005
		if c.Attrs.(RecurrentAttrs).Act == vec.ActRelu {
			most = 0.00015
		}
		c.In = slices.Concat([]graph.Arg{c.In[0], int8s(shape...), graph.Uniform(0, most, shape[0])}, c.In[2:])
	}
	return cases
}
