package model

import (
	"slices"

	"dnn/pkg/dataset"
)

// MaxSequences is how many inputs of a dataset can be sequences.
const MaxSequences = 4

// Extent is what a net is compiled for: the rows of a batch, and for each block of sequences, in the order of the schema,
// how many steps the batch has room for; 0 stands for the most that a row can have.
type Extent struct {
	Rows  int
	Steps [MaxSequences]int
}

// Rows is the extent of a batch with room for all steps.
func Rows(n int) Extent { return Extent{Rows: n} }

// ExtentOf is the extent of a filled batch.
func ExtentOf(b *dataset.Batch) Extent { return ExtentFor(b.Rows, b.Steps) }

// ExtentFor is the extent of so many rows and steps by block, 0 for blocks that are no sequences.
func ExtentFor(rows int, steps []int) Extent {
	e := Extent{Rows: rows}
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
func (e Extent) steps(s *dataset.Schema, block int) int {
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

// shape is the shape of a row of a block of sequences.
func (e Extent) shape(s *dataset.Schema, block int) []int {
	shape := slices.Clone(s.Blocks[block].Shape)
	shape[0] = e.steps(s, block)
	return shape
}

// size gives a batch the extent's steps.
func (e Extent) size(s *dataset.Schema, b *dataset.Batch) {
	steps := make([]int, len(s.Blocks))
	for i := range s.Blocks {
		if s.Blocks[i].Sequence {
			steps[i] = e.steps(s, i)
		}
	}
	b.Fix(steps)
}
