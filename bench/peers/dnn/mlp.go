package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"dnn/bench/worker"
	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type mlpArgs struct {
	Sizes []int
	Batch int
	Loss  string
}

// A training step of a multilayer perceptron with relu between its layers: forward, loss, gradients and Adam, compiled
// from a spec as `dnn train` does it, and run as its loop runs it. The batch lies ready in the program's inputs.
func init() { worker.Register(stepOf[mlpArgs]) }

func (a mlpArgs) rows() int { return a.Batch }

func (a mlpArgs) spec() (string, error) {
	in, out := a.Sizes[0], a.Sizes[len(a.Sizes)-1]
	var b strings.Builder
	if a.Loss == "mse" {
		fmt.Fprintf(&b, "dataset: {format: synthetic, generator: random_regression, rows: %d, features: %d, targets: %d}\n", a.Batch, in, out)
	} else {
		fmt.Fprintf(&b, "dataset: {format: synthetic, generator: blobs, rows: %d, features: %d, classes: %d}\n", a.Batch, in, out)
	}
	fmt.Fprint(&b, "layers:\n")
	for i, units := range a.Sizes[1:] {
		activation := "relu"
		if i == len(a.Sizes)-2 {
			activation = "linear"
		}
		fmt.Fprintf(&b, "  - {type: dense, units: %d, activation: %s}\n", units, activation)
	}
	fmt.Fprintf(&b, "loss: %s\noptimizer: {type: adam, learning_rate: 0.001}\ntrain: {epochs: 1, batch_size: %d}\n", a.Loss, a.Batch)
	return b.String(), nil
}

// fill replaces data and first weights by those that all peers take.
func (a mlpArgs) fill(s *step, block string) {
	in, out := a.Sizes[0], a.Sizes[len(a.Sizes)-1]
	copy(s.program.Feed("input."+block).F, worker.Uniform(a.Batch*in, 1, -1.7, 1.7))
	if a.Loss == "mse" {
		copy(s.program.Feed(model.FeedTarget).F, worker.Uniform(a.Batch*out, 2, -1, 1))
	} else {
		copy(s.program.Feed(model.FeedTarget).I, worker.Classes(a.Batch, 2, out))
	}
	for i, p := range s.state.Params("weights") {
		fan := float64(a.Sizes[i/2])
		bound := math.Sqrt(3 / fan)
		if p.Role == "bias" {
			bound = 1 / math.Sqrt(fan)
		}
		copy(s.state.Data("weights")[p.Offset:], worker.Uniform(p.Shape.Size(), uint32(10+i), -bound, bound))
	}
}

// step is a compiled training step of any net.
type step struct {
	program *exec.Program
	state   *exec.State
	pool    *exec.Pool
	first   map[string][]float32
	items   int // that the loss is summed over: rows, or tokens
	t       int32
}

// stepArgs describe a net of which a training step is measured.
type stepArgs interface {
	spec() (string, error)
	rows() int
	fill(s *step, block string) // replaces data and first weights by those that all peers take
}

// stepOf makes the workload of a kind of net.
func stepOf[T stepArgs](raw json.RawMessage, threads int) (*worker.Work, error) {
	a, err := worker.Args[T](raw)
	if err != nil {
		return nil, err
	}
	text, err := a.spec()
	if err != nil {
		return nil, err
	}
	s, job, err := newStep(text, a.rows(), threads)
	if err != nil {
		return nil, err
	}
	a.fill(s, job.Schema.Blocks[0].Name)
	return s.work()
}

// newStep compiles a spec.
func newStep(text string, batch, threads int) (*step, *model.Job, error) {
	doc, err := spec.Parse("bench.yaml", []byte(text), nil)
	if err != nil {
		return nil, nil, err
	}
	job, err := model.Open(doc)
	if err != nil {
		return nil, nil, err
	}
	g, err := job.TrainGraph(model.Rows(batch), model.Alone)
	if err != nil {
		return nil, nil, err
	}
	s := &step{state: exec.NewState(), items: batch, pool: parallel.New(threads)}
	s.program, err = exec.Compile(g, s.state, s.pool, exec.Options{})
	return s, job, err
}

// checkSteps is after how many steps all who train the same net are to have the same loss.
const checkSteps = 20

func (s *step) work() (*worker.Work, error) {
	s.first = map[string][]float32{}
	for _, name := range s.state.Names() {
		if s.state.Class(name) != graph.Slot {
			s.first[name] = append([]float32(nil), s.state.Data(name)...)
		}
	}
	w := &worker.Work{Run: s.run, Reset: s.reset, Steps: 500}
	s.run(checkSteps)
	w.Check = s.loss()
	return w, nil
}

func (s *step) loss() float64 {
	return float64(s.program.Output(model.OutLoss).F[0]) / float64(s.items)
}

func (s *step) run(n int) {
	p := s.program
	for range n {
		s.t++
		if p.HasFeed(model.FeedStep) {
			p.Feed(model.FeedStep).I[0] = s.t - 1
		}
		p.Feed(model.FeedUpdate).I[0] = s.t
		p.Feed(model.FeedRate).F[0] = 0.001
		p.Forward()
		if l := s.loss(); math.IsNaN(l) || math.IsInf(l, 0) {
			panic("diverged")
		}
		p.Update()
	}
}

func (s *step) reset() {
	s.t = 0
	for _, name := range s.state.Names() {
		copy(s.state.Data(name), s.first[name])
		if s.first[name] == nil {
			clear(s.state.Data(name))
		}
	}
}
