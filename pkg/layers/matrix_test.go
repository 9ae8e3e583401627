package layers

import (
	"strings"
	"testing"
)

// TestTiedTables: a layer that uses the matrix of another has none of its own, wherever both stand.
func TestTiedTables(t *testing.T) {
	in := []Input{indices("w", 9, 4), indices("v", 9, 5), floats("x", 6)}
	for text, want := range map[string]int{
		"[{type: embedding, name: e, size: 3, inputs: [w]}, {type: dense, units: 9, weights: e}]": 27 + 9,
		"[{type: embedding, name: f, size: 3, inputs: [v], weights: e}, flatten, {type: dense, name: d, units: 2}, {type: embedding, name: e, size: 3, inputs: [w]}, flatten, {type: dense, units: 2, name: h}, {type: add, inputs: [d, h]}]": 27 + 32 + 26,
		"[{type: dense, name: d, units: 9, inputs: [x]}, {type: dense, units: 6, bias: false}, {type: dense, units: 9, weights: d, bias: false}]":                                                                                             54 + 9 + 54,
		"[{type: embedding, name: e, size: 3, inputs: [w]}, {type: repeat, times: 2, layers: [{type: dense, units: 9, weights: e, bias: false}, {type: dense, units: 3, bias: false}]}]":                                                      27 + 2*27,
		"[{type: embedding, name: e, size: 3, inputs: [w], trainable: false}, {type: dense, units: 9, weights: e, bias: false}, {type: dense, units: 1, bias: false}]":                                                                        9,
	} {
		n := build(t, "layers: "+text, true, Spec{Inputs: in})
		if n.err != nil {
			t.Errorf("%s: %v", text, n.err)
			continue
		}
		got := 0
		for _, p := range n.b.Weights().Params {
			got += p.Shape.Size()
		}
		if got != want {
			t.Errorf("%s has %d trained numbers, want %d", text, got, want)
		}
	}
}

func TestTiedMistakes(t *testing.T) {
	in := []Input{indices("w", 9, 4), floats("x", 6)}
	const e = "{type: embedding, name: embed, size: 3, inputs: [w]}, "
	for layers, want := range map[string]string{
		e + "{type: dense, units: 9, weights: embd}":                                                    `layers[1].weights: no layer is called "embd" (did you mean embed?)`,
		e + "{type: dense, units: 9, weights: x}":                                                       `layers[1].weights: no layer is called "x"`,
		e + "{type: dense, units: 8, weights: embed}":                                                   "layers[1].weights: the matrix of embed is [9x3], and this layer needs one of [8x3]",
		e + "{type: dropout, rate: 0.1, name: d}, {type: dense, units: 9, weights: d}":                  "layers[2].weights: d has no matrix to use; embedding layers have one, and dense layers without a rank",
		"{type: embedding, name: embed, size: 3, weights: embed, inputs: [w]}":                          "layers[0].weights: is the name of the layer itself",
		"{type: embedding, name: embed, size: 0, inputs: [w]}, {type: dense, units: 9, weights: embed}": "layers[0].size: 0 is out of range",
	} {
		if got := build(t, "layers: ["+layers+"]", true, Spec{Inputs: in}).lines(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", layers, got, want)
		}
	}
}

// TestTiedOnlyTakes: naming a layer for its matrix does not feed anything with its output.
func TestTiedOnlyTakes(t *testing.T) {
	text := "layers: [{type: embedding, name: e, size: 3, inputs: [w]}, {type: embedding, size: 3, inputs: [w], weights: e}]"
	got := build(t, text, true, Spec{Inputs: []Input{indices("w", 9, 4)}}).lines()
	if len(got) != 1 || !strings.HasPrefix(got[0], "layers[0]: nothing takes its output") {
		t.Errorf("got %q", got)
	}
}

// TestFirstValues: embeddings begin small, with positions or without.
func TestFirstValues(t *testing.T) {
	for text, want := range map[string]float64{
		"{type: embedding, size: 300}": 0.1, "{type: embedding, size: 300, positions: sinusoidal}": 0.1,
		"{type: embedding, size: 300, positions: learned, init: {type: normal, std: 0.5}}": 0.5,
	} {
		n := build(t, "layers: ["+text+"]", true, Spec{Inputs: []Input{indices("w", 400, 4)}})
		p := n.params()["embedding_1.table"]
		values := make([]float32, p.Shape.Size())
		p.Init(values)
		sum := 0.0
		for _, v := range values {
			sum += float64(v) * float64(v)
		}
		if got := sum / float64(len(values)); got < 0.97*want*want || got > 1.03*want*want {
			t.Errorf("%s: variance %v, want %v", text, got, want*want)
		}
	}
}
