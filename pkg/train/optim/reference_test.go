package optim

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"dnn/pkg/spec"
)

// reference is one case of testdata/reference/optimizers.json: ten updates with given gradients.
type reference struct {
	Name, Optimizer  string
	Settings         map[string]any
	Gradients        []string // sets whose mean is the gradient of a step
	Clip             map[string]float64
	EMA              map[string]float64
	Float32, Float64 trajectory
}

// trajectory is what comes out after each step.
type trajectory struct {
	Parameters, Clipped, EMA [][]float64
	Norms                    []float64
}

type references struct {
	Parts     []int
	Initial   []float64
	Gradients map[string][][]float64
	Cases     []reference
}

func load(t *testing.T) references {
	text, err := os.ReadFile("../../../testdata/reference/optimizers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file references
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// spell writes a case's optimizer as it stands in a spec.
func (r reference) spell() string {
	out := map[string]any{"type": r.Optimizer}
	for k, v := range r.Settings {
		switch k {
		case "amsgrad":
			out["type"] = "amsgrad"
		case "lr_decay":
			out["rate_decay"] = v
		default:
			out[k] = v
		}
	}
	text, _ := json.Marshal(out)
	return string(text)
}

// parse reads an optimizer as the value of a key.
func parse(t *testing.T, value string) Optimizer {
	t.Helper()
	o, err := tryParse(value)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func tryParse(value string) (Optimizer, error) {
	d, err := spec.Parse("s", []byte("optimizer: "+value+"\n"), nil)
	if err != nil {
		return nil, err
	}
	var into struct{ Optimizer Optimizer }
	var p spec.Problems
	d.Decode(&into, &p)
	return into.Optimizer, p.Err(d)
}

// compare holds a trajectory against a reference, up to tolerance times the largest number that each element was on its
// way: where the way crosses zero, the error of the steps before stays.
func compare(t *testing.T, what string, got, want [][]float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d steps, want %d", what, len(got), len(want))
	}
	largest := make([]float64, len(want[0]))
	for step := range want {
		for i, w := range want[step] {
			largest[i] = max(largest[i], math.Abs(w))
			if g := got[step][i]; !(math.Abs(g-w) <= tolerance*largest[i]) {
				t.Errorf("%s, step %d, element %d: got %v, want %v", what, step, i, g, w)
			}
		}
	}
}

// against compares everything of a trajectory.
func (got trajectory) against(t *testing.T, want trajectory, tolerance float64) {
	t.Helper()
	compare(t, "parameters", got.Parameters, want.Parameters, tolerance)
	if want.Clipped != nil {
		compare(t, "clipped", got.Clipped, want.Clipped, tolerance)
	}
	for i, norm := range got.Norms {
		compare(t, "norm", [][]float64{{norm}}, [][]float64{{want.Norms[i]}}, tolerance)
	}
	if want.EMA != nil {
		compare(t, "average", got.EMA, want.EMA, tolerance)
	}
}

func TestReference(t *testing.T) {
	file := load(t)
	for _, r := range file.Cases {
		t.Run(r.Name, func(t *testing.T) {
			o := parse(t, r.spell())
			u := newUpdater(t, o, file, r.Clip, r.EMA["decay"])
			u.evaluate(file, r.Gradients).against(t, r.Float64, 1e-12)
			u.run(t, file, r.Gradients).against(t, r.Float32, 1e-6)
		})
	}
}
