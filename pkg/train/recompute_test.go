package train

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"dnn/pkg/model"
)

// deepNets are nets with values of all sorts within layers: what dropout drops, statistics that the forward pass updates, states,
// attention.
var deepNets = map[string]string{
	"multilayer perceptron": everything,
	"convolutions": `
seed: 3
dataset: {format: synthetic, generator: blobs, features: 64, rows: 60}
layers:
  - {type: reshape, shape: [8, 8, 1]}
  - {type: conv2d, filters: 4, kernel: 3, padding: same}
  - type: repeat
    times: 3
    layers:
      - {type: residual, activation: relu, layers: [{type: conv2d, filters: 4, kernel: 3, padding: same}, batch_norm, {type: activation, function: relu}, {type: spatial_dropout, rate: 0.2}, {type: conv2d, filters: 4, kernel: 3, padding: same}, batch_norm]}
  - global_avg_pool2d
  - {type: dense, units: classes}
train: {epochs: 2, batch_size: 16}
`,
	"recurrent": `
seed: 3
dataset: {format: synthetic, generator: adding, length: 9, rows: 60}
layers:
  - {type: reshape, shape: [9, 2]}
  - {type: lstm, units: 5, sequences: true}
  - {type: dropout, rate: 0.2}
  - {type: lstm, units: 4}
  - {type: dense, units: 6, activation: relu}
  - {type: dense, units: targets}
train: {epochs: 2, batch_size: 16}
`,
	"attention": `
seed: 3
dataset: {format: synthetic, generator: adding, length: 9, rows: 60}
layers:
  - {type: reshape, shape: [9, 2]}
  - {type: dense, units: 8}
  - {type: transformer_encoder, blocks: 3, heads: 2, hidden: 12, dropout: 0.2}
  - {type: attention_pool}
  - {type: dense, units: targets}
train: {epochs: 2, batch_size: 16}
`,
}

// TestRecomputeChangesNoBit of weights, optimizer, statistics and scores, with any choice of layers and threads, and with numbers kept
// as bf16.
func TestRecomputeChangesNoBit(t *testing.T) {
	nets := maps.Clone(deepNets)
	nets["chunks"] = stateful(t)
	for name, text := range nets {
		for _, precision := range []string{"null", "bf16"} {
			sets := []string{"train.precision=" + precision}
			whole := t.TempDir()
			want := run(t, open(t, text, sets...), whole, 1, 0)
			for i, how := range []string{"auto", "'*'", "['*', '!d*']"} {
				dir, job := t.TempDir(), open(t, text, append(slices.Clone(sets), "train.recompute="+how)...)
				if f, err := model.FootprintOf(&job.Network, 16); err != nil || f.KeptAll == nil && how != "auto" || precision == "null" && f.KeptAll != nil && f.Kept > f.KeptAll.Kept {
					t.Errorf("%s, precision %s, recompute %s: keeps %+v, %v", name, precision, how, f, err)
				}
				got := run(t, job, dir, 1+i%2, 0)
				if !slices.Equal(weightBits(got), weightBits(want)) {
					t.Errorf("%s, precision %s, recompute %s: other bits", name, precision, how)
				}
				if read(t, dir, MetricsFile) != read(t, whole, MetricsFile) {
					t.Errorf("%s, precision %s, recompute %s: other scores", name, precision, how)
				}
			}
		}
	}
}

// TestRecomputeIsFreeOnResume: a training is resumed with other layers computed again, and ends in the same bits.
func TestRecomputeIsFreeOnResume(t *testing.T) {
	want := weightBits(run(t, open(t, everything), t.TempDir(), 1, 0))
	dir := t.TempDir()
	run(t, open(t, everything, "train.recompute='*'"), dir, 1, 5)
	f, err := model.Load(filepath.Join(dir, LastFile))
	if err != nil || f.Net.Config.Train.Recompute == nil {
		t.Fatalf("the file does not say what is computed again: %v", err)
	}
	run(t, open(t, everything, "train.recompute=auto"), dir, 2, 13)
	if got := weightBits(run(t, open(t, everything), dir, 1, 0)); !slices.Equal(got, want) {
		t.Error("other bits")
	}
}
