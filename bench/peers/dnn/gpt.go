package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"dnn/bench/worker"
	"dnn/pkg/model"
)

// gptArgs are the sizes of a character language model: learned positions, pre-norm blocks with a hidden layer four times as
// wide (relu), a norm and an output layer without bias.
type gptArgs struct {
	Blocks, Width, Heads, Length, Batch, Vocabulary int
}

// A training step with Adam of a language model, compiled from a spec as `dnn train` does it.
func init() { worker.Register(stepOf[gptArgs]) }

func (a gptArgs) rows() int { return a.Batch }

// spec is the net's, with a temporary text file that contains every character of the vocabulary.
func (a gptArgs) spec() (string, error) {
	dir, err := os.MkdirTemp("", "gpt")
	if err != nil {
		return "", err
	}
	var characters strings.Builder
	for i := range a.Vocabulary {
		characters.WriteRune(rune('0' + i))
	}
	path := filepath.Join(dir, "text.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat(characters.String(), 2+2*a.Batch*a.Length/a.Vocabulary)), 0o644); err != nil {
		return "", err
	}
	return fmt.Sprintf(`dataset: {format: text, path: %s, tokenizer: char, window: %d, split: {order: true}}
layers:
  - {type: embedding, size: %d, positions: learned}
  - {type: transformer_encoder, blocks: %d, heads: %d, hidden: %d, causal: true, norm: before}
  - layer_norm
  - {type: dense, units: vocabulary, bias: false}
loss: cross_entropy
optimizer: {type: adam, learning_rate: 0.001}
train: {steps: 1, batch_size: %d}
`, path, a.Length, a.Width, a.Blocks, a.Heads, 4*a.Width, a.Batch), nil
}

// fill replaces data and first weights by those that all peers take.
func (a gptArgs) fill(s *step, block string) {
	tokens := a.Batch * a.Length
	s.items = tokens
	for i, c := range worker.Classes(tokens, 1, a.Vocabulary) {
		s.program.Feed("input." + block).I[i] = c
	}
	lengths := s.program.Feed(model.FeedLengths + block).I
	for i := range lengths {
		lengths[i] = int32(a.Length)
	}
	copy(s.program.Feed(model.FeedTarget).I, worker.Classes(tokens, 2, a.Vocabulary))
	for i, p := range s.state.Params("weights") {
		bound := 0.1
		if len(p.Shape) > 1 {
			bound = math.Sqrt(3 / float64(p.Shape.Size()/p.Shape[0]))
		}
		copy(s.state.Data("weights")[p.Offset:], worker.Uniform(p.Shape.Size(), uint32(10+i), -bound, bound))
	}
}
