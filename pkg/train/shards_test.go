package train

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/model"
)

// twoHeads is a spec whose losses of classes and of steps are divided by weights of their own, with weights of rows.
func twoHeads(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("x,word,kind,size,w\n")
	for i := range 101 {
		fmt.Fprintf(&b, "%d,%s,%s,%d,%d\n", i*37%23, "abcdefg"[i%3:3+i%5], []string{"p", "q", "q", "r"}[i%4], i*i%17, 1+i%3)
	}
	path := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return `
name: heads
dataset:
  path: ` + path + `
  inputs: [x, {column: word, type: text, tokenizer: char}]
  target: [{column: kind, type: category}, {column: size, type: number, normalize: zscore}]
  weight: w
layers:
  - {name: letters, type: embedding, inputs: [word], size: 4}
  - {name: read, type: gru, units: 5, dropout: 0.2, layers: 2}
  - {name: both, type: concat, inputs: [x, read]}
  - {name: body, type: dense, units: 8, activation: tanh}
  - {type: dropout, rate: 0.3, name: some}
  - {type: dense, inputs: [some], units: classes, head: kind}
  - {type: dense, inputs: [some], units: 1, head: size}
loss: {kind: {type: cross_entropy, class_weights: {p: 3}}, size: {type: mse, weight: 0.5}}
optimizer: {type: adam, learning_rate: 0.01}
train: {epochs: 3, batch_size: 16, accumulate: 2}
`
}

// shardedJobs are trainings with all that shards must see to.
func shardedJobs(t *testing.T) map[string]func(sets ...string) *model.Job {
	jobs := map[string]func(sets ...string) *model.Job{}
	add := func(name, text string) {
		jobs[name] = func(sets ...string) *model.Job { return open(t, text, sets...) }
	}
	for name, text := range deepNets {
		add(name, text)
	}
	add("two heads", twoHeads(t))
	add("writing", strings.Replace(writing(t), "batch_size: 3", "batch_size: 5", 1))
	add("in order", strings.Replace(everything, "batch_size: 16", "batch_size: 16\n  shuffle: false", 1))
	images := t.TempDir()
	jobs["changed"] = func(sets ...string) *model.Job {
		return openImages(t, images, append([]string{"dataset.augment=[flip_horizontal, noise]"}, sets...)...)
	}
	jobs["augmented"] = func(sets ...string) *model.Job { return openImages(t, images, sets...) }
	return jobs
}

// A batch of one shard is the batch: what shards add to a step changes no bit.
func TestOneShardIsTheWholeBatch(t *testing.T) {
	for name, job := range shardedJobs(t) {
		want := weightBits(run(t, job(), t.TempDir(), 1, 0))
		if !slices.Equal(weightBits(run(t, job("train.shards=1"), t.TempDir(), 2, 0)), want) {
			t.Errorf("%s: other bits", name)
		}
	}
}

// Where no layer measures its batch, shards compute what the whole batch does, with the same draws, but for the order of sums.
func TestShardsComputeTheBatch(t *testing.T) {
	for name, job := range shardedJobs(t) {
		if name == "multilayer perceptron" || name == "convolutions" || name == "in order" { // batch norm
			continue
		}
		sets := []string{"optimizer={type: sgd, learning_rate: 0.01}", "train.epochs=1"}
		want := run(t, job(sets...), t.TempDir(), 1, 0).State().Data("weights")
		for _, shards := range []int{2, 3} {
			got := run(t, job(append(sets, fmt.Sprintf("train.shards=%d", shards))...), t.TempDir(), 1, 0).State().Data("weights")
			for i := range want {
				if math.Abs(float64(got[i]-want[i])) > 1e-5 {
					t.Errorf("%s, %d shards: weight %d is %v, of the whole batch %v", name, shards, i, got[i], want[i])
					break
				}
			}
		}
	}
}

// A training with shards ends in the same bits on any number of threads, and when it is stopped and resumed.
func TestShardedTrainingHasItsBits(t *testing.T) {
	for name, job := range shardedJobs(t) {
		want := weightBits(run(t, job("train.shards=3"), t.TempDir(), 1, 0))
		dir := t.TempDir()
		run(t, job("train.shards=3"), dir, 2, 3)
		if !slices.Equal(weightBits(run(t, job("train.shards=3"), dir, 3, 0)), want) {
			t.Errorf("%s: stopped and resumed, it ends in other bits", name)
		}
	}
}

// Statistics that layers keep are the mean of those of the shards, each by its rows.
func TestRunningStatisticsOfShards(t *testing.T) {
	const text = `
dataset: {format: synthetic, generator: moons, rows: 40, split: {validation: 0, test: 0}}
layers: [{type: batch_norm, name: norm, momentum: 1}, {type: dense, units: classes}]
train: {epochs: 1, batch_size: 40, shuffle: false, shards: 3}
`
	job := open(t, text)
	tr := run(t, job, t.TempDir(), 1, 0)
	batch, rows := job.Schema.NewBatch(40), make([]int, 40)
	for i := range rows {
		rows[i] = i
	}
	if err := job.Data.Train.Fill(batch, rows); err != nil {
		t.Fatal(err)
	}
	mean := 0.0
	for i := range 40 {
		mean += float64(batch.Floats[0][2*i]) / 40
	}
	if got := tr.State().Data("norm.running_mean")[0]; math.Abs(float64(got)-mean) > 1e-5 {
		t.Errorf("the running mean is %v, that of all rows %v", got, mean)
	}
}

func TestShardsThatDoNotGoWithTheSpec(t *testing.T) {
	for set, want := range map[string]string{
		"train.shards=17":   "17 are more than the 16 rows of a batch",
		"train.reduce=fast": "is for shards",
	} {
		if _, err := tryOpen(t, everything, set); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", set, err)
		}
	}
	if _, err := tryOpen(t, stateful(t), "train.shards=2"); err == nil || !strings.Contains(err.Error(), "does not go with stateful") {
		t.Errorf("stateful: %v", err)
	}
}
