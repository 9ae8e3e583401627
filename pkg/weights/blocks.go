package weights

import (
	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Rows in blocks of 32 numbers, each with a scale that files have as float16, as llama.cpp has them. What is left of the last block
// of a row is 0.

// blockArrays are the numbers, under the name of the parameter, and the scales.
func blockArrays(p graph.Param, d graph.DType, bytes int) []Array {
	n, width := rows(p)
	blocks := integer.Blocks(width)
	return []Array{
		{Type: graph.Type{DType: d, Shape: graph.Shape{n, blocks * bytes}}},
		{Suffix: ".scale", Type: graph.Floats(n, blocks), Half: true},
	}
}

// eachBlock calls f with the numbers of each block, followed by zeros where a row ends within it.
func eachBlock(p graph.Param, x []float32, f func(i int, block *[integer.BlockSize]float32)) {
	n, width := rows(p)
	blocks := integer.Blocks(width)
	for row := range n {
		for i := range blocks {
			var block [integer.BlockSize]float32
			copy(block[:], x[row*width+i*integer.BlockSize:(row+1)*width])
			f(row*blocks+i, &block)
		}
	}
}

// decodeBlocks widens row by row.
func decodeBlocks(p graph.Param, arrays []graph.Buffer, dst []float32) {
	n, width := rows(p)
	blocks := integer.Blocks(width)
	for i := range n {
		row, scales := dst[i*width:(i+1)*width], arrays[1].F[i*blocks:(i+1)*blocks]
		if arrays[0].S != nil {
			integer.DequantizeBlocks8(row, arrays[0].S[i*blocks*integer.BlockSize:], scales)
		} else {
			integer.DequantizeBlocks4(row, arrays[0].U[i*blocks*integer.BlockBytes4:], scales)
		}
	}
}

// computeBlocks computes look-ups, and products with the rows.
func computeBlocks(r *graph.Rewriter, n *graph.Node, p graph.Param, at int, in, arrays []*graph.Value) []*graph.Value {
	if n.Op.Name == "gather" && at == 0 {
		return []*graph.Value{op.GatherBlocks(r.Builder, arrays[0], arrays[1], in[1], p.Shape[1])}
	}
	if _, ok := n.Attrs.(op.MatMulAttrs); ok && at == 1 && multiplies(n) && p.Shape.Rank() == 2 {
		return []*graph.Value{op.DenseBlocks(r.Builder, in[0], arrays[0], arrays[1], nil, op.DenseBlocksAttrs{})}
	}
	return nil
}

func widenBlocks(b *graph.Builder, p graph.Param, arrays []*graph.Value) *graph.Value {
	return op.DequantizeBlocks(b, arrays[0], arrays[1], p.Shape...)
}
