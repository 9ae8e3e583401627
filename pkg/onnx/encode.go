package onnx

import "google.golang.org/protobuf/encoding/protowire"

// Encode writes a model as the bytes of a file.
func Encode(m *Model) []byte {
	b := appendInt(nil, 1, m.IR)
	b = appendText(b, 2, m.Producer)
	b = appendText(b, 3, m.ProducerVersion)
	b = appendText(b, 4, m.Domain)
	if m.Version != 0 {
		b = appendInt(b, 5, m.Version)
	}
	b = appendText(b, 6, m.Doc)
	b = appendBytes(b, 7, appendGraph(nil, m.Graph))
	b = appendOpsets(b, 8, m.Opsets)
	for _, p := range m.Metadata {
		b = appendBytes(b, 14, appendText(appendText(nil, 1, p.Key), 2, p.Value))
	}
	for _, f := range m.Functions {
		b = appendBytes(b, 25, appendFunction(nil, f))
	}
	return b
}

// EncodeTensor writes a tensor as the bytes of a file of its own, as ONNX's test data are kept.
func EncodeTensor(t *Tensor) []byte { return appendTensor(nil, t) }

func appendOpsets(b []byte, number protowire.Number, opsets []Opset) []byte {
	for _, o := range opsets {
		b = appendBytes(b, number, appendInt(appendText(nil, 1, o.Domain), 2, o.Version))
	}
	return b
}

func appendGraph(b []byte, g *Graph) []byte {
	for _, n := range g.Nodes {
		b = appendBytes(b, 1, appendNode(nil, n))
	}
	b = appendText(b, 2, g.Name)
	for _, t := range g.Initializers {
		b = appendBytes(b, 5, appendTensor(nil, t))
	}
	b = appendText(b, 10, g.Doc)
	b = appendValues(b, 11, g.Inputs)
	b = appendValues(b, 12, g.Outputs)
	return appendValues(b, 13, g.Values)
}

func appendNode(b []byte, n *Node) []byte {
	b = appendTexts(b, 1, n.Inputs)
	b = appendTexts(b, 2, n.Outputs)
	b = appendText(b, 3, n.Name)
	b = appendText(b, 4, n.Op)
	for _, a := range n.Attributes {
		b = appendBytes(b, 5, appendAttribute(nil, a))
	}
	b = appendText(b, 6, n.Doc)
	b = appendText(b, 7, n.Domain)
	return appendText(b, 8, n.Overload)
}

func appendFunction(b []byte, f *Function) []byte {
	b = appendText(b, 1, f.Name)
	b = appendTexts(b, 4, f.Inputs)
	b = appendTexts(b, 5, f.Outputs)
	b = appendTexts(b, 6, f.Attributes)
	for _, n := range f.Nodes {
		b = appendBytes(b, 7, appendNode(nil, n))
	}
	b = appendText(b, 8, f.Doc)
	b = appendOpsets(b, 9, f.Opsets)
	b = appendText(b, 10, f.Domain)
	for _, a := range f.Defaults {
		b = appendBytes(b, 11, appendAttribute(nil, a))
	}
	return appendText(b, 13, f.Overload)
}

func appendValues(b []byte, number protowire.Number, values []*Value) []byte {
	for _, v := range values {
		b = appendBytes(b, number, appendValue(nil, v))
	}
	return b
}

func appendValue(b []byte, v *Value) []byte {
	b = appendText(b, 1, v.Name)
	if v.Type != Undefined {
		t := appendInt(nil, 1, int64(v.Type))
		if !v.Unranked {
			var shape []byte
			for _, d := range v.Shape {
				var dim []byte
				if d.Name != "" {
					dim = appendText(nil, 2, d.Name)
				} else if d.Size >= 0 {
					dim = appendInt(nil, 1, int64(d.Size))
				}
				shape = appendBytes(shape, 1, dim)
			}
			t = appendBytes(t, 2, shape)
		}
		b = appendBytes(b, 2, appendBytes(nil, 1, t))
	}
	return appendText(b, 3, v.Doc)
}
