package model

import (
	"strings"
	"testing"
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

// The states that batches carry have a row for each row that a batch can have, however many the spec asks for.
func TestCarriedStatesAreOfTheRowsThereAre(t *testing.T) {
	j := mustOpen(t, strings.ReplaceAll(statefulSpec, "KIND", "lstm"), wordRows, "batch_size: 2 => batch_size: 1000000000, stateful: true")
	g, err := j.TrainGraph(j.ChunkShape(j.Data.Train.Rows()), Alone)
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
		{"type: KIND, => type: gru, bidirectional: true,", "layers[1].bidirectional: train.stateful goes through sequences in chunks"},
		{"{type: KIND, units: 6, layers: 2, sequences: true} => {type: dense, units: 6}", "train.stateful: no layer is recurrent"},
		{`type: tags, separator: ""} => type: category}`, "train.stateful: is for targets with a label for each step"},
		{"stateful: true => unroll: 3", "train.unroll: is for stateful: true"},
	} {
		_, err := openText(t, strings.ReplaceAll(statefulSpec, "batch_size: 2", "batch_size: 2, stateful: true"), wordRows, c.set, "KIND => gru")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n got  %v\n want %s", c.set, err, c.want)
		}
	}
}
