package dataset

import (
	"fmt"
	"slices"
)

// A sequenceEncoder is a fitted input of sequences: rows that have a number of steps of their own.
type sequenceEncoder interface {
	Encoder
	// stepCells is the count of cells of a step.
	stepCells() int
	// encodeSteps appends the cells of all steps of a row.
	encodeSteps(fields []string, cells []uint32) ([]uint32, error)
	// expandSteps writes the numbers of some steps from their cells into floats or ints, which hold zeros.
	expandSteps(cells []uint32, floats []float32, ints []int32)
}

// A stepper holds the sequences of one input in a table.
type stepper interface {
	// of returns the cells of a row's steps.
	of(row int32) []uint32
}

// ragged is a stepper whose rows lie one after the other.
type ragged struct {
	ends  []int
	cells []uint32
}

func (r *ragged) of(row int32) []uint32 {
	if row == 0 {
		return r.cells[:r.ends[0]]
	}
	return r.cells[r.ends[row-1]:r.ends[row]]
}

// empty forgets all rows.
func (r *ragged) empty() {
	if r != nil {
		r.ends, r.cells = r.ends[:0], r.cells[:0]
	}
}

// end ends a row, which has no steps unless it is sound.
func (r *ragged) end(sound bool) {
	if r == nil {
		return
	}
	if !sound {
		r.cells = r.cells[:r.before()]
	}
	r.ends = append(r.ends, len(r.cells))
}

// before is where the row begins that is not ended yet.
func (r *ragged) before() int {
	if len(r.ends) == 0 {
		return 0
	}
	return r.ends[len(r.ends)-1]
}

// buckets is in how many different lengths batches come at most: each has programs of its own.
const buckets = 8

// room finds how many steps the longest of some rows has in each block of sequences, rounded up so that few numbers occur.
func (s *Schema) room(of []stepper, rows []int32, steps []int) {
	for k, st := range of {
		if st == nil || !s.Blocks[s.Inputs[k].Block].Sequence {
			continue
		}
		in := &s.Inputs[k]
		longest := 1
		for _, row := range rows {
			longest = max(longest, len(st.of(row))/in.steps.stepCells())
		}
		steps[in.Block] = s.bucket(in.Block, longest)
	}
}

// bucket rounds a length up to one of a few.
func (s *Schema) bucket(block, length int) int {
	most := s.Blocks[block].Shape[0]
	step := (most + buckets - 1) / buckets
	if block < len(s.least) {
		length = max(length, s.least[block])
	}
	return min((length+step-1)/step*step, most)
}

// Buckets lists how many steps a batch can have room for in a block of sequences.
func (s *Schema) Buckets(block int) (list []int) {
	for n := 1; len(list) == 0 || list[len(list)-1] < s.Blocks[block].Shape[0]; n = list[len(list)-1] + 1 {
		list = append(list, s.bucket(block, n))
	}
	return list
}

// Need gives all batches room for at least so many steps in a block of sequences: a net's windows may not fit fewer.
func (s *Schema) Need(block, steps int) {
	for len(s.least) <= block {
		s.least = append(s.least, 0)
	}
	s.least[block] = steps
}

// Steps is how many steps Fill would give a batch of these rows by block, 0 for blocks that are no sequences.
// The first argument is used again where it is large enough.
func (p *Part) Steps(steps []int, rows []int) []int {
	for len(steps) < len(p.schema.Blocks) {
		steps = append(steps, 0)
	}
	for k, of := range p.store.steps {
		if of == nil || !p.schema.Blocks[p.schema.Inputs[k].Block].Sequence {
			continue
		}
		longest := 1
		for _, row := range rows {
			longest = max(longest, p.length(k, row))
		}
		block := p.schema.Inputs[k].Block
		steps[block] = p.schema.bucket(block, longest)
	}
	return steps
}

// length is how many steps a row has in input k, which is a sequence.
func (p *Part) length(k, row int) int {
	return len(p.store.steps[k].of(p.rows[row])) / p.schema.Inputs[k].steps.stepCells()
}

// Length is how many steps a row has in the longest of its sequences; 0 where there are none.
func (p *Part) Length(row int) (longest int) {
	for k, st := range p.store.steps {
		if st != nil {
			longest = max(longest, p.length(k, row))
		}
	}
	return longest
}

// Uneven reports whether rows have sequences of different lengths.
func (p *Part) Uneven() bool {
	if !slices.ContainsFunc(p.store.steps, func(s stepper) bool { return s != nil }) {
		return false
	}
	for i := 1; i < len(p.rows); i++ {
		if p.Length(i) != p.Length(0) {
			return true
		}
	}
	return false
}

// expandSteps writes the steps of input k into row i of the batch, whose blocks hold zeros there. What there is no room for
// is left out.
func (s *Schema) expandSteps(k int, cells []uint32, b *Batch, i int) {
	in := &s.Inputs[k]
	block, width := in.Block, in.steps.stepCells()
	n := len(cells) / width
	if s.Blocks[block].Sequence {
		n = min(n, b.Steps[block])
		b.Lengths[block][i] = int32(n)
	}
	size := b.RowSize(block)
	if s.Blocks[block].Ints {
		in.steps.expandSteps(cells[:n*width], nil, b.Ints[block][i*size:(i+1)*size])
	} else {
		floats := b.Floats[block][i*size : (i+1)*size]
		in.steps.expandSteps(cells[:n*width], floats, nil)
		if series, ok := in.steps.(*SeriesEncoder); ok && n > 0 && series.leveled() {
			series.takeLevel(floats[:n*width], func(channel int, level float64) { s.giveLevel(b, i, k, channel, level) })
		}
	}
}

// expandSteps writes the sequences of a batch, when all its rows are known.
func (st *Stream) expandSteps(b *Batch) {
	s := st.schema
	for k, r := range st.steps {
		if r == nil {
			continue
		}
		in := &s.Inputs[k]
		if !b.fixed && s.Blocks[in.Block].Sequence {
			longest := 1
			for row := range r.ends {
				longest = max(longest, len(r.of(int32(row)))/in.steps.stepCells())
			}
			b.Steps[in.Block] = s.bucket(in.Block, longest)
		}
		size := b.RowSize(in.Block)
		if s.Blocks[in.Block].Ints {
			clear(b.Ints[in.Block][:b.Rows*size])
		} else {
			clear(b.Floats[in.Block][:b.Rows*size])
		}
		for row := range b.Rows {
			s.expandSteps(k, r.of(int32(row)), b, row)
		}
	}
	for row := range b.Rows {
		if st.tags != nil {
			s.expandTags(st.tags.of(int32(row)), b, row)
		}
	}
}

// Cut is how many rows of a stream had more steps in an input than there is room for, and were cut to that.
type Cut struct {
	Rows   int
	Column string // the last such input
	Steps  int    // what there is room for
}

// Cut returns what was cut of the rows so far.
func (st *Stream) Cut() Cut { return st.cut }

// Texts reports whether an input is texts.
func (s *Schema) Texts() bool {
	return slices.ContainsFunc(s.Inputs, func(in Input) bool { _, ok := in.Encoder.(*TextEncoder); return ok })
}

// steppers makes what holds the sequences of the used rows of a table, nil for inputs that are none.
func (l *loader) steppers(s *Schema, columns *resolved, t *Table, used []bool) []stepper {
	own := columns.in(t)
	list := make([]stepper, len(s.Inputs))
	for i := range s.Inputs {
		if e := s.Inputs[i].steps; e != nil {
			if series, ok := e.(*SeriesEncoder); ok {
				list[i] = l.series(series, columns.inputs[i].path, own.inputs[i], t, used)
				continue
			}
			list[i] = l.ragged(e, columns.inputs[i].path, own.inputs[i], t, used)
		}
	}
	return list
}

// ragged encodes the sequences of the used rows of a table. A row whose sequence cannot be encoded is a mistake.
func (l *loader) ragged(e sequenceEncoder, path string, columns []*Column, t *Table, used []bool) *ragged {
	r := &ragged{ends: make([]int, t.Rows)}
	fields := make([]string, len(columns))
	for row := range int32(t.Rows) {
		if !used[row] {
			r.ends[row] = len(r.cells)
			continue
		}
		for k, c := range columns {
			fields[k] = c.field(row)
		}
		var err error
		if r.cells, err = encodeSteps(e, fields, r.cells); err != nil {
			fe := asFieldError(err)
			name := columns[min(fe.field, len(columns)-1)].Name
			l.mistake(path, fmt.Sprintf("column %q", name), t.place(row), fmt.Sprintf("column %q: %s", name, fe.text))
		}
		r.ends[row] = len(r.cells)
	}
	return r
}
