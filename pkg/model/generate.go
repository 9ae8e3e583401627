package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
	"dnn/pkg/layers"
)

// A head that generates a sequence is run step by step: what depends on the input alone is computed once (EncodeGraph), and what
// depends on the steps so far for each new one (StepGraph). The values that pass from the one to the other are called memory.

// Names of what these graphs are fed and put out, besides the blocks of the data.
const (
	OutLogProbabilities = "log_probabilities" // [rows, steps, classes]
	feedMemory          = "memory."
)

// Memory is what value i that a StepGraph takes from an EncodeGraph is called in both.
func Memory(i int) string { return feedMemory + strconv.Itoa(i) }

// Chunk is the steps that a StepGraph takes at once.
type Chunk struct {
	Steps int
	// Kept is how many steps of a sequence the layers keep from chunk to chunk, as carried states of the batch; 0: they keep
	// nothing, and a chunk is all steps so far.
	Kept int
}

// Writes reports whether head k writes texts that are among the targets of the data. One that continues texts has none of its own.
func (n *Network) Writes(k int) bool {
	h := &n.Heads[k]
	return h.Generated() && h.Axis.Of == h.Name && !h.Axis.Continues && n.Schema.LabelColumns[n.Schema.Heads[k].First].Generated() != nil
}

// Prefix is the block of the steps so far of head k.
func (n *Network) Prefix(k int) int { return n.block(k) }

// CarriedPrefix is what the names of the states begin with that a StepGraph of so many rows carries.
func CarriedPrefix(rows int) string { return fmt.Sprintf("%ssteps.%d.", carriedInScoring, rows) }

// WithPrefix is the shape with so many steps of the sequence that head k generates.
func (e BatchShape) WithPrefix(n *Network, k, steps int) BatchShape {
	i := 0
	for block := range n.Prefix(k) {
		if n.Schema.Blocks[block].Sequence {
			i++
		}
	}
	e.Steps[i] = steps
	return e
}

// EncodeGraph builds the graph that puts out the memory for batches of that shape; nil where there is none.
func (n *Network) EncodeGraph(k int, e BatchShape) (*graph.Graph, error) {
	c := n.compiler(graph.NewBuilder(), e.WithPrefix(n, k, 1), false)
	outs, _ := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, err
	}
	memory := c.memory(k, c.b.Values())
	for i, v := range memory {
		c.b.SetOutput(Memory(i), v)
	}
	if len(memory) == 0 {
		return nil, nil
	}
	return c.finish()
}

// StepGraph builds the graph that puts out the logarithms of the probabilities of the next step, after each of those of a chunk.
func (n *Network) StepGraph(k int, e BatchShape, chunk Chunk) (*graph.Graph, error) {
	c := n.compiler(graph.NewBuilder(), e.WithPrefix(n, k, chunk.Steps), false)
	if chunk.Kept > 0 {
		c.carrying = &layers.Carry{
			Rows: e.Rows, Prefix: CarriedPrefix(e.Rows), MaxSteps: chunk.Kept, Inputs: []string{FeedBlock + n.Schema.Blocks[n.Prefix(k)].Name},
			Used: true, // also where nothing needs to be carried
		}
	}
	outs, _ := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, err
	}
	c.b.SetOutput(OutLogProbabilities, op.LogSoftmax(c.b, outs[k].Value))
	if c.p.Len() > 0 {
		return nil, c.unchecked()
	}
	g, err := c.b.Finish()
	if err != nil {
		return nil, err
	}
	memory := c.memory(k, g.Values)
	g, err = graph.Rewrite(g, func(r *graph.Rewriter, node *graph.Node, in []*graph.Value) []*graph.Value {
		var out []*graph.Value
		for i, v := range memory {
			if v.Node == node {
				if out == nil {
					out = slices.Clone(r.Add(node.Op, node.Attrs, in...))
				}
				out[v.Index] = r.Input(Memory(i), v.Type)
			}
		}
		return out
	})
	if err != nil {
		return nil, err
	}
	if g, err = c.rewrite(g); err != nil {
		return nil, err
	}
	if e.Rows == 1 && chunk.Steps == 1 {
		if g, err = useTransposed(g); err != nil {
			return nil, err
		}
	}
	return pass.Run(g, n.Off)
}

// memory lists the values that do not depend on the steps so far of head k, and that something takes which does.
func (c *compiler) memory(k int, values []*graph.Value) (list []*graph.Value) {
	own := c.net.Schema.Blocks[c.net.Prefix(k)].Name
	stepwise, fed := map[*graph.Value]bool{}, map[*graph.Value]bool{} // by value: whether it depends on the steps, and on any input
	taken := map[*graph.Value]bool{}
	for _, v := range values {
		n := v.Node
		switch {
		case n.Leaf == graph.Input:
			fed[v] = true
			stepwise[v] = n.Name == FeedBlock+own || n.Name == FeedLengths+own || n.Name == layers.FeedPosition
		case n.Leaf == graph.Variable:
			stepwise[v] = strings.HasPrefix(n.Name, carriedInScoring)
		}
		for _, in := range n.Inputs {
			fed[v] = fed[v] || fed[in]
			stepwise[v] = stepwise[v] || stepwise[in]
		}
		if stepwise[v] {
			for _, in := range n.Inputs {
				taken[in] = true
			}
		}
	}
	for _, v := range values {
		if taken[v] && fed[v] && !stepwise[v] && v.Node.Op != nil {
			list = append(list, v)
		}
	}
	return list
}
