package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

var dequantizeBlocksOp graph.Op

// DequantizeBlocks is y, of the given shape [n, ..], as float32 of whole numbers in blocks of 32 along the rows, each block with a
// scale:
//
//	w [n, 16·blocks] U8: byte j of a block has number j in its lower half and number j+16 in its upper half, 8 standing for 0
//	w [n, 32·blocks] I8, scales [n, blocks]
func DequantizeBlocks(b *graph.Builder, w, scales *graph.Value, shape ...int) *graph.Value {
	return b.One(&dequantizeBlocksOp, ShapeAttrs{shape}, w, scales)
}

func init() {
	dequantizeBlocksOp = graph.Op{
		Name:   "dequantize_blocks",
		Doc:    "y = w·scales for whole numbers of 4 or 8 bits in blocks of 32, each with a scale",
		NoGrad: noGradInt8,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			s := attrs.(ShapeAttrs).Shape
			if len(in) != 2 || len(s) == 0 {
				return nil, fmt.Errorf("takes 2 inputs and gives an axis of rows, got %d and %v", len(in), s)
			}
			return []graph.Type{graph.Floats(s...)}, inferBlocks(in, s[0], s[1:].Size())
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			b := rowsIn(n.Outputs[0].Shape)
			for i := range b.rows {
				b.widenRef(out[0].F[i*b.width:(i+1)*b.width], n, in, i)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			b := rowsIn(n.Outputs[0].Shape)
			return graph.Kernel{Phases: []graph.Phase{byRows(b.rows, b.width, func(c *graph.Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					b.widen(part(c.Out[0].F, i, b.width), c, i)
				}
			})}}
		},
		Cost: cost(2),
		Cases: []graph.Case{
			{Name: "four bits", Attrs: ShapeAttrs{graph.Shape{3, 64}}, In: blocksOf(4, 3, 64)},
			{Name: "eight bits", Attrs: ShapeAttrs{graph.Shape{3, 64}}, In: blocksOf(8, 3, 64)},
			{Name: "part of a block", Attrs: ShapeAttrs{graph.Shape{2, 5, 7}}, In: blocksOf(4, 2, 35)},
			{Name: "less than a block", Attrs: ShapeAttrs{graph.Shape{4, 3}}, In: blocksOf(8, 4, 3)},
			{Name: "units", Attrs: ShapeAttrs{graph.Shape{70, 600}}, In: blocksOf(4, 70, 600)},
		},
	}
	graph.Ops.Register(dequantizeBlocksOp.Name, dequantizeBlocksOp.Doc, &dequantizeBlocksOp)
}

func rowsIn(s graph.Shape) blockRows {
	width := s[1:].Size()
	return blockRows{s[0], width, integer.Blocks(width)}
}
