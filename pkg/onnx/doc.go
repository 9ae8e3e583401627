// Package onnx holds ONNX files as plain data and reads and writes them, by the wire format of Protocol Buffers alone. It knows
// nothing of nets and runs nothing.
//
// A file that was read can be relied on: a tensor holds as many elements as its shape says, a name is given once, what a node
// reads is there, nodes come after those that they read, and subgraphs are nested a few levels deep. Sizes that a file declares
// are compared with what it holds before memory is taken. External data lies in files of the model's folder or below it.
// The error for any other file names the file and the part of it that is wrong.
package onnx

// Model is a graph and what it is written for.
type Model struct {
	IR                        int64 // version of the file format
	Producer, ProducerVersion string
	Domain                    string
	Version                   int64
	Doc                       string
	Opsets                    []Opset
	Metadata                  []Property
	Graph                     *Graph
	Functions                 []*Function
}

// Opset is the version of the operators of a domain; the standard ones are those of the domain "".
type Opset struct {
	Domain  string
	Version int64
}

// Opset is the version of the standard operators, 0 if there is none.
func (m *Model) Opset() int64 {
	for _, o := range m.Opsets {
		if o.Domain == "" || o.Domain == "ai.onnx" {
			return o.Version
		}
	}
	return 0
}

// Property is a text with a key.
type Property struct{ Key, Value string }

// Graph is a list of nodes, each after those that it reads.
type Graph struct {
	Name, Doc    string
	Nodes        []*Node
	Initializers []*Tensor
	Inputs       []*Value
	Outputs      []*Value
	Values       []*Value // what is known of values in between
}

// Node computes Outputs from Inputs, which are names of values; "" is one that is left out.
type Node struct {
	Name, Op, Domain, Doc string
	Overload              string // of a function
	Inputs, Outputs       []string
	Attributes            []Attribute
}

// Attribute is a setting of a node. Value is an int64, float32, string, *Tensor or *Graph, or a slice of one of these; nil where
// Ref names the attribute of the function that the node is in.
type Attribute struct {
	Name  string
	Value any
	Ref   string
}

// Attribute is the value of an attribute; nil where the node has none of that name.
func (n *Node) Attribute(name string) any {
	for _, a := range n.Attributes {
		if a.Name == name {
			return a.Value
		}
	}
	return nil
}

// Function is an operator that is made of others.
type Function struct {
	Name, Domain, Overload, Doc string
	Inputs, Outputs             []string
	Attributes                  []string    // that a node must give
	Defaults                    []Attribute // that it may give
	Nodes                       []*Node
	Opsets                      []Opset
}

// Value says what a value is: a tensor of Type, or something else (a sequence, an optional value) where Type is Undefined.
type Value struct {
	Name, Doc string
	Type      Type
	Shape     []Dim
	Unranked  bool // nothing is known of the shape
}

// Dim is the size of an axis, or the name of a size that is settled when the model runs. A Size below 0 without a name is
// unknown.
type Dim struct {
	Size int
	Name string
}

// Fixed are axes of known sizes.
func Fixed(sizes ...int) []Dim {
	dims := make([]Dim, len(sizes))
	for i, n := range sizes {
		dims[i].Size = n
	}
	return dims
}

// Symbolic is an axis whose size has a name.
func Symbolic(name string) Dim { return Dim{-1, name} }
