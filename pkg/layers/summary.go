package layers

import (
	"strings"

	"dnn/pkg/graph"
)

// Row is one layer of a summary. What a block needs includes what the layers within it need.
type Row struct {
	Info
	Trained, Frozen int     // parameters, in numbers
	State           int     // numbers kept from step to step, such as running means
	Flops           float64 // floating-point operations of a forward pass; a fused multiply-add counts two
	Products        float64 // multiply-adds of these in products of matrices, convolutions and attention
	Bytes           int     // of the values that a forward pass computes, if each had a place of its own
}

// Summarize counts what each layer needs in a graph that the layers were built into, for the graph's batch size, and
// what all of them need together. Gradients and updates in the graph do not count.
func Summarize(g *graph.Graph, infos []Info) (rows []Row, total Row) {
	byName := map[string]int{}
	for i, info := range infos {
		rows = append(rows, Row{Info: info})
		byName[info.Name] = i
	}
	// each calls f for the layer of that name and for the blocks around it.
	each := func(name string, f func(*Row)) {
		if _, ok := byName[name]; ok {
			f(&total)
		}
		for name != "" {
			if i, ok := byName[name]; ok {
				f(&rows[i])
			}
			name = around(name)
		}
	}
	for _, v := range g.Vars {
		if v.Class == graph.State {
			each(around(v.Name), func(r *Row) { r.State += v.Value.Shape.Size() })
		}
		for _, p := range v.Params {
			switch v.Class {
			case graph.Weights:
				each(p.Layer, func(r *Row) { r.Trained += p.Shape.Size() })
			case graph.Frozen:
				each(p.Layer, func(r *Row) { r.Frozen += p.Shape.Size() })
			}
		}
	}
	for _, n := range g.Nodes {
		if n.Op == nil || n.Stage != graph.Forward || n.Op.View != nil {
			continue
		}
		bytes, cost := 0, graph.Cost{}
		for _, v := range n.Outputs {
			bytes += v.Bytes()
		}
		if n.Op.Cost != nil {
			cost = n.Op.Cost(n)
		}
		each(n.Scope, func(r *Row) {
			r.Bytes, r.Flops, r.Products = r.Bytes+bytes, r.Flops+cost.Flops, r.Products+cost.Products
		})
	}
	return rows, total
}

// around is what stands before the last dot of a name: the layer of a parameter, or the block of a layer, or, between
// those, the number of a repetition.
func around(name string) string { return name[:max(0, strings.LastIndexByte(name, '.'))] }
