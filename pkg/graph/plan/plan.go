// Package plan settles, before the first step, in which order a graph's nodes run and where in memory each value lies.
// It is made of pure functions: the same graph always gives the same plan.
package plan

import (
	"fmt"
	"io"
	"slices"

	"dnn/pkg/graph"
)

// Region is a kind of storage.
type Region uint8

const (
	Arena  Region = iota // reused within a step as values are born and die
	Vars                 // a variable's storage, kept from step to step
	Feeds                // an input's storage, filled by the caller
	Consts               // a constant's data
)

func (r Region) String() string { return [...]string{"arena", "variable", "feed", "constant"}[r] }

// Place is where a value lies: Offset bytes into the storage of Root.
type Place struct {
	Region Region
	Root   *graph.Value // the value whose storage it is: itself, or the variable, input or larger value it is part of
	Offset int          // bytes from the start of the arena for Arena, else of Root's storage
}

// Copy moves a value into its variable when the plan could not have it computed there.
type Copy struct {
	Var  *graph.Var
	From *graph.Value
}

// Plan is the order and the memory of one program.
type Plan struct {
	Graph  *graph.Graph
	Order  []*graph.Node // nodes that compute something; those of the update come last
	Places []Place       // by value id
	Arena  int           // size of the arena, in bytes
	Kept   int           // of it, what the forward pass leaves for the backward pass
	// Scratch is the arena offset of each node's scratch memory in bytes, by node id; -1 for none.
	Scratch []int
	// InPlaced tells for each Pack node, by node id, which inputs are computed in their places.
	InPlaced map[int][]bool
	Copies   []Copy
}

// Options change how a plan is made.
type Options struct {
	// KeepAll gives every value storage of its own, so that all can be looked at after a run.
	KeepAll bool
	// ValuesOnly leaves out the scratch memory of kernels, which differs between processors. Such a plan cannot be run.
	ValuesOnly bool
}

// Make plans a graph. It fails only for an op that can neither be run nor viewed, a mistake of the program.
func Make(g *graph.Graph, o Options) (*Plan, error) {
	order := schedule(g)
	for _, n := range order {
		if n.Op.Kernel == nil && n.Op.View == nil {
			return nil, fmt.Errorf("plan: op %s has no kernel; it must be decomposed first", n.Op.Name)
		}
	}
	m := newMemory(g, order, o)
	m.resolveViews()
	m.placePacks()
	m.placeAssigns()
	if !o.KeepAll {
		m.reuseInPlace()
	}
	return m.allocate(), nil
}

// schedule lists the nodes that compute something needed, the update's after all others: the caller may look at the loss
// before the weights change.
func schedule(g *graph.Graph) []*graph.Node {
	live := g.Live()
	var order []*graph.Node
	for _, n := range g.Nodes {
		if n.Op != nil && slices.ContainsFunc(n.Outputs, func(v *graph.Value) bool { return live[v.ID] }) {
			order = append(order, n)
		}
	}
	slices.SortStableFunc(order, func(a, b *graph.Node) int { return late(a) - late(b) })
	return order
}

func late(n *graph.Node) int {
	if n.Stage == graph.Update {
		return 1
	}
	return 0
}

// WriteText prints order and memory, one node a line.
func (p *Plan) WriteText(w io.Writer) error {
	kib := func(bytes int) float64 { return float64(bytes) / 1024 }
	m := p.Memory()
	fmt.Fprintf(w, "# arena: %.1f KiB; the sum of all values: %.1f KiB; kept for the backward pass: %.1f KiB; offsets in bytes\n",
		kib(p.Arena), p.unshared()/1024, kib(p.Kept))
	fmt.Fprintf(w, "# weights: %.1f KiB; optimizer: %.1f KiB; state: %.1f KiB; inputs: %.1f KiB; in all: %.1f KiB\n",
		kib(m.Weights), kib(m.Optimizer), kib(m.State), kib(m.Inputs), kib(m.Total()))
	for i, n := range p.Order {
		fmt.Fprintf(w, "%4d  %-24s %-16s", i, n.Label(), n.Scope)
		for _, v := range n.Outputs {
			pl := p.Places[v.ID]
			name := ""
			if pl.Region != Arena {
				name = " " + pl.Root.Node.Name
			}
			fmt.Fprintf(w, "  %%%d %v @ %v%s+%d", v.ID, v.Type, pl.Region, name, pl.Offset)
		}
		if p.Scratch[n.ID] >= 0 {
			fmt.Fprintf(w, "  scratch @ %d", p.Scratch[n.ID])
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	for _, c := range p.Copies {
		fmt.Fprintf(w, "copy  %%%d -> %s\n", c.From.ID, c.Var.Name)
	}
	return nil
}

// unshared is the memory in bytes that the values would take without any sharing.
func (p *Plan) unshared() float64 {
	total := 0.0
	for _, n := range p.Order {
		if n.Op.View != nil {
			continue
		}
		for _, v := range n.Outputs {
			total += float64(v.Bytes())
		}
	}
	return total
}
