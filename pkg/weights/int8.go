package weights

import (
	"fmt"
	"math"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("int8", "whole numbers from -127 to 127, with a scale for each output", func() Form { return &Int8{} })
}

// Int8 keeps a matrix or kernel as whole numbers from -127 to 127, with a scale for each row, the weights of one output:
//
//	w[o, i] = q[o, i]·s[o],  s[o] = max_i |w[o, i]| / 127
//
// Products are computed in integers, from inputs that are quantized, too.
type Int8 struct {
	// Input is the scale of the inputs, as they were calibrated; 0: they are quantized row by row.
	Input float32 `json:"input_scale,omitempty"`
	// Wide lets products read the weights as float32.
	Wide bool `json:"wide,omitempty"`
}

// Most is the largest of the whole numbers.
const Most = 127

// Fits takes matrices and kernels.
func (f *Int8) Fits(p graph.Param) error {
	if !(f.Input >= 0) || math.IsInf(float64(f.Input), 0) {
		return fmt.Errorf("%s: the scale of its inputs is %v", p.Name, f.Input)
	}
	return expectRows(p)
}

// Arrays are the whole numbers, under the name of the parameter, and the scales.
func (*Int8) Arrays(p graph.Param) []Array {
	return []Array{
		{Type: graph.Type{DType: graph.I8, Shape: p.Shape}},
		{Suffix: ".scale", Type: graph.Floats(p.Shape[0])},
	}
}

// Encode rounds to the nearest whole number, ties to even.
func (*Int8) Encode(p graph.Param, x []float32) []graph.Buffer {
	n, width := rows(p)
	q, scale := make([]int8, len(x)), make([]float32, n)
	for i := range n {
		row := x[i*width : (i+1)*width]
		scale[i] = scaleOf(row, Most)
		for k, w := range row {
			q[i*width+k] = int8(rounded(w/scale[i], Most))
		}
	}
	return []graph.Buffer{{S: q}, {F: scale}}
}

// scaleOf is what the numbers of x are multiples of, so that the largest is most times as large; 1 where all are 0.
func scaleOf(x []float32, most float32) float32 {
	largest := float32(0)
	for _, v := range x {
		largest = max(largest, v, -v)
	}
	if s := largest / most; s > 0 {
		return s
	}
	return 1
}

// rounded is the nearest whole number that is not beyond most.
func rounded(x, most float32) float32 {
	return max(-most, min(most, float32(math.RoundToEven(float64(x)))))
}

// Decode multiplies.
func (*Int8) Decode(p graph.Param, arrays []graph.Buffer, dst []float32) {
	_, width := rows(p)
	for i, q := range arrays[0].S {
		dst[i] = float32(q) * arrays[1].F[i/width]
	}
}

// Valid refuses -128, which products do not take, and scales that are not positive numbers.
func (*Int8) Valid(p graph.Param, arrays []graph.Buffer) error {
	for _, q := range arrays[0].S {
		if q < -Most {
			return fmt.Errorf("%s has the number %d, below %d", p.Name, q, -Most)
		}
	}
	return validScales(p, arrays[1].F)
}

func validScales(p graph.Param, scales []float32) error {
	for _, s := range scales {
		if !(s >= 0) || math.IsInf(float64(s), 0) {
			return fmt.Errorf("%s has the scale %v", p.Name, s)
		}
	}
	return nil
}

// Widen multiplies.
func (*Int8) Widen(b *graph.Builder, _ graph.Param, arrays []*graph.Value) *graph.Value {
	return op.Dequantize(b, arrays[0], arrays[1])
}

// Compute computes products, convolutions and look-ups.
func (f *Int8) Compute(r *graph.Rewriter, n *graph.Node, p graph.Param, at int, in, arrays []*graph.Value) []*graph.Value {
	_, width := rows(p)
	if n.Op.Name == "gather" && at == 0 {
		return []*graph.Value{op.GatherInt8(r.Builder, arrays[0], arrays[1], in[1])}
	}
	if f.Wide || at != 1 || width > integer.MaxK {
		return nil
	}
	if out := op.RecurrentInt8(r.Builder, n, in, arrays[0], arrays[1]); out != nil || !multiplies(n) {
		return out
	}
	switch a := n.Attrs.(type) {
	case op.MatMulAttrs:
		return []*graph.Value{op.DenseInt8(r.Builder, in[0], arrays[0], arrays[1], nil, op.DenseInt8Attrs{Scale: f.Input})}
	case op.ConvAttrs:
		return []*graph.Value{op.ConvInt8(r.Builder, in[0], arrays[0], arrays[1], nil, op.ConvInt8Attrs{Window: a.Window, Groups: a.Groups, Scale: f.Input})}
	}
	return nil
}
