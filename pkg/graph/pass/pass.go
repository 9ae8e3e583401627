// Package pass rewrites graphs: each pass is one file and makes a new graph that computes the same bits with less work.
// All stand in one ordered table, and each can be switched off by name.
package pass

import (
	"fmt"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// Pass is one rewrite.
type Pass struct {
	Name string
	Doc  string
	Run  func(g *graph.Graph) (*graph.Graph, error)
	// Always marks what a graph cannot be run without; it cannot be switched off.
	Always bool
}

// Table lists all passes in the order they run.
func Table() []Pass {
	return []Pass{
		lower, // before all others: they need not know ops that only stand for several simpler ones
		fold,
		simplify,         // after fold: whole identities show only in computed constants
		share,            // after both, which make equal nodes
		fuseCrossEntropy, // after simplify, which turns the gradient's chain into a form that is easily told
		fuseDense,        // after share, so that a sum that two layers share is seen to have two readers
		fuseConv,         // likewise
		fuseGradient,     // before the elementwise chains, which would take the activation's gradient in
		fuseNorm,         // before the elementwise chains, which would take the relu and its gradient in
		fuseElementwise,  // after the others, which know better what to do with an op
		shareConsts,      // after everything that makes constants
		drop,             // last: the others leave behind what nothing reads any more
	}
}

// Names lists the passes that can be switched off.
func Names() []string {
	var names []string
	for _, p := range Table() {
		if !p.Always {
			names = append(names, p.Name)
		}
	}
	return names
}

// Run sends g through every pass but those switched off by name.
func Run(g *graph.Graph, off []string) (*graph.Graph, error) {
	for _, name := range off {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("no pass is called %q%s", name, spec.DidYouMean(name, Names()))
		}
	}
	for _, p := range Table() {
		if slices.Contains(off, p.Name) {
			continue
		}
		next, err := p.Run(g)
		if err == nil {
			err = next.Verify()
		}
		if err != nil {
			return nil, fmt.Errorf("pass %s: %w", p.Name, err)
		}
		g = next
	}
	return g, nil
}

// rewriter makes a new graph from an old one, node by node.
type rewriter struct {
	old  *graph.Graph
	b    *graph.Builder
	to   map[*graph.Value]*graph.Value // old value to new
	vars map[*graph.Var]*graph.Var
	data map[*graph.Value][]float32 // of the new graph's constants
}

// rewrite copies g, asking replace for each node that computes something. replace gets the node's inputs in the new graph
// and returns the node's outputs there, or nil to have it copied as it is.
func rewrite(g *graph.Graph, replace func(r *rewriter, n *graph.Node, in []*graph.Value) []*graph.Value) (*graph.Graph, error) {
	r := &rewriter{
		old: g, b: graph.NewBuilder(), to: map[*graph.Value]*graph.Value{}, vars: map[*graph.Var]*graph.Var{},
		data: map[*graph.Value][]float32{},
	}
	for _, n := range g.Nodes {
		if r.to[n.Outputs[0]] != nil { // copied ahead of its place
			continue
		}
		r.b.Scope, r.b.Stage = n.Scope, n.Stage
		if n.Op == nil {
			r.leaf(n)
			continue
		}
		in := make([]*graph.Value, len(n.Inputs))
		for i, v := range n.Inputs {
			in[i] = r.to[v]
		}
		out := replace(r, n, in)
		if out == nil {
			out = r.b.Add(n.Op, n.Attrs, in...)
		}
		for i, v := range n.Outputs {
			r.to[v] = out[i]
		}
	}
	for _, o := range g.Outputs {
		r.b.SetOutput(o.Name, r.to[o.Value])
	}
	for _, a := range g.Assigns {
		r.b.Assign(r.vars[a.Var], r.to[a.Value])
	}
	return r.b.Finish()
}

func (r *rewriter) leaf(n *graph.Node) {
	old := n.Outputs[0]
	switch n.Leaf {
	case graph.Input:
		r.to[old] = r.b.Input(n.Name, old.Type)
	case graph.Constant:
		r.to[old] = r.constant(old.Shape, r.old.Consts[old])
	case graph.Variable:
		v := r.old.Var(n.Name)
		w := r.b.Var(v.Name, v.Class, v.Value.Shape, v.Init)
		w.Params = v.Params
		r.vars[v], r.to[old] = w, w.Value
	}
}

// constant adds a constant to the new graph.
func (r *rewriter) constant(shape graph.Shape, data []float32) *graph.Value {
	v := r.b.Const(shape, data)
	r.data[v] = data
	return v
}

// ahead copies v, and what it is computed from, before its turn has come.
func (r *rewriter) ahead(v *graph.Value) *graph.Value {
	if w := r.to[v]; w != nil {
		return w
	}
	n := v.Node
	in := make([]*graph.Value, len(n.Inputs))
	for i, x := range n.Inputs {
		in[i] = r.ahead(x)
	}
	scope, stage := r.b.Scope, r.b.Stage
	r.b.Scope, r.b.Stage = n.Scope, n.Stage
	if n.Op == nil {
		r.leaf(n)
	} else {
		for i, w := range r.b.Add(n.Op, n.Attrs, in...) {
			r.to[n.Outputs[i]] = w
		}
	}
	r.b.Scope, r.b.Stage = scope, stage
	return r.to[v]
}
