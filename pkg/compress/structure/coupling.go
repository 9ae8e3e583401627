package structure

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/model"
)

// coupling is which channels of a net can only be removed together, after Fang et al. 2023, "DepGraph: towards any structural
// pruning": it is found by walking through the graph of the net, op by op.
type coupling struct {
	channels
	values map[*graph.Value][]axis
	params []param // also states, such as running means
	scales []axis  // of the factors of batch norms
	infos  []layers.Info
}

// param is a parameter, or a state.
type param struct {
	name        string
	layer, role string // the innermost layer that it belongs to, and what it is there
	axes        []axis
}

// analyze walks through the net.
func analyze(n *model.Network) (*coupling, error) {
	b := graph.NewBuilder()
	outs, infos, err := n.Outputs(b, n.TrainingShape(1))
	if err != nil {
		return nil, err
	}
	for k := range outs {
		b.SetOutput(fmt.Sprint(k), outs[k].Value)
	}
	g, err := b.Finish()
	if err != nil {
		return nil, err
	}
	c := &coupling{values: map[*graph.Value][]axis{}, infos: infos}
	live := g.Live()
	for _, node := range g.Nodes {
		if slices.ContainsFunc(node.Outputs, func(v *graph.Value) bool { return live[v.ID] }) {
			c.visit(g, node)
		}
	}
	for k := range outs {
		for _, a := range c.values[outs[k].Value] {
			c.keep(a, "it is what the net predicts")
		}
	}
	return c, nil
}

// visit finds the axes of what a node gives.
func (c *coupling) visit(g *graph.Graph, n *graph.Node) {
	for _, v := range n.Outputs {
		c.values[v] = make([]axis, v.Shape.Rank())
	}
	switch {
	case n.Leaf == graph.Variable:
		if v := g.Var(n.Name); v.Class == graph.State {
			c.own(v.Name, n.Outputs[0])
		}
	case n.Leaf != graph.NotLeaf:
	case n.Op == graph.View:
		flat, at := g.Var(n.Inputs[0].Node.Name), n.Attrs.(graph.ViewAttrs).Offset
		i := slices.IndexFunc(flat.Params, func(p graph.Param) bool { return p.Offset == at })
		c.own(flat.Params[i].Name, n.Outputs[0])
	default:
		if rule, ok := rules[n.Op.Name]; ok {
			rule(c, n)
			return
		}
		for i := range n.Inputs {
			c.stay(n, i, "nothing is known of how the op "+n.Op.Name+" uses it")
		}
	}
}

// own gives the axes of a parameter channels.
func (c *coupling) own(name string, v *graph.Value) {
	axes := c.values[v]
	for i, n := range v.Shape {
		axes[i] = c.fresh(n)
	}
	layer, role := c.layer(name)
	c.params = append(c.params, param{name, layer, role, axes})
}

// in are the axes of an input of a node, out those of an output.
func (c *coupling) in(n *graph.Node, i int) []axis  { return c.values[n.Inputs[i]] }
func (c *coupling) out(n *graph.Node, i int) []axis { return c.values[n.Outputs[i]] }

// stay keeps all channels of an input.
func (c *coupling) stay(n *graph.Node, i int, why string) {
	for _, a := range c.in(n, i) {
		c.keep(a, why)
	}
}

// layer is the innermost layer that a parameter belongs to, and the parameter's role in it.
func (c *coupling) layer(name string) (layer, role string) {
	for _, info := range c.infos {
		if rest, ok := strings.CutPrefix(name, info.Name+"."); ok && len(info.Name) > len(layer) {
			layer, role = info.Name, rest
		}
	}
	return layer, role
}
