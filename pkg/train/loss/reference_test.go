package loss

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// tensor is an array of the reference files.
type tensor struct {
	Shape graph.Shape
	Data  []float64
}

// reference is one case of testdata/reference/losses.json or sequences.json.
type reference struct {
	Name, Loss       string
	Settings         map[string]any
	Inputs           map[string]tensor
	Float32, Float64 struct {
		Value    float64
		Gradient tensor
	}
}

func references(t *testing.T) (all []reference) {
	for _, name := range []string{"losses", "sequences"} {
		text, err := os.ReadFile("../../../testdata/reference/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var file struct{ Cases []reference }
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		all = append(all, file.Cases...)
	}
	return all
}

// names are those of n classes or labels: c0, c1, …
func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("c", i)
	}
	return list
}

// kind is the key of the case's loss: the reference has the forms of hinge as losses of their own.
func (r reference) kind() string {
	if r.Loss == "multi_margin" || r.Loss == "crammer_singer" {
		return "hinge"
	}
	return r.Loss
}

// classes reports whether the truth holds numbers of classes.
func (r reference) classes() bool { return len(r.Inputs["target"].Shape) < len(r.Inputs["x"].Shape) }

// target is what the case predicts.
func (r reference) target() task.Head {
	width := r.Inputs["x"].Shape.Last()
	t := task.Head{Width: width, Columns: names(width)}
	switch r.Loss {
	case "mse", "mae", "huber", "log_cosh", "kl_divergence":
		t.Kind = task.Number
	case "cross_entropy":
		t.Kind, t.Classes = task.Category, names(width)
	default:
		t.Kind, t.Classes = task.Labels, names(width)
		if width == 1 {
			t.Kind, t.Classes = task.Binary, names(2)
		}
		if r.classes() {
			t.Kind, t.Classes = task.Category, names(width)
		}
	}
	return t
}

// spell writes the case's loss as it stands in a spec.
func (r reference) spell() string {
	out := map[string]any{"type": r.kind()}
	if r.Loss != r.kind() {
		out["multi_class"] = r.Loss
	}
	maps.Copy(out, r.Settings)
	if w, ok := r.Inputs["class_weights"]; ok {
		given := map[string]float64{}
		for i, v := range w.Data {
			given[fmt.Sprint("c", i)] = v
		}
		out["class_weights"] = given
	}
	if w, ok := r.Inputs["pos_weight"]; ok {
		out["positive_weight"] = w.Data
	}
	text, _ := json.Marshal(out)
	return string(text)
}

// parse reads a loss as the value of a key.
func parse(t *testing.T, value string) Loss {
	t.Helper()
	d, err := spec.Parse("spec.yaml", []byte("loss: "+value+"\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var into struct{ Loss Loss }
	var p spec.Problems
	d.Decode(&into, &p)
	if err := p.Err(d); err != nil {
		t.Fatal(err)
	}
	return into.Loss
}

func TestReference(t *testing.T) {
	for _, r := range references(t) {
		t.Run(r.Name, func(t *testing.T) {
			l := parse(t, r.spell())
			s := build(t, l, r.target(), r.Inputs["x"], r.Inputs["target"], r.classes(), r.Inputs["sample_weights"].Data)
			s.evaluate()
			compare(t, "value", s.value, []float64{r.Float64.Value}, 1e-13)
			compare(t, "gradient", s.gradient, r.Float64.Gradient.Data, 1e-13)
			s.run(t)
			compare(t, "float32 value", s.value, []float64{r.Float32.Value}, 3e-7)
			compare(t, "float32 gradient", s.gradient, r.Float32.Gradient.Data, 3e-7)
		})
	}
}
