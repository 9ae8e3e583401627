package model

import (
	"slices"

	"dnn/pkg/dataset"
)

// MaxSequences is how many inputs of a dataset can be sequences.
const MaxSequences = 4

// BatchShape is what a net is compiled for: the rows of a batch, and for each block of sequences, in the order of the schema,
// how many steps a row has in the batch; 0 stands for as many as the block's Shape says.
type BatchShape struct {
	Rows  int
	Steps [MaxSequences]int
}

// Rows is the shape of a batch whose rows may have all steps.
func Rows(n int) BatchShape { return BatchShape{Rows: n} }

// TrainingShape is the shape of a batch that the longest row of the training split fits in.
func (n *Network) TrainingShape(rows int) BatchShape {
	steps := make([]int, len(n.Schema.Blocks))
	for i := range steps {
		if n.Schema.Blocks[i].Sequence {
			steps[i] = n.Schema.Bucket(i, n.Schema.LongestTraining(i))
		}
	}
	return BatchShapeFor(rows, steps)
}

// BatchShapeOf is the shape of a filled batch.
func BatchShapeOf(b *dataset.Batch) BatchShape { return BatchShapeFor(b.Rows, b.Steps) }

// BatchShapeFor is the batch shape of so many rows and steps by block, 0 for blocks that are no sequences.
func BatchShapeFor(rows int, steps []int) BatchShape {
	e := BatchShape{Rows: rows}
	i := 0
	for _, n := range steps {
		if n > 0 && i < len(e.Steps) {
			e.Steps[i] = n
			i++
		}
	}
	return e
}

// steps are the steps of a block of sequences.
func (e BatchShape) steps(s *dataset.Schema, block int) int {
	i := 0
	for k := range block {
		if s.Blocks[k].Sequence {
			i++
		}
	}
	if i < len(e.Steps) && e.Steps[i] > 0 {
		return e.Steps[i]
	}
	return s.Blocks[block].Shape[0]
}

// uneven reports whether the rows of a block have lengths of their own in batches of that shape.
func (e BatchShape) uneven(s *dataset.Schema, block int) bool {
	b := &s.Blocks[block]
	return b.Sequence && !(s.Even(block) && e.steps(s, block) == b.Shape[0])
}

// shape is the shape of a row of a block of sequences.
func (e BatchShape) shape(s *dataset.Schema, block int) []int {
	shape := slices.Clone(s.Blocks[block].Shape)
	shape[0] = e.steps(s, block)
	return shape
}

// oneRow is the shape of a batch of one row with so many steps in one of its sequences, by its number among them.
func oneRow(sequence, steps int) BatchShape {
	e := Rows(1)
	e.Steps[sequence] = steps
	return e
}

// byBlock are the batch shape's steps by block, 0 for blocks that are no sequences.
func (e BatchShape) byBlock(s *dataset.Schema) []int {
	steps := make([]int, len(s.Blocks))
	for i := range s.Blocks {
		if s.Blocks[i].Sequence {
			steps[i] = e.steps(s, i)
		}
	}
	return steps
}

// Rows that are scored or predicted at once: so many that threads have enough to do, but of large rows, such as images,
// only as many as have scoreNumbers numbers together, with what is predicted for their steps; what a net makes of each takes many times as much memory. The figures
// do not depend on it but for the last bits of the loss.
const (
	scoreRows    = 256
	scoreNumbers = 1 << 22
)

// ScoreRows is the number of rows that are scored or predicted at once.
func (n *Network) ScoreRows() int {
	numbers := 1
	for i := range n.Schema.Blocks {
		numbers += n.Schema.Blocks[i].Size()
	}
	for k := range n.Heads {
		if h := &n.Heads[k]; h.Sequence() { // a vocabulary for each step is more than what the rows hold
			numbers += h.Axis.Steps * h.Width
		}
	}
	return max(1, min(scoreRows, scoreNumbers/numbers))
}
