package op_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// ctcReference is a case of testdata/reference/sequences.json.
type ctcReference struct {
	Name                    string
	Zero                    bool `json:"zero_infinity"`
	X, Weights              array
	Labels, Lengths, Counts array
	Float64                 struct {
		Loss     []*float64 // nil where infinite
		Gradient *array
	}
}

type array struct {
	Shape graph.Shape
	Data  []float64
}

func (a array) ints() []int32 {
	list := make([]int32, len(a.Data))
	for i, v := range a.Data {
		list[i] = int32(v)
	}
	return list
}

// TestCTCReference holds losses and gradients of scores against PyTorch's.
func TestCTCReference(t *testing.T) {
	data, err := os.ReadFile("../../../testdata/reference/sequences.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ CTC []ctcReference }
	if err := json.Unmarshal(data, &file); err != nil || len(file.CTC) == 0 {
		t.Fatal("no cases", err)
	}
	for _, c := range file.CTC {
		t.Run(c.Name, func(t *testing.T) {
			b := graph.NewBuilder()
			rows := c.X.Shape[0]
			x := b.Input("x", graph.Floats(c.X.Shape...))
			loss := op.CTC(b, op.CTCAttrs{ZeroInfinity: c.Zero}, op.LogSoftmax(b, x), b.Input("labels", graph.Ints(c.Labels.Shape...)),
				b.Input("lengths", graph.Ints(rows)), b.Input("counts", graph.Ints(rows)))
			sum := op.Sum(b, op.Mul(b, loss, b.Input("weights", graph.Floats(rows))), nil, false)
			slope := grad.Build(b, sum, nil, []*graph.Value{x})[0]
			b.SetOutput("loss", loss)
			b.SetOutput("slope", slope)
			g := finish(t, b)
			floats := map[string]array{"x": c.X, "weights": c.Weights}
			ints := map[string]array{"labels": c.Labels, "lengths": c.Lengths, "counts": c.Counts}
			feeds := map[string]graph.Ref{}
			for name, a := range floats {
				feeds[name] = graph.Ref{F: a.Data}
			}
			for name, a := range ints {
				feeds[name] = graph.Ref{I: a.ints()}
			}
			values := exec.Evaluate(g, feeds)
			c.compare(t, "float64", values[loss].F, values[slope].F, 1e-12)

			pool := parallel.New(2)
			defer pool.Close()
			p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for name, a := range floats {
				for i, v := range a.Data {
					p.Feed(name).F[i] = float32(v)
				}
			}
			for name, a := range ints {
				copy(p.Feed(name).I, a.ints())
			}
			p.Run()
			c.compare(t, "float32", wider(p.Output("loss").F), wider(p.Output("slope").F), 2e-6)
		})
	}
}

func wider(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// compare holds numbers of either precision against PyTorch's in float64.
func (c *ctcReference) compare(t *testing.T, what string, loss, slope []float64, tolerance float64) {
	t.Helper()
	for i, want := range c.Float64.Loss {
		if want == nil {
			if !math.IsInf(loss[i], 1) {
				t.Errorf("%s: the loss of row %d is %v, want Inf", what, i, loss[i])
			}
		} else if !(math.Abs(loss[i]-*want) <= tolerance*(1+math.Abs(*want))) {
			t.Errorf("%s: the loss of row %d is %v, want %v", what, i, loss[i], *want)
		}
	}
	for i := range slope {
		switch {
		case slope[i] != slope[i]:
			t.Fatalf("%s: the gradient is not a number", what)
		case c.Float64.Gradient != nil && !(math.Abs(slope[i]-c.Float64.Gradient.Data[i]) <= tolerance):
			t.Fatalf("%s: the gradient %d is %v, want %v", what, i, slope[i], c.Float64.Gradient.Data[i])
		}
	}
}
