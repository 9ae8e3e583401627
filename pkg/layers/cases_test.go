package layers

import "dnn/pkg/graph"

// layerCase is one way to write a layer. A batch has 4 rows.
type layerCase struct {
	layer   string
	in      []Input // default: one of 6 floats
	out     graph.Shape
	trained int // numbers
	state   int
}

// cases are the examples of each kind. Every kind has some.
var cases = map[string][]layerCase{
	"dense": {
		{layer: "{type: dense, units: 5}", out: graph.Shape{5}, trained: 35},
		{layer: "{type: dense, units: classes, bias: false, activation: tanh}", out: graph.Shape{3}, trained: 18},
		{layer: "{type: dense, units: 1, activation: softmax, weight_init: he_normal, bias_init: 0.5}", out: graph.Shape{1}, trained: 7},
		{layer: "{type: dense, units: 2, activation: gelu}", in: []Input{floats("x", 3, 5)}, out: graph.Shape{3, 2}, trained: 12},
		{layer: "{type: dense, units: 2, activation: mish}", in: []Input{floats("x", 3, 2, 1)}, out: graph.Shape{3, 2, 2}, trained: 4},
		{layer: "{type: dense, units: 5, trainable: false}", out: graph.Shape{5}},
	},
	"activation": {
		{layer: "{type: activation, function: silu}", out: graph.Shape{6}},
		{layer: "{type: activation, function: {type: elu, alpha: 0.5}}", in: []Input{floats("x", 2, 3)}, out: graph.Shape{2, 3}},
		{layer: "{type: activation, function: log_softmax}", in: []Input{floats("x", 2, 3)}, out: graph.Shape{2, 3}},
	},
	"dropout": {
		{layer: "{type: dropout, rate: 0.4}", out: graph.Shape{6}},
		{layer: "{type: dropout, rate: 0}", in: []Input{floats("x", 3, 4)}, out: graph.Shape{3, 4}},
	},
	"flatten": {
		{layer: "flatten", out: graph.Shape{6}},
		{layer: "flatten", in: []Input{floats("x", 3, 2, 2)}, out: graph.Shape{12}},
		{layer: "flatten", in: []Input{floats("x")}, out: graph.Shape{1}},
	},
	"reshape": {
		{layer: "{type: reshape, shape: [2, 3]}", out: graph.Shape{2, 3}},
		{layer: "{type: reshape, shape: [3, -1, 1]}", in: []Input{floats("x", 4, 3)}, out: graph.Shape{3, 4, 1}},
		{layer: "{type: reshape, shape: 1}", in: []Input{floats("x")}, out: graph.Shape{1}},
	},
	"batch_norm": {
		{layer: "batch_norm", out: graph.Shape{6}, trained: 12, state: 12},
		{layer: "{type: batch_norm, scale: false, epsilon: 0.1}", out: graph.Shape{6}, trained: 6, state: 12},
		{layer: "{type: batch_norm, shift: false, momentum: 1}", in: []Input{floats("x", 2, 3, 2)}, out: graph.Shape{2, 3, 2}, trained: 2, state: 4},
		{layer: "{type: batch_norm, trainable: false}", out: graph.Shape{6}, state: 12},
	},
	"layer_norm": {
		{layer: "layer_norm", out: graph.Shape{6}, trained: 12},
		{layer: "{type: layer_norm, scale: false}", in: []Input{floats("x", 3, 4)}, out: graph.Shape{3, 4}, trained: 4},
		{layer: "{type: layer_norm, shift: false, axes: 2}", in: []Input{floats("x", 2, 3, 4)}, out: graph.Shape{2, 3, 4}, trained: 12},
	},
	"group_norm": {
		{layer: "{type: group_norm, groups: 2}", in: []Input{floats("x", 2, 3, 4)}, out: graph.Shape{2, 3, 4}, trained: 8},
		{layer: "{type: group_norm, groups: 3, scale: false}", out: graph.Shape{6}, trained: 6},
		{layer: "{type: group_norm, groups: 1, shift: false, epsilon: 0.1}", in: []Input{floats("x", 5, 2)}, out: graph.Shape{5, 2}, trained: 2},
	},
	"instance_norm": {
		{layer: "instance_norm", in: []Input{floats("x", 4, 3)}, out: graph.Shape{4, 3}, trained: 6},
		{layer: "{type: instance_norm, scale: false, shift: false}", in: []Input{floats("x", 3, 2, 2)}, out: graph.Shape{3, 2, 2}},
	},
	"rms_norm": {
		{layer: "rms_norm", out: graph.Shape{6}, trained: 6},
		{layer: "{type: rms_norm, scale: false, epsilon: 0.1}", in: []Input{floats("x", 3, 4)}, out: graph.Shape{3, 4}},
	},
	"spatial_dropout": {
		{layer: "{type: spatial_dropout, rate: 0.4}", in: []Input{floats("x", 4, 3)}, out: graph.Shape{4, 3}},
		{layer: "{type: spatial_dropout, rate: 0.4}", in: []Input{floats("x", 2, 3, 4)}, out: graph.Shape{2, 3, 4}},
		{layer: "{type: spatial_dropout, rate: 0}", in: []Input{floats("x", 2, 3, 4)}, out: graph.Shape{2, 3, 4}},
	},
	"squeeze_excite": {
		{layer: "{type: squeeze_excite, ratio: 2, activation: tanh}", in: []Input{floats("x", 2, 3, 4)}, out: graph.Shape{2, 3, 4}, trained: 22},
		{layer: "{type: squeeze_excite, units: 3, activation: silu, gate: tanh}", in: []Input{floats("x", 5, 2)}, out: graph.Shape{5, 2}, trained: 17},
		{layer: "{type: squeeze_excite, activation: gelu}", in: []Input{floats("x", 5, 2)}, out: graph.Shape{5, 2}, trained: 7},
	},
	"embedding": {
		{layer: "{type: embedding, size: 3}", in: []Input{indices("w", 7)}, out: graph.Shape{3}, trained: 21},
		{layer: "{type: embedding, size: 2, init: orthogonal}", in: []Input{indices("w", 5, 3)}, out: graph.Shape{3, 2}, trained: 10},
	},
	"conv1d": {
		{layer: "{type: conv1d, filters: 3, kernel: 3, activation: tanh}", in: []Input{floats("x", 7, 2)}, out: graph.Shape{5, 3}, trained: 21},
		{layer: "{type: conv1d, filters: classes, kernel: 4, stride: 3, padding: same, bias: false}", in: []Input{floats("x", 8, 2)}, out: graph.Shape{3, 3}, trained: 24},
		{layer: "{type: conv1d, filters: 4, kernel: 2, dilation: 3, padding: 2, groups: 2}", in: []Input{floats("x", 5, 2)}, out: graph.Shape{6, 4}, trained: 12},
	},
	"conv2d": {
		{layer: "{type: conv2d, filters: 2, kernel: 3, padding: same, weight_init: he_normal, bias_init: zeros}", in: []Input{floats("x", 4, 3, 2)}, out: graph.Shape{4, 3, 2}, trained: 38},
		{layer: "{type: conv2d, filters: 3, kernel: [2, 3], stride: [2, 1], padding: [1, 0], activation: silu}", in: []Input{floats("x", 4, 5, 1)}, out: graph.Shape{3, 3, 3}, trained: 21},
		{layer: "{type: conv2d, filters: 4, kernel: 1, groups: 2, bias: false}", in: []Input{floats("x", 2, 2, 2)}, out: graph.Shape{2, 2, 4}, trained: 4},
		{layer: "{type: conv2d, filters: 1, kernel: 2, dilation: [1, 2], trainable: false}", in: []Input{floats("x", 3, 3, 1)}, out: graph.Shape{2, 1, 1}},
	},
	"conv3d": {
		{layer: "{type: conv3d, filters: 2, kernel: [2, 1, 2], padding: same, stride: [1, 2, 1]}", in: []Input{floats("x", 2, 3, 2, 1)}, out: graph.Shape{2, 2, 2, 2}, trained: 10},
	},
	"depthwise_conv1d": {
		{layer: "{type: depthwise_conv1d, kernel: 3, multiplier: 2, padding: same}", in: []Input{floats("x", 5, 3)}, out: graph.Shape{5, 6}, trained: 24},
	},
	"depthwise_conv2d": {
		{layer: "{type: depthwise_conv2d, kernel: 3, padding: 1, stride: 2, activation: tanh}", in: []Input{floats("x", 4, 5, 3)}, out: graph.Shape{2, 3, 3}, trained: 30},
		{layer: "{type: depthwise_conv2d, kernel: [1, 2], multiplier: 2, bias: false}", in: []Input{floats("x", 2, 3, 2)}, out: graph.Shape{2, 2, 4}, trained: 8},
	},
	"conv_transpose1d": {
		{layer: "{type: conv_transpose1d, filters: 4, kernel: 3, stride: 2, padding: 1, output_padding: 1, groups: 2}", in: []Input{floats("x", 4, 2)}, out: graph.Shape{8, 4}, trained: 16},
		{layer: "{type: conv_transpose1d, filters: 2, kernel: 2, dilation: 2, bias: false}", in: []Input{floats("x", 3, 2)}, out: graph.Shape{5, 2}, trained: 8},
	},
	"conv_transpose2d": {
		{layer: "{type: conv_transpose2d, filters: 3, kernel: [2, 3], stride: 2, padding: same}", in: []Input{floats("x", 2, 3, 2)}, out: graph.Shape{4, 6, 3}, trained: 39},
		{layer: "{type: conv_transpose2d, filters: 1, kernel: 1, stride: [2, 3], output_padding: [0, 2], activation: tanh}", in: []Input{floats("x", 2, 2, 2)}, out: graph.Shape{3, 6, 1}, trained: 3},
	},
	"separable_conv2d": {
		{layer: "{type: separable_conv2d, filters: 4, kernel: 3, padding: same, stride: 2, activation: tanh}", in: []Input{floats("x", 4, 3, 2)}, out: graph.Shape{2, 2, 4}, trained: 18 + 8 + 4},
		{layer: "{type: separable_conv2d, filters: 1, kernel: 2, multiplier: 3, bias: false}", in: []Input{floats("x", 3, 3, 2)}, out: graph.Shape{2, 2, 1}, trained: 24 + 6},
	},
	"add": {
		{layer: "{type: add, inputs: [a, b, a]}", in: []Input{floats("a", 2, 3), floats("b", 2, 3)}, out: graph.Shape{2, 3}},
	},
	"multiply": {
		{layer: "{type: multiply, inputs: [a, b, a]}", in: []Input{floats("a", 5), floats("b", 5)}, out: graph.Shape{5}},
	},
	"concat": {
		{layer: "{type: concat, inputs: [a, b, a]}", in: []Input{floats("a", 5), floats("b", 2)}, out: graph.Shape{12}},
		{layer: "{type: concat, inputs: [a, b], axis: 0}", in: []Input{floats("a", 2, 3), floats("b", 4, 3)}, out: graph.Shape{6, 3}},
		{layer: "{type: concat, inputs: [a, b], axis: -2}", in: []Input{floats("a", 2, 3), floats("b", 4, 3)}, out: graph.Shape{6, 3}},
	},
	"residual": {
		{layer: "{type: residual, activation: tanh, layers: [{type: dense, units: 4, activation: tanh}, {type: dense, units: 6}]}", out: graph.Shape{6}, trained: 58},
		{layer: "{type: residual, projection: true, layers: [{type: dense, units: 2}]}", in: []Input{floats("x", 3, 5)}, out: graph.Shape{3, 2}, trained: 22},
		{layer: "{type: residual, projection: true, layers: [{type: activation, function: sigmoid}]}", out: graph.Shape{6}, trained: 36},
		{layer: "{type: residual, projection: true, layers: [{type: conv2d, filters: 3, kernel: 3, stride: [2, 1], padding: same}]}", in: []Input{floats("x", 5, 2, 2)}, out: graph.Shape{3, 2, 3}, trained: 57 + 6},
		{layer: "{type: residual, projection: true, layers: [{type: conv1d, filters: 2, kernel: 1, stride: 3}]}", in: []Input{floats("x", 7, 2)}, out: graph.Shape{3, 2}, trained: 6 + 4},
	},
	"repeat": {
		{layer: "{type: repeat, times: 3, layers: [{type: dense, units: 4, activation: tanh}, {type: dense, units: 6, bias: false}]}", out: graph.Shape{6}, trained: 3 * 52},
		{layer: "{type: repeat, times: 1, layers: [{type: dense, units: 2}]}", out: graph.Shape{2}, trained: 14},
	},
	"rnn": {
		{layer: "{type: rnn, units: 5}", in: []Input{floats("x", 3, 2)}, out: graph.Shape{5}, trained: 45},
		{layer: "{type: rnn, units: classes, sequences: true, activation: relu, bias: false}", in: []Input{sequences("x", 3, 2)}, out: graph.Shape{3, 3}, trained: 15},
		{layer: "{type: rnn, units: 2, layers: 2, bidirectional: true, dropout: 0.4, recurrent_dropout: 0.3, inputs: [x, h]}",
			in: []Input{sequences("x", 3, 2), floats("h", 4, 2)}, out: graph.Shape{4}, trained: 24 + 32},
	},
	"lstm": {
		{layer: "{type: lstm, units: 3}", in: []Input{sequences("x", 3, 2)}, out: graph.Shape{3}, trained: 4 * (6 + 9 + 6)},
		{layer: "{type: lstm, units: 2, sequences: true, bidirectional: true, inputs: [x, h]}",
			in: []Input{sequences("x", 3, 1), floats("h", 4)}, out: graph.Shape{3, 4}, trained: 2 * 4 * (2 + 4 + 4)},
		{layer: "{type: lstm, units: 2, layers: 2, recurrent_dropout: 0.3, dropout: 0.5, bias: false, inputs: [x, h, c]}",
			in: []Input{floats("x", 3, 1), floats("h", 2, 2), floats("c", 2, 2)}, out: graph.Shape{2}, trained: 4 * (2 + 4 + 4 + 4)},
	},
	"gru": {
		{layer: "{type: gru, units: 3}", in: []Input{sequences("x", 3, 2)}, out: graph.Shape{3}, trained: 3 * (6 + 9 + 6)},
		{layer: "{type: gru, units: 2, sequences: true, bidirectional: true, recurrent_dropout: 0.3, inputs: [x, h]}",
			in: []Input{sequences("x", 3, 1), floats("h", 4)}, out: graph.Shape{3, 4}, trained: 2 * 3 * (2 + 4 + 4)},
		{layer: "{type: gru, units: 2, layers: 2, reset: before, recurrent_dropout: 0.3, inputs: [x, h]}",
			in: []Input{sequences("x", 3, 1), floats("h", 2, 2)}, out: graph.Shape{2}, trained: 3 * (2 + 4 + 4 + 4 + 4 + 4)},
		{layer: "{type: gru, units: 2, sequences: true, reset: before, bias: false}", in: []Input{floats("x", 3, 1)}, out: graph.Shape{3, 2}, trained: 3 * (2 + 4)},
	},
	"max_pool1d": {
		{layer: "{type: max_pool1d, size: 3}", in: []Input{floats("x", 8, 2)}, out: graph.Shape{2, 2}},
		{layer: "{type: max_pool1d, size: 3, stride: 2, padding: same}", in: []Input{floats("x", 8, 2)}, out: graph.Shape{4, 2}},
		{layer: "{type: max_pool1d, size: [2], stride: [3], ceil: true}", in: []Input{floats("x", 9, 1)}, out: graph.Shape{3, 1}},
	},
	"max_pool2d": {
		{layer: "{type: max_pool2d, size: 2}", in: []Input{floats("x", 4, 5, 2)}, out: graph.Shape{2, 2, 2}},
		{layer: "{type: max_pool2d, size: [3, 2], stride: [2, 1], padding: [1, 0]}", in: []Input{floats("x", 4, 5, 2)}, out: graph.Shape{2, 4, 2}},
		{layer: "{type: max_pool2d, size: 3, stride: 2, padding: same, ceil: true}", in: []Input{floats("x", 4, 5, 1)}, out: graph.Shape{2, 3, 1}},
	},
	"max_pool3d": {
		{layer: "{type: max_pool3d, size: 2}", in: []Input{floats("x", 4, 3, 2, 2)}, out: graph.Shape{2, 1, 1, 2}},
	},
	"avg_pool3d": {
		{layer: "{type: avg_pool3d, size: [1, 2, 3], padding: same}", in: []Input{floats("x", 2, 3, 2, 2)}, out: graph.Shape{2, 2, 1, 2}},
	},
	"global_avg_pool3d": {
		{layer: "global_avg_pool3d", in: []Input{floats("x", 2, 3, 2, 3)}, out: graph.Shape{3}},
	},
	"global_max_pool3d": {
		{layer: "global_max_pool3d", in: []Input{floats("x", 2, 3, 2, 3)}, out: graph.Shape{3}},
	},
	"avg_pool1d": {
		{layer: "{type: avg_pool1d, size: 3}", in: []Input{floats("x", 8, 2)}, out: graph.Shape{2, 2}},
		{layer: "{type: avg_pool1d, size: 3, stride: 2, padding: 1, ceil: true, count_padding: false}", in: []Input{floats("x", 8, 2)}, out: graph.Shape{5, 2}},
	},
	"avg_pool2d": {
		{layer: "{type: avg_pool2d, size: 2}", in: []Input{floats("x", 4, 5, 2)}, out: graph.Shape{2, 2, 2}},
		{layer: "{type: avg_pool2d, size: 3, stride: 1, padding: same}", in: []Input{floats("x", 4, 5, 2)}, out: graph.Shape{4, 5, 2}},
	},
	"global_avg_pool1d": {
		{layer: "global_avg_pool1d", in: []Input{floats("x", 7, 3)}, out: graph.Shape{3}},
	},
	"global_avg_pool2d": {
		{layer: "global_avg_pool2d", in: []Input{floats("x", 3, 4, 5)}, out: graph.Shape{5}},
	},
	"global_max_pool1d": {
		{layer: "global_max_pool1d", in: []Input{floats("x", 7, 3)}, out: graph.Shape{3}},
	},
	"global_max_pool2d": {
		{layer: "global_max_pool2d", in: []Input{floats("x", 3, 4, 5)}, out: graph.Shape{5}},
	},
	"adaptive_avg_pool1d": {
		{layer: "{type: adaptive_avg_pool1d, size: 4}", in: []Input{floats("x", 7, 3)}, out: graph.Shape{4, 3}},
	},
	"adaptive_avg_pool2d": {
		{layer: "{type: adaptive_avg_pool2d, size: [2, 3]}", in: []Input{floats("x", 3, 4, 2)}, out: graph.Shape{2, 3, 2}},
	},
	"upsample1d": {
		{layer: "upsample1d", in: []Input{floats("x", 3, 2)}, out: graph.Shape{6, 2}},
		{layer: "{type: upsample1d, size: 3, method: linear}", in: []Input{floats("x", 3, 2)}, out: graph.Shape{9, 2}},
	},
	"upsample2d": {
		{layer: "upsample2d", in: []Input{floats("x", 3, 2, 2)}, out: graph.Shape{6, 4, 2}},
		{layer: "{type: upsample2d, size: [1, 3], method: bilinear}", in: []Input{floats("x", 2, 3, 2)}, out: graph.Shape{2, 9, 2}},
	},
	"sequence_last": {
		{layer: "sequence_last", in: []Input{floats("x", 3, 2)}, out: graph.Shape{2}},
		{layer: "sequence_last", in: []Input{sequences("x", 3, 2, 2)}, out: graph.Shape{2, 2}},
	},
	"attention_pool": {
		{layer: "attention_pool", in: []Input{floats("x", 3, 2)}, out: graph.Shape{2}, trained: 4 + 2 + 2},
		{layer: "{type: attention_pool, units: 3}", in: []Input{sequences("x", 4, 2)}, out: graph.Shape{2}, trained: 6 + 3 + 3},
	},
}
