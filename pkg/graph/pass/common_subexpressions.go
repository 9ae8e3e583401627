package pass

import (
	"fmt"
	"strings"

	"dnn/pkg/graph"
)

func init() {
	Registry.Register("common_subexpressions", "computes equal nodes once", Pass{
		Run: shareNodes,
		// both make equal nodes
		After: []string{"fold", "simplify"},
	}).Formerly("share")
}

// shareNodes lets equal nodes (same op, settings and inputs) be computed once. Ops are pure, random ones included: they draw
// from a counter.
func shareNodes(g *graph.Graph) (*graph.Graph, error) {
	seen := map[string][]*graph.Value{}
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if n.Stage == graph.Update { // the update overwrites variables; its nodes keep their places
			return nil
		}
		var key strings.Builder
		fmt.Fprintf(&key, "%s %#v", n.Op.Name, n.Attrs)
		for _, v := range in {
			fmt.Fprintf(&key, " %d", v.ID)
		}
		if out, ok := seen[key.String()]; ok {
			return out
		}
		out := r.Add(n.Op, n.Attrs, in...)
		seen[key.String()] = out
		return out
	})
}
