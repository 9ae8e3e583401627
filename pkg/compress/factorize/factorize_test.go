package factorize

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dnn/pkg/compress/compresstest"
	"dnn/pkg/graph"
	"dnn/pkg/model"
)

const imageSpec = `
seed: 1
dataset:
  format: image_folder
  path: ../testdata/data/digits_png
  image: {width: 20, height: 20, channels: 1}
  split: {train: 0.7, validation: 0.1, test: 0.2}
layers:
  - {type: conv2d, filters: 12, kernel: 3, padding: same, activation: relu}
  - {type: conv2d, filters: 12, kernel: 3, padding: same, stride: 2, groups: 2}
  - type: repeat
    times: 2
    layers:
      - type: residual
        layers:
          - {type: conv2d, filters: 12, kernel: 3, padding: same, activation: relu, name: a}
          - {type: conv2d, filters: 12, kernel: 3, padding: same, name: b}
  - flatten
  - {type: dense, units: 40, activation: relu, name: wide}
  - {type: dense, units: classes}
`

// A model whose weights have ranks already keeps them all, and predicts the same.
func TestLowRankIsFound(t *testing.T) {
	f, job := compresstest.Spec(t, imageSpec)
	learned := f.Learned()
	r := rand.New(rand.NewPCG(3, 4))
	ranks := map[string]int{"wide": 5, "repeat_1.0.residual_1.a": 2, "repeat_1.1.residual_1.a": 4}
	for name, rank := range ranks {
		w := learned[name+".weight"]
		copy(w.Data, product(r, w.Shape, rank))
	}
	small, report, err := Apply(f, Settings{Energy: 0.9999999})
	if err != nil {
		t.Fatal(err)
	}
	want := "wide 5 of 40, repeat_1.0.residual_1.a 4 of 12"
	if got := told(report); got != want {
		t.Errorf("ranks are %s, want %s: %+v", got, want, report.Layers)
	}
	if far := compresstest.Far(compresstest.Predictions(t, f, job, 20), compresstest.Predictions(t, small, job, 20)); far > 1e-5 {
		t.Errorf("predictions are %g apart", far)
	}
}

// product is a matrix of a rank, laid out in a shape.
func product(r *rand.Rand, shape graph.Shape, rank int) []float32 {
	units := shape[0]
	inputs := shape.Size() / units
	w := make([]float32, units*inputs)
	for range rank {
		u, v := make([]float64, units), make([]float64, inputs)
		for i := range u {
			u[i] = r.NormFloat64()
		}
		for k := range v {
			v[k] = r.NormFloat64() / math.Sqrt(float64(rank*inputs))
		}
		for i := range w {
			w[i] += float32(u[i/inputs] * v[i%inputs])
		}
	}
	return w
}

// told lists the layers with a rank.
func told(r Report) string {
	var list []string
	for _, name := range []string{"conv2d_1", "wide", "repeat_1.0.residual_1.a", "repeat_1.0.residual_1.b", "dense_1"} {
		for _, l := range r.Layers {
			if l.Name == name && l.Rank > 0 {
				list = append(list, strings.Join([]string{name, strconv.Itoa(l.Rank), "of", strconv.Itoa(l.Full)}, " "))
			}
		}
	}
	return strings.Join(list, ", ")
}

// The file says the ranks in its spec, and loads.
func TestSavedAndLoaded(t *testing.T) {
	f, job := compresstest.Spec(t, imageSpec)
	small, report, err := Apply(f, Settings{Energy: 0.5, Multiple: 4})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "small.safetensors")
	if err := model.Save(path, small.Net, small.State, nil); err != nil {
		t.Fatal(err)
	}
	again, err := model.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if far := compresstest.Far(compresstest.Predictions(t, small, job, 20), compresstest.Predictions(t, again, job, 20)); far != 0 {
		t.Errorf("predictions are %g apart", far)
	}
	parameters := 0
	for _, p := range again.Learned() {
		parameters += len(p.Data)
	}
	if float64(parameters) != report.Parameters.After || report.Parameters.After >= report.Parameters.Before {
		t.Errorf("the file has %d parameters, the report says %+v", parameters, report.Parameters)
	}
	for _, l := range report.Layers {
		if l.Rank%4 != 0 || l.Rank == 0 && l.Why == "" || l.Rank > 0 && (l.Energy < 0.5 || l.Energy >= 1) {
			t.Errorf("%+v", l)
		}
	}
}

// Budgets are kept, and nearly used up.
func TestBudgets(t *testing.T) {
	f, _ := compresstest.Spec(t, imageSpec)
	for _, left := range []float64{0.3, 0.6, 0.9} {
		for _, s := range []Settings{{Parameters: left}, {Multiplications: left}} {
			_, r, err := Apply(f, s)
			if err != nil {
				t.Errorf("%+v: %v", s, err)
				continue
			}
			got := r.Parameters.After / r.Parameters.Before
			if s.Multiplications > 0 {
				got = r.Multiplications.After / r.Multiplications.Before
			}
			if got > left+1e-3 || got < left-0.12 {
				t.Errorf("%+v leaves %.3f", s, got)
			}
		}
	}
}

// The same weights cut with other signs of the vectors give the same numbers.
func TestSignsAreFixed(t *testing.T) {
	w := product(rand.New(rand.NewPCG(5, 6)), graph.Shape{6, 8}, 4)
	d, ok := decompose(w, graph.Shape{6, 8})
	if !ok {
		t.Fatal("it does not converge")
	}
	down, up := d.thin(4)
	turn := func(x interface {
		At(i, j int) float64
		Set(i, j int, v float64)
	}, rows, column int) {
		for i := range rows {
			x.Set(i, column, -x.At(i, column))
		}
	}
	for _, r := range []int{0, 2} {
		turn(&d.left, 6, r)
		turn(&d.right, 8, r)
	}
	down2, up2 := d.thin(4)
	if compresstest.Far(down, down2) != 0 || compresstest.Far(up, up2) != 0 {
		t.Error("signs of the decomposition show in the weights")
	}
}

func TestMistakes(t *testing.T) {
	f, _ := compresstest.Spec(t, imageSpec)
	for want, s := range map[string]Settings{
		"give one of energy, parameters and multiplications":        {Energy: 0.5, Parameters: 0.5},
		`no layer matches "wise"; dnn summary lists them`:           {Energy: 0.5, Layers: []string{"wise"}},
		"ranks leave at least":                                      {Parameters: 0.001},
		"no layer becomes smaller by a rank that keeps so much: as": {Energy: 1},
	} {
		if _, _, err := Apply(f, s); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", s, err, want)
		}
	}
	f.Learned()["wide.weight"].Data[3] = float32(math.NaN())
	if _, _, err := Apply(f, Settings{}); err == nil || err.Error() != "wide.weight is not finite" {
		t.Errorf("a weight that is no number: %v", err)
	}
}

// Weights that other layers use too, filters in groups and layers that are not asked for stay as they are.
func TestSkipped(t *testing.T) {
	f, _ := compresstest.Spec(t, imageSpec)
	_, r, err := Apply(f, Settings{Energy: 0.3, Layers: []string{"conv2d_2", "wide"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Layers) != 2 || r.Layers[0].Name != "conv2d_2" || r.Layers[0].Why == "" || r.Layers[1].Rank == 0 {
		t.Errorf("%+v", r.Layers)
	}
}
