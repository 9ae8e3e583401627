package onnx

import (
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

// recurrent writes a recurrent node. order are our blocks of weights, one for each gate, in ONNX's order.
func recurrent(name string, order []int, settings func(a op.RecurrentAttrs) []file.Attribute) Kind {
	return func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.RecurrentAttrs)
		if a.Mask {
			e.Refuse("has a mask of states")
			return
		}
		in := n.Inputs[2:]
		units := n.Inputs[1].Shape[1]
		var r string
		if strings.HasSuffix(n.Op.Name, "_int8") {
			r, in = widenedBlocks(e, in[0], order, units), in[1:]
		} else if w := e.data[n.Inputs[1]]; w.F != nil {
			r = e.Floats(e.paramName(n.Inputs[1]), blocks(w.F, order), 1, len(order)*units, units)
		}
		take := func(is bool) (v *graph.Value) {
			if is {
				v, in = in[0], in[1:]
			}
			return v
		}
		bias := take(a.Bias)
		states := []*graph.Value{take(a.Initial), take(a.Initial && name == "LSTM")}
		list := recurrentInputs(e, order, r, bias, take(a.Lengths))
		if list == nil {
			e.Refuse("has weights that are not known beforehand")
			return
		}
		lengths := list[4]
		for _, state := range states {
			if state != nil {
				list = append(list, e.Node("Unsqueeze", []string{e.plain(state), e.Ints(0)}))
			}
		}
		for list[len(list)-1] == "" {
			list = list[:len(list)-1]
		}
		attrs := append([]file.Attribute{Set("hidden_size", units)}, settings(a)...)
		if a.Reverse {
			attrs = append(attrs, Set("direction", "reverse"))
		}
		outputs := 2
		if name == "LSTM" {
			outputs = 3
		}
		recurrentOutputs(e, e.Nodes(name, outputs, list, attrs...), states, lengths)
	}
}

// recurrentInputs are x, weights, r of the hidden state, biases and lengths; nil where some are not known that must be.
func recurrentInputs(e *Emitter, order []int, r string, bias, lengths *graph.Value) []string {
	width := len(order) * e.node.Inputs[1].Shape[1]
	x := productOf(e, e.node.Inputs[0], width)
	all := slices.Concat(blocks(x.bias, order), make([]float32, width))
	if bias != nil {
		d, ok := e.data[bias]
		if !ok {
			return nil
		}
		copy(all[width:], blocks(d.Floats(), order))
	}
	if r == "" {
		return nil
	}
	list := []string{
		e.Node("Transpose", []string{x.name}, Set("perm", []int{1, 0, 2})),
		e.Floats(x.weights, blocks(x.w, order), 1, width, len(x.w)/width), r, e.Floats(e.scope+".bias", all, 1, 2*width), "",
	}
	if lengths != nil {
		list[4] = e.plain(lengths)
	}
	return list
}

// recurrentOutputs puts out all states and the last ones. Runtimes forget the first states of rows without steps.
func recurrentOutputs(e *Emitter, out []string, states []*graph.Value, lengths string) {
	y := e.Node("Squeeze", []string{out[0], e.Ints(1)})
	e.Out(0, e.Node("Transpose", []string{y}, Set("perm", []int{1, 0, 2})))
	for i, state := range out[1:] {
		state = e.Node("Squeeze", []string{state, e.Ints(0)})
		if lengths != "" && states[i] != nil {
			none := e.Node("Unsqueeze", []string{e.Node("Equal", []string{lengths, e.constant(file.New("none", []int32{0}))}), e.Ints(1)})
			state = e.Node("Where", []string{none, e.plain(states[i]), state})
		}
		e.Out(1+i, state)
	}
}

// widenedBlocks are recurrent weights of 8-bit integers; "" where their scales are not known.
func widenedBlocks(e *Emitter, scales *graph.Value, order []int, units int) string {
	known, ok := e.data[scales]
	w := e.data[e.node.Inputs[1]]
	if !ok || w.S == nil {
		return ""
	}
	rows := len(order) * units
	q := e.constant(file.New(e.paramName(e.node.Inputs[1]), blocks(w.S, order), rows, units))
	s := e.Floats(e.paramName(scales), blocks(known.Floats(), order), rows)
	return e.Node("Unsqueeze", []string{e.Node("DequantizeLinear", []string{q, s}, Set("axis", 0)), e.Ints(0)})
}

// blocks are rows of weights in another order of their blocks, one for each gate.
func blocks[T any](w []T, order []int) []T {
	size := len(w) / len(order)
	to := make([]T, 0, len(w))
	for _, i := range order {
		to = append(to, w[i*size:(i+1)*size]...)
	}
	return to
}

// productOf is what the gates get of the inputs: x·wᵀ + bias.
type product struct {
	name    string // of x [rows, steps, ..]
	weights string // name of the weights
	w, bias []float32
}

// productOf finds the product that a value is. Where it is none, its weights are the identity.
func productOf(e *Emitter, v *graph.Value, width int) product {
	p := product{bias: make([]float32, width)}
	at := behind(v)
	if at.Node.Op != nil && at.Node.Op.Name == "add" {
		if d, ok := e.data[at.Node.Inputs[1]]; ok && at.Node.Inputs[1].Shape.Size() == width {
			p.bias, at = d.Floats(), behind(at.Node.Inputs[0])
		}
	}
	if at.Node.Op != nil && at.Node.Op.Name == "matmul" {
		n := at.Node
		a, _ := n.Attrs.(op.MatMulAttrs)
		w, known := e.data[n.Inputs[1]]
		rows := e.any(n.Inputs[0])
		if from := behind(n.Inputs[0]); rows.form != merged && len(from.Shape) == 3 && from.Shape.Last() == n.Inputs[0].Shape.Last() && e.alikeRows(from, v) {
			rows = Any{e.plain(from), merged, from}
		}
		if known && a.TransY && !a.TransX && rows.form == merged && e.alikeRows(rows.like, v) {
			p.name, p.w, p.weights = rows.Name, w.Floats(), e.paramName(n.Inputs[1])
			return p
		}
	}
	p = product{name: e.plain(v), weights: "identity", w: make([]float32, width*width), bias: make([]float32, width)}
	for i := range width {
		p.w[i*width+i] = 1
	}
	return p
}

// behind is what a value is but for its shape.
func behind(v *graph.Value) *graph.Value {
	for v.Node.Op != nil && v.Node.Op.View != nil && v.Node.Inputs[0].Shape.Size() == v.Shape.Size() {
		v = v.Node.Inputs[0]
	}
	return v
}
