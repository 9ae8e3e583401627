// Package importer makes a spec and weights of the ONNX graph of another tool.
//
// A graph is read once, node by node. A node becomes a layer, or part of the one before it (a bias, an activation), or no more than
// another view of its axes: transposes and reshapes are none. What depends on constants and shapes alone is computed. Attention and
// activations that exporters have taken apart are recognized by what they compute, not by how they are written.
//
// An operator is one file, which registers what it becomes. A node that cannot be imported is an error that names it.
package importer

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/onnx"
)

// kind says what the nodes of an operator become: as many values as it has outputs.
type kind func(n *node) []*value

// kinds are the operators that can be imported.
var kinds = map[string]kind{}

// register adds an operator. Files do so that have what it becomes.
func register(op string, k kind) { kinds[op] = k }

// value is a value of an ONNX graph while it is read: an array that is known, or a signal. A value without either is left out, or
// cannot be imported; why says the reason to whoever reads it.
type value struct {
	known  *array
	signal *signal
	scores *scores // of attention, on the way to it
	why    string
}

func constant(a *array) *value  { return &value{known: a} }
func signalOf(s *signal) *value { return &value{signal: s} }

// reader reads a graph.
type reader struct {
	net     *Net
	graph   *onnx.Graph
	opset   int64
	values  map[string]*value
	uses    map[string]int  // how many nodes and outputs read a value
	initial map[string]bool // initializers
	inputs  map[string]*Input
	layers  map[string]*Layer
	numbers map[string]int // the last number that was given to a name
	batch   *atom
	held    int                 // numbers in initializers
	folded  int                 // and in what was computed of constants
	inner   map[*onnx.Node]bool // nodes that a cluster stands for
	cluster map[*onnx.Node]func(n *node) []*value
}

// node is a node at work.
type node struct {
	*onnx.Node
	r  *reader
	in []*value
}

// Error is that of a node that cannot be imported.
type Error struct{ Node, Op, Why string }

func (e *Error) Error() string {
	name := e.Op
	if e.Node != "" {
		name += " " + phrase.Quote(e.Node)
	}
	return fmt.Sprintf("node %s: %s", name, e.Why)
}

// Import makes a net of a model. The error lists all operators that are not known, or says which node cannot be imported, and why.
func Import(m *onnx.Model) (*Net, error) {
	if err := unknownOps(m.Graph); err != nil {
		return nil, err
	}
	r := &reader{
		net: &Net{Name: m.Graph.Name}, graph: m.Graph, opset: m.Opset(), values: map[string]*value{}, uses: map[string]int{},
		initial: map[string]bool{}, inputs: map[string]*Input{}, layers: map[string]*Layer{}, numbers: map[string]int{}, inner: map[*onnx.Node]bool{}, cluster: map[*onnx.Node]func(n *node) []*value{},
	}
	if err := guarded(func() { r.enter() }); err != nil {
		return nil, err
	}
	r.findNorms()
	for _, n := range m.Graph.Nodes {
		if err := r.node(n); err != nil {
			return nil, err
		}
	}
	if err := guarded(func() { r.finish() }); err != nil {
		return nil, err
	}
	return r.net, nil
}

// unknownOps is an error that lists the operators that are neither known nor computed before the net runs.
func unknownOps(g *onnx.Graph) error {
	var lines []string
	seen := map[string]bool{}
	for _, n := range g.Nodes {
		_, layer := kinds[n.Op]
		_, folded := folds[n.Op]
		full := strings.TrimPrefix(n.Domain+"."+n.Op, ".")
		if n.Domain != "" && n.Domain != "ai.onnx" {
			layer, folded = false, false
		}
		if layer || folded || seen[full] {
			continue
		}
		seen[full] = true
		at := ""
		if n.Name != "" {
			at = ", first in node " + phrase.Quote(n.Name)
		}
		lines = append(lines, fmt.Sprintf("operator %s is not known%s", full, at))
	}
	if lines == nil {
		return nil
	}
	return errors.New(strings.Join(lines, "\n"))
}

// guarded turns a refusal into an error.
func guarded(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case refusal:
			err = errors.New(r.why)
		case runtime.Error: // sizes that do not fit each other: files of strangers can hold anything
			err = fmt.Errorf("is not as ONNX describes it (%w)", r)
		default:
			panic(r)
		}
	}()
	f()
	return nil
}

// node reads a node.
func (r *reader) node(on *onnx.Node) error {
	if r.inner[on] {
		return nil
	}
	n := &node{Node: on, r: r}
	for _, name := range on.Inputs {
		v := r.values[name]
		if v == nil {
			v = &value{}
		}
		n.in = append(n.in, v)
	}
	var out []*value
	err := guarded(func() {
		n.complete()
		out = n.read()
	})
	if err != nil {
		return &Error{on.Name, on.Op, err.Error()}
	}
	for i, v := range out {
		if i < len(on.Outputs) && on.Outputs[i] != "" && v != nil {
			r.values[on.Outputs[i]] = n.owned(v)
		}
	}
	return nil
}

// complete expects the inputs that a node cannot do without.
func (n *node) complete() {
	least, ok := needs[n.Op]
	if !ok {
		least = 1
	}
	for i := range least {
		if !n.has(i) {
			fail("input %d is missing", i)
		}
	}
	if len(n.Outputs) == 0 {
		fail("has no output")
	}
}

// needs is how many inputs a node must have, where that is not one.
var needs = map[string]int{
	"Constant": 0, "Range": 3, "Where": 3, "Reshape": 2, "Gather": 2, "Expand": 2, "Tile": 2, "MatMul": 2, "Gemm": 2, "Conv": 2, "LSTM": 3,
	"GRU": 3, "RNN": 3, "BatchNormalization": 5, "InstanceNormalization": 3, "GroupNormalization": 3, "LayerNormalization": 2,
	"RMSNormalization": 2, "Add": 2, "Sub": 2, "Mul": 2, "Div": 2, "Pow": 2, "Mod": 2, "And": 2, "Or": 2, "Equal": 2, "Less": 2,
	"LessOrEqual": 2, "Greater": 2, "GreaterOrEqual": 2, "CastLike": 2,
}

// owned is a value that the node puts out, which knows whether anything else reads what its layer puts out.
func (n *node) owned(v *value) *value {
	if v.signal == nil {
		return v
	}
	s := *v.signal
	s.alone, s.raw = true, true
	for i, in := range n.in {
		if in.signal != nil && in.signal.layer == s.layer {
			s.alone = s.alone && in.signal.alone && n.once(i)
			s.raw = s.raw && in.signal.raw && (s.fn != in.signal.fn || n.once(i))
		}
	}
	if s.fn == nil {
		s.raw = s.alone
	}
	return &value{signal: &s}
}

// read is what the node becomes.
func (n *node) read() []*value {
	if f := n.r.cluster[n.Node]; f != nil {
		return f(n)
	}
	if arrays, ok := n.knownInputs(); ok {
		if f := folds[n.Op]; f != nil {
			return n.fold(f, arrays)
		}
	}
	for i, v := range n.in {
		if v.scores != nil {
			return ofScores(n, i, v.scores)
		}
	}
	if f, ok := kinds[n.Op]; ok {
		return f(n)
	}
	fail("is known for constants and shapes alone, and its input depends on the data")
	return nil
}

// knownInputs are the inputs, if all that are given are known.
func (n *node) knownInputs() (arrays []*array, ok bool) {
	for i, v := range n.in {
		if v.known == nil && n.Inputs[i] != "" {
			return nil, false
		}
		arrays = append(arrays, v.known)
	}
	return arrays, true
}

// signal is input i, which must depend on the data.
func (n *node) signal(i int) *signal {
	if i >= len(n.in) || n.in[i].signal == nil {
		if i < len(n.in) && n.in[i].why != "" {
			fail("%s", n.in[i].why)
		}
		if i < len(n.in) && n.in[i].scores != nil {
			fail("takes a product of two values that both depend on the data, which is no attention that is known here")
		}
		fail("input %d is not what a net computes of its data", i)
	}
	return n.in[i].signal
}

// array is input i, which must be known; nil if it is left out.
func (n *node) array(i int) *array {
	if i >= len(n.in) || n.Inputs[i] == "" {
		return nil
	}
	if n.in[i].known == nil {
		fail("input %d (%s) must be a constant, and depends on the data", i, n.Inputs[i])
	}
	return n.in[i].known
}

// need is an input that must be there and known.
func (n *node) need(i int) *array {
	a := n.array(i)
	if a == nil {
		fail("input %d is missing", i)
	}
	return a
}

// has reports whether input i is given.
func (n *node) has(i int) bool { return i < len(n.Inputs) && n.Inputs[i] != "" }

// int, float, text and ints are attributes, or what is said where there is none.
func (n *node) int(name string, other int) int {
	if x, ok := n.Attribute(name).(int64); ok {
		return int(x)
	}
	return other
}

func (n *node) float(name string, other float64) float64 {
	if x, ok := n.Attribute(name).(float32); ok {
		return float64(x)
	}
	return other
}

func (n *node) text(name, other string) string {
	if x, ok := n.Attribute(name).(string); ok {
		return x
	}
	return other
}

func (n *node) ints(name string) []int {
	x, ok := n.Attribute(name).([]int64)
	if !ok {
		return nil
	}
	out := make([]int, len(x))
	for i := range x {
		out[i] = int(x[i])
	}
	return out
}

// listed is a list that was an attribute in early opsets and is an input in later ones.
func (n *node) listed(attribute string, input int) []int {
	if a := n.array(input); a != nil {
		return a.ints()
	}
	return n.ints(attribute)
}

// once reports whether nothing but this node reads input i.
func (n *node) once(i int) bool { return n.r.uses[n.Inputs[i]] == 1 }

// used reports whether anything reads output i.
func (n *node) used(i int) bool {
	return i < len(n.Outputs) && n.Outputs[i] != "" && n.r.uses[n.Outputs[i]] > 0
}

// only expects an attribute to be of one value.
func (n *node) only(name string, want int) {
	if have := n.int(name, want); have != want {
		fail("%s: %d is not supported", name, have)
	}
}
