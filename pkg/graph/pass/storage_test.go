package pass_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/pass"
	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
)

func memoryOf(t *testing.T, g *graph.Graph) plan.Memory {
	t.Helper()
	p, err := plan.Make(g, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Memory()
}

// TestStorageSavesMemory: weights and slots take half, and what is kept for the backward pass not much more than half.
func TestStorageSavesMemory(t *testing.T) {
	for file, arena := range map[string]float64{"resnet": 0.72, "gpt": 0.72, "vit": 0.72, "lstm": 0.82} {
		whole, half := memoryOf(t, net{file: file}.step(t, nil)), memoryOf(t, net{file: file, sets: bf16}.step(t, nil))
		if 2*half.Weights != whole.Weights || 2*half.Optimizer != whole.Optimizer {
			t.Errorf("%s: weights %d of %d bytes, slots %d of %d", file, half.Weights, whole.Weights, half.Optimizer, whole.Optimizer)
		}
		if most := 0.6 * float64(whole.Kept); float64(half.Kept) > most {
			t.Errorf("%s: %d bytes are kept for the backward pass, of %d", file, half.Kept, whole.Kept)
		}
		if most := arena * float64(whole.Values); float64(half.Values) > most {
			t.Errorf("%s: the arena takes %d bytes, of %d", file, half.Values, whole.Values)
		}
	}
}

// TestSavedValuesAreRounded: what the backward pass reads of the forward pass is widened from BF16, but for statistics, the loss and
// what is small.
func TestSavedValuesAreRounded(t *testing.T) {
	g := net{file: "gpt", sets: bf16}.step(t, nil)
	largest := 0
	for _, v := range g.Values {
		if v.Node.Op != nil && v.Node.Stage == graph.Forward && v.Node.Scope != "loss" {
			largest = max(largest, v.Shape.Size())
		}
	}
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			m := v.Node
			if n.Stage != graph.Backward || m.Op == nil || m.Op.View != nil || m.Stage != graph.Forward || m.Scope == "loss" || v.DType != graph.F32 {
				continue
			}
			if v.Shape.Size() >= m.Outputs[0].Shape.Size() && v.Shape.Size()*64 >= largest {
				t.Errorf("%s (%s) reads %%%d, %v of %s, as it was", n.Label(), n.Scope, v.ID, v.Type, m.Label())
			}
		}
	}
}

// TestGradientsOfRoundedActivations differ from the others by no more than rounding explains.
func TestGradientsOfRoundedActivations(t *testing.T) {
	for _, file := range []string{"mlp", "skip", "resnet"} {
		want := gradientOf(t, net{file: file}.step(t, nil))
		got := gradientOf(t, net{file: file, sets: bf16[:1]}.step(t, nil))
		difference, size := 0.0, 0.0
		for i, w := range want {
			difference += math.Pow(float64(got[i]-w), 2)
			size += float64(w) * float64(w)
		}
		if err := math.Sqrt(difference / size); err == 0 || err > 0x1p-7 {
			t.Errorf("%s: the gradient is off by %.2g of its length", file, err)
		}
	}
}

// gradientOf runs one step with random data.
func gradientOf(t *testing.T, g *graph.Graph) []float32 {
	t.Helper()
	pool := parallel.New(1)
	defer pool.Close()
	p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			b := p.Feed(n.Name)
			for j := range b.F {
				b.F[j] = float32(r.NormFloat64())
			}
			for j := range b.I {
				b.I[j] = int32(r.IntN(3))
			}
		}
	}
	p.Forward()
	return p.Output(model.OutGradient).F
}

// TestStorageTakesWhatIsKeptForEachWeight, and nothing that others than the optimizer's update read.
func TestStorageTakesWhatIsKeptForEachWeight(t *testing.T) {
	types := func(sets ...string) map[string]graph.DType {
		job := net{file: "mlp", sets: sets}.open(t)
		g, err := job.Network.TrainGraph(model.Rows(8), model.Ending)
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]graph.DType{}
		for _, v := range g.Vars {
			have[v.Name] = v.Value.DType
		}
		return have
	}
	have := types("train.precision=bf16", "optimizer.type=nadam", "train.weight_average={}")
	want := map[string]graph.DType{
		"weights": graph.F32, "optimizer.exp_avg": graph.BF16, "optimizer.exp_avg_sq": graph.BF16, "optimizer.mu_product": graph.F32,
		"accumulated_gradient": graph.F32, "accumulated_weight": graph.F32, "average": graph.F32,
	}
	for name, d := range want {
		if got, ok := have[name]; !ok || got != d {
			t.Errorf("%s is %v, want %v", name, got, d)
		}
	}
	if have := types("train.precision.weights=bf16"); have["weights"] != graph.BF16 || have["optimizer.exp_avg"] != graph.F32 {
		t.Errorf("with weights as BF16: %v", have)
	}
}

// TestStoredWidensWhereItIsRead: a graph for prediction computes the same with weights that are bfloat16 numbers kept as such.
func TestStoredWidensWhereItIsRead(t *testing.T) {
	job := net{file: "mlp", sets: bf16}.open(t)
	g, err := job.Network.PredictGraph(model.Rows(4))
	if err != nil {
		t.Fatal(err)
	}
	half, err := pass.Stored(g, map[string]graph.DType{"weights": graph.BF16})
	if err != nil {
		t.Fatal(err)
	}
	if d := half.Var("weights").Value.DType; d != graph.BF16 {
		t.Fatalf("the weights are %v", d)
	}
	state, wide := exec.NewState(), exec.NewState()
	if err := state.Bind(half); err != nil {
		t.Fatal(err)
	}
	if err := wide.Bind(g); err != nil {
		t.Fatal(err)
	}
	copy(wide.Data("weights"), state.Buffer("weights").Floats())
	pool := parallel.New(1)
	defer pool.Close()
	predict := func(g *graph.Graph, s *exec.State) []float32 {
		p, err := exec.Compile(g, s, pool, exec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		x := p.Feed(model.FeedBlock + "features").F
		for i := range x {
			x[i] = float32(i%5) - 2
		}
		p.Run()
		return p.Output(model.OutPrediction).F
	}
	want, got := predict(g, wide), predict(half, state)
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("prediction %d is %v, want %v", i, got[i], want[i])
		}
	}
}
