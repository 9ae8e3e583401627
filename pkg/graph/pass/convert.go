package pass

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// converter puts conversions where values change their type. It is the replacement of a graph.Retype.
type converter struct {
	saved map[*graph.Value]bool // values of the old graph that the backward pass reads rounded

	must   map[*graph.Value]graph.DType  // the types of what are outputs of the graph, and of what variables take
	halves map[*graph.Value]*graph.Value // by saved value: it as BF16 in the new graph
	latest map[*graph.Value]reading      // by saved value: its last widening
	shared map[stageOf]*graph.Value      // other widenings: one for each stage
}

type stageOf struct {
	half  *graph.Value
	stage graph.Stage
}

// reading is a widening for the node of that number, and for those that follow closely.
type reading struct {
	value *graph.Value
	at    int
}

// apart is how many nodes two readers may be apart to read the same widened copy.
const apart = 6

func newConverter(g *graph.Graph, types map[string]graph.DType) *converter {
	c := &converter{
		must: map[*graph.Value]graph.DType{}, halves: map[*graph.Value]*graph.Value{}, latest: map[*graph.Value]reading{},
		shared: map[stageOf]*graph.Value{},
	}
	for _, o := range g.Outputs {
		c.must[o.Value] = o.Value.DType
	}
	for _, a := range g.Assigns {
		c.must[a.Value] = a.Value.DType
		if d, ok := types[a.Var.Name]; ok {
			c.must[a.Value] = d
		}
	}
	return c
}

// replace copies a node. What it reads is widened, unless its op takes BF16; what it computes is rounded where that is saved.
func (c *converter) replace(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
	if n.Stage == graph.Backward {
		for i, v := range n.Inputs {
			if c.saved[viewed(v)] {
				in[i] = c.saveRead(r, v, n.ID)
			}
		}
	}
	if _, err := n.Op.Infer(n.Attrs, typesOf(in)); err != nil {
		for i, v := range in {
			if v.DType == graph.BF16 && n.Inputs[i].DType == graph.F32 {
				in[i] = c.widen(r, v)
			}
		}
	}
	out := append([]*graph.Value{}, r.Add(n.Op, n.Attrs, in...)...)
	for i, v := range n.Outputs {
		if d, ok := c.must[v]; ok && d != out[i].DType {
			out[i] = op.Convert(r.Builder, out[i], op.ConvertAttrs{To: d})
		}
		switch {
		case !c.saved[v]:
		case out[i].DType == graph.BF16:
			c.halves[v] = out[i]
		default:
			c.halves[v] = op.Convert(r.Builder, out[i], op.ConvertAttrs{To: graph.BF16})
		}
	}
	return out
}

// widen is v as F32 for the readers of a stage.
func (c *converter) widen(r *graph.Rewriter, v *graph.Value) *graph.Value {
	key := stageOf{v, r.Stage}
	if c.shared[key] == nil {
		c.shared[key] = op.Convert(r.Builder, v, op.ConvertAttrs{To: graph.F32, For: int(r.Stage)})
	}
	return c.shared[key]
}

// saveRead is what node number at of the backward pass reads in place of v, a saved value or a view of one.
func (c *converter) saveRead(r *graph.Rewriter, v *graph.Value, at int) *graph.Value {
	if !c.saved[v] {
		return r.One(v.Node.Op, v.Node.Attrs, c.saveRead(r, v.Node.Inputs[0], at))
	}
	last, ok := c.latest[v]
	if !ok || at-last.at > apart {
		last.value = op.Convert(r.Builder, c.halves[v], op.ConvertAttrs{To: graph.F32, For: at})
	}
	c.latest[v] = reading{last.value, at}
	return last.value
}
