package weights

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("int8_blocks", "whole numbers from -127 to 127, with a scale for each 32 of a row", func() Form { return &Int8Blocks{} })
}

// Int8Blocks keeps rows as whole numbers from -127 to 127 in blocks of 32, with a scale for each block, as q8_0 of llama.cpp does.
// Products have the bits of those with the weights widened to float32, but read the blocks.
type Int8Blocks struct{}

// Fits takes matrices and kernels.
func (*Int8Blocks) Fits(p graph.Param) error { return expectRows(p) }

// Arrays are the numbers and the scales.
func (*Int8Blocks) Arrays(p graph.Param) []Array {
	return blockArrays(p, graph.I8, integer.BlockSize)
}

// Encode rounds to the nearest whole number, ties to even.
func (f *Int8Blocks) Encode(p graph.Param, x []float32) []graph.Buffer {
	arrays := f.Arrays(p)
	q, scales := make([]int8, arrays[0].Type.Shape.Size()), make([]float32, arrays[1].Type.Shape.Size())
	eachBlock(p, x, func(i int, block *[integer.BlockSize]float32) {
		scales[i] = fromHalf(toHalf(scaleOf(block[:], Most)))
		for k, w := range block {
			if scales[i] > 0 {
				q[i*integer.BlockSize+k] = int8(rounded(w/scales[i], Most))
			}
		}
	})
	return []graph.Buffer{{S: q}, {F: scales}}
}

// Decode multiplies.
func (*Int8Blocks) Decode(p graph.Param, arrays []graph.Buffer, dst []float32) {
	decodeBlocks(p, arrays, dst)
}

// Valid refuses -128, and scales that are no numbers of 0 or more.
func (*Int8Blocks) Valid(p graph.Param, arrays []graph.Buffer) error {
	for _, q := range arrays[0].S {
		if q < -Most {
			return fmt.Errorf("%s has the number %d, below %d", p.Name, q, -Most)
		}
	}
	return validScales(p, arrays[1].F)
}

// Widen multiplies.
func (*Int8Blocks) Widen(b *graph.Builder, p graph.Param, arrays []*graph.Value) *graph.Value {
	return widenBlocks(b, p, arrays)
}

// Compute computes look-ups and products.
func (*Int8Blocks) Compute(r *graph.Rewriter, n *graph.Node, p graph.Param, at int, in, arrays []*graph.Value) []*graph.Value {
	return computeBlocks(r, n, p, at, in, arrays)
}
