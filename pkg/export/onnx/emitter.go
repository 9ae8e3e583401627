package onnx

import (
	"slices"

	"dnn/internal/registry"
	"dnn/pkg/export/calls"
	"dnn/pkg/graph"
)

// Kind says what the nodes of an op become.
type Kind func(e *Emitter, n *graph.Node)

// Registry holds the kinds, by op.
var Registry = registry.New[Kind]("op in ONNX")

// Emitter collects the nodes of a net.
type Emitter struct {
	*builder
	net      *graph.Graph
	variants []Variant         // the first is that with other rows
	inputs   map[string]string // names of the graph's inputs in the ONNX model
	data     calls.Data        // what is known when the net is exported
	values   map[*graph.Value]*written
	uses     [][]*graph.Node
	done     map[*graph.Node]bool // became part of another
	node     *graph.Node
	result   *graph.Value // what output 0 of the node is, where that is not its own
	err      error
}

// emit adds the nodes of a graph. inputs says what feeds it; data is what its variables hold.
func (b *builder) emit(g *graph.Graph, variants []Variant, inputs map[string]string, data func(v *graph.Var) graph.Buffer) (*Emitter, error) {
	e := &Emitter{
		builder: b, net: g, variants: variants, inputs: inputs, data: calls.DataOf(g, data), uses: g.Uses(),
		values: map[*graph.Value]*written{}, done: map[*graph.Node]bool{},
	}
	for i := range variants {
		if err := alike(g, &variants[i]); err != nil {
			return nil, err
		}
		variants[i].data = calls.DataOf(variants[i].Graph, data)
	}
	live := g.Live()
	for i, n := range g.Nodes {
		if n.Op == nil {
			if name, ok := inputs[n.Name]; ok && n.Leaf == graph.Input {
				e.values[n.Outputs[0]] = &written{of: [forms]string{plain: name}}
			}
			continue
		}
		if !calls.IsLive(n, live) || e.computed(n, i) || e.done[n] {
			continue
		}
		e.node, e.scope, e.result = n, n.Scope, nil
		if n.Op.View != nil {
			reshape(e, n)
		} else if kind, ok := Registry.Get(n.Op.Name); ok {
			kind(e, n)
		} else {
			e.Refuse("is not supported")
		}
		if e.err != nil {
			return nil, e.err
		}
	}
	e.scope = ""
	return e, nil
}

// computed computes what depends on weights alone, but for what has an axis of rows, and for parts of tables. It is node i of the graph.
func (e *Emitter) computed(n *graph.Node, i int) bool {
	for _, v := range n.Outputs {
		for ax := range v.Shape {
			s := e.Size(v, ax)
			if slices.Contains(s.Symbols, 0) || n.Op.Name == "slice" && !s.fixed() {
				return false
			}
		}
	}
	if !e.data.Compute(n) {
		return false
	}
	for k := range e.variants {
		e.variants[k].data.Compute(e.variants[k].Graph.Nodes[i])
	}
	return true
}

// Refuse ends the export: the node cannot be written.
func (e *Emitter) Refuse(why string) {
	if e.err == nil {
		e.err = &calls.Unsupported{Layer: e.node.Scope, Op: e.node.Op.Name, Why: why}
	}
}

// Data is what input i holds, if that is known and has no size that changes.
func (e *Emitter) Data(i int) (graph.Buffer, bool) {
	v := e.node.Inputs[i]
	d, ok := e.data[v]
	for ax := range v.Shape {
		ok = ok && e.Size(v, ax).fixed()
	}
	return d, ok
}

// Bias is what is added to each row of the node's result, where nothing else reads that: then both become one node. It is "" where
// there is none.
func (e *Emitter) Bias() string {
	v := e.node.Outputs[0]
	users := e.uses[v.ID]
	if len(users) != 1 || users[0].Op.Name != "add" {
		return ""
	}
	add := users[0]
	for i, other := range add.Inputs {
		d, known := e.data[other]
		if !known {
			known = e.data.Compute(other.Node)
			d = e.data[other]
		}
		if add.Inputs[1-i] == v && known && other.Shape.Size() == v.Shape.Last() && other.Shape.Last() == v.Shape.Last() && add.Outputs[0].Shape.Equal(v.Shape) {
			e.done[add], e.result = true, add.Outputs[0]
			return e.Floats(e.paramName(other), d.Floats(), v.Shape.Last())
		}
	}
	return ""
}

// paramName is what a constant is called.
func (e *Emitter) paramName(v *graph.Value) string {
	if p, _ := e.net.ParamOf(v); p != nil {
		return p.Name
	}
	if v.Node != nil && v.Node.Name != "" {
		return v.Node.Name
	}
	return e.scope + "/constant"
}
