package graph

// Rewriter makes a new graph from a finished one. Whatever is added to its builder goes into the new graph.
type Rewriter struct {
	*Builder
	old  *Graph
	to   map[*Value]*Value
	vars map[*Var]*Var

	types   map[string]DType // of variables that change theirs
	without map[string]bool  // variables and parameters that are left out, by name
}

// Replace returns the outputs that take the place of those of node n, a node with an op, or nil to have it copied. in are
// n's inputs in the new graph; it may exchange them before it has n copied. Scope and Stage of the builder are those of n.
type Replace func(r *Rewriter, n *Node, in []*Value) []*Value

// Rewrite copies g node by node, asking replace, if there is one, about each that has an op. Outputs and assigned variables
// keep their names. The functions in more run once all of g is in the new graph, and can add to it.
//
// It, Retype and Without are the only way to make a graph from another: passes, foldings and cuts all use them.
func Rewrite(g *Graph, replace Replace, more ...func(r *Rewriter) error) (*Graph, error) {
	return rewrite(g, &Rewriter{}, replace, more...)
}

// Retype is Rewrite with variables, by name, of other types. replace sees to it that what reads them takes them, and that they are
// assigned such.
func Retype(g *Graph, types map[string]DType, replace Replace) (*Graph, error) {
	return rewrite(g, &Rewriter{types: types}, replace)
}

func rewrite(g *Graph, r *Rewriter, replace Replace, more ...func(r *Rewriter) error) (*Graph, error) {
	r.Builder, r.old, r.to, r.vars = NewBuilder(), g, map[*Value]*Value{}, map[*Var]*Var{}
	r.Recompute(g.Segments)
	for _, n := range g.Nodes {
		if r.to[n.Outputs[0]] == nil { // else Ahead has copied it
			r.visit(n, replace)
		}
	}
	for _, o := range g.Outputs {
		r.SetOutput(o.Name, r.to[o.Value])
	}
	for _, a := range g.Assigns {
		r.Assign(r.vars[a.Var], r.to[a.Value])
	}
	for _, add := range more {
		if err := add(r); err != nil {
			return nil, err
		}
	}
	return r.Finish()
}

func (r *Rewriter) visit(n *Node, replace Replace) {
	r.Scope, r.Block, r.Stage = n.Scope, n.Block, n.Stage
	if n.Op == nil {
		r.leaf(n)
		return
	}
	in := make([]*Value, len(n.Inputs))
	for i, v := range n.Inputs {
		in[i] = r.to[v]
	}
	out := r.moved(n)
	if out == nil && replace != nil {
		out = replace(r, n, in)
	}
	if out == nil {
		out = r.Add(n.Op, n.Attrs, in...)
	}
	for i, v := range n.Outputs {
		r.to[v] = out[i]
	}
}

func (r *Rewriter) leaf(n *Node) {
	old := n.Outputs[0]
	switch n.Leaf {
	case Input:
		r.to[old] = r.Input(n.Name, old.Type)
	case Constant:
		r.to[old] = r.Const(old.Shape, r.old.Consts[old])
	case Variable:
		v := r.old.Var(n.Name)
		if r.leaves(v) {
			return
		}
		t := v.Value.Type
		if d, ok := r.types[v.Name]; ok {
			t.DType = d
		}
		w := r.VarOf(v.Name, v.Class, t, v.Init)
		w.Params = v.Params
		r.vars[v], r.to[old] = w, w.Value
	}
}

// To returns the value of the new graph that stands for v of the old one: nil for nil, and before v's turn has come.
func (r *Rewriter) To(v *Value) *Value { return r.to[v] }

// Data returns what a constant of the new graph holds, nil for any other value.
func (r *Rewriter) Data(v *Value) []float32 { return r.g.Consts[v] }

// Ahead copies v of the old graph, and what it is computed from, before its turn has come, and returns it.
func (r *Rewriter) Ahead(v *Value) *Value {
	if w := r.to[v]; w != nil {
		return w
	}
	for _, x := range v.Node.Inputs {
		r.Ahead(x)
	}
	scope, block, stage := r.Scope, r.Block, r.Stage
	r.visit(v.Node, nil)
	r.Scope, r.Block, r.Stage = scope, block, stage
	return r.to[v]
}
