package infer

import (
	"math"
	"slices"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// A step's prediction does not depend on the padding behind its row, to the bit.
func TestStepsArePaddedWithoutTrace(t *testing.T) {
	j := mustOpen(t, taggingSpec, wordRows)
	state, pool := exec.NewState(), parallel.New(2)
	defer pool.Close()
	r := NewRunner(&j.Network, state, pool, false)
	predictions := func(rows ...int) (list [][]float32) {
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
	together := predictions(0, 1, 2, 3, 4)
	for row := range together {
		if alone := predictions(row)[0]; !slices.Equal(alone, together[row]) || len(alone) == 0 {
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
		if _, err := j.TrainGraph(model.Rows(2), model.Alone); err != nil {
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
  target: {column: y, type: tags, each: {type: number, normalize: none}}
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
		sum += last.Weight[i] * (last.Pred[i] - last.Labels[i]) * (last.Pred[i] - last.Labels[i])
	}
	if len(last.Pred) != 6 || math.Abs(s.Loss-sum/12) > 1e-5 {
		t.Errorf("%d predictions, loss %v, want %v", len(last.Pred), s.Loss, sum/12)
	}
}
