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
			r, in = widenedBlocks(e, n.Inputs[1], in[0], order), in[1:]
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
	x := productOf(e, e.node.Inputs[0], order, width)
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
		e.Node("Transpose", []string{x.x}, Set("perm", []int{1, 0, 2})), x.w, r, e.Floats(e.scope+".bias", all, 1, 2*width), "",
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

// blocks are rows of weights in another order of their blocks, one for each gate.
func blocks[T any](w []T, order []int) []T {
	size := len(w) / len(order)
	to := make([]T, 0, len(w))
	for _, i := range order {
		to = append(to, w[i*size:(i+1)*size]...)
	}
	return to
}
