package layers

import (
	"strings"
	"testing"
)

// A layer that wants steps where there are none, or other axes, is told what took them away or which kind is meant.
func TestHints(t *testing.T) {
	text := indices("text", 30, 16)
	text.Lengths = "lengths.text"
	series, image := floats("x", 24, 2), floats("x", 8, 8, 1)
	for _, c := range []struct {
		layers string
		in     Input
		want   string
	}{
		{"[{type: embedding, size: 4}, {type: conv2d, filters: 3, kernel: 3}]", text,
			"layers[1]: takes images [height, width, channels], its input is a sequence of steps and channels, [16x4]; take conv1d, which is for those"},
		{"[{type: max_pool2d, size: 2}]", series,
			"layers[0]: takes images [height, width, channels], its input is [24x2]; take max_pool1d, which is for sequences [steps, channels], or, of an image, put a reshape layer with shape: [24, 2, 1] before it"},
		{"[{type: separable_conv2d, filters: 3, kernel: 3}]", series,
			"layers[0]: takes images [height, width, channels], its input is [24x2]; take conv1d, which is for sequences [steps, channels], or, of an image, put a reshape layer with shape: [24, 2, 1] before it"},
		{"[{type: conv1d, filters: 3, kernel: 3}]", image,
			"layers[0]: takes sequences [steps, channels], its input is [8x8x1]; put a reshape layer with shape: [steps, channels] before it, or take conv2d, which is for images"},
		{"[{type: gru, units: 3}]", image,
			"layers[0]: takes sequences, rows of shape [steps, features], its input has rows of shape [8x8x1]; a reshape layer with shape: [8, 8] makes each line of an image a step"},
		{"[flatten, {type: gru, units: 3}]", series,
			"layers[1]: takes sequences, rows of shape [steps, features], its input has rows of shape [48]; layers[0] (flatten) took its steps away: leave it out, or put it behind this layer"},
		{"[{type: embedding, size: 4}, flatten, {type: dropout, rate: 0.1}, {type: lstm, units: 3}]", text,
			"layers[3]: takes sequences, rows of shape [steps, features], its input has rows of shape [64]; layers[1] (flatten) took its steps away: leave it out, or put it behind this layer"},
		{"[{type: rnn, units: 5}, {type: gru, units: 3}]", series,
			"layers[1]: takes sequences, rows of shape [steps, features], its input has rows of shape [5]; layers[0] (rnn) gives its last state alone: sequences: true there keeps the steps"},
		{"[{type: lstm, units: 5}, global_max_pool1d]", series,
			"layers[1]: takes sequences [steps, channels], its input is [5]; layers[0] (lstm) gives its last state alone: sequences: true there keeps the steps"},
		{"[{type: residual, layers: [{type: gru, units: 2, sequences: true}, {type: dense, units: 2}]}, attention_pool, {type: gru, units: 3}]", series,
			"layers[2]: takes sequences, rows of shape [steps, features], its input has rows of shape [2]; layers[1] (attention_pool) made one vector of its steps: leave it out, or put it behind this layer"},
		{"[flatten, {type: conv2d, filters: 3, kernel: 3}]", image,
			"layers[1]: takes images [height, width, channels], its input is [64]; layers[0] (flatten) took its axes away: leave it out, or put it behind this layer"},
		{"[flatten, {type: reshape, shape: [8, 8]}, {type: conv2d, filters: 3, kernel: 3}]", image,
			"layers[2]: takes images [height, width, channels], its input is [8x8]; take conv1d, which is for sequences [steps, channels], or, of an image, put a reshape layer with shape: [8, 8, 1] before it"},
		{"[{type: dense, units: 3}]", text,
			"layers[0]: its input holds tokens, whole numbers that stand for words or letters; put an embedding layer before it, which learns a vector for each"},
		{"[{type: gru, units: 3}]", text,
			"layers[0]: its input holds tokens, whole numbers that stand for words or letters; put an embedding layer before it, which learns a vector for each"},
		{"[{type: embedding, size: 3}]", series,
			"layers[0]: takes the tokens of a text (type: text) or a category with encode: index; its input holds numbers, which recurrent layers and convolutions take as they are"},
		{"[{type: embedding, size: 3}]", floats("x", 6),
			"layers[0]: takes the tokens of a text (type: text) or a category with encode: index; its input holds numbers, which a dense layer takes as they are"},
	} {
		got := build(t, "layers: "+c.layers, true, Spec{Inputs: []Input{c.in}}).lines()
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s:\n got  %q\n want %q", c.layers, got, c.want)
		}
	}
}

// The kind that is suggested for an unknown one is that of the axes of its input, unless the word says otherwise.
func TestMeantByAxes(t *testing.T) {
	series, image := floats("x", 24, 2), floats("x", 8, 8, 1)
	volume := floats("x", 4, 4, 4, 1)
	for _, c := range []struct {
		layers string
		in     Input
		want   string
	}{
		{"[maxpool]", series, "max_pool1d"},
		{"[{type: maxpool, size: 2}]", series, "max_pool1d"},
		{"[{type: conv1d, filters: 2, kernel: 3}, avgpool]", series, "avg_pool1d"},
		{"[{type: residual, layers: [conv]}]", series, "conv1d"},
		{"[maxpool]", image, "max_pool2d"},
		{"[maxpool]", volume, "max_pool3d"},
		{"[maxpool2d]", series, "max_pool2d"},
		{"[maxpool]", floats("x", 6), "max_pool2d"},
		{"[flatten, wat, maxpool]", series, "max_pool2d"},
	} {
		lines := build(t, "layers: "+c.layers, true, Spec{Inputs: []Input{c.in}}).lines()
		if got := strings.Join(lines, "\n"); !strings.Contains(got, "(did you mean "+c.want+"?)") {
			t.Errorf("%s: %s, want %s", c.layers, got, c.want)
		}
	}
}
