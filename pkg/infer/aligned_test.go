package infer

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

const alignedSpec = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: keys, type: text, tokenizer: char}]
  target: {column: word, type: text, tokenizer: char}
layers:
  - {type: embedding, size: 5, init: {type: normal, std: 1}}
  - {type: gru, units: 6, bidirectional: true, sequences: true}
  - {type: conv1d, filters: 8, kernel: 3, stride: 2, padding: same}
  - {type: dense, units: vocabulary}
loss: ctc
metrics: [sequence_accuracy, character_error_rate]
train: {batch_size: 4}
`

const alignedRows = "keys,word,w\nhhhee..llll.ll.oo,hello,1\naaaa,a,2\nbb..aa.bb.,bab,0.5\nooo.ee.hhh,oeh,1\nlllllllll.aaaa.hhhhhhhhhhh.bb,lahb,3\n"

// What is read from a row's steps does not depend on the rows with it or the padding behind it, to the bit; nor does its loss.
func TestAlignedRowsAreAlike(t *testing.T) {
	j := mustOpen(t, alignedSpec, alignedRows)
	state, pool := exec.NewState(), parallel.New(2)
	defer pool.Close()
	r := NewRunner(&j.Network, state, pool, true)
	read := func(beam int, rows ...int) (list []string) {
		if err := j.Data.Train.Fill(r.Batch(), rows); err != nil {
			t.Fatal(err)
		}
		out, err := r.Run()
		if err != nil {
			t.Fatal(err)
		}
		w, err := NewWriter(&j.Network, state, pool, &model.Predict{Beam: beam, LengthPenalty: 1})
		if err != nil {
			t.Fatal(err)
		}
		places := make([]int, len(rows))
		for i := range places {
			places[i] = i
		}
		written, err := w.Write(0, r, places)
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range written {
			if want := (int(r.Batch().Lengths[0][i]) + 1) / 2 * j.Heads[0].Width; len(out[0].Aligned[i]) != want {
				t.Errorf("row %d has %d numbers, want %d", rows[i], len(out[0].Aligned[i]), want)
			}
			list = append(list, fmt.Sprint(out[0].Aligned[i], one.Text, math.Float64bits(one.Score), one.References))
		}
		return list
	}
	for _, beam := range []int{1, 4} {
		together := read(beam, 0, 1, 2, 3, 4)
		for row := range together {
			if alone := read(beam, row)[0]; alone != together[row] {
				t.Errorf("row %d: alone %s, in a batch %s", row, alone, together[row])
			}
		}
	}
}

// The loss is the mean over rows, as the data weighs them, of those of the rows; so are metrics.
func TestAlignedLoss(t *testing.T) {
	j := mustOpen(t, alignedSpec, alignedRows, "  target: =>   weight: w\n  target:")
	state, pool := exec.NewState(), parallel.New(2)
	defer pool.Close()
	r := NewRunner(&j.Network, state, pool, true)
	sum, mass := 0.0, 0.0
	for row, weight := range []float64{1, 2, 0.5, 1, 3} {
		if err := j.Data.Train.Fill(r.Batch(), []int{row}); err != nil {
			t.Fatal(err)
		}
		out, err := r.Run()
		if err != nil {
			t.Fatal(err)
		}
		sum, mass = sum+out[0].Loss, mass+out[0].Weight
		if out[0].Weight != weight {
			t.Errorf("row %d weighs %v, want %v", row, out[0].Weight, weight)
		}
	}
	calls := 0
	s, err := ScorePart(r, j.Data.Train, func(int, metrics.Batch) { calls++ })
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(s.Loss-sum/mass) > 1e-6 || s.Rows != 5 || s.Heads[0].Steps != 16 || calls != 1 || len(s.Heads[0].Written) != 5 {
		t.Errorf("scores are %+v, want a loss of %v", s, sum/mass)
	}
	few, err := Score(r, j.Data.Train, Scoring{Texts: 2})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := few.MarshalJSON(); err != nil || !strings.HasSuffix(string(text), `,"judged_texts":2}`) || few.Heads[0].Judged != 2 {
		t.Errorf("%s, %v: texts are judged for two rows", text, err)
	}
	if text, err := s.MarshalJSON(); err != nil || strings.Contains(string(text), "judged_texts") {
		t.Errorf("%s, %v: texts are judged for all rows", text, err)
	}
	if acc := s.Get("sequence_accuracy"); acc != 0 || s.Get("character_error_rate") == 0 {
		t.Errorf("a net that was not trained is right in %v", acc)
	}
}

// Nobody needs labels to predict, no layer sees them, and a token that training never saw is never written.
func TestAlignedPredictions(t *testing.T) {
	j := mustOpen(t, alignedSpec, alignedRows)
	state, pool := exec.NewState(), parallel.New(1)
	defer pool.Close()
	p := &Predictor{Net: &j.Network, runner: NewRunner(&j.Network, state, pool, false)}
	rows := 0
	err := p.Predict(strings.NewReader("keys\nhhh.ee\naa\n"), "new.csv", func(row int, heads [][]float64, err error) {
		rows++
		if err != nil || len(heads[0]) != []int{3, 1}[row]*j.Heads[0].Width {
			t.Errorf("row %d: %v, %v", row, heads, err)
		}
	})
	if err != nil || rows != 2 {
		t.Fatal(rows, err)
	}
	w, err := NewWriter(&j.Network, state, pool, nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := make([]float32, j.Heads[0].Width)
	for i := range steps {
		steps[i] = -9
	}
	steps[1], steps[2] = -0.1, -5 // unknown, and the first letter
	p.runner.heads[0].Aligned[0] = steps
	list, err := w.Write(0, p.runner, []int{0})
	if err != nil || list[0].Text != j.Heads[0].Classes[2] {
		t.Errorf("%v writes %q, %v", steps, list[0].Text, err)
	}
	if !slices.Equal(j.Heads[0].Classes[:2], []string{"<blank>", "<unknown>"}) || len(j.Heads[0].Classes) != 8 {
		t.Errorf("the classes are %q", j.Heads[0].Classes)
	}
	if _, err := openText(t, alignedSpec, alignedRows, "{type: embedding, size: 5, init: {type: normal, std: 1}} => {type: embedding, size: 5, inputs: [word]}"); err == nil {
		t.Error("a layer sees the labels")
	}
}
