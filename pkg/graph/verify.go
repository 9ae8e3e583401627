package graph

import (
	"fmt"
	"slices"
)

// Verify checks what every graph must keep: dense ids, inputs before their uses, and types that agree with each op's
// Infer. A failure is a mistake of the program (of a pass or a gradient), never of its user.
func (g *Graph) Verify() error {
	defined := make([]bool, len(g.Values))
	for i, n := range g.Nodes {
		if n.ID != i {
			return fmt.Errorf("graph: node %d has id %d", i, n.ID)
		}
		if err := g.verifyNode(n, defined); err != nil {
			return fmt.Errorf("graph: node %d (%s): %w", i, n.Label(), err)
		}
		for j, v := range n.Outputs {
			if v.Node != n || v.Index != j || !g.has(v) {
				return fmt.Errorf("graph: output %d of node %d is not its own", j, i)
			}
			defined[v.ID] = true
		}
	}
	if i := slices.Index(defined, false); i >= 0 {
		return fmt.Errorf("graph: value %d has no node", i)
	}
	for _, o := range g.Outputs {
		if !g.has(o.Value) {
			return fmt.Errorf("graph: output %s is not in the graph", o.Name)
		}
	}
	for _, a := range g.Assigns {
		if !g.has(a.Var.Value) || !g.has(a.Value) || !a.Var.Value.Type.Equal(a.Value.Type) {
			return fmt.Errorf("graph: variable %s cannot take value %d", a.Var.Name, a.Value.ID)
		}
	}
	return nil
}

// has reports whether v is one of the graph's values.
func (g *Graph) has(v *Value) bool { return v.ID < len(g.Values) && g.Values[v.ID] == v }

func (g *Graph) verifyNode(n *Node, defined []bool) error {
	if n.Op == nil {
		if n.Leaf == NotLeaf || len(n.Inputs) != 0 || len(n.Outputs) != 1 {
			return fmt.Errorf("is neither a leaf nor has it an op")
		}
		if n.Leaf == Constant && len(g.Consts[n.Outputs[0]]) != n.Outputs[0].Shape.Size() {
			return fmt.Errorf("a constant without its data")
		}
		return nil
	}
	types := make([]Type, len(n.Inputs))
	for i, v := range n.Inputs {
		if !g.has(v) || !defined[v.ID] {
			return fmt.Errorf("input %d is not defined before it", i)
		}
		types[i] = v.Type
	}
	out, err := n.Op.Infer(n.Attrs, types)
	if err != nil {
		return err
	}
	if len(out) != len(n.Outputs) {
		return fmt.Errorf("has %d outputs, its op %d", len(n.Outputs), len(out))
	}
	for i, t := range out {
		if !t.Equal(n.Outputs[i].Type) {
			return fmt.Errorf("output %d is %v, its op says %v", i, n.Outputs[i].Type, t)
		}
	}
	return nil
}
