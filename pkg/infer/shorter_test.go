package infer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset/stream"
)

const listSpec = `
seed: 5
dataset:
  train: words.csv
  inputs: [{column: s, type: series, normalize: none}]
  target: {column: w, type: number}
layers: [LAYERS, {type: dense, units: targets}]
metrics: []
train: {batch_size: 4}
`

const evenLists = "s,w\n1 2 3 4 5,1\n2 3 1 0 2,2\n5 1 4 2 3,3\n"

// A net trained on rows of one length predicts shorter and longer ones as the same net does that was trained on several lengths.
func TestRowsShorterThanAllOthers(t *testing.T) {
	for _, layers := range []string{"{type: gru, units: 4, bidirectional: true}", "{type: conv1d, filters: 4, kernel: 4}, global_avg_pool1d", "{type: lstm, units: 3, sequences: true}, attention_pool"} {
		text := strings.Replace(listSpec, "LAYERS", layers, 1)
		even, uneven := mustOpen(t, text, evenLists), mustOpen(t, text, evenLists+"4 4,1\n")
		rows := "s\n1 2 3 4 5\n3\n1 2 3 4\n2 1 2 1 2\n5 4 3 2 1 2 3 4 5 6 7\n7 7\n"
		want, _ := predictionsOf(t, uneven, rows, 1)
		for _, atOnce := range []int{1, 2, 6} {
			if got, _ := predictionsOf(t, even, rows, atOnce); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s, %d at once:\n%v\n%v", layers, atOnce, got, want)
			}
		}
		if notes := even.LengthNotes().Texts(); !strings.Contains(notes[0], "s: rows of 5 steps; shorter and longer ones are scored") {
			t.Error(notes)
		}
	}
}

// A net that takes one length alone refuses shorter rows, and says why and what would take them.
func TestShorterRowsAreRefused(t *testing.T) {
	j := mustOpen(t, strings.Replace(listSpec, "LAYERS", "flatten", 1), evenLists)
	st, err := stream.Open(j.Schema, strings.NewReader("s\n1 2\n1 2 3 4 5\n"), "new.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Next(j.Schema.NewBatch(4), 4); err != nil {
		t.Fatal(err)
	}
	const want = "has 2 steps, and all that the net was trained on have 5: layers[1] (dense) takes sequences of one length alone"
	if errs := st.Errors(); errs[0] == nil || errs[1] != nil || !strings.Contains(errs[0].Error(), want) || !strings.Contains(errs[0].Error(), "in place of flatten") {
		t.Error(errs)
	}
	if got := j.Schema.Buckets()[0].Lengths; !slices.Equal(got, []int{5}) || j.Schema.Bucket(0, 1) != 5 {
		t.Errorf("bucket lengths %v, %d for one step", got, j.Schema.Bucket(0, 1))
	}
}
