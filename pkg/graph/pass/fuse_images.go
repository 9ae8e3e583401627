package pass

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_images", "takes images one by one through convolutions of 8-bit integers and what lies between them", Pass{
		Run:   fuseImages,
		After: []string{"fuse_elementwise", "fuse_int8", "fuse_norm"},
	})
}

// leastImages is from how many images on each is enough work for a thread.
const leastImages = 16

// fuseImages joins ops that follow each other and compute each image by itself, where one of them is a convolution of integers: what
// it computes takes less time than to move it through memory. It takes in what nothing else reads.
func fuseImages(g *graph.Graph) (*graph.Graph, error) {
	uses, readers := g.Uses(), countReaders(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if !byImage(n) {
			return nil
		}
		if next := onlyReader(n.Outputs[0], uses, readers); next != nil && byImage(next) && next.Inputs[0] == n.Outputs[0] {
			return nil // it is not the last
		}
		var nodes []*graph.Node
		for m := n; ; m = m.Inputs[0].Node {
			nodes = append(nodes, m)
			if before := m.Inputs[0].Node; !byImage(before) || readers[m.Inputs[0].ID] != 1 {
				break
			}
		}
		if len(nodes) < 2 || !slices.ContainsFunc(nodes, func(m *graph.Node) bool { return m.Op.Name == "conv_int8" }) {
			return nil
		}
		slices.Reverse(nodes)
		var steps []op.ImageStep
		var params []*graph.Value
		for _, m := range nodes {
			steps = append(steps, op.ImageStep{Op: m.Op.Name, Attrs: m.Attrs, Inputs: len(m.Inputs) - 1})
			for _, v := range m.Inputs[1:] {
				params = append(params, r.To(v))
			}
		}
		return []*graph.Value{op.Images(r.Builder, steps, r.To(nodes[0].Inputs[0]), params...)}
	})
}

// byImage reports whether a node computes enough images, each by itself.
func byImage(n *graph.Node) bool {
	return n.Op != nil && op.ByImage(n.Op.Name) && n.Stage == graph.Forward && n.Inputs[0].Shape.Rank() > 1 && n.Inputs[0].Shape[0] >= leastImages
}
