package graph

import "slices"

// Without is Rewrite with variables and parameters left out, by their names. In place of what showed them, nodes have nil among
// their inputs: replace sees to it that none is copied so. It is asked about the view of a parameter that is left out, too, and
// must not have it copied. The parameters that stay move together in their flat array, which goes when none is left.
func Without(g *Graph, names map[string]bool, replace Replace) (*Graph, error) {
	return rewrite(g, &Rewriter{without: names}, replace)
}

// leaves copies a variable that is left out, wholly or in part, and reports whether it is one.
func (r *Rewriter) leaves(v *Var) bool {
	if r.without[v.Name] {
		return true
	}
	if !slices.ContainsFunc(v.Params, func(p Param) bool { return r.without[p.Name] }) {
		return false
	}
	var stay []Param
	size := 0
	for _, p := range v.Params {
		if !r.without[p.Name] {
			p.Offset = size
			size += aligned(p.Shape.Size())
			stay = append(stay, p)
		}
	}
	if stay == nil {
		return true
	}
	w := r.VarOf(v.Name, v.Class, Type{v.Value.DType, Shape{size}}, nil)
	w.Params = stay
	w.Init = initParams(w)
	r.vars[v], r.to[v.Value] = w, w.Value
	return true
}

// moved is the view of a parameter that stays in an array from which others are left out; nil for any other node.
func (r *Rewriter) moved(n *Node) []*Value {
	if len(r.without) == 0 || n.Op != View || n.Inputs[0].Node.Leaf != Variable {
		return nil
	}
	p, v := r.old.ParamOf(n.Outputs[0])
	if p == nil || r.vars[v] == nil || r.without[p.Name] || len(r.vars[v].Params) == len(v.Params) {
		return nil
	}
	for _, q := range r.vars[v].Params {
		if q.Name == p.Name {
			return r.Add(View, ViewAttrs{q.Offset, p.Shape}, r.to[v.Value])
		}
	}
	return nil
}

// ParamOf is the parameter that v is the view of, and the array that it lies in; nil when v is no such view.
func (g *Graph) ParamOf(v *Value) (*Param, *Var) {
	if v.Node.Op != View || v.Node.Inputs[0].Node.Leaf != Variable {
		return nil, nil
	}
	flat, a := g.Var(v.Node.Inputs[0].Node.Name), v.Node.Attrs.(ViewAttrs)
	for i := range flat.Params {
		if p := &flat.Params[i]; p.Offset == a.Offset && p.Shape.Equal(a.Shape) {
			return p, flat
		}
	}
	return nil, nil
}
