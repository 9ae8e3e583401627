package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

// blockRows are rows of numbers in blocks of 32: [n, bytes], of two numbers each (U8) or of one (I8), and scales [n, blocks].
type blockRows struct{ rows, width, blocks int }

// inferBlocks checks that in holds n rows of so many numbers in blocks, and their scales.
func inferBlocks(in []graph.Type, rows, width int) error {
	d, scales := graph.U8, integer.Blocks(width)
	bytes := scales * integer.BlockBytes4
	if len(in) > 0 && in[0].DType == graph.I8 {
		d, bytes = graph.I8, scales*integer.BlockSize
	}
	if err := expect(in[:min(2, len(in))], d, graph.F32); err != nil {
		return err
	}
	if !in[0].Shape.Equal(graph.Shape{rows, bytes}) || !in[1].Shape.Equal(graph.Shape{rows, scales}) {
		return fmt.Errorf("blocks of %v and scales of %v are not %d rows of %d numbers", in[0].Shape, in[1].Shape, rows, width)
	}
	return nil
}

// widen is a row as float32.
func (b blockRows) widen(dst []float32, c *graph.Call, row int) {
	scales := part(c.In[1].F, row, b.blocks)
	if c.In[0].S != nil {
		size := b.blocks * integer.BlockSize
		integer.DequantizeBlocks8(dst, c.In[0].S[row*size:(row+1)*size], scales)
		return
	}
	size := b.blocks * integer.BlockBytes4
	integer.DequantizeBlocks4(dst, c.In[0].U[row*size:(row+1)*size], scales)
}

// widenRef is a row in the reference, in float32 as it is defined.
func (b blockRows) widenRef(dst []float64, n *graph.Node, in []graph.Ref, row int) {
	for k := range dst {
		block, at := k/integer.BlockSize, k%integer.BlockSize
		scale := float32(in[1].F[row*b.blocks+block])
		if n.Inputs[0].DType == graph.I8 {
			dst[k] = float64(float32(in[0].I[row*b.blocks*integer.BlockSize+k]) * scale)
			continue
		}
		both := in[0].I[(row*b.blocks+block)*integer.BlockBytes4+at%integer.BlockBytes4]
		if at >= integer.BlockBytes4 {
			both >>= 4
		}
		dst[k] = float64(float32(both&15-8) * scale)
	}
}

// blocksOf are inputs of n rows of so many numbers, of 4 bits or 8.
func blocksOf(bits, n, width int) []graph.Arg {
	blocks := integer.Blocks(width)
	scales := graph.Uniform(0.01, 0.1, n, blocks)
	if bits == 8 {
		return []graph.Arg{int8s(n, blocks*integer.BlockSize), scales}
	}
	return []graph.Arg{graph.Uniform(0, 256, n, blocks*integer.BlockBytes4).Of(graph.U8), scales}
}
