package infer

import (
	"math"
	"math/rand/v2"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// A net with its norms folded predictions as the net does but for the last bits, with averaged weights too; the net itself
// stays as it was.
func TestFolded(t *testing.T) {
	doc, err := spec.Load("../../configs/binary.yaml", []string{"layers[2].function=tanh"})
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(1)
	defer pool.Close()
	for _, averaged := range []bool{false, true} {
		state := trainedState(t, &job.Network, averaged)
		prediction := func(n *model.Network) []float32 {
			r := NewRunner(n, state, pool, false)
			if _, err := job.Data.Train.FillFrom(r.Batch(), 0, 100); err != nil {
				t.Fatal(err)
			}
			y, err := r.Run()
			if err != nil {
				t.Fatal(err)
			}
			return append([]float32{}, y[0].Prediction...)
		}
		before := prediction(&job.Network)
		net, folded, left, err := job.Folded(state)
		if err != nil || folded != 1 || left != 0 {
			t.Fatalf("%d norms are folded and %d left; %v", folded, left, err)
		}
		differ := false
		for i, got := range prediction(net) {
			if want := before[i]; math.Abs(float64(got-want)) > 1e-5*math.Abs(float64(want)) {
				t.Fatalf("prediction %d is %v, unfolded %v", i, got, want)
			}
			differ = differ || got != before[i]
		}
		if !differ {
			t.Error("not a bit differs: nothing was folded")
		}
		for i, got := range prediction(&job.Network) {
			if math.Float32bits(got) != math.Float32bits(before[i]) {
				t.Fatalf("prediction %d of the net itself is %v now, and was %v", i, got, before[i])
			}
		}
	}
}

// trainedState is a state as after a training: weights and statistics that are no first values.
func trainedState(t *testing.T, n *model.Network, averaged bool) *exec.State {
	t.Helper()
	g, err := n.PredictGraph(model.Rows(1))
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	if err := state.Bind(g); err != nil {
		t.Fatal(err)
	}
	if averaged {
		b := graph.NewBuilder()
		b.Var(model.VarAverage, graph.Slot, state.Shape(model.VarWeights), nil)
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if err := state.Bind(g); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, name := range state.Names() {
		data := state.Data(name)
		for i := range data {
			if data[i] = float32(0.3 * r.NormFloat64()); state.Class(name) == graph.State {
				data[i] = float32(0.5 + r.Float64())
			}
		}
	}
	return state
}
