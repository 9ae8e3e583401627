package model_test

import (
	"strings"
	"testing"

	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// TestLargestLayerIsBlamed: a net that no memory holds is told at the layer that has most of it.
func TestLargestLayerIsBlamed(t *testing.T) {
	doc, err := spec.Parse("s.yaml", []byte(`
dataset: {format: synthetic, generator: moons, rows: 20}
layers:
  - {type: dense, units: 90000000}
  - {type: residual, layers: [{type: dense, units: 7}, {type: dense, units: 90000000}]}
  - {type: repeat, times: 2, layers: [{type: dense, units: 90000000}]}
  - {type: dense, units: classes}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = model.Open(doc)
	const want = "layers[2].layers[0]: has 8.1e+15 of the net's 1.62e+16 parameters, weight [90000000x90000000] among them; with their gradient they need "
	if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "\n") > 0 {
		t.Errorf("%v, want %s", err, want)
	}
}
