package optim

import (
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

// updater is a graph of nothing but updates: gradients and scale are fed, parameters lie in several parts.
type updater struct {
	graph *graph.Graph
	rate  schedule.Schedule
	parts []graph.Param
}

func newUpdater(t *testing.T, o Optimizer, file references, clip map[string]float64, ema float64) *updater {
	t.Helper()
	b := graph.NewBuilder()
	at := 0
	for i, n := range file.Parts {
		first := file.Initial[at : at+n]
		b.Param(graph.Param{Name: string(rune('a'+i)) + ".weight", Layer: string(rune('a' + i)), Role: "weight", Shape: graph.Shape{n},
			Init: func(dst []float32) { copy(dst, convert[float32](first)) }}, true)
		at += n
	}
	w := b.Weights()
	b.Stage = graph.Update
	grads, scale := b.Input("grads", w.Value.Type), b.Input("scale", graph.Floats())
	if limit := clip["norm"]; limit > 0 {
		var norm *graph.Value
		scale, norm = ClipNorm(b, grads, scale, limit)
		b.SetOutput("norm", norm)
	}
	if limit := clip["value"]; limit > 0 {
		grads, scale = ClipValue(b, grads, scale, limit)
	}
	b.SetOutput("clipped", op.Mul(b, grads, scale))
	next := o.Update(&Update{B: b, Weights: w, Grads: grads, Scale: scale, Rate: b.Input("rate", graph.Floats()), Step: b.Input("step", graph.Ints())})
	if ema > 0 {
		mean := b.Var("mean", graph.Slot, w.Value.Shape, w.Init)
		b.Assign(mean, op.Lerp(b, mean.Value, next, 1-ema))
	}
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return &updater{g, o.Learning(), w.Params}
}

// spread lays parts behind each other as they lie in the flat array; gather is the way back.
func (u *updater) spread(dst []float32, x []float64) {
	for _, p := range u.parts {
		copy(dst[p.Offset:], convert[float32](x[:p.Shape.Size()]))
		x = x[p.Shape.Size():]
	}
}

func gather[F float32 | float64](u *updater, x []F) []float64 {
	var out []float64
	for _, p := range u.parts {
		out = append(out, convert[float64](x[p.Offset:p.Offset+p.Shape.Size()])...)
	}
	return out
}

func convert[B, A float32 | float64](x []A) []B {
	y := make([]B, len(x))
	for i, v := range x {
		y[i] = B(v)
	}
	return y
}

// run makes ten steps in float32, each with the sum of its gradients and their number as the divisor.
func (u *updater) run(t *testing.T, file references, sets []string) trajectory {
	t.Helper()
	pool := parallel.New(2)
	defer pool.Close()
	state := exec.NewState()
	p, err := exec.Compile(u.graph, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out trajectory
	sum := make([]float64, len(file.Initial))
	for step := range file.Gradients[sets[0]] {
		clear(sum)
		for _, set := range sets {
			for i, g := range file.Gradients[set][step] {
				sum[i] += g
			}
		}
		u.spread(p.Feed("grads").F, sum)
		p.Feed("scale").F[0] = 1 / float32(len(sets))
		p.Feed("rate").F[0] = float32(u.rate.Rate(schedule.Position{Step: step}))
		p.Feed("step").I[0] = int32(step + 1)
		p.Run()
		out.Parameters = append(out.Parameters, gather(u, state.Data("weights")))
		out.Clipped = append(out.Clipped, gather(u, p.Output("clipped").F))
		if u.graph.Output("norm") != nil {
			out.Norms = append(out.Norms, float64(p.Output("norm").F[0]))
		}
		if mean := state.Data("mean"); mean != nil {
			out.EMA = append(out.EMA, gather(u, mean))
		}
		for i, v := range state.Data("weights") {
			if inside(u.parts, i) == (v == 0) && step == 0 {
				t.Fatalf("element %d of the flat array is %v", i, v)
			}
		}
	}
	return out
}

func inside(parts []graph.Param, i int) bool {
	for _, p := range parts {
		if i >= p.Offset && i < p.Offset+p.Shape.Size() {
			return true
		}
	}
	return false
}

// evaluate makes the ten steps in float64.
func (u *updater) evaluate(file references, sets []string) trajectory {
	var out trajectory
	feeds := map[string]graph.Ref{}
	size := u.graph.Var("weights").Value.Shape.Size()
	first := make([]float32, size)
	u.spread(first, file.Initial)
	feeds["weights"] = graph.Ref{F: convert[float64](first)}
	for step := range file.Gradients[sets[0]] {
		grads := make([]float64, size)
		for _, set := range sets {
			one := make([]float32, size)
			u.spread(one, file.Gradients[set][step])
			for i, g := range one {
				grads[i] += float64(g)
			}
		}
		feeds["grads"], feeds["scale"] = graph.Ref{F: grads}, graph.Ref{F: []float64{1 / float64(len(sets))}}
		feeds["rate"] = graph.Ref{F: []float64{u.rate.Rate(schedule.Position{Step: step})}}
		feeds["step"] = graph.Ref{I: []int32{int32(step + 1)}}
		values := exec.Evaluate(u.graph, feeds)
		for _, a := range u.graph.Assigns {
			feeds[a.Var.Name] = values[a.Value]
		}
		out.Parameters = append(out.Parameters, gather(u, feeds["weights"].F))
		out.Clipped = append(out.Clipped, gather(u, values[u.graph.Output("clipped")].F))
		if norm := u.graph.Output("norm"); norm != nil {
			out.Norms = append(out.Norms, values[norm].F[0])
		}
		if mean, ok := feeds["mean"]; ok {
			out.EMA = append(out.EMA, gather(u, mean.F))
		}
	}
	return out
}
