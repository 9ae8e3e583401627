package explain

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// untrained opens a spec and gives its net first values.
func untrained(t *testing.T, text string) (*model.Job, *exec.State, *Explainer) {
	t.Helper()
	doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	if err := job.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(1)
	t.Cleanup(pool.Close)
	return job, state, NewExplainer(&job.Network, state, pool)
}

// rowAndBaseline are the first row of the training split and what it is compared with.
func rowAndBaseline(t *testing.T, job *model.Job) (x, baseline *dataset.Batch) {
	t.Helper()
	x, baseline = job.Schema.NewBatch(1), job.Schema.NewBatch(1)
	if err := job.Data.Train.Fill(x, []int{0}); err != nil {
		t.Fatal(err)
	}
	baseline.Baseline(0)
	baseline.Rows = 1
	return x, baseline
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance*max(1, math.Abs(b)) }

// Of a net without a bend each share is the weight times the distance from the baseline, and one step is enough.
func TestSharesOfALinearNet(t *testing.T) {
	job, state, e := untrained(t, fmt.Sprintf(`
dataset: {path: %s, inputs: [bmi, bp, s1], target: {column: progression, type: number, normalize: zscore}}
layers: [{type: dense, units: targets}]
`, data(t, "sk_diabetes.csv")))
	x, baseline := rowAndBaseline(t, job)
	prediction := Predictions(&job.Network, 0)[0]
	if prediction.Name != "progression" {
		t.Errorf("the prediction is called %s", prediction.Name)
	}
	got, err := e.IntegratedGradients(x, baseline, prediction, 1)
	if err != nil {
		t.Fatal(err)
	}
	w := state.Data(model.VarWeights)[:3]
	for i, share := range got.Values[0] {
		want := float64(w[i]) * float64(x.Floats[0][i]-baseline.Floats[0][i]) * prediction.scale
		if !near(share, want, 1e-5) || baseline.Floats[0][i] != 0 {
			t.Errorf("share %d is %v, want %v; its baseline %v", i, share, want, baseline.Floats[0][i])
		}
	}
	runner := infer.NewRunner(&job.Network, state, e.pool, false)
	job.Data.Train.Fill(runner.Batch(), []int{0})
	out, err := runner.Run()
	if own := infer.Denormalize(&job.Heads[0], nil, out[0].Prediction)[0]; err != nil || !near(got.Score, own, 1e-5) {
		t.Errorf("the score is %v in its own unit, the prediction %v (%v)", got.Score, own, err)
	}
}

// The shares add up to what is to be explained (Sundararajan et al., axiom of completeness), through embeddings, norms and
// connections around layers, for every class; and what the net does not look at has no share.
func TestSharesAddUp(t *testing.T) {
	for name, text := range map[string]string{
		"skip": `
dataset: {path: %s, inputs: [{name: body, columns: [bill_length_mm, bill_depth_mm], type: number}, {column: year, type: number, normalize: minmax},
  {column: island, type: category, encode: index}, {column: sex, type: category}], target: {column: species, type: category}}
layers:
  - {name: place, type: embedding, inputs: [island], size: 4}
  - {name: measured, type: dense, inputs: [body], units: 12, activation: tanh}
  - {name: both, type: concat, inputs: [measured, place, sex]}
  - {type: residual, layers: [{type: dense, units: 19, activation: gelu}, {type: dense, units: 19}]}
  - batch_norm
  - layer_norm
  - {type: dropout, rate: 0.5}
  - {type: dense, units: classes}
`,
		"probabilities": `
dataset: {path: %s, inputs: [bill_length_mm, {column: island, type: category}], target: {column: sex, type: binary}}
layers: [{type: dense, units: 9, activation: sigmoid}, {type: dense, units: 1, activation: sigmoid}]
loss: {type: binary_cross_entropy, from_logits: false}
`,
	} {
		t.Run(name, func(t *testing.T) {
			job, _, e := untrained(t, fmt.Sprintf(text, data(t, "palmerpenguins.csv")))
			x, baseline := rowAndBaseline(t, job)
			for _, prediction := range Predictions(&job.Network, 0) {
				got, err := e.IntegratedGradients(x, baseline, prediction, 400)
				if err != nil {
					t.Fatal(err)
				}
				if got.ConvergenceDelta() > 0.002 || got.Score == got.Baseline {
					t.Errorf("%s: the shares add up to %v, and the score rises from %v to %v", prediction.Name, got.Sum(), got.Baseline, got.Score)
				}
				if name == "skip" {
					year, island := job.Schema.Input("year"), job.Schema.Input("island")
					if got.Values[year.Block][year.Lo] != 0 || got.Values[island.Block][0] == 0 {
						t.Errorf("%s: the year has the share %v, the island %v", prediction.Name, got.Values[year.Block][year.Lo], got.Values[island.Block])
					}
				}
			}
		})
	}
}

// The score of a no is minus that of a yes.
func TestBothAnswersOfAYesOrNo(t *testing.T) {
	job, _, e := untrained(t, fmt.Sprintf(`
dataset: {path: %s, inputs: [bill_length_mm, body_mass_g], target: {column: sex, type: binary}}
layers: [{type: dense, units: 5, activation: relu}, {type: dense, units: 1}]
`, data(t, "palmerpenguins.csv")))
	x, baseline := rowAndBaseline(t, job)
	var shares [2]*Attribution
	for i, a := range Predictions(&job.Network, 0) {
		var err error
		if shares[i], err = e.IntegratedGradients(x, baseline, a, 8); err != nil {
			t.Fatal(err)
		}
	}
	if shares[0].Score != -shares[1].Score || shares[0].Values[0][0] != -shares[1].Values[0][0] || shares[0].Score == 0 {
		t.Errorf("no: %v, yes: %v", shares[0], shares[1])
	}
}

// images writes images of 4×5 with labels in the format of MNIST.
func pictures(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	x, y := []byte{0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 4, 0, 0, 0, 5}, []byte{0, 0, 8, 1, 0, 0, 0, 12}
	for i := range 12 {
		y = append(y, byte(i%3))
		for k := range 20 {
			x = append(x, byte((i*37+k*k*11)%256))
		}
	}
	for name, data := range map[string][]byte{"x.idx": x, "y.idx": y} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("dataset: {format: idx, path: {images: %s/x.idx, labels: %[1]s/y.idx}, split: {validation: 0}}\n", dir)
}

// Of maps that one dense layer reads, the gradient is that layer's weights, and Grad-CAM weighs each map by their mean
// (Selvaraju et al., equations 1 and 2).
func TestGradCAMWeighsTheMaps(t *testing.T) {
	job, state, e := untrained(t, pictures(t)+`
layers:
  - {type: conv2d, filters: 3, kernel: 1, activation: relu}
  - {type: dropout, rate: 0.5}
  - flatten
  - {type: dense, units: classes}
`)
	if !e.HasMaps(0) {
		t.Fatal("no maps are found")
	}
	x, _ := rowAndBaseline(t, job)
	weight := map[string][]float32{}
	for _, p := range state.Params(model.VarWeights) {
		weight[p.Name] = state.Data(model.VarWeights)[p.Offset : p.Offset+p.Shape.Size()]
	}
	for class, prediction := range Predictions(&job.Network, 0) {
		got, err := e.GradCAM(x, prediction)
		if err != nil {
			t.Fatal(err)
		}
		if got.Layer != "conv2d_1" || got.Rows != 4 || got.Columns != 5 || got.Channels != 3 {
			t.Fatalf("%+v", got)
		}
		var alpha [3]float64
		for i, w := range weight["dense_1.weight"][class*60 : (class+1)*60] {
			alpha[i%3] += float64(w) / 20
		}
		for i, v := range x.Floats[0][:20] {
			want := 0.0
			for k := range 3 {
				want += alpha[k] * max(0, float64(v*weight["conv2d_1.weight"][k]+weight["conv2d_1.bias"][k]))
			}
			if !near(got.Values[i], max(0, want), 1e-5) {
				t.Errorf("class %d, place %d: %v, want %v", class, i, got.Values[i], max(0, want))
			}
		}
	}
}

// Maps that are 0 everywhere, of units that never fire, and maps that all speak against a class give a heat map of zeros: it is then
// that integrated gradients take the place of Grad-CAM. They still see what speaks against the class.
func TestMapsThatShowNothing(t *testing.T) {
	for bias, want := range map[string]float64{"-300": 0, "1": -1} {
		job, _, e := untrained(t, pictures(t)+`
layers:
  - {type: conv2d, filters: 3, kernel: 1, activation: relu, weight_init: {type: constant, value: 0.5}, bias_init: {type: constant, value: `+bias+`}}
  - flatten
  - {type: dense, units: classes, weight_init: {type: constant, value: -0.01}}
`)
		x, baseline := rowAndBaseline(t, job)
		baseline.Baseline(0)
		prediction := Predictions(&job.Network, 0)[1]
		got, err := e.GradCAM(x, prediction)
		if err != nil || !e.HasMaps(0) || len(got.Values) != 20 || slices.Max(got.Values) != 0 || slices.Min(got.Values) != 0 {
			t.Fatalf("bias %s: %v, %+v", bias, err, got)
		}
		pixels, err := e.IntegratedGradients(x, baseline, prediction, 3)
		if err != nil || len(pixels.Values[0]) != 20 {
			t.Fatalf("bias %s: %v", bias, err)
		}
		low := slices.Min(pixels.Values[0])
		if want == 0 && (low != 0 || pixels.Sum() != 0) || want < 0 && !(low < 0) {
			t.Errorf("bias %s: attributions from %v, sum %v", bias, low, pixels.Sum())
		}
	}
}

func TestNetsWithoutMaps(t *testing.T) {
	job, _, e := untrained(t, pictures(t)+"layers: [batch_norm, flatten, {type: dense, units: classes}]\n")
	x, baseline := rowAndBaseline(t, job)
	if _, err := e.GradCAM(x, Predictions(&job.Network, 0)[0]); !errors.Is(err, ErrNoMaps) || e.HasMaps(0) {
		t.Errorf("maps of a net that has none: %v", err)
	}
	got, err := e.IntegratedGradients(x, baseline, Predictions(&job.Network, 0)[2], 3)
	if err != nil || got.ConvergenceDelta() > 1e-4 || len(got.Values[0]) != 20 {
		t.Errorf("%v: the shares of a linear net add up to %v, want %v", err, got.Sum(), got.Score-got.Baseline)
	}
}

// Of a loss with several levels the one that is predicted is explained, in whatever order they come and where they cross.
func TestLevelIsThePredictedOne(t *testing.T) {
	for _, levels := range []string{"[0.1, 0.5, 0.9]", "[0.9, 0.1, 0.5]", "[0.5, 0.9, 0.1]"} {
		job, state, e := untrained(t, fmt.Sprintf(`
dataset: {path: %s, inputs: [bmi, bp, s1], target: {column: progression, type: number, normalize: zscore}}
layers: [{type: dense, units: 5, activation: tanh}, {type: dense, units: 3}]
loss: {type: quantile, levels: %s}
`, data(t, "sk_diabetes.csv"), levels))
		_, baseline := rowAndBaseline(t, job)
		runner := infer.NewRunner(&job.Network, state, e.pool, false)
		for row := range 20 { // of an untrained net, whose outputs cross
			x := job.Schema.NewBatch(1)
			job.Data.Train.Fill(x, []int{row})
			job.Data.Train.Fill(runner.Batch(), []int{row})
			got, err := e.IntegratedGradients(x, baseline, Predictions(&job.Network, 0)[0], 400)
			if err != nil {
				t.Fatal(err)
			}
			out, err := runner.Run()
			if own := infer.Denormalize(&job.Heads[0], nil, out[0].Prediction)[0]; err != nil || !near(got.Score, own, 1e-5) || got.ConvergenceDelta() > 0.05 {
				t.Errorf("%s, row %d: the score is %v, the prediction %v; delta %v (%v)", levels, row, got.Score, own, got.ConvergenceDelta(), err)
			}
		}
	}
}
