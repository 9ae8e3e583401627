package model

import (
	"fmt"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/train/loss"
)

// A head whose labels are aligned (loss: ctc) puts out scores for as many steps as its layers make of the input. The labels are a
// sequence of the target's own, which no layer sees.

// alignedLoss is the loss of a batch for head k, over rows.
func (c *compiler) alignedLoss(k int, l loss.Aligning, out layers.Signal, labels *graph.Value) headLoss {
	b, n, rows := c.b, c.net, c.shape.Rows
	counts := b.Input(FeedLengths+n.Schema.Blocks[n.block(k)].Name, graph.Ints(rows))
	each := l.Aligned(b, out.Value, out.Lengths, labels, counts)
	if n.Schema.Weight == "" {
		return headLoss{op.Sum(b, each, []int{0}, false), b.Scalar(float64(rows)), true}
	}
	weight := b.Input(FeedWeight, graph.Floats(rows))
	return headLoss{op.Sum(b, op.Mul(b, each, weight), []int{0}, false), op.Sum(b, weight, []int{0}, false), true}
}

// putSteps puts out how many steps each row has of what head k predicts, unless all are valid.
func (c *compiler) putSteps(k int, out layers.Signal) {
	if c.net.Heads[k].Aligned() && out.Lengths != nil {
		c.b.SetOutput(c.net.headName(OutSteps, k), op.ToFloat(c.b, out.Lengths))
	}
}

// AlignedSteps is what head k put out for a row of the batch: the logarithms of the classes' probabilities at each of its steps.
func (p *Program) AlignedSteps(k, row, rows int) []float32 {
	out, width := p.Prediction(k), p.net.Heads[k].Width
	size := len(out) / rows
	own := out[row*size : (row+1)*size]
	if name := p.net.headName(OutSteps, k); p.HasOutput(name) {
		own = own[:min(size, int(p.Output(name).F[row])*width)]
	}
	return own
}

// checkAlignment notes rows whose labels do not fit into the steps that the net puts out: their loss would be infinite. A loss
// that leaves them out has them counted in a warning.
func checkAlignment(j *Job, p *spec.Problems) (notes spec.Notes) {
	for k := range j.Heads {
		l, _ := j.Loss(k)
		aligning, ok := l.(loss.Aligning)
		if !ok {
			continue
		}
		block, steps := alignedSteps(j, k)
		if steps == nil {
			continue
		}
		for _, split := range []string{"train", "validation", "test"} {
			part, name := j.Data.Part(split), split
			if part == nil {
				continue
			}
			if split == "train" {
				name = "training"
			}
			first, short := dataset.Unalignable(part, k, block, steps)
			if short == 0 {
				continue
			}
			have := "have"
			if short == 1 {
				have = "has"
			}
			text := fmt.Sprintf("%s of the %s split %s too few steps for the labels of %s: %s has %s, and the net puts out %s", phrase.Count(short, "row"), name, have,
				j.Heads[k].Name, part.Place(first.Row), phrase.Count(first.Labels, "label"), phrase.Count(first.Steps, "step"))
			if aligning.TakesShort() {
				notes.Warn("loss", "%s; such rows count with a loss of 0 (zero_infinity)", text)
				continue
			}
			p.Add("loss", "%s; ctc must have a step for each label and one between equal ones. Leave such rows out, let the layers keep more steps (smaller strides), or set zero_infinity: true to count them with a loss of 0", text)
		}
	}
	return notes
}

// alignedSteps says of the steps of head k's output how many a row has that has so many of a block, -1 for none; nil where that
// cannot be told.
func alignedSteps(j *Job, k int) (block int, steps func(n int) int) {
	c := j.compiler(graph.NewBuilder(), j.TrainingShape(1), false)
	outs, _ := c.forward()
	if c.p.Len() > 0 || c.misfit(outs) != nil {
		return -1, nil
	}
	if outs[k].Lengths == nil {
		all := outs[k].Value.Shape[1]
		return -1, func(int) int { return all }
	}
	for i := range j.Schema.Blocks {
		if left, ok := lengthsOf([]*graph.Value{outs[k].Lengths}, FeedLengths+j.Schema.Blocks[i].Name); ok {
			return i, left
		}
	}
	return -1, nil
}
