package onnx

import (
	"dnn/pkg/graph"
	file "dnn/pkg/onnx"
)

// quantized are numbers rounded to 8-bit integers and back: with a scale that is given, or with one for each place of the first axis,
// the largest magnitude of its numbers by 127.
//
// dnn's integers end at -127, ONNX's at -128: what lies below is cut off first.
func quantized(e *Emitter, x string, rank int, scale float32) string {
	if scale > 0 {
		s, zero := e.Float(float64(scale)), e.constant(file.New("zero_point", []int8{0}))
		least := e.Floats("least", []float32{-127 * scale})
		q := e.Node("QuantizeLinear", []string{e.Node("Max", []string{x, least}), s, zero})
		return e.Node("DequantizeLinear", []string{q, s, zero})
	}
	var axes []int
	for ax := 1; ax < rank; ax++ {
		axes = append(axes, ax)
	}
	most := e.Node("ReduceMax", []string{e.Node("Abs", []string{x}), e.Ints(axes...)}, Set("keepdims", 0))
	s := e.Node("Max", []string{e.Node("Div", []string{most, e.Float(127)}), e.Float(0x1p-126)})
	zero := zeros(e, s)
	q := e.Node("QuantizeLinear", []string{x, s, zero}, Set("axis", 0))
	return e.Node("DequantizeLinear", []string{q, s, zero}, Set("axis", 0))
}

// zeros are zero points of 8-bit integers with a sign, one for each scale.
func zeros(e *Emitter, scales string) string {
	zero := file.New("", []int8{0}, 1)
	return e.Node("ConstantOfShape", []string{e.Node("Shape", []string{scales})}, file.Attribute{Name: "value", Value: zero})
}

// widened are weights of 8-bit integers with a scale for each place of the first axis.
func widened(e *Emitter, w, scales *graph.Value) string {
	return e.Node("DequantizeLinear", []string{e.plain(w), e.plain(scales)}, Set("axis", 0))
}
