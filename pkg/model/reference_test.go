package model_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// referenceTolerance is the relative difference to PyTorch's float32 results that is allowed.
const referenceTolerance = 1e-5

// tensor and referenceRun mirror testdata/reference/mlp.json.
type tensor struct {
	Shape []int
	Data  []float64
}

type referenceRun struct {
	Outputs   tensor
	Loss      float64
	Gradients map[string]tensor
	Losses    []float64
	Final     map[string]tensor
}

type referenceCase struct {
	Name       string
	BatchSize  int `json:"batch_size"`
	Rates      []float64
	Inputs     map[string]tensor
	Target     tensor
	Parameters map[string]tensor
	Float32    referenceRun
	Float64    referenceRun
}

// The nets of mlp.json as specs, and the names of their parameters there and here.
var referenceSpecs = map[string]struct {
	spec  string
	names []string // ours, in the order of the reference's layers
}{
	"classifier": {`
layers:
  - {type: dense, units: 32, activation: relu}
  - {type: dense, units: 16, activation: tanh}
  - {type: dense, units: classes}
loss: cross_entropy
optimizer: {type: adam, learning_rate: 0.01}`, []string{"0=dense_1", "2=dense_2", "4=dense_3"}},
	"seed_regression": {`
layers:
  - {type: dense, units: 50, activation: relu}
  - {type: dense, units: targets}
loss: mse
optimizer: {type: adam, learning_rate: 0.001}`, []string{"0=dense_1", "2=dense_2"}},
	"two_features": {`
layers:
  - {type: dense, units: 16, bias: false}
  - batch_norm
  - {type: activation, function: gelu}
  - {type: dropout, rate: 0}
  - {type: dense, units: 8, bias: false}
  - batch_norm
  - {type: activation, function: gelu}
  - {type: dense, units: classes}
loss: cross_entropy
optimizer: {type: adamw, learning_rate: 0.02, weight_decay: 0.05}`, []string{"0=dense_1", "1=batch_norm_1", "4=dense_2", "5=batch_norm_2", "8=dense_3"}},
	"two_inputs": {`
layers:
  - {name: left, type: dense, inputs: [a], units: 6, activation: tanh}
  - {name: right, type: dense, inputs: [b], units: 5, activation: silu}
  - {type: concat, inputs: [left, right]}
  - {name: top, type: dense, units: classes}
loss: cross_entropy
optimizer: {type: adam, learning_rate: 0.01}`, []string{"left=left", "right=right", "top=top"}},
}

func TestNetsEqualPyTorch(t *testing.T) {
	text, err := os.ReadFile("../../testdata/reference/mlp.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []referenceCase }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) { compareNet(t, &c) })
	}
}

// network makes the net of a case from its spec and the shapes of its data.
func network(t *testing.T, c *referenceCase) *model.Network {
	t.Helper()
	text := "dataset: {format: synthetic, generator: xor}\n" + strings.TrimSpace(referenceSpecs[c.Name].spec) + "\n"
	doc, err := spec.Parse(c.Name, []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var p spec.Problems
	n := &model.Network{Config: model.Decode(doc, &p), Schema: &dataset.Schema{}}
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "x"} {
		if x, ok := c.Inputs[name]; ok {
			in := dataset.Input{Name: name, Block: len(n.Schema.Blocks), Hi: x.Shape[1], Shape: x.Shape[1:]}
			n.Schema.Blocks = append(n.Schema.Blocks, dataset.Block{Name: name, Shape: x.Shape[1:]})
			n.Schema.Inputs = append(n.Schema.Inputs, in)
		}
	}
	n.Heads = []task.Head{{Kind: task.Number, Width: 1}}
	if len(c.Target.Shape) == 1 {
		last := c.Float32.Outputs.Shape
		n.Heads = []task.Head{{Kind: task.Category, Width: last[len(last)-1]}}
	}
	return n
}

// parameter finds the storage of a reference's parameter, "0.weight" or "1.running_mean", among our variables.
func parameter(t *testing.T, c *referenceCase, state *exec.State, name string) (flat string, lo, hi int) {
	t.Helper()
	layer, role, _ := strings.Cut(name, ".")
	for _, pair := range referenceSpecs[c.Name].names {
		theirs, ours, _ := strings.Cut(pair, "=")
		if theirs != layer {
			continue
		}
		if strings.HasPrefix(ours, "batch_norm") {
			role = map[string]string{"weight": "gamma", "bias": "beta", "running_mean": "running_mean", "running_var": "running_variance"}[role]
		}
		if data := state.Data(ours + "." + role); data != nil {
			return ours + "." + role, 0, len(data)
		}
		for _, p := range state.Params("weights") {
			if p.Name == ours+"."+role {
				return "weights", p.Offset, p.Offset + p.Shape.Size()
			}
		}
	}
	t.Fatalf("no parameter for %s", name)
	return
}

func compareNet(t *testing.T, c *referenceCase) {
	n := network(t, c)
	g, err := n.TrainGraph(model.Rows(c.BatchSize), model.Alone)
	if err != nil {
		t.Fatal(err)
	}
	pool, state := parallel.New(2), exec.NewState()
	defer pool.Close()
	p, err := exec.Compile(g, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range c.Parameters {
		flat, lo, hi := parameter(t, c, state, name)
		narrow(state.Data(flat)[lo:hi], want.Data)
	}
	rows := c.Target.Shape[0]
	for step := range c.Rates {
		for _, b := range n.Schema.Blocks {
			x := c.Inputs[b.Name]
			for i := range c.BatchSize {
				row := (step*c.BatchSize + i) % rows
				narrow(p.Feed("input." + b.Name).F[i*x.Shape[1]:(i+1)*x.Shape[1]], x.Data[row*x.Shape[1]:(row+1)*x.Shape[1]])
			}
		}
		for i := range c.BatchSize {
			y := c.Target.Data[(step*c.BatchSize+i)%rows]
			if f := p.Feed(model.FeedTarget); f.I != nil {
				f.I[i] = int32(y)
			} else {
				f.F[i] = float32(y)
			}
		}
		if p.HasFeed(model.FeedStep) {
			p.Feed(model.FeedStep).I[0] = int32(step)
		}
		p.Feed(model.FeedUpdate).I[0] = int32(step + 1)
		p.Feed(model.FeedRate).F[0] = float32(c.Rates[step])
		p.Forward()
		weight := p.Output(model.OutLossWeight).F[0]
		near(t, fmt.Sprintf("loss of step %d", step+1), []float32{p.Output(model.OutLoss).F[0] / weight}, []float64{c.Float32.Losses[step]}, referenceTolerance)
		if step == 0 {
			grads := p.Output(model.OutGradient).F
			for name, want := range c.Float32.Gradients {
				_, lo, hi := parameter(t, c, state, name)
				got := make([]float32, hi-lo)
				for i := range got {
					got[i] = grads[lo+i] / weight
				}
				near(t, "gradient of "+name, got, want.Data, referenceTolerance)
			}
		}
		p.Update()
	}
	for name, want := range c.Float32.Final {
		flat, lo, hi := parameter(t, c, state, name)
		near(t, "final "+name, state.Data(flat)[lo:hi], want.Data, 1e-4)
	}
}

// near compares with a tolerance relative to the largest element: single small ones are differences of large numbers.
func near(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	scale := 0.0
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	for i, g := range got {
		if d := math.Abs(float64(g) - want[i]); d > tolerance*scale || math.IsNaN(d) {
			t.Errorf("%s[%d] = %v, PyTorch %v (%.2g of the largest)", what, i, g, want[i], d/scale)
			return
		}
	}
}

func narrow(dst []float32, src []float64) {
	for i, v := range src {
		dst[i] = float32(v)
	}
}
