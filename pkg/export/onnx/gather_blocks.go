package onnx

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("gather_blocks", "Gather of the table in float32", func(e *Emitter, n *graph.Node) {
		width := n.Attrs.(op.GatherBlocksAttrs).Width
		rows := n.Inputs[0].Shape[0]
		table := widen(e, n.Inputs[:2], func(b *graph.Builder, in []*graph.Value) *graph.Value {
			return op.DequantizeBlocks(b, in[0], in[1], rows, width)
		})
		if table != nil {
			e.Out(0, e.Node("Gather", []string{e.Floats(e.paramName(n.Inputs[0]), table, rows, width), e.In(2)}, Set("axis", 0)))
		}
	})
}

// widen computes weights that are kept in another form as float32; nil where they are not known.
func widen(e *Emitter, in []*graph.Value, how func(b *graph.Builder, in []*graph.Value) *graph.Value) []float32 {
	b := graph.NewBuilder()
	var values []*graph.Value
	var data []graph.Buffer
	for _, v := range in {
		d, ok := e.data[v]
		if !ok {
			e.Refuse("has weights that are not known beforehand")
			return nil
		}
		values, data = append(values, b.Input(fmt.Sprint(v.ID), v.Type)), append(data, d)
	}
	return graph.Compute(how(b, values).Node, data)[0].Floats()
}
