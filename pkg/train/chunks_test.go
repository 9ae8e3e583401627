package train

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/infer"
)

// stateful is a spec whose sequences are cut into chunks: seven rows of 1 to 19 steps in batches of three.
func stateful(t *testing.T) string {
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("text,tags\n")
	for i, n := range []int{5, 19, 1, 8, 12, 3, 9} {
		text, tags := make([]byte, n), make([]byte, n)
		for k := range n {
			text[k], tags[k] = "abc"[(i*7+k*k)%3], "xy"[(i+k*k/2)%2]
		}
		fmt.Fprintf(&b, "%s,%s\n", text, tags)
	}
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return `
name: stateful
seed: 4
dataset:
  train: ` + dir + `/d.csv
  validation: ` + dir + `/d.csv
  inputs: [{column: text, type: text, tokenizer: char}]
  target: {column: tags, type: tags, separator: ""}
layers:
  - {type: embedding, size: 4}
  - {type: lstm, units: 5, sequences: true}
  - {type: gru, units: 6, sequences: true, recurrent_dropout: 0.2}
  - {type: dense, units: classes}
optimizer: {type: adam, learning_rate: 0.01}
train: {epochs: 3, batch_size: 3, stateful: true, unroll: 4, validate_every: 3}
`
}

// Every epoch has the same number of steps, and goes through each sequence from its beginning.
func TestChunks(t *testing.T) {
	tr := run(t, open(t, stateful(t)), t.TempDir(), 2, 0)
	if got := tr.batches.count(); got != 2+3+5 { // the longest of the batches have 5 and 12 steps, and the last row 19
		t.Fatalf("%d steps an epoch", got)
	}
	for epoch := range 3 {
		tr.batches.chunks.begin(true, 4, uint64(epoch), 4)
		seen := map[int]int{}
		for i, s := range tr.batches.chunks.steps {
			if s.from > 0 && (!slices.Equal(tr.batches.chunks.steps[i-1].rows, s.rows) || tr.batches.chunks.steps[i-1].from != s.from-4) {
				t.Errorf("epoch %d: step %d continues at %d after %+v", epoch, i, s.from, tr.batches.chunks.steps[i-1])
			}
			for _, row := range s.rows {
				seen[row]++
			}
		}
		if len(seen) != 7 || seen[1] != 5 {
			t.Errorf("epoch %d: rows are seen %v times", epoch, seen)
		}
	}
}

// A stateful training that was stopped anywhere, also within a sequence, ends in the same bits.
func TestStatefulTrainingIsResumed(t *testing.T) {
	text := stateful(t)
	want := weightBits(run(t, open(t, text), t.TempDir(), 2, 0))
	for _, stop := range []int{1, 4, 10, 13, 25} {
		dir := t.TempDir()
		run(t, open(t, text), dir, 2, stop)
		if got := weightBits(run(t, open(t, text), dir, 1, 0)); !slices.Equal(got, want) {
			t.Errorf("stopped after %d updates and resumed: other bits", stop)
		}
	}
	if text = strings.Replace(text, "unroll: 4", "unroll: 5", 1); slices.Equal(weightBits(run(t, open(t, text), t.TempDir(), 1, 0)), want) {
		t.Error("the length of the chunks changes nothing")
	}
}

// So does one whose batches ask for more rows than there are.
func TestStatefulTrainingOfAllRowsIsResumed(t *testing.T) {
	sets := []string{"train.batch_size=1000000000", "train.validate_every=1"}
	want := weightBits(run(t, open(t, stateful(t), sets...), t.TempDir(), 2, 0))
	dir, text := t.TempDir(), stateful(t)
	run(t, open(t, text, sets...), dir, 2, 7)
	if got := weightBits(run(t, open(t, text, sets...), dir, 1, 0)); !slices.Equal(got, want) {
		t.Error("stopped after 7 updates and resumed: other bits")
	}
}

// With weights that stay as they are, the steps of an epoch together have the loss of whole sequences: training begins each
// chunk in the state in which the one before ended.
func TestChunksContinueEachOther(t *testing.T) {
	job := open(t, stateful(t), "optimizer={type: sgd, learning_rate: 1e-30}", "train.epochs=1", "layers.2.recurrent_dropout=0")
	tr := run(t, job, t.TempDir(), 1, 0)
	scores, err := infer.ScorePart(tr.runner, job.Data.Train, nil)
	if err != nil || math.Abs(tr.pos.LossSum/tr.pos.LossWeight-scores.Loss) > 1e-6 || tr.pos.LossWeight != 57 {
		t.Errorf("training has the loss %v of %v steps, scoring %v (%v)", tr.pos.LossSum/tr.pos.LossWeight, tr.pos.LossWeight, scores, err)
	}
}

// A single series, whose rows all have the same number of steps, is cut too.
func TestStatefulSeries(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte("s,y\n1 2 3 4 5 6 7,2 3 4 5 6 7 8\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	tr := run(t, open(t, `
dataset: {train: `+dir+`/d.csv, inputs: [{column: s, type: series}], target: {column: y, type: tags, each: {type: number, normalize: zscore}}}
layers: [{type: gru, units: 3, sequences: true}, {type: dense, units: targets}]
train: {epochs: 2, stateful: true, unroll: 3}
`), dir, 1, 0)
	if tr.pos.Step != 6 {
		t.Errorf("%d steps", tr.pos.Step)
	}
	if _, err := tr.Finish(t.Context(), nil, nil); err != nil {
		t.Error(err)
	}
}
