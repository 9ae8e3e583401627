package dataset

import (
	"bytes"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
	"dnn/pkg/task"
)

// Batch is what a step takes. Its buffers are the caller's, made for a number of rows that calls must not exceed; rows
// beyond Rows are left as they were. Where rows have more steps than any row of the training split, the buffers of sequences
// grow.
type Batch struct {
	Rows   int
	Floats [][]float32 // parallel to Schema.Blocks; nil for blocks of whole numbers
	Ints   [][]int32   // parallel to Schema.Blocks; nil for blocks of floats
	Heads  []Labels    // parallel to Schema.Heads; what is nil in them is not filled
	// Weight may be nil, and is then not filled.
	Weight []float32 // rows; 1 everywhere when there is no column of weights
	// Offset is what is added to the predicted numbers, rows × numbers on their scale; nil means nothing.
	Offset []float32
	// Lengths are the valid steps of each row and Steps the steps that the buffers hold, parallel to Schema.Blocks: nil and
	// 0 for blocks that are no sequences. Rows of a block lie RowSize numbers apart. Steps beyond a row's length hold zeros.
	Lengths [][]int32
	Steps   []int
	// Share is how much the first label of a row counts, where training mixes rows; FillTraining makes it if it is nil. A batch
	// that was not filled by it leaves it as it was.
	Share []float32

	schema *Schema // whose rows it holds
	Fixed  bool    // Steps stay as they are, else each filling settles them
	sizes  []int   // numbers of a row by block, of a step of a block of sequences
	filling
}

// filling is what filling a batch needs besides its buffers, made once for each batch.
type filling struct {
	room    *room     // for augmentations
	stored  []int32   // the rows of the store that Fill gathers
	scratch []byte    // an image
	reading Scratch   // of steppers
	offsets []float64 // of the channels of a window
}

// Labels are the labels of a batch for one head. Where a head has a label for each step of a block, there are so many for each
// of the block's Steps, those beyond a row's length being 0.
type Labels struct {
	Floats []float32 // rows × the head's width; numbers on their scale, labels as 0 or 1
	Ints   []int32   // rows; the class of a category
	Texts  []string  // rows; what a head that writes texts should write, "" where it was not kept
	// Where training mixes rows, each has a second label, that of the row it is mixed with; FillTraining makes those that are nil.
	SecondFloats []float32
	SecondInts   []int32
}

// NewBatch makes a batch with buffers for so many rows, none longer than any of the training split. A schema without a target
// gives no labels.
func (s *Schema) NewBatch(rows int) *Batch {
	steps := make([]int, len(s.Blocks))
	for i := range s.Blocks {
		if s.Blocks[i].Sequence {
			steps[i] = s.LongestTraining(i)
		}
	}
	return newBatch(s, rows, steps)
}

// NewFixedBatch makes a batch with buffers for so many rows and, by block, steps (0 for blocks that are no sequences), which
// filling leaves.
func (s *Schema) NewFixedBatch(rows int, steps []int) *Batch {
	b := newBatch(s, rows, steps)
	b.Fixed = true
	return b
}

func newBatch(s *Schema, rows int, steps []int) *Batch {
	n := len(s.Blocks)
	b := &Batch{schema: s, Floats: make([][]float32, n), Ints: make([][]int32, n), Weight: make([]float32, rows), Lengths: make([][]int32, n), Steps: make([]int, n), sizes: make([]int, n)}
	for i := range s.Blocks {
		if b.sizes[i] = s.Blocks[i].Size(); s.Blocks[i].Sequence {
			b.Steps[i] = steps[i]
			b.sizes[i] /= s.Blocks[i].Shape[0]
			b.Lengths[i] = make([]int32, rows)
		}
		if n := rows * b.RowSize(i); s.Blocks[i].Ints {
			b.Ints[i] = make([]int32, n)
		} else {
			b.Floats[i] = make([]float32, n)
		}
	}
	for k := range s.Heads {
		h := &s.Heads[k]
		var l Labels
		switch n := rows * b.MaxLabels(k); h.Kind {
		case "":
		case task.Category:
			l.Ints = make([]int32, n)
		default:
			l.Floats = make([]float32, n*h.Width)
		}
		if h.Text() {
			l.Texts = make([]string, rows)
		}
		b.Heads = append(b.Heads, l)
	}
	if s.LabelColumns.HasOffset() {
		b.Offset = make([]float32, rows*s.Heads[0].Width)
	}
	return b
}

// RowSize is how many numbers a row of a block takes.
func (b *Batch) RowSize(block int) int { return b.sizes[block] * max(1, b.Steps[block]) }

// MaxLabels is how many labels of a head each row of a batch holds at most: 1, or as many as its steps if each step has one.
func (b *Batch) MaxLabels(head int) int {
	h := &b.schema.Heads[head]
	switch {
	case h.Axis == nil:
		return 1
	case b.schema.Blocks[h.Block].Sequence:
		return b.Steps[h.Block]
	}
	return b.schema.Blocks[h.Block].Shape[0]
}

// LabelsOf are the places of a head's labels for row i among all that the batch can hold.
func (b *Batch) LabelsOf(head, i int) (from, to int) {
	room, h := b.MaxLabels(head), &b.schema.Heads[head]
	from, to = i*room, (i+1)*room
	if h.Axis != nil && b.schema.Blocks[h.Block].Sequence {
		to = from + int(b.Lengths[h.Block][i])
	}
	return from, to
}

// Grow makes the buffers of sequences and their labels as large as the batch's rows and steps require.
func (b *Batch) Grow() {
	if b.Fixed {
		return
	}
	for i := range b.schema.Blocks {
		if n := b.Rows * b.RowSize(i); !b.schema.Blocks[i].Sequence {
			continue
		} else if b.schema.Blocks[i].Ints && len(b.Ints[i]) < n {
			b.Ints[i] = make([]int32, n)
		} else if !b.schema.Blocks[i].Ints && len(b.Floats[i]) < n {
			b.Floats[i] = make([]float32, n)
		}
	}
	for k := range b.schema.Heads {
		l, n, width := &b.Heads[k], b.Rows*b.MaxLabels(k), b.schema.Heads[k].Width
		if l.Ints != nil && len(l.Ints) < n {
			l.Ints = make([]int32, n)
		}
		if l.Floats != nil && len(l.Floats) < n*width {
			l.Floats = make([]float32, n*width)
		}
	}
}

// Move puts a row of a batch in the place of another.
func (b *Batch) Move(to, from int) {
	for i := range b.schema.Blocks {
		size := b.RowSize(i)
		moveRow(b.Floats[i], to, from, size)
		moveRow(b.Ints[i], to, from, size)
		moveRow(b.Lengths[i], to, from, 1)
	}
	for k := range b.schema.Heads {
		n := b.MaxLabels(k)
		if texts := b.Heads[k].Texts; texts != nil {
			texts[to] = texts[from]
		}
		moveRow(b.Heads[k].Ints, to, from, n)
		moveRow(b.Heads[k].Floats, to, from, n*b.schema.Heads[k].Width)
	}
	moveRow(b.Weight, to, from, 1)
	if b.Offset != nil {
		moveRow(b.Offset, to, from, b.schema.Heads[0].Width)
	}
}

// Baseline writes into row i of a batch a row that says as little as can be, for others to be compared with: numbers have
// what fills their gaps (by default the mean of the training split), or else zero on the scale they are learned on; words are
// none, and so are whole numbers; images are the mean of the training images where they are normalized by that
// (normalize: zscore), and black else.
func (b *Batch) Baseline(i int) {
	b.Clear(i, i+1)
	for k := range b.schema.Inputs {
		in := &b.schema.Inputs[k]
		if e, ok := in.Encoder.(column.Baselined); ok {
			row := b.Floats[in.Block][i*b.schema.Blocks[in.Block].Size():]
			e.Baseline(row[in.Lo:in.Hi])
		}
	}
}

// ImagesAlone makes the images in row i of a batch of one value throughout: 0 is black, 255 white.
func (b *Batch) ImagesAlone(i int, value byte) {
	for k := range b.schema.Inputs {
		in := &b.schema.Inputs[k]
		e, ok := in.Encoder.(column.ImageEncoding)
		if !ok {
			continue
		}
		size := image.Volume(e.ImageShape())
		e.Fill(bytes.Repeat([]byte{value}, size), b.Floats[in.Block][i*size:(i+1)*size])
	}
}

// FillProbe fills a block of all rows with generated numbers that differ from row to row, so many steps of a sequence. They are for
// tries of what a net does, whatever the data.
func (b *Batch) FillProbe(block, steps int) {
	of, vocabulary := &b.schema.Blocks[block], 0
	for i := range b.schema.Inputs {
		if b.schema.Inputs[i].Block == block {
			vocabulary = max(vocabulary, b.schema.Inputs[i].Vocabulary)
		}
	}
	size := b.RowSize(block)
	used := size
	if of.Sequence {
		used = steps * b.sizes[block]
	}
	for i := range b.Rows {
		if of.Sequence {
			b.Lengths[block][i] = int32(steps)
		}
		for k := range used {
			mixed := (i+1)*(k+3)*7919 + i*104729 // primes
			if of.Ints {
				b.Ints[block][i*size+k] = int32(1 + mixed%max(1, vocabulary-1))
			} else {
				b.Floats[block][i*size+k] = float32(mixed%37-18) / 9
			}
		}
	}
}

func moveRow[T int32 | float32](list []T, to, from, size int) {
	if list != nil {
		copy(list[to*size:(to+1)*size], list[from*size:(from+1)*size])
	}
}
