// Package grad walks a graph in reverse and adds the nodes that compute gradients. The rules themselves live with their
// ops.
package grad

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Build adds to b the gradients of objective with respect to each value of wrt and returns them in that order; nil
// stands for a value that the objective does not depend on. seed is the gradient of the objective itself: nil means one.
//
// The walk stops at the values of wrt: what they are computed from is not differentiated. It panics with a *NoGradient when
// a path leads through an op that has none.
func Build(b *graph.Builder, objective, seed *graph.Value, wrt []*graph.Value) []*graph.Value {
	defer func(scope string, stage graph.Stage) { b.Scope, b.Stage = scope, stage }(b.Scope, b.Stage)
	b.Stage = graph.Backward
	if seed == nil {
		seed = ones(b, objective.Shape)
	}
	w := newWalk(b)
	w.adjoint[objective] = seed
	for _, v := range wrt {
		w.wanted[v] = true
	}
	nodes := between(objective, w.wanted)
	for _, n := range nodes {
		w.placed[n] = true
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		w.visit(nodes[i])
	}
	out := make([]*graph.Value, len(wrt))
	for i, v := range wrt {
		out[i] = w.adjoint[v]
	}
	return out
}

// NoGradient is what Build panics with when a path from a wanted value to the objective leads through an op that cannot be
// differentiated.
type NoGradient struct{ Op, Why string }

func (e *NoGradient) Error() string { return fmt.Sprintf("op %s has no gradient: %s", e.Op, e.Why) }

func ones(b *graph.Builder, shape graph.Shape) *graph.Value {
	data := make([]float32, shape.Size())
	for i := range data {
		data[i] = 1
	}
	return b.Const(shape, data)
}

// between returns the nodes that lie on a path from a wanted value to the objective, in topological order.
func between(objective *graph.Value, wanted map[*graph.Value]bool) []*graph.Node {
	depends := map[*graph.Node]bool{}
	seen := map[*graph.Node]bool{}
	var nodes []*graph.Node
	var visit func(v *graph.Value) bool
	visit = func(v *graph.Value) bool {
		if wanted[v] {
			return true
		}
		n := v.Node
		if seen[n] {
			return depends[n]
		}
		seen[n] = true
		for _, in := range n.Inputs {
			if visit(in) {
				depends[n] = true
			}
		}
		if depends[n] {
			nodes = append(nodes, n) // after its inputs: topological
		}
		return depends[n]
	}
	visit(objective)
	return nodes
}

type walk struct {
	b       *graph.Builder
	adjoint map[*graph.Value]*graph.Value
	wanted  map[*graph.Value]bool
	placed  map[*graph.Node]bool // those on the paths from wanted values
}

func newWalk(b *graph.Builder) walk {
	return walk{b, map[*graph.Value]*graph.Value{}, map[*graph.Value]bool{}, map[*graph.Node]bool{}}
}

// visit adds the gradient of one node and spreads it to the node's inputs.
func (w *walk) visit(n *graph.Node) {
	dout := make([]*graph.Value, len(n.Outputs))
	reached := false
	for i, v := range n.Outputs {
		dout[i] = w.adjoint[v]
		reached = reached || dout[i] != nil
	}
	if !reached {
		return
	}
	w.b.Scope = n.Scope
	for i, g := range w.inputs(n, dout) {
		if g == nil {
			continue
		}
		in := n.Inputs[i]
		if !g.Shape.Equal(in.Shape) {
			panic(fmt.Sprintf("grad: %s gives %v for input %d of shape %v", n.Op.Name, g.Shape, i, in.Shape))
		}
		if before := w.adjoint[in]; before != nil {
			g = op.Add(w.b, before, g)
		}
		w.adjoint[in] = g
	}
}

// inputs returns the gradients of n's inputs by its own rule or by that of its decomposition.
func (w *walk) inputs(n *graph.Node, dout []*graph.Value) []*graph.Value {
	switch {
	case n.Op == nil:
		return nil
	case n.Op.Grad != nil:
		return n.Op.Grad(w.b, n, dout)
	case n.Op.Decompose != nil:
		return w.throughDecomposition(n, dout)
	}
	panic(&NoGradient{n.Op.Name, n.Op.NoGrad})
}

// throughDecomposition differentiates the simpler nodes that n stands for, seeded with n's own gradients.
func (w *walk) throughDecomposition(n *graph.Node, dout []*graph.Value) []*graph.Value {
	stage := w.b.Stage
	w.b.Stage = n.Stage
	outs := n.Op.Decompose(w.b, n)
	w.b.Stage = stage
	inner := newWalk(w.b)
	for _, in := range n.Inputs { // the others' gradients would lead nowhere, and through ops that have none
		inner.wanted[in] = w.wanted[in] || w.placed[in.Node]
	}
	var nodes []*graph.Node
	for i, o := range outs {
		if dout[i] == nil {
			continue
		}
		inner.adjoint[o] = dout[i]
		for _, m := range between(o, inner.wanted) {
			if !inner.placed[m] {
				inner.placed[m] = true
				nodes = append(nodes, m)
			}
		}
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		inner.visit(nodes[i])
	}
	grads := make([]*graph.Value, len(n.Inputs))
	for i, in := range n.Inputs {
		grads[i] = inner.adjoint[in]
		delete(inner.adjoint, in) // a value that is given twice has its whole gradient already
	}
	return grads
}
