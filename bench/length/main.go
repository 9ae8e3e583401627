// Command length measures what a training step costs against the length of its sequences, in time and in memory, and draws it:
//
//	go run ./length recurrent > ../docs/length.svg
//	go run ./length attention > ../docs/attention.svg
//
// The figures go to standard error as a table. The dashed lines are the first point's, times the length: time and memory of
// recurrent layers, and the memory of attention, ought to follow them; the time of attention grows with the square.
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

const rounds = 9

// family is what a picture shows: some layers, measured for several lengths.
type family struct {
	title           string
	batch, features int
	lengths         []int
	layers          map[string]string // as in a spec, by name
	order           []string
}

var families = map[string]family{
	"recurrent": {
		title: "Training step of a recurrent layer of 128 units, batch 32, against the length of the sequences",
		batch: 32, features: 16, lengths: []int{50, 100, 200, 400},
		layers: map[string]string{"rnn": "{type: rnn, units: 128}", "gru": "{type: gru, units: 128}", "lstm": "{type: lstm, units: 128}"},
		order:  []string{"rnn", "gru", "lstm"},
	},
	"attention": {
		title: "Training step of attention, 8 heads of 16, one row, against the length of the sequence",
		batch: 1, features: 4, lengths: []int{256, 512, 1024, 2048, 4096},
		layers: map[string]string{
			"full":       "{type: dense, units: 128}, {type: multi_head_attention, heads: 8}, pool_sequence",
			"causal":     "{type: dense, units: 128}, {type: multi_head_attention, heads: 8, causal: true}, pool_sequence",
			"window 128": "{type: dense, units: 128}, {type: multi_head_attention, heads: 8, window: 128}, pool_sequence",
		},
		order: []string{"full", "causal", "window 128"},
	},
}

func main() {
	var f family
	if len(os.Args) == 2 {
		f = families[os.Args[1]]
	}
	if f.layers == nil {
		fmt.Fprintln(os.Stderr, "usage: length recurrent | attention")
		os.Exit(2)
	}
	pool := parallel.New(0)
	defer pool.Close()
	var times, memory []chart.Line
	var ticks []float64
	for _, n := range f.lengths {
		ticks = append(ticks, float64(n))
	}
	fmt.Fprintln(os.Stderr, "| layer | steps | step | memory |\n|---|---|---|---|")
	for _, kind := range f.order {
		t, m := chart.Line{Name: kind}, chart.Line{Name: kind}
		for _, n := range f.lengths {
			ms, mb, err := f.measure(f.layers[kind], n, pool)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			fmt.Fprintf(os.Stderr, "| %s | %d | %.2f ms | %.1f MB |\n", kind, n, ms, mb)
			t.Points, m.Points = append(t.Points, chart.Point{X: float64(n), Y: ms}), append(m.Points, chart.Point{X: float64(n), Y: mb})
		}
		times, memory = append(times, t), append(memory, m)
	}
	of := func(label string, lines []chart.Line) chart.Panel {
		return chart.Panel{Title: label, Across: "steps", Ticks: ticks, Lines: lines, Proportional: true}
	}
	fmt.Print(chart.Draw(f.title, of("ms a step", times), of("MB of memory", memory)))
}

// measure returns the median time of a step in milliseconds and the memory that its values share in megabytes.
func (f family) measure(layers string, steps int, pool *parallel.Pool) (ms, mb float64, err error) {
	text := fmt.Sprintf(`dataset: {format: synthetic, generator: blobs, rows: %d, features: %d, classes: 10}
layers: [{type: reshape, shape: [%d, %d]}, %s, {type: dense, units: classes}]
loss: cross_entropy
optimizer: adam
train: {epochs: 1, batch_size: %d}
`, f.batch, steps*f.features, steps, f.features, layers, f.batch)
	doc, err := spec.Parse("length.yaml", []byte(text), nil)
	if err != nil {
		return 0, 0, err
	}
	job, err := model.Open(doc)
	if err != nil {
		return 0, 0, err
	}
	g, err := job.TrainGraph(model.Rows(f.batch), model.Alone)
	if err != nil {
		return 0, 0, err
	}
	p, err := job.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		return 0, 0, err
	}
	b := p.NewBatch(model.Rows(f.batch))
	if _, err := job.Data.Train.FillFrom(b, 0, f.batch); err != nil {
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
