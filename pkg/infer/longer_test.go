package infer

import (
	"slices"
	"strings"
	"testing"
)

const classifying = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: w
layers: [{type: embedding, size: 5}, LAYERS, {type: dense, units: classes}]
metrics: []
train: {batch_size: 4}
`

const namedRows = "word,w\nwalking,a\nas,b\nhouses,a\ni,c\nrun,b\n"

// What a net takes is found out from the net.
func TestWhichNetsTakeLongerRows(t *testing.T) {
	for layers, want := range map[string]string{
		"{type: gru, units: 4}": "",
		"{type: rnn, units: 4, sequences: true, bidirectional: true}, attention_pool":                             "",
		"{type: conv1d, filters: 4, kernel: 3, stride: 2}, batch_norm, global_max_pool1d":                         "",
		"{type: repeat, times: 2, layers: [{type: dense, units: 5}]}, global_avg_pool1d":                          "",
		"{type: residual, layers: [{type: conv1d, filters: 5, kernel: 3, padding: same}]}, {type: gru, units: 3}": "",
		"positions, pool_sequence":                        "",
		"{type: positions, kind: learned}, pool_sequence": "layers[1]: its learned positions end with step 7",
		"flatten": "layers[2] (dense) takes sequences of one length alone: its weight would have another shape for others",
		"flatten, {type: dense, units: 3, trainable: false}":                     "layers[2] (dense) takes sequences of one length alone: its weight",
		"flatten, batch_norm, {type: reshape, shape: [7, 5]}, global_max_pool1d": "layers[3].shape: a row of shape [80] has 80 elements",
	} {
		j, err := openText(t, strings.Replace(classifying, "LAYERS", layers, 1), namedRows)
		if err != nil {
			t.Errorf("%s: %v", layers, err)
			continue
		}
		trained, most, why := j.Schema.Longest(0)
		if trained != 7 || (want == "") != (most > 10_000) || want != "" && (most != 7 || !strings.Contains(why, want)) {
			t.Errorf("%s: %d of %d: %s", layers, most, trained, why)
		}
	}
}

// A net of windows that leads back to the number of steps takes only lengths it can halve, and one behind flatten only one.
func TestBucketsThatTheNetTakes(t *testing.T) {
	halving := strings.NewReplacer("kernel: 3, padding: same", "kernel: 3, padding: same, stride: 2", "  - {type: dense,", "  - {type: upsample1d, size: 2}\n  - {type: dense,").Replace(taggingSpec)
	j := mustOpen(t, halving, "word,parts,w\n"+strings.Repeat("house", 4)+","+strings.Repeat("sesss", 4)+",1\nas,ss,1\n")
	if got := j.Schema.Buckets()[0].Lengths; !slices.Equal(got, []int{6, 12, 18, 20}) { // of 3, 6, 9, … 20
		t.Errorf("bucket lengths %v", got)
	}
	predictions, cut := predictionsOf(t, j, longRows(4, 1, 2, 5, 20, 21, 47, 1000, 3), 100)
	if cut.Rows > 0 || len(predictions[6]) != 2000 {
		t.Errorf("%d numbers, %+v", len(predictions[6]), cut)
	}
	j = mustOpen(t, strings.Replace(classifying, "LAYERS", "flatten", 1), namedRows)
	if got := j.Schema.Buckets()[0].Lengths; !slices.Equal(got, []int{7}) {
		t.Errorf("bucket lengths %v", got)
	}
	if got := j.Data.Train.Steps(nil, []int{1}); got[0] != 7 {
		t.Errorf("a batch of a short row has room for %d steps", got[0])
	}
}

// A split with rows that the net cuts is told when the spec is opened.
func TestPartsThatAreCutAreTold(t *testing.T) {
	for layers, want := range map[string]string{
		"flatten": "validation: rows with more than 6 steps in word, cut to that: 1 (layers[2] (dense) takes", "{type: gru, units: 3}": "",
	} {
		text := strings.Replace(strings.Replace(classifying, "LAYERS", layers, 1), "  target: w", "  target: w\n  split: {validation: 1, order: true}", 1)
		j, err := openText(t, strings.Replace(text, "train: words.csv", "path: words.csv", 1), "word,w\nas,b\nhouses,a\ni,c\nrun,b\nwalking,a\n")
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(j.Notes.Texts(), "; "); want == "" && strings.Contains(notes, "cut to") || !strings.Contains(notes, want) {
			t.Errorf("%s: %s", layers, notes)
		}
	}
}

// Where the net takes rows of one length alone, or the spec says so, they are cut, and the stream says why.
func TestRowsThatAreCut(t *testing.T) {
	for layers, want := range map[string]string{"flatten": "layers[2] (dense)", "{type: gru, units: 3}": "max_length"} {
		spec := strings.Replace(classifying, "LAYERS", layers, 1)
		if want == "max_length" {
			spec = strings.Replace(spec, "tokenizer: char", "tokenizer: char, max_length: 7", 1)
		}
		j := mustOpen(t, spec, namedRows)
		got, cut := predictionsOf(t, j, "word\nhouseshouses\nhousesh\nas\n", 9)
		if !slices.Equal(got[0], got[1]) || cut.Rows != 1 || cut.Steps != 7 || !strings.Contains(cut.Why, want) {
			t.Errorf("%s: %v, %+v", layers, got, cut)
		}
	}
}
