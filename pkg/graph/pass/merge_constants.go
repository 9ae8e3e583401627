package pass

import (
	"fmt"
	"math"
	"slices"

	"dnn/pkg/graph"
)

func init() {
	Registry.Register("merge_constants", "keeps equal constants once", Pass{
		Run: mergeConstants,
		// all of these make constants
		After: []string{"fold", "simplify", "fuse_cross_entropy", "fuse_elementwise"},
	}).Formerly("share_constants")
}

// mergeConstants lets equal constants share one node.
func mergeConstants(g *graph.Graph) (*graph.Graph, error) {
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
}

// sameBits reports whether two arrays are equal bit by bit.
func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
