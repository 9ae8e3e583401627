package onnx

import (
	"slices"

	file "dnn/pkg/onnx"

	"dnn/pkg/graph"
)

// form is how a value of the graph lies in ONNX.
type form int

const (
	plain  form = iota // as in the graph
	first              // [rows, channels, axes..] instead of [rows, axes.., channels]
	merged             // with all axes of what was reshaped into rows, the last but for its size the same
	forms
)

// written are the names of a value's forms; "" are those that it does not have.
type written struct {
	of   [forms]string
	like *graph.Value // has the first axes of the merged form
}

// Any is a value in one of its forms.
type Any struct {
	Name string
	form
	like *graph.Value
}

// As is another value of the same form.
func (a Any) As(name string) Any { return Any{name, a.form, a.like} }

// Put says where output i of the node is.
func (e *Emitter) Put(i int, a Any) {
	v := e.node.Outputs[i]
	if i == 0 && e.result != nil {
		v = e.result
	}
	w := e.values[v]
	if w == nil {
		w = &written{}
		e.values[v] = w
	}
	w.of[a.form] = a.Name
	if a.form == merged {
		w.like = a.like
	}
}

// Out says where output i of the node is, as it is in the graph.
func (e *Emitter) Out(i int, name string) { e.Put(i, Any{Name: name}) }

// In is input i of the node, as it is in the graph.
func (e *Emitter) In(i int) string { return e.plain(e.node.Inputs[i]) }

// plain is a value as it is in the graph.
func (e *Emitter) plain(v *graph.Value) string {
	w := e.values[v]
	if w == nil {
		return e.known(v)
	}
	if w.of[plain] == "" {
		if name := w.of[merged]; name != "" {
			w.of[plain] = e.Node("Reshape", []string{name, e.Ints(append([]int{-1}, e.Known(v, len(v.Shape)-1)...)...)})
		} else {
			w.of[plain] = e.Node("Transpose", []string{w.of[first]}, Set("perm", lastPerm(len(v.Shape))))
		}
	}
	return w.of[plain]
}

// First is input i of the node with its channels first.
func (e *Emitter) First(i int) Any {
	v := e.node.Inputs[i]
	if w := e.values[v]; w != nil && w.of[first] != "" {
		return Any{Name: w.of[first], form: first}
	}
	name := e.plain(v)
	if len(v.Shape) > 2 {
		name = e.Node("Transpose", []string{name}, Set("perm", firstPerm(len(v.Shape))))
	}
	if w := e.values[v]; w != nil {
		w.of[first] = name
	}
	return Any{Name: name, form: first}
}

// firstPerm takes the last of so many axes to the place behind the first, lastPerm takes it back.
func firstPerm(rank int) []int {
	perm := []int{0, rank - 1}
	for i := 1; i < rank-1; i++ {
		perm = append(perm, i)
	}
	return perm
}

func lastPerm(rank int) []int {
	perm := []int{0}
	for i := 2; i < rank; i++ {
		perm = append(perm, i)
	}
	return append(perm, 1)
}

// Any is input i of the node in the form that it has, which is enough where elements are taken one by one.
func (e *Emitter) Any(i int) Any { return e.any(e.node.Inputs[i]) }

func (e *Emitter) any(v *graph.Value) Any {
	if w := e.values[v]; w != nil {
		for _, f := range []form{merged, first, plain} {
			if w.of[f] != "" {
				return Any{w.of[f], f, w.like}
			}
		}
	}
	return Any{Name: e.plain(v)}
}

// Rows is input i of the node in a form whose last axis is that of the graph.
func (e *Emitter) Rows(i int) Any {
	if a := e.Any(i); a.form != first {
		return a
	}
	return Any{Name: e.In(i)}
}

// Pair are both inputs of the node in forms that go together, and the form of what is computed of them.
func (e *Emitter) Pair() (x, y string, result Any) {
	n := e.node
	for i, v := range n.Inputs {
		other := n.Inputs[1-i]
		if e.values[v] != nil || v.Shape.Size() != lastSize(v) || !n.Outputs[0].Shape.Equal(other.Shape) {
			continue
		}
		a := e.any(other)
		c := e.known(v)
		if a.form == first && v.Shape.Size() > 1 {
			c = vector(e, v, len(other.Shape)-2)
		}
		if i == 0 {
			return c, a.Name, a
		}
		return a.Name, c, a
	}
	a, b := e.values[n.Inputs[0]], e.values[n.Inputs[1]]
	if a != nil && b != nil && n.Inputs[0].Shape.Equal(n.Inputs[1].Shape) {
		for _, f := range []form{merged, first} {
			if a.of[f] != "" && b.of[f] != "" && (f == first || e.alikeRows(a.like, b.like)) {
				return a.of[f], b.of[f], Any{"", f, a.like}
			}
		}
		if a.of[first]+b.of[first] != "" && a.of[plain] == "" || b.of[plain] == "" && b.of[merged] == "" { // one is transposed
			return e.First(0).Name, e.First(1).Name, Any{form: first}
		}
	}
	return e.In(0), e.In(1), Any{}
}

func lastSize(v *graph.Value) int {
	if len(v.Shape) == 0 {
		return 1
	}
	return v.Shape.Last()
}

// alikeRows reports whether two values have the same axes but for the last.
func (e *Emitter) alikeRows(a, b *graph.Value) bool {
	if a == nil || b == nil || len(a.Shape) != len(b.Shape) {
		return false
	}
	for ax := range len(a.Shape) - 1 {
		if !e.Size(a, ax).equal(e.Size(b, ax)) {
			return false
		}
	}
	return true
}

// known is a value that was computed beforehand. Of one that has as many numbers as a sequence has steps, the longest is kept.
func (e *Emitter) known(v *graph.Value) string {
	d, ok := e.data[v]
	if !ok {
		if v.Node.Leaf == graph.Input {
			e.Refuse("reads the input " + v.Node.Name + ", which predictions have none of")
			return ""
		}
		panic("onnx: internal error: a value was not written")
	}
	name := constantOf(e, v, d)
	for ax := range v.Shape {
		s := e.Size(v, ax)
		if s.fixed() {
			continue
		}
		if s.Factor != 1 || s.Opaque || len(s.Symbols) != 1 || s.Symbols[0] == 0 || e.variants[s.Symbols[0]].part || !begins(e, v, ax, s.Symbols[0]) {
			e.fix(s, "a table depends on it")
			return ""
		}
		name = e.Node("Slice", []string{name, e.Ints(0), e.Length(s), e.Ints(ax)})
	}
	return name
}

// begins reports whether a table for fewer steps is the beginning of that for more.
func begins(e *Emitter, v *graph.Value, axis, symbol int) bool {
	o := &e.variants[symbol]
	short := o.Graph.Values[v.ID]
	x, y := e.data[v].Floats(), o.data[short].Floats()
	n, m := v.Shape[axis]*v.Shape[axis+1:].Size(), short.Shape[axis]*v.Shape[axis+1:].Size()
	for i := range v.Shape[:axis].Size() {
		if m > n || !slices.Equal(x[i*n:i*n+m], y[i*m:(i+1)*m]) {
			return false
		}
	}
	return true
}

// constantOf adds numbers that are known.
func constantOf(e *Emitter, v *graph.Value, d graph.Buffer) string {
	name := e.paramName(v)
	switch {
	case d.I != nil:
		return e.constant(file.New(name, d.I, v.Shape...))
	case d.S != nil:
		return e.constant(file.New(name, d.S, v.Shape...))
	}
	return e.Floats(name, d.Floats(), v.Shape...)
}

// vector is a known value of one number for each channel, with so many axes behind.
func vector(e *Emitter, v *graph.Value, axes int) string {
	shape := append([]int{v.Shape.Size()}, slices.Repeat([]int{1}, axes)...)
	return e.Floats(e.paramName(v), e.data[v].Floats(), shape...)
}
