package explain

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

// rowOf is a row of the training split and what it is compared with.
func rowOf(t *testing.T, job *model.Job, row int) (x, baseline *dataset.Batch) {
	t.Helper()
	x, baseline = job.Schema.NewBatch(1), job.Schema.NewBatch(1)
	if err := job.Data.Train.Fill(x, []int{row}); err != nil {
		t.Fatal(err)
	}
	x.Rows = 1
	baseline.Baseline(0)
	baseline.Rows = 1
	return x, baseline
}

// Of the mean of all vectors each token has as its share the weights times its own vector over their number, and the
// padding has none.
func TestSharesOfTokens(t *testing.T) {
	job, state, e := untrained(t, fmt.Sprintf(wordsFrom, data(t, "words.csv"), "{column: language, type: category}")+`
layers: [{type: embedding, size: 5}, global_avg_pool1d, {type: dense, units: classes}]
`)
	row := 0
	for job.Data.Train.Length(row)%2 == 0 { // batches have room for even numbers of steps
		row++
	}
	x, baseline := rowOf(t, job, row)
	class := 1
	got, err := e.IntegratedGradients(x, baseline, Predictions(&job.Network, 0)[class], 1)
	if err != nil {
		t.Fatal(err)
	}
	weight := map[string][]float32{}
	for _, p := range state.Params(model.VarWeights) {
		weight[p.Name] = state.Data(model.VarWeights)[p.Offset : p.Offset+p.Shape.Size()]
	}
	n := int(x.Lengths[0][0])
	if len(got.Values[0]) != x.RowSize(0) || n < 2 || n == x.RowSize(0) {
		t.Fatalf("%d shares of %d tokens in a batch of %d steps", len(got.Values[0]), n, x.RowSize(0))
	}
	for i, share := range got.Values[0] {
		want := 0.0
		for k := 0; k < 5 && i < n; k++ {
			want += float64(weight["dense_1.weight"][5*class+k]) * float64(weight["embedding_1.table"][5*int(x.Ints[0][i])+k]) / float64(n)
		}
		if !near(share, want, 1e-5) || (share == 0) != (i >= n) {
			t.Errorf("token %d: %v, want %v", i, share, want)
		}
	}
}

// The shares of texts, of series and of predictions to single steps add up to what is to be explained (Sundararajan et al., axiom
// of completeness), and steps beyond the end of a row have none.
func TestSharesOfSequencesAddUp(t *testing.T) {
	words, airline := data(t, "words.csv"), data(t, "AirPassengers.csv")
	text := fmt.Sprintf(wordsFrom, words, "{column: language, type: category}")
	tags := fmt.Sprintf(wordsFrom, words, `{column: parts, type: tags, separator: ""}`)
	for name, spec := range map[string]string{
		"recurrent":   text + "layers: [{type: embedding, size: 6}, {type: gru, units: 8, bidirectional: true}, {type: dense, units: classes}]\n",
		"convolution": text + "layers: [{type: embedding, size: 6}, {type: conv1d, filters: 9, kernel: 3, padding: same, activation: gelu}, global_max_pool1d, {type: dense, units: classes}]\n",
		"attention":   text + "layers: [{type: embedding, size: 6}, {type: lstm, units: 7, sequences: true}, attention_pool, {type: dense, units: classes}]\n",
		"tags":        tags + "layers: [{type: embedding, size: 6}, {type: gru, units: 8, bidirectional: true, sequences: true}, {type: dense, units: classes}]\n",
		"window": "dataset: {path: " + airline + `, order_by: t, inputs: [{column: value, type: series, window: 12, normalize: log_zscore}],
  target: {column: value, type: series, horizon: 3, normalize: log_zscore}}
layers: [{type: gru, units: 8}, {type: dense, units: targets}]
`,
	} {
		t.Run(name, func(t *testing.T) {
			job, _, e := untrained(t, spec)
			x, baseline := rowOf(t, job, 5)
			prediction := Predictions(&job.Network, 0)[1]
			last := x.RowSize(0)
			if x.Lengths[0] != nil {
				last = int(x.Lengths[0][0])
			}
			if job.Heads[0].Sequence() {
				prediction = prediction.At(last - 1)
			}
			got, err := e.IntegratedGradients(x, baseline, prediction, 200)
			if err != nil {
				t.Fatal(err)
			}
			if got.ConvergenceDelta() > 0.005 || got.Score == got.Baseline {
				t.Errorf("the shares add up to %v, and the score rises from %v to %v", got.Sum(), got.Baseline, got.Score)
			}
			for i, share := range got.Values[0][last:] {
				if share != 0 {
					t.Errorf("step %d, behind the end, has the share %v", last+i+1, share)
				}
			}
		})
	}
}

// What a step predictions in a net that only goes forward depends on nothing behind it, and is what the net predicts.
func TestSharesOfOneStep(t *testing.T) {
	spec := fmt.Sprintf(wordsFrom, data(t, "words.csv"), `{column: parts, type: tags, separator: ""}`) +
		"layers: [{type: embedding, size: 6}, {type: rnn, units: 8, sequences: true}, {type: dense, units: classes}]\n"
	job, state, e := untrained(t, spec)
	x, baseline := rowOf(t, job, 5)
	steps := int(x.Lengths[0][0])
	var scores []float64
	for step := range steps {
		got, err := e.IntegratedGradients(x, baseline, Predictions(&job.Network, 0)[0].At(step), 40)
		if err != nil {
			t.Fatal(err)
		}
		scores = append(scores, got.Score)
		for i, share := range got.Values[0][:steps] {
			if (share != 0) != (i <= step) {
				t.Errorf("of the prediction to step %d, step %d has the share %v", step+1, i+1, share)
			}
		}
	}
	for step := 1; step < steps; step++ {
		if scores[step] == scores[step-1] {
			t.Errorf("steps %d and %d have the same score %v", step, step+1, scores[step])
		}
	}

	// In chunks the predictions are the same, and so is what explains them.
	chunked, _, other := untrained(t, spec+"train: {stateful: true, unroll: 3, batch_size: 4}\n")
	for i, p := range chunked.Layers {
		if p.Name != job.Layers[i].Name {
			t.Fatalf("layer %d is %s", i, p.Name)
		}
	}
	copy(other.state.Data(model.VarWeights), state.Data(model.VarWeights))
	x, baseline = rowOf(t, chunked, 5)
	got, err := other.IntegratedGradients(x, baseline, Predictions(&chunked.Network, 0)[0].At(steps-1), 40)
	if err != nil || got.Score != scores[steps-1] {
		t.Errorf("in chunks: %v, want the score %v (%v)", got, scores[steps-1], err)
	}
}

// Rows of different lengths beside a number: both have shares.
func TestSharesOfASequenceBesideANumber(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(file, []byte("notes,size,y\n1;2;3,4,1\n2;5,1,0\n4,3,1\n1;1;2;8,2,0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	job, _, e := untrained(t, fmt.Sprintf(`
dataset: {path: %s, inputs: [{column: notes, type: series}, size], target: {column: y, type: binary}, split: {validation: 0}}
layers:
  - {name: read, type: gru, inputs: [notes], units: 4}
  - {type: concat, inputs: [read, size]}
  - {type: dense, units: targets}
`, file))
	x, baseline := rowOf(t, job, 1)
	got, err := e.IntegratedGradients(x, baseline, Predictions(&job.Network, 0)[1], 100)
	if err != nil {
		t.Fatal(err)
	}
	notes, size := job.Schema.Input("notes"), job.Schema.Input("size")
	if got.ConvergenceDelta() > 0.005 || got.Values[size.Block][size.Lo] == 0 || len(got.Values[notes.Block]) != x.RowSize(notes.Block) || got.Values[notes.Block][0] == 0 {
		t.Errorf("%+v; %v delta", got, got.ConvergenceDelta())
	}
}

// A row gets as much memory as in prediction: of a longer one fewer places of the path are computed at once, for the same shares,
// and one that is too long by itself is an error.
func TestMemoryOfExplanations(t *testing.T) {
	job, _, e := untrained(t, fmt.Sprintf(wordsFrom, data(t, "words.csv"), "{column: language, type: category}")+
		"layers: [{type: embedding, size: 6}, {type: gru, units: 8, bidirectional: true}, {type: dense, units: classes}]\n")
	x, baseline := rowOf(t, job, 5)
	explain := func(most int) (*Attribution, error) {
		e.most = most
		return e.IntegratedGradients(x, baseline, Predictions(&job.Network, 0)[1], 40)
	}
	want, err := explain(model.MaxRowFloats)
	if err != nil {
		t.Fatal(err)
	}
	few := map[int]bool{}
	for most := 1 << 14; most > 0; most = most * 3 / 4 {
		got, err := explain(most)
		if err != nil {
			if !errors.Is(err, ErrTooLong) || most > 1<<12 {
				t.Errorf("with %d numbers: %v", most, err)
			}
			break
		}
		w, _ := e.newPath(x, baseline, Predictions(&job.Network, 0)[1])
		few[w.rows] = true
		if !reflect.DeepEqual(got, want) {
			t.Errorf("with %d numbers, %d places at once, the shares are others", most, w.rows)
		}
	}
	if !few[1] || !few[4] {
		t.Errorf("places at once: %v", few)
	}
}
