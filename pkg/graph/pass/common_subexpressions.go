package pass

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
)

// share lets equal nodes (same op, settings and inputs) be computed once. Ops are pure, random ones included: they draw
// from a counter.
var share = Pass{
	Name: "share",
	Doc:  "computes equal nodes once",
	Run: func(g *graph.Graph) (*graph.Graph, error) {
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
	},
}

// shareConsts lets equal constants share one node.
var shareConsts = Pass{
	Name: "share_constants",
	Doc:  "keeps equal constants once",
	Run: func(g *graph.Graph) (*graph.Graph, error) {
		first := map[*graph.Value]*graph.Value{}
		byHash := map[string][]*graph.Value{}
		for _, n := range g.Nodes {
			if n.Leaf != graph.Constant {
				continue
			}
			v := n.Outputs[0]
			data := g.Consts[v]
			hash := fmt.Sprintf("%v %v", v.Shape, data[:min(4, len(data))])
			i := slices.IndexFunc(byHash[hash], func(w *graph.Value) bool { return sameBits(g.Consts[w], data) })
			if i >= 0 {
				first[v] = byHash[hash][i]
			} else {
				byHash[hash] = append(byHash[hash], v)
			}
		}
		return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
			for i, v := range n.Inputs {
				if w, ok := first[v]; ok {
					in[i] = r.To(w)
				}
			}
			return nil
		})
	},
}
