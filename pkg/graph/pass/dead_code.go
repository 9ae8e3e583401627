package pass

import (
	"math"
	"slices"

	"dnn/pkg/graph"
)

// drop leaves out what no output and no variable needs. Variables themselves stay: other programs may share them.
var drop = Pass{
	Name: "drop",
	Doc:  "leaves out what nothing needs",
	Run: func(g *graph.Graph) (*graph.Graph, error) {
		live := g.Live()
		kept := &graph.Graph{Vars: g.Vars, Outputs: g.Outputs, Assigns: g.Assigns, Consts: g.Consts}
		for _, n := range g.Nodes {
			keep := n.Leaf == graph.Variable || slices.ContainsFunc(n.Outputs, func(v *graph.Value) bool { return live[v.ID] })
			if keep {
				kept.Nodes = append(kept.Nodes, n)
				kept.Values = append(kept.Values, n.Outputs...)
			}
		}
		// The nodes keep their numbers of before; copying gives them new ones.
		return graph.Rewrite(kept, nil)
	},
}

// sameBits reports whether two arrays are equal bit by bit.
func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
