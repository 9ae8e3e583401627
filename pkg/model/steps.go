package model

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// A target with an answer for each step of a sequence (tagging) is learned and scored as if each step were a row: the net's
// output [rows, steps, width] is looked at as [rows·steps, width], and a step beyond its row's length weighs nothing.

// misfit says that the net does not put out a prediction for each step of a batch. A net may do so for the longest sequences
// and not for others: layers that halve the steps and double them again.
func (n *Network) misfit(outs []layers.Signal, e Extent) error {
	for k := range n.Heads {
		if err := n.misfitOf(k, outs[k].Value, e); err != nil {
			return err
		}
	}
	return nil
}

// misfitOf is misfit for the output of head k.
func (n *Network) misfitOf(k int, out *graph.Value, e Extent) error {
	if !n.Heads[k].Sequence() {
		return nil
	}
	if got, want := out.Shape, n.steps(k, e); got.Rank() != 3 || got[1] != want {
		return fmt.Errorf("of a sequence of %d steps the last layer gives %v, and the target has an answer for each of its steps; layers that change the number of steps must lead back to it", want, got[1:])
	}
	return nil
}

// checkSteps notes a head whose layers change the number of steps.
func (j *Job) checkSteps(k int, out *graph.Value, e Extent, p *spec.Problems) {
	if j.Schema == nil || !j.Heads[k].Sequence() || j.Schema.Input(j.Heads[k].Axis.Of) == nil {
		return
	}
	if err := j.misfitOf(k, out, e); err != nil {
		p.Add(j.layerOf(k), "%v", err)
	}
}

// stepsBatch is metricsBatch for a head that predicts for each step: of the steps within the rows' lengths, one after the
// other.
func (s *headScorer) stepsBatch(r *Runner, out []float32) metrics.Batch {
	b, h := r.batch, &r.net.Heads[s.head]
	labels := b.Labels(s.head)
	s.pred = Denormalize(h, s.pred, out)
	width := h.Width
	s.lengths, s.class, s.truth, s.weight = s.lengths[:0], s.class[:0], s.truth[:0], s.weight[:0]
	kept := 0
	for i := range b.Rows {
		said, _ := r.Predictions(s.head, i)
		at, to := r.net.Schema.LabelsOf(b, s.head, i)
		s.lengths = append(s.lengths, to-at)
		for ; at < to; at++ {
			copy(s.pred[kept*width:(kept+1)*width], s.pred[said*width:]) // never before what was read
			kept, said = kept+1, said+1
			switch h.Kind {
			case task.Category:
				s.class = append(s.class, int(labels.Ints[at]))
			case task.Binary:
				s.class = append(s.class, int(labels.Floats[at]))
			default:
				for _, y := range labels.Floats[at*width : (at+1)*width] {
					s.truth = append(s.truth, float64(y))
				}
			}
			if r.net.Schema.Weight != "" {
				s.weight = append(s.weight, float64(b.Weight[i]))
			}
		}
	}
	s.steps += kept
	m := metrics.Batch{Rows: kept, Pred: s.pred[:kept*width], Class: s.class, Truth: s.truth, Steps: s.lengths}
	if r.net.Schema.Weight != "" {
		m.Weight = s.weight
	}
	return m
}
