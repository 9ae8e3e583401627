package model

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// A target with an answer for each step of a sequence (tagging) is learned and scored as if each step were a row: the net's
// output [rows, steps, width] is looked at as [rows·steps, width], and a step beyond its row's length weighs nothing.

// targetType is what the truth of a batch is fed as.
func (n *Network) targetType(e Extent) graph.Type {
	shape := graph.Shape{e.Rows}
	if n.head().Sequence() {
		shape = append(shape, n.stepsOf(e))
	}
	if n.head().Kind == task.Category {
		return graph.Ints(shape...)
	}
	return graph.Floats(append(shape, n.head().Width)...)
}

// stepsOf is how many steps a row of the target has in a batch.
func (n *Network) stepsOf(e Extent) int {
	block := n.Schema.TargetBlock()
	if !n.Schema.Blocks[block].Sequence { // all rows have the same number
		return n.Schema.Blocks[block].Shape[0]
	}
	return e.steps(n.Schema, block)
}

// answers brings the net's output into rows of answers.
func (n *Network) answers(b *graph.Builder, out *graph.Value) *graph.Value {
	if !n.head().Sequence() {
		return out
	}
	return op.Reshape(b, out, -1, out.Shape.Last())
}

// eachTruth is the truth of each answer.
func (n *Network) eachTruth(b *graph.Builder, truth *graph.Value) *graph.Value {
	if !n.head().Sequence() {
		return truth
	}
	if n.head().Kind == task.Category {
		return op.Reshape(b, truth, -1)
	}
	return op.Reshape(b, truth, -1, n.head().Width)
}

// sampleWeights are the weights of the answers that come with the data: those of the rows, and 0 beyond the end of a
// sequence; nil where all are 1.
func (n *Network) sampleWeights(b *graph.Builder, e Extent) *graph.Value {
	var sample *graph.Value
	if n.Schema.Weight != "" {
		sample = b.Input(FeedWeight, graph.Floats(e.Rows))
	}
	if !n.head().Sequence() {
		return sample
	}
	steps := n.stepsOf(e)
	block := &n.Schema.Blocks[n.Schema.TargetBlock()]
	switch {
	case e.uneven(n.Schema, n.Schema.TargetBlock()):
		mask := op.SequenceMask(b, b.Input(feedLengths+block.Name, graph.Ints(e.Rows)), steps)
		if sample != nil {
			mask = op.Mul(b, mask, op.Reshape(b, sample, e.Rows, 1))
		}
		sample = mask
	case sample != nil:
		sample = op.BroadcastTo(b, op.Reshape(b, sample, e.Rows, 1), e.Rows, steps)
	default:
		return nil
	}
	return op.Reshape(b, sample, -1)
}

// misfit says that the net does not put out an answer for each step of a batch. A net may do so for the longest sequences
// and not for others: layers that halve the steps and double them again.
func (n *Network) misfit(out *graph.Value, e Extent) error {
	if !n.head().Sequence() {
		return nil
	}
	if got, want := out.Shape, n.stepsOf(e); got.Rank() != 3 || got[1] != want {
		return fmt.Errorf("of a sequence of %d steps the last layer gives %v, and the target has an answer for each of its steps; layers that change the number of steps must lead back to it", want, got[1:])
	}
	return nil
}

// checkSteps notes a net that changes the number of steps.
func (j *Job) checkSteps(out *graph.Value, e Extent, p *spec.Problems) {
	if j.Schema == nil || j.Schema.Target.StepsOf == "" {
		return
	}
	if err := j.misfit(out, e); err != nil {
		p.Add(fmt.Sprintf("layers[%d]", len(j.Config.Layers)-1), "%v", err)
	}
}

// stepsBatch is metricsBatch for a target with an answer for each step: of the steps within the rows' lengths, one after
// the other.
func (s *Scorer) stepsBatch(out []float32) metrics.Batch {
	b, t := s.batch, &s.net.Schema.Target
	s.pred = s.net.Own(s.pred, out)
	width := len(s.pred) / max(1, s.answers)
	s.lengths, s.class, s.truth, s.weight = s.lengths[:0], s.class[:0], s.truth[:0], s.weight[:0]
	kept := 0
	for i := range b.Rows {
		said, _ := s.Answers(i)
		at, to := s.net.Schema.Answers(b, i)
		s.lengths = append(s.lengths, to-at)
		for ; at < to; at++ {
			copy(s.pred[kept*width:(kept+1)*width], s.pred[said*width:]) // never before what was read
			kept, said = kept+1, said+1
			switch {
			case t.Kind == "category":
				s.class = append(s.class, int(b.Classes[at]))
			case t.Kind == "binary" && t.Width == 1:
				s.class = append(s.class, int(b.Target[at]))
			default:
				for k, y := range b.Target[at*t.Width : (at+1)*t.Width] {
					s.truth = append(s.truth, t.Own(k, float64(y)))
				}
			}
			if s.net.Schema.Weight != "" {
				s.weight = append(s.weight, float64(b.Weight[i]))
			}
		}
	}
	s.steps += kept
	m := metrics.Batch{Rows: kept, Pred: s.pred[:kept*width], Class: s.class, Truth: s.truth, Steps: s.lengths}
	if s.net.Schema.Weight != "" {
		m.Weight = s.weight
	}
	return m
}
