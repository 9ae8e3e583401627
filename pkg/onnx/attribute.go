package onnx

import (
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"dnn/internal/phrase"
)

// The kinds of attributes by their numbers in files.
const (
	kindFloat = iota + 1
	kindInt
	kindString
	kindTensor
	kindGraph
	kindFloats
	kindInts
	kindStrings
	kindTensors
	kindGraphs
)

// parts are the fields of an attribute, of which its kind says the one that counts.
type parts struct {
	kind    int64
	number  int64
	float   float32
	text    string
	tensor  []*Tensor
	graph   []*Graph
	floats  []float32
	ints    []int64
	strings []string
	tensors []*Tensor
	graphs  []*Graph
}

func (r *reader) attribute(f field, list *[]Attribute) error {
	a, p := Attribute{}, parts{}
	err := f.message(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&a.Name)
		case 20:
			return f.int64(&p.kind)
		case 21:
			return f.text(&a.Ref)
		}
		return r.attributePart(f, &p)
	})
	if err == nil && a.Ref == "" {
		a.Value, err = p.value()
	}
	if err != nil {
		return fmt.Errorf("attribute %s: %w", phrase.Quote(a.Name), err)
	}
	if len(*list) >= maxAttributes {
		return fmt.Errorf("has more than %d attributes", maxAttributes)
	}
	for _, other := range *list {
		if other.Name == a.Name {
			return fmt.Errorf("attribute %s is given twice", phrase.Quote(a.Name))
		}
	}
	*list = append(*list, a)
	return r.part()
}

func (r *reader) attributePart(f field, p *parts) error {
	switch f.number {
	case 2:
		p.float = math.Float32frombits(uint32(f.bits))
		return f.is(protowire.Fixed32Type)
	case 3:
		return f.int64(&p.number)
	case 4:
		return f.text(&p.text)
	case 5:
		return r.tensor(f, &p.tensor)
	case 6:
		return r.subgraph(f, &p.graph)
	case 7:
		return f.repeated(protowire.Fixed32Type, func(bits uint64) { p.floats = append(p.floats, math.Float32frombits(uint32(bits))) })
	case 8:
		return f.repeated(protowire.VarintType, func(bits uint64) { p.ints = append(p.ints, int64(bits)) })
	case 9:
		return r.texts(f, &p.strings)
	case 10:
		return r.tensor(f, &p.tensors)
	case 11:
		return r.subgraph(f, &p.graphs)
	case 14, 15, 22, 23:
		return errors.New("sparse tensors and types are not supported here")
	}
	return nil
}

func (r *reader) subgraph(f field, list *[]*Graph) error {
	g := &Graph{}
	*list = append(*list, g)
	return errors.Join(r.graph(f, g), r.part())
}

// value is what the kind says. Files of the first versions had no kind.
func (p *parts) value() (any, error) {
	switch p.kind {
	case kindFloat:
		return p.float, nil
	case kindInt:
		return p.number, nil
	case kindString:
		return p.text, nil
	case kindTensor:
		if len(p.tensor) == 1 {
			return p.tensor[0], nil
		}
	case kindGraph:
		if len(p.graph) == 1 {
			return p.graph[0], nil
		}
	case kindFloats:
		return p.floats, nil
	case kindInts:
		return p.ints, nil
	case kindStrings:
		return p.strings, nil
	case kindTensors:
		return p.tensors, nil
	case kindGraphs:
		return p.graphs, nil
	default:
		return nil, fmt.Errorf("is of kind %d, which is not known", p.kind)
	}
	return nil, fmt.Errorf("must have one value")
}

func appendAttribute(b []byte, a Attribute) []byte {
	b = appendText(b, 1, a.Name)
	if a.Ref != "" {
		return appendText(b, 21, a.Ref)
	}
	kind := int64(0)
	switch v := a.Value.(type) {
	case float32:
		kind, b = kindFloat, appendFloat(b, 2, v)
	case int64:
		kind, b = kindInt, appendInt(b, 3, v)
	case string:
		kind, b = kindString, appendBytes(b, 4, []byte(v))
	case *Tensor:
		kind, b = kindTensor, appendBytes(b, 5, appendTensor(nil, v))
	case *Graph:
		kind, b = kindGraph, appendBytes(b, 6, appendGraph(nil, v))
	case []float32:
		kind = kindFloats
		for _, x := range v {
			b = appendFloat(b, 7, x)
		}
	case []int64:
		kind = kindInts
		for _, x := range v {
			b = appendInt(b, 8, x)
		}
	case []string:
		kind, b = kindStrings, appendTexts(b, 9, v)
	case []*Tensor:
		kind = kindTensors
		for _, t := range v {
			b = appendBytes(b, 10, appendTensor(nil, t))
		}
	case []*Graph:
		kind = kindGraphs
		for _, g := range v {
			b = appendBytes(b, 11, appendGraph(nil, g))
		}
	default:
		panic(fmt.Sprintf("onnx: internal error: attribute %s is a %T", a.Name, a.Value))
	}
	return appendInt(b, 20, kind)
}
