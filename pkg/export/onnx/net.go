package onnx

import (
	"dnn/pkg/graph"
	file "dnn/pkg/onnx"
)

// Net writes a graph alone, whose inputs and outputs keep their names and sizes.
func Net(g *graph.Graph, data func(v *graph.Var) graph.Buffer) (*file.Model, error) {
	b := newBuilder()
	feeds := map[string]string{}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			v := n.Outputs[0]
			feeds[n.Name] = b.input(n.Name, typeOf(v), file.Fixed(v.Shape...)...)
		}
	}
	e, err := b.emit(g, nil, feeds, data)
	if err != nil {
		return nil, err
	}
	for _, o := range g.Outputs {
		name := b.output(o.Name, e.plain(o.Value), file.Fixed(o.Value.Shape...))
		b.graph.Outputs[len(b.graph.Outputs)-1] = &file.Value{Name: name, Type: typeOf(o.Value), Shape: file.Fixed(o.Value.Shape...)}
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
