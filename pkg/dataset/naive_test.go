package dataset_test

import (
	"fmt"
	"testing"

	"dnn/pkg/dataset/datasettest"
)

func TestNaive(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "v\n1\n2\n4\n8\n16\n\"\"\n64\n128\n256\n512\n1024\n2048\n"})
	d := datasettest.MustLoad(t, dir, "{path: d.csv, inputs: [{column: v, window: 2, type: series}], target: {column: v, horizon: 3, season: 2, normalize: log1p}, split: {test: 4, validation: 0}}")
	got := make([]float64, 6)
	if !d.Test.Naive(0, 1, got) || fmt.Sprint(got) != "[128 128 128 256 256 256]" {
		t.Error(got)
	}
	// The values of one season before; where that is a gap or not yet known, of another season before.
	if d.Test.Naive(0, 2, got); fmt.Sprint(got) != "[64 128 64 128 256 128]" {
		t.Error(got)
	}
	learned := d.WithNaiveErrors([]int{1, 2, 20}).Schema.Heads[0]
	// Training split: 1 2 4 8 16 gap 64 128, one step apart 1 2 4 8 64, two steps 3 6 12 48.
	if got := fmt.Sprint(learned.Training.NaiveErrors); got != "map[1:[15.8 15.8 15.8] 2:[17.25 17.25 17.25] 20:[0 0 0]]" {
		t.Error(got)
	}
	if d.Schema.Heads[0].Training.NaiveErrors != nil {
		t.Error("the data that was there before has errors now")
	}
}
