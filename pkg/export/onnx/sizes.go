package onnx

import (
	"fmt"
	"reflect"

	"dnn/pkg/export/calls"
	"dnn/pkg/graph"
)

// A graph is built several times: for a usual batch shape, and for one each in which the rows or the steps of a sequence are others.
// What a size depends on shows in how it differs.

// Symbol is a size that is settled when the model runs: that of an axis of an input.
type Symbol struct {
	Name  string // in the ONNX model
	Input string // of the graph
	Axis  int
	Size  int // in the usual graph
	Other int // in the other one
}

// Variant is the graph with another size for a symbol.
type Variant struct {
	Symbol
	Graph *graph.Graph
	part  bool // the usual graph has less steps than there may be, so tables in it are not whole
	data  calls.Data
}

// Fixed is the error of a net that needs a symbol to have the size that it has in the usual graph.
type Fixed struct{ Symbol, Layer, Why string }

func (e *Fixed) Error() string {
	return fmt.Sprintf("%s: %s must be fixed: %s", e.Layer, e.Symbol, e.Why)
}

// Size is a number times symbols.
type Size struct {
	Factor  int
	Symbols []int // numbers of variants
	Opaque  bool  // how it depends on them is not known
}

func (s Size) fixed() bool { return len(s.Symbols) == 0 && !s.Opaque }

func (s Size) equal(t Size) bool {
	return !s.Opaque && !t.Opaque && s.Factor == t.Factor && fmt.Sprint(s.Symbols) == fmt.Sprint(t.Symbols)
}

// sized are ops whose settings are sizes, which are compared along with those of values.
var sized = map[string]bool{"view": true, "reshape": true, "broadcast_to": true, "slice": true, "pad": true, "sequence_mask": true}

// alike checks that graphs differ in nothing but sizes.
func alike(g *graph.Graph, v *Variant) error {
	no := &Fixed{Symbol: v.Name, Why: "the net is another one for other sizes"}
	if len(g.Nodes) != len(v.Graph.Nodes) || len(g.Values) != len(v.Graph.Values) {
		return no
	}
	for i, n := range g.Nodes {
		o := v.Graph.Nodes[i]
		if n.Op != o.Op || n.Leaf != o.Leaf || n.Name != o.Name || len(n.Inputs) != len(o.Inputs) {
			return no
		}
		if n.Op != nil && !sized[n.Op.Name] && !reflect.DeepEqual(n.Attrs, o.Attrs) {
			return &Fixed{v.Name, n.Scope, "op " + n.Op.Name + " depends on it"}
		}
		for k, in := range n.Inputs {
			if in.ID != o.Inputs[k].ID {
				return no
			}
		}
		for k, out := range n.Outputs {
			if len(out.Shape) != len(o.Outputs[k].Shape) {
				return no
			}
		}
	}
	return nil
}

// Size is that of an axis of a value.
func (e *Emitter) Size(v *graph.Value, axis int) Size {
	s := Size{Factor: v.Shape[axis]}
	for i := range e.variants {
		o := &e.variants[i]
		switch other := o.Graph.Values[v.ID].Shape[axis]; {
		case other == v.Shape[axis]:
		case v.Shape[axis]*o.Other == other*o.Symbol.Size && s.Factor%o.Symbol.Size == 0:
			s.Factor /= o.Symbol.Size
			s.Symbols = append(s.Symbols, i)
		default:
			s.Opaque = true
			s.Symbols = append(s.Symbols, i)
		}
	}
	return s
}

// Known are the sizes of axes, which must be fixed.
func (e *Emitter) Known(v *graph.Value, axes ...int) []int {
	var list []int
	for _, ax := range axes {
		s := e.Size(v, ax)
		if !s.fixed() {
			e.fix(s, "the op needs to know its input's size")
		}
		list = append(list, v.Shape[ax])
	}
	return list
}

// fix ends the export with symbols, as far as they are not the batch.
func (e *Emitter) fix(s Size, why string) {
	i := s.Symbols[len(s.Symbols)-1]
	if i == 0 {
		e.Refuse("needs to know the number of rows: " + why)
	} else if e.err == nil {
		e.err = &Fixed{e.variants[i].Name, e.node.Scope, why}
	}
}

// Length is a size as a list of one integer, computed where it is no constant.
func (e *Emitter) Length(s Size) string {
	if s.fixed() {
		return e.Ints(s.Factor)
	}
	if s.Opaque {
		e.fix(s, "a size depends on it in a way that is not known")
		return ""
	}
	product := ""
	for _, i := range s.Symbols {
		v := e.variants[i]
		one := e.Node("Shape", []string{e.inputs[v.Input]}, Set("start", v.Axis), Set("end", v.Axis+1))
		if product != "" {
			one = e.Node("Mul", []string{product, one})
		}
		product = one
	}
	if s.Factor != 1 {
		product = e.Node("Mul", []string{product, e.Ints(s.Factor)})
	}
	return product
}

// Extent is the size of an axis of a value that a node has computed, as a list of one integer.
func (e *Emitter) Extent(v *graph.Value, name string, axis int) string {
	if s := e.Size(v, axis); s.fixed() {
		return e.Ints(v.Shape[axis])
	}
	return e.Node("Shape", []string{name}, Set("start", axis), Set("end", axis+1))
}

// Shape is what Reshape makes v of x by: sizes of x that stay are copied, and one may follow from the others.
func (e *Emitter) Shape(x, v *graph.Value) string {
	list := make([]int, len(v.Shape))
	var open []int
	for ax := range list {
		s := e.Size(v, ax)
		switch {
		case s.fixed():
			list[ax] = s.Factor
		case ax < len(x.Shape) && e.Size(x, ax).equal(s):
			list[ax] = 0
		default:
			open = append(open, ax)
		}
	}
	if len(open) == 0 {
		return e.Ints(list...)
	}
	list[open[0]] = -1
	if len(open) == 1 {
		return e.Ints(list...)
	}
	var parts []string
	for ax := range list {
		part := e.Ints(list[ax])
		if ax != open[0] && list[ax] == 0 {
			part = e.Length(e.Size(v, ax))
		}
		parts = append(parts, part)
	}
	return e.Node("Concat", parts, Set("axis", 0))
}
