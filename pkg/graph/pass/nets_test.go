package pass_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/pass"
	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// net is a shipped spec, with settings of its own.
type net struct {
	file string
	sets []string
	// finds are ops that the optimized training step has, leaves those that it has no more.
	finds, leaves []string
}

var nets = []net{
	{file: "mlp", finds: []string{"softmax_cross_entropy_with_grad", "dense"}, leaves: []string{"log_softmax", "log_softmax_grad", "row_dot", "one_hot", "broadcast_to", "scale"}},
	{file: "mlp", sets: []string{"loss.class_weights=balanced"}, finds: []string{"softmax_cross_entropy_with_grad"}, leaves: []string{"log_softmax", "one_hot"}},
	{file: "digits", finds: []string{"softmax_cross_entropy_with_grad"}, leaves: []string{"log_softmax", "one_hot"}},
	{file: "digits", sets: []string{"loss.class_weights=balanced"}, finds: []string{"softmax_cross_entropy_with_grad"}, leaves: []string{"log_softmax"}},
	{file: "regression", finds: []string{"chain"}, leaves: []string{"broadcast_to", "mul"}},
	{file: "binary", finds: []string{"chain", "batch_norm_relu", "batch_norm_relu_grad"}, leaves: []string{"broadcast_to", "activate", "activate_grad"}},
	{file: "skip", leaves: []string{"broadcast_to"}},
	{file: "cnn", sets: small(2, 5), finds: []string{"conv_act", "conv_weight_grad"}, leaves: []string{"conv", "activate"}},
	{file: "resnet", sets: small(2, 4), finds: []string{"conv", "conv_transpose", "batch_norm_relu"}},
	{file: "mlp", sets: bf16, finds: []string{"softmax_cross_entropy_with_grad", "dense", "convert"}, leaves: []string{"log_softmax"}},
	{file: "resnet", sets: append(small(2, 4), bf16...), finds: []string{"conv", "conv_transpose", "batch_norm_relu", "convert"}},
	{file: "skip", sets: bf16, finds: []string{"convert"}},
	{file: "skip", sets: again},
	{file: "binary", sets: append(slices.Clone(bf16), again...), finds: []string{"convert"}},
	{file: "resnet", sets: append(small(2, 4), again...), finds: []string{"conv", "conv_transpose", "batch_norm_relu"}},
}

// bf16 keeps all that can be as BF16.
var bf16 = []string{"train.precision.activations=bf16", "train.precision.optimizer=bf16", "train.precision.weights=bf16"}

// again computes all layers again for the backward pass.
var again = []string{"train.recompute='*'"}

// small takes so few and small pictures that a net of convolutions is soon done.
func small(batch, side int) []string {
	return []string{fmt.Sprint("train.batch_size=", batch), fmt.Sprint("dataset.image.width=", side), fmt.Sprint("dataset.image.height=", side)}
}

func (n net) String() string { return fmt.Sprint(n.file, n.sets) }

// opened are the nets whose data is read already.
var opened = map[string]*model.Job{}

func (n net) open(t *testing.T) *model.Job {
	t.Helper()
	if job := opened[n.String()]; job != nil {
		return job
	}
	doc, err := spec.Load(filepath.Join("../../../configs", n.file+".yaml"), n.sets)
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	opened[n.String()] = job
	return job
}

// step compiles the training step with some passes switched off.
func (n net) step(t *testing.T, off []string) *graph.Graph {
	t.Helper()
	job := n.open(t)
	job.Network.Off = off
	g, err := job.Network.TrainGraph(model.Rows(job.Network.Config.Train.BatchSize), model.Alone)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// run takes some steps with made-up data and returns the bits of all outputs and variables after each.
func run(t *testing.T, g *graph.Graph, o exec.Options, threads int) []uint32 {
	t.Helper()
	pool, state := parallel.New(threads), exec.NewState()
	defer pool.Close()
	p, err := exec.Compile(g, state, pool, o)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var bits []uint32
	keep := func(x []float32) {
		for _, v := range x {
			bits = append(bits, math.Float32bits(v))
		}
	}
	for i := range 3 {
		for _, n := range g.Nodes {
			if n.Leaf != graph.Input {
				continue
			}
			b := p.Feed(n.Name)
			for j := range b.F {
				b.F[j] = float32(r.NormFloat64())
			}
			for j := range b.I {
				b.I[j] = int32(r.IntN(3))
			}
			switch n.Name {
			case model.FeedRate:
				b.F[0] = 0.01
			case model.FeedUpdate, model.FeedStep:
				b.I[0] = int32(i + 1)
			}
		}
		p.Run()
		for _, out := range g.Outputs {
			keep(p.Output(out.Name).F)
		}
		for _, name := range state.Names() {
			keep(state.Buffer(name).Floats())
		}
	}
	return bits
}

func TestPassesChangeNoBitOfShippedNets(t *testing.T) {
	defer cpu.Use(cpu.Variant())
	for _, n := range nets {
		t.Run(n.String(), func(t *testing.T) {
			plain := n.step(t, pass.Names())
			want := run(t, plain, exec.Options{Plan: plan.Options{KeepAll: true}}, 1)
			check := func(off ...string) {
				if got := run(t, n.step(t, off), exec.Options{}, 2); !slices.Equal(got, want) {
					t.Errorf("%s without %q: passes change the result", cpu.Variant(), off)
				}
			}
			for _, v := range cpu.Variants() {
				if err := cpu.Use(v); err != nil {
					t.Fatal(err)
				}
				check()
			}
			for _, name := range pass.Names() { // under the last, which is the fastest
				check(name)
			}
		})
	}
}

// Every pattern that a pass is for is really found, the gradients are computed where the flat array wants them, and no
// variable has to be copied.
func TestPassesFindTheirPatterns(t *testing.T) {
	for _, n := range nets {
		t.Run(n.String(), func(t *testing.T) {
			g := n.step(t, nil)
			have := map[string]int{}
			for _, m := range g.Nodes {
				if m.Op != nil {
					have[m.Op.Name]++
				}
			}
			for _, name := range n.finds {
				if have[name] == 0 {
					t.Errorf("no %s", name)
				}
			}
			for _, name := range n.leaves {
				if have[name] > 0 {
					t.Errorf("%d times %s", have[name], name)
				}
			}
			p, err := plan.Make(g, plan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Copies) > 0 {
				t.Errorf("%d variables are copied", len(p.Copies))
			}
			for _, placed := range p.InPlaced {
				if slices.Contains(placed, false) {
					t.Errorf("gradients in place: %v", placed)
				}
			}
		})
	}
}

// The gradient of the first layer's input is needed by nobody, so no product computes it.
func TestNoGradientOfTheInput(t *testing.T) {
	for _, off := range [][]string{nil, pass.Names()} {
		g := net{file: "mlp"}.step(t, off)
		p, err := plan.Make(g, plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		products, layers := 0, 0
		for _, m := range p.Order {
			if m.Op.Name == "matmul" && m.Stage == graph.Backward {
				products++
			}
		}
		for _, q := range g.Var("weights").Params {
			if q.Role == "weight" {
				layers++
			}
		}
		if products != 2*layers-1 {
			t.Errorf("%d products for the gradients of %d layers", products, layers)
		}
	}
}
