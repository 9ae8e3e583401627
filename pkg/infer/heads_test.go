package infer

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// openHeads is a net with a class and a number, whose losses have these settings and weights.
func openHeads(t *testing.T, class, number string) *model.Job {
	t.Helper()
	doc, err := spec.Parse(filepath.Join("..", "..", "configs", "heads.yaml"), fmt.Appendf(nil, `
seed: 3
dataset:
  path: ../testdata/data/palmerpenguins.csv
  inputs: [bill_length_mm, bill_depth_mm]
  target: [{column: species, type: category}, {column: body_mass_g, type: number}]
layers:
  - {name: body, type: dense, units: 4, activation: tanh}
  - {type: dense, inputs: [body], units: classes, head: species}
  - {type: dense, inputs: [body], units: targets, head: body_mass_g}
loss: {species: %s, body_mass_g: %s}
`, class, number), nil)
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// step runs a training step on the first rows and returns loss, weight and gradient.
func step(t *testing.T, job *model.Job, rows int) (loss, weight float64, gradient []float32) {
	t.Helper()
	pool := parallel.New(1)
	defer pool.Close()
	g, err := job.TrainGraph(model.Rows(rows), model.Alone)
	if err != nil {
		t.Fatal(err)
	}
	p, err := job.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := p.NewBatch(model.Rows(rows))
	var list []int
	for i := range rows {
		list = append(list, i)
	}
	if err := job.Data.Train.Fill(b, list); err != nil {
		t.Fatal(err)
	}
	p.Forward()
	return float64(p.Output(model.OutLoss).F[0]), float64(p.Output(model.OutLossWeight).F[0]), append(gradient, p.Output(model.OutGradient).F...)
}

// The loss of a net with two heads is the weighted sum of theirs, also where classes weigh differently.
func TestTwoHeadLossIsTheWeightedSum(t *testing.T) {
	const rows = 24
	for _, class := range []string{"cross_entropy", "{type: cross_entropy, class_weights: balanced}", "{type: cross_entropy, weight: 3}"} {
		job := openHeads(t, class, "{type: mse, weight: 0.5}")
		loss, weight, _ := step(t, job, rows)
		pool := parallel.New(1)
		defer pool.Close()
		r := NewRunner(&job.Network, exec.NewState(), pool, true)
		if _, err := job.Data.Train.FillFrom(r.Batch(), 0, rows); err != nil {
			t.Fatal(err)
		}
		outs, err := r.Run()
		if err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for k, o := range outs {
			_, part := job.Loss(k)
			want += part * o.Loss / o.Weight
		}
		if got := loss / weight; weight != rows || math.Abs(got-want) > 1e-5*want {
			t.Errorf("%s: %v of weight %v, want %v", class, got, weight, want)
		}
		scorer := NewScorer(r)
		if err := scorer.Add(); err != nil {
			t.Fatal(err)
		}
		s := scorer.Result()
		if math.Abs(s.Loss-want) > 1e-12 || s.Get("species_loss") != s.Heads[0].Loss || s.Get("body_mass_g_loss") != s.Heads[1].Loss || math.IsNaN(s.Get("body_mass_g_r2")) || !math.IsNaN(s.Get("accuracy")) {
			t.Errorf("%s: scores %+v, want the loss %v", class, s, want)
		}
	}
}

// The gradient is that of the weighted sum: it is linear in the weights.
func TestTwoHeadGradientIsTheWeightedSum(t *testing.T) {
	of := func(a, b float64) []float32 {
		_, _, g := step(t, openHeads(t, fmt.Sprintf("{type: cross_entropy, weight: %v}", a), fmt.Sprintf("{type: mse, weight: %v}", b)), 16)
		return g
	}
	one, left, right := of(1, 1), of(2, 1), of(1, 2)
	some := 0
	for i := range one {
		if got, want := float64(left[i]+right[i]), 3*float64(one[i]); math.Abs(got-want) > 1e-4*(1+math.Abs(want)) {
			t.Errorf("gradient %d: %v, want %v", i, got, want)
		}
		if left[i] != right[i] {
			some++
		}
	}
	if some < 32 { // all parameters; between them lies padding
		t.Errorf("the weights change %d gradients", some)
	}
}

// What a model file holds of the heads is what its data said.
func TestHeadsAreStored(t *testing.T) {
	job := openHeads(t, "{type: cross_entropy, class_weights: balanced}", "mae")
	g, err := job.PredictGraph(model.Rows(1))
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	if err := state.Bind(g); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := model.Save(path, &job.Network, state, nil); err != nil {
		t.Fatal(err)
	}
	f, err := model.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range job.Heads {
		got := f.Net.Heads[k]
		if got.Name != want.Name || got.Kind != want.Kind || fmt.Sprint(got.Classes, got.Training) != fmt.Sprint(want.Classes, want.Training) {
			t.Errorf("head %d: %+v, want %+v", k, got, want)
		}
	}
}
