// Command scaling simulates how training steps would scale to more threads than the machine has, and prints a table:
//
//	go run ./scaling
//
// A step runs on one thread, and each chunk of units that a pool of so many threads would claim is timed. Then the threads are
// simulated: each works on its own share of a phase's chunks and then on those of others, a claim costs what a claim costs, and a
// phase ends when all are done, after what handing it over costs. It is a model: threads that share caches and memory slow each
// other down, which it does not know. What it knows is whether the work is cut finely and evenly enough.
package main

import (
	"fmt"
	"os"
	"time"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

const (
	rounds = 25
	claim  = 40e-9  // seconds to claim a chunk
	phase  = 1.2e-6 // seconds to hand a phase over and wait for its end (BenchmarkPhase of internal/parallel)
)

var counts = []int{2, 4, 8, 16, 32}

type workload struct {
	name            string
	batch, features int
	layers          string
}

var workloads = []workload{
	{"MLP 784-512-256-10, batch 128", 128, 784, "{type: dense, units: 512, activation: relu}, {type: dense, units: 256, activation: relu}"},
	{"conv 32-64 on 28x28, batch 64", 64, 784, "{type: reshape, shape: [28, 28, 1]}, {type: conv2d, filters: 32, kernel: 3, activation: relu}, {type: conv2d, filters: 64, kernel: 3, activation: relu}, {type: max_pool2d, size: 2}, flatten, {type: dense, units: 128, activation: relu}"},
	{"LSTM 28x28 to 128, batch 64", 64, 784, "{type: reshape, shape: [28, 28]}, {type: lstm, units: 128}"},
	{"attention of 8 heads, 128 steps, batch 16", 16, 128 * 16, "{type: reshape, shape: [128, 16]}, {type: dense, units: 256}, {type: multi_head_attention, heads: 8}, pool_sequence"},
	{"10-50-1, batch 10", 10, 10, "{type: dense, units: 50, activation: relu}"},
}

func main() {
	fmt.Print("| training step | one thread |")
	for _, n := range counts {
		fmt.Printf(" %d |", n)
	}
	fmt.Print("\n|---|---|---|---|---|---|---|\n")
	for _, w := range workloads {
		p, err := w.compile()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		least := map[int]float64{}
		for range rounds { // in turns, since a machine's speed changes
			for _, n := range append([]int{1}, counts...) {
				if t := simulate(p, n); least[n] == 0 || t < least[n] {
					least[n] = t
				}
			}
		}
		fmt.Printf("| %s | %.3g ms |", w.name, 1e3*least[1])
		for _, n := range counts {
			fmt.Printf(" %.1f |", least[1]/least[n])
		}
		fmt.Println()
	}
}

// simulate runs a step and returns how many seconds it would take so many threads.
func simulate(p *model.Program, threads int) (seconds float64) {
	p.Trace(func(units int, serial bool, run func(worker, lo, hi int)) {
		if units == 0 {
			return
		}
		if serial || threads == 1 || units == 1 {
			start := time.Now()
			run(0, 0, units)
			seconds += time.Since(start).Seconds()
			return
		}
		size := max(1, units/(32*threads)) // as parallel.Pool cuts
		took := make([]float64, 0, (units+size-1)/size)
		for lo := 0; lo < units; lo += size {
			start := time.Now()
			run(0, lo, min(lo+size, units))
			took = append(took, time.Since(start).Seconds())
		}
		seconds += phase + span(took, threads)
	})
	return seconds
}

// span is the time until all chunks are done: whoever is free first claims the next of its share, or else of others'.
func span(took []float64, threads int) float64 {
	next, end, busy := make([]int, threads), make([]int, threads), make([]float64, threads)
	for i := range threads {
		next[i], end[i] = len(took)*i/threads, len(took)*(i+1)/threads
	}
	for range took {
		free := 0
		for i := range busy {
			if busy[i] < busy[free] {
				free = i
			}
		}
		of := free
		for next[of] == end[of] {
			of = (of + 1) % threads
		}
		busy[free] += claim + took[next[of]]
		next[of]++
	}
	last := 0.0
	for _, t := range busy {
		last = max(last, t)
	}
	return last
}

// compile makes the training step, as dnn train does it.
func (w workload) compile() (*model.Program, error) {
	text := fmt.Sprintf(`dataset: {format: synthetic, generator: blobs, rows: %d, features: %d, classes: 10}
layers: [%s, {type: dense, units: classes}]
loss: cross_entropy
optimizer: adam
train: {epochs: 1, batch_size: %d}
`, w.batch, w.features, w.layers, w.batch)
	doc, err := spec.Parse("scaling.yaml", []byte(text), nil)
	if err != nil {
		return nil, err
	}
	job, err := model.Open(doc)
	if err != nil {
		return nil, err
	}
	g, err := job.TrainGraph(model.Rows(w.batch), model.Alone)
	if err != nil {
		return nil, err
	}
	p, err := job.Compile(g, exec.NewState(), parallel.New(1), exec.Options{})
	if err != nil {
		return nil, err
	}
	b := p.NewBatch(model.Rows(w.batch))
	if _, err := job.Data.Train.FillFrom(b, 0, w.batch); err != nil {
		return nil, err
	}
	p.Feed(model.FeedUpdate).I[0] = 1
	return p, nil
}
