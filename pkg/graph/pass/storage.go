package pass

import (
	"slices"

	"dnn/pkg/graph"
)

// Storage rewrites a training step so that it keeps numbers as BF16, which take half the memory of F32. All arithmetic stays in
// F32. It changes results, so it is no pass of the registry: it runs before them, on demand. They change no bit of what it made.
type Storage struct {
	// Weights are kept as BF16 and widened where they are read.
	Weights bool
	// Slots of the optimizer, one number for each weight, are kept as BF16.
	Slots bool
	// Activations are what the backward pass reads of the forward pass. They are rounded to BF16 once they are computed, and widened
	// for each reader of the backward pass; the forward pass reads them as they were.
	Activations bool
	// Keep names scopes whose values are not rounded.
	Keep []string
}

// Changes reports whether anything is rewritten.
func (s Storage) Changes() bool { return s.Weights || s.Slots || s.Activations }

// Run returns the graph rewritten.
func (s Storage) Run(g *graph.Graph) (*graph.Graph, error) {
	if !s.Changes() {
		return g, nil
	}
	types := map[string]graph.DType{}
	for _, v := range g.Vars {
		switch v.Class {
		case graph.Weights, graph.Frozen:
			if s.Weights {
				types[v.Name] = graph.BF16
			}
		case graph.Slot:
			if s.Slots && keptByUpdate(g, v) {
				types[v.Name] = graph.BF16
			}
		}
	}
	c := newConverter(g, types)
	if s.Activations {
		c.saved = s.savedValues(g)
	}
	return graph.Retype(g, types, c.replace)
}

// Stored is g with variables of other types, by name, which are widened where they are read.
func Stored(g *graph.Graph, types map[string]graph.DType) (*graph.Graph, error) {
	return graph.Retype(g, types, newConverter(g, types).replace)
}

// keptByUpdate reports whether a slot has a number for each weight and all that reads it takes it as BF16.
func keptByUpdate(g *graph.Graph, slot *graph.Var) bool {
	weights := slices.IndexFunc(g.Vars, func(v *graph.Var) bool { return v.Class == graph.Weights })
	if weights < 0 || !slot.Value.Shape.Equal(g.Vars[weights].Value.Shape) {
		return false
	}
	readers := g.Uses()[slot.Value.ID]
	return len(readers) > 0 && !slices.ContainsFunc(readers, func(n *graph.Node) bool {
		types := typesOf(n.Inputs)
		for i, v := range n.Inputs {
			if v == slot.Value {
				types[i].DType = graph.BF16
			}
		}
		_, err := n.Op.Infer(n.Attrs, types)
		return err != nil
	})
}

func typesOf(values []*graph.Value) []graph.Type {
	types := make([]graph.Type, len(values))
	for i, v := range values {
		types[i] = v.Type
	}
	return types
}

// smallShare is the part of the largest saved value, one in so many, below which a value is not worth rounding.
const smallShare = 64

// savedValues are those that the forward pass computes and the backward pass reads, as far as they take memory worth saving. What
// is smaller than the first output of its node is a statistic, on which much depends.
func (s Storage) savedValues(g *graph.Graph) map[*graph.Value]bool {
	fed := make([]bool, len(g.Values)) // by id: whether it depends on more than constants
	taken := map[*graph.Value]bool{}
	for _, o := range g.Outputs {
		taken[o.Value] = true
	}
	saved, largest := map[*graph.Value]bool{}, 0
	for _, n := range g.Nodes {
		for _, v := range n.Outputs {
			fed[v.ID] = n.Leaf == graph.Input || n.Leaf == graph.Variable || slices.ContainsFunc(n.Inputs, func(in *graph.Value) bool { return fed[in.ID] })
		}
		for _, in := range n.Inputs {
			v := viewed(in)
			m := v.Node
			if n.Stage != graph.Backward || m.Op == nil || m.Stage != graph.Forward || slices.Contains(s.Keep, m.Scope) {
				continue
			}
			if v.DType == graph.F32 && fed[v.ID] && !taken[v] && v.Shape.Size() >= m.Outputs[0].Shape.Size() {
				saved[v], largest = true, max(largest, v.Shape.Size())
			}
		}
	}
	for v := range saved {
		if v.Shape.Size()*smallShare < largest {
			delete(saved, v)
		}
	}
	return saved
}

// viewed is the value whose storage v is seen in, by views of the forward pass.
func viewed(v *graph.Value) *graph.Value {
	for v.Node.Op != nil && v.Node.Op.View != nil && v.Node.Stage == graph.Forward {
		v = v.Node.Inputs[0]
	}
	return v
}
