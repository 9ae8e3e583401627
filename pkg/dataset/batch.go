package dataset

// Batch is what a step takes. Its buffers are the caller's, made for a number of rows that calls must not exceed; rows
// beyond Rows are left as they were. Where rows have more steps than any row of the training part, the buffers of sequences
// grow.
type Batch struct {
	Rows   int
	Floats [][]float32 // parallel to Schema.Blocks; nil for blocks of whole numbers
	Ints   [][]int32   // parallel to Schema.Blocks; nil for blocks of floats
	// Target, Classes and Weight may be nil, and are then not filled.
	Target  []float32 // rows × Target.Width; numbers on their scale, labels as 0 or 1
	Classes []int32   // rows; the class of a category
	// Where each step of a block has an answer, Target and Classes have so many for each of the block's Steps, those beyond
	// a row's length being 0.
	Weight []float32 // rows; 1 everywhere when there is no column of weights
	// Base is what the numbers that the net puts out count from, rows × Target.Width on their scale; nil where that is 0.
	Base []float32
	// Lengths are the valid steps of each row and Steps the steps that there is room for, parallel to Schema.Blocks: nil and
	// 0 for blocks that are no sequences. Rows of a block lie RowSize numbers apart. Steps beyond a row's length hold zeros.
	Lengths [][]int32
	Steps   []int
	// Where training mixes rows, each has a second Target or Class, and the share of the first; FillTraining makes those that
	// are nil. A batch that was not filled by it leaves them as they were.
	SecondTarget  []float32
	SecondClasses []int32
	Share         []float32

	fixed   bool  // Steps stay as they are, else each filling settles them
	sizes   []int // numbers of a row by block, of a step of a block of sequences
	room    *room
	stored  []int32 // the rows of the store that Fill gathers
	scratch []byte  // a picture
	offsets []float64
}

// NewBatch makes a batch with buffers for so many rows, none longer than any of the training part. A schema without a target
// gives no Target and no Classes.
func (s *Schema) NewBatch(rows int) *Batch {
	steps := make([]int, len(s.Blocks))
	for i := range s.Blocks {
		if s.Blocks[i].Sequence {
			steps[i] = s.Usual(i)
		}
	}
	return s.newBatch(rows, steps)
}

// NewFixedBatch makes a batch with buffers for so many rows and, by block, steps (0 for blocks that are no sequences), which
// filling leaves.
func (s *Schema) NewFixedBatch(rows int, steps []int) *Batch {
	b := s.newBatch(rows, steps)
	b.fixed = true
	return b
}

func (s *Schema) newBatch(rows int, steps []int) *Batch {
	n := len(s.Blocks)
	b := &Batch{Floats: make([][]float32, n), Ints: make([][]int32, n), Weight: make([]float32, rows), Lengths: make([][]int32, n), Steps: make([]int, n), sizes: make([]int, n)}
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
	answers := rows * s.AnswerRoom(b)
	switch s.Target.Kind {
	case "":
	case "category":
		b.Classes = make([]int32, answers)
	default:
		b.Target = make([]float32, answers*s.Target.Width)
	}
	if s.Target.Based() {
		b.Base = make([]float32, rows*s.Target.Width)
	}
	return b
}

// RowSize is how many numbers a row of a block takes.
func (b *Batch) RowSize(block int) int { return b.sizes[block] * max(1, b.Steps[block]) }

// AnswerRoom is how many answers there is room for in each row of a batch: 1, or where each step has one as many as the row
// has room for steps.
func (s *Schema) AnswerRoom(b *Batch) int {
	block := s.TargetBlock()
	switch {
	case block < 0:
		return 1
	case s.Blocks[block].Sequence:
		return b.Steps[block]
	}
	return s.Blocks[block].Shape[0]
}

// Answers are the places of the answers to row i among all that there is room for in the batch.
func (s *Schema) Answers(b *Batch, i int) (from, to int) {
	room := s.AnswerRoom(b)
	from, to = i*room, (i+1)*room
	if block := s.TargetBlock(); block >= 0 && s.Blocks[block].Sequence {
		to = from + int(b.Lengths[block][i])
	}
	return from, to
}

// grow makes the buffers of sequences and their answers as large as the batch's rows and steps want.
func (s *Schema) grow(b *Batch) {
	if b.fixed {
		return
	}
	for i := range s.Blocks {
		if n := b.Rows * b.RowSize(i); !s.Blocks[i].Sequence {
			continue
		} else if s.Blocks[i].Ints && len(b.Ints[i]) < n {
			b.Ints[i] = make([]int32, n)
		} else if !s.Blocks[i].Ints && len(b.Floats[i]) < n {
			b.Floats[i] = make([]float32, n)
		}
	}
	answers := b.Rows * s.AnswerRoom(b)
	if b.Classes != nil && len(b.Classes) < answers {
		b.Classes = make([]int32, answers)
	}
	if b.Target != nil && len(b.Target) < answers*s.Target.Width {
		b.Target = make([]float32, answers*s.Target.Width)
	}
}

// move puts a row of a batch in the place of another.
func (s *Schema) move(b *Batch, to, from int) {
	for i := range s.Blocks {
		size := b.RowSize(i)
		moveRow(b.Floats[i], to, from, size)
		moveRow(b.Ints[i], to, from, size)
		moveRow(b.Lengths[i], to, from, 1)
	}
	answers := s.AnswerRoom(b)
	moveRow(b.Classes, to, from, answers)
	moveRow(b.Target, to, from, answers*s.Target.Width)
	moveRow(b.Weight, to, from, 1)
	moveRow(b.Base, to, from, s.Target.Width)
}

func moveRow[T int32 | float32](list []T, to, from, size int) {
	if list != nil {
		copy(list[to*size:(to+1)*size], list[from*size:(from+1)*size])
	}
}
