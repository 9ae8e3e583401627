package pass

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("fuse_elementwise", "joins elementwise ops into chains that run block by block within the cache", Pass{
		Run: fuseElementwise,
		// the others know better what to do with an op: chains would take activations, relus and their gradients in
		After: []string{"fuse_cross_entropy", "fuse_dense", "fuse_int8", "fuse_conv", "fuse_gradient", "fuse_norm"},
	})
}

// fuseElementwise joins trees of elementwise ops into chains. A value is taken into the chain of its only reader; one
// with several readers is computed on its own.
func fuseElementwise(g *graph.Graph) (*graph.Graph, error) {
	chains := findChains(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		c := chains[n]
		if c == nil {
			return nil
		}
		steps, inputs := c.steps()
		for i, v := range inputs {
			inputs[i] = r.To(v)
		}
		return []*graph.Value{op.Chain(r.Builder, steps, inputs...)}
	})
}

// maxSteps bounds a chain.
const maxSteps = 24

// chain is a set of nodes, in topological order, of which only the last one's result is read by others.
type chain []*graph.Node

// findChains tells the chains by their last nodes.
func findChains(g *graph.Graph) map[*graph.Node]chain {
	readers, found, taken := countReaders(g), map[*graph.Node]chain{}, map[*graph.Node]bool{}
	for _, n := range slices.Backward(g.Nodes) {
		if taken[n] || !op.CanChain(n) || readers[n.Outputs[0].ID] == 0 {
			continue
		}
		c := chain{n}
		for c.grow(readers) {
		}
		if len(c) < 2 {
			continue
		}
		for _, m := range c {
			taken[m] = true
		}
		found[n] = c
	}
	return found
}

// grow takes in one more node, if there is one that fits.
func (c *chain) grow(readers []int) bool {
	if len(*c) == maxSteps {
		return false
	}
	last := (*c)[len(*c)-1]
	for _, v := range c.inputs() {
		n := v.Node
		if readers[v.ID] != 1 || !op.CanChain(n) || !v.Shape.Equal(last.Outputs[0].Shape) || (n.Stage == graph.Update) != (last.Stage == graph.Update) {
			continue
		}
		more := append(chain{n}, *c...)
		slices.SortFunc(more, func(a, b *graph.Node) int { return a.ID - b.ID })
		if len(more.inputs()) <= op.ChainInputs {
			*c = more
			return true
		}
	}
	return false
}

// inputs are the values that the chain reads and does not compute.
func (c chain) inputs() []*graph.Value {
	var in []*graph.Value
	for _, n := range c {
		for _, v := range n.Inputs {
			if !slices.Contains(c, v.Node) && !slices.Contains(in, v) {
				in = append(in, v)
			}
		}
	}
	return in
}

// steps writes the chain down as the op expects it.
func (c chain) steps() ([]op.ChainStep, []*graph.Value) {
	in := c.inputs()
	var steps []op.ChainStep
	for _, n := range c {
		s := op.ChainStep{Op: n.Op.Name, Attrs: n.Attrs}
		for _, v := range n.Inputs {
			if i := slices.Index(c, v.Node); i >= 0 {
				s.In = append(s.In, -1-i)
			} else {
				s.In = append(s.In, slices.Index(in, v))
			}
		}
		steps = append(steps, s)
	}
	return steps, in
}
