package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// probe builds a net for batches of other shapes, to see whether it stays the same net.
type probe struct {
	net   *Network
	usual *built // for the rows of the training split, once it was asked for
}

// built is what a net is like when it is built for a batch shape.
type built struct {
	problems *spec.Problems
	outs     []graph.Shape // of the heads
	params   []graph.Param
	vars     []*graph.Var // that hold no parameters
	infos    []layers.Info
	misfit   error
}

// build builds the net.
func build(n *Network, shape BatchShape) *built {
	c := n.compiler(graph.NewBuilder(), shape, false)
	outs, infos := c.forward()
	r := &built{problems: c.p, infos: infos}
	if c.p.Len() > 0 {
		return r
	}
	r.misfit = c.misfit(outs)
	for k, out := range outs {
		own := out.Value.Shape
		if n.Heads[k].Sequence() {
			own = graph.Shape{own.Last()}
		}
		r.outs = append(r.outs, own)
	}
	for _, v := range c.b.Vars() {
		if len(v.Params) > 0 {
			r.params = append(r.params, v.Params...)
		} else {
			r.vars = append(r.vars, v)
		}
	}
	return r
}

// differs says what keeps the net from taking batches of that shape; "" if nothing does.
func (p *probe) differs(shape BatchShape) string {
	if p.usual == nil {
		p.usual = build(p.net, Rows(1))
	}
	r, other := p.usual, build(p.net, shape)
	if other.problems.Len() > 0 {
		first := other.problems.First()
		return fmt.Sprintf("%s: %s", first.Path, first.Message())
	}
	for i, q := range other.params {
		if i >= len(r.params) || !q.Shape.Equal(r.params[i].Shape) {
			return r.one(q.Layer, q.Role)
		}
	}
	for i, v := range other.vars {
		if i >= len(r.vars) || v.Name != r.vars[i].Name || !v.Value.Shape.Equal(r.vars[i].Value.Shape) {
			dot := max(0, strings.LastIndex(v.Name, "."))
			return r.one(v.Name[:dot], strings.TrimPrefix(v.Name[dot:], "."))
		}
	}
	switch {
	case other.misfit != nil:
		return other.misfit.Error()
	case len(other.vars) != len(r.vars), len(other.params) != len(r.params), !slices.EqualFunc(other.outs, r.outs, graph.Shape.Equal):
		return "what the net gives has another shape for longer sequences"
	}
	return ""
}

// one says of a layer that a parameter of it belongs to sequences of one length.
func (r *built) one(layer, role string) string {
	for _, in := range r.infos {
		if in.Name == layer && layer != "" {
			layer = fmt.Sprintf("%s (%s)", in.Path, in.Kind)
		}
	}
	return fmt.Sprintf("%s takes sequences of one length alone: its %s would have another shape for others", layer, role)
}
