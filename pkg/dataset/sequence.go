package dataset

import (
	"fmt"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/table"
)

// A Stepper holds the sequences of one input in a table.
type Stepper interface {
	// Size is how many cells the steps of a row have.
	Size(row int32) int
	// Read returns them. They may lie in the scratch, which then holds no other row.
	Read(row int32, s *Scratch) ([]uint32, error)
}

// Scratch is memory that a Stepper may use.
type Scratch struct {
	tokens, cells []uint32
	bytes         []byte
}

// Ragged is a stepper whose rows lie one after the other.
type Ragged struct {
	ends  []int
	Cells []uint32
}

// Of returns the cells of a row's steps.
func (r *Ragged) Of(row int32) []uint32 {
	if row == 0 {
		return r.Cells[:r.ends[0]]
	}
	return r.Cells[r.ends[row-1]:r.ends[row]]
}

// Size is how many cells the steps of a row have.
func (r *Ragged) Size(row int32) int { return len(r.Of(row)) }

// Read returns them.
func (r *Ragged) Read(row int32, _ *Scratch) ([]uint32, error) { return r.Of(row), nil }

// Empty forgets all rows.
func (r *Ragged) Empty() {
	if r != nil {
		r.ends, r.Cells = r.ends[:0], r.Cells[:0]
	}
}

// End ends a row, which has no steps unless it is sound.
func (r *Ragged) End(sound bool) {
	if r == nil {
		return
	}
	if !sound {
		r.Cells = r.Cells[:r.Before()]
	}
	r.ends = append(r.ends, len(r.Cells))
}

// Before is where the row begins that is not ended yet.
func (r *Ragged) Before() int {
	if len(r.ends) == 0 {
		return 0
	}
	return r.ends[len(r.ends)-1]
}

// Uneven reports whether rows have sequences of different lengths.
func (p *Part) Uneven() bool {
	if !slices.ContainsFunc(p.Cells.steps, func(s Stepper) bool { return s != nil }) {
		return false
	}
	for i := 1; i < p.Rows(); i++ {
		if p.Length(i) != p.Length(0) {
			return true
		}
	}
	return false
}

// ExpandSteps writes the steps of input k that a row keeps into row i of the batch, whose blocks hold zeros there. What there
// does not fit is left out.
func (b *Batch) ExpandSteps(k int, cells []uint32, i int) {
	in := &b.schema.Inputs[k]
	block, width := in.Block, in.StepEncoder.StepCells()
	from, to := b.schema.kept(k, len(cells)/width)
	if b.schema.Blocks[block].Sequence {
		to = min(to, from+b.Steps[block])
		b.Lengths[block][i] = int32(to - from)
	}
	cells = cells[from*width : to*width]
	size := b.RowSize(block)
	if e, ok := in.StepEncoder.(column.PrefixEncoder); ok && in.Head >= 0 {
		if l := b.Heads[in.Head].Ints; l != nil {
			clear(l[i*size : (i+1)*size])
			e.ExpandLabels(cells, l[i*size:(i+1)*size])
		}
	}
	if b.schema.Blocks[block].Ints {
		in.StepEncoder.ExpandSteps(cells, nil, b.Ints[block][i*size:(i+1)*size])
	} else {
		floats := b.Floats[block][i*size : (i+1)*size]
		in.StepEncoder.ExpandSteps(cells, floats, nil)
		if series, ok := in.StepEncoder.(column.Recentred); ok && to > from && series.Recentres() {
			b.offsets = series.TakeOffsets(floats[:len(cells)], b.offsets[:0])
			for channel, offset := range b.offsets {
				if offset == offset {
					b.setOffset(i, k, channel, offset)
				}
			}
		}
	}
}

// Cut is how many rows had more steps in an input than they can keep, and were cut to that.
type Cut struct {
	Rows   int
	Column string // the last such input
	Steps  int    // what they keep
	Why    string // what the limit comes from
}

// Cut returns what is cut of the rows of a split because the net takes no more; not what max_length leaves out.
func (p *Part) Cut() (cut Cut) {
	for k, st := range p.Cells.steps {
		if st == nil || !p.Of.Unlimited(p.Of.Inputs[k].Block) {
			continue
		}
		in := &p.Of.Inputs[k]
		_, most, why := p.Of.Longest(in.Block)
		for row := range p.Stored.All() {
			if st.Size(row) > most*in.StepEncoder.StepCells() {
				cut = Cut{cut.Rows + 1, in.Name, most, why}
			}
		}
	}
	return cut
}

// Shorter is how many rows of a split have fewer than so many steps in a block of sequences.
func (p *Part) Shorter(block, steps int) (rows int) {
	for k, st := range p.Cells.steps {
		if st == nil || p.Of.Inputs[k].Block != block {
			continue
		}
		for row := range p.Stored.All() {
			if p.Of.steps(k, st, row) < steps {
				rows++
			}
		}
	}
	return rows
}

// Texts reports whether an input is texts.
func (s *Schema) Texts() bool {
	return slices.ContainsFunc(s.Inputs, func(in Input) bool { _, ok := in.Encoder.(column.Tokenizing); return ok })
}

// steppers makes what holds the sequences of the used rows of a table, nil for inputs that are none.
func (l *encoding) steppers(s *Schema, columns *resolved, t *table.Table, used []bool) []Stepper {
	own := columns.in(t)
	list := make([]Stepper, len(s.Inputs))
	for i := range s.Inputs {
		if e := s.Inputs[i].StepEncoder; e != nil {
			if _, ok := e.(column.RowSteps); ok {
				list[i] = l.series(s, i, columns.inputs[i].path, own.inputs[i], t, used)
				continue
			}
			list[i] = l.ragged(s, i, columns.inputs[i].path, own.inputs[i], t, used)
		}
	}
	return list
}

// ragged encodes the sequences of input k of the used rows of a table. A row whose sequence cannot be encoded is a mistake.
func (l *encoding) ragged(s *Schema, k int, path string, columns []*table.Column, t *table.Table, used []bool) *Ragged {
	e, r := s.Inputs[k].StepEncoder, &Ragged{ends: make([]int, t.Rows)}
	fields := make([]string, len(columns))
	for row := range int32(t.Rows) {
		if !used[row] {
			r.ends[row] = len(r.Cells)
			continue
		}
		for i, c := range columns {
			fields[i] = c.Field(row)
		}
		before := len(r.Cells)
		var err error
		if r.Cells, err = EncodeSteps(e, fields, r.Cells); err == nil {
			err = s.TooShort(k, (len(r.Cells)-before)/e.StepCells())
		}
		if err != nil {
			fe := AsFieldError(err)
			name := columns[min(fe.Field, len(columns)-1)].Name
			l.Mistake(path, fmt.Sprintf("column %q", name), t.Place(row), fmt.Sprintf("column %q: %s", name, fe.Text))
		}
		r.ends[row] = len(r.Cells)
	}
	return r
}
