package layers

import (
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
)

// TestLengthsGoOn: what layers make of sequences of different lengths knows them still, or needs them no more, or is
// refused.
func TestLengthsGoOn(t *testing.T) {
	for text, want := range map[string]string{
		"[{type: dense, units: 3}]":                                                   "kept",
		"[{type: activation, function: tanh}]":                                        "kept",
		"[{type: dropout, rate: 0.5}]":                                                "kept",
		"[layer_norm]":                                                                "kept",
		"[{type: lstm, units: 3, sequences: true}]":                                   "kept",
		"[{type: lstm, units: 3}]":                                                    "dropped",
		"[sequence_last]":                                                             "dropped",
		"[attention_pool]":                                                            "dropped",
		"[{type: pool_sequence, method: max}]":                                        "dropped",
		"[positions]":                                                                 "kept",
		"[{type: transformer_encoder, heads: 2}]":                                     "kept",
		"[{type: attention, inputs: [whole, x]}]":                                     "dropped",
		"[{type: attention, inputs: [x, other]}]":                                     "kept",
		"[flatten]":                                                                   "dropped",
		"[{type: reshape, shape: [5, 2, -1]}]":                                        "kept",
		"[{type: reshape, shape: [-1]}]":                                              "dropped",
		"[{type: repeat, times: 2, layers: [{type: dense, units: 4}]}]":               "kept",
		"[{type: residual, layers: [{type: dense, units: 4}]}]":                       "kept",
		"[{type: add, inputs: [x, whole]}]":                                           "kept",
		"[{type: add, inputs: [whole, x]}]":                                           "kept",
		"[{type: multiply, inputs: [x, x]}]":                                          "kept",
		"[{type: concat, inputs: [whole, x]}]":                                        "kept",
		"[{type: concat, inputs: [whole, whole], axis: 0}]":                           "dropped",
		"[{type: add, inputs: [x, other]}]":                                           "layers[0]: its inputs are sequences of different lengths, row by row",
		"[{type: concat, inputs: [x, other]}]":                                        "layers[0]: its inputs are sequences of different lengths, row by row",
		"[{type: concat, inputs: [whole, x], axis: 0}]":                               "layers[0].axis: sequences of different lengths cannot be joined along their steps",
		"[{type: dense, units: 3, inputs: [numbers]}]":                                "layers[0]: its input is a sequence of numbers, different in length from row to row",
		"[{type: reshape, shape: [-1, 1], inputs: [numbers]}, {type: gru, units: 2}]": "dropped",
		"[{type: embedding, size: 2, inputs: [words]}]":                               "kept",
		"[{type: embedding, size: 2, inputs: [words]}, {type: rnn, units: 2}]":        "dropped",
		"[{type: flatten, inputs: [numbers]}, {type: reshape, shape: [-1, 1]}, {type: rnn, units: 2, sequences: true}]": "kept",
		"[{type: sequence_last, inputs: [numbers]}]": "layers[0]: takes sequences, rows of shape [steps, features], its input has rows of shape [5]; a reshape layer",
	} {
		words := indices("words", 9, 5)
		words.Lengths = "lengths.words"
		in := []Input{sequences("x", 5, 4), sequences("other", 5, 4), floats("whole", 5, 4), sequences("numbers", 5), words}
		if !strings.Contains(text, "inputs") {
			in = in[:1]
		}
		n := build(t, "layers: "+text, true, Spec{Inputs: in})
		got := "kept"
		switch {
		case n.err != nil:
			got = strings.Join(n.lines(), "\n")
		case n.out.Lengths == nil:
			got = "dropped"
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestPaddingIsNotSeen: layers that make one vector of a sequence do not see what lies beyond its end.
func TestPaddingIsNotSeen(t *testing.T) {
	for _, layer := range []string{"sequence_last", "attention_pool", "flatten", "{type: reshape, shape: [2, 5]}", "{type: dense, units: 3}, attention_pool",
		"pool_sequence", "{type: pool_sequence, method: max}", "{type: pool_sequence, method: first}", "{type: pool_sequence, method: last}",
		"{type: pool_sequence, method: attention}"} {
		n := buildRows(t, "layers: ["+layer+"]", 3, false, Spec{Inputs: []Input{sequences("x", 5, 2)}})
		if n.err != nil {
			t.Fatal(n.err)
		}
		lengths := []int32{5, 2, 0}
		g, err := n.b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		feeds := feedsOf(g, 0)
		feeds["lengths.x"] = graph.Ref{I: lengths}
		run := func(beyond float64) []float64 {
			for row, length := range lengths {
				for i := 2 * int(length); i < 10; i++ {
					feeds["input.x"].F[10*row+i] = beyond
				}
			}
			return exec.Evaluate(g, feeds)[n.out.Value].F
		}
		one, other := run(3), run(-7)
		for i := range one {
			if one[i] != other[i] {
				t.Fatalf("%s: element %d is %v or %v, depending on the padding", layer, i, one[i], other[i])
			}
			if each := len(one) / 3; strings.Contains(layer, "pool_sequence") && i >= 2*each && one[i] != 0 {
				t.Fatalf("%s: element %d of a row without steps is %v, want 0", layer, i-2*each, one[i])
			}
		}
	}
}

// TestPoolSequenceIsTheOthers: its methods are the layers that do nothing else.
func TestPoolSequenceIsTheOthers(t *testing.T) {
	in := []Input{sequences("x", 5, 2)}
	for method, layer := range map[string]string{"mean": "global_avg_pool1d", "max": "global_max_pool1d", "last": "sequence_last", "attention": "attention_pool"} {
		n := build(t, "layers: [{type: pool_sequence, name: p, method: "+method+", inputs: [x]}, {type: "+layer+", name: q, inputs: [x]}, {type: concat, inputs: [p, q]}]", false, Spec{Inputs: in})
		g, err := n.b.Finish()
		if n.err != nil || err != nil {
			t.Fatal(n.err, err)
		}
		feeds := feedsOf(g, 6)
		if w := feeds["weights"].F; w != nil {
			copy(w[len(w)/2:], w[:len(w)/2])
		}
		got := exec.Evaluate(g, feeds)[n.out.Value].F
		for row := range 4 {
			near(t, method, got[4*row:4*row+2], got[4*row+2:4*row+4])
		}
	}
	n := buildRows(t, "layers: [{type: pool_sequence, method: first}]", 2, false, Spec{Inputs: []Input{sequences("x", 2, 2)}})
	g, err := n.b.Finish()
	if n.err != nil || err != nil {
		t.Fatal(n.err, err)
	}
	feeds := map[string]graph.Ref{"lengths.x": {I: []int32{2, 0}}, "input.x": {F: []float64{1, 2, 3, 4, 5, 6, 7, 8}}}
	near(t, "first", exec.Evaluate(g, feeds)[n.out.Value].F, []float64{1, 2, 0, 0})
}

func TestSequenceLastAndAttention(t *testing.T) {
	n := buildRows(t, "layers: [sequence_last]", 3, false, Spec{Inputs: []Input{sequences("x", 3, 2)}})
	g, err := n.b.Finish()
	if n.err != nil || err != nil {
		t.Fatal(n.err, err)
	}
	feeds := map[string]graph.Ref{"lengths.x": {I: []int32{2, 0, 3}}, "input.x": {F: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9}}}
	near(t, "last", exec.Evaluate(g, feeds)[n.out.Value].F, []float64{3, 4, 0, 0, 8, 9})

	n = buildRows(t, "layers: [{type: attention_pool, weight_init: zeros}]", 2, false, Spec{Inputs: []Input{sequences("x", 3, 2)}})
	g, err = n.b.Finish()
	if n.err != nil || err != nil {
		t.Fatal(n.err, err)
	}
	feeds["lengths.x"] = graph.Ref{I: []int32{2, 3}} // of equal weight, as long as all weights are zero
	feeds["weights"] = graph.Ref{F: make([]float64, n.b.Weights().Value.Shape[0])}
	feeds["input.x"] = graph.Ref{F: feeds["input.x"].F[:12]}
	near(t, "mean", exec.Evaluate(g, feeds)[n.out.Value].F, []float64{2, 3, 6, 4})
}
