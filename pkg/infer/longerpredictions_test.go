package infer

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// predictionsOf runs the rows of a file through a net, as a model that was written and read again does, so many at most at once.
func predictionsOf(t *testing.T, j *model.Job, text string, atOnce int) (list [][]float32, cut dataset.Cut) {
	t.Helper()
	state, path := exec.NewState(), filepath.Join(t.TempDir(), "m.safetensors")
	if err := j.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	if err := model.Save(path, &j.Network, state, nil); err != nil {
		t.Fatal(err)
	}
	f, err := model.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	n := f.Net
	st, err := stream.Open(n.Schema, strings.NewReader(text), "new.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(2)
	defer pool.Close()
	r := NewRunner(n, f.State, pool, false)
	for {
		rows, err := st.Next(r.Batch(), min(atOnce, n.ScoreRows()))
		if err == io.EOF {
			return list, st.Cut()
		}
		if err != nil {
			t.Fatal(err)
		}
		out, err := r.Run()
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			if err := st.Errors()[i]; err != nil {
				t.Fatal(err)
			}
			from, to := r.Predictions(0, i)
			list = append(list, slices.Clone(out[0].Prediction[from*n.Heads[0].Width:to*n.Heads[0].Width]))
		}
	}
}

// longRows are texts of the letters of namedRows, most short and some far longer than any of these.
func longRows(seed uint64, lengths ...int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("word\n")
	for _, n := range lengths {
		b.WriteByte('"')
		for range n {
			b.WriteByte("walkinghousesr"[r.IntN(14)])
		}
		b.WriteString("\"\n")
	}
	return b.String()
}

// A row has the same prediction alone and in any batch, to the bit, however long it and the others are.
func TestLongRowsAreAnsweredAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	lengths := []int{3000, 0, 1, 7, 8}
	for range 90 {
		lengths = append(lengths, 1+r.IntN(12), 1+r.IntN(200))
	}
	lengths = append(lengths, 1500, 1499)
	text := longRows(1, lengths...)
	for _, spec := range []string{
		strings.Replace(classifying, "LAYERS", "{type: gru, units: 6, bidirectional: true}", 1),
		strings.Replace(classifying, "LAYERS", "{type: conv1d, filters: 6, kernel: 5, padding: same, activation: relu}, {type: lstm, units: 4, sequences: true}, attention_pool", 1),
		strings.Replace(classifying, "LAYERS", "{type: conv1d, filters: 4, kernel: 5, stride: 2}, global_avg_pool1d", 1),
		taggingSpec,
		strings.Replace(strings.Replace(taggingSpec, "bidirectional: true, ", "", 1), "  - {type: conv1d, filters: 7, kernel: 3, padding: same, activation: relu}\n", "", 1) + "  stateful: true\n  unroll: 5\n",
	} {
		rows := namedRows
		if strings.Contains(spec, "type: tags") {
			rows, spec = wordRows, strings.Replace(spec, "train: {batch_size: 4}", "train:\n  batch_size: 4", 1)
		}
		j := mustOpen(t, spec, rows)
		together, cut := predictionsOf(t, j, text, 1000)
		alone, _ := predictionsOf(t, j, text, 1)
		some, _ := predictionsOf(t, j, text, 13)
		if len(together) != len(lengths) || cut.Rows > 0 {
			t.Fatalf("%d rows of %d, %d cut", len(together), len(lengths), cut.Rows)
		}
		for i, want := range alone {
			if size := len(want); j.Heads[0].Sequence() && size != lengths[i]*2 || !j.Heads[0].Sequence() && size != 3 {
				t.Fatalf("row %d of %d steps has %d numbers", i, lengths[i], size)
			}
			if !slices.Equal(want, together[i]) || !slices.Equal(want, some[i]) {
				t.Errorf("%s: row %d of %d steps is another in a batch", spec, i, lengths[i])
			}
		}
	}
}

// Series of which all rows of the data have the same number of steps need no lengths, and rows that have more do.
func TestRowsLongerThanEvenSeries(t *testing.T) {
	const text = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: s, type: series}]
  target: TARGET
layers: [LAYERS, {type: dense, units: targets}]
train: {batch_size: 2}
`
	each := strings.NewReplacer("TARGET", "{column: y, type: tags, each: number}", "LAYERS", "{type: gru, units: 3, sequences: true, bidirectional: true}").Replace(text)
	one := strings.NewReplacer("TARGET", "z", "LAYERS", "{type: conv1d, filters: 4, kernel: 3}, batch_norm, global_avg_pool1d").Replace(text)
	flat := strings.NewReplacer("TARGET", "z", "LAYERS", "flatten").Replace(text)
	steps := func(digits string) string { return strings.TrimSpace(strings.Repeat(digits, 5)) }
	rows := "s,y,z\n" + steps("1 2 3 4 ") + "," + steps("4 5 6 7 ") + ",1.5\n" + steps("3 2 1 0 ") + "," + steps("6 5 4 5 ") + ",3\n"
	r := rand.New(rand.NewPCG(5, 5))
	file := "s\n"
	for i := range 150 {
		n := 20
		if i%3 == 0 {
			n += 1 + r.IntN(60)
		}
		for range n {
			file += fmt.Sprintf("%d.%d ", r.IntN(5), r.IntN(9))
		}
		file += "\n"
	}
	for _, spec := range []string{each, one, flat} {
		j := mustOpen(t, spec, rows)
		if g, err := j.PredictGraph(model.Rows(2)); err != nil || g.Input(model.FeedLengths+"s") != nil {
			t.Errorf("even rows have lengths: %v", err)
		}
		together, cut := predictionsOf(t, j, file, 1000)
		alone, _ := predictionsOf(t, j, file, 1)
		if (spec == flat) != (cut.Rows > 0) {
			t.Errorf("%s: %+v", spec, cut)
		}
		for i, want := range alone {
			if !slices.Equal(want, together[i]) {
				t.Errorf("row %d is another in a batch", i)
			}
		}
		if spec == each && (len(alone[0]) <= 20 || len(alone[1]) != 20) {
			t.Errorf("%d and %d predictions", len(alone[0]), len(alone[1]))
		}
		if spec != flat {
			evenApart(t, j, file)
		}
	}
}

// evenApart wants rows without lengths to go through the net by themselves, for the same bits as in training.
func evenApart(t *testing.T, j *model.Job, file string) {
	t.Helper()
	st, err := stream.Open(j.Schema, strings.NewReader(file), "new.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := NewRunner(&j.Network, exec.NewState(), nil, false)
	if _, err := st.Next(r.Batch(), 150); err != nil {
		t.Fatal(err)
	}
	even, rows := 0, 0
	for _, g := range r.groups() {
		for _, row := range g.rows {
			rows++
			if is := r.batch.Lengths[0][row] == 20; is != (g.shape.Steps[0] == 20) {
				t.Errorf("a row of %d steps in a group of %d", r.batch.Lengths[0][row], g.shape.Steps[0])
			} else if is {
				even++
			}
		}
	}
	if even != 100 || rows != 150 {
		t.Errorf("%d even rows of %d", even, rows)
	}
}
