package pass

import (
	"slices"

	"dnn/pkg/graph"
)

func init() {
	Registry.Register("dead_code", "leaves out what nothing needs", Pass{
		Run: removeDeadCode,
		// the others leave behind what nothing reads any more
		Last: true,
	}).Formerly("drop")
}

// removeDeadCode leaves out what no output and no variable needs. Variables themselves stay: other programs may share them.
func removeDeadCode(g *graph.Graph) (*graph.Graph, error) {
	live := g.Live()
	kept := &graph.Graph{Vars: g.Vars, Outputs: g.Outputs, Assigns: g.Assigns, Consts: g.Consts, Segments: g.Segments}
	for _, n := range g.Nodes {
		keep := n.Leaf == graph.Variable || slices.ContainsFunc(n.Outputs, func(v *graph.Value) bool { return live[v.ID] })
		if keep {
			kept.Nodes = append(kept.Nodes, n)
			kept.Values = append(kept.Values, n.Outputs...)
		}
	}
	// The nodes keep their numbers of before; copying gives them new ones.
	return graph.Rewrite(kept, nil)
}
