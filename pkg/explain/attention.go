package explain

import (
	"fmt"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/model"
)

// Attention is how much the steps of one sequence looked at those of another, or at each other.
type Attention struct {
	Name          string // of the layer, or of the attention within it: decoded.0.cross_attention
	Queries, Keys Axis
	Heads         int
	Weights       []float64 // [heads, queries, keys]; those of a query add up to 1, or to 0 where it sees nothing
}

// Axis are the steps that look or are looked at.
type Axis struct {
	Block int // of the data, whose steps these are; -1 where layers made others of them
	Steps int
}

// NoAttentionError says that a net has no attention, or none of a name.
type NoAttentionError struct {
	Name  string   // "" for any
	Names []string // that there are
}

func (e *NoAttentionError) Error() string {
	if len(e.Names) == 0 {
		return "the net has no attention to look at"
	}
	return fmt.Sprintf("no layer called %q attends", e.Name)
}

// outAttention is what the weights are called in the graph.
const outAttention = "attention"

// Attention looks at an attention of a net while it predicts head k for a row, the only one of x. name is that of the attention,
// or of a layer, whose last is meant. Without it, it is the last that looks from the text that head k writes at another
// sequence; of nets that have none, the last of all.
func (e *Explainer) Attention(x *dataset.Batch, k int, name string) (*Attention, error) {
	var found *look
	g, err := e.build(model.BatchShapeFor(1, x.Steps), k, func(b *graph.Builder, out *graph.Value, _ []layers.Info) error {
		list := e.looks(b, out, x, k)
		if found = e.chosen(list, k, name); found == nil {
			none := &NoAttentionError{Name: name}
			for _, l := range list {
				none.Names = append(none.Names, l.name)
			}
			return none
		}
		b.SetOutput(outAttention, found.weights(b))
		return nil
	})
	if err != nil {
		return nil, err
	}
	p, err := e.compile(g)
	if err != nil {
		return nil, err
	}
	p.FeedBatch(x)
	p.Run()
	shape := g.Output(outAttention).Shape
	a := &Attention{Name: found.name, Queries: found.queries, Keys: found.keys, Heads: 1}
	all, m, n := p.Output(outAttention).F, shape[len(shape)-2], shape[len(shape)-1]
	if len(shape) == 4 {
		a.Heads = shape[1]
	}
	for row := range a.Heads * m {
		if row%m < a.Queries.Steps {
			a.Weights = append(a.Weights, widen(all[row*n:row*n+a.Keys.Steps])...)
		}
	}
	return a, nil
}

// look is an attention of a net.
type look struct {
	name, layer   string
	queries, keys Axis
	weights       func(b *graph.Builder) *graph.Value // [1, heads, m, n] or [1, m, n]
}

// looks finds the attentions that lead to a value: attention nodes, and products of a softmax with a sequence, as of additive
// attention and of words that are copied.
func (e *Explainer) looks(b *graph.Builder, out *graph.Value, x *dataset.Batch, k int) (list []look) {
	leads := above(out)
	for _, v := range b.Values() {
		n := v.Node
		if n.Op == nil || !leads[v] || v.Index > 0 {
			continue
		}
		l := look{name: n.Scope, layer: n.Scope}
		switch {
		case n.Op.Name == "attention":
			l.name = nameOf(b, n)
			l.queries, l.keys = e.axis(n.Inputs[0], x, k), e.axis(n.Inputs[1], x, k)
			l.weights = func(b *graph.Builder) *graph.Value { w, _ := op.WeightsOf(b, n); return w }
		case n.Op.Name == "matmul" && isShare(n.Inputs[0]) && v.Shape.Rank() == 3:
			shares := n.Inputs[0]
			l.queries, l.keys = e.axis(shares, x, k), e.axis(n.Inputs[1], x, k)
			if shares.Shape[1] == 1 { // one mean for a row, as of attention_pool
				l.queries = Axis{-1, 1}
			}
			l.weights = func(*graph.Builder) *graph.Value { return shares }
		default:
			continue
		}
		list = append(list, l)
	}
	return list
}

// chosen is the attention that the name means; nil where there is none.
func (e *Explainer) chosen(list []look, k int, name string) (found *look) {
	across := false // found looks from what is written at something else
	for i := range list {
		l := &list[i]
		if name == l.name {
			return l
		}
		if name != "" && name != l.layer && !strings.HasPrefix(l.name, name+".") {
			continue
		}
		writes := e.net.Heads[k].Generated() && l.queries.Block == e.net.Prefix(k) && l.keys.Block != l.queries.Block
		if found == nil || writes || !across {
			found, across = l, writes
		}
	}
	return found
}

// isShare reports whether a value is a softmax, of which padding may be masked.
func isShare(v *graph.Value) bool {
	for v.Node.Op != nil && (v.Node.Op.Name == "mul" || v.Node.Op.Name == "reshape") {
		v = v.Node.Inputs[0]
	}
	return v.Node.Op != nil && v.Node.Op.Name == "softmax"
}

// nameOf is the name that the parameters of an attention have in common: that of its layer, and of its part of the layer.
func nameOf(b *graph.Builder, n *graph.Node) string {
	const queries = ".query.weight"
	next := []*graph.Value{n.Inputs[0]}
	for len(next) > 0 {
		m := next[0].Node
		next = next[1:]
		if m.Op == graph.View {
			if name := paramName(b, m); strings.HasPrefix(name, n.Scope+".") && strings.HasSuffix(name, queries) {
				return strings.TrimSuffix(name, queries)
			}
		}
		if m.Scope == n.Scope {
			next = append(next, m.Inputs...)
		}
	}
	return n.Scope
}

// paramName is the name of the parameter that a view is of.
func paramName(b *graph.Builder, view *graph.Node) string {
	for _, v := range b.Vars() {
		for _, p := range v.Params {
			if v.Value == view.Inputs[0] && p.Offset == view.Attrs.(graph.ViewAttrs).Offset {
				return p.Name
			}
		}
	}
	return ""
}

// axis finds whose steps the second axis of a value is: those of the text that head k writes where it depends on them, else
// those of a sequence with as many.
func (e *Explainer) axis(v *graph.Value, x *dataset.Batch, k int) Axis {
	from, blocks := stepwise(v), e.net.Schema.Blocks
	has := func(i int) bool {
		return from[model.FeedBlock+blocks[i].Name] && blocks[i].Sequence && x.Steps[i] == v.Shape[1]
	}
	at := -1
	for i := range blocks {
		if at < 0 && has(i) {
			at = i
		}
	}
	if e.net.Heads[k].Generated() && has(e.net.Prefix(k)) {
		at = e.net.Prefix(k)
	}
	if at < 0 {
		return Axis{-1, v.Shape[1]}
	}
	return Axis{at, int(x.Lengths[at][0])}
}

// stepwise names the fed values whose steps become those of a value: what attention looks at is left out.
func stepwise(v *graph.Value) map[string]bool {
	names, seen := map[string]bool{}, map[*graph.Value]bool{}
	var visit func(v *graph.Value)
	visit = func(v *graph.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		n := v.Node
		if n.Leaf == graph.Input {
			names[n.Name] = true
		}
		in := n.Inputs
		if n.Op != nil && (n.Op.Name == "attention" || n.Op.Name == "matmul") {
			in = in[:1]
		}
		for _, x := range in {
			visit(x)
		}
	}
	visit(v)
	return names
}
