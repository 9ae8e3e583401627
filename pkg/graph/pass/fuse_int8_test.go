package pass_test

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	dense := func(b *sketch, bias bool) *graph.Value {
		y := op.DenseInt8(b.Builder, b.in(4, 3), b.int8s(2, 3), b.in(2), nil, op.DenseInt8Attrs{})
		if bias {
			y = op.Add(b.Builder, y, b.in(2))
		}
		return y
	}
	conv := func(b *sketch) *graph.Value {
		win := op.Window{Rank: 1, Kernel: [3]int{2}, Stride: [3]int{1}, Dilation: [3]int{1}}
		return op.ConvInt8(b.Builder, b.in(2, 5, 3), b.int8s(4, 3, 2), b.in(4), nil, op.ConvInt8Attrs{Window: win, Groups: 1, Scale: 0.03})
	}
	blocks := func(b *sketch) *graph.Value {
		return op.DenseBlocks(b.Builder, b.in(4, 40), b.int8s(2, 64), b.in(2, 2), nil, op.DenseBlocksAttrs{})
	}
	cases("fuse_int8", rewritings{
		fires: []rewriting{
			{"bias", func(b *sketch) *graph.Value { return dense(b, true) }},
			{"bias and activation", func(b *sketch) *graph.Value { return b.act(dense(b, true), vec.ActRelu) }},
			{"convolution and activation", func(b *sketch) *graph.Value { return b.act(conv(b), vec.ActTanh) }},
			{"convolution and bias", func(b *sketch) *graph.Value { return op.Add(b.Builder, conv(b), b.in(4)) }},
			{"blocks, bias and activation", func(b *sketch) *graph.Value { return b.act(op.Add(b.Builder, blocks(b), b.in(2)), vec.ActRelu) }},
		},
		stays: []rewriting{
			{"product alone", func(b *sketch) *graph.Value { return dense(b, false) }},
			{"product is read by others", func(b *sketch) *graph.Value {
				y := dense(b, false)
				return b.both(op.Add(b.Builder, y, b.in(2)), y)
			}},
			{"added matrix", func(b *sketch) *graph.Value { return op.Add(b.Builder, dense(b, false), b.in(4, 2)) }},
		},
	})
}
