// Command length measures what a training step of recurrent layers costs for sequences of 50 to 400 steps, in time and in
// memory, and draws it:
//
//	go run ./length > ../docs/length.svg
//
// The figures go to standard error as a table. Both ought to grow in proportion to the length: the dashed lines are the
// first point's, times the length.
package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"dnn/bench/chart"
	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

const (
	batch, features, units = 32, 16, 128
	rounds                 = 9
)

var (
	kinds   = []string{"rnn", "gru", "lstm"}
	lengths = []int{50, 100, 200, 400}
)

func main() {
	pool := parallel.New(0)
	defer pool.Close()
	var times, memory []chart.Line
	fmt.Fprintln(os.Stderr, "| layer | steps | step | memory |\n|---|---|---|---|")
	for _, kind := range kinds {
		t, m := chart.Line{Name: kind}, chart.Line{Name: kind}
		for _, n := range lengths {
			ms, mb, err := measure(kind, n, pool)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			fmt.Fprintf(os.Stderr, "| %s | %d | %.2f ms | %.1f MB |\n", kind, n, ms, mb)
			t.Points, m.Points = append(t.Points, chart.Point{X: float64(n), Y: ms}), append(m.Points, chart.Point{X: float64(n), Y: mb})
		}
		times, memory = append(times, t), append(memory, m)
	}
	title := fmt.Sprintf("Training step of a recurrent layer of %d units, batch %d, against the length of the sequences", units, batch)
	of := func(label string, lines []chart.Line) chart.Panel {
		return chart.Panel{Title: label, Across: "steps", Ticks: []float64{50, 100, 200, 400}, Lines: lines, Proportional: true}
	}
	fmt.Print(chart.Draw(title, of("ms a step", times), of("MB of memory", memory)))
}

// measure returns the median time of a step in milliseconds and the memory that its values share in megabytes.
func measure(kind string, steps int, pool *parallel.Pool) (ms, mb float64, err error) {
	text := fmt.Sprintf(`dataset: {format: synthetic, generator: blobs, rows: %d, features: %d, classes: 10}
layers: [{type: reshape, shape: [%d, %d]}, {type: %s, units: %d}, {type: dense, units: classes}]
loss: cross_entropy
optimizer: adam
train: {epochs: 1, batch_size: %d}
`, batch, steps*features, steps, features, kind, units, batch)
	doc, err := spec.Parse("length.yaml", []byte(text), nil)
	if err != nil {
		return 0, 0, err
	}
	job, err := model.Open(doc)
	if err != nil {
		return 0, 0, err
	}
	g, err := job.TrainGraph(model.Rows(batch), model.Alone)
	if err != nil {
		return 0, 0, err
	}
	p, err := job.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		return 0, 0, err
	}
	b := p.NewBatch(model.Rows(batch))
	if _, err := job.Data.Train.FillFrom(b, 0, batch); err != nil {
		return 0, 0, err
	}
	p.Feed(model.FeedUpdate).I[0] = 1
	took := make([]float64, rounds)
	for i := range took {
		p.Run()
		start := time.Now()
		for range 3 {
			p.Run()
		}
		took[i] = time.Since(start).Seconds() / 3
	}
	slices.Sort(took)
	return 1000 * took[rounds/2], float64(p.ArenaBytes()) / 1e6, nil
}
