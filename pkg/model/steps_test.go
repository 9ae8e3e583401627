package model

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
)

const taggingSpec = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: {column: parts, type: tags, separator: ""}
layers:
  - {type: embedding, size: 5}
  - {type: lstm, units: 6, bidirectional: true, sequences: true}
  - {type: conv1d, filters: 7, kernel: 3, padding: same, activation: relu}
  - {type: dense, units: classes}
metrics: [accuracy, f1, precision, recall, confusion_matrix, sequence_accuracy]
train: {batch_size: 4}
`

const wordRows = "word,parts,w\nwalking,sssseee,1\nas,ss,2\nhouses,ssssee,0.5\ni,s,3\nrun,sss,1\n"

// openText opens a spec beside a table.
func openText(t *testing.T, text, rows string, set ...string) (*Job, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "words.csv"), []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	for i := range set {
		text = strings.ReplaceAll(text, strings.Split(set[i], " => ")[0], strings.Split(set[i], " => ")[1])
	}
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return Open(doc)
}

func mustOpen(t *testing.T, text, rows string, set ...string) *Job {
	t.Helper()
	j, err := openText(t, text, rows, set...)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// A step's answer does not depend on the padding behind its row, to the bit.
func TestStepsArePaddedWithoutTrace(t *testing.T) {
	j := mustOpen(t, taggingSpec, wordRows)
	state, pool := exec.NewState(), parallel.New(2)
	defer pool.Close()
	r := NewRunner(&j.Network, state, pool, false)
	answers := func(rows ...int) (list [][]float32) {
		if err := j.Data.Train.Fill(r.Batch(), rows); err != nil {
			t.Fatal(err)
		}
		out, err := r.Run()
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			from, to := r.Predictions(0, i)
			list = append(list, slices.Clone(out[0].Prediction[2*from:2*to]))
		}
		return list
	}
	together := answers(0, 1, 2, 3, 4)
	for row := range together {
		if alone := answers(row)[0]; !slices.Equal(alone, together[row]) || len(alone) == 0 {
			t.Errorf("row %d: alone %v, in a batch %v", row, alone, together[row])
		}
	}
}

// The loss is the mean over all steps within the rows' lengths, each with the weight of its row; metrics likewise.
func TestLossOfSteps(t *testing.T) {
	j := mustOpen(t, taggingSpec, wordRows, "  target: =>   weight: w\n  target:")
	state, pool := exec.NewState(), parallel.New(2)
	defer pool.Close()
	r := NewRunner(&j.Network, state, pool, true)
	var last metrics.Batch
	s, err := ScorePart(r, j.Data.Train, func(_ int, b metrics.Batch) { last = b })
	if err != nil {
		t.Fatal(err)
	}
	sum, mass, right := 0.0, 0.0, 0.0
	for i, class := range last.Class {
		sum += -last.Weight[i] * math.Log(last.Pred[2*i+class])
		if mass += last.Weight[i]; last.Pred[2*i+class] > last.Pred[2*i+1-class] {
			right += last.Weight[i]
		}
	}
	if s.Rows != 5 || s.Heads[0].Steps != 19 || len(last.Class) != 19 || mass != 7+2*2+6*0.5+3+3 {
		t.Errorf("%d rows, %d steps, %d classes, weight %v", s.Rows, s.Heads[0].Steps, len(last.Class), mass)
	}
	if math.Abs(s.Loss-sum/mass) > 1e-6 || math.Abs(s.Get("accuracy")-right/mass) > 1e-12 {
		t.Errorf("loss %v, want %v; accuracy %v, want %v", s.Loss, sum/mass, s.Get("accuracy"), right/mass)
	}
	if math.IsNaN(s.Get("sequence_accuracy")) || !slices.Equal(last.Steps, []int{7, 2, 6, 1, 3}) {
		t.Errorf("sequences %v, %v", last.Steps, s.Get("sequence_accuracy"))
	}
}

func TestStepMistakes(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"sequences: true => sequences: false", "layers[2]"}, // conv1d wants steps
		{"- {type: conv1d, filters: 7, kernel: 3, padding: same, activation: relu} => - global_max_pool1d", "needs an answer for each step, the target parts has 2 classes; the last layer gives one for the whole row, [2]"},
		{`{column: parts, type: tags, separator: ""} => {column: parts, type: category}`, "layers[1].sequences: keeps all steps, and the net ends with [7x5], an answer for each"},
		{"padding: same => padding: valid", "of a sequence of 7 steps the last layer gives [5x2]"},
		{"units: classes => units: 3", "needs one output per class for each step: the last layer gives [7x3]"},
		{"metrics: [accuracy, => metrics: [r2,", "r2 needs a number"},
		{`{column: parts, type: tags, separator: ""} => {column: parts, type: tags, separator: " "}`, "has 1 tag, and word has 7 tokens"},
	} {
		_, err := openText(t, taggingSpec, wordRows, c.set)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n got  %v\n want %s", c.set, err, c.want)
		}
	}
}

// A mistake that keeps the sequence from being known says nothing else of the target.
func TestStepsOfAnInputThatIsNotKnown(t *testing.T) {
	for _, set := range []string{"column: word => column: wrod", "type: tags => type: tags, input: wrod"} {
		_, err := openText(t, taggingSpec, wordRows, set)
		if err == nil || !strings.Contains(err.Error(), "wrod") || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s: %v", set, err)
		}
	}
}

// Layers that halve the steps and double them again fit the longest sequence, and not every other.
func TestStepsThatDoNotComeBack(t *testing.T) {
	j := mustOpen(t, taggingSpec, "word,parts,w\nabcdefghabcdefgh,sessesseesssssss,1\n", "kernel: 3, padding: same => kernel: 3, padding: same, stride: 2", "  - {type: dense, => \n  - {type: upsample1d, size: 2}\n  - {type: dense,")
	if _, err := j.PredictGraph(Extent{Rows: 1, Steps: [MaxSequences]int{6}}); err != nil {
		t.Error(err)
	}
	if _, err := j.PredictGraph(Extent{Rows: 1, Steps: [MaxSequences]int{5}}); err == nil || !strings.Contains(err.Error(), "of a sequence of 5 steps the last layer gives [6x2]") {
		t.Errorf("got %v", err)
	}
}

// Numbers and labels for each step.
func TestStepsOfOtherKinds(t *testing.T) {
	numbers := "word,parts,w\nabc,1 2 4,1\nb,2,1\n"
	labels := "word,parts,w\nabc,yes no yes,1\nb,no,1\n"
	other := []string{"units: classes => units: targets", "[accuracy, f1, precision, recall, confusion_matrix, sequence_accuracy] => []"}
	for each, rows := range map[string]string{"{type: number, normalize: zscore}": numbers, "binary": labels} {
		j := mustOpen(t, taggingSpec, rows, append(other, `separator: ""} => each: `+each+"}")...)
		state, pool := exec.NewState(), parallel.New(1)
		s, err := ScorePart(NewRunner(&j.Network, state, pool, true), j.Data.Train, nil)
		if err != nil || s.Heads[0].Steps != 4 || math.IsNaN(s.Loss) || len(s.Heads[0].Metrics) == 0 || math.IsNaN(s.Heads[0].Metrics[0].Result.Value) {
			t.Errorf("%s: %+v, %v", each, s, err)
		}
		if _, err := j.TrainGraph(Rows(2), Alone); err != nil {
			t.Errorf("%s: %v", each, err)
		}
		pool.Close()
	}
}

// Rows that all have the same number of steps need no lengths.
func TestStepsOfEvenSeries(t *testing.T) {
	j := mustOpen(t, `
dataset:
  train: words.csv
  weight: w
  inputs: [{column: s, type: series}]
  target: {column: y, type: tags, each: number}
layers: [{type: gru, units: 3, sequences: true}, {type: dense, units: targets}]
train: {batch_size: 2}
`, "s,y,w\n1 2 3,4 5 6,1\n3 2 1,6 5 4,3\n")
	state, pool := exec.NewState(), parallel.New(1)
	defer pool.Close()
	var last metrics.Batch
	s, err := ScorePart(NewRunner(&j.Network, state, pool, true), j.Data.Train, func(_ int, b metrics.Batch) { last = b })
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i := range last.Pred {
		sum += last.Weight[i] * (last.Pred[i] - last.Truth[i]) * (last.Pred[i] - last.Truth[i])
	}
	if len(last.Pred) != 6 || math.Abs(s.Loss-sum/12) > 1e-5 {
		t.Errorf("%d answers, loss %v, want %v", len(last.Pred), s.Loss, sum/12)
	}
}
