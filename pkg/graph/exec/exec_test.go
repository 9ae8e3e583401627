package exec_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
	"dnn/pkg/graph/plan"
)

// randomStep builds a random training step: a chain of layers over a batch with shared values, views and several readers,
// its gradient packed flat, and an update of the weights and of a running mean.
func randomStep(r *rand.Rand) *graph.Graph {
	b := graph.NewBuilder()
	rows, width := 1+r.IntN(7), 2+r.IntN(9)
	x := b.Input("x", graph.Floats(rows, width))
	pool := []*graph.Value{x}
	var views []*graph.Value
	param := func(shape ...int) *graph.Value {
		name := string(rune('a' + len(views)))
		seed := r.Uint64()
		p := b.Param(graph.Param{Name: name, Shape: shape, Init: func(dst []float32) {
			q := rand.New(rand.NewPCG(seed, 1))
			for i := range dst {
				dst[i] = float32(q.NormFloat64()) * 0.3
			}
		}}, true)
		views = append(views, p)
		return p
	}
	for range 3 + r.IntN(8) {
		a, c := pool[r.IntN(len(pool))], pool[r.IntN(len(pool))]
		var v *graph.Value
		switch r.IntN(7) {
		case 0:
			v = op.Add(b, a, c)
		case 1:
			v = op.Mul(b, a, c)
		case 2:
			v = op.Activate(b, op.Add(b, op.MatMul(b, a, param(width, width), false, true), param(width)), 1+0, 0)
		case 3:
			v = op.Reshape(b, op.Scale(b, op.Reshape(b, a, rows*width), 0.5), rows, width)
		case 4:
			v = op.Softmax(b, a)
		case 5:
			v = op.Mul(b, a, param(width))
		case 6:
			v = op.Concat(b, 1, op.Slice(b, a, 1, 0, width/2), op.Slice(b, c, 1, width/2, width))
		}
		pool = append(pool, v)
	}
	out := pool[len(pool)-1]
	loss := op.Sum(b, op.Square(b, op.Add(b, out, op.Mul(b, x, param(width)))), []int{0, 1}, false)
	b.SetOutput("loss", loss)
	var parts []*graph.Value
	var offsets []int
	for i, g := range grad.Build(b, loss, nil, views) {
		if g != nil {
			parts, offsets = append(parts, g), append(offsets, b.Weights().Params[i].Offset)
		}
	}
	b.Stage = graph.Backward
	flat := op.Pack(b, b.Weights().Value.Shape.Size(), offsets, parts...)
	b.SetOutput("gradient", flat)
	b.Stage = graph.Update
	mean := b.Var("mean", graph.State, graph.Shape{rows, width}, nil)
	b.Assign(mean, op.Lerp(b, mean.Value, out, 0.1))
	b.Assign(b.Weights(), op.Sub(b, b.Weights().Value, op.Scale(b, flat, 0.01)))
	g, err := b.Finish()
	if err != nil {
		panic(err)
	}
	return g
}

// runSteps runs three steps and returns the bits of all that a caller can see.
func runSteps(t *testing.T, g *graph.Graph, threads int, o exec.Options, seed uint64) []uint32 {
	t.Helper()
	return stepsBy((*exec.Program).Run, t, g, threads, o, seed)
}

func stepsBy(run func(p *exec.Program), t *testing.T, g *graph.Graph, threads int, o exec.Options, seed uint64) []uint32 {
	t.Helper()
	pool := parallel.New(threads)
	defer pool.Close()
	state := exec.NewState()
	p, err := exec.Compile(g, state, pool, o)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	var bits []uint32
	for range 3 {
		x := p.Feed("x").F
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		run(p)
		for _, data := range [][]float32{p.Output("loss").F, p.Output("gradient").F, state.Buffer("weights").Floats(), state.Data("mean")} {
			for _, v := range data {
				bits = append(bits, math.Float32bits(v))
			}
		}
	}
	return bits
}

// TestTrace runs the units of each phase one by one, the last first.
func TestTrace(t *testing.T) {
	backwards := func(p *exec.Program) {
		p.Trace(func(units int, serial bool, run func(worker, lo, hi int)) {
			if serial {
				run(0, 0, units)
				return
			}
			for i := units; i > 0; i-- {
				run(0, i-1, i)
			}
		})
	}
	for seed := range uint64(20) {
		g := randomStep(rand.New(rand.NewPCG(seed, 0)))
		if !slices.Equal(stepsBy(backwards, t, g, 1, exec.Options{}, seed), runSteps(t, g, 1, exec.Options{}, seed)) {
			t.Errorf("seed %d: the order of units changes the result", seed)
		}
	}
}

func TestMemoryPlanPassesAndThreadsChangeNoBit(t *testing.T) {
	for seed := range uint64(150) {
		g := randomStep(rand.New(rand.NewPCG(seed, 0)))
		if seed%3 > 0 { // with numbers kept as BF16, too
			var err error
			if g, err = (pass.Storage{Weights: seed%2 == 0, Activations: true}).Run(g); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		want := runSteps(t, g, 1, exec.Options{Plan: plan.Options{KeepAll: true}}, seed)
		if got := runSteps(t, g, 1, exec.Options{}, seed); !slices.Equal(got, want) {
			t.Fatalf("seed %d: sharing memory changes the result", seed)
		}
		optimized, err := pass.Run(g, nil)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got := runSteps(t, optimized, 3, exec.Options{}, seed); !slices.Equal(got, want) {
			t.Fatalf("seed %d: passes or threads change the result", seed)
		}
		for _, name := range pass.Names() {
			one, err := pass.Run(g, []string{name})
			if err != nil {
				t.Fatalf("seed %d without %s: %v", seed, name, err)
			}
			if got := runSteps(t, one, 2, exec.Options{}, seed); !slices.Equal(got, want) {
				t.Fatalf("seed %d: the pass %s changes the result", seed, name)
			}
		}
	}
}

func TestProgramFollowsReference(t *testing.T) {
	for seed := range uint64(40) {
		g := randomStep(rand.New(rand.NewPCG(seed, 0)))
		pool := parallel.New(1)
		state := exec.NewState()
		p, err := exec.Compile(g, state, pool, exec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed, 3))
		x := make([]float64, len(p.Feed("x").F))
		for i := range x {
			p.Feed("x").F[i] = float32(r.NormFloat64())
			x[i] = float64(p.Feed("x").F[i])
		}
		ref := exec.Evaluate(g, map[string]graph.Ref{"x": {F: x}})
		p.Run()
		for _, name := range []string{"loss", "gradient"} {
			want := ref[g.Output(name)].F
			scale := 1.0
			for _, w := range want {
				scale = max(scale, math.Abs(w))
			}
			for i, got := range p.Output(name).F {
				if d := math.Abs(float64(got) - want[i]); d > 1e-4*scale || math.IsNaN(d) {
					t.Fatalf("seed %d: %s[%d] = %v, reference %v", seed, name, i, got, want[i])
				}
			}
		}
		pool.Close()
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	g := randomStep(rand.New(rand.NewPCG(4, 0)))
	pool := parallel.New(2)
	defer pool.Close()
	p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(50, p.Run); n != 0 {
		t.Fatalf("%v allocations a step", n)
	}
}

// TestMoreThanTheMachineHas: a program that cannot have its memory is an error, not the end of the process.
func TestMoreThanTheMachineHas(t *testing.T) {
	if exec.Memory() == 0 {
		t.Skip("the memory of this machine is not known")
	}
	b := graph.NewBuilder()
	b.Var("huge", graph.Slot, graph.Shape{exec.Memory()}, nil)
	b.SetOutput("x", b.Scalar(1))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(1)
	defer pool.Close()
	if _, err := exec.Compile(g, exec.NewState(), pool, exec.Options{}); err == nil || !strings.Contains(err.Error(), "GB of memory") {
		t.Errorf("got %v", err)
	}
}

// TestReserve: whoever has the values of the variables pays for no first values.
func TestReserve(t *testing.T) {
	graphOf := func(size int) *graph.Graph {
		b := graph.NewBuilder()
		b.Var("v", graph.Slot, graph.Shape{size}, func([]float32) { t.Error("first values were made") })
		b.SetOutput("x", b.Scalar(1))
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	s := exec.NewState()
	if err := s.Declare(graphOf(3)); err != nil || s.Data("v") != nil || !s.Shape("v").Equal(graph.Shape{3}) {
		t.Errorf("declared: %v, %v", s.Data("v"), err)
	}
	if err := s.Declare(graphOf(4)); err == nil {
		t.Error("a variable has two shapes")
	}
	if err := s.Reserve(); err != nil || len(s.Data("v")) != 3 {
		t.Errorf("reserved: %v, %v", s.Data("v"), err)
	}
	if err := s.Bind(graphOf(3)); err != nil {
		t.Error(err)
	}
	huge := exec.NewState()
	if err := huge.Declare(graphOf(1 << 50)); err != nil {
		t.Error(err)
	}
	if err := huge.Reserve(); exec.Memory() > 0 && (err == nil || !strings.Contains(err.Error(), "GB of memory")) {
		t.Errorf("got %v", err)
	}
}

// TestVariablesOfSmallTypes: first values are rounded to the type of the variable, which all graphs must agree on.
func TestVariablesOfSmallTypes(t *testing.T) {
	graphOf := func(d graph.DType) *graph.Graph {
		b := graph.NewBuilder()
		b.VarOf("v", graph.Slot, graph.Type{DType: d, Shape: graph.Shape{3}}, func(dst []float32) { copy(dst, []float32{1, -2, 1 + 0x1p-9}) })
		b.SetOutput("x", b.Scalar(1))
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	s := exec.NewState()
	if err := s.Bind(graphOf(graph.BF16)); err != nil {
		t.Fatal(err)
	}
	if b := s.Buffer("v"); !slices.Equal(b.H, []uint16{0x3f80, 0xc000, 0x3f80}) || s.Data("v") != nil || s.Type("v").DType != graph.BF16 {
		t.Errorf("the variable holds %v", b)
	}
	if err := s.Bind(graphOf(graph.F32)); err == nil || err.Error() != "variable v is f32[3] here and bf16[3] there" {
		t.Errorf("got %v", err)
	}
}
