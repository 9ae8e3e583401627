package train

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/model"
)

// words is a table of words of 1 to 14 letters, with a class, and a class for each letter.
func words(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("word,kind,parts\n")
	for i := range 300 {
		word, parts := "", ""
		for k := range 1 + i*i%14 {
			word += string(rune('a' + (i*k+k)%7))
			parts += " " + string("xy"[(i+k)%3%2])
		}
		fmt.Fprintf(&b, "%s,%s,%s\n", word, []string{"p", "q", "r"}[i*7%3], parts[1:])
	}
	path := filepath.Join(t.TempDir(), "words.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// Padding leaves no trace in a training: with every batch padded to the longest sequence of all it ends in the bits of
// one whose batches are as long as they need.
func TestTrainingIsPaddedWithoutTrace(t *testing.T) {
	const head = `
name: padded
dataset:
  path: %s
  inputs: [{column: word, type: text, tokenizer: char}]
  target: {column: %s, type: %s}
  split: {train: 0.8, validation: 0.2}
layers:
  - {type: embedding, size: 6}
`
	const tail = `
optimizer: {type: adam, learning_rate: 0.01}
train: {epochs: 2, batch_size: 120, gradient_clip: {norm: 1}}
`
	for name, c := range map[string]struct{ target, kind, layers string }{
		"gru": {"kind", "category", `
  - {type: dropout, rate: 0.3}
  - {type: gru, units: 9, layers: 2, bidirectional: true, dropout: 0.2, recurrent_dropout: 0.2}
  - {type: dense, units: classes}`},
		"lstm": {"kind", "category", `
  - {type: dense, units: 7, activation: gelu}
  - {type: lstm, units: 8, sequences: true}
  - layer_norm
  - attention_pool
  - {type: dense, units: classes}`},
		"rnn": {"kind", "category", `
  - {type: spatial_dropout, rate: 0.2}
  - {type: residual, layers: [{type: rnn, units: 6, sequences: true}, {type: dense, units: 6}, rms_norm]}
  - {type: group_norm, groups: 2}
  - global_max_pool1d
  - {type: dense, units: classes}`},
		"convolution": {"kind", "category", `
  - {type: conv1d, filters: 8, kernel: 3, padding: same, activation: relu}
  - batch_norm
  - {type: depthwise_conv1d, kernel: 3, padding: same}
  - instance_norm
  - global_avg_pool1d
  - {type: dense, units: classes}`},
		"tags": {"parts", "tags", `
  - {type: gru, units: 8, bidirectional: true, sequences: true, reset: before}
  - {type: dropout, rate: 0.1}
  - {type: dense, units: classes}`},
		"aligned": {"parts", "text, tokenizer: whitespace", `
  - {type: gru, units: 8, bidirectional: true, sequences: true}
  - {type: conv1d, filters: 8, kernel: 3, padding: same}
  - {type: dense, units: vocabulary}
loss: {type: ctc, zero_infinity: true}`},
	} {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf(head, words(t), c.target, c.kind) + strings.TrimPrefix(c.layers, "\n") + tail
			train := func(padded bool) (bits []uint32, metrics string) {
				job, dir := open(t, text), t.TempDir()
				if padded {
					padAll(job)
				}
				return weightBits(run(t, job, dir, 2, 0)), read(t, dir, MetricsFile)
			}
			tight, losses := train(false)
			padded, lossesPadded := train(true)
			if !slices.Equal(tight, padded) {
				n := 0
				for i := range tight {
					if tight[i] != padded[i] {
						n++
					}
				}
				t.Errorf("padding every batch to the longest sequence changes %d of %d weights", n, len(tight))
			}
			if figures(losses) != figures(lossesPadded) {
				t.Errorf("losses\n%s\nbecome\n%s", losses, lossesPadded)
			}
		})
	}
}

// padAll pads every batch to the longest sequence.
func padAll(job *model.Job) {
	b := job.Schema.Buckets()
	for i := range b {
		if n := len(b[i].Lengths); n > 0 {
			b[i].Lengths = b[i].Lengths[n-1:]
		}
	}
	job.Schema = job.Schema.WithBuckets(b)
	job.Data = job.Data.WithSchema(job.Schema)
}

// figures are the lines of a run's metrics without their times.
func figures(lines string) string {
	var kept []string
	for line := range strings.Lines(lines) {
		line, _, _ = strings.Cut(line, `"seconds"`)
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}
