package layers

import (
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
)

func TestPatches(t *testing.T) {
	n := buildRows(t, "layers: [{type: patches, size: [2, 1]}]", 1, false, Spec{Inputs: []Input{floats("x", 4, 2, 2)}})
	g, err := n.b.Finish()
	if n.err != nil || err != nil {
		t.Fatal(n.err, err)
	}
	image := []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} // of each line, two pixels of two channels
	got := exec.Evaluate(g, map[string]graph.Ref{"input.x": {F: image}})[n.out.Value].F
	near(t, "patches", got, []float64{0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15})
}

func TestPatchMistakes(t *testing.T) {
	for layers, want := range map[string]string{
		"{type: patches, size: 3}":          "layers[0].size: patches of 3 do not divide an image of 4x6",
		"{type: patches, size: [2, 4]}":     "layers[0].size: patches of 2x4 do not divide an image of 4x6",
		"{type: patches, size: [2, 2, 2]}":  "layers[0].size: has 3 numbers",
		"{type: patches, size: 0}":          "layers[0].size: 0 is out of range",
		"{type: patches}":                   "layers[0]: size is missing",
		"flatten, {type: patches, size: 2}": "layers[1]: takes",
	} {
		if got := build(t, "layers: ["+layers+"]", true, Spec{Inputs: []Input{floats("x", 4, 6, 1)}}).lines(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", layers, got, want)
		}
	}
}

// A small vision transformer is a list of layers.
func TestVisionTransformerSteps(t *testing.T) {
	n := build(t, "layers: [{type: patches, size: 2}, {type: dense, units: 5}, {type: positions, kind: learned}, {type: transformer_encoder, heads: 5, norm: before}, layer_norm, pool_sequence]", true, Spec{Inputs: []Input{floats("x", 4, 6, 3)}})
	if n.err != nil || !n.out.Shape().Equal(graph.Shape{5}) || !n.params()["positions_1.positions"].Shape.Equal(graph.Shape{6, 5}) {
		t.Error(n.out.Shape(), n.err)
	}
}
