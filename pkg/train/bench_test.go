package train

import (
	"fmt"
	"os"
	"testing"

	"dnn/pkg/model"
)

// The nets whose steps are timed, as specs over made-up rows.
var benchSpecs = map[string]string{
	"seed_mlp": `
dataset: {format: synthetic, generator: random_regression, rows: 100, features: 10}
layers: [{type: dense, units: 50, activation: relu}, {type: dense, units: targets}]
train: {batch_size: 10}
`,
	"mlp_784": `
dataset: {format: synthetic, generator: blobs, rows: 1280, features: 784, classes: 10}
layers: [{type: dense, units: 512, activation: relu}, {type: dense, units: 256, activation: relu}, {type: dense, units: classes}]
train: {batch_size: 128}
`,
}

// BenchmarkStep times a whole training step without the reading of its batch, on one thread and on two.
func BenchmarkStep(b *testing.B) {
	for name, text := range benchSpecs {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d", name, threads), func(b *testing.B) {
				tr, err := New(open(b, text), Options{Dir: b.TempDir(), Threads: threads})
				if err != nil {
					b.Fatal(err)
				}
				defer tr.Close()
				tr.batches.begin(0)
				if _, err := tr.step(); err != nil {
					b.Fatal(err)
				}
				p, err := tr.program(key{shape: model.Rows(tr.job.Config.Train.BatchSize)})
				if err != nil {
					b.Fatal(err)
				}
				b.ResetTimer()
				if os.Getenv("DNN_PROFILE") != "" {
					p.StartProfile()
				}
				for b.Loop() {
					p.Run()
				}
				for _, t := range p.Profile() {
					b.Logf("%-24s %-10s %8.1f µs", t.Node.Label(), t.Node.Scope, float64(t.Time.Microseconds())/float64(b.N))
				}
			})
		}
	}
}
