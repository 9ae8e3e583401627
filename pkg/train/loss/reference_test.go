package loss

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

// tensor is an array of the reference files.
type tensor struct {
	Shape graph.Shape
	Data  []float64
}

// reference is one case of testdata/reference/losses.json.
type reference struct {
	Name, Loss       string
	Settings         map[string]any
	Inputs           map[string]tensor
	Float32, Float64 struct {
		Value    float64
		Gradient tensor
	}
}

func references(t *testing.T) []reference {
	text, err := os.ReadFile("../../../testdata/reference/losses.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []reference }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
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
func (r reference) target() Target {
	width := r.Inputs["x"].Shape.Last()
	t := Target{Width: width, Names: names(width), Known: true}
	switch r.Loss {
	case "mse", "mae", "huber", "log_cosh", "kl_divergence":
		t.Kind = number
	case "cross_entropy":
		t.Kind, t.Classes = category, names(width)
	default:
		t.Kind, t.Classes = binary, names(2)
		if r.classes() {
			t.Kind, t.Classes = category, names(width)
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

// step is a graph with the step's loss and its gradient by x as outputs, and with the value of each.
type step struct {
	graph           *graph.Graph
	loss, slope     *graph.Value
	feeds           map[string]tensor
	value, gradient []float64
}

// build makes the graph that the trainer makes, with x as the net's output.
func build(t *testing.T, l Loss, target Target, x, truth tensor, ints bool, samples []float64) *step {
	t.Helper()
	b := graph.NewBuilder()
	in := b.Input("x", graph.Floats(x.Shape...))
	kind := graph.Floats(truth.Shape...)
	if ints {
		kind = graph.Ints(truth.Shape...)
	}
	rows, weight := l.Rows(b, target, in, b.Input("truth", kind))
	batch := graph.Shape{x.Shape[0]}
	if !rows.Shape.Equal(batch) || weight != nil && !weight.Shape.Equal(batch) {
		t.Fatalf("a loss of shape %v and a weight of %v for a batch of %v", rows.Shape, weight, batch)
	}
	if weight == nil {
		weight = list(b, ones(x.Shape[0]))
	}
	if samples != nil {
		weight = op.Mul(b, weight, list(b, samples))
	}
	s := &step{feeds: map[string]tensor{"x": x, "truth": truth}}
	s.loss = op.Div(b, op.Sum(b, op.Mul(b, rows, weight), nil, false), op.Sum(b, weight, nil, false))
	s.slope = grad.Build(b, s.loss, nil, []*graph.Value{in})[0]
	b.SetOutput("loss", s.loss)
	b.SetOutput("slope", s.slope)
	var err error
	if s.graph, err = b.Finish(); err != nil {
		t.Fatal(err)
	}
	return s
}

func ones(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

// evaluate computes loss and gradient in float64.
func (s *step) evaluate() {
	feeds := map[string]graph.Ref{}
	for name, x := range s.feeds {
		ref := graph.Ref{F: x.Data}
		if s.graph.Input(name).DType == graph.I32 {
			ref = graph.Ref{I: convert[int32](x.Data)}
		}
		feeds[name] = ref
	}
	values := exec.Evaluate(s.graph, feeds)
	s.value, s.gradient = values[s.loss].F, values[s.slope].F
}

// run computes them in float32.
func (s *step) run(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	p, err := exec.Compile(s.graph, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range s.feeds {
		copy(p.Feed(name).F, convert[float32](x.Data))
		copy(p.Feed(name).I, convert[int32](x.Data))
	}
	p.Run()
	s.value, s.gradient = convert[float64](p.Output("loss").F), convert[float64](p.Output("slope").F)
}

func convert[B, A float32 | float64 | int32](x []A) []B {
	y := make([]B, len(x))
	for i, v := range x {
		y[i] = B(v)
	}
	return y
}

// compare holds numbers against a reference, up to tolerance times the largest of them.
func compare(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	scale := 0.0
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= tolerance*(scale+math.Abs(w))) {
			t.Errorf("%s[%d]: got %v, want %v", what, i, got[i], w)
		}
	}
}

func TestReference(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range references(t) {
		seen[r.kind()] = true
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
	for _, key := range Registry.Keys() {
		if !seen[key] {
			t.Errorf("%s has no reference", key)
		}
	}
}
