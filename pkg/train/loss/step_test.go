package loss

import (
	"math"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/task"
)

// step is a graph with the step's loss and its gradient by x as outputs, and with the value of each.
type step struct {
	graph           *graph.Graph
	loss, slope     *graph.Value
	feeds           map[string]tensor
	value, gradient []float64
}

// build makes the graph that the trainer makes, with x as the net's output.
func build(t *testing.T, l Loss, target task.Head, x, truth tensor, ints bool, samples []float64) *step {
	t.Helper()
	b := graph.NewBuilder()
	in := b.Input("x", graph.Floats(x.Shape...))
	kind := graph.Floats(truth.Shape...)
	if ints {
		kind = graph.Ints(truth.Shape...)
	}
	rows, weight := l.(RowLoss).Rows(b, target, in, b.Input("truth", kind))
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
