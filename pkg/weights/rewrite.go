package weights

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Rewrite puts the forms into a graph that predicts, with or without gradients: ops that can be computed on a form are, and all
// that reads the parameter besides reads it widened. What stays float32 moves together in the flat arrays. The graph's numbers
// change: it is no pass of the table, but goes before them.
func (f *Forms) Rewrite(g *graph.Graph) (*graph.Graph, error) {
	if !f.Any() {
		return g, nil
	}
	w := &writer{forms: f, old: g, packed: map[*graph.Value]*parameter{}, norms: map[*graph.Value]*norm{}, wide: map[reading]*graph.Value{}}
	names := map[string]bool{}
	if err := w.findNorms(names); err != nil {
		return nil, err
	}
	for _, n := range g.Nodes {
		p, v := g.ParamOf(n.Outputs[0])
		if p == nil {
			continue
		}
		if form, ok := f.Of[p.Name].(Packed); ok {
			names[p.Name] = true
			w.packed[n.Outputs[0]] = &parameter{Param: *p, form: form, class: v.Class}
		}
	}
	return graph.Without(g, names, w.replace)
}

// writer is the replacement of nodes in a graph.
type writer struct {
	forms  *Forms
	old    *graph.Graph
	packed map[*graph.Value]*parameter
	norms  map[*graph.Value]*norm // folded, by each of the values that made them, and are not there
	wide   map[reading]*graph.Value
}

// parameter is one that is kept in a form.
type parameter struct {
	graph.Param
	form   Packed
	class  graph.Class
	arrays []*graph.Value
}

// reading is what the nodes of a stage read widened.
type reading struct {
	of    *graph.Value
	stage graph.Stage
}

func (w *writer) replace(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
	if p := w.packed[n.Outputs[0]]; p != nil { // the view of the parameter
		p.arrays = Vars(r.Builder, p.Param, p.form, p.class)
		return []*graph.Value{nil}
	}
	if w.norms[n.Outputs[0]] != nil { // the view of gamma or beta
		return []*graph.Value{nil}
	}
	if out := w.skipNorm(r, n, in); out != nil {
		return out
	}
	var at []int
	for i, v := range n.Inputs {
		switch {
		case w.packed[v] != nil:
			at = append(at, i)
		case w.norms[v] != nil:
			in[i] = w.once(r, v, func() *graph.Value { return w.norms[v].constant(r.Builder, v) })
		}
	}
	if len(at) == 1 {
		p := w.packed[n.Inputs[at[0]]]
		if c, ok := p.form.(Computing); ok {
			if out := c.Compute(r, n, p.Param, at[0], in, p.arrays); out != nil {
				return out
			}
		}
	}
	for _, i := range at {
		v := n.Inputs[i]
		in[i] = w.once(r, v, func() *graph.Value { return w.packed[v].form.Widen(r.Builder, w.packed[v].Param, w.packed[v].arrays) })
	}
	return nil
}

// once makes what stands for a value of the old graph, once for each stage, so that it need not live from the one to the other.
func (w *writer) once(r *graph.Rewriter, v *graph.Value, make func() *graph.Value) *graph.Value {
	key := reading{v, r.Stage}
	if w.wide[key] == nil {
		w.wide[key] = make()
	}
	return w.wide[key]
}

// Vars adds the variables that hold a parameter, and returns their values.
func Vars(b *graph.Builder, p graph.Param, form Packed, class graph.Class) (values []*graph.Value) {
	for _, a := range form.Arrays(p) {
		values = append(values, b.VarOf(p.Name+a.Suffix, class, a.Type, nil).Value)
	}
	return values
}

// norm is a folded batch norm as it was in the old graph.
type norm struct {
	name           string
	node           *graph.Node
	mean, variance *graph.Value
	gamma, beta    *graph.Value // nil where it has none
}

// findNorms finds the folded norms and adds the names of all that is not needed of them.
func (w *writer) findNorms(names map[string]bool) error {
	found := map[string]bool{}
	for _, n := range w.old.Nodes {
		if n.Op == nil || n.Op.Name != "batch_norm_apply" || n.Inputs[1].Node.Leaf != graph.Variable {
			continue
		}
		name := op.NormName(n)
		if _, ok := w.forms.Folded[name]; !ok {
			continue
		}
		found[name] = true
		m := &norm{name: name, node: n, mean: n.Inputs[1], variance: n.Inputs[2]}
		a, rest := n.Attrs.(op.NormAttrs), n.Inputs[3:]
		if a.Gamma {
			m.gamma, rest = rest[0], rest[1:]
		}
		if a.Beta {
			m.beta = rest[0]
		}
		for _, v := range n.Inputs[1:] {
			w.norms[v] = m
			if p, _ := w.old.ParamOf(v); p != nil {
				names[p.Name] = true
			} else {
				names[v.Node.Name] = true
			}
		}
	}
	for name := range w.forms.Folded {
		if !found[name] {
			return fmt.Errorf("the net has no batch norm %s that could be folded", name)
		}
	}
	return nil
}

// skipNorm is what a folded norm passes on; nil for other nodes.
func (w *writer) skipNorm(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
	if len(n.Inputs) < 2 || w.norms[n.Inputs[1]] == nil || w.norms[n.Inputs[1]].node != n {
		return nil
	}
	if m := w.norms[n.Inputs[1]]; w.forms.Folded[m.name] == "" {
		bias := r.Var(FoldedBias(m.name), graph.State, m.mean.Shape, nil)
		return []*graph.Value{op.Add(r.Builder, in[0], bias.Value)}
	}
	return in[:1:1]
}

// constant is what v, of a folded norm, is to those that read it besides: gradients.
func (m *norm) constant(b *graph.Builder, v *graph.Value) *graph.Value {
	x := 0.0
	switch v {
	case m.variance:
		x = 1 - m.node.Attrs.(op.NormAttrs).Eps
	case m.gamma:
		x = 1
	}
	return op.BroadcastTo(b, b.Scalar(x), v.Shape...)
}
