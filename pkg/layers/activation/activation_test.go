package activation

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"dnn/internal/parallel"
	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

type tensor struct {
	Shape graph.Shape
	Data  []float64
}

// reference is what PyTorch computes; see testdata/reference.
type reference struct {
	X     []float64
	Cases []struct {
		Name  string
		Kinks []float64
		Y, DY []float64
	}
	Rows []struct {
		Name                                   string
		Inputs, Outputs, Weightings, Gradients map[string]tensor
	}
}

func load(t *testing.T) reference {
	text, err := os.ReadFile("../../../testdata/reference/activations.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// named returns the kind of a reference case with its defaults.
func named(name string) Activation {
	if name == "gelu_tanh" {
		return &Gelu{Approximate: "tanh"}
	}
	return spec.New[Activation](name)
}

func TestKinds(t *testing.T) {
	registrytest.Check(t, Registry, func(a Activation) int { return len(a.Cases()) })
	row := tensor{graph.Shape{5}, []float64{-2, -0.5, 0, 1, 3}}
	for _, k := range Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			a := decode(t, c.Spec)
			if spec.KeyOf(a) != k.Key {
				t.Errorf("%s has a case of %s", k.Key, c.Spec)
			}
			y, _, y32, _ := run(t, a, row, tensor{row.Shape, make([]float64, 5)})
			for i, want := range c.Y {
				if math.Abs(y[i]-want) > 5e-6*max(1, math.Abs(want)) || math.Abs(float64(y32[i])-want) > 1e-5*max(1, math.Abs(want)) {
					t.Errorf("%s at %v is %v, %v in float32, want %v", c.Spec, row.Data[i], y[i], y32[i], want)
				}
			}
		}
	}
}

// decode reads an activation as the value of a key.
func decode(t *testing.T, value string) Activation {
	t.Helper()
	doc, err := spec.Parse("t.yaml", []byte("f: "+value), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ F Activation }
	var p spec.Problems
	doc.Decode(&got, &p)
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	return got.F
}

// run computes y and the gradient of Σ weighting·y in float64, and both in float32 by a compiled program.
func run(t *testing.T, a Activation, x, weighting tensor) (y, dx []float64, y32, dx32 []float32) {
	b := graph.NewBuilder()
	in := b.Input("x", graph.Floats(x.Shape...))
	out := a.Apply(b, in)
	seed := b.Input("seed", graph.Floats(x.Shape...))
	if out == in { // linear: the gradient of a value by itself
		out = op.Scale(b, in, 1)
	}
	d := grad.Build(b, out, seed, []*graph.Value{in})[0]
	b.SetOutput("y", out)
	b.SetOutput("dx", d)
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	vals := exec.Evaluate(g, map[string]graph.Ref{"x": {F: x.Data}, "seed": {F: weighting.Data}})
	pool := parallel.New(1)
	defer pool.Close()
	p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.Data {
		p.Feed("x").F[i], p.Feed("seed").F[i] = float32(x.Data[i]), float32(weighting.Data[i])
	}
	p.Run()
	return vals[out].F, vals[d].F, p.Output("y").F, p.Output("dx").F
}

func TestReference(t *testing.T) {
	r := load(t)
	ones := tensor{graph.Shape{len(r.X)}, slices.Repeat([]float64{1}, len(r.X))}
	for _, c := range r.Cases {
		y, dx, y32, dx32 := run(t, named(c.Name), tensor{graph.Shape{len(r.X)}, r.X}, ones)
		for i, x := range r.X {
			kink := slices.Contains(c.Kinks, x)
			compare(t, c.Name, x, y[i], y32[i], c.Y[i])
			if !kink {
				compare(t, c.Name+"′", x, dx[i], dx32[i], c.DY[i])
			}
		}
	}
	for _, c := range r.Rows {
		x := c.Inputs["x"]
		y, dx, y32, dx32 := run(t, named(c.Name), x, c.Weightings["y"])
		for i := range x.Data {
			compare(t, c.Name, x.Data[i], y[i], y32[i], c.Outputs["y"].Data[i])
			compare(t, c.Name+"′", x.Data[i], dx[i], dx32[i], c.Gradients["x"].Data[i])
		}
	}
}

func compare(t *testing.T, what string, x, got float64, got32 float32, want float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= 1e-12*max(1, math.Abs(want))) {
		t.Errorf("%s at %v is %v, want %v", what, x, got, want)
	}
	if d := math.Abs(float64(got32) - want); !(d <= 2e-6*max(1, math.Abs(want))) {
		t.Errorf("%s at %v is %v in float32, want %v", what, x, got32, want)
	}
}

func TestInSpecs(t *testing.T) {
	for text, want := range map[string]string{
		"f: gelu":                            "",
		"f: {type: gelu, approximate: tanh}": "",
		"f: swish":                           `unknown activation "swish" (did you mean silu?)`,
		"f: none":                            `unknown activation "none" (did you mean linear?)`,
		"f: gelu_tanh":                       `unknown activation "gelu_tanh" (did you mean {type: gelu, approximate: tanh}?)`,
		"f: leakyrelu":                       `unknown activation "leakyrelu" (did you mean leaky_relu?)`,
	} {
		var got struct{ F Activation }
		doc, err := spec.Parse("t.yaml", []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		var p spec.Problems
		doc.Decode(&got, &p)
		err = p.Err(doc)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != "t.yaml:1:4: f: "+want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
