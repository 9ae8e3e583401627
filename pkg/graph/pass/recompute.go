package pass

import (
	"slices"

	"dnn/pkg/graph"
)

func init() {
	Registry.Register("recompute", "computes the values of a graph's segments again for the backward pass, in place of keeping them", Pass{
		Run: func(g *graph.Graph) (*graph.Graph, error) {
			if len(g.Segments) == 0 {
				return g, nil
			}
			return recompute(g)
		},
		// they would take the copies back, or move them
		After: []string{"common_subexpressions", "fuse_elementwise", "hoist_elementwise", "merge_constants"},
	})
}

// Recomputed is an optimized graph with other segments.
func Recomputed(g *graph.Graph, segments map[string]int) (*graph.Graph, error) {
	other := *g
	other.Segments = segments
	out, err := recompute(&other)
	if err != nil {
		return nil, err
	}
	return removeDeadCode(out)
}

// recompute lets the backward pass read copies of the values within segments, computed from what the segment is fed with just
// before the first of them is read (Chen et al. 2016, "Training deep nets with sublinear memory cost"). Nodes keep their places
// from here on, so no value within a segment lives from one pass to the other. Copies have the same bits: ops are pure, random ones
// included, and what a step assigns to variables is computed from the values of the forward pass.
func recompute(g *graph.Graph) (*graph.Graph, error) {
	c := &recomputing{inner: innerValues(g), copies: map[*graph.Node][]*graph.Value{}}
	c.roundAgain(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if n.Stage == graph.Backward {
			for i, v := range n.Inputs {
				in[i] = c.copied(r, v)
			}
			r.Scope, r.Block, r.Stage = n.Scope, n.Block, n.Stage
		}
		return nil
	})
}

// recomputing knows which values are within segments, and what was copied so far.
type recomputing struct {
	inner  []bool // by id
	copies map[*graph.Node][]*graph.Value
}

// copied is what the backward pass reads in place of v.
func (c *recomputing) copied(r *graph.Rewriter, v *graph.Value) *graph.Value {
	if !c.inner[v.ID] {
		return r.To(v)
	}
	n := v.Node
	if c.copies[n] == nil {
		in := make([]*graph.Value, len(n.Inputs))
		for i, x := range n.Inputs {
			in[i] = c.copied(r, x)
		}
		r.Scope, r.Block, r.Stage = n.Scope, n.Block, graph.Backward
		c.copies[n] = r.Add(n.Op, n.Attrs, in...)
	}
	return c.copies[n][v.Index]
}

// roundAgain adds to the values within segments what is rounded for the backward pass of values that are kept as they are: copies
// read those, so rounding them again saves keeping both.
func (c *recomputing) roundAgain(g *graph.Graph) {
	seen, kept := map[*graph.Node]bool{}, map[*graph.Value]bool{}
	var visit func(n *graph.Node)
	visit = func(n *graph.Node) {
		for _, v := range n.Inputs {
			switch {
			case c.inner[v.ID] && !seen[v.Node]:
				seen[v.Node] = true
				visit(v.Node)
			case !c.inner[v.ID] && n.Stage == graph.Forward:
				kept[viewed(v)] = true
			}
		}
	}
	for _, n := range g.Nodes {
		if n.Stage == graph.Backward {
			visit(n)
		}
	}
	uses := g.Uses()
	for _, n := range g.Nodes {
		if n.Op == nil || n.Op.Name != "convert" || n.Stage != graph.Forward || !kept[viewed(n.Inputs[0])] {
			continue
		}
		v := n.Outputs[0]
		c.inner[v.ID] = !slices.ContainsFunc(uses[v.ID], func(reader *graph.Node) bool { return reader.Stage != graph.Backward })
	}
}

// innerValues marks, by id, the values of the forward pass that a segment computes and no other part of the step but the backward
// pass reads. What is seen in the storage of a value that others read, or of a variable, is there anyway.
func innerValues(g *graph.Graph) []bool {
	inner, live, kept, uses := make([]bool, len(g.Values)), g.Live(), visible(g), g.Uses()
	for _, n := range slices.Backward(g.Nodes) {
		segment := g.Segments[n.Unit()]
		for _, v := range n.Outputs {
			inner[v.ID] = n.Op != nil && n.Stage == graph.Forward && segment != 0 && !kept[v] &&
				!slices.ContainsFunc(uses[v.ID], func(reader *graph.Node) bool {
					switch {
					case !slices.ContainsFunc(reader.Outputs, func(v *graph.Value) bool { return live[v.ID] }):
						return false
					case reader.Stage == graph.Forward:
						return g.Segments[reader.Unit()] != segment || reader.Op.View != nil && !inner[reader.Outputs[0].ID]
					}
					return reader.Stage == graph.Update
				})
		}
	}
	for _, n := range g.Nodes {
		if n.Op != nil && n.Op.View != nil && viewed(n.Outputs[0]).Node.Op == nil {
			inner[n.Outputs[0].ID] = false
		}
	}
	return inner
}

// Unit is a part of the forward pass that segments are made of: a layer, or a block of it.
type Unit struct {
	Name string
	Kept int // bytes of its values that the backward pass reads
}

// Units lists the units of a training step in the order in which the forward pass comes to them.
func Units(g *graph.Graph) []Unit {
	var list []Unit
	at, seen := map[string]int{}, map[*graph.Value]bool{}
	unit := func(n *graph.Node) *Unit {
		name := n.Unit()
		if _, ok := at[name]; !ok {
			at[name] = len(list)
			list = append(list, Unit{Name: name})
		}
		return &list[at[name]]
	}
	for _, n := range g.Nodes {
		switch {
		case n.Op == nil || n.Scope == "":
		case n.Stage == graph.Forward && n.Op.View == nil:
			unit(n)
		case n.Stage == graph.Backward:
			for _, in := range n.Inputs {
				if v := viewed(in); v.Node.Op != nil && v.Node.Stage == graph.Forward && v.Node.Scope != "" && !seen[v] {
					seen[v] = true
					unit(v.Node).Kept += v.Bytes()
				}
			}
		}
	}
	return list
}
