package dataset

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
)

// How many steps rows and batches have. A row keeps at most `limit` steps of each of its sequences; a batch is made for
// those of its longest row, rounded up by Bucket.

// Lengths says how many steps rows and batches of a schema have.
type Lengths struct {
	blocks  []Block
	inputs  []Input
	buckets Buckets
}

// newLengths are those of a schema, as long as no net was asked.
func newLengths(blocks []Block, inputs []Input) *Lengths {
	l := &Lengths{blocks: blocks, inputs: inputs, buckets: make(Buckets, len(blocks))}
	for i := range blocks {
		l.buckets[i] = l.usualBuckets(i)
	}
	return l
}

// Buckets are the lengths of sequences by block of the schema. What they are depends on the net: the schema's own are those
// of a net that nobody asked, and WithBuckets gives it others.
type Buckets []BlockBuckets

// BlockBuckets are those of a block of sequences; empty of other blocks.
type BlockBuckets struct {
	Lengths  []int  `json:"lengths,omitempty"`   // steps that batches are made for, ascending; the last is that of the block's Shape
	MaxSteps int    `json:"max_steps,omitempty"` // that a row keeps, if more than these
	Why      string `json:"why,omitempty"`       // completes "the net did not see the other steps: …"
}

// Buckets are the lengths that rows and batches have.
func (l *Lengths) Buckets() Buckets { return slices.Clone(l.buckets) }

// WithBuckets is a schema whose rows and batches have other lengths. The last length of a block must stay. A net's windows
// may not fit fewer steps, and some nets take no other number than the largest.
func (s *Schema) WithBuckets(b Buckets) *Schema {
	own, lengths := *s, *s.Lengths
	lengths.buckets = b
	own.Lengths = &lengths
	return &own
}

// CheckBuckets says what is wrong with buckets that were read from a file.
func (s *Schema) CheckBuckets(b Buckets) error {
	if len(b) != len(s.Blocks) {
		return fmt.Errorf("%d blocks have bucket lengths, expected %d", len(b), len(s.Blocks))
	}
	for i, one := range b {
		block := &s.Blocks[i]
		switch n := len(one.Lengths); {
		case !block.Sequence && n == 0:
		case !block.Sequence, n == 0, one.Lengths[0] < 1, !slices.IsSorted(one.Lengths), one.Lengths[n-1] != block.Shape[0]:
			return fmt.Errorf("the bucket lengths %v do not fit rows of %v", one.Lengths, block.Shape)
		}
	}
	return nil
}

// limit is the most steps that a row keeps in a block of sequences: as many as max_length says or the training split has,
// unless that is no limit and the net takes more.
func (l *Lengths) limit(block int) int {
	return max(l.blocks[block].Shape[0], l.buckets[block].MaxSteps)
}

// Unlimited reports whether nothing but the training split says how many steps a row of a block has at most.
func (l *Lengths) Unlimited(block int) bool {
	in := l.sequence(block)
	return in != nil && in.StepEncoder.Limitless()
}

// LongestTraining is how many steps the longest row of the training split has in a block of sequences.
func (l *Lengths) LongestTraining(block int) int {
	if in := l.sequence(block); in != nil && in.StepEncoder.LongestSteps() > 0 {
		return in.StepEncoder.LongestSteps()
	}
	return l.blocks[block].Shape[0]
}

// Even reports whether all rows of the data have the same number of steps in a block of sequences. They need no lengths then;
// longer rows may come in prediction.
func (l *Lengths) Even(block int) bool {
	in := l.sequence(block)
	if in == nil {
		return false
	}
	e, ok := in.StepEncoder.(column.Lengths)
	if !ok {
		return false
	}
	_, even := e.Bounds()
	return even
}

// TooShort reports a row of input k with fewer steps than all rows of the data have, unless the net takes other lengths.
func (l *Lengths) TooShort(k, steps int) error {
	in := &l.inputs[k]
	e, ok := in.Encoder.(column.Lengths)
	if !ok || !in.uneven() || l.otherLengths(in.Block) {
		return nil
	}
	most, even := e.Bounds()
	if !even || steps >= most {
		return nil
	}
	_, _, why := l.Longest(in.Block)
	return fmt.Errorf("has %s, and all that the net was trained on have %d: %s; recurrent layers, and a pooling over all steps in place of flatten, take any length", phrase.Count(steps, "step"), most, why)
}

// otherLengths reports whether the net was found to take rows with more steps than the training split has. Then it takes rows
// with fewer too: they are in the bucket of longer ones.
func (l *Lengths) otherLengths(block int) bool { return l.limit(block) > l.blocks[block].Shape[0] }

// sequence is the input of a block of sequences, nil of other blocks.
func (l *Lengths) sequence(block int) *Input {
	if l.blocks[block].Sequence {
		for i := range l.inputs {
			if l.inputs[i].Block == block {
				return &l.inputs[i]
			}
		}
	}
	return nil
}

// Longest returns for a block of sequences how many steps the rows of the training split have at most (or max_length lets them
// have), how many a row can have, and what that limit comes from.
func (l *Lengths) Longest(block int) (trained, most int, why string) {
	return l.blocks[block].Shape[0], l.limit(block), l.buckets[block].Why
}

// kept is the range of the n steps of a row of input k that the row keeps.
func (l *Lengths) kept(k, n int) (from, to int) {
	in := &l.inputs[k]
	most := l.limit(in.Block)
	if n <= most {
		return 0, n
	}
	if text, ok := in.StepEncoder.(column.Tokenizing); ok && text.KeepsEnd() {
		return n - most, n
	}
	return 0, most
}

// steps is how many steps a row keeps that a stepper of input k holds.
func (l *Lengths) steps(k int, of Stepper, row int32) int {
	from, to := l.kept(k, of.Size(row)/l.inputs[k].StepEncoder.StepCells())
	return to - from
}

// mostLengths is in how many different lengths batches of training come at most: each has programs of its own.
const mostLengths = 8

// usualBuckets are the lengths of a block, as long as no net was asked: a few up to the longest row of the training split, and
// where max_length lets rows have more, twice as many again and again.
func (l *Lengths) usualBuckets(block int) BlockBuckets {
	if !l.blocks[block].Sequence {
		return BlockBuckets{Why: "all that the net was trained on have so many"}
	}
	usual, most := l.LongestTraining(block), l.blocks[block].Shape[0]
	step := (usual + mostLengths - 1) / mostLengths
	if l.Even(block) {
		step = usual
	}
	own := BlockBuckets{Why: "max_length"}
	for n := step; n < usual; n += step {
		own.Lengths = append(own.Lengths, n)
	}
	for n := usual; n < most; n *= 2 {
		own.Lengths = append(own.Lengths, n)
	}
	own.Lengths = append(own.Lengths, most)
	return own
}

// Bucket is for how many steps a batch is made whose longest row has so many in a block of sequences. Up to the longest of
// the training split these are a few lengths, those of Buckets; beyond it eight between each power of two and the next,
// multiples of 16, so that layers which halve the steps and double them again find what they can halve.
//
// Rows that all have the same number of steps need no lengths; one with fewer does, and so it is in the bucket of longer ones.
func (l *Lengths) Bucket(block, length int) int {
	if most := l.blocks[block].Shape[0]; length < most && l.Even(block) && l.otherLengths(block) {
		length = most + 1
	}
	for _, n := range l.buckets[block].Lengths {
		if length <= n {
			return n
		}
	}
	step := 16
	for 2*mostLengths*step < length {
		step *= 2
	}
	return (length + step - 1) / step * step
}

// Settle chooses the steps of a batch of n rows by block; row returns their places in the steppers.
func (l *Lengths) Settle(steps []int, of []Stepper, n int, row func(i int) int32) {
	for k, st := range of {
		if block := l.inputs[k].Block; st != nil && l.blocks[block].Sequence {
			longest := 1
			for i := range n {
				longest = max(longest, l.steps(k, st, row(i)))
			}
			steps[block] = l.Bucket(block, longest)
		}
	}
}

// BatchNumbers is how many numbers the sequences of a batch have, padding included, when rows are longer than any that the
// batch was made for.
const BatchNumbers = 1 << 22

// Fit is how many of the first n rows go into a batch: all, unless some are so long that the batch would be too large.
func (l *Lengths) Fit(of []Stepper, n int, row func(i int) int32) int {
	longest := make([]int, len(of))
	for i := range n {
		numbers, longer := 0, false
		for k, st := range of {
			if block := l.inputs[k].Block; st != nil && l.blocks[block].Sequence {
				longest[k] = max(longest[k], l.steps(k, st, row(i)))
				numbers += l.Bucket(block, longest[k]) * l.inputs[k].StepEncoder.StepCells()
				longer = longer || longest[k] > l.LongestTraining(block)
			}
		}
		if i > 0 && longer && (i+1)*numbers > BatchNumbers {
			return i
		}
	}
	return n
}

// Steps is how many steps Fill would give a batch of these rows by block, 0 for blocks that are no sequences.
// The first argument is used again where it is large enough.
func (p *Part) Steps(steps []int, rows []int) []int {
	for len(steps) < len(p.Of.Blocks) {
		steps = append(steps, 0)
	}
	p.Of.Settle(steps, p.Cells.steps, len(rows), func(i int) int32 { return p.Stored.At(rows[i]) })
	return steps
}

// Length is how many steps a row keeps in the longest of its sequences; 0 where there are none.
func (p *Part) Length(row int) (longest int) {
	for k, st := range p.Cells.steps {
		if st != nil {
			longest = max(longest, p.Of.steps(k, st, p.Stored.At(row)))
		}
	}
	return longest
}

// uneven reports whether rows can bring other numbers of steps than those of the training.
func (in *Input) uneven() bool {
	e, ok := in.Encoder.(column.RowSteps)
	return ok && (e.Where() == column.InField || e.Where() == column.InID)
}
