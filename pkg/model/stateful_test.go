package model

import (
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
)

const statefulSpec = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: {column: parts, type: tags, separator: ""}
layers:
  - {type: embedding, size: 5}
  - {type: KIND, units: 6, layers: 2, sequences: true}
  - {type: dense, units: classes}
train: {batch_size: 2}
`

// Sequences in stretches are scored and predicted as in one piece, to the bit, however long the stretches are, also those
// that end before others do.
func TestStretchesAreOneSequence(t *testing.T) {
	for _, kind := range []string{"rnn", "lstm", "gru"} {
		predict := func(set ...string) []float32 {
			j := mustOpen(t, strings.ReplaceAll(statefulSpec, "KIND", kind), wordRows, set...)
			pool := parallel.New(2)
			defer pool.Close()
			r := NewRunner(&j.Network, exec.NewState(), pool, true)
			var all []float32
			for range 2 { // the second time begins anew too
				if err := j.Data.Train.Fill(r.Batch(), []int{0, 1, 2, 3, 4}); err != nil {
					t.Fatal(err)
				}
				out, err := r.Run()
				if err != nil || out[0].Weight != 19 || math.IsNaN(out[0].Loss) {
					t.Fatal(err, out)
				}
				for i := range 5 {
					from, to := r.Predictions(0, i)
					all = append(all, out[0].Prediction[2*from:2*to]...)
				}
			}
			return all
		}
		whole := predict()
		for _, unroll := range []string{"1", "2", "3", "6", "7", "50"} {
			if got := predict("batch_size: 2 => batch_size: 2, stateful: true, unroll: " + unroll); !slices.Equal(got, whole) {
				t.Errorf("%s in stretches of %s: %v, in one piece %v", kind, unroll, got[:6], whole[:6])
			}
		}
	}
}

// The states that batches carry have a row for each row that a batch can have, however many the spec asks for.
func TestCarriedStatesAreOfTheRowsThereAre(t *testing.T) {
	j := mustOpen(t, strings.ReplaceAll(statefulSpec, "KIND", "lstm"), wordRows, "batch_size: 2 => batch_size: 1000000000, stateful: true")
	g, err := j.TrainGraph(j.Stretch(j.Data.Train.Rows()), Alone)
	if err != nil {
		t.Fatal(err)
	}
	carried := 0
	for _, v := range g.Vars {
		if strings.HasPrefix(v.Name, carriedInTraining) {
			if carried++; v.Value.Shape[0] != j.Data.Train.Rows() {
				t.Errorf("%s has shape %v for %d rows", v.Name, v.Value.Shape, j.Data.Train.Rows())
			}
		}
	}
	if carried != 4 {
		t.Errorf("%d carried states, want 4", carried)
	}
}

func TestStatefulMistakes(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"type: KIND, => type: gru, bidirectional: true,", "layers[1].bidirectional: train.stateful goes through sequences in stretches"},
		{"{type: KIND, units: 6, layers: 2, sequences: true} => {type: dense, units: 6}", "train.stateful: no layer is recurrent"},
		{`type: tags, separator: ""} => type: category}`, "train.stateful: is for targets with an answer for each step"},
		{"stateful: true => unroll: 3", "train.unroll: is for stateful: true"},
	} {
		_, err := openText(t, strings.ReplaceAll(statefulSpec, "batch_size: 2", "batch_size: 2, stateful: true"), wordRows, c.set, "KIND => gru")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n got  %v\n want %s", c.set, err, c.want)
		}
	}
}
