package main

import (
	"fmt"
	"math"
	"strings"

	"dnn/bench/worker"
	"dnn/pkg/model"
)

// netArgs tell of a net by words: "conv 32 3 valid" (filters, kernel, padding; with a fourth word the stride), "relu",
// "pool 2", "flatten", "average" over all places, "dense 10", "lstm 128", "gru 128" and "rnn 128" with their last state.
// A list within the list is a residual block, with relu after its sum.
type netArgs struct {
	Input   []int // of a row: [height, width, channels] or [steps, features]
	Classes int
	Batch   int
	Layers  []any
}

// A training step with Adam of a net with cross entropy, compiled from a spec as `dnn train` does it.
func init() { worker.Register(stepOf[netArgs]) }

func (a netArgs) rows() int { return a.Batch }

func (a netArgs) size() int {
	n := 1
	for _, d := range a.Input {
		n *= d
	}
	return n
}

func (a netArgs) spec() (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "dataset: {format: synthetic, generator: blobs, rows: %d, features: %d, classes: %d}\n", a.Batch, a.size(), a.Classes)
	fmt.Fprintf(&b, "layers:\n  - {type: reshape, shape: %s}\n", flow(a.Input))
	if err := list(&b, "  ", a.Layers); err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "loss: cross_entropy\noptimizer: {type: adam, learning_rate: 0.001}\ntrain: {epochs: 1, batch_size: %d}\n", a.Batch)
	return b.String(), nil
}

func flow(list []int) string {
	return strings.ReplaceAll(fmt.Sprint(list), " ", ", ")
}

func list(b *strings.Builder, indent string, layers []any) error {
	for _, l := range layers {
		if inner, ok := l.([]any); ok {
			fmt.Fprintf(b, "%s- type: residual\n%s  activation: relu\n%s  layers:\n", indent, indent, indent)
			if err := list(b, indent+"    ", inner); err != nil {
				return err
			}
			continue
		}
		w := strings.Fields(l.(string))
		switch w[0] {
		case "conv":
			w = append(w, "1")
			fmt.Fprintf(b, "%s- {type: conv2d, filters: %s, kernel: %s, padding: %s, stride: %s}\n", indent, w[1], w[2], w[3], w[4])
		case "relu":
			fmt.Fprintf(b, "%s- {type: activation, function: relu}\n", indent)
		case "pool":
			fmt.Fprintf(b, "%s- {type: max_pool2d, size: %s}\n", indent, w[1])
		case "average":
			fmt.Fprintf(b, "%s- global_avg_pool2d\n", indent)
		case "flatten":
			fmt.Fprintf(b, "%s- flatten\n", indent)
		case "dense", "lstm", "gru", "rnn":
			fmt.Fprintf(b, "%s- {type: %s, units: %s}\n", indent, w[0], w[1])
		default:
			return fmt.Errorf("no layer %q", w[0])
		}
	}
	return nil
}

// fill replaces data and first weights by those that all peers take.
func (a netArgs) fill(s *step, block string) {
	copy(s.program.Feed("input."+block).F, worker.Uniform(a.Batch*a.size(), 1, -1.7, 1.7))
	copy(s.program.Feed(model.FeedTarget).I, worker.Classes(a.Batch, 2, a.Classes))
	for i, p := range s.state.Params("weights") {
		bound := 0.1
		if len(p.Shape) > 1 {
			bound = math.Sqrt(3 / float64(p.Shape.Size()/p.Shape[0]))
		}
		copy(s.state.Data("weights")[p.Offset:], worker.Uniform(p.Shape.Size(), uint32(10+i), -bound, bound))
	}
}
