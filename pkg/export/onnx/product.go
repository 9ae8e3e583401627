package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

// product is what the gates of a recurrent node get of its inputs: x·wᵀ + bias.
type product struct {
	x, w string // x [rows, steps, ..] and w [1, gates·units, ..], with ONNX's order of gates
	bias []float32
}

// productOf finds the product that a value is. Where it is none, its weights are the identity.
func productOf(e *Emitter, v *graph.Value, order []int, width int) product {
	bias, at := make([]float32, width), behind(v)
	if isOp(at, "add") {
		if d, ok := e.data[at.Node.Inputs[1]]; ok && at.Node.Inputs[1].Shape.Size() == width {
			bias, at = d.Floats(), behind(at.Node.Inputs[0])
		}
	}
	if p := productOfFloats(e, at, v, order); p.w != "" {
		p.bias = bias
		return p
	}
	if p := productOfIntegers(e, at, v, order); p.w != "" {
		for i := range bias {
			p.bias[i] += bias[i]
		}
		return p
	}
	w := make([]float32, width*width)
	for i := range width {
		w[i*width+i] = 1
	}
	return product{e.plain(v), e.Floats("identity", blocks(w, order), 1, width, width), make([]float32, width)}
}

func isOp(v *graph.Value, name string) bool { return v.Node.Op != nil && v.Node.Op.Name == name }

// productOfFloats is one with weights [gates·units, ..].
func productOfFloats(e *Emitter, at, v *graph.Value, order []int) (p product) {
	if !isOp(at, "matmul") {
		return p
	}
	n := at.Node
	a, _ := n.Attrs.(op.MatMulAttrs)
	w, known := e.data[n.Inputs[1]]
	from := sequenceOf(e, n.Inputs[0], v)
	if !known || !a.TransY || a.TransX || from == nil {
		return p
	}
	s := n.Inputs[1].Shape
	return product{x: e.plain(from), w: e.Floats(e.paramName(n.Inputs[1]), blocks(w.Floats(), order), 1, s[0], s[1])}
}

// productOfIntegers is one with weights of 8-bit integers.
func productOfIntegers(e *Emitter, at, v *graph.Value, order []int) (p product) {
	if !isOp(at, "dense_int8") {
		return p
	}
	n := at.Node
	a, _ := n.Attrs.(op.DenseInt8Attrs)
	from := sequenceOf(e, n.Inputs[0], v)
	if a.Act != op.ActNone || from == nil {
		return p
	}
	p.bias = make([]float32, n.Outputs[0].Shape[1])
	if len(n.Inputs) == 4 {
		d, ok := e.data[n.Inputs[3]]
		if !ok {
			return product{}
		}
		copy(p.bias, d.Floats())
	}
	if p.w = widenedBlocks(e, n.Inputs[1], n.Inputs[2], order); p.w != "" {
		q := quantized(e, e.plain(n.Inputs[0]), 2, a.Scale)
		p.x = e.Node("Reshape", []string{q, e.Node("Shape", []string{e.plain(from)})})
	}
	return p
}

// sequenceOf is the value [rows, steps, ..] whose steps are the rows of a product, as many as v has; nil where there is none.
func sequenceOf(e *Emitter, rows, v *graph.Value) *graph.Value {
	for rows.Node.Op != nil && rows.Node.Op.View != nil {
		last := rows.Shape.Last()
		if rows = rows.Node.Inputs[0]; len(rows.Shape) == 3 && rows.Shape.Last() == last && e.alikeRows(rows, v) {
			return rows
		}
	}
	return nil
}

// widenedBlocks are weights of 8-bit integers [1, gates·units, ..]; "" where they are not known.
func widenedBlocks(e *Emitter, weights, scales *graph.Value, order []int) string {
	w, s := e.data[weights], e.data[scales]
	if w.S == nil || s.Len() == 0 {
		return ""
	}
	rows := weights.Shape[0]
	q := e.constant(file.New(e.paramName(weights), blocks(w.S, order), rows, weights.Shape[1]))
	by := e.Floats(e.paramName(scales), blocks(s.Floats(), order), rows)
	return e.Node("Unsqueeze", []string{e.Node("DequantizeLinear", []string{q, by}, Set("axis", 0)), e.Ints(0)})
}

// behind is what a value is but for its shape.
func behind(v *graph.Value) *graph.Value {
	for v.Node.Op != nil && v.Node.Op.View != nil && v.Node.Inputs[0].Shape.Size() == v.Shape.Size() {
		v = v.Node.Inputs[0]
	}
	return v
}
