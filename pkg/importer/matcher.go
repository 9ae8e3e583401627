package importer

import "dnn/pkg/onnx"

// matcher looks along the edges of a graph.
type matcher struct {
	r       *reader
	made    map[string]*onnx.Node   // the node that puts a value out
	readers map[string][]*onnx.Node // the nodes that read it
}

func (r *reader) matcher() *matcher {
	m := &matcher{r, map[string]*onnx.Node{}, map[string][]*onnx.Node{}}
	for _, n := range r.graph.Nodes {
		for _, out := range n.Outputs {
			m.made[out] = n
		}
		for _, in := range n.Inputs {
			m.readers[in] = append(m.readers[in], n)
		}
	}
	return m
}

// node is the node that puts out a value, or nil.
func (m *matcher) node(name string) *onnx.Node { return m.made[name] }

// by is the node that puts out a value, if it is of that operator.
func (m *matcher) by(name, op string) *onnx.Node {
	if n := m.made[name]; n != nil && n.Op == op {
		return n
	}
	return nil
}

// only is the node that alone reads a value.
func (m *matcher) only(name string) *onnx.Node {
	if m.r.uses[name] != 1 || len(m.readers[name]) != 1 {
		return nil
	}
	return m.readers[name][0]
}

// input is the name of an input, "" where there is none.
func (m *matcher) input(n *onnx.Node, i int) string {
	if n == nil || i < 0 || i >= len(n.Inputs) {
		return ""
	}
	return n.Inputs[i]
}

// known is a value that an initializer or a node Constant holds, or nil.
func (m *matcher) known(name string) *array {
	if v := m.r.values[name]; v != nil {
		return v.known
	}
	n := m.by(name, "Constant")
	if n == nil {
		return nil
	}
	var a *array
	if guarded(func() { a = heldBy(&node{Node: n, r: m.r}) }) != nil {
		return nil
	}
	return a
}

// constantOf is the constant among the two inputs of a node, and the place of the other input.
func (m *matcher) constantOf(n *onnx.Node) (*array, int) {
	for i := range min(2, len(n.Inputs)) {
		if a := m.known(n.Inputs[i]); a != nil {
			return a, 1 - i
		}
	}
	return nil, -1
}

// withInputs is a node that reads other values.
func withInputs(n *onnx.Node, inputs ...string) *onnx.Node {
	c := *n
	c.Inputs = inputs
	return &c
}
