package weights

import (
	"fmt"
	"math"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("int4", "whole numbers from -8 to 7, with a scale for each 32 of a row", func() Form { return &Int4{} })
}

// Int4 keeps rows as whole numbers from -8 to 7 in blocks of 32, with a scale for each block, as q4_0 of llama.cpp does: the number
// of largest size becomes -8, so the scale has its sign turned. Of some scales near that one, the one with the least square error
// is taken. Products have the bits of those with the weights widened to float32, but read the blocks.
type Int4 struct{}

// Fits takes matrices and kernels.
func (*Int4) Fits(p graph.Param) error { return expectRows(p) }

// Arrays are the numbers, two in a byte, and the scales.
func (*Int4) Arrays(p graph.Param) []Array { return blockArrays(p, graph.U8, integer.BlockBytes4) }

// Encode rounds to the nearest whole number, ties to even.
func (f *Int4) Encode(p graph.Param, x []float32) []graph.Buffer {
	arrays := f.Arrays(p)
	q, scales := make([]byte, arrays[0].Type.Shape.Size()), make([]float32, arrays[1].Type.Shape.Size())
	eachBlock(p, x, func(i int, block *[integer.BlockSize]float32) {
		var codes [integer.BlockSize]byte
		scales[i] = bestScale(block, &codes)
		for j := range integer.BlockBytes4 {
			q[i*integer.BlockBytes4+j] = codes[j] | codes[j+integer.BlockBytes4]<<4
		}
	})
	return []graph.Buffer{{U: q}, {F: scales}}
}

// bestScale finds the scale of a block, and what its numbers become.
func bestScale(block *[integer.BlockSize]float32, codes *[integer.BlockSize]byte) (best float32) {
	most := float32(0)
	for _, w := range block {
		if max(w, -w) > max(most, -most) {
			most = w
		}
	}
	least := math.Inf(1)
	const tries = 8 // to each side
	for t := -tries; t <= tries; t++ {
		scale := fromHalf(toHalf(most / (-8 + float32(t)*0.125)))
		var tried [integer.BlockSize]byte
		sum := 0.0
		for k, w := range block {
			n := float32(0)
			if scale != 0 {
				n = max(-8, min(7, float32(math.RoundToEven(float64(w/scale)))))
			}
			tried[k] = byte(int(n) + 8)
			off := float64(w - float32(n*scale))
			if sum += float64(off * off); sum >= least {
				break
			}
		}
		if sum < least {
			best, least, *codes = scale, sum, tried
		}
	}
	return best
}

// Decode multiplies.
func (*Int4) Decode(p graph.Param, arrays []graph.Buffer, dst []float32) {
	decodeBlocks(p, arrays, dst)
}

// Valid refuses scales that are no numbers.
func (*Int4) Valid(p graph.Param, arrays []graph.Buffer) error {
	for _, s := range arrays[1].F {
		if s != s || math.IsInf(float64(s), 0) {
			return fmt.Errorf("%s has the scale %v", p.Name, s)
		}
	}
	return nil
}

// Widen multiplies.
func (*Int4) Widen(b *graph.Builder, p graph.Param, arrays []*graph.Value) *graph.Value {
	return widenBlocks(b, p, arrays)
}

// Compute computes look-ups and products.
func (*Int4) Compute(r *graph.Rewriter, n *graph.Node, p graph.Param, at int, in, arrays []*graph.Value) []*graph.Value {
	return computeBlocks(r, n, p, at, in, arrays)
}
