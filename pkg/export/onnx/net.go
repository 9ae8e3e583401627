package onnx

import (
	"dnn/pkg/graph"
	file "dnn/pkg/onnx"
)

// Net writes a graph alone, whose inputs and outputs keep their names. Without variants all sizes are fixed; else the first is that
// with other rows.
func Net(g *graph.Graph, data func(v *graph.Var) graph.Buffer, variants ...Variant) (*file.Model, error) {
	b := newBuilder()
	feeds := map[string]string{}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			v := n.Outputs[0]
			feeds[n.Name] = b.input(n.Name, typeOf(v), dimsOf(variants, v)...)
		}
	}
	e, err := b.emit(g, variants, feeds, data)
	if err != nil {
		return nil, err
	}
	for _, o := range g.Outputs {
		name := b.output(o.Name, e.plain(o.Value), dimsOf(variants, o.Value))
		b.graph.Outputs[len(b.graph.Outputs)-1] = &file.Value{Name: name, Type: typeOf(o.Value), Shape: dimsOf(variants, o.Value)}
	}
	b.prune()
	b.graph.Name = "net"
	return &file.Model{IR: IR, Producer: "dnn", Opsets: []file.Opset{{Version: Opset}}, Graph: &b.graph}, e.err
}

// typeOf is the type of a value in ONNX.
func typeOf(v *graph.Value) file.Type {
	if v.DType == graph.I32 {
		return file.Int32
	}
	return file.Float32
}

// dimsOf are the axes of an input or output of the graph.
func dimsOf(variants []Variant, v *graph.Value) []file.Dim {
	dims := file.Fixed(v.Shape...)
	for ax := range dims {
		e := Emitter{variants: variants}
		s := e.Size(v, ax)
		switch {
		case s.fixed():
		case s.Factor == 1 && !s.Opaque && len(s.Symbols) == 1:
			dims[ax] = file.Symbolic(variants[s.Symbols[0]].Name)
		default:
			dims[ax] = file.Dim{Size: -1}
		}
	}
	return dims
}
