package stablehlo

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
)

// Module is a graph as a module of StableHLO with one function, main. Its inputs are the variables, then what the graph is fed
// with; its results are the next values of the variables that are assigned, then the outputs.
type Module struct {
	Text    []byte
	Vars    []*graph.Var
	Feeds   []*graph.Node
	Assigns []graph.Assign
	Outputs []graph.Output
}

// Options change what a module does.
type Options struct {
	// Guard names an output: where it is not finite, variables keep their values.
	Guard string
	// Donate lets the next value of a variable take its storage.
	Donate bool
}

// New writes g.
func New(g *graph.Graph, o Options) (*Module, error) {
	g, err := decomposed(g)
	if err != nil {
		return nil, err
	}
	m := &Module{Outputs: g.Outputs, Assigns: g.Assigns}
	live := g.Live()
	e, values := &emitter{}, map[*graph.Value]val{}
	var params []string
	take := func(v *graph.Value, attrs string) {
		x := val{e, fmt.Sprintf("%%arg%d", len(params)), typeOf(v.Type)}
		values[v] = x
		params = append(params, x.name+": "+x.String()+attrs)
	}
	for _, v := range g.Vars {
		at := slices.IndexFunc(g.Assigns, func(a graph.Assign) bool { return a.Var == v })
		if !live[v.Value.ID] && at < 0 {
			continue
		}
		attrs := ""
		if o.Donate && at >= 0 {
			attrs = fmt.Sprintf(" {tf.aliasing_output = %d : i32}", at)
		}
		m.Vars = append(m.Vars, v)
		take(v.Value, attrs)
	}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			m.Feeds = append(m.Feeds, n)
			take(n.Outputs[0], "")
		}
	}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input || n.Leaf == graph.Variable || !slices.ContainsFunc(n.Outputs, func(v *graph.Value) bool { return live[v.ID] }) {
			continue
		}
		if err := e.node(g, n, values); err != nil {
			return nil, err
		}
	}
	results := m.results(e, g, values, o)
	m.Text = fmt.Appendf(nil, "module @dnn {\n  func.func public @main(%s) -> (%s) {\n%s    return%s\n  }\n}\n",
		strings.Join(params, ", "), types(results), e.out.String(), returned(results))
	return m, nil
}

func returned(results []val) string {
	if len(results) == 0 {
		return ""
	}
	return " " + names(results) + " : " + types(results)
}

// node writes a node.
func (e *emitter) node(g *graph.Graph, n *graph.Node, values map[*graph.Value]val) error {
	if n.Leaf == graph.Constant {
		values[n.Outputs[0]] = e.floats(g.Consts[n.Outputs[0]], n.Outputs[0].Shape...)
		return nil
	}
	lower, ok := Registry.Get(n.Op.Name)
	if !ok {
		return &Unsupported{n.Scope, n.Op.Name, onCPU[n.Op.Name]}
	}
	var in []val
	for _, v := range n.Inputs {
		in = append(in, values[v])
	}
	out := lower(e, n, in)
	if e.err != nil {
		return e.err
	}
	for i, v := range n.Outputs {
		if !typeOf(v.Type).same(out[i].typ) {
			return fmt.Errorf("internal error: output %d of op %s becomes %v, not %v", i, n.Op.Name, out[i].typ, v.Type)
		}
		values[v] = out[i]
	}
	return nil
}

func (t typ) same(u typ) bool { return t.elem == u.elem && t.shape.Equal(u.shape) }

// results are the next values of variables, guarded, and the outputs.
func (m *Module) results(e *emitter, g *graph.Graph, values map[*graph.Value]val, o Options) []val {
	var finite *val
	if guard := g.Output(o.Guard); guard != nil && len(g.Assigns) > 0 {
		x := values[guard]
		y := e.op("is_finite", "", typ{"i1", x.shape}, x)
		finite = &y
	}
	var results []val
	for _, a := range g.Assigns {
		x := values[a.Value]
		if finite != nil {
			x = finite.pick(x, values[a.Var.Value])
		}
		results = append(results, x)
	}
	for _, out := range g.Outputs {
		results = append(results, values[out.Value])
	}
	return results
}
