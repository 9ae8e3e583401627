package op_test

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

type maker func(shape ...int) *graph.Value

// mistakes are nodes that cannot be, and what is said to them.
var mistakes = []struct {
	want string
	make func(b *graph.Builder, in, ids maker)
}{
	{"ctc: x is [2x5x4] and the labels are [3x2], want [rows, steps, classes] and [rows, labels]", func(b *graph.Builder, in, ids maker) {
		op.CTC(b, op.CTCAttrs{}, in(2, 5, 4), ids(3, 2), ids(2), ids(2))
	}},
	{"ctc: input 3 is i32[3], want a number for each row, [2]", func(b *graph.Builder, in, ids maker) {
		op.CTC(b, op.CTCAttrs{}, in(2, 5, 4), ids(2, 2), ids(2), ids(3))
	}},
	{"add: [3x4] and [3x5] cannot be broadcast: extents 4 and 5 differ", func(b *graph.Builder, in, ids maker) {
		op.Add(b, in(3, 4), in(3, 5))
	}},
	{"mul: [1x1x1x1x1x1x1x1x2] has more than 8 axes", func(b *graph.Builder, in, ids maker) {
		op.Mul(b, in(1, 1, 1, 1, 1, 1, 1, 1, 2), in())
	}},
	{"exp: input 0 is i32[3], want f32", func(b *graph.Builder, in, ids maker) { op.Exp(b, ids(3)) }},
	{"clip: the limits 2 and 1 are not in order", func(b *graph.Builder, in, ids maker) { op.Clip(b, in(3), 2, 1) }},
	{"activate: alpha is -1, want 0 or more", func(b *graph.Builder, in, ids maker) { op.Activate(b, in(3), vec.ActElu, -1) }},
	{"activate: there is no activation function 99", func(b *graph.Builder, in, ids maker) { op.Activate(b, in(3), 99, 0) }},
	{"group_norm: 6 channels cannot be cut into 4 groups of one size", func(b *graph.Builder, in, ids maker) {
		op.GroupNorm(b, in(2, 3, 6), nil, nil, 4, 1e-5)
	}},
	{"group_norm: [6] has no channels beside its rows", func(b *graph.Builder, in, ids maker) { op.GroupNorm(b, in(6), nil, nil, 1, 1e-5) }},
	{"rms_norm: x is [2x3], so a vector of [3] is wanted, not [2]", func(b *graph.Builder, in, ids maker) {
		op.RMSNorm(b, in(2, 3), in(2), 1e-5)
	}},
	{"matmul: [32x10] · [12x5]: inner extents 10 and 12 differ", func(b *graph.Builder, in, ids maker) {
		op.MatMul(b, in(32, 10), in(12, 5), false, false)
	}},
	{"matmul: [10x32]ᵀ · [5x12]ᵀ: inner extents 10 and 12 differ", func(b *graph.Builder, in, ids maker) {
		op.MatMul(b, in(10, 32), in(5, 12), true, true)
	}},
	{"matmul: [2x3x4] · [3x4x5]: leading axes [2] and [3] differ", func(b *graph.Builder, in, ids maker) {
		op.MatMul(b, in(2, 3, 4), in(3, 4, 5), false, false)
	}},
	{"matmul: [2x3x4] · [4x5]: both must have the same number of axes, two or more", func(b *graph.Builder, in, ids maker) {
		op.MatMul(b, in(2, 3, 4), in(4, 5), false, false)
	}},
	{"dense: [3x4] · [4x5]: bias is [4], want [5]", func(b *graph.Builder, in, ids maker) {
		op.Dense(b, in(3, 4), in(4, 5), in(4), vec.ActNone, 0, false)
	}},
	{"sum: [3x4] has no axis 2", func(b *graph.Builder, in, ids maker) { op.Sum(b, in(3, 4), []int{2}, false) }},
	{"broadcast_to: [3x4] cannot be repeated to [3x5]", func(b *graph.Builder, in, ids maker) { op.BroadcastTo(b, in(3, 4), 3, 5) }},
	{"broadcast_to: [3x4] cannot be repeated to [4]", func(b *graph.Builder, in, ids maker) { op.BroadcastTo(b, in(3, 4), 4) }},
	{"reshape: [3x4] has 12 elements, [5x2] has 10", func(b *graph.Builder, in, ids maker) { op.Reshape(b, in(3, 4), 5, -1) }},
	{"transpose: [0 0] is no order of the axes of [3x4]", func(b *graph.Builder, in, ids maker) { op.Transpose(b, in(3, 4), 0, 0) }},
	{"concat: input 1 is f32[2x4] and does not fit the first, f32[2x3], along axis 0", func(b *graph.Builder, in, ids maker) {
		op.Concat(b, 0, in(2, 3), in(2, 4))
	}},
	{"slice: [5x3] has no part [2,6) of axis 0", func(b *graph.Builder, in, ids maker) { op.Slice(b, in(5, 3), 0, 2, 6) }},
	{"slice: [5x3] has no axis 2", func(b *graph.Builder, in, ids maker) { op.Slice(b, in(5, 3), 2, 0, 1) }},
	{"pad: [5x3] from 2 on does not fit into an extent of 6 along axis 0", func(b *graph.Builder, in, ids maker) {
		op.Pad(b, in(5, 3), 0, 2, 6)
	}},
	{"softmax: [] has no last axis to work along", func(b *graph.Builder, in, ids maker) { op.Softmax(b, in()) }},
	{"one_hot: 0 classes, want 1 or more", func(b *graph.Builder, in, ids maker) { op.OneHot(b, ids(3), 0, 1, 0) }},
	{"gather: the table is [5], want a matrix", func(b *graph.Builder, in, ids maker) { op.Gather(b, in(5), ids(3)) }},
	{"scatter_add: ids are [3], rows [4x2]: want one row for each id", func(b *graph.Builder, in, ids maker) {
		op.ScatterAdd(b, ids(3), in(4, 2), 9)
	}},
	{"dropout: the rate is 1, want 0 ≤ rate < 1", func(b *graph.Builder, in, ids maker) { op.Dropout(b, in(3), ids(), 1, 0, 0) }},
	{"dropout: the step is i32[2], want a scalar, or the step, first row and rows of a shard", func(b *graph.Builder, in, ids maker) { op.Dropout(b, in(3), ids(2), 0.5, 0, 0) }},
	{"layer_norm: x is [5x4], so a vector of [4] is wanted, not [5]", func(b *graph.Builder, in, ids maker) {
		op.LayerNorm(b, in(5, 4), in(5), in(4), 1e-5)
	}},
	{"batch_norm: eps is NaN, want 0 or more", func(b *graph.Builder, in, ids maker) {
		op.BatchNorm(b, in(5, 4), nil, nil, math.NaN())
	}},
	{"batch_norm_apply: x is [5x4], so a vector of [4] is wanted, not [5]", func(b *graph.Builder, in, ids maker) {
		op.BatchNormApply(b, in(5, 4), nil, nil, in(5), in(4), 1e-5)
	}},
	{"lstm: x is [2x9] and w [8x2], want [rows, steps, 4·units] and [4·units, units]", func(b *graph.Builder, in, ids maker) {
		op.LSTM(b, op.Recurrent{X: in(2, 9), W: in(8, 2)})
	}},
	{"gru: x is [2x3x8] and w [6x2]: for 2 units the last axis of x and the first of w must be 6", func(b *graph.Builder, in, ids maker) {
		op.GRU(b, op.Recurrent{X: in(2, 3, 8), W: in(6, 2)}, false)
	}},
	{"rnn: x is [2x3x4] and w [4x4], so h0 must be [2x4], not [3x4]", func(b *graph.Builder, in, ids maker) {
		op.RNN(b, op.Recurrent{X: in(2, 3, 4), W: in(4, 4), H0: in(3, 4)}, vec.ActTanh)
	}},
	{"rnn: x is [2x3x4] and w [4x4], so lengths must be [2], not [3]", func(b *graph.Builder, in, ids maker) {
		op.RNN(b, op.Recurrent{X: in(2, 3, 4), W: in(4, 4), Lengths: ids(3)}, vec.ActTanh)
	}},
	{"rnn: the activation is gelu, want tanh or relu", func(b *graph.Builder, in, ids maker) {
		op.RNN(b, op.Recurrent{X: in(2, 3, 4), W: in(4, 4)}, vec.ActGelu)
	}},
	{"attention: q is [2x3x8], k [2x5x8] and v [2x4x8], want [rows, m, heads·d], [rows, n, heads·d] and [rows, n, heads·e]", func(b *graph.Builder, in, ids maker) {
		op.Attend(b, op.Attention{Q: in(2, 3, 8), K: in(2, 5, 8), V: in(2, 4, 8), Heads: 2, KeyHeads: 2})
	}},
	{"attention: 4 heads of queries cannot share 3 heads of keys evenly", func(b *graph.Builder, in, ids maker) {
		op.Attend(b, op.Attention{Q: in(2, 3, 8), K: in(2, 5, 6), V: in(2, 5, 6), Heads: 4, KeyHeads: 3})
	}},
	{"attention: q is [2x3x8], k [2x5x6] and v [2x5x6]: 4 heads of queries and 2 of keys do not fit", func(b *graph.Builder, in, ids maker) {
		op.Attend(b, op.Attention{Q: in(2, 3, 8), K: in(2, 5, 6), V: in(2, 5, 6), Heads: 4, KeyHeads: 2})
	}},
	{"attention: the window is -1, want 0 or more", func(b *graph.Builder, in, ids maker) {
		op.Attend(b, op.Attention{Q: in(2, 3, 8), K: in(2, 5, 8), V: in(2, 5, 8), Heads: 4, KeyHeads: 4, Window: -1})
	}},
	{"attention: q is [2x3x8], so lengths and offset must be [2], not [3]", func(b *graph.Builder, in, ids maker) {
		op.Attend(b, op.Attention{Q: in(2, 3, 8), K: in(2, 5, 8), V: in(2, 5, 8), Heads: 4, KeyHeads: 4, Lengths: ids(3)})
	}},
	{"rotary: x is [2x3x6], want [rows, steps, 2 heads of an even width]", func(b *graph.Builder, in, ids maker) {
		op.Rotary(b, in(2, 3, 6), nil, 2, 0)
	}},
	{"pack: input 1, [4], does not fit at 5 of [16] after 6", func(b *graph.Builder, in, ids maker) {
		op.Pack(b, 16, []int{0, 5}, in(2, 3), in(4))
	}},
	{"lerp: input 1 is [4], but the first is [3]", func(b *graph.Builder, in, ids maker) { op.Lerp(b, in(3), in(4), 0.5) }},
	{"row_dot: input 1 is [3x5], but the first is [3x4]", func(b *graph.Builder, in, ids maker) { op.RowDot(b, in(3, 4), in(3, 5)) }},
	{"softmax_cross_entropy: logits and targets: input 1 is [4x3], but the first is [3x4]", func(b *graph.Builder, in, ids maker) {
		op.SoftmaxCrossEntropy(b, in(3, 4), in(4, 3))
	}},
	{"sgd_update: the segment [8,20) does not fit into [16] after 0", func(b *graph.Builder, in, ids maker) {
		u := op.Update{Params: in(16), Grads: in(16), LearningRate: in(), GScale: in(), Step: ids()}
		op.SGDUpdate(b, u, nil, op.SGDAttrs{Segments: []op.Segment{{Lo: 8, Hi: 20}}})
	}},
	{"adam_update: beta1 is 1, want 0 ≤ beta1 < 1", func(b *graph.Builder, in, ids maker) {
		u := op.Update{Params: in(16), Grads: in(16), LearningRate: in(), GScale: in(), Step: ids()}
		op.AdamUpdate(b, u, []*graph.Value{in(16), in(16)}, op.AdamAttrs{Beta1: 1})
	}},
	{"adam_update: input 6 is f32[15], want f32[16]", func(b *graph.Builder, in, ids maker) {
		u := op.Update{Params: in(16), Grads: in(16), LearningRate: in(), GScale: in(), Step: ids()}
		op.AdamUpdate(b, u, []*graph.Value{in(16), in(15)}, op.AdamAttrs{})
	}},
	{"max_pool: x is [3x4], want a batch, 2 axes and channels", func(b *graph.Builder, in, ids maker) {
		op.MaxPool(b, in(3, 4), window(2, 2, 2, 0))
	}},
	{"max_pool: axis 1: a window of 5 does not fit into 3 with padding 0 and 1", func(b *graph.Builder, in, ids maker) {
		w := window(2, 5, 1, 0)
		w.After[1] = 1
		op.MaxPool(b, in(2, 7, 3, 4), w)
	}},
	{"conv: x is [2x8x8x3] and w [4x2x3x3] in 1 groups: 3 channels and 2 differ", func(b *graph.Builder, in, ids maker) {
		op.Conv(b, in(2, 8, 8, 3), in(4, 2, 3, 3), nil, window(2, 3, 1, 1), 1)
	}},
	{"conv: w is [4x3x3x2], want [out, in, kernel] with a kernel of [3x3]", func(b *graph.Builder, in, ids maker) {
		op.Conv(b, in(2, 8, 8, 3), in(4, 3, 3, 2), nil, window(2, 3, 1, 1), 1)
	}},
	{"conv: w is [5x3x3]: 5 channels do not fall into 2 groups", func(b *graph.Builder, in, ids maker) {
		op.Conv(b, in(2, 8, 6), in(5, 3, 3), nil, window(1, 3, 1, 1), 2)
	}},
	{"conv: axis 1: a window of 3 does not fit into 2 with padding 0 and 0", func(b *graph.Builder, in, ids maker) {
		op.Conv(b, in(2, 8, 2, 3), in(4, 3, 3, 3), nil, window(2, 3, 1, 0), 1)
	}},
	{"conv_transpose: x is [2x4x4x5], but the window 3x3 stride 2x2 makes [3x4] of [8x9]", func(b *graph.Builder, in, ids maker) {
		op.ConvTranspose(b, in(2, 4, 4, 5), in(5, 3, 3, 3), nil, window(2, 3, 2, 0), 1, []int{8, 9})
	}},
	{"conv_weight_grad: dy is [2x5x5x4], but the window 3x3 makes [6x6] of [2x8x8x3]", func(b *graph.Builder, in, ids maker) {
		op.ConvWeightGrad(b, in(2, 8, 8, 3), in(2, 5, 5, 4), window(2, 3, 1, 0), 1)
	}},
	{"conv_act: the residual is [2x8x8x5], want [2x8x8x4]", func(b *graph.Builder, in, ids maker) {
		op.ConvAct(b, in(2, 8, 8, 3), in(4, 3, 3, 3), nil, in(2, 8, 8, 5), op.ConvActAttrs{Window: window(2, 3, 1, 1), Groups: 1})
	}},
	{"max_pool: axis 0: a window of 2 lies in the padding of 2 and 2", func(b *graph.Builder, in, ids maker) {
		op.MaxPool(b, in(2, 6, 6, 4), window(2, 2, 2, 2))
	}},
	{"avg_pool: axis 1: a pooling window with dilation 2, want 1", func(b *graph.Builder, in, ids maker) {
		w := window(2, 2, 1, 0)
		w.Dilation[1] = 2
		op.AvgPool(b, in(2, 7, 7, 4), w, true)
	}},
	{"avg_pool: axis 0: of a padding of 1, 2 do not count", func(b *graph.Builder, in, ids maker) {
		op.AvgPoolBeyond(b, in(2, 7, 4), window(1, 3, 1, 1), true, [3]int{2})
	}},
	{"adaptive_avg_pool: axis 1: 0 positions from 5", func(b *graph.Builder, in, ids maker) {
		op.AdaptiveAvgPool(b, in(2, 7, 5, 4), 3, 0)
	}},
	{"upsample: x is [2x7x5x4], want a batch, 1 axes and channels", func(b *graph.Builder, in, ids maker) {
		op.Upsample(b, in(2, 7, 5, 4), false, 3)
	}},
}

// window is one that is alike on all of its axes.
func window(rank, kernel, stride, padding int) op.Window {
	w := op.Window{Rank: rank}
	for ax := range rank {
		w.Kernel[ax], w.Stride[ax], w.Dilation[ax], w.Before[ax], w.After[ax] = kernel, stride, 1, padding, padding
	}
	return w
}
