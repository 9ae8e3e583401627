package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

// GatherBlocksAttrs say how many numbers a row of the table has.
type GatherBlocksAttrs struct{ Width int }

var gatherBlocksOp graph.Op

// GatherBlocks looks up rows of a table in blocks, as DequantizeBlocks takes them, as float32: ids [..] and y [.., width]. An id
// outside [0, n) panics.
func GatherBlocks(b *graph.Builder, table, scales, ids *graph.Value, width int) *graph.Value {
	return b.One(&gatherBlocksOp, GatherBlocksAttrs{width}, table, scales, ids)
}

func init() {
	gatherBlocksOp = graph.Op{
		Name:   "gather_blocks",
		Doc:    "y[.., :] = table[ids[..], :], float32 of whole numbers in blocks of 32, each with a scale",
		NoGrad: noGradInt8,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if len(in) != 3 || in[2].DType != graph.I32 || len(in[0].Shape) == 0 {
				return nil, fmt.Errorf("takes a table, scales and ids, got %v", in)
			}
			width, ids := attrs.(GatherBlocksAttrs).Width, in[2].Shape
			return []graph.Type{graph.Floats(append(ids[:len(ids):len(ids)], width)...)}, inferBlocks(in, in[0].Shape[0], width)
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			b := tableOf(n)
			checkIDs("gather_blocks", in[2].I, 0, len(in[2].I), b.rows)
			for i, id := range in[2].I {
				b.widenRef(out[0].F[i*b.width:(i+1)*b.width], n, in, int(id))
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			b := tableOf(n)
			return graph.Kernel{Phases: []graph.Phase{byRows(n.Inputs[2].Shape.Size(), b.width, func(c *graph.Call, lo, hi int) {
				checkIDs("gather_blocks", c.In[2].I, lo, hi, b.rows)
				for i := lo; i < hi; i++ {
					b.widen(part(c.Out[0].F, i, b.width), c, int(c.In[2].I[i]))
				}
			})}}
		},
		Cost: func(n *graph.Node) graph.Cost { return graph.Cost{Bytes: 1.25 * float64(n.Outputs[0].Bytes())} },
		Cases: []graph.Case{
			{Name: "four bits", Attrs: GatherBlocksAttrs{33}, In: append(blocksOf(4, 5, 33), graph.Index(5, 7))},
			{Name: "eight bits", Attrs: GatherBlocksAttrs{3}, In: append(blocksOf(8, 4, 3), graph.Index(4, 3, 2))},
			{Name: "units", Attrs: GatherBlocksAttrs{130}, In: append(blocksOf(4, 50, 130), graph.Index(50, 70))},
		},
	}
	graph.Ops.Register(gatherBlocksOp.Name, gatherBlocksOp.Doc, &gatherBlocksOp)
}

func tableOf(n *graph.Node) blockRows {
	width := n.Attrs.(GatherBlocksAttrs).Width
	return blockRows{n.Inputs[0].Shape[0], width, integer.Blocks(width)}
}
