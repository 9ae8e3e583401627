package weights

import (
	"strconv"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Observe returns g, which is float32, with an output for each value that meets one of the named parameters in a product that a
// form may compute in integers; and the names of these outputs by parameter.
func Observe(g *graph.Graph, names map[string]bool) (*graph.Graph, map[string][]string, error) {
	outputs := map[string][]string{}
	observed, err := graph.Rewrite(g, nil, func(r *graph.Rewriter) error {
		count := 0
		for _, n := range g.Nodes {
			if !multiplies(n) {
				continue
			}
			if p, _ := g.ParamOf(n.Inputs[1]); p != nil && names[p.Name] {
				name := "observed." + strconv.Itoa(count)
				r.SetOutput(name, r.To(n.Inputs[0]))
				outputs[p.Name] = append(outputs[p.Name], name)
				count++
			}
		}
		return nil
	})
	return observed, outputs, err
}

// multiplies reports whether a node is a product of its first input and the rows of its second.
func multiplies(n *graph.Node) bool {
	switch a := n.Attrs.(type) {
	case op.MatMulAttrs:
		return !a.TransX && a.TransY && n.Inputs[0].Shape.Rank() == 2
	case op.ConvAttrs:
		return n.Op.Name == "conv"
	}
	return false
}
